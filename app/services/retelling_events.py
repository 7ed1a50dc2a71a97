"""What a record tells of its case's chronology, noted again as it was typed."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from app.models.case import Fact, Sex
from app.models.event import EventKind
from app.practice.words import legal_day
from app.services import chronology
from app.services.retelling import Entry, Told
from app.services.sitting import Sitting, meeting_of
from app.sharing.course import moment

Noted = tuple[datetime, str, Any]


def noted(told: Told, case: Entry) -> Iterator[Noted]:
    """Yield each event of a case: when it was noted, its path, and the act that notes it."""
    for number, event in enumerate(case.get("events", [])):
        yield moment(event["noted_at"]), f"case.events[{number}]", partial(_note, told, case, event)


def before_its_birth(child: Entry, facts: dict[str, Fact], begun: datetime) -> dict[str, Fact]:
    """Return the facts of a child as they were when the meeting began: one who was born later is unborn."""
    if "born" in child and date.fromisoformat(child["born"]) > legal_day(begun):
        return {**facts, "born": None, "sex": Sex.UNBORN}
    return facts


def _note(told: Told, case: Entry, event: Entry, sitting: Sitting) -> UUID:
    """Return the id of the event; one that the store has already is the same."""
    with sitting.store.read() as session:
        case_id = meeting_of(session, told.meeting_id).case_id
    kind, happened = EventKind(event["kind"]), moment(event["happened_at"])
    child = told.maybe("children", event.get("child"))
    for known in chronology.listed(sitting, case_id):
        if (known.kind, known.happened_at, known.child_id, known.text) == (kind, happened, child, event["text"]):
            return known.id
    # the text tells of the earlier name already, and the record of the child has the name of today
    named = kind is EventKind.NAME_CHANGED
    name = next((one["name"] for one in case["children"] if named and one["id"] == event.get("child")), "")
    return chronology.record_event(
        sitting, case_id, kind, event["text"], legal_day(happened) if event.get("whole_day", False) else happened,
        child=child, source=event.get("source", ""), alone=event.get("alone"), name=name,
    ).id  # fmt: skip
