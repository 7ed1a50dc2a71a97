"""Each conference, core group, legal planning meeting and consultation runs from its preparation to its end."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from app.models.attendance import Capacity
from app.models.base import Refused
from app.models.meeting import State
from app.practice.agenda import Progress, steps
from app.practice.words import legal_day
from app.services import cases, concluding, deciding, table
from app.services.deciding import Choice
from app.store import checking
from tests.builders import a_room
from tests.services.holding import NEXT_DAY, Held, prepared

CONFERENCE = (("csc", "social_worker"), ("health_community", "health_visitor"), ("early_years", "manager"))
TABLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "icpc": CONFERENCE,
    "rcpc": CONFERENCE,
    "icpc_prebirth": (("csc", "social_worker"), ("health_acute", "safeguarding_midwife"), ("adult_mh", "perinatal")),
    "icpc_transfer": CONFERENCE,
    "core_group": CONFERENCE,
    "legal_planning": (("csc", "social_worker"), ("la_legal", "lawyer")),
    "unit_consultation": (("education", "dsl"), ("unit", "lead")),
}
# somebody without whom a meeting of this type has no quorum
NEEDED = {
    "icpc": "manager",
    "rcpc": "health_visitor",
    "icpc_prebirth": "safeguarding_midwife",
    "icpc_transfer": "manager",
    "core_group": "health_visitor",
    "legal_planning": "lawyer",
}
CONFERENCES = ("icpc", "rcpc", "icpc_prebirth", "icpc_transfer")
WITH_FAMILY = (*CONFERENCES, "core_group")
VIEWS = {"harm": "likely", "plan": "plan", "category": "neglect", "working": "partly"}
CHOSEN = {
    "C1": "likely", "C2": "plan", "C3": "neglect", "C4": "agreed", "C6": "on", "C8": "information", "C9": "cin",
    "R1": "no_longer_significant_harm", "B1": "agreed", "B2": "meeting", "T1": "here",
    "K1": "partly", "K2": "yes", "K4": "on",
    "L1": "pre_proceedings", "L2": "no", "L3": "in_letter", "L4": "on", "L5": "on",
    "U1": "family_help", "U2": "as_advised", "U3": "on",
}  # fmt: skip
# what must have been decided for each child in the end, as the meeting asks for it
ASKED = {
    "icpc": {"C1", "C2", "C3", "C4", "C6"},
    "rcpc": {"C1", "C2", "C3", "C4", "C6"},
    "icpc_prebirth": {"C1", "C2", "C3", "C4", "C6", "B1", "B2"},
    "icpc_transfer": {"C1", "C2", "C3", "C4", "C6", "T1"},
    "core_group": {"K1", "K4"},
    "legal_planning": {"L1", "L2", "L3", "L4", "L5"},
    "unit_consultation": {"U1", "U2", "U3"},
}
# the days that follow from a meeting on 10 December 2026, worked by hand: the 25th and the 28th are bank holidays, as
# is 1 January; 10 March 2027 is a Wednesday, and three and six months later are working days too
DATES = {
    "icpc": {
        "decision_letter": date(2026, 12, 11),
        "minutes": date(2027, 1, 5),
        "core_first": date(2026, 12, 24),
        "rcpc_first": date(2027, 3, 10),
        "parent_complaint": date(2027, 1, 7),
    },
    "rcpc": {"decision_letter": date(2026, 12, 11), "rcpc_next": date(2027, 6, 10)},
    "icpc_prebirth": {"core_first": date(2026, 12, 24), "rcpc_first": date(2027, 3, 10)},
    "icpc_transfer": {"core_first": date(2026, 12, 24), "rcpc_first": date(2027, 3, 10)},
    "core_group": {"core_next": date(2027, 1, 7)},
    "legal_planning": {},
    "unit_consultation": {},
}


@contextmanager
def a_meeting(folder: Path, type_id: str, children: int = 1, **chosen: str) -> Iterator[Held]:
    """Give a meeting that has begun, with its chair, those in ``TABLES`` and, where families come, a parent."""
    with a_room(folder, children=children, started=False) as room:
        kept = room.children
        if type_id == "icpc_prebirth":
            kept = [cases.add_child(room.sitting, room.case.id, "Unborn Sample", expected=date(2027, 3, 1)), *kept[1:]]
        held = prepared(room.sitting, room.case.id, kept, type_id, VIEWS, CHOSEN | chosen)
        held.seat("csc", "iro" if type_id in CONFERENCES else "team_manager", Capacity.CHAIR)
        for sector, role in TABLES[type_id]:
            held.seat(sector, role)
        if type_id in WITH_FAMILY:
            held.seat("", capacity=Capacity.PARENT)
        held.begin()
        yield held


@pytest.mark.parametrize("type_id", TABLES)
def test_each_meeting_runs_from_its_preparation_to_its_end(tmp_path: Path, type_id: str) -> None:
    with a_meeting(tmp_path / "store", type_id, children=2 if type_id == "icpc" else 1) as held:
        assert held.quorum.quorate, held.quorum.words
        held.hold()
        assert held.blocks() == []
        done = concluding.conclude(held.sitting, held.meeting)
        assert done.state is State.CONCLUDED
        loaded = held.loaded()
        assert {step.progress for step in steps(loaded, held.kind, held.sitting.now())} == {Progress.DONE}
        assert all(decision.quorate for decision in loaded.decisions)
        for child in held.children:
            assert {d.question_id for d in loaded.decisions if d.child.id == child.id} == ASKED[type_id]
        dates = held.dates()
        assert {name: legal_day(dates[name].due_at) for name in DATES[type_id]} == DATES[type_id]
        assert list(checking.findings(held.sitting.store)) == []


@pytest.mark.parametrize("type_id", NEEDED)
def test_without_somebody_it_needs_what_a_meeting_decides_is_provisional(tmp_path: Path, type_id: str) -> None:
    with a_meeting(tmp_path / "store", type_id) as held:
        held.leave(NEEDED[type_id])
        assert not held.quorum.quorate
        assert "left" in held.quorum.words
        first = next(q.id for q in held.kind.decisions if q.required)
        option = CHOSEN[first]
        assert not held.choose(held.children[0], first, option).quorate
        assert {"quorum", "decided-inquorate"} <= set(held.blocks())
        findings = concluding.blocks(held.sitting, held.meeting)
        reasons = {(f.rule, f.subject): "They were called away." for f in findings}
        concluding.conclude(held.sitting, held.meeting, reasons)
        again = held.kind.quorum.if_inquorate.reconvene_limit
        assert again in held.dates()


def test_an_inquorate_conference_meets_again_in_ten_working_days_and_a_review_in_a_month(tmp_path: Path) -> None:
    for type_id, limit, day in (
        ("icpc", "inquorate_icpc", date(2026, 12, 24)),
        ("rcpc", "inquorate_other", date(2027, 1, 10)),
    ):
        with a_meeting(tmp_path / type_id, type_id) as held:
            held.leave(NEEDED[type_id])
            findings = concluding.blocks(held.sitting, held.meeting)
            concluding.conclude(held.sitting, held.meeting, {(f.rule, f.subject): "Called away." for f in findings})
            assert legal_day(held.dates()[limit].due_at) == day


def test_an_inquorate_conference_is_asked_for_no_plan_and_may_be_adjourned_to_a_day(tmp_path: Path) -> None:
    with a_meeting(tmp_path / "store", "icpc") as held:
        held.leave(NEEDED["icpc"])
        assert "every-child-decided" not in held.blocks()
        adjourned = held.choose(held.children[0], "C8", "inquorate")
        assert adjourned.on == NEXT_DAY
        assert "decided-inquorate" not in held.blocks()


def test_a_health_visitor_and_a_school_nurse_of_one_trust_are_two_agencies(tmp_path: Path) -> None:
    with a_meeting(tmp_path / "store", "icpc") as held:
        held.leave("manager")
        assert not held.quorum.quorate
        held.seat("health_community", "school_nurse")
        table.arrive(held.sitting, held.people["school_nurse"].id)
        assert held.quorum.quorate, held.quorum.words


def test_parents_and_a_chair_make_no_quorum_of_agencies_and_give_no_view(tmp_path: Path) -> None:
    with a_meeting(tmp_path / "store", "icpc") as held:
        held.leave("social_worker", "health_visitor", "manager")
        assert not held.quorum.quorate
        parent = held.people[Capacity.PARENT]
        with pytest.raises(Refused) as refused:
            deciding.record_view(
                held.sitting, held.meeting, "plan", held.children[0].id, "plan", "It is right.", speaker=parent.id
            )
        assert refused.value.rule in ("view.agency-missing", "view.not-counted")


def test_a_child_of_whom_too_little_is_known_is_adjourned_to_a_day_with_an_interim_plan(tmp_path: Path) -> None:
    with a_meeting(tmp_path / "store", "icpc", C1="cannot_decide") as held:
        child = held.children[0]
        with pytest.raises(Refused) as no_day:
            deciding.decide(
                held.sitting, held.meeting, Choice("C1", child.id, "cannot_decide", "The report is not in.")
            )
        assert no_day.value.rule == "decision.date-missing"
        held.choose(child, "C1", "cannot_decide")
        assert held.needed(child) == ["C8"]
        held.choose(child, "C8", "information")
        assert held.needed(child) == []


def test_a_child_without_a_plan_is_given_something_else_and_sets_no_core_group_running(tmp_path: Path) -> None:
    with a_meeting(tmp_path / "store", "icpc", children=2) as held:
        one, other = held.children
        for child, answer in ((one, "plan"), (other, "no_plan")):
            held.choose(child, "C1", "likely")
            held.choose(child, "C2", answer)
        assert held.needed(one) == ["C3", "C4", "C6"]
        assert held.needed(other) == ["C9"]
        for child in held.children:
            held.decide(child, ("C3", "C4", "C6", "C9"))
        findings = concluding.blocks(held.sitting, held.meeting)
        concluding.conclude(held.sitting, held.meeting, {(f.rule, f.subject): "Said before." for f in findings})
        core_group = held.dates()["core_first"]
        assert core_group.child is not None
        assert core_group.child.id == one.id


@pytest.mark.parametrize("type_id", CONFERENCES)
def test_a_chair_who_departs_from_the_view_of_most_says_why(tmp_path: Path, type_id: str) -> None:
    with a_meeting(tmp_path / "store", type_id) as held:
        child = held.children[0]
        held.view("plan", "plan")
        with pytest.raises(Refused) as refused:
            held.choose(child, "C2", "no_plan")
        assert refused.value.rule == "decision.departure-missing"
        made = held.choose(child, "C2", "no_plan", departure="The father has moved out, and the school confirms it.")
        assert made.departure


def test_where_agencies_are_unsure_or_abstain_the_chair_departs_from_nobody(tmp_path: Path) -> None:
    with a_meeting(tmp_path / "store", "icpc") as held:
        held.view("plan", "abstain")
        assert held.choose(held.children[0], "C2", "no_plan").departure == ""


def test_the_end_of_a_plan_says_why_it_ends_and_what_follows(tmp_path: Path) -> None:
    with a_meeting(tmp_path / "store", "rcpc") as held:
        child = held.children[0]
        held.choose(child, "C1", "neither")
        held.choose(child, "C2", "no_plan")
        assert set(held.needed(child)) == {"R1", "C9"}
        with pytest.raises(Refused) as unconfirmed:
            deciding.decide(held.sitting, held.meeting, Choice("R1", child.id, "moved_permanently", "They live there."))
        assert unconfirmed.value.rule == "decision.detail-missing"


def test_a_core_group_that_finds_the_plan_does_not_work_is_asked_for_an_earlier_review(tmp_path: Path) -> None:
    with a_meeting(tmp_path / "store", "core_group") as held:
        child = held.children[0]
        held.choose(child, "K1", "no")
        assert held.needed(child) == ["K2", "K4"]


def test_before_a_birth_a_plan_is_reviewed_after_it_and_by_the_three_months_as_long_as_there_is_none(
    tmp_path: Path,
) -> None:
    with a_meeting(tmp_path / "store", "icpc_prebirth") as held:
        held.choose(held.children[0], "C1", "likely")
        held.choose(held.children[0], "C2", "plan")
        findings = concluding.blocks(held.sitting, held.meeting)
        concluding.conclude(held.sitting, held.meeting, {(f.rule, f.subject): "Said before." for f in findings})
        due = held.dates()["rcpc_unborn_A"]
        assert due.child is not None
        assert due.child.id == held.children[0].id
        assert legal_day(due.due_at) == date(2027, 3, 10)


def test_a_consultation_is_never_without_a_quorum_and_takes_no_view(tmp_path: Path) -> None:
    with a_meeting(tmp_path / "store", "unit_consultation") as held:
        held.leave("lead", "dsl")
        assert held.quorum.quorate
        assert held.quorum.words == "No quorum"
        held.choose(held.children[0], "U1", "child_protection")
        assert "decided-inquorate" not in held.blocks()
        assert held.kind.views == ()
