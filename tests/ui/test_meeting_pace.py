"""A long meeting stays quick: the interface is never held for long while people talk."""

from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.kit.lane import Lane
from app.ui.meeting.screen import MeetingScreen
from tests.builders import a_room

ENTRIES = 500
HELD_P99 = 0.050  # seconds


def line(number: int) -> str:
    match number % 10:
        case 7:
            return f"/opinion Quieter since October, as in {number} other weeks"
        case 8:
            return f"/gap What is known about week {number}? @health 14 Dec"
        case 9:
            return f"/action Look into week {number} @police 14 Dec"
        case _:
            return f"Week {number}: seen at home, dressed and clean, with a toy in each hand"


@pytest.mark.torture
def test_five_hundred_entries_never_hold_the_window_for_long(qtbot: QtBot, tmp_path: Path) -> None:
    with a_room(tmp_path / "store", children=2) as room:
        lane = Lane()
        screen = MeetingScreen(room.sitting, room.meeting, lane)
        lane.setParent(screen)
        qtbot.addWidget(screen)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        screen.focus_home()
        held: list[float] = []
        for number in range(ENTRIES):
            screen.desk.item.line.put(line(number))
            for key, modifier in ((Qt.Key(Qt.Key.Key_1 + number % 4), True), (Qt.Key.Key_Return, False)):
                begin = perf_counter()
                with_key = Qt.KeyboardModifier.ControlModifier if modifier else Qt.KeyboardModifier.NoModifier
                QTest.keyClick(QApplication.focusWidget(), key, with_key)
                QApplication.processEvents()
                held.append(perf_counter() - begin)
        assert len(room.loaded().statements) + len(room.loaded().gaps) + len(room.loaded().actions) == ENTRIES
        slow = sorted(held)[int(len(held) * 0.99)]
        assert slow <= HELD_P99, f"{slow * 1000:.0f} ms"
