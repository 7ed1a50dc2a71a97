"""The dates a meeting sets running, from the time limits of its pack."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.models.case import Child
from app.models.meeting import Meeting
from app.practice.limits import CannotCount, Due, Roll, Unit, due
from app.practice.pack import MeetingType, Pack, TimeLimit
from app.practice.quorum import inquorate_spells
from app.practice.words import legal_day
from app.practice.working_days import CalendarTooShort, WorkingCalendar


@dataclass(frozen=True, slots=True)
class DueDate:
    """When a limit falls due for a child, or for the whole meeting, with its explanation."""

    limit: TimeLimit
    child: Child | None
    due: Due


def dates_set(
    meeting: Meeting, meeting_type: MeetingType, pack: Pack, calendar: WorkingCalendar
) -> tuple[list[DueDate], list[tuple[TimeLimit, str]]]:
    """Return each date a meeting sets running, and each limit whose date cannot be known, with the sentence why.

    A meeting that ended without a quorum also sets the limit for meeting again.
    """
    found: list[DueDate] = []
    unknown: list[tuple[TimeLimit, str]] = []
    ids = list(meeting_type.time_limits)
    again = meeting_type.quorum.if_inquorate.reconvene_limit
    if ended_inquorate(meeting, meeting_type, pack):
        ids.append(again)
    for limit in (pack.time_limit(limit_id) for limit_id in dict.fromkeys(ids)):
        if limit is None:
            continue
        starts = list(_starts(limit, meeting))
        if limit.id == again and meeting.concluded_at is not None:
            starts = starts or [(None, meeting.concluded_at)]
        try:
            found += [DueDate(limit, child, counted(limit, start, calendar)) for child, start in starts]
        except (CalendarTooShort, CannotCount) as reason:
            unknown.append((limit, str(reason)))
    return found, unknown


def ended_inquorate(meeting: Meeting, meeting_type: MeetingType, pack: Pack) -> bool:
    """Return whether the meeting is over and had no quorum at its end."""
    end = meeting.concluded_at
    if end is None:
        return False
    spells = inquorate_spells(meeting, meeting_type, pack, end)
    return bool(spells) and spells[-1][1] == end


def counted(limit: TimeLimit, start: datetime, calendar: WorkingCalendar) -> Due:
    """Return when ``limit`` falls due, counted from ``start``."""
    unit = Unit(limit.unit)
    count = -limit.count if limit.direction == "before" else limit.count
    begin = start if unit is Unit.HOURS else legal_day(start)
    return due(begin, count, unit, calendar, Roll(limit.roll))


def _starts(limit: TimeLimit, meeting: Meeting) -> Iterator[tuple[Child | None, datetime]]:
    """Yield what sets a limit running: for the whole meeting, or for each child of whom its condition is true."""
    if limit.unit not in set(Unit):
        return  # counted from a birth or to a time of day, which no meeting sets running
    at = {"meeting-started": meeting.started_at, "meeting-concluded": meeting.concluded_at}.get(limit.starts)
    if not limit.when:
        if at is not None:
            yield None, at
        return
    for child in meeting.children:
        made = {d.question_id: d for d in meeting.decisions if d.child is child}
        held = [made[c.decision] for c in limit.when if c.decision in made and made[c.decision].option in c.options]
        begin = min(d.decided_at for d in held) if held and limit.starts == "decision" else at
        if held and begin is not None:
            yield child, begin
