"""A backup: one file with the keys' header and the encrypted database, and digests of both.

Format: ``resources/docs/formats/backup.md``. The file is as secret as the store: nothing in it is in the clear but when
it was made and how long its audit trail is.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MAGIC = b"chairside-backup-1\n"
LARGEST_MANIFEST = 4096
CHUNK = 1 << 20
PARTS = ("vault.keys", "vault.db")


class NotABackup(Exception):
    """The file is no backup of ours, or not whole; the text is one sentence."""


def write(path: Path, parts: Mapping[str, Path], facts: Mapping[str, Any]) -> str:
    """Write the parts and ``facts`` about them to ``path`` and return the SHA-256 of the file."""
    listing = [{"name": name, "size": parts[name].stat().st_size, "sha256": _digest(parts[name])} for name in PARTS]
    manifest = json.dumps({**facts, "parts": listing}, sort_keys=True).encode("utf-8") + b"\n"
    whole = hashlib.sha256()
    with path.open("xb") as out:
        path.chmod(0o600)
        for block in (MAGIC, manifest):
            out.write(block)
            whole.update(block)
        for name in PARTS:
            with parts[name].open("rb") as file:
                while block := file.read(CHUNK):
                    out.write(block)
                    whole.update(block)
        out.flush()
        os.fsync(out.fileno())
    return whole.hexdigest()


def read(path: Path, folder: Path) -> dict[str, Any]:
    """Put the parts of a backup into ``folder``, which must not have them, and return the facts it was made with.

    Raises ``NotABackup`` where a part is missing, cut short, changed or followed by something.
    """
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise NotABackup("This file is not a Chairside backup: choose the file that Chairside wrote.")
        facts = _manifest(file.readline(LARGEST_MANIFEST))
        for part in facts["parts"]:
            digest, left = hashlib.sha256(), part["size"]
            target = folder / part["name"]
            with target.open("xb") as out:
                target.chmod(0o600)
                while left and (block := file.read(min(CHUNK, left))):
                    out.write(block)
                    digest.update(block)
                    left -= len(block)
                out.flush()
                os.fsync(out.fileno())
            if left or digest.hexdigest() != part["sha256"]:
                raise NotABackup("This backup is damaged or not complete: use another one; nothing was changed.")
        if file.read(1):
            raise NotABackup("This backup was changed after it was made: use another one; nothing was changed.")
    return facts


def _manifest(line: bytes) -> dict[str, Any]:
    try:
        facts = json.loads(line)
        names = tuple(part["name"] for part in facts["parts"])
        sizes = [part["size"] for part in facts["parts"]]
        digests = [part["sha256"] for part in facts["parts"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        names, sizes, digests, facts = (), [], [], {}
    sound = all(type(size) is int and size >= 0 for size in sizes) and all(type(one) is str for one in digests)
    if names != PARTS or not sound:
        raise NotABackup("This backup is damaged or not complete: use another one; nothing was changed.")
    return dict(facts)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
