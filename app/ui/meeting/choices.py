"""Which view or decision is wanted next, and what the forms offer for it."""

from dataclasses import dataclass
from uuid import UUID

from app.models.agency import Agency
from app.models.case import Child
from app.models.decision import Decision
from app.practice.closing import needed_decisions
from app.practice.hearing import counted, departs, missing_views
from app.practice.questions import DecisionQuestion, Option, ViewQuestion
from app.ui.meeting.room import Room


@dataclass(frozen=True, slots=True)
class Wanted:
    """One view or one decision that is wanted for a child."""

    child: Child
    view: ViewQuestion | None = None
    decision: DecisionQuestion | None = None
    agency: UUID | None = None
    option: Option | None = None

    def departs(self, room: Room, option: str) -> str:
        """Return the label of the majority that choosing ``option`` would depart from; empty where there is none."""
        if self.decision is None:
            return ""
        majority = departs(room.meeting, room.type, self.decision.id, option, self.child)
        found = self.decision.option(majority) if majority else None
        return found.label if found else majority


def agencies(room: Room) -> list[Agency]:
    """Return the agencies whose view is asked for, in the order of the table."""
    return counted(room.meeting, room.pack)


def wanted_view(room: Room, *, agency: UUID | None = None, child: UUID | None = None) -> Wanted | None:
    """Return the view to take now: of that agency and child where they are named, else the first that is missing."""
    here = [question for view in room.item.views if (question := room.type.view(view)) is not None]
    questions = here or list(room.type.views)
    if not questions:
        return None
    known = {one.id for one in agencies(room)}
    agency = agency if agency in known else None
    missing = [m for m in missing_views(room.meeting, room.type, room.pack) if m.question in questions]
    for strict in (True, False):
        for one in missing:
            if child is not None and one.child.id != child:
                continue
            if one.agency.id == agency or (agency is None and not strict):
                return Wanted(one.child, view=one.question, agency=one.agency.id)
    about = room.child_named(child) or room.meeting.children[0]
    return Wanted(about, view=questions[0], agency=agency)


def next_view(room: Room) -> Wanted | None:
    """Return the first view that is still missing on this item's questions."""
    missing = [m for m in missing_views(room.meeting, room.type, room.pack) if m.question.id in room.item.views]
    return Wanted(missing[0].child, view=missing[0].question, agency=missing[0].agency.id) if missing else None


def undecided(room: Room) -> list[Wanted]:
    """Return what is still to be decided: on this item in its order, child by child, then what else must be."""
    made = {(d.question_id, d.child.id) for d in room.meeting.decisions}
    here = [
        Wanted(child, decision=question)
        for decision_id in room.item.decisions
        if (question := room.type.decision(decision_id)) is not None
        for child in room.meeting.children
        if (question.id, child.id) not in made
    ]
    must = {(q.id, c.id) for c in room.meeting.children for q in needed_decisions(room.meeting, room.type, c)}
    first = [one for one in here if one.decision is not None and (one.decision.id, one.child.id) in must]
    elsewhere = [
        Wanted(child, decision=question)
        for question in room.type.decisions
        for child in room.meeting.children
        if (question.id, child.id) in must - made and question.id not in room.item.decisions
    ]
    return [*first, *(one for one in here if one not in first), *elsewhere]


def wanted_decision(
    room: Room, *, question: DecisionQuestion | None = None, child: UUID | None = None
) -> Wanted | None:
    """Return the decision to make now: the one that is named, else the next that is not made yet."""
    waiting = undecided(room)
    if question is None:
        found = next((one for one in waiting if child is None or one.child.id == child), None)
        if found is not None or not room.type.decisions:
            return found
        question = room.type.decisions[0]
    open_for = [one.child for one in waiting if one.decision is question]
    about = room.child_named(child) or (open_for or room.meeting.children)[0]
    return Wanted(about, decision=question)


def as_for_another(room: Room, wanted: Wanted) -> Decision | None:
    """Return the latest decision on the same question for another child, where this child has none yet."""
    question = wanted.decision.id if wanted.decision else ""
    made = [d for d in room.meeting.decisions if d.question_id == question]
    if any(decision.child.id == wanted.child.id for decision in made):
        return None
    return max(made, key=lambda decision: decision.decided_at, default=None)
