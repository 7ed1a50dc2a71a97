"""What is decided once for the whole meeting, and what is kept apart because it was said at a confidential item."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from app.minutes.pages import page_count, page_text
from app.models.attendance import Attendance
from app.models.base import Refused
from app.models.case import Child
from app.models.meeting import Meeting
from app.services import cases, concluding, conduct, deciding, entries, meetings, sealing, table, undoing
from app.services.deciding import Choice
from app.services.exchange import BadRecord, export_meeting, import_record
from app.services.sitting import Sitting
from app.store import checking
from tests.builders import START, a_sitting


@dataclass
class Complex:
    """A discussion of complex abuse about two children, in session, with those at the table."""

    sitting: Sitting
    meeting: UUID
    children: list[Child]
    people: list[Attendance]

    def loaded(self) -> Meeting:
        return meetings.load(self.sitting, self.meeting)

    def keeper(self, person: str = "Blair Example", place: int = 0, **rest: object) -> None:
        child = self.children[place]
        words = {"on": date(2026, 12, 17), "person": person, **rest}
        deciding.decide(self.sitting, self.meeting, Choice("D20", child.id, "named", "One record.", **words))  # type: ignore[arg-type]

    def kept(self) -> list[tuple[str, str, bool, int]]:
        """Return for each child who keeps the record, whether that was decided with a quorum, and before how many."""
        made = [decision for decision in self.loaded().decisions if decision.question_id == "D20"]
        return sorted((one.child.first_name, one.person, one.quorate, len(one.witnesses)) for one in made)

    def printed(self) -> str:
        pdf = sealing.minutes(self.sitting, self.meeting)
        return " ".join(" ".join(page_text(pdf, number) for number in range(page_count(pdf))).split())


@contextmanager
def a_complex_one(folder: Path) -> Iterator[Complex]:
    with a_sitting(folder) as sitting:
        case = cases.open_case(sitting, "SAMPLE-1")
        names = ("Robin Sample", "Wren Sample")
        children = [cases.add_child(sitting, case.id, name, born=date(2021, 5, 4)) for name in names]
        meeting = meetings.prepare(
            sitting, case.id, "strategy_complex", [child.id for child in children], planned_at=START
        )
        people = [
            table.invite(sitting, meeting.id, f"{sector} Example", sector=sector)
            for sector in ("csc", "police", "health_community")
        ]
        meetings.start(sitting, meeting.id)
        for person in people:
            table.arrive(sitting, person.id)
        yield Complex(sitting, meeting.id, children, people)


def test_what_is_decided_once_holds_for_every_child_and_is_not_asked_for_again(tmp_path: Path) -> None:
    with a_complex_one(tmp_path) as held:

        def asked() -> list[str]:
            found = concluding.blocks(held.sitting, held.meeting)
            return [one.subject for one in found if one.subject.startswith("D20/")]

        assert len(asked()) == 1
        held.keeper()
        assert asked() == []
        assert held.kept() == [("Robin", "Blair Example", True, 3), ("Wren", "Blair Example", True, 3)]
        held.keeper("Casey Example", place=1)
        assert held.kept() == [("Robin", "Casey Example", True, 3), ("Wren", "Casey Example", True, 3)]
        undoing.undo(held.sitting, held.meeting)
        assert [person for _, person, *_ in held.kept()] == ["Blair Example", "Blair Example"]
        assert list(checking.findings(held.sitting.store)) == []


def test_what_is_decided_once_is_confirmed_once_and_taken_over_from_no_child(tmp_path: Path) -> None:
    with a_complex_one(tmp_path) as held:
        table.leave(held.sitting, held.people[1].id)
        held.keeper()
        assert [quorate for *_, quorate, _ in held.kept()] == [False, False]
        table.arrive(held.sitting, held.people[1].id)
        conduct.confirm(held.sitting, held.loaded().decisions[0].id)
        assert [quorate for *_, quorate, _ in held.kept()] == [True, True]
        with pytest.raises(Refused, match=r"decision\.for-all"):
            held.keeper(as_for=held.children[1].id, differs="Nothing.")


def test_the_minutes_say_once_what_was_decided_once(tmp_path: Path) -> None:
    with a_complex_one(tmp_path) as held:
        held.keeper("Blair Onlyonce")
        text = held.printed()
        assert text.count("Blair Onlyonce") == 2, "on the first page, and among the decisions"
        before = text[: text.rindex("Blair Onlyonce")]
        assert before.endswith("on the date given Thursday 17 December 2026 ")
        assert before.rindex("All children") > before.rindex("first what was decided once for all children")


def test_a_record_with_two_answers_to_what_is_decided_once_is_refused(tmp_path: Path) -> None:
    with a_complex_one(tmp_path / "one") as held, a_sitting(tmp_path / "other") as other:
        held.keeper()
        record = json.loads(export_meeting(held.sitting, held.meeting))
        first, second = record["meeting"]["decisions"]
        second["person"] = "Casey Example"
        with pytest.raises(BadRecord) as bad:
            import_record(other, json.dumps(record).encode())
        [fault] = bad.value.faults
        assert fault.path == "meeting.decisions[1]"
        record["meeting"]["decisions"] = [first]
        meeting = meetings.load(other, import_record(other, json.dumps(record).encode()).id)
        kept = {one.child.first_name: one.person for one in meeting.decisions}
        assert kept == {"Robin": "Blair Example", "Wren": "Blair Example"}


def test_what_is_said_at_a_confidential_item_is_restricted_unless_somebody_says_not(tmp_path: Path) -> None:
    with a_complex_one(tmp_path) as held:
        sitting, meeting = held.sitting, held.meeting
        [apart] = [item for item in sitting.type_of(held.loaded()).agenda if item.confidential]
        said = {
            words: entries.record_statement(sitting, meeting, item, words, restricted=restricted).restricted
            for words, item, restricted in (
                ("A name.", apart.id, None),
                ("That there is a list.", apart.id, False),
                ("Seen at home.", "agencies", None),
            )
        }
        assert said == {"A name.": True, "That there is a list.": False, "Seen at home.": False}


def test_an_answer_at_a_confidential_item_makes_the_minutes_restricted(tmp_path: Path) -> None:
    with a_complex_one(tmp_path) as held:
        [apart] = [item for item in held.sitting.type_of(held.loaded()).agenda if item.confidential]
        mark = held.sitting.pack.words("marking", "restricted")
        assert mark not in held.printed()
        prompt = apart.prompts[0]
        about = held.children[0].id if prompt.per_child else None
        entries.answer_prompt(held.sitting, held.meeting, prompt.id, "Two lists, kept by the police.", child=about)
        assert mark in held.printed()
