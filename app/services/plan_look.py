"""A child's plan for somebody who looks at it: as it stands, how long it runs, how visits are kept, and its history."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.models.agency import Agency
from app.models.attendance import Attendance
from app.models.base import Refused
from app.models.case import Case, Child
from app.models.event import Event
from app.models.meeting import Meeting, State, Subject
from app.models.plan import Outcome, Plan, Progress, Standing, Step
from app.practice import plans
from app.practice.children import called
from app.practice.pack import Pack
from app.practice.words import legal_day
from app.practice.working_days import CalendarTooShort
from app.services import noting
from app.services.planning import PARTS, Revision, load_parts
from app.services.sitting import Sitting, meeting_of

# of a meeting only what its work on plans rests on: the whole of it may be hundreds of statements
_OF_A_MEETING = (
    selectinload(Meeting.subjects).selectinload(Subject.child),
    selectinload(Meeting.progress).selectinload(Progress.child),
    selectinload(Meeting.case).selectinload(Case.plans).selectinload(Plan.child),
    selectinload(Meeting.case).selectinload(Case.plans).selectinload(Plan.meeting),
)


@dataclass(frozen=True, slots=True)
class Look:
    """A child's plans at one moment, the first revision first. ``children`` are all those of the case.

    ``agencies`` are those that came to the case's meetings or are named in the plan. ``visits`` is None where no plan
    runs, or where the calendar does not reach the next one.
    """

    child: Child
    children: Sequence[Child]
    case_id: UUID
    history: Sequence[Revision]
    agencies: Sequence[Agency]
    drift: plans.Drift | None
    visits: plans.Visits | None
    today: date
    pack: Pack

    @property
    def name(self) -> str:
        """What the child is called, which is never what another one of the case is called."""
        return called(self.children)[self.child.id]

    @property
    def running(self) -> Revision | None:
        """The revision that stands; None where no plan runs."""
        return self.history[-1] if self.history and self.history[-1].plan.standing is not Standing.ENDED else None


@dataclass(frozen=True, slots=True)
class Told:
    """What a meeting has to say of one outcome or action of a plan; ``progress`` is None until it has.

    ``before`` is what an earlier meeting last found of it, None where none did.
    """

    entry: Outcome | Step
    progress: Progress | None
    before: Progress | None


@dataclass(frozen=True, slots=True)
class AtMeeting:
    """What a meeting may do with a child's plan.

    ``told`` is empty where no plan stood when it began, and where it does not work on plans.
    """

    meeting: Meeting
    label: str
    in_session: bool
    about_child: bool
    works_on_plans: bool
    told: Sequence[Told]


def look(sitting: Sitting, child_id: UUID) -> Look:
    """Return a child's plans; raises ``Refused`` where there is no such child. Notes that somebody looked."""
    today = legal_day(sitting.now())
    with sitting.store.read() as session:
        child = session.get(Child, child_id, options=[selectinload(Child.case).selectinload(Case.children)])
        if child is None:
            raise Refused("meeting.unknown-child")
        case_id = child.case_id
        children = list(child.case.children)
        of_child = select(Plan).where(Plan.child_id == child_id)
        history = session.scalars(of_child.options(*PARTS).order_by(Plan.version)).all()
        mine = or_(Event.child_id == child_id, Event.child_id.is_(None))
        seen = select(Event).where(Event.case_id == case_id, mine).options(selectinload(Event.child))
        events = session.scalars(seen).all()
        came = select(Attendance.agency_id).join(Meeting).where(Meeting.case_id == case_id)
        named = {step.agency_id for plan in history for step in plan.steps} - {None}
        known = select(Agency).where(or_(Agency.id.in_(came), Agency.id.in_(named))).order_by(Agency.name)
        agencies = session.scalars(known).all()
    noting.looked(sitting, "case.read", case=case_id)
    found = _revisions(sitting, history)
    drift, visits = plans.drift(history, today, sitting.pack.plan.ages), None
    with suppress(CalendarTooShort):
        visits = plans.visits(history[-1], events, today, sitting.calendar_of(sitting.pack)) if drift else None
    return Look(child, children, case_id, found, agencies, drift, visits, today, sitting.pack)


def _revisions(sitting: Sitting, history: Sequence[Plan]) -> list[Revision]:
    found: list[Revision] = []
    before: Plan | None = None
    for plan in history:
        pack = sitting.pack_of(plan.meeting) if plan.meeting else sitting.pack
        changed = plans.changes(before, plan, pack) if before and before.standing is not Standing.ENDED else None
        found.append(Revision(plan, plans.doubt(plan, pack), changed))
        before = plan
    return found


def at_meeting(sitting: Sitting, meeting_id: UUID, child_id: UUID) -> AtMeeting:
    """Return what a meeting may do with a child's plan, and what it has found of its progress so far."""
    with sitting.store.read() as session:
        meeting = meeting_of(session, meeting_id, _OF_A_MEETING)
        load_parts(session, meeting)
        others = select(Progress).where(Progress.child_id == child_id, Progress.meeting_id != meeting_id)
        earlier = session.scalars(others.order_by(Progress.noted_at)).all()
    kind = sitting.type_of(meeting)
    child = next((one for one in meeting.children if one.id == child_id), None)
    works = plans.works_on_plans(kind)
    stood = plans.before(meeting, child) if child else None
    entries: list[Outcome | Step] = []
    if stood is not None and works and stood.standing is not Standing.ENDED:
        entries = [*stood.outcomes, *stood.steps]
    told = {found.line: found for found in meeting.progress if found.child is child}
    start = meeting.started_at
    before = {found.line: found for found in earlier if start is None or found.noted_at < start}
    found = [Told(entry, told.get(entry.line), before.get(entry.line)) for entry in entries]
    return AtMeeting(meeting, kind.label, meeting.state is State.IN_SESSION, child is not None, works, found)
