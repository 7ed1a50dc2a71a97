"""A meeting with its case as one JSON record, out and in (format: docs/formats/record.md)."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from app.models.action import Action
from app.models.agency import Agency
from app.models.answer import Answer
from app.models.attendance import Attendance, Presence
from app.models.base import Base
from app.models.case import Case, Child, Person
from app.models.conduct import Declaration, Following, QuorumAnswer
from app.models.decision import Decision, Likeness
from app.models.dissent import Dissent
from app.models.event import Event
from app.models.gap import Gap
from app.models.meeting import ClosingReason, Meeting, Visit
from app.models.minutes import Minutes
from app.models.participation import Complaint, Exclusion
from app.models.plan import (
    BottomLine,
    Contingency,
    CoreMember,
    DangerStatement,
    Outcome,
    Plan,
    Progress,
    Standing,
    Step,
)
from app.models.statement import Statement
from app.models.view import View
from app.models.work import Work, WorkStep
from app.practice import plans
from app.practice.pack import Pack

FORMAT = "chairside-record"
VERSION = 1
LARGEST = 20 * 1024 * 1024
DEEPEST = 20

# what of each record is carried, under the model's own names
FIELDS: Mapping[type[Base], tuple[str, ...]] = {
    Case: ("reference",),
    Child: (
        "id", "name", "known_as", "born", "expected", "sex", "ethnicity", "first_language", "faith", "disability",
        "communication", "legal_status", "address", "whereabouts", "setting", "gp", "nhs_number",
    ),
    Person: (
        "name", "relation", "born", "responsibility", "in_household", "address", "address_withheld_from", "note",
    ),
    Agency: ("id", "sector", "name"),
    Meeting: (
        "id", "reference", "type_id", "planned_at", "state", "method", "venue", "reason", "circumstances",
        "started_at", "concluded_at", "difference_read_at", "attendances", "visits", "statements", "gaps", "answers",
        "views", "decisions", "dissents", "actions", "clearances", "progress",
        "exclusions", "following", "declarations", "quorum_answers",
    ),
    Following: ("converted",),
    Declaration: ("model", "question_id", "answer", "declared_at", "agreed_by", "note"),
    QuorumAnswer: ("choice", "reason", "given_at", "agreed_by"),
    Attendance: (
        "id", "name", "agency", "role", "capacity", "authority", "invitation", "note", "report_received",
        "report_shared", "substitute_for", "presences", "invited_on", "report_asked", "takes_part",
    ),
    Presence: ("arrived_at", "left_at"),
    Visit: ("item_id", "opened_at", "left_at", "done"),
    Statement: ("id", "item_id", "said_at", "text", "speaker", "child", "kind", "source", "restricted"),
    Gap: ("id", "item_id", "question", "noticed_at", "agency", "child", "owner", "due", "state", "answer"),
    Answer: ("item_id", "prompt_id", "text", "answered_at", "child"),
    View: (
        "agency", "child", "item_id", "question_id", "option", "reason", "given_at", "speaker", "would_change", "round",
    ),
    Decision: (
        "id", "child", "item_id", "question_id", "option", "reason", "decided_at", "quorate", "quorum_note",
        "departure", "on", "person", "detail", "likeness",
    ),
    Likeness: ("child", "differs"),
    Dissent: (
        "id", "dissenter", "child", "item_id", "question_id", "kind", "words", "raised_at", "preferred", "risk",
        "read_back_at",
    ),
    Action: ("id", "item_id", "text", "agreed_at", "agency", "child", "owner", "due", "done_at"),
    ClosingReason: ("rule", "subject", "sentence", "reason", "given_at"),
    Minutes: ("version", "sealed_at", "signed_by", "fingerprint", "sha256"),
    Plan: (
        "child", "version", "standing", "started_on", "made_at", "category", "secondary", "why", "lead_practitioner",
        "family_help_lead", "visit_every", "seen_alone", "unannounced", "contact", "assessments", "family_plan",
        "legal", "earlier", "ended_on", "end_reason", "end_words", "dangers", "bottom_lines", "outcomes", "steps",
        "contingencies", "core_group",
    ),
    DangerStatement: ("line", "text", "safety_goal"),
    BottomLine: ("line", "text", "if_broken"),
    Outcome: ("line", "text", "benefit", "baseline", "indicator", "target", "danger"),
    Step: ("line", "text", "carrier", "owner", "agency", "due", "evidence", "outcome"),
    Contingency: ("line", "text", "action", "owner", "within"),
    CoreMember: ("line", "name", "role", "agency"),
    Progress: ("child", "line", "done", "noted_at", "change", "evidence"),
    Work: (
        "kind", "set_at", "lead", "agency", "joint", "plan", "consent", "due", "started_at", "ended_at", "outcome",
        "outcome_words", "steps",
    ),
    WorkStep: ("text", "owner", "done_at"),
    Exclusion: (
        "id", "attendance", "ground", "evidence", "asked_by", "asked_at", "ruling", "ruled_at", "reason", "scope",
        "legal_advice", "left_at", "back_at", "letter_on", "chair_offered", "views_by",
    ),
    Event: ("kind", "text", "happened_at", "whole_day", "noted_at", "child", "source", "alone"),
    Complaint: ("who", "about", "received_on", "noted_at", "stage", "due_on", "outcome", "closed_on"),
}  # fmt: skip


class Unreadable(ValueError):
    """Bytes that are no record at all; the text says why, as the end of a sentence."""


def as_record(meeting: Meeting, pack: Pack, sealed: Sequence[Minutes] = ()) -> dict[str, Any]:
    """Return a meeting, loaded with everything recorded in it, as a record; what is not known is left out.

    ``pack`` is the one it was held under, ``sealed`` its sealed minutes, of which only the digests are carried.
    """
    case = {
        **_fields(meeting.case),
        "children": [_fields(child) for child in meeting.children],
        "people": [_fields(person) for person in meeting.case.people],
        "events": [_fields(one) for one in meeting.case.events if one.child is None or one.child in meeting.children],
        "plans": [_plan(plan, pack) for plan in _standing_before(meeting)],
    }
    held = {
        **_fields(meeting),
        "children": [str(child.id) for child in meeting.children],
        "plans": [_plan(plan, pack) for plan in _in_time(meeting)],
        "complaints": [_fields(one) for one in meeting.case.complaints if one.meeting_id == meeting.id],
        "minutes": [_fields(version) for version in sealed],
    }
    return {
        "format": FORMAT,
        "version": VERSION,
        "pack": _pack(pack),
        "case": _known(case),
        "meeting": _known(held),
    }


def _pack(pack: Pack) -> dict[str, Any]:
    said = {"id": pack.id, "version": pack.version, "digest": pack.digest}
    return said | {"profile": f"{pack.profile.id} {pack.profile.version}"} if pack.profile else said


def _standing_before(meeting: Meeting) -> list[Plan]:
    stood = [plans.before(meeting, child) for child in meeting.children]
    return [plan for plan in stood if plan is not None and plan.standing is not Standing.ENDED]


def _in_time(meeting: Meeting) -> list[Plan]:
    made = [plan for child in meeting.children for plan in plans.made_in(meeting, child)]
    return sorted(made, key=lambda plan: (plan.made_at, plan.id))


def _plan(plan: Plan, pack: Pack) -> dict[str, Any]:
    """Return a revision, never surer than it is."""
    return {**_fields(plan), "standing": plans.standing(plan, pack).value}


def _fields(record: Base) -> dict[str, Any]:
    written = {name: _value(getattr(record, name)) for name in FIELDS[type(record)]}
    if isinstance(record, Decision):
        written["grounds"] = sorted(str(ground.statement.id) for ground in record.grounds)
        seats = sorted((w.attendance.position, str(w.attendance.id)) for w in record.witnesses)
        written["witnesses"] = [seat for _, seat in seats]
        written["works"] = [_fields(work) for work in record.works]
    if isinstance(record, Following):
        written["reference"] = record.earlier.reference
    if isinstance(record, WorkStep):
        written["due_at"] = _value(record.due)
    return _known(written)


def _value(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Attendance() | Child():
            return str(value.id)
        case list():
            return [_fields(each) if isinstance(each, Base) else _value(each) for each in value]
        case Agency() | Following() | Likeness():
            return _fields(value)
    return value


def _known(written: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in written.items() if value not in (None, "", [])}


def to_bytes(record: Mapping[str, Any]) -> bytes:
    """Return a record as a file: UTF-8, indented, names in order, so that equal records are equal bytes."""
    return (json.dumps(record, ensure_ascii=False, allow_nan=False, indent=2, sort_keys=True) + "\n").encode()


def from_bytes(content: bytes) -> dict[str, Any]:
    """Return the JSON object in a file; raises ``Unreadable`` for anything that is not exactly one plain object."""
    if len(content) > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST // 1024 // 1024} MiB")
    if not content.strip():
        raise Unreadable("it is empty")
    try:
        found = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_once_each, parse_constant=_not_finite, parse_float=_finite
        )
    except UnicodeDecodeError:
        raise Unreadable("it is not text in UTF-8") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(f"it is not whole JSON: what comes at {where} cannot be read") from None
    except RecursionError:
        raise Unreadable(_TOO_DEEP) from None
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable("it holds a number that is too long") from None
    if not isinstance(found, dict):
        raise Unreadable("it is not a JSON object")
    if _deeper_than(found, DEEPEST):
        raise Unreadable(_TOO_DEEP)
    return found


_TOO_DEEP = f"it nests deeper than {DEEPEST} levels"


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("a name stands twice in one object")
    return found


def _not_finite(_written: str) -> float:
    raise Unreadable("it holds a number that is not finite")


def _finite(written: str) -> float:
    number = float(written)
    return number if abs(number) != float("inf") else _not_finite(written)


def _deeper_than(found: Any, levels: int) -> bool:
    layer = [found]
    for _ in range(levels):
        layer = [
            inner
            for outer in layer
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not layer:
            return False
    return True
