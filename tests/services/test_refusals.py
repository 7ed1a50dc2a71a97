"""What the rules do not allow is refused in a sentence, and leaves the record and its trail as they were."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from uuid import UUID

import pytest

from app.models.attendance import Capacity
from app.models.base import LONGEST
from app.models.dissent import DissentKind
from app.services import cases, concluding, deciding, entries, meetings, opening, table
from app.services.deciding import Choice
from tests.builders import START, TYPE, Room, a_room
from tests.services.acts import a_dissent, casey, refused

NOBODY = UUID(int=7)
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


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A meeting that no test changes."""
    with a_room(tmp_path_factory.mktemp("unchanged")) as made:
        a_dissent(made)
        yield made


@pytest.mark.parametrize("name", REFUSALS)
def test_what_the_rules_do_not_allow_is_refused_and_changes_nothing(unchanged: Room, name: str) -> None:
    rule, act = REFUSALS[name]
    found = refused(unchanged, rule, lambda: act(unchanged))
    assert not any("Example" in str(argument) for argument in found.args), "an exception names nobody"
