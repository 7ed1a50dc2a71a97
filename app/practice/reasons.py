"""Says in words what is wrong with an entry of a pack, and where."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

_DAY = "must be a date such as 2026-11-01"
_TIME = "must be a time such as 10:00:00"
_TABLE = "must be a table"
_WHOLE_NUMBER = "must be a whole number"
_KNOWN = "is not a name the program knows; known are {expected}"
_IS: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "bool_type": "must be true or false",
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "time_type": _TIME,
    "time_parsing": _TIME,
    "int_type": _WHOLE_NUMBER,
    "int_parsing_size": _WHOLE_NUMBER,
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "string_too_long": "must be {max_length} characters or fewer",
    "string_pattern_mismatch": "must be a letter, then letters, digits, dots, dashes or underscores, 64 at most",
    "too_short": "must have {min_length} or more entries",
    "tuple_type": "must be a list",
    "model_type": _TABLE,
    "dict_type": _TABLE,
    "mapping_type": _TABLE,
    "literal_error": _KNOWN,
    "enum": _KNOWN,
}


def sentence_of(error: ErrorDetails, table: Mapping[str, Any]) -> tuple[str, str]:
    """Return the key that an error is about and the reason in words, with the id of the entry where it has one."""
    path = error["loc"]
    inside = _entry_id(path, table)
    reason = _reason(error, str(path[-1]) if path else "")
    return key_of(path), f'{reason} (in "{inside}")' if inside else reason


def key_of(path: tuple[int | str, ...]) -> str:
    """Return a path as it is written in findings; the entries of a list are counted from one."""
    key = ""
    for step in path:
        if isinstance(step, int):
            key += f"[{step + 1}]"
        elif step != "[key]":
            key += f".{step}" if key else step
    return key


def _reason(error: ErrorDetails, name: str) -> str:
    context = error.get("ctx", {})
    sentence = _IS.get(error["type"], "is not understood")
    if sentence == _WHOLE_NUMBER:
        return "must be a whole number of minutes" if name == "minutes" else sentence
    return sentence.format_map(context).replace("'", "")


def _entry_id(path: tuple[int | str, ...], table: Mapping[str, Any]) -> str:
    """Return the id of the innermost entry with one along the path."""
    found = ""
    place: Any = table
    for step in path:
        if isinstance(place, Mapping):
            place = place.get(str(step), {})
        elif isinstance(place, list) and isinstance(step, int) and step < len(place):
            place = place[step]
        if isinstance(place, Mapping) and isinstance(place.get("id"), str):
            found = place["id"][:64]
    return found
