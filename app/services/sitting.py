"""A sitting: the time between unlocking a store and locking it, and all that the acts in it need."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from app.models.agency import Agency
from app.models.base import Act, Base, Refused
from app.models.case import Case, Child
from app.models.copy import PackCopy
from app.models.meeting import Meeting, Subject
from app.practice.calendars import calendar_of
from app.practice.pack import MeetingType, Pack
from app.practice.reading import read_kept
from app.practice.working_days import WorkingCalendar
from app.services.marks import EVERY, Marks
from app.services.packing import packed, unpacked
from app.store.faults import StoreFault
from app.store.store import Store

# what an act raises where the disk did not take it; its text is the sentence for the person
SaveFault = StoreFault

# the way of opening after which the keyring is known to answer
BY_KEYRING = "keyring"

Record = TypeVar("Record", bound=Base)


@dataclass(slots=True)
class Sitting:
    """An open store with the current pack, who sits at it, and where time and chance come from."""

    store: Store
    pack: Pack
    pack_files: dict[str, bytes]
    who: str
    now: Callable[[], datetime]
    chance: Callable[[int], bytes]
    noted: Callable[[], datetime] | None = None
    # how the store was opened (passphrase, recovery, escrow or keyring), how many secrets were wrong before that one,
    # and the sentence to be shown where the key file was damaged and another stood in
    opened_by: str = ""
    failed_tries: int = 0
    keys_mended: str = ""
    # the sentence where the local rules do not fit today's national ones
    rules_trouble: str = ""
    # what was looked at last when, so that a second look need not be noted
    looked_at: dict[tuple[str, UUID | None], datetime] = field(default_factory=dict)
    # there once the trail was told that this sitting began, and so must be told that it ends
    marks: Marks | None = None
    rolled_back: str = ""
    _marked: int = 0
    _packs: dict[str, Pack] = field(default_factory=dict)
    _calendars: dict[str, WorkingCalendar] = field(default_factory=dict)

    def act(self) -> Act:
        """Return a new act of this person, now."""
        at = self.now()
        if self.store.saved.seq >= self._marked + EVERY:
            self.keep_mark(at)
        return Act(self.who, at, self.chance, self.noted() if self.noted else None)

    def when(self, moment: datetime) -> "Sitting":
        """Return this sitting for acts that happened at ``moment`` and are written down now."""
        return replace(self, now=lambda: moment, noted=self.now)

    def pack_of(self, meeting: Meeting) -> Pack:
        """Return the exact pack a meeting was prepared under."""
        return self.kept_pack(meeting.pack_digest)

    def kept_pack(self, digest: str) -> Pack:
        """Return the pack with that digest, as it is or as the store has kept it."""
        if digest == self.pack.digest:
            return self.pack
        if digest not in self._packs:
            with self.store.read() as session:
                copy = session.get_one(PackCopy, digest)
            self._packs[digest] = read_kept(unpacked(copy.files))
        return self._packs[digest]

    def type_of(self, meeting: Meeting) -> MeetingType:
        """Return the type of a meeting, from its own pack."""
        return self.kept_type(meeting.pack_digest, meeting.type_id)

    def kept_type(self, digest: str, type_id: str) -> MeetingType:
        """Return a type of meeting from the pack with that digest."""
        found = self.kept_pack(digest).meeting_type(type_id)
        if found is None:
            raise Refused("meeting.unknown-type")
        return found

    def calendar_of(self, pack: Pack) -> WorkingCalendar:
        """Return the working days of a pack."""
        if pack.digest not in self._calendars:
            self._calendars[pack.digest] = calendar_of(pack)
        return self._calendars[pack.digest]

    def keep_mark(self, at: datetime, *, in_keyring: bool = False) -> None:
        """Note outside the store how far its trail is; not where an older store was put back and not accepted."""
        self._marked = self.store.saved.seq
        if self.marks is not None and not self.rolled_back:
            self.marks.keep(at, in_keyring=in_keyring)

    def close(self) -> None:
        """Note that the sitting is over, where it was noted that it began, and let go of the store."""
        if self.marks is not None:
            act = self.act()
            # a store that cannot be written any more is closed all the same
            with suppress(StoreFault), self.store.begin(act, "store.locked"):
                pass
            self.keep_mark(act.at, in_keyring=self.opened_by == BY_KEYRING)
            self.marks = None
        self.store.close()


def keep_pack(session: Session, pack: Pack, files: Mapping[str, bytes], act: Act) -> str:
    """Keep the very files of a pack, once, and return its digest."""
    if session.get(PackCopy, pack.digest) is None:
        block = packed(files)
        session.add(PackCopy(digest=pack.digest, pack_id=pack.id, version=pack.version, kept_at=act.at, files=block))
        session.flush()
    return pack.digest


def meeting_of(session: Session, meeting_id: UUID, options: Sequence[ORMOption] = ()) -> Meeting:
    """Return a meeting by its id; raises ``Refused`` where there is none."""
    meeting = session.get(Meeting, meeting_id, options=options)
    if meeting is None:
        raise Refused("meeting.unknown")
    return meeting


def case_of(session: Session, case_id: UUID, options: Sequence[ORMOption] = ()) -> Case:
    """Return a case by its id; raises ``Refused`` where there is none."""
    case = session.get(Case, case_id, options=options)
    if case is None:
        raise Refused("case.unknown")
    return case


def agency_of(session: Session, agency_id: UUID | None) -> Agency | None:
    """Return an agency by its id, None for no id; raises ``Refused`` for an id that no agency has."""
    agency = session.get(Agency, agency_id) if agency_id else None
    if agency_id and agency is None:
        raise Refused("meeting.unknown-entry")
    return agency


def of_meeting(session: Session, kind: type[Record], record_id: UUID | None, meeting: Meeting) -> Record | None:
    """Return a record of ``meeting`` by its id, None for no id; raises ``Refused`` for an id of elsewhere."""
    if record_id is None:
        return None
    record = session.get(kind, record_id)
    if record is None or getattr(record, "meeting_id", None) != meeting.id:
        raise Refused("meeting.unknown-entry")
    return record


def child_of(session: Session, child_id: UUID | None, meeting: Meeting) -> Child | None:
    """Return a child the meeting is about, None for no id; raises ``Refused`` for any other."""
    if child_id is None:
        return None
    known = select(Subject.id).where(Subject.meeting_id == meeting.id, Subject.child_id == child_id)
    if session.scalar(known) is None:
        raise Refused("meeting.unknown-child")
    return session.get_one(Child, child_id)
