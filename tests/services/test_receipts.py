"""A receipt proves to whoever holds it that a dissent was recorded, and shows what was made of it later."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding

from app.minutes import finishing
from app.minutes.identity import Identity, make_identity
from app.minutes.pages import comparable_text
from app.minutes.receipt import Found, ReceiptUnreadable, compare, read
from app.minutes.seal import RECORD, SEAL, Audit, Seal
from app.minutes.seal import read as read_seal
from app.minutes.signing import seal_pdf
from app.minutes.tree import Tree
from app.models.base import Refused
from app.models.dissent import DissentKind
from app.models.meeting import Meeting
from app.models.minutes import Minutes
from app.services import deciding, opening, receipts, sealing, undoing
from app.services.meetings import WHOLE
from tests.builders import START, Room, a_room

WORDS = "I dissent.\nNobody asked what Robin wants, and the plan rests on that."
OTHER = "The canary of somebody else's dissent."


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path / "store") as made:
        yield made


def dissent(room: Room, words: str = WORDS, who: str = "Casey Example") -> UUID:
    person = room.people[who].id
    kept = deciding.record_dissent(
        room.sitting, room.meeting, "dissent", person, DissentKind.DISSENT, words, question_id="D1"
    )
    return kept.id


def introduced(room: Room) -> None:
    opening.introduce(room.sitting, "Ash Example", "Team manager", "Example Council")


def sealed(room: Room) -> bytes:
    if opening.signer(room.sitting) is None:
        introduced(room)
    room.settle()
    room.conclude()
    return sealing.seal(room.sitting, room.meeting).pdf


def given(room: Room, one: UUID) -> bytes:
    return receipts.of_dissent(room.sitting, room.meeting, one)


def parts(pdf: bytes) -> tuple[Seal, bytes]:
    seal, record = finishing.attached(pdf, SEAL), finishing.attached(pdf, RECORD)
    assert seal is not None
    assert record is not None
    return read_seal(seal), record


def test_minutes_sealed_before_there_was_a_tree_get_a_receipt_without_a_paragraph(room: Room) -> None:
    one = dissent(room)
    pdf = sealed_without_a_tree(room)
    receipt = read(given(room, one))
    assert receipt.sealed is None
    assert compare(receipt, *parts(pdf)).found is Found.RECORDED


def sealed_without_a_tree(room: Room) -> bytes:
    """Seal as ``sealing.seal`` does, but keep no tree."""
    introduced(room)
    room.settle()
    room.conclude()
    person = opening.signer(room.sitting)
    assert person is not None
    identity = Identity(person.authority, person.authority_key, person.certificate, person.key)
    drawn = sealing.draw(room.sitting, room.loaded(), person)
    end = room.sitting.store.end
    given = {
        "meeting": str(room.meeting), "reference": "R", "version": 1, "marking": "M", "dissents": 1,
        "audit": {"sequence": end.seq, "head": end.digest.hex()}, "merkle_root": "ab" * 32, "leaf_count": 1,
    }  # fmt: skip
    act = room.sitting.act()
    pdf = seal_pdf(drawn.pdf, identity, act.at, given).pdf
    with room.sitting.store.begin(act, "minutes.sealed", room.meeting) as session:
        kept = session.get_one(Meeting, room.meeting, options=WHOLE[:1])
        session.add(
            Minutes(
                id=act.new_id(),
                meeting=kept,
                version=1,
                sealed_at=act.at,
                signed_by="",
                fingerprint="",
                sha256="",
                pdf=pdf,
                record=drawn.record,
            )
        )
        session.flush()
        kept.seal()
    return pdf


def test_a_signature_of_another_key_or_of_another_kind_of_key_is_not_taken(room: Room) -> None:
    introduced(room)
    one = dissent(room)
    receipt = read(given(room, one))
    assert receipt.certificate
    other = make_identity("Somebody", "Else", "Elsewhere", START, (5, 6))
    resigned = read(receipt.signed(other.certificate, other.sign).to_json())
    comparison = compare(resigned, *parts(sealed(room)))
    assert other.fingerprint in " ".join(comparison.not_proved)
    key = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, START, START)
    odd = builder.sign(key, None).public_bytes(Encoding.DER)
    broken = other.certificate.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x03", 1)
    for wrong in (
        receipt.signed(odd, key.sign),
        receipt.signed(broken, other.sign),
        receipt.signed(odd[:50], key.sign),
    ):
        with pytest.raises(ReceiptUnreadable):
            read(wrong.to_json())


def outcome(receipt: bytes, pdf: bytes) -> Found:
    return compare(read(receipt), *parts(pdf)).found


def without(record: bytes) -> bytes:
    """Return the record as somebody would like it who wants no dissent in it."""
    kept = json.loads(record)
    kept["meeting"].pop("dissents", None)
    return json.dumps(kept).encode()


def test_a_receipt_holds_one_dissent_and_nothing_of_any_other(room: Room) -> None:
    dissent(room, OTHER, "Drew Example")
    one = dissent(room)
    dissent(room, f"{OTHER} Again.", "Drew Example")
    receipt = given(room, one)
    sealed(room)
    for content in (receipt, given(room, one)):
        found = read(content)
        assert (found.words, found.by, found.dissent) == (WORDS, "Casey Example", str(one))
        assert b"canary" not in content
        assert b"Drew" not in content


def test_only_a_dissent_of_the_meeting_gets_a_receipt(room: Room) -> None:
    with pytest.raises(Refused, match=r"meeting\.unknown-entry"):
        given(room, UUID(int=3))


def test_a_receipt_from_before_the_sealing_finds_the_dissent_in_the_sealed_record(room: Room) -> None:
    one = dissent(room)
    deciding.read_back(room.sitting, one)
    receipt = given(room, one)
    pdf = sealed(room)
    comparison = compare(read(receipt), *parts(pdf))
    assert (comparison.found, comparison.there) == (Found.RECORDED, True)
    assert "That the pages show it" in " ".join(comparison.not_proved)
    assert "stand on the pages" in " ".join(compare(read(receipt), *parts(pdf), comparable_text(pdf)).proved)
    entry = read(receipt).entries[-1]
    assert any(f"entry {entry.sequence} " in said and entry.digest in said for said in comparison.not_proved)


def test_a_receipt_from_after_the_sealing_proves_the_paragraph_without_the_record(room: Room) -> None:
    one = dissent(room)
    pdf = sealed(room)
    seal, record = parts(pdf)
    receipt = read(given(room, one))
    assert receipt.sealed is not None
    assert receipt.sealed.seal_sha256 == receipts.sha256(finishing.attached(pdf, SEAL) or b"")
    for carried in (record, without(record), b"{}", b""):
        assert compare(receipt, seal, carried).found is Found.PROVED


def test_a_receipt_still_holds_against_an_amended_version_that_keeps_the_dissent(room: Room) -> None:
    one = dissent(room)
    seal, record = parts(sealed(room))
    receipt = read(given(room, one))
    [kept] = sealing.sealed_versions(room.sitting, room.meeting)
    again = Tree(Tree.from_bytes(kept.tree or b"").leaves, bytes(32))
    amended = replace(seal, version=2, merkle_root=again.root())
    assert compare(receipt, amended, record).found is Found.RECORDED
    assert compare(receipt, amended, without(record)).found is Found.MISSING


def test_the_seal_names_the_root_of_the_tree_the_store_keeps_and_no_salt_leaves_it(room: Room) -> None:
    one = dissent(room)
    pdf = sealed(room)
    [kept] = sealing.sealed_versions(room.sitting, room.meeting)
    tree = Tree.from_bytes(kept.tree or b"")
    seal, record = parts(pdf)
    assert (seal.format, seal.merkle_root, seal.leaf_count) == (2, tree.root(), len(tree.leaves))
    assert tree.find(f"dissents/{one}") is not None
    raw = pdf + record + seal.to_json() + given(room, one)
    assert tree.secret not in raw
    assert tree.secret.hex().encode() not in raw


def test_a_dissent_that_was_taken_out_before_the_sealing_is_missed_a_hundred_times_of_a_hundred(room: Room) -> None:
    ids = [dissent(room, f"{WORDS} For the {number}. time.") for number in range(100)]
    receipt = [read(given(room, one)) for one in ids]
    seal, record = parts(sealed(room))
    kept = json.loads(record)
    said = kept["meeting"]["dissents"]
    assert [compare(one, seal, record).found for one in receipt] == [Found.RECORDED] * 100
    for number, one in enumerate(receipt):
        kept["meeting"]["dissents"] = [other for other in said if other["id"] != one.dissent]
        assert compare(one, seal, json.dumps(kept).encode()).found is Found.MISSING, number


def test_a_dissent_that_was_undone_is_missing_and_the_key_of_the_minutes_said_it_was_there(room: Room) -> None:
    introduced(room)
    receipt = given(room, dissent(room))
    undoing.undo(room.sitting, room.meeting)
    comparison = compare(read(receipt), *parts(sealed(room)))
    assert (comparison.found, comparison.there) == (Found.MISSING, False)
    assert "The receipt is signed with the same key as these minutes." in comparison.proved


def test_words_that_were_corrected_after_the_receipt_are_told_from_a_missing_dissent(room: Room) -> None:
    one = dissent(room)
    before = given(room, one)
    deciding.read_back(room.sitting, one, "I have a doubt.")
    after = given(room, one)
    pdf = sealed(room)
    assert (outcome(before, pdf), outcome(after, pdf)) == (Found.OTHER_WORDS, Found.RECORDED)
    assert len(read(after).entries) == 2


def test_a_dissent_undone_and_done_again_still_gets_a_receipt(room: Room) -> None:
    one = dissent(room)
    undoing.undo(room.sitting, room.meeting)
    undoing.redo(room.sitting, room.meeting)
    assert [json.loads(entry.head)["act"] for entry in read(given(room, one)).entries] == [
        "dissent.recorded", "act.undone", "act.redone",
    ]  # fmt: skip


def test_minutes_sealed_before_the_dissent_or_from_another_trail_are_told_apart(room: Room) -> None:
    one = dissent(room)
    seal, record = parts(sealed(room))
    receipt = read(given(room, one))
    [entry] = receipt.entries
    at_the_entry = replace(seal, audit=replace(seal.audit, sequence=entry.sequence, head=entry.digest))
    assert "Receipt and seal name the same place" in " ".join(compare(receipt, at_the_entry, record).proved)
    earlier = replace(seal, audit=replace(seal.audit, sequence=entry.sequence - 1, head=entry.before))
    assert compare(receipt, earlier, record).found is Found.LATER
    other = replace(seal, audit=replace(seal.audit, sequence=entry.sequence))
    assert compare(receipt, other, record).found is Found.OTHER_TRAIL
    assert compare(receipt, replace(seal, meeting=str(UUID(int=1))), record).found is Found.OTHER_MEETING


def test_each_changed_byte_of_what_a_receipt_says_is_noticed(room: Room) -> None:
    introduced(room)
    one = dissent(room)
    sealed(room)
    content = given(room, one)
    told = json.loads(content)
    assert compare(read(content), *parts(sealing.minutes(room.sitting, room.meeting))).found is Found.PROVED
    for text in every_text(told):
        changed = content.replace(json.dumps(text, ensure_ascii=False).encode(), b'"0"')
        assert changed != content
        with pytest.raises(ReceiptUnreadable):
            read(changed)
    assert read(content).words == WORDS


def every_text(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from every_text(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from every_text(inner)
    elif isinstance(value, str) and value:
        yield value


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A receipt with everything in it but a signature, which would give away each change by itself."""
    with a_room(tmp_path_factory.mktemp("whole") / "store") as made:
        one = dissent(made)
        sealed(made)
        told = json.loads(given(made, one))
    del told["signature"]
    return json.dumps(told).encode()


def test_a_receipt_whose_last_entry_is_not_the_end_it_names_is_refused(whole: bytes) -> None:
    told = json.loads(whole)
    told["trail"]["end"]["sequence"] = told["trail"]["entries"][-1]["sequence"]
    with pytest.raises(ReceiptUnreadable, match="agree with itself"):
        read(json.dumps(told).encode())


def test_a_record_that_is_none_holds_no_dissent(whole: bytes) -> None:
    receipt = read(whole)
    assert receipt.sealed is not None
    seal = Seal(
        2, receipt.meeting, "R", 1, "M", 1, Audit(receipt.end.sequence, receipt.end.head), "", "", "", "", "", "00" * 32
    )
    dissents = [{"id": receipt.dissent, "words": WORDS}]
    for record in (b"", b"[]", b"{}", b'{"meeting": {}}', b'{"meeting": {"dissents": [3]}}', b"[" * 100_000):
        assert compare(receipt, seal, record).found is Found.MISSING
    assert compare(receipt, seal, json.dumps({"meeting": {"dissents": dissents}}).encode()).found is Found.OTHER_WORDS


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("dissent", "words"), "I agree."),
        (("dissent", "kind"), "reservation"),
        (("dissent", "id"), str(UUID(int=7))),
        (("meeting",), str(UUID(int=7))),
        (("trail", "entries"), []),
        (("trail", "entries", 0, "sequence"), 1),
        (("trail", "entries", 0, "sequence"), 1 << 70),
        (("trail", "entries", 0, "sequence"), True),
        (("trail", "entries", 0, "before"), "00"),
        (("trail", "entries", 0, "salt"), "zz"),
        (("trail", "entries", 0, "salt"), "00" * 16),
        (("trail", "entries", 0, "payload"), ""),
        (("trail", "entries", 0, "head"), 5),
        (("trail", "end", "sequence"), 1),
        (("sealed", "index"), 0),
        (("sealed", "index"), 9999),
        (("sealed", "way"), []),
        (("sealed", "merkle_root"), "ab" * 32),
        (("sealed", "leaf", "text"), "I agree."),
        (("sealed", "leaf", "class"), "restricted"),
        (("sealed", "leaf", "class"), "nobody"),
        (("format",), "another"),
        (("version",), 2),
        (("version",), True),
    ],
)
def test_a_receipt_that_does_not_agree_with_itself_is_refused(
    whole: bytes, path: tuple[str | int, ...], value: object
) -> None:
    assert read(whole).words == WORDS
    told: dict[str, object] = json.loads(whole)
    inner: object = told
    for step in path[:-1]:
        inner = inner[step]  # type: ignore[index]
    inner[path[-1]] = value  # type: ignore[index]
    with pytest.raises(ReceiptUnreadable):
        read(json.dumps(told).encode())


def test_nobody_puts_a_name_of_their_own_on_the_receipt_of_another(whole: bytes) -> None:
    told = json.loads(whole)
    told.pop("signature", None)
    assert read(json.dumps(told).encode()).words == WORDS
    for name in ("Somebody Else", "", WORDS):
        told["dissent"]["by"] = name
        with pytest.raises(ReceiptUnreadable, match="does not agree with itself"):
            read(json.dumps(told).encode())


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"format": "chairside-receipt"}']
)
def test_what_is_no_receipt_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(ReceiptUnreadable, match=r"^[A-Z][^.]*\.$"):
        read(content)
