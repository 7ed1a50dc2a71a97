"""A store of the first form is brought to the newest one, all or nothing, whenever it is killed on the way."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, insert, inspect, select

from app.models.base import Base
from app.store import checking, trail
from app.store.engine import make_engine, make_private
from app.store.migrating import FOLDER, upgrade
from app.store.store import FILE, Store
from tests.builders import KEY, a_room, dump
from tests.kills import Killer

OLDEST = "0001"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Return a store at the first revision and every row that is in it."""
    root = tmp_path_factory.mktemp("old")
    with a_room(root / "new") as room:
        room.view("Casey Example")
        # nothing that has a table only since
        for question, option in (("D1", "met"), ("D2", "no_s47"), ("D3", "s17")):
            room.decide(question, option)
        for number in range(40):
            room.say("Casey Example", f"Statement {number}: seen at home. " * 20)
        made_anew(room.sitting.store, root / "old")
        return root / "old", dump(room.sitting.store, but=("audit_entry", "minutes"))


def made_anew(store: Store, folder: Path) -> None:
    """Write the rows of a store into one at the first revision, with the trail as that revision spelt it."""
    folder.mkdir()
    make_private(folder / FILE)
    engine = make_engine(folder / FILE, KEY)
    upgrade(engine, OLDEST, without_triggers(folder.parent / "migrations"))
    with store.read() as session, engine.begin() as connection:
        there = inspect(connection)
        names = [table for table in Base.metadata.sorted_tables if there.has_table(table.name)]
        for table in names:
            columns = {column["name"] for column in there.get_columns(table.name)}
            rows = [dict(row) for row in session.execute(select(table)).mappings()]
            if table.name == "audit_entry":
                rows = as_they_were(sorted(rows, key=lambda row: row["seq"]))
            for row in rows:
                put(connection, table, {name: value for name, value in row.items() if name in columns})
    engine.dispose()


def put(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    connection.execute(insert(table).values(row))


def as_they_were(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries of a trail under heads of version 1, which did not name the case, chained anew."""
    before = trail.START
    for entry in entries:
        head = json.loads(entry["head"]) | {"v": 1}
        del head["case"]
        entry["head"] = trail.canonical(head).decode()
        before = entry["digest"] = trail.link(before, entry["seq"], entry["head"])
    return entries


def without_triggers(folder: Path) -> Path:
    """Return the migrations with an environment that puts no trigger on: the first form has not all the tables."""
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    environment = (folder / "env.py").read_text("utf-8")
    for does in ("triggers.put_on(connection)", "search.fill(connection)"):
        environment = environment.replace(does, "pass")
    (folder / "env.py").write_text(environment, "utf-8")
    return folder


def test_a_store_of_the_first_form_opens_with_everything_in_it_and_is_sound(
    old: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    folder = shutil.copytree(old[0], tmp_path / "store")
    store = Store.open(folder, KEY)
    assert dump(store, but=("audit_entry", "minutes")) == old[1]
    assert list(checking.findings(store)) == []
    store.close()


def form_of(folder: Path, rows: dict[str, Any]) -> str:
    """Return which form the store is found in; everything is in it, and it is sound once it is opened."""
    older: list[int] = []
    store = Store.open(folder, KEY, before_migrating=lambda found: older.append(found.end.seq))
    assert dump(store, but=("audit_entry", "minutes")) == rows
    assert list(checking.findings(store)) == []
    store.close()
    return "old" if older else "new"


def killed_on_the_way(old: tuple[Path, dict[str, Any]], root: Path, kills: int) -> None:
    kill, outcomes = Killer(kills), set()
    shutil.copytree(old[0], root / "first")
    Store.open(root / "first", KEY).close()  # brings in what a migration is slow to import
    for number in range(-1, kills):
        folder = shutil.copytree(old[0], root / str(number))
        kill(lambda folder=folder: Store.open(folder, KEY).close())
        outcomes.add(form_of(folder, old[1]))
        shutil.rmtree(folder)
    assert outcomes == {"old", "new"}


def test_a_kill_at_any_moment_of_a_migration_leaves_the_old_form_or_the_new(
    old: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    killed_on_the_way(old, tmp_path, 25)


@pytest.mark.torture
def test_five_hundred_kills_of_a_migration_leave_the_old_form_or_the_new(
    old: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    killed_on_the_way(old, tmp_path, 500)
