"""What the case page says of views over time, plans, what is left open and complaints, without a window."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.services import looking_back, participation, plan_look, planning
from app.services.entries import record_action, record_gap
from app.ui.case import complaint_words, looking_back_words
from tests.builders import START, Room, national_pack
from tests.services.holding import Held
from tests.services.planned import FULL, a_conference, conference, finish, make

PACK = national_pack()
Conference = tuple[Room, Held]


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Conference]:
    with a_conference(tmp_path / "store") as made:
        yield made


def test_a_row_says_each_view_and_what_changed_and_the_reason_given_last(one: Conference) -> None:
    room, held = one
    held.view("plan")
    finish(held)
    room.clock.pass_by(days=80)
    review = conference(room, "rcpc")
    review.view("plan", "no_plan")
    [(_, [found])] = looking_back.views_over_time(room.sitting, room.case.id)
    assert looking_back_words.seen_line(found.rows[0], found) == (
        "Community health: 10 December 2026 Yes; 28 February 2027 No, changed. "
        "Why, the last time: Two accounts agree."
    )  # fmt: skip
    assert looking_back_words.changed_last(found) == (
        "The last change was on 28 February 2027: Community health from “Yes” to “No”, "
        "Early years from “Yes” to “No” and Social care from “Yes” to “No”."
    )


def test_where_nobody_changed_it_says_so(one: Conference) -> None:
    room, held = one
    held.view("plan")
    [(_, [found])] = looking_back.views_over_time(room.sitting, room.case.id)
    assert looking_back_words.changed_last(found) == "No agency has changed its view on this question."


def test_a_plan_says_how_long_it_runs_and_each_revision_what_it_changed(one: Conference) -> None:
    room, held = one
    make(held)
    finish(held)
    room.clock.pass_by(days=500)
    planning.revise(room.sitting, room.child.id, replace(FULL, visit_every=15, why="Robin is fed."))
    look = plan_look.look(room.sitting, room.child.id)
    said = looking_back_words.plan_now(look)
    assert said.startswith("Robin has been on a plan for 16 months, since 10 December 2026. It is the first plan")
    assert "On a plan for 15 months: ask what has to be different now." in said
    assert "Set 2 times since 10 December 2026: “Keep the food diary.”" in said
    first, second = (looking_back_words.revision_line(found, PACK).text for found in look.history)
    assert first == "1. 10 December 2026, In force: a new plan."
    assert "Seen at least every so many working days: “10”, now “15”" in second
    assert second.endswith("more changes.")


def test_a_child_without_a_plan_has_a_sentence_too(one: Conference) -> None:
    room, _ = one
    assert looking_back_words.plan_now(plan_look.look(room.sitting, room.child.id)) == (
        "Robin has had no child protection plan."
    )


def test_what_is_left_open_says_who_has_it_by_when_and_since_when(one: Conference) -> None:
    room, held = one
    item = held.kind.agenda[0].id
    record_action(room.sitting, held.meeting, item, "Ring them.", owner="Blair", due=date(2026, 12, 9))
    record_gap(room.sitting, held.meeting, item, "What did they see?", child=room.child.id)
    actions, gaps = looking_back.left_open(room.sitting, room.case.id)
    named = {room.child.id: "Robin"}
    rows = [looking_back_words.open_line(found, START, named).text for found in (*actions, *gaps)]
    assert rows == [
        "Action: Ring them. (Blair; by 9 December 2026, overdue by 1 day; since 10 December 2026)",
        "Gap: What did they see?, for Robin (nobody has it yet; no day; since 10 December 2026)",
    ]
    assert looking_back_words.how_much_open(1, 1).startswith("1 action not done and 1 gap not answered.")
    assert looking_back_words.how_much_open(0, 0).startswith("Nothing: ")


def test_a_complaint_says_its_stage_who_answers_its_clock_and_what_comes_next(one: Conference) -> None:
    room, held = one
    finish(held)
    made = participation.complain(room.sitting, held.meeting, "Sam Sample", "I was not heard.")
    [found] = participation.complaints(room.sitting, room.case.id)
    assert complaint_words.line_of(found, PACK, START).endswith(
        "The chair answers, when: at once where possible; within 14 days in York"
    )
    participation.move_on(room.sitting, made.id)
    [found] = participation.complaints(room.sitting, room.case.id)
    said = complaint_words.told(found, PACK, START + timedelta(days=3))
    assert "It came 3 days ago." in said
    assert "Who answers: A manager who did not chair the conference." in said
    assert "To be answered by Thursday 7 January 2027, in 25 days." in said
    assert "The next stage: A panel looks at it." in said
    participation.close_complaint(room.sitting, made.id, "The minutes were corrected.")
    [found] = participation.complaints(room.sitting, room.case.id)
    assert "Closed on 10 December 2026: The minutes were corrected." in complaint_words.told(found, PACK, START)
    assert complaint_words.line_of(found, PACK, START).endswith("closed on 10 December 2026")


def test_each_stage_of_the_route_says_where_it_comes_from() -> None:
    said = complaint_words.route_of(PACK)
    assert said.count("Where this comes from: ") == len(PACK.participation.routes)
    assert "2. A written answer. A manager who did not chair the conference." in said
