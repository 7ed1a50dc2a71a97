"""Encrypting a store anew: a copy under a new data key, checked whole, that takes the place of the old store."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.services import rotating
from app.services.securing import NewKey, note_change
from app.services.sitting import Sitting
from app.store import checking
from app.store.faults import StoreFault
from app.store.recrypting import copy_under
from app.store.store import FILE, Store
from app.store.trail import Link
from app.vault import errors, files, header, keys, swap

Told = Callable[[str, int, int], None]


class NotRekeyed(Exception):
    """The store was not encrypted anew; the text says why, and whether the old store still stands."""


def rekey(sitting: Sitting, phrase: str, new: NewKey, told: Told) -> None:
    """Encrypt the store under a new data key, opened by the same passphrase and by the new recovery key alone.

    A backup is made first. ``told`` hears what is being done and how far that is. The store has to be opened again
    afterwards; backups made before still open with the old secrets. Raises ``NotRekeyed``, and then the old store
    still stands.
    """
    with _told_plainly():
        key = keys.unlock(sitting.store.folder, phrase)
        end = sitting.store.end.seq
        trouble = rotating.before_rekey(sitting, told)
        if all(one.entries < end for one in rotating.backups(sitting.store.folder)):
            raise NotRekeyed(f"{trouble} Nothing was changed: the store is not encrypted anew without a backup.")
        exchange(sitting, phrase, key, new, told)


def exchange(sitting: Sitting, phrase: str, key: bytes, new: NewKey, told: Told) -> None:
    """Do what ``rekey`` does once there is a backup; ``key`` is the data key so far. Raises what is behind it."""
    store, folder = sitting.store, sitting.store.folder
    remembered = keys.is_remembered(folder)
    with swap.ready(folder) as room, store.turn:
        fresh = sitting.chance(header.KEY_BYTES)
        copy_under(store, room / FILE, fresh, lambda done, of: told("Encrypting everything anew", done, of))
        following = keys.rewrapped(folder, key, fresh, phrase, new.secret)
        files.put(room / files.KEYS, following.written())
        end = _checked(sitting, room, fresh, told)
        _require(
            keys.unlock(room, phrase) == fresh == keys.unlock_with_recovery(room, new.printed),
            "the new key file did not open the copy",
        )
        store.close()
        aside = swap.commit(folder, swap.suffix(swap.BEFORE_REKEY, sitting.now()))
    # this sitting is over, and the trail of the new store says when
    sitting.marks = None
    _open_once(folder, phrase, end, told)
    swap.let_go(folder, aside)
    if remembered:
        # where the keyring does not take the new key the passphrase opens the store, and the settings show that
        with suppress(errors.VaultError):
            keys.remember(folder, fresh)


@contextmanager
def _told_plainly() -> Iterator[None]:
    # not as in ``opening``: it says besides that the store so far stands, and no form asks for the secret again
    try:
        yield
    except (errors.VaultError, StoreFault) as fault:
        raise NotRekeyed(str(fault)) from fault
    except OSError as refused:
        raise NotRekeyed(
            f"The store could not be encrypted anew ({files.reason(refused)}): nothing was changed. Make room on the "
            "disk, about as much as the store takes, and try again."
        ) from refused


def _checked(sitting: Sitting, room: Path, key: bytes, told: Told) -> Link:
    """Return the end of the copy's trail, once all of it is what the store is and the act itself is noted in it."""
    old, copy = sitting.store, Store.open(room, key)
    try:
        found = next(checking.findings(copy, told), "")
        _require(not found, found)
        _require(copy.end == old.end and checking.counts(copy) == checking.counts(old), "not every entry was in it")
        with copy.begin(sitting.act(), "keys.rekeyed", told={"entries": old.end.seq}) as session:
            note_change(session, keys.in_force(old.folder, old.key), keys.in_force(room, key))
        return copy.end
    finally:
        copy.close()


def _open_once(folder: Path, phrase: str, end: Link, told: Told) -> None:
    """Open the new store where it now is, before anything of the old one goes."""
    told("Opening the new store", 0, 1)
    store = Store.open(folder, keys.unlock(folder, phrase))
    try:
        _require(
            store.end == end and not checking.damaged_pages(store),
            "it was damaged on its way to its place, and the old files are kept beside it",
        )
    finally:
        store.close()


def _require(true: bool, otherwise: str) -> None:
    if not true:
        raise NotRekeyed(
            f"The copy under the new key is not sound ({otherwise.rstrip('.')}): check the store, and ask your IT "
            "support before you try again."
        )
