"""Checks a pack, and lists what it contains rule by rule, each with its authority and its source."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

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
from app.practice.contents import Contents, Heading, PackFinding
from app.practice.pack import InviteTrigger, MeetingType, Pack, QuorumRule, RecordRequirement
from app.practice.questions import AgendaItem, DecisionQuestion, Prompt, ViewQuestion
from app.practice.reading import BadPack, contents_of, files_of
from app.practice.references import faults
from app.practice.rule import Authority, Rule

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


def check(pack: Pack, today: date | None = None) -> tuple[PackFinding, ...]:
    """Return what does not fit together in a pack; with a day, also the rules not reviewed for more than a year."""
    return tuple(faults(_contents(pack), today))


def rules(pack: Pack) -> list[RuleLine]:
    """Return every rule of a pack, meeting types first, each under an id of its own."""
    return _rules(_contents(pack))


def report(folder: Path, today: date | None = None) -> dict[str, Any]:
    """Return what is wrong with the pack in ``folder`` and what it contains, ready for JSON.

    What could be understood of a bad pack is listed all the same. With a day, overdue reviews are findings too.
    """
    try:
        contents, findings = contents_of(files_of(folder))
    except BadPack as bad:
        return _report(_NOTHING, list(bad.findings))
    findings += faults(contents, today)
    return _report(contents, findings)


_NOTHING: Final = Contents(
    heading=None,
    calendar=None,
    meetings=(),
    sectors=None,
    time_limits=None,
    glossary=(),
    lexicon=(),
    sources=None,
    markings=(),
    retentions=(),
    wording=None,
)


def _contents(pack: Pack) -> Contents:
    return Contents(
        heading=Heading(
            id=pack.id,
            label=pack.label,
            version=pack.version,
            language=pack.language,
            reviewed=pack.reviewed,
            order=pack.order,
        ),
        calendar=pack.calendar,
        meetings=tuple((f"meetings/{meeting.id}.toml", meeting) for meeting in pack.meeting_types),
        sectors=pack.sectors,
        time_limits=pack.time_limits,
        glossary=pack.glossary,
        lexicon=pack.lexicon,
        sources=pack.sources,
        markings=pack.markings,
        retentions=pack.retentions,
        chair_models=pack.chair_models,
        flags=pack.flags,
        documents=pack.documents,
        participation=pack.participation,
        plan=pack.plan,
        wording=pack.wording,
    )


def _rules(contents: Contents) -> list[RuleLine]:
    owners = {file: meeting.id for file, meeting in contents.meetings}
    lines = [line for file, _, part in contents.parts() for line in _line(part, owners.get(file, ""))]
    bases = {meeting.id: meeting.base for _, meeting in contents.meetings}
    stated = {(line.meeting_type, line.kind, line.id) for line in lines}
    # what a variant takes over is the rule of its base, which keeps its short id
    taken_over = {line for line in lines if (bases.get(line.meeting_type), line.kind, line.id) in stated}
    shared = Counter(line.id for line in lines if not line.meeting_type)
    all_plain = Counter(line.id for line in lines if line.kind not in _NAMED_BY_PLACE and line not in taken_over)
    return [
        replace(
            line, id=_long_id(line) if line in taken_over else _own_id(line, all_plain if line.meeting_type else shared)
        )
        for line in lines
    ]


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
        yield RuleLine(part.id, kind, owner, _words(part), part.authority, part.source, part.reviewed, part.note)


def _words(rule: Rule) -> str:
    names = ("label", "title", "question", "text", "term")
    return next(str(getattr(rule, name)) for name in names if hasattr(rule, name))


def _report(contents: Contents, findings: list[PackFinding]) -> dict[str, Any]:
    heading = contents.heading
    return {
        "pack": heading.model_dump(mode="json") if heading else None,
        "findings": [
            {"file": f.file, "line": f.line, "key": f.key, "reason": f.reason, "sentence": str(f)} for f in findings
        ],
        "meeting_types": [{"id": meeting.id, "label": meeting.label} for _, meeting in contents.meetings],
        "rules": [
            asdict(line)
            | {"authority": line.authority.value, "source": list(line.source), "reviewed": line.reviewed.isoformat()}
            for line in _rules(contents)
        ],
        "sources": {source.key: source.model_dump(exclude={"key"}) for source in contents.sources or ()},
    }
