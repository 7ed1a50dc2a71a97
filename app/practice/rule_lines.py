"""Every rule of a pack as one line, under an id that no other rule of the pack has."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.practice.arrangements import (
    ChairModel,
    ComplaintStage,
    Document,
    EndReason,
    ExclusionGround,
    Flag,
    MostActions,
    PlanAge,
    PlanCategory,
    VagueWord,
)
from app.practice.catalogue import CalendarPart, LexiconEntry, RecordChoice, Sector, TimeLimit
from app.practice.contents import Contents
from app.practice.pack import InviteTrigger, MeetingType, QuorumRule, RecordRequirement
from app.practice.questions import AgendaItem, DecisionQuestion, Prompt, ViewQuestion
from app.practice.rule import Authority, Part, Rule

_KINDS: Final[dict[type[Rule], str]] = {
    MeetingType: "meeting_type",
    QuorumRule: "quorum",
    AgendaItem: "agenda_item",
    Prompt: "prompt",
    ViewQuestion: "view",
    DecisionQuestion: "decision",
    InviteTrigger: "invite",
    RecordRequirement: "record",
    TimeLimit: "time_limit",
    Sector: "sector",
    LexiconEntry: "lexicon",
    RecordChoice: "record_choice",
    ChairModel: "chair_model",
    Flag: "flag",
    ExclusionGround: "exclusion_ground",
    ComplaintStage: "complaint_stage",
    PlanCategory: "plan_category",
    EndReason: "end_reason",
    VagueWord: "vague_word",
    PlanAge: "plan_age",
    MostActions: "most_actions",
    Document: "document",
}
# they are called after what they are about, so an item and a view may well share a name
_NAMED_BY_PLACE: Final = frozenset({"agenda_item", "view"})


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule of a pack: what it is, how binding, where it comes from.

    ``id`` is the rule's own where no other rule of the pack has it, else it begins with its meeting type or its kind.
    ``meeting_type`` is empty for what all meeting types share. ``words`` is its label, question or text.
    """

    id: str
    kind: str
    meeting_type: str
    words: str
    authority: Authority
    source: tuple[str, ...]
    reviewed: date
    note: str = ""


def lines_of(contents: Contents) -> list[RuleLine]:
    """Return every rule of a pack, meeting types first, each under an id of its own."""
    return [line for line, _ in rules_of(contents)]


def rules_of(contents: Contents) -> list[tuple[RuleLine, Part]]:
    """Return every rule of a pack with its line, meeting types first."""
    owners = {file: meeting.id for file, meeting in contents.meetings}
    found = [(line, part) for file, _, part in contents.parts() for line in _line(part, owners.get(file, ""))]
    lines = [line for line, _ in found]
    bases = {meeting.id: meeting.base for _, meeting in contents.meetings}
    stated = {(line.meeting_type, line.kind, line.id) for line in lines}
    # what a variant takes over is the rule of its base, which keeps its short id
    taken_over = {line for line in lines if (bases.get(line.meeting_type), line.kind, line.id) in stated}
    shared = Counter(line.id for line in lines if not line.meeting_type)
    all_plain = Counter(line.id for line in lines if line.kind not in _NAMED_BY_PLACE and line not in taken_over)
    ids = [
        _long_id(line) if line in taken_over else _own_id(line, all_plain if line.meeting_type else shared)
        for line in lines
    ]
    return [(replace(line, id=own), part) for own, (line, part) in zip(ids, found, strict=True)]


def _own_id(line: RuleLine, taken: Counter[str]) -> str:
    return line.id if line.kind not in _NAMED_BY_PLACE and taken[line.id] == 1 else _long_id(line)


def _long_id(line: RuleLine) -> str:
    return ".".join(part for part in (line.meeting_type, line.kind, line.id) if part)


def _line(part: object, meeting_type: str) -> Iterator[RuleLine]:
    if isinstance(part, CalendarPart):
        words = f"Working days from {part.first.isoformat()} to {part.last.isoformat()}"
        yield RuleLine("calendar", "calendar", "", words, part.authority, part.source, part.reviewed, part.note)
    elif isinstance(part, Rule):
        owner = part.id if isinstance(part, MeetingType) else meeting_type
        kind = _KINDS[type(part)]
        yield RuleLine(part.id, kind, owner, words_of(part), part.authority, part.source, part.reviewed, part.note)


def words_of(rule: Rule) -> str:
    """Return what a rule is called: its label, question or text."""
    names = ("label", "title", "question", "text", "term")
    return next(str(getattr(rule, name)) for name in names if hasattr(rule, name))
