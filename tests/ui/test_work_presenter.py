"""What the page of directed work says, and how it reads what is typed, without a window."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.models.work import WorkKind
from app.services import directing
from app.services.directing import Directed
from app.ui.work import presenter
from app.ui.work.presenter import Unclear
from tests.builders import START, Room, a_room, national_pack, strategy

PACK = national_pack()
TODAY = date(2026, 12, 14)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path) as made:
        yield made


def only(room: Room, kind: WorkKind) -> Directed:
    [found] = [one for one in directing.look_at(room.sitting, room.case.id) if one.work.kind is kind]
    return found


def told(room: Room, kind: WorkKind, now: datetime = START) -> str:
    return "\n".join(presenter.told(only(room, kind), strategy(), PACK, now))


def test_it_says_which_decision_it_follows_and_what_is_still_missing(room: Room) -> None:
    room.decide("D5", "planned")
    said = told(room, WorkKind.MEDICAL)
    assert "It follows from a decision of 10 December 2026 for Robin Sample, Strategy discussion" in said
    assert "Is a medical examination needed? Yes, planned. The accounts agree and the mark is recent." in said
    assert "Nobody is named to lead it yet." in said
    assert "Due Tuesday 15 December 2026, in 5 days." in said
    assert "provisional" not in said


def test_a_decision_without_a_quorum_says_that_its_work_is_provisional(room: Room) -> None:
    room.leave("Casey Example")
    room.decide("D5", "planned")
    assert "decided without a quorum, so it is provisional" in told(room, WorkKind.MEDICAL)


def test_an_enquiry_has_the_date_of_the_conference_that_may_follow_it(room: Room) -> None:
    room.settle()
    room.conclude()
    row = presenter.work_line(only(room, WorkKind.ENQUIRY), PACK, START)
    assert row == (
        "Section 47 enquiry, Robin: Initial child protection conference by Tuesday 5 January 2027, in 26 days; "
        "nobody leads it yet; no steps yet"
    )
    assert "15 working days after" in told(room, WorkKind.ENQUIRY)
    assert "Social care and the police do it together." in told(room, WorkKind.ENQUIRY)


def test_court_work_says_that_the_law_on_the_offer_is_not_confirmed(room: Room) -> None:
    room.decide("D4", "epo")
    said = told(room, WorkKind.COURT)
    assert "Family group decision-making before court: this kind of meeting does not ask about it." in said
    assert "The law on it: enacted, not shown as in force." in said
    assert "together" not in said
    origins = presenter.origins_of(only(room, WorkKind.COURT).work, strategy(), PACK)
    assert "Which immediate protection does this child need?\nWhere this comes from: " in origins
    assert "None of" not in origins
    assert "No regulations that start them are confirmed" in origins


def test_what_ended_says_so_and_is_overdue_no_more(room: Room) -> None:
    room.decide("D5", "planned")
    work = only(room, WorkKind.MEDICAL).work
    late = START + timedelta(days=9)
    assert "overdue by 4 days" in presenter.work_line(only(room, WorkKind.MEDICAL), PACK, late)
    assert presenter.summary([only(room, WorkKind.MEDICAL)], late) == "1 under way, 1 of them overdue; 0 ended."
    directing.end_work(room.sitting, work.id, "inconclusive", "To be seen again.")
    ended = only(room, WorkKind.MEDICAL)
    assert presenter.work_line(ended, PACK, late).endswith("ended on 10 December 2026. Inconclusive")
    assert "Inconclusive. To be seen again." in told(room, WorkKind.MEDICAL, late)
    assert presenter.summary([ended], late) == "0 under way, 0 of them overdue; 1 ended."


def test_with_no_work_it_says_what_sets_some_going() -> None:
    assert "appears here by itself once a meeting decides" in presenter.summary([], START)


@pytest.mark.parametrize(
    ("due", "hour", "expected"),
    [
        ("", "", None),
        ("15.12.2026", "", datetime(2026, 12, 15, 23, 59, 59, tzinfo=UTC)),
        ("15.12.2026", "14:30", datetime(2026, 12, 15, 14, 30, tzinfo=UTC)),
    ],
)
def test_a_step_is_due_at_its_hour_or_at_the_end_of_its_day(due: str, hour: str, expected: datetime | None) -> None:
    assert presenter.step_due({"due": due, "hour": hour}, TODAY) == expected


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"day": "soon", "hour": "10:00"}, "day"),
        ({"day": "13.12.2026", "hour": ""}, "hour"),
        ({"day": "13.12.2026", "hour": "25:00"}, "hour"),
        ({"day": "", "hour": "10:00"}, "day"),
    ],
)
def test_an_end_needs_a_day_and_a_time_that_can_be_read(values: dict[str, Any], key: str) -> None:
    with pytest.raises(Unclear) as found:
        presenter.end_at(values, TODAY)
    assert found.value.key == key
    assert str(found.value)


def test_an_end_left_empty_is_now() -> None:
    assert presenter.end_at({"day": "", "hour": ""}, TODAY) is None


def test_a_day_that_was_set_is_not_taken_away_without_a_word(room: Room) -> None:
    room.decide("D5", "planned")
    work = only(room, WorkKind.MEDICAL).work
    values = presenter.plan_values(work)
    assert values["due"] == "15 December 2026"
    with pytest.raises(Unclear) as found:
        presenter.plan_facts({**values, "due": " "}, work, TODAY)
    assert found.value.key == "due"


def test_a_step_reads_with_who_does_it_by_when_and_how_far_it_is(room: Room) -> None:
    room.decide("D5", "planned")
    work = only(room, WorkKind.MEDICAL).work
    due = datetime(2026, 12, 11, 23, 59, 59, tzinfo=UTC)
    step = directing.add_step(room.sitting, work.id, "Bring the red book.", owner="Drew Example", due=due)
    by = "by Friday 11 December 2026"
    assert presenter.step_line(step, START) == f"1. Bring the red book. (Drew Example, {by}, tomorrow)"
    done = directing.finish_step(room.sitting, step.id)
    assert presenter.step_line(done, START).startswith(f"1. Bring the red book. (Drew Example, {by}, done 10 December")
    loose = directing.add_step(room.sitting, work.id, "Ask the mother.")
    assert presenter.step_line(loose, START) == "2. Ask the mother. (nobody named, open)"
