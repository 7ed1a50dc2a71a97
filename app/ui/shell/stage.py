"""The place where screens are shown, one at a time; those that hold words not saved yet wait behind it."""

from PySide6.QtWidgets import QWidget

from app.ui.shell.menus import Menus
from app.ui.shell.window import MainWindow

Name = tuple[str, object]
NAMELESS: Name = ("", None)


class Stage:
    """Swaps the screens of the window. Under a name, one that holds words is kept until somebody comes back to it."""

    def __init__(self, window: MainWindow, menus: Menus) -> None:
        self.window = window
        self._menus = menus
        self._on_show = NAMELESS
        self._kept: dict[Name, QWidget] = {}

    def show(self, screen: QWidget, name: Name = NAMELESS, *, is_open: bool = True) -> None:
        """Show a screen in place of the one before."""
        before = self.window.show_screen(screen)
        if before is not None and before is not screen:
            if self._on_show[0] and getattr(before, "holds_text", bool)():
                before.hide()
                self._kept[self._on_show] = before
            else:
                before.deleteLater()
        self._on_show = name
        self._menus.show_acts_of(screen.actions(), is_open=is_open)
        getattr(screen, "focus_home", screen.setFocus)()

    def take_up(self, name: Name) -> bool:
        """Return whether a screen is on show or was kept under this name, after showing it."""
        if self._on_show == name:
            return True
        kept = self._kept.pop(name, None)
        if kept is not None:
            self.show(kept, name)
        return kept is not None

    def empty(self) -> None:
        """Keep nothing any more: not what waits, and not what is on show once the next screen comes."""
        self._on_show = NAMELESS
        for screen in self._kept.values():
            screen.deleteLater()
        self._kept.clear()
