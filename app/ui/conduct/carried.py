"""What the meetings before have left, in words: part by part, each with when it was recorded. No Qt."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.models.action import Action
from app.models.decision import Decision
from app.models.dissent import Dissent
from app.models.gap import Gap
from app.models.plan import Plan, Standing
from app.models.view import View
from app.practice.carrying_on import Carried, CarriedOn, Entry, NotTold, held_at, out_of_order
from app.practice.pack import Pack
from app.practice.plans import category_label
from app.practice.words import counted, day, legal_day, listed
from app.services import planning
from app.services.sitting import Sitting
from app.ui.conduct.presenter import Line, decision_words

ACTIONS = "actions"


@dataclass(frozen=True, slots=True)
class Section:
    """One part of what is carried on: what it is called, and its rows."""

    key: str
    title: str
    lines: tuple[Line, ...]


def before_words(found: CarriedOn, sitting: Sitting, pack: Pack) -> str:
    """Return from which meetings this one carries on, and which of them were recorded out of their order."""
    if not found.earlier:
        none = "This meeting carries on from no other. Where there was one, it is chosen when a meeting is prepared."
        return " ".join([none, *out_of_order(found, pack)])
    last = found.earlier[0]
    said = f"The meeting before: {sitting.type_of(last).label}, {last.reference}, {day(held_at(last))}."
    more = len(found.earlier) - 1
    told = [f"Before it: {counted(more, 'more meeting')}."] if more else []
    return " ".join([said, *told, *out_of_order(found, pack)])


def sections(found: CarriedOn, sitting: Sitting, pack: Pack, named: Mapping[UUID, str]) -> list[Section]:
    """Return the parts that have anything to show, in the order a meeting reads them; ``named`` are its children."""
    today, turn = legal_day(sitting.now()), list(named)
    actions = sorted(found.actions, key=lambda one: one.entry.due or date.max)
    decisions = sorted(found.decisions, key=lambda one: (turn.index(one.entry.child.id), one.entry.question_id))
    views = sorted(found.views, key=lambda one: (turn.index(one.entry.child.id), one.entry.agency.label))
    parts = (
        (ACTIONS, "Open actions", [Line(one.entry.id, _action(one, today, named)) for one in actions]),
        ("not-told", "Not told yet", [Line(place, _not_told(one)) for place, one in enumerate(found.not_told)]),
        ("gaps", "Still not known", [Line(one.entry.id, _gap(one, named)) for one in found.gaps]),
        (
            "dissents",
            "Dissents that still stand",
            [Line(one.entry.id, _dissent(one, sitting, named)) for one in found.dissents],
        ),
        ("decisions", "What was decided", [Line(one.entry.id, _decision(one, sitting, named)) for one in decisions]),
        (
            "plan",
            "The plan as it stands",
            [Line(plan.id, _plan(plan, sitting, pack, named)) for plan in found.plans],
        ),
        ("views", "The last views and scales", [Line(one.entry.id, _view(one, sitting, named)) for one in views]),
    )
    return [Section(key, f"{title} ({len(rows)})", tuple(rows)) for key, title, rows in parts if rows]


def _last(one: Carried[Entry]) -> str:
    return f"{one.meeting.reference}, {day(held_at(one.meeting))}"


def _when(one: Carried[Entry]) -> str:
    said = f"{one.since.reference}, {day(held_at(one.since))}"
    return said if one.since is one.meeting else f"{said}; last in {one.meeting.reference}"


def _action(one: Carried[Action], today: date, named: Mapping[UUID, str]) -> str:
    action = one.entry
    owner = listed([part for part in (action.agency.label if action.agency else "", action.owner) if part])
    late = action.due is not None and action.due < today
    due = f"by {day(action.due)}" if action.due else "no date"
    about = f"{named[action.child.id]}: " if action.child else ""
    return (
        f"{about}{action.text}\n{owner or 'Nobody named'}, {due}{' - LATE' if late else ''}. Open since {_when(one)}."
    )


def _gap(one: Carried[Gap], named: Mapping[UUID, str]) -> str:
    gap = one.entry
    about = f"{named[gap.child.id]}: " if gap.child else ""
    owner = listed([part for part in (gap.agency.label if gap.agency else "", gap.owner) if part])
    whom = f"With {owner}" if owner else "With nobody yet"
    return f"{about}{gap.question}\n{whom}{f', by {day(gap.due)}' if gap.due else ''}. Open since {_when(one)}."


def _dissent(one: Carried[Dissent], sitting: Sitting, named: Mapping[UUID, str]) -> str:
    dissent = one.entry
    question = sitting.type_of(one.meeting).decision(dissent.question_id)
    about = f" about {named[dissent.child.id]}" if dissent.child else ""
    on = f" on “{question.question}”" if question else ""
    rest = [f"Would rather: {dissent.preferred}" if dissent.preferred else "", dissent.risk]
    said = " ".join(part for part in (f"“{dissent.words}”", *rest) if part)
    return f"{dissent.dissenter.name}{about}{on}: {said}\n{_when(one)}."


def _decision(one: Carried[Decision], sitting: Sitting, named: Mapping[UUID, str]) -> str:
    made, kind = one.entry, sitting.type_of(one.meeting)
    mark = "" if made.quorate else f" {sitting.pack_of(one.meeting).words('marking', 'inquorate').upper()}."
    return f"{named[made.child.id]}: {decision_words(made, kind)}{mark}\n{made.reason} {_last(one)}."


def _view(one: Carried[View], sitting: Sitting, named: Mapping[UUID, str]) -> str:
    view, kind = one.entry, sitting.type_of(one.meeting)
    question = kind.view(view.question_id)
    option = question.option(view.option) if question else None
    asked = question.question if question else view.question_id
    return (
        f"{named[view.child.id]}, {view.agency.label}: {option.label if option else view.option}\n"
        f"{asked} {view.reason} {_last(one)}."
    )


def _not_told(one: NotTold) -> str:
    asked = f"asked on {day(one.asked_on)} in {one.meeting.reference}"
    if not one.question:
        return f"{one.agency}: the report it was asked for\nIt was asked on {day(one.asked_on)}, and it has not come."
    return f"{one.agency}: {one.question}\nIt was {asked}, and has not said."


def _plan(plan: Plan, sitting: Sitting, pack: Pack, named: Mapping[UUID, str]) -> str:
    """Return a plan in short: what it is worth, since when, why, and how much there is in it."""
    worth = planning.worth(sitting, plan)
    interim = worth is Standing.INTERIM
    mark = f"{pack.words('plan', worth)}{', NOT FINAL' if interim else ''}"
    why = f" {pack.words('minutes', 'plan_interim_why')}" if interim else ""
    return (
        f"{named[plan.child.id]}: {mark}, revision {plan.version}, since {day(plan.started_on)}. "
        f"{category_label(plan.category, pack)}.\n{' '.join(_contents(plan))}{why}"
    )


def _contents(plan: Plan) -> Iterator[str]:
    if plan.why:
        yield plan.why
    yield f"{counted(len(plan.outcomes), 'outcome')}, {counted(len(plan.steps), 'action')}."
    if plan.lead_practitioner:
        yield f"Lead practitioner: {plan.lead_practitioner}."
