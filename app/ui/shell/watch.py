"""When the window locks by itself: nobody is there, the computer's screen locks, or it slept or was set back."""

import time
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow

TICK = 2.0  # seconds
GAP = 60.0
_INPUT = {
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel,
    QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TabletPress, QEvent.Type.TabletMove,
}  # fmt: skip
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Reading(NamedTuple):
    """Three clocks at one moment, in seconds: awake time, the clock on the wall, and time with sleep counted in."""

    awake: float
    wall: float
    boot: float


def clocks() -> Reading:
    """Return what the computer's clocks say."""
    # banned elsewhere: here it is compared with itself, and nothing is written down by it
    wall = time.time()  # noqa: TID251
    awake = time.monotonic()
    boot = time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else awake
    return Reading(awake, wall, boot)


def has_gap(before: Reading, after: Reading) -> bool:
    """Return whether the computer slept between two readings, stood still, or had its clock set, for over a minute."""
    awake = after.awake - before.awake
    wall = after.wall - before.wall
    boot = after.boot - before.boot
    return awake > GAP + TICK or abs(wall - awake) > GAP or abs(boot - awake) > GAP


class Watch(QObject):
    """Looks every two seconds; ``due`` when the window is to lock, ``idle`` once when nobody was there for a minute.

    ``minutes`` is how long nobody may be there. ``entered`` tells of each Return.
    """

    due = Signal()
    idle = Signal()
    entered = Signal()

    def __init__(self, minutes: int, read: Callable[[], Reading], parent: QObject) -> None:
        super().__init__(parent)
        self.minutes = minutes
        self._read = read
        self._seen = read()
        self._touched = self._seen.awake
        self._is_idle = False
        self._timer = QTimer(self)
        self._timer.setInterval(round(TICK * 1000))
        self._timer.timeout.connect(self.look)
        self._timer.start()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._follow)
        self._follow(QGuiApplication.focusWindow())

    def end(self) -> None:
        """Watch no more."""
        self._timer.stop()
        self.deleteLater()

    def look(self) -> None:
        """Say so where it is time to lock."""
        before, self._seen = self._seen, self._read()
        alone = self._seen.awake - self._touched
        if has_gap(before, self._seen) or alone >= self.minutes * 60:
            self._touched = self._seen.awake
            self.due.emit()
        elif alone >= 60 and not self._is_idle:
            self._is_idle = True
            self.idle.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice a key, the mouse or a finger, on any window of ours."""
        if event.type() in _INPUT:
            self._touched = self._read().awake
            self._is_idle = False
            if isinstance(event, QKeyEvent) and event.key() in _ENTER:
                self.entered.emit()
        return super().eventFilter(watched, event)

    def _follow(self, window: QWindow | None) -> None:
        # what reaches a window is seen once, not again at each widget it passes
        if window is not None:
            window.installEventFilter(self)
