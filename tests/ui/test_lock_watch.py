"""When the window locks by itself: by the clocks, by what the system says, and never while somebody is there."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.models.base import Refused
from app.services import locking
from app.services.sitting import Sitting
from app.ui.shell.watch import TICK, Reading, Watch, clocks, has_gap

AT = Reading(1_000.0, 1_800_000_000.0, 5_000.0)


@dataclass
class Clocks:
    """The clocks of a computer, which the test moves."""

    at: Reading = AT

    def __call__(self) -> Reading:
        return self.at

    def go(self, awake: float, *, asleep: float = 0, put: float = 0) -> None:
        """Let time pass, awake and asleep, and put the clock on the wall on."""
        self.at = Reading(self.at.awake + awake, self.at.wall + awake + asleep + put, self.at.boot + awake + asleep)


@pytest.fixture
def read() -> Clocks:
    return Clocks()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def watched(window: QWidget, read: Clocks, minutes: int = 5) -> tuple[Watch, list[float]]:
    """Return a watch over a window, and the moments when it said that it is time to lock."""
    watch = Watch(minutes, read, window)
    due: list[float] = []
    watch.due.connect(lambda: due.append(read.at.awake - AT.awake))
    return watch, due


def pass_time(watch: Watch, read: Clocks, seconds: float) -> None:
    for _ in range(round(seconds / TICK)):
        read.go(TICK)
        watch.look()


@pytest.mark.parametrize("minutes", [1, 5, 15])
def test_the_window_locks_when_nobody_was_there_for_so_many_minutes(window, read, minutes):
    watch, due = watched(window, read, minutes)
    pass_time(watch, read, minutes * 60 + 20)

    assert len(due) == 1
    assert abs(due[0] - minutes * 60) <= 5


@pytest.mark.parametrize("touch", ["key", "move", "press", "wheel"])
def test_a_key_the_mouse_or_the_wheel_says_that_somebody_is_there(qtbot, window, read, touch):
    watch, due = watched(window, read)
    pass_time(watch, read, 290)
    handle = window.windowHandle()
    match touch:
        case "key":
            QTest.keyClick(handle, Qt.Key.Key_Shift)
        case "move":
            QTest.mouseMove(handle, QPoint(3, 3))
            QTest.mouseMove(handle, QPoint(9, 9))
        case "press":
            QTest.mouseClick(handle, Qt.MouseButton.LeftButton)
        case "wheel":
            QTest.wheelEvent(handle, window.rect().center().toPointF(), window.rect().center())
    qtbot.waitUntil(lambda: watch._touched == read.at.awake)
    pass_time(watch, read, 290)
    assert not due
    pass_time(watch, read, 20)
    assert len(due) == 1


def test_a_return_is_told_so_that_what_it_saved_is_no_longer_kept_as_half_typed(qtbot, window, read):
    watch, _ = watched(window, read)
    with qtbot.waitSignal(watch.entered):
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)


def test_a_window_of_ours_that_comes_later_is_watched_as_well(qtbot, window, read):
    watch, due = watched(window, read)
    pass_time(watch, read, 290)
    dialog = QWidget(window, Qt.WindowType.Dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is dialog.windowHandle())
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_A)
    qtbot.waitUntil(lambda: watch._touched == read.at.awake)
    pass_time(watch, read, 290)

    assert not due


@pytest.mark.parametrize(
    ("passed", "locks"),
    [
        ({"awake": 2}, False),
        ({"awake": 2, "asleep": 59}, False),
        ({"awake": 2, "asleep": 61}, True),
        ({"awake": 2, "put": 61}, True),
        ({"awake": 2, "put": -61}, True),
        ({"awake": 2, "asleep": 3_600, "put": -3_600}, True),
        ({"awake": 61}, False),
        ({"awake": 63}, True),
    ],
)
def test_a_gap_of_more_than_a_minute_between_the_clocks_locks(window, read, passed, locks):
    watch, due = watched(window, read)
    before = read.at
    read.go(**passed)
    watch.look()

    assert has_gap(before, read.at) is locks
    assert bool(due) is locks


def test_the_clocks_of_this_computer_show_no_gap_while_it_is_awake():
    assert not has_gap(clocks(), clocks())


def test_a_watch_that_ended_says_nothing_any_more(qtbot, window, read):
    watch, due = watched(window, read)
    with qtbot.waitSignal(watch.destroyed):
        watch.end()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    read.go(10_000)

    assert not due


def test_the_minutes_are_five_until_somebody_chooses_others_from_one_to_fifteen(sitting: Sitting):
    assert locking.idle_minutes(sitting) == 5
    for minutes in (1, 15):
        locking.set_idle_minutes(sitting, minutes)
        assert locking.idle_minutes(sitting) == minutes
    for minutes in (0, 16, -5):
        with pytest.raises(Refused):
            locking.set_idle_minutes(sitting, minutes)
    assert locking.idle_minutes(sitting) == 15


LISTENER = """
import sys
from PySide6.QtCore import QCoreApplication, QTimer
from app.ui.shell.locks import SystemLocks

application = QCoreApplication(sys.argv)
locks = SystemLocks()
locks.locked.connect(lambda: print("locked", flush=True))
locks.listen()
print("listening", flush=True)
QTimer.singleShot(60_000, application.quit)
application.exec()
"""
# Says on a bus of its own, which stands for both, what a desktop and logind say; then what they say at the end of it.
SYSTEM = """
export DBUS_SYSTEM_BUS_ADDRESS="$DBUS_SESSION_BUS_ADDRESS"
exec 3< <("$0" -c "$1")
read -u 3 line; test "$line" = listening
say() { gdbus emit --session --object-path "$1" --signal "$2" "${@:3}"; }
hear() { read -t 20 -u 3 line && echo "$1: $line"; }
say /org/freedesktop/ScreenSaver org.freedesktop.ScreenSaver.ActiveChanged true; hear freedesktop
say /org/gnome/ScreenSaver org.gnome.ScreenSaver.ActiveChanged true; hear gnome
say /org/freedesktop/login1/session/_31 org.freedesktop.login1.Session.Lock; hear session
say /org/freedesktop/login1 org.freedesktop.login1.Manager.PrepareForSleep true; hear sleep
say /org/freedesktop/login1 org.freedesktop.login1.Manager.PrepareForSleep false
say /org/gnome/ScreenSaver org.gnome.ScreenSaver.ActiveChanged false
read -t 1 -u 3 line && echo "unasked: $line"
kill "$!"
"""


def test_the_system_that_locks_its_screen_or_goes_to_sleep_is_heard():
    ended = subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", SYSTEM, sys.executable, LISTENER],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert ended.stdout.splitlines() == [f"{who}: locked" for who in ("freedesktop", "gnome", "session", "sleep")], (
        ended.stderr
    )


def test_without_a_bus_nothing_happens_and_nothing_is_said(tmp_path: Path):
    script = LISTENER.replace("60_000", "200")
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "DISPLAY": ":97",
             "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path / 'none'}"},
    )  # fmt: skip

    assert (ended.stdout, ended.stderr, ended.returncode) == ("listening\n", "", 0)
