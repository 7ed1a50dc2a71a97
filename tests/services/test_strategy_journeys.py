"""Each kind of strategy discussion runs from its preparation to its end through the services."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from app.models.attendance import Attendance, Capacity
from app.models.base import Refused
from app.models.case import Child
from app.models.deadline import Deadline
from app.models.dissent import DissentKind
from app.models.meeting import Meeting, State
from app.practice.agenda import Progress, steps, unanswered
from app.practice.closing import needed_decisions
from app.practice.pack import MeetingType
from app.practice.questions import DecisionQuestion
from app.practice.quorum import quorum
from app.services import cases, concluding, deciding, entries, meetings, table
from app.services.deciding import Choice
from app.services.sitting import Sitting
from app.store import checking
from tests.builders import START, Clock, a_sitting, strategy

BASELINE = (("csc", "social_worker"), ("police", "ds"), ("health_community", "health_visitor"))
TABLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "strategy_review": BASELINE,
    "strategy_prebirth": (*BASELINE, ("health_acute", "safeguarding_midwife")),
    "strategy_complex": BASELINE,
    "strategy_efh": (*BASELINE, ("education", "dsl"), ("youth_justice", "officer")),
    "strategy_fii": (*BASELINE, ("health_acute", "paediatric_consultant"), ("health_icb", "named_doctor")),
    "strategy_death": BASELINE,
    "strategy_ooh": BASELINE,
}
# somebody without whom a discussion of this type has no quorum
NEEDED = {
    "strategy_review": "ds",
    "strategy_prebirth": "safeguarding_midwife",
    "strategy_complex": "health_visitor",
    "strategy_efh": "officer",
    "strategy_fii": "named_doctor",
    "strategy_death": "ds",
    "strategy_ooh": "ds",
}
CHOSEN = {
    "D1": "met",
    "D2": "joint",
    "D4": "none",
    "D12": "after_criminal",
    "D13": "reconvene",
    "D14": "substantiated_risk",
    "D15": "yes",
    "D16": "later",
    "D17": "by_date",
    "D18": "joint",
    "D19": "both_groups",
    "D20": "named",
    "D21": "disruption_plan",
    "D22": "not_known",
    "D23": "named",
    "D24": "s47_and_criminal",
    "D25": "named",
    "D26": "yes",
}
FURTHER_DATES = {"strategy_ooh": {"strat_ooh_follow_up"}}


@dataclass
class Discussion:
    """A discussion in session, and what the tests do with it."""

    sitting: Sitting
    case_id: UUID
    children: list[Child]
    meeting: UUID
    people: dict[str, Attendance] = field(default_factory=dict)

    def loaded(self) -> Meeting:
        return meetings.load(self.sitting, self.meeting)

    @property
    def kind(self) -> MeetingType:
        return self.sitting.type_of(self.loaded())

    def quorate(self) -> bool:
        return quorum(self.loaded(), self.kind, self.sitting.pack, self.sitting.now()).quorate

    def seat(self, sector: str, role: str, capacity: Capacity = Capacity.PRACTITIONER) -> None:
        name = f"{role or sector} Example"
        self.people[role or sector] = table.invite(
            self.sitting, self.meeting, name, sector=sector, role=role, capacity=capacity
        )

    def begin(self) -> None:
        meetings.start(self.sitting, self.meeting)
        for person in self.people.values():
            table.arrive(self.sitting, person.id)

    def hold(self) -> None:
        """Go through the agenda item by item, hear everybody, answer what only this kind of discussion asks, decide."""
        first = strategy()
        for item in self.kind.agenda:
            meetings.open_item(self.sitting, self.meeting, item.id, done=True)
            for prompt, child in unanswered(self.loaded(), item):
                if first.prompt(prompt.id) is None:
                    entries.answer_prompt(
                        self.sitting, self.meeting, prompt.id, "As each of us said.", child=child.id if child else None
                    )
            for person in self.people.values() if item.hears else ():
                if person.capacity is not Capacity.CHAIR:
                    self.hear(item.id, item.views, person)
            for child in self.children if item.decisions else ():
                self.decide(child, item.decisions)

    def hear(self, item_id: str, views: tuple[str, ...], person: Attendance) -> None:
        if not views:
            entries.record_statement(
                self.sitting, self.meeting, item_id, "Nothing further is known.", speaker=person.id
            )
        for view in views:
            for child in self.children:
                deciding.record_view(
                    self.sitting, self.meeting, view, child.id, "met", "Two accounts agree.", speaker=person.id
                )

    def decide(self, child: Child, questions: tuple[str, ...]) -> None:
        """Decide what must be decided of these, and what must be because of that."""
        while asked := self._asked(child, questions):
            question = asked[0]
            option = question.option(CHOSEN[question.id])
            assert option is not None
            choice = Choice(
                question.id, child.id, option.id, "The accounts agree.",
                on=date(2026, 12, 11) if "date" in option.needs else None,
                person="Blair Example" if "person" in option.needs else "",
                detail="It cannot be earlier." if "detail" in option.needs else "",
            )  # fmt: skip
            deciding.decide(self.sitting, self.meeting, choice)

    def _asked(self, child: Child, questions: tuple[str, ...]) -> list[DecisionQuestion]:
        meeting = self.loaded()
        [about] = [found for found in meeting.children if found.id == child.id]
        return [q for q in needed_decisions(meeting, self.kind, about) if q.id in questions]

    def dates(self) -> list[Deadline]:
        return [d for d in cases.dates_due(self.sitting) if d.meeting_id == self.meeting]


def a_discussion(
    sitting: Sitting, case_id: UUID, children: list[Child], type_id: str, at: tuple[tuple[str, str], ...] = ()
) -> Discussion:
    meeting = meetings.prepare(sitting, case_id, type_id, [child.id for child in children], planned_at=START)
    discussion = Discussion(sitting, case_id, children, meeting.id)
    discussion.seat("csc", "team_manager", Capacity.CHAIR)
    for sector, role in at or TABLES[type_id]:
        discussion.seat(sector, role)
    return discussion


@contextmanager
def a_case(folder: Path, clock: Clock | None = None) -> Iterator[tuple[Sitting, UUID, list[Child]]]:
    with a_sitting(folder, clock) as sitting:
        case = cases.open_case(sitting, "SAMPLE-1")
        yield sitting, case.id, [cases.add_child(sitting, case.id, "Robin Sample", born=date(2021, 5, 4))]


@pytest.mark.parametrize("type_id", TABLES)
def test_each_discussion_runs_from_its_preparation_to_its_end(tmp_path: Path, type_id: str) -> None:
    with a_case(tmp_path / "store") as (sitting, case_id, children):
        discussion = a_discussion(sitting, case_id, children, type_id)
        discussion.begin()
        assert discussion.quorate()
        discussion.hold()
        assert concluding.blocks(sitting, discussion.meeting) == []
        done = concluding.conclude(sitting, discussion.meeting)
        assert done.state is State.CONCLUDED
        assert {step.progress for step in steps(discussion.loaded(), discussion.kind, sitting.now())} == {Progress.DONE}
        assert all(decision.quorate for decision in discussion.loaded().decisions)
        assert {d.limit_id for d in discussion.dates()} == {"strat_record", "s47_icpc"} | FURTHER_DATES.get(
            type_id, set()
        )
        assert list(checking.findings(sitting.store)) == []


@pytest.mark.parametrize("type_id", TABLES)
def test_when_an_agency_the_discussion_needs_leaves_what_is_decided_is_provisional(
    tmp_path: Path, type_id: str
) -> None:
    with a_case(tmp_path / "store") as (sitting, case_id, children):
        discussion = a_discussion(sitting, case_id, children, type_id)
        discussion.begin()
        table.leave(sitting, discussion.people[NEEDED[type_id]].id)
        assert not discussion.quorate()
        discussion.decide(children[0], ("D1", "D4"))
        found = [f.rule for f in concluding.blocks(sitting, discussion.meeting)]
        assert {"quorum", "decided-inquorate"} <= set(found)
        assert found.count("decided-inquorate") == 1
        assert {d.question_id: d.quorate for d in discussion.loaded().decisions} == {"D1": False, "D4": False}


def test_a_discussion_that_meets_again_keeps_the_day_of_the_conference(tmp_path: Path) -> None:
    clock = Clock()
    with a_case(tmp_path / "store", clock) as (sitting, case_id, children):
        first = a_discussion(sitting, case_id, children, "strategy_ooh")
        first.begin()
        first.hold()
        concluding.conclude(sitting, first.meeting)
        [due] = [d for d in first.dates() if d.limit_id == "s47_icpc"]
        clock.pass_by(days=1)
        again = a_discussion(sitting, case_id, children, "strategy_review")
        again.begin()
        again.hold()
        concluding.conclude(sitting, again.meeting)
        assert {d.limit_id for d in again.dates()} == {"strat_record"}
        [kept] = [d for d in cases.dates_due(sitting) if d.limit_id == "s47_icpc"]
        assert (kept.id, kept.due_at) == (due.id, due.due_at)


def test_a_discussion_that_meets_again_starts_the_enquiry_where_none_was_running(tmp_path: Path) -> None:
    with a_case(tmp_path / "store") as (sitting, case_id, children):
        again = a_discussion(sitting, case_id, children, "strategy_review")
        again.begin()
        again.hold()
        concluding.conclude(sitting, again.meeting)
        assert "s47_icpc" in {d.limit_id for d in again.dates()}


def test_out_of_hours_the_discussion_stays_open_until_the_full_one_is_fixed(tmp_path: Path) -> None:
    with a_case(tmp_path / "store") as (sitting, case_id, children):
        discussion = a_discussion(sitting, case_id, children, "strategy_ooh")
        discussion.begin()
        discussion.decide(children[0], ("D1", "D2", "D4", "D12"))
        assert "follow-up-fixed" in {f.rule for f in concluding.blocks(sitting, discussion.meeting)}
        nobody = Choice("D13", children[0].id, "reconvene", "It must follow.", on=date(2026, 12, 11))
        with pytest.raises(Refused) as unnamed:
            deciding.decide(sitting, discussion.meeting, nobody)
        assert unnamed.value.rule == "decision.person-missing"
        never = Choice("D13", children[0].id, "not_needed", "Nothing more to ask.", detail="All is said.")
        with pytest.raises(Refused) as not_needed:
            deciding.decide(sitting, discussion.meeting, never)
        assert not_needed.value.rule == "decision.unknown-option"
        discussion.decide(children[0], ("D13",))
        assert "follow-up-fixed" not in {f.rule for f in concluding.blocks(sitting, discussion.meeting)}


def test_out_of_hours_a_dissent_is_still_recorded_and_read_back(tmp_path: Path) -> None:
    with a_case(tmp_path / "store") as (sitting, case_id, children):
        discussion = a_discussion(sitting, case_id, children, "strategy_ooh")
        discussion.begin()
        deciding.record_dissent(
            sitting, discussion.meeting, "close", discussion.people["ds"].id, DissentKind.DISSENT, "I would not wait.",
            preferred="Go tonight.", risk="He may be back.",
        )  # fmt: skip
        assert "dissents-read-back" in {f.rule for f in concluding.blocks(sitting, discussion.meeting)}
