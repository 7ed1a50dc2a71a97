"""All dates across the cases: what is late, soon and later, what was done, and the same as a calendar file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import assert_never
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import selectinload

from app.models.base import Refused
from app.models.deadline import Deadline
from app.practice.children import called
from app.practice.dates import comes_of_age
from app.practice.forecast import when_said
from app.practice.limits import last_second
from app.practice.origins import origin
from app.practice.words import counted, day, legal_day
from app.services import cases, noting
from app.services.dates import day_or_moment
from app.services.keeping import write_file
from app.services.sitting import Sitting
from app.sharing.icalendar import CalendarEntry, calendar

SOON = timedelta(days=14)
MOST = 500


class Group(StrEnum):
    """What a date is now: still to be kept, or not any more."""

    LATE = "late"
    SOON = "soon"
    LATER = "later"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of a case. ``kept_on`` says when what it asks for was done, ``let_go`` why it need not be done any more.

    ``changes`` tells each time it moved, the first one first. ``earliest`` says that it must not be done before,
    ``origin`` where the rule comes from, as it stands today.
    """

    id: UUID
    case_id: UUID
    reference: str
    label: str
    child: str
    when: date | datetime
    because: str
    group: Group
    kept_on: date | None = None
    let_go: str = ""
    changes: tuple[str, ...] = ()
    earliest: bool = False
    origin: str = ""


def dates_of_all(sitting: Sitting) -> list[Dated]:
    """Return the dates of all cases, the soonest first and those done last, ``MOST`` of each kind at most."""
    now = sitting.now()
    found: dict[UUID, Dated] = {}
    with sitting.store.read() as session:
        for wanted in Group:
            order = Deadline.due_at.desc() if wanted is Group.DONE else Deadline.due_at.asc()
            rows = select(Deadline).where(_where(wanted, now)).options(*cases.OF_A_DATE).order_by(order, Deadline.id)
            for deadline in session.scalars(rows.limit(MOST)):
                found[deadline.id] = told(sitting, deadline, now)
    order_of = {group: place for place, group in enumerate(Group)}
    return sorted(found.values(), key=lambda one: order_of[one.group])


def next_dates(sitting: Sitting, limit: int = 50) -> list[Dated]:
    """Return the dates that are still to be kept, the soonest first, ``limit`` at most."""
    now = sitting.now()
    found = (told(sitting, deadline, now) for deadline in cases.dates_due(sitting, limit))
    return [one for one in found if one.group is not Group.DONE]


def told(sitting: Sitting, deadline: Deadline, now: datetime) -> Dated:
    """Return a date, loaded with its case and children, child and recalculations, as the pages tell it."""
    child = called(deadline.case.children)[deadline.child.id] if deadline.child else ""
    of_age = came_of_age(deadline, now)
    why = deadline.let_go
    let_go = why.why if why else ""
    if of_age is not None:
        let_go = f"It need not be kept any more, because {child} turned 18 on {day(of_age)}."
    limit = sitting.pack.time_limit(deadline.limit_id)
    earliest = limit is not None and limit.bound == "minimum"
    return Dated(
        deadline.id, deadline.case_id, deadline.case.reference, deadline.label, child,
        day_or_moment(deadline), deadline.because,
        _group(deadline, now, done=bool(let_go), earliest=earliest),
        legal_day(deadline.met_at) if deadline.met_at and not let_go else None, let_go,
        tuple(one.why for one in deadline.recalculations if one is not why), earliest,
        origin(limit, sitting.pack) if limit else "",
    )  # fmt: skip


def came_of_age(deadline: Deadline, now: datetime) -> date | None:
    """Return the day on which the child of an open date turned 18, where that was before it fell due; else None."""
    if deadline.child is None or deadline.met_at is not None:
        return None
    of_age = comes_of_age(deadline.child)
    return of_age if of_age is not None and of_age <= min(legal_day(now), legal_day(deadline.due_at)) else None


def line_of(one: Dated, now: datetime, *, of_its_case: bool = False) -> str:
    """Return a date as one row: the day, what is due, for whom, and how far away it is.

    ``of_its_case`` leaves out which case it is of.
    """
    about = f", {one.child}" if one.child else ""
    case = "" if of_its_case else f" ({one.reference})"
    return f"{when_said(one.when)}: {one.label}{about}{case}, {_state(one, now)}"


def why_of(one: Dated) -> str:
    """Return why a date is that day, each time it moved, why it need not be kept any more, and whose rule it is."""
    return "\n\n".join(part for part in (one.because, *one.changes, one.let_go, one.origin) if part)


def _state(one: Dated, now: datetime) -> str:
    if one.let_go:
        return "need not be kept any more"
    if one.kept_on is not None:
        late = (one.kept_on - legal_day(one.when)).days
        after = f", {counted(late, 'day')} late" if late > 0 and not one.earliest else ""
        return f"done on {day(one.kept_on)}{after}"
    if one.earliest:
        return "not before then" if last_second(one.when) > now else "no longer too early"
    return far_away(one.when, now)


def far_away(when: date | datetime, now: datetime) -> str:
    """Return how far away a date is that is still to be kept: "in 5 days", "today", "overdue by 1 day"."""
    away = (legal_day(when) - legal_day(now)).days
    if last_second(when) < now:
        return f"overdue by {counted(-away, 'day')}" if away else "overdue"
    return {0: "today", 1: "tomorrow"}.get(away, f"in {counted(away, 'day')}")


def keep(sitting: Sitting, deadline_id: UUID, on: date | None = None) -> None:
    """Note that what a date asks for was done, today or ``on`` a day before; raises ``Refused``."""
    act = sitting.act()
    done = last_second(on or legal_day(act.at))
    if on is not None and on > legal_day(act.at):
        raise Refused("date.in-future")
    deadline = _known(sitting, deadline_id)
    with sitting.store.begin(act, "date.kept", deadline.meeting_id, case=deadline.case_id) as session:
        session.get_one(Deadline, deadline_id).met_at = min(done, act.at)


def not_kept(sitting: Sitting, deadline_id: UUID) -> None:
    """Note that what a date asks for is not done after all; raises ``Refused`` where it was let go."""
    deadline = _known(sitting, deadline_id)
    if deadline.let_go is not None:
        raise Refused("date.let-go")
    with sitting.store.begin(sitting.act(), "date.not-kept", deadline.meeting_id, case=deadline.case_id) as session:
        session.get_one(Deadline, deadline_id).met_at = None


def as_calendar(found: Sequence[Dated], now: datetime) -> bytes:
    """Return dates as a calendar file; it names each case by its reference, and no child."""
    entries = (
        CalendarEntry(one.id, one.when, f"{one.label} ({one.reference})", text=one.because) for one in found
    )  # fmt: skip
    return calendar(entries, now)


def give_out(sitting: Sitting, found: Sequence[Dated], path: Path) -> None:
    """Write dates as a calendar file, noted in the trail of each case it names; raises ``NotWritten``."""
    content = as_calendar(found, sitting.now())
    with sitting.store.together():
        for case_id in dict.fromkeys(one.case_id for one in found):
            noting.given_out(sitting, "dates.exported", content, case=case_id)
    write_file(path, content)


def _known(sitting: Sitting, deadline_id: UUID) -> Deadline:
    with sitting.store.read() as session:
        found = session.get(Deadline, deadline_id, options=[selectinload(Deadline.recalculations)])
    if found is None:
        raise Refused("date.unknown")
    return found


def _where(group: Group, now: datetime) -> ColumnElement[bool]:
    left = Deadline.met_at.is_(None)
    match group:
        case Group.DONE:
            return Deadline.met_at.is_not(None)
        case Group.LATE:
            return and_(left, Deadline.due_at < now)
        case Group.SOON:
            return and_(left, Deadline.due_at >= now, Deadline.due_at < now + SOON)
        case Group.LATER:
            return and_(left, Deadline.due_at >= now + SOON)
        case _:
            assert_never(group)


def _group(deadline: Deadline, now: datetime, *, done: bool, earliest: bool) -> Group:
    if done or deadline.met_at is not None:
        return Group.DONE
    if deadline.due_at < now:
        # what must not be done before a day is not late after it
        return Group.DONE if earliest else Group.LATE
    return Group.SOON if deadline.due_at < now + SOON else Group.LATER
