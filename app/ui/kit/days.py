"""Days as people write them; no Qt."""

import re
from datetime import date

from app.practice.words import day as in_words

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{2}|\d{4})")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?,?(?:\s+(\d{4}))?")
_SHORT_YEARS = 100


class NoSuchDay(Exception):
    """These words name no day; the text says what to write."""


def read_day(words: str, today: date) -> date:
    """Return the day that ``words`` name, written 3.3.2022, 3/3/2022, 3 March 2022 or 2022-03-03.

    A year of two figures is the latest such year up to next year; a month without a year is the next there is.
    Raises ``NoSuchDay``.
    """
    said = " ".join(words.lower().strip(" .,").split())
    if said == "today":
        return today
    if found := _ISO.fullmatch(said):
        return _made(found[1], int(found[2]), found[3], words)
    if found := _NUMBERS.fullmatch(said):
        return _made(_year(found[3], today), int(found[2]), found[1], words)
    if (found := _WORDS.fullmatch(said)) and (month := _month(found[2])):
        if found[3]:
            return _made(found[3], month, found[1], words)
        this_year = _made(today.year, month, found[1], words)
        return this_year if this_year >= today else _made(today.year + 1, month, found[1], words)
    raise NoSuchDay(f"“{words.strip()}” is not a date: write it as 3.3.2022 or 3 March 2022.")


def written(day: date | None) -> str:
    """Return a day as a person may type it again; empty where there is none."""
    return in_words(day) if day else ""


def _year(figures: str, today: date) -> int:
    if len(figures) == 4:
        return int(figures)
    century = today.year - today.year % _SHORT_YEARS
    year = century + int(figures)
    return year if year <= today.year + 1 else year - _SHORT_YEARS


def _month(word: str) -> int:
    return next((place for place, name in enumerate(_MONTHS, 1) if name.startswith(word)), 0)


def _made(year: str | int, month: int, day: str | int, words: str) -> date:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        raise NoSuchDay(f"There is no day “{words.strip()}”: check the date.") from None
