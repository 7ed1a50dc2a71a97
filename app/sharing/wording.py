"""Says in plain words where and how a record departs from its schema. It never repeats what the record says."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from app import resources
from app.sharing.fault import Fault

SCHEMA = ("docs", "formats", "record-1.schema.json")
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_KINDS = {
    "object": "an object",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}
_FORMS = {
    "date": "must be a date such as 2026-12-10",
    "date-time": "must be a moment with its time zone, such as 2026-12-10T10:42:00Z",
}
_ID = "must begin with a letter or digit and hold only those, dots, dashes and underscores, 64 at most"
_DIGEST = "must be a SHA-256 in 64 small hexadecimal digits"


def place(path: Iterable[str | int]) -> str:
    """Return a path such as ``meeting.decisions[3].child``; the entries of a list are counted from nought."""
    written = ""
    for step in path:
        written += f"[{step}]" if isinstance(step, int) else f".{step}" if written else step
    return written


def departures(record: Mapping[str, Any]) -> list[Fault]:
    """Return everything in which a record departs from the schema, in the order of the record."""
    found = sorted(_validator().iter_errors(record), key=_order)
    return [fault for error in found for fault in _said(error)]


def _order(error: Any) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (0, step) for step in error.absolute_path]


@cache
def _validator() -> Any:
    # a fifth of a second to import, and needed only where a record comes in
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(resources.folder(*SCHEMA).read_text("utf-8")))


def _said(error: Any) -> list[Fault]:
    path = list(error.absolute_path)
    if error.validator == "required":
        missing = [name for name in error.validator_value if f"{name!r} is a required" in error.message]
        return [Fault(place([*path, name]), "is missing") for name in missing]
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        return [_unknown(path, name) for name in error.instance if name not in known]
    return [Fault(place(path), _REASONS.get(str(error.validator), lambda _: "is not understood")(error))]


def _unknown(path: list[str | int], name: str) -> Fault:
    if _PLAIN_NAME.fullmatch(name):
        return Fault(place([*path, name]), "is not a name this format knows")
    return Fault(place(path), "holds a name this format does not know")


def _length(error: Any) -> str:
    return f"has {len(error.instance):,} characters, and {error.validator_value:,} is the most"


def _pattern(error: Any) -> str:
    form = _FORMS.get(error.schema.get("format", ""))
    return form or (_DIGEST if "0-9a-f" in error.validator_value else _ID)


_REASONS: Mapping[str, Callable[[Any], str]] = {
    "type": lambda error: f"must be {_KINDS[error.validator_value]}",
    "enum": lambda error: f"must be one of: {', '.join(error.validator_value)}",
    "const": lambda error: f"must be {error.validator_value}",
    "maxLength": _length,
    "minLength": lambda _: "must not be empty",
    "maxItems": lambda error: f"has {len(error.instance):,} entries, and {error.validator_value:,} is the most",
    "minItems": lambda error: f"must have {error.validator_value} or more entries",
    "minimum": lambda error: f"must be {error.validator_value} or more",
    "maximum": lambda error: f"must be {error.validator_value:,} or less",
    "pattern": _pattern,
}
