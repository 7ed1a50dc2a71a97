"""What comes from outside the window: the computer's own lock, and somebody who starts the program again."""

from PySide6.QtCore import QFileSystemWatcher

from app.services.alone import Holder
from app.ui.shell.gate import Gate
from app.ui.shell.locks import SystemLocks
from app.ui.shell.window import MainWindow


def attend(gate: Gate, window: MainWindow, holder: Holder | None) -> None:
    """Lock when the computer does, and come to the front when a second window is wanted with the same store."""
    locks = SystemLocks(window)
    locks.locked.connect(gate.lock)
    locks.listen()
    if holder is not None:
        holder.sign()
        # the second window leaves a line in the file, and ends
        calls = QFileSystemWatcher([str(holder.path)], window)
        calls.fileChanged.connect(lambda _path: window.come_forward())
