"""The backups of a store: made when they are needed, opened and checked, and only then are older ones taken away."""

import os
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from app.models.copy import Preference
from app.practice.words import counted, day, moment
from app.services import overdue
from app.services.backups import (
    CHECKED,
    FAILED,
    PLACE,
    Backup,
    Copied,
    Notes,
    Told,
    add_to,
    beside,
    found_in,
    is_in_trail,
    is_still_sound,
    quiet,
    sha256_of,
    take_away,
)
from app.services.carrying import carry, is_away
from app.services.copying import CHECKING, BrokenOff, note, prove_apart, stop_checks
from app.services.keeping import NotWritten
from app.services.noting import checked
from app.services.opening import CannotOpen
from app.services.sitting import Sitting
from app.store import reserve
from app.store.faults import StoreFault
from app.store.file import CopyStopped
from app.store.store import Store
from app.vault import backup

LATEST, DAYS, WEEKS = 10, 7, 4
TOO_OLD = timedelta(days=7)
# a backup of a later time than this from now was made while the clock was wrong
CLOCKS_DIFFER = timedelta(days=1)
# a program that only ever runs commands checks its backups when so many wait for it
MOST_UNCHECKED = 5
# the other folder, and since when it has been said that it is away
_FOLDER, _AWAY = "backup.folder", "backup.folder-away"


def backups(folder: Path) -> list[Backup]:
    """Return the backups kept in the store's own folder, the newest first."""
    return found_in(folder / PLACE)


def newest_failed(folder: Path) -> bool:
    """Return whether the newest backup was found not sound, so that the store itself is to be looked at."""
    return any(beside(newest.path, FAILED).exists() for newest in backups(folder)[:1])


def prepare(sitting: Sitting) -> None:
    """Have a backup made right before whatever is written first, where there is none that holds everything."""
    store, made = sitting.store, sitting.now()

    def before() -> None:
        if _is_needed(store):
            # without room for a backup the words of the person are still saved: the standing says how old the last is
            with suppress(NotWritten):
                add_to(store.folder, store, made)

    store.before_first_write = before


def at_opening(sitting: Sitting, told: Told = quiet) -> str:
    """Keep the reserve, make a backup where one is needed, check those not checked yet, and take old ones away.

    Returns the sentences the person should read, mostly none.
    """
    store = sitting.store
    store.before_first_write = None
    reserve.make(store.folder)
    trouble = ""
    if _is_needed(store):
        try:
            add_to(store.folder, store, sitting.now(), told)
        except NotWritten as fault:
            trouble = str(fault)
    return _joined(trouble, settle(sitting, told))


def at_lock(sitting: Sitting, limit_seconds: float = 0.5, clock: Callable[[], float] = time.monotonic) -> bool:
    """Return whether a backup holds everything, after making one where that takes no longer than the limit.

    It is not checked yet. One that takes longer is given up and leaves nothing, and the next opening makes it. A check
    that is under way is ended.
    """
    stop_checks()
    store, end = sitting.store, clock() + limit_seconds
    store.before_first_write = None
    try:
        if _is_needed(store):
            add_to(store.folder, store, sitting.now(), goes_on=lambda: clock() < end)
    except (NotWritten, CopyStopped, StoreFault, OSError):
        return False
    return True


def before_rekey(sitting: Sitting, told: Told = quiet) -> str:
    """Make and check a backup under the keys that are about to be changed; returns the sentence why there is none."""
    return back_up_now(sitting, told)


def back_up_now(sitting: Sitting, told: Told = quiet) -> str:
    """Make a backup whatever there is, check it, and return an empty text or the sentences that say what is wrong."""
    try:
        add_to(sitting.store.folder, sitting.store, sitting.now(), told)
    except NotWritten as fault:
        return str(fault)
    return settle(sitting, told)


def settle(sitting: Sitting, told: Told = quiet) -> str:
    """Check the backups not checked yet, take away what is not kept any more, and bring the second folder up to date.

    Returns the sentences the person should read, mostly none.
    """
    place = sitting.store.folder / PLACE
    _sweep(place)
    notes = Notes(sitting.store)
    try:
        trouble = _check_all(sitting, place, notes, told)
    except BrokenOff:
        return ""  # the store is being locked: the next opening goes on
    gone = overdue.last_disposal(sitting)
    trouble = _joined(trouble, _rotate_each(sitting, found_in(place), notes))
    overdue.take_out(sitting, place, notes, gone)
    if named := second_folder(sitting):
        folder = Path(named)
        carried = carry(place, folder, notes, told)
        # other stores may keep theirs there too
        ours = [one for one in found_in(folder) if notes.says(one.path, CHECKED)]
        trouble = _joined(trouble, _said_now_and_then(sitting, folder, carried), _rotate_each(sitting, ours, notes))
        overdue.take_out(sitting, folder, notes, gone)
    return trouble


def catch_up(sitting: Sitting) -> str:
    """Do what ``settle`` does, where so many backups wait for it that no window can have been open for long."""
    found = backups(sitting.store.folder)
    waiting = sum(not one.verified and not beside(one.path, FAILED).exists() for one in found)
    return settle(sitting) if waiting >= MOST_UNCHECKED else ""


def standing(sitting: Sitting) -> str:
    """Return how old the newest checked backup is, what to do where it is too old, and whether the folder is away."""
    folder = second_folder(sitting)
    away = f"The other folder for backups, {folder}, is not there now." if folder and is_away(Path(folder)) else ""
    return _joined(_age_of_the_newest(sitting), away)


def _age_of_the_newest(sitting: Sitting) -> str:
    notes = Notes(sitting.store)
    checked = [one for one in backups(sitting.store.folder) if notes.says(one.path, CHECKED)]
    if not checked:
        return "There is no checked backup of this store yet: make one now, and keep a copy on another drive."
    # one of a time to come says nothing of how old it is, where there is any other
    now = sitting.now()
    made = min(checked, key=lambda one: one.made > now + CLOCKS_DIFFER).made
    age = now - made
    if age > TOO_OLD:
        return f"The newest checked backup is {counted(age.days, 'day')} old, of {day(made)}: make one now."
    return f"The newest checked backup is of {moment(made)}."


def second_folder(sitting: Sitting) -> str:
    """Return the other folder that backups are copied to, empty where there is none."""
    with sitting.store.read() as session:
        chosen = session.get(Preference, _FOLDER)
    return chosen.value if chosen is not None else ""


def set_second_folder(sitting: Sitting, path: str) -> str:
    """Copy each checked backup to the folder ``path`` too, or no more for an empty text.

    Returns an empty text, or the sentence that says why not.
    """
    if path:
        folder = Path(path).absolute()
        path = str(folder)
        if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            return "Nothing can be written to that folder: choose another folder for the backups."
        if folder.resolve().is_relative_to(sitting.store.folder.resolve()):
            return "That folder is inside the store's own: choose one on another drive, so that one loss is not both."
    try:
        _prefer(sitting, _FOLDER, path)
    except StoreFault as fault:
        return str(fault)
    return ""


def kept(found: Sequence[Backup]) -> set[Path]:
    """Return which of these, the newest first, stay: the latest, one for each of some days, one for each of some weeks.

    Days and weeks without a backup are not counted: whoever was away for a month loses nothing by it.
    """
    days: dict[object, Path] = {}
    weeks: dict[object, Path] = {}
    for one in found:
        days.setdefault(one.made.date(), one.path)
        weeks.setdefault(one.made.isocalendar()[:2], one.path)
    return {
        *(one.path for one in found[:LATEST]),
        *list(days.values())[:DAYS],
        *list(weeks.values())[:WEEKS],
    }


def _is_needed(store: Store) -> bool:
    """Return whether no backup holds every entry that changed something, and the keys that are in force."""
    # where it cannot be told, one backup more does no harm
    with suppress(OSError, DBAPIError):
        keys = sha256_of(store.folder / backup.KEYS)
        for one in backups(store.folder):
            with suppress(backup.NotABackup, OSError):
                facts = backup.facts_of(one.path)
                if facts.keys_sha256 == keys and _holds_everything(store, facts):
                    return False
    return True


def _holds_everything(store: Store, facts: backup.Facts) -> bool:
    with store.connection() as connection:
        # an entry of reading alone begins with an empty list of changes
        changed = connection.exec_driver_sql(
            "SELECT 1 FROM audit_entry WHERE seq > ? AND (payload IS NULL OR substr(payload, 1, 13) <> ?) LIMIT 1",
            (facts.seq, b'{"changes":[]'),
        ).first()
    return changed is None and is_in_trail(store, facts)


def _check_all(sitting: Sitting, place: Path, notes: Notes, told: Told) -> str:
    trouble = ""
    for one in found_in(place):
        if not any(notes.says(one.path, ending) for ending in (CHECKED, FAILED)):
            trouble = _joined(trouble, _check(sitting, one, notes, told))
    return trouble


def _check(sitting: Sitting, one: Backup, notes: Notes, told: Told) -> str:
    """Open and check one backup, note what came of it, and return the sentence for one that is not sound."""
    key = sitting.store.key
    try:
        digest = sha256_of(one.path)
        if not backup.is_under(one.path, key):
            return ""  # of another store, or of the time before the keys were changed: it is left alone
        findings = prove_apart(one.path, key, told, aside=one.path.parent).findings
    except BrokenOff:
        raise
    except OSError:
        return ""  # nothing is known of it, so the next opening looks again
    except (CannotOpen, backup.NotABackup) as fault:
        digest, findings = "", (str(fault),)
    ending = FAILED if findings else CHECKED
    with suppress(OSError):
        notes.write(one.path, digest or "0" * 64, ending)
    if not findings:
        with suppress(StoreFault):
            note(sitting, Copied(digest, one.entries))
        return ""
    checked(sitting, len(findings))
    return (
        f"The backup of {moment(one.made)} was opened and checked, and it is not sound. All older backups are kept: "
        f"check the store now, and ask your IT support to look at the disk. {findings[0]}"
    )


def _rotate_each(sitting: Sitting, found: Sequence[Backup], notes: Notes) -> str:
    """Take away what is not kept of the backups so far, and apart from them of those made while a clock ran ahead.

    Beside those a backup of today would be an old one, and go as soon as it was made.
    """
    latest = sitting.now() + CLOCKS_DIFFER
    so_far = [one for one in found if one.made <= latest]
    return _joined(_rotate(so_far, notes), _rotate([one for one in found if one.made > latest], notes))


def _rotate(found: Sequence[Backup], notes: Notes) -> str:
    """Take away what is not kept, if the newest was checked and still is what it was; else keep everything."""
    sound = [one for one in found if notes.says(one.path, CHECKED)]
    if not sound or sound[0] != found[0]:
        return ""
    # one that is held by another program, or gone, goes another time
    with suppress(OSError):
        if not is_still_sound(sound[0], notes):
            return (
                f"The backup of {moment(sound[0].made)} is not what it was when it was checked, so all older ones are "
                "kept: ask your IT support to look at the disk."
            )
        stay = kept(sound)
        going = [one.path for one in sound[1:] if one.path not in stay]
        if len(sound) >= LATEST:
            oldest = sound[LATEST - 1].made
            going += [one.path for one in found if notes.says(one.path, FAILED) and one.made < oldest]
        for path in going:
            take_away(path)
    return ""


def _said_now_and_then(sitting: Sitting, folder: Path, sentence: str) -> str:
    """Return the sentence, or nothing where it says again within a week that the folder is not there."""
    now = sitting.now()
    with sitting.store.read() as session:
        told = session.get(Preference, _AWAY)
    away = bool(sentence) and is_away(folder)
    before = datetime.fromisoformat(told.value) if told is not None and told.value else None
    if away and before is not None and before <= now < before + TOO_OLD:
        return ""
    if away or (before is not None and not sentence):
        # where this cannot be saved it is said once more
        with suppress(StoreFault):
            _prefer(sitting, _AWAY, now.isoformat() if away else "")
    return sentence


def _prefer(sitting: Sitting, key: str, value: str) -> None:
    """Keep a setting in the store; raises ``StoreFault``."""
    with sitting.store.begin(sitting.act(), "preference.set") as session:
        chosen = session.get(Preference, key)
        if chosen is None:
            session.add(Preference(key=key, value=value))
        else:
            chosen.value = value


def _sweep(place: Path) -> None:
    """Take away what a check or a copy that was cut off left in the store's own folder of backups."""
    with suppress(OSError):
        for path in list(place.iterdir()):
            cut_off = path.name.startswith(".backup-") and path.suffix == ".part"
            if path.name.startswith(CHECKING):
                shutil.rmtree(path, ignore_errors=True)
            elif cut_off or (path.suffix in {CHECKED, FAILED} and not path.with_suffix("").exists()):
                path.unlink()


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
