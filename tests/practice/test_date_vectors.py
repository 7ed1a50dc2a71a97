"""Every limit of the catalogue against dates worked out by hand on a wall calendar."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.practice import words
from app.practice.calendars import calendar_of
from app.practice.catalogue import TimeLimit
from app.practice.dates import Trigger, due_of
from app.practice.limits import CannotCount, Due
from app.practice.working_days import CalendarTooShort
from tests.builders import national_pack

VECTORS = Path(__file__).parents[1] / "vectors" / "dates_by_hand.toml"
ROWS: list[dict[str, Any]] = tomllib.loads(VECTORS.read_text(encoding="utf-8"))["row"]
RIGHT = [row for row in ROWS if "due" in row]
REFUSED = [row for row in ROWS if "refused" in row]
ENGLAND = calendar_of(national_pack())


def limit_of(row: dict[str, Any]) -> TimeLimit:
    found = national_pack().time_limit(row["limit"])
    assert found is not None, row["limit"]
    return found


def answer(row: dict[str, Any]) -> Due:
    return due_of(limit_of(row), Trigger(None, row.get("from"), row.get("sooner_from")), ENGLAND)


@pytest.mark.parametrize("row", RIGHT, ids=lambda row: row["name"])
def test_a_limit_of_the_pack_falls_due_on_the_day_worked_out_by_hand(row: dict[str, Any]) -> None:
    got = answer(row)
    assert got.at == row["due"]
    assert isinstance(got.at, datetime) == isinstance(row["due"], datetime)
    assert got.clamped == row.get("clamped", False)
    assert got.rolled_from == row.get("rolled_from")


@pytest.mark.parametrize("row", RIGHT, ids=lambda row: row["name"])
def test_the_explanation_ends_where_the_hand_did(row: dict[str, Any]) -> None:
    on = row["due"]
    assert words.weekday_day(on) in answer(row).because
    assert row["working"].endswith(f"{words.weekday_day(on)}.")
    if isinstance(on, datetime):
        assert words.clock(on) in answer(row).because
        assert f"{words.clock(on)} on {words.weekday_day(on)}." in row["working"]


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row["name"])
def test_a_date_that_the_hand_cannot_know_either_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises((CannotCount, CalendarTooShort)) as refusal:
        answer(row)
    assert getattr(refusal.value, "rule", "calendar") == row["refused"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_the_packs_figure_is_that_of_the_reference(row: dict[str, Any]) -> None:
    limit = limit_of(row)
    assert f"{limit.count} {limit.unit} {limit.direction}" == row["figure"]
    beside = limit.or_sooner
    assert (f"{beside.count} {beside.unit}" if beside else None) == row.get("sooner")


def test_the_table_holds_what_a_chair_is_likely_to_meet() -> None:
    known = {limit.id for limit in national_pack().time_limits}
    assert (len(RIGHT), len(ROWS)) == (104, 107)
    assert len({row["name"] for row in ROWS}) == len(ROWS)
    assert known - {row["limit"] for row in ROWS} == {"cp_medical_acute"}, "on the same day: there is nothing to count"
    assert {row["limit"] for row in ROWS} <= known
    assert {row["due"].year for row in RIGHT} == {2025, 2026, 2027, 2028}
