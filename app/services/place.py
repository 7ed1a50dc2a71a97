"""Where a store is looked for, where it must not be, and how it gets to a better place."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from app.services.moved import MOVED, followed, forget_word, leave_word

VARIABLE = "CHAIRSIDE_STORE"
STORE_FILES = ("vault.keys", "vault.keys.new", "vault.keys.prev", "vault.db", "vault.swap")


def store_folder(given: str | None = None) -> Path:
    """Return the folder of the store: the one that is named, or where a move from there has taken its store."""
    return followed(named_folder(given))


def named_folder(given: str | None = None) -> Path:
    """Return the folder given, else that of ``CHAIRSIDE_STORE``, else this person's own."""
    named = given or os.environ.get(VARIABLE, "")
    if named:
        try:
            return Path(named).expanduser()
        except RuntimeError:  # nobody of that name: then it is a folder's own name
            return Path(named)
    # the first window waits for this module, and mostly for nothing in it
    from platformdirs import user_data_path

    return user_data_path("Chairside", appauthor=False, roaming=False) / "store"


def has_store(folder: Path) -> bool:
    """Return whether anything of a store is in ``folder``; quick, and nothing is opened."""
    return any((folder / name).exists() for name in STORE_FILES)


class CannotMove(Exception):
    """The store could not be moved, and is where it was; the text is one sentence."""


def trouble(folder: Path) -> str:
    """Return the sentence that says why a store must not be in ``folder``, empty where it may."""
    from app.vault.places import kind_of, mounts

    kind = kind_of(folder, mounts(), Path.home(), os.environ)
    if not kind:
        return ""
    return (
        f"This folder is on {kind}, where a save can be torn apart and the record lost: keep the store in a folder of "
        "this computer alone (“chairside move-store” moves it whole); its backups may stay there."
    )


def better_place() -> Path:
    """Return a folder of this computer that a store can be moved to: this person's usual one, or one beside it."""
    from platformdirs import user_data_path

    usual = user_data_path("Chairside", appauthor=False, roaming=False) / "store"
    folder, number = usual, 1
    while folder.exists() and any(folder.iterdir()):
        number += 1
        folder = usual.with_name(f"store-{number}")
    return folder


def move_store(folder: Path, to: Path, told: Callable[[str, int, int], None] = lambda _what, _done, _of: None) -> str:
    """Move the store in ``folder`` to ``to``, which must be new or empty: whole and compared, or not at all.

    In the old folder stays the word that leads to the new one. Raises ``CannotMove``. Returns an empty text, or the
    sentence that says that this word could not be left, or that a part of the old store is still there.
    """
    import shutil

    from app.services.leftovers import sweep
    from app.store.faults import StoreFault
    from app.store.file import held
    from app.vault.files import rename

    folder, to = folder.absolute(), to.absolute()
    begin = f".{to.name}.moving-"
    aside = to.parent / f"{begin}{os.getpid()}"
    if not (folder / "vault.db").is_file():
        raise CannotMove("There is no Chairside store in this folder: check the name of the folder.")
    if sentence := trouble(to):
        raise CannotMove(sentence)
    if Path(os.path.realpath(to)).is_relative_to(os.path.realpath(folder)) or (to.exists() and not _is_free(to)):
        raise CannotMove("The store can only be moved to a new or empty folder outside its own: choose another.")
    try:
        sweep(to.parent, begin)
        with held(folder / "vault.db") as database:
            names = _of_the_store(folder)
            _copy_all(folder, aside, names, database, told)
            if to.exists():
                forget_word(to)
                to.rmdir()
            rename(aside, to)
            _flush(to.parent)
            return " ".join(filter(None, (_said(folder, to), _taken_away(folder, names))))
    except (OSError, StoreFault) as error:
        why = str(error) if isinstance(error, StoreFault) else f"{error.strerror or 'a file read back differently'}."
        raise CannotMove(f"The store was not moved, and is where it was: {why}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _is_free(folder: Path) -> bool:
    """Return whether nothing is in a folder but the word of a store that was there before."""
    return folder.is_dir() and all(path.name == MOVED for path in folder.iterdir())


def _said(folder: Path, to: Path) -> str:
    """Leave word of the move, before anything goes: from here on the store is in its new place."""
    try:
        leave_word(folder, to)
    except OSError:
        return "Nothing in the old folder says so: have Chairside started with the new one."
    return ""


def _of_the_store(folder: Path) -> list[Path]:
    """Return what belongs to the store in ``folder``, by its place in it; nothing else in there is ever touched."""
    from app.store.reserve import NAME

    left = {NAME, "vault.lock"}
    found = (path for pattern in ("vault.*", "vault.next/*", "backups/backup-*") for path in folder.glob(pattern))
    return sorted(path.relative_to(folder) for path in found if path.is_file() and path.name not in left)


def _copy_all(
    folder: Path, aside: Path, names: list[Path], database: int, told: Callable[[str, int, int], None]
) -> None:
    """Copy the files, flushed and compared; raises ``OSError``.

    The database is read by the descriptor that holds its lock: closing another one would let go of the lock.
    """
    aside.mkdir(parents=True, mode=0o700)
    for done, name in enumerate(names):
        told("Moving the store", done, len(names))
        (aside / name).parent.mkdir(mode=0o700, exist_ok=True)
        whose = database if name == Path("vault.db") else folder / name
        with open(whose, "rb", closefd=whose != database) as source:
            _copy(source, aside / name)
    for made in {(aside / name).parent for name in names}:
        _flush(made)


def _copy(source: BinaryIO, target: Path) -> None:
    # the first window waits for this module, and not for what only a move needs
    import hashlib

    digest = hashlib.sha256()
    with target.open("xb") as out:
        target.chmod(0o600)
        while block := source.read(1 << 20):
            digest.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    with target.open("rb") as copy:
        if hashlib.file_digest(copy, "sha256").digest() != digest.digest():
            raise OSError


def _taken_away(folder: Path, names: list[Path]) -> str:
    left = False
    for name in (*names, Path("vault.reserve")):
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError:
            left = True
    for empty in (folder / "backups", folder / "vault.next", folder):
        with suppress(OSError):
            empty.rmdir()
    if not left:
        return ""
    return "The old files could not all be taken away: they are encrypted, and may be deleted by hand."


def _flush(folder: Path) -> None:
    if os.name == "posix":  # elsewhere there is no way to flush a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
