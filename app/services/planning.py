"""A child's protection plan: made and revised, ended, looked up, and what a meeting found of its progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models.attendance import Attendance
from app.models.base import Act, Refused, required, tidy
from app.models.case import Case, Child
from app.models.decision import Decision
from app.models.event import Event, EventKind
from app.models.meeting import Meeting, Subject
from app.models.plan import CoreMember, Done, Outcome, Plan, Progress, Standing, Step
from app.practice import plans
from app.practice.pack import Pack
from app.practice.quorum import quorum
from app.practice.words import day, legal_day
from app.services.plan_draft import Draft, Writer, checked, drafted
from app.services.sitting import Sitting, child_of, meeting_of

ADULT = 18
# an unsure plan is never made surer without a meeting
SURENESS = (Standing.INTERIM, Standing.OUTLINE, Standing.IN_FORCE)
# everything a revision says, and what its standing rests on
PARTS = (
    selectinload(Plan.child),
    selectinload(Plan.meeting).selectinload(Meeting.decisions).selectinload(Decision.child),
    selectinload(Plan.dangers),
    selectinload(Plan.bottom_lines),
    selectinload(Plan.outcomes),
    selectinload(Plan.steps).selectinload(Step.agency),
    selectinload(Plan.contingencies),
    selectinload(Plan.core_group).selectinload(CoreMember.agency),
)
_THERE = (
    selectinload(Meeting.subjects).selectinload(Subject.child),
    selectinload(Meeting.attendances).selectinload(Attendance.presences),
    selectinload(Meeting.attendances).selectinload(Attendance.agency),
    selectinload(Meeting.decisions).selectinload(Decision.child),
)


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision: why it is only interim, None where it is more; what it changed, None for the first of a plan."""

    plan: Plan
    doubt: plans.Doubt | None
    changes: Sequence[plans.Change] | None

    @property
    def worth(self) -> Standing:
        """What the revision is worth; only this is to be shown."""
        return Standing.INTERIM if self.doubt else self.plan.standing


@dataclass(frozen=True, slots=True)
class _Place:
    """What an act on a child's plan is about: the child, the revisions so far, and the meeting it happens in."""

    sitting: Sitting
    act: Act
    child: Child
    history: Sequence[Plan]
    meeting: Meeting | None
    pack: Pack

    @property
    def today(self) -> date:
        return legal_day(self.act.at)

    @property
    def running(self) -> Plan | None:
        last = self.history[-1] if self.history else None
        return None if last is None or last.standing is Standing.ENDED else last

    def numbers(self, draft: Draft) -> tuple[int, int]:
        """Return the number of the next revision, and how many plans the child had before the one it is of."""
        if not self.history:
            return draft.version, draft.earlier
        last = self.history[-1]
        return last.version + 1, last.earlier + (last.standing is Standing.ENDED)

    @property
    def settled(self) -> bool:
        """Whether a conference with a quorum, or another authority, once made the plan that runs more than interim."""
        run: list[Plan] = []
        for plan in self.history:
            run = [] if plan.standing is Standing.ENDED else [*run, plan]
        return any(worth(self.sitting, plan) is not Standing.INTERIM for plan in run)


def revise(sitting: Sitting, child_id: UUID, draft: Draft, *, meeting_id: UUID | None = None) -> Plan:
    """Return the new revision of a child's plan; the first one where there is no plan, or the one before has ended.

    It is interim where the meeting has no quorum. Outside a meeting a plan may be changed and never made surer. Raises
    ``Refused`` where it cannot be carried out as written, such as an action without an owner.
    """
    act = sitting.act()
    with sitting.store.begin(act, "plan.revised", meeting_id, case=_case_id(sitting, child_id)) as session:
        place = _place(session, sitting, act, child_id, meeting_id)
        plan, changed = _revision(session, place, draft)
        if changed is not None and not changed:
            raise Refused("plan.nothing-changed", child=place.child.first_name)
    return plan


def preview(sitting: Sitting, child_id: UUID, draft: Draft, *, meeting_id: UUID | None = None) -> Revision:
    """Return the revision that ``revise`` would make now; nothing is kept.

    Raises ``Refused`` where it would be refused, but not where it would change nothing.
    """
    act = Act(sitting.who, sitting.now(), sitting.chance)
    with sitting.store.read() as session, session.no_autoflush:
        place = _place(session, sitting, act, child_id, meeting_id)
        plan, changed = _revision(session, place, draft)
        session.expunge_all()
    return Revision(plan, plans.doubt(plan, place.pack), changed)


def _revision(session: Session, place: _Place, draft: Draft) -> tuple[Plan, Sequence[plans.Change] | None]:
    """Return the next revision of a plan, added to ``session``, and what it changes; None where it is the first."""
    act = place.act
    _require_a_child(session, place)
    facts, started = checked(draft, place.pack), _started(place, draft)
    before = place.running
    version, earlier = place.numbers(draft)
    plan = Plan(
        id=act.new_id(), case=session.get_one(Case, place.child.case_id), child=place.child,
        version=version, standing=_standing(place, draft, started), started_on=started,
        made_at=act.at, meeting=place.meeting, earlier=earlier, **facts,
    )  # fmt: skip
    session.add(plan)
    Writer(session, act, _lines(before)).write(plan, draft)
    return plan, None if before is None else plans.changes(before, plan, place.pack)


def end(
    sitting: Sitting,
    child_id: UUID,
    reason_id: str,
    words: str,
    *,
    meeting_id: UUID | None = None,
    on: date | None = None,
) -> Plan:
    """Return the last revision of a plan, which ends it, today unless another day is given.

    A conference with a quorum must have decided so, but for the reasons of the pack that need none; ``Refused``
    otherwise.
    """
    act = sitting.act()
    kept = required(words, "plan.end-words-missing")
    with sitting.store.begin(act, "plan.ended", meeting_id, case=_case_id(sitting, child_id)) as session:
        place = _place(session, sitting, act, child_id, meeting_id)
        before = place.running
        if before is None:
            raise Refused("plan.none-running", child=place.child.first_name)
        reason = place.pack.plan.end_reason(reason_id)
        if reason is None:
            raise Refused("plan.unknown-end-reason")
        if not reason.without_conference:
            _require_decided_end(place)
        ended = on or place.today
        if not min(before.started_on, place.today) <= ended <= place.today:
            raise Refused("plan.end-out-of-range", start=day(before.started_on))
        plan = Plan(
            id=act.new_id(), case=session.get_one(Case, place.child.case_id), child=place.child,
            version=before.version + 1, standing=Standing.ENDED, started_on=before.started_on, made_at=act.at,
            meeting=place.meeting, earlier=before.earlier, ended_on=ended, end_reason=reason_id, end_words=kept,
            **checked(drafted(before), place.pack),
        )  # fmt: skip
        session.add(plan)
        Writer(session, act, _lines(before)).write(plan, drafted(before))
    return plan


def take_over(sitting: Sitting, child_id: UUID, draft: Draft) -> Plan:
    """Return a plan that another authority, or an earlier record, says the child has; ``draft`` says how it stands.

    It is interim where a conference here decided on a plan and had no quorum. Raises ``Refused`` where the child has a
    plan here already.
    """
    act = sitting.act()
    with sitting.store.begin(act, "plan.taken-over", case=_case_id(sitting, child_id)) as session:
        place = _place(session, sitting, act, child_id, None)
        if place.history:
            raise Refused("plan.there-already", child=place.child.first_name)
        if draft.standing is Standing.ENDED:
            raise Refused("plan.ended-by-ending")
        standing = Standing.INTERIM if _decided_without_quorum(session, place) else draft.standing
        plan = Plan(
            id=act.new_id(), case=session.get_one(Case, place.child.case_id), child=place.child, version=draft.version,
            standing=standing, started_on=draft.started_on or place.today, made_at=act.at, earlier=draft.earlier,
            **checked(draft, place.pack),
        )  # fmt: skip
        session.add(plan)
        Writer(session, act, frozenset()).write(plan, draft)
    return plan


def note_progress(
    sitting: Sitting,
    meeting_id: UUID,
    child_id: UUID,
    line: UUID,
    done: Done,
    *,
    change: str = "",
    evidence: str = "",
) -> Progress:
    """Return what the meeting found of one outcome or action of a child's plan; said again, it replaces the first.

    Raises ``Refused`` where something is done or partly done and nobody says what changed for the child.
    """
    act = sitting.act()
    changed, seen = tidy(change), tidy(evidence)
    with sitting.store.begin(act, "progress.noted", meeting_id) as session:
        meeting = meeting_of(session, meeting_id)
        meeting.require_in_session()
        child = child_of(session, child_id, meeting)
        if child is None:
            raise Refused("decision.child-missing")
        outcome = _has_line(session, Outcome, child_id, line)
        if not outcome and not _has_line(session, Step, child_id, line):
            raise Refused("progress.unknown-line")
        if done in (Done.PARTLY, Done.DONE) and not (changed or (seen and not outcome)):
            raise Refused("progress.change-missing", child=child.first_name)
        about = (Progress.meeting_id == meeting_id, Progress.child_id == child_id, Progress.line == line)
        found = session.scalar(select(Progress).where(*about))
        if found is None:
            found = Progress(id=act.new_id(), meeting=meeting, child=child, line=line, done=done, noted_at=act.at)
            session.add(found)
        found.done, found.noted_at, found.change, found.evidence = done, act.at, changed, seen
    return found


def standing_plan(sitting: Sitting, child_id: UUID) -> Plan | None:
    """Return the last revision of a child's plan with everything it says; None where there is none, or it has ended."""
    found = history(sitting, child_id)
    return found[-1] if found and found[-1].standing is not Standing.ENDED else None


def history(sitting: Sitting, child_id: UUID) -> Sequence[Plan]:
    """Return every revision of a child's plans with everything it says, the first one first."""
    with sitting.store.read() as session:
        return _history(session, child_id)


def worth(sitting: Sitting, plan: Plan) -> Standing:
    """Return what a revision is worth; only this is to be shown, as what was written may rest on no decision."""
    return plans.standing(plan, sitting.pack_of(plan.meeting) if plan.meeting else sitting.pack)


def load_parts(session: Session, meeting: Meeting) -> None:
    """Load what the revisions say that a meeting began with or made; the other ones of its case are only named."""
    found = [plan for child in meeting.children for plan in plans.made_in(meeting, child)]
    found += [plan for child in meeting.children if (plan := plans.before(meeting, child)) is not None]
    if found:
        session.scalars(select(Plan).where(Plan.id.in_([plan.id for plan in found])).options(*PARTS)).all()


def _case_id(sitting: Sitting, child_id: UUID) -> UUID:
    with sitting.store.read() as session:
        found = session.scalar(select(Child.case_id).where(Child.id == child_id))
    if found is None:
        raise Refused("meeting.unknown-child")
    return found


def _history(session: Session, child_id: UUID) -> Sequence[Plan]:
    return session.scalars(select(Plan).where(Plan.child_id == child_id).options(*PARTS).order_by(Plan.version)).all()


def _place(session: Session, sitting: Sitting, act: Act, child_id: UUID, meeting_id: UUID | None) -> _Place:
    meeting = meeting_of(session, meeting_id, _THERE) if meeting_id else None
    if meeting is not None:
        meeting.require_in_session()
        child_of(session, child_id, meeting)
    found = _history(session, child_id)
    child = session.get_one(Child, child_id)
    if found and act.at < found[-1].made_at:
        raise Refused("plan.later-there", child=child.first_name, day=day(found[-1].made_at))
    return _Place(sitting, act, child, found, meeting, sitting.pack_of(meeting) if meeting else sitting.pack)


def _decided_without_quorum(session: Session, place: _Place) -> bool:
    """Whether a conference here last decided that the child is on a plan, and had no quorum."""
    mine = select(Meeting).join(Subject).where(Subject.child_id == place.child.id, Meeting.started_at.is_not(None))
    for meeting in session.scalars(mine.options(*_THERE).order_by(Meeting.started_at.desc())):
        kind = place.sitting.type_of(meeting)
        decision = plans.decided(meeting, kind, place.child, "plan")
        if decision is not None:
            return plans.leads(decision, kind, "plan") and not decision.quorate
    return False


def _lines(plan: Plan | None) -> frozenset[UUID]:
    return frozenset(entry.line for name in plans.PARTS for entry in getattr(plan, name)) if plan else frozenset()


def _require_a_child(session: Session, place: _Place) -> None:
    age = place.child.age_on(place.today)
    if age is not None and age >= ADULT:
        raise Refused("plan.child-of-age", child=place.child.first_name)
    died = select(Event.id).where(Event.child_id == place.child.id, Event.kind == EventKind.DIED)
    if session.scalars(died).first() is not None:
        raise Refused("plan.child-died", child=place.child.first_name)


def _started(place: _Place, draft: Draft) -> date:
    """Return the day the plan starts: before a birth it may be a day to come; once in force the day does not move."""
    before = place.running
    if draft.started_on is None:
        return before.started_on if before else place.today
    if before is not None and before.standing is Standing.IN_FORCE and draft.started_on != before.started_on:
        raise Refused("plan.start-moved", start=day(before.started_on))
    if draft.started_on > place.today and not place.child.unborn:
        raise Refused("plan.starts-in-future")
    return draft.started_on


def _standing(place: _Place, draft: Draft, started: date) -> Standing:
    if draft.standing is Standing.ENDED:
        raise Refused("plan.ended-by-ending")
    # what starts with a birth to come is agreed, and not in force yet
    wanted = Standing.OUTLINE if started > place.today and draft.standing is Standing.IN_FORCE else draft.standing
    before, meeting = place.running, place.meeting
    if meeting is None:
        if before is None:
            raise Refused("plan.meeting-missing", child=place.child.first_name)
        return min(wanted, worth(place.sitting, before), key=SURENESS.index)
    kind = place.sitting.type_of(meeting)
    conference = plans.makes_plans(kind)
    if not plans.works_on_plans(kind) or (before is None and not conference):
        raise Refused("plan.not-made-here", meeting=kind.label)
    decision = plans.decided(meeting, kind, place.child, "plan")
    if conference and decision is not None and not plans.leads(decision, kind, "plan"):
        raise Refused("plan.decided-otherwise", child=place.child.first_name)
    state = quorum(meeting, kind, place.pack, place.act.at)
    return wanted if state.quorate and (conference or place.settled) else Standing.INTERIM


def _require_decided_end(place: _Place) -> None:
    meeting = place.meeting
    kind = place.sitting.type_of(meeting) if meeting else None
    if meeting is None or kind is None or not plans.makes_plans(kind):
        raise Refused("plan.end-needs-conference")
    state = quorum(meeting, kind, place.pack, place.act.at)
    if not state.quorate:
        raise Refused("plan.end-needs-quorum", state=state.words)
    decision = plans.decided(meeting, kind, place.child, "plan-end")
    if decision is None or not decision.quorate or not plans.leads(decision, kind, "plan-end"):
        raise Refused("plan.end-undecided", child=place.child.first_name)


def _has_line(session: Session, kind: type[Outcome] | type[Step], child_id: UUID, line: UUID) -> bool:
    known = select(kind.id).join(Plan, kind.plan_id == Plan.id).where(Plan.child_id == child_id, kind.line == line)
    return session.scalars(known).first() is not None
