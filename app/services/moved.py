"""The word that a move leaves in a store's old folder: where the store went, for whoever still looks for it there."""

import os
from contextlib import suppress
from pathlib import Path

# The first window waits for this module: what only a store that was moved needs is imported where it is needed.

MOVED = "moved-to.txt"
_LONGEST = 16 * 1024
_MOST_MOVES = 16


def leave_word(folder: Path, to: Path) -> None:
    """Leave in ``folder`` where its store is now; raises ``OSError``.

    The path, and the random id of the store so that no other is taken for it; nothing else.
    """
    if "\n" in str(to):
        raise OSError("a path of two lines")
    from app.vault import files

    files.put(folder / MOVED, os.fsencode(f"{to}\n{_id(to)}\n"))


def forget_word(folder: Path) -> None:
    """Take away the word in ``folder``, where a store is to be again; raises ``OSError``."""
    (folder / MOVED).unlink(missing_ok=True)


def followed(folder: Path) -> Path:
    """Return where the store that was in ``folder`` is now, moved once or more often.

    That is ``folder`` itself where there is no word in it, or one that leads nowhere, in a circle, to another store or
    to another computer. Word goes before what lies beside it: a program that keeps the old folder in step may bring
    the old files back, and a move that was cut off may have left some.
    """
    # false also where the folder cannot be looked into
    if not os.path.isfile(folder / MOVED):  # noqa: PTH113 - see above
        return folder
    from app.vault import files

    at, found, passed = folder, folder, {folder.absolute()}
    while word := _word(at):
        at, store = word
        if at in passed or len(passed) > _MOST_MOVES:
            return folder
        passed.add(at)
        if files.is_store(at) and (not store or _id(at) in {store, ""}):
            found = at
    return found


def sentence(folder: Path) -> str:
    """Return what to say where a store was found in ``folder`` by the word in an older one."""
    return (
        f"The store was moved, and is now in {folder}. It was found by the file {MOVED} in its old folder: leave that "
        "file there, or have Chairside started with the new folder."
    )


def _word(folder: Path) -> tuple[Path, str] | None:
    """Return the path and the id that stand in ``folder``; none where there is nothing that may be followed."""
    from app.vault import files
    from app.vault.places import NETWORK, kind_of, mounts

    with suppress(OSError, ValueError):
        content = os.fsdecode(files.head(folder / MOVED, _LONGEST) or b"")
        path, _, store = content.partition("\n")
        to = Path(path)
        # whoever can write to the old folder must not have this computer call another one
        if to.is_absolute() and kind_of(to, mounts(), Path.home(), os.environ) != NETWORK:
            return to, store.strip()
    return None


def _id(folder: Path) -> str:
    """Return the id of the store in ``folder``; empty where its key file cannot be read just now."""
    from app.vault import errors, keys

    try:
        return str(keys.store_id(folder))
    except errors.VaultError:
        return ""
