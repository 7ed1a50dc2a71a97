"""What is known of a pack while it is being read, and what is wrong with it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.practice.arrangements import ChairModel, Document, Flag, Participation, PlanRules
from app.practice.catalogue import (
    CalendarPart,
    GlossaryEntry,
    LexiconEntry,
    RecordChoice,
    Sector,
    Source,
    TimeLimit,
)
from app.practice.local import Profile
from app.practice.pack import MeetingType
from app.practice.questions import Prompt
from app.practice.reasons import key_of
from app.practice.rule import Id, Part, Words


class Heading(Part):
    """What a pack says about itself; ``order`` is that in which its meeting types are offered, the rest after it."""

    id: Id
    label: Words
    version: Words
    language: Words
    reviewed: date
    order: tuple[Id, ...] = ()


@dataclass(frozen=True, slots=True)
class PackFinding:
    """Something wrong with a pack: in which file, at which line or key, and why. As text it is one sentence's body."""

    file: str
    line: int | None
    key: str
    reason: str

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        key = f"key {self.key}" if self.key else ""
        return f"{', '.join(part for part in (self.file or 'the pack', line, key) if part)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Contents:
    """What is known of a pack, file by file; None stands for a file that could not be understood.

    ``every_meeting`` says that no meeting type was left out for that.
    """

    heading: Heading | None
    calendar: CalendarPart | None
    meetings: tuple[tuple[str, MeetingType], ...]
    sectors: tuple[Sector, ...] | None
    time_limits: tuple[TimeLimit, ...] | None
    glossary: tuple[GlossaryEntry, ...]
    lexicon: tuple[LexiconEntry, ...]
    sources: tuple[Source, ...] | None
    markings: tuple[RecordChoice, ...]
    retentions: tuple[RecordChoice, ...]
    wording: Mapping[str, Mapping[str, str]] | None
    every_meeting: bool = True
    chair_models: tuple[ChairModel, ...] | None = ()
    flags: tuple[Flag, ...] | None = ()
    documents: tuple[Document, ...] | None = ()
    participation: Participation | None = None
    plan: PlanRules | None = None
    shared_prompts: tuple[Prompt, ...] = ()
    profile: Profile | None = None

    def parts(self) -> Iterator[tuple[str, str, Part]]:
        """Give every entry of the pack with its file and its key."""
        lists: tuple[tuple[str, str, Sequence[Part]], ...] = (
            ("sectors.toml", "sectors", self.sectors or ()),
            ("limits.toml", "limits", self.time_limits or ()),
            ("glossary.toml", "terms", self.glossary),
            ("lexicon.toml", "words", self.lexicon),
            ("records.toml", "markings", self.markings),
            ("records.toml", "retentions", self.retentions),
            ("chairs.toml", "models", self.chair_models or ()),
            ("flags.toml", "flags", self.flags or ()),
            ("distribution.toml", "documents", self.documents or ()),
            ("participation.toml", "", [self.participation] if self.participation else ()),
            ("plan.toml", "", [self.plan] if self.plan else ()),
            ("calendar.toml", "", [self.calendar] if self.calendar else ()),
        )
        for file, meeting in self.meetings:
            yield from ((file, key_of(path), part) for path, part in _below((), meeting))
        for file, name, entries in lists:
            for place, entry in enumerate(entries):
                start: tuple[int | str, ...] = (name, place) if name else ()
                yield from ((file, key_of(path), part) for path, part in _below(start, entry))


def _below(path: tuple[int | str, ...], part: Part) -> Iterator[tuple[tuple[int | str, ...], Part]]:
    yield path, part
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, Part):
            yield from _below((*path, name), value)
        elif isinstance(value, tuple):
            for place, entry in enumerate(value):
                if isinstance(entry, Part):
                    yield from _below((*path, name, place), entry)


def repeated(file: str, key: str, what: str, names: Iterable[str]) -> Iterator[PackFinding]:
    """Give a finding for each name that is there more than once."""
    for name, times in Counter(names).items():
        if times > 1:
            yield PackFinding(file, None, key, f'holds the {what} "{name}" {times} times; once is enough')
