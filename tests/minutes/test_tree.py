"""The tree over the paragraphs of sealed minutes: one is proved, or withheld, without showing the others."""

import json
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.minutes.document import Document, Facts, Heading, Listing, PageBreak, SignaturePanel, Table, Text
from app.minutes.tree import (
    Audience,
    Extract,
    Leaf,
    NotProved,
    Proof,
    Tree,
    commitment,
    leaf_digest,
    leaves_of,
    read_extract,
    root_by,
    root_of,
)
from tests.minutes.told import a_full_meeting, a_signer, minutes_of

VECTORS = Path(__file__).parent.parent / "vectors" / "tree.json"
SECRET = bytes(range(32))


def a_tree(size: int) -> Tree:
    audiences = [Audience.RESTRICTED if number % 3 == 0 else Audience.EVERYONE for number in range(size)]
    texts = [sha256(number.to_bytes(4, "big")).hexdigest() for number in range(size)]
    return Tree(
        tuple(Leaf(f"part/{number}", *pair) for number, pair in enumerate(zip(audiences, texts, strict=True))), SECRET
    )


TREE = a_tree(41)


def extract_of(tree: Tree, reasons: dict[int, str]) -> Extract:
    return read_extract(tree.withhold(reasons), tree.root(), len(tree.leaves))


@settings(max_examples=500, deadline=None)
@given(st.sets(st.integers(0, 40)))
def test_whatever_is_withheld_the_rest_is_proved_and_nothing_of_the_withheld_is_shown(hidden: set[int]) -> None:
    content = TREE.withhold(dict.fromkeys(hidden, "third-party"))
    found = read_extract(content, TREE.root(), 41)
    assert list(found.shown) == [leaf for place, leaf in enumerate(TREE.leaves) if place not in hidden]
    assert [part.path for part in found.withheld] == [f"part/{place}" for place in sorted(hidden)]
    assert found.counts == Counter(TREE.leaves[place].audience for place in hidden)
    assert {part.reason for part in found.withheld} <= {"third-party"}
    for place in hidden:
        assert TREE.leaves[place].text.encode() not in content
        assert TREE.salt(TREE.leaves[place]).hex().encode() not in content
    assert SECRET.hex().encode() not in content


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_changed_moved_added_or_missing_part_is_detected_whether_shown_or_withheld(data: st.DataObject) -> None:
    hidden = data.draw(st.sets(st.integers(0, 40)))
    parts = json.loads(TREE.withhold(dict.fromkeys(hidden, "health")))["parts"]
    place = data.draw(st.integers(0, 40))
    match data.draw(st.sampled_from(["drop", "double", "move", "edit", "class"])):
        case "drop":
            del parts[place]
        case "double":
            parts.insert(place, parts[place])
        case "move":
            other = (place + data.draw(st.integers(1, 40))) % 41
            parts[place], parts[other] = parts[other], parts[place]
        case "edit":
            name = data.draw(st.sampled_from(sorted(set(parts[place]) - {"class", "reason"})))
            parts[place][name] = sha256(parts[place][name].encode()).hexdigest()[: len(parts[place][name])]
        case "class":
            others = [audience.value for audience in Audience if audience.value != parts[place]["class"]]
            parts[place]["class"] = data.draw(st.sampled_from(others))
    with pytest.raises(NotProved):
        read_extract(json.dumps({"parts": parts}).encode(), TREE.root(), 41)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 65])
def test_each_leaf_is_proved_by_as_many_digests_as_the_tree_is_deep_and_by_no_other_proof(size: int) -> None:
    tree = a_tree(size)
    for place, leaf in enumerate(tree.leaves):
        proof = tree.proof(place)
        assert root_by(leaf, proof) == tree.root()
        assert len(proof.way) <= (size - 1).bit_length()
        assert root_by(Leaf(leaf.path, leaf.audience, f"{leaf.text} not"), proof) != tree.root()
        assert root_by(Leaf(f"{leaf.path}0", leaf.audience, leaf.text), proof) != tree.root()
    for wrong in ((-1, size, ()), (size, size, ()), (0, size, (*tree.proof(0).way, "00" * 32)), (0, 2, ("x",))):
        with pytest.raises(NotProved):
            root_by(tree.leaves[0], Proof(tree.salt(tree.leaves[0]), *wrong))


def test_a_salt_is_of_one_secret_and_one_place() -> None:
    salts = {tree.salt(leaf) for tree in (TREE, Tree(TREE.leaves, bytes(32))) for leaf in TREE.leaves}
    assert len(salts) == 82
    assert {len(salt) for salt in salts} == {16}


def test_a_reason_is_a_code_so_that_no_words_hide_in_it() -> None:
    for words in ("Because of the aunt", "", "a\nb", "x" * 65):
        with pytest.raises(ValueError, match="code"):
            TREE.withhold({0: words})


def test_the_tree_comes_back_from_the_store_as_it_was() -> None:
    assert Tree.from_bytes(TREE.to_bytes()) == TREE
    assert TREE.find("part/7") == 7
    assert TREE.find("part/99") is None


def test_every_word_of_the_minutes_is_in_a_leaf_and_each_dissent_is_one() -> None:
    told = a_full_meeting()
    told.conclude()
    document = minutes_of(told, a_signer())
    leaves = leaves_of(document)
    said = "\n".join(leaf.text for leaf in leaves)
    assert len({leaf.path for leaf in leaves}) == len(leaves)
    for words in words_of(document):
        assert words in said, words
    for dissent in told.meeting.dissents:
        [leaf] = [leaf for leaf in leaves if leaf.path == f"dissents/{dissent.id}"]
        assert dissent.words in leaf.text
        assert dissent.dissenter.name in leaf.text
    restricted = [leaf.text for leaf in leaves if leaf.audience is Audience.RESTRICTED]
    hidden = [s.text for s in told.meeting.statements if s.restricted]
    hidden += [person.name for person in told.case.people if person.address_withheld_from]
    assert hidden
    assert len(restricted) == len(hidden)
    assert all(any(words in text for text in restricted) for words in hidden)


def words_of(document: Document) -> list[str]:
    found = [document.title, document.marking, document.header_alert, document.status]
    for block in document.blocks:
        match block:
            case Heading() | Text():
                found.append(block.text)
            case Facts():
                found += [cell for row in block.rows for cell in row]
            case Table():
                found += [cell for row in block.rows for cell in row] + list(block.header if block.rows else ())
            case Listing():
                found += block.items
            case SignaturePanel():
                found += [block.name, block.role, block.text]
            case PageBreak():
                pass
    return found


def test_a_document_without_named_parts_and_a_whole_with_a_restricted_row_have_leaves_too() -> None:
    document = Document(
        "T", "M", "R", 1, "draft",
        blocks=(
            Text("before"),
            Heading(2, "one", whole="key"),
            Table(("a",), (("hidden",),), restricted=(0,)),
            PageBreak(),
            Heading(1, "two"),
        ),
    )  # fmt: skip
    assert [(leaf.path, leaf.audience.value, leaf.text) for leaf in leaves_of(document)][3:] == [
        ("minutes/1", "everyone", "before"),
        ("minutes/key", "restricted", "one\na: hidden"),
        ("minutes/2", "everyone", "two"),
    ]


@pytest.mark.parametrize("vector", json.loads(VECTORS.read_text("utf-8"))["roots"], ids=lambda v: str(v["leaves"]))
def test_roots_are_those_of_the_vectors(vector: dict[str, object]) -> None:
    size = vector["leaves"]
    assert isinstance(size, int)
    tree = a_tree(size)
    assert tree.root() == vector["root"]
    assert list(tree.proof(size - 1).way) == vector["way_of_the_last"]


@pytest.mark.parametrize("vector", json.loads(VECTORS.read_text("utf-8"))["leaves"], ids=lambda v: v["path"])
def test_leaves_are_those_of_the_vectors(vector: dict[str, str]) -> None:
    committed = commitment(bytes.fromhex(vector["salt"]), vector["text"])
    assert committed == vector["c"]
    assert leaf_digest(vector["path"], Audience(vector["class"]), committed).hex() == vector["digest"]


@pytest.mark.parametrize("vector", json.loads(VECTORS.read_text("utf-8"))["extracts"], ids=lambda v: v["name"])
def test_extracts_are_accepted_and_refused_as_the_vectors_say(vector: dict[str, object]) -> None:
    content, root, size = json.dumps(vector["extract"]).encode(), str(vector["root"]), int(str(vector["leaf_count"]))
    if vector["good"]:
        assert len(read_extract(content, root, size).withheld) == 1
    else:
        with pytest.raises(NotProved):
            read_extract(content, root, size)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"parts": 3}', b'{"parts": [3]}', b"[" * 100_000])
def test_what_is_no_extract_is_refused(content: bytes) -> None:
    with pytest.raises(NotProved):
        read_extract(content, TREE.root(), 41)


def test_no_leaves_have_the_digest_of_nothing() -> None:
    assert root_of([]) == sha256().digest()
