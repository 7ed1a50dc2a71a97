"""Taking a case out of the store: its rows and what the trail recorded of them, while the chain still holds."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, select, update
from sqlalchemy.orm import Session

from app.store.engine import fault_of
from app.store.store import Store
from app.store.trail import TABLES, as_json, changes_of, from_json

Row = tuple[str, str]  # the name of a table, and the id of a row as the trail writes it
DISPOSED = "case.disposed"
_ENTRY, _UNFINISHED = TABLES["audit_entry"], TABLES["unfinished"]
_AT_ONCE = 500
# acts that tell of a file which is no copy of what the store holds of a case
_NO_COPY = frozenset({"record.imported", "authority.exported"})


@dataclass(frozen=True, slots=True)
class GivenOut:
    """A file that left the store: what kind of act it was, when, and the SHA-256 of the file."""

    kind: str
    at: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Belongings:
    """What of the store is a case's: how many rows of each table, the entries of the trail, and files given out.

    ``touched`` are the rows those entries tell of, ``taken_before`` the entries an earlier disposal took away that one
    of them lists.
    """

    rows: Mapping[str, int]
    entries: tuple[int, ...]
    given_out: tuple[GivenOut, ...]
    touched: frozenset[Row]
    taken_before: tuple[int, ...]


def belongings(connection: Connection, case_id: UUID) -> Belongings:
    """Return what of the store is a case's, also what was there once and was undone."""
    owned: set[Row] = {("case_file", case_id.hex)}
    touched: set[Row] = set()
    entries: list[int] = []
    before: list[int] = []
    given: list[GivenOut] = []
    for seq, at, kind, case, meeting, payload in connection.exec_driver_sql(
        "SELECT seq, at, kind, case_id, meeting_id, payload FROM audit_entry ORDER BY seq"
    ):
        changes = changes_of(payload)
        ours = [(change["table"], change["id"]) for change in changes if _is_owned(change, owned)]
        owned.update(ours)
        if ours or case == case_id.hex or ("meeting", meeting) in owned:
            touched.update((change["table"], change["id"]) for change in changes)
            if payload is not None:
                entries.append(seq)
            if kind == DISPOSED:
                before += told_of(payload).get("taken", ())
            elif kind not in _NO_COPY and "sha256" in told_of(payload):
                given.append(GivenOut(kind, at, told_of(payload)["sha256"]))
    owned.update(_rows_now(connection, owned))
    here = Counter(name for name, row_id in owned if _row(connection, name, row_id) is not None)
    counts = dict(sorted(here.items()))
    return Belongings(counts, tuple(entries), tuple(given), frozenset(touched | owned), tuple(before))


def take_out(session: Session, case_id: UUID, found: Belongings) -> None:
    """Delete every row of a case and take away what the trail recorded of it, as a part of the act of ``session``.

    The tables allow it only once the case has its certificate. The act's entry names each row that went, without what
    was in it, states anew each row of others that the entries taken away had told of, and lists those entries.
    """
    connection = session.connection()
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    gone = _rows_now(connection, {("case_file", case_id.hex)})
    for name in reversed([table.name for table in _in_order()]):
        ids = [row_id for kind, row_id in gone if kind == name]
        for some in _in_parts(ids):
            key = _key(TABLES[name])
            connection.execute(
                delete(TABLES[name]).where(key.in_([from_json(TABLES[name], key.name, i) for i in some]))
            )
    named = {row_id for name, row_id in gone if name in {"case_file", "meeting", "child"}}
    for screen in connection.execute(select(_UNFINISHED.c.screen)).scalars().all():
        if any(row_id in screen.replace("-", "") for row_id in named):
            connection.execute(delete(_UNFINISHED).where(_UNFINISHED.c.screen == screen))
    for seqs in _in_parts(found.entries):
        connection.execute(update(_ENTRY).where(_ENTRY.c.seq.in_(seqs)).values(payload=None, salt=None))
    session.info["changes"] += [_last_word(connection, row) for row in sorted(found.touched | gone)]
    session.info["told"] = {"taken": sorted({*found.entries, *found.taken_before})}


def entry_of(connection: Connection, case_id: UUID) -> tuple[int, bytes]:
    """Return the number and the digest of the entry by which a case was disposed of."""
    there = (_ENTRY.c.case_id == case_id) & (_ENTRY.c.kind == DISPOSED)
    row = connection.execute(select(_ENTRY.c.seq, _ENTRY.c.digest).where(there)).one()
    return row.seq, row.digest


def told_of(payload: bytes | None) -> Mapping[str, Any]:
    """Return what a payload says beside the rows that changed; nothing where it was taken away."""
    told: Mapping[str, Any] = json.loads(payload).get("told", {}) if payload else {}
    return told


def shrink(store: Store) -> None:
    """Write the store's file anew without the pages that are free now; raises ``StoreFault`` where there is no room."""
    with store.turn, store.connection() as connection:
        raw: Any = connection.connection.driver_connection
        try:
            raw.execute("VACUUM")
        except raw.Error as error:
            raise fault_of(error) from None


def _last_word(connection: Connection, row: Row) -> dict[str, Any]:
    """Return what the trail says of a row whose history was taken away: that it went, or what it is now."""
    now = _row(connection, *row)
    op = "delete" if now is None else "kept"
    return {"table": row[0], "id": row[1], "op": op, "before": None, "after": now}


def _is_owned(change: Mapping[str, Any], owned: set[Row]) -> bool:
    """Return whether a change is of a row that belongs to the case, or points at one that does."""
    name = change["table"]
    if (name, change["id"]) in owned:
        return True
    values = {**(change["before"] or {}), **(change["after"] or {})}
    return any((target, values.get(column)) in owned for column, target in _links(TABLES[name]))


def _rows_now(connection: Connection, roots: set[Row]) -> set[Row]:
    """Return the rows there are that point at any of ``roots``, at rows that do, and so on; with those roots."""
    found = set(roots)
    for table in _in_order():
        for column, target in _links(table):
            wanted = [row_id for name, row_id in found if name == target]
            for some in _in_parts(wanted):
                ids = [from_json(table, column, row_id) for row_id in some]
                keys = connection.execute(select(_key(table)).where(table.c[column].in_(ids))).scalars()
                found.update((table.name, str(as_json(key))) for key in keys)
    return found


def _in_order() -> Sequence[Table]:
    """Return the tables, each after those it points at."""
    return next(iter(TABLES.values())).metadata.sorted_tables


def _links(table: Table) -> Iterator[tuple[str, str]]:
    """Yield each column that points at another table's row, with the name of that table."""
    for foreign in table.foreign_keys:
        if foreign.column.table is not table:
            yield foreign.parent.name, foreign.column.table.name


def _key(table: Table) -> Any:
    return next(iter(table.primary_key.columns))


def _row(connection: Connection, name: str, row_id: str) -> dict[str, Any] | None:
    """Return a row as the trail writes it; None where it is not there."""
    table = TABLES[name]
    key = _key(table)
    row = connection.execute(select(table).where(key == from_json(table, key.name, row_id))).mappings().first()
    return None if row is None else {column: as_json(value) for column, value in row.items()}


def _in_parts(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield a list in pieces that one statement takes."""
    for place in range(0, len(ids), _AT_ONCE):
        yield ids[place : place + _AT_ONCE]
