"""A receipt for one dissent: what the person can show later, and how it is held against signed minutes.

The format is described in ``resources/docs/formats/receipt.md``. Reading one needs no store.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.minutes.identity import fingerprint
from app.minutes.pages import comparable
from app.minutes.seal import Seal
from app.minutes.tree import SALT, Audience, Leaf, NotProved, Proof, parsed, root_by

FORMAT = "chairside-receipt"
VERSION = 1
PART = "dissents"
LARGEST = 4 * 1024 * 1024

_MARK = b"cp-audit-1"
_MOST = 1 << 63
_BROKEN = (
    ValueError, KeyError, TypeError, AttributeError, RecursionError, UnsupportedAlgorithm, x509.InvalidVersion,
)  # fmt: skip
_HEX = re.compile(r"([0-9a-f]{2})*")


class ReceiptUnreadable(ValueError):
    """These bytes are no receipt, or one that does not agree with itself; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the audit trail about the dissent; ``salt`` and ``payload`` are empty where it is not opened."""

    sequence: int
    before: str
    head: str
    salt: str = ""
    payload: str = ""

    @property
    def digest(self) -> str:
        """Return the digest by which the next entry of the trail knows this one."""
        number = self.sequence.to_bytes(8, "big")
        return sha256(_MARK + bytes.fromhex(self.before) + number + self.head.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the trail was: the number and the digest of its last entry."""

    sequence: int
    head: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """The dissent as a paragraph of one sealed version, with the proof that it is one."""

    version: int
    seal_sha256: str
    root: str
    leaf: Leaf
    proof: Proof

    def as_json(self) -> dict[str, Any]:
        """Return what a receipt says of it."""
        leaf, proof = self.leaf, self.proof
        return {
            "version": self.version,
            "seal_sha256": self.seal_sha256,
            "merkle_root": self.root,
            "leaf": {"path": leaf.path, "class": leaf.audience.value, "text": leaf.text, "salt": proof.salt.hex()},
            "index": proof.index,
            "leaf_count": proof.count,
            "way": list(proof.way),
        }


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is given to a person whose dissent or reservation was recorded; ``sealed`` is None before the sealing."""

    issued_at: str
    meeting: str
    reference: str
    dissent: str
    kind: str
    by: str
    words: str
    entries: tuple[Entry, ...]
    end: Mark
    sealed: Sealed | None = None
    certificate: bytes = b""
    signature: bytes = b""

    def signed(self, certificate: bytes, sign: Callable[[bytes], bytes]) -> "Receipt":
        """Return the receipt signed with the key of ``certificate`` (DER)."""
        return replace(self, certificate=certificate, signature=sign(self.to_be_signed()))

    def to_be_signed(self) -> bytes:
        """Return what a signature covers: all but the signature, in the form of RFC 8785."""
        return json.dumps(self.said(), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()

    def to_json(self) -> bytes:
        """Return the receipt as a file: UTF-8, indented, names in order."""
        written = self.said()
        if self.signature:
            written["signature"] = {"certificate": self.certificate.hex(), "value": self.signature.hex()}
        return (json.dumps(written, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()

    def said(self) -> dict[str, Any]:
        """Return all that the receipt says but its signature."""
        said: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "issued_at": self.issued_at,
            "meeting": self.meeting,
            "reference": self.reference,
            "dissent": {"id": self.dissent, "kind": self.kind, "by": self.by, "words": self.words},
            "trail": {"entries": [asdict(entry) for entry in self.entries], "end": asdict(self.end)},
        }
        return said | ({"sealed": self.sealed.as_json()} if self.sealed else {})


class Found(StrEnum):
    """Whether the dissent of a receipt is in the minutes it was held against."""

    PROVED = "proved"
    RECORDED = "recorded"
    OTHER_WORDS = "other-words"
    LATER = "later"
    OTHER_TRAIL = "other-trail"
    OTHER_MEETING = "other-meeting"
    MISSING = "missing"


SENTENCES = {
    Found.PROVED: "The dissent in this receipt is a paragraph of these minutes, in the same words.",
    Found.RECORDED: "The dissent in this receipt is in the record inside these minutes, in the same words.",
    Found.OTHER_WORDS: "These minutes hold the dissent in this receipt, but in other words: ask which were agreed.",
    Found.LATER: "The dissent in this receipt was recorded after these minutes were sealed: ask for a later version.",
    Found.OTHER_TRAIL: (
        "Receipt and minutes contradict each other about the audit trail of the store: rely on neither, and ask the "
        "sender for the trail to be checked."
    ),
    Found.OTHER_MEETING: "This receipt is about another meeting than these minutes: look for the minutes it names.",
    Found.MISSING: "These minutes do not hold the dissent in this receipt: show both to whoever answers for them.",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a receipt and signed minutes prove together, and what they do not, each in whole sentences."""

    found: Found
    proved: tuple[str, ...]
    not_proved: tuple[str, ...]

    @property
    def there(self) -> bool:
        """Whether the dissent is in the minutes, in the words of the receipt."""
        return self.found in (Found.PROVED, Found.RECORDED)

    @property
    def sentence(self) -> str:
        """Return the one sentence for a reader."""
        return SENTENCES[self.found]


def read(content: bytes) -> Receipt:
    """Return the receipt in ``content``; raises ReceiptUnreadable if it is none, or does not agree with itself."""
    try:
        found = parsed(content)
        receipt = _receipt(found)
        # what is not known here would be covered by no signature, and believed by whoever reads it
        agrees = all(found[name] == said for name, said in receipt.said().items()) and _agrees(receipt)
        agrees &= set(found) <= {*receipt.said(), "signature"}
    except _BROKEN as broken:
        raise ReceiptUnreadable(
            "This file is not a receipt that can be read: check its name, or ask for it again."
        ) from broken
    if not agrees:
        raise ReceiptUnreadable(
            "This receipt was changed or damaged after it was given: it does not agree with itself."
        )
    return receipt


def compare(receipt: Receipt, seal: Seal, record: bytes, text: str = "") -> Comparison:
    """Return what ``receipt`` proves of minutes whose seal, record and pages are known to be as they were signed.

    ``text`` is the text of the pages in the form in which it is compared.
    """
    found = _found(receipt, seal, record)
    proved, not_proved = [], []
    if found is Found.PROVED:
        proved.append("The paragraph in the receipt is one of those that the seal of these minutes covers.")
    if found in (Found.RECORDED, Found.OTHER_WORDS, Found.MISSING):
        proved.append("The record inside these minutes, which the seal covers, was searched for the dissent.")
    if found in (Found.PROVED, Found.RECORDED):
        if comparable(receipt.words) in text:
            proved.append("The words of the dissent stand on the pages.")
        else:
            # a page may have ended within them, and some scripts are read in another order than they are typed
            not_proved.append("That the pages show it: its words were not found there in one piece, so look for them.")
    last = receipt.entries[-1]
    if found not in (Found.OTHER_MEETING, Found.OTHER_TRAIL) and _marks(receipt).get(seal.audit.sequence):
        proved.append("Receipt and seal name the same place in the audit trail, with the same digest.")
    else:
        not_proved.append(
            f"That the audit trail held the dissent when these minutes were sealed. Only the store can show it, with "
            f"chairside check-receipt: entry {last.sequence} of its trail must have the digest {last.digest}."
        )
    if receipt.certificate and fingerprint(receipt.certificate) == seal.signer:
        proved.append("The receipt is signed with the same key as these minutes.")
    elif receipt.certificate:
        not_proved.append(f"Who gave the receipt: it is signed with another key, {fingerprint(receipt.certificate)}.")
    else:
        not_proved.append("Who gave the receipt: it is not signed.")
    not_proved.append("The time on the receipt: it is what the computer's clock said.")
    return Comparison(found, tuple(proved), tuple(not_proved))


def _found(receipt: Receipt, seal: Seal, record: bytes) -> Found:
    if receipt.meeting != seal.meeting:
        return Found.OTHER_MEETING
    if _marks(receipt).get(seal.audit.sequence, seal.audit.head) != seal.audit.head:
        return Found.OTHER_TRAIL
    if receipt.entries[-1].sequence > seal.audit.sequence:
        return Found.LATER
    kept = _dissent_in(record, receipt.dissent)
    # first: a line of the paragraph, such as what the person would have preferred, is not all that they dissented with
    if kept is not None and (kept.get("words"), kept.get("kind")) != (receipt.words, receipt.kind):
        return Found.OTHER_WORDS
    if receipt.sealed and (receipt.sealed.root, receipt.sealed.proof.count) == (seal.merkle_root, seal.leaf_count):
        return Found.PROVED
    return Found.MISSING if kept is None else Found.RECORDED


def _marks(receipt: Receipt) -> dict[int, str]:
    """Return the digests of entries of the trail that a receipt knows, by their numbers."""
    before = {entry.sequence - 1: entry.before for entry in receipt.entries}
    return (
        before | {entry.sequence: entry.digest for entry in receipt.entries} | {receipt.end.sequence: receipt.end.head}
    )


def _dissent_in(record: bytes, dissent: str) -> Mapping[str, Any] | None:
    try:
        kept: list[Mapping[str, Any]] = json.loads(record)["meeting"].get("dissents", [])
        return next((one for one in kept if one["id"] == dissent), None)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _receipt(found: Any) -> Receipt:
    if found["format"] != FORMAT or _whole(found["version"]) != VERSION:
        raise ValueError("another format")
    dissent, trail, signed = found["dissent"], found["trail"], "signature" in found
    return Receipt(
        issued_at=_words(found["issued_at"]),
        meeting=_words(found["meeting"]),
        reference=_words(found["reference"]),
        dissent=_words(dissent["id"]),
        kind=_words(dissent["kind"]),
        by=_words(dissent["by"]),
        words=_words(dissent["words"]),
        entries=tuple(_entry(entry) for entry in trail["entries"]),
        end=Mark(_whole(trail["end"]["sequence"]), _digest(trail["end"]["head"])),
        sealed=_sealed(found["sealed"]) if "sealed" in found else None,
        certificate=_octets(found["signature"]["certificate"]) if signed else b"",
        signature=_octets(found["signature"]["value"]) if signed else b"",
    )


def _entry(found: Any) -> Entry:
    number, payload = _whole(found["sequence"]), _words(found["payload"])
    salt = _octets(found["salt"], SALT if payload else 0).hex()
    return Entry(number, _digest(found["before"]), _words(found["head"]), salt, payload)


def _sealed(found: Any) -> Sealed:
    leaf = found["leaf"]
    return Sealed(
        _whole(found["version"]),
        _digest(found["seal_sha256"]),
        _digest(found["merkle_root"]),
        Leaf(_words(leaf["path"]), Audience(leaf["class"]), _words(leaf["text"])),
        Proof(
            _octets(leaf["salt"], SALT),
            _whole(found["index"]),
            _whole(found["leaf_count"]),
            tuple(_digest(digest) for digest in found["way"]),
        ),
    )


def _agrees(receipt: Receipt) -> bool:
    """Return whether each part of a receipt says the same of the dissent as the others."""
    numbers = [entry.sequence for entry in receipt.entries]
    if not numbers or numbers != sorted(set(numbers)) or numbers[-1] > receipt.end.sequence:
        return False
    if numbers[-1] == receipt.end.sequence and receipt.entries[-1].digest != receipt.end.head:
        return False
    row: dict[str, Any] = {}
    for entry in receipt.entries:
        head = parsed(entry.head)
        if head["seq"] != entry.sequence:
            return False
        if not entry.payload:
            continue
        if head["c"] != sha256(bytes.fromhex(entry.salt) + entry.payload.encode()).hexdigest():
            return False
        for change in parsed(entry.payload)["changes"]:
            if (change["table"], change["id"]) != ("dissent", receipt.dissent.replace("-", "")):
                return False
            row = {} if change["after"] is None else row | change["after"]
    said = {"words": receipt.words, "kind": receipt.kind, "meeting_id": receipt.meeting.replace("-", "")}
    whole = said.items() <= row.items() and (receipt.sealed is None or _is_leaf(receipt, receipt.sealed))
    return whole and (not receipt.certificate + receipt.signature or _is_signed(receipt))


def _is_signed(receipt: Receipt) -> bool:
    key = x509.load_der_x509_certificate(receipt.certificate).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    try:
        key.verify(receipt.signature, receipt.to_be_signed(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _is_leaf(receipt: Receipt, sealed: Sealed) -> bool:
    """Return whether the sealed paragraph is this dissent, and is under the root that the receipt names."""
    leaf = sealed.leaf
    try:
        proved = root_by(leaf, sealed.proof) == sealed.root
    except NotProved:
        return False
    heading, _, rest = leaf.text.partition("\n")
    ours = leaf.path == f"{PART}/{receipt.dissent}" and f"\n{receipt.words}\n" in f"\n{rest}\n"
    # who has another's receipt cannot put a name of their own on it, nor a part of a name
    return proved and ours and bool(receipt.by) and f": {receipt.by}, " in heading


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("something else stands where words belong")
    value.encode()  # half of a surrogate pair is no text
    return value


def _octets(value: object, size: int | None = None) -> bytes:
    """Return what hexadecimal digits stand for.

    A longer salt could swallow the beginning of the text that is hashed after it, hence ``size``.
    """
    digits = _words(value)
    if not _HEX.fullmatch(digits) or size not in (None, len(digits) // 2):
        raise ValueError("something else stands where hexadecimal digits belong")
    return bytes.fromhex(digits)


def _digest(value: object) -> str:
    return _octets(value, sha256().digest_size).hex()


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _MOST:
        raise ValueError("something else stands where a whole number belongs")
    return value
