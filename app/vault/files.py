"""The key files on disk: which header is in force, and how one is replaced so that no crash locks anybody out."""

import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from app.vault.errors import (
    CannotReadKeys,
    HeaderDamaged,
    KeysNotFlushed,
    KeysNotSaved,
    NewerVersion,
    NoVault,
)
from app.vault.header import MOST_BYTES, Header, is_ours, read

KEYS, NEXT, PREVIOUS = "vault.keys", "vault.keys.new", "vault.keys.prev"
DATABASE = "vault.db"
SWAP = "vault.swap"

# A virus scanner may hold a file for a moment after it was written; only Windows then refuses to rename it.
_RENAME_TRIES, _RENAME_PAUSE = 12, 0.05


def is_store(folder: Path) -> bool:
    """Say whether anything of a store is in the folder: a key file in any state, a database, or one on its way."""
    return any((folder / name).exists() for name in (KEYS, NEXT, PREVIOUS, DATABASE, SWAP))


def make_private(folder: Path) -> None:
    """Make the folder for its owner only; one that is there and empty becomes so, a used one is left as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        folder.chmod(0o700)
    flush_folder(folder.parent)


def candidates(folder: Path) -> list[Header]:
    """Return the sound headers a secret may be tried on, at least one.

    Raises NoVault, HeaderDamaged, NewerVersion or CannotReadKeys.
    """
    contents = _contents(folder)
    database_present = (folder / DATABASE).exists()
    if not contents or not (database_present or any(is_ours(content) for content in contents.values())):
        raise NoVault(database_present=database_present)
    sound: dict[str, Header] = {}
    newer: set[str] = set()
    for name, content in contents.items():
        try:
            sound[name] = read(content)
        except NewerVersion:
            newer.add(name)
        except HeaderDamaged:
            continue
    # The header before last opens with secrets that were given up, so it is asked only where nothing better is left.
    current = [sound[name] for name in (KEYS, NEXT) if name in sound]
    if not current and newer & {KEYS, NEXT}:
        raise NewerVersion
    if not current and PREVIOUS not in sound:
        raise HeaderDamaged
    return current or [sound[PREVIOUS]]


def _contents(folder: Path) -> dict[str, bytes]:
    """Return what is in each key file there is; nothing in one so damaged that the system cannot read it."""
    contents = {}
    for name in (KEYS, NEXT, PREVIOUS):
        try:
            content = head(folder / name, MOST_BYTES)
        except PermissionError as refused:
            if name == KEYS:  # no damage, so no secret that was given up may come back for it
                raise CannotReadKeys(reason(refused)) from None
            content = b""
        except OSError:
            content = b""
        if content is not None:
            contents[name] = content
    return contents


def settle(folder: Path, header: Header, key: bytes) -> None:
    """Make ``header`` the one in force, where a crash or damage left doubt; a store that cannot be written stays so."""
    there = sound(folder, KEYS)
    if there is not None and there.vault != header.vault:
        return  # a header of another store was put beside ours, and must not take its place
    if there is not None and there.generation > header.generation and there.is_genuine(key):
        return  # whoever holds the store changed it while the secret was tried, and that stands
    # Opening must not depend on being able to write: the doubt is settled another time.
    with suppress(OSError, CannotReadKeys):
        if _content(folder / KEYS) == header.written():
            (folder / NEXT).unlink(missing_ok=True)
            return
        _write(folder / NEXT, header.written())
        keep_previous(folder)
        rename(folder / NEXT, folder / KEYS)
        flush_folder(folder)


def replace(folder: Path, header: Header, prove: Callable[[Header], bool]) -> None:
    """Put ``header`` in force; raises KeysNotSaved, and then the header before it still is in force.

    ``prove`` is given the header as read back, and says whether it opens with the secret just used.
    """
    for _ in replacing(folder, header, prove):
        pass


def replacing(folder: Path, header: Header, prove: Callable[[Header], bool]) -> Iterator[str]:
    """Do what ``replace`` does one step at a time, giving the name of each step done.

    Whoever stops between two steps leaves the folder as a crash at that moment would.
    """
    following = folder / NEXT
    try:
        _write(following, header.written())
        yield "written"
        _read_back(following, prove)
        yield "proved"
        keep_previous(folder)
        yield "kept"
        rename(following, folder / KEYS)
    except (OSError, CannotReadKeys, HeaderDamaged) as failed:
        with suppress(OSError):
            following.unlink(missing_ok=True)
        raise KeysNotSaved(reason(failed)) from None
    yield "renamed"
    try:
        flush_folder(folder)
    except OSError as failed:
        raise KeysNotFlushed(reason(failed)) from None
    yield "flushed"


def _read_back(path: Path, prove: Callable[[Header], bool]) -> None:
    if not prove(read(_content(path) or b"")):
        raise HeaderDamaged


def keep_previous(folder: Path) -> None:
    """Copy the header in force, if it is sound, to the place of the previous one."""
    content = _content(folder / KEYS)
    if content is None:
        return
    with suppress(HeaderDamaged, NewerVersion):
        read(content)
        _write(folder / PREVIOUS, content)


def put(path: Path, content: bytes) -> None:
    """Put a small file in place of the one there was, whole or not at all; raises OSError."""
    following = path.with_name(f"{path.name}.new")
    try:
        _write(following, content)
        rename(following, path)
    except OSError:
        with suppress(OSError):
            following.unlink(missing_ok=True)
        raise


def damage(folder: Path, name: str) -> str:
    """Return "missing" or "damaged" for a key file that is not sound, and an empty text for one that is.

    One of a later version is sound, and one that the system does not let us read is damaged.
    """
    try:
        content = _content(folder / name)
        if content is None:
            return "missing"
        read(content)
    except NewerVersion:
        return ""
    except (HeaderDamaged, CannotReadKeys):
        return "damaged"
    return ""


def sound(folder: Path, name: str) -> Header | None:
    """Return the header in a key file, None where it has none that can be used here."""
    try:
        return read(_content(folder / name) or b"")
    except (HeaderDamaged, CannotReadKeys, NewerVersion):
        return None


def discard(folder: Path) -> None:
    """Remove the key files of a store that was never finished."""
    for name in (KEYS, NEXT, PREVIOUS):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def reason(failed: Exception) -> str:
    """Return the system's own few words for a failure, which name no path."""
    if isinstance(failed, (KeysNotSaved, KeysNotFlushed)):
        return failed.reason
    return (failed.strerror if isinstance(failed, OSError) else None) or "it read back differently"


def _content(path: Path) -> bytes | None:
    """Return what the file holds, a little more than the limit at most; None where there is no file."""
    try:
        return head(path, MOST_BYTES)
    except OSError as refused:
        raise CannotReadKeys(reason(refused)) from None


def head(path: Path, most: int) -> bytes | None:
    """Return what a small file holds, a byte more than ``most`` at most; None where there is no file.

    Raises OSError, also for what is not a file.
    """
    try:
        with opened(path) as file:
            return file.read(most + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None


def opened(path: Path) -> BinaryIO:
    """Return a file to read; raises OSError, also for what is not a file: a pipe of that name would never answer."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    file = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is not a file")
    return file


def _write(path: Path, content: bytes) -> None:
    """Make the file anew, readable by its owner only, and flush it to the disk."""
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def rename(
    source: Path,
    target: Path,
    *,
    tries: int = _RENAME_TRIES if sys.platform == "win32" else 1,
    replace: Callable[[Path, Path], object] = Path.replace,
    wait: Callable[[float], object] = time.sleep,
) -> None:
    """Give a file another name, in place of what has that name; raises OSError."""
    for pause in range(1, tries):
        try:
            replace(source, target)
        except PermissionError:
            wait(_RENAME_PAUSE * pause)
        else:
            return
    replace(source, target)


def flush_folder(folder: Path) -> None:
    """Return once the names in the folder are on the disk; raises OSError."""
    if sys.platform == "win32":
        return  # there is no way to flush a folder there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
