"""Days as people type them, also while somebody is talking; only those that can mean one day. No Qt."""

import re
from datetime import date, timedelta

from app.practice.words import day as in_words

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TODAY = ("today", "tonight")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{2}|\d{4})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?,?(?:\s+(\d{4}))?")
_SHORT_YEARS = 100
_FURTHEST_YEARS = 8


class NoSuchDay(Exception):
    """These words name no day, or could mean several; the text says what to write."""


def read_day(words: str, today: date) -> date:
    """Return the day that ``words`` name: 3.3.2022, 3/3/2022, 3 March 2022, 2022-03-03, tomorrow or Friday.

    A year of two figures is the latest such year up to next year; a month or weekday without more is the next there
    is. Raises ``NoSuchDay``.
    """
    said = " ".join(words.lower().strip(" .,").split())
    if said in _TODAY:
        return today
    if said == "tomorrow":
        return today + timedelta(days=1)
    if weekday := _named(said, _WEEKDAYS):
        return _next_weekday(weekday - 1, today)
    if found := _ISO.fullmatch(said):
        return _made(int(found[1]), int(found[2]), int(found[3]), words)
    if found := _NUMBERS.fullmatch(said):
        return _made(_year(found[3], today), int(found[2]), int(found[1]), words)
    if (found := _WORDS.fullmatch(said)) and (month := _named(found[2], _MONTHS)):
        day = int(found[1])
        return _made(int(found[3]), month, day, words) if found[3] else _next(month, day, today, words)
    raise NoSuchDay(f"“{words.strip()}” is not a date: write it as 3.3.{today.year} or 3 March {today.year}.")


def looks_like_day(words: str) -> bool:
    """Return whether somebody meant ``words`` as a day, right or wrong."""
    parts = words.lower().strip(" .,").split()
    if not 0 < len(parts) <= 3:
        return False
    first = parts[0]
    return first[0].isdigit() or first in {*_TODAY, "tomorrow"} or bool(_named(first, (*_WEEKDAYS, *_MONTHS)))


def written(day: date | None) -> str:
    """Return a day as a person may type it again; empty where there is none."""
    return in_words(day) if day else ""


def _named(word: str, names: tuple[str, ...]) -> int:
    """Return the place, from one, of the name that ``word`` is or begins with three letters or more; 0 for none."""
    return next((place for place, name in enumerate(names, 1) if len(word) >= 3 and name.startswith(word)), 0)


def _next_weekday(wanted: int, today: date) -> date:
    ahead = (wanted - today.weekday()) % 7
    if ahead == 0:
        raise NoSuchDay(f"Today is {_WEEKDAYS[wanted].title()}: type “today”, or the date.")
    return today + timedelta(days=ahead)


def _year(figures: str, today: date) -> int:
    if len(figures) == 4:
        return int(figures)
    year = today.year - today.year % _SHORT_YEARS + int(figures)
    return year if year <= today.year + 1 else year - _SHORT_YEARS


def _next(month: int, day: int, today: date, words: str) -> date:
    for year in range(today.year, today.year + _FURTHEST_YEARS + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise NoSuchDay(f"There is no day “{words.strip()}”: check the date.")


def _made(year: int, month: int, day: int, words: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NoSuchDay(f"There is no day “{words.strip()}”: check the date.") from None
