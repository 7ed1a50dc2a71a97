"""What becomes of a date: that it moved, and why, and that it will be missed while there is still time to change it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.models.case import Child
from app.models.decision import Decision
from app.models.event import Event, EventKind
from app.models.meeting import Meeting
from app.practice.calendars import calendar_of
from app.practice.catalogue import TimeLimit
from app.practice.dates import DueDate, dates_set, when
from app.practice.limits import Due, last_second
from app.practice.pack import MeetingType, Pack
from app.practice.words import clock, counted, legal_day, weekday_day

_NOUNS = {
    EventKind.REFERRAL: "a referral",
    EventKind.SEEN: "a visit at which the child was seen",
    EventKind.BIRTH: "a birth",
    EventKind.MOVED: "a move",
    EventKind.TRANSFER_NOTIFIED: "a written notification of a move",
    EventKind.POLICE_PROTECTION: "police protection",
    EventKind.EMERGENCY_PROTECTION: "an emergency protection order",
    EventKind.ASSESSMENT_ORDER: "a child assessment order",
    EventKind.DIED: "a death",
}


@dataclass(frozen=True, slots=True)
class Change:
    """That a date came, moved or no longer stands, which ``says`` tells; ``was`` or ``now`` is None where none is."""

    limit: TimeLimit
    child: Child | None
    was: Due | None
    now: Due | None
    says: str


@dataclass(frozen=True, slots=True)
class Planned:
    """When what a limit asks for is planned, for one child or, without one, for every child."""

    limit_id: str
    at: date | datetime
    child: Child | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """A date that will not be kept as things are planned, and the sentences that say so and what can be done."""

    date: DueDate
    says: str


def when_said(at: date | datetime) -> str:
    """Return "Tuesday 5 January 2027", and the time after it where there is one: "Tuesday 5 January 2027, 10:00"."""
    return f"{weekday_day(at)}, {clock(at)}" if isinstance(at, datetime) else weekday_day(at)


def because_of(event: Event) -> str:
    """Return why a date moved, to stand after "because": "a birth on Monday 11 January 2027 was recorded for Robin"."""
    noun = _NOUNS.get(event.kind, "something that happened")
    about = f" for {event.child.first_name}" if event.child else ""
    return f"{noun} on {when_said(when(event))} was recorded{about}"


def moved(old: Due, new: Due, why: str) -> str:
    """Return the sentences that say that a date moved, from when to when, why, and how the new one was counted.

    ``why`` stands after "because". Where the date is the same, they say that it stays.
    """
    if old.at == new.at:
        return f"The date stays: {when_said(new.at)}. It was counted again because {why}. {new.because}"
    days = (legal_day(new.at) - legal_day(old.at)).days
    way = "earlier" if new.ends < old.ends else "later"
    by = f", {counted(abs(days), 'day')} {way}" if days else f", {way} on the same day"
    return f"The date was {when_said(old.at)} and is now {when_said(new.at)}{by}, because {why}. {new.because}"


def recalculated(before: Sequence[DueDate], after: Sequence[DueDate], why: str) -> list[Change]:
    """Return what changed between two counts of the same limits: dates that moved, that came, and that no longer stand.

    ``why`` stands after "because". A date that is the same is not among them, though it be explained otherwise.
    """
    old, new = _by_what(before), _by_what(after)
    changes = []
    for key in dict.fromkeys([*old, *new]):
        one = new[key] if key in new else old[key]
        was = old[key].due if key in old else None
        now = new[key].due if key in new else None
        if was is None or now is None or was.at != now.at:
            changes.append(Change(one.limit, one.child, was, now, f"{_named(one)}. {_told(was, now, why)}"))
    return changes


def _by_what(dates: Iterable[DueDate]) -> dict[tuple[str, UUID | None], DueDate]:
    return {(one.limit.id, one.child.id if one.child else None): one for one in dates}


def _told(was: Due | None, now: Due | None, why: str) -> str:
    if was and now:
        return moved(was, now, why)
    if now:
        return f"It is now due by {when_said(now.at)}, because {why}. {now.because}"
    return f"It was due by {when_said(was.at)} and no longer is, because {why}." if was else ""


def planned_in(meeting: Meeting, meeting_type: MeetingType) -> list[tuple[Decision, Planned]]:
    """Return the days that a meeting decided on for what limits ask for, each with its decision."""
    return [
        (decision, Planned(limit_id, decision.on, decision.child))
        for decision in meeting.decisions
        if decision.on is not None and (question := meeting_type.decision(decision.question_id)) is not None
        for limit_id in question.fixes
    ]


def decided_too_late(
    meeting: Meeting, meeting_type: MeetingType, pack: Pack, now: datetime
) -> list[tuple[Decision, Missed]]:
    """Return the days decided on that do not keep the limits this meeting sets running, ended as things are now."""
    decided = planned_in(meeting, meeting_type)
    if not decided:
        return []
    dates, _unknown = dates_set(meeting, meeting_type, pack, calendar_of(pack), ends=now)
    return [
        (decision, missed)
        for decision, plan in decided
        for missed in will_miss(
            [one for one in dates if one.limit.id == plan.limit_id and _is_for(plan, one)], [plan], now
        )
    ]


def will_miss(
    dates: Iterable[DueDate], planned: Sequence[Planned], now: datetime, *, resumes: date | datetime | None = None
) -> list[Missed]:
    """Return the dates that will not be kept as things are planned, the first due first.

    Of several plans for one date the earliest counts. A date without a plan is told where it is past, or falls before
    the meeting ``resumes`` from an adjournment.
    """
    found = []
    for one in sorted(dates, key=lambda date_set: date_set.due.ends):
        plans = [plan.at for plan in planned if plan.limit_id == one.limit.id and _is_for(plan, one)]
        says = _of_the_plan(one, min(plans, key=last_second)) if plans else _without_a_plan(one, now, resumes)
        if says:
            found.append(Missed(one, f"{_named(one)}. {says} {one.due.because}"))
    return found


def _is_for(plan: Planned, one: DueDate) -> bool:
    return plan.child is None or one.child is None or plan.child.id == one.child.id


def _of_the_plan(one: DueDate, plan: date | datetime) -> str:
    limit, due = one.limit, one.due
    days = abs((legal_day(plan) - legal_day(due.at)).days)
    by = f"{counted(days, 'day')}" if days else "less than a day"
    is_planned = f"It is planned for {when_said(plan)}"
    if limit.bound == "minimum":
        early = last_second(plan) < due.ends if isinstance(due.at, datetime) else legal_day(plan) < legal_day(due.at)
        return f"{is_planned}, which is {by} too early: not before {when_said(due.at)}." if early else ""
    if last_second(plan) <= due.ends:
        return ""
    if not days and not isinstance(plan, datetime):
        return f"{is_planned}, without an hour, and must be by {clock(last_second(due.at))}: set the hour."
    if limit.bound == "usual":
        return f"{is_planned}, {by} later than is usual: {when_said(due.at)}. Say why, or plan it sooner."
    return (
        f"{is_planned} and is due by {when_said(due.at)}: it will be {by} late. "
        "Plan it sooner, or record why it cannot be and who agreed."
    )


def _without_a_plan(one: DueDate, now: datetime, resumes: date | datetime | None) -> str:
    if one.limit.bound == "minimum":
        return ""
    if one.due.ends < now:
        return f"It was due by {when_said(one.due.at)}, which is past. Record when it was done, or why it was not."
    if resumes is not None and one.due.ends < _first_second(resumes):
        return (
            f"It is due by {when_said(one.due.at)}, before the meeting resumes on {when_said(resumes)}. "
            "Resume sooner, or settle it before then."
        )
    return ""


def _first_second(at: date | datetime) -> datetime:
    return at if isinstance(at, datetime) else last_second(at - timedelta(days=1)) + timedelta(seconds=1)


def _named(one: DueDate) -> str:
    return f"{one.limit.label}{f' for {one.child.first_name}' if one.child else ''}"
