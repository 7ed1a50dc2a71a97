"""A decision sets work going by itself, and what came of it finds its way back to the decision."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.minutes.pages import comparable, comparable_text
from app.models.base import Refused
from app.models.work import Work, WorkKind
from app.practice.directing import LEADS_TO_CONFERENCE, OUTCOMES, due_by, offers, state_of
from app.practice.words import LONDON, local
from app.services import cases, directing, sealing, undoing
from app.services.opening import introduce
from tests.builders import START, Room, a_room, national_pack, strategy
from tests.services.conference import a_conference, concluded


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path, children=2) as made:
        yield made


def works(room: Room) -> list[Work]:
    return [work for decision in room.loaded().decisions for work in decision.works]


def refused(rule: str, act: object, *told: object, **rest: object) -> None:
    assert callable(act)
    with pytest.raises(Refused) as found:
        act(*told, **rest)
    assert found.value.rule == rule


@pytest.mark.parametrize(
    ("question", "option", "kind", "joint", "due"),
    [
        ("D2", "joint", WorkKind.ENQUIRY, True, None),
        ("D2", "csc_single", WorkKind.ENQUIRY, False, None),
        ("D5", "planned", WorkKind.MEDICAL, False, date(2026, 12, 15)),
        ("D5", "urgent", WorkKind.MEDICAL, False, date(2026, 12, 10)),
        ("D6", "abe", WorkKind.INTERVIEW, False, None),
        ("D4", "epo", WorkKind.COURT, False, None),
    ],
)
def test_an_answer_sets_its_work_going_with_its_time(
    room: Room, question: str, option: str, kind: WorkKind, joint: bool, due: date | None
) -> None:
    room.decide(question, option)
    made = works(room)
    assert [(work.kind, work.joint, work.due) for work in made] == [(kind, joint, due)]
    assert local(made[0].set_at, LONDON).date() == date(2026, 12, 10)


def test_an_answer_that_asks_for_no_work_sets_none_going(room: Room) -> None:
    room.decide("D2", "no_s47")
    room.decide("D5", "advice_only")
    assert works(room) == []


def test_each_child_has_work_of_its_own(room: Room) -> None:
    for child in room.children:
        room.decide("D2", "joint", child)
    open_works = directing.works_of_case(room.sitting, room.case.id)
    assert {work.decision.child.name for work in open_works} == {child.name for child in room.children}


def test_another_answer_takes_the_work_away_with_its_plan_and_undo_brings_it_back(room: Room) -> None:
    room.decide("D5", "planned")
    directing.add_step(room.sitting, works(room)[0].id, "Ask the mother to come along.")
    room.decide("D5", "no", detail="It would tell nothing new.")
    assert works(room) == []
    assert undoing.undo(room.sitting, room.meeting) == "decision.made"
    assert [step.text for step in works(room)[0].steps] == ["Ask the mother to come along."]


def test_the_same_answer_given_again_keeps_the_plan_of_its_work(room: Room) -> None:
    room.decide("D2", "csc_single")
    directing.plan_work(room.sitting, works(room)[0].id, lead="Blair Example")
    room.decide("D2", "joint")
    assert [(work.lead, work.joint) for work in works(room)] == [("Blair Example", True)]


def test_work_goes_on_after_the_minutes_are_sealed_and_ends_with_an_outcome(room: Room) -> None:
    introduce(room.sitting, "Ash Example", "Team manager", "Example Council")
    room.settle()
    room.decide("D2", "joint")
    work = next(work for work in works(room) if work.kind is WorkKind.ENQUIRY)
    room.conclude()
    sealing.seal(room.sitting, room.meeting)
    directing.plan_work(
        room.sitting, work.id, lead="Blair Example", plan="Both visit today.", consent="Not asked: it would warn him.",
        started_at=room.clock.at,
    )  # fmt: skip
    step = directing.add_step(room.sitting, work.id, "See the child alone.", owner="Blair", due=room.clock.at)
    room.clock.pass_by(days=3)
    directing.finish_step(room.sitting, step.id)
    refused("work.unknown-outcome", directing.end_work, room.sitting, work.id, "findings")
    before = START - timedelta(days=1)
    refused("work.ends-before-start", directing.end_work, room.sitting, work.id, LEADS_TO_CONFERENCE, at=before)
    later = room.clock.at + timedelta(days=1)
    refused("work.in-future", directing.end_work, room.sitting, work.id, LEADS_TO_CONFERENCE, at=later)
    ended = directing.end_work(room.sitting, work.id, LEADS_TO_CONFERENCE, "Both accounts agree.")
    assert ended.decision.question_id == "D2"
    refused("work.already-ended", directing.plan_work, room.sitting, work.id, lead="x")
    open_works = directing.works_of_case(room.sitting, room.case.id)
    assert WorkKind.ENQUIRY not in {one.kind for one in open_works if one.decision.child.id == room.child.id}
    assert directing.works_of_case(room.sitting, room.case.id, ended=True)


@pytest.mark.parametrize(("outcome", "met"), [("no-findings", True), ("not-done", False)])
def test_a_medical_that_was_held_meets_its_date_and_one_that_was_not_leaves_it_running(
    room: Room, outcome: str, met: bool
) -> None:
    room.settle()
    room.decide("D5", "planned")
    work = next(work for work in works(room) if work.kind is WorkKind.MEDICAL)
    room.conclude()
    due = next(one for one in cases.load_case(room.sitting, room.case.id).deadlines if one.limit_id == "cp_medical")
    assert due.due_at.date() == work.due
    directing.end_work(room.sitting, work.id, outcome, "The report is in the file.")
    due = next(one for one in cases.load_case(room.sitting, room.case.id).deadlines if one.limit_id == "cp_medical")
    assert (due.met_at is not None) is met


def test_what_was_ended_or_done_by_mistake_goes_on_and_its_date_runs_again(room: Room) -> None:
    room.settle()
    room.decide("D5", "planned")
    work = next(work for work in works(room) if work.kind is WorkKind.MEDICAL)
    step = directing.add_step(room.sitting, work.id, "Bring the red book.")
    room.conclude()
    refused("work.not-ended", directing.go_on, room.sitting, work.id)
    directing.finish_step(room.sitting, step.id)
    directing.step_not_done(room.sitting, step.id)
    directing.end_work(room.sitting, work.id, "findings", "The report is in the file.")
    refused("work.already-ended", directing.step_not_done, room.sitting, step.id)
    directing.go_on(room.sitting, work.id)
    again = next(one for one in directing.works_of_case(room.sitting, room.case.id) if one.id == work.id)
    assert (again.outcome, again.outcome_words, again.steps[0].done_at) == ("", "", None)
    due = next(one for one in cases.load_case(room.sitting, room.case.id).deadlines if one.limit_id == "cp_medical")
    assert due.met_at is None
    refused("meeting.unknown-entry", directing.go_on, room.sitting, step.id)
    refused("meeting.unknown-entry", directing.step_not_done, room.sitting, work.id)


def test_the_page_of_the_work_tells_the_dates_that_rest_on_each_decision(room: Room) -> None:
    room.settle()
    room.decide("D5", "planned")
    room.conclude()
    first = room.children[0].id
    found = {
        (one.work.kind, one.work.decision.child.id == first): [date.label for date in one.dates]
        for one in directing.look_at(room.sitting, room.case.id)
    }
    assert found == {
        (WorkKind.ENQUIRY, True): ["Initial child protection conference"],
        (WorkKind.ENQUIRY, False): ["Initial child protection conference"],
        (WorkKind.MEDICAL, True): ["Child protection medical"],
    }
    assert directing.look_at(room.sitting, room.case.id, room.case.id) == []


def test_any_agency_that_was_invited_may_lead(room: Room) -> None:
    assert [agency.sector for agency in directing.may_lead(room.sitting, room.case.id)] == [
        "health_community", "police", "csc",
    ]  # fmt: skip


def test_court_work_says_what_is_to_be_offered_first_and_what_was_decided_about_it(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store") as held:
        held.choose(held.children[0], "C5", "lpm")
        [work] = directing.works_of_case(held.sitting, held.loaded().case_id)
        [offer] = offers(work.decision, held.kind, national_pack())
        assert (offer.flag.id, offer.question and offer.question.id, offer.decision) == ("fgdm", "C7", None)
        held.choose(held.children[0], "C7", "accepted")
        [work] = directing.works_of_case(held.sitting, held.loaded().case_id)
        [offer] = offers(work.decision, held.kind, national_pack())
        assert offer.decision
        assert offer.decision.option == "accepted"


def test_a_meeting_that_does_not_ask_about_the_offer_says_so(room: Room) -> None:
    room.decide("D4", "epo")
    [work] = directing.works_of_case(room.sitting, room.case.id)
    [offer] = offers(work.decision, strategy(), national_pack())
    assert (offer.flag.id, offer.question, offer.decision) == ("fgdm", None, None)


def test_the_minutes_print_the_work_its_plan_and_what_came_of_it(room: Room) -> None:
    room.decide("D5", "planned")
    work = works(room)[0].id
    directing.plan_work(
        room.sitting, work, lead="Dr Kit Example", consent="The mother consents.", plan="At the clinic."
    )
    directing.add_step(room.sitting, work, "Bring the red book.", owner="Drew Example")
    read = comparable_text(sealing.minutes(room.sitting, room.meeting))
    for words in (
        "What the decisions set going", "Medical examination", "Led by: Dr Kit Example", "The mother consents",
        "1. Bring the red book.; Drew Example", "Tuesday 15 December 2026", "Not over yet",
    ):  # fmt: skip
        assert comparable(words) in read, words
    directing.end_work(room.sitting, work, "inconclusive", "To be seen again in two weeks.")
    read = comparable_text(sealing.minutes(room.sitting, room.meeting))
    assert comparable("Inconclusive To be seen again in two weeks.") in read


def test_a_recommendation_to_court_has_its_evidence_and_the_state_of_the_law(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store") as held:
        held.choose(held.children[0], "C5", "lpm")
        fgdm = next(question for question in held.kind.decisions if question.flag == "fgdm")
        held.choose(held.children[0], fgdm.id, fgdm.options[0].id)
        work = next(work for decision in held.loaded().decisions for work in decision.works)
        directing.plan_work(held.sitting, work.id, plan="An interim care order.")
        directing.add_step(held.sitting, work.id, "The chronology, signed.")
        concluded(held)
        read = comparable_text(sealing.minutes(held.sitting, held.meeting))
        for words in (
            "Recommended to the court: An interim care order.", "Evidence needed:", "1. The chronology, signed.",
            "enacted, not shown as in force", "section 31ZA of the Children Act 1989",
        ):  # fmt: skip
            assert comparable(words) in read, words


def test_the_law_is_in_force_only_from_the_day_the_pack_knows() -> None:
    pack = national_pack()
    flag = next(flag for flag in pack.flags if flag.id == "fgdm")
    assert state_of(flag, date(2030, 1, 1), pack) == "enacted, not shown as in force"
    started = flag.model_copy(update={"in_force": date(2027, 10, 1)})
    assert state_of(started, date(2027, 9, 30), pack) == "enacted, not shown as in force"
    assert state_of(started, date(2027, 10, 1), pack) == "In force since: 1 October 2027"


def test_every_outcome_has_words_and_an_enquiry_has_the_three_there_are() -> None:
    words = national_pack().wording["work"]
    assert {name for names in OUTCOMES.values() for name in names} | set(WorkKind) <= words.keys()
    assert set(OUTCOMES[WorkKind.ENQUIRY]) >= {"not-substantiated", "substantiated-no-risk", LEADS_TO_CONFERENCE}


def test_an_answer_without_a_limit_of_its_own_has_no_day(room: Room) -> None:
    room.decide("D2", "joint")
    decision = room.loaded().decisions[0]
    assert due_by(decision, strategy(), national_pack(), room.sitting.calendar_of(national_pack())) is None
