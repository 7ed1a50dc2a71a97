"""Meetings: prepared, started, moved along their agenda, adjourned and taken up again."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.models.action import Action
from app.models.answer import Answer
from app.models.attendance import Attendance
from app.models.base import LONGEST_NAME, Act, Refused, tidy
from app.models.case import Case, Child
from app.models.conduct import Following
from app.models.deadline import Deadline
from app.models.decision import Decision, Ground, Likeness, Witness
from app.models.dissent import Dissent
from app.models.event import Event
from app.models.gap import Gap
from app.models.meeting import Meeting, Method, State, Subject, Visit
from app.models.participation import Exclusion
from app.models.plan import Plan, Progress
from app.models.statement import Statement
from app.models.view import View
from app.models.work import Work
from app.practice.carrying_on import held_at
from app.practice.carrying_on import in_turn as turned
from app.practice.pack import MeetingType
from app.practice.words import legal_day
from app.services import noting, planning
from app.services.sitting import Sitting, case_of, keep_pack, meeting_of

WHOLE = (
    selectinload(Meeting.case).selectinload(Case.people),
    selectinload(Meeting.subjects).selectinload(Subject.child),
    selectinload(Meeting.attendances).selectinload(Attendance.presences),
    selectinload(Meeting.attendances).selectinload(Attendance.agency),
    selectinload(Meeting.attendances).selectinload(Attendance.substitute_for),
    selectinload(Meeting.visits),
    selectinload(Meeting.statements).selectinload(Statement.speaker),
    selectinload(Meeting.statements).selectinload(Statement.child),
    selectinload(Meeting.gaps).selectinload(Gap.agency),
    selectinload(Meeting.gaps).selectinload(Gap.child),
    selectinload(Meeting.answers).selectinload(Answer.child),
    selectinload(Meeting.views).selectinload(View.agency),
    selectinload(Meeting.views).selectinload(View.child),
    selectinload(Meeting.views).selectinload(View.speaker),
    selectinload(Meeting.decisions).selectinload(Decision.child),
    selectinload(Meeting.decisions).joinedload(Decision.likeness).joinedload(Likeness.child),
    selectinload(Meeting.decisions).selectinload(Decision.grounds).selectinload(Ground.statement),
    selectinload(Meeting.decisions).selectinload(Decision.witnesses).selectinload(Witness.attendance),
    selectinload(Meeting.dissents).selectinload(Dissent.dissenter),
    selectinload(Meeting.dissents).selectinload(Dissent.child),
    selectinload(Meeting.actions).selectinload(Action.agency),
    selectinload(Meeting.actions).selectinload(Action.child),
    selectinload(Meeting.clearances),
    selectinload(Meeting.declarations),
    selectinload(Meeting.quorum_answers),
    joinedload(Meeting.following)
    .joinedload(Following.earlier)
    .selectinload(Meeting.subjects)
    .selectinload(Subject.child),
    selectinload(Meeting.case).selectinload(Case.plans).selectinload(Plan.child),
    selectinload(Meeting.case).selectinload(Case.plans).selectinload(Plan.meeting),
    selectinload(Meeting.progress).selectinload(Progress.child),
    selectinload(Meeting.decisions).selectinload(Decision.works).selectinload(Work.agency),
    selectinload(Meeting.decisions).selectinload(Decision.works).selectinload(Work.steps),
    selectinload(Meeting.exclusions).selectinload(Exclusion.attendance),
    selectinload(Meeting.case).selectinload(Case.complaints),
    selectinload(Meeting.case).selectinload(Case.deadlines).selectinload(Deadline.child),
    selectinload(Meeting.case).selectinload(Case.deadlines).selectinload(Deadline.recalculations),
    selectinload(Meeting.case).selectinload(Case.events).selectinload(Event.child),
)


def prepare(
    sitting: Sitting,
    case_id: UUID,
    type_id: str,
    child_ids: Sequence[UUID],
    *,
    planned_at: datetime,
    method: Method = Method.TELEPHONE,
    venue: str = "",
    reason: str = "",
    circumstances: Sequence[str] = (),
    reference: str = "",
    follows: UUID | None = None,
    in_turn: bool = True,
    converted: bool = False,
) -> Meeting:
    """Return a new meeting about some children of a case, bound to the pack as it is today.

    Without a ``reference`` it gets the next number of its year. It carries on from the meeting it ``follows``, or was
    ``converted`` from; unless told otherwise, the child who came first there then comes last. Raises ``Refused`` where
    it names no child, a child of another case, a type the pack does not have or one that does not follow that meeting.
    """
    act = sitting.act()
    meeting_type = sitting.pack.meeting_type(type_id)
    if meeting_type is None:
        raise Refused("meeting.unknown-type")
    if not child_ids:
        raise Refused("meeting.no-child")
    with sitting.store.begin(act, "meeting.prepared") as session:
        case = case_of(session, case_id)
        earlier = _earlier(session, sitting, follows, case, meeting_type, planned_at, converted=converted)
        meeting = Meeting(
            id=act.new_id(),
            case=case,
            reference=_free_reference(session, tidy(reference, 64), act),
            type_id=type_id,
            pack_digest=keep_pack(session, sitting.pack, sitting.pack_files, act),
            planned_at=planned_at,
            method=method,
            venue=tidy(venue, LONGEST_NAME),
            reason=tidy(reason),
            circumstances=[c for c in circumstances if any(c == trigger.id for trigger in meeting_type.invites)],
        )
        session.add(meeting)
        before = [child.id for child in earlier.children] if earlier is not None and in_turn else []
        _add_subjects(session, act, meeting, turned(before, child_ids))
        if earlier is not None:
            session.add(Following(id=act.new_id(), meeting=meeting, earlier=earlier, converted=converted))
        session.info["meeting"] = meeting.id
    return meeting


def _add_subjects(session: Session, act: Act, meeting: Meeting, child_ids: Sequence[UUID]) -> None:
    for position, child_id in enumerate(dict.fromkeys(child_ids), 1):
        child = session.get(Child, child_id)
        if child is None or child.case_id != meeting.case.id:
            raise Refused("meeting.unknown-child")
        session.add(Subject(id=act.new_id(), meeting=meeting, child=child, position=position))


def _earlier(
    session: Session,
    sitting: Sitting,
    follows: UUID | None,
    case: Case,
    meeting_type: MeetingType,
    planned_at: datetime,
    *,
    converted: bool,
) -> Meeting | None:
    if follows is None:
        return None
    earlier = meeting_of(session, follows, [selectinload(Meeting.subjects).selectinload(Subject.child)])
    if earlier.case_id != case.id:
        raise Refused("meeting.follows-elsewhere")
    kind = sitting.type_of(earlier)
    if kind.converts_to != meeting_type.id if converted else kind.id not in meeting_type.follows:
        raise Refused("meeting.not-convertible" if converted else "meeting.cannot-follow", type=kind.label)
    if held_at(earlier) > planned_at:
        raise Refused("meeting.follows-later", reference=earlier.reference)
    return earlier


def _free_reference(session: Session, wanted: str, act: Act) -> str:
    if wanted:
        if session.scalar(select(Meeting.id).where(Meeting.reference == wanted)) is not None:
            raise Refused("meeting.reference-taken", reference=wanted)
        return wanted
    begin = f"CM-{legal_day(act.at).year}-"
    taken = session.scalars(select(Meeting.reference).where(Meeting.reference.startswith(begin, autoescape=True)))
    # somebody may have typed a reference of their own that only looks like one of ours
    numbers = (one.removeprefix(begin) for one in taken)
    last = max((int(number) for number in numbers if re.fullmatch(r"[0-9]{4,9}", number)), default=0)
    return f"{begin}{last + 1:04}"


# what a decision is made from: who is there, what they think, and what was decided before
AT_THE_TABLE = (
    selectinload(Meeting.subjects).selectinload(Subject.child),
    selectinload(Meeting.attendances).selectinload(Attendance.presences),
    selectinload(Meeting.attendances).selectinload(Attendance.agency),
    selectinload(Meeting.views).selectinload(View.agency),
    selectinload(Meeting.views).selectinload(View.child),
    selectinload(Meeting.decisions).selectinload(Decision.child),
    selectinload(Meeting.decisions).selectinload(Decision.likeness),
    selectinload(Meeting.decisions).selectinload(Decision.grounds),
    selectinload(Meeting.decisions).selectinload(Decision.witnesses),
    selectinload(Meeting.decisions).selectinload(Decision.works).selectinload(Work.steps),
)


def whole(session: Session, meeting_id: UUID) -> Meeting:
    """Return a meeting with everything recorded in it, in ``session``; raises ``Refused`` where there is none."""
    # asked for anew: one that something else brought into the session has nothing of its record
    meeting = session.scalar(select(Meeting).where(Meeting.id == meeting_id).options(*WHOLE))
    if meeting is None:
        raise Refused("meeting.unknown")
    planning.load_parts(session, meeting)
    return meeting


def load(sitting: Sitting, meeting_id: UUID) -> Meeting:
    """Return a meeting with everything recorded in it."""
    with sitting.store.read() as session:
        return whole(session, meeting_id)


def look_at(sitting: Sitting, meeting_id: UUID) -> Meeting:
    """Return a meeting as ``load`` does, and note in the trail that somebody looked at it."""
    meeting = load(sitting, meeting_id)
    noting.looked(sitting, "meeting.read", meeting=meeting_id)
    return meeting


def has_started(sitting: Sitting, meeting_id: UUID) -> bool:
    """Return whether a meeting is past its preparation."""
    with sitting.store.read() as session:
        return session.scalar(select(Meeting.state).where(Meeting.id == meeting_id)) is not State.PREPARED


def find(sitting: Sitting, reference_or_id: str) -> UUID:
    """Return the id of the meeting with that reference or id; raises ``Refused`` where there is none."""
    # as references are kept; bytes that were no text in the terminal are no reason to fail
    kept = tidy(reference_or_id)
    with sitting.store.read() as session:
        found = session.scalar(select(Meeting.id).where(Meeting.reference == kept))
        if found is None:
            try:
                found = session.scalar(select(Meeting.id).where(Meeting.id == UUID(kept)))
            except ValueError:
                found = None
    if found is None:
        raise Refused("meeting.unknown")
    return found


def list_meetings(sitting: Sitting, states: Sequence[State] = tuple(State), limit: int = 200) -> Sequence[Meeting]:
    """Return the meetings in any of ``states`` with case and children, the latest first, ``limit`` at most."""
    with sitting.store.read() as session:
        return session.scalars(
            select(Meeting)
            .where(Meeting.state.in_(states))
            .options(
                selectinload(Meeting.case).selectinload(Case.children),
                selectinload(Meeting.subjects).selectinload(Subject.child),
            )
            .order_by(Meeting.planned_at.desc())
            .limit(limit)
        ).all()


def start(sitting: Sitting, meeting_id: UUID) -> Meeting:
    """Return the meeting in session, on the first item of its agenda."""
    act = sitting.act()
    with sitting.store.begin(act, "meeting.started", meeting_id) as session:
        meeting = meeting_of(session, meeting_id)
        meeting.start(act.at)
        _enter(session, meeting, sitting.type_of(meeting), sitting.type_of(meeting).agenda[0].id, act)
    return meeting


def open_item(sitting: Sitting, meeting_id: UUID, item_id: str, *, done: bool = False) -> Visit | None:
    """Return the visit that begins on an item; the one before ends, as ``done`` where the chair says so.

    None where the meeting is on that item already.
    """
    act = sitting.act()
    with sitting.store.begin(act, "item.opened", meeting_id) as session:
        meeting = meeting_of(session, meeting_id)
        meeting.require_in_session()
        return _enter(session, meeting, sitting.type_of(meeting), item_id, act, done=done)


def _enter(
    session: Session, meeting: Meeting, meeting_type: MeetingType, item_id: str, act: Act, *, done: bool = False
) -> Visit | None:
    if meeting_type.item(item_id) is None:
        raise Refused("meeting.unknown-item")
    current = _leave_item(session, meeting, act, done=done, unless=item_id)
    if current is not None and current.left_at is None:
        return None
    visit = Visit(id=act.new_id(), meeting=meeting, item_id=item_id, opened_at=act.at)
    session.add(visit)
    meeting.current_item = item_id
    return visit


def _leave_item(session: Session, meeting: Meeting, act: Act, *, done: bool = False, unless: str = "") -> Visit | None:
    visit = session.scalar(select(Visit).where(Visit.meeting_id == meeting.id, Visit.left_at.is_(None)))
    if visit is not None and visit.item_id != unless:
        visit.left_at = max(act.at, visit.opened_at)
        visit.done = done
    return visit


def adjourn(sitting: Sitting, meeting_id: UUID) -> Meeting:
    """Return the meeting, paused; the clock of its item stops."""
    act = sitting.act()
    with sitting.store.begin(act, "meeting.adjourned", meeting_id) as session:
        meeting = meeting_of(session, meeting_id)
        meeting.adjourn()
        _leave_item(session, meeting, act)
    return meeting


def resume(sitting: Sitting, meeting_id: UUID) -> Meeting:
    """Return the adjourned meeting, in session again on the item where it stopped."""
    act = sitting.act()
    with sitting.store.begin(act, "meeting.resumed", meeting_id) as session:
        meeting = meeting_of(session, meeting_id)
        meeting.resume()
        _enter(session, meeting, sitting.type_of(meeting), meeting.current_item, act)
    return meeting


def read_difference_statement(sitting: Sitting, meeting_id: UUID) -> Meeting:
    """Return the meeting with the moment at which the statement about professional difference was read aloud."""
    act = sitting.act()
    with sitting.store.begin(act, "difference.read", meeting_id) as session:
        meeting = meeting_of(session, meeting_id)
        meeting.require_in_session()
        meeting.difference_read_at = act.at
    return meeting
