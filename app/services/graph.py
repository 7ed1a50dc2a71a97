"""Keeping a loaded meeting up to date with what was just recorded, so that a long meeting is never read again whole."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import RelationshipDirection, RelationshipProperty
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.collections import collection_adapter

from app.models.action import Action
from app.models.agency import Agency
from app.models.answer import Answer
from app.models.attendance import Attendance, Presence
from app.models.base import Base
from app.models.case import Child
from app.models.decision import Decision, Ground, Witness
from app.models.dissent import Dissent
from app.models.gap import Gap
from app.models.meeting import Meeting, Visit
from app.models.statement import Statement
from app.models.view import View

_LISTS: dict[type[Base], str] = {
    Action: "actions",
    Answer: "answers",
    Attendance: "attendances",
    Decision: "decisions",
    Dissent: "dissents",
    Gap: "gaps",
    Ground: "grounds",
    Presence: "presences",
    Statement: "statements",
    View: "views",
    Visit: "visits",
    Witness: "witnesses",
}
_PARTS: dict[type[Base], tuple[str, ...]] = {Attendance: ("presences",), Decision: ("grounds", "witnesses")}


def absorb(meeting: Meeting, record: Base, *, done: bool = False) -> bool:
    """Return whether ``record``, as an act gave it back, is now part of the loaded ``meeting``.

    A record the meeting has already takes its new contents and stays the same object; ``done`` says of a visit that
    the item before it was left as finished. False where the act did not bring everything along: the meeting has to be
    loaded again.
    """
    if isinstance(record, Meeting):
        _copy_columns(meeting, record)
        return True
    if isinstance(record, Visit):
        _end_visits(meeting, record, done=done)
    if isinstance(record, Presence):
        return _take(meeting, _of(meeting.attendances, record.attendance_id), record)
    if isinstance(record, Decision) and not {"grounds", "witnesses"} <= record.__dict__.keys():
        return False
    return _take(meeting, meeting, record)


def _take(meeting: Meeting, owner: Base | None, record: Base) -> bool:
    """Put a record into its owner's list, or its contents into the one of the same id there."""
    if owner is None:
        return False
    came = {part: list(record.__dict__[part]) for part in _PARTS.get(type(record), ()) if part in record.__dict__}
    known = _of(getattr(owner, _LISTS[type(record)]), getattr(record, "id", None))
    kept = known or record
    if known is not None:
        _copy_columns(known, record)
    _link(meeting, owner, kept, record)
    for part in _PARTS.get(type(record), ()):
        # a decision made again rests on what it rests on now; the stays of a person are added to
        if known is None or (part in came and type(record) is Decision):
            set_committed_value(kept, part, [])
        for each in came.get(part, ()):
            _take(meeting, kept, each)
    if isinstance(kept, Decision) and isinstance(record, Decision):
        _take_likeness(meeting, kept, record)
    if known is None:
        collection_adapter(getattr(owner, _LISTS[type(record)])).append_without_event(record)
    return True


def _take_likeness(meeting: Meeting, kept: Decision, record: Decision) -> None:
    """Note for which other child it was taken over, where it was: a decision made again may not be any more."""
    like = record.__dict__.get("likeness")
    if like is not None:
        set_committed_value(like, "child", _of(meeting.children, like.child_id))
    set_committed_value(kept, "likeness", like)


def _copy_columns(known: Base, record: Base) -> None:
    for column in inspect(type(record)).column_attrs:
        if column.key in record.__dict__:
            set_committed_value(known, column.key, record.__dict__[column.key])


def _link(meeting: Meeting, owner: Base, kept: Base, record: Base) -> None:
    """Point what ``kept`` refers to at the meeting's own records."""
    for relation in inspect(type(kept)).relationships:
        if relation.direction is not RelationshipDirection.MANYTOONE:
            continue
        if relation.mapper.class_ is type(owner) and relation.back_populates == _LISTS[type(record)]:
            set_committed_value(kept, relation.key, owner)
            continue
        # a column of an act may be set where its relationship was not, and the other way round
        wanted = _foreign_id(relation, kept)
        found = _find(meeting, relation.mapper.class_, wanted)
        if found is None and wanted is not None:
            found = record.__dict__.get(relation.key)
        set_committed_value(kept, relation.key, found)


def _foreign_id(relation: RelationshipProperty[Any], record: Base) -> UUID | None:
    column = next(iter(relation.local_columns))
    found: UUID | None = record.__dict__.get(inspect(type(record)).get_property_by_column(column).key)
    return found


def _find(meeting: Meeting, kind: type[Base], wanted: UUID | None) -> Base | None:
    known: Sequence[Any] = ()
    if kind is Meeting:
        known = [meeting]
    elif kind is Agency:
        places: Sequence[Any] = [*meeting.attendances, *meeting.views, *meeting.gaps, *meeting.actions]
        known = [place.__dict__["agency"] for place in places if place.__dict__.get("agency") is not None]
    elif kind is Child:
        known = meeting.children
    elif kind in _LISTS:
        known = getattr(meeting, _LISTS[kind])
    return _of(known, wanted)


def _of(records: Sequence[Any], wanted: UUID | None) -> Base | None:
    found: Base | None = next((record for record in records if record.id == wanted), None)
    return found


def _end_visits(meeting: Meeting, record: Visit, *, done: bool) -> None:
    """End the visit before a new one, as opening an item does."""
    for visit in meeting.visits:
        if visit.left_at is None and visit.id != record.id:
            set_committed_value(visit, "left_at", max(record.opened_at, visit.opened_at))
            set_committed_value(visit, "done", done)
    set_committed_value(meeting, "current_item", record.item_id)
