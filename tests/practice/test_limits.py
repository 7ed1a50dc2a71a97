"""Time limits against the table worked by hand, and against a second way of counting."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.limits import CannotCount, Due, Roll, Unit, due
from app.practice.working_days import CalendarTooShort, england

FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
ENGLAND = england(FIRST, LAST, "england 2026")
VECTORS = Path(__file__).parents[1] / "vectors" / "working_days.toml"
ROWS: list[dict[str, Any]] = tomllib.loads(VECTORS.read_text(encoding="utf-8"))["due"]
RIGHT = [row for row in ROWS if "refused" not in row]
REFUSED = [row for row in ROWS if "refused" in row]


def answer(row: dict[str, Any]) -> Due:
    return due(row["from"], row["count"], Unit(row["unit"]), ENGLAND, Roll(row.get("roll", "none")))


@pytest.mark.parametrize("row", RIGHT, ids=lambda row: row["name"])
def test_a_due_date_and_its_explanation_are_those_worked_out_by_hand(row):
    got = answer(row)
    assert got.at == row["due"]
    assert got.clamped == row.get("clamped", False)
    assert got.rolled_from == row.get("rolled_from")
    assert got.because == row.get("because", got.because)
    for sentence in row.get("says", []):
        assert sentence in got.because


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row["name"])
def test_a_date_that_cannot_be_known_is_refused_and_not_guessed(row):
    with pytest.raises((CannotCount, CalendarTooShort)) as refusal:
        answer(row)
    assert getattr(refusal.value, "rule", "calendar") == row["refused"]


def test_a_due_date_names_the_calendar_it_was_worked_out_from_only_where_it_needed_one():
    start = date(2026, 12, 10)
    assert due(start, 15, Unit.WORKING_DAYS, ENGLAND).calendar == "england 2026"
    assert due(start, 3, Unit.MONTHS, ENGLAND, Roll.BACK).calendar == "england 2026"
    assert due(start, 3, Unit.MONTHS, ENGLAND).calendar is None


def test_the_day_a_moment_belongs_to_is_that_of_the_zone_asked_for():
    late = datetime(2026, 6, 10, 23, 30, tzinfo=UTC)
    assert due(late, 0, Unit.DAYS, ENGLAND).at == date(2026, 6, 11)
    assert due(late, 0, Unit.DAYS, ENGLAND, zone="UTC").at == date(2026, 6, 10)


def test_hours_in_a_zone_whose_clocks_never_change_say_nothing_of_clocks():
    start = datetime(2026, 10, 23, 9, tzinfo=UTC)
    assert "clocks" not in due(start, 72, Unit.HOURS, ENGLAND, zone="UTC").because


def test_a_local_closing_day_is_named_in_the_explanation():
    closed = england(FIRST, LAST, "here", closures={date(2026, 12, 29): "Council offices closed"})
    got = due(date(2026, 12, 24), 1, Unit.WORKING_DAYS, closed)
    assert got.at == date(2026, 12, 30)
    assert "Council offices closed, Tuesday 29 December 2026" in got.because


@given(st.datetimes(datetime(2026, 1, 5), datetime(2028, 11, 30), timezones=st.just(UTC)), st.integers(-2000, 2000))
def test_hours_are_elapsed_hours_whatever_the_clocks_do(start, hours):
    got = due(start, hours, Unit.HOURS, ENGLAND)
    assert isinstance(got.at, datetime)
    assert got.at - start == timedelta(hours=hours)
    assert got.at.utcoffset() == timedelta()


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.integers(-240, 240))
def test_months_land_on_the_same_day_or_on_the_last_of_a_shorter_month(start, months):
    got = due(start, months, Unit.MONTHS, ENGLAND)
    assert isinstance(got.at, date)
    assert (got.at.year * 12 + got.at.month) - (start.year * 12 + start.month) == months
    assert got.at.day == start.day or (got.clamped and (got.at + timedelta(days=1)).day == 1 and got.at.day < start.day)


@given(st.dates(date(2026, 2, 1), date(2028, 11, 30)), st.integers(0, 30))
def test_rolling_back_gives_the_last_working_day_and_never_a_later_one(start, days):
    got = due(start, days, Unit.DAYS, ENGLAND, Roll.BACK)
    plain = start + timedelta(days=days)
    assert isinstance(got.at, date)
    assert got.at <= plain
    assert ENGLAND.is_working_day(got.at)
    assert not any(ENGLAND.is_working_day(got.at + timedelta(days=i + 1)) for i in range((plain - got.at).days))
    assert got.rolled_from == (plain if got.at != plain else None)
