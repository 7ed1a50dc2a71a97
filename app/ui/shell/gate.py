"""The gate: a store is made or opened here, and locked again, in one place."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.services.place import has_store
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.saying import Tone
from app.ui.lock.screen import LockScreen
from app.ui.shell.stage import Stage

if TYPE_CHECKING:
    from datetime import datetime

    from app.services.sitting import Sitting

# Services, and the screens that are not the first, are imported when they are needed: they take longer to load than the
# first window may.


class Gate(QObject):
    """Holds the sitting while the store is open; ``opened`` when there is one with somebody to sign in it."""

    opened = Signal()

    def __init__(self, stage: Stage, folder: Path, now: "Callable[[], datetime]") -> None:
        super().__init__(stage.window)
        self._stage, self._folder, self._now = stage, folder, now
        self.lane = Lane(self)
        self.sitting: Sitting | None = None
        stage.window.closing.connect(self._close_sitting)

    def enter(self) -> None:
        """Show the first screen there is: the lock, or without a store the first start."""
        if has_store(self._folder):
            self._show_lock(greet=True)
        else:
            self._show_first(None)

    def lock(self) -> None:
        """Close the store, empty the screens and show the lock screen."""
        if self.sitting is not None:
            self._close_sitting()
            self._show_lock(greet=False)

    def _close_sitting(self) -> None:
        self.lane.drain()
        self._stage.empty()
        if self.sitting is not None:
            self.sitting.close()
            self.sitting = None

    def _show_first(self, sitting: "Sitting | None") -> None:
        from app.ui.first.screen import FirstScreen

        screen = FirstScreen(self._folder, self._now, self.lane, sitting)
        screen.finished.connect(self._on_made)
        self._stage.show(screen, is_open=False)

    def _show_lock(self, *, greet: bool) -> None:
        screen = LockScreen(self._folder, self._now, self.lane)
        screen.opened.connect(self._on_opened)
        self._stage.show(screen, is_open=False)
        folder = self._folder

        def look() -> Answer:
            from app.services.opening import is_remembered

            remembered = is_remembered(folder)
            return lambda: self._on_keyring_known(screen, remembered, greet=greet)

        # the window is to be drawn before anything else is loaded
        QTimer.singleShot(0, screen, lambda: self.lane.run(look, screen))

    def _on_keyring_known(self, screen: LockScreen, remembered: bool, *, greet: bool) -> None:
        if remembered:
            screen.offer_keyring()
            if greet:
                screen.open_with_keyring()

    def _on_opened(self, sitting: "Sitting") -> None:
        from app.services.opening import signer

        self.sitting = sitting
        if signer(sitting) is None:
            self._show_first(sitting)
        else:
            self.opened.emit()

    def _on_made(self, sitting: "Sitting") -> None:
        self._on_opened(sitting)

        def look() -> Answer:
            from app.services.securing import keyring_trouble

            trouble = keyring_trouble()
            return lambda: self._on_keyring_tried(trouble)

        self.lane.run(look, self._stage.window)

    def _on_keyring_tried(self, trouble: str) -> None:
        from app.services.opening import KEYRING_TOLD, once

        if trouble and self.sitting is not None and once(self.sitting, KEYRING_TOLD):
            self._stage.window.tell(trouble, Tone.CALM)
