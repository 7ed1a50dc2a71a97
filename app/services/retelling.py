"""The entries of a record as the acts that typed them, with the ids they get for the keys they have in the file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app.models.dissent import DissentKind
from app.models.gap import GapState
from app.models.statement import Kind
from app.services import deciding, entries, table
from app.services.sitting import Sitting

Entry = Mapping[str, Any]
NOT_YET = UUID(int=0)


class RefusedBefore(Exception):
    """What an entry names was refused itself, so there is nothing more to say of the entry."""


class OutOfStep(Exception):
    """An entry says of itself what does not follow from the rest; the text says what, going on from its path."""


@dataclass(slots=True)
class Told:
    """What of a record is told already: the meeting, and the id of each part by its list and its key in the file."""

    meeting_id: UUID = NOT_YET
    ids: dict[tuple[str, str], UUID] = field(default_factory=dict)
    agencies: dict[tuple[str, str], UUID] = field(default_factory=dict)

    def keep(self, listed: str, entry: Entry, record_id: UUID) -> None:
        """Remember the id of what an entry became."""
        if "id" in entry:
            self.ids[listed, entry["id"]] = record_id

    def named(self, listed: str, key: str) -> UUID:
        """Return the id of what a key names."""
        try:
            return self.ids[listed, key]
        except KeyError:
            raise RefusedBefore from None

    def maybe(self, listed: str, key: str | None) -> UUID | None:
        """Return the id of what a key names, None for no key."""
        return None if key is None else self.named(listed, key)

    def keep_agency(self, agency: Entry, agency_id: UUID) -> None:
        """Remember an agency."""
        self.agencies[agency["sector"], agency["name"]] = agency_id
        self.keep("agencies", agency, agency_id)

    def agency(self, sitting: Sitting, entry: Entry) -> UUID | None:
        """Return the id of the agency an entry names, made where it is new; None where it names none."""
        agency = entry.get("agency")
        if agency is None:
            return None
        known = self.agencies.get((agency["sector"], agency["name"]))
        self.keep_agency(agency, known or table.name_agency(sitting, agency["sector"], agency["name"]).id)
        return self.agencies[agency["sector"], agency["name"]]

    def in_file(self, subject: str) -> str:
        """Return the subject of a finding, its ids replaced by the keys they have in the file."""
        keys = {str(record_id): key for (_, key), record_id in self.ids.items()}
        return "/".join(keys.get(part, part) for part in subject.split("/"))


def day(entry: Entry, name: str) -> date | None:
    """Return a day of an entry, None where it has none."""
    return date.fromisoformat(entry[name]) if name in entry else None


def _statement(told: Told, sitting: Sitting, said: Entry) -> UUID:
    made = entries.record_statement(
        sitting,
        told.meeting_id,
        said["item_id"],
        said["text"],
        speaker=told.maybe("attendances", said.get("speaker")),
        child=told.maybe("children", said.get("child")),
        kind=Kind(said.get("kind", Kind.FACT)),
        source=said.get("source", ""),
        restricted=said.get("restricted", False),
    )
    return made.id


def _gap(told: Told, sitting: Sitting, said: Entry) -> UUID:
    state = GapState(said["state"]) if "state" in said else None
    made = entries.record_gap(
        sitting,
        told.meeting_id,
        said["item_id"],
        said["question"],
        agency=told.agency(sitting, said),
        owner=said.get("owner", ""),
        due=day(said, "due"),
        child=told.maybe("children", said.get("child")),
        state=state,
    )
    if "answer" in said:
        entries.own_gap(sitting, made.id, answer=said["answer"], state=state)
    return made.id


def _answer(told: Told, sitting: Sitting, said: Entry) -> UUID:
    child = told.maybe("children", said.get("child"))
    return entries.answer_prompt(sitting, told.meeting_id, said["prompt_id"], said["text"], child=child).id


def _view(told: Told, sitting: Sitting, said: Entry) -> UUID:
    made = deciding.record_view(
        sitting,
        told.meeting_id,
        said["question_id"],
        told.named("children", said["child"]),
        said["option"],
        said["reason"],
        agency=told.agency(sitting, said),
        speaker=told.maybe("attendances", said.get("speaker")),
        would_change=said.get("would_change", ""),
    )
    if said.get("round", made.round) != made.round:
        raise OutOfStep(f"is round {made.round} by the order in time, not {said['round']}")
    return made.id


def _decision(told: Told, sitting: Sitting, said: Entry) -> UUID:
    choice = deciding.Choice(
        said["question_id"],
        told.named("children", said["child"]),
        said["option"],
        said["reason"],
        departure=said.get("departure", ""),
        on=day(said, "on"),
        person=said.get("person", ""),
        detail=said.get("detail", ""),
        grounds=[told.named("statements", key) for key in said.get("grounds", ())],
        as_for=told.maybe("children", said.get("likeness", {}).get("child")),
        differs=said.get("likeness", {}).get("differs", ""),
    )
    return deciding.decide(sitting, told.meeting_id, choice).id


def _dissent(told: Told, sitting: Sitting, said: Entry) -> UUID:
    made = deciding.record_dissent(
        sitting,
        told.meeting_id,
        said["item_id"],
        told.named("attendances", said["dissenter"]),
        DissentKind(said["kind"]),
        said["words"],
        question_id=said.get("question_id", deciding.PROCESS),
        child=told.maybe("children", said.get("child")),
        preferred=said.get("preferred", ""),
        risk=said.get("risk", ""),
    )
    return made.id


def _action(told: Told, sitting: Sitting, said: Entry) -> UUID:
    made = entries.record_action(
        sitting,
        told.meeting_id,
        said["item_id"],
        said["text"],
        owner=said.get("owner", ""),
        agency=told.agency(sitting, said),
        due=day(said, "due"),
        child=told.maybe("children", said.get("child")),
    )
    return made.id


RETELL: Mapping[str, Callable[[Told, Sitting, Entry], UUID]] = {
    "statements": _statement,
    "gaps": _gap,
    "answers": _answer,
    "views": _view,
    "decisions": _decision,
    "dissents": _dissent,
    "actions": _action,
}
