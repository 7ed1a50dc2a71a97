"""The high-water mark: how far the trail has come, noted outside the store, so that an older one put back is noticed.

The form is in ``resources/docs/formats/audit-trail.md``, section 8.
"""

import hashlib
import hmac
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.practice.words import day
from app.store.store import Store
from app.store.trail import canonical
from app.vault import errors, system_keyring
from app.vault.files import rename

EVERY = 50
_LABEL = b"chairside-mark-1"
_LARGEST = 4096


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a trail had come when it was noted, and the day it was; ``at`` is None where nobody noted a time."""

    seq: int
    head: str
    at: datetime | None = None


class Forged(Exception):
    """A note is there, and it is not what this program wrote."""


class Marks:
    """The notes about one store. They are found by the trail's first entry, wherever the store lies.

    The first entry stays when the passphrase, the data key or the folder change, so no such change makes a note wrong;
    its salt is known to nobody who cannot open the store, and stands behind the note's code.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.connection() as connection:
            row = connection.exec_driver_sql("SELECT digest, salt FROM audit_entry WHERE seq = 1").first()
        digest, salt = (bytes(part or b"") for part in row) if row else (b"", b"")
        self._trail = digest[:16].hex()
        self._key = hmac.digest(salt, _LABEL + digest, hashlib.sha256)

    def keep(self, at: datetime, *, in_keyring: bool = False) -> None:
        """Note how far the trail is on the disk; where that cannot be written, the note before stays."""
        end = self._store.saved
        facts = {"at": at.isoformat(), "head": end.digest.hex(), "seq": end.seq, "trail": self._trail, "v": 1}
        with suppress(OSError):
            _write(self._path, canonical({**facts, "mac": self._code(facts)}))
        if in_keyring:
            with suppress(errors.VaultError):
                # 32 bytes are what an item of the keyring holds
                system_keyring.keep(self._item, end.seq.to_bytes(8, "big") + end.digest[:24])

    def leave_keyring(self) -> None:
        """Take the note out of the keyring, as far as that lets us."""
        with suppress(errors.VaultError):
            system_keyring.erase(self._item)

    def trouble(self, *, in_keyring: bool = False, otherwise: Sequence[Mark] = ()) -> tuple[str, Mark | None]:
        """Return the sentence that says that the store is not what it was, and the note that says so; empty otherwise.

        There is no note with the sentence where it cannot be read. Where there are no notes at all, ``otherwise`` are
        asked: what has been accepted since is not in them.
        """
        try:
            found = list(self._found(in_keyring=in_keyring))
        except Forged:
            return _FORGED, None
        for mark in found or otherwise:
            if not self._holds(mark):
                return _OLDER.replace("$when", f" on {day(mark.at)}" if mark.at else ""), mark
        return "", None

    def _found(self, *, in_keyring: bool) -> Iterator[Mark]:
        content = _read(self._path)
        if content is not None:
            yield self._read(content)
        if in_keyring:
            with suppress(errors.VaultError):
                kept = system_keyring.fetch(self._item)
                yield Mark(int.from_bytes(kept[:8], "big"), kept[8:].hex())

    def _read(self, content: bytes) -> Mark:
        try:
            facts = json.loads(content)
            said = facts.pop("mac")
            if not hmac.compare_digest(self._code(facts), said) or facts["trail"] != self._trail:
                raise Forged
            return Mark(facts["seq"], facts["head"], datetime.fromisoformat(facts["at"]))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise Forged from None

    def _holds(self, mark: Mark) -> bool:
        with self._store.connection() as connection:
            row = connection.exec_driver_sql("SELECT digest FROM audit_entry WHERE seq = ?", (mark.seq,)).first()
        return row is not None and isinstance(row[0], bytes) and row[0].hex().startswith(mark.head)

    def _code(self, facts: Mapping[str, Any]) -> str:
        return hmac.digest(self._key, canonical(facts), hashlib.sha256).hex()

    @property
    def _item(self) -> str:
        return f"mark-{self._trail}"

    @property
    def _path(self) -> Path:
        # opening a store waits for this, the first window does not
        from platformdirs import user_state_path

        return user_state_path("Chairside", appauthor=False) / "marks" / f"{self._trail}.json"


_OLDER = (
    "This store is older than when it was last used here$when, or its history is not the same: entries that were saved "
    "then are not in it. If nobody brought back a backup on purpose, stop, and ask your IT support who put it here."
)
_FORGED = (
    "The note on this computer of how far this store had come was changed or is damaged, so it cannot be told whether "
    "the store is the newest one. Look whether your last entries are there, and tell your IT support."
)


def _read(path: Path) -> bytes | None:
    """Return what is noted; None where nothing is, or it cannot be reached."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError:
        return None


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(prefix=".mark-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        rename(Path(part), path)
    finally:
        Path(part).unlink(missing_ok=True)
