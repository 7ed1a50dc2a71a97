"""The family's part and the directed work of a record, as the acts that typed them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.models.participation import Ruling
from app.models.work import Work, WorkKind
from app.services import directing, participation
from app.services.retelling import Entry, OutOfStep, Told, day
from app.services.sitting import Sitting
from app.sharing.course import moment

Act = Callable[[Sitting], object]
# the kinds of step there are, in the order in which they happen at one moment
KINDS = ("exclusions", "rulings", "sent-out", "let-back")


def steps(told: Told, meeting: Entry) -> Iterator[tuple[datetime, str, str, Act]]:
    """Give each act about keeping somebody out: when it was, its kind, where it stands, and what carries it out."""
    for number, said in enumerate(meeting.get("exclusions", [])):
        path = f"meeting.exclusions[{number}]"
        yield moment(said["asked_at"]), "exclusions", path, partial(_ask, told, said)
        if "ruled_at" in said:
            yield moment(said["ruled_at"]), "rulings", path, partial(_rule, told, said)
        if "left_at" in said:
            yield moment(said["left_at"]), "sent-out", path, partial(_move, participation.send_out, told, said)
        if "back_at" in said:
            yield moment(said["back_at"]), "let-back", path, partial(_move, participation.bring_back, told, said)


def _ask(told: Told, said: Entry, sitting: Sitting) -> None:
    who = told.named("attendances", said["attendance"])
    made = participation.ask_exclusion(
        sitting, told.meeting_id, who, said["ground"], said["evidence"], asked_by=said["asked_by"]
    )
    told.keep("exclusions", said, made.id)
    if "ruled_at" not in said:
        if "views_by" in said:
            participation.bring_in_views(sitting, made.id, said["views_by"])
        _note(made.id, said, sitting)


def _rule(told: Told, said: Entry, sitting: Sitting) -> None:
    exclusion_id = told.named("exclusions", said["id"])
    participation.rule_exclusion(
        sitting,
        exclusion_id,
        Ruling(said["ruling"]),
        said.get("reason", ""),
        scope=said.get("scope", ""),
        legal_advice=said.get("legal_advice", ""),
        views_by=said.get("views_by", ""),
    )
    _note(exclusion_id, said, sitting)


def _note(exclusion_id: UUID, said: Entry, sitting: Sitting) -> None:
    if "letter_on" in said or said.get("chair_offered"):
        participation.note_exclusion(
            sitting, exclusion_id, letter_on=day(said, "letter_on"), chair_offered=said.get("chair_offered")
        )


def _move(act: Callable[[Sitting, UUID], object], told: Told, said: Entry, sitting: Sitting) -> None:
    act(sitting, told.named("exclusions", said["id"]))


def afterwards(told: Told, meeting: Entry, decisions: dict[str, UUID], end: datetime) -> Iterator[tuple[str, Act]]:
    """Give what went on after the meeting, each with where it stands: the work it set going, and complaints.

    ``decisions`` are the ids of the decisions by where they stand, ``end`` the moment up to which all else happened.
    """
    for number, decision in enumerate(meeting.get("decisions", [])):
        path = f"meeting.decisions[{number}]"
        for order, said in enumerate(decision.get("works", [])):
            if path in decisions:
                yield f"{path}.works[{order}]", partial(_work, told, decisions[path], said, end)
    for number, said in enumerate(meeting.get("complaints", [])):
        yield f"meeting.complaints[{number}]", partial(_complaint, told, said)


def _work(told: Told, decision_id: UUID, said: Entry, end: datetime, sitting: Sitting) -> None:
    with sitting.store.read() as session:
        kind = WorkKind(said["kind"])
        work = session.scalar(select(Work).where(Work.decision_id == decision_id, Work.kind == kind))
    if work is None:
        raise OutOfStep("is not work that this answer sets going")
    steps = said.get("steps", [])
    told_at = [said.get("started_at"), said.get("ended_at"), *(step.get("done_at") for step in steps)]
    then = sitting.when(max([end, *(moment(at) for at in told_at if at)]))
    planned = _planned(told, said, then)
    if planned or (said.get("joint", False), said.get("due")) != (work.joint, work.due and work.due.isoformat()):
        directing.plan_work(then, work.id, joint=said.get("joint"), due=day(said, "due"), **planned)
    for step in steps:
        due = moment(step["due_at"]) if "due_at" in step else None
        made = directing.add_step(then, work.id, step["text"], owner=step.get("owner", ""), due=due)
        if "done_at" in step:
            directing.finish_step(then, made.id, moment(step["done_at"]))
    if "ended_at" in said:
        ended, words = moment(said["ended_at"]), said.get("outcome_words", "")
        directing.end_work(then, work.id, said.get("outcome", ""), words, at=ended)


def _planned(told: Told, said: Entry, sitting: Sitting) -> dict[str, Any]:
    planned: dict[str, Any] = {name: said[name] for name in ("lead", "plan", "consent") if name in said}
    if "agency" in said:
        planned["agency"] = told.agency(sitting, said)
    if "started_at" in said:
        planned["started_at"] = moment(said["started_at"])
    return planned


def _complaint(told: Told, said: Entry, sitting: Sitting) -> None:
    then = sitting.when(moment(said["noted_at"]))
    made = participation.complain(
        then, told.meeting_id, said["who"], said["about"], received_on=day(said, "received_on")
    )
    while made.stage != said.get("stage", made.stage):
        made = participation.move_on(then, made.id)
    if "closed_on" in said:
        closed = moment(f"{said['closed_on']}T12:00:00+00:00")
        participation.close_complaint(
            sitting.when(max(closed, then.now())), made.id, said.get("outcome", ""), on=day(said, "closed_on")
        )
