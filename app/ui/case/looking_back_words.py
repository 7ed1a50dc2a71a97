"""What the case page says of views over time, plans and what is left open; no Qt."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from app.models.action import Action
from app.models.gap import Gap
from app.models.plan import Standing
from app.practice.carrying_on import Carried, held_at
from app.practice.looking_back import Cell, OverTime, Seen, last_change
from app.practice.pack import Pack
from app.practice.plans import Change
from app.practice.words import counted, day, legal_day, listed
from app.services.diary import far_away
from app.services.plan_look import Look
from app.services.planning import Revision
from app.ui.case.presenter import Line

_MOST_CHANGES = 4


def seen_line(row: Seen, found: OverTime) -> str:
    """Return what one agency answered over time, in one row, with the reason it gave last."""
    said = [f"{day(column.day)} {_cell(cell)}" for column, cell in zip(found.meetings, row.cells, strict=True)]
    last = next(cell for cell in reversed(row.cells) if cell is not None)
    return f"{row.agency.label}: {'; '.join(said)}. Why, the last time: {last.reason}"


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return "no view"
    return f"{cell.label}, changed" if cell.changed else cell.label


def changed_last(found: OverTime) -> str:
    """Return who changed their view last, when, from what to what."""
    last = last_change(found)
    if last is None:
        return "No agency has changed its view on this question."
    column, changed = last
    each = [f"{agency.label} from “{before.label}” to “{now.label}”" for agency, before, now in changed]
    return f"The last change was on {day(column.day)}: {listed(each)}."


def plan_now(look: Look) -> str:
    """Return how the plan of a child stands and how it drifts, or that there is none."""
    name, drift, running = look.name, look.drift, look.running
    if not look.history:
        return f"{name} has had no child protection plan."
    if drift is None or running is None:
        ended = look.history[-1].plan
        on = f" on {day(ended.ended_on)}" if ended.ended_on else ""
        return f"{name} has no plan now: the last one ended{on}."
    which = "the first plan" if drift.plans == 1 else f"plan number {drift.plans:,}"
    months, start = counted(drift.months, "month"), day(running.plan.started_on)
    lines = [f"{name} has been on a plan for {months}, since {start}. It is {which} of this child."]
    lines += [f"{drift.age.label}: ask what has to be different now."] if drift.age else []
    lines += [f"Set {counted(r.times, 'time')} since {day(r.first)}: “{r.text}”" for r in drift.repeated]
    return "\n".join(lines)


def revision_line(found: Revision, pack: Pack) -> Line:
    """Return one revision as a row: what it is worth, and what changed in it, shortly."""
    plan = found.plan
    worth = pack.words("plan", found.worth)
    worth = worth.upper() if found.worth is Standing.INTERIM else worth
    head = f"{plan.version}. {day(plan.made_at)}, {worth}"
    if found.changes is None:
        return Line(plan.id, f"{head}: a new plan.")
    told = [_change(change, pack) for change in found.changes[:_MOST_CHANGES]]
    more = len(found.changes) - len(told)
    told += [f"{counted(more, 'more change')}" if more else ""]
    return Line(plan.id, f"{head}: {'; '.join(part for part in told if part) or 'nothing changed'}.")


def _change(change: Change, pack: Pack) -> str:
    name = pack.words("plan", ".".join(part for part in (change.part, change.field) if part))
    about = f" of “{change.about}”" if change.part and change.field and change.about != change.now else ""
    if not change.was:
        return f"{name}{about}, new: “{change.now}”"
    if not change.now:
        return f"{name}{about}, left out: “{change.was}”"
    return f"{name}{about}: “{change.was}”, now “{change.now}”"


def open_line(one: Carried[Action] | Carried[Gap], now: datetime, named: Mapping[UUID, str]) -> Line:
    """Return what is left open as a row: what, for whom, who has it, by when, and since when.

    ``named`` is what each child of the case is called.
    """
    entry = one.entry
    what = f"Action: {entry.text}" if isinstance(entry, Action) else f"Gap: {entry.question}"
    who = listed([part for part in (entry.owner, entry.agency.label if entry.agency else "") if part], "of")
    due = f"by {day(entry.due)}, {far_away(entry.due, now)}" if entry.due else "no day"
    about = f", for {named[entry.child.id]}" if entry.child else ""
    since = f"since {day(legal_day(held_at(one.since)))}"
    return Line(entry.id, f"{what}{about} ({'; '.join((who or 'nobody has it yet', due, since))})")


def how_much_open(actions: int, gaps: int) -> str:
    """Return how much the meetings of a case left open, in one sentence."""
    if not actions and not gaps:
        return "Nothing: every action is done and every gap is answered."
    return (
        f"{counted(actions, 'action')} not done and {counted(gaps, 'gap')} not answered. Return opens the meeting that "
        "had it last; the next meeting of the chain carries it on."
    )
