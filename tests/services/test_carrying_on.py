"""What a meeting opens with, through a chain of meetings, and a consultation that becomes a strategy discussion."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from app.models.attendance import Attendance, Capacity
from app.models.dissent import DissentKind
from app.models.gap import GapState
from app.practice.carrying_on import not_done_here, out_of_order
from app.services import carrying_on, cases, concluding, deciding, entries, meetings, table
from app.store import checking
from tests.builders import Room, a_room
from tests.services.acts import refused

NEXT = "strategy_review"


def conclude(room: Room) -> UUID:
    findings = concluding.blocks(room.sitting, room.meeting)
    concluding.conclude(room.sitting, room.meeting, {(f.rule, f.subject): "Not today." for f in findings})
    return room.meeting


def next_meeting(room: Room, type_id: str = NEXT, **rest: Any) -> UUID:
    """Conclude the room's meeting and start one that carries it on, a day later."""
    before = conclude(room)
    room.clock.pass_by(days=1)
    ids = [child.id for child in room.children]
    made = meetings.prepare(room.sitting, room.case.id, type_id, ids, planned_at=room.clock.at, follows=before, **rest)
    room.meeting = made.id
    room.people = {}
    room.invite("csc", "Ash Example", capacity=Capacity.CHAIR)
    room.invite("police", "Casey Example")
    room.invite("health_community", "Drew Example")
    meetings.start(room.sitting, made.id)
    room.arrive(*room.people)
    return before


def agency(room: Room, name: str) -> UUID:
    found = next(a.agency_id for a in room.loaded().attendances if a.name == name)
    assert found is not None
    return found


def test_a_reconvened_discussion_opens_with_all_that_the_one_before_left(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        sitting, meeting = room.sitting, room.meeting
        room.decide("D1", "met")
        entries.record_action(sitting, meeting, "enquiry", "Ring the ward.", owner="Casey")
        entries.record_gap(sitting, meeting, "agencies", "What did the GP see?", agency=agency(room, "Drew Example"))
        entries.record_gap(sitting, meeting, "agencies", "Who was at home?", owner="Casey", state=GapState.ANSWERED)
        casey = room.people["Casey Example"].id
        for kind in DissentKind:
            deciding.record_dissent(sitting, meeting, "dissent", casey, kind, f"A {kind}.")
        room.view("Casey Example", "unsure")
        room.view("Casey Example", "met")
        before = next_meeting(room)
        opened = carrying_on.carried_on(sitting, room.meeting)
        assert [m.id for m in opened.earlier] == [before]
        assert [(c.entry.question_id, c.entry.option) for c in opened.decisions] == [("D1", "met")]
        assert [c.entry.text for c in opened.actions] == ["Ring the ward."]
        assert [c.entry.question for c in opened.gaps] == ["What did the GP see?"]
        assert [c.entry.words for c in opened.dissents] == ["A dissent."]
        assert [(c.entry.agency.sector, c.entry.option) for c in opened.views] == [("police", "met")]
        assert [told.question for told in opened.not_told] == ["What did the GP see?"]


def test_an_action_open_since_three_meetings_is_still_open_until_it_is_done(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        first = room.meeting
        action = entries.record_action(room.sitting, first, "enquiry", "Ring the ward.").id
        for _ in range(3):
            next_meeting(room)
        opened = carrying_on.carried_on(room.sitting, room.meeting)
        assert len(opened.earlier) == 3
        assert [(c.entry.text, c.since.id) for c in opened.actions] == [("Ring the ward.", first)]
        assert not_done_here(opened, room.loaded()) == opened.actions
        carrying_on.finish(room.sitting, room.meeting, action)
        assert not_done_here(opened, room.loaded()) == ()
        done = room.loaded().actions[0]
        assert (done.text, done.done_at) == ("Ring the ward.", done.agreed_at)
        assert "actions-owned" not in {f.rule for f in concluding.blocks(room.sitting, room.meeting)}
        next_meeting(room)
        assert carrying_on.carried_on(room.sitting, room.meeting).actions == ()
        assert list(checking.findings(room.sitting.store)) == []


def test_a_question_that_a_later_meeting_answers_is_carried_no_further(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        entries.record_gap(room.sitting, room.meeting, "agencies", "What did the GP see?")
        next_meeting(room)
        gap = entries.record_gap(room.sitting, room.meeting, "agencies", "What did the GP see?")
        entries.own_gap(room.sitting, gap.id, answer="Nothing new.")
        next_meeting(room)
        assert carrying_on.carried_on(room.sitting, room.meeting).gaps == ()


def test_what_concerns_only_a_child_the_meeting_is_not_about_stays_behind(tmp_path: Path) -> None:
    with a_room(tmp_path, children=2) as room:
        one, other = room.children
        for child in (one, other, None):
            entries.record_action(
                room.sitting, room.meeting, "enquiry", f"See {child.name if child else 'both'}.",
                child=child.id if child else None,
            )  # fmt: skip
        room.children = [other]
        next_meeting(room)
        opened = carrying_on.carried_on(room.sitting, room.meeting)
        assert {c.entry.text for c in opened.actions} == {f"See {other.name}.", "See both."}


def test_a_report_that_was_asked_for_and_has_not_come_is_what_an_agency_has_still_not_told(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        with room.sitting.store.begin(room.sitting.act(), "attendance.noted", room.meeting) as session:
            for name in ("Casey Example", "Drew Example"):
                session.get_one(Attendance, room.people[name].id).report_asked = date(2026, 12, 1)
        table.note_attendance(room.sitting, room.people["Drew Example"].id, report_received=date(2026, 12, 9))
        next_meeting(room)
        told = carrying_on.carried_on(room.sitting, room.meeting).not_told
        assert [(one.agency, one.question, one.asked_on) for one in told] == [("Police", "", date(2026, 12, 1))]


def test_a_meeting_recorded_after_the_next_one_is_carried_on_by_its_time(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        sitting, first = room.sitting, room.meeting
        next_meeting(room)
        next_one, now = room.meeting, room.clock.at
        between = now - timedelta(hours=6)
        ids = [child.id for child in room.children]
        forgotten = meetings.prepare(sitting, room.case.id, NEXT, ids, planned_at=between, follows=first).id
        later = sitting.when(between)
        meetings.start(later, forgotten)
        entries.record_action(later, forgotten, "enquiry", "Change the locks.")
        opened = carrying_on.carried_on(sitting, next_one)
        assert [m.id for m in opened.earlier] == [forgotten, first]
        assert [m.id for m in opened.late] == [forgotten]
        assert [c.entry.text for c in opened.actions] == ["Change the locks."]
        reference = meetings.load(sitting, forgotten).reference
        assert out_of_order(opened, sitting.pack) == [
            f"{reference} was held before this meeting and recorded only later: read first what it decided."
        ]
        after = carrying_on.carried_on(sitting, forgotten)
        assert [m.id for m in after.after] == [next_one]
        assert "held after this meeting" in out_of_order(after, sitting.pack)[0]
        assert out_of_order(carrying_on.carried_on(sitting, first), sitting.pack) == []


def test_a_meeting_carries_on_only_from_what_its_type_names_in_its_case_and_before_it(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        sitting, ids = room.sitting, [room.child.id]
        at = room.clock.at + timedelta(days=1)

        def prepared(type_id: str, **rest: Any) -> object:
            given = {"planned_at": at, "follows": room.meeting, **rest}
            return meetings.prepare(sitting, room.case.id, type_id, ids, **given)

        refused(room, "meeting.cannot-follow", lambda: prepared("core_group"))
        refused(room, "meeting.unknown", lambda: prepared(NEXT, follows=UUID(int=7)))
        refused(room, "meeting.follows-later", lambda: prepared(NEXT, planned_at=at - timedelta(days=9)))
        other = cases.open_case(sitting, "SAMPLE-9")
        child = cases.add_child(sitting, other.id, "Kim Sample")
        elsewhere = meetings.prepare(sitting, other.id, "strategy_initial", [child.id], planned_at=room.clock.at).id
        refused(room, "meeting.follows-elsewhere", lambda: prepared(NEXT, follows=elsewhere))
        assert [m.id for m in carrying_on.may_follow(sitting, room.case.id, NEXT)] == [room.meeting]
        assert carrying_on.may_follow(sitting, room.case.id, "core_group") == []


def consultation(room: Room) -> UUID:
    ids = [child.id for child in room.children]
    made = meetings.prepare(
        room.sitting, room.case.id, "unit_consultation", ids, planned_at=room.clock.at, reason="A bruise at nursery."
    )
    room.meeting, room.people = made.id, {}
    room.invite("education", "Ellis Example", role="dsl")
    room.invite("unit", "Una Example", role="lead", capacity=Capacity.CHAIR)
    meetings.start(room.sitting, made.id)
    room.arrive(*room.people)
    room.say("Ellis Example", "He says he fell.", "information")
    room.say("Una Example", "Told in confidence.", "information", restricted=True)
    return made.id


def test_a_consultation_becomes_a_strategy_discussion_that_keeps_its_clock_its_people_and_what_was_said(
    tmp_path: Path,
) -> None:
    with a_room(tmp_path, children=2, started=False) as room:
        sitting, asked = room.sitting, consultation(room)
        began = room.loaded().started_at
        room.clock.pass_by(hours=2)
        assert carrying_on.converted_into(sitting, asked) is None
        made = meetings.load(sitting, carrying_on.convert(sitting, asked).id)
        into = carrying_on.converted_into(sitting, asked)
        assert into is not None
        assert into.id == made.id
        assert (made.type_id, made.planned_at, made.state.value) == ("strategy_initial", began, "prepared")
        assert [child.id for child in made.children] == [child.id for child in room.children]
        assert [(a.name, a.agency.sector, a.capacity) for a in made.attendances] == [
            ("Ellis Example", "education", Capacity.PRACTITIONER), ("Una Example", "unit", Capacity.CHAIR)
        ]  # fmt: skip
        assert made.reason == "A bruise at nursery.\nEllis Example: He says he fell."
        assert (made.following.earlier.id, made.following.converted) == (asked, True)
        with sitting.store.connection() as connection:
            told = connection.exec_driver_sql("SELECT meeting_id FROM audit_entry WHERE kind = 'meeting.converted'")
            assert [row.meeting_id for row in told] == [asked.hex]
        refused(room, "meeting.converted-already", lambda: carrying_on.convert(sitting, asked))
        refused(room, "meeting.not-convertible", lambda: carrying_on.convert(sitting, made.id))
