"""Receipts and extracts as somebody makes them who wants to prove what was never said. No store is needed for it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from app.minutes.receipt import Found, Receipt, ReceiptUnreadable, compare, read
from app.minutes.seal import Audit, Seal
from app.minutes.tree import Audience, Leaf, NotProved, Proof, Tree, read_extract, root_by

DISSENT, MEETING = UUID(int=5), UUID(int=9)
SIZE, PLACE = 41, 7
WORDS = "The plan is not safe.\nNobody asked Robin."
TEXT = f"Dissent: Casey Example, Health\n{WORDS}\nPreferred: a second visit.\nRaised: 10:42"


def a_tree(text: str = TEXT, size: int = SIZE, place: int = PLACE) -> Tree:
    leaves = [Leaf(f"part/{number}", Audience.EVERYONE, f"Paragraph {number}.") for number in range(size)]
    leaves[place] = Leaf(f"dissents/{DISSENT}", Audience.EVERYONE, text)
    return Tree(tuple(leaves), bytes(range(32)))


TREE = a_tree()


def a_receipt(tree: Tree = TREE, place: int = PLACE, *, words: str = WORDS, by: str = "Casey Example") -> Any:
    """Return a receipt that agrees with itself, as anybody can make one who was given the paragraph."""
    proof, leaf = tree.proof(place), tree.leaves[place]
    row = {"words": words, "kind": "dissent", "meeting_id": MEETING.hex}
    payload = json.dumps({"changes": [{"table": "dissent", "id": DISSENT.hex, "after": row}]})
    head = json.dumps({"seq": 3, "c": sha256(b"\x11" * 16 + payload.encode()).hexdigest()})
    entry = {"sequence": 3, "before": "00" * 32, "head": head, "salt": "11" * 16, "payload": payload}
    return {
        "format": "chairside-receipt",
        "version": 1,
        "issued_at": "2026-12-10T11:20:00Z",
        "meeting": str(MEETING),
        "reference": "NM-2026-0114",
        "dissent": {"id": str(DISSENT), "kind": "dissent", "by": by, "words": words},
        "trail": {"entries": [entry], "end": {"sequence": 9, "head": "22" * 32}},
        "sealed": {
            "version": 1,
            "seal_sha256": "33" * 32,
            "merkle_root": tree.root(),
            "leaf": {"path": leaf.path, "class": leaf.audience, "text": leaf.text, "salt": proof.salt.hex()},
            "index": proof.index,
            "leaf_count": proof.count,
            "way": list(proof.way),
        },
    }


SEAL = Seal(
    2, str(MEETING), "NM-2026-0114", 1, "M", 1, Audit(9, "22" * 32), "", "", "", "", "", TREE.root(), len(TREE.leaves)
)
RECORD = json.dumps({"meeting": {"dissents": [{"id": str(DISSENT), "kind": "dissent", "words": WORDS}]}}).encode()


def taken(told: Any) -> Receipt:
    return read(json.dumps(told).encode())


def refused(content: bytes) -> str:
    with pytest.raises(ReceiptUnreadable, match=r"^[A-Z][^.]*\.$") as told:
        read(content)
    return str(told.value)


def test_the_receipt_that_is_forged_below_is_sound_before() -> None:
    assert compare(taken(a_receipt()), SEAL, RECORD).found is Found.PROVED


@pytest.mark.parametrize("heading", ["Dissent: Casey Example, Health", "Reservation: Drew Example, Police"])
def test_the_beginning_of_a_paragraph_cannot_be_hidden_in_its_salt(heading: str) -> None:
    quoting = f"Dissent: Casey Example, Health\n{heading}\nI agree with the plan.\nThat is what was first noted."
    tree = a_tree(quoting)
    who = heading.split(": ")[1].partition(",")[0]
    told = a_receipt(tree, words="I agree with the plan.", by=who)
    leaf = told["sealed"]["leaf"]
    first = quoting.index("\n") + 1
    salt = bytes.fromhex(leaf["salt"]) + quoting[:first].encode()
    leaf |= {"salt": salt.hex(), "text": quoting[first:]}
    moved = Proof(salt, PLACE, SIZE, tuple(told["sealed"]["way"]))
    assert root_by(Leaf(leaf["path"], Audience.EVERYONE, leaf["text"]), moved) == tree.root()
    assert "not a receipt" in refused(json.dumps(told).encode())


def test_a_line_of_a_paragraph_is_not_what_the_person_dissented_with() -> None:
    for line in ("The plan is not safe.", "Preferred: a second visit.", "Raised: 10:42"):
        assert compare(taken(a_receipt(words=line)), SEAL, RECORD).found is Found.OTHER_WORDS


@pytest.mark.parametrize("name", ["Casey", "Example", "Case", "Dissent", "Health", ": ", ",", "C", "\n", " "])
def test_a_part_of_the_heading_is_not_the_name_of_whoever_dissented(name: str) -> None:
    assert "does not agree with itself" in refused(json.dumps(a_receipt(by=name)).encode())


def test_a_proof_for_another_place_or_size_proves_nothing() -> None:
    sound = a_receipt()
    way = sound["sealed"]["way"]
    odd = [1 << 62, (1 << 63) - 1, 1 << 63, 1 << 64, 10**30, -1, -SIZE]
    tried = 0
    for index in [*range(SIZE + 3), *odd]:
        for count in [*range(SIZE + 30), *odd]:
            if (index, count) == (PLACE, SIZE):
                continue
            told = {**sound, "sealed": sound["sealed"] | {"index": index, "leaf_count": count}}
            try:
                receipt = taken(told)
            except ReceiptUnreadable:
                tried += 1
                continue
            # trees of some sizes lead the same way up; the seal says how large this one is
            assert compare(receipt, SEAL, b"{}").found is Found.MISSING
    assert tried > 3000
    assert taken(sound).sealed is not None
    ways = [way[1:], way[:-1], way[::-1], [*way, way[0]], [TREE.root()], [], way * 1000, [way[1], way[0], *way[2:]]]
    for other in ways:
        refused(json.dumps({**sound, "sealed": sound["sealed"] | {"way": other}}).encode())


def test_a_digest_between_the_leaves_and_the_root_is_no_paragraph() -> None:
    tree = a_tree(size=2, place=0)
    left, right = (digest.hex() for digest in tree.digests())
    node = tree.root()
    for text in (left + right, bytes.fromhex("01").decode() + left + right, node):
        for salt in (b"", b"\1", bytes(16)):
            inner = Leaf(f"dissents/{DISSENT}", Audience.EVERYONE, text)
            assert root_by(inner, Proof(salt, 0, 1, ())) != node
            assert root_by(inner, Proof(salt, 0, 2, (right,))) != node
    for committed in (node, left, right):
        part = {"path": f"dissents/{DISSENT}", "class": "everyone", "c": committed, "reason": "health"}
        for parts in ([part], [part, part]):
            with pytest.raises(NotProved):
                read_extract(json.dumps({"parts": parts}).encode(), node, len(parts))


def test_a_name_that_stands_twice_is_refused_wherever_it_stands() -> None:
    content = json.dumps(a_receipt())
    names = [*places(json.loads(content))]
    assert len(names) > 25
    for name in {str(path[-1]) for path in names if isinstance(path[-1], str)}:
        assert "not a receipt" in refused(content.replace(f'"{name}":', f'"{name}": "I agree.", "{name}":').encode())
    told = a_receipt()
    entry = told["trail"]["entries"][0]
    entry["payload"] = entry["payload"].replace('"words"', '"words": "I agree.", "words"')
    entry["head"] = json.dumps({"seq": 3, "c": sha256(b"\x11" * 16 + entry["payload"].encode()).hexdigest()})
    assert "not a receipt" in refused(json.dumps(told).encode())


def test_nothing_can_be_added_that_no_signature_covers() -> None:
    for path in [*places(a_receipt()), ("added",)]:
        told = a_receipt()
        inner = told
        for step in path[:-1]:
            inner = inner[step]
        if isinstance(inner, dict):
            inner["note"] = "The chair has agreed that this was so."
            refused(json.dumps(told).encode())


def test_a_signed_receipt_with_any_value_replaced_is_refused(chair) -> None:
    sound = json.loads(taken(a_receipt()).signed(chair.certificate, chair.sign).to_json())
    assert taken(sound).certificate == chair.certificate
    odd = [
        "null",
        "true",
        "0",
        "-1",
        "3.0",
        "1e999",
        "NaN",
        "9" * 5000,
        '""',
        '"x"',
        '"\\ud800"',
        '"\\u0000"',
        "[]",
        "{}",
    ]
    for path in places(sound):
        for value in odd:
            told = json.loads(json.dumps(sound))
            inner = told
            for step in path[:-1]:
                inner = inner[step]
            inner[path[-1]] = "here"
            refused(json.dumps(told).replace('"here"', value).encode())


def places(told: Any, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Return the way to each value in what a receipt says."""
    inner = told.items() if isinstance(told, dict) else enumerate(told)
    for name, value in inner:
        yield (*before, name)
        if isinstance(value, dict | list):
            yield from places(value, (*before, name))


def test_what_is_nested_or_long_beyond_reason_is_refused_quickly() -> None:
    deep = "[" * 200_000
    for content in (deep, '{"a":' * 200_000, '"' + "\\u0000" * 500_000, "9" * 4_000_000, '{"format":' + deep):
        refused(content.encode())
    for part in ("head", "payload"):
        told = a_receipt()
        entry = told["trail"]["entries"][0]
        entry[part] = deep
        if part == "payload":
            entry["head"] = json.dumps({"seq": 3, "c": sha256(b"\x11" * 16 + deep.encode()).hexdigest()})
        refused(json.dumps(told).encode())
    told = a_receipt()
    told["sealed"]["leaf"]["salt"] = "00" * 1_000_000
    refused(json.dumps(told).encode())


def test_a_paragraph_that_is_not_there_cannot_be_withheld() -> None:
    parts = json.loads(TREE.withhold({PLACE: "health"}))["parts"]
    made_up = {"path": "dissents/made-up", "class": "restricted", "c": "ab" * 32, "reason": "third-party"}
    forged = [
        [*parts, made_up],
        [*parts[:PLACE], made_up, *parts[PLACE + 1 :]],
        [made_up, *parts[1:]],
        [parts[PLACE] | {"path": f"dissents/{UUID(int=6)}"} if part is parts[PLACE] else part for part in parts],
        [parts[PLACE] | {"c": parts[PLACE]["c"].upper()} if part is parts[PLACE] else part for part in parts],
    ]
    for one in forged:
        for count in (SIZE, len(one)):
            with pytest.raises(NotProved):
                read_extract(json.dumps({"parts": one}).encode(), TREE.root(), count)


def test_an_extract_that_says_a_thing_twice_is_refused() -> None:
    content = TREE.withhold({3: "health"}).decode()
    assert len(read_extract(content.encode(), TREE.root(), SIZE).shown) == SIZE - 1
    for name in ("parts", "path", "class", "text", "salt", "c", "reason"):
        twice = content.replace(f'"{name}":', f'"{name}":"I agree.","{name}":', 1)
        assert twice != content
        with pytest.raises(NotProved):
            read_extract(twice.encode(), TREE.root(), SIZE)


def test_a_receipt_for_another_version_or_meeting_is_never_proved_by_these_minutes() -> None:
    receipt = taken(a_receipt())
    assert compare(receipt, replace(SEAL, merkle_root="00" * 32), b"{}").found is Found.MISSING
    assert compare(receipt, replace(SEAL, leaf_count=SIZE + 1), b"{}").found is Found.MISSING
    assert compare(receipt, replace(SEAL, meeting=str(UUID(int=1))), RECORD).found is Found.OTHER_MEETING
    assert compare(receipt, replace(SEAL, audit=Audit(9, "44" * 32)), RECORD).found is Found.OTHER_TRAIL
