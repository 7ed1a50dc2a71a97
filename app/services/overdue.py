"""The backups that still hold what was disposed of: they go once their time is over, whatever else is kept."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from app.models.disposal import Disposal
from app.services.backups import CHECKED, FAILED, Backup, Notes, found_in, is_in_trail, is_still_sound, take_away
from app.services.sitting import Sitting
from app.store.disposing import entry_of
from app.store.store import Store
from app.vault import backup, errors, keys

# how long a backup that still holds a disposed case is kept beside newer ones
AFTER_DISPOSAL = timedelta(days=35)


def last_disposal(sitting: Sitting) -> tuple[int, datetime] | None:
    """Return the entry and the moment of the last disposal that no backup is to hold any more; None for none."""
    over = sitting.now() - AFTER_DISPOSAL
    with sitting.store.read() as session:
        gone = select(Disposal.case_id, Disposal.disposed_at).where(Disposal.disposed_at <= over)
        entries = [(entry_of(session.connection(), case_id)[0], at) for case_id, at in session.execute(gone)]
    return max(entries, default=None)


def take_out(sitting: Sitting, place: Path, notes: Notes, gone: tuple[int, datetime] | None) -> None:
    """Take away every backup of this store made before ``gone``, whether sound or not.

    Nothing goes before a newer one is known to be sound.
    """
    found = found_in(place) if gone is not None else []
    old = [one for one in found if gone is not None and _is_before(sitting.store, one, *gone)]
    with suppress(OSError, errors.VaultError):
        newer = (one for one in found if one not in old and notes.says(one.path, CHECKED))
        if old and any(is_still_sound(one, notes) for one in newer):
            store_id = keys.store_id(sitting.store.folder)
            for one in old:
                # a note of ours tells it where its own header is damaged
                if any(notes.says(one.path, ending) for ending in (CHECKED, FAILED)) or _is_of(one.path, store_id):
                    take_away(one.path)


def _is_before(store: Store, one: Backup, seq: int, at: datetime) -> bool:
    """Return whether a backup was made before an entry: its place in the trail says so, whatever the clock was.

    One that is not of this trail, such as of before an older store was put back, is known by its time alone.
    """
    with suppress(backup.NotABackup, OSError):
        facts = backup.facts_of(one.path)
        if is_in_trail(store, facts):
            return facts.seq < seq
    return one.made <= at


def _is_of(path: Path, store_id: UUID) -> bool:
    """Return whether a backup is of the store with that id, under whatever key."""
    with suppress(backup.NotABackup, OSError):
        return backup.store_id(path) == store_id
    return False
