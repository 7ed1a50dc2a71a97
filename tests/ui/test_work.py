"""The page of the work that decisions set going, by keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.models.work import Work, WorkKind
from app.services import directing
from app.ui.kit.lane import Lane
from app.ui.kit.unfinished import Unreadable
from app.ui.work.screen import WorkScreen
from tests.builders import Room, a_room
from tests.ui.test_pages import shown

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path) as made:
        made.settle()
        made.decide("D5", "planned")
        made.conclude()
        yield made


def page(qtbot: QtBot, room: Room, lane: Lane) -> WorkScreen:
    screen = WorkScreen(room.sitting, room.case.id, lane)
    shown(qtbot, screen)
    screen.focus_home()
    return screen


def pick(qtbot: QtBot, screen: WorkScreen, start: str) -> None:
    qtbot.keyClick(screen.listing, Qt.Key.Key_Home)
    for row in range(screen.listing.count()):
        if screen.listing.item(row).text().startswith(start):
            return
        qtbot.keyClick(screen.listing, Qt.Key.Key_Down)
    raise AssertionError(start)


def field(screen: WorkScreen, key: str) -> QWidget:
    return screen.part.form.field(key).edit


def type_into(screen: WorkScreen, key: str, words: str) -> None:
    edit = field(screen, key)
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_A, CTRL)
    QTest.keyClicks(edit, words)


def save(qtbot: QtBot, screen: WorkScreen, key: str) -> None:
    qtbot.keyClick(field(screen, key), Qt.Key.Key_Return, CTRL)


def kept(room: Room, kind: WorkKind) -> Work:
    return next(w for w in directing.works_of_case(room.sitting, room.case.id, ended=True) if w.kind is kind)


def test_return_opens_the_plan_which_is_kept_with_its_leader_and_its_day(
    qtbot: QtBot, room: Room, lane: Lane
) -> None:  # fmt: skip
    screen = page(qtbot, room, lane)
    assert screen.listing.hasFocus()
    pick(qtbot, screen, "Medical")
    qtbot.keyClick(screen.listing, Qt.Key.Key_Return)
    assert screen.holds_text()
    assert field(screen, "lead").hasFocus()
    assert not screen.listing.isEnabled()
    type_into(screen, "lead", "Dr Kit Example")
    type_into(screen, "due", "someday")
    save(qtbot, screen, "due")
    assert "is not a date" in screen.part.form.field("due").said
    type_into(screen, "due", "16.12.2026")
    agency = field(screen, "agency")
    agency.setFocus()
    QTest.keyClick(agency, Qt.Key.Key_End)
    save(qtbot, screen, "due")
    assert not screen.holds_text()
    assert screen.part.said.text == "The plan is kept."
    assert screen.listing.hasFocus()
    assert "led by Dr Kit Example, Social care" in screen.listing.currentItem().text()
    screen.part.plan.click()
    save(qtbot, screen, "lead")
    assert "led by Dr Kit Example, Social care" in screen.listing.currentItem().text()
    assert (kept(room, WorkKind.MEDICAL).lead, str(kept(room, WorkKind.MEDICAL).due)) == (
        "Dr Kit Example", "2026-12-16",
    )  # fmt: skip


def test_steps_are_added_done_and_taken_back(qtbot: QtBot, room: Room, lane: Lane) -> None:
    screen = page(qtbot, room, lane)
    pick(qtbot, screen, "Medical")
    screen.part.add.click()
    save(qtbot, screen, "text")
    assert screen.part.form.field("text").said == "Say what is to be done: write the step."
    type_into(screen, "text", "Bring the red book.")
    type_into(screen, "owner", "Drew Example")
    save(qtbot, screen, "owner")
    assert screen.part.steps.count() == 1
    screen.part.steps.setFocus()
    qtbot.keyClick(screen.part.steps, Qt.Key.Key_Return)
    assert "done 10 December 2026" in screen.part.steps.item(0).text()
    assert screen.part.steps.hasFocus()
    qtbot.keyClick(screen.part.steps, Qt.Key.Key_Return)
    assert kept(room, WorkKind.MEDICAL).steps[0].done_at is None


def test_an_end_with_its_outcome_stays_in_sight_and_can_be_taken_back(qtbot: QtBot, room: Room, lane: Lane) -> None:
    screen = page(qtbot, room, lane)
    pick(qtbot, screen, "Section 47")
    screen.part.end.click()
    outcome = field(screen, "outcome")
    outcome.setFocus()
    save(qtbot, screen, "outcome")
    assert screen.holds_text()
    QTest.keyClick(outcome, Qt.Key.Key_Down)
    type_into(screen, "words", "Both accounts agree.")
    save(qtbot, screen, "words")
    assert kept(room, WorkKind.ENQUIRY).outcome == "not-substantiated"
    assert "ended on 10 December 2026. Concerns are not substantiated" in screen.listing.currentItem().text()
    assert not screen.part.plan.isVisible()
    screen.part.end.click()
    assert kept(room, WorkKind.ENQUIRY).ended_at is None
    assert screen.part.plan.isVisible()


def test_esc_puts_an_open_form_away_first_and_then_leaves(qtbot: QtBot, room: Room, lane: Lane) -> None:
    screen = page(qtbot, room, lane)
    qtbot.keyClick(screen.listing, Qt.Key.Key_Return)
    left: list[bool] = []
    screen.left.connect(lambda: left.append(True))
    qtbot.keyClick(field(screen, "lead"), Qt.Key.Key_Escape)
    assert not screen.holds_text()
    assert screen.listing.hasFocus()
    assert left == []
    qtbot.keyClick(screen.listing, Qt.Key.Key_Escape)
    assert left == [True]


def test_what_stood_half_typed_is_put_back_at_its_work(qtbot: QtBot, room: Room, lane: Lane) -> None:
    screen = page(qtbot, room, lane)
    assert screen.unsaved() is None
    pick(qtbot, screen, "Medical")
    screen.part.plan.click()
    type_into(screen, "lead", "Dr Kit Exam")
    agency = field(screen, "agency")
    agency.setFocus()
    QTest.keyClick(agency, Qt.Key.Key_Down)
    words = screen.unsaved()
    assert words is not None
    again = page(qtbot, room, lane)
    again.put_back(words)
    assert again.part.form.values == screen.part.form.values
    assert again.part.form.values["agency"] is not None
    assert again.listing.currentItem().text().startswith("Medical")
    directing.end_work(room.sitting, kept(room, WorkKind.MEDICAL).id, "findings")
    last = page(qtbot, room, lane)
    with pytest.raises(Unreadable):
        last.put_back(words)
    assert not last.holds_text()


def test_whoever_asks_is_told_where_the_rules_come_from(qtbot: QtBot, room: Room, lane: Lane) -> None:
    screen = page(qtbot, room, lane)
    pick(qtbot, screen, "Medical")
    screen.part.origin.click()
    assert "Child protection medical\nWhere this comes from: " in screen.part.why.text
    assert "Reviewed " in screen.part.why.text
    pick(qtbot, screen, "Section 47")
    assert screen.part.why.text == ""


def test_without_work_the_way_back_has_the_focus(qtbot: QtBot, tmp_path: Path, lane: Lane) -> None:
    with a_room(tmp_path, started=False) as room:
        screen = page(qtbot, room, lane)
        assert screen._back.hasFocus()
        assert "No decision has set work going yet" in screen._summary.text()
        assert not screen.part.isVisible()
        assert screen.title() == "SAMPLE-1"


def test_of_one_meeting_only_its_own_work_is_shown(qtbot: QtBot, room: Room, lane: Lane) -> None:
    mine = WorkScreen(room.sitting, room.case.id, lane, meeting_id=room.meeting)
    other = WorkScreen(room.sitting, room.case.id, lane, meeting_id=room.case.id)
    for screen in (mine, other):
        qtbot.addWidget(screen)
    assert (mine.listing.count(), other.listing.count()) == (2, 0)


def test_at_twice_the_size_nothing_is_cut_off_at_the_side(qtbot: QtBot, room: Room, lane: Lane) -> None:
    font, larger = QApplication.font(), QApplication.font()
    larger.setPointSizeF(font.pointSizeF() * 2)
    QApplication.setFont(larger)
    try:
        screen = page(qtbot, room, lane)
        screen.resize(1366, 768)
        qtbot.waitUntil(lambda: screen.width() == 1366)
        assert screen.horizontalScrollBar().maximum() == 0
    finally:
        QApplication.setFont(font)
