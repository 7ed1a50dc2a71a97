"""Where the store is too damaged to be opened: the newest sound backup in its place, for whoever has the secret."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal

from app.ui.kit.lane import Answer, Lane
from app.ui.kit.look import plain
from app.ui.kit.page import Group, Row, button

if TYPE_CHECKING:
    from datetime import datetime


class Secret(NamedTuple):
    """What was typed, and whether it is the recovery key."""

    typed: str
    is_recovery_key: bool


class Mending(Group):
    """Offers to bring a backup back; ``mended`` with what is lost by it, ``failed`` with why it could not be done."""

    mended = Signal(str)
    failed = Signal(object)
    busy = Signal(bool)

    def __init__(
        self, folder: Path, now: "Callable[[], datetime]", lane: Lane, secret: Callable[[], Secret | None]
    ) -> None:
        self._folder, self._now, self._lane, self._secret = folder, now, lane, secret
        self._backup: Path | None = None
        self._do = button(self.tr("&Bring back the newest good backup"))
        super().__init__(
            plain(
                self.tr(
                    "There is a sound backup of this store. Brought back, it takes the place of what is damaged; the "
                    "damaged files are kept beside it, and what was saved after the backup is missing from it."
                )
            ),
            Row(self._do),
        )
        self._do.clicked.connect(self._on_wanted)
        self.hide()

    def offer(self) -> None:
        """Look for a sound backup, and offer it where there is one."""
        folder = self._folder

        def look() -> Answer:
            from app.services.mending import newest_good

            found = newest_good(folder)
            return lambda: self._on_found(found)

        self._lane.run(look, self)

    def _on_found(self, backup: Path | None) -> None:
        self._backup = backup
        self.setVisible(backup is not None)

    def _on_wanted(self) -> None:
        folder, now, backup, secret = self._folder, self._now, self._backup, self._secret()
        if backup is None or secret is None:
            return
        self.busy.emit(True)

        def work() -> Answer:
            from app.services.copying import by_passphrase, by_recovery_key
            from app.services.mending import put_back

            unlock = (by_recovery_key if secret.is_recovery_key else by_passphrase)(secret.typed)
            lost = put_back(folder, backup, unlock, now)
            return lambda: self._on_mended(lost)

        self._lane.run(work, self, self._on_failed)

    def _on_mended(self, lost: str) -> None:
        self.busy.emit(False)
        self.hide()
        self.mended.emit(lost)

    def _on_failed(self, failure: Exception) -> None:
        self.busy.emit(False)
        self.failed.emit(failure)
