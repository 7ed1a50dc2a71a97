"""One copy of a whole store: made, opened and checked in a process of its own, and brought back without overwriting."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.models.base import Act
from app.services.backups import Copied, Told, quiet, require_none, sha256_of, told_plainly, write_part
from app.services.keeping import NotWritten
from app.services.leftovers import sweep
from app.services.marks import Marks
from app.services.opening import CannotOpen, Clock
from app.services.place import trouble
from app.services.sitting import Sitting
from app.store import checking
from app.store.faults import StoreFault
from app.store.store import Store
from app.vault import backup, errors, files, keys
from app.vault.backup import NotABackup

ROOT = Path(__file__).parents[2]
# what a check that was broken off leaves begins so
CHECKING = ".checking-"
# a folder beside the one asked for, with the number of the process that brings a backup back there
_RESTORING = ".restoring-"
UNSOUND = "This backup opens, but it is not sound: use another one; nothing was changed."
_running: set["subprocess.Popen[bytes]"] = set()


class BrokenOff(CannotOpen):
    """The check of a backup was not finished, so nothing is known of it."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a check of a backup found: nothing where it is sound; when it was made, and the length of its trail."""

    made: datetime
    entries: int
    findings: tuple[str, ...]


def back_up(sitting: Sitting, path: Path, told: Told = quiet) -> Copied:
    """Return what was written to ``path``, once it was opened and found sound.

    Raises ``NotWritten`` and leaves no file where it is not.
    """
    path = path.absolute()
    with told_plainly():
        require_none(path)
        with backup.part_of(path) as part:
            entries = write_part(sitting.store, sitting.now(), part, told)
            copied = Copied(sha256_of(part), entries)
            try:
                findings = prove_apart(part, sitting.store.key, told, aside=path.parent).findings
            except CannotOpen as fault:
                raise NotWritten(
                    f"The copy could not be opened and checked, so no backup was written. {fault}"
                ) from fault
            if not findings:
                files.rename(part, path)
    if findings:
        raise NotWritten(
            "The copy was opened and checked, and it was not sound, so no backup was written: check the store now, "
            f"because it may be damaged. {findings[0]}"
        )
    note(sitting, copied)
    return copied


def note(sitting: Sitting, copied: Copied) -> None:
    """Let the trail say that a backup was made, opened and found sound."""
    told = {"seq": copied.entries, "sha256": copied.sha256}
    with sitting.store.begin(sitting.act(), "store.backed-up", told=told):
        pass


def prove(path: Path, key: bytes, told: Told = quiet, aside: Path | None = None) -> Proof:
    """Return what a check of the backup finds, opened with its data key in a private folder that is then removed.

    ``aside`` is where that folder is made. Raises ``CannotOpen`` where it is no backup, or one under another key.
    """

    def known(_folder: Path) -> bytes:
        if not backup.is_under(path, key):
            raise CannotOpen("This backup is of another store, or was made before its keys were changed.")
        return key

    return prove_opened(path, known, told, aside)


def prove_opened(path: Path, unlock: Callable[[Path], bytes], told: Told = quiet, aside: Path | None = None) -> Proof:
    """Return what a check of the backup finds, opened by ``unlock`` as ``restore`` does; raises as ``prove`` does."""
    try:
        # a folder that takes nothing, as on a disk that can only be read, leaves the system's own
        if aside is not None and not os.access(aside, os.W_OK | os.X_OK):
            aside = None
        if aside is not None:
            sweep(aside, CHECKING)
        with tempfile.TemporaryDirectory(prefix=f"{CHECKING}{os.getpid()}-", dir=aside) as name:
            folder = Path(name)
            facts = backup.read(path, folder)
            findings = findings_in(folder, _unlocked(folder, unlock), facts, told)
    except NotABackup as error:
        raise CannotOpen(str(error)) from error
    except OSError as error:
        raise CannotOpen(f"The backup cannot be read or checked ({error.strerror}).") from error
    return Proof(facts.made, facts.seq, findings)


def findings_in(folder: Path, key: bytes, facts: backup.Facts, told: Told) -> tuple[str, ...]:
    """Return what is wrong with a backup's store, taken apart in ``folder``."""
    try:
        store = Store.open(folder, key)
    except StoreFault as fault:
        return (str(fault),)
    try:
        found = list(checking.findings(store, told))
        if (store.end.seq, store.end.digest.hex()) != (facts.seq, facts.head):
            found.append("Its audit trail does not end where the backup says.")
        if not facts.is_signed(store.mac):
            found.append("What the backup says of itself was not written by this store.")
        return tuple(found)
    finally:
        store.close()


def prove_apart(path: Path, key: bytes, told: Told = quiet, aside: Path | None = None) -> Proof:
    """Do what ``prove`` does, in a process of its own: this one is not slowed, and nothing here can hide a fault.

    The key goes through a pipe; the process ends as soon as this one closes it, however that comes about.
    """
    told("Checking the backup", 0, 1)
    words = [*_program(), "check", "--json", "--key-on-stdin", "--backup", str(path.absolute())]
    if aside is not None:
        words += ["--aside", str(aside.absolute())]
    try:
        child = subprocess.Popen(  # noqa: S603  (this program itself, with words of its own)
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
    except OSError as error:
        raise BrokenOff(f"The check of the backup could not be started ({error.strerror}).") from error
    _running.add(child)
    try:
        answer = _asked(child, key)
    finally:
        _running.discard(child)
    told("Checking the backup", 1, 1)
    if "error" in answer:
        raise CannotOpen(str(answer["error"]))
    return Proof(datetime.fromisoformat(answer["made"]), answer["entries"], tuple(answer["findings"]))


def stop_checks() -> None:
    """End whatever check of a backup is under way: it knows the key."""
    for child in tuple(_running):
        child.kill()


def _asked(child: "subprocess.Popen[bytes]", key: bytes) -> dict[str, Any]:
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("a check without pipes")
    with child:
        with suppress(OSError):
            child.stdin.write(key.hex().encode() + b"\n")
            child.stdin.flush()
        content = child.stdout.read()
        with suppress(OSError):
            child.stdin.close()
    try:
        return dict(json.loads(content))
    except (ValueError, TypeError):
        raise BrokenOff("The check of the backup was broken off before it was finished.") from None


def _program() -> Sequence[str]:
    """Return the words that start this program once more; a built one is its own interpreter."""
    return (sys.executable,) if getattr(sys, "frozen", False) else (sys.executable, "-m", "app")


def restore(path: Path, folder: Path, unlock: Callable[[Path], bytes], now: Clock, told: Told = quiet) -> int:
    """Bring a backup back into ``folder``, which must be empty or new, and return the length of its audit trail.

    ``unlock`` gives the data key of the store in the folder it is given (``by_passphrase``, ``by_recovery_key``).
    Everything is checked beside the folder first; raises ``CannotOpen`` and leaves nothing where it is not sound.
    """
    folder = folder.absolute()
    aside = folder.parent / f".{folder.name}{_RESTORING}{os.getpid()}"
    if sentence := trouble(folder):
        raise CannotOpen(sentence)
    try:
        if folder.exists() and any(folder.iterdir()):
            raise CannotOpen("The folder is not empty, and restoring never overwrites: choose a new or empty folder.")
        sweep(folder.parent, f".{folder.name}{_RESTORING}")
        aside.mkdir(parents=True, mode=0o700)
        told("Bringing the backup back", 0, 2)
        facts = backup.read(path, aside)
        told("Bringing the backup back", 1, 2)
        key = _unlocked(aside, unlock)
        if findings_in(aside, key, facts, told):
            raise CannotOpen(UNSOUND)
        files.keep_previous(aside)
        marks = note_restored(aside, key, facts, now)
        files.flush_folder(aside)
        if folder.exists():
            folder.rmdir()
        files.rename(aside, folder)
        files.flush_folder(folder.parent)
        marks.keep(now(), in_keyring=keys.is_remembered(folder))
    except NotABackup as error:
        raise CannotOpen(str(error)) from error
    except OSError as error:
        raise CannotOpen(f"The backup cannot be read or brought back ({error.strerror}).") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    told("Bringing the backup back", 2, 2)
    return facts.seq


def by_passphrase(phrase: str) -> Callable[[Path], bytes]:
    """Return what unlocks a store in a folder with ``phrase``."""
    return lambda folder: keys.unlock(folder, phrase)


def by_recovery_key(printed: str) -> Callable[[Path], bytes]:
    """Return what unlocks a store in a folder with its printed recovery key."""
    return lambda folder: keys.unlock_with_recovery(folder, printed)


def _unlocked(folder: Path, unlock: Callable[[Path], bytes]) -> bytes:
    try:
        return unlock(folder)
    except errors.WrongSecret as wrong:
        raise CannotOpen(str(wrong), wrong_secret=True) from wrong
    except errors.VaultError as fault:
        raise CannotOpen(str(fault)) from fault


def note_restored(folder: Path, key: bytes, facts: backup.Facts, now: Clock) -> Marks:
    """Let the trail of the store say that it was brought back, and as of when.

    Returns the notes about it, to be kept once it is in its place: it is older than they say, and on purpose.
    """
    store = Store.open(folder, key)
    try:
        told = {"made": facts.made.isoformat(), "seq": facts.seq}
        with store.begin(Act("Chairside", now(), os.urandom), "store.restored", told=told):
            pass
        return Marks(store)
    finally:
        store.close()
