"""The gate: a store is made or opened here, and locked again, in one place."""

import gc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
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
    from app.services.unfinished import Kept
    from app.ui.kit.clipboard import Clipboard
    from app.ui.shell.keeper import Keeper
    from app.ui.shell.watch import Watch

# Services, and the screens that are not the first, are imported when they are needed: they take longer to load than the
# first window may.

LIMIT = 0.6  # seconds until the key goes, whatever is still under way: a transaction is whole or not at all
_BACKUP_LIMIT, _LEAVING_LIMIT = 0.3, 5.0
_SETTLED = 1_000  # milliseconds after the opening, when the first page is drawn and nobody has written anything yet


class Gate(QObject):
    """Holds the sitting while the store is open; ``opened`` when there is one with somebody to sign in it.

    ``succeed`` ends this program at a lock and begins another, told whether a meeting is in session; without it the
    lock screen is shown by this one.
    """

    opened = Signal()

    def __init__(
        self, stage: Stage, folder: Path, now: "Callable[[], datetime]", succeed: Callable[[bool], None] | None = None
    ) -> None:
        super().__init__(stage.window)
        self._stage, self._folder, self._now, self._succeed = stage, folder, now, succeed
        self.lane = Lane(self)
        self.sitting: Sitting | None = None
        self._clipboard: Clipboard | None = None
        self._keeper: Keeper | None = None
        self._watch: Watch | None = None
        stage.window.closing.connect(self._on_closing)

    def enter(self, *, locked: bool = False, in_session: bool = False) -> None:
        """Show the first screen there is: the lock, or without a store the first start.

        ``locked`` where a lock brought us here: then no keyring opens the store by itself.
        """
        if has_store(self._folder):
            self._show_lock(greet=not locked, in_session=in_session)
        else:
            self._show_first(None)
        QTimer.singleShot(0, self._guard_clipboard)

    def lock(self) -> None:
        """Empty the screens, close the store, and have the program that knew its key end."""
        if self.sitting is not None:
            self._lock()

    def open_anew(self) -> None:
        """Show the lock screen for a store that was closed already, because its keys or its files are others now."""
        self.sitting = None
        self._lock()

    def _lock(self) -> None:
        in_session = False
        try:
            in_session = self._close_sitting(LIMIT if self._succeed else None)
        finally:
            if self._succeed is not None:
                self._succeed(in_session)
        self._show_lock(greet=False, in_session=in_session)

    def _on_closing(self) -> None:
        self._close_sitting(None, leaving=True)

    def _close_sitting(self, seconds: float | None, *, leaving: bool = False) -> bool:
        """Keep what is half typed, let go of the store within so many seconds, and return whether a meeting runs."""
        sitting, self.sitting = self.sitting, None
        held = self._stage.holds_words()
        kept = self._stage.kept() if sitting is not None else None
        for part in (self._keeper, self._watch):
            if part is not None:
                part.end()
        self._keeper = self._watch = None
        self._stage.empty()
        if self._clipboard is not None:
            self._clipboard.clear()
        if sitting is None or kept is None:
            self.lane.drain(seconds)
            return False
        # somebody who left with everything saved begins at the home page next time
        return self._part(sitting, kept.without_place() if leaving and not held else kept, seconds)

    def _part(self, sitting: "Sitting", kept: "Kept", seconds: float | None) -> bool:
        drained, running = Event(), Event()
        limit = _BACKUP_LIMIT if seconds else _LEAVING_LIMIT
        work = Thread(target=_depart, args=(sitting, kept, limit, drained, running), name="parting", daemon=True)
        # as in ``Lane``: no widget may be collected on another thread
        gc.disable()
        work.start()
        self.lane.drain(seconds)
        gc.disable()
        drained.set()
        work.join(seconds)
        gc.enable()
        return running.is_set()

    def _show_first(self, sitting: "Sitting | None") -> None:
        from app.ui.first.screen import FirstScreen

        screen = FirstScreen(self._folder, self._now, self.lane, sitting)
        screen.finished.connect(self._on_made)
        self._stage.show(screen, is_open=False)

    def _show_lock(self, *, greet: bool, in_session: bool) -> None:
        screen = LockScreen(self._folder, self._now, self.lane, in_session=in_session)
        screen.opened.connect(self._on_opened)
        self._stage.show(screen, is_open=False)
        folder = self._folder

        def look() -> Answer:
            from app.services.opening import is_remembered, wait_seconds

            remembered, wait = is_remembered(folder), wait_seconds(folder)
            return lambda: self._on_ways_known(screen, remembered, wait, greet=greet)

        # the window is to be drawn before anything else is loaded
        QTimer.singleShot(0, screen, lambda: self.lane.run(look, screen))

    def _on_ways_known(self, screen: LockScreen, remembered: bool, wait: float, *, greet: bool) -> None:
        screen.wait(wait)
        if remembered:
            screen.offer_keyring()
            if greet:
                screen.open_with_keyring()

    def _on_opened(self, sitting: "Sitting") -> None:
        from app.services import rotating
        from app.services.noting import opening
        from app.services.opening import signer

        if sitting is not self.sitting:
            if sitting.marks is None:
                opening(sitting)
            self.sitting = sitting
            rotating.prepare(sitting)
            self._begin_watch(sitting)
            QTimer.singleShot(_SETTLED, self, lambda: self._back_up(sitting))
        if signer(sitting) is None:
            self._show_first(sitting)
        else:
            self.opened.emit()
            if told := " ".join(filter(None, (sitting.keys_mended, sitting.rolled_back))):
                self._stage.window.tell(told)

    def _begin_watch(self, sitting: "Sitting") -> None:
        from app.services.locking import idle_minutes
        from app.ui.shell.keeper import Keeper
        from app.ui.shell.watch import Watch, clocks

        self._keeper = Keeper(self._stage, self.lane, sitting, self)
        self._keeper.failed.connect(self._stage.window.tell)
        self._watch = Watch(idle_minutes(sitting), clocks, self)
        self._watch.due.connect(self.lock)
        self._watch.entered.connect(self._keeper.look)
        self._watch.idle.connect(self._on_idle)

    def _on_idle(self) -> None:
        """Ask again how long nobody may be there, which may have been set since."""
        sitting, watch = self.sitting, self._watch

        def work() -> Answer:
            from app.services.locking import idle_minutes

            minutes = idle_minutes(sitting) if sitting is not None else 0
            return lambda: setattr(watch, "minutes", minutes)

        if watch is not None:
            self.lane.run(work, watch)

    def _back_up(self, sitting: "Sitting") -> None:
        """Make and check the backups that are due, while the person works."""
        if sitting is not self.sitting:
            return

        def work() -> Answer:
            from app.services import rotating

            told = rotating.at_opening(sitting)
            return lambda: self._stage.window.tell(told, Tone.CALM) if told else None

        self.lane.run(work, self)

    def _guard_clipboard(self) -> None:
        from app.ui.kit.clipboard import Clipboard

        self._clipboard = Clipboard(self)

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


def _depart(sitting: "Sitting", kept: "Kept", limit: float, drained: Event, running: Event) -> None:
    """Keep the words first, then make the backup that is due, and close the store once the worker is out of it."""
    from app.services import locking, rotating, unfinished
    from app.services.sitting import SaveFault

    try:
        # where the disk does not take it, that was told while somebody typed; the lock does not wait for a disk
        with suppress(SaveFault):
            unfinished.keep(sitting, kept)
        if locking.is_meeting_running(sitting):
            running.set()
        rotating.at_lock(sitting, limit)
    finally:
        drained.wait()
        sitting.close()
