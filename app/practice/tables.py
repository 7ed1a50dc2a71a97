"""Turns the bytes of one file of a pack into a table, and refuses what no pack holds."""

import re
import tomllib
import unicodedata
from typing import Any

_DEEPEST = 12
# a key with very many dots takes the TOML reader quadratic time; no sentence of a pack comes near this
_MOST_DOTS_IN_A_LINE = 100

_AT_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
# they turn the reading direction of the text around them, so that a reader sees something else than the program
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Unreadable(ValueError):
    """A file that is no table: the reason, and the line where it is known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason = reason
        self.line = line
        super().__init__(reason)


def table_of(content: bytes) -> dict[str, Any]:
    """Return the TOML in ``content`` as plain tables. Raises Unreadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("is not UTF-8 text", content.count(b"\n", 0, error.start) + 1) from error
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > _MOST_DOTS_IN_A_LINE:
            raise Unreadable(f"has more than {_MOST_DOTS_IN_A_LINE} full stops in one line", number)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _AT_PLACE.search(str(error))
        number = int(place[1]) if place and place[1] else text.count("\n") + 1
        raise Unreadable(f"is not TOML: {_AT_PLACE.sub('', str(error))}", number) from error
    except RecursionError as error:
        raise Unreadable("is nested too deeply") from error
    except ValueError as error:
        raise Unreadable("holds a number that is too long") from error
    _refuse_odd(table)
    return table


def without(keys: frozenset[str], value: Any) -> None:
    """Take what stands under one of ``keys`` out of a table, and out of whatever is below it."""
    if isinstance(value, dict):
        for key in keys & value.keys():
            del value[key]
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        without(keys, inner)


def _refuse_odd(table: dict[str, Any]) -> None:
    """Raise Unreadable for depth that would exhaust the reader, and for characters that nobody sees."""
    todo: list[tuple[Any, int]] = [(table, 1)]
    while todo:
        value, depth = todo.pop()
        if depth > _DEEPEST:
            raise Unreadable(f"is nested deeper than {_DEEPEST} levels")
        if isinstance(value, dict):
            todo += [(inner, depth + 1) for pair in value.items() for inner in pair]
        elif isinstance(value, list):
            todo += [(inner, depth + 1) for inner in value]
        elif isinstance(value, str) and not value.isprintable():
            for character in value:
                control = unicodedata.category(character) == "Cc" and character not in "\n\t"
                if control or character in _TURNING:
                    raise Unreadable(f"holds the invisible character U+{ord(character):04X}")
