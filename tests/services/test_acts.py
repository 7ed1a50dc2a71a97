"""What a person can do: each act succeeds, and each refusal leaves the record and its trail as they were."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.models.attendance import Authority, Capacity, Invitation
from app.models.base import LONGEST, Refused
from app.models.dissent import DissentKind
from app.models.gap import GapState
from app.models.meeting import State
from app.models.statement import Kind
from app.services import cases, concluding, counting, deciding, entries, keeping, meetings, opening, packing, table
from app.services.deciding import Choice
from tests.builders import START, TYPE, Room, a_room, dump, national_pack, trail

NOBODY = UUID(int=7)


def casey(room: Room) -> UUID:
    return room.people["Casey Example"].id


def a_gap(room: Room) -> UUID:
    return entries.record_gap(room.sitting, room.meeting, "agencies", "What did the hospital see?").id


def an_action(room: Room) -> UUID:
    return entries.record_action(room.sitting, room.meeting, "enquiry", "Ring the hospital.").id


def a_dissent(room: Room) -> UUID:
    return deciding.record_dissent(
        room.sitting, room.meeting, "dissent", casey(room), DissentKind.DISSENT, "I would not wait.",
        preferred="Go today.", risk="He may be back.",
    ).id  # fmt: skip


def the_agency(room: Room, name: str = "Casey Example") -> UUID:
    found = next(a.agency_id for a in room.loaded().attendances if a.name == name)
    assert found is not None
    return found


def undo_once(room: Room) -> str:
    from app.services import undoing

    room.say("Casey Example", "Taken back.")
    return undoing.undo(room.sitting, room.meeting)


def redo_once(room: Room) -> str:
    from app.services import undoing

    undo_once(room)
    return undoing.redo(room.sitting, room.meeting)


def amended(room: Room) -> object:
    said = room.say("Casey Example", "Seen at hom.")
    return entries.amend_statement(
        room.sitting, said, text="Seen at home.", speaker=room.people["Drew Example"].id, child=room.child.id,
        kind=Kind.OPINION, source="The log", restricted=True,
    )  # fmt: skip


def decided_again(room: Room) -> object:
    first, second = room.say("Casey Example", "One."), room.say("Drew Example", "Two.")
    room.decide("D4", "none", grounds=[first, second])
    return room.decide("D4", "police_protection", grounds=[second])


def resumed(room: Room) -> object:
    meetings.adjourn(room.sitting, room.meeting)
    return meetings.resume(room.sitting, room.meeting)


def back(room: Room) -> object:
    table.leave(room.sitting, casey(room))
    return table.arrive(room.sitting, casey(room))


EVERY_ACT: Mapping[str, Callable[[Room], object]] = {
    "action.owned": lambda r: entries.own_action(
        r.sitting, an_action(r), owner="Casey", agency=the_agency(r), due=date(2026, 12, 11)
    ),
    "action.recorded": an_action,
    "attendance.arrived": back,
    "attendance.invited": lambda r: r.invite("early_years", "Ellis Example", role="manager"),
    "attendance.left": lambda r: table.leave(r.sitting, casey(r)),
    "attendance.noted": lambda r: table.note_attendance(
        r.sitting, casey(r), authority=Authority.YES, invitation=Invitation.APOLOGIES, note="At court."
    ),
    "attendance.substituted": lambda r: table.substitute(r.sitting, casey(r), "Frankie Example"),
    "decision.made": decided_again,
    "difference.read": lambda r: meetings.read_difference_statement(r.sitting, r.meeting),
    "dissent.read-back": lambda r: deciding.read_back(r.sitting, a_dissent(r), "I would not wait for the doctor."),
    "dissent.recorded": a_dissent,
    "gap.owned": lambda r: entries.own_gap(
        r.sitting, a_gap(r), agency=the_agency(r), owner="Casey", due=date(2026, 12, 11), answer="A bruise."
    ),
    "gap.recorded": a_gap,
    "prompt.answered": lambda r: [
        entries.answer_prompt(r.sitting, r.meeting, "agencies.history", text)
        for text in ("Known.", "Known since 2024.")
    ],
    "statement.amended": amended,
    "statement.recorded": lambda r: r.say("Casey Example", "Seen at home.", child=r.child.id, restricted=True),
    "view.recorded": lambda r: [r.view("Casey Example"), r.view("Casey Example", "unsure")],
    "act.undone": undo_once,
    "act.redone": redo_once,
    "case.opened": lambda r: cases.open_case(r.sitting, "SAMPLE-2"),
    "child.added": lambda r: cases.add_child(r.sitting, r.case.id, "Wren Sample", expected=date(2027, 3, 1)),
    "child.changed": lambda r: cases.change_child(r.sitting, r.child.id, whereabouts="At hospital", known_as="Rob"),
    "person.added": lambda r: cases.add_person(r.sitting, r.case.id, "Sam Sample", relation="Mother"),
    "person.changed": lambda r: cases.change_person(
        r.sitting, cases.add_person(r.sitting, r.case.id, "Sam Sample").id, in_household=True
    ),
    "meeting.prepared": lambda r: meetings.prepare(r.sitting, r.case.id, TYPE, [r.child.id], planned_at=START),
    "meeting.adjourned": lambda r: meetings.adjourn(r.sitting, r.meeting),
    "meeting.resumed": resumed,
    "meeting.started": lambda r: meetings.start(
        r.sitting, meetings.prepare(r.sitting, r.case.id, TYPE, [r.child.id], planned_at=START).id
    ),
    "meeting.concluded": lambda r: r.conclude(),
    "item.opened": lambda r: meetings.open_item(r.sitting, r.meeting, "agencies", done=True),
    "preference.set": lambda r: opening.once(r.sitting, "told"),
    "signer.made": lambda r: opening.introduce(r.sitting, "Ash Example", "Team manager", "Sample Council"),
}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A meeting that no test changes."""
    with a_room(tmp_path_factory.mktemp("unchanged")) as made:
        a_dissent(made)
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


def refused(room: Room, rule: str, act: Callable[[], object]) -> Refused:
    """Check that ``act`` is refused by ``rule``, with a sentence, and that nothing came of it."""
    store = room.sitting.store
    before = dump(store), trail(store)
    with pytest.raises(Refused) as found:
        act()
    assert found.value.rule == rule
    assert (dump(store), trail(store)) == before
    return found.value


LONG = "x" * (LONGEST + 1)
REFUSALS: Mapping[str, tuple[str, Callable[[Room], object]]] = {
    "an empty statement": ("statement.text-missing", lambda r: r.say("Casey Example", "")),
    "a statement of spaces": ("statement.text-missing", lambda r: r.say("Casey Example", " \n\t ")),
    "a statement of nothing that is seen": ("statement.text-missing", lambda r: r.say("", "\u200b\u2060\ufeff")),
    "a statement of NUL": ("statement.text-missing", lambda r: r.say("Casey Example", "\0\0")),
    "a statement of half a character": ("statement.text-missing", lambda r: r.say("Casey Example", "\ud83d")),
    "a statement too long": ("text.too-long", lambda r: r.say("Casey Example", LONG)),
    "a statement on no item": ("meeting.unknown-item", lambda r: r.say("Casey Example", "x", "nowhere")),
    "a statement in no meeting": (
        "meeting.unknown", lambda r: entries.record_statement(r.sitting, NOBODY, "agencies", "x"),
    ),
    "a statement by nobody there": (
        "meeting.unknown-entry",
        lambda r: entries.record_statement(r.sitting, r.meeting, "agencies", "x", speaker=NOBODY),
    ),
    "a statement about no child there": (
        "meeting.unknown-child", lambda r: r.say("Casey Example", "x", child=NOBODY),
    ),
    "amending nothing": ("meeting.unknown-entry", lambda r: entries.amend_statement(r.sitting, NOBODY, text="x")),
    "a gap without words": (
        "gap.question-missing", lambda r: entries.record_gap(r.sitting, r.meeting, "agencies", " "),
    ),
    "a gap asked of no agency known": (
        "meeting.unknown-entry", lambda r: entries.record_gap(r.sitting, r.meeting, "agencies", "x", agency=NOBODY),
    ),
    "owning no gap": ("meeting.unknown-entry", lambda r: entries.own_gap(r.sitting, NOBODY, owner="x")),
    "an answer without words": (
        "answer.text-missing", lambda r: entries.answer_prompt(r.sitting, r.meeting, "agencies.history", ""),
    ),
    "an answer to no prompt": (
        "answer.unknown-prompt", lambda r: entries.answer_prompt(r.sitting, r.meeting, "nothing", "x"),
    ),
    "an answer about no child there": (
        "meeting.unknown-child",
        lambda r: entries.answer_prompt(r.sitting, r.meeting, "safety.tonight", "x", child=NOBODY),
    ),
    "an action without words": (
        "action.text-missing", lambda r: entries.record_action(r.sitting, r.meeting, "agencies", ""),
    ),
    "an action for no agency known": (
        "meeting.unknown-entry", lambda r: entries.record_action(r.sitting, r.meeting, "agencies", "x", agency=NOBODY),
    ),
    "owning no action": ("meeting.unknown-entry", lambda r: entries.own_action(r.sitting, NOBODY, owner="x")),
    "a view without reasons": (
        "view.reason-missing",
        lambda r: deciding.record_view(r.sitting, r.meeting, "threshold", r.child.id, "met", "", speaker=casey(r)),
    ),
    "a view on no question": (
        "view.unknown-option",
        lambda r: deciding.record_view(r.sitting, r.meeting, "nothing", r.child.id, "met", "x", speaker=casey(r)),
    ),
    "a view of no choice": (
        "view.unknown-option",
        lambda r: deciding.record_view(r.sitting, r.meeting, "threshold", r.child.id, "maybe", "x", speaker=casey(r)),
    ),
    "a view of nobody's agency": (
        "view.agency-missing",
        lambda r: deciding.record_view(r.sitting, r.meeting, "threshold", r.child.id, "met", "x"),
    ),
    "a view of no agency known": (
        "meeting.unknown-entry",
        lambda r: deciding.record_view(r.sitting, r.meeting, "threshold", r.child.id, "met", "x", agency=NOBODY),
    ),
    "a view by the chair": (
        "view.not-counted",
        lambda r: deciding.record_view(
            r.sitting, r.meeting, "threshold", r.child.id, "met", "x", speaker=r.people["Ash Example"].id
        ),
    ),
    "a view about no child there": (
        "meeting.unknown-child",
        lambda r: deciding.record_view(r.sitting, r.meeting, "threshold", NOBODY, "met", "x", speaker=casey(r)),
    ),
    "a decision without reasons": ("decision.reason-missing", lambda r: r.decide("D4", "none", reason="\u200b")),
    "a decision for no child": (
        "decision.child-missing",
        lambda r: deciding.decide(r.sitting, r.meeting, Choice("D4", NOBODY, "none", "x")),
    ),
    "a decision of no choice": ("decision.unknown-option", lambda r: r.decide("D4", "nothing")),
    "a decision on no question": ("decision.unknown-option", lambda r: r.decide("D99", "none")),
    "a decision without its date": ("decision.date-missing", lambda r: r.decide("D13", "reconvene")),
    "a decision without its person": ("decision.person-missing", lambda r: r.decide("D12", "now", person="\u200b")),
    "a decision without its detail": ("decision.detail-missing", lambda r: r.decide("D5", "no", detail=" ")),
    "a decision resting on nothing": ("decision.unknown-ground", lambda r: r.decide("D4", "none", grounds=[NOBODY])),
    "a dissent without words": (
        "dissent.words-missing",
        lambda r: deciding.record_dissent(r.sitting, r.meeting, "dissent", casey(r), DissentKind.DISSENT, ""),
    ),
    "a dissent by nobody there": (
        "meeting.unknown-entry",
        lambda r: deciding.record_dissent(r.sitting, r.meeting, "dissent", NOBODY, DissentKind.DISSENT, "x"),
    ),
    "a dissent from no decision": (
        "dissent.unknown-question",
        lambda r: deciding.record_dissent(
            r.sitting, r.meeting, "dissent", casey(r), DissentKind.DISSENT, "x", question_id="D99"
        ),
    ),
    "reading back nothing": ("meeting.unknown-entry", lambda r: deciding.read_back(r.sitting, NOBODY)),
    "reading back empty words": (
        "dissent.words-missing", lambda r: deciding.read_back(r.sitting, deciding_dissent(r), " "),
    ),
    "a second chair": (
        "attendance.second-chair", lambda r: r.invite("csc", "Gale Example", capacity=Capacity.CHAIR),
    ),
    "a person without a name": ("attendance.name-missing", lambda r: r.invite("csc", " ")),
    "a kind of agency that is not": ("agency.unknown-sector", lambda r: r.invite("circus", "Gale Example")),
    "standing in for nobody there": (
        "meeting.unknown-entry", lambda r: table.invite(r.sitting, r.meeting, "Gale", substitute_for=NOBODY),
    ),
    "arriving twice": ("attendance.already-here", lambda r: r.arrive("Casey Example")),
    "arriving tomorrow": (
        "attendance.in-future",
        lambda r: table.leave(r.sitting, casey(r), at=r.clock.at + timedelta(days=1)),
    ),
    "nobody leaving": ("meeting.unknown-entry", lambda r: table.leave(r.sitting, NOBODY)),
    "starting twice": ("meeting.already-started", lambda r: meetings.start(r.sitting, r.meeting)),
    "starting nothing": ("meeting.unknown", lambda r: meetings.start(r.sitting, NOBODY)),
    "resuming what goes on": ("meeting.not-adjourned", lambda r: meetings.resume(r.sitting, r.meeting)),
    "opening no item": ("meeting.unknown-item", lambda r: meetings.open_item(r.sitting, r.meeting, "nowhere")),
    "a meeting of no kind": (
        "meeting.unknown-type",
        lambda r: meetings.prepare(r.sitting, r.case.id, "tea", [r.child.id], planned_at=START),
    ),
    "a meeting about nobody": (
        "meeting.no-child", lambda r: meetings.prepare(r.sitting, r.case.id, TYPE, [], planned_at=START),
    ),
    "a meeting about no child of the case": (
        "meeting.unknown-child", lambda r: meetings.prepare(r.sitting, r.case.id, TYPE, [NOBODY], planned_at=START),
    ),
    "a meeting of no case": (
        "case.unknown", lambda r: meetings.prepare(r.sitting, NOBODY, TYPE, [r.child.id], planned_at=START),
    ),
    "a case without a reference": ("case.reference-missing", lambda r: cases.open_case(r.sitting, "\u200b")),
    "a case twice": ("case.reference-taken", lambda r: cases.open_case(r.sitting, "SAMPLE-1")),
    "a child without a name": ("child.name-missing", lambda r: cases.add_child(r.sitting, r.case.id, "")),
    "a child of no case": ("case.unknown", lambda r: cases.add_child(r.sitting, NOBODY, "Wren Sample")),
    "a child born tomorrow": (
        "child.born-in-future", lambda r: cases.add_child(r.sitting, r.case.id, "Wren", born=date(2027, 1, 1)),
    ),
    "a child of forty": (
        "child.not-a-child", lambda r: cases.add_child(r.sitting, r.case.id, "Wren", born=date(1986, 1, 1)),
    ),
    "a child born and expected": (
        "child.born-and-expected",
        lambda r: cases.add_child(r.sitting, r.case.id, "Wren", born=date(2026, 1, 1), expected=date(2027, 1, 1)),
    ),
    "a child expected in ten years": (
        "child.expected-out-of-range",
        lambda r: cases.add_child(r.sitting, r.case.id, "Wren", expected=date(2036, 1, 1)),
    ),
    "changing no child": ("case.unknown-person", lambda r: cases.change_child(r.sitting, NOBODY, name="x")),
    "a person born tomorrow": (
        "person.born-in-future", lambda r: cases.add_person(r.sitting, r.case.id, "Sam", born=date(2027, 1, 1)),
    ),
    "a nameless person": ("person.name-missing", lambda r: cases.add_person(r.sitting, r.case.id, "\u200b")),
    "a signer without a name": ("signer.name-missing", lambda r: opening.introduce(r.sitting, " ", "", "")),
    "concluding too early": ("meeting.still-open", lambda r: concluding.conclude(r.sitting, r.meeting)),
    "loading nothing": ("meeting.unknown", lambda r: meetings.load(r.sitting, NOBODY)),
    "finding nothing": ("meeting.unknown", lambda r: meetings.find(r.sitting, "../../etc/passwd")),
}  # fmt: skip


def deciding_dissent(room: Room) -> UUID:
    found = room.loaded().dissents
    return found[0].id


@pytest.mark.parametrize("name", REFUSALS)
def test_what_the_rules_do_not_allow_is_refused_and_changes_nothing(unchanged: Room, name: str) -> None:
    rule, act = REFUSALS[name]
    found = refused(unchanged, rule, lambda: act(unchanged))
    assert not any("Example" in str(argument) for argument in found.args), "an exception names nobody"


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


def undo(room: Room) -> str:
    from app.services import undoing

    return undoing.undo(room.sitting, room.meeting)


def redo(room: Room) -> str:
    from app.services import undoing

    return undoing.redo(room.sitting, room.meeting)


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


HOSTILE = (
    "<b>bold</b> & <script>alert(1)</script>", "{{7*7}} ${x} %s %(x)s {0}", "=1+1", "+44 20", "@sum", "-2",
    "../../etc/passwd", "C:\\Windows\\win.ini", "'; DROP TABLE statement; --", "\u202eevil\u202c",
    "زينب Zoë Łukasz 李 🙂",
    "a\u200bb", "one\ntwo\tthree", "x" * LONGEST,
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_every_field_keeps_exactly_what_was_typed(room: Room, text: str) -> None:
    from app.store import checking

    sitting, meeting = room.sitting, room.meeting
    short = text[:60].strip()
    entries.record_statement(sitting, meeting, "agencies", text, source=text)
    entries.record_gap(sitting, meeting, "agencies", text, owner=short)
    entries.record_action(sitting, meeting, "agencies", text, owner=short)
    entries.answer_prompt(sitting, meeting, "agencies.history", text)
    view = (meeting, "threshold", room.child.id, "met", text)
    deciding.record_view(sitting, *view, speaker=casey(room), would_change=text)
    room.decide("D5", "no", reason=text, detail=text, departure=text, person=short)
    deciding.record_dissent(
        sitting, meeting, "dissent", casey(room), DissentKind.DISSENT, text, preferred=text, risk=text
    )
    room.invite("early_years", short)
    table.note_attendance(sitting, casey(room), note=text)
    cases.change_child(sitting, room.child.id, name=short, address=text, gp=text)
    cases.add_person(sitting, room.case.id, short, note=text)
    found = room.loaded()
    kept = [
        found.statements[0].text, found.statements[0].source, found.gaps[0].question, found.actions[0].text,
        found.answers[0].text, found.views[0].reason, found.views[0].would_change, found.decisions[0].reason,
        found.decisions[0].detail, found.decisions[0].departure, found.dissents[0].words, found.dissents[0].preferred,
        found.dissents[0].risk, found.children[0].address, found.children[0].gp, found.case.people[0].note,
    ]  # fmt: skip
    assert set(kept) == {text}
    names = [found.gaps[0].owner, found.actions[0].owner, found.children[0].name, found.case.people[0].name]
    assert {*names, found.attendances[-1].name, found.decisions[0].person} == {short}
    assert list(checking.findings(sitting.store)) == []


def test_a_half_character_and_nul_become_the_replacement_mark_and_the_rest_is_kept(room: Room) -> None:
    said = entries.record_statement(room.sitting, room.meeting, "agencies", "a\ud83db\0c \ud83d\ude42")
    assert said.text == "a\ufffdb\ufffdc 🙂"


def test_a_due_date_needs_no_store() -> None:
    from app.practice.limits import Unit

    found = counting.count(date(2026, 12, 10), 15, Unit.WORKING_DAYS)
    assert found.at == date(2027, 1, 5)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    keeping.write_file(tmp_path / "minutes.pdf", b"first")
    keeping.write_file(tmp_path / "minutes.pdf", b"second")
    assert [p.name for p in tmp_path.iterdir()] == ["minutes.pdf"]
    with pytest.raises(keeping.NotWritten, match="choose another folder"):
        keeping.write_file(tmp_path / "minutes.pdf" / "x.pdf", b"third")
    assert (tmp_path / "minutes.pdf").read_bytes() == b"second"
