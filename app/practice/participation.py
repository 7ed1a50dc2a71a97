"""The family's part in a meeting: who is kept out, whether they are heard all the same, and reports before it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.models.attendance import Attendance, Capacity, Invitation
from app.models.meeting import Meeting
from app.models.participation import Exclusion, Ruling
from app.models.statement import Statement
from app.practice import words
from app.practice.arrangements import ComplaintStage
from app.practice.catalogue import TimeLimit
from app.practice.dates import Trigger, due_of
from app.practice.limits import CannotCount, Due
from app.practice.pack import MeetingType, Pack
from app.practice.quorum import stands_for
from app.practice.working_days import CalendarTooShort, WorkingCalendar

KEPT_OUT = frozenset({Ruling.FOR_A_PART, Ruling.FOR_ALL})
# those whose own words are theirs, and those who speak for them
FAMILY = (Capacity.CHILD, Capacity.PARENT)
BESIDE_THEM = (Capacity.ADVOCATE, Capacity.SUPPORTER, Capacity.INTERPRETER)
_ONE_DAY = timedelta(days=1)


def kept_out(meeting: Meeting) -> list[Exclusion]:
    """Return the requests that the chair granted, for all of the meeting or a part of it."""
    return [exclusion for exclusion in meeting.exclusions if exclusion.ruling in KEPT_OUT]


def expected(meeting: Meeting) -> list[Attendance]:
    """Return who comes in when a meeting starts: everybody who was invited and is not kept out of all of it."""
    invited = [seat for seat in meeting.attendances if seat.invitation is Invitation.INVITED]
    return [seat for seat in invited if seat.here is None and seat.id not in shut_out(meeting)]


def shut_out(meeting: Meeting) -> set[UUID]:
    """Return the ids of those who are kept out of all of a meeting."""
    return {one.attendance.id for one in meeting.exclusions if one.ruling is Ruling.FOR_ALL}


def unruled(meeting: Meeting) -> list[Exclusion]:
    """Return the requests that the chair has not answered."""
    return [exclusion for exclusion in meeting.exclusions if exclusion.ruling is Ruling.ASKED]


def not_heard(meeting: Meeting) -> list[Exclusion]:
    """Return who is kept out and neither spoke themselves nor had their views brought in another way."""
    spoke = {statement.speaker for statement in meeting.statements}
    return [one for one in kept_out(meeting) if not one.views_by and one.attendance not in spoke]


def family_and_beside(meeting: Meeting) -> list[Attendance]:
    """Return the children and parents on the list, then those who come for them, in the order of the table."""
    return [
        seat
        for capacities in (FAMILY, BESIDE_THEM)
        for seat in sorted(meeting.attendances, key=lambda seat: seat.position)
        if seat.capacity in capacities
    ]


def own_words(meeting: Meeting) -> list[Statement]:
    """Return what the children, the parents and those who speak for them said, the children first, in order of time."""
    order = (Capacity.CHILD, Capacity.ADVOCATE, Capacity.PARENT, Capacity.SUPPORTER)
    said = [
        (order.index(s.speaker.capacity), s) for s in meeting.statements if s.speaker and s.speaker.capacity in order
    ]
    return [statement for _, statement in sorted(said, key=lambda one: (one[0], one[1].said_at, one[1].id))]


@dataclass(frozen=True, slots=True)
class Asked:
    """By when a request to keep somebody out should have come, and whether it came after that."""

    limit: TimeLimit
    due: Due
    late: bool


def notice_of(
    exclusion: Exclusion, meeting: Meeting, meeting_type: MeetingType, pack: Pack, calendar: WorkingCalendar
) -> Asked | None:
    """Return how a request stands to the time it should come before; None where there is no such time, or no count.

    One that comes late, or in the meeting, is a request all the same.
    """
    for limit in _asking(meeting_type, pack, "exclusion"):
        found = _counted_back(limit, meeting.planned_at, calendar)
        if found is not None:
            return Asked(limit, found, exclusion.asked_at > found.ends)
    return None


@dataclass(frozen=True, slots=True)
class Report:
    """One person's report: by when it is due, and how many working days before the meeting it came.

    ``due`` is None where the pack asks for no time, ``days`` where it has not come or cannot be counted.
    """

    attendance: Attendance
    limit: TimeLimit | None
    due: Due | None
    days: int | None

    @property
    def late(self) -> bool:
        """Whether it came after its day; one that has not come is missing, not late."""
        came = self.attendance.report_received
        return came is not None and self.due is not None and came > words.legal_day(self.due.at)

    def missing(self, today: date) -> bool:
        """Return whether it was asked for, has not come, and its day is over."""
        if self.attendance.report_received is not None or self.attendance.report_asked is None:
            return False
        return self.due is not None and today > words.legal_day(self.due.at)


def reports(meeting: Meeting, meeting_type: MeetingType, pack: Pack, calendar: WorkingCalendar) -> list[Report]:
    """Return each report that was asked for or came, in the order of the table."""
    limits = list(_asking(meeting_type, pack, "report"))
    return [
        _report(seat, limits, meeting.planned_at, pack, calendar)
        for seat in sorted(meeting.attendances, key=lambda seat: seat.position)
        if seat.report_asked or seat.report_received or seat.report_shared
    ]


def _report(
    seat: Attendance, limits: list[TimeLimit], planned: datetime, pack: Pack, calendar: WorkingCalendar
) -> Report:
    limit = _limit_for(seat, limits, pack)
    due = _counted_back(limit, planned, calendar) if limit else None
    return Report(seat, limit, due, working_days_before(seat.report_received, words.legal_day(planned), calendar))


def report_due(
    seat: Attendance, meeting: Meeting, meeting_type: MeetingType, pack: Pack, calendar: WorkingCalendar
) -> Due | None:
    """Return by when a report of somebody on the list is due; None where the pack asks for no time."""
    limit = _limit_for(seat, list(_asking(meeting_type, pack, "report")), pack)
    return _counted_back(limit, meeting.planned_at, calendar) if limit else None


def _limit_for(seat: Attendance, limits: list[TimeLimit], pack: Pack) -> TimeLimit | None:
    own = stands_for(seat, pack)
    named = next((limit for limit in limits if own.intersection(limit.asked_of)), None)
    return named or next((limit for limit in limits if not limit.asked_of), None)


def working_days_before(came: date | None, day: date, calendar: WorkingCalendar) -> int | None:
    """Return how many working days lie between, counted back from ``day``; None where that cannot be counted."""
    if came is None:
        return None
    try:
        return sum(calendar.is_working_day(day - _ONE_DAY * back) for back in range(1, (day - came).days + 1))
    except CalendarTooShort:
        return None


def _asking(meeting_type: MeetingType, pack: Pack, what: str) -> Iterator[TimeLimit]:
    limits = (pack.time_limit(limit_id) for limit_id in meeting_type.time_limits)
    yield from (limit for limit in limits if limit is not None and limit.asks_for == what)


def _counted_back(limit: TimeLimit, planned: datetime, calendar: WorkingCalendar) -> Due | None:
    try:
        return due_of(limit, Trigger(None, planned), calendar)
    except (CalendarTooShort, CannotCount):
        return None


def next_stage(stage: str, pack: Pack) -> ComplaintStage | None:
    """Return the stage of a complaint after ``stage``, the first one for an empty name; None after the last."""
    ids = [route.id for route in pack.participation.routes]
    place = ids.index(stage) + 1 if stage in ids else 0
    return pack.participation.routes[place] if place < len(ids) else None


def answer_due(stage: ComplaintStage, received: date, pack: Pack, calendar: WorkingCalendar) -> Due | None:
    """Return by when a stage is to be answered, counted from the day the complaint came; None where only words say."""
    limit = pack.time_limit(stage.limit) if stage.limit else None
    if limit is None:
        return None
    try:
        return due_of(limit, Trigger(None, received), calendar)
    except (CalendarTooShort, CannotCount):
        return None
