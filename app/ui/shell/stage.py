"""The place where screens are shown, one at a time; those that hold words not saved yet wait behind it.

A screen may have ``unsaved``, which returns words not saved (None for none), and ``put_back``, which shows them again.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.kit.saying import Tone
from app.ui.shell.menus import Menus
from app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from uuid import UUID

    from app.services.unfinished import Kept

Name = tuple[str, object]
NAMELESS: Name = ("", None)


def nothing() -> None:
    """Stand for a screen that has no words to hand over."""


def written(name: Name) -> str:
    """Return the name of a screen as it is kept in the store."""
    kind, which = name
    return f"{kind}:{which or ''}" if kind else ""


class Stage:
    """Swaps the screens of the window. Under a name, one that holds words is kept until somebody comes back to it."""

    def __init__(self, window: MainWindow, menus: Menus) -> None:
        self.window = window
        self._menus = menus
        self._on_show = NAMELESS
        self._kept: dict[Name, QWidget] = {}
        self._unsaved: dict[str, str] = {}
        self.last = ""
        # how many times a screen was shown: who brings one late knows by it whether another came first
        self.shows = 0
        # heard when a screen with a name was left, whose words may be saved or gone by that
        self.on_left: Callable[[], None] = nothing
        window.holds_words = self.holds_words

    def holds_words(self) -> bool:
        """Return whether any screen, on show or waiting, has words that are not saved."""
        screens = (self.window.screen_on_show, *self._kept.values())
        return any(getattr(screen, "holds_text", bool)() for screen in screens)

    def show(self, screen: QWidget, name: Name = NAMELESS, *, is_open: bool = True) -> None:
        """Show a screen in place of the one before."""
        self.shows += 1
        before = self.window.show_screen(screen)
        if before is not None and before is not screen:
            if self._on_show[0] and getattr(before, "holds_text", bool)():
                before.hide()
                self._kept[self._on_show] = before
            else:
                before.deleteLater()
        left, self._on_show = self._on_show, name
        self._menus.show_acts_of(screen.actions(), is_open=is_open)
        if words := self._unsaved.pop(written(name), ""):
            self._put_back(screen, words)
        getattr(screen, "focus_home", screen.setFocus)()
        QTimer.singleShot(0, self.window, self._show_focus)
        if left[0]:
            self.on_left()

    def _show_focus(self) -> None:
        """Show what has the focus, though no Tab brought it there: the keyboard comes first here."""
        from PySide6.QtCore import Qt  # see ``start``

        self.window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)

    def _put_back(self, screen: QWidget, words: str) -> None:
        from app.ui.kit.unfinished import Unreadable

        try:
            getattr(screen, "put_back", str)(words)
        except Unreadable:
            self.window.tell(
                _said(
                    "What was half typed here could not be put back. What was saved is safe: look at the last entry "
                    "and go on from there."
                ),
                Tone.CALM,
            )
        else:
            if getattr(screen, "holds_text", bool)():
                self.window.tell(_said("What you had typed is back, not saved yet: go on where you were."), Tone.CALM)

    def take_up(self, name: Name) -> bool:
        """Return whether a screen is on show or was kept under this name, after showing it."""
        if self._on_show == name:
            return True
        kept = self._kept.pop(name, None)
        if kept is not None:
            self.show(kept, name)
        return kept is not None

    def take(self, kept: "Kept") -> None:
        """Take over what stood half typed in an earlier sitting; each part is put back when its screen is shown."""
        self._unsaved, self.last = dict(kept.words), kept.place

    def forget(self, gone: "Collection[UUID]") -> None:
        """Keep no screen and no words of what is not in the store any more."""
        # a page around a meeting has several ids in its name
        named = {str(one) for one in gone}
        for name in [name for name in self._kept if any(one in written(name) for one in named)]:
            self._kept.pop(name).deleteLater()
        kept = self._unsaved.items()
        self._unsaved = {name: words for name, words in kept if not any(one in name for one in named)}

    def kept(self) -> "Kept":
        """Return what stands half typed on every screen, and which one is on show."""
        from app.services.unfinished import Kept

        words = dict(self._unsaved)
        for name, screen in (*self._kept.items(), (self._on_show, self.window.screen_on_show)):
            unsaved = getattr(screen, "unsaved", nothing)() if name[0] else None
            if unsaved is not None:
                words[written(name)] = unsaved
        return Kept(written(self._on_show), words)

    def empty(self) -> None:
        """Show nothing at all, at once, and keep no screen any more."""
        # the first window has no dialogues
        from PySide6.QtWidgets import QDialog

        for window in QApplication.topLevelWidgets():
            if isinstance(window, QDialog) and window.isVisible():
                window.reject()
        for screen in self._kept.values():
            screen.deleteLater()
        self._kept.clear()
        self._unsaved.clear()
        self._on_show = NAMELESS
        self.show(QWidget(), is_open=False)
        self.window.repaint()


def _said(text: str) -> str:
    return QCoreApplication.translate("Stage", text)
