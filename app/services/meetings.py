"""Meetings: prepared, started, moved along their agenda, adjourned and taken up again."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models.action import Action
from app.models.answer import Answer
from app.models.attendance import Attendance
from app.models.base import LONGEST_NAME, Act, Refused, tidy
from app.models.case import Case, Child
from app.models.copy import PackCopy
from app.models.decision import Decision, Ground, Witness
from app.models.dissent import Dissent
from app.models.gap import Gap
from app.models.meeting import Meeting, Method, State, Subject, Visit
from app.models.statement import Statement
from app.models.view import View
from app.practice.pack import MeetingType
from app.practice.words import legal_day
from app.services import noting
from app.services.packing import packed
from app.services.sitting import Sitting, case_of, meeting_of

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
    selectinload(Meeting.decisions).selectinload(Decision.grounds).selectinload(Ground.statement),
    selectinload(Meeting.decisions).selectinload(Decision.witnesses).selectinload(Witness.attendance),
    selectinload(Meeting.dissents).selectinload(Dissent.dissenter),
    selectinload(Meeting.dissents).selectinload(Dissent.child),
    selectinload(Meeting.actions).selectinload(Action.agency),
    selectinload(Meeting.actions).selectinload(Action.child),
    selectinload(Meeting.clearances),
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
) -> Meeting:
    """Return a new meeting about some children of a case, bound to the pack as it is today.

    Without a ``reference`` it gets the next number of its year. Raises ``Refused`` where it names no child, a child of
    another case, or a type the pack does not have.
    """
    act = sitting.act()
    meeting_type = sitting.pack.meeting_type(type_id)
    if meeting_type is None:
        raise Refused("meeting.unknown-type")
    if not child_ids:
        raise Refused("meeting.no-child")
    with sitting.store.begin(act, "meeting.prepared") as session:
        case = case_of(session, case_id)
        meeting = Meeting(
            id=act.new_id(),
            case=case,
            reference=_free_reference(session, tidy(reference, 64), act),
            type_id=type_id,
            pack_digest=_keep_pack(session, sitting, act),
            planned_at=planned_at,
            method=method,
            venue=tidy(venue, LONGEST_NAME),
            reason=tidy(reason),
            circumstances=[c for c in circumstances if any(c == trigger.id for trigger in meeting_type.invites)],
        )
        session.add(meeting)
        for position, child_id in enumerate(dict.fromkeys(child_ids), 1):
            child = session.get(Child, child_id)
            if child is None or child.case_id != case_id:
                raise Refused("meeting.unknown-child")
            session.add(Subject(id=act.new_id(), meeting=meeting, child=child, position=position))
        session.info["meeting"] = meeting.id
    return meeting


def _keep_pack(session: Session, sitting: Sitting, act: Act) -> str:
    pack = sitting.pack
    if session.get(PackCopy, pack.digest) is None:
        files = packed(sitting.pack_files)
        session.add(PackCopy(digest=pack.digest, pack_id=pack.id, version=pack.version, kept_at=act.at, files=files))
        session.flush()
    return pack.digest


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
    selectinload(Meeting.decisions).selectinload(Decision.grounds),
    selectinload(Meeting.decisions).selectinload(Decision.witnesses),
)


def whole(session: Session, meeting_id: UUID) -> Meeting:
    """Return a meeting with everything recorded in it, in ``session``; raises ``Refused`` where there is none."""
    return meeting_of(session, meeting_id, WHOLE)


def load(sitting: Sitting, meeting_id: UUID) -> Meeting:
    """Return a meeting with everything recorded in it."""
    with sitting.store.read() as session:
        return whole(session, meeting_id)


def look_at(sitting: Sitting, meeting_id: UUID) -> Meeting:
    """Return a meeting as ``load`` does, and note in the trail that somebody looked at it."""
    meeting = load(sitting, meeting_id)
    noting.looked(sitting, "meeting.read", meeting=meeting_id)
    return meeting


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
            .options(selectinload(Meeting.case), selectinload(Meeting.subjects).selectinload(Subject.child))
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
