"""Views, decisions and dissents: what each agency thinks, what the chair decides, and who disagrees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.agency import Agency
from app.models.attendance import Attendance
from app.models.base import LONGEST_NAME, Act, Refused, required, tidy
from app.models.case import Child
from app.models.decision import Decision, Ground, Likeness, Witness
from app.models.dissent import Dissent, DissentKind
from app.models.meeting import Meeting
from app.models.statement import Statement
from app.models.view import View
from app.practice.closing import place
from app.practice.hearing import departs, is_counted
from app.practice.questions import DecisionQuestion
from app.practice.quorum import Quorum, quorum
from app.services import directing
from app.services.entries import in_session
from app.services.meetings import AT_THE_TABLE
from app.services.sitting import Sitting, agency_of, child_of, meeting_of, of_meeting

PROCESS = "process"


def record_view(
    sitting: Sitting,
    meeting_id: UUID,
    question_id: str,
    child_id: UUID,
    option: str,
    reason: str,
    *,
    agency: UUID | None = None,
    speaker: UUID | None = None,
    would_change: str = "",
) -> View:
    """Return the view just taken; where the agency had one already this is its next round, and the first is kept.

    The agency is the speaker's unless it is named, as for a report from an agency that is not there.
    """
    act = sitting.act()
    kept = required(reason, "view.reason-missing")
    with sitting.store.begin(act, "view.recorded", meeting_id) as session:
        meeting = meeting_of(session, meeting_id)
        meeting_type = sitting.type_of(meeting)
        question = meeting_type.view(question_id)
        if question is None or question.option(option) is None:
            raise Refused("view.unknown-option")
        item_id = place(meeting_type, view=question_id)
        in_session(session, sitting, meeting_id, item_id)
        person = of_meeting(session, Attendance, speaker, meeting)
        spoken_for = _spoken_for(session, sitting, meeting, person, agency)
        child = _a_child(session, child_id, meeting)
        rounds = select(func.max(View.round)).where(
            View.meeting_id == meeting_id,
            View.agency_id == spoken_for.id,
            View.child_id == child_id,
            View.question_id == question_id,
        )
        view = View(
            id=act.new_id(), meeting=meeting, agency=spoken_for, child=child, item_id=item_id, question_id=question_id,
            option=option, reason=kept, given_at=act.at, speaker=person, would_change=tidy(would_change),
            round=(session.scalar(rounds) or 0) + 1,
        )  # fmt: skip
        session.add(view)
    return view


def _spoken_for(
    session: Session, sitting: Sitting, meeting: Meeting, person: Attendance | None, agency_id: UUID | None
) -> Agency:
    if person is not None:
        session.refresh(person, ["agency"])
    agency = agency_of(session, agency_id) or (person.agency if person else None)
    if agency is None:
        raise Refused("view.agency-missing")
    # nobody who takes no part for their agency gives a view, not even another's
    if person is not None and not is_counted(person, sitting.pack_of(meeting)):
        raise Refused("view.not-counted", who=person.name)
    return agency


def _a_child(session: Session, child_id: UUID | None, meeting: Meeting) -> Child:
    child = child_of(session, child_id, meeting)
    if child is None:
        raise Refused("decision.child-missing")
    return child


@dataclass(frozen=True, slots=True)
class Choice:
    """What the chair chose for one child on one question, and why.

    ``as_for`` is the child whose decision it was taken over from, and ``differs`` what is different for this one.
    """

    question_id: str
    child_id: UUID
    option: str
    reason: str
    departure: str = ""
    on: date | None = None
    person: str = ""
    detail: str = ""
    grounds: Sequence[UUID] = ()
    as_for: UUID | None = None
    differs: str = ""


def decide(sitting: Sitting, meeting_id: UUID, choice: Choice) -> Decision:
    """Return the decision, with who was there and whether the meeting was quorate; a later one replaces it.

    What is decided once for the whole meeting is kept for each of its children, in the same words.
    Raises ``Refused`` where reasons are missing, where it departs from the majority of views without saying why, where
    the option asks for a date, a person or a detail that is not given, or cannot be chosen without a quorum.
    """
    act = sitting.act()
    with sitting.store.begin(act, "decision.made", meeting_id) as session:
        meeting = meeting_of(session, meeting_id, AT_THE_TABLE)
        meeting.require_in_session()
        question, child, reason = _checked(sitting, meeting, choice)
        like = _like(meeting, question, child, choice)
        grounds = [_ground(session, meeting, statement_id) for statement_id in dict.fromkeys(choice.grounds)]
        state = quorum(meeting, sitting.type_of(meeting), sitting.pack_of(meeting), act.at)
        _require_quorum(sitting, meeting, choice, state)
        made = {}
        for one in [child] if question.per_child else meeting.children:
            decision = made[one.id] = _cleared(session, act, meeting, one, choice, state)
            decision.option, decision.reason, decision.decided_at = choice.option, reason, act.at
            decision.quorate, decision.quorum_note = state.quorate, "" if state.quorate else state.words
            decision.departure, decision.detail = tidy(choice.departure), tidy(choice.detail)
            decision.on, decision.person = choice.on, tidy(choice.person, LONGEST_NAME)
            decision.item_id = place(sitting.type_of(meeting), decision=choice.question_id)
            for statement in grounds:
                session.add(Ground(id=act.new_id(), decision=decision, statement=statement))
            for attendance in meeting.attendances:
                if attendance.present_at(act.at):
                    session.add(Witness(id=act.new_id(), decision=decision, attendance=attendance))
            if like is not None:
                session.add(Likeness(id=act.new_id(), decision=decision, child=like, differs=tidy(choice.differs)))
            directing.follow(session, sitting, act, meeting, decision)
    return made[child.id]


def _cleared(
    session: Session, act: Act, meeting: Meeting, child: Child, choice: Choice, state: Quorum
) -> Decision:  # fmt: skip
    """Return the decision on a question for a child, without what an earlier one rested on; a new one if none was."""
    for decision in meeting.decisions:
        if decision.child is child and decision.question_id == choice.question_id:
            for part in (*decision.grounds, *decision.witnesses, *([decision.likeness] if decision.likeness else [])):
                session.delete(part)
            session.flush()
            session.expire(decision, ["grounds", "witnesses", "likeness"])
            return decision
    decision = Decision(
        id=act.new_id(), meeting=meeting, child=child, question_id=choice.question_id, reason=choice.reason, item_id="",
        option=choice.option, decided_at=act.at, quorate=state.quorate,
    )  # fmt: skip
    session.add(decision)
    return decision


def _like(meeting: Meeting, question: DecisionQuestion, child: Child, choice: Choice) -> Child | None:
    if choice.as_for is None:
        return None
    if not question.per_child:
        raise Refused("decision.for-all")
    like = next((c for c in meeting.children if c.id == choice.as_for), None)
    if like is None or like is child:
        raise Refused("decision.same-child")
    if not tidy(choice.differs):
        raise Refused("decision.differs-missing", child=child.first_name)
    return like


def _require_quorum(sitting: Sitting, meeting: Meeting, choice: Choice, state: Quorum) -> None:
    question = sitting.type_of(meeting).decision(choice.question_id)
    option = question.option(choice.option) if question else None
    if option is not None and option.needs_quorum and not state.quorate:
        raise Refused("decision.needs-quorum", option=option.label)


def _ground(session: Session, meeting: Meeting, statement_id: UUID) -> Statement:
    statement = session.get(Statement, statement_id)
    if statement is None or statement.meeting_id != meeting.id:
        raise Refused("decision.unknown-ground")
    return statement


def _checked(sitting: Sitting, meeting: Meeting, choice: Choice) -> tuple[DecisionQuestion, Child, str]:
    meeting_type = sitting.type_of(meeting)
    question = meeting_type.decision(choice.question_id)
    option = question.option(choice.option) if question else None
    child = next((c for c in meeting.children if c.id == choice.child_id), None)
    if child is None:
        raise Refused("decision.child-missing")
    if question is None or option is None:
        raise Refused("decision.unknown-option")
    reason = required(choice.reason, "decision.reason-missing")
    given = {"date": bool(choice.on), "person": bool(tidy(choice.person)), "detail": bool(tidy(choice.detail))}
    for need in option.needs:
        if not given[need]:
            raise Refused(f"decision.{need}-missing", option=option.label)
    departure = departs(meeting, meeting_type, choice.question_id, choice.option, child)
    if departure and not tidy(choice.departure):
        raise Refused("decision.departure-missing", child=child.first_name)
    return question, child, reason


def record_dissent(
    sitting: Sitting,
    meeting_id: UUID,
    item_id: str,
    dissenter: UUID,
    kind: DissentKind,
    words: str,
    *,
    question_id: str = PROCESS,
    child: UUID | None = None,
    preferred: str = "",
    risk: str = "",
) -> Dissent:
    """Return the dissent or reservation in the person's own words; it still has to be read back to them."""
    act = sitting.act()
    kept = required(words, "dissent.words-missing")
    with sitting.store.begin(act, "dissent.recorded", meeting_id) as session:
        meeting = in_session(session, sitting, meeting_id, item_id)
        person = of_meeting(session, Attendance, dissenter, meeting)
        if person is None:
            raise Refused("dissent.who-missing")
        if question_id != PROCESS and sitting.type_of(meeting).decision(question_id) is None:
            raise Refused("dissent.unknown-question")
        dissent = Dissent(
            id=act.new_id(), meeting=meeting, dissenter=person, item_id=item_id, question_id=question_id, kind=kind,
            words=kept, raised_at=act.at, child=child_of(session, child, meeting), preferred=tidy(preferred),
            risk=tidy(risk),
        )  # fmt: skip
        session.add(dissent)
    return dissent


def read_back(sitting: Sitting, dissent_id: UUID, words: str | None = None) -> Dissent:
    """Return the dissent, read back and agreed by the person; ``words`` are theirs where they corrected it."""
    act = sitting.act()
    with sitting.store.begin(act, "dissent.read-back") as session:
        dissent = session.get(Dissent, dissent_id)
        if dissent is None:
            raise Refused("meeting.unknown-entry")
        in_session(session, sitting, dissent.meeting_id, dissent.item_id)
        if words is not None:
            dissent.words = required(words, "dissent.words-missing")
        dissent.read_back_at = act.at
    return dissent
