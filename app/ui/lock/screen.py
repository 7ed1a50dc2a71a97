"""The lock screen: the passphrase, or the printed recovery key in its place."""

from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.ui.kit.lane import Answer, Lane
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Page, Row, button
from app.ui.kit.saying import Saying, Tone, announce
from app.ui.kit.secret import SecretField
from app.ui.lock.mending import Mending, Secret
from app.ui.lock.moving import Moving

if TYPE_CHECKING:
    from datetime import datetime

    from app.services.sitting import Sitting

# Services are imported on the worker once the window is up: they take longer than the window itself.

_SECOND = 1_000  # milliseconds


class LockScreen(Page):
    """What stands before everything else: whoever knows the secret of the store gets in.

    ``mending`` and ``moving`` offer what can be done about a damaged store, and about a folder it must not be in.
    """

    opened = Signal(object)
    moved = Signal(object, str)

    def __init__(
        self,
        folder: Path,
        now: "Callable[[], datetime]",
        lane: Lane,
        *,
        in_session: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, width=60)
        self._folder, self._now, self._lane = folder, now, lane
        self._saying = Saying()
        self._waiting = plain()
        self._waiting.hide()
        self._passphrase = SecretField(self.tr("&Passphrase"))
        self._recovery = SecretField(
            self.tr("&Recovery key"), self.tr("From the page you printed: nine groups of four letters and digits.")
        )
        self._open = button(self.tr("&Open"), first=True)
        self._other = button(self.tr("Use the recovery &key instead"))
        self._keyring = button(self.tr("Open with this &computer's keyring"))
        self.mending = Mending(folder, now, lane, self._secret)
        self.moving = Moving(folder, lane)
        self._recovery.hide()
        self._keyring.hide()
        self.column.addStretch(1)
        self._running = heading("", 2)
        self._running.setVisible(in_session)
        self.add(
            heading(self.tr("Chairside is locked")), self._running,
            plain(self.tr("Everything recorded on this computer is encrypted. Your passphrase opens it.")),
            self._saying, self._passphrase, self._recovery, self._waiting, Row(self._open, self._keyring, self._other),
            self.mending, self.moving,
        )  # fmt: skip
        self.column.addStretch(2)
        self._connect()
        if in_session:
            self._show_time()

    def _connect(self) -> None:
        self._open.clicked.connect(self._on_open)
        self._passphrase.entered.connect(self._on_open)
        self._recovery.entered.connect(self._on_open)
        self._other.clicked.connect(self._on_other)
        self._keyring.clicked.connect(self.open_with_keyring)
        self.mending.busy.connect(self._busy)
        self.mending.mended.connect(self._saying.say)
        self.mending.failed.connect(self._on_failed)
        self.moving.busy.connect(self._busy)
        self.moving.moved.connect(self.moved)

    def _show_time(self) -> None:
        """Show the time of a meeting that goes on, and nothing else of it."""
        from app.practice.words import clock

        self._running.setText(self.tr("It is %1. A meeting is running.").replace("%1", clock(self._now())))
        QTimer.singleShot(_SECOND, self, self._show_time)

    def wait(self, seconds: float) -> None:
        """Take no secret for so many seconds, and count them down; where that is none, nothing changes."""
        if seconds <= 0:
            return
        from datetime import timedelta

        end = self._now() + timedelta(seconds=seconds)
        self._hold(True)
        announce(self, self._wait_words(ceil(seconds)), Tone.URGENT)
        self._count_down(end)

    def _count_down(self, end: "datetime") -> None:
        left = ceil((end - self._now()).total_seconds())
        self._waiting.setText(self._wait_words(left) if left > 0 else "")
        self._waiting.setVisible(left > 0)
        if left > 0:
            QTimer.singleShot(_SECOND, self, lambda: self._count_down(end))
        else:
            self._hold(False)

    def _wait_words(self, seconds: int) -> str:
        said = (
            self.tr("Too many wrong tries: try again in %1 seconds.")
            if seconds > 1
            else self.tr("Too many wrong tries: try again in a second.")
        )
        return said.replace("%1", str(seconds))

    def _hold(self, held: bool) -> None:
        """Let nothing be typed or tried; the focus stays where it is."""
        for field in (self._passphrase, self._recovery):
            field.line.setReadOnly(held)
        self._open.setEnabled(not held)

    def title(self) -> str:
        """Return what the window is called: nothing of the record."""
        return self.tr("Locked")

    def focus_home(self) -> None:
        """Put the focus where the secret is typed."""
        (self._recovery if self._by_recovery else self._passphrase).line.setFocus()

    def tell(self, sentence: str) -> None:
        """Say something that a lock, or a move of the store, has left to be said."""
        self._saying.say(sentence)

    def offer_keyring(self) -> None:
        """Show that this computer's keyring can open the store too."""
        self._keyring.show()

    def open_with_keyring(self) -> None:
        """Open the store with what the keyring keeps."""
        folder, now = self._folder, self._now

        def work() -> "Sitting":
            from app.services.opening import open_remembered

            return open_remembered(folder, now)

        self._try(work)

    @property
    def _by_recovery(self) -> bool:
        return not self._recovery.isHidden()

    def _secret(self) -> Secret | None:
        """Return what is typed, after saying so where nothing is."""
        by_recovery = self._by_recovery
        field = self._recovery if by_recovery else self._passphrase
        if not field.text:
            field.say(self.tr("Type the recovery key.") if by_recovery else self.tr("Type your passphrase."))
            return None
        return Secret(field.text, by_recovery)

    def _on_open(self) -> None:
        folder, now = self._folder, self._now
        secret = self._secret() if self._open.isEnabled() else None
        if secret is None:
            return

        def work() -> "Sitting":
            from app.services.opening import open_store, open_with_recovery_key

            return (open_with_recovery_key if secret.is_recovery_key else open_store)(folder, secret.typed, now)

        self._try(work)

    def _try(self, opening: Callable[[], "Sitting"]) -> None:
        self._busy(True)
        self._saying.say(self.tr("Opening the store. This takes about a second."))

        def work() -> Answer:
            sitting = opening()
            return lambda: self._on_opened(sitting)

        self._lane.run(work, self, self._on_failed)

    def _on_opened(self, sitting: "Sitting") -> None:
        self._passphrase.empty()
        self._recovery.empty()
        self._saying.hush()
        self._busy(False)
        self.opened.emit(sitting)

    def _on_failed(self, failure: Exception) -> None:
        from app.services.locking import is_damage
        from app.services.opening import CannotOpen

        self._busy(False)
        if not isinstance(failure, CannotOpen):
            self._saying.hush()
            raise failure
        if failure.wrong_secret:
            self._saying.hush()
            field = self._recovery if self._by_recovery else self._passphrase
            field.say(str(failure))
            field.line.selectAll()
        elif failure.wait:
            self._saying.hush()
            self.focus_home()
        else:
            self._saying.say(str(failure), Tone.URGENT)
            self.focus_home()
            if is_damage(failure):
                self.mending.offer()
        self.wait(failure.wait)

    def _on_other(self) -> None:
        by_recovery = not self._by_recovery
        self._recovery.setVisible(by_recovery)
        self._passphrase.setVisible(not by_recovery)
        self._other.setText(
            self.tr("Use the passphrase &instead") if by_recovery else self.tr("Use the recovery &key instead")
        )
        self.focus_home()

    def _busy(self, busy: bool) -> None:
        for part in (self._passphrase, self._recovery, self._open, self._other, self._keyring):
            part.setEnabled(not busy)
