"""What every part of the minutes shares: the record with its pack, and how it names people, times and statements."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from app.minutes.document import Block, Text, TextRole
from app.models.agency import Agency
from app.models.answer import Answer
from app.models.attendance import Attendance
from app.models.case import Child
from app.models.gap import Gap
from app.models.meeting import Meeting, Visit
from app.models.minutes import Signer
from app.models.statement import Statement
from app.practice import words
from app.practice.children import called
from app.practice.pack import MeetingType, Pack
from app.practice.questions import AgendaItem
from app.practice.quorum import Quorum, inquorate_spells, quorum
from app.practice.working_days import WorkingCalendar

_ARRIVING = timedelta(minutes=1)

Entry = Statement | Gap | Answer | Visit


@dataclass(frozen=True)
class Material:
    """A meeting with the pack it was held under; fixed words come from the pack, values stand beside them."""

    meeting: Meeting
    meeting_type: MeetingType
    pack: Pack
    calendar: WorkingCalendar
    signer: Signer | None

    def said(self, key: str) -> str:
        """Return a fixed word or sentence of the minutes."""
        return self.pack.words("minutes", key)

    def labelled(self, key: str, value: str) -> str:
        """Return a value after its label, such as "Source: school nurse"."""
        return beside(self.said(key), value)

    @property
    def final(self) -> bool:
        """Whether these are the minutes to sign: the meeting is concluded and somebody can sign."""
        return self.signer is not None and self.meeting.concluded_at is not None

    @cached_property
    def statements(self) -> dict[UUID, int]:
        """The running number of each statement, in the order in which the minutes print them."""
        places = {item.id: place for place, item in enumerate(self.items)}
        ordered = sorted(self.meeting.statements, key=lambda s: (places[s.item_id], s.said_at, s.id))
        return {statement.id: number for number, statement in enumerate(ordered, 1)}

    @cached_property
    def items(self) -> list[AgendaItem]:
        """The agenda, with each item of another agenda that the record names after it, so that no entry is left out."""
        meeting = self.meeting
        entries: list[Entry] = [*meeting.statements, *meeting.gaps, *meeting.answers]
        known = {item.id for item in self.meeting_type.agenda}
        strays = dict.fromkeys(entry.item_id for entry in entries if entry.item_id not in known)
        pattern = self.meeting_type.agenda[-1]
        bare = {"prompts": (), "views": (), "decisions": (), "hears": ""}
        others = [pattern.model_copy(update={"id": stray, "title": stray, "purpose": "", **bare}) for stray in strays]
        return [*self.meeting_type.agenda, *others]

    @cached_property
    def gaps(self) -> dict[UUID, int]:
        """The running number of each gap, in the order in which they were noticed."""
        ordered = sorted(self.meeting.gaps, key=lambda g: (g.noticed_at, g.id))
        return {gap.id: number for number, gap in enumerate(ordered, 1)}

    @cached_property
    def answers(self) -> dict[str, list[Answer]]:
        """The answers to each prompt by its id, in the order of the children."""
        places = {child.id: place for place, child in enumerate(self.meeting.children, 1)}
        found: dict[str, list[Answer]] = {}
        for answer in sorted(self.meeting.answers, key=lambda a: places.get(a.child.id, 0) if a.child else 0):
            found.setdefault(answer.prompt_id, []).append(answer)
        return found

    def statements_of(self, item: AgendaItem) -> list[Statement]:
        """Return what was said on an item, in the order of its numbers."""
        said = [s for s in self.meeting.statements if s.item_id == item.id]
        return sorted(said, key=lambda s: self.statements[s.id])

    def gaps_in_order(self) -> list[Gap]:
        """Return the gaps in the order of their numbers."""
        return sorted(self.meeting.gaps, key=lambda g: self.gaps[g.id])

    @cached_property
    def _called(self) -> dict[UUID, str]:
        return called(self.meeting.children)

    def child(self, child: Child | None) -> str:
        """Return what a child is called in lists: the first name, or as much more as tells it from the others."""
        if child is None:
            return self.said("all_children") if len(self.meeting.children) > 1 else self.child(self.meeting.children[0])
        return self._called.get(child.id, child.name)

    def who(self, attendance: Attendance | None) -> str:
        """Return a speaker with their agency, or with their part in the meeting where they have none."""
        if attendance is None:
            return self.said("speaker_unknown")
        behind = attendance.agency.label if attendance.agency else self.pack.words("capacity", attendance.capacity)
        return f"{attendance.name}, {behind}"

    def role(self, attendance: Attendance) -> str:
        """Return somebody's post in words, empty where it is not known."""
        sector = attendance.agency.sector if attendance.agency else ""
        return self.pack.role_label(sector, attendance.role)

    def when(self, at: datetime) -> str:
        """Return the time of day, with the date where it is not the day the meeting started."""
        started = self.meeting.started_at
        same_day = started is not None and words.legal_day(at) == words.legal_day(started)
        return words.clock(at) if same_day else words.moment(at)

    @cached_property
    def until(self) -> datetime | None:
        """When the meeting ended, or the last moment it recorded so far; None before it starts."""
        meeting = self.meeting
        return meeting.concluded_at or (max(_moments(meeting)) if meeting.started_at else None)

    @cached_property
    def spells(self) -> list[tuple[datetime, datetime, Quorum]]:
        """Each stretch of the meeting without a quorum, from when to when, and who was missing."""
        started, until = self.meeting.started_at, self.until
        if started is None or until is None:
            return []
        if started < until:
            found = inquorate_spells(self.meeting, self.meeting_type, self.pack, until)
            # people arrive one after another in the seconds after the start: that is no quorum lost
            there = started
            for begin, end, _ in found:
                there = end if begin == there else there
            late = there >= started + _ARRIVING or there == until
            return [spell for spell in found if late or spell[0] >= there]
        state = quorum(self.meeting, self.meeting_type, self.pack, started)
        return [] if state.quorate else [(started, started, state)]

    @property
    def restricted(self) -> bool:
        """Whether these minutes hold anything that is for named recipients only."""
        hidden = any(person.address_withheld_from for person in self.meeting.case.people)
        apart = {item.id for item in self.meeting_type.agenda if item.confidential}
        hidden = hidden or any(answer.item_id in apart for answer in self.meeting.answers)
        return hidden or any(statement.restricted for statement in self.meeting.statements)


def beside(label: str, value: str) -> str:
    """Return a value after its label."""
    return f"{label}: {value}"


def owner_of(agency: Agency | None, person: str) -> str:
    """Return who has taken something on: the person and the agency, as far as they are named."""
    return ", ".join(part for part in (person, agency.label if agency else "") if part)


def due_day(day: date | None) -> str:
    """Return a due day, empty where there is none."""
    return words.day(day) if day else ""


def lines(*parts: str) -> str:
    """Return the parts that are not empty, one on each line."""
    return "\n".join(part for part in parts if part)


def note(text: str) -> Iterator[Block]:
    """Yield a note, unless it is empty."""
    if text:
        yield Text(text, TextRole.NOTE)


def _moments(meeting: Meeting) -> Iterator[datetime]:
    presences = [presence for attendance in meeting.attendances for presence in attendance.presences]
    for moments in (
        (meeting.started_at, meeting.difference_read_at),
        (moment for p in presences for moment in (p.arrived_at, p.left_at)),
        (moment for v in meeting.visits for moment in (v.opened_at, v.left_at)),
        (s.said_at for s in meeting.statements),
        (g.noticed_at for g in meeting.gaps),
        (a.answered_at for a in meeting.answers),
        (v.given_at for v in meeting.views),
        (d.decided_at for d in meeting.decisions),
        (moment for d in meeting.dissents for moment in (d.raised_at, d.read_back_at)),
        (moment for a in meeting.actions for moment in (a.agreed_at, a.done_at)),
        (q.given_at for q in meeting.quorum_answers),
    ):
        yield from (moment for moment in moments if moment is not None)
