"""Whether a store is sound: its pages, its links between rows, its trail, and its rows against the trail."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from app.models.base import Base
from app.store.faults import StoreFault
from app.store.search import is_as_the_records
from app.store.store import Store
from app.store.trail import as_json, breaks
from app.store.triggers import statements

# what is being done, how much of it is done, and of how much
Told = Callable[[str, int, int], None]
Row = dict[str, Any]

DISPOSED = "case.disposed"
NOT_IN_THE_TRAIL = {"audit_entry", "unfinished"}
STRIDE = 1000


def findings(store: Store, told: Told | None = None) -> Iterator[str]:
    """Yield a sentence for each thing that is not as it should be; none where the store is sound.

    ``told`` hears what is being looked at and how far that is.
    """
    try:
        yield from _findings(store, told or (lambda _what, _done, _of: None))
    except (DBAPIError, StoreFault):
        yield "The store file is damaged: a part of it cannot be read any more."


def damaged_pages(store: Store) -> tuple[str, ...]:
    """Return what SQLCipher says of each page that is not what was written."""
    with store.connection() as connection:
        return tuple(what for (what,) in connection.exec_driver_sql("PRAGMA cipher_integrity_check"))


def counts(store: Store) -> dict[str, int]:
    """Return how many rows each table has; raises ``StoreFault`` where one cannot be read."""
    with store.read() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def _findings(store: Store, told: Told) -> Iterator[str]:
    told("Reading every page", 0, 1)
    for what in damaged_pages(store):
        yield f"The store file is damaged: {what}."
    with store.connection() as connection:
        for (what,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if what != "ok":
                yield f"The store's tables are damaged: {what}."
        for table, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"A row of {table} points at something that is not there."
        if not is_as_the_records(connection):
            yield "The search index does not hold what the records say."
        told("Following the audit trail", 0, store.end.seq)
        for found in breaks(connection):
            yield f"Audit trail, entry {found.seq}: {found.what}."
        guards = {sql for (sql,) in connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger'")}
        if guards != set(statements()):
            yield "A protection of sealed records is missing or was changed."
        yield from _strays(connection, lambda seq: told("Holding the record against its trail", seq, store.end.seq))


def _strays(connection: Connection, reached: Callable[[int], None]) -> Iterator[str]:
    """Yield each row that is not what the trail says it was last made."""
    said: dict[tuple[str, str], Row | None] = {}
    gone: set[int] = set()
    disposed_of: set[int] = set()
    for seq, kind, payload in connection.exec_driver_sql("SELECT seq, kind, payload FROM audit_entry ORDER BY seq"):
        if seq % STRIDE == 0:
            reached(seq)
        if payload is None:
            gone.add(seq)
            continue
        try:
            _replay(said, payload)
            if kind == DISPOSED:
                disposed_of.update(number for number in json.loads(payload)["told"]["taken"] if number < seq)
        except (KeyError, TypeError, ValueError, RecursionError):
            yield f"Audit trail, entry {seq}: what it recorded cannot be read, so the rows cannot be held against it."
            return
    for seq in sorted(disposed_of - gone):
        yield f"Audit trail, entry {seq}: a case was disposed of, and what this entry recorded of it is still there."
    if gone - disposed_of:
        seq = min(gone - disposed_of)
        yield f"Audit trail, entry {seq}: what it recorded was taken away, so the rows cannot be held against it."
        return
    yield from _held_against(connection, said)


def _replay(said: dict[tuple[str, str], Row | None], payload: bytes) -> None:
    """Carry what one entry changed over into ``said``: what each row of the store should be by now."""
    for change in json.loads(payload)["changes"]:
        key, after = (change["table"], change["id"]), change["after"]
        before = said.get(key)
        # a row that outlived the history of a case that was disposed of is told whole
        said[key] = {**before, **after} if after and before and change["op"] != "kept" else after


def _held_against(connection: Connection, said: dict[tuple[str, str], Row | None]) -> Iterator[str]:
    for name, table in Base.metadata.tables.items():
        if name in NOT_IN_THE_TRAIL:
            continue
        seen: set[str] = set()
        for row in connection.execute(select(table)).mappings():
            values = {column: as_json(value) for column, value in row.items()}
            key = name, str(values[next(iter(table.primary_key.columns)).name])
            seen.add(key[1])
            known = said.get(key)
            # a column that a later form of the store brought is empty in the rows from before
            if known is None or {**dict.fromkeys(values), **known} != values:
                yield f"A row of {name} was changed without an entry in the audit trail."
        if any(row is not None and kind == name and key not in seen for (kind, key), row in said.items()):
            yield f"A row of {name} was removed without an entry in the audit trail."
