"""Putting a whole new store in the place of the one in a folder, so that at each moment exactly one of them opens.

The new key file and database stand ready in a folder of their own, ``vault.next``. The journal ``vault.swap`` is the
turning point: until it is on the disk the old store counts, and what stands ready is let go; from then on the new one
does, and whoever opens the folder next finishes the renaming. The old files stay beside it under another name.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.vault import files
from app.vault.errors import NotAFile, VaultError

READY, JOURNAL, _UNFINISHED_JOURNAL = "vault.next", files.SWAP, "vault.swap.new"
PARTS = (files.KEYS, files.DATABASE)
# What belongs to the old store alone. A rollback journal above all must never be found beside another database.
OF_THE_OLD = (f"{files.DATABASE}-journal", files.NEXT, files.PREVIOUS)
_FORMAT, _MOST_BYTES = "chairside-swap", 4096
_UNNAMED = "before-swap"
# how the suffixes of files begin that are of no use once the new store has been opened, and of those that are kept
BEFORE_REKEY, DAMAGED = "before-rekey", "damaged"


class BeingExchanged(VaultError):
    """Another program is at work on a new store for this folder."""

    def __init__(self) -> None:
        super().__init__(
            "This store is being put in order by another Chairside window: wait until it has finished, then try again."
        )


class NotExchanged(VaultError):
    """The new store could not be put in place; ``begun`` says whether the next opening goes on with it."""

    def __init__(self, reason: str, *, begun: bool) -> None:
        self.reason, self.begun = reason, begun
        super().__init__(
            f"The new store is whole, but could not be put in its place yet ({reason}): open the store again to go on."
            if begun
            else f"The new store could not be put in place ({reason}): nothing was changed, and the old one opens."
        )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the journal says: the suffix for the old files, and the SHA-256 of each new one."""

    aside: str
    digests: Mapping[str, str]


@contextmanager
def ready(folder: Path) -> Iterator[Path]:
    """Give an empty folder for the files of a new store, held alone; without ``commit`` all of it goes at the end.

    Raises BeingExchanged, NotAFile, or OSError where it cannot be made.
    """
    _require_plain(folder)
    with _alone(folder):
        _finish(folder)
        room = folder / READY
        room.mkdir(mode=0o700)
        try:
            yield room
        finally:
            if not (folder / JOURNAL).exists():
                shutil.rmtree(room, ignore_errors=True)


def suffix(begin: str, at: datetime) -> str:
    """Return the suffix for files that are put aside at a moment: "damaged-20261210T103000Z"."""
    return f"{begin}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def commit(folder: Path, aside: str) -> str:
    """Put the store that stands ready in its place, and return the suffix under which the old files are kept.

    It is ``aside``, with a number where files of that name are there. Raises NotExchanged.
    """
    free, number = aside, 1
    while any(folder.glob(f"*.{free}")):
        number += 1
        free = f"{aside}-{number}"
    try:
        digests = {}
        for name in PARTS:
            with (folder / READY / name).open("rb+") as file:
                os.fsync(file.fileno())
                digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
        files.flush_folder(folder / READY)
        plan = {"aside": free, "format": _FORMAT, "sha256": digests, "version": 1}
        files.put(folder / JOURNAL, json.dumps(plan, sort_keys=True).encode())
    except OSError as failed:
        with suppress(OSError):
            (folder / _UNFINISHED_JOURNAL).unlink(missing_ok=True)
        raise NotExchanged(files.reason(failed), begun=False) from None
    _finish(folder)
    return free


def finish(folder: Path) -> None:
    """Go on with an exchange that was cut off, or drop what was never decided on; nothing happens where there is none.

    Raises BeingExchanged, NotExchanged or NotAFile.
    """
    _require_plain(folder)
    if any((folder / name).exists() for name in (JOURNAL, READY, _UNFINISHED_JOURNAL)):
        with _alone(folder):
            _finish(folder)


def _require_plain(folder: Path) -> None:
    """Raise NotAFile where a part of the store is something that opening would wait for, follow, or take for damage."""
    # what has the name of a key file counts as a damaged one, and another stands in for it
    for name in (files.DATABASE, f"{files.DATABASE}-journal", JOURNAL, _UNFINISHED_JOURNAL):
        if (folder / name).exists() and not (folder / name).is_file():
            raise NotAFile(name)
    room = folder / READY
    if room.is_symlink() or (room.exists() and not room.is_dir()):
        raise NotAFile(READY, "folder")


def kept_aside(folder: Path, aside: str) -> list[Path]:
    """Return the files of an old store that are kept under a suffix that begins with ``aside``."""
    names = (*PARTS, *OF_THE_OLD)
    return sorted(path for name in names for path in folder.glob(f"{name}.{aside}*"))


def let_go(folder: Path, aside: str) -> None:
    """Delete the files of an old store kept under a suffix that begins with ``aside``, as far as the system lets us."""
    for path in kept_aside(folder, aside):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _finish(folder: Path) -> None:
    plan = _plan(folder)
    if plan is None:
        with suppress(OSError):
            (folder / _UNFINISHED_JOURNAL).unlink(missing_ok=True)
        shutil.rmtree(folder / READY, ignore_errors=True)
        return
    if not plan.digests and not any((folder / READY / name).exists() for name in PARTS):
        # it cannot be read and nothing stands ready: the store is what it is, and nothing of it may be put aside
        _drop(folder / JOURNAL)
        return
    try:
        files.flush_folder(folder)  # from here on the journal survives whatever comes
        sound = all(_is_sound(folder, name, digest) for name, digest in plan.digests.items())
        if sound:
            _forward(folder, plan.aside)
        else:
            _back(folder, plan.aside)
    except OSError as failed:
        raise NotExchanged(files.reason(failed), begun=True) from None
    _drop(folder / JOURNAL)
    shutil.rmtree(folder / READY, ignore_errors=True)
    if not sound:
        raise NotExchanged("what stood ready was damaged", begun=False)


def _drop(journal: Path) -> None:
    try:
        journal.unlink()
        files.flush_folder(journal.parent)
    except OSError as failed:
        raise NotExchanged(files.reason(failed), begun=True) from None


def _forward(folder: Path, aside: str) -> None:
    for name in (*OF_THE_OLD, *PARTS):
        here, fresh, kept = folder / name, folder / READY / name, folder / f"{name}.{aside}"
        if name in PARTS and not fresh.exists():
            continue  # it is in its place already
        if here.exists() and not kept.exists():
            files.rename(here, kept)
        if name in PARTS:
            files.rename(fresh, here)
    if (folder / READY).is_dir():  # a copy of the whole folder may have left an empty one out
        files.flush_folder(folder / READY)
    files.flush_folder(folder)
    # twice, as a new store has it, so that one damaged key file never needs a backup
    files.keep_previous(folder)
    files.flush_folder(folder)


def _back(folder: Path, aside: str) -> None:
    """Put the old files back, where what was to follow them is not what it was when it was decided on."""
    for name in (*PARTS, *OF_THE_OLD):
        kept = folder / f"{name}.{aside}"
        if kept.exists():
            files.rename(kept, folder / name)
    files.flush_folder(folder)


def _is_sound(folder: Path, name: str, digest: str) -> bool:
    fresh = folder / READY / name
    try:
        with (fresh if fresh.exists() else folder / name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == digest
    except FileNotFoundError:
        return False


def _plan(folder: Path) -> _Plan | None:
    """Return what the journal says; None where there is none, and so nothing was decided on."""
    try:
        with (folder / JOURNAL).open("rb") as file:
            said = json.loads(file.read(_MOST_BYTES))
        aside, digests = said["aside"], {name: said["sha256"][name] for name in PARTS}
    except FileNotFoundError:
        return None
    except OSError as failed:
        raise NotExchanged(files.reason(failed), begun=True) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        # that it is there says that the new store was whole, and names cannot be read from it any more
        return _Plan(_UNNAMED, {})
    plain = isinstance(aside, str) and set(aside) <= set("abcdefghijklmnopqrstuvwxyzTZ0123456789-")
    return _Plan(aside, digests) if plain and aside else _Plan(_UNNAMED, {})


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder against every other program that exchanges a store in it; a crash lets go of it."""
    if sys.platform == "win32":
        import msvcrt

        path = folder / "vault.swap.lock"
        handle = os.open(path, os.O_RDWR | os.O_CREAT)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            os.close(handle)
            raise BeingExchanged from None
    else:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise BeingExchanged from None
        except OSError:
            pass  # a file system without locks: the database's own lock is left
    try:
        yield
    finally:
        os.close(handle)
