"""How a meeting is held: the chair's declarations, what is done without a quorum, and several children together."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.models.action import Action
from app.models.attendance import Attendance
from app.models.base import LONGEST_NAME, Refused, required, tidy
from app.models.conduct import Declaration, Following, QuorumAnswer, WithoutQuorum
from app.models.decision import Decision, Likeness
from app.models.meeting import Meeting, State, Subject
from app.practice import arrangements
from app.practice.arrangements import ChairModel
from app.practice.carrying_on import held_at, same_kind
from app.practice.dates import ended_inquorate
from app.practice.quorum import quorum
from app.services import deciding, noting
from app.services.deciding import Choice
from app.services.meetings import AT_THE_TABLE
from app.services.sitting import Sitting, meeting_of

_SEATS = selectinload(Meeting.attendances)
_PARTS = (selectinload(Decision.grounds), selectinload(Decision.likeness))
_PRESENT = (_SEATS.selectinload(Attendance.presences), _SEATS.selectinload(Attendance.agency))
# how a meeting is held, without the words that were said in it
_HELD = (
    *AT_THE_TABLE,
    selectinload(Meeting.decisions).selectinload(Decision.likeness).selectinload(Likeness.child),
    selectinload(Meeting.declarations),
    selectinload(Meeting.quorum_answers),
    selectinload(Meeting.actions).selectinload(Action.child),
    selectinload(Meeting.following)
    .selectinload(Following.earlier)
    .selectinload(Meeting.subjects)
    .selectinload(Subject.child),
)


def look_at(sitting: Sitting, meeting_id: UUID) -> Meeting:
    """Return a meeting with how it is held: who is there, the views and decisions, and what the chair answered.

    Of what was said in it only the actions are loaded. That somebody looked at it is noted in the trail. Raises
    ``Refused`` where there is no such meeting.
    """
    with sitting.store.read() as session:
        meeting = meeting_of(session, meeting_id, _HELD)
    noting.looked(sitting, "meeting.read", meeting=meeting_id)
    return meeting


def declare(
    sitting: Sitting,
    meeting_id: UUID,
    question_id: str,
    answer: bool,
    *,
    agreed_by: str = "",
    note: str = "",
    model: str = "",
) -> Declaration:
    """Return the chair's answer to a question about their independence; a later one replaces it.

    ``model`` is needed only where two models of the meeting's type ask the same. Answers under another model are taken
    out. ``agreed_by`` is the second manager whom some answers ask for; ``Refused`` where one does and there is none.
    """
    act = sitting.act()
    with sitting.store.begin(act, "chair.declared", meeting_id) as session:
        meeting = _not_over(session, meeting_id, selectinload(Meeting.declarations), _SEATS)
        under, asked = _asked(sitting, meeting, question_id, model)
        agreed = _other_than_the_chair(meeting, agreed_by)
        if answer and asked.if_yes == "agreement" and not agreed:
            raise Refused("declaration.agreement-missing")
        made = next((one for one in meeting.declarations if one.question_id == question_id), None)
        for one in meeting.declarations:
            if one.model != under.id and one is not made:
                session.delete(one)
        if made is None:
            made = Declaration(
                id=act.new_id(), meeting=meeting, model=under.id, question_id=question_id, answer=answer,
                declared_at=act.at,
            )  # fmt: skip
            session.add(made)
        made.model, made.answer, made.declared_at = under.id, answer, act.at
        made.agreed_by, made.note = agreed, tidy(note)
    return made


def agree(sitting: Sitting, meeting_id: UUID, question_id: str, agreed_by: str, note: str = "") -> Declaration:
    """Return the chair's answer with whoever agreed to it, or confirmed the meeting in the chair's place.

    That may be after the meeting, as long as its minutes are not signed.
    """
    act = sitting.act()
    agreed = required(agreed_by, "declaration.agreement-missing", LONGEST_NAME)
    with sitting.store.begin(act, "chair.agreed", meeting_id) as session:
        meeting = meeting_of(session, meeting_id, [selectinload(Meeting.declarations), _SEATS])
        if meeting.state is State.SEALED:
            raise Refused("meeting.already-sealed")
        made = next((one for one in meeting.declarations if one.question_id == question_id), None)
        if made is None:
            raise Refused("declaration.not-there")
        _, asked = _asked(sitting, meeting, question_id, made.model)
        if not made.answer or asked.if_yes not in ("agreement", "block"):
            raise Refused("declaration.nothing-to-agree")
        made.agreed_by = _other_than_the_chair(meeting, agreed)
        made.note = tidy(note) or made.note
    return made


def _asked(
    sitting: Sitting, meeting: Meeting, question_id: str, model: str
) -> tuple[ChairModel, arrangements.Declaration]:
    pack = sitting.pack_of(meeting)
    offered = [one for name in sitting.type_of(meeting).chair_models if (one := pack.chair_model(name))]
    for under in offered:
        asked = under.declaration(question_id)
        if asked is not None and model in ("", under.id):
            return under, asked
    raise Refused("declaration.unknown-question")


def _other_than_the_chair(meeting: Meeting, name: str) -> str:
    kept = tidy(name, LONGEST_NAME)
    if kept and meeting.chair is not None and kept.casefold() == meeting.chair.name.casefold():
        raise Refused("declaration.own-agreement")
    return kept


def _not_over(session: Session, meeting_id: UUID, *options: ORMOption) -> Meeting:
    meeting = meeting_of(session, meeting_id, options)
    if meeting.state is not State.PREPARED and not meeting.open:
        raise Refused("meeting.already-concluded")
    return meeting


def answer_quorum(
    sitting: Sitting, meeting_id: UUID, choice: WithoutQuorum, reason: str, *, agreed_by: str = ""
) -> QuorumAnswer:
    """Return what the chair does while a quorum is missing, and why.

    The reason for going on names one of the grounds the rule knows. ``agreed_by`` is the senior without whom no second
    meeting of the kind in a row is held without a quorum; raises ``Refused`` where one is needed and not named.
    """
    act = sitting.act()
    kept = required(reason, "quorum.reason-missing")
    with sitting.store.begin(act, "quorum.answered", meeting_id) as session:
        meeting = meeting_of(session, meeting_id, _PRESENT)
        meeting.require_in_session()
        meeting_type = sitting.type_of(meeting)
        rule = meeting_type.quorum.if_inquorate
        if quorum(meeting, meeting_type, sitting.pack_of(meeting), act.at).quorate:
            raise Refused("quorum.not-missing")
        if choice.value not in rule.choices:
            raise Refused("quorum.unknown-choice")
        grounds = rule.proceed_when if choice is WithoutQuorum.PROCEED else ()
        if grounds and not any(tidy(ground).rstrip(".") in kept for ground in grounds):
            raise Refused("quorum.ground-missing", ground=grounds[0])
        agreed = tidy(agreed_by, LONGEST_NAME)
        if not agreed:
            _require_first_in_a_row(session, sitting, meeting)
        answer = QuorumAnswer(
            id=act.new_id(), meeting=meeting, choice=choice, reason=kept, given_at=act.at, agreed_by=agreed
        )
        session.add(answer)
    return answer


def require_senior(session: Session, sitting: Sitting, meeting: Meeting, at: datetime) -> None:
    """Raise ``Refused`` where a meeting that ended now were the second in a row without a quorum, agreed by nobody.

    Two are in a row where they are of one kind and one case; it matters only where the rule says who must agree.
    """
    state = quorum(meeting, sitting.type_of(meeting), sitting.pack_of(meeting), at)
    if not state.quorate and not any(answer.agreed_by for answer in meeting.quorum_answers):
        _require_first_in_a_row(session, sitting, meeting)


def inquorate_before(sitting: Sitting, meeting_id: UUID) -> Meeting | None:
    """Return the meeting of the kind before this one, where it had no quorum and a second one in a row needs a senior.

    None where nobody has to agree.
    """
    with sitting.store.read() as session:
        return _inquorate_before(session, sitting, meeting_of(session, meeting_id))


def _inquorate_before(session: Session, sitting: Sitting, meeting: Meeting) -> Meeting | None:
    before = _before(session, sitting, meeting) if sitting.type_of(meeting).quorum.if_inquorate.sign_off else None
    if before is None or not ended_inquorate(before, sitting.type_of(before), sitting.pack_of(before)):
        return None
    return before


def _require_first_in_a_row(session: Session, sitting: Sitting, meeting: Meeting) -> None:
    before = _inquorate_before(session, sitting, meeting)
    if before is not None:
        who = sitting.type_of(meeting).quorum.if_inquorate.sign_off
        raise Refused("quorum.second-in-a-row", reference=before.reference, who=who)


def _before(session: Session, sitting: Sitting, meeting: Meeting) -> Meeting | None:
    """Return the last meeting of the kind that the case held before this one."""
    rows = session.scalars(
        select(Meeting)
        .where(Meeting.case_id == meeting.case_id, Meeting.concluded_at.is_not(None), Meeting.id != meeting.id)
        .options(*_PRESENT)
    )
    kind, pack = sitting.type_of(meeting), sitting.pack_of(meeting)
    held = [one for one in rows if held_at(one) <= held_at(meeting) and same_kind(sitting.type_of(one), kind, pack)]
    return max(held, key=lambda one: (held_at(one), one.id), default=None)


def decide_as_for(
    sitting: Sitting, meeting_id: UUID, question_id: str, child: UUID, sibling: UUID, differs: str
) -> Decision:
    """Return the decision for a child, taken over from that for another child of the meeting, marked as such.

    Raises ``Refused`` where nothing is decided there, and where ``differs`` does not say what is different here.
    """
    with sitting.store.read() as session:
        there = select(Decision).where(Decision.meeting_id == meeting_id, Decision.question_id == question_id)
        like = session.scalar(there.where(Decision.child_id == sibling).options(*_PARTS))
        meeting = meeting_of(session, meeting_id, [selectinload(Meeting.subjects).selectinload(Subject.child)])
        if like is None:
            name = next((one.first_name for one in meeting.children if one.id == sibling), "the other child")
            raise Refused("decision.sibling-undecided", child=name)
        choice = _again(like, child, sibling, differs)
    return deciding.decide(sitting, meeting_id, choice)


def confirm(sitting: Sitting, decision_id: UUID) -> Decision:
    """Return a provisional decision, made again as it was now that there is a quorum; ``Refused`` while not."""
    with sitting.store.read() as session:
        decision = session.get(Decision, decision_id, options=[*_PARTS])
        if decision is None:
            raise Refused("meeting.unknown-entry")
        if decision.quorate:
            raise Refused("decision.confirmed-already")
        meeting = meeting_of(session, decision.meeting_id, _PRESENT)
        if not quorum(meeting, sitting.type_of(meeting), sitting.pack_of(meeting), sitting.now()).quorate:
            raise Refused("quorum.still-missing")
        like = decision.likeness
        choice = _again(decision, decision.child_id, like.child_id if like else None, like.differs if like else "")
        meeting_id = decision.meeting_id
    return deciding.decide(sitting, meeting_id, choice)


def _again(decision: Decision, child: UUID, as_for: UUID | None, differs: str) -> Choice:
    return Choice(
        decision.question_id, child, decision.option, decision.reason, departure=decision.departure, on=decision.on,
        person=decision.person, detail=decision.detail, grounds=[ground.statement_id for ground in decision.grounds],
        as_for=as_for, differs=differs,
    )  # fmt: skip


def order_children(sitting: Sitting, meeting_id: UUID, child_ids: Sequence[UUID]) -> Meeting:
    """Return the meeting with its children in the order given, which names each of them once."""
    act = sitting.act()
    with sitting.store.begin(act, "children.ordered", meeting_id) as session:
        meeting = _not_over(session, meeting_id, selectinload(Meeting.subjects).selectinload(Subject.child))
        places = {child_id: place for place, child_id in enumerate(child_ids, 1)}
        if len(places) != len(child_ids) or places.keys() != {child.id for child in meeting.children}:
            raise Refused("children.order-incomplete")
        for subject in meeting.subjects:
            subject.position = places[subject.child_id]
        meeting.subjects.sort(key=lambda subject: subject.position)
    return meeting
