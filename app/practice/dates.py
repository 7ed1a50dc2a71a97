"""The dates a meeting sets running, from the time limits of its pack."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.models.case import Child
from app.models.meeting import Meeting
from app.practice.limits import Due, Roll, Unit, due
from app.practice.pack import MeetingType, Pack, TimeLimit
from app.practice.words import legal_day
from app.practice.working_days import WorkingCalendar


@dataclass(frozen=True, slots=True)
class DueDate:
    """When a limit falls due for a child, or for the whole meeting, with its explanation."""

    limit: TimeLimit
    child: Child | None
    due: Due


def due_dates(meeting: Meeting, meeting_type: MeetingType, pack: Pack, calendar: WorkingCalendar) -> Iterator[DueDate]:
    """Yield each date the meeting sets running as it stands; raises ``CalendarTooShort`` beyond the years known."""
    for limit_id in meeting_type.time_limits:
        limit = pack.time_limit(limit_id)
        if limit is None:
            continue
        start = _start(limit, meeting)
        if start is None:
            continue
        if not limit.when:
            yield DueDate(limit, None, counted(limit, start, calendar))
        for child in meeting.children:
            if limit.when and _holds(limit, meeting, child):
                yield DueDate(limit, child, counted(limit, start, calendar))


def counted(limit: TimeLimit, start: datetime, calendar: WorkingCalendar) -> Due:
    """Return when ``limit`` falls due, counted from ``start``."""
    unit = Unit(limit.unit)
    count = -limit.count if limit.direction == "before" else limit.count
    begin = start if unit is Unit.HOURS else legal_day(start)
    return due(begin, count, unit, calendar, Roll(limit.roll))


def _start(limit: TimeLimit, meeting: Meeting) -> datetime | None:
    match limit.starts:
        case "meeting-started" | "decision":
            return meeting.started_at
        case "meeting-concluded":
            return meeting.concluded_at
        case _:
            return None


def _holds(limit: TimeLimit, meeting: Meeting, child: Child) -> bool:
    made = {d.question_id: d.option for d in meeting.decisions if d.child is child}
    return any(made.get(condition.decision) in condition.options for condition in limit.when)
