"""How Chairside is arranged for those who use it: the settings, the local rules and writing them, the size of text."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.ui.shell.gate import Gate
from app.ui.shell.stage import Stage

if TYPE_CHECKING:
    from app.services.sitting import Sitting

SMALLEST, LARGEST = 7.0, 28.0
# the page on which local rules are written, under which words not saved wait
EDITOR = "profile-edit"

# The screens are imported when they are first shown: see ``passage``.


class Arranging:
    """Leads to these pages and back, each made anew."""

    def __init__(self, stage: Stage, gate: Gate, home: Callable[[], None]) -> None:
        self._stage, self._gate, self._home = stage, gate, home

    def go_to_settings(self) -> None:
        """Show the settings."""
        from app.ui.settings.screen import SettingsScreen

        if (sitting := self._sitting) is not None:
            screen = SettingsScreen(sitting, self._gate.lane)
            screen.store_closed.connect(self._gate.open_anew)
            screen.profile_wanted.connect(self.go_to_profile)
            screen.left.connect(self._home)
            self._stage.show(screen)

    def go_to_profile(self, folder: Path | None = None) -> None:
        """Show the local rules in force, or look at those of a folder."""
        from app.ui.profile.screen import ProfileScreen

        if (sitting := self._sitting) is not None:
            screen = ProfileScreen(sitting, self._gate.lane)
            screen.left.connect(self.go_to_settings)
            screen.edit_wanted.connect(self.go_to_editor)
            self._stage.show(screen)
            if folder is not None:
                screen.look_at(folder)

    def go_to_editor(self, folder: Path | None = None) -> None:
        """Show the page on which local rules are written; rules half written there come first."""
        from app.ui.profile.editing import EditProfileScreen

        sitting = self._sitting
        if sitting is None or self._stage.take_up((EDITOR, None)):
            return
        screen = EditProfileScreen(sitting, self._gate.lane, folder)
        screen.left.connect(self.go_to_profile)
        screen.saved.connect(self.go_to_profile)
        self._stage.show(screen, (EDITOR, None))

    def resize(self, factor: float) -> None:
        """Make all text larger or smaller."""
        font = QGuiApplication.font()
        font.setPointSizeF(min(max(font.pointSizeF() * factor, SMALLEST), LARGEST))
        QApplication.setFont(font)

    @property
    def _sitting(self) -> "Sitting | None":
        return self._gate.sitting
