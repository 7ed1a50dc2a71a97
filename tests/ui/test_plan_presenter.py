"""What the page of a plan says and asks, without a window."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from app.models.case import Case, Child
from app.models.plan import Carrier, Done, Plan, Standing
from app.practice.plans import Change, Doubt, Drift, Repeated, Visits
from app.services import plan_look, planning
from app.services.plan_draft import Danger, Draft, Task
from app.services.plan_look import AtMeeting, Look
from app.ui.plan import asking, presenter
from app.ui.plan.asking import NotThere
from tests.builders import national_pack
from tests.services.planned import FULL, a_conference, conference, finish, make

TODAY = date(2026, 12, 10)
PACK = national_pack()


def a_look(child: Child | None = None) -> Look:
    about = child or Child(
        id=uuid4(), case=Case(id=uuid4(), reference="SAMPLE-1", opened_at=datetime(2026, 12, 1, tzinfo=UTC)),
        name="Robin Sample", position=1,
    )  # fmt: skip
    return Look(about, [about], uuid4(), [], [], None, None, TODAY, PACK)


def a_plan(**rest: object) -> Plan:
    look = a_look()
    facts: dict[str, object] = {"visit_every": None} | rest
    return Plan(
        id=uuid4(), case=look.child.case, child=look.child, version=1, standing=Standing.IN_FORCE, started_on=TODAY,
        made_at=datetime(2026, 12, 10, tzinfo=UTC), category="neglect", **facts,
    )  # type: ignore[arg-type] # fmt: skip


def values(**rest: str) -> dict[str, str]:
    return {
        "text": "Visit on Tuesday.", "owner": "Blair Example", "due": "14.1.2027", "carrier": "agency", "agency": "",
        "evidence": "", "outcome": "",
    } | rest  # fmt: skip


def test_every_reason_for_which_a_plan_is_interim_has_its_own_sentence() -> None:
    sentences = {presenter.why_interim(one) for one in Doubt}
    assert len(sentences) == len(Doubt)
    assert all(one.endswith(".") for one in sentences)


def test_drift_is_said_with_the_mark_that_is_reached_and_what_was_set_again() -> None:
    assert presenter.drift(Drift(0, None, 1, ())) == ["On a plan for less than a month. It is the child's first plan."]
    mark = next(one for one in PACK.plan.ages if one.months == 15)
    said = presenter.drift(Drift(16, mark, 2, (Repeated("Keep the diary.", 3, date(2025, 9, 1)),)))
    assert said == [
        "On a plan for 16 months. It is plan number 2 of this child.",
        "On a plan for 15 months: ask what has to be different now.",
        "Set 3 times since 1 September 2025: “Keep the diary.”",
    ]


def test_visits_say_when_the_child_was_last_seen_and_last_seen_alone() -> None:
    plan = a_plan(visit_every=10)
    said = presenter.visits(plan, Visits(date(2026, 12, 1), None, date(2026, 12, 9), True))
    assert said == [
        "To be seen at least every 10 working days.", "Last seen 1 December 2026.", "Not recorded as seen alone.",
        "Next visit due by 9 December 2026: overdue.",
    ]  # fmt: skip
    assert "calendar of working days" in presenter.visits(plan, None)[-1]
    assert presenter.visits(a_plan(), Visits(None, None, None, False))[:2] == [
        "The plan does not say how often the child is seen.", "No visit is recorded in the chronology.",
    ]  # fmt: skip


def test_a_change_reads_as_a_sentence_whether_something_is_new_left_out_or_different() -> None:
    assert presenter.change(Change("", "visit_every", "", "10", "5"), PACK) == (
        "Seen at least every so many working days: was “10”, now “5”"
    )
    assert presenter.change(Change("", "unannounced", "", "", "yes"), PACK) == "Visits without notice: now “yes”"
    assert presenter.change(Change("steps", "", "Visit.", "", "Visit."), PACK) == "Actions: new: “Visit.”"
    assert presenter.change(Change("steps", "", "Visit.", "Visit.", ""), PACK) == "Actions: left out: “Visit.”"
    assert presenter.change(Change("steps", "due", "Visit.", "1 May 2027", ""), PACK) == (
        "By when of “Visit.”: no longer “1 May 2027”"
    )


def test_why_there_is_no_progress_to_tell_is_said_with_what_to_do() -> None:
    look = a_look()
    assert "open this page from that meeting" in presenter.no_progress(None, look)
    at = AtMeeting(None, "Core group", in_session=True, about_child=True, works_on_plans=True, told=[])  # type: ignore[arg-type]
    assert "No plan of Robin stood when this meeting began" in presenter.no_progress(at, look)
    assert "In this kind of meeting" in presenter.no_progress(replace(at, works_on_plans=False), look)
    assert "not about Robin" in presenter.no_progress(replace(at, about_child=False), look)


def test_progress_is_read_with_what_was_told_last_time(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store") as (room, held):
        plan = make(held)
        finish(held)
        group = conference(room, "core_group")
        planning.note_progress(
            room.sitting, group.meeting, room.child.id, plan.outcomes[0].line, Done.PARTLY, change="Two meals."
        )
        finish(group)
        again = conference(room, "core_group").meeting
        at = plan_look.at_meeting(room.sitting, again, room.child.id)
        assert presenter.told_words(at.told[0], PACK) == (
            "Outcome: Robin eats three meals a day.\nOn 10 December 2026: Partly. Two meals.\n"
            "Not told yet: what changed for the child?"
        )
        assert presenter.told_so_far(at) == "Still to tell: 1 outcome and 2 actions."


def test_what_is_pointed_out_stands_beside_the_field_it_is_about() -> None:
    found = asking.suggestions(
        "steps", values(text="Monitor the home", owner="", due="asap", carrier="parent"), TODAY, PACK
    )
    assert {key: [one.rule for one in beside] for key, beside in found.items()} == {
        "text": ["vague.monitor"], "owner": ["smart.no-owner"], "due": ["vague.asap"], "carrier": ["smart.parent-only"],
    }  # fmt: skip
    aim = {"text": "Robin is in nursery.", "indicator": "Attendance", "target": "", "benefit": "", "baseline": ""}
    found = asking.suggestions("outcomes", aim, TODAY, PACK)
    assert {key: [one.rule for one in beside] for key, beside in found.items()} == {
        "indicator": ["smart.attendance"], "target": ["smart.no-date"],
    }  # fmt: skip


def test_nothing_is_pointed_out_before_somebody_types_nor_in_a_line_anybody_could_check() -> None:
    assert asking.suggestions("steps", values(text=" ", owner=""), TODAY, PACK) == {}
    assert asking.suggestions("steps", values(), TODAY, PACK) == {}
    assert asking.suggestions("dangers", {"text": "Monitor", "safety_goal": ""}, TODAY, PACK) == {}


def test_where_what_is_pointed_out_comes_from_names_the_rule_and_its_review() -> None:
    found = asking.suggestions("steps", values(text="Monitor the home"), TODAY, PACK)["text"]
    said = asking.origin_of(found, PACK)
    assert said.startswith("“monitor”: Where this comes from: ")
    assert "Reviewed 1 November 2026." in said


@pytest.mark.parametrize(
    ("typed", "key", "begins"),
    [
        ({"text": " "}, "text", "Each line of a plan says something"),
        ({"owner": ""}, "owner", "An action of a plan needs its owner"),
        ({"due": "ongoing"}, "due", "A plan needs a day somebody can check, and “ongoing” is none"),
        ({"due": "31.2.2027"}, "due", "There is no day “31.2.2027”"),
    ],
)
def test_a_line_that_cannot_stand_in_a_plan_is_refused_beside_its_field(
    typed: dict[str, str], key: str, begins: str
) -> None:
    with pytest.raises(NotThere) as found:
        asking.line_from("steps", "s1", values(**typed), TODAY, PACK)
    assert found.value.key == key
    assert str(found.value).startswith(begins)


def test_a_line_comes_out_of_its_form_as_it_went_in() -> None:
    line = Task("Visit on Tuesday.", "Blair Example", date(2027, 1, 14), Carrier.FAMILY, evidence="A note.", key="s1")
    assert asking.line_from("steps", "s1", asking.values_of(line), TODAY, PACK) == line


def test_the_facts_come_out_of_their_form_as_they_went_in_and_numbers_are_numbers() -> None:
    draft = replace(FULL, started_on=date(2026, 12, 10))
    asked = {one.key: "" for one in asking.facts_asked(a_look(), first=True)}
    assert asking.facts_from(draft, asked | asking.facts_of(draft), TODAY, PACK) == draft
    for key, typed, begins in (
        ("visit_every", "fortnightly", "The child is seen every so many working days, from 1"),
        ("earlier", "some", "Write how many plans there were before"),
        ("category", "", "A plan needs its category of harm"),
        ("started_on", "soon", "A plan needs a day somebody can check"),
    ):
        with pytest.raises(NotThere, match=begins) as found:
            asking.facts_from(draft, asked | asking.facts_of(draft) | {key: typed}, TODAY, PACK)
        assert found.value.key == key


def test_what_is_wished_for_a_draft_does_not_read_as_what_the_plan_is() -> None:
    wish = asking.facts_words(FULL, PACK).splitlines()[-1]
    assert wish == "What the plan is to be worth: In force, once a conference with a quorum has decided so"
    interim = asking.facts_words(replace(FULL, standing=Standing.INTERIM), PACK).splitlines()[-1]
    assert interim == "What the plan is to be worth: Interim"


def test_a_new_line_gets_a_key_of_its_own_also_after_others_were_taken_out() -> None:
    draft = Draft(category="neglect")
    for text in ("One.", "Two."):
        draft = asking.with_line(draft, "dangers", Danger(text, key=asking.free_key(draft)))
    draft = asking.without(draft, "dangers", "new-1")
    draft = asking.with_line(draft, "dangers", Danger("Three.", key=asking.free_key(draft)))
    assert [line.text for line in draft.dangers] == ["Two.", "Three."]
    assert len({line.key for line in draft.dangers}) == 2


def test_more_actions_than_a_family_can_carry_are_pointed_out() -> None:
    steps = [Task(f"Act {number}.", "Blair Example", key=f"s{number}") for number in range(13)]
    assert asking.too_many(Draft(category="neglect", steps=steps[:12]), PACK) == ""
    assert asking.too_many(Draft(category="neglect", steps=steps), PACK) == "More actions than a family can carry: 13."


def test_each_rule_behind_the_page_says_where_it_comes_from(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store") as (room, held):
        make(held)
        said = presenter.origins(plan_look.look(room.sitting, room.child.id), ending=True).split("\n\n")
        reasons = [one.label for one in PACK.plan.end_reasons]
        assert [line for line in said if line.startswith("Neglect: Where this comes from: ")]
        assert all(any(reason in line.split(": Where this comes from: ")[0] for line in said) for reason in reasons)
        [visits] = [line for line in said if line.startswith("Child on a plan seen: ")]
        assert "10 is common and not confirmed in the sources read" in visits
        assert all("Reviewed " in line for line in said)
