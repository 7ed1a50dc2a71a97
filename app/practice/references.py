"""Whether the parts of a pack fit together: every name it uses exists, every rule says where it comes from."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from string import Template
from typing import Final

from app.models.meeting import Method, State
from app.models.statement import Kind
from app.practice.pack import (
    SPEAKERS,
    Authority,
    CalendarPart,
    Clearance,
    Condition,
    DecisionQuestion,
    GlossaryEntry,
    Id,
    LexiconEntry,
    MeetingType,
    Part,
    RecordChoice,
    Rule,
    Sector,
    Source,
    TimeLimit,
    Words,
)
from app.practice.reasons import key_of

REVIEW_EVERY: Final = timedelta(days=365)
PLACEHOLDERS: Final = frozenset({"who", "child", "item", "question", "what"})
REQUIRED_WORDING: Final[Mapping[str, tuple[str, ...]]] = {
    "opening": ("difference_statement", "tally"),
    "closing": tuple(
        key for name in (*Clearance, "agency-not-heard", "decided-inquorate") for key in (str(name), f"{name}.mend")
    ),
    "state": tuple(State),
    "kind": tuple(Kind),
    "methods": tuple(Method),
}


class Heading(Part):
    """What a pack says about itself."""

    id: Id
    label: Words
    version: Words
    language: Words
    reviewed: date


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
    """What is known of a pack, file by file; None stands for a file that could not be understood."""

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

    def parts(self) -> Iterator[tuple[str, str, Part]]:
        """Give every entry of the pack with its file and its key."""
        lists: tuple[tuple[str, str, Sequence[Part]], ...] = (
            ("sectors.toml", "sectors", self.sectors or ()),
            ("limits.toml", "limits", self.time_limits or ()),
            ("glossary.toml", "terms", self.glossary),
            ("lexicon.toml", "words", self.lexicon),
            ("records.toml", "markings", self.markings),
            ("records.toml", "retentions", self.retentions),
            ("calendar.toml", "", [self.calendar] if self.calendar else ()),
        )
        for file, meeting in self.meetings:
            yield from ((file, key_of(path), part) for path, part in _below((), meeting))
        for file, name, entries in lists:
            for place, entry in enumerate(entries):
                start: tuple[int | str, ...] = (name, place) if name else ()
                yield from ((file, key_of(path), part) for path, part in _below(start, entry))


def faults(contents: Contents, today: date | None = None) -> Iterator[PackFinding]:
    """Give everything in a pack that does not fit together; with a day, also the rules whose review is overdue."""
    yield from _authority_faults(contents)
    yield from _catalogue_faults(contents)
    yield from _record_faults(contents)
    yield from _wording_faults(contents)
    for file, meeting in contents.meetings:
        yield from _Meeting(file, meeting, contents).faults()
    if today:
        yield from _review_faults(contents, today)


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


def _authority_faults(contents: Contents) -> Iterator[PackFinding]:
    if contents.sources is None:
        return
    sources = {source.key: source for source in contents.sources}
    for file, key, part in contents.parts():
        keys: tuple[str, ...] = getattr(part, "source", ())
        for place, name in enumerate(keys, 1):
            if name not in sources:
                yield PackFinding(
                    file, None, f"{key}.source[{place}]".lstrip("."), f'names the source "{name}", unknown'
                )
        standings = {sources[name].standing for name in keys if name in sources}
        if isinstance(part, Rule) and "not-read" in standings and "read" not in standings and not part.note:
            yield PackFinding(
                file, None, f"{key}.note".lstrip("."), "must say what is not confirmed: no source was read"
            )
        if isinstance(part, Rule) and standings == {"own"} and part.authority is not Authority.APP_DEFAULT:
            yield PackFinding(file, None, f"{key}.authority".lstrip("."), "must be app_default: the source is our own")


def _catalogue_faults(contents: Contents) -> Iterator[PackFinding]:
    """Give what is wrong within the files that the meeting types refer to."""
    yield from _repeated("pack", "", "meeting type", [meeting.id for _, meeting in contents.meetings])
    yield from _repeated("sectors.toml", "sectors", "id", [sector.id for sector in contents.sectors or ()])
    yield from _repeated("limits.toml", "limits", "id", [limit.id for limit in contents.time_limits or ()])
    yield from _repeated("sources.toml", "sources", "key", [source.key for source in contents.sources or ()])
    yield from _repeated("lexicon.toml", "words", "id", [word.id for word in contents.lexicon])
    yield from _repeated("lexicon.toml", "words", "word", [word.term.casefold() for word in contents.lexicon])
    yield from _repeated("glossary.toml", "terms", "term", [entry.term.casefold() for entry in contents.glossary])
    for place, sector in enumerate(contents.sectors or (), 1):
        yield from _repeated("sectors.toml", f"sectors[{place}].roles", "id", [role.id for role in sector.roles])
    for place, limit in enumerate(contents.time_limits or (), 1):
        if (limit.unit == "clock-time") != (limit.clock is not None):
            reason = "is needed for the unit clock-time, and for no other"
            yield PackFinding("limits.toml", None, f"limits[{place}].clock", reason)
        if limit.at_most is not None and limit.at_most < limit.count:
            yield PackFinding("limits.toml", None, f"limits[{place}].at_most", "must not be less than count")
        if limit.starts != "elsewhere" and limit.unit in ("gestation-weeks", "clock-time"):
            reason = f"must be elsewhere: a limit in {limit.unit} is shown, not counted"
            yield PackFinding("limits.toml", None, f"limits[{place}].starts", reason)
    for place, source in enumerate(contents.sources or (), 1):
        if source.address and not source.address.startswith(("https://", "http://")):
            reason = "must begin with https:// or http://"
            yield PackFinding("sources.toml", None, f"sources[{place}].address", reason)
    calendar = contents.calendar
    if calendar and calendar.first > calendar.last:
        yield PackFinding("calendar.toml", None, "last", "must not be before first")
    for name, days in (("added", calendar.added), ("removed", calendar.removed)) if calendar else ():
        if calendar and not all(calendar.first <= day <= calendar.last for day in days):
            yield PackFinding("calendar.toml", None, name, "must hold days from first to last only")


def _record_faults(contents: Contents) -> Iterator[PackFinding]:
    """Give what is wrong with what an authority chooses from for its records."""
    yield from _repeated("records.toml", "markings", "id", [choice.id for choice in contents.markings])
    yield from _repeated("records.toml", "retentions", "id", [choice.id for choice in contents.retentions])
    for place, choice in enumerate(contents.retentions, 1):
        if not choice.counts_from:
            yield PackFinding("records.toml", None, f"retentions[{place}].counts_from", "is missing")


def _wording_faults(contents: Contents) -> Iterator[PackFinding]:
    wording = contents.wording
    if wording is None:
        return
    required = dict(REQUIRED_WORDING)
    required["minutes"] = tuple({entry.shown_in: "" for _, meeting in contents.meetings for entry in meeting.record})
    own = {sector.id for sector in contents.sectors or ()}
    required["agency_kinds"] = tuple(
        {kind: "" for sector in contents.sectors or () for kind in sector.counts_as if kind not in own}
    )
    for table, keys in required.items():
        for key in keys:
            if not wording.get(table, {}).get(key, "").strip():
                yield PackFinding("wording.toml", None, f'{table}."{key}"', "is missing")
    names = ", ".join(f"${name}" for name in sorted(PLACEHOLDERS))
    for table in ("closing", "refusal"):
        for key, sentence in wording.get(table, {}).items():
            template = Template(sentence)
            if not template.is_valid():
                yield PackFinding("wording.toml", None, f'{table}."{key}"', "needs $$ where a dollar sign is meant")
            elif table == "closing" and not set(template.get_identifiers()) <= PLACEHOLDERS:
                yield PackFinding("wording.toml", None, f'{table}."{key}"', f"may ask for {names}, and nothing else")


def _review_faults(contents: Contents, today: date) -> Iterator[PackFinding]:
    dated: list[tuple[str, str, date]] = [
        (file, key, part.reviewed) for file, key, part in contents.parts() if isinstance(part, Rule | CalendarPart)
    ]
    if contents.heading:
        dated.insert(0, ("pack.toml", "", contents.heading.reviewed))
    for file, key, reviewed in dated:
        where = f"{key}.reviewed".lstrip(".")
        if reviewed > today:
            yield PackFinding(file, None, where, f"lies in the future: {reviewed.isoformat()}")
        elif today - reviewed > REVIEW_EVERY:
            yield PackFinding(file, None, where, f"is more than a year ago: {reviewed.isoformat()}")


def _repeated(file: str, key: str, what: str, names: Iterable[str]) -> Iterator[PackFinding]:
    for name, times in Counter(names).items():
        if times > 1:
            yield PackFinding(file, None, key, f'holds the {what} "{name}" {times} times; once is enough')


@dataclass(frozen=True, slots=True)
class _Meeting:
    """One meeting type, looked at beside the rest of its pack."""

    file: str
    meeting: MeetingType
    contents: Contents

    def faults(self) -> Iterator[PackFinding]:
        """Give what does not fit."""
        yield from self._ids()
        yield from self._agenda()
        yield from self._questions()
        yield from self._agencies()
        yield from self._limits()

    def _fault(self, key: str, reason: str) -> PackFinding:
        return PackFinding(self.file, None, key, reason)

    def _unknown(self, key: str, what: str, names: Iterable[str], known: Collection[str]) -> Iterator[PackFinding]:
        for place, name in enumerate(names, 1):
            if name not in known:
                yield self._fault(f"{key}[{place}]", f'names the {what} "{name}", unknown')

    def _ids(self) -> Iterator[PackFinding]:
        meeting = self.meeting
        prompts = [prompt.id for item in meeting.agenda for prompt in item.prompts]
        groups: tuple[tuple[str, list[str]], ...] = (
            ("agenda", [item.id for item in meeting.agenda]),
            ("agenda.prompts", prompts),
            ("decisions", [question.id for question in meeting.decisions]),
            ("views", [question.id for question in meeting.views]),
            ("invites", [invite.id for invite in meeting.invites]),
            ("record", [entry.id for entry in meeting.record]),
            ("closing", [name.value for name in meeting.closing]),
            ("time_limits", list(meeting.time_limits)),
        )
        for key, names in groups:
            yield from _repeated(self.file, key, "id", names)
        options = [(f"decisions[{place}]", q.options) for place, q in enumerate(meeting.decisions, 1)]
        options += [(f"views[{place}]", q.options) for place, q in enumerate(meeting.views, 1)]
        for key, choices in options:
            yield from _repeated(self.file, f"{key}.options", "id", [option.id for option in choices])

    def _agenda(self) -> Iterator[PackFinding]:
        meeting = self.meeting
        decisions = {question.id for question in meeting.decisions}
        views = {question.id for question in meeting.views}
        for place, item in enumerate(meeting.agenda, 1):
            yield from self._unknown(f"agenda[{place}].decisions", "decision", item.decisions, decisions)
            yield from self._unknown(f"agenda[{place}].views", "view", item.views, views)
        for key, ids, taken in (
            ("decisions", decisions, Counter(name for item in meeting.agenda for name in item.decisions)),
            ("views", views, Counter(name for item in meeting.agenda for name in item.views)),
        ):
            for name in sorted(ids):
                if taken[name] != 1:
                    yield self._fault(key, f'"{name}" must be on one agenda item; it is on {taken[name]}')

    def _questions(self) -> Iterator[PackFinding]:
        meeting = self.meeting
        for place, question in enumerate(meeting.decisions, 1):
            yield from self._conditions(f"decisions[{place}].required_when", question.required_when)
        for place, view in enumerate(meeting.views, 1):
            decision = meeting.decision(view.decision)
            if decision is None:
                yield self._fault(f"views[{place}].decision", f'names the decision "{view.decision}", unknown')
            elif len({option.id for option in view.options} & {option.id for option in decision.options}) < 2:
                reason = f"must share two or more ids with the options of {decision.id}, or no majority can be told"
                yield self._fault(f"views[{place}].options", reason)

    def _conditions(self, key: str, conditions: Sequence[Condition]) -> Iterator[PackFinding]:
        for place, condition in enumerate(conditions, 1):
            question: DecisionQuestion | None = self.meeting.decision(condition.decision)
            if question is None:
                yield self._fault(f"{key}[{place}].decision", f'names the decision "{condition.decision}", unknown')
                continue
            for number, option in enumerate(condition.options, 1):
                if question.option(option) is None:
                    where = f"{key}[{place}].options[{number}]"
                    yield self._fault(where, f'names the option "{option}", which {question.id} does not have')

    def _agencies(self) -> Iterator[PackFinding]:
        sectors = self.contents.sectors
        if sectors is None:
            return
        kinds = {kind for sector in sectors for kind in sector.kinds}
        meeting = self.meeting
        yield from self._unknown("quorum.all_of", "sector or kind", meeting.quorum.all_of, kinds)
        for place, invite in enumerate(meeting.invites, 1):
            yield from self._unknown(f"invites[{place}].sectors", "sector or kind", invite.sectors, kinds)
        for place, item in enumerate(meeting.agenda, 1):
            yield from self._unknown(f"agenda[{place}].speakers", "speaker", item.speakers, kinds | SPEAKERS)

    def _limits(self) -> Iterator[PackFinding]:
        meeting, limits = self.meeting, self.contents.time_limits
        allowed = meeting.quorum.if_inquorate.allowed_decisions
        decisions = {question.id for question in meeting.decisions}
        yield from self._unknown("quorum.if_inquorate.allowed_decisions", "decision", allowed, decisions)
        if limits is None:
            return
        by_id = {limit.id: limit for limit in limits}
        yield from self._unknown("time_limits", "time limit", meeting.time_limits, by_id)
        reconvene = meeting.quorum.if_inquorate.reconvene_limit
        if reconvene not in by_id:
            yield self._fault("quorum.if_inquorate.reconvene_limit", f'names the time limit "{reconvene}", unknown')
        for place, name in enumerate(meeting.time_limits, 1):
            if name in by_id:
                yield from self._conditions(f"time_limits[{place}] ({name}).when", by_id[name].when)
