"""The dates of a case: set by meetings, kept by meetings, and never moved without saying so."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest

from app.minutes.compose import compose
from app.minutes.document import Heading, Table
from app.models.event import EventKind
from app.practice.calendars import calendar_of
from app.practice.dates import dates_following
from app.practice.words import legal_day
from app.services import chronology, concluding, meetings
from app.services.dates import will_be_missed
from tests.services.dated import Family, a_family, at

ENQUIRY = {"D2": "joint"}
PLAN = {"C1": "likely", "C2": "plan", "C3": "neglect", "C4": "agreed", "C6": "on"}


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    with a_family(tmp_path / "store") as made:
        yield made


@pytest.fixture
def expecting(tmp_path: Path) -> Iterator[Family]:
    with a_family(tmp_path / "store", "Unborn Sample", born=None) as made:
        yield made


def test_a_conference_meets_the_limit_that_asked_for_it(family: Family) -> None:
    family.hold("strategy_initial", at(10, 12, 2026), ENQUIRY)
    assert family.only("s47_icpc").met_at is None
    held = family.hold("icpc", at(4, 1), PLAN)
    assert family.only("s47_icpc").met_at == held.started_at
    family.hold("core_group", at(14, 1), {"K4": "on"})
    assert family.only("core_first").met_at is not None
    assert family.only("core_next").met_at is None
    family.hold("core_group", at(4, 2), {"K4": "on"})
    assert [d.met_at is None for d in family.deadlines() if d.limit_id == "core_next"] == [False, True]


def test_a_conference_about_one_child_leaves_the_date_of_another(tmp_path: Path) -> None:
    with a_family(tmp_path / "store", "Robin Sample", "Wren Sample") as family:
        robin, wren = family.children
        family.hold("strategy_initial", at(10, 12, 2026), ENQUIRY)
        family.hold("icpc", at(4, 1), PLAN, children=[robin])
        assert family.only("s47_icpc", robin).met_at is not None
        assert family.only("s47_icpc", wren).met_at is None


def test_a_conference_without_a_quorum_meets_no_limit(family: Family) -> None:
    family.hold("strategy_initial", at(10, 12, 2026), ENQUIRY)
    family.hold("icpc", at(4, 1), seats=("csc",))
    assert family.only("s47_icpc").met_at is None
    assert family.only("inquorate_icpc").met_at is None
    family.hold("icpc", at(8, 1), PLAN)
    assert family.only("s47_icpc").met_at is not None
    assert family.only("inquorate_icpc").met_at is not None


def test_a_review_discussion_never_moves_the_date_of_the_conference(family: Family) -> None:
    family.hold("strategy_initial", at(10, 12, 2026), ENQUIRY)
    family.hold("strategy_review", at(17, 12, 2026), ENQUIRY)
    assert family.due("s47_icpc") == date(2027, 1, 5)
    assert family.only("s47_icpc").recalculations == []


def test_a_review_sets_the_date_of_a_new_enquiry_once_the_earlier_one_was_answered(family: Family) -> None:
    family.hold("strategy_initial", at(10, 12, 2026), ENQUIRY)
    family.hold("icpc", at(4, 1))
    family.hold("strategy_review", at(1, 2), ENQUIRY)
    assert [d.met_at is None for d in family.deadlines() if d.limit_id == "s47_icpc"] == [False, True]


def test_an_enquiry_started_anew_counts_anew_and_says_from_when_to_when_and_why(family: Family) -> None:
    family.hold("strategy_initial", at(10, 12, 2026), ENQUIRY)
    second = family.hold("strategy_initial", at(17, 12, 2026), ENQUIRY)
    old, new = [d for d in family.deadlines() if d.limit_id == "s47_icpc"]
    assert (legal_day(old.due_at), legal_day(new.due_at)) == (date(2027, 1, 5), date(2027, 1, 12))
    (moved,) = old.recalculations
    assert (moved.was, moved.now) == (old.due_at, new.due_at)
    assert f"because it was counted anew from the meeting {second.reference}" in moved.why
    assert old.let_go is moved
    assert new.met_at is None


def test_meetings_recorded_in_the_wrong_order_come_to_the_same_dates(family: Family) -> None:
    held = family.hold("icpc", at(4, 1), PLAN)
    family.hold("strategy_initial", at(10, 12, 2026), ENQUIRY)
    assert family.only("s47_icpc").met_at == held.started_at


def test_a_birth_moves_the_date_of_the_first_review_and_says_so(expecting: Family) -> None:
    expecting.hold("icpc_prebirth", at(10, 12, 2026), PLAN)
    assert expecting.due("rcpc_unborn_A") == date(2027, 3, 10)
    expecting.happens(EventKind.BIRTH, date(2027, 1, 11), name="Robin Sample")
    moved = expecting.only("rcpc_unborn_A")
    assert legal_day(moved.due_at) == date(2027, 2, 8)
    (why,) = moved.recalculations
    assert (legal_day(why.was), legal_day(why.now)) == (date(2027, 3, 10), date(2027, 2, 8))
    assert why.why.startswith(
        "The date was Wednesday 10 March 2027 and is now Monday 8 February 2027, 30 days earlier, because a birth on "
        "Monday 11 January 2027 was recorded for Robin."
    )
    assert "20 working days" in moved.because
    assert expecting.due("rcpc_first") == date(2027, 3, 10)


def test_a_birth_date_put_right_moves_the_date_again(expecting: Family) -> None:
    expecting.hold("icpc_prebirth", at(10, 12, 2026), PLAN)
    expecting.happens(EventKind.BIRTH, date(2027, 1, 11))
    expecting.happens(EventKind.BIRTH, date(2027, 1, 12), noted=at(20, 1))
    found = expecting.only("rcpc_unborn_A")
    assert legal_day(found.due_at) == date(2027, 2, 9)
    assert [legal_day(one.now) for one in found.recalculations] == [date(2027, 2, 8), date(2027, 2, 9)]


def test_a_child_born_before_the_meeting_that_thought_it_unborn_keeps_the_date_of_the_review(expecting: Family) -> None:
    expecting.hold("icpc_prebirth", at(10, 12, 2026), PLAN)
    expecting.happens(EventKind.BIRTH, date(2026, 12, 8), noted=at(11, 12, 2026))
    gone = expecting.only("rcpc_unborn_A")
    assert gone.let_go is not None
    assert "no longer is, because a birth on Tuesday 8 December 2026 was recorded" in gone.let_go.why
    assert expecting.only("rcpc_first").met_at is None


def test_a_birth_ends_what_was_to_be_done_before_it(expecting: Family) -> None:
    expecting.hold("strategy_prebirth", at(10, 9, 2026), ENQUIRY)
    assert expecting.only("prebirth_icpc_latest").met_at is None
    expecting.happens(EventKind.BIRTH, date(2027, 1, 11))
    assert expecting.only("prebirth_icpc_latest").let_go is not None


def test_a_death_lets_the_dates_of_the_child_go_with_the_reason_and_no_others(tmp_path: Path) -> None:
    with a_family(tmp_path / "store", "Robin Sample", "Wren Sample") as family:
        robin, wren = family.children
        family.hold("strategy_initial", at(10, 12, 2026), ENQUIRY)
        family.happens(EventKind.DIED, date(2026, 12, 14), child=robin.id)
        gone = family.only("s47_icpc", robin).let_go
        assert gone is not None
        assert "because a death on Monday 14 December 2026 was recorded for Robin" in gone.why
        assert family.only("s47_icpc", wren).met_at is None
        assert family.only("strat_record").met_at is None


def test_events_that_start_a_clock_by_themselves_set_it_for_the_child_they_concern(family: Family) -> None:
    family.happens(EventKind.POLICE_PROTECTION, at(10, 12, 2026, 22), child=family.child.id)
    found = family.only("police_protection")
    assert found.due_at == at(13, 12, 2026, 22)
    assert not found.whole_day
    family.happens(EventKind.TRANSFER_NOTIFIED, date(2026, 12, 11))
    assert family.due("transfer_in") == date(2027, 1, 6)
    family.hold("icpc_transfer", at(5, 1), PLAN)
    assert family.only("transfer_in").met_at is not None


def test_a_referral_counts_the_assessment_once_whoever_names_it_again(family: Family) -> None:
    family.happens(EventKind.REFERRAL, date(2026, 12, 9))
    family.hold("strategy_initial", at(10, 12, 2026), ENQUIRY)
    assert family.due("assessment") == date(2027, 2, 15)
    assert not [d for d in family.deadlines() if d.limit_id.startswith(("strat_usual", "strat_immediate"))]


def test_taking_an_event_back_puts_the_dates_back(expecting: Family) -> None:
    expecting.hold("icpc_prebirth", at(10, 12, 2026), PLAN)
    before = expecting.only("rcpc_unborn_A")
    born = expecting.happens(EventKind.BIRTH, date(2027, 1, 11), name="Robin Sample")
    chronology.take_back(expecting.sitting, born.id)
    after = expecting.only("rcpc_unborn_A")
    assert (after.due_at, after.because, after.recalculations) == (before.due_at, before.because, [])
    assert after.child is not None
    assert (after.child.name, after.child.expected, after.child.born) == ("Unborn Sample", date(2027, 1, 20), None)
    assert chronology.chronology(expecting.sitting, expecting.case.id) == []


def late(family: Family, type_id: str, decisions: dict[str, str], on: date) -> list[str]:
    meeting = family.begin(type_id, at(10, 12, 2026), decisions, on=on)
    found = [f for f in concluding.blocks(family.sitting, meeting) if f.rule == "dates-kept"]
    return [f.sentence(family.sitting.pack) for f in found]


def test_a_review_set_beyond_its_limit_is_said_before_the_conference_ends(family: Family) -> None:
    assert late(family, "icpc", PLAN, date(2027, 3, 10)) == []
    (said,) = late(family, "icpc", PLAN, date(2027, 3, 15))
    assert said.startswith(
        "First review conference for Robin. It is planned for Monday 15 March 2027 and is due by Wednesday 10 March "
        "2027: it will be 5 days late."
    )


def test_a_core_group_and_a_full_discussion_set_too_late_are_said_too(family: Family) -> None:
    (core,) = late(family, "core_group", {"K4": "on"}, date(2027, 1, 11))
    assert "it will be 4 days late" in core
    (full,) = late(family, "strategy_ooh", {"D13": "reconvene"}, date(2026, 12, 14))
    assert full.startswith("Full strategy discussion after one out of hours.")


def test_a_conference_that_is_prepared_too_late_will_be_missed(family: Family) -> None:
    meeting = family.begin("strategy_initial", at(10, 12, 2026), ENQUIRY)
    children = [family.child.id]
    meetings.prepare(family.sitting, family.case.id, "icpc", children, planned_at=at(7, 1))
    (said,) = will_be_missed(family.sitting, meetings.load(family.sitting, meeting))
    assert (
        "planned for Thursday 7 January 2027, 10:00 and is due by Tuesday 5 January 2027: it will be 2 days"
        in said.says
    )
    assert said.date.limit.id == "s47_icpc"
    assert len(will_be_missed(family.sitting, meetings.load(family.sitting, meeting), resumes=date(2026, 12, 20))) == 2
    meetings.prepare(family.sitting, family.case.id, "icpc", children, planned_at=at(4, 1))
    assert will_be_missed(family.sitting, meetings.load(family.sitting, meeting)) == []


def test_a_date_of_an_earlier_meeting_that_this_one_keeps_is_not_said_to_be_missed(family: Family) -> None:
    family.hold("strategy_initial", at(10, 12, 2026), ENQUIRY)
    conference = family.begin("icpc", at(8, 1), PLAN)
    assert not [
        said
        for said in will_be_missed(family.sitting, meetings.load(family.sitting, conference))
        if said.says.startswith("Initial child")
    ]


def test_the_next_minutes_tell_which_dates_moved_since_the_meeting_before(expecting: Family) -> None:
    first = expecting.hold("icpc_prebirth", at(10, 12, 2026), PLAN)
    expecting.happens(EventKind.BIRTH, date(2027, 1, 11), name="Robin Sample")
    second = expecting.hold("core_group", at(14, 1), {"K4": "on"})
    third = expecting.hold("core_group", at(21, 1), {"K4": "on"})
    (told,) = moved_in(expecting, second.id)
    assert told[0] == "First review after a birth, variant A (Robin)"
    assert "was Wednesday 10 March 2027 and is now Monday 8 February 2027" in told[1]
    assert moved_in(expecting, first.id) == moved_in(expecting, third.id) == []


def moved_in(family: Family, meeting_id: UUID) -> list[tuple[str, ...]]:
    sitting, meeting = family.sitting, meetings.load(family.sitting, meeting_id)
    pack = sitting.pack
    document = compose(meeting, pack, sitting.calendar_of(pack), signer=None, version=1, marked="SAMPLE")
    title = pack.words("minutes", "dates_moved")
    for block, after in pairwise(document.blocks):
        if isinstance(block, Heading) and block.text == title and isinstance(after, Table):
            return list(after.rows)
    return []


def test_the_minutes_of_a_review_discussion_do_not_set_the_date_of_the_conference_anew(family: Family) -> None:
    family.hold("strategy_initial", at(10, 12, 2026), ENQUIRY)
    review = family.hold("strategy_review", at(17, 12, 2026), ENQUIRY)
    meeting = meetings.load(family.sitting, review.id)
    pack = family.sitting.pack
    known, _ = dates_following(meeting, family.sitting.type_of(meeting), pack, calendar_of(pack))
    assert "s47_icpc" not in {one.limit.id for one in known}
