"""What a person can do, and what comes of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from app.models.gap import GapState
from app.models.meeting import State
from app.services import cases, concluding, counting, deciding, entries, meetings, packing, table
from tests.builders import START, TYPE, Room, a_room, national_pack
from tests.services.acts import EVERY_ACT, a_dissent, a_gap, an_action, casey, redo, refused, the_agency, undo


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path) as made:
        yield made


@dataclass
class Over:
    """A concluded meeting, and one entry of each kind that was recorded in it."""

    room: Room
    gap: UUID
    action: UUID
    dissent: UUID
    said: UUID


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Over]:
    with a_room(tmp_path_factory.mktemp("over")) as made:
        found = Over(made, a_gap(made), an_action(made), a_dissent(made), made.say("Casey Example", "Seen at home."))
        made.conclude()
        yield found


def test_a_departure_from_the_majority_needs_the_chairs_reasons(room: Room) -> None:
    for name in ("Blair Example", "Casey Example", "Drew Example"):
        room.view(name, "met")
    refused(room, "decision.departure-missing", lambda: room.decide("D1", "not_met"))
    refused(room, "decision.departure-missing", lambda: room.decide("D1", "not_met", departure="\u200b"))
    room.decide("D1", "not_met", departure="The film shows another child.")
    assert room.loaded().decisions[0].departure == "The film shows another child."


NOT_OF_A_MEETING = {
    "case.opened", "child.added", "child.changed", "person.added", "person.changed", "preference.set", "signer.made",
    "meeting.prepared", "meeting.started",
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(EVERY_ACT.keys() - NOT_OF_A_MEETING))
def test_nothing_of_a_meeting_changes_once_it_is_concluded(over: Over, kind: str) -> None:
    room, gap, action, dissent, said = over.room, over.gap, over.action, over.dissent, over.said
    late: Mapping[str, Callable[[], object]] = {
        "action.owned": lambda: entries.own_action(room.sitting, action, owner="x"),
        "gap.owned": lambda: entries.own_gap(room.sitting, gap, owner="x"),
        "dissent.read-back": lambda: deciding.read_back(room.sitting, dissent),
        "statement.amended": lambda: entries.amend_statement(room.sitting, said, text="x"),
        "attendance.arrived": lambda: table.arrive(room.sitting, casey(room)),
        "meeting.resumed": lambda: meetings.resume(room.sitting, room.meeting),
        "meeting.concluded": lambda: concluding.conclude(room.sitting, room.meeting),
        "act.undone": lambda: undo(room),
        "act.redone": lambda: redo(room),
    }
    rule = {"meeting.resumed": "meeting.not-adjourned", "act.redone": "redo.nothing"}
    refused(room, rule.get(kind, "meeting.already-concluded"), late.get(kind, lambda: EVERY_ACT[kind](room)))


def test_nothing_is_recorded_before_the_start_or_during_a_break(tmp_path: Path) -> None:
    with a_room(tmp_path, started=False) as room:
        refused(room, "meeting.not-started", lambda: room.say("Casey Example", "Too early."))
        meetings.start(room.sitting, room.meeting)
        meetings.adjourn(room.sitting, room.meeting)
        refused(room, "meeting.adjourned", lambda: room.say("Casey Example", "In the break."))


def test_a_concluded_meeting_has_its_dates_and_nobody_is_left_in_it(room: Room) -> None:
    room.settle()
    room.clock.at = START.replace(hour=11)
    done = concluding.conclude(room.sitting, room.meeting)
    assert done.state is State.CONCLUDED
    due = {d.limit_id: d for d in cases.dates_due(room.sitting)}
    assert due["s47_icpc"].due_at.astimezone().date() == date(2027, 1, 5)
    assert "Christmas" in due["s47_icpc"].because
    assert all(a.here is None for a in room.loaded().attendances)


def test_a_meeting_beyond_the_calendar_can_be_concluded_all_the_same(room: Room) -> None:
    room.settle()
    room.clock.at = START.replace(year=2031)
    done = room.conclude()
    assert done.state is State.CONCLUDED
    assert "strat_record" not in {d.limit_id for d in cases.dates_due(room.sitting)}


def test_the_chairs_reasons_are_kept_with_what_they_answer(room: Room) -> None:
    found = concluding.blocks(room.sitting, room.meeting)
    reasons = {(f.rule, f.subject): "It could not be had today." for f in found}
    missing = next(iter(reasons))
    partly = {key: value for key, value in reasons.items() if key != missing}
    answer = refused(room, "meeting.still-open", lambda: concluding.conclude(room.sitting, room.meeting, partly))
    assert answer.words["count"] == "1"
    partly[missing] = "\u200b"
    refused(room, "meeting.still-open", lambda: concluding.conclude(room.sitting, room.meeting, partly))
    concluding.conclude(room.sitting, room.meeting, reasons)
    kept = {(c.rule, c.subject): (c.sentence, c.reason) for c in room.loaded().clearances}
    assert kept == {(f.rule, f.subject): (f.sentence(national_pack()), "It could not be had today.") for f in found}


def test_a_reference_is_the_next_of_its_year_whatever_else_was_typed(room: Room) -> None:
    def prepared(reference: str = "") -> str:
        return meetings.prepare(
            room.sitting, room.case.id, TYPE, [room.child.id], planned_at=START, reference=reference
        ).reference

    assert room.loaded().reference == "CM-2026-0001"
    prepared("CM-2026-abcd")
    prepared("CM-2026-9999")
    assert prepared() == "CM-2026-10000"
    assert prepared() == "CM-2026-10001"
    assert prepared("\u200b") == "CM-2026-10002"
    refused(room, "meeting.reference-taken", lambda: prepared("CM-2026-9999"))


def test_a_substitute_is_in_the_meeting_and_the_other_has_left(room: Room) -> None:
    came = table.substitute(room.sitting, casey(room), "Frankie Example", role="di")
    people = {a.name: a for a in room.loaded().attendances}
    assert people["Frankie Example"].here is not None
    assert people["Frankie Example"].substitute_for is people["Casey Example"]
    assert people["Casey Example"].here is None
    assert came.agency_id == people["Casey Example"].agency_id


def test_a_substitute_named_before_the_meeting_has_not_arrived(tmp_path: Path) -> None:
    with a_room(tmp_path, started=False) as room:
        table.substitute(room.sitting, casey(room), "Frankie Example")
        assert not any(a.came for a in room.loaded().attendances)


def test_views_are_taken_in_rounds_and_the_first_is_kept(room: Room) -> None:
    room.view("Casey Example", "unsure")
    room.view("Casey Example", "met")
    assert [(v.round, v.option) for v in room.loaded().views] == [(1, "unsure"), (2, "met")]


def test_a_report_gives_the_view_of_an_agency_that_is_not_there(room: Room) -> None:
    given = deciding.record_view(
        room.sitting, room.meeting, "threshold", room.child.id, "met", "As reported.", agency=the_agency(room)
    )
    assert given.speaker_id is None


def test_a_gap_counts_as_asked_once_somebody_has_it(room: Room) -> None:
    sitting, meeting = room.sitting, room.meeting
    states = [
        entries.record_gap(sitting, meeting, "agencies", "x").state,
        entries.record_gap(sitting, meeting, "agencies", "x", owner="\u200b").state,
        entries.record_gap(sitting, meeting, "agencies", "x", owner="Casey").state,
        entries.own_gap(sitting, a_gap(room), owner="Casey").state,
        entries.own_gap(sitting, a_gap(room), answer="A bruise.").state,
    ]
    asked = GapState.ASKED
    assert states == [GapState.NOT_ASKED, GapState.NOT_ASKED, asked, asked, GapState.ANSWERED]


def test_a_meeting_reads_the_very_pack_it_was_prepared_under(tmp_path: Path) -> None:
    from app.practice.reading import files_of, read_files
    from app.services.sitting import Sitting
    from tests.builders import a_copy_of_the_pack, a_sitting

    with a_room(tmp_path / "store") as room:
        room.say("Casey Example", "Seen at home.")
        folder = a_copy_of_the_pack(tmp_path / "pack")
        changed = folder / "meetings" / "strategy_initial.toml"
        text = changed.read_text("utf-8").replace('title = "Open"', 'title = "Welcome"', 1)
        changed.write_text(text, "utf-8")
        files = files_of(folder)
        later = Sitting(room.sitting.store, read_files(files), dict(files), "Ash", room.clock, room.sitting.chance)
        old = meetings.load(later, room.meeting)
        assert later.type_of(old).agenda[0].title == "Open"
        fresh = Sitting(room.sitting.store, read_files(files), dict(files), "Ash", room.clock, room.sitting.chance)
        entries.record_statement(fresh, room.meeting, "agencies", "The old agenda still has this item.")
        new = meetings.prepare(fresh, room.case.id, TYPE, [room.child.id], planned_at=START)
        assert fresh.type_of(new).agenda[0].title == "Welcome"
        assert concluding.blocks(fresh, room.meeting)
    with a_sitting(tmp_path / "other") as sitting:
        assert packing.unpacked(packing.packed(sitting.pack_files)) == sitting.pack_files


def test_a_due_date_needs_no_store() -> None:
    from app.practice.limits import Unit

    found = counting.count(date(2026, 12, 10), 15, Unit.WORKING_DAYS)
    assert found.at == date(2027, 1, 5)
