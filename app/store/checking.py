"""Whether a store is sound: its pages, its links between rows, its trail, and its rows against the trail."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from app.models.base import Base
from app.store.faults import StoreFault
from app.store.store import Store
from app.store.trail import as_json, breaks, changes_of
from app.store.triggers import statements


def findings(store: Store) -> Iterator[str]:
    """Yield a sentence for each thing that is not as it should be; none where the store is sound."""
    try:
        yield from _findings(store)
    except (DBAPIError, StoreFault):
        yield "The store file is damaged: a part of it cannot be read any more."


def _findings(store: Store) -> Iterator[str]:
    with store.connection() as connection:
        for (what,) in connection.exec_driver_sql("PRAGMA cipher_integrity_check"):
            yield f"The store file is damaged: {what}."
        for (what,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if what != "ok":
                yield f"The store's tables are damaged: {what}."
        for table, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"A row of {table} points at something that is not there."
        for found in breaks(connection):
            yield f"Audit trail, entry {found.seq}: {found.what}."
        guards = {sql for (sql,) in connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger'")}
        if guards != set(statements()):
            yield "A protection of sealed records is missing or was changed."
        yield from _strays(connection)


def _strays(connection: Connection) -> Iterator[str]:
    """Yield each row that is not what the trail says it was last made."""
    told: dict[tuple[str, str], dict[str, Any] | None] = {}
    for seq, payload in connection.exec_driver_sql("SELECT seq, payload FROM audit_entry ORDER BY seq"):
        if payload is None:
            yield f"Audit trail, entry {seq}: what it recorded was taken away, so the rows cannot be held against it."
            return
        try:
            changes = changes_of(payload)
        except (KeyError, TypeError, ValueError):
            return  # the chain has said so already
        for change in changes:
            key = change["table"], change["id"]
            after = change["after"]
            told[key] = None if after is None else {**(told.get(key) or {}), **after}
    for name, table in Base.metadata.tables.items():
        if name in {"audit_entry", "unfinished"}:
            continue
        seen: set[str] = set()
        for row in connection.execute(select(table)).mappings():
            values = {column: as_json(value) for column, value in row.items()}
            key = name, str(values[next(iter(table.primary_key.columns)).name])
            seen.add(key[1])
            if told.get(key) != values:
                yield f"A row of {name} was changed without an entry in the audit trail."
        if any(said is not None and kind == name and key not in seen for (kind, key), said in told.items()):
            yield f"A row of {name} was removed without an entry in the audit trail."
