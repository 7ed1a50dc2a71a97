"""The index of what was written follows every change of a record, and forgets what was taken out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Text

from app.services import entries, undoing
from app.store import checking, search
from app.store.search import SEARCHED
from app.store.trail import TABLES
from tests.builders import Room, a_room

# words of the record itself, the trail, the pack and the program, and names the pack gives to what is chosen
NOT_SEARCHED = {
    "agency", "audit_entry", "closure", "deadline", "disposal", "following", "ground", "minutes", "pack_copy",
    "practitioner", "preference", "presence", "recalculation", "signer", "subject", "unfinished", "visit", "witness",
}  # fmt: skip


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path) as made:
        yield made


def found(room: Room, typed: str) -> list[str]:
    with room.sitting.store.connection() as connection:
        return [hit.around for hit in search.find(connection, search.query(typed), 50)]


def rows(connection: Connection) -> list[tuple[str, str, str]]:
    return sorted(tuple(row) for row in connection.exec_driver_sql("SELECT kind, record, words FROM search"))


def test_every_table_is_searched_or_named_as_one_that_is_not() -> None:
    assert set(SEARCHED) | NOT_SEARCHED == set(TABLES)
    assert not set(SEARCHED) & NOT_SEARCHED


def test_what_is_searched_are_columns_of_words() -> None:
    assert all(isinstance(TABLES[name].c[one].type, Text) for name, columns in SEARCHED.items() for one in columns)


def test_words_that_may_go_on_all_have_to_be_there(room: Room) -> None:
    room.say("Casey Example", "Bruising was seen on the left arm.")
    assert found(room, "bruis arm") == ["Bruising was seen on the left arm."]
    assert found(room, "bruis leg") == []


def test_neither_capital_letters_nor_accents_matter(room: Room) -> None:
    room.say("Casey Example", "Zoë said so; so did Ångström.")
    assert len(found(room, "ZOE angstrom")) == 1


def test_a_phrase_between_quotation_marks_is_looked_for_as_it_stands(room: Room) -> None:
    room.say("Casey Example", "The left arm, not the right leg.")
    assert len(found(room, '"left arm"')) == 1
    assert len(found(room, "“right leg”")) == 1
    assert found(room, '"left leg"') == []


@pytest.mark.parametrize("typed", ["", "  ", "!?", '"', '""', "* - ^ ( ) :"])
def test_where_nothing_can_be_looked_for_nothing_is_asked(typed: str) -> None:
    assert search.query(typed) == ""


@pytest.mark.parametrize(
    "typed", ['a"b', "NOT bruise", "words:bruise", "near(a b)", "just*", "-bruise", "o'brien", "a AND"]
)
def test_what_means_something_to_the_index_is_only_words_when_somebody_types_it(room: Room, typed: str) -> None:
    room.say("Casey Example", f"They wrote {typed} just so.")
    assert len(found(room, typed)) == 1


def test_the_id_of_a_record_is_not_one_of_its_words(room: Room) -> None:
    said = room.say("Casey Example", "Seen at home.")
    assert found(room, said.hex) == []


def test_a_corrected_wording_is_found_by_its_new_words_only(room: Room) -> None:
    said = room.say("Casey Example", "Seen on Monday.")
    entries.amend_statement(room.sitting, said, text="Seen on Tuesday.")
    assert (found(room, "monday"), len(found(room, "tuesday"))) == ([], 1)


def test_what_was_undone_is_not_found(room: Room) -> None:
    room.say("Casey Example", "Typed by mistake.")
    undoing.undo(room.sitting, room.meeting)
    assert found(room, "mistake") == []


def test_a_word_that_was_taken_out_does_not_stay_in_the_pages_of_the_index(room: Room) -> None:
    room.say("Casey Example", "The word was zyzzogeton.")
    undoing.undo(room.sitting, room.meeting)
    with room.sitting.store.connection() as connection:
        pages = connection.exec_driver_sql("SELECT block FROM search_data").scalars().all()
    assert not any(b"zyzzogeton"[4:] in page for page in pages)


def test_the_index_made_anew_holds_what_the_acts_had_kept_in_it(room: Room) -> None:
    room.say("Casey Example", "Seen at home.")
    room.settle()
    room.decide("D7", "not_needed")
    with room.sitting.store.connection() as connection, connection.begin():
        before = rows(connection)
        search.fill(connection)
        assert rows(connection) == before
    assert len(before) > 20


def test_an_index_that_says_less_or_something_else_than_the_records_is_found_by_the_check(room: Room) -> None:
    said = room.say("Casey Example", "Seen at home.")
    store = room.sitting.store
    assert list(checking.findings(store)) == []
    for change in (
        f"UPDATE search SET words = 'Not seen.' WHERE record = '{said.hex}'",
        f"DELETE FROM search WHERE record = '{said.hex}'",
        "INSERT INTO search(words, record, kind) VALUES ('Seen.', 'nobody', 'statement')",
    ):
        with store.connection() as connection, connection.begin() as transaction:
            connection.exec_driver_sql(change)
            assert not search.is_as_the_records(connection)
            transaction.rollback()
    with store.connection() as connection, connection.begin():
        connection.exec_driver_sql("DELETE FROM search")
    assert list(checking.findings(store)) == ["The search index does not hold what the records say."]


def test_the_newest_comes_first_and_one_can_go_on_from_any_place(room: Room) -> None:
    for number in range(5):
        room.say("Casey Example", f"Visit number {number}.")
    with room.sitting.store.connection() as connection:
        wanted = search.query("visit number")
        first = search.find(connection, wanted, 2)
        then = search.find(connection, wanted, 10, first[-1].place)
        assert search.count(connection, wanted) == 5
    assert [hit.around[-2] for hit in (*first, *then)] == ["4", "3", "2", "1", "0"]
