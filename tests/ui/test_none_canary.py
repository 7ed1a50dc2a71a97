"""PySide6 6.12.0 used up references to ``None`` on Python 3.11; the day this holds with it, the pin can be lifted."""

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QRunnable, QThread, QThreadPool
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CALLS = 200
# Other threads and Qt's own caches move the count by a few; the fault took one for each call.
SLACK = CALLS // 4


class Painted(QWidget):
    """A widget that paints itself, which is what the fault needed."""

    def __init__(self) -> None:
        super().__init__()
        self.painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted += 1


class Job(QRunnable):
    """A job that does nothing."""

    def run(self) -> None:
        return None


class Worker(QThread):
    """A thread that does nothing."""

    def run(self) -> None:
        return None


def test_repainting_does_not_use_up_none(qtbot: "QtBot") -> None:
    widget = Painted()
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    before = sys.getrefcount(None)

    for _ in range(CALLS):
        widget.repaint()

    assert widget.painted >= CALLS
    assert sys.getrefcount(None) > before - SLACK


def test_background_jobs_do_not_use_up_none() -> None:
    pool = QThreadPool()
    before = sys.getrefcount(None)

    for _ in range(CALLS):
        pool.start(Job())
    assert pool.waitForDone(10_000)

    assert sys.getrefcount(None) > before - SLACK


def test_threads_do_not_use_up_none() -> None:
    before = sys.getrefcount(None)

    for _ in range(CALLS):
        worker = Worker()
        worker.start()
        assert worker.wait(10_000)

    assert sys.getrefcount(None) > before - SLACK
