"""A line to type in, and below it the list of what was typed; for whoever keeps their hands on the keyboard."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.ui.kit.field import LineField
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.page import Group


class TypedList(Group):
    """``typed`` with the line at Return, ``passed`` where it was empty; in the list keys edit and remove rows.

    Tab goes from the line to what follows the list: whoever types on after it must not meet the list instead. Down goes
    into the list, and Up or Escape back to the line.
    """

    typed = Signal(str)
    passed = Signal()
    edit_wanted = Signal(object)
    removal_wanted = Signal(object)
    ticked = Signal(object, bool)

    def __init__(self, label: str, hint: str, list_name: str, parent: QWidget | None = None) -> None:
        self.field = LineField(label, hint)
        self.listing = Listing(list_name)
        super().__init__(self.field, self.listing, gap=0.3)
        if parent is not None:
            self.setParent(parent)
        self.listing.hide()
        self.listing.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.listing.setToolTip(self.tr("Return changes a row, Delete removes it, Up goes back to the line."))
        self.field.edit.setToolTip(self.tr("Down goes to the list below."))
        self.field.edit.installEventFilter(self)
        self.listing.installEventFilter(self)
        self.setFocusProxy(self.field)
        self.field.entered.connect(self._on_entered)
        self.listing.chosen.connect(self.edit_wanted)
        self.listing.removal_wanted.connect(self.removal_wanted)
        self.listing.ticked.connect(self.ticked)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these rows."""
        self.listing.show_entries(entries)
        self.listing.setVisible(bool(entries))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go between the line and the list by Down, Up and Escape."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if watched is self.field.edit and event.key() == Qt.Key.Key_Down and self.listing.isVisible():
            self.listing.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        upward = event.key() == Qt.Key.Key_Up and self.listing.currentRow() <= 0
        if watched is self.listing and (upward or event.key() == Qt.Key.Key_Escape):
            self.field.setFocus(Qt.FocusReason.BacktabFocusReason)
            return True
        return super().eventFilter(watched, event)

    def take_back(self, line: str) -> None:
        """Put a row's line back where it was typed, to be changed."""
        self.field.text = line
        self.field.setFocus()

    def _on_entered(self) -> None:
        if self.field.text.strip():
            self.typed.emit(self.field.text)
        else:
            self.passed.emit()
