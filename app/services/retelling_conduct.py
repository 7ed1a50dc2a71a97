"""How the meeting of a record was held, as the acts that typed it: what it follows, declarations, a lost quorum."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import select

from app.models.base import tidy
from app.models.conduct import WithoutQuorum
from app.models.meeting import Meeting
from app.services import conduct
from app.services.retelling import Entry, Told
from app.services.sitting import Sitting
from app.sharing.course import moment

Act = Callable[[Sitting], object]
# the kinds of step there are, in the order in which they happen at one moment
KINDS = ("declarations", "quorum_answers")


def followed(sitting: Sitting, case_id: UUID | None, meeting: Entry) -> UUID | None:
    """Return the meeting of the case that the one of a record carries on from, None where the store has no such one."""
    said = meeting.get("following")
    if said is None or case_id is None:
        return None
    there = select(Meeting.id).where(Meeting.case_id == case_id, Meeting.reference == tidy(said["reference"], 64))
    with sitting.store.read() as session:
        return session.scalar(there)


def steps(told: Told, meeting: Entry) -> Iterator[tuple[datetime, str, str, Act]]:
    """Give each act: when it was, its kind, where it stands, and what carries it out."""
    for number, said in enumerate(meeting.get("declarations", [])):
        yield (
            moment(said["declared_at"]),
            "declarations",
            f"meeting.declarations[{number}]",
            partial(_declare, told, said),
        )
    for number, said in enumerate(meeting.get("quorum_answers", [])):
        yield (
            moment(said["given_at"]),
            "quorum_answers",
            f"meeting.quorum_answers[{number}]",
            partial(_answer, told, said),
        )


def _declare(told: Told, said: Entry, sitting: Sitting) -> None:
    conduct.declare(
        sitting,
        told.meeting_id,
        said["question_id"],
        said["answer"],
        model=said["model"],
        agreed_by=said.get("agreed_by", ""),
        note=said.get("note", ""),
    )


def _answer(told: Told, said: Entry, sitting: Sitting) -> None:
    choice = WithoutQuorum(said["choice"])
    conduct.answer_quorum(sitting, told.meeting_id, choice, said["reason"], agreed_by=said.get("agreed_by", ""))
