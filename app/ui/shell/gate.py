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
from app.ui.shell.succession import Standing

if TYPE_CHECKING:
    from datetime import datetime

    from app.services.sitting import Sitting
    from app.ui.kit.clipboard import Clipboard
    from app.ui.shell.keeper import Keeper
    from app.ui.shell.upkeep import Upkeep
    from app.ui.shell.watch import Watch

# Services, and the screens that are not the first, are imported when they are needed: they take longer to load than the
# first window may.

LIMIT = 0.6  # seconds until the key goes, whatever is still under way: a transaction is whole or not at all


class Gate(QObject):
    """Holds the sitting while the store is open; ``opened`` when there is one with somebody to sign in it.

    ``succeed`` ends this program at a lock and begins another, told how things stand; without it the lock screen is
    shown by this one.
    """

    opened = Signal()

    def __init__(
        self,
        stage: Stage,
        folder: Path,
        now: "Callable[[], datetime]",
        succeed: Callable[[Standing], None] | None = None,
    ) -> None:
        super().__init__(stage.window)
        self._stage, self._folder, self._now, self._succeed = stage, folder, now, succeed
        self.lane = Lane(self)
        self.sitting: Sitting | None = None
        self._clipboard: Clipboard | None = None
        self._keeper: Keeper | None = None
        self._watch: Watch | None = None
        self._upkeep: Upkeep | None = None
        stage.window.closing.connect(self._on_closing)

    def enter(self, before: Standing | None = None) -> None:
        """Show the first screen there is: the lock, or without a store the first start.

        ``before`` is how things stood where a lock brought us here: then no keyring opens the store by itself.
        """
        if has_store(self._folder):
            self._show_lock(before or Standing(str(self._folder)), greet=before is None)
        else:
            self._show_first(None)
        QTimer.singleShot(0, self._guard_clipboard)

    def lock(self) -> None:
        """Empty the screens, close the store, and have the program that knew its key end."""
        if self.sitting is not None:
            self._lock()

    def lock_to_mend(self) -> None:
        """Lock, and offer to bring a backup back."""
        if self.sitting is not None:
            self._lock(to_mend=True)

    def open_anew(self) -> None:
        """Show the lock screen for a store that was closed already, because its keys or its files are others now."""
        self.sitting = None
        self._lock()

    def _lock(self, *, to_mend: bool = False) -> None:
        standing = Standing(str(self._folder), to_mend=to_mend)
        try:
            in_session = self._close_sitting(LIMIT if self._succeed else None)
            standing = standing._replace(in_session=in_session)
        finally:
            self._stand(standing)

    def _stand(self, standing: Standing) -> None:
        """Have the program end, and a successor show the lock screen; where there can be none, show it here."""
        if self._succeed is not None:
            self._succeed(standing)
        self._show_lock(standing, greet=False)

    def _on_moved(self, folder: Path, told: str) -> None:
        self._folder = folder
        self._stand(Standing(str(folder), told=told))

    def _on_closing(self) -> None:
        self._close_sitting(None, leaving=True)

    def _close_sitting(self, seconds: float | None, *, leaving: bool = False) -> bool:
        """Keep what is half typed, let go of the store within so many seconds, and return whether a meeting runs."""
        sitting, self.sitting = self.sitting, None
        held = self._stage.holds_words()
        kept = self._stage.kept() if sitting is not None else None
        for part in (self._keeper, self._watch, self._upkeep):
            if part is not None:
                part.end()
        self._keeper = self._watch = self._upkeep = None
        self._stage.empty()
        if self._clipboard is not None:
            self._clipboard.clear()
        if sitting is None or kept is None:
            self.lane.drain(seconds)
            return False
        from app.ui.shell.parting import Parting

        # somebody who left with everything saved begins at the home page next time
        return Parting(sitting, kept.without_place() if leaving and not held else kept).end(self.lane, seconds)

    def _show_first(self, sitting: "Sitting | None") -> None:
        from app.ui.first.screen import FirstScreen

        screen = FirstScreen(self._folder, self._now, self.lane, sitting)
        screen.finished.connect(self._on_made)
        self._stage.show(screen, is_open=False)

    def _show_lock(self, standing: Standing, *, greet: bool) -> None:
        screen = LockScreen(self._folder, self._now, self.lane, in_session=standing.in_session)
        screen.opened.connect(self._on_opened)
        screen.moved.connect(self._on_moved)
        self._stage.show(screen, is_open=False)
        if standing.told:
            screen.tell(standing.told)
        folder = self._folder

        def look() -> Answer:
            from app.services.opening import is_remembered, wait_seconds
            from app.services.place import trouble

            found = is_remembered(folder), wait_seconds(folder), trouble(folder)
            return lambda: self._on_looked(screen, *found, greet=greet, to_mend=standing.to_mend)

        # the window is to be drawn before anything else is loaded
        QTimer.singleShot(0, screen, lambda: self.lane.run(look, screen))

    def _on_looked(
        self, screen: LockScreen, remembered: bool, wait: float, trouble: str, *, greet: bool, to_mend: bool
    ) -> None:
        screen.wait(wait)
        if to_mend:
            screen.mending.offer()
        if trouble:
            screen.moving.offer(trouble)
        elif remembered:
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
        if signer(sitting) is None:
            self._show_first(sitting)
        else:
            self.opened.emit()
            if told := " ".join(filter(None, (sitting.keys_mended, sitting.rolled_back, sitting.rules_trouble))):
                self._stage.window.tell(told)

    def _begin_watch(self, sitting: "Sitting") -> None:
        from PySide6.QtCore import Qt

        from app.services.locking import idle_minutes
        from app.ui.shell.keeper import Keeper
        from app.ui.shell.upkeep import Upkeep
        from app.ui.shell.watch import Watch, clocks

        self._keeper = Keeper(self._stage, self.lane, sitting, self)
        self._keeper.failed.connect(self._stage.window.tell)
        self._watch = Watch(idle_minutes(sitting), clocks, self)
        self._watch.due.connect(self.lock)
        # once the line that was entered is saved, so that it is not kept as half typed
        self._watch.entered.connect(self._keeper.look, Qt.ConnectionType.QueuedConnection)
        self._watch.idle.connect(self._on_idle)
        self._upkeep = Upkeep(self.lane, sitting, self)
        self._upkeep.said.connect(lambda said: self._stage.window.tell(said, Tone.CALM))
        self._upkeep.short.connect(self._stage.window.tell)
        self._upkeep.damaged.connect(self._on_damaged)

    def _on_idle(self) -> None:
        """Ask again how long nobody may be there, which may have been set since."""
        sitting, watch = self.sitting, self._watch

        def work() -> Answer:
            from app.services.locking import idle_minutes

            minutes = idle_minutes(sitting) if sitting is not None else 0
            return lambda: setattr(watch, "minutes", minutes)

        if watch is not None:
            self.lane.run(work, watch)

    def _on_damaged(self, sentence: str) -> None:
        act = (self.tr("Lock, and bring back a &backup"), self.lock_to_mend)
        self._stage.window.tell(sentence, Tone.URGENT, act)

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
