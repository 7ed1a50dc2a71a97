"""The three panes side by side, or one at a time where the window is too narrow for three."""

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSplitter, QVBoxLayout, QWidget

from app.ui.kit.look import letters, spread
from app.ui.kit.page import Row, button
from app.ui.meeting.item_pane import ItemPane
from app.ui.meeting.panes import AgendaPane, TablePane, TopBar
from app.ui.meeting.presenter import top
from app.ui.meeting.room import Room

_NARROW = 130
_MIDDLE = 1


class Desk(QWidget):
    """The agenda, the item and the round table, with the line above them."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self.top = TopBar()
        self.agenda, self.item, self.table = AgendaPane(), ItemPane(room), TablePane()
        self._panes: tuple[QWidget, ...] = (self.agenda, self.item, self.table)
        self._shown = _MIDDLE
        self._narrow = True
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        for pane, share in zip(self._panes, (22, 56, 22), strict=True):
            self._split.addWidget(pane)
            self._split.setStretchFactor(self._split.count() - 1, share)
        words = (self.tr("Agenda"), self.tr("Item"), self.tr("Round table"))
        self._tabs = [button(text, self.tr("F6")) for text in words]
        for place, tab in enumerate(self._tabs):
            tab.setCheckable(True)
            tab.clicked.connect(lambda _checked=False, place=place: self._on_tab(place))
        self._row = Row(*self._tabs)
        column = QVBoxLayout(self)
        spread(column, 0, 0)
        for part in (self.top, self._row):
            column.addWidget(part)
        column.addWidget(self._split, 1)
        self._show(_MIDDLE)

    def refresh(self) -> None:
        """Show the whole meeting as the record stands."""
        self.item.refresh()
        self.refresh_around(asks=False)

    def refresh_around(self, *, asks: bool) -> None:
        """Show what may have changed beside the stream after one entry."""
        self.top.show_top(top(self._room))
        self.agenda.refresh(self._room)
        self.table.refresh(self._room)
        self.item.refresh_line()
        if asks:
            self.item.refresh_asks()

    def tick(self) -> None:
        """Show the time."""
        if self.isVisible() and self._room.meeting.open:
            self.refresh_around(asks=False)
            self.item.refresh_time()

    def choose_entry(self, steps: int) -> None:
        """Put the focus on the stream, on its last entry or on the one beside the chosen."""
        stream = self.item.stream
        count = stream.line_rows.rowCount()
        if not count:
            return
        self.show_middle()
        row = stream.currentIndex().row()
        stream.choose(min(max(row + steps, 0), count - 1) if stream.hasFocus() and row >= 0 else -1)
        stream.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def next_pane(self) -> None:
        """Give the focus to the next of the three panes."""
        here = next((place for place, pane in enumerate(self._panes) if _holds_focus(pane)), _MIDDLE)
        self._show((here + 1) % len(self._panes))
        self._panes[self._shown].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_middle(self) -> None:
        """Show the item where only one pane has room."""
        self._show(_MIDDLE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show one pane at a time where three would be too narrow to read."""
        super().resizeEvent(event)
        narrow = event.size().width() < letters(_NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self._row.setVisible(narrow)
            self._show(self._shown)

    def _show(self, place: int) -> None:
        self._shown = place
        for other, (pane, tab) in enumerate(zip(self._panes, self._tabs, strict=True)):
            pane.setVisible(not self._narrow or other == place)
            tab.setChecked(other == place)

    def _on_tab(self, place: int) -> None:
        self._show(place)
        self._panes[place].setFocus(Qt.FocusReason.OtherFocusReason)


def _holds_focus(pane: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and (focus is pane or pane.isAncestorOf(focus))


def id_of(key: str) -> UUID | None:
    """Return the id that a row's key stands for."""
    return UUID(key) if key else None
