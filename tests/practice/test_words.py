"""How dates, times and numbers read."""

from datetime import UTC, date, datetime

import pytest

from app.practice import words

MORNING = datetime(2026, 12, 10, 10, 42, 7, tzinfo=UTC)
SUMMER_NIGHT = datetime(2026, 6, 10, 23, 5, 9, tzinfo=UTC)


def test_a_day_reads_as_people_write_it():
    assert words.day(date(2026, 12, 10)) == "10 December 2026"
    assert words.weekday_day(date(2027, 1, 5)) == "Tuesday 5 January 2027"
    assert words.month(date(2027, 2, 28)) == "February 2027"


def test_a_moment_reads_by_the_clocks_of_london():
    assert words.clock(MORNING) == "10:42"
    assert words.clock_seconds(MORNING) == "10:42:07"
    assert words.moment(MORNING) == "10 December 2026, 10:42"
    assert words.moment(SUMMER_NIGHT) == "11 June 2026, 00:05"
    assert words.clock_seconds(SUMMER_NIGHT, "UTC") == "23:05:09"


def test_the_day_of_a_moment_is_the_day_in_london():
    assert words.day(SUMMER_NIGHT) == "11 June 2026"
    assert words.weekday(SUMMER_NIGHT) == "Thursday"


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        words.clock(datetime(2026, 12, 10, 10, 42))


def test_things_are_listed_as_a_person_says_them():
    assert words.listed([]) == ""
    assert words.listed(["Health"]) == "Health"
    assert words.listed(["Health", "Police"]) == "Health and Police"
    assert words.listed(["Health", "Police", "Nursery"], "or") == "Health, Police or Nursery"


def test_numbers_agree_with_their_nouns():
    assert words.counted(1, "day") == "1 day"
    assert words.counted(0, "day") == "0 days"
    assert words.counted(2, "agency", "agencies") == "2 agencies"
    assert words.counted(12480, "entry", "entries") == "12,480 entries"
