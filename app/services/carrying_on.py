"""What a meeting carries on from those before it, and turning a consultation into the meeting it calls for."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models.action import Action
from app.models.attendance import Attendance, Invitation
from app.models.base import LONGEST, Refused, tidy
from app.models.conduct import Following
from app.models.decision import Decision
from app.models.dissent import Dissent
from app.models.gap import Gap
from app.models.meeting import Meeting, Subject
from app.models.plan import Plan
from app.models.view import View
from app.practice import carrying_on as practice
from app.practice.carrying_on import CarriedOn, chain, held_at
from app.practice.closing import place
from app.services import meetings, table
from app.services.entries import in_session
from app.services.meetings import load
from app.services.planning import PARTS
from app.services.sitting import Sitting, meeting_of

_CHILDREN = selectinload(Meeting.subjects).selectinload(Subject.child)
# of the earlier meetings only what can be carried on, however many there are
_CARRIED = (
    _CHILDREN,
    selectinload(Meeting.attendances).selectinload(Attendance.agency),
    selectinload(Meeting.decisions).selectinload(Decision.child),
    selectinload(Meeting.actions).selectinload(Action.agency),
    selectinload(Meeting.actions).selectinload(Action.child),
    selectinload(Meeting.gaps).selectinload(Gap.agency),
    selectinload(Meeting.gaps).selectinload(Gap.child),
    selectinload(Meeting.dissents).selectinload(Dissent.dissenter),
    selectinload(Meeting.dissents).selectinload(Dissent.child),
    selectinload(Meeting.views).selectinload(View.agency),
    selectinload(Meeting.views).selectinload(View.child),
)


def carried_on(sitting: Sitting, meeting_id: UUID) -> CarriedOn:
    """Return what a meeting opens with: what the meetings before it left, as far as its type carries it on."""
    with sitting.store.read() as session:
        meeting = meeting_of(session, meeting_id, [_CHILDREN])
        others = chain(meeting_id, _links(session, meeting.case_id)) - {meeting_id}
        found = session.scalars(select(Meeting).where(Meeting.id.in_(others)).options(*_CARRIED)).all()
        plans = session.scalars(select(Plan).where(Plan.case_id == meeting.case_id).options(*PARTS)).all()
        return practice.carried_on(meeting, sitting.type_of(meeting), found, plans)


def _links(session: Session, case_id: UUID) -> Sequence[Following]:
    return session.scalars(
        select(Following).join(Meeting, Meeting.id == Following.meeting_id).where(Meeting.case_id == case_id)
    ).all()


def may_follow(sitting: Sitting, case_id: UUID, type_id: str) -> list[Meeting]:
    """Return the meetings of a case, with their children, that a new one can carry on from, the latest first."""
    kind = sitting.pack.meeting_type(type_id)
    if kind is None:
        raise Refused("meeting.unknown-type")
    with sitting.store.read() as session:
        held = session.scalars(select(Meeting).where(Meeting.case_id == case_id).options(_CHILDREN)).all()
    fit = [meeting for meeting in held if meeting.type_id in kind.follows]
    return sorted(fit, key=lambda meeting: (held_at(meeting), meeting.id), reverse=True)


def finish(sitting: Sitting, meeting_id: UUID, action_id: UUID) -> Action:
    """Return an action as done; one of an earlier meeting is recorded as done in this one, and carried on no more."""
    act = sitting.act()
    with sitting.store.begin(act, "action.done", meeting_id) as session:
        done = session.get(Action, action_id)
        if done is None:
            raise Refused("meeting.unknown-entry")
        meeting = meeting_of(session, meeting_id)
        if done.meeting_id != meeting_id:
            if done.meeting_id not in chain(meeting_id, _links(session, meeting.case_id)):
                raise Refused("meeting.unknown-entry")
            item_id = place(sitting.type_of(meeting), shows="carried-on")
            before, done = done, Action(
                id=act.new_id(), meeting=meeting, item_id=item_id, text=done.text, agreed_at=act.at, owner=done.owner,
                due=done.due,
            )  # fmt: skip
            done.agency_id, done.child_id = before.agency_id, before.child_id
            session.add(done)
        in_session(session, sitting, meeting_id, done.item_id)
        done.done_at = act.at
    return done


def converted_into(sitting: Sitting, meeting_id: UUID) -> Meeting | None:
    """Return the meeting that a consultation was turned into; None as long as it was not."""
    with sitting.store.read() as session:
        return session.scalar(
            select(Meeting)
            .join(Following, Following.meeting_id == Meeting.id)
            .where(Following.earlier_id == meeting_id, Following.converted)
        )


def convert(sitting: Sitting, meeting_id: UUID) -> Meeting:
    """Return the meeting that a consultation is turned into, prepared: with its children, its people and what was said.

    It is planned for when the consultation began, from which its time runs. Raises ``Refused`` for a type that is not
    converted, and for a meeting that was converted before.
    """
    meeting = load(sitting, meeting_id)
    kind = sitting.type_of(meeting)
    if not kind.converts_to:
        raise Refused("meeting.not-convertible")
    into = converted_into(sitting, meeting_id)
    if into is not None:
        raise Refused("meeting.converted-already", reference=into.reference)
    with sitting.store.together():
        made = meetings.prepare(
            sitting, meeting.case_id, kind.converts_to, [child.id for child in meeting.children],
            planned_at=held_at(meeting), method=meeting.method, venue=meeting.venue, reason=_gist(meeting),
            follows=meeting_id, in_turn=False, converted=True,
        )  # fmt: skip
        for seat in meeting.attendances:
            if seat.invitation is Invitation.INVITED:
                table.invite(
                    sitting, made.id, seat.name, sector=seat.agency.sector if seat.agency else "",
                    agency=seat.agency.name if seat.agency else "", role=seat.role, capacity=seat.capacity,
                    authority=seat.authority,
                )  # fmt: skip
        told = {"into": str(made.id)}
        with sitting.store.begin(sitting.act(), "meeting.converted", meeting_id, told=told):
            pass
    return made


def _gist(meeting: Meeting) -> str:
    """Return why the consultation was held and what was said in it, but for what only named recipients may see."""
    said = sorted((s for s in meeting.statements if not s.restricted), key=lambda s: (s.said_at, s.id))
    lines = [f"{one.speaker.name}: {one.text}" if one.speaker else one.text for one in said]
    return tidy("\n".join([meeting.reason, *lines])[:LONGEST])
