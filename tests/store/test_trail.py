"""The audit trail: one entry for each act, and nothing done behind its back stays hidden."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, update

from app.models.base import Refused
from app.models.statement import Statement
from app.store import checking, trail, triggers
from app.store.store import Store
from tests.builders import KEY, Room, a_room, an_act, dump
from tests.builders import trail as entries_of

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "audit_trail.json").read_text("utf-8"))["trails"]
COLUMNS = ("seq", "at", "kind", "head", "digest", "meeting_id", "undoes", "salt", "payload", "case_id")


def broken(entries: list[Mapping[str, Any]]) -> list[int]:
    """Return the numbers at which a trail breaks; written from the format's page alone."""
    found, before, number = [], bytes(32), 0
    for entry in entries:
        faults = entry["seq"] != number + 1
        number = entry["seq"]
        covered = b"cp-audit-1" + before + number.to_bytes(8, "big") + entry["head"].encode()
        faults |= hashlib.sha256(covered).digest() != entry["digest"]
        try:
            head = json.loads(entry["head"])
        except ValueError:
            head = {}
        moment = entry["at"].replace(" ", "T").removesuffix(".000000") + "+00:00"
        beside = (entry["kind"], moment, entry["meeting_id"], number, entry["undoes"], entry.get("case_id"))
        faults |= tuple(head.get(name) for name in ("act", "at", "meeting", "seq", "undoes", "case")) != beside
        faults |= ("case" in head) != (head.get("v") != 1)
        match entry["salt"], entry["payload"]:
            case None, None:
                pass
            case bytes() as salt, bytes() as payload:
                faults |= hashlib.sha256(salt + payload).hexdigest() != head.get("c")
            case _:
                faults = True
        if faults:
            found.append(number)
        before = entry["digest"]
    return found


def rows_of(written: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries of a vector as the columns hold them."""
    rows = []
    for entry in written:
        row = dict(entry)
        for name in ("digest", "salt"):
            row[name] = None if row[name] is None else bytes.fromhex(row[name])
        row["payload"] = None if row["payload"] is None else row["payload"].encode()
        rows.append(row)
    return rows


def by_hand(connection: Connection, *said: str | tuple[str, tuple[Any, ...]]) -> None:
    """Change the store past the program: the triggers are taken away first and put back afterwards."""
    names = [row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    connection.commit()
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys = 0")
    with connection.begin():
        for name in names:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for one in said:
            connection.exec_driver_sql(*((one,) if isinstance(one, str) else one))
        for made in triggers.statements():
            connection.exec_driver_sql(made)
    driver.execute("PRAGMA foreign_keys = 1")


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_a_changed_trail_breaks_where_it_was_changed(tmp_path: Path, vector: Mapping[str, Any]) -> None:
    rows = rows_of(vector["entries"])
    store = Store.create(tmp_path, KEY, an_act())
    with store.connection() as connection:
        blanks = ",".join("?" * len(COLUMNS))
        into = f"INSERT INTO audit_entry ({', '.join(COLUMNS)}) VALUES ({blanks})"
        inserts = [(into, tuple(row.get(c) for c in COLUMNS)) for row in rows]
        by_hand(connection, "DELETE FROM audit_entry", *inserts)
        found = sorted({found.seq for found in trail.breaks(connection)})
    store.close()
    assert found == vector["breaks"]
    assert broken(rows) == vector["breaks"]


def test_a_real_trail_verifies_by_the_page_alone(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        room.settle()
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in entries_of(room.sitting.store)]
    assert len(rows) > 10
    assert broken(rows) == []


def test_a_cut_off_end_is_seen_by_a_mark_kept_elsewhere(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        room.say("Casey Example", "Seen at home.")
        mark = room.sitting.store.end
        with room.sitting.store.connection() as connection:
            by_hand(connection, f"DELETE FROM audit_entry WHERE seq = {mark.seq}")
            assert not list(trail.breaks(connection))
        room.sitting.store.close()
        again = Store.open(tmp_path, KEY)
        assert again.end.seq < mark.seq
        # and the row it was about has no entry any more
        assert any("statement" in sentence for sentence in checking.findings(again))
        again.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path) as made:
        made.say("Casey Example", "Seen at home.")
        made.settle()
        yield made


def found_in(room: Room) -> list[str]:
    return list(checking.findings(room.sitting.store))


def test_a_sound_store_has_nothing_to_find(room: Room) -> None:
    assert found_in(room) == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("UPDATE statement SET text = 'Not seen.' WHERE text = 'Seen at home.'", "A row of statement was changed"),
        ("UPDATE decision SET option = 'not_met' WHERE question_id = 'D1'", "A row of decision was changed"),
        ("UPDATE view SET reason = 'Other.'", "A row of view was changed"),
        ("UPDATE meeting SET state = 'concluded'", "A row of meeting was changed"),
        ("UPDATE preference SET value = 'x' WHERE 0", None),
        ("DELETE FROM statement WHERE text = 'Seen at home.'", "A row of statement was removed"),
        ("DELETE FROM view", "A row of view was removed"),
        ("INSERT INTO preference VALUES ('a', 'b')", "A row of preference was changed"),
        ("UPDATE pack_copy SET files = x'00'", "A row of pack_copy was changed"),
        ("UPDATE statement SET speaker_id = hex(zeroblob(16))", "points at something that is not there"),
    ],
)
def test_a_row_changed_behind_the_trail_is_found(room: Room, said: str, sentence: str | None) -> None:
    with room.sitting.store.connection() as connection:
        by_hand(connection, said)
    found = found_in(room)
    assert any(sentence in one for one in found) if sentence else found == []


def test_a_protection_taken_away_is_found(room: Room) -> None:
    with room.sitting.store.connection() as connection, connection.begin():
        connection.exec_driver_sql("DROP TRIGGER sealed_statement_update")
    assert found_in(room) == ["A protection of sealed records is missing or was changed."]


def test_an_edited_entry_is_found_with_its_number(room: Room) -> None:
    with room.sitting.store.connection() as connection:
        by_hand(connection, "UPDATE audit_entry SET head = replace(head, 'Ash', 'Eve') WHERE seq = 7")
    assert "Audit trail, entry 7: this entry does not follow from the one before." in found_in(room)


def test_a_payload_that_is_no_json_is_found_without_a_fault(room: Room) -> None:
    with room.sitting.store.connection() as connection:
        by_hand(connection, "UPDATE audit_entry SET payload = x'ff00' WHERE seq = 7")
    assert found_in(room) == [
        "Audit trail, entry 7: what the entry recorded was changed.",
        "Audit trail, entry 7: what it recorded cannot be read, so the rows cannot be held against it.",
    ]


def test_what_was_recorded_can_be_taken_away_and_the_chain_still_holds(room: Room) -> None:
    with room.sitting.store.connection() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE audit_entry SET salt = NULL, payload = NULL WHERE seq = 7")
    with room.sitting.store.connection() as connection:
        assert not list(trail.breaks(connection))
    assert found_in(room) == [
        "Audit trail, entry 7: what it recorded was taken away, so the rows cannot be held against it."
    ]


def test_an_act_that_is_refused_or_fails_leaves_no_row_and_no_entry(room: Room) -> None:
    store = room.sitting.store
    before = dump(store), entries_of(store)

    def fail(error: Exception) -> None:
        with store.begin(an_act(), "statement.recorded", room.meeting) as session:
            session.get_one(Statement, room.loaded().statements[0].id).text = "Never kept."
            session.flush()
            raise error

    for error in (Refused("meeting.unknown"), OSError("pulled out")):
        with pytest.raises(type(error)):
            fail(error)
    assert (dump(store), entries_of(store)) == before
    room.say("Casey Example", "The chain goes on.")
    assert found_in(room) == []


def test_acts_together_are_kept_together_or_not_at_all(room: Room) -> None:
    store = room.sitting.store
    before = dump(store), entries_of(store)

    def half() -> None:
        with store.together():
            room.say("Casey Example", "One.")
            room.say("Casey Example", "Two.")
            raise OSError("pulled out")

    with pytest.raises(OSError, match="pulled out"):
        half()
    assert (dump(store), entries_of(store)) == before
    with store.together():
        room.say("Casey Example", "One.")
        with pytest.raises(Refused):
            room.say("Casey Example", "")
        room.say("Casey Example", "Two.")
    assert found_in(room) == []
    assert len(entries_of(store)) == len(before[1]) + 2


def test_a_change_past_the_records_is_refused(room: Room) -> None:
    store = room.sitting.store
    with store.read() as session, pytest.raises(RuntimeError, match="past the records"):
        session.execute(update(Statement).values(text="x"))

    def within_an_act() -> None:
        with store.begin(an_act(), "statement.recorded") as session:
            session.execute(update(Statement).values(text="x"))

    with pytest.raises(RuntimeError, match="past the records"):
        within_an_act()


def test_an_act_inside_an_act_is_refused(room: Room) -> None:
    def nested() -> None:
        with room.sitting.store.begin(an_act(), "outer"):
            room.say("Casey Example", "Inside.")

    with pytest.raises(RuntimeError, match="inside an act"):
        nested()


def test_acts_of_two_threads_take_turns(room: Room) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: room.say("Casey Example", f"Statement {n}."), range(40)))
    assert len(room.loaded().statements) >= 40
    assert found_in(room) == []


def test_the_trail_is_the_only_place_that_names_a_moment_and_it_is_utc(room: Room) -> None:
    for row in entries_of(room.sitting.store):
        head = json.loads(row[3])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00", head["at"])
        assert "Seen at home" not in row[3], "a head holds nothing of what was typed"


def test_a_moment_given_in_another_zone_verifies(room: Room) -> None:
    from datetime import timedelta, timezone

    from app.services import table

    summer = timezone(timedelta(hours=1))
    table.leave(room.sitting, room.people["Casey Example"].id)
    room.clock.pass_by(hours=2)
    came = (room.clock.at - timedelta(hours=1)).astimezone(summer)
    table.arrive(room.sitting, room.people["Casey Example"].id, at=came)
    assert found_in(room) == []


LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text("abcdefg_"), inner), max_leaves=12))
def test_the_quick_canonical_form_is_that_of_the_standard(value: Any) -> None:
    assert trail.canonical({"value": value}) == rfc8785.dumps({"value": value})


def test_every_act_leaves_exactly_one_entry_of_its_kind(tmp_path: Path) -> None:
    from tests.services.acts import EVERY_ACT

    acts: Mapping[str, Callable[[Room], object]] = EVERY_ACT
    for kind, act in acts.items():
        with a_room(tmp_path / kind) as room:
            act(room)
            last = entries_of(room.sitting.store)
            assert last[-1][2] == kind
            assert [row[0] for row in last] == list(range(1, len(last) + 1))
            assert found_in(room) == []
