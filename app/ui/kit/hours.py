"""Times of day as people type them, alone or beside a day. No Qt."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.practice.words import LONDON
from app.ui.kit.days import read_day

_HOUR = re.compile(r"(\d{1,2})[:.](\d{2})")


class NoSuchHour(Exception):
    """These words name no time of day; the text says what to write."""


def read_hour(words: str) -> time | None:
    """Return the time of day that ``words`` name, None where there are none; raises ``NoSuchHour``."""
    said = words.strip()
    if not said:
        return None
    found = _HOUR.fullmatch(said)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise NoSuchHour(f"“{said}” is not a time: write it as 14:30, or leave it empty.")
    return time(int(found[1]), int(found[2]))


def read_when(day: str, hour: str, today: date) -> date | datetime:
    """Return a day, or a moment by the clocks of London where a time of day is named too.

    Raises ``NoSuchDay`` or ``NoSuchHour``.
    """
    on, at = read_day(day, today), read_hour(hour)
    return on if at is None else datetime.combine(on, at, ZoneInfo(LONDON))
