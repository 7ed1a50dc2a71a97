"""The audit trail: what each act changed, gathered at the flush and chained (format: docs/formats/audit-trail.md)."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, cast
from uuid import UUID

import rfc8785
from sqlalchemy import Connection, Table, delete, insert, inspect, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import get_history

from app.models.audit import AuditEntry
from app.models.base import Act, Base, sha256

MARK = b"cp-audit-1"
START = bytes(32)
TABLES: Mapping[str, Table] = Base.metadata.tables


@dataclass(frozen=True, slots=True)
class Link:
    """The end of the chain: how many entries there are, and the digest of the last."""

    seq: int = 0
    digest: bytes = START


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and what is wrong there."""

    seq: int
    what: str


def commitment(salt: bytes, payload: bytes) -> str:
    """Return the salted digest by which an entry's head knows its payload."""
    return hashlib.sha256(salt + payload).hexdigest()


def link(before: bytes, seq: int, head: str) -> bytes:
    """Return the digest of an entry: it covers the one before, the number and the head."""
    return hashlib.sha256(MARK + before + seq.to_bytes(8, "big") + head.encode()).digest()


def as_json(value: Any) -> Any:
    """Return a column's value as the trail writes it; bytes are written as their digest."""
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | str():
            return value
        case UUID():
            return value.hex
        case datetime() | date():
            return value.isoformat()
        case bytes():
            return {"sha256": sha256(value)}
        case list():
            return [as_json(item) for item in value]
        case _:
            raise TypeError(f"the trail cannot write a {type(value).__name__}")


def from_json(table: Table, column: str, value: Any) -> Any:
    """Return what ``as_json`` wrote as the column's Python value."""
    if value is None or isinstance(value, bool):
        return value
    kind = table.c[column].type.python_type
    if kind is UUID:
        return UUID(hex=value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if issubclass(kind, Enum):
        return kind(value)
    return value


def gather(session: Session) -> None:
    """Add what this flush changed to the act's list of changes."""
    changes: list[dict[str, Any]] = session.info.setdefault("changes", [])
    changes.extend(_change(record, "insert", None, _columns(record)) for record in session.new)
    edits = ((record, *_edited(record)) for record in session.dirty)
    changes.extend(_change(record, "update", before, after) for record, before, after in edits if after)
    changes.extend(_change(record, "delete", _columns(record), None) for record in session.deleted)


def _change(record: object, what: str, before: Any, after: Any) -> dict[str, Any]:
    mapper = inspect(type(record))
    key = as_json(mapper.primary_key_from_instance(record)[0])
    return {"table": mapper.local_table.name, "id": key, "op": what, "before": before, "after": after}


def _columns(record: object) -> dict[str, Any]:
    mapper = inspect(type(record))
    return {p.columns[0].name: as_json(getattr(record, p.key)) for p in mapper.column_attrs}


def _edited(record: object) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for p in inspect(type(record)).column_attrs:
        history = get_history(record, p.key)
        if history.added and history.deleted and history.added[0] != history.deleted[0]:
            before[p.columns[0].name] = as_json(history.deleted[0])
            after[p.columns[0].name] = as_json(history.added[0])
    return before, after


def write(session: Session, act: Act, last: Link, machine: Mapping[str, Any]) -> Link:
    """Write the entry of the act that ``session`` carries out and return the new end of the chain."""
    info = session.info
    payload = rfc8785.dumps({"changes": info["changes"]})
    salt = act.chance(16)
    meeting: UUID | None = info["meeting"]
    seq = last.seq + 1
    noted = act.noted_at or act.at
    head = rfc8785.dumps(
        {
            **machine,
            "act": info["kind"],
            "at": noted.isoformat(),
            "happened": act.at.isoformat(),
            "c": commitment(salt, payload),
            "meeting": meeting.hex if meeting else None,
            "seq": seq,
            "undoes": info.get("undoes"),
            "who": act.who,
        }
    ).decode()
    digest = link(last.digest, seq, head)
    session.execute(
        insert(AuditEntry).values(
            seq=seq, at=noted, kind=info["kind"], head=head, digest=digest, meeting_id=meeting,
            undoes=info.get("undoes"), salt=salt, payload=payload,
        )
    )  # fmt: skip
    return Link(seq, digest)


def reverse(session: Session, entry: AuditEntry) -> None:
    """Change every row that ``entry`` changed back to what it was, and gather that as this act's changes."""
    changes: list[dict[str, Any]] = session.info.setdefault("changes", [])
    for change in reversed(changes_of(entry.payload)):
        table = TABLES[change["table"]]
        key = next(iter(table.primary_key.columns))
        here = key == from_json(table, key.name, change["id"])
        values = {name: from_json(table, name, value) for name, value in (change["before"] or {}).items()}
        match change["op"]:
            case "insert":
                session.execute(delete(table).where(here))
                op = "delete"
            case "delete":
                session.execute(insert(table).values(values))
                op = "insert"
            case _:
                session.execute(update(table).where(here).values(values))
                op = "update"
        changes.append({**change, "op": op, "before": change["after"], "after": change["before"]})


def changes_of(payload: bytes | None) -> list[dict[str, Any]]:
    """Return the changes a payload holds; none where it was taken away."""
    return cast("list[dict[str, Any]]", json.loads(payload)["changes"]) if payload else []


def breaks(connection: Connection, start: Link | None = None) -> Iterator[Break]:
    """Yield each place where the chain does not hold, reading the entries in order."""
    last = start or Link()
    rows = connection.exec_driver_sql(
        "SELECT seq, at, kind, head, digest, meeting_id, undoes, salt, payload FROM audit_entry ORDER BY seq"
    )
    for seq, at, kind, head, digest, meeting, undoes, salt, payload in rows:
        if seq != last.seq + 1:
            yield Break(seq, "an entry before this one is missing")
        if not hmac.compare_digest(link(last.digest, seq, head), digest):
            yield Break(seq, "this entry does not follow from the one before")
        said = json.loads(head)
        stored = datetime.fromisoformat(at + "+00:00").isoformat() if at else ""
        if (said["seq"], said["act"], said["meeting"], said["undoes"]) != (seq, kind, meeting, undoes) or said[
            "at"
        ] != stored:
            yield Break(seq, "what the entry says of itself was changed")
        if salt is not None and commitment(salt, payload) != said["c"]:
            yield Break(seq, "what the entry recorded was changed")
        last = Link(seq, digest)
