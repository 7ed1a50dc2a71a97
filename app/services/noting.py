"""What the trail is told of beside the changes of rows: opening, looking, giving out, checking."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from app.models.base import Act, sha256
from app.services.backups import PLACE, found_in
from app.services.keeping import write_file
from app.services.marks import Mark, Marks
from app.services.sitting import BY_KEYRING, SaveFault, Sitting
from app.vault import backup

# looking again within this time is the same look
SAME_LOOK = timedelta(minutes=1)


def opening(sitting: Sitting) -> None:
    """Note that the store was opened, how, and after how many wrong tries.

    Where it is older than when it was last used here, ``sitting.rolled_back`` says so from now on. Never raises for a
    store that cannot be written: it still opens.
    """
    sitting.marks = Marks(sitting.store)
    by_keyring = sitting.opened_by == BY_KEYRING
    sitting.rolled_back, against = sitting.marks.trouble(
        in_keyring=by_keyring, otherwise=_of_the_newest_backup(sitting)
    )
    _note(sitting, "store.opened", told={"failed": sitting.failed_tries, "how": sitting.opened_by or "passphrase"})
    if sitting.rolled_back:
        told = {"head": against.head, "noted": against.seq} if against else None
        _note(sitting, "store.rolled-back", told=told)


def _of_the_newest_backup(sitting: Sitting) -> list[Mark]:
    """Return how far the newest backup beside the store says the trail had come, where it was made under its key."""
    for newest in found_in(sitting.store.folder / PLACE)[:1]:
        with suppress(backup.NotABackup, OSError):
            facts = backup.facts_of(newest.path)
            if facts.is_signed(sitting.store.mac):
                return [Mark(facts.seq, facts.head, facts.made)]
    return []


def accept_as_it_is(sitting: Sitting) -> None:
    """Take the store as the newest one from now on, as after a backup was brought back on purpose."""
    act = sitting.act()
    with sitting.store.begin(act, "store.accepted"):
        pass
    sitting.rolled_back = ""
    sitting.marks = sitting.marks or Marks(sitting.store)
    sitting.keep_mark(act.at, in_keyring=sitting.opened_by == BY_KEYRING)


def looked(sitting: Sitting, kind: str, *, meeting: UUID | None = None, case: UUID | None = None) -> None:
    """Note that somebody looked at a case, a meeting or minutes; once for looks shortly after each other."""
    what, act = (kind, meeting or case), sitting.act()
    before = sitting.looked_at.get(what)
    if before is None or not before <= act.at < before + SAME_LOOK:
        sitting.looked_at[what] = act.at
        _note(sitting, kind, meeting=meeting, case=case, act=act)


def searched(sitting: Sitting, found: int) -> None:
    """Note that somebody searched the records, and how many were found: never what was looked for."""
    _note(sitting, "record.searched", told={"found": found})


def given_out(
    sitting: Sitting, kind: str, content: bytes, *, meeting: UUID | None = None, case: UUID | None = None
) -> None:
    """Note that ``content`` leaves the store, by its digest; call it before the file is written or printed."""
    _note(sitting, kind, meeting=meeting, case=case, told=_known_by(content))


def give_out(
    sitting: Sitting, kind: str, path: Path, content: bytes, *, meeting: UUID | None = None, case: UUID | None = None
) -> None:
    """Note that ``content`` leaves the store and write it to ``path``; raises ``NotWritten``."""
    given_out(sitting, kind, content, meeting=meeting, case=case)
    write_file(path, content)


def taken_in(sitting: Sitting, content: bytes, meeting: UUID) -> None:
    """Note that a record came in, by the digest of its file, and became this meeting."""
    with sitting.store.begin(sitting.act(), "record.imported", meeting, told=_known_by(content)):
        pass


def checked(sitting: Sitting, findings: int) -> None:
    """Note that the store was checked, and how many findings there were."""
    _note(sitting, "store.checked", told={"findings": findings})


def _known_by(content: bytes) -> dict[str, Any]:
    return {"sha256": sha256(content), "size": len(content)}


def _note(
    sitting: Sitting,
    kind: str,
    *,
    meeting: UUID | None = None,
    case: UUID | None = None,
    told: Mapping[str, Any] | None = None,
    act: Act | None = None,
) -> None:
    # a store that can only be read any more must still be read, and what it holds be carried out of it
    with suppress(SaveFault), sitting.store.begin(act or sitting.act(), kind, meeting, case=case, told=told):
        pass
