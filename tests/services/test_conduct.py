"""How a meeting is held: the chair's declarations, a quorum that comes and goes, and several children together."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.minutes.compose import compose
from app.minutes.document import Document
from app.models.attendance import Capacity
from app.models.base import Refused
from app.models.case import Child
from app.models.conduct import WithoutQuorum
from app.services import (
    carrying_on,
    concluding,
    conduct,
    deciding,
    entries,
    meetings,
    opening,
    receipts,
    sealing,
    table,
    undoing,
)  # fmt: skip
from app.services.deciding import Choice
from app.services.exchange import child_named, export_meeting, import_record, record_to_give
from app.services.sitting import Sitting
from app.store import checking, disposing
from tests.builders import Clock, a_room, a_sitting, dump
from tests.services.holding import Held, prepared

VIEWS = {"harm": "likely", "plan": "plan", "category": "neglect", "working": "partly"}
CHOSEN = {"C1": "likely", "C2": "plan", "C3": "neglect", "C4": "lead_only", "C6": "on"}
GROUND = "Waiting would be harmful to the child."


@contextmanager
def a_conference(folder: Path, type_id: str = "icpc", *, children: int = 1, quorate: bool = True) -> Iterator[Held]:
    """Give a conference that has begun, with a chair, social care and, where it is quorate, two other agencies."""
    with a_room(folder, children=children, started=False) as room:
        yield another(room.sitting, room.case.id, room.children, type_id, quorate=quorate)


def another(
    sitting: Sitting,
    case_id: UUID,
    children: list[Child],
    type_id: str = "icpc",
    *,
    quorate: bool = True,
    follows: UUID | None = None,
) -> Held:
    held = prepared(sitting, case_id, children, type_id, VIEWS, CHOSEN)
    if follows is not None:
        ids = [child.id for child in children]
        at = sitting.now()
        held.meeting = meetings.prepare(sitting, case_id, type_id, ids, planned_at=at, follows=follows).id
    held.seat("csc", "iro", Capacity.CHAIR)
    held.seat("csc", "social_worker")
    if quorate:
        held.seat("health_community", "health_visitor")
        held.seat("early_years", "manager")
    held.begin()
    return held


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def conclude(held: Held) -> None:
    findings = concluding.blocks(held.sitting, held.meeting)
    concluding.conclude(held.sitting, held.meeting, {(f.rule, f.subject): "It could not be had." for f in findings})


def test_a_conference_stays_open_until_its_chair_has_answered_each_question_of_the_model(tmp_path: Path) -> None:
    with a_conference(tmp_path) as held:
        assert held.blocks().count("chair-declared") == 2
        conduct.declare(held.sitting, held.meeting, "responsible_now", False)
        conduct.declare(held.sitting, held.meeting, "responsible_before", True)
        assert "chair-declared" not in held.blocks()


def test_a_chair_who_is_not_independent_needs_a_second_manager_and_not_themselves(tmp_path: Path) -> None:
    with a_conference(tmp_path) as held:

        def declared(by: str) -> object:
            return conduct.declare(held.sitting, held.meeting, "responsible_now", True, agreed_by=by)

        assert rule_of(lambda: declared("")) == "declaration.agreement-missing"
        assert rule_of(lambda: declared("IRO Example")) == "declaration.own-agreement"
        declared("Frankie Example")
        kept = held.loaded().declarations[0]
        assert (kept.model, kept.answer, kept.agreed_by) == ("independent_chair", True, "Frankie Example")
        assert rule_of(lambda: conduct.declare(held.sitting, held.meeting, "own_cat", True)) == (
            "declaration.unknown-question"
        )


def test_looking_at_how_a_meeting_is_held_is_noted_once_and_shows_who_decided_what(tmp_path: Path) -> None:
    with a_conference(tmp_path, children=2) as held:
        one, other = held.children
        held.choose(one, "C6", "on")
        conduct.decide_as_for(held.sitting, held.meeting, "C6", other.id, one.id, "He is older.")
        conduct.declare(held.sitting, held.meeting, "responsible_now", False)
        for _ in range(2):
            found = conduct.look_at(held.sitting, held.meeting)
        assert [(d.child.first_name, d.likeness and d.likeness.child.first_name) for d in found.decisions] == [
            ("Robin", None), ("Wren", "Robin")
        ]  # fmt: skip
        assert [(d.question_id, d.answer) for d in found.declarations] == [("responsible_now", False)]
        with held.sitting.store.connection() as connection:
            looks = connection.exec_driver_sql("SELECT count(*) FROM audit_entry WHERE kind = 'meeting.read'")
            assert looks.scalar() == 1
        assert rule_of(lambda: conduct.look_at(held.sitting, UUID(int=7))) == "meeting.unknown"


def test_another_model_takes_the_answers_under_the_first_one_out(tmp_path: Path) -> None:
    with a_conference(tmp_path) as held:
        conduct.declare(held.sitting, held.meeting, "responsible_now", False)
        conduct.declare(held.sitting, held.meeting, "led_enquiry", False)
        assert [d.model for d in held.loaded().declarations] == ["lcpp_chair"]
        assert held.blocks().count("chair-declared") == 1


def test_a_chair_who_holds_the_case_keeps_the_minutes_unsigned_until_another_has_confirmed(tmp_path: Path) -> None:
    with a_conference(tmp_path) as held:
        opening.introduce(held.sitting, "Iro Example", "Chair", "Example Council")
        conduct.declare(held.sitting, held.meeting, "led_enquiry", False)
        conduct.declare(held.sitting, held.meeting, "case_holder", True)
        conclude(held)
        assert rule_of(lambda: sealing.seal(held.sitting, held.meeting)) == "minutes.chair-not-independent"
        assert rule_of(lambda: conduct.agree(held.sitting, held.meeting, "led_enquiry", "Frankie Example")) == (
            "declaration.nothing-to-agree"
        )
        conduct.agree(held.sitting, held.meeting, "case_holder", "Frankie Example", "Chair of another area.")
        sealing.seal(held.sitting, held.meeting)
        assert rule_of(lambda: conduct.agree(held.sitting, held.meeting, "case_holder", "Kit Example")) == (
            "meeting.already-sealed"
        )
        assert list(checking.findings(held.sitting.store)) == []


def test_a_lost_quorum_is_answered_by_one_of_the_choices_of_the_meeting_with_its_reason(tmp_path: Path) -> None:
    with a_conference(tmp_path) as held:

        def answered(choice: WithoutQuorum, reason: str) -> object:
            return conduct.answer_quorum(held.sitting, held.meeting, choice, reason)

        assert rule_of(lambda: answered(WithoutQuorum.NEW_DATE, "We wait.")) == "quorum.not-missing"
        held.leave("manager")
        assert "inquorate-answered" in held.blocks()
        assert rule_of(lambda: answered(WithoutQuorum.NEW_DATE, " ")) == "quorum.reason-missing"
        assert rule_of(lambda: answered(WithoutQuorum.PROCEED, "I want to.")) == "quorum.ground-missing"
        answered(WithoutQuorum.PROCEED, f"{GROUND} The father is out tonight.")
        assert "inquorate-answered" not in held.blocks()
        table.arrive(held.sitting, held.people["manager"].id)
        held.leave("health_visitor")
        assert "inquorate-answered" in held.blocks(), "a quorum that is lost anew asks anew"


def test_a_core_group_makes_no_interim_plan(tmp_path: Path) -> None:
    with a_conference(tmp_path, "core_group", quorate=False) as held:

        def answer() -> object:
            choice = WithoutQuorum.INTERIM_PLAN
            return conduct.answer_quorum(held.sitting, held.meeting, choice, "Nobody else came.")

        assert rule_of(answer) == "quorum.unknown-choice"


def test_a_second_conference_in_a_row_without_a_quorum_needs_a_senior_who_agrees(tmp_path: Path) -> None:
    with a_conference(tmp_path, quorate=False) as first:
        conduct.answer_quorum(first.sitting, first.meeting, WithoutQuorum.NEW_DATE, "Two agencies are missing.")
        conclude(first)
        case_id = first.loaded().case_id
        second = another(first.sitting, case_id, first.children, "rcpc", quorate=False)
        assert rule_of(lambda: conclude(second)) == "quorum.second-in-a-row"

        def answered(by: str) -> object:
            return conduct.answer_quorum(
                second.sitting, second.meeting, WithoutQuorum.NEW_DATE, "They are missing again.", agreed_by=by
            )

        assert rule_of(lambda: answered("")) == "quorum.second-in-a-row"
        answered("Director Example")
        conclude(second)
        other = another(first.sitting, case_id, first.children, "core_group", quorate=False)
        conclude(other)


def test_a_provisional_decision_is_confirmed_once_the_quorum_is_back(tmp_path: Path) -> None:
    with a_conference(tmp_path, children=2) as held:
        one, other = held.children
        held.leave("manager")
        first = held.choose(one, "C1", "likely")
        taken_over = conduct.decide_as_for(held.sitting, held.meeting, "C1", other.id, one.id, "He is older.")
        assert not first.quorate
        assert rule_of(lambda: conduct.confirm(held.sitting, first.id)) == "quorum.still-missing"
        table.arrive(held.sitting, held.people["manager"].id)
        for made in (first, taken_over):
            conduct.confirm(held.sitting, made.id)
        again = {d.child.id: d for d in held.loaded().decisions}
        assert all(d.quorate and d.quorum_note == "" for d in again.values())
        assert again[other.id].likeness.differs == "He is older."
        assert rule_of(lambda: conduct.confirm(held.sitting, first.id)) == "decision.confirmed-already"


def test_a_plan_is_not_ended_without_a_quorum(tmp_path: Path) -> None:
    with a_conference(tmp_path, "rcpc") as held:
        held.leave("manager")
        held.choose(held.children[0], "C1", "neither")
        assert rule_of(lambda: held.choose(held.children[0], "C2", "no_plan")) == "decision.needs-quorum"
        table.arrive(held.sitting, held.people["manager"].id)
        assert held.choose(held.children[0], "C2", "no_plan").quorate


def test_as_for_a_sibling_leaves_a_mark_and_is_refused_without_what_differs(tmp_path: Path) -> None:
    with a_conference(tmp_path, children=2) as held:
        one, other = held.children

        def as_for(differs: str) -> object:
            return conduct.decide_as_for(held.sitting, held.meeting, "C6", other.id, one.id, differs)

        assert rule_of(lambda: as_for("He is older.")) == "decision.sibling-undecided"
        held.choose(one, "C6", "on")
        assert rule_of(lambda: as_for("\u200b")) == "decision.differs-missing"
        assert rule_of(lambda: conduct.decide_as_for(held.sitting, held.meeting, "C6", one.id, one.id, "x")) == (
            "decision.same-child"
        )
        as_for("He is older, and sees his father.")
        made = {d.child.id: d for d in held.loaded().decisions}
        like = made[other.id].likeness
        assert (like.child.id, like.differs) == (one.id, "He is older, and sees his father.")
        assert (made[other.id].option, made[other.id].on) == ("on", made[one.id].on)
        own = Choice("C6", other.id, "on", "He has a school of his own.", on=made[one.id].on)
        deciding.decide(held.sitting, held.meeting, own)
        assert {d.child.id: d for d in held.loaded().decisions}[other.id].likeness is None


def test_the_child_who_came_first_last_time_comes_last_this_time(tmp_path: Path) -> None:
    with a_conference(tmp_path, children=3) as held:
        sitting, case_id = held.sitting, held.loaded().case_id
        ids = [child.id for child in held.children]
        at = sitting.now() + timedelta(days=1)
        turned = meetings.prepare(sitting, case_id, "rcpc", ids, planned_at=at, follows=held.meeting)
        assert [child.id for child in meetings.load(sitting, turned.id).children] == [*ids[1:], ids[0]]
        once_more = meetings.prepare(sitting, case_id, "rcpc", ids, planned_at=at, follows=turned.id)
        assert [child.id for child in meetings.load(sitting, once_more.id).children] == [ids[2], ids[0], ids[1]]


def test_the_chair_orders_the_children_and_is_asked_where_the_same_one_comes_first_again(tmp_path: Path) -> None:
    with a_conference(tmp_path, children=2) as held:
        sitting, case_id = held.sitting, held.loaded().case_id
        ids = [child.id for child in held.children]
        at = sitting.now() + timedelta(days=1)
        after = meetings.prepare(sitting, case_id, "rcpc", ids, planned_at=at, follows=held.meeting).id
        meetings.start(sitting, after)

        def asked() -> bool:
            return "order-recorded" in {finding.rule for finding in concluding.blocks(sitting, after)}

        assert not asked()
        conduct.order_children(sitting, after, ids)
        assert asked()
        assert [child.id for child in meetings.load(sitting, after).children] == ids
        assert rule_of(lambda: conduct.order_children(sitting, after, ids[:1])) == "children.order-incomplete"
        assert rule_of(lambda: conduct.order_children(sitting, after, [*ids, ids[0]])) == "children.order-incomplete"


def test_each_act_of_holding_a_conference_is_taken_back_and_done_again(tmp_path: Path) -> None:
    with a_conference(tmp_path, children=2) as held:
        sitting, meeting = held.sitting, held.meeting
        ids = [child.id for child in held.children]
        conduct.declare(sitting, meeting, "led_enquiry", True, agreed_by="Frankie Example")
        held.leave("manager")
        held.choose(held.children[0], "C6", "on")
        conduct.decide_as_for(sitting, meeting, "C6", ids[1], ids[0], "He is older.")
        acts: Mapping[str, Callable[[], object]] = {
            "decision.made": lambda: conduct.decide_as_for(sitting, meeting, "C6", ids[1], ids[0], "He is at school."),
            "chair.declared": lambda: conduct.declare(sitting, meeting, "responsible_now", False),
            "chair.agreed": lambda: conduct.agree(sitting, meeting, "led_enquiry", "Kit Example"),
            "children.ordered": lambda: conduct.order_children(sitting, meeting, ids[::-1]),
            "quorum.answered": lambda: conduct.answer_quorum(sitting, meeting, WithoutQuorum.NEW_DATE, "We wait."),
        }
        for kind, act in acts.items():
            before = dump(sitting.store)
            act()
            after = dump(sitting.store)
            assert after != before
            assert undoing.undo(sitting, meeting) == kind
            assert dump(sitting.store) == before
            assert undoing.redo(sitting, meeting) == kind
            assert dump(sitting.store) == after
            undoing.undo(sitting, meeting)
        assert list(checking.findings(sitting.store)) == []


def test_everything_about_how_a_meeting_was_held_goes_out_and_comes_in_with_its_record(tmp_path: Path) -> None:
    with a_conference(tmp_path / "one", children=2) as held:
        sitting = held.sitting
        one, other = held.children
        conduct.declare(
            sitting, held.meeting, "responsible_now", True, agreed_by="Frankie Example", note="Said at once."
        )
        held.choose(one, "C6", "on")
        conduct.decide_as_for(sitting, held.meeting, "C6", other.id, one.id, "He is older.")
        ring = entries.record_action(sitting, held.meeting, "close", "Ring the ward.")
        carrying_on.finish(sitting, held.meeting, ring.id)
        conclude(held)
        after = another(sitting, held.loaded().case_id, held.children, "rcpc", quorate=False, follows=held.meeting)
        conduct.answer_quorum(sitting, after.meeting, WithoutQuorum.PROCEED, GROUND)
        conclude(after)
        records = [export_meeting(sitting, meeting) for meeting in (held.meeting, after.meeting)]
    with a_sitting(tmp_path / "two") as sitting:
        meetings_in = [import_record(sitting, record) for record in records]
        again = [export_meeting(sitting, meeting.id) for meeting in meetings_in]
        assert [told(record) for record in again] == [told(record) for record in records]
        assert meetings_in[1].following.earlier.id == meetings_in[0].id
        assert {d.likeness.differs for d in meetings_in[0].decisions if d.likeness} == {"He is older."}
        assert list(checking.findings(sitting.store)) == []


def told(record: bytes) -> list[object]:
    """Return what a record says of how the meeting was held, without the keys that each store gives anew."""
    said = json.loads(record)
    children = {child["id"]: child["name"] for child in said["case"]["children"]}
    meeting = said["meeting"]
    likes = [decision["likeness"] for decision in meeting.get("decisions", []) if "likeness" in decision]
    return [
        [meeting.get(name) for name in ("following", "declarations", "quorum_answers")],
        [(children[like["child"]], like["differs"]) for like in likes],
        [action.get("done_at") for action in meeting.get("actions", [])],
    ]


def test_a_record_of_one_child_leaves_by_itself_and_one_of_legal_advice_does_not_leave_at_all(tmp_path: Path) -> None:
    with a_conference(tmp_path, children=2) as held:
        sitting, case_id = held.sitting, held.loaded().case_id
        one, other = held.children
        name = child_named(sitting, held.meeting, one.first_name.upper())
        assert name == one.id
        assert other.first_name not in export_meeting(sitting, held.meeting, name).decode()
        assert rule_of(lambda: child_named(sitting, held.meeting, "Nobody")) == "meeting.unknown-child"
        assert rule_of(lambda: export_meeting(sitting, held.meeting, held.meeting)) == "meeting.unknown-child"
        advice = meetings.prepare(sitting, case_id, "legal_planning", [one.id], planned_at=sitting.now()).id
        assert rule_of(lambda: export_meeting(sitting, advice)) == "meeting.privileged"
        assert rule_of(lambda: record_to_give(sitting, advice)) == "meeting.privileged"
        assert rule_of(lambda: receipts.of_dissent(sitting, advice, advice)) == "meeting.privileged"


def test_the_minutes_say_how_the_meeting_was_held(tmp_path: Path) -> None:
    with a_conference(tmp_path, children=2) as held:
        sitting = held.sitting
        one, other = held.children
        conduct.declare(sitting, held.meeting, "responsible_now", True, agreed_by="Frankie Example")
        held.choose(one, "C6", "on")
        conduct.decide_as_for(sitting, held.meeting, "C6", other.id, one.id, "He is older.")
        pass_by(sitting)
        held.leave("manager")
        conduct.answer_quorum(sitting, held.meeting, WithoutQuorum.PROCEED, GROUND)
        pass_by(sitting)
        conclude(held)
        meeting = held.loaded()
        document = compose(
            meeting, sitting.pack, sitting.calendar_of(sitting.pack), signer=None, version=1, marked="OFFICIAL"
        )
        text = told_by(document)
        assert "The chair has responsibility for the case, so independence is not met." in text
        assert "Agreed by: Frankie Example" in text
        assert f"As for: {one.first_name}" in text
        assert "What is different for this child: He is older." in text
        assert "Going on without a quorum" in text
        assert GROUND in text
        assert document.header_alert.startswith("Not quorate")
        assert "Further spells" not in document.header_alert, (
            "those who arrive in the seconds after the start lose none"
        )


def pass_by(sitting: Sitting) -> None:
    assert isinstance(sitting.now, Clock)
    sitting.now.pass_by(minutes=5)


def told_by(document: Document) -> str:
    return "\n".join(repr(block) for block in document.blocks).replace("\\n", "\n")


def test_how_a_meeting_was_held_goes_with_its_case(tmp_path: Path) -> None:
    with a_conference(tmp_path, children=2) as held:
        sitting, case_id = held.sitting, held.loaded().case_id
        one, other = held.children
        conduct.declare(sitting, held.meeting, "responsible_now", False)
        held.leave("manager")
        conduct.answer_quorum(sitting, held.meeting, WithoutQuorum.NEW_DATE, "We wait.")
        held.choose(one, "C6", "on")
        conduct.decide_as_for(sitting, held.meeting, "C6", other.id, one.id, "He is older.")
        meetings.prepare(sitting, case_id, "rcpc", [one.id], planned_at=sitting.now(), follows=held.meeting)
        with sitting.store.connection() as connection:
            rows = disposing.belongings(connection, case_id).rows
        tables = ("declaration", "quorum_answer", "likeness", "following")
        assert {table: rows.get(table) for table in tables} == dict.fromkeys(tables, 1)
