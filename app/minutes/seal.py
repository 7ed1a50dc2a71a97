"""The seal inside signed minutes: what the chair's signature vouches for beyond the bytes of the file.

The format is described in ``resources/docs/formats/minutes-pdf.md``.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256

RECORD = "record.json"
SEAL = "seal.json"
FIELD = "ChairSignature"
FORMAT_KEY = "/CHSD_Minutes"
SEALED_KEY = "/CHSD_Sealed"
FORMAT = 2

_HEX = re.compile(r"[0-9a-f]{64}")
_GIVEN = frozenset({"meeting", "reference", "version", "marking", "dissents", "audit", "merkle_root", "leaf_count"})
# what the seal has had since its second format: the tree over the paragraphs
_SINCE_2 = frozenset({"merkle_root", "leaf_count"})


class SealUnreadable(ValueError):
    """These bytes are not a seal that this program knows."""


@dataclass(frozen=True, slots=True)
class Audit:
    """The place in the store's audit trail at which the minutes were sealed."""

    sequence: int
    head: str


@dataclass(frozen=True, slots=True)
class Seal:
    """One sealing; ``sealed_at`` is the laptop's claim, in UTC, and the digests are SHA-256 in hexadecimal.

    A seal of format 1 has no tree: ``merkle_root`` is empty and ``leaf_count`` nothing.
    """

    format: int
    meeting: str
    reference: str
    version: int
    marking: str
    dissents: int
    audit: Audit
    record_sha256: str
    text_sha256: str
    text_reader: str
    sealed_at: str
    signer: str
    merkle_root: str = ""
    leaf_count: int = 0

    def to_json(self) -> bytes:
        """Return the seal as it is attached: ASCII, sorted keys, no spaces."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode("ascii")

    @property
    def moment(self) -> datetime:
        """Return ``sealed_at`` as an aware time in UTC."""
        return datetime.strptime(self.sealed_at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def made(given: Mapping[str, object], *, record: bytes, text: str, reader: str, at: datetime, signer: str) -> Seal:
    """Return the seal over ``record`` and the ``text`` that ``reader`` found, with what the caller has ``given``.

    ``given`` holds meeting, reference, version, marking, dissents, audit (sequence and head, in hexadecimal), and for
    the tree over the paragraphs merkle_root (in hexadecimal) and leaf_count. Raises SealUnreadable if one of them is
    missing, unknown or of the wrong kind.
    """
    if set(given) != _GIVEN:
        raise SealUnreadable(f"the seal needs {', '.join(sorted(_GIVEN))}, and no more")
    return _seal(
        {
            **given,
            "format": FORMAT,
            "record_sha256": sha256(record).hexdigest(),
            "text_sha256": digest_of(text),
            "text_reader": reader,
            "sealed_at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "signer": signer,
        }
    )


def digest_of(text: str) -> str:
    """Return the SHA-256 of ``text`` in hexadecimal."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read(content: bytes) -> Seal:
    """Return the seal in ``content``; raises SealUnreadable if it is not one of a known format."""
    try:
        parsed: object = json.loads(content)
    except (ValueError, RecursionError) as broken:
        raise SealUnreadable("the seal is not JSON") from broken
    if not isinstance(parsed, dict):
        raise SealUnreadable("the seal is not a JSON object")
    return _seal(parsed)


def _seal(fields: Mapping[str, object]) -> Seal:
    audit, number = fields.get("audit"), _whole(fields.get("format"))
    if number not in (1, FORMAT):
        raise SealUnreadable("the seal is of a format that this version does not know")
    names = set(Seal.__slots__) - (_SINCE_2 if number == 1 else set())
    if set(fields) != names or not isinstance(audit, Mapping) or set(audit) != set(Audit.__slots__):
        raise SealUnreadable("the seal lacks a field or has one too many")
    seal = Seal(
        format=number,
        meeting=_words(fields["meeting"]),
        reference=_words(fields["reference"]),
        version=_whole(fields["version"]),
        marking=_words(fields["marking"]),
        dissents=_whole(fields["dissents"]),
        audit=Audit(_whole(audit["sequence"]), _words(audit["head"])),
        record_sha256=_words(fields["record_sha256"]),
        text_sha256=_words(fields["text_sha256"]),
        text_reader=_words(fields["text_reader"]),
        sealed_at=_words(fields["sealed_at"]),
        signer=_words(fields["signer"]),
        merkle_root=_words(fields.get("merkle_root", "")),
        leaf_count=_whole(fields.get("leaf_count", 0)),
    )
    digests = [seal.record_sha256, seal.text_sha256, seal.audit.head, *([seal.merkle_root] if number != 1 else [])]
    if not all(map(_HEX.fullmatch, digests)):
        raise SealUnreadable("a digest in the seal is not one")
    try:
        _ = seal.moment
    except ValueError as wrong:
        raise SealUnreadable("the seal's time is not a time") from wrong
    return seal


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise SealUnreadable("the seal has something else where a whole number belongs")
    return value


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise SealUnreadable("the seal has something else where words belong")
    return value
