"""What the page about the time before a meeting says, without a screen."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.models.attendance import Invitation
from app.models.participation import Ruling
from app.practice.pack import Circumstance
from app.services import inviting, meetings, participation, table
from app.services.inviting import ToInvite
from app.ui.before import presenter
from app.ui.before.desk import Desk
from app.ui.kit.days import NoSuchDay
from tests.services.conference import a_conference, concluded
from tests.services.holding import Held

TODAY = date(2026, 12, 10)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    with a_conference(tmp_path / "store", started=False) as made:
        yield made


def desk(held: Held) -> Desk:
    return Desk(held.sitting, held.meeting)


def test_where_the_meeting_stands_says_what_can_be_done_here(held: Held) -> None:
    assert presenter.standing(desk(held)).endswith("Thursday 10 December 2026, 10:30. It has not started.")
    assert "Quorate if everybody on the list comes" in presenter.quorum_words(desk(held))
    meetings.start(held.sitting, held.meeting)
    assert "come back from here" in presenter.standing(desk(held))
    assert presenter.quorum_words(desk(held)).startswith("Not quorate: ")
    concluded(held)
    assert "It is over" in presenter.standing(desk(held))


def test_a_rule_that_names_no_agency_is_left_to_the_chair(held: Held) -> None:
    found = inviting.who_to_invite(held.sitting, held.loaded())
    by_rule = {one.trigger.id: presenter.to_invite_row(one) for one in found}
    assert (
        by_rule["invite.police"] == "Police officer who knows the enquiry: NOBODY ON THE LIST YET. Always: the police."
    )
    assert "look at the list yourself" in by_rule["invite.family"]
    assert presenter.to_invite_summary(found) == (
        "For 1 of 6 rules nobody is on the list yet. 2 rules name no agency: check them yourself."
    )
    there = [ToInvite(one.trigger, True) for one in found]
    assert presenter.to_invite_summary(there) == "Somebody is on the list for each agency that the rules name."
    assert "nobody who must be asked" in presenter.to_invite_summary([])


def test_only_what_the_chair_has_to_say_can_be_said_to_apply(held: Held) -> None:
    asked = inviting.may_apply(held.sitting, held.loaded())
    assert asked
    assert {trigger.when for trigger in asked} == {Circumstance.ASKED}
    assert all("only if this applies" in presenter.may_apply_row(trigger) for trigger in asked)


def test_somebody_on_the_list_is_told_with_their_part(held: Held) -> None:
    mo = held.people["Mo Sample"].id
    table.fill_in(
        held.sitting, mo, invitation=Invitation.APOLOGIES, note="Works nights.", takes_part="In writing",
        report_shared="", invited_on=None, report_asked=None, report_received=None,
    )  # fmt: skip
    at = desk(held)
    person = at.person(mo)
    assert person is not None
    row = presenter.person_row(person, at.pack)
    assert row == "Mo Sample, parent: sent apologies. Takes part: In writing. Works nights."
    assert presenter.part_values(person)["takes_part"] == "In writing"


def test_reports_are_summed_up_with_what_is_late_and_overdue(held: Held) -> None:
    assert "Choose a person above" in presenter.summary_of_reports([], TODAY)
    for role, came in (("social_worker", date(2026, 12, 4)), ("health_visitor", date(2026, 12, 8)), ("manager", None)):
        table.note_attendance(
            held.sitting, held.people[role].id, report_asked=date(2026, 11, 30), report_received=came
        )  # fmt: skip
    found = participation.reports(held.sitting, held.loaded())
    assert presenter.summary_of_reports(found, TODAY) == "2 reports of 3 came, 1 late and 1 overdue."
    first, _, last = (presenter.report_row(one, TODAY) for one in found)
    assert "4 working days before the meeting (in time, due by Monday 7 December 2026)" in first
    assert "Not noted when the family had it." in first
    assert "not here yet (OVERDUE, due by Monday 7 December 2026)" in last
    pack = desk(held).pack
    assert all("3 working days before" in presenter.report_why(one, pack) for one in found)


def test_a_request_is_told_without_its_evidence_which_is_shown_when_asked_for(held: Held) -> None:
    early = held.sitting.when(held.loaded().planned_at - timedelta(days=5))
    mo = held.people["Mo Sample"].id
    one = participation.ask_exclusion(early, held.meeting, mo, "welfare", "Threats heard.", asked_by="Casey, police")
    participation.rule_exclusion(held.sitting, one.id, Ruling.FOR_A_PART, "Others are afraid.", scope="The reports")
    at = desk(held)
    found = at.request(one.id)
    assert found is not None
    notice = participation.notice(held.sitting, at.meeting)[one.id]
    row = presenter.request_row(found, notice, at.pack)
    assert "It should have come by" not in row
    assert "Kept out for a part: The reports." in row
    assert "Threats heard" not in row
    why = presenter.request_why(found, notice, at.pack)
    for words in ("Evidence: Threats heard.", "The chair's reasons: Others are afraid.", "Where this comes from"):
        assert words in why


def test_the_parents_stand_first_among_those_a_request_can_be_about_and_the_chair_does_not(held: Held) -> None:
    names = [words.split(",")[0] for _, words in presenter.people_to_keep_out(desk(held))]
    assert names[:2] == ["Mo Sample", "Sam Sample"]
    assert "iro Example" not in names


def test_each_ground_of_the_pack_says_what_it_means_and_where_it_comes_from(held: Held) -> None:
    pack = desk(held).pack
    for ground in pack.participation.grounds:
        assert presenter.ground_words(ground, pack).startswith(ground.detail)
        assert "Reviewed" in presenter.ground_words(ground, pack)


def test_a_file_is_offered_under_a_name_that_names_nobody(held: Held) -> None:
    at = desk(held)
    person = held.people["Mo Sample"]
    assert presenter.offered_name(at, "invitation", person.id) == f"invitation-{at.meeting.reference}-{person.position}"
    assert presenter.offered_name(at, "meeting") == f"meeting-{at.meeting.reference}"


def test_a_day_left_empty_is_no_day_and_one_in_words_is_refused() -> None:
    assert presenter.day_typed("  ", TODAY) is None
    assert presenter.day_typed("today", TODAY) == TODAY
    with pytest.raises(NoSuchDay):
        presenter.day_typed("next week some time", TODAY)


def test_nobody_is_offered_as_family_where_no_family_comes(held: Held) -> None:
    pack = desk(held).pack
    [capacities] = [
        [value for value, _ in one.choices] for one in presenter.add_asked(pack, family=False) if one.key == "capacity"
    ]
    assert not {"parent", "child", "chair"} & set(capacities)
    assert {"supporter", "advocate", "interpreter", "practitioner"} <= set(capacities)
