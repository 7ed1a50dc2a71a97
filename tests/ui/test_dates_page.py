"""The page of all dates across the cases, and the chronology on the case page, both by keys."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.models.event import EventKind
from app.models.meeting import State
from app.services import cases, meetings
from app.ui.case.screen import CaseScreen
from app.ui.dates.screen import DatesScreen
from app.ui.home.screen import HomeScreen
from app.ui.kit.lane import Lane
from app.ui.meeting.screen import MeetingScreen
from tests.services.dated import Family, a_family, at

PLAN = {"C1": "likely", "C2": "plan", "C3": "neglect", "C4": "agreed", "C6": "on"}


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    with a_family(tmp_path / "store") as made:
        yield made


def shown(qtbot: QtBot, family: Family) -> DatesScreen:
    screen = DatesScreen(family.sitting)
    active(qtbot, screen)
    screen.focus_home()
    return screen


def active(qtbot: QtBot, screen: QWidget) -> None:
    qtbot.addWidget(screen)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()


def rows(screen: DatesScreen) -> list[str]:
    return [screen.listing.item(row).text() for row in range(screen.listing.count())]


def test_it_lists_what_is_open_and_return_says_why_it_is_that_day(qtbot: QtBot, family: Family) -> None:
    family.hold("strategy_initial", at(10, 12, 2026), {"D2": "joint"})
    family.clock.at = at(14, 12, 2026)
    screen = shown(qtbot, family)
    assert rows(screen) == [
        "Friday 11 December 2026: Record of the strategy discussion sent out (SAMPLE-1), overdue by 3 days",
        "Tuesday 5 January 2027: Initial child protection conference, Robin (SAMPLE-1), in 22 days",
    ]
    assert "1 late, 0 in the next 14 days, 1 later" in screen._summary.text()
    qtbot.keyClick(screen.listing, Qt.Key.Key_Down)
    qtbot.keyClick(screen.listing, Qt.Key.Key_Return)
    assert "15 working days after Thursday 10 December 2026" in screen.why.text
    assert screen.title() == "Dates"


def test_a_date_that_moved_says_from_when_to_when(qtbot: QtBot, tmp_path: Path) -> None:
    with a_family(tmp_path / "born", "Unborn Sample", born=None) as family:
        family.hold("icpc_prebirth", at(10, 12, 2026), PLAN)
        family.happens(EventKind.BIRTH, date(2027, 1, 11), name="Robin Sample")
        screen = shown(qtbot, family)
        screen._words.line.setText("variant robin")
        assert len(rows(screen)) == 1
        screen.listing.setFocus()
        qtbot.keyClick(screen.listing, Qt.Key.Key_Return)
        assert "was Wednesday 10 March 2027 and is now Monday 8 February 2027" in screen.why.text


def test_what_was_done_is_noted_by_keys_and_can_be_opened_again(qtbot: QtBot, family: Family) -> None:
    family.hold("strategy_initial", at(10, 12, 2026), {"D2": "joint"})
    family.clock.at = at(14, 12, 2026)
    screen = shown(qtbot, family)
    qtbot.keyClick(screen.listing, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    day = screen.form.findChild(QLineEdit)
    assert day is not None
    day.setText("11.12.2026")
    qtbot.keyClick(day, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(rows(screen)) == 1
    screen._kinds.button(4).click()
    assert rows(screen)[0].endswith("done on 11 December 2026")
    screen.listing.setFocus()
    qtbot.keyClick(screen.listing, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    screen._kinds.button(0).click()
    assert len(rows(screen)) == 2


def test_with_no_dates_it_says_what_starts_one_and_the_way_back_has_the_focus(qtbot: QtBot, family: Family) -> None:
    screen = shown(qtbot, family)
    assert "Dates start when a meeting is concluded" in screen._summary.text()
    assert not screen._list.isVisibleTo(screen)
    with qtbot.waitSignal(screen.left):
        screen._back.click()


def test_at_twice_the_size_nothing_is_cut_off_at_the_side(qtbot: QtBot, family: Family) -> None:
    family.hold("strategy_initial", at(10, 12, 2026), {"D2": "joint"})
    font = QApplication.font()
    larger = QApplication.font()
    larger.setPointSizeF(font.pointSizeF() * 2)
    QApplication.setFont(larger)
    try:
        screen = shown(qtbot, family)
        screen.resize(1366, 768)
        qtbot.waitUntil(lambda: screen.width() == 1366)
        assert screen.horizontalScrollBar().maximum() == 0
    finally:
        QApplication.setFont(font)


def test_the_home_page_leads_to_it(qtbot: QtBot, family: Family, lane: Lane) -> None:
    family.hold("strategy_initial", at(10, 12, 2026), {"D2": "joint"})
    home = HomeScreen(family.sitting, lane)
    qtbot.addWidget(home)
    with qtbot.waitSignal(home.dates_wanted):
        home._all_dates.click()


def test_what_happened_is_added_on_the_case_page_and_taken_back(qtbot: QtBot, family: Family, lane: Lane) -> None:
    family.clock.at = at(14, 12, 2026)
    screen = CaseScreen(family.sitting, family.case.id, lane)
    active(qtbot, screen)
    part = screen._chronology
    part._add.click()
    assert screen.holds_text()
    kind, child = part.form.findChildren(QComboBox)[:2]
    kind.setCurrentIndex(kind.findData(EventKind.POLICE_PROTECTION))
    child.setCurrentText("Robin Sample")
    day, hour = part.form.findChildren(QLineEdit)[:2]
    text = part.form.findChild(QPlainTextEdit)
    assert text is not None
    day.setText("12.12.2026")
    hour.setText("25:00")
    text.setFocus()
    QTest.keyClicks(text, "Taken to a foster carer.")
    qtbot.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert screen.holds_text()
    hour.setText("22:15")
    text.setFocus()
    qtbot.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not screen.holds_text()
    assert part.listing.item(0).text() == (
        "Saturday 12 December 2026, 22:15: Police protection, Robin. Taken to a foster carer."
    )
    assert [d.limit_id for d in cases.dates_due(family.sitting)] == ["police_protection"]
    part.listing.setCurrentRow(0)
    part._back.click()
    assert part.listing.count() == 0
    assert cases.dates_due(family.sitting) == []


def test_a_date_that_will_be_missed_is_said_before_the_meeting_is_adjourned(
    qtbot: QtBot, family: Family, lane: Lane
) -> None:
    meeting = family.begin("icpc", at(10, 12, 2026), PLAN, on=date(2027, 3, 15))
    screen = MeetingScreen(family.sitting, meeting, lane)
    active(qtbot, screen)
    screen.keys.pressed.emit("adjourn")
    assert screen.room.in_session
    assert "it will be 5 days late" in screen.desk.item.line.said.text()
    screen.keys.pressed.emit("adjourn")
    assert meetings.load(family.sitting, meeting).state is State.ADJOURNED
