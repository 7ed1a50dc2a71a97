"""A page that scrolls where the window is too small for it, with one column of readable width."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.ui.kit.look import letters, spread

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction, QHideEvent, QShowEvent

READABLE = 92


class Page(QScrollArea):
    """One column in the middle of the window; whatever gets the focus is scrolled into sight."""

    def __init__(self, parent: QWidget | None = None, width: int = READABLE) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("focusPolicy", "NoFocus")  # by its name: see ``start``
        ground = QWidget()
        row = QHBoxLayout(ground)
        spread(row)
        column = QWidget()
        column.setMaximumWidth(letters(width))
        self.column = QVBoxLayout(column)
        spread(self.column, 2, 1.5)
        row.addStretch(1)
        row.addWidget(column, 1000)
        row.addStretch(1)
        self.setWidget(ground)
        self._follows = False
        self._way_out: QAction | None = None

    def add(self, *parts: QWidget) -> None:
        """Put widgets at the end of the column."""
        for part in parts:
            self.column.addWidget(part)

    def left_by_esc(self, leave: "Callable[[], object]") -> None:
        """Let Esc, and an entry of the menu, leave the page; in an open form Esc puts that away instead."""
        from PySide6.QtCore import Qt  # see ``start``
        from PySide6.QtGui import QAction, QKeySequence

        action = QAction(self.tr("&Leave this page"), self)
        action.setShortcut(QKeySequence("Esc"))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: leave())
        self.addAction(action)
        self._way_out = action

    def end(self) -> None:
        """Keep the column at the top of the page."""
        self.column.addStretch(1)

    def showEvent(self, event: "QShowEvent") -> None:
        """Follow the focus while the page is in sight."""
        super().showEvent(event)
        self._follow(True)

    def hideEvent(self, event: "QHideEvent") -> None:
        """Leave the focus alone from here on: a page that is going away must not be asked to scroll."""
        super().hideEvent(event)
        self._follow(False)

    def _follow(self, follows: bool) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication) and follows is not self._follows:
            self._follows = follows
            if follows:
                app.focusChanged.connect(self._on_focus_changed)
            else:
                app.focusChanged.disconnect(self._on_focus_changed)

    def _on_focus_changed(self, _old: QObject | None, new: QObject | None) -> None:
        if isinstance(new, QWidget) and self.isAncestorOf(new):
            self.ensureWidgetVisible(new)
            if self._way_out is not None:
                # two that answer to the same key would both be deaf to it
                self._way_out.setEnabled(not self._put_away_by(self._way_out, new))

    def _put_away_by(self, way_out: "QAction", focus: QWidget) -> bool:
        part: QWidget | None = focus
        while part is not None and part is not self:
            if any(action.shortcut() == way_out.shortcut() for action in part.actions()):
                return True
            part = part.parentWidget()
        return False


class Group(QWidget):
    """Widgets under each other that show and hide together."""

    def __init__(self, *parts: QWidget, gap: float = 0.7) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        spread(self.column, 0, gap)
        for part in parts:
            self.column.addWidget(part)


class Row(QWidget):
    """Widgets beside each other, at the left; one given with a stretch takes the room that is left."""

    def __init__(self, *parts: QWidget, wide: QWidget | None = None) -> None:
        super().__init__()
        self.line = QHBoxLayout(self)
        spread(self.line)
        for part in parts:
            self.line.addWidget(part, 1 if part is wide else 0)
        if not all(isinstance(part, QPushButton) for part in parts):
            self._align(*parts)
        if wide is None:
            self.line.addStretch(1)

    def _align(self, *parts: QWidget) -> None:
        from PySide6.QtCore import Qt  # see ``start``: a row of buttons, which are of one height, does without

        for part in parts:
            self.line.setAlignment(part, Qt.AlignmentFlag.AlignTop)


def button(text: str, keys: str = "", *, first: bool = False) -> QPushButton:
    """Return a button; ``keys`` names the shortcut its menu entry has, ``first`` makes it what Return presses."""
    made = QPushButton(text)
    made.setAutoDefault(True)
    made.setDefault(first)
    if keys:
        made.setToolTip(keys)
        made.setAccessibleDescription(keys)
    return made
