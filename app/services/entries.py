"""What is typed while people talk: statements, gaps, answers to prompts and actions."""

from datetime import date
from uuid import UUID

from sqlalchemy import Uuid, and_, bindparam, select
from sqlalchemy.orm import Session

from app.models.action import Action
from app.models.agency import Agency
from app.models.answer import Answer
from app.models.attendance import Attendance
from app.models.base import LONGEST_NAME, Refused, required, tidy
from app.models.gap import Gap, GapState
from app.models.meeting import Meeting, State, Subject
from app.models.statement import Kind, Statement
from app.practice.agenda import beforehand
from app.practice.questions import AgendaItem
from app.services.sitting import Sitting, agency_of, child_of, meeting_of, of_meeting


def record_statement(
    sitting: Sitting,
    meeting_id: UUID,
    item_id: str,
    text: str,
    *,
    speaker: UUID | None = None,
    child: UUID | None = None,
    kind: Kind = Kind.FACT,
    source: str = "",
    restricted: bool | None = None,
) -> Statement:
    """Return what somebody just said, saved; at a confidential item it is restricted unless ``restricted`` says not."""
    act = sitting.act()
    kept = required(text, "statement.text-missing")
    with sitting.store.begin(act, "statement.recorded", meeting_id) as session:
        item = _check_place(session, sitting, meeting_id, item_id, speaker, child)
        statement = Statement(
            id=act.new_id(), item_id=item_id, said_at=act.at, text=kept, kind=kind, source=tidy(source),
            restricted=item.confidential if restricted is None else restricted,
        )  # fmt: skip
        statement.meeting_id, statement.speaker_id, statement.child_id = meeting_id, speaker, child
        session.add(statement)
    return statement


_PLACE = (
    select(Meeting.state, Meeting.pack_digest, Meeting.type_id, Attendance.id, Subject.id)
    .outerjoin(
        Attendance, and_(Attendance.meeting_id == Meeting.id, Attendance.id == bindparam("speaker", type_=Uuid()))
    )
    .outerjoin(Subject, and_(Subject.meeting_id == Meeting.id, Subject.child_id == bindparam("child", type_=Uuid())))
    .where(Meeting.id == bindparam("meeting", type_=Uuid()))
)


def _check_place(
    session: Session, sitting: Sitting, meeting_id: UUID, item_id: str, speaker: UUID | None, child: UUID | None
) -> AgendaItem:
    """Return the item, or raise ``Refused`` where ``in_session``, ``of_meeting`` or ``child_of`` would.

    All in one query, for each word.
    """
    found = session.connection().execute(_PLACE, {"meeting": meeting_id, "speaker": speaker, "child": child}).first()
    if found is None:
        raise Refused("meeting.unknown")
    state, digest, type_id, speaker_there, child_there = found
    state.require_in_session()
    item = sitting.kept_type(digest, type_id).item(item_id)
    if item is None:
        raise Refused("meeting.unknown-item")
    if speaker is not None and speaker_there is None:
        raise Refused("meeting.unknown-entry")
    if child is not None and child_there is None:
        raise Refused("meeting.unknown-child")
    return item


def amend_statement(
    sitting: Sitting,
    statement_id: UUID,
    *,
    text: str | None = None,
    speaker: UUID | None = None,
    child: UUID | None = None,
    kind: Kind | None = None,
    source: str | None = None,
    restricted: bool | None = None,
) -> Statement:
    """Return the statement as it should have been typed; the trail keeps each earlier wording.

    None leaves a part as it is.
    """
    act = sitting.act()
    with sitting.store.begin(act, "statement.amended") as session:
        statement = session.get(Statement, statement_id)
        if statement is None:
            raise Refused("meeting.unknown-entry")
        meeting = in_session(session, sitting, statement.meeting_id, statement.item_id)
        if text is not None:
            kept = required(text, "statement.text-missing")
            statement.wordings += kept != statement.text
            statement.text = kept
        if speaker is not None:
            statement.speaker_id = _id(of_meeting(session, Attendance, speaker, meeting))
        if child is not None:
            child_of(session, child, meeting)
            statement.child_id = child
        statement.kind = kind or statement.kind
        statement.source = statement.source if source is None else tidy(source)
        statement.restricted = statement.restricted if restricted is None else restricted
    return statement


def record_gap(
    sitting: Sitting,
    meeting_id: UUID,
    item_id: str,
    question: str,
    *,
    agency: UUID | None = None,
    owner: str = "",
    due: date | None = None,
    child: UUID | None = None,
    state: GapState | None = None,
) -> Gap:
    """Return a question nobody here can answer; it counts as asked once an agency or a person has it."""
    act = sitting.act()
    kept = required(question, "gap.question-missing")
    with sitting.store.begin(act, "gap.recorded", meeting_id) as session:
        meeting = in_session(session, sitting, meeting_id, item_id)
        asked, asker = agency_of(session, agency), tidy(owner, LONGEST_NAME)
        gap = Gap(
            id=act.new_id(),
            meeting=meeting,
            item_id=item_id,
            question=kept,
            noticed_at=act.at,
            agency=asked,
            child=child_of(session, child, meeting),
            owner=asker,
            due=due,
            state=state or (GapState.ASKED if asked or asker else GapState.NOT_ASKED),
        )
        session.add(gap)
    return gap


def own_gap(
    sitting: Sitting,
    gap_id: UUID,
    *,
    agency: UUID | None = None,
    owner: str = "",
    due: date | None = None,
    state: GapState | None = None,
    answer: str = "",
) -> Gap:
    """Return the gap with whoever has taken it on, or with its answer."""
    act = sitting.act()
    with sitting.store.begin(act, "gap.owned") as session:
        gap = session.get(Gap, gap_id)
        if gap is None:
            raise Refused("meeting.unknown-entry")
        in_session(session, sitting, gap.meeting_id, gap.item_id)
        gap.agency_id = _id(agency_of(session, agency)) or gap.agency_id
        gap.owner = tidy(owner, LONGEST_NAME) or gap.owner
        gap.due = due or gap.due
        gap.answer = tidy(answer) or gap.answer
        found = GapState.ANSWERED if gap.answer else GapState.ASKED
        gap.state = state or (found if gap.agency_id or gap.owner or gap.answer else gap.state)
    return gap


def answer_prompt(
    sitting: Sitting, meeting_id: UUID, prompt_id: str, text: str, *, child: UUID | None = None
) -> Answer:
    """Return the answer to a prompt; a later one replaces it, and the trail keeps the earlier wording.

    What is settled with the family beforehand may be answered before the meeting starts.
    """
    act = sitting.act()
    kept = required(text, "answer.text-missing")
    with sitting.store.begin(act, "prompt.answered", meeting_id) as session:
        meeting = meeting_of(session, meeting_id)
        meeting_type = sitting.type_of(meeting)
        item = next((i for i in meeting_type.agenda if any(p.id == prompt_id for p in i.prompts)), None)
        if item is None:
            raise Refused("answer.unknown-prompt")
        if meeting.state is not State.PREPARED or item is not beforehand(meeting_type):
            in_session(session, sitting, meeting_id, item.id)
        about = child_of(session, child, meeting)
        same = select(Answer).where(Answer.meeting_id == meeting_id, Answer.prompt_id == prompt_id)
        answer = session.scalar(same.where(Answer.child_id == child if child else Answer.child_id.is_(None)))
        if answer is None:
            answer = Answer(
                id=act.new_id(), meeting=meeting, item_id=item.id, prompt_id=prompt_id, text=kept, answered_at=act.at,
                child=about,
            )  # fmt: skip
            session.add(answer)
        else:
            answer.text, answer.answered_at = kept, act.at
    return answer


def record_action(
    sitting: Sitting,
    meeting_id: UUID,
    item_id: str,
    text: str,
    *,
    owner: str = "",
    agency: UUID | None = None,
    due: date | None = None,
    child: UUID | None = None,
) -> Action:
    """Return what somebody agreed to do."""
    act = sitting.act()
    kept = required(text, "action.text-missing")
    with sitting.store.begin(act, "action.recorded", meeting_id) as session:
        meeting = in_session(session, sitting, meeting_id, item_id)
        action = Action(
            id=act.new_id(),
            meeting=meeting,
            item_id=item_id,
            text=kept,
            agreed_at=act.at,
            agency=agency_of(session, agency),
            child=child_of(session, child, meeting),
            owner=tidy(owner, LONGEST_NAME),
            due=due,
        )
        session.add(action)
    return action


def own_action(
    sitting: Sitting, action_id: UUID, *, owner: str = "", agency: UUID | None = None, due: date | None = None
) -> Action:
    """Return the action with its owner and date as they are now."""
    act = sitting.act()
    with sitting.store.begin(act, "action.owned") as session:
        action = session.get(Action, action_id)
        if action is None:
            raise Refused("meeting.unknown-entry")
        in_session(session, sitting, action.meeting_id, action.item_id)
        action.owner = tidy(owner, LONGEST_NAME) or action.owner
        action.agency_id = _id(agency_of(session, agency)) or action.agency_id
        action.due = due or action.due
    return action


def in_session(session: Session, sitting: Sitting, meeting_id: UUID, item_id: str) -> Meeting:
    """Return the meeting the act belongs to; raises ``Refused`` unless it is in session and has that item."""
    meeting = meeting_of(session, meeting_id)
    meeting.require_in_session()
    if sitting.type_of(meeting).item(item_id) is None:
        raise Refused("meeting.unknown-item")
    session.info["meeting"] = meeting.id
    return meeting


def _id(record: Attendance | Agency | None) -> UUID | None:
    return record.id if record else None
