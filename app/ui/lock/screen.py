"""The lock screen: the passphrase, or the printed recovery key in its place."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.kit.lane import Answer, Lane
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Page, Row, button
from app.ui.kit.saying import Saying, Tone
from app.ui.kit.secret import SecretField

if TYPE_CHECKING:
    from datetime import datetime

    from app.services.sitting import Sitting

# Services are imported on the worker once the window is up: they take longer than the window itself.


class LockScreen(Page):
    """What stands before everything else: whoever knows the secret of the store gets in."""

    opened = Signal(object)

    def __init__(self, folder: Path, now: "Callable[[], datetime]", lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=60)
        self._folder, self._now, self._lane = folder, now, lane
        self._saying = Saying()
        self._passphrase = SecretField(self.tr("&Passphrase"))
        self._recovery = SecretField(
            self.tr("&Recovery key"), self.tr("From the page you printed: nine groups of four letters and digits.")
        )
        self._open = button(self.tr("&Open"), first=True)
        self._other = button(self.tr("Use the recovery &key instead"))
        self._keyring = button(self.tr("Open with this &computer's keyring"))
        self._recovery.hide()
        self._keyring.hide()
        self.column.addStretch(1)
        self.add(
            heading(self.tr("Chairside is locked")),
            plain(self.tr("Everything recorded on this computer is encrypted. Your passphrase opens it.")),
            self._saying, self._passphrase, self._recovery, Row(self._open, self._keyring, self._other),
        )  # fmt: skip
        self.column.addStretch(2)
        self._connect()

    def _connect(self) -> None:
        self._open.clicked.connect(self._on_open)
        self._passphrase.entered.connect(self._on_open)
        self._recovery.entered.connect(self._on_open)
        self._other.clicked.connect(self._on_other)
        self._keyring.clicked.connect(self.open_with_keyring)

    def title(self) -> str:
        """Return what the window is called: nothing of the record."""
        return self.tr("Locked")

    def focus_home(self) -> None:
        """Put the focus where the secret is typed."""
        (self._recovery if self._by_recovery else self._passphrase).line.setFocus()

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

    def _on_open(self) -> None:
        folder, now, by_recovery = self._folder, self._now, self._by_recovery
        field = self._recovery if by_recovery else self._passphrase
        secret = field.text
        if not secret:
            field.say(self.tr("Type the recovery key.") if by_recovery else self.tr("Type your passphrase."))
            return

        def work() -> "Sitting":
            from app.services.opening import open_store, open_with_recovery_key

            return (open_with_recovery_key if by_recovery else open_store)(folder, secret, now)

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
        else:
            self._saying.say(str(failure), Tone.URGENT)
            self.focus_home()

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
