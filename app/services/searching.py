"""Searching everything that was written, also what is restricted: where the words stand, the newest first."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, FromClause, Select, Table, null, select
from sqlalchemy.orm import Session

from app.models.base import Refused, made_at, tidy
from app.models.case import Case, Child
from app.models.meeting import Meeting, State
from app.practice.children import called
from app.practice.words import legal_day
from app.services import noting
from app.services.sitting import Sitting
from app.store import search
from app.store.search import Hit
from app.store.trail import TABLES

MOST = 100
LONGEST_WORDS = 200
# what a record without a case or meeting of its own is a part of
_PART_OF = {
    **dict.fromkeys(
        ("bottom_line", "contingency", "core_member", "danger_statement", "outcome", "step"), ("plan", "plan_id")
    ),
    "likeness": ("decision", "decision_id"),
    "work": ("decision", "decision_id"),
    "work_step": ("work", "work_id"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A record that holds the words: what it is in the pack's words, who said it and where it belongs.

    ``around`` are the words around what was found, ``meeting`` and ``meeting_id`` are of the meeting where there is
    one, in the state that says which page shows it. ``child`` is what the child is called whom it is about, if one.
    """

    id: UUID
    label: str
    who: str
    on: date
    restricted: bool
    around: str
    case: str
    case_id: UUID
    meeting: str = ""
    meeting_id: UUID | None = None
    state: State | None = None
    child: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """The newest records that hold the words, and how many there are in all."""

    newest: Sequence[Found]
    of: int


@dataclass(frozen=True, slots=True)
class _Of:
    meeting_id: UUID | None
    case_id: UUID | None
    who: str
    restricted: bool
    child_id: UUID | None


def search_for(sitting: Sitting, typed: str) -> Findings:
    """Return where the words stand, up to ``MOST`` records, and note that somebody searched.

    All the words must be in the record, each may go on ("bruis" finds "bruising"); what stands between quotation marks
    is looked for as it stands. Neither capital letters nor accents matter. Raises ``Refused`` where nothing was typed
    that can be looked for.
    """
    wanted = search.query(tidy(typed, LONGEST_WORDS))
    if not wanted:
        raise Refused("search.nothing-asked")
    with sitting.store.read() as session:
        connection = session.connection()
        hits = search.find(connection, wanted, MOST)
        of = len(hits) if len(hits) < MOST else search.count(connection, wanted)
        newest = _told(session, sitting, hits)
    noting.searched(sitting, of)
    return Findings(newest, of)


def _told(session: Session, sitting: Sitting, hits: Sequence[Hit]) -> list[Found]:
    rows = {key: row for table in {hit.table for hit in hits} for key, row in _rows(session.connection(), table, hits)}
    of_a_meeting = select(Meeting.id, Meeting.reference, Meeting.case_id, Meeting.state)
    meetings = _by_id(session, of_a_meeting, {row.meeting_id for row in rows.values()})
    of_case = {key: row.case_id or meetings[row.meeting_id].case_id for key, row in rows.items()}
    cases = _by_id(session, select(Case.id, Case.reference), set(of_case.values()))
    named = _called(session, {of_case[key] for key, row in rows.items() if row.child_id is not None})
    found = []
    for hit in hits:
        row = rows[hit.table, hit.id]
        case, meeting = cases[of_case[hit.table, hit.id]], meetings.get(row.meeting_id)
        found.append(
            Found(
                hit.id, sitting.pack.words("record", hit.table), row.who, legal_day(made_at(hit.id)), row.restricted,
                hit.around, case.reference, case.id,
                meeting.reference if meeting else "", meeting.id if meeting else None,
                meeting.state if meeting else None, named.get(row.child_id, ""),
            )
        )  # fmt: skip
    return found


def _called(session: Session, case_ids: AbstractSet[UUID]) -> dict[UUID | None, str]:
    """Return what each child of the cases is called."""
    of_case: dict[UUID, list[Child]] = {}
    if case_ids:
        for child in session.scalars(select(Child).where(Child.case_id.in_(case_ids))):
            of_case.setdefault(child.case_id, []).append(child)
    return {child_id: name for children in of_case.values() for child_id, name in called(children).items()}


def _rows(connection: Connection, name: str, hits: Sequence[Hit]) -> Iterable[tuple[tuple[str, UUID], _Of]]:
    """Yield, for each of the hits in a table, what it belongs to, who said it, about whom, and if restricted."""
    table = TABLES[name]
    home, way = _home(table)
    meeting, case = (
        "id" if name == owner else f"{owner.removesuffix('_file')}_id" for owner in ("meeting", "case_file")
    )
    seat = TABLES["attendance"].alias("seat")
    speaker = table.c.get("speaker_id", table.c.get("attendance_id", null()))
    restricted = table.c.get("restricted", null())
    # of the plan or decision that the record is a part of: beside what is like it, a likeness names the other child
    child = home.c.get("child_id", null())
    columns = (table.c.id, home.c.get(meeting, null()), home.c.get(case, null()), seat.c.name, restricted, child)
    ids = [hit.id for hit in hits if hit.table == name]
    wanted = select(*columns).select_from(way.outerjoin(seat, seat.c.id == speaker)).where(table.c.id.in_(ids))
    for record, meeting_id, case_id, who, kept_close, child_id in connection.execute(wanted):
        yield (name, record), _Of(meeting_id, case_id, who or "", bool(kept_close), child_id)


def _home(table: Table) -> tuple[Table, FromClause]:
    """Return the table that says to which case or meeting the rows of ``table`` belong, and the way there."""
    home = table
    way: FromClause = table
    while home.name in _PART_OF:
        parent, column = _PART_OF[home.name]
        way = way.join(TABLES[parent], TABLES[parent].c.id == home.c[column])
        home = TABLES[parent]
    return home, way


def _by_id(session: Session, wanted: Select[*tuple[Any, ...]], ids: AbstractSet[UUID | None]) -> dict[UUID | None, Any]:
    [key, *_] = wanted.selected_columns
    return {row.id: row for row in session.execute(wanted.where(key.in_(ids - {None})))}
