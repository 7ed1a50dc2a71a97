"""Dates as people type them while somebody is talking; only those that can mean one day."""

import re
from datetime import date, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]+)(?:\s+(\d{4}))?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_FURTHEST_YEARS = 8


class NotADay(Exception):
    """These words name no day, or could mean several; the text says what to type."""


def read_day(words: str, today: date) -> date:
    """Return the day that ``words`` mean; one without a year is the next there is. Raises ``NotADay``."""
    said = " ".join(words.lower().rstrip(".,").split())
    if said in {"today", "tonight"}:
        return today
    if said == "tomorrow":
        return today + timedelta(days=1)
    if said in _WEEKDAYS or (len(said) == 3 and any(name.startswith(said) for name in _WEEKDAYS)):
        return _weekday(said, today)
    if found := _ISO.fullmatch(said):
        return _made(int(found[1]), int(found[2]), int(found[3]), words)
    if found := _NUMBERS.fullmatch(said):
        return _made(int(found[3]), int(found[2]), int(found[1]), words)
    if (found := _WORDS.fullmatch(said)) and (month := _month(found[2])):
        return (
            _made(int(found[3]), month, int(found[1]), words) if found[3] else _next(month, int(found[1]), today, words)
        )
    raise NotADay(f"“{words}” is not a day this can be sure of: type it like 11 December or 11.12.{today.year}.")


def looks_like_day(words: str) -> bool:
    """Return whether somebody meant ``words`` as a day, right or wrong."""
    parts = words.lower().rstrip(".,").split()
    if not 0 < len(parts) <= 3:
        return False
    first = parts[0]
    return first[0].isdigit() or first in {"today", "tonight", "tomorrow", *_WEEKDAYS, *_MONTHS, *_LONG}


def _month(word: str) -> int:
    if word == "sept":
        return 9
    names = _MONTHS if len(word) == 3 else _LONG
    return names.index(word) + 1 if word in names else 0


def _weekday(said: str, today: date) -> date:
    wanted = next(place for place, name in enumerate(_WEEKDAYS) if name.startswith(said))
    ahead = (wanted - today.weekday()) % 7
    if ahead == 0:
        raise NotADay(f"Today is {_WEEKDAYS[wanted].title()}: type “today”, or the date.")
    return today + timedelta(days=ahead)


def _made(year: int, month: int, day: int, words: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NotADay(f"There is no day “{words}”: check the date.") from None


def _next(month: int, day: int, today: date, words: str) -> date:
    for year in range(today.year, today.year + _FURTHEST_YEARS + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise NotADay(f"There is no day “{words}”: check the date.")
