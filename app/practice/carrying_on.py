"""What a meeting carries on from those before it, through the whole chain of them, whenever each was recorded."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from app.models.action import Action
from app.models.base import Base
from app.models.case import Child
from app.models.conduct import Following
from app.models.decision import Decision
from app.models.dissent import Dissent, DissentKind
from app.models.gap import Gap, GapState
from app.models.meeting import Meeting
from app.models.plan import Plan, Standing
from app.models.view import View
from app.practice.finding import fill
from app.practice.pack import MeetingType, Pack
from app.practice.words import legal_day

Entry = TypeVar("Entry", bound=Base)


@dataclass(frozen=True, slots=True)
class Carried(Generic[Entry]):
    """An entry of an earlier meeting as it was recorded last; ``since`` is the first meeting that recorded it."""

    entry: Entry
    meeting: Meeting
    since: Meeting


@dataclass(frozen=True, slots=True)
class NotTold:
    """What an agency was asked and has still not told: a question, or the report it was asked for (no ``question``)."""

    agency_id: UUID
    agency: str
    question: str
    asked_on: date
    meeting: Meeting


@dataclass(frozen=True, slots=True)
class CarriedOn:
    """What a meeting opens with. ``earlier`` are the meetings before it by time, the latest first.

    ``late`` are those of them that were recorded only after this meeting was prepared; ``after`` those that were
    prepared before it and held after it, from which nothing is carried.
    """

    earlier: tuple[Meeting, ...] = ()
    late: tuple[Meeting, ...] = ()
    after: tuple[Meeting, ...] = ()
    decisions: tuple[Carried[Decision], ...] = ()
    actions: tuple[Carried[Action], ...] = ()
    gaps: tuple[Carried[Gap], ...] = ()
    dissents: tuple[Carried[Dissent], ...] = ()
    views: tuple[Carried[View], ...] = ()
    plans: tuple[Plan, ...] = ()
    not_told: tuple[NotTold, ...] = ()


def held_at(meeting: Meeting) -> datetime:
    """Return when a meeting was held, or is to be."""
    return meeting.started_at or meeting.planned_at


def chain(meeting_id: UUID, links: Iterable[Following]) -> set[UUID]:
    """Return the ids of all meetings that hang together with one, this one among them, by any number of links."""
    pairs = [(link.meeting_id, link.earlier_id) for link in links]
    found = {meeting_id}
    while more := {one for pair in pairs if found.intersection(pair) for one in pair} - found:
        found |= more
    return found


def carried_on(
    meeting: Meeting, meeting_type: MeetingType, others: Iterable[Meeting], plans: Iterable[Plan] = ()
) -> CarriedOn:
    """Return what ``meeting`` carries on, as its type says, from those of ``others`` that were held before it.

    What an earlier meeting recorded anew under the same words counts as it was recorded last; what concerns only
    children this meeting is not about stays behind.
    """
    now = (held_at(meeting), meeting.id)
    in_order = sorted(others, key=lambda other: (held_at(other), other.id), reverse=True)
    before = [other for other in in_order if (held_at(other), other.id) < now]
    about = {child.id for child in meeting.children}
    carries = set(meeting_type.carries)
    gaps = _carried(before, about, lambda m: m.gaps, _same_gap)
    open_gaps = [one for one in gaps if one.entry.state is not GapState.ANSWERED]
    actions = _carried(before, about, lambda m: m.actions, _same_action)
    dissents = _carried(before, about, lambda m: m.dissents, lambda dissent: dissent.id)
    views = _carried(before, about, lambda m: m.views, lambda v: (v.agency.id, _of_child(v), v.question_id))
    return CarriedOn(
        earlier=tuple(before),
        # an id begins with the moment at which its meeting was prepared
        late=tuple(other for other in before if other.id > meeting.id),
        after=tuple(other for other in in_order if other not in before and other.id < meeting.id),
        decisions=_if("decisions" in carries, _carried(before, about, lambda m: m.decisions, _decided)),
        actions=_if("actions" in carries, [one for one in actions if one.entry.done_at is None]),
        gaps=_if("gaps" in carries, open_gaps),
        dissents=_if("dissents" in carries, [o for o in dissents if o.entry.kind is DissentKind.DISSENT]),
        views=_if("views" in carries, views),
        plans=tuple(standing(plans, about)) if "plan" in carries else (),
        not_told=tuple(_not_told(before, open_gaps)) if "not-told" in carries else (),
    )


def left_open(
    meetings: Iterable[Meeting], children: Iterable[Child]
) -> tuple[list[Carried[Action]], list[Carried[Gap]]]:
    """Return the actions that are not done and the gaps that are not answered, after all of these meetings.

    What a later meeting recorded anew under the same words, or as done, counts as it was recorded last.
    """
    held = sorted(meetings, key=lambda meeting: (held_at(meeting), meeting.id), reverse=True)
    about = {child.id for child in children}
    actions = _carried(held, about, lambda m: m.actions, _same_action)
    gaps = _carried(held, about, lambda m: m.gaps, _same_gap)
    return (
        [one for one in actions if one.entry.done_at is None],
        [one for one in gaps if one.entry.state is not GapState.ANSWERED],
    )


def not_done_here(found: CarriedOn, meeting: Meeting) -> tuple[Carried[Action], ...]:
    """Return the open actions that a meeting carries on, without those it has recorded as done itself."""
    done = {_same_action(action) for action in meeting.actions if action.done_at is not None}
    return tuple(one for one in found.actions if _same_action(one.entry) not in done)


def _same_gap(gap: Gap) -> object:
    return _of_child(gap), gap.question.casefold()


def _same_action(action: Action) -> object:
    return _of_child(action), action.text.casefold()


def _if(wanted: bool, found: Sequence[Carried[Entry]]) -> tuple[Carried[Entry], ...]:
    return tuple(found) if wanted else ()


def _of_child(entry: Gap | Action | View) -> UUID | None:
    return entry.child.id if entry.child else None


def _decided(decision: Decision) -> object:
    return decision.child.id, decision.question_id


def _carried(
    before: Sequence[Meeting],
    about: set[UUID],
    entries: Callable[[Meeting], Sequence[Entry]],
    same: Callable[[Entry], object],
) -> list[Carried[Entry]]:
    """Return each entry once, as the latest meeting has it, the latest first."""
    found: dict[object, Carried[Entry]] = {}
    for meeting in before:
        for entry in reversed(entries(meeting)):
            child = getattr(entry, "child", None)
            if child is not None and child.id not in about:
                continue
            known = found.get(same(entry))
            last = (known.entry, known.meeting) if known else (entry, meeting)
            found[same(entry)] = Carried(*last, since=meeting)
    return list(found.values())


def standing(plans: Iterable[Plan], about: set[UUID]) -> list[Plan]:
    """Return the plan of each of the children as it stands: the last revision, unless that ended it."""
    last: dict[UUID, Plan] = {}
    for plan in sorted(plans, key=lambda plan: plan.version):
        if plan.child_id in about:
            last[plan.child_id] = plan
    return [plan for plan in last.values() if plan.standing is not Standing.ENDED]


def _not_told(before: Sequence[Meeting], gaps: Iterable[Carried[Gap]]) -> Iterable[NotTold]:
    for one in gaps:
        gap, agency = one.entry, one.entry.agency
        if agency is not None:
            yield NotTold(agency.id, agency.label, gap.question, legal_day(gap.noticed_at), one.meeting)
    told: set[UUID] = set()
    for meeting in before:
        for seat in meeting.attendances:
            if seat.agency is None or seat.agency.id in told:
                continue
            if seat.report_received or seat.report_asked:
                told.add(seat.agency.id)
            if seat.report_asked and not seat.report_received:
                yield NotTold(seat.agency.id, seat.agency.label, "", seat.report_asked, meeting)


def out_of_order(found: CarriedOn, pack: Pack) -> list[str]:
    """Return a sentence for each meeting of the chain that was not recorded in the order in which it was held."""
    told = [("late", one) for one in found.late] + [("after", one) for one in found.after]
    return [fill(pack.words("carried_on", key), {"reference": one.reference}) for key, one in told]


def in_turn(before: Sequence[UUID], wanted: Sequence[UUID]) -> list[UUID]:
    """Return children in their order for the next meeting: whoever came first in the one ``before`` comes last.

    Who was not there before comes after those who were, and before whoever goes last.
    """
    known = [child for child in before if child in wanted]
    new = [child for child in wanted if child not in known]
    return [*known[1:], *new, *known[:1]]


def same_kind(one: MeetingType, other: MeetingType, pack: Pack) -> bool:
    """Return whether two types are variants of one, as an initial and a review conference are."""
    return _first(one, pack) == _first(other, pack)


def _first(meeting_type: MeetingType, pack: Pack) -> str:
    found = meeting_type
    while base := pack.meeting_type(found.base) if found.base else None:
        found = base
    return found.id
