"""The place where screens are shown, one at a time; those that hold words not saved yet wait behind it.

A screen may have ``unsaved``, which returns words not saved (None for none), and ``put_back``, which shows them again.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.ui.shell.menus import Menus
from app.ui.shell.window import MainWindow

Name = tuple[str, object]
NAMELESS: Name = ("", None)


def nothing() -> None:
    """Stand for a screen that has no words to hand over."""


class Stage:
    """Swaps the screens of the window. Under a name, one that holds words is kept until somebody comes back to it."""

    def __init__(self, window: MainWindow, menus: Menus) -> None:
        self.window = window
        self._menus = menus
        self._on_show = NAMELESS
        self._kept: dict[Name, QWidget] = {}
        self._unsaved: dict[Name, object] = {}
        self.last = NAMELESS
        self._waiting = False
        window.holds_words = self.holds_words

    def holds_words(self) -> bool:
        """Return whether any screen, on show or waiting, has words that are not saved."""
        screens = (self.window.screen_on_show, *self._kept.values())
        return self._waiting or any(getattr(screen, "holds_text", bool)() for screen in screens)

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
        if name in self._unsaved and (put_back := getattr(screen, "put_back", None)) is not None:
            put_back(self._unsaved.pop(name))
            self._waiting = False
        getattr(screen, "focus_home", screen.setFocus)()
        # the keyboard comes first here: what has the focus shows it, though no Tab brought it there
        self.window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)

    def take_up(self, name: Name) -> bool:
        """Return whether a screen is on show or was kept under this name, after showing it."""
        if self._on_show == name:
            return True
        kept = self._kept.pop(name, None)
        if kept is not None:
            self.show(kept, name)
        return kept is not None

    def empty(self) -> None:
        """Keep no screen any more, neither what waits nor, once the next comes, what is on show; only words not saved.

        They are put back when a screen is shown under the same name again; ``last`` is the name of what was on show.
        """
        self.last = self._on_show
        self._waiting = self.holds_words()
        for name, screen in (*self._kept.items(), (self._on_show, self.window.screen_on_show)):
            unsaved = getattr(screen, "unsaved", nothing)() if name[0] else None
            if unsaved is not None:
                self._unsaved[name] = unsaved
        self._on_show = NAMELESS
        for screen in self._kept.values():
            screen.deleteLater()
        self._kept.clear()
