"""Whatever is typed is kept as it was typed, in every field."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.base import LONGEST
from app.models.dissent import DissentKind
from app.services import cases, deciding, entries, table
from app.store import checking
from tests.builders import Room, a_room
from tests.services.acts import casey

HOSTILE = (
    "<b>bold</b> & <script>alert(1)</script>", "{{7*7}} ${x} %s %(x)s {0}", "=1+1", "+44 20", "@sum", "-2",
    "../../etc/passwd", "C:\\Windows\\win.ini", "'; DROP TABLE statement; --", "\u202eevil\u202c",
    "زينب Zoë Łukasz 李 🙂",
    "a\u200bb", "one\ntwo\tthree", "x" * LONGEST,
)  # fmt: skip


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path) as made:
        yield made


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_every_field_keeps_exactly_what_was_typed(room: Room, text: str) -> None:
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
