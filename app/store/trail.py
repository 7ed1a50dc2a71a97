"""The audit trail: what each act changed, gathered at the flush and chained (format: docs/formats/audit-trail.md)."""

import hashlib
import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, cast
from uuid import UUID

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Table, delete, insert, inspect, select, update
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.orm.attributes import get_history, instance_state

from app.models.audit import AuditEntry
from app.models.base import Act, Base, sha256
from app.store.engine import fault_of

MARK = b"cp-audit-1"
START = bytes(32)
TABLES: Mapping[str, Table] = Base.metadata.tables
DIRECTORY = ("agency", "practitioner")
_ENTRY = insert(TABLES["audit_entry"])


# an act may wait its turn behind another; a clock that is further back than this was put back
PATIENCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Link:
    """The end of the chain: how many entries there are, the digest of the last, and when it was written down."""

    seq: int = 0
    digest: bytes = START
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and what is wrong there."""

    seq: int
    what: str


def canonical(value: Mapping[str, Any]) -> bytes:
    """Return the form of RFC 8785 of objects, lists, texts, whole numbers, booleans and null with ASCII names.

    For these the standard library already spells as the RFC does; the general writer takes ten times as long, at each
    statement that is typed.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


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
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
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
    """Add what this flush changed to the act's list of changes: parents before the rows that point at them."""
    changes: list[dict[str, Any]] = session.info.setdefault("changes", [])
    new = [_change(record, "insert", None, _columns(record)) for record in session.new]
    edits = ((record, *_edited(record)) for record in session.dirty)
    edited = [_change(record, "update", before, after) for record, before, after in edits if after]
    gone = [_change(record, "delete", _columns(record), None) for record in session.deleted]
    if len(new) + len(edited) + len(gone) > 1:
        new.sort(key=_place)
        edited.sort(key=_place)
        gone.sort(key=_place, reverse=True)
    changes += new + edited + gone


@cache
def _places() -> Mapping[str, int]:
    return {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}


def _place(change: Mapping[str, Any]) -> tuple[int, str]:
    return _places()[change["table"]], change["id"]


def _change(record: object, what: str, before: Any, after: Any) -> dict[str, Any]:
    mapper = inspect(type(record))
    key = as_json(mapper.primary_key_from_instance(record)[0])
    return {"table": mapper.local_table.name, "id": key, "op": what, "before": before, "after": after}


@cache
def _names(kind: Hashable) -> tuple[tuple[str, str], ...]:
    """Return the attributes of a mapped class, each with the name of its column."""
    return tuple((p.key, p.columns[0].name) for p in cast("Mapper[Any]", inspect(kind)).column_attrs)


def _kind(record: object) -> Hashable:
    return cast("Hashable", type(record))


def _columns(record: object) -> dict[str, Any]:
    return {column: as_json(getattr(record, key)) for key, column in _names(_kind(record))}


def _edited(record: object) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    touched = instance_state(record).committed_state
    for key, column in _names(_kind(record)):
        if key not in touched:
            continue
        history = get_history(record, key)
        if history.added and not history.deleted:
            raise RuntimeError(f"{column} was changed without its earlier value: the trail would lose it")
        if history.added and history.deleted and history.deleted[0] != history.added[0]:
            before[column] = as_json(history.deleted[0])
            after[column] = as_json(history.added[0])
    return before, after


def write(session: Session, act: Act, last: Link, machine: Mapping[str, Any]) -> Link:
    """Write the entry of the act that ``session`` carries out and return the new end of the chain."""
    info = session.info
    noted = (act.noted_at or act.at).astimezone(UTC)
    told = dict(info.get("told") or {})
    if last.at is not None and noted < last.at - PATIENCE:
        told["clock"] = last.at.isoformat()
    payload = canonical({"changes": info["changes"]} | ({"told": told} if told else {}))
    salt = act.chance(16)
    meeting: UUID | None = info["meeting"]
    case: UUID | None = info.get("case") or _case_of(session, meeting)
    seq = last.seq + 1
    head = canonical(
        {
            **machine,
            "act": info["kind"],
            "at": noted.isoformat(),
            "happened": act.at.astimezone(UTC).isoformat(),
            "c": commitment(salt, payload),
            "case": case.hex if case else None,
            "meeting": meeting.hex if meeting else None,
            "seq": seq,
            "undoes": info.get("undoes"),
            "who": act.who,
        }
    ).decode()
    digest = link(last.digest, seq, head)
    row = {
        "seq": seq, "at": noted, "kind": info["kind"], "head": head, "digest": digest, "meeting_id": meeting,
        "case_id": case, "undoes": info.get("undoes"), "salt": salt, "payload": payload,
    }  # fmt: skip
    session.connection().execute(_ENTRY, row)
    return Link(seq, digest, noted)


_MEETING = TABLES["meeting"]


def _case_of(session: Session, meeting: UUID | None) -> UUID | None:
    if meeting is None:
        return None
    return cast("UUID | None", session.scalar(select(_MEETING.c.case_id).where(_MEETING.c.id == meeting)))


def reverse(session: Session, entry: AuditEntry) -> None:
    """Change every row that ``entry`` changed back to what it was, and gather that as this act's changes.

    The directory of agencies and practitioners is left as it is: other meetings may use what was added to it.
    """
    changes: list[dict[str, Any]] = session.info.setdefault("changes", [])
    connection = session.connection()
    for change in reversed(changes_of(entry.payload)):
        if change["table"] in DIRECTORY:
            continue
        table = TABLES[change["table"]]
        key = next(iter(table.primary_key.columns))
        here = key == from_json(table, key.name, change["id"])
        values = {name: from_json(table, name, value) for name, value in (change["before"] or {}).items()}
        match change["op"]:
            case "insert":
                connection.execute(delete(table).where(here))
                op = "delete"
            case "delete":
                connection.execute(insert(table).values(values))
                op = "insert"
            case _:
                connection.execute(update(table).where(here).values(values))
                op = "update"
        changes.append({**change, "op": op, "before": change["after"], "after": change["before"]})


def is_as_told(connection: Connection, entry: AuditEntry) -> bool:
    """Return whether every row that ``entry`` changed is still as it left it."""
    left: dict[tuple[str, str], dict[str, Any] | None] = {}
    for change in changes_of(entry.payload):
        row = (change["table"], change["id"])
        left[row] = None if change["op"] == "delete" else {**(left.get(row) or {}), **change["after"]}
    for (name, row_id), told in left.items():
        table = TABLES[name]
        key = next(iter(table.primary_key.columns))
        found = connection.execute(select(table).where(key == from_json(table, key.name, row_id))).mappings().first()
        now = None if found is None else {column: as_json(found[column]) for column in told or ()}
        if now != told:
            return False
    return True


def end_of(connection: Connection) -> Link:
    """Return the last link of the trail."""
    row = connection.exec_driver_sql("SELECT seq, digest, at FROM audit_entry ORDER BY seq DESC LIMIT 1").first()
    if row is None:
        return Link()
    try:
        at = datetime.fromisoformat(row[2]).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        at = None  # changed by hand: the check says so, and the store opens
    return Link(row[0], row[1], at)


def changes_of(payload: bytes | None) -> list[dict[str, Any]]:
    """Return the changes a payload holds; none where it was taken away."""
    return cast("list[dict[str, Any]]", json.loads(payload)["changes"]) if payload else []


def told_of(payload: bytes | None) -> dict[str, Any]:
    """Return what a payload says beside the changes; nothing where it was taken away or is not ours."""
    try:
        told = json.loads(payload or b"{}").get("told", {})
    except (ValueError, AttributeError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def breaks(connection: Connection, start: Link | None = None) -> Iterator[Break]:
    """Yield each place where the chain does not hold, reading the entries in order, from after ``start``.

    Raises ``StoreFault`` where an entry cannot be read at all.
    """
    last = start or Link()
    cursor = connection.connection.cursor()
    try:
        cursor.execute(_QUICKLY, (last.seq,))
        while rows := cursor.fetchmany(_STRETCH):
            unsound, last = _unsound(rows, last)
            for before, seq in unsound:
                row = connection.exec_driver_sql(_STRICTLY, (seq,)).one()
                for what in _faults(before, row):
                    yield Break(seq, what)
    except sqlcipher.DatabaseError as error:
        raise fault_of(error) from None
    finally:
        cursor.close()


def _unsound(rows: Sequence[Sequence[Any]], last: Link) -> tuple[list[tuple[Link, int]], Link]:
    """Return the entries that are to be read strictly, each with the link before it, and the last link.

    Whether a head says what stands beside it is seen without reading it as JSON: inside a text of JSON a quotation mark
    has a backslash before it, so each piece looked for can only be the member it looks like. A long trail is slowed by
    whatever is made for each entry, so what entries share is made once.
    """
    found: list[tuple[Link, int]] = []
    number, before, sha = last.seq, last.digest, hashlib.sha256
    of: tuple[object, ...] = ()
    act = of_case = of_meeting = ""
    for seq, moment, kind, head, digest, meeting, case, undoes, salt, payload in rows:
        if of != (kind, meeting, case):
            of = kind, meeting, case
            act = f'{{"act":"{kind}","at":"'
            of_case, of_meeting = f',"case":{_member(case)},"device":"', f',"meeting":{_member(meeting)},"mono":"'
        try:
            sound = (
                seq == number + 1
                and sha(MARK + before + seq.to_bytes(8, "big") + head.encode()).digest() == digest
                and f',"c":"{sha(salt + payload).hexdigest()}","' in head
                and head.startswith(act)
                and head.startswith(moment, len(act))
                and (of_case in head or (case is None and ',"v":1,"who":"' in head))
                and of_meeting in head
                and f',"seq":{seq},"tz":"Europe/London","undoes":{"null" if undoes is None else undoes},"v":' in head
            )
        except (AttributeError, TypeError, OverflowError):
            sound = False
        if not sound:
            found.append((Link(number, before), seq))
        number, before = seq, digest if isinstance(digest, bytes) else START
    return found, Link(number, before)


def _member(value: object) -> str:
    return "null" if value is None else f'"{value}"'


_STRETCH = 200
_QUICKLY = """
    SELECT seq, replace(replace(at, ' ', 'T'), '.000000', '') || '+00:00","boot":"', kind, head, digest, meeting_id,
        case_id, undoes, salt, payload
    FROM audit_entry WHERE seq > ? ORDER BY seq
"""
_STRICTLY = """
    SELECT seq, at, kind, head, digest, meeting_id, case_id, undoes, salt, payload FROM audit_entry WHERE seq = ?
"""


def _faults(last: Link, row: Sequence[Any]) -> Iterator[str]:
    """Yield what is wrong with the entry in ``row``, which should follow ``last``."""
    seq, at, kind, head, digest, meeting, case, undoes, salt, payload = row
    if seq != last.seq + 1:
        yield "an entry before this one is missing"
    if not isinstance(head, str) or link(last.digest, seq, head) != digest:
        yield "this entry does not follow from the one before"
    try:
        said = json.loads(head)
        # the first version did not say of which case an entry is
        about = None if said["v"] == 1 else said["case"]
        told = said["seq"], said["at"], said["act"], said["meeting"], about, said["undoes"], said["c"]
    except (TypeError, ValueError, KeyError, RecursionError):
        told = (None,) * 7
    if told[:6] != (seq, _spelt(at), kind, meeting, case, undoes):
        yield "what the entry says of itself was changed"
    if salt is None and payload is None:
        return  # taken away on purpose: the head keeps what it was, salted
    if not (isinstance(salt, bytes) and isinstance(payload, bytes)) or commitment(salt, payload) != told[6]:
        yield "what the entry recorded was changed"


def _spelt(at: object) -> str:
    """Return a moment as the store writes it in the spelling of a head."""
    return f"{at[:10]}T{at[11:19]}{'' if at[19:] == '.000000' else at[19:]}+00:00" if isinstance(at, str) else ""
