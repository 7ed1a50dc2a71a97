"""What follows from a child's plan: what it is worth, what changed in it, who carries it, and whether it drifts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from app.models.agency import Agency
from app.models.base import Base
from app.models.case import Child
from app.models.decision import Decision
from app.models.event import Event, EventKind
from app.models.meeting import Meeting
from app.models.plan import Carrier, DangerStatement, Outcome, Plan, Progress, Standing, Step
from app.practice import words
from app.practice.arrangements import PlanAge
from app.practice.catalogue import TimeLimit
from app.practice.pack import MeetingType, Pack
from app.practice.working_days import WorkingCalendar

# the lists of a plan, and what is said in each entry of one; ``line`` and ``position`` say nothing by themselves
PARTS = {
    "dangers": ("text", "safety_goal"),
    "bottom_lines": ("text", "if_broken"),
    "outcomes": ("text", "benefit", "baseline", "indicator", "target", "danger"),
    "steps": ("text", "carrier", "owner", "agency", "due", "evidence", "outcome"),
    "contingencies": ("text", "action", "owner", "within"),
    "core_group": ("name", "role", "agency"),
}
FACTS = (
    "standing", "started_on", "category", "secondary", "why", "lead_practitioner", "family_help_lead", "visit_every",
    "seen_alone", "unannounced", "contact", "assessments", "family_plan", "legal", "ended_on", "end_reason",
    "end_words",
)  # fmt: skip
MONTHS_A_YEAR = 12
_BARE = re.compile(r"\W+")


def makes_plans(meeting_type: MeetingType) -> bool:
    """Whether meetings of this type decide that a child is on a plan: those that may leave an interim one."""
    return "interim-plan" in meeting_type.quorum.if_inquorate.choices


def works_on_plans(meeting_type: MeetingType) -> bool:
    """Whether something decided in meetings of this type leads to a revision of a plan."""
    return any(option.leads_to == "plan" for question in meeting_type.decisions for option in question.options)


def decided(
    meeting: Meeting, meeting_type: MeetingType, child: Child, to: Literal["plan", "plan-end"]
) -> Decision | None:
    """Return what was decided for a child on the question with an option that leads ``to`` a plan or to its end."""
    asked = {q.id for q in meeting_type.decisions if any(option.leads_to == to for option in q.options)}
    return next((d for d in meeting.decisions if d.child is child and d.question_id in asked), None)


def leads(decision: Decision, meeting_type: MeetingType, to: Literal["plan", "plan-end"]) -> bool:
    """Whether the option that was chosen leads ``to`` a plan or to its end."""
    question = meeting_type.decision(decision.question_id)
    option = question.option(decision.option) if question else None
    return option is not None and option.leads_to == to


class Doubt(StrEnum):
    """Why a revision is worth no more than an interim plan."""

    NOT_DECIDED = "not-decided"
    DECIDED_OTHERWISE = "decided-otherwise"
    NO_QUORUM = "no-quorum"
    WRITTEN_SO = "written-so"
    NO_CONFERENCE = "no-conference"


def doubt(plan: Plan, pack: Pack) -> Doubt | None:
    """Return why a revision is interim, None where it is not; the plan's meeting is loaded with its decisions.

    A conference's plan is interim until that conference has decided, with a quorum, that there is a plan: whatever was
    written first, it never looks final before.
    """
    meeting = plan.meeting
    meeting_type = pack.meeting_type(meeting.type_id) if meeting else None
    if plan.standing is Standing.ENDED:
        return None
    if meeting is None or meeting_type is None or not makes_plans(meeting_type):
        return Doubt.NO_CONFERENCE if plan.standing is Standing.INTERIM else None
    decision = decided(meeting, meeting_type, plan.child, "plan")
    if decision is None:
        return Doubt.NOT_DECIDED
    if not leads(decision, meeting_type, "plan"):
        return Doubt.DECIDED_OTHERWISE
    if not decision.quorate:
        return Doubt.NO_QUORUM
    return Doubt.WRITTEN_SO if plan.standing is Standing.INTERIM else None


def standing(plan: Plan, pack: Pack) -> Standing:
    """Return what a revision is worth; the plan's meeting, where one made it, is loaded with its decisions."""
    return Standing.INTERIM if doubt(plan, pack) else plan.standing


def made_in(meeting: Meeting, child: Child) -> list[Plan]:
    """Return the revisions of a child's plan that a meeting made, the first one first."""
    return [plan for plan in _of(meeting, child) if plan.meeting is meeting]


def before(meeting: Meeting, child: Child) -> Plan | None:
    """Return the revision that stood when a meeting began, or stands now where it has not begun."""
    start = meeting.started_at
    earlier = [p for p in _of(meeting, child) if p.meeting is not meeting and (start is None or p.made_at < start)]
    return earlier[-1] if earlier else None


def at_end_of(meeting: Meeting, child: Child) -> Plan | None:
    """Return the child's plan as a meeting leaves it."""
    made = made_in(meeting, child)
    return made[-1] if made else before(meeting, child)


def _of(meeting: Meeting, child: Child) -> list[Plan]:
    return sorted((plan for plan in meeting.case.plans if plan.child is child), key=lambda plan: plan.version)


def unplanned(meeting: Meeting, meeting_type: MeetingType) -> list[Child]:
    """Return the children for whom a meeting decided that there is a plan, and who have none that runs."""
    found: list[Child] = []
    for child in meeting.children:
        decision, plan = decided(meeting, meeting_type, child, "plan"), at_end_of(meeting, child)
        wanted = decision is not None and leads(decision, meeting_type, "plan")
        if wanted and (plan is None or plan.standing is Standing.ENDED):
            found.append(child)
    return found


def unanswered(meeting: Meeting, child: Child) -> list[Outcome]:
    """Return the outcomes of the plan that stood when a meeting began of which it has not said what changed."""
    plan = before(meeting, child)
    if plan is None or plan.standing is Standing.ENDED:
        return []
    told = {found.line for found in meeting.progress if found.child is child}
    return [outcome for outcome in plan.outcomes if outcome.line not in told]


def progress_of(meeting: Meeting, child: Child) -> list[tuple[Outcome | Step, Progress]]:
    """Return what a meeting found of each outcome and action, in the order of the plan, the outcomes first."""
    plans = [plan for plan in (before(meeting, child), *made_in(meeting, child)) if plan is not None]
    lines: dict[UUID, Outcome | Step] = {}
    for plan in plans:
        entries: list[Outcome | Step] = [*plan.outcomes, *plan.steps]
        lines = {entry.line: entry for entry in entries} | lines
    found = {told.line: told for told in meeting.progress if told.child is child}
    return [(entry, found[line]) for line, entry in lines.items() if line in found]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that two revisions say differently; ``was`` is empty for what is new, ``now`` for what is left out.

    ``part`` is the name of a list of the plan, such as ``steps``, empty for a fact of the plan itself; ``field`` is the
    name of the fact that changed, empty where a whole entry came or went. ``about`` is what the entry says.
    """

    part: str
    field: str
    about: str
    was: str
    now: str


def changes(old: Plan, new: Plan, pack: Pack) -> list[Change]:
    """Return what changed from one revision to another, part by part, in the words of ``pack``."""
    return [*_facts_changed(old, new, pack), *(c for part in PARTS for c in _entries_changed(old, new, part, pack))]


def _facts_changed(old: Plan, new: Plan, pack: Pack) -> Iterator[Change]:
    for name in FACTS:
        was, now = (said(plan, plan, name, pack) for plan in (old, new))
        if was != now:
            yield Change("", name, "", was, now)


def _entries_changed(old: Plan, new: Plan, part: str, pack: Pack) -> Iterator[Change]:
    were, are = ({entry.line: entry for entry in getattr(plan, part)} for plan in (old, new))
    for line, entry in are.items():
        about = getattr(entry, PARTS[part][0])
        if line not in were:
            yield Change(part, "", about, "", about)
            continue
        for name in PARTS[part]:
            was, now = said(old, were[line], name, pack), said(new, entry, name, pack)
            if was != now:
                yield Change(part, name, about, was, now)
    for line, entry in were.items():
        if line not in are:
            text = getattr(entry, PARTS[part][0])
            yield Change(part, "", text, text, "")


def said(plan: Plan, entry: Base, name: str, pack: Pack) -> str:
    """Return what a plan, or an entry of it, says under a name, in words; empty for nothing."""
    match standing(plan, pack) if name == "standing" else getattr(entry, name):
        case None | False:
            return ""
        case True:
            return pack.words("plan", "yes")
        case Standing() | Carrier() as chosen:
            return pack.words("plan", chosen)
        case date() as day:
            return words.day(day)
        case UUID() as line:
            named: list[DangerStatement | Outcome] = [*plan.dangers, *plan.outcomes]
            return next((other.text for other in named if other.line == line), "")
        case Agency() as agency:
            return agency.label
        case list() as ids:
            return words.listed([category_label(each, pack) for each in ids])
        case value:
            return category_label(value, pack) if name == "category" else end_label(str(value), name, pack)


def category_label(category_id: str, pack: Pack) -> str:
    """Return what a category of abuse is called."""
    category = pack.plan.category(category_id)
    return category.label if category else category_id


def end_label(value: str, name: str, pack: Pack) -> str:
    """Return what a reason for ending a plan is called; any other value as it is."""
    reason = pack.plan.end_reason(value) if name == "end_reason" else None
    return reason.label if reason else value


@dataclass(frozen=True, slots=True)
class Repeated:
    """An action that was set again: how often it was given another date, or put into a plan anew, since when."""

    text: str
    times: int
    first: date


@dataclass(frozen=True, slots=True)
class Drift:
    """How long a child is on a plan and how often before; ``age`` is the mark of the pack that is reached."""

    months: int
    age: PlanAge | None
    plans: int
    repeated: tuple[Repeated, ...]


def drift(history: Sequence[Plan], today: date, ages: Sequence[PlanAge]) -> Drift | None:
    """Return what ``history``, a child's revisions in order, says of drift by ``today``; None with no plan running.

    Months are whole calendar months; a plan that begins later than ``today`` is none old.
    """
    if not history or history[-1].standing is Standing.ENDED:
        return None
    plan = history[-1]
    months = max(0, whole_months(plan.started_on, today))
    reached = [age for age in sorted(ages, key=lambda age: age.months) if age.months <= months]
    return Drift(months, reached[-1] if reached else None, plan.earlier + 1, tuple(_repeated(history)))


def whole_months(start: date, today: date) -> int:
    """Return the whole calendar months from ``start`` to ``today``; the 31st is reached on a month's last day."""
    months = (today.year - start.year) * MONTHS_A_YEAR + today.month - start.month
    next_day = date.fromordinal(today.toordinal() + 1)
    short = today.day < start.day and next_day.month == today.month
    return months - short


def _repeated(history: Sequence[Plan]) -> Iterator[Repeated]:
    """Give each action of the last revision that stood before with another date, or in another line."""
    seen: dict[str, dict[tuple[UUID, date | None], date]] = {}
    for plan in history:
        for step in plan.steps:
            seen.setdefault(_bare(step.text), {}).setdefault((step.line, step.due), words.legal_day(plan.made_at))
    told: set[str] = set()
    for step in history[-1].steps:
        bare = _bare(step.text)
        given = seen[bare]
        if len(given) > 1 and bare not in told:
            told.add(bare)
            yield Repeated(step.text, len(given), min(given.values()))


def _bare(text: str) -> str:
    return _BARE.sub(" ", text.casefold()).strip()


def resting_on(plan: Plan) -> list[Step]:
    """Return the actions that rest only on the parent who does no harm: nobody else carries anything for their outcome.

    An action that serves no outcome stands by itself.
    """
    shared = {step.outcome for step in plan.steps if step.outcome and step.carrier is not Carrier.NON_ABUSIVE_PARENT}
    return [s for s in plan.steps if s.carrier is Carrier.NON_ABUSIVE_PARENT and s.outcome not in shared]


@dataclass(frozen=True, slots=True)
class Visits:
    """When the child was last seen, when last alone, and when the next visit is due; None where it is not known."""

    last: date | None
    alone: date | None
    due: date | None
    overdue: bool


def visit_limits(pack: Pack) -> list[TimeLimit]:
    """Return the limits that say how often a child on a plan is seen."""
    return [limit for limit in pack.time_limits if limit.event == "seen" and limit.alone == "on-plan"]


def visits(plan: Plan, events: Sequence[Event], today: date, calendar: WorkingCalendar) -> Visits:
    """Return how the visits of a plan are kept by ``today``.

    The next is due so many working days after the last one, or after the plan began. Raises ``CalendarTooShort``.
    """
    seen = [e for e in events if e.kind is EventKind.SEEN and e.child in (None, plan.child)]
    days = [day for event in seen if (day := words.legal_day(event.happened_at)) <= today]
    alone = [day for event in seen if event.alone and (day := words.legal_day(event.happened_at)) <= today]
    last = max(days, default=None)
    if plan.visit_every is None or plan.standing is Standing.ENDED:
        return Visits(last, max(alone, default=None), None, False)
    due = calendar.add(max(last or plan.started_on, plan.started_on), plan.visit_every)
    return Visits(last, max(alone, default=None), due, due < today)
