"""The backups of a store on the disk: how one is named, written and found; nothing is opened here."""

import hashlib
import hmac
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from app.services.keeping import OF_A_BACKUP, NotWritten
from app.store.faults import StoreFault
from app.store.file import CopyStopped
from app.store.store import Store
from app.vault import backup, files

Told = Callable[[str, int, int], None]
"""Hears what is being done, and how many of how many parts of it are done."""
GoesOn = Callable[[], bool]

PLACE = "backups"
CHECKED, FAILED = ".checked", ".failed"
# bytes that even a slow disk takes in a moment
STRETCH = 16 << 20
_LABEL = b"chairside backup note"
_NAME = re.compile(r"backup-(\d{8}T\d{6}Z)-(\d{6,})\.chairside-backup")
_MOMENT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup as its name tells it, and whether a note beside it says that it was opened and found sound."""

    path: Path
    made: datetime
    entries: int
    verified: bool


@dataclass(frozen=True, slots=True)
class Copied:
    """A backup that was written, its digest, and how long its audit trail is."""

    sha256: str
    entries: int


class Notes:
    """What is written beside a backup once it was checked, in a way that only somebody who can open the store knows."""

    def __init__(self, store: Store) -> None:
        with store.connection() as connection:
            row = connection.exec_driver_sql("SELECT digest, salt FROM audit_entry WHERE seq = 1").first()
        digest, salt = (bytes(part or b"") for part in row) if row else (b"", b"")
        self._key = hmac.digest(salt, _LABEL + digest, hashlib.sha256)

    def says(self, path: Path, ending: str) -> str:
        """Return the digest that a note of ours names, empty where there is none of ours."""
        try:
            digest, code = beside(path, ending).read_text(encoding="ascii").split()
        except (OSError, ValueError):
            return ""
        return digest if hmac.compare_digest(code.encode(), self._code(digest, ending).encode()) else ""

    def write(self, path: Path, digest: str, ending: str) -> None:
        """Note of the backup at ``path`` what ``ending`` says; raises ``OSError``."""
        with backup.part_of(beside(path, ending)) as part:
            with part.open("x", encoding="ascii") as file:
                part.chmod(0o600)
                file.write(f"{digest} {self._code(digest, ending)}\n")
            files.rename(part, beside(path, ending))

    def _code(self, digest: str, ending: str) -> str:
        return hmac.digest(self._key, f"{ending[1:]} {digest}".encode(), hashlib.sha256).hex()


def beside(path: Path, ending: str) -> Path:
    """Return where a note about the backup at ``path`` is."""
    return path.with_name(path.name + ending)


def quiet(_what: str, _done: int, _of: int) -> None:
    """Hear how far something is, and say nothing."""


def always() -> bool:
    """Go on, however long it takes."""
    return True


def found_in(place: Path) -> list[Backup]:
    """Return the backups in a folder, the newest first; none where it cannot be read."""
    found = []
    with suppress(OSError):
        for path in place.iterdir():
            named = _NAME.fullmatch(path.name)
            if named is not None:
                with suppress(ValueError):  # digits that are no date
                    made = datetime.strptime(named[1], _MOMENT).replace(tzinfo=UTC)
                    found.append(Backup(path, made, int(named[2]), beside(path, CHECKED).exists()))
    return sorted(found, key=lambda one: (one.made, one.entries), reverse=True)


def add_to(folder: Path, store: Store, made: datetime, told: Told = quiet, goes_on: GoesOn = always) -> Path:
    """Return the backup that was put among those of the store in ``folder``; raises as ``write_copy`` does."""
    place = folder / PLACE
    path = place / f"backup-{made.astimezone(UTC).strftime(_MOMENT)}-{store.end.seq:06}{OF_A_BACKUP}"
    with told_plainly():
        place.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():  # the same moment and the same end: it is the same
            write_copy(store, made, path, told, goes_on)
    return path


def write_copy(store: Store, made: datetime, path: Path, told: Told = quiet, goes_on: GoesOn = always) -> None:
    """Write a backup to ``path``; it is not checked yet.

    Raises ``NotWritten``, or ``CopyStopped`` once ``goes_on`` says no, and leaves no file then.
    """
    path = path.absolute()
    with told_plainly():
        require_none(path)
        with backup.part_of(path) as part:
            write_part(store, made, part, told, goes_on)
            files.rename(part, path)
        files.flush_folder(path.parent)


def write_part(store: Store, made: datetime, part: Path, told: Told = quiet, goes_on: GoesOn = always) -> int:
    """Write a backup to ``part``, which has no name of its own yet, and return how long its audit trail is.

    Raises ``OSError`` or ``StoreFault``, or ``CopyStopped`` once ``goes_on`` says no.
    """
    ends = []

    def database(out: BinaryIO) -> dict[str, object]:
        on = goes_on if goes_on is always else _asked_on_the_disk(out, goes_on)
        end = store.copy_to(out, lambda done, of: told("Copying the store", done, of), on)
        ends.append(end.seq)
        return {"made": made.astimezone(UTC).isoformat(), "seq": end.seq, "head": end.digest.hex()}

    def between() -> None:
        if not goes_on():
            raise CopyStopped

    backup.write(part, (store.folder / backup.KEYS).read_bytes(), database, store.mac, between)
    return ends[0]


def _asked_on_the_disk(out: BinaryIO, goes_on: GoesOn) -> GoesOn:
    """Return what asks ``goes_on`` with little of ``out`` left to flush: the last flush cannot be broken off."""
    flushed = out.tell()

    def asked() -> bool:
        nonlocal flushed
        if out.tell() - flushed >= STRETCH:
            out.flush()
            os.fsync(out.fileno())
            flushed = out.tell()
        return goes_on()

    return asked


def require_none(path: Path) -> None:
    """Raise ``NotWritten`` where there is something of that name."""
    if path.exists():
        raise NotWritten("There is already a file of that name: choose another name for the backup.")


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn whatever keeps a backup from being written into ``NotWritten``."""
    try:
        yield
    except OSError as error:
        raise NotWritten(
            f"The backup could not be written ({error.strerror}): make room or choose another folder."
        ) from error
    except StoreFault as fault:
        raise NotWritten(f"The backup could not be made. {fault}") from fault


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a whole file in lower-case hexadecimal; raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_still_sound(one: Backup, notes: Notes) -> bool:
    """Return whether a backup is what it was when it was checked; raises ``OSError``, and drops a note that is not."""
    if sha256_of(one.path) == notes.says(one.path, CHECKED):
        return True
    beside(one.path, CHECKED).unlink(missing_ok=True)
    return False


def take_away(path: Path) -> None:
    """Delete a backup and the notes about it; raises ``OSError``."""
    for name in (path, beside(path, CHECKED), beside(path, FAILED)):
        name.unlink(missing_ok=True)


def is_in_trail(store: Store, facts: backup.Facts) -> bool:
    """Return whether the store's own trail holds the entry that a backup ends with."""
    with store.connection() as connection:
        there = connection.exec_driver_sql("SELECT digest FROM audit_entry WHERE seq = ?", (facts.seq,)).first()
    return there is not None and bytes(there[0]).hex() == facts.head
