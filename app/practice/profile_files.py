"""Writes the files of a profile, and reads what they say of themselves: TOML, in the few shapes a profile has.

The program carries no library that writes TOML, and what a profile holds is text, numbers, days, lists and one level of
tables: less than a page writes it, and everything that is written is read again by the same reader as any pack.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, TypeVar

from app.practice.catalogue import Source
from app.practice.local import Change, ProfileFile
from app.practice.rule import Part
from app.practice.tables import table_of

PROFILE: Final = "profile.toml"
SOURCES: Final = "sources.toml"

_Kind = TypeVar("_Kind", bound=Part)
_BARE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


class _Sources(Part):
    sources: tuple[Source, ...] = ()


def profile_file(content: bytes) -> ProfileFile:
    """Return what a ``profile.toml`` says; raises ``Unreadable`` or pydantic's ``ValidationError`` where it cannot."""
    return _read(content, ProfileFile)


def sources_file(content: bytes) -> tuple[Source, ...]:
    """Return the sources in a ``sources.toml``; raises like ``profile_file``."""
    return _read(content, _Sources).sources


def has_remarks(content: bytes) -> bool:
    """Return whether a file has lines of remarks, which are not part of what it says."""
    return any(line.lstrip().startswith(b"#") for line in content.splitlines())


def written(file: ProfileFile) -> bytes:
    """Return a ``profile.toml`` that says this, and reads as the same again."""
    return _text(_lines_of(file))


def written_sources(sources: tuple[Source, ...]) -> bytes:
    """Return a ``sources.toml`` with these sources."""
    return _text(
        line for one in sources for line in ("[[sources]]", *_pairs(one.model_dump(exclude_defaults=True)), "")
    )


def _read(content: bytes, kind: type[_Kind]) -> _Kind:
    table = table_of(content)
    # they are for the rules of a file, and neither holds one
    table.pop("defaults", None)
    return kind.model_validate_json(json.dumps(table, default=str), strict=True)


def _lines_of(file: ProfileFile) -> Iterator[str]:
    said = file.model_dump(exclude={"keeping", "changes", "why_looser"})
    yield from _pairs({key: value for key, value in said.items() if value != ()})
    if keeping := file.keeping.model_dump(exclude_defaults=True):
        yield from ("", "[keeping]", *_pairs(keeping))
    for change in file.changes:
        yield from ("", "[[changes]]", *_pairs(_stated(change)))
    if file.why_looser:
        yield from ("", "[why_looser]", *_pairs(file.why_looser))


def _stated(change: Change) -> dict[str, Any]:
    return {key: value for key, value in change.model_dump().items() if value != ""}


def _pairs(table: Mapping[str, Any]) -> Iterator[str]:
    return (f"{_key(key)} = {_value(value)}" for key, value in table.items())


def _key(key: str) -> str:
    return key if key and _BARE.issuperset(key) else _quoted(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case date():
            return value.isoformat()
        case str():
            return _quoted(value)
        case Mapping():
            return "{ " + ", ".join(_pairs(value)) + " }" if value else "{}"
        case _:
            return "[" + ", ".join(map(_value, value)) + "]"


def _quoted(text: str) -> str:
    # what JSON escapes, TOML escapes the same way; it wants one character more
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def _text(lines: Iterator[str]) -> bytes:
    return ("\n".join(lines).rstrip("\n") + "\n").encode()
