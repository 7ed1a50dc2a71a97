"""What still keeps a meeting open, each with where to mend it. The chair may conclude all the same, with a reason."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from app.models.case import Child
from app.models.meeting import Meeting
from app.practice import plans
from app.practice.chairing import undeclared
from app.practice.children import called
from app.practice.finding import Finding
from app.practice.forecast import decided_too_late
from app.practice.hearing import departs, missing_views, unheard
from app.practice.pack import Clearance, MeetingType, Pack
from app.practice.participation import not_heard, unruled
from app.practice.questions import DecisionQuestion
from app.practice.quorum import lost_since, quorum
from app.practice.words import listed


def blocks_closing(meeting: Meeting, meeting_type: MeetingType, pack: Pack, now: datetime) -> list[Finding]:
    """Return what the rules of this type of meeting still ask for, in the order the type names them."""
    return [
        finding
        for clearance in meeting_type.closing
        for finding in RULES[clearance](meeting, meeting_type, pack, now)
    ]  # fmt: skip


def place(meeting_type: MeetingType, *, decision: str = "", view: str = "", shows: str = "") -> str:
    """Return the id of the agenda item where a decision, a view or a list has its place; the last item otherwise."""
    for item in meeting_type.agenda:
        if decision in item.decisions or view in item.views or shows in item.shows:
            return item.id
    return meeting_type.agenda[-1].id


def needed_decisions(meeting: Meeting, meeting_type: MeetingType, child: Child) -> list[DecisionQuestion]:
    """Return the questions that must be decided for a child and are not yet."""
    made = {d.question_id: d.option for d in meeting.decisions if d.child is child}
    return [
        question
        for question in meeting_type.decisions
        if question.id not in made
        and (question.required or any(made.get(c.decision) in c.options for c in question.required_when))
    ]


def waits_for(meeting: Meeting, question: DecisionQuestion, child: Child) -> list[str]:
    """Return the questions that must be decided for a child first, because they settle whether this one must be."""
    made = {d.question_id for d in meeting.decisions if d.child is child}
    return [one for one in dict.fromkeys(c.decision for c in question.required_when) if one not in made]


def _words(named: Mapping[UUID, str], child: Child, **more: str) -> tuple[tuple[str, str], ...]:
    return ("child", named[child.id]), *more.items()


def _quorum(meeting: Meeting, meeting_type: MeetingType, pack: Pack, now: datetime) -> Iterator[Finding]:
    state, named = quorum(meeting, meeting_type, pack, now), called(meeting.children)
    for missing in state.missing:
        yield Finding("quorum", place(meeting_type, shows="attendance"), missing.sector, (("who", missing.label),))
    for decision in meeting.decisions:
        question = meeting_type.decision(decision.question_id)
        if question and not decision.quorate and question.id not in meeting_type.quorum.if_inquorate.allowed_decisions:
            yield Finding(
                "decided-inquorate",
                decision.item_id,
                str(decision.id),
                _words(named, decision.child, question=question.question, what=decision.quorum_note),
                child_id=decision.child.id,
                entry_id=decision.id,
            )


def _every_agency_heard(meeting: Meeting, meeting_type: MeetingType, pack: Pack, _now: datetime) -> Iterator[Finding]:
    named = called(meeting.children)
    for missing in missing_views(meeting, meeting_type, pack):
        yield Finding(
            "every-agency-heard",
            place(meeting_type, view=missing.question.id),
            f"{missing.question.id}/{missing.agency.id}/{missing.child.id}",
            _words(named, missing.child, who=missing.agency.label, question=missing.question.question),
            child_id=missing.child.id,
            agency_id=missing.agency.id,
        )
    asked = {view for item in meeting_type.agenda for view in item.views}
    for item in meeting_type.agenda:
        if item.hears and not asked.intersection(item.views):
            for agency in unheard(meeting, item, pack):
                yield Finding(
                    "agency-not-heard",
                    item.id,
                    f"{item.id}/{agency.id}",
                    (("who", agency.label), ("item", item.title)),
                    agency_id=agency.id,
                )


def _every_child_decided(meeting: Meeting, meeting_type: MeetingType, pack: Pack, now: datetime) -> Iterator[Finding]:
    without = None if quorum(meeting, meeting_type, pack, now).quorate else meeting_type.quorum.if_inquorate
    needed = [(child, needed_decisions(meeting, meeting_type, child)) for child in meeting.children]
    told, named = set(), called(meeting.children)
    for child, questions in needed:
        for question in questions:
            if without is not None and question.id not in without.allowed_decisions:
                continue  # without a quorum nobody is asked for what would only be provisional
            if question.id in told:
                continue  # decided once for all of them
            names = [named[child.id]]
            if not question.per_child:
                told.add(question.id)
                names = [named[one.id] for one, asked in needed if question in asked]
            yield Finding(
                "every-child-decided",
                place(meeting_type, decision=question.id),
                f"{question.id}/{child.id}",
                (("child", listed(names)), ("question", question.question)),
                child_id=child.id,
            )


def _every_gap_owned(meeting: Meeting, _type: MeetingType, _pack: Pack, _now: datetime) -> Iterator[Finding]:
    for gap in meeting.gaps:
        if not gap.owned:
            yield Finding("every-gap-owned", gap.item_id, str(gap.id), (("what", gap.question),), entry_id=gap.id)


def _dissents_read_back(meeting: Meeting, _type: MeetingType, _pack: Pack, _now: datetime) -> Iterator[Finding]:
    for dissent in meeting.dissents:
        if dissent.read_back_at is None:
            who = (("who", dissent.dissenter.name),)
            yield Finding("dissents-read-back", dissent.item_id, str(dissent.id), who, entry_id=dissent.id)


def _majority_answered(meeting: Meeting, meeting_type: MeetingType, _pack: Pack, _now: datetime) -> Iterator[Finding]:
    for decision in meeting.decisions:
        majority = departs(meeting, meeting_type, decision.question_id, decision.option, decision.child)
        question = meeting_type.decision(decision.question_id)
        if majority and not decision.departure and question is not None:
            yield Finding(
                "majority-answered",
                decision.item_id,
                str(decision.id),
                _words(called(meeting.children), decision.child, question=question.question),
                child_id=decision.child.id,
                entry_id=decision.id,
            )


def _actions_owned(meeting: Meeting, _type: MeetingType, _pack: Pack, _now: datetime) -> Iterator[Finding]:
    for action in meeting.actions:
        if not action.owned and action.done_at is None:
            yield Finding("actions-owned", action.item_id, str(action.id), (("what", action.text),), entry_id=action.id)


def _follow_up_fixed(meeting: Meeting, meeting_type: MeetingType, _pack: Pack, _now: datetime) -> Iterator[Finding]:
    follow_up = meeting_type.follow_up
    if follow_up is None:
        return
    for child in meeting.children:
        made = {d.question_id: d.option for d in meeting.decisions if d.child is child}
        if not any(made.get(c.decision) in c.options for c in follow_up.fixed_by):
            yield Finding(
                "follow-up-fixed",
                place(meeting_type, decision=follow_up.fixed_by[0].decision),
                str(child.id),
                _words(called(meeting.children), child, what=follow_up.says),
                child_id=child.id,
            )


def _chair_declared(meeting: Meeting, meeting_type: MeetingType, pack: Pack, _now: datetime) -> Iterator[Finding]:
    for asked in undeclared(meeting, meeting_type, pack):
        where = place(meeting_type, shows="chair-declarations")
        yield Finding("chair-declared", where, asked.id, (("question", asked.question),))


def _order_recorded(meeting: Meeting, meeting_type: MeetingType, _pack: Pack, _now: datetime) -> Iterator[Finding]:
    before = meeting.following.earlier.children if meeting.following else []
    first = next(iter(meeting.children), None)
    if first and len(meeting.children) > 1 and len(before) > 1 and before[0].id == first.id:
        words = _words(called(meeting.children), first)
        yield Finding("order-recorded", place(meeting_type, shows="order"), str(first.id), words, child_id=first.id)


def _inquorate_answered(meeting: Meeting, meeting_type: MeetingType, pack: Pack, now: datetime) -> Iterator[Finding]:
    lost = lost_since(meeting, meeting_type, pack, now)
    if lost is not None and not any(answer.given_at >= lost for answer in meeting.quorum_answers):
        yield Finding("inquorate-answered", place(meeting_type, shows="attendance"))


def _excluded_heard(meeting: Meeting, meeting_type: MeetingType, _pack: Pack, _now: datetime) -> Iterator[Finding]:
    where = place(meeting_type, shows="participation")
    for rule, found in (("exclusion-ruled", unruled(meeting)), ("excluded-heard", not_heard(meeting))):
        for exclusion in found:
            who = (("who", exclusion.attendance.name),)
            yield Finding(rule, where, str(exclusion.id), who, entry_id=exclusion.id)


def _plan_made(meeting: Meeting, meeting_type: MeetingType, _pack: Pack, _now: datetime) -> Iterator[Finding]:
    for child in plans.unplanned(meeting, meeting_type):
        words = _words(called(meeting.children), child)
        yield Finding("plan-made", place(meeting_type, shows="plan"), str(child.id), words, child_id=child.id)


def _progress_told(meeting: Meeting, meeting_type: MeetingType, _pack: Pack, _now: datetime) -> Iterator[Finding]:
    where = place(meeting_type, shows="progress")
    for child in meeting.children:
        for outcome in plans.unanswered(meeting, child):
            words = _words(called(meeting.children), child, what=outcome.text)
            yield Finding("progress-told", where, f"{outcome.line}/{child.id}", words, child_id=child.id)


def _dates_kept(meeting: Meeting, meeting_type: MeetingType, pack: Pack, now: datetime) -> Iterator[Finding]:
    for decision, missed in decided_too_late(meeting, meeting_type, pack, now):
        yield Finding(
            "dates-kept",
            decision.item_id,
            f"{missed.date.limit.id}/{decision.id}",
            _words(called(meeting.children), decision.child, what=missed.says),
            child_id=decision.child.id,
            entry_id=decision.id,
        )


RULES: Mapping[Clearance, Callable[[Meeting, MeetingType, Pack, datetime], Iterator[Finding]]] = {
    Clearance.QUORUM: _quorum,
    Clearance.EVERY_AGENCY_HEARD: _every_agency_heard,
    Clearance.EVERY_CHILD_DECIDED: _every_child_decided,
    Clearance.EVERY_GAP_OWNED: _every_gap_owned,
    Clearance.DISSENTS_READ_BACK: _dissents_read_back,
    Clearance.MAJORITY_ANSWERED: _majority_answered,
    Clearance.ACTIONS_OWNED: _actions_owned,
    Clearance.FOLLOW_UP_FIXED: _follow_up_fixed,
    Clearance.DATES_KEPT: _dates_kept,
    Clearance.PLAN_MADE: _plan_made,
    Clearance.PROGRESS_TOLD: _progress_told,
    Clearance.EXCLUDED_HEARD: _excluded_heard,
    Clearance.CHAIR_DECLARED: _chair_declared,
    Clearance.ORDER_RECORDED: _order_recorded,
    Clearance.INQUORATE_ANSWERED: _inquorate_answered,
}
