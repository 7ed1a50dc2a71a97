"""A damaged store: what of it can still be read, and putting a sound backup in its place."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.models.case import Case
from app.models.deadline import Deadline
from app.models.meeting import Meeting
from app.practice.words import counted, listed, moment
from app.services import rotating
from app.services.backups import Told, quiet
from app.services.copying import UNSOUND, findings_in, note_restored
from app.services.meetings import load
from app.services.opening import CannotOpen, Clock, told_plainly
from app.services.sealing import sealed_versions
from app.services.sitting import Sitting, case_of
from app.store import checking
from app.store.faults import StoreFault, StoreInUse
from app.store.store import Store
from app.store.trail import Link
from app.vault import backup, errors, files, keys, swap, tries
from app.vault.backup import Facts, NotABackup

MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Damage:
    """How many pages of a store are not what was written, and which cases cannot be read whole because of it.

    ``sentence`` is empty where nothing is wrong.
    """

    pages: int
    cases_read: int
    cases_lost: tuple[str, ...]
    sentence: str


def look(sitting: Sitting, told: Told = quiet) -> Damage:
    """Return what damage there is, by reading every page and, where one is bad, every case.

    Nothing is written by this. A store that is damaged takes no more entries in this sitting, so that nothing gets
    worse; what can be read can still be given out. Raises ``StoreFault`` where not even the list of cases can be read.
    """
    told("Reading every page", 0, 1)
    pages = len(checking.damaged_pages(sitting.store))
    if not pages:
        return Damage(0, len(_references(sitting)), (), "")
    sitting.store.damaged = True
    references = _references(sitting)
    lost = []
    for done, reference in enumerate(references):
        told("Reading every case", done, len(references))
        try:
            _read_whole(sitting, reference)
        except StoreFault:
            lost.append(reference)
    read = len(references) - len(lost)
    return Damage(pages, read, tuple(lost), _sentence(read, lost, sitting.store.folder))


def newest_good(folder: Path) -> Path | None:
    """Return the newest backup of the store that is whole, one that was opened and checked before any other."""
    found = rotating.backups(folder)
    for one in sorted(found, key=lambda each: not each.verified):
        with suppress(NotABackup, OSError):
            backup.check(one.path)
            return one.path
    return None


def what_to_do(folder: Path) -> str:
    """Return the sentence for a store that cannot be opened because it is damaged: the backup that can replace it."""
    path = newest_good(folder)
    if path is None:
        return (
            "The store is damaged, and no sound backup lies in its folder: do not delete anything, look for a backup "
            "in your second folder, and ask your IT support."
        )
    made = moment(backup.facts_of(path).made)
    return f"The store is damaged: bring back the newest good backup, made on {made}. The damaged files are kept."


def put_back(folder: Path, path: Path, unlock: Callable[[Path], bytes], now: Clock, told: Told = quiet) -> str:
    """Put the backup at ``path`` in the place of the store in ``folder``, and return a sentence that says what is lost.

    ``unlock`` gives the data key of the store in the folder it is given (``copying.by_passphrase``,
    ``copying.by_recovery_key``). The backup is checked whole first; the files it replaces stay beside it. Where the
    key file in the folder is sound it stays, so that no secret that was given up comes back. Raises ``CannotOpen``,
    and then the store is as it was.
    """
    with _told_plainly():
        with swap.ready(folder) as room:
            key, before = _standing(folder, unlock)
            told("Bringing the backup back", 0, 2)
            facts = backup.read(path, room)
            key = _key_for(room, folder, key, unlock)
            if findings_in(room, key, facts, told):
                raise CannotOpen(UNSOUND)
            marks = note_restored(room, key, facts, now)
            told("Bringing the backup back", 1, 2)
            aside = swap.commit(folder, swap.suffix(swap.DAMAGED, now()))
        marks.keep(now(), in_keyring=keys.is_remembered(folder))
    tries.forget(folder)
    return _lost(facts, before, aside)


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        with told_plainly():
            yield
    except NotABackup as fault:
        raise CannotOpen(str(fault)) from fault
    except OSError as refused:
        raise CannotOpen(
            f"The backup could not be brought back ({files.reason(refused)}): nothing was changed. Make room on the "
            "disk, or look whether the backup is still there."
        ) from refused


def _standing(folder: Path, unlock: Callable[[Path], bytes]) -> tuple[bytes | None, Link | None]:
    """Return the data key and the end of the trail of the store there is, each None where damage hides it."""
    key = None
    with suppress(errors.HeaderDamaged, errors.NoVault):
        key, _ = tries.counted(folder, lambda: unlock(folder))
    try:
        # without the key the answer still is whether another program holds the file
        store = Store.open(folder, key or os.urandom(32))
    except StoreInUse:
        raise
    except StoreFault:
        return key, None
    try:
        return key, store.end
    finally:
        store.close()


def _key_for(room: Path, folder: Path, key: bytes | None, unlock: Callable[[Path], bytes]) -> bytes:
    """Return the data key of the store brought back to ``room``, after giving it the key file in force if that fits."""
    if key is not None:
        if keys.store_id(room) != keys.store_id(folder):
            raise CannotOpen("This backup is of another store: choose one of this store; nothing was changed.")
        with suppress(errors.HeaderDamaged):
            keys.slots(room, key)
            files.put(room / files.KEYS, (folder / files.KEYS).read_bytes())
            return key
    # the key file is lost, or the store was encrypted anew since
    found, _ = tries.counted(folder, lambda: unlock(room))
    return found


def _lost(facts: Facts, before: Link | None, aside: str) -> str:
    since = "Whatever was saved after that is not in it"
    if before is not None:
        missing = max(0, before.seq - facts.seq)
        since = f"{counted(missing, 'entry', 'entries')} saved after that {'is' if missing == 1 else 'are'} not in it"
        if not missing:
            since = "Nothing was saved after that"
    return (
        f"The backup of {moment(facts.made)} is in place. {since}. The damaged files are kept beside it; their names "
        f'end in "{aside}".'
    )


def _references(sitting: Sitting) -> list[str]:
    """Return the references of all cases, from their index where there is one: it may be whole where rows are not."""
    with sitting.store.read() as session:
        return list(session.scalars(select(Case.reference).order_by(Case.reference)))


def _read_whole(sitting: Sitting, reference: str) -> None:
    """Read everything of a case, as showing it and giving it out do; raises ``StoreFault`` for a damaged page."""
    with sitting.store.read() as session:
        case_id = session.scalars(select(Case.id).where(Case.reference == reference)).one()
        case_of(session, case_id, [selectinload(Case.children), selectinload(Case.people)])
        session.scalars(select(Deadline).where(Deadline.case_id == case_id)).all()
        held = session.scalars(select(Meeting.id).where(Meeting.case_id == case_id)).all()
    for meeting_id in held:
        load(sitting, meeting_id)
        sealed_versions(sitting, meeting_id)


def _sentence(read: int, lost: list[str], folder: Path) -> str:
    if lost:
        named = listed([*lost[:MOST_NAMED], *(["others"] if len(lost) > MOST_NAMED else [])])
        what = f"{counted(len(lost), 'case')} of {read + len(lost)} cannot be read whole: {named}. The rest can be read"
    else:
        what = "Every case can still be read"
    path = newest_good(folder)
    offer = f", made on {moment(backup.facts_of(path).made)}" if path else ""
    return (
        f"The store is damaged. {what} and given out, and nothing more is saved in it, so that nothing gets worse. "
        f"Bring back the newest good backup{offer}."
    )
