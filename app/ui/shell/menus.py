"""The menus: every act of the window with the keys that do it."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QTimer

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMainWindow, QMenu

# Qt's classes are imported where they are used: the first window does not wait for what PySide makes of an action.


class Acts(NamedTuple):
    """What the menus can do."""

    home: Callable[[], None]
    begin: Callable[[], None]
    find: Callable[[], None]
    dates: Callable[[], None]
    ruler: Callable[[], None]
    settings: Callable[[], None]
    lock: Callable[[], None]
    leave: Callable[[], None]
    larger: Callable[[], None]
    smaller: Callable[[], None]
    about: Callable[[], None]


class Menus:
    """The menu bar; what needs an open store is off while it is locked."""

    def __init__(self, window: "QMainWindow", acts: Acts) -> None:
        self._window = window
        self._needs_store: list[QAction] = []
        self._is_open = False
        self._bar = window.menuBar()
        self._file = self._bar.addMenu(_said("&File"))
        # the bar has its height at once; the rest of it need not hold up the first picture
        QTimer.singleShot(0, lambda: self._fill(acts))

    @cached_property
    def _meeting(self) -> "QMenu":
        menu = self._bar.addMenu("")
        menu.menuAction().setVisible(False)
        return menu

    @cached_property
    def _view(self) -> "QMenu":
        return self._bar.addMenu(_said("&View"))

    @cached_property
    def _help(self) -> "QMenu":
        return self._bar.addMenu(_said("&Help"))

    def _fill(self, acts: Acts) -> None:
        self._show_meeting()
        self._add(self._file, _said("&Home"), "Alt+Home", acts.home)
        self._add(self._file, _said("&New meeting"), "Ctrl+N", acts.begin)
        self._add(self._file, _said("&Find"), "Ctrl+F", acts.find)
        self._add(self._file, _said("D&ates of all cases"), "Ctrl+Shift+D", acts.dates)
        self._add(self._file, _said("Count working &days"), "Ctrl+D", acts.ruler)
        self._add(self._file, _said("&Settings"), "Ctrl+,", acts.settings)
        self._file.addSeparator()
        self._add(self._file, _said("&Lock"), "Ctrl+L", acts.lock)
        self._add(self._file, _said("&Quit"), "Ctrl+Q", acts.leave, always=True)
        self._add(self._view, _said("&Larger text"), "Ctrl++", acts.larger, always=True)
        self._add(self._view, _said("&Smaller text"), "Ctrl+-", acts.smaller, always=True)
        self._add(self._help, _said("&About Chairside"), "", acts.about)

    def show_acts_of(self, actions: "list[QAction]", *, is_open: bool) -> None:
        """Fill the Meeting menu with what the screen on show can do, and switch what needs an open store."""
        self._is_open = is_open
        for action in self._needs_store:
            action.setEnabled(is_open)
        if not actions and "_meeting" not in self.__dict__:
            return
        # not clear(): PySide then takes the actions away from the screen they belong to
        for action in self._meeting.actions():
            self._meeting.removeAction(action)
        self._meeting.addActions([action for action in actions if action.text()])
        self._show_meeting()

    def _show_meeting(self) -> None:
        shown = not self._meeting.isEmpty()
        # a hidden menu takes the keys of its title all the same, and a button of that letter would do nothing
        self._meeting.setTitle(_said("&Meeting") if shown else "")
        self._meeting.menuAction().setVisible(shown)

    def _add(self, menu: "QMenu", text: str, keys: str, act: Callable[[], None], *, always: bool = False) -> None:
        from PySide6.QtGui import QAction, QKeySequence

        action = QAction(text, self._window)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: act())
        menu.addAction(action)
        if not always:
            action.setEnabled(self._is_open)
            self._needs_store.append(action)


def _said(text: str) -> str:
    return QCoreApplication.translate("Menus", text)
