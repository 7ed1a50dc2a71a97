"""Work that a decision sets going: planned, done and ended, also after the meeting is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models.agency import Agency
from app.models.attendance import Attendance
from app.models.base import LONGEST_NAME, Act, Refused, required, tidy
from app.models.case import Child
from app.models.deadline import Deadline
from app.models.decision import Decision
from app.models.meeting import Meeting
from app.models.work import Work, WorkStep
from app.practice.children import called
from app.practice.directing import NOT_DONE, OUTCOMES, due_by, limits_of, resting_on, work_of
from app.practice.words import legal_day
from app.services import cases, diary, noting
from app.services.diary import Dated
from app.services.sitting import Sitting, agency_of

_WHOLE = (
    selectinload(Work.decision).selectinload(Decision.meeting),
    selectinload(Work.agency),
    selectinload(Work.steps),
)


def follow(session: Session, sitting: Sitting, act: Act, meeting: Meeting, decision: Decision) -> None:
    """Set going what a decision leads to; what an answer that is no longer chosen set going goes, with its plan."""
    meeting_type, pack = sitting.type_of(meeting), sitting.pack_of(meeting)
    question = meeting_type.decision(decision.question_id)
    option = question.option(decision.option) if question else None
    kind = work_of(option)
    for work in [work for work in decision.works if work.kind is not kind]:
        for step in work.steps:
            session.delete(step)
        session.delete(work)
    if option is None or kind is None:
        return
    work = next((work for work in decision.works if work.kind is kind), None) or Work(
        id=act.new_id(), decision=decision, kind=kind, set_at=act.at
    )
    due = due_by(decision, meeting_type, pack, sitting.calendar_of(pack))
    work.set_at, work.joint = act.at, option.joint
    work.due = legal_day(due.at) if due else work.due
    session.add(work)


def plan_work(
    sitting: Sitting,
    work_id: UUID,
    *,
    lead: str | None = None,
    agency: UUID | None = None,
    joint: bool | None = None,
    plan: str | None = None,
    consent: str | None = None,
    due: date | None = None,
    started_at: datetime | None = None,
) -> Work:
    """Return the work with who leads it, how it is done, who consents, by when, and when it began.

    For a court ``plan`` is what is recommended to it, and the steps are its evidence. None leaves a part as it is.
    """
    act = sitting.act()
    with sitting.store.begin(act, "work.planned") as session:
        work = _open(session, work_id)
        if started_at is not None and started_at > act.at:
            raise Refused("work.in-future")
        work.lead = work.lead if lead is None else tidy(lead, LONGEST_NAME)
        work.agency = agency_of(session, agency) or work.agency
        work.joint = work.joint if joint is None else joint
        work.plan = work.plan if plan is None else tidy(plan)
        work.consent = work.consent if consent is None else tidy(consent)
        work.due, work.started_at = due or work.due, started_at or work.started_at
    return work


def add_step(sitting: Sitting, work_id: UUID, text: str, *, owner: str = "", due: datetime | None = None) -> WorkStep:
    """Return a new step of the plan for the work, or an item of the evidence it needs."""
    act = sitting.act()
    kept = required(text, "work.step-missing")
    with sitting.store.begin(act, "work.step-added") as session:
        work = _open(session, work_id)
        step = WorkStep(
            id=act.new_id(), work=work, position=len(work.steps) + 1, text=kept, owner=tidy(owner, LONGEST_NAME),
            due=due,
        )  # fmt: skip
        session.add(step)
    return step


def finish_step(sitting: Sitting, step_id: UUID, at: datetime | None = None) -> WorkStep:
    """Return the step, done now or at ``at``."""
    act = sitting.act()
    with sitting.store.begin(act, "work.step-done") as session:
        step = session.get(WorkStep, step_id)
        if step is None:
            raise Refused("meeting.unknown-entry")
        _open(session, step.work_id)
        step.done_at = _past(at, act)
    return step


def end_work(sitting: Sitting, work_id: UUID, outcome: str, words: str = "", *, at: datetime | None = None) -> Work:
    """Return the work, ended now or at ``at``, with what came of it: one of ``practice.directing.OUTCOMES``."""
    act = sitting.act()
    with sitting.store.begin(act, "work.ended") as session:
        work = _open(session, work_id)
        if outcome not in OUTCOMES[work.kind]:
            raise Refused("work.unknown-outcome")
        ended = _past(at, act)
        if ended < (work.started_at or work.set_at):
            raise Refused("work.ends-before-start")
        work.outcome, work.outcome_words, work.ended_at = outcome, tidy(words), ended
        if outcome not in NOT_DONE:
            _meet_dates(session, sitting, work.decision, ended)
    return work


def step_not_done(sitting: Sitting, step_id: UUID) -> WorkStep:
    """Return the step as one still to be done, where it was noted as done by mistake."""
    with sitting.store.begin(sitting.act(), "work.step-open") as session:
        step = session.get(WorkStep, step_id)
        if step is None:
            raise Refused("meeting.unknown-entry")
        _open(session, step.work_id)
        step.done_at = None
    return step


def go_on(sitting: Sitting, work_id: UUID) -> Work:
    """Return the work as going on after all, where it was ended by mistake, with its dates; the trail keeps the end."""
    with sitting.store.begin(sitting.act(), "work.gone-on") as session:
        work = session.get(Work, work_id, options=_WHOLE)
        if work is None:
            raise Refused("meeting.unknown-entry")
        if work.ended_at is None:
            raise Refused("work.not-ended")
        session.info["meeting"] = work.decision.meeting_id
        for deadline in _own_dates(session, sitting, work.decision, met_at=work.ended_at):
            deadline.met_at = None
        work.outcome, work.outcome_words, work.ended_at = "", "", None
    return work


def _meet_dates(session: Session, sitting: Sitting, decision: Decision, at: datetime) -> None:
    """Note that the dates which the decision itself set for its child are met."""
    for deadline in _own_dates(session, sitting, decision, met_at=None):
        deadline.met_at = at


def _own_dates(
    session: Session, sitting: Sitting, decision: Decision, *, met_at: datetime | None
) -> Sequence[Deadline]:
    meeting = decision.meeting
    limits = limits_of(decision, sitting.type_of(meeting), sitting.pack_of(meeting))
    return session.scalars(
        select(Deadline).where(
            Deadline.meeting_id == decision.meeting_id,
            Deadline.child_id == decision.child_id,
            Deadline.limit_id.in_([limit.id for limit in limits]),
            Deadline.met_at.is_(None) if met_at is None else Deadline.met_at == met_at,
        )
    ).all()


def works_of_case(sitting: Sitting, case_id: UUID, *, ended: bool = False) -> Sequence[Work]:
    """Return the work that meetings of a case set going and that is not over, the oldest first; all with ``ended``."""
    chosen = (
        select(Work)
        .join(Work.decision)
        .join(Decision.meeting)
        .where(Meeting.case_id == case_id)
        .options(
            selectinload(Work.steps),
            selectinload(Work.agency),
            selectinload(Work.decision).options(
                selectinload(Decision.child),
                # what was decided beside it, such as what was offered before a court is applied to
                selectinload(Decision.meeting).selectinload(Meeting.decisions).selectinload(Decision.child),
            ),
        )
        .order_by(Work.set_at, Work.id)
    )
    with sitting.store.read() as session:
        return session.scalars(chosen if ended else chosen.where(Work.ended_at.is_(None))).all()


@dataclass(frozen=True, slots=True)
class Directed:
    """A piece of work, and the dates of the case that rest on the decision which set it going, the soonest first.

    ``child`` is what the child of the work is called.
    """

    work: Work
    child: str
    dates: tuple[Dated, ...]


def look_at(sitting: Sitting, case_id: UUID, meeting_id: UUID | None = None) -> list[Directed]:
    """Return all work that meetings of a case, or one of them, set going, the oldest first, and note the look."""
    noting.looked(sitting, "case.read", case=case_id)
    found = [
        work
        for work in works_of_case(sitting, case_id, ended=True)
        if meeting_id is None or work.decision.meeting_id == meeting_id
    ]
    meetings = {work.decision.meeting_id for work in found}
    chosen = select(Deadline).where(Deadline.meeting_id.in_(meetings)).options(*cases.OF_A_DATE)
    with sitting.store.read() as session:
        dates = session.scalars(chosen.order_by(Deadline.due_at, Deadline.id)).all()
        named = called(session.scalars(select(Child).where(Child.case_id == case_id)).all())
    now = sitting.now()
    told = {one.id: diary.told(sitting, one, now) for one in dates}
    return [
        Directed(
            work,
            named[work.decision.child.id],
            tuple(told[one.id] for one in dates if _rests_on(sitting, one, work.decision)),
        )
        for work in found
    ]


def _rests_on(sitting: Sitting, deadline: Deadline, decision: Decision) -> bool:
    if deadline.meeting_id != decision.meeting_id or deadline.child_id not in (None, decision.child_id):
        return False
    meeting = decision.meeting
    limits = resting_on(decision, sitting.type_of(meeting), sitting.pack_of(meeting))
    return deadline.limit_id in {limit.id for limit in limits}


def may_lead(sitting: Sitting, case_id: UUID) -> Sequence[Agency]:
    """Return the agencies that were invited to meetings of a case, by name."""
    invited = select(Attendance.agency_id).join(Meeting).where(Meeting.case_id == case_id)
    with sitting.store.read() as session:
        found = session.scalars(select(Agency).where(Agency.id.in_(invited))).all()
    return sorted(found, key=lambda agency: agency.label)


def _open(session: Session, work_id: UUID) -> Work:
    work = session.get(Work, work_id, options=_WHOLE)
    if work is None:
        raise Refused("meeting.unknown-entry")
    if work.ended_at is not None:
        raise Refused("work.already-ended")
    session.info["meeting"] = work.decision.meeting_id
    return work


def _past(at: datetime | None, act: Act) -> datetime:
    if at is not None and at > act.at:
        raise Refused("work.in-future")
    return at or act.at
