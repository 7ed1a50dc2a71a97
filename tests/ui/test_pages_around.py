"""The pages around a meeting and a case: what is half typed on one while another page changes the same record."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.attendance import Capacity
from app.models.plan import Plan
from app.services import cases, meetings, plan_look, planning
from app.services.plan_draft import Member, drafted
from app.services.sitting import Sitting
from app.ui.before.screen import BeforeScreen
from app.ui.case.screen import CaseScreen
from app.ui.meeting.screen import MeetingScreen
from app.ui.plan.screen import WRITING, PlanScreen
from app.ui.setup.screen import SetupScreen
from app.ui.shell.passage import Passage
from app.ui.shell.window import MainWindow
from tests.builders import Clock
from tests.services.holding import Held, prepared
from tests.services.planned import CHOSEN, SEATS, VIEWS, but, make
from tests.ui.unlocking import SLOW, a_store, come_in, unlock

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def passage(qtbot: QtBot, window: MainWindow, tmp_path: Path, clock: Clock) -> Passage:
    a_store(tmp_path / "store", clock).close()
    return come_in(qtbot, window, tmp_path / "store", clock)


def sitting_of(passage: Passage) -> Sitting:
    assert passage.gate.sitting is not None
    return passage.gate.sitting


def a_conference(passage: Passage) -> Held:
    """Prepare a conference about two children, with everybody it needs on the list."""
    sitting = sitting_of(passage)
    case = cases.open_case(sitting, "SAMPLE-1")
    names = ("Robin Sample", "Wren Sample")
    children = [cases.add_child(sitting, case.id, name, born=date(2021, 5, 4)) for name in names]
    held = prepared(sitting, case.id, children, "icpc", VIEWS, CHOSEN)
    held.seat("csc", "iro", Capacity.CHAIR)
    for sector, role in SEATS:
        held.seat(sector, role)
    return held


def meeting_on_show(qtbot: QtBot, window: MainWindow) -> MeetingScreen:
    qtbot.waitUntil(lambda: isinstance(window.screen_on_show, MeetingScreen), timeout=SLOW)
    found = window.screen_on_show
    assert isinstance(found, MeetingScreen)
    return found


def plan_on_show(window: MainWindow) -> PlanScreen:
    found = window.screen_on_show
    assert isinstance(found, PlanScreen)
    return found


def plan_of(held: Held) -> Plan:
    found = plan_look.look(held.sitting, held.children[0].id).running
    assert found is not None
    return found.plan


def with_another_member(held: Held) -> None:
    """Revise the plan of the first child outside the meeting: one more in the core group."""
    found = drafted(plan_of(held))
    more = (*found.core_group, Member("Noor Example", "Teacher", key="more"))
    planning.revise(held.sitting, held.children[0].id, but(found, core_group=more))


def test_a_meeting_with_half_a_line_shows_what_a_page_around_it_decided(
    qtbot: QtBot, window: MainWindow, passage: Passage
) -> None:
    held = a_conference(passage)
    held.begin()
    passage.go_to_meeting(held.meeting)
    screen = meeting_on_show(qtbot, window)
    qtbot.keyClicks(screen.desk.item.line.edit, "Half a sentence")
    before = screen.desk.agenda.list.line_rows.rowCount()
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL | SHIFT)
    qtbot.waitUntil(lambda: window.screen_on_show is not screen)
    held.choose(held.children[0], "C1", "likely")
    qtbot.keyClick(window.screen_on_show, Qt.Key.Key_Escape)

    assert window.screen_on_show is screen
    assert screen.desk.item.line.text == "Half a sentence"
    assert [decision.question_id for decision in screen.room.meeting.decisions] == ["C1"]
    assert screen.desk.agenda.list.line_rows.rowCount() == before


def test_whoever_had_the_floor_has_it_still_when_one_comes_back_from_a_page(
    qtbot: QtBot, window: MainWindow, passage: Passage
) -> None:
    held = a_conference(passage)
    held.begin()
    passage.go_to_meeting(held.meeting)
    before = meeting_on_show(qtbot, window)
    before.floor.give_to(2)
    before.floor.next_child()
    speaker, child = before.room.speaker, before.room.child
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL | SHIFT)
    qtbot.waitUntil(lambda: window.screen_on_show is not before)
    qtbot.keyClick(window.screen_on_show, Qt.Key.Key_Escape)

    after = meeting_on_show(qtbot, window)
    assert after is not before
    assert (after.room.speaker, after.room.child) == (speaker, child)
    assert None not in (speaker, child)


def test_a_draft_that_waited_shows_what_it_would_take_out_of_a_newer_revision(
    qtbot: QtBot, window: MainWindow, passage: Passage
) -> None:
    held = a_conference(passage)
    held.begin()
    held.choose(held.children[0], "C1", "likely")
    make(held)
    passage.go_to_meeting(held.meeting)
    meeting_on_show(qtbot, window).keys.page.emit("plan")
    screen = plan_on_show(window)
    screen.choices.button(WRITING).click()
    screen.writing.put_back(but(screen.writing.draft, why="As the chair wrote it."))
    passage.go_home()
    with_another_member(held)
    passage.go_to_meeting(held.meeting)
    meeting_on_show(qtbot, window).keys.page.emit("plan")

    assert plan_on_show(window) is screen
    rows = [screen.writing.to_come.item(row).text() for row in range(screen.writing.to_come.count())]
    assert any("left out" in row and "Noor Example" in row for row in rows)
    assert "changed elsewhere" in screen.writing.said.text
    assert screen.writing.draft.why == "As the chair wrote it."


def test_after_the_lock_too_a_draft_says_that_the_plan_has_changed_since(
    qtbot: QtBot, window: MainWindow, passage: Passage
) -> None:
    held = a_conference(passage)
    held.begin()
    held.choose(held.children[0], "C1", "likely")
    make(held)
    passage.go_to_meeting(held.meeting)
    meeting_on_show(qtbot, window).keys.page.emit("plan")
    screen = plan_on_show(window)
    screen.choices.button(WRITING).click()
    screen.writing.put_back(but(screen.writing.draft, why="As the chair wrote it."))
    words = screen.unsaved()
    with_another_member(held)
    after = PlanScreen(held.sitting, held.children[0].id, passage.gate.lane, held.meeting)
    qtbot.addWidget(after)
    assert words is not None
    after.put_back(words)

    assert "changed elsewhere" in after.writing.said.text
    same = after.unsaved()
    again = PlanScreen(held.sitting, held.children[0].id, passage.gate.lane, held.meeting)
    qtbot.addWidget(again)
    assert same is not None
    again.put_back(same)
    assert not again.writing.said.text


def test_a_note_half_typed_before_the_meeting_is_there_once_it_has_started(
    qtbot: QtBot, window: MainWindow, passage: Passage
) -> None:
    held = a_conference(passage)
    passage.go_to_prepared(held.meeting)
    qtbot.keyClick(window.screen_on_show, Qt.Key.Key_B, CTRL | SHIFT)
    before = window.screen_on_show
    assert isinstance(before, BeforeScreen)
    before.note.field.text = "Ask Sam alone."
    qtbot.keyClick(before, Qt.Key.Key_Escape)
    assert isinstance(window.screen_on_show, SetupScreen)
    meetings.start(held.sitting, held.meeting)
    passage.go_to_meeting(held.meeting)
    meeting_on_show(qtbot, window).floor.next_child()
    meeting_on_show(qtbot, window).keys.page.emit("before")

    assert window.screen_on_show is before
    assert before.note.field.text == "Ask Sam alone."
    qtbot.keyClick(window, Qt.Key.Key_L, CTRL)
    unlock(qtbot, window)
    back = window.screen_on_show
    assert isinstance(back, BeforeScreen)
    assert back.note.field.text == "Ask Sam alone."
    back.left.emit()
    assert meeting_on_show(qtbot, window).room.meeting.id == held.meeting


def test_the_draft_of_a_case_that_is_gone_waits_nowhere(qtbot: QtBot, window: MainWindow, passage: Passage) -> None:
    held = a_conference(passage)
    held.begin()
    passage.go_to_meeting(held.meeting)
    meeting_on_show(qtbot, window).keys.page.emit("plan")
    screen = plan_on_show(window)
    screen.choices.button(WRITING).click()
    screen.writing.open("dangers", values={"text": "Half a worry"})
    passage.go_home()
    assert window.holds_words()
    case = held.loaded().case_id
    passage.go_to_case(case)
    found = window.screen_on_show
    assert isinstance(found, CaseScreen)
    found.disposed.emit({case, held.meeting})

    assert not window.holds_words()
    assert not passage._stage.kept().words
