"""What the meetings of a case left open, and how the agencies saw it over time."""

from datetime import date
from pathlib import Path

from app.services import carrying_on, entries, looking_back, meetings
from tests.builders import a_room
from tests.services.planned import a_conference, conference, finish


def test_what_a_later_meeting_recorded_as_done_is_open_no_more_and_what_nobody_did_stays(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store") as (room, held):
        item = held.kind.agenda[0].id
        for text in ("Ring the hospital.", "Visit on Tuesday."):
            entries.record_action(held.sitting, held.meeting, item, text, owner="Blair", due=date(2026, 12, 14))
        gap = entries.record_gap(held.sitting, held.meeting, item, "What did the hospital see?")
        answered = entries.record_gap(held.sitting, held.meeting, item, "Where is the father?")
        entries.own_gap(held.sitting, answered.id, answer="In Leeds.")
        finish(held)
        room.clock.pass_by(days=60)
        review = meetings.prepare(
            room.sitting, room.case.id, "rcpc", [room.child.id], planned_at=room.clock.at, follows=held.meeting
        )
        meetings.start(room.sitting, review.id)
        carried = carrying_on.carried_on(room.sitting, review.id)
        rung = next(one.entry for one in carried.actions if one.entry.text == "Ring the hospital.")
        carrying_on.finish(room.sitting, review.id, rung.id)
        actions, gaps = looking_back.left_open(room.sitting, room.case.id)
        assert [(one.entry.text, one.meeting.id) for one in actions] == [("Visit on Tuesday.", held.meeting)]
        assert [(one.entry.id, one.since.id) for one in gaps] == [(gap.id, held.meeting)]


def test_the_question_asked_last_comes_first_in_its_latest_words(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store") as (room, held):
        held.view("plan")
        held.view("harm")
        finish(held)
        room.clock.pass_by(days=80)
        review = conference(room, "rcpc")
        review.view("plan", "no_plan")
        [(child, found)] = looking_back.views_over_time(room.sitting, room.case.id)
        assert child.id == room.child.id
        assert [(one.question, len(one.meetings)) for one in found] == [
            ("Does this child still need a child protection plan?", 2),
            ("Is this child suffering, or likely to suffer, significant harm?", 1),
        ]


def test_a_case_in_which_nothing_was_said_yet_shows_nothing(tmp_path: Path) -> None:
    with a_room(tmp_path, started=False) as room:
        assert looking_back.left_open(room.sitting, room.case.id) == ([], [])
        assert looking_back.views_over_time(room.sitting, room.case.id) == []
