"""Whether the parts of a pack fit together: every name it uses exists, every rule says where it comes from."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from string import Template
from typing import Final

from app.models.meeting import Method, State
from app.models.statement import Kind
from app.practice.arrangement_faults import arrangement_faults
from app.practice.catalogue import (
    CalendarPart,
)
from app.practice.contents import Contents, PackFinding, repeated
from app.practice.limit_faults import limit_faults
from app.practice.meeting_faults import MeetingFaults, told_once
from app.practice.pack import Clearance
from app.practice.profiles import FILE as PROFILE_FILE
from app.practice.profiles import profile_faults
from app.practice.rule import Authority, Rule

REVIEW_EVERY: Final = timedelta(days=365)
PLACEHOLDERS: Final = frozenset({"who", "child", "item", "question", "what"})
REQUIRED_WORDING: Final[Mapping[str, tuple[str, ...]]] = {
    "opening": ("difference_statement", "tally"),
    "closing": tuple(
        key
        for name in (*Clearance, "agency-not-heard", "decided-inquorate", "exclusion-ruled")
        for key in (str(name), f"{name}.mend")
    ),
    "state": tuple(State),
    "kind": tuple(Kind),
    "methods": tuple(Method),
}


def faults(contents: Contents, today: date | None = None) -> Iterator[PackFinding]:
    """Give everything in a pack that does not fit together; with a day, also the rules whose review is overdue."""
    found = [*_authority_faults(contents), *_catalogue_faults(contents), *_order_faults(contents)]
    found += [*limit_faults(contents), *arrangement_faults(contents)]
    found += [*_record_faults(contents), *_wording_faults(contents), *profile_faults(contents)]
    for file, meeting in contents.meetings:
        found += MeetingFaults(file, meeting, contents).faults()
    if today:
        found += _review_faults(contents, today)
    yield from told_once(found, contents)


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
    yield from repeated("pack", "", "meeting type", [meeting.id for _, meeting in contents.meetings])
    yield from repeated("sectors.toml", "sectors", "id", [sector.id for sector in contents.sectors or ()])
    yield from repeated("sources.toml", "sources", "key", [source.key for source in contents.sources or ()])
    yield from repeated("lexicon.toml", "words", "id", [word.id for word in contents.lexicon])
    yield from repeated("lexicon.toml", "words", "word", [word.term.casefold() for word in contents.lexicon])
    yield from repeated("glossary.toml", "terms", "term", [entry.term.casefold() for entry in contents.glossary])
    yield from repeated("prompts.toml", "prompts", "id", [prompt.id for prompt in contents.shared_prompts])
    asked = {prompt.id for _, meeting in contents.meetings for item in meeting.agenda for prompt in item.prompts}
    for place, prompt in enumerate(contents.shared_prompts if contents.meetings and contents.every_meeting else (), 1):
        if prompt.id not in asked:
            yield PackFinding("prompts.toml", None, f"prompts[{place}]", f'"{prompt.id}" is on no agenda')
    for place, sector in enumerate(contents.sectors or (), 1):
        yield from repeated("sectors.toml", f"sectors[{place}].roles", "id", [role.id for role in sector.roles])
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


def _order_faults(contents: Contents) -> Iterator[PackFinding]:
    known = {meeting.id for _, meeting in contents.meetings}
    for place, name in enumerate(contents.heading.order if contents.heading else (), 1):
        if name not in known and contents.every_meeting:
            yield PackFinding("pack.toml", None, f"order[{place}]", f'names the meeting type "{name}", unknown')


def _record_faults(contents: Contents) -> Iterator[PackFinding]:
    """Give what is wrong with what an authority chooses from for its records."""
    yield from repeated("records.toml", "markings", "id", [choice.id for choice in contents.markings])
    yield from repeated("records.toml", "retentions", "id", [choice.id for choice in contents.retentions])
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
    if contents.profile:
        dated.append((PROFILE_FILE, "", contents.profile.reviewed))
    for file, key, reviewed in dated:
        where = f"{key}.reviewed".lstrip(".")
        if reviewed > today:
            yield PackFinding(file, None, where, f"lies in the future: {reviewed.isoformat()}")
        elif today - reviewed > REVIEW_EVERY:
            yield PackFinding(file, None, where, f"is more than a year ago: {reviewed.isoformat()}")
