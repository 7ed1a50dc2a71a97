"""What the workspace says about a meeting, in words."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from app.services import cases, meetings
from app.ui.meeting import asking, presenter
from app.ui.meeting.acting import Outcome, carry_out
from app.ui.meeting.closing import findings, way_to_mend
from app.ui.meeting.entry import Command, Entry, NotUnderstood, read
from app.ui.meeting.room import Room as Desk
from tests.builders import Room, a_room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path / "store", children=2) as made:
        yield made


@pytest.fixture
def desk(room: Room) -> Desk:
    return Desk(room.sitting, room.meeting)


def test_each_item_says_how_far_it_is_and_the_last_what_is_to_mend(room: Room, desk: Desk) -> None:
    carry_out(desk, Entry(Command.NEXT))
    carry_out(desk, Entry(Command.ITEM, number=5))
    words = [line.text for line in presenter.rail(desk, presenter.to_mend(desk))]
    assert words[0].startswith("1  Open: done, 0 of 3 min")
    assert words[1].startswith("2  Concern: left open")
    assert words[2] == "3  Every child: 2 min"
    assert words[4].startswith("5  Agency information: open, 0 of 10 min")
    assert words[-1].endswith(f"{len(findings(desk))} to mend")


def test_the_views_say_who_is_missing_for_each_child(room: Room, desk: Desk) -> None:
    assert presenter.views_of(desk, "threshold") == [
        "Each child: 0 of 3, missing Social care, Police and Community health"
    ]
    room.view("Casey Example", "met")
    desk.reload()
    assert presenter.views_of(desk, "threshold") == [
        "Robin: 1 of 3, missing Social care and Community health",
        "Wren: 0 of 3, missing Social care, Police and Community health",
    ]


def test_the_table_says_who_speaks_who_has_spoken_and_who_left(room: Room, desk: Desk) -> None:
    room.say("Casey Example", "Called twice", "open")
    room.leave("Drew Example")
    desk.reload()
    desk.speaker = room.people["Blair Example"].id
    said = [line.text.split(": ")[1].split(",")[0] for line in presenter.round_table(desk)]
    assert said[:3] == ["not heard on this item", "speaking", "has spoken"]
    assert said[3].startswith("left 10:")


def test_every_finding_has_a_way_to_mend_it(room: Room, desk: Desk) -> None:
    for line in ("/gap", "/action"):
        carry_out(desk, Entry(Command(line[1:]), text="Something nobody has taken on"))
    for finding in findings(desk):
        way = way_to_mend(desk, finding)
        place = desk.type.item(finding.item_id)
        assert isinstance(way, Outcome | UUID) or place is not None
        assert finding.mend(desk.pack).endswith(".")


def test_a_question_not_confirmed_in_the_sources_says_so(room: Room, desk: Desk) -> None:
    meetings.open_item(room.sitting, room.meeting, "household")
    desk.reload()
    place = [prompt.id for prompt in desk.item.prompts].index("F10b")
    words = presenter.origin(desk, asking.rule_of(desk, f"prompt/{place + 1}"))
    assert "not confirmed in the sources read" in words.lower()


def test_a_question_asked_of_each_child_says_how_to_name_two_of_one_name(tmp_path: Path) -> None:
    with a_room(tmp_path / "store", children=2) as room:
        cases.change_child(room.sitting, room.children[1].id, name="Robin Other")
        desk = Desk(room.sitting, room.meeting)
        item = next(item for item in desk.type.agenda if item.prompts and item.prompts[0].per_child)
        carry_out(desk, Entry(Command.ITEM, number=desk.type.number(item.id)))
        with pytest.raises(NotUnderstood, match="add @Robin_Sample or @Robin_Other"):
            carry_out(desk, Entry(Command.ANSWER, number=1, text="Yes."))
        known = desk.known()
        carry_out(desk, read("/1 @Robin_Other Yes.", known))
    assert [answer.child.name for answer in desk.meeting.answers if answer.child] == ["Robin Other"]
