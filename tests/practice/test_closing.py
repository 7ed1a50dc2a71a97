"""What keeps a meeting open: for each rule a meeting that is blocked, and one differing in one fact that is not."""

from collections.abc import Callable
from datetime import date

import pytest

from app.models.action import Action
from app.models.dissent import Dissent, DissentKind
from app.models.gap import Gap, GapState
from app.practice.closing import RULES, blocks_closing, needed_decisions, place
from app.practice.finding import Finding, fill
from app.practice.pack import Clearance, FollowUp
from app.practice.questions import Condition
from tests.builders import START, InMemory, clock, national_pack, strategy

PACK = national_pack()
NOW = clock(11, 0)


def found(room: InMemory) -> list[Finding]:
    return blocks_closing(room.meeting, strategy(), PACK, NOW)


def settled(*children: str) -> InMemory:
    return InMemory(*children).quorate().settle()


def without_quorum(room: InMemory) -> None:
    room.meeting.attendances[1].presences[0].left_at = clock(10, 58)


def decided_inquorate(room: InMemory) -> None:
    room.meeting.decisions[0].quorate = False


def view_missing(room: InMemory) -> None:
    del room.meeting.views[0]


def unheard_on_an_item(room: InMemory) -> None:
    del room.meeting.statements[0]


def decision_missing(room: InMemory) -> None:
    del room.meeting.decisions[0]


def gap_without_owner(room: InMemory) -> None:
    Gap(id=room.new_id(), meeting=room.meeting, item_id="agencies", question="What did the GP see?", noticed_at=START)


def dissent_not_read_back(room: InMemory) -> None:
    Dissent(
        id=room.new_id(), meeting=room.meeting, dissenter=room.meeting.attendances[1], item_id="dissent",
        question_id="process", kind=DissentKind.DISSENT, words="I would not wait.", raised_at=START,
    )  # fmt: skip


def majority_unanswered(room: InMemory) -> None:
    room.meeting.decisions[0].option = "not_met"


def action_without_owner(room: InMemory) -> None:
    Action(id=room.new_id(), meeting=room.meeting, item_id="enquiry", text="Ring the ward.", agreed_at=START)


def mended_gap(room: InMemory) -> None:
    room.meeting.gaps[0].owner = "Drew"


def mended_action(room: InMemory) -> None:
    room.meeting.actions[0].owner, room.meeting.actions[0].due = "Drew", date(2026, 12, 11)


def mended_dissent(room: InMemory) -> None:
    room.meeting.dissents[0].read_back_at = NOW


def mended_majority(room: InMemory) -> None:
    room.meeting.decisions[0].departure = "The film shows another child."


def mended_quorum(room: InMemory) -> None:
    room.meeting.attendances[1].presences[0].left_at = None


def mended_inquorate(room: InMemory) -> None:
    room.meeting.decisions[0].quorate = True


def mended_view(room: InMemory) -> None:
    room.view(room.meeting.attendances[1])


def mended_hearing(room: InMemory) -> None:
    room.say(room.meeting.attendances[1], "agencies")


def mended_decision(room: InMemory) -> None:
    room.decide("D1", "met")


Fact = Callable[[InMemory], None]
CASES: list[tuple[Clearance, str, Fact, Fact, str]] = [
    (Clearance.QUORUM, "quorum", without_quorum, mended_quorum, "Police is not in the meeting"),
    (Clearance.QUORUM, "decided-inquorate", decided_inquorate, mended_inquorate, "Robin"),
    (Clearance.EVERY_AGENCY_HEARD, "every-agency-heard", view_missing, mended_view, "Police has not given its view"),
    (Clearance.EVERY_AGENCY_HEARD, "agency-not-heard", unheard_on_an_item, mended_hearing, "Police has not been heard"),
    (Clearance.EVERY_CHILD_DECIDED, "every-child-decided", decision_missing, mended_decision, "Robin has no decision"),
    (Clearance.EVERY_GAP_OWNED, "every-gap-owned", gap_without_owner, mended_gap, "What did the GP see?"),
    (Clearance.DISSENTS_READ_BACK, "dissents-read-back", dissent_not_read_back, mended_dissent, "read back"),
    (Clearance.MAJORITY_ANSWERED, "majority-answered", majority_unanswered, mended_majority, "Robin"),
    (Clearance.ACTIONS_OWNED, "actions-owned", action_without_owner, mended_action, "Ring the ward."),
]


def test_nothing_keeps_a_settled_meeting_open() -> None:
    assert found(settled()) == []
    assert found(settled("Robin Sample", "Wren Sample")) == []


@pytest.mark.parametrize(("clearance", "rule", "spoil", "mend", "words"), CASES, ids=[case[1] for case in CASES])
def test_one_fact_keeps_a_meeting_open_and_mending_it_lets_it_close(
    clearance: Clearance, rule: str, spoil: Fact, mend: Fact, words: str
) -> None:
    room = settled()
    spoil(room)
    blocking = found(room)
    assert [finding.rule for finding in blocking] == [rule]
    assert clearance in strategy().closing
    sentence, advice = blocking[0].sentence(PACK), blocking[0].mend(PACK)
    assert words in sentence
    assert sentence != rule, "the pack has a sentence for it"
    assert advice != f"{rule}.mend", "the pack says how to mend it"
    assert "$" not in sentence + advice, "every name is filled in"
    assert strategy().item(blocking[0].item_id) is not None
    mend(room)
    assert found(room) == []


def test_every_named_rule_is_held_and_tested() -> None:
    of_conferences = {Clearance.CHAIR_DECLARED, Clearance.ORDER_RECORDED, Clearance.INQUORATE_ANSWERED}
    of_plans = {Clearance.PLAN_MADE, Clearance.PROGRESS_TOLD}
    apart = {Clearance.FOLLOW_UP_FIXED, Clearance.DATES_KEPT, Clearance.EXCLUDED_HEARD, *of_conferences, *of_plans}
    assert set(RULES) == set(Clearance) == {case[0] for case in CASES} | apart


def test_a_meeting_that_must_be_followed_stays_open_until_that_is_fixed_for_each_child() -> None:
    follow_up = FollowUp(
        type="strategy_initial",
        limit="strat_usual",
        says="A full discussion follows.",
        fixed_by=(Condition(decision="D13", options=("reconvene",)),),
    )
    short = strategy().model_copy(update={"closing": (Clearance.FOLLOW_UP_FIXED,), "follow_up": follow_up})
    room = InMemory("Robin Sample", "Wren Sample")
    room.decide("D13", "reconvene")
    room.decide("D13", "not_needed", room.meeting.children[1])
    [blocking] = blocks_closing(room.meeting, short, PACK, NOW)
    assert blocking.child_id == room.meeting.children[1].id
    assert blocking.sentence(PACK) == "The meeting that must follow is not fixed for Wren. A full discussion follows."
    assert blocking.mend(PACK) == "Fix the day and time of that meeting and record it as the decision for Wren."
    assert short.item(blocking.item_id) is not None
    room.meeting.decisions[1].option = "reconvene"
    assert blocks_closing(room.meeting, short, PACK, NOW) == []


def test_each_child_needs_its_own_decisions() -> None:
    room = settled("Robin Sample", "Wren Sample")
    room.meeting.decisions[:] = [d for d in room.meeting.decisions if d.child is room.child]
    assert {finding.child_id for finding in found(room)} == {room.meeting.children[1].id}
    assert len(found(room)) == sum(question.required for question in strategy().decisions)


def test_a_question_may_become_needed_by_another_decision() -> None:
    room = settled()
    asked = [question.id for question in needed_decisions(room.meeting, strategy(), room.child)]
    assert "D3" not in asked
    next(d for d in room.meeting.decisions if d.question_id == "D2").option = "no_s47"
    assert "D3" in [question.id for question in needed_decisions(room.meeting, strategy(), room.child)]


def test_immediate_protection_may_be_decided_without_a_quorum() -> None:
    room = settled()
    next(d for d in room.meeting.decisions if d.question_id == "D4").quorate = False
    assert found(room) == []


def test_a_gap_that_is_answered_or_an_agency_has_needs_no_owner() -> None:
    room = settled()
    gap_without_owner(room)
    room.meeting.gaps[0].state = GapState.ANSWERED
    assert found(room) == []
    room.meeting.gaps[0].state = GapState.NOT_ASKED
    room.meeting.gaps[0].agency = room.agency("police")
    assert found(room) == []


def test_two_findings_of_one_rule_are_told_apart() -> None:
    room = settled("Robin Sample", "Wren Sample")
    room.meeting.views.clear()
    keys = [(finding.rule, finding.subject) for finding in found(room)]
    assert len(keys) == len(set(keys)) == 4


def test_names_that_look_like_templates_are_printed_as_they_are() -> None:
    assert fill("$who says", {"who": "$child ${x} {y} %s"}) == "$child ${x} {y} %s says"


def test_a_thing_without_a_place_belongs_to_the_last_item() -> None:
    assert place(strategy(), decision="nothing") == strategy().agenda[-1].id
    assert place(strategy(), decision="D1") == "decisions"


def test_what_is_decided_once_for_all_children_is_asked_for_once_and_names_them() -> None:
    once = strategy().decisions[0].model_copy(update={"id": "once", "required": True, "per_child": False})
    closing = (Clearance.EVERY_CHILD_DECIDED,)
    kind = strategy().model_copy(update={"closing": closing, "decisions": (once,)})
    room = InMemory("Robin Sample", "Wren Sample").quorate()
    [asked] = blocks_closing(room.meeting, kind, PACK, NOW)
    assert (asked.subject, dict(asked.words)["child"]) == (f"once/{room.child.id}", "Robin and Wren")
    room.decide("once", "met")
    [left] = blocks_closing(room.meeting, kind, PACK, NOW)
    assert dict(left.words)["child"] == "Wren"
    room.decide("once", "met", room.meeting.children[1])
    assert blocks_closing(room.meeting, kind, PACK, NOW) == []


def test_what_is_missing_for_children_of_one_name_says_for_which_of_them() -> None:
    room = settled("Robin Sample", "Robin Other")
    for child in room.meeting.children:
        made = next(decision for decision in room.meeting.decisions if decision.child is child)
        room.meeting.decisions.remove(made)
    sentences = [finding.sentence(PACK) for finding in found(room) if finding.rule == "every-child-decided"]
    assert len(set(sentences)) == len(sentences) > 1
    assert any("Robin Sample" in sentence for sentence in sentences)
    assert any("Robin Other" in sentence for sentence in sentences)
