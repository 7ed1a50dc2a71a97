"""What a check says of a store a case was disposed of, and how it says how far it is."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.models.disposal import Disposal
from app.services import cases
from app.store import checking, disposing
from tests.builders import Room, a_room

AT = datetime(2061, 12, 10, tzinfo=UTC)


def dispose_of(room: Room, also: Callable[[dict[str, Any]], object] = lambda _told: None) -> None:
    """Take the room's case out of its store; ``also`` may change what the entry says was taken away."""
    act = room.sitting.act()
    with room.sitting.store.begin(act, "case.disposed", case=room.case.id) as session:
        found = disposing.belongings(session.connection(), room.case.id)
        session.add(
            Disposal(
                id=act.new_id(), case_id=room.case.id, reference="SAMPLE-1", disposed_at=AT, disposed_by="Ash Example",
                reason="It was time.", certificate=b"{}",
            )
        )  # fmt: skip
        session.flush()
        disposing.take_out(session, room.case.id, found)
        also(session.info["told"])


def findings(room: Room) -> list[str]:
    return list(checking.findings(room.sitting.store))


def take_away(room: Room, seq: int) -> None:
    with room.sitting.store.connection() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE audit_entry SET payload = NULL, salt = NULL WHERE seq = ?", (seq,))


def test_a_store_is_sound_after_a_case_was_disposed_of(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        room.say("Casey Example", "Seen at home.")
        other = cases.open_case(room.sitting, "SAMPLE-2")
        cases.add_child(room.sitting, other.id, "Wren Sample")
        assert findings(room) == []
        dispose_of(room)
        assert findings(room) == []
        cases.add_child(room.sitting, other.id, "Jay Sample")
        assert findings(room) == []


def test_what_was_taken_away_without_a_disposal_is_found(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        cases.open_case(room.sitting, "SAMPLE-2")
        kept = room.sitting.store.end.seq
        dispose_of(room)
        take_away(room, kept)
        (found,) = findings(room)
        assert found.startswith(f"Audit trail, entry {kept}: what it recorded was taken away")


def test_what_a_disposal_should_have_taken_away_and_did_not_is_found(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        cases.open_case(room.sitting, "SAMPLE-2")
        kept = room.sitting.store.end.seq
        dispose_of(room, lambda told: told["taken"].append(kept))
        (found,) = findings(room)
        assert found.startswith(f"Audit trail, entry {kept}: a case was disposed of, and what this entry recorded")


def test_a_disposal_excuses_nothing_that_comes_after_it(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        later = room.sitting.store.end.seq + 2
        dispose_of(room, lambda told: told["taken"].append(later))
        cases.open_case(room.sitting, "SAMPLE-2")
        take_away(room, later)
        (found,) = findings(room)
        assert found.startswith(f"Audit trail, entry {later}: what it recorded was taken away")


def test_an_entry_that_cannot_be_read_never_hides_a_row_that_was_changed(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        # sound as a link of the chain, but it does not say what it took away
        with room.sitting.store.begin(room.sitting.act(), "case.disposed", case=room.case.id):
            pass
        with room.sitting.store.connection() as connection, connection.begin():
            connection.exec_driver_sql("UPDATE case_file SET reference = 'SAMPLE-9'")
        (found,) = findings(room)
        assert found.startswith(f"Audit trail, entry {room.sitting.store.end.seq}: what it recorded cannot be read")


def test_a_row_that_outlived_the_history_of_a_case_is_still_held_against_the_trail(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        dispose_of(room)
        with room.sitting.store.connection() as connection, connection.begin():
            connection.exec_driver_sql("UPDATE agency SET name = 'Another' WHERE sector = 'police'")
        assert findings(room) == ["A row of agency was changed without an entry in the audit trail."]


def test_a_check_says_how_far_it_is(tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    with a_room(tmp_path) as room:
        with room.sitting.store.together():
            for number in range(checking.STRIDE):
                cases.open_case(room.sitting, f"MORE-{number}")
        assert list(checking.findings(room.sitting.store, lambda *what: heard.append(what))) == []
    assert [what for what, _, _ in heard] == [
        "Reading every page", "Following the audit trail", "Holding the record against its trail",
    ]  # fmt: skip
    assert heard[-1][1:] == (checking.STRIDE, heard[1][2])
