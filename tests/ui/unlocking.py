"""The window over a real store, and the way in through its lock screen."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services.opening import introduce, make_store
from app.services.sitting import Sitting
from app.ui.lock.screen import LockScreen
from app.ui.shell.passage import Passage
from app.ui.shell.window import MainWindow
from app.vault.passphrase import FLOOR
from tests.builders import Clock

PASSPHRASE = "seven lamps along the quiet river"
SLOW = 60_000


def a_store(folder: Path, clock: Clock) -> Sitting:
    """Make a store in which Kate Marsh signs, and give the sitting at it."""
    sitting = make_store(folder, PASSPHRASE, clock, recovery=False, kdf=FLOOR).sitting
    introduce(sitting, "Kate Marsh", "Team manager", "")
    return sitting


def entered(qtbot: QtBot, window: MainWindow, folder: Path, clock: Clock) -> Passage:
    """Show what a program shows that was just started."""
    passage = Passage(window, folder, clock)
    passage.gate.enter()
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return passage


def unlock(qtbot: QtBot, window: MainWindow) -> None:
    lock = window.screen_on_show
    assert isinstance(lock, LockScreen)
    qtbot.keyClicks(lock._passphrase.line, PASSPHRASE)
    qtbot.keyClick(lock._passphrase.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not isinstance(window.screen_on_show, LockScreen), timeout=SLOW)


def come_in(qtbot: QtBot, window: MainWindow, folder: Path, clock: Clock) -> Passage:
    """Open the store in a window, as a program does that was just started."""
    passage = entered(qtbot, window, folder, clock)
    unlock(qtbot, window)
    return passage
