"""A backup: one file with the keys' header and the encrypted database, and digests of both.

Format: ``resources/docs/formats/backup.md``. The file is as secret as the store: nothing in it is in the clear but when
it was made and how long its audit trail is.
"""

import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from app.vault.errors import HeaderDamaged, NewerVersion
from app.vault.files import opened
from app.vault.header import Header
from app.vault.header import read as read_header

MAGIC = b"chairside-backup-1\n"
MANIFEST = 4095
LINE = 64 + 1 + 64 + 1
HEAD = len(MAGIC) + LINE + MANIFEST + 1
LARGEST_KEYS = 1 << 20
CHUNK = 1 << 20
KEYS, DATABASE = PARTS = ("vault.keys", "vault.db")
LABEL = b"chairside backup"
_DIGEST = re.compile(r"[0-9a-f]{64}")

Sign = Callable[[bytes, bytes], bytes]
"""Says of the data under a label what only somebody with the data key can say."""

_BROKEN = "This backup is damaged or not complete: use another one; nothing was changed."


class NotABackup(Exception):
    """The file is no backup of ours, or not whole; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the store, as it is in a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a backup says of itself: when it was made, the end of its audit trail, and its parts."""

    made: datetime
    seq: int
    head: str
    parts: tuple[Part, ...]
    line: bytes = field(repr=False)
    mac: str = field(repr=False)

    def is_signed(self, sign: Sign) -> bool:
        """Return whether somebody with the data key wrote this."""
        return hmac.compare_digest(sign(LABEL, self.line).hex(), self.mac)

    @property
    def keys_sha256(self) -> str:
        """The digest of the keys' header in it."""
        return self.parts[0].sha256


def write(
    path: Path,
    keys: bytes,
    database: Callable[[BinaryIO], Mapping[str, Any]],
    sign: Sign,
    between: Callable[[], None] = lambda: None,
) -> None:
    """Write a backup to ``path``, which must not exist, and flush it to the disk; raises ``OSError``.

    ``database`` writes the database into the file it is given and returns the facts about it. ``between`` is called
    before each block goes into the digest, and may raise what is to end it.
    """
    with path.open("xb+") as out:
        path.chmod(0o600)
        out.seek(HEAD)
        out.write(keys)
        facts = database(out)
        out.flush()
        size = out.tell() - HEAD - len(keys)
        out.seek(HEAD + len(keys))
        digest = hashlib.sha256()
        while block := out.read(CHUNK):
            between()
            digest.update(block)
        listing = [
            {"name": KEYS, "size": len(keys), "sha256": hashlib.sha256(keys).hexdigest()},
            {"name": DATABASE, "size": size, "sha256": digest.hexdigest()},
        ]
        line = json.dumps({**facts, "parts": listing}, sort_keys=True).encode("utf-8").ljust(MANIFEST)
        out.seek(0)
        out.write(MAGIC + f"{hashlib.sha256(line).hexdigest()} {sign(LABEL, line).hex()}\n".encode() + line + b"\n")
        out.flush()
        os.fsync(out.fileno())


def facts_of(path: Path) -> Facts:
    """Return what the backup says of itself, without looking at its parts; raises ``NotABackup`` or ``OSError``."""
    with opened(path) as file:
        return _facts(file)


def check(path: Path) -> Facts:
    """Return what the backup says of itself, after comparing every byte with its digests; raises as ``facts_of``."""
    with opened(path) as file:
        facts = _facts(file)
        for part in facts.parts:
            for _ in _blocks(file, part):
                pass
        _require_end(file)
    return facts


def read(path: Path, folder: Path) -> Facts:
    """Put the parts of a backup into ``folder``, which must not have them, and return what it says of itself.

    Raises ``NotABackup`` where a part is missing, cut short, changed or followed by something.
    """
    with opened(path) as file:
        facts = _facts(file)
        for part in facts.parts:
            target = folder / part.name
            with target.open("xb") as out:
                target.chmod(0o600)
                for block in _blocks(file, part):
                    out.write(block)
                out.flush()
                os.fsync(out.fileno())
        _require_end(file)
    return facts


def is_under(path: Path, key: bytes) -> bool:
    """Return whether the backup holds a store under this data key; raises ``NotABackup`` or ``OSError``."""
    header = _header(path)
    return header is not None and header.is_genuine(key)


def store_id(path: Path) -> UUID | None:
    """Return the id of the store a backup is of, None where that cannot be read; raises as ``is_under``."""
    header = _header(path)
    return header.vault if header is not None else None


def _header(path: Path) -> Header | None:
    with opened(path) as file:
        content = b"".join(_blocks(file, _facts(file).parts[0]))
    try:
        return read_header(content)
    except (HeaderDamaged, NewerVersion):
        return None


@contextmanager
def part_of(path: Path) -> Iterator[Path]:
    """Give the name under which a file for ``path`` is written; whatever happens, nothing is left under it."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)  # of one that was cut off
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _facts(file: BinaryIO) -> Facts:
    if file.read(len(MAGIC)) != MAGIC:
        raise NotABackup("This file is not a Chairside backup: choose the file that Chairside wrote.")
    marks, line, end = file.read(LINE), file.read(MANIFEST), file.read(1)
    digest, mac = marks[:64].decode("latin-1"), marks[65:129].decode("latin-1")
    if marks[64:65] + marks[129:] + end != b" \n\n" or hashlib.sha256(line).hexdigest() != digest:
        raise NotABackup(_BROKEN)
    try:
        told = json.loads(line)
        parts = tuple(Part(part["name"], part["size"], part["sha256"]) for part in told["parts"])
        facts = Facts(datetime.fromisoformat(told["made"]), told["seq"], told["head"], parts, line, mac)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotABackup(_BROKEN) from None
    if not _is_sound(facts):
        raise NotABackup(_BROKEN)
    return facts


def _is_sound(facts: Facts) -> bool:
    sizes = [facts.seq, *(part.size for part in facts.parts)]
    digests = [facts.mac, facts.head, *(part.sha256 for part in facts.parts)]
    return (
        facts.made.tzinfo is UTC
        and tuple(part.name for part in facts.parts) == PARTS
        and all(type(size) is int and size >= 0 for size in sizes)
        and all(type(digest) is str and _DIGEST.fullmatch(digest) for digest in digests)
        and facts.parts[0].size <= LARGEST_KEYS
    )


def _blocks(file: BinaryIO, part: Part) -> Iterator[bytes]:
    """Yield the bytes of a part; raises ``NotABackup`` after the last of them where they are not what was written."""
    digest, left = hashlib.sha256(), part.size
    while left and (block := file.read(min(CHUNK, left))):
        digest.update(block)
        left -= len(block)
        yield block
    if left or digest.hexdigest() != part.sha256:
        raise NotABackup(_BROKEN)


def _require_end(file: BinaryIO) -> None:
    if file.read(1):
        raise NotABackup("This backup was changed after it was made: use another one; nothing was changed.")
