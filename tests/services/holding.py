"""A meeting of any type held through the services: people seated, each item opened, everybody heard, all decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.models.attendance import Attendance, Capacity
from app.models.case import Child
from app.models.deadline import Deadline
from app.models.decision import Decision
from app.models.meeting import Meeting
from app.practice.chairing import undeclared
from app.practice.closing import needed_decisions
from app.practice.hearing import is_counted
from app.practice.pack import MeetingType
from app.practice.plans import unplanned
from app.practice.quorum import Quorum, quorum
from app.services import cases, concluding, conduct, deciding, entries, meetings, planning, table
from app.services.deciding import Choice
from app.services.plan_draft import Draft
from app.services.sitting import Sitting
from tests.builders import START

NEXT_DAY = date(2026, 12, 11)
OUTLINE = Draft(category="neglect", why="Robin is often hungry and alone in the evening.")


@dataclass
class Held:
    """A meeting, with what is chosen for each question: for the views by agencies, for the decisions by the chair.

    People are known by their role, and where they have none by the agency.
    """

    sitting: Sitting
    children: list[Child]
    meeting: UUID
    views: Mapping[str, str]
    decisions: Mapping[str, str]
    people: dict[str, Attendance] = field(default_factory=dict)

    def loaded(self) -> Meeting:
        return meetings.load(self.sitting, self.meeting)

    @property
    def kind(self) -> MeetingType:
        return self.sitting.type_of(self.loaded())

    @property
    def quorum(self) -> Quorum:
        return quorum(self.loaded(), self.kind, self.sitting.pack, self.sitting.now())

    def seat(self, sector: str, role: str = "", capacity: Capacity = Capacity.PRACTITIONER) -> None:
        """Invite somebody; those who come for an agency of the same kind sit for the same agency."""
        known = role or sector or capacity
        self.people[known] = table.invite(
            self.sitting, self.meeting, f"{known} Example", sector=sector, role=role, capacity=capacity
        )

    def begin(self) -> None:
        """Start with everybody who was invited at the table."""
        meetings.start(self.sitting, self.meeting)
        for person in self.people.values():
            table.arrive(self.sitting, person.id)

    def leave(self, *known: str) -> None:
        for name in known:
            table.leave(self.sitting, self.people[name].id)

    def hold(self) -> None:
        """Take the agenda item by item: answer the first question, hear every agency, and decide for each child.

        The chair declares that they are independent, and writes an outline plan for each child who needs one.
        """
        for asked in undeclared(self.loaded(), self.kind, self.sitting.pack):
            conduct.declare(self.sitting, self.meeting, asked.id, False)
        for item in self.kind.agenda:
            meetings.open_item(self.sitting, self.meeting, item.id, done=True)
            for prompt in item.prompts[:1]:
                about = self.children[0].id if prompt.per_child else None
                entries.answer_prompt(self.sitting, self.meeting, prompt.id, "As each of us said.", child=about)
            for person in self.counted() if item.hears and not item.views else ():
                entries.record_statement(self.sitting, self.meeting, item.id, "Seen well at home.", speaker=person.id)
            for view in item.views:
                self.view(view)
            for child in self.children if item.decisions else ():
                self.decide(child, item.decisions)
            for child in unplanned(self.loaded(), self.kind) if "plan" in item.shows else ():
                planning.revise(self.sitting, child.id, OUTLINE, meeting_id=self.meeting)

    def counted(self) -> list[Attendance]:
        there = self.loaded().attendances
        return [person for person in there if person.here and is_counted(person, self.sitting.pack)]

    def view(self, view: str, option: str = "") -> None:
        """Record the view of everybody here who gives one, for each child."""
        chosen = option or self.views[view]
        for person in self.counted():
            for child in self.children:
                deciding.record_view(
                    self.sitting, self.meeting, view, child.id, chosen, "Two accounts agree.", speaker=person.id
                )

    def decide(self, child: Child, questions: tuple[str, ...]) -> None:
        """Decide those of ``questions`` that must be answered for a child, one after another."""
        while asked := [q for q in self.needed(child) if q in questions]:
            self.choose(child, asked[0], self.decisions[asked[0]])

    def choose(self, child: Child, question: str, option_id: str, *, departure: str = "") -> Decision:
        """Choose an option, with what it needs."""
        found = self.kind.decision(question)
        option = found.option(option_id) if found else None
        assert option is not None, (question, option_id)
        choice = Choice(
            question, child.id, option_id, "The accounts agree.", departure=departure,
            on=NEXT_DAY if "date" in option.needs else None,
            person="Blair Example" if "person" in option.needs else "",
            detail="As it was read out." if "detail" in option.needs else "",
        )  # fmt: skip
        return deciding.decide(self.sitting, self.meeting, choice)

    def needed(self, child: Child) -> list[str]:
        """Return the questions still to be decided for a child."""
        meeting = self.loaded()
        about = next(found for found in meeting.children if found.id == child.id)
        return [question.id for question in needed_decisions(meeting, self.kind, about)]

    def blocks(self) -> list[str]:
        return [finding.rule for finding in concluding.blocks(self.sitting, self.meeting)]

    def dates(self) -> dict[str, Deadline]:
        """Return the dates the meeting set running, by the limit; one child's where each has its own."""
        return {d.limit_id: d for d in cases.dates_due(self.sitting, 500) if d.meeting_id == self.meeting}


def prepared(
    sitting: Sitting,
    case_id: UUID,
    children: list[Child],
    type_id: str,
    views: Mapping[str, str],
    decisions: Mapping[str, str],
) -> Held:
    """Return a meeting that is prepared and has nobody on its list."""
    meeting = meetings.prepare(sitting, case_id, type_id, [child.id for child in children], planned_at=START)
    return Held(sitting, children, meeting.id, views, decisions)
