"""The dates a meeting or an event sets running, from the time limits of a pack."""

from calendar import isleap
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import assert_never
from uuid import UUID

from app.models.base import made_at
from app.models.case import Child
from app.models.deadline import Deadline, Recalculation
from app.models.event import Event, EventKind
from app.models.meeting import Meeting
from app.practice.catalogue import Sooner, TimeLimit
from app.practice.limits import CannotCount, Due, Roll, Unit, at_the_hour, due, sooner, week_of_pregnancy
from app.practice.pack import MeetingType, Pack
from app.practice.quorum import inquorate_spells
from app.practice.words import legal_day
from app.practice.working_days import CalendarTooShort, WorkingCalendar

_COMES_OF_AGE = 18
# the id of what an act made tells its moment to the millisecond
_ACT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class DueDate:
    """When a limit falls due for a child, or for the whole meeting, with its explanation."""

    limit: TimeLimit
    child: Child | None
    due: Due


@dataclass(frozen=True, slots=True)
class Trigger:
    """What sets a limit running, for a child or for the whole meeting: the count's start and that of its second count.

    None stands for what has not happened yet, or is not on record.
    """

    child: Child | None
    start: date | datetime | None
    beside: date | datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What dates are counted from: a meeting, and the significant events of its case, their children loaded.

    ``ends`` is when a meeting that still goes on is taken to end, to say beforehand what ending it would set running.
    """

    meeting: Meeting
    events: Sequence[Event] = field(default=(), repr=False)
    ends: datetime | None = None

    @property
    def ended_at(self) -> datetime | None:
        """When the meeting ended, or is taken to end."""
        return self.meeting.concluded_at or self.ends


Dates = tuple[list[DueDate], list[tuple[TimeLimit, str]]]


def dates_set(
    meeting: Meeting,
    meeting_type: MeetingType,
    pack: Pack,
    calendar: WorkingCalendar,
    *,
    events: Sequence[Event] = (),
    running: Collection[tuple[str, UUID]] = (),
    ends: datetime | None = None,
) -> Dates:
    """Return each date a meeting sets running, and each limit whose date cannot be known, with the sentence why.

    A meeting that ended without a quorum also sets the limit for meeting again. ``events`` are those of the case.
    ``running`` names, by the ids of limit and child, the dates that earlier meetings set: one that keeps the clock
    does not start theirs anew. ``ends`` is when a meeting that still goes on is taken to end.
    """
    facts = Facts(meeting, events, ends)
    kept = running if meeting_type.keeps_clock else ()
    limits = [limit for limit in limits_of(facts, meeting_type, pack) if limit.starts != "before-meeting"]
    again = meeting_type.quorum.if_inquorate.reconvene_limit
    triggers = []
    for limit in limits:
        set_off = [one for one in triggers_of(limit, facts) if not _is_running(limit, one.child, kept)]
        if limit.id == again and limit.starts == "elsewhere":
            set_off.append(Trigger(None, facts.ended_at))
        triggers += [(limit, one) for one in set_off]
    return _due_dates(triggers, calendar)


def dates_following(
    meeting: Meeting, meeting_type: MeetingType, pack: Pack, calendar: WorkingCalendar, *, ends: datetime | None = None
) -> Dates:
    """Return what ``dates_set`` does for a meeting whose case is loaded with its dates and events.

    What asked for this very meeting is left out, and so is what was recorded after its end.
    """
    until = meeting.concluded_at
    known, unknown = dates_set(
        meeting, meeting_type, pack, calendar,
        events=[event for event in meeting.case.events if until is None or event.noted_at <= until],
        running=_running_before(meeting), ends=ends,
    )  # fmt: skip
    return [one for one in known if not asked_before(one.limit, meeting_type)], unknown


def _running_before(meeting: Meeting) -> set[tuple[str, UUID]]:
    begun = meeting.started_at or meeting.planned_at
    return {
        (one.limit_id, one.child_id)
        for one in meeting.case.deadlines
        if one.child_id is not None
        and one.meeting_id != meeting.id
        and made_at(one.id) < begun
        and (one.met_at is None or one.met_at > begun)
    }


def asked_before(limit: TimeLimit, meeting_type: MeetingType) -> bool:
    """Return whether a limit asked for this very meeting: holding it is the answer."""
    return limit.starts in ("event", "expected") and limit.id in meeting_type.answers


def moved_before(meeting: Meeting) -> list[tuple[Deadline, Recalculation]]:
    """Return how dates of the meeting's children moved since the meeting before it and up to its end, in order of time.

    Its case is loaded with its dates.
    """
    begun, children = meeting.started_at or meeting.planned_at, {child.id for child in meeting.children}
    others = [made_at(one.id) for one in meeting.case.deadlines if one.meeting_id not in (None, meeting.id)]
    since = max((at for at in others if at < begun), default=None)
    found = [
        (one, change)
        for one in meeting.case.deadlines
        if one.child_id is None or one.child_id in children
        for change in one.recalculations
        if (since is None or change.changed_at > since + _ACT)
        and (meeting.concluded_at is None or change.changed_at <= meeting.concluded_at)
    ]
    return sorted(found, key=lambda told: told[1].changed_at)


def dates_before(meeting: Meeting, meeting_type: MeetingType, pack: Pack, calendar: WorkingCalendar) -> Dates:
    """Return each date counted back from when a meeting is planned, and each that cannot be known, and why."""
    facts = Facts(meeting)
    limits = [limit for limit in limits_of(facts, meeting_type, pack) if limit.starts == "before-meeting"]
    return _due_dates([(limit, one) for limit in limits for one in triggers_of(limit, facts)], calendar)


def dates_of_event(
    event: Event, limits: Iterable[TimeLimit], children: Iterable[Child], calendar: WorkingCalendar
) -> Dates:
    """Return the dates that an event sets running without a meeting, and each that cannot be known, and why.

    Of ``limits`` those that name the event's kind are counted, for each of ``children`` whom the event concerns.
    """
    concerned = [child for child in children if event.child in (None, child)]
    started = [limit for limit in limits if limit.starts == "event" and limit.event == event.kind]
    return _due_dates([(limit, Trigger(child, when(event))) for limit in started for child in concerned], calendar)


def _due_dates(triggers: Iterable[tuple[TimeLimit, Trigger]], calendar: WorkingCalendar) -> Dates:
    found: list[DueDate] = []
    unknown: list[tuple[TimeLimit, str]] = []
    for limit, trigger in triggers:
        try:
            found.append(DueDate(limit, trigger.child, due_of(limit, trigger, calendar)))
        except (CalendarTooShort, CannotCount) as reason:
            unknown.append((limit, str(reason)))
    return found, [one for place, one in enumerate(unknown) if one not in unknown[:place]]


def awaited(facts: Facts, meeting_type: MeetingType, pack: Pack) -> list[tuple[TimeLimit, str]]:
    """Return the limits of a meeting that nothing on record has set running yet, each with what it waits for."""
    return [
        (limit, f"Not running yet. It is counted from what is not on record: {limit.trigger}.")
        for limit in limits_of(facts, meeting_type, pack)
        if limit.starts != "elsewhere" and not any(triggers_of(limit, facts))
    ]


def limits_of(facts: Facts, meeting_type: MeetingType, pack: Pack) -> list[TimeLimit]:
    """Return the limits that a meeting of this type may set running, after an inquorate one that to meet again too."""
    ids = list(meeting_type.time_limits)
    if _inquorate_at_the_end(facts, meeting_type, pack):
        ids.append(meeting_type.quorum.if_inquorate.reconvene_limit)
    return [limit for limit_id in dict.fromkeys(ids) if (limit := pack.time_limit(limit_id)) is not None]


def ended_inquorate(meeting: Meeting, meeting_type: MeetingType, pack: Pack) -> bool:
    """Return whether the meeting is over and had no quorum at its end."""
    return _inquorate_at_the_end(Facts(meeting), meeting_type, pack)


def _inquorate_at_the_end(facts: Facts, meeting_type: MeetingType, pack: Pack) -> bool:
    end = facts.ended_at
    if end is None:
        return False
    spells = inquorate_spells(facts.meeting, meeting_type, pack, end)
    return bool(spells) and spells[-1][1] == end


def due_of(limit: TimeLimit, trigger: Trigger, calendar: WorkingCalendar) -> Due:
    """Return when ``limit`` falls due and why, counted from ``trigger``.

    Raises CalendarTooShort or CannotCount where there is no answer.
    """
    first = None if trigger.start is None else _counted(limit, trigger.start, calendar)
    beside, second = limit.or_sooner, None
    if beside is not None and trigger.beside is not None:
        roll = Roll.NONE if beside.unit == "hours" else Roll(limit.roll)
        second = _in_units(trigger.beside, beside.count, Unit(beside.unit), calendar, roll)
    if beside is not None:
        return sooner((limit.trigger, first), (beside.trigger, second))
    if first is None:
        raise CannotCount("limit.not-begun", f"What this is counted from is not recorded yet: {limit.trigger}.")
    return first


def _counted(limit: TimeLimit, start: date | datetime, calendar: WorkingCalendar) -> Due:
    roll = Roll(limit.roll)
    count = -limit.count if limit.direction == "before" else limit.count
    if limit.unit == "gestation-weeks":
        return week_of_pregnancy(legal_day(start), limit.count, calendar, roll)
    if limit.unit != "clock-time":
        return _in_units(start, count, Unit(limit.unit), calendar, roll)
    if limit.clock is None:
        raise CannotCount("limit.hour-missing", "This is due at an hour of the day that the rule does not give.")
    return at_the_hour(start, count, limit.clock, calendar, roll)


def _in_units(start: date | datetime, count: int, unit: Unit, calendar: WorkingCalendar, roll: Roll) -> Due:
    if unit is Unit.WORKING_DAYS and count:
        roll = Roll.NONE  # it ends on a working day as it is: the explanation need not say so
    return due(start if unit is Unit.HOURS else legal_day(start), count, unit, calendar, roll)


def triggers_of(limit: TimeLimit, facts: Facts) -> Iterator[Trigger]:
    """Yield what sets a limit running: for the whole meeting, or for each child whom it concerns."""
    for child in _concerned(limit, facts):
        start = _start_of(limit, limit, facts, child)
        beside = _start_of(limit.or_sooner, limit, facts, child) if limit.or_sooner else None
        if start is not None or beside is not None:
            yield Trigger(child, start, beside)


def _concerned(limit: TimeLimit, facts: Facts) -> list[Child | None]:
    """Return the children whom a limit concerns, each apart, or None alone where it is one for the whole meeting."""
    counts: list[TimeLimit | Sooner] = [limit, limit.or_sooner] if limit.or_sooner else [limit]
    of_births = any(count.event == "birth" or count.starts == "expected" for count in counts)
    if not (limit.when or of_births or any(count.starts == "event" for count in counts)):
        return [None]
    return [
        child
        for child in facts.meeting.children
        if (not of_births or _unborn_then(child, facts))
        and (not limit.when or _decided_at(limit, facts.meeting, child) is not None)
    ]


def _start_of(count: TimeLimit | Sooner, limit: TimeLimit, facts: Facts, child: Child | None) -> date | datetime | None:
    match count.starts:
        case "meeting-started":
            return facts.meeting.started_at
        case "meeting-concluded":
            return facts.ended_at
        case "before-meeting":
            return facts.meeting.planned_at
        case "decision":
            return _decided_at(limit, facts.meeting, child)
        case "event":
            return _happened(count.event, child, facts.events)
        case "expected":
            return child.expected if child else None
        case "elsewhere":
            return None
        case _:
            assert_never(count.starts)


def _decided_at(limit: TimeLimit, meeting: Meeting, child: Child | None) -> datetime | None:
    """Return when the first decision was made that makes a condition of the limit true for a child."""
    made = {d.question_id: d for d in meeting.decisions if d.child is child}
    held = [made[c.decision] for c in limit.when if c.decision in made and made[c.decision].option in c.options]
    return min((decision.decided_at for decision in held), default=None)


def when(event: Event) -> date | datetime:
    """Return when an event happened: the day in London where no hour is known."""
    return legal_day(event.happened_at) if event.whole_day else event.happened_at


def _happened(kind: str, child: Child | None, events: Sequence[Event]) -> date | datetime | None:
    """Return when an event of that kind last happened to a child; of a birth or a death, what was told last is true."""
    if child is not None and kind == "turned-18":
        return comes_of_age(child)
    if child is not None and kind == EventKind.BIRTH and child.born:
        return child.born
    told = [event for event in events if event.kind == kind and event.child in (None, child)]
    if not told:
        return None
    if kind in (EventKind.BIRTH, EventKind.DIED):
        return when(max(told, key=lambda event: event.noted_at))
    return when(max(told, key=lambda event: (event.happened_at, event.noted_at)))


def comes_of_age(child: Child) -> date | None:
    """Return the day a child turns 18; None where the date of birth is not known."""
    if child.born is None:
        return None
    year = child.born.year + _COMES_OF_AGE
    leapt = (child.born.month, child.born.day) == (2, 29) and not isleap(year)
    return date(year, 3, 1) if leapt else child.born.replace(year=year)


def _unborn_then(child: Child, facts: Facts) -> bool:
    """Return whether the meeting was about a child still to be born."""
    born = _happened(EventKind.BIRTH, child, facts.events)
    met = facts.meeting.started_at or facts.meeting.planned_at
    return child.unborn if born is None else legal_day(born) >= legal_day(met)


def _is_running(limit: TimeLimit, child: Child | None, running: Collection[tuple[str, UUID]]) -> bool:
    """Return whether an earlier meeting set the clock: what a decision starts is its own, and starts with each one."""
    return bool(limit.when) and limit.starts != "decision" and child is not None and (limit.id, child.id) in running
