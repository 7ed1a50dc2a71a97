"""Searching everything that was written: what is found, what is said of it, and what the trail is told."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from app import resources
from app.models.audit import AuditEntry
from app.models.base import Refused
from app.models.event import EventKind
from app.models.meeting import State
from app.practice.pack import Pack
from app.services import cases, chronology, exchange, inviting, searching
from app.services.plan_draft import Rule
from app.services.searching import MOST, Found, search_for
from app.store.search import SEARCHED, Hit
from tests.builders import Room, a_room, national_pack
from tests.services.planned import FULL, a_conference, but, make


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path) as made:
        yield made


def only(room: Room, typed: str) -> Found:
    [one] = search_for(room.sitting, typed).newest
    return one


def test_a_statement_says_who_said_it_where_and_when(room: Room) -> None:
    said = room.say("Casey Example", "Bruising on the left arm.", restricted=True)
    one = only(room, "bruis")
    meeting = room.loaded()
    assert (one.id, one.label, one.who, one.restricted) == (said, "Statement", "Casey Example", True)
    assert (one.case, one.case_id, one.meeting, one.meeting_id) == (
        room.case.reference, room.case.id, meeting.reference, room.meeting,
    )  # fmt: skip
    assert (one.on, one.state, one.around) == (date(2026, 12, 10), State.IN_SESSION, "Bruising on the left arm.")


def test_what_belongs_to_a_case_and_to_no_meeting_leads_to_its_case(room: Room) -> None:
    cases.add_person(room.sitting, room.case.id, "Sam Sample", relation="Grandmother", note="Speaks Polish.")
    chronology.record_event(
        room.sitting, room.case.id, EventKind.OTHER, "Seen at the clinic.", date(2026, 12, 1), source="GP"
    )
    for typed, label in (("polish", "Family or network"), ("clinic", "Chronology"), (room.case.reference, "Case")):
        one = next(each for each in search_for(room.sitting, typed).newest if each.label == label)
        assert (one.case_id, one.meeting_id, one.meeting) == (room.case.id, None, "")


def test_the_chairs_own_note_is_found_and_named_as_that(room: Room) -> None:
    inviting.keep_private_note(room.sitting, room.meeting, "Ask about the stairgate.")
    assert only(room, "stairgate").label == "Your own note, in no export"


def test_a_meeting_is_found_by_its_reference(room: Room) -> None:
    reference = room.loaded().reference
    assert only(room, reference).meeting_id == room.meeting


def test_the_trail_is_told_how_many_were_found_and_nothing_of_what_was_looked_for(room: Room) -> None:
    room.say("Casey Example", "Bruising on the left arm.")
    search_for(room.sitting, "bruising")
    with room.sitting.store.read() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert entry is not None
    assert (entry.kind, entry.payload is not None) == ("record.searched", True)
    assert json.loads(entry.payload or b"")["told"] == {"found": 1}
    assert b"bruising" not in (entry.payload or b"")


def test_a_search_for_nothing_is_refused_in_a_sentence_and_not_noted(room: Room) -> None:
    before = room.sitting.store.end
    with pytest.raises(Refused, match=r"search\.nothing-asked"):
        search_for(room.sitting, "  ?! ")
    assert room.sitting.store.end == before


def test_of_many_the_newest_are_shown_and_all_are_counted(room: Room) -> None:
    for number in range(MOST + 3):
        room.say("Casey Example", f"Stairgate {number}.")
    found = search_for(room.sitting, "stairgate")
    assert (len(found.newest), found.of) == (MOST, MOST + 3)
    assert found.newest[0].around == f"Stairgate {MOST + 2}."


def test_words_of_a_case_that_was_disposed_of_are_not_there_any_more(room: Room) -> None:
    # see test_disposing for the act; here the rows go as it takes them out
    room.say("Casey Example", "Bruising on the left arm.")
    with room.sitting.store.connection() as connection, connection.begin():
        connection.exec_driver_sql("DELETE FROM statement")
    assert search_for(room.sitting, "bruising").of == 0


def test_every_kind_of_record_has_a_name_in_the_pack() -> None:
    pack: Pack = national_pack()
    assert all(pack.words("record", name) for name in SEARCHED)


def test_a_way_leads_from_every_record_of_a_full_meeting_to_its_case(room: Room) -> None:
    exchange.import_record(room.sitting, resources.folder("sample", "full.json").read_bytes())
    with room.sitting.store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT rowid, kind, record FROM search").all()
        hits = [Hit(place, name, UUID(record), "") for place, name, record in rows]
        found = searching._told(session, room.sitting, hits)
    assert [one.id for one in found] == [hit.id for hit in hits]
    assert len({one.case_id for one in found}) == 2
    assert len({hit.table for hit in hits}) > 12


def test_what_is_a_part_of_a_plan_or_of_work_leads_to_its_case(room: Room) -> None:
    with room.sitting.store.read() as session:
        for name in SEARCHED:
            # asked of every table, with an id that is in none: the question itself must be one that can be asked
            assert list(searching._rows(session.connection(), name, [Hit(1, name, UUID(int=0), "")])) == []


def test_what_is_about_one_of_several_children_names_that_child(tmp_path: Path) -> None:
    with a_conference(tmp_path) as (room, held):
        other = cases.add_child(room.sitting, room.case.id, "Robin Other")
        make(held, but(FULL, bottom_lines=(Rule("The stairgate stays shut.", key="b1"),)))
        for child in (None, room.child.id, other.id):
            chronology.record_event(
                room.sitting, room.case.id, EventKind.OTHER, "No stairgate.", date(2026, 12, 1), child=child
            )
        found = search_for(room.sitting, "stairgate").newest
    assert [(one.label, one.child) for one in found] == [
        ("Chronology", "Robin Other"),
        ("Chronology", "Robin Sample"),
        ("Chronology", ""),
        (national_pack().words("record", "bottom_line"), "Robin Sample"),
    ]
