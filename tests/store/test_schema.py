"""The tables a migrated store has are those of the classes, with every trigger, and a migration is all or nothing."""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.models.attendance import Attendance
from app.models.base import Base
from app.models.case import Case, Child
from app.models.conduct import Declaration, Following, QuorumAnswer, WithoutQuorum
from app.models.decision import Decision, Likeness
from app.models.dissent import DissentKind
from app.models.meeting import Meeting
from app.models.participation import Exclusion
from app.models.plan import (
    BottomLine,
    Carrier,
    Contingency,
    CoreMember,
    DangerStatement,
    Done,
    Outcome,
    Plan,
    Progress,
    Standing,
    Step,
)
from app.services import deciding, entries, meetings
from app.store import triggers
from app.store.engine import make_engine, make_private
from app.store.migrating import FOLDER, UnknownRevision, upgrade
from app.store.search import TABLE
from app.store.store import FILE, Store
from tests.builders import KEY, Room, a_room, an_act, dump


def schema(connection: Connection) -> dict[tuple[str, str], list[str]]:
    """Return what makes each table, index and trigger, part by part in an order of their own.

    A column that came later stands after the constraints.
    """
    rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    found = {}
    for kind, name, sql in rows:
        parts = re.split(r",\s+(?![^(]*\))", sql.strip().removesuffix(")").replace(" (", "(, ", 1))
        found[kind, name] = sorted(" ".join(part.split()) for part in parts)
    return {key: lines for key, lines in found.items() if key[1] != "alembic_version"}


def test_a_migrated_store_has_the_tables_of_the_classes_and_every_trigger(tmp_path: Path) -> None:
    store = Store.create(tmp_path, KEY, an_act())
    with store.connection() as connection:
        migrated = schema(connection)
    store.close()
    make_private(tmp_path / "made.db")
    engine = make_engine(tmp_path / "made.db", KEY)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        for statement in (TABLE, *triggers.statements()):
            connection.exec_driver_sql(statement)
        made = schema(connection)
    engine.dispose()
    assert migrated == made


def test_the_newest_revision_is_the_one_the_migrations_end_at(tmp_path: Path) -> None:
    store = Store.create(tmp_path, KEY, an_act())
    with store.connection() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    store.close()
    assert found == [triggers.NEWEST]


def with_a_further_migration(folder: Path, body: str) -> Path:
    copy = shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = (
        f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = '9999'\ndown_revision = '{triggers.NEWEST}'\n"
        f"branch_labels = None\ndepends_on = None\n\n\ndef upgrade() -> None:\n{body}"
    )
    (copy / "versions" / "9999_next.py").write_text(text)
    return copy


def test_a_migration_that_fails_half_way_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    Store.create(tmp_path, KEY, an_act()).close()
    engine = make_engine(tmp_path / FILE, KEY)
    with engine.connect() as connection:
        before = schema(connection)
    body = (
        "    op.create_table('thing', sa.Column('x', sa.Text()))\n"
        "    op.add_column('agency', sa.Column('y', sa.Text()))\n"
        "    op.execute('DELETE FROM audit_entry WHERE no_such_column = 1')\n"
    )
    with pytest.raises(DBAPIError):
        upgrade(engine, folder=with_a_further_migration(tmp_path / "more", body))
    with engine.connect() as connection:
        assert schema(connection) == before
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == triggers.NEWEST
    engine.dispose()
    Store.open(tmp_path, KEY).close()


def test_a_migration_that_succeeds_moves_the_store_on(tmp_path: Path) -> None:
    Store.create(tmp_path, KEY, an_act()).close()
    engine = make_engine(tmp_path / FILE, KEY)
    body = "    op.create_table('thing', sa.Column('x', sa.Text()))\n"
    upgrade(engine, folder=with_a_further_migration(tmp_path / "more", body))
    with engine.connect() as connection:
        assert ("table", "thing") in schema(connection)
    with pytest.raises(UnknownRevision):
        upgrade(engine)
    engine.dispose()


def sealed(room: Room) -> None:
    """Seal the meeting without minutes, which take longer and are not what is tested here."""
    statement = room.say("Casey Example", "Seen at home.")
    room.settle()
    decided = room.decide("D7", "not_needed", grounds=[statement])
    with room.sitting.store.begin(room.sitting.act(), "decision.likened", room.meeting) as session:
        session.add(
            Likeness(
                id=room.sitting.act().new_id(), decision=session.get_one(Decision, decided),
                child=session.get_one(Child, room.children[1].id), differs="Younger, and not at school.",
            )
        )  # fmt: skip
    room.conclude()
    with room.sitting.store.begin(room.sitting.act(), "minutes.sealed", room.meeting) as session:
        session.get_one(Meeting, room.meeting).seal()


def filled(room: Room) -> None:
    """Give the meeting a row in every table that belongs to one."""
    sitting, meeting = room.sitting, room.meeting
    entries.record_gap(sitting, meeting, "agencies", "What did the hospital see?")
    entries.record_action(sitting, meeting, "agencies", "Ring the hospital.")
    entries.answer_prompt(sitting, meeting, "agencies.history", "Known since 2024.")
    casey = room.people["Casey Example"].id
    deciding.record_dissent(sitting, meeting, "agencies", casey, DissentKind.DISSENT, "I disagree.")
    planned(room)


def planned(room: Room) -> None:
    """Give the meeting a plan, and what is recorded of how it was held."""
    sitting, act = room.sitting, room.sitting.act()
    second = meetings.prepare(sitting, room.case.id, "strategy_initial", [room.child.id], planned_at=act.at).id
    with sitting.store.begin(act, "plan.made", room.meeting) as session:
        meeting, earlier = session.get_one(Meeting, room.meeting), session.get_one(Meeting, second)
        child, seat = session.get_one(Child, room.child.id), session.get_one(
            Attendance, room.people["Casey Example"].id
        )  # fmt: skip
        plan = Plan(
            id=act.new_id(), case=session.get_one(Case, room.case.id), child=child, meeting=meeting, version=1,
            standing=Standing.OUTLINE, started_on=date(2026, 12, 15), made_at=act.at, category="neglect",
        )  # fmt: skip
        part: dict[str, Any] = {"plan": plan, "position": 1}
        session.add_all([
            plan,
            DangerStatement(id=act.new_id(), line=act.new_id(), text="Left alone at night.", **part),
            BottomLine(id=act.new_id(), line=act.new_id(), text="Never alone at night.", **part),
            Outcome(id=act.new_id(), line=act.new_id(), text="Somebody is there each night.", **part),
            Step(
                id=act.new_id(), line=act.new_id(), text="Visit on Monday.", owner="Casey Example",
                carrier=Carrier.AGENCY, **part,
            ),
            Contingency(id=act.new_id(), line=act.new_id(), text="Left alone again.", **part),
            CoreMember(id=act.new_id(), line=act.new_id(), name="Casey Example", **part),
            Progress(
                id=act.new_id(), meeting=meeting, child=child, line=act.new_id(), done=Done.PARTLY, noted_at=act.at
            ),
            Following(id=act.new_id(), meeting=meeting, earlier=earlier),
            Declaration(
                id=act.new_id(), meeting=meeting, model="independent_chair", question_id="led", answer=False,
                declared_at=act.at,
            ),
            QuorumAnswer(
                id=act.new_id(), meeting=meeting, choice=WithoutQuorum.NEW_DATE, reason="Police cannot come.",
                given_at=act.at,
            ),
            Exclusion(
                id=act.new_id(), meeting=meeting, attendance=seat, ground="welfare", evidence="A threat was made.",
                asked_by="Casey Example", asked_at=act.at,
            ),
        ])  # fmt: skip


@pytest.mark.parametrize("table", [*triggers.OF_A_MEETING, *triggers.OF_A_PART, "meeting"])
@pytest.mark.parametrize("verb", ["UPDATE", "UPDATE OR REPLACE", "DELETE", "INSERT", "INSERT OR REPLACE"])
def test_no_statement_changes_a_row_of_a_sealed_meeting(sealed_room: Room, table: str, verb: str) -> None:
    store = sealed_room.sitting.store
    before = dump(store)
    key = "id"
    with store.connection() as connection:
        count = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
        columns = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]
    assert count, f"the test has no row of {table}"
    rest = ", ".join(f'"{column}"' for column in columns[1:])
    said = {
        "UPDATE": f"UPDATE {table} SET {key} = {key}",
        "UPDATE OR REPLACE": f"UPDATE OR REPLACE {table} SET {key} = {key}",
        "DELETE": f"DELETE FROM {table}",
        "INSERT": f"INSERT INTO {table} SELECT hex(randomblob(16)), {rest} FROM {table} LIMIT 1",
        "INSERT OR REPLACE": f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    }[verb]
    if table == "meeting" and verb == "INSERT":
        return  # a new meeting is nothing to do with a sealed one
    with store.connection() as connection, pytest.raises(IntegrityError, match=triggers.SEALED), connection.begin():
        connection.exec_driver_sql(said)
    assert dump(store) == before


@pytest.fixture(scope="module")
def sealed_room(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]  # a generator fixture
    with a_room(tmp_path_factory.mktemp("sealed"), children=2) as room:
        filled(room)
        sealed(room)
        yield room


def test_nothing_is_moved_into_a_sealed_meeting_or_put_over_one_of_its_rows(sealed_room: Room) -> None:
    from app.services import meetings

    room = sealed_room
    other = meetings.prepare(room.sitting, room.case.id, "strategy_initial", [room.child.id], planned_at=room.clock())
    store = room.sitting.store
    before = dump(store)
    mine = {"m": room.meeting.hex, "o": other.id.hex}
    tries = (
        "UPDATE subject SET meeting_id = :m WHERE meeting_id = :o",
        "UPDATE subject SET meeting_id = :o WHERE meeting_id = :m",
        (
            "INSERT OR REPLACE INTO statement "
            "(id, meeting_id, item_id, said_at, text, kind, source, restricted, wordings) "
            "SELECT id, :o, item_id, said_at, text, kind, source, 0, 1 FROM statement WHERE meeting_id = :m LIMIT 1"
        ),
        "INSERT OR REPLACE INTO witness SELECT w.id, w.decision_id, w.attendance_id FROM witness w LIMIT 1",
    )
    for said in tries:
        with store.connection() as connection, pytest.raises(IntegrityError), connection.begin():
            connection.exec_driver_sql(said, mine)
    assert dump(store) == before


@pytest.mark.parametrize(
    "said",
    [
        "DELETE FROM audit_entry",
        "UPDATE audit_entry SET head = '{}'",
        "UPDATE audit_entry SET payload = x'00'",
        "UPDATE audit_entry SET seq = seq + 1000",
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE seq = 3",
        "UPDATE pack_copy SET files = x'00'",
        "DELETE FROM pack_copy",
        "INSERT OR REPLACE INTO pack_copy SELECT * FROM pack_copy",
    ],
)
def test_the_trail_and_the_kept_packs_only_grow(tmp_path: Path, said: str) -> None:
    with a_room(tmp_path) as room:
        store = room.sitting.store
        with store.connection() as connection, pytest.raises(IntegrityError), connection.begin():
            connection.exec_driver_sql(said)


def test_a_constraint_stands_in_the_table_too(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        room.say("Casey Example", "Seen at home.")
        for said in (
            "UPDATE statement SET text = ''",
            "UPDATE statement SET kind = 'rumour'",
            "UPDATE statement SET speaker_id = '0'",
            "UPDATE presence SET left_at = '2020-01-01 00:00:00.000000'",
            "UPDATE meeting SET started_at = NULL, concluded_at = '2026-12-10 10:00:00.000000'",
        ):
            connected = room.sitting.store.connection()
            with connected as connection, pytest.raises(IntegrityError), connection.begin():
                connection.exec_driver_sql(said)


def test_the_driver_is_the_encrypting_one() -> None:
    database = sqlcipher.connect(":memory:")
    assert database.execute("PRAGMA cipher_version").fetchone()
    database.close()
