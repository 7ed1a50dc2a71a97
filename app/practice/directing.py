"""Work that a decision sets going: its kind, by when it is due, what can come of it, and the law it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.models.decision import Decision
from app.models.meeting import Meeting
from app.models.work import Work, WorkKind
from app.practice import words
from app.practice.arrangements import Flag
from app.practice.catalogue import TimeLimit
from app.practice.dates import Trigger, due_of
from app.practice.limits import CannotCount, Due
from app.practice.pack import MeetingType, Pack
from app.practice.questions import DecisionQuestion, Option
from app.practice.working_days import CalendarTooShort, WorkingCalendar

# what can come of each kind of work (reference: domain, B2, for an enquiry)
OUTCOMES: Mapping[WorkKind, tuple[str, ...]] = {
    WorkKind.ENQUIRY: ("not-substantiated", "substantiated-no-risk", "substantiated-risk", "given-up"),
    WorkKind.MEDICAL: ("findings", "no-findings", "inconclusive", "not-done"),
    WorkKind.INTERVIEW: ("account-given", "no-account", "not-held"),
    WorkKind.COURT: ("order-made", "no-order", "not-applied-for"),
}
# these say that the work was not done, so nothing that was due is met by them
NOT_DONE = frozenset({"given-up", "not-done", "not-held", "not-applied-for"})
# after this one a conference is held
LEADS_TO_CONFERENCE = "substantiated-risk"


def work_of(option: Option | None) -> WorkKind | None:
    """Return the kind of work that an option sets going, if it sets any."""
    kinds = {kind.value: kind for kind in WorkKind}
    return kinds.get(option.leads_to) if option else None


def limits_of(decision: Decision, meeting_type: MeetingType, pack: Pack) -> list[TimeLimit]:
    """Return the time limits that the answer itself starts."""
    return [limit for limit in resting_on(decision, meeting_type, pack) if limit.starts == "decision"]


def resting_on(decision: Decision, meeting_type: MeetingType, pack: Pack) -> list[TimeLimit]:
    """Return the time limits that run only because of the answer, whatever they are counted from."""
    limits = (pack.time_limit(limit_id) for limit_id in meeting_type.time_limits)
    return [
        limit
        for limit in limits
        if limit is not None
        if any(c.decision == decision.question_id and decision.option in c.options for c in limit.when)
    ]


def due_by(decision: Decision, meeting_type: MeetingType, pack: Pack, calendar: WorkingCalendar) -> Due | None:
    """Return by when the work of a decision is due: the soonest limit that this answer starts; None for none."""
    found: list[Due] = []
    for limit in limits_of(decision, meeting_type, pack):
        try:
            found.append(due_of(limit, Trigger(None, decision.decided_at), calendar))
        except (CalendarTooShort, CannotCount):
            continue
    return min(found, key=lambda due: due.ends, default=None)


def works_of(meeting: Meeting) -> list[Work]:
    """Return the work that a meeting set going, kind by kind, child by child."""
    order = {kind: place for place, kind in enumerate(WorkKind)}
    children = {child.id: place for place, child in enumerate(meeting.children)}
    found = [(work, decision) for decision in meeting.decisions for work in decision.works]
    found.sort(key=lambda one: (order[one[0].kind], children.get(one[1].child.id, 0), one[0].id))
    return [work for work, _ in found]


def flags_of(meeting: Meeting, meeting_type: MeetingType, pack: Pack) -> list[Flag]:
    """Return the parts of the law that a meeting's decisions or its chair rest on and that may not be in force yet."""
    made = {decision.question_id for decision in meeting.decisions}
    named = {question.flag for question in meeting_type.decisions if question.flag and question.id in made}
    models = (pack.chair_model(declared.model) for declared in meeting.declarations)
    named |= {model.flag for model in models if model is not None}
    return [flag for flag in pack.flags if flag.id in named]


@dataclass(frozen=True, slots=True)
class Offer:
    """What the law asks to be offered before a court is applied to; no ``decision`` where the meeting made none of it.

    A meeting whose type does not ask has no ``question`` either.
    """

    flag: Flag
    question: DecisionQuestion | None
    decision: Decision | None


def offers(decision: Decision, meeting_type: MeetingType, pack: Pack) -> list[Offer]:
    """Return what is to be offered before the court work that a decision set going; its meeting's decisions are loaded.

    It is the parts of the law that any type of meeting asks about.
    """
    asked = {question.flag for kind in pack.meeting_types for question in kind.decisions if question.flag}
    own = {question.flag: question for question in meeting_type.decisions}
    made = {one.question_id: one for one in decision.meeting.decisions if one.child is decision.child}
    return [
        Offer(flag, question, made.get(question.id) if question else None)
        for flag in pack.flags
        if flag.id in asked
        for question in [own.get(flag.id)]
    ]


def state_of(flag: Flag, day: date, pack: Pack) -> str:
    """Return in words how the law stands on ``day``, as far as the pack knows."""
    if flag.in_force is not None and flag.in_force <= day:
        return f"{pack.words('work', 'in_force')}: {words.day(flag.in_force)}"
    return flag.state
