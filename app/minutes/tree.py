"""A tree of digests over the paragraphs of sealed minutes: one can be proved, or withheld, without showing the others.

The format is described in ``resources/docs/formats/minutes-pdf.md``, section 4. Nothing here knows a store or a PDF.
"""

import hmac
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from itertools import count
from typing import Any, assert_never

from app.minutes.document import Block, Document, Facts, Heading, Listing, PageBreak, SignaturePanel, Table, Text

SALT = 16
SECRET = 32

_LEAF, _NODE = b"\0", b"\1"
_HEX = re.compile(r"[0-9a-f]{64}")
_SALT = re.compile(r"[0-9a-f]{32}")
_REASON = re.compile(r"[a-z][a-z0-9.-]{0,63}")


class NotProved(ValueError):
    """What was given does not prove what it should; the text says why, as the end of a sentence."""


class Audience(StrEnum):
    """Who a paragraph is for; the format calls it its class."""

    EVERYONE = "everyone"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One paragraph, decision or dissent as it was sealed, and its place in the minutes, such as ``decisions/3``."""

    path: str
    audience: Audience
    text: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """A paragraph that is not shown: where it stands, for whom it is, and the code of the reason."""

    path: str
    audience: Audience
    commitment: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proof:
    """That a leaf is in a tree of ``count``: the salt of its text, its place from 0, and the digests on its way up."""

    salt: bytes
    index: int
    count: int
    way: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """The leaves of one sealed version, and the secret from which the salt of each follows."""

    leaves: tuple[Leaf, ...]
    secret: bytes

    def salt(self, leaf: Leaf) -> bytes:
        """Return the salt of a leaf; who has it can tell whether a guess at the text is right."""
        return hmac.digest(self.secret, leaf.path.encode(), "sha256")[:SALT]

    def digests(self) -> list[bytes]:
        """Return the digest of each leaf, in order."""
        return [leaf_digest(x.path, x.audience, commitment(self.salt(x), x.text)) for x in self.leaves]

    def root(self) -> str:
        """Return the root, in hexadecimal."""
        return root_of(self.digests()).hex()

    def find(self, path: str) -> int | None:
        """Return the place of the leaf at ``path``, counted from 0; None where there is none."""
        return next((place for place, leaf in enumerate(self.leaves) if leaf.path == path), None)

    def proof(self, index: int) -> Proof:
        """Return the proof that the leaf with this number is in the tree."""
        way = tuple(digest.hex() for digest in _way(index, self.digests()))
        return Proof(self.salt(self.leaves[index]), index, len(self.leaves), way)

    def withhold(self, reasons: Mapping[int, str]) -> bytes:
        """Return every leaf but those whose numbers have a reason, and of these only what they are proved to exist by.

        Raises ValueError for a reason that is not a code, in which words could hide.
        """
        if not all(map(_REASON.fullmatch, reasons.values())):
            raise ValueError("a reason is a code such as third-party")
        parts = [self._part(leaf, reasons.get(place)) for place, leaf in enumerate(self.leaves)]
        return _json({"parts": parts})

    def _part(self, leaf: Leaf, reason: str | None) -> dict[str, str]:
        part = {"path": leaf.path, "class": leaf.audience.value}
        if reason is None:
            return part | {"salt": self.salt(leaf).hex(), "text": leaf.text}
        return part | {"c": commitment(self.salt(leaf), leaf.text), "reason": reason}

    def to_bytes(self) -> bytes:
        """Return the tree as the store keeps it."""
        kept = [{"path": x.path, "class": x.audience.value, "text": x.text} for x in self.leaves]
        return _json({"secret": self.secret.hex(), "leaves": kept})

    @classmethod
    def from_bytes(cls, kept: bytes) -> "Tree":
        """Return the tree that ``to_bytes`` wrote."""
        found = json.loads(kept)
        leaves = tuple(Leaf(x["path"], Audience(x["class"]), x["text"]) for x in found["leaves"])
        return cls(leaves, bytes.fromhex(found["secret"]))


@dataclass(frozen=True)
class Extract:
    """What ``Tree.withhold`` wrote, checked: it is the whole of the sealed minutes but for what is withheld."""

    shown: tuple[Leaf, ...]
    withheld: tuple[Withheld, ...]

    @cached_property
    def counts(self) -> Counter[Audience]:
        """How many parts are withheld, by whom they are for."""
        return Counter(part.audience for part in self.withheld)


def commitment(salt: bytes, text: str) -> str:
    """Return the salted digest of a text, in hexadecimal."""
    return sha256(salt + text.encode()).hexdigest()


def leaf_digest(path: str, audience: Audience, committed: str) -> bytes:
    """Return the digest of a leaf, which binds its place and whom it is for to its text without showing the text."""
    return sha256(_LEAF + _json({"c": committed, "class": audience.value, "path": path})).digest()


def root_of(digests: Sequence[bytes]) -> bytes:
    """Return the root over the digests of leaves, as in RFC 6962, section 2.1."""
    if not digests:
        return sha256().digest()
    if len(digests) == 1:
        return digests[0]
    left = _left(len(digests))
    return _node(root_of(digests[:left]), root_of(digests[left:]))


def root_by(leaf: Leaf, proof: Proof) -> str:
    """Return the root of the tree that ``leaf`` is in if ``proof`` is right, in hexadecimal.

    Raises NotProved where the proof cannot be one for its place and count.
    """
    if not 0 <= proof.index < proof.count or not all(map(_HEX.fullmatch, proof.way)):
        raise NotProved("the place of the paragraph or a digest beside it is not one")
    digest = leaf_digest(leaf.path, leaf.audience, commitment(proof.salt, leaf.text))
    sides = _sides(proof.index, proof.count)
    if len(sides) != len(proof.way):
        raise NotProved("the way from the paragraph to the root has another length")
    for on_the_left, beside in zip(sides, map(bytes.fromhex, proof.way), strict=True):
        digest = _node(beside, digest) if on_the_left else _node(digest, beside)
    return digest.hex()


def read_extract(content: bytes, root: str, leaf_count: int) -> Extract:
    """Return what ``Tree.withhold`` wrote; raises NotProved unless it is all of the minutes sealed under ``root``."""
    try:
        parts = [_read(part) for part in parsed(content)["parts"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as broken:
        raise NotProved("it is not an extract of minutes") from broken
    if len(parts) != leaf_count or root_of([digest for _, digest in parts]).hex() != root:
        raise NotProved("a part was changed, added, moved or left out")
    found = [part for part, _ in parts]
    return Extract(
        tuple(part for part in found if isinstance(part, Leaf)),
        tuple(part for part in found if isinstance(part, Withheld)),
    )


def parsed(content: bytes | str) -> Any:
    """Return the JSON value in ``content``; raises ValueError where an object has a name twice.

    One reader would believe the first of the two, and another one the last.
    """
    return json.loads(content, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return named


def _read(part: Mapping[str, Any]) -> tuple[Leaf | Withheld, bytes]:
    path, audience = _text(part["path"]), Audience(part["class"])
    if set(part) == {"path", "class", "c", "reason"}:
        withheld = Withheld(path, audience, _text(part["c"], _HEX), _text(part["reason"], _REASON))
        return withheld, leaf_digest(path, audience, withheld.commitment)
    if set(part) != {"path", "class", "salt", "text"}:
        raise NotProved("a part has a member too many or too few")
    leaf = Leaf(path, audience, _text(part["text"]))
    salt = bytes.fromhex(_text(part["salt"], _SALT))
    return leaf, leaf_digest(path, audience, commitment(salt, leaf.text))


def _text(value: object, form: re.Pattern[str] | None = None) -> str:
    if not isinstance(value, str) or (form and not form.fullmatch(value)):
        raise NotProved("something else stands where a text belongs")
    return value


def leaves_of(document: Document) -> tuple[Leaf, ...]:
    """Return the leaves of a document, in the order in which they are read."""
    head = (
        document.title,
        f"{document.meeting_reference}, version {document.version}, {document.status}",
        document.marking,
        document.header_alert,
    )
    found = [Leaf(f"head/{place}", Audience.EVERYONE, text) for place, text in enumerate(head, 1) if text]
    blocks = iter(document.blocks)
    for name, size in document.parts or (("minutes", len(document.blocks)),):
        found += _leaves(name, [next(blocks) for _ in range(size)])
    return tuple(found)


def _leaves(name: str, blocks: Sequence[Block]) -> Iterator[Leaf]:
    numbers = count(1)
    for whole, group in _groups(blocks):
        paragraphs = [paragraph for block in group for paragraph in _paragraphs(block)]
        if whole:
            hidden = any(audience is Audience.RESTRICTED for audience, _ in paragraphs)
            audience = Audience.RESTRICTED if hidden else Audience.EVERYONE
            yield Leaf(f"{name}/{whole}", audience, "\n".join(text for _, text in paragraphs))
        else:
            yield from (Leaf(f"{name}/{next(numbers)}", audience, text) for audience, text in paragraphs)


def _groups(blocks: Sequence[Block]) -> list[tuple[str, list[Block]]]:
    """Return each block alone, but together, with its key, what a heading says is one whole."""
    groups: list[tuple[str, list[Block]]] = []
    for block in blocks:
        if isinstance(block, Heading):
            groups.append((block.whole, [block]))
        elif groups and groups[-1][0]:
            groups[-1][1].append(block)
        else:
            groups.append(("", [block]))
    return groups


def _paragraphs(block: Block) -> Iterator[tuple[Audience, str]]:
    texts: Iterator[str]
    hidden: tuple[int, ...] = ()
    match block:
        case Heading() | Text():
            texts = iter((block.text,))
        case Facts():
            texts = (f"{label}: {value}" for label, value in block.rows)
        case Table():
            hidden = block.restricted
            texts = ("\n".join(map(": ".join, zip(block.header, row, strict=False))) for row in block.rows)
        case Listing():
            texts = iter(block.items)
        case PageBreak():
            texts = iter(())
        case SignaturePanel():
            texts = iter((f"{block.name}\n{block.role}\n{block.text}",))
        case _:
            assert_never(block)
    for place, text in enumerate(texts):
        yield Audience.RESTRICTED if place in hidden else Audience.EVERYONE, text


def _left(size: int) -> int:
    """Return how many leaves are on the left: the largest power of two below ``size``."""
    return 1 << (size - 1).bit_length() - 1


def _way(index: int, digests: Sequence[bytes]) -> list[bytes]:
    """Return the digests beside the way from a leaf to the root, from below (RFC 6962, section 2.1.1)."""
    if len(digests) == 1:
        return []
    left = _left(len(digests))
    if index < left:
        return [*_way(index, digests[:left]), root_of(digests[left:])]
    return [*_way(index - left, digests[left:]), root_of(digests[:left])]


def _sides(index: int, size: int) -> list[bool]:
    """Return, from below, whether what stands beside the way to the root is on the left of it."""
    sides: list[bool] = []
    while size > 1:
        left = _left(size)
        sides.append(index >= left)
        index, size = (index - left, size - left) if index >= left else (index, left)
    return sides[::-1]


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(_NODE + left + right).digest()


def _json(value: Mapping[str, Any]) -> bytes:
    """Return the form of RFC 8785 of texts in objects and lists with ASCII names."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
