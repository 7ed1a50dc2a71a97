"""Checks a pack, and lists what it contains rule by rule, each with its authority and its source."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

from app.practice.contents import Contents, Heading, PackFinding
from app.practice.pack import Pack
from app.practice.profiles import FILE, FOLDER, applied
from app.practice.reading import BadPack, contents_of, files_of
from app.practice.references import faults
from app.practice.rule_lines import RuleLine, lines_of


def check(pack: Pack, today: date | None = None) -> tuple[PackFinding, ...]:
    """Return what does not fit together in a pack; with a day, also the rules not reviewed for more than a year."""
    return tuple(faults(_contents(pack), today))


def rules(pack: Pack) -> list[RuleLine]:
    """Return every rule of a pack, meeting types first, each under an id of its own."""
    return lines_of(_contents(pack))


def report(folder: Path, today: date | None = None, national: Path | None = None) -> dict[str, Any]:
    """Return what is wrong with the pack or profile in ``folder`` and what it contains, ready for JSON.

    A profile is laid over the pack in the folder ``national``. What could be understood of a bad pack is listed all the
    same. With a day, overdue reviews are findings too.
    """
    try:
        if national is not None and is_profile(folder):
            files = applied(files_of(national), files_of(folder, FOLDER))
        else:
            files = files_of(folder)
        contents, findings = contents_of(files)
    except BadPack as bad:
        return _report(_NOTHING, list(bad.findings))
    findings += faults(contents, today)
    return _report(contents, findings)


def is_profile(folder: Path) -> bool:
    """Return whether a folder holds a local profile, and no pack."""
    return (folder / FILE.removeprefix(FOLDER)).is_file() and not (folder / "pack.toml").is_file()


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
        profile=pack.profile,
    )


def _report(contents: Contents, findings: list[PackFinding]) -> dict[str, Any]:
    heading, profile = contents.heading, contents.profile
    return {
        "pack": heading.model_dump(mode="json") if heading else None,
        **({"profile": profile.model_dump(mode="json")} if profile else {}),
        "findings": [
            {"file": f.file, "line": f.line, "key": f.key, "reason": f.reason, "sentence": str(f)} for f in findings
        ],
        "meeting_types": [{"id": meeting.id, "label": meeting.label} for _, meeting in contents.meetings],
        "rules": [
            asdict(line)
            | {"authority": line.authority.value, "source": list(line.source), "reviewed": line.reviewed.isoformat()}
            for line in lines_of(contents)
        ],
        "sources": {source.key: source.model_dump(exclude={"key"}) for source in contents.sources or ()},
    }
