"""Reads a pack from its files, and refuses a bad one with every fault that was found, not only the first."""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

from pydantic import Field, ValidationError

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
from app.practice.contents import Contents, Heading, PackFinding
from app.practice.inheriting import Changes, bases_first, fill, inherited, with_shared_prompts
from app.practice.local import ProfileFile
from app.practice.pack import MeetingType, Pack
from app.practice.profiles import FILE, FOLDER, OF_A_PROFILE, ProfileParts, with_profile
from app.practice.questions import Prompt
from app.practice.reasons import sentence_of
from app.practice.references import faults
from app.practice.rule import Authority, Id, Part
from app.practice.tables import Unreadable, table_of, without

LARGEST_FILE: Final = 1024 * 1024
MOST_FILES: Final = 200

# what a quorum asked for and nothing could tell, so that it did nothing
GONE: Final = frozenset({"direct_contact"})

_NAME = re.compile(r"(profile/)?(meetings/)?[a-z][a-z0-9_-]{0,59}\.toml", re.ASCII)

_Kind = TypeVar("_Kind", bound=Part)


class _Defaults(Part):
    authority: Authority | None = None
    source: tuple[Id, ...] | None = Field(default=None, min_length=1)
    reviewed: date | None = None


class _Sectors(Part):
    sectors: tuple[Sector, ...] = Field(min_length=1)


class _Limits(Part):
    limits: tuple[TimeLimit, ...] = ()


class _Glossary(Part):
    terms: tuple[GlossaryEntry, ...] = ()


class _Lexicon(Part):
    words: tuple[LexiconEntry, ...] = ()


class _Records(Part):
    markings: tuple[RecordChoice, ...] = ()
    retentions: tuple[RecordChoice, ...] = ()


class _Sources(Part):
    sources: tuple[Source, ...] = Field(min_length=1)


class _Chairs(Part):
    models: tuple[ChairModel, ...] = ()


class _Flags(Part):
    flags: tuple[Flag, ...] = ()


class _Distribution(Part):
    documents: tuple[Document, ...] = ()


class _Prompts(Part):
    prompts: tuple[Prompt, ...] = ()


class _Wording(Part):
    tables: Mapping[str, Mapping[str, str]] = {}


_NEEDED: Final = ("pack.toml", "sectors.toml", "sources.toml", "calendar.toml", "wording.toml")
_KNOWN: Final = frozenset(
    (
        *_NEEDED, "limits.toml", "glossary.toml", "lexicon.toml", "records.toml", "chairs.toml", "flags.toml",
        "participation.toml", "plan.toml", "distribution.toml", "prompts.toml",
    )
)  # fmt: skip


class BadPack(ValueError):
    """A pack that is refused, with all that is wrong with it."""

    def __init__(self, findings: tuple[PackFinding, ...]) -> None:
        self.findings = findings
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        super().__init__(f"This pack cannot be used: {findings[0]}{more}.")


def read_pack(folder: Path) -> Pack:
    """Return the pack in ``folder``, read and checked. Raises BadPack."""
    return read_files(files_of(folder))


def read_files(files: Mapping[str, bytes]) -> Pack:
    """Return the pack made of ``files``, names below the pack's folder to contents, checked. Raises BadPack."""
    contents, findings = contents_of(files)
    return _assembled(contents, files, [*findings, *faults(contents)])


def read_kept(files: Mapping[str, bytes]) -> Pack:
    """Return the pack that a meeting has kept.

    It was checked when it was taken up. So only what cannot be understood at all is refused, and a check that was
    added since cannot shut anybody out of an old meeting. Raises BadPack.
    """
    contents, findings = contents_of(files, kept=True)
    return _assembled(contents, files, findings)


def digest(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256, in hexadecimal, of the list of the files: digest, two spaces, name, newline, by name."""
    listing = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return hashlib.sha256(listing.encode()).hexdigest()


def files_of(folder: Path, within: str = "") -> dict[str, bytes]:
    """Return the files of the pack in ``folder``, by their names below it; those of a profile ``within`` its folder.

    Raises BadPack for a folder that is not there, and for anything in it that is no plain file of a pack.
    """
    files: dict[str, bytes] = {}
    findings: list[PackFinding] = []
    try:
        for below, entry in _entries(folder):
            name = f"{within}{below}"
            if len(files) + len(findings) >= MOST_FILES:
                findings.append(PackFinding("", None, "", f"holds more than {MOST_FILES} files"))
                break
            fault = _fault_in_entry(name, entry)
            if fault:
                findings.append(PackFinding(_printable(name), None, "", fault))
            else:
                files[name] = _bytes_of(entry.path)
    except NotADirectoryError:
        findings.append(PackFinding("", None, "", "is not a folder"))
    except FileNotFoundError:
        findings.append(PackFinding("", None, "", "is not there: the folder or a file in it was not found"))
    except OSError as error:
        findings.append(PackFinding("", None, "", f"cannot be read: {error.strerror}"))
    if findings:
        raise BadPack(tuple(findings))
    return files


def contents_of(files: Mapping[str, bytes], *, kept: bool = False) -> tuple[Contents, list[PackFinding]]:
    """Return what of a pack could be understood, and a finding for each thing that could not.

    In one that was ``kept`` the keys that packs have no more are passed over.
    """
    findings: list[PackFinding] = []
    raw = _raw(files, findings, GONE if kept else frozenset())

    def part(name: str, kind: type[_Kind]) -> _Kind | None:
        table = raw.get(name)
        return None if table is None else _part(name, table, kind, findings)

    sectors, limits = part("sectors.toml", _Sectors), part("limits.toml", _Limits)
    glossary, lexicon = part("glossary.toml", _Glossary), part("lexicon.toml", _Lexicon)
    sources, words = part("sources.toml", _Sources), part("wording.toml", _Wording)
    records, chairs, flags = part("records.toml", _Records), part("chairs.toml", _Chairs), part("flags.toml", _Flags)
    documents = part("distribution.toml", _Distribution)
    heading, local = part("pack.toml", Heading), part(FILE, ProfileFile)
    tables = {name: table for name, table in raw.items() if "meetings/" in name}
    shared = part("prompts.toml", _Prompts)
    prompts = {one.id: one.model_dump(mode="json", exclude_unset=True) for one in shared.prompts} if shared else {}
    meetings = _meetings(tables, prompts, findings)
    order = local.order if local and local.order else heading.order if heading else ()
    contents = Contents(
        heading=heading,
        calendar=part("calendar.toml", CalendarPart),
        meetings=_in_order(meetings, order),
        every_meeting=len(meetings) == len(tables),
        sectors=sectors.sectors if sectors else None,
        time_limits=limits.limits if limits else None if "limits.toml" in files else (),
        glossary=glossary.terms if glossary else (),
        lexicon=lexicon.words if lexicon else (),
        sources=sources.sources if sources else None,
        markings=records.markings if records else (),
        retentions=records.retentions if records else (),
        chair_models=chairs.models if chairs else None if "chairs.toml" in files else (),
        flags=flags.flags if flags else None if "flags.toml" in files else (),
        documents=documents.documents if documents else None if "distribution.toml" in files else (),
        participation=part("participation.toml", Participation),
        plan=part("plan.toml", PlanRules),
        shared_prompts=shared.prompts if shared else (),
        wording=words.tables if words else None,
    )
    if local is not None:
        more, known = part(f"{FOLDER}limits.toml", _Limits), part(f"{FOLDER}sources.toml", _Sources)
        parts = ProfileParts(local, more.limits if more else (), known.sources if known else ())
        contents, faulty = with_profile(contents, parts)
        findings += faulty
    return contents, findings


def _raw(
    files: Mapping[str, bytes], findings: list[PackFinding], gone: frozenset[str]
) -> dict[str, dict[str, Any] | None]:
    """Return the files as plain tables, without the keys that are ``gone``; None for one that could not be read."""
    raw = {name: _table(name, files[name], findings) for name in sorted(_accepted(files, findings))}
    for table in raw.values():
        without(gone, table)
    wording = raw.get("wording.toml")
    if wording is not None:
        raw["wording.toml"] = {"tables": wording}
    return raw


def _assembled(contents: Contents, files: Mapping[str, bytes], findings: list[PackFinding]) -> Pack:
    heading, calendar = contents.heading, contents.calendar
    if findings or heading is None or calendar is None:
        raise BadPack(tuple(findings))
    return Pack(
        **heading.model_dump(),
        digest=digest(files),
        meeting_types=tuple(meeting for _, meeting in contents.meetings),
        sectors=contents.sectors or (),
        time_limits=contents.time_limits or (),
        glossary=contents.glossary,
        lexicon=contents.lexicon,
        sources=contents.sources or (),
        calendar=calendar,
        markings=contents.markings,
        retentions=contents.retentions,
        chair_models=contents.chair_models or (),
        flags=contents.flags or (),
        documents=contents.documents or (),
        participation=contents.participation or Participation(),
        plan=contents.plan or PlanRules(),
        wording=MappingProxyType(dict(contents.wording or {})),
        profile=contents.profile,
    )


def _meetings(
    tables: Mapping[str, dict[str, Any] | None], shared: Mapping[str, dict[str, Any]], findings: list[PackFinding]
) -> dict[str, MeetingType]:
    """Return the meeting types by file, what each takes over from its base filled in."""
    order, faults = bases_first(tables)
    findings += faults
    full: dict[str, dict[str, Any]] = {}
    meetings: dict[str, MeetingType] = {}
    for name, base in order:
        table = tables[name]
        if table is None or (base and base not in meetings):
            continue  # that the base could not be understood is told of the base
        stated = with_shared_prompts(table, shared, full[base] if base else {})
        findings += [PackFinding(name, None, key, reason) for key, reason in stated]
        if base:
            table = _variant(name, full[base], table, findings)
        meeting = None if table is None else _part(name, table, MeetingType, findings)
        if table is not None and meeting is not None:
            full[name], meetings[name] = table, meeting
    return meetings


def _variant(
    name: str, base: dict[str, Any], table: dict[str, Any], findings: list[PackFinding]
) -> dict[str, Any] | None:
    stated = dict(table)
    own = {key: stated.pop(key) for key in Changes.model_fields if key in stated}
    defaults = stated.pop("defaults", {})
    changes = _valid(name, own, Changes, "", findings)
    if changes is None or _valid(name, defaults, _Defaults, "defaults", findings) is None:
        return None
    full, faults = inherited(base, stated, changes, defaults)
    findings += [PackFinding(name, None, key, reason) for key, reason in faults]
    return full


def _in_order(meetings: Mapping[str, MeetingType], order: tuple[str, ...]) -> tuple[tuple[str, MeetingType], ...]:
    places = {meeting_id: place for place, meeting_id in enumerate(order)}
    return tuple(sorted(meetings.items(), key=lambda entry: (places.get(entry[1].id, len(places)), entry[0])))


def _entries(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as top:
        for entry in sorted(top, key=lambda entry: entry.name):
            if entry.name == "meetings" and entry.is_dir(follow_symlinks=False):
                with os.scandir(entry.path) as below:
                    yield from ((f"meetings/{file.name}", file) for file in sorted(below, key=lambda file: file.name))
            else:
                yield entry.name, entry


def _fault_in_entry(name: str, entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "is a link to somewhere else; a pack holds its own files"
    if not entry.is_file(follow_symlinks=False):
        return "is not a plain file; a pack holds files, and one folder named meetings"
    return _fault_in_name(name)


_BINARY = getattr(os, "O_BINARY", 0)


def _bytes_of(path: str) -> bytes:
    # never wait for a pipe that took the file's place, and never follow a link that did
    opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | _BINARY)
    with os.fdopen(opened, "rb") as file:
        return file.read(LARGEST_FILE + 1)


def _fault_in_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        return "is not a name of a pack's file: small letters, digits, dashes and underscores, ending in .toml"
    own = name.removeprefix(FOLDER)
    if own != name and "/" not in own and own not in OF_A_PROFILE:
        return f"is not a file of a profile; known are {', '.join(sorted(OF_A_PROFILE))} and meetings/*.toml"
    if "/" not in name and name not in _KNOWN:
        return f"is not a file of a pack; known are {', '.join(sorted(_KNOWN))} and meetings/*.toml"
    return ""


def _accepted(files: Mapping[str, bytes], findings: list[PackFinding]) -> list[str]:
    """Return the names of the files worth parsing."""
    if len(files) > MOST_FILES:
        findings.append(PackFinding("", None, "", f"holds more than {MOST_FILES} files"))
        return []
    findings += [PackFinding(name, None, "", "is missing") for name in _NEEDED if name not in files]
    if not any(name.startswith("meetings/") for name in files):
        findings.append(PackFinding("meetings", None, "", "holds no meeting type: at least one file is needed"))
    if FILE not in files and any(name.startswith(FOLDER) for name in files):
        findings.append(PackFinding(FILE, None, "", "is missing"))
    accepted = []
    for name in sorted(files):
        fault = _fault_in_name(name)
        if not fault and len(files[name]) > LARGEST_FILE:
            fault = f"is larger than {LARGEST_FILE // 1024} KiB"
        if fault:
            findings.append(PackFinding(_printable(name), None, "", fault))
        else:
            accepted.append(name)
    return accepted


def _table(name: str, content: bytes, findings: list[PackFinding]) -> dict[str, Any] | None:
    try:
        return table_of(content)
    except Unreadable as error:
        findings.append(PackFinding(name, error.line, "", error.reason))
        return None


def _part(name: str, table: dict[str, Any], kind: type[_Kind], findings: list[PackFinding]) -> _Kind | None:
    """Return a file as what it stands for, its defaults filled in, or None with findings."""
    if "defaults" in table:
        defaults = table.pop("defaults")
        if _valid(name, defaults, _Defaults, "defaults", findings) is None:
            return None
        fill(table, kind, defaults)
    return _valid(name, table, kind, "", findings)


def _valid(
    name: str, table: dict[str, Any], kind: type[_Kind], under: str, findings: list[PackFinding]
) -> _Kind | None:
    try:
        # strict JSON takes lists as tuples and words as dates, and nothing else for what it is not
        return kind.model_validate_json(json.dumps(table, default=str), strict=True)
    except ValidationError as refused:
        for error in refused.errors(include_url=False, include_input=False):
            key, reason = sentence_of(error, table)
            key = ".".join(part for part in (under, key.removeprefix("tables.")) if part)
            findings.append(PackFinding(name, None, key, reason))
        return None


def _printable(name: str) -> str:
    return name.encode("ascii", "backslashreplace").decode()[:120]
