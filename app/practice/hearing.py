"""Who has been heard: on an agenda item, and on each question for each child."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from app.models.agency import Agency
from app.models.attendance import Attendance
from app.models.case import Child
from app.models.meeting import Meeting
from app.models.view import View
from app.practice.pack import MeetingType, Pack
from app.practice.questions import AgendaItem, ViewQuestion


@dataclass(frozen=True, slots=True)
class MissingView:
    """An agency that came and has not given its view on a question for a child."""

    agency: Agency
    child: Child
    question: ViewQuestion


@dataclass(frozen=True, slots=True)
class Tally:
    """How the agencies' last views on a question for a child fall. It is advisory: the decision is the chair's."""

    question: ViewQuestion
    child: Child
    counts: tuple[tuple[str, int], ...]
    expected: int

    @property
    def given(self) -> int:
        """How many views there are."""
        return sum(count for _, count in self.counts)

    @property
    def majority(self) -> str:
        """The option more than half of the given views hold; empty where there is none."""
        return majority_of(self.counts)

    @property
    def words(self) -> str:
        """The counts in words, such as ``met 3, not met 1``."""
        labels = {option.id: option.label for option in self.question.options}
        return ", ".join(f"{labels.get(option, option)} {count}" for option, count in self.counts) or "no view yet"


def majority_of(counts: tuple[tuple[str, int], ...]) -> str:
    """Return the option more than half of the counted views hold; empty where there is none."""
    given = sum(count for _, count in counts)
    return next((option for option, count in counts if count * 2 > given), "")


def counted(meeting: Meeting, pack: Pack) -> list[Agency]:
    """Return each agency whose view is asked for: those with a counted person who came, in the order of the table."""
    agencies: dict[UUID, Agency] = {}
    for attendance in meeting.attendances:
        if attendance.came and attendance.agency is not None and is_counted(attendance, pack):
            agencies.setdefault(attendance.agency.id, attendance.agency)
    return list(agencies.values())


def is_counted(attendance: Attendance, pack: Pack) -> bool:
    """Return whether somebody gives their agency's view (reference: domain, section C1)."""
    if not attendance.counts or attendance.agency is None:
        return False
    sector = pack.sector(attendance.agency.sector)
    if sector is None:
        return True
    role = sector.role(attendance.role)
    return sector.counts_in_views and (role is None or role.counts)


def unheard(meeting: Meeting, item: AgendaItem, pack: Pack) -> list[Agency]:
    """Return each agency in the meeting that has said nothing yet on an item that hears them all."""
    if not item.hears:
        return []
    spoke = {agency.id for agency in _who_spoke(meeting, item.id)}
    return [agency for agency in counted(meeting, pack) if agency.id not in spoke]


def _who_spoke(meeting: Meeting, item_id: str) -> Iterable[Agency]:
    speakers = [s.speaker for s in meeting.statements if s.item_id == item_id]
    yield from (s.agency for s in speakers if s is not None and s.agency is not None)
    yield from (view.agency for view in meeting.views if view.item_id == item_id)


def has_spoken(meeting: Meeting, attendance: Attendance, item_id: str) -> bool:
    """Return whether somebody has said anything on an item."""
    return any(s.speaker is attendance for s in meeting.statements if s.item_id == item_id) or any(
        v.speaker is attendance for v in meeting.views if v.item_id == item_id
    )


def latest(views: Iterable[View]) -> list[View]:
    """Return each agency's last view for each child and question."""
    last: dict[tuple[UUID, UUID, str], View] = {}
    for view in sorted(views, key=lambda v: v.round):
        last[view.agency.id, view.child.id, view.question_id] = view
    return list(last.values())


def missing_views(meeting: Meeting, meeting_type: MeetingType, pack: Pack) -> list[MissingView]:
    """Return each view that is still to be taken, child by child."""
    given = {(v.agency.id, v.child.id, v.question_id) for v in meeting.views}
    agencies = counted(meeting, pack)
    return [
        MissingView(agency, child, question)
        for question in meeting_type.views
        for child in meeting.children
        for agency in agencies
        if (agency.id, child.id, question.id) not in given
    ]


def tally(meeting: Meeting, question: ViewQuestion, child: Child, pack: Pack) -> Tally:
    """Return how the views on a question for a child fall, in the order of the question's options."""
    return Tally(question, child, _counts(meeting, question, child), len(counted(meeting, pack)))


def _counts(meeting: Meeting, question: ViewQuestion, child: Child) -> tuple[tuple[str, int], ...]:
    views = latest(v for v in meeting.views if v.question_id == question.id and v.child is child)
    counts = Counter(view.option for view in views)
    return tuple((option.id, counts[option.id]) for option in question.options if counts[option.id])


def departs(meeting: Meeting, meeting_type: MeetingType, decision_id: str, option: str, child: Child) -> str:
    """Return the option of the majority that a decision would depart from; empty where it departs from none.

    A majority for an answer that is no option of the decision, such as being unsure, is departed from by nothing.
    """
    decision = meeting_type.decision(decision_id)
    for question in meeting_type.views:
        if question.decision == decision_id and decision is not None:
            majority = majority_of(_counts(meeting, question, child))
            if majority != option and decision.option(majority) is not None:
                return majority
    return ""
