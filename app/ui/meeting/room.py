"""The meeting that is on the screen: its record, whose turn it is, and who can be named."""

from datetime import datetime
from uuid import UUID

from app.models.attendance import Attendance, Capacity
from app.models.base import Base, Refused
from app.models.case import Child
from app.models.meeting import Meeting, State
from app.models.statement import Kind
from app.practice.children import called
from app.practice.finding import fill
from app.practice.pack import MeetingType, Pack
from app.practice.questions import AgendaItem
from app.practice.words import clock_seconds, legal_day
from app.services import meetings
from app.services.graph import absorb
from app.services.retaining import marking_words
from app.services.sitting import Sitting
from app.ui.meeting.entry import Known, Named


def read(sitting: Sitting, meeting_id: UUID) -> Meeting:
    """Return a meeting to be shown, with its working days ready, whose making takes a while the first time.

    For work beside the interface; raises ``Refused``.
    """
    meeting = meetings.look_at(sitting, meeting_id)
    sitting.calendar_of(sitting.pack_of(meeting))
    return meeting


class Room:
    """One loaded meeting and what the next line will be taken for.

    ``speaker`` and ``child`` stay until they are changed; ``kind`` and ``restricted`` are for one line only.
    """

    def __init__(self, sitting: Sitting, meeting: UUID | Meeting) -> None:
        self.sitting = sitting
        self.meeting = meeting if isinstance(meeting, Meeting) else read(sitting, meeting)
        self.pack: Pack = sitting.pack_of(self.meeting)
        self.type: MeetingType = sitting.type_of(self.meeting)
        self.marking = marking_words(sitting)
        self.speaker: UUID | None = None
        self.child: UUID | None = None
        self.kind = Kind.FACT
        self.restricted = False
        self.saved = ""

    def called(self, child: Child) -> str:
        """Return what a child is called, which is never what another one here is called."""
        return called(self.meeting.children)[child.id]

    @property
    def only_child(self) -> UUID | None:
        """The child whom everything is about, where the meeting is about one."""
        children = self.meeting.children
        return children[0].id if len(children) == 1 else None

    def take_turn(self, speaker: UUID | None, child: UUID | None) -> None:
        """Let the next line be somebody's and about a child; either may be named no longer by the record as it is."""
        self.speaker = speaker if self.person(speaker) else None
        self.child = child if self.child_named(child) else None

    def reload(self) -> None:
        """Read the whole meeting again."""
        self.meeting = meetings.load(self.sitting, self.meeting.id)

    def take(self, record: Base, *, done: bool = False) -> None:
        """Make what an act gave back part of the meeting on the screen, and note when it was saved."""
        if not absorb(self.meeting, record, done=done):
            self.reload()
        self.note_saved()

    def note_saved(self) -> None:
        """Remember that the store has just confirmed an act."""
        self.saved = clock_seconds(self.now)

    @property
    def now(self) -> datetime:
        """The moment it is."""
        return self.sitting.now()

    @property
    def item(self) -> AgendaItem:
        """The agenda item the meeting is on; the first before it starts."""
        return self.type.item(self.meeting.current_item) or self.type.agenda[0]

    @property
    def in_session(self) -> bool:
        """Whether acts are recorded now."""
        return self.meeting.state is State.IN_SESSION

    def neighbour(self, steps: int) -> AgendaItem | None:
        """Return the item so many places after this one, if the agenda has it."""
        place = self.type.number(self.item.id) - 1 + steps
        return self.type.agenda[place] if 0 <= place < len(self.type.agenda) else None

    def person(self, attendance_id: UUID | None) -> Attendance | None:
        """Return somebody at the table."""
        return next((a for a in self.meeting.attendances if a.id == attendance_id), None)

    def numbered(self, number: int) -> Attendance | None:
        """Return who has that number at the table."""
        return next((a for a in self.meeting.attendances if a.position == number), None)

    def child_named(self, child_id: UUID | None) -> Child | None:
        """Return a child of the meeting."""
        return next((c for c in self.meeting.children if c.id == child_id), None)

    def who(self, person: Attendance | None) -> str:
        """Return what somebody is called where there is little room: the agency, with initials where two are of it."""
        if person is None:
            return "Not known who"
        if person.agency is None:
            return person.name
        same = [a for a in self.meeting.attendances if a.agency is not None and a.agency.id == person.agency.id]
        return person.agency.label if len(same) == 1 else f"{person.agency.label} {person.initials}"

    def sentence(self, refused: Refused) -> str:
        """Return why an act was refused, and what to do."""
        return fill(self.pack.words("refusal", refused.rule), refused.words)

    def known(self) -> Known:
        """Return whom a typed line can name."""
        people: list[Named] = []
        agencies: dict[UUID, Named] = {}
        for person in self.meeting.attendances:
            words = [self.who(person), person.name, *person.name.split()]
            agency = person.agency
            if agency is not None:
                sector = self.pack.sector(agency.sector)
                names = [agency.label, agency.name, agency.sector]
                names += [sector.short, sector.label, *sorted(sector.kinds)] if sector else []
                agencies.setdefault(agency.id, Named(agency.id, agency.label, tuple(names)))
                words += names if person.capacity is not Capacity.CHAIR else []
            people.append(
                Named(
                    person.id,
                    person.name,
                    tuple(words),
                    person.position,
                    person.initials,
                    agency.id if agency else None,
                )
            )
        children = tuple(
            Named(c.id, self.called(c), (c.first_name, c.name, self.called(c))) for c in self.meeting.children
        )
        elsewhere = tuple(sector.short for sector in self.pack.sectors)
        return Known(tuple(people), tuple(agencies.values()), children, legal_day(self.now), elsewhere)
