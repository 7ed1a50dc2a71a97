"""Counting for the family's part: reports over holidays, late requests, the stages of a complaint."""

from datetime import date

import pytest

from app.models.attendance import Capacity
from app.models.participation import Exclusion, Ruling
from app.models.statement import Statement
from app.practice.arrangements import ComplaintStage
from app.practice.participation import (
    answer_due,
    kept_out,
    next_stage,
    not_heard,
    own_words,
    unruled,
    working_days_before,
)
from tests.builders import START, InMemory, national_pack
from tests.minutes.told import CALENDAR


@pytest.mark.parametrize(
    ("came", "day", "expected"),
    [
        (date(2026, 12, 4), date(2026, 12, 10), 4),
        (date(2026, 12, 10), date(2026, 12, 10), 0),
        (date(2026, 12, 11), date(2026, 12, 10), 0),
        # Saturday counts for nothing, and neither do Christmas Day, Boxing Day's substitute and New Year's Day
        (date(2026, 12, 19), date(2026, 12, 21), 0),
        (date(2026, 12, 24), date(2027, 1, 4), 4),
        (None, date(2026, 12, 10), None),
        (date(1999, 1, 4), date(1999, 1, 11), None),
    ],
)
def test_reports_are_counted_back_in_working_days(came: date | None, day: date, expected: int | None) -> None:
    assert working_days_before(came, day, CALENDAR) == expected


def test_a_complaint_has_its_stages_in_order_and_a_stage_in_words_only_has_no_day() -> None:
    pack = national_pack()
    stages: list[ComplaintStage] = []
    while (stage := next_stage(stages[-1].id if stages else "", pack)) is not None:
        stages.append(stage)
    assert tuple(stages) == pack.participation.routes
    dues = {stage.id: answer_due(stage, date(2026, 12, 10), pack, CALENDAR) for stage in stages}
    assert {name: due.at for name, due in dues.items() if due} == {"complaint.written": date(2027, 1, 7)}


def asked(room: InMemory, ruling: Ruling, **rest: str) -> Exclusion:
    mo = room.seat("", "Mo Sample", capacity=Capacity.PARENT)
    return Exclusion(
        id=room.new_id(), meeting=room.meeting, attendance=mo, ground="welfare", evidence="x", asked_by="x",
        asked_at=START, ruling=ruling, **rest,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ruling", "out", "open_request"),
    [
        (Ruling.ASKED, False, True),
        (Ruling.REFUSED, False, False),
        (Ruling.FOR_A_PART, True, False),
        (Ruling.FOR_ALL, True, False),
    ],
)
def test_only_what_the_chair_granted_keeps_somebody_out(ruling: Ruling, out: bool, open_request: bool) -> None:
    room = InMemory()
    request = asked(room, ruling)
    assert (kept_out(room.meeting) == [request]) is out
    assert (not_heard(room.meeting) == [request]) is out
    assert (unruled(room.meeting) == [request]) is open_request


def test_views_that_came_another_way_or_words_of_their_own_make_somebody_heard() -> None:
    room = InMemory()
    asked(room, Ruling.FOR_ALL, views_by="In a letter.")
    spoke = asked(room, Ruling.FOR_A_PART)
    assert not_heard(room.meeting) == [spoke]
    room.say(spoke.attendance, "agencies")
    assert not_heard(room.meeting) == []


def test_the_childs_words_come_before_the_parents_and_a_practitioners_are_not_among_them() -> None:
    room = InMemory().quorate()
    seats = [
        room.seat("", name, capacity=capacity)
        for name, capacity in (("Mo", Capacity.PARENT), ("Lou", Capacity.ADVOCATE), ("Robin", Capacity.CHILD))
    ]
    for seat in (*seats, room.meeting.attendances[1], None):
        room.say(seat, "agencies")
    said: list[Statement] = own_words(room.meeting)
    assert [one.speaker.name for one in said if one.speaker] == ["Robin", "Lou", "Mo"]
