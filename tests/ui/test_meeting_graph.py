"""A loaded meeting that takes in what each act gives back says the same as one that is read again."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import RelationshipDirection

from app.models.base import Base
from app.models.dissent import DissentKind
from app.models.meeting import Meeting
from app.models.statement import Kind
from app.services import deciding, entries, meetings, table
from app.services.graph import absorb
from tests.builders import Room, a_room

LISTS = ("visits", "statements", "gaps", "answers", "views", "decisions", "dissents", "actions", "attendances")


def told(record: Base) -> dict[str, Any]:
    """Return all that a record says: its columns, and the ids of what it refers to."""
    mapper = inspect(type(record))
    said: dict[str, Any] = {column.key: getattr(record, column.key) for column in mapper.column_attrs}
    for relation in mapper.relationships:
        if relation.direction is RelationshipDirection.MANYTOONE and not relation.back_populates:
            other = getattr(record, relation.key)
            said[relation.key] = other.id if other is not None else None
    for part in ("grounds", "witnesses", "presences"):
        if part in mapper.relationships:
            said[part] = sorted((told(each) for each in getattr(record, part)), key=lambda each: str(each["id"]))
    return said


def whole(meeting: Meeting) -> dict[str, Any]:
    said: dict[str, Any] = {name: [told(record) for record in getattr(meeting, name)] for name in LISTS}
    said["meeting"] = {column.key: getattr(meeting, column.key) for column in inspect(Meeting).column_attrs}
    return said


def own(meeting: Meeting) -> None:
    """Fail where the graph holds a second object for one of the meeting's own records."""
    for name in ("statements", "gaps", "answers", "views", "decisions", "dissents", "actions"):
        for record in getattr(meeting, name):
            assert record.child is None or any(record.child is child for child in meeting.children)
            for link in ("speaker", "dissenter"):
                person = getattr(record, link, None)
                assert person is None or any(person is seat for seat in meeting.attendances)


@pytest.fixture
def room(tmp_path: Path) -> Any:
    with a_room(tmp_path / "store", children=2) as made:
        yield made


def test_every_kind_of_entry_joins_the_loaded_meeting_as_if_it_were_read_again(room: Room) -> None:
    sitting, meeting_id, child = room.sitting, room.meeting, room.child
    held = room.loaded()
    police, health = room.people["Casey Example"], room.people["Drew Example"]
    acts = [
        lambda: entries.record_statement(sitting, meeting_id, "open", "Seen twice", speaker=police.id, child=child.id),
        lambda: entries.record_statement(sitting, meeting_id, "open", "Nobody said this", kind=Kind.OPINION),
        lambda: entries.record_gap(sitting, meeting_id, "open", "What does the GP know?", agency=health.agency_id),
        lambda: entries.record_gap(sitting, meeting_id, "open", "Who lives there?", owner="The clerk", child=child.id),
        lambda: entries.answer_prompt(sitting, meeting_id, "open.quorate", "Yes"),
        lambda: entries.answer_prompt(sitting, meeting_id, "open.quorate", "Yes, all three"),
        lambda: entries.record_action(sitting, meeting_id, "open", "Visit", agency=police.agency_id, child=child.id),
        lambda: deciding.record_view(sitting, meeting_id, "threshold", child.id, "met", "Why", speaker=police.id),
        lambda: deciding.record_view(sitting, meeting_id, "threshold", child.id, "unsure", "New", speaker=police.id),
        lambda: deciding.record_dissent(
            sitting, meeting_id, "open", health.id, DissentKind.DISSENT, "I do not agree", child=child.id
        ),
        lambda: table.leave(sitting, police.id),
        lambda: table.arrive(sitting, police.id),
        lambda: table.invite(sitting, meeting_id, "New Person", sector="police"),
        lambda: meetings.read_difference_statement(sitting, meeting_id),
    ]
    for act in acts:
        assert absorb(held, act())
        assert whole(held) == whole(room.loaded())
        own(held)


def test_what_is_changed_stays_the_same_object_with_its_new_words(room: Room) -> None:
    sitting, police = room.sitting, room.people["Casey Example"]
    said = room.say("Drew Example", "Tuesday")
    gap = entries.record_gap(sitting, room.meeting, "open", "When?")
    action = entries.record_action(sitting, room.meeting, "open", "Visit")
    held = room.loaded()
    before = held.statements[0]
    absorb(held, entries.amend_statement(sitting, said, text="Monday", speaker=police.id, child=room.child.id))
    absorb(held, entries.own_gap(sitting, gap.id, agency=police.agency_id, owner="Casey"))
    absorb(held, entries.own_action(sitting, action.id, agency=police.agency_id))
    assert whole(held) == whole(room.loaded())
    own(held)
    assert held.statements[0] is before
    assert before.text == "Monday"


def test_a_decision_brings_its_grounds_and_who_was_there(room: Room) -> None:
    said = room.say("Drew Example", "A mark on the arm")
    held = room.loaded()
    choice = deciding.Choice("D1", room.child.id, "met", "Two accounts", grounds=[said])
    assert absorb(held, deciding.decide(room.sitting, room.meeting, choice))
    assert whole(held) == whole(room.loaded())
    assert held.decisions[0].grounds[0].statement is held.statements[0]
    assert all(w.attendance in held.attendances for w in held.decisions[0].witnesses)


def test_a_decision_made_again_is_either_taken_in_whole_or_asks_to_be_read_again(room: Room) -> None:
    said = room.say("Drew Example", "A mark on the arm")
    room.decide("D1", "met", grounds=[said])
    held = room.loaded()
    again = deciding.decide(
        room.sitting, room.meeting, deciding.Choice("D1", room.child.id, "not_met", "On reflection")
    )
    if absorb(held, again):
        assert whole(held) == whole(room.loaded())


def test_opening_an_item_ends_the_one_before(room: Room) -> None:
    held = room.loaded()
    for item, done in (("concern", True), ("children", False), ("open", True)):
        visit = meetings.open_item(room.sitting, room.meeting, item, done=done)
        assert visit is not None
        absorb(held, visit, done=done)
        assert whole(held) == whole(room.loaded())
    assert held.current_item == "open"
