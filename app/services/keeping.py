"""Files that come to the program and leave it: read up to a limit; written whole, or not at all."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from app.services.place import STORE_FILES

OF_A_STORE = frozenset({*STORE_FILES, "vault.db-journal", "vault.tries"})
OF_A_BACKUP = ".chairside-backup"


class NotWritten(Exception):
    """A file could not be written; the text is one sentence."""


class TooLarge(Exception):
    """A file is longer than whatever it could be."""


def read_file(path: Path, most: int) -> bytes:
    """Return what the file holds; raises ``TooLarge`` beyond ``most`` bytes, ``OSError`` where it cannot be read."""
    with opened(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise TooLarge
    return content


def opened(path: Path) -> BinaryIO:
    """Return a file to read; a pipe that nobody writes to has come to its end, for it would never answer."""
    waits = getattr(os, "O_NONBLOCK", 0)
    file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | waits))  # noqa: SIM115  (the caller's)
    if waits:
        os.set_blocking(file.fileno(), True)
    return file


def write_file(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``, for its owner only, replacing a file only once the new one is whole on the disk.

    A link keeps pointing where it did, and nothing but a file is ever replaced.
    """
    from app.vault.files import rename

    part = None
    try:
        # a link that points to itself is found out here
        target = path.resolve()
        if not path.name or target.is_dir():
            raise NotWritten("The file could not be written (what was named is a folder): give the name of a file.")
        if target.name in OF_A_STORE:
            raise NotWritten("A file of that name belongs to a store, and is never replaced: choose another name.")
        if target.exists() and not target.is_file():
            raise NotWritten("What has this name already is not a file, and is left as it is: choose another name.")
        if target.name.endswith(OF_A_BACKUP) and target.exists():
            raise NotWritten("A backup of a store has this name, and is never replaced: choose another name.")
        # short, so that a long name fits; made for its owner only, and never through a link somebody left there
        handle, part = tempfile.mkstemp(prefix=".chairside-", suffix=".part", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        rename(Path(part), target)
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "the system refused it"
        raise NotWritten(f"The file could not be written ({why}): choose another folder or make room.") from error
    finally:
        if part is not None:
            with suppress(OSError):
                Path(part).unlink(missing_ok=True)


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Put a folder with these files at ``path``, all of them or nothing, in place of the one that is there.

    Raises ``NotWritten``, and then what was there still is.
    """
    from app.vault.files import flush_folder, rename

    part = old = None
    try:
        target = path.resolve()
        part = Path(tempfile.mkdtemp(prefix=".chairside-", suffix=".part", dir=target.parent))
        for name, content in files.items():
            (part / name).parent.mkdir(mode=0o700, exist_ok=True)
            write_file(part / name, content)
        if target.exists():
            old = part.with_suffix(".old")
            rename(target, old)
        rename(part, target)
        flush_folder(target.parent)
    except (OSError, RuntimeError) as error:
        if old is not None and old.exists() and not path.exists():
            with suppress(OSError):
                rename(old, path.resolve())
        why = getattr(error, "strerror", None) or "the system refused it"
        raise NotWritten(f"The folder could not be written ({why}): choose another one or make room.") from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
        # where it could not go back to its place it is all there is
        if old is not None and path.exists():
            shutil.rmtree(old, ignore_errors=True)


def require_free(path: Path) -> None:
    """Raise ``NotWritten`` where a new file cannot be made at ``path``, or would replace one that holds something."""
    if path.exists() and (not path.is_file() or path.stat().st_size):
        raise NotWritten("There is something of that name already, and it is not overwritten: choose another name.")
    write_file(path, b"")
