"""A list of things to choose from: each row is words, read in full by a screen reader."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QStyle, QWidget

from app.ui.kit.look import lines, space

_KEY = Qt.ItemDataRole.UserRole
_MOST_ROWS = 8
_LONGEST_NAME = 60
_LONG_WORD = re.compile(rf"[^\s(),;:]{{{_LONGEST_NAME + 1},}}")
_STAYS = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: what it stands for, what it says, and whether it is ticked (None where there is nothing to tick).

    Those of its ``names`` that are very long are shortened where they are seen, and said in full where they are heard.
    """

    key: Any
    text: str
    spoken: str = ""
    ticked: bool | None = None
    names: Sequence[str] = ()

    @property
    def shown(self) -> str:
        """What is seen: nothing in it is so long that it would fill the row or could not be broken into lines."""
        text = self.text
        for name in sorted(self.names, key=len, reverse=True):
            text = text.replace(name, _shortened(name))
        return _LONG_WORD.sub(lambda found: _shortened(found[0]), text)


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


class Listing(QListWidget):
    """Rows of words. Return or a double click chooses, Delete asks to remove; as high as its rows, up to a limit.

    The current row ``stays`` where other controls are about it; otherwise there is none while the keys work elsewhere.
    """

    chosen = Signal(object)
    removal_wanted = Signal(object)
    ticked = Signal(object, bool)

    def __init__(
        self, name: str, parent: QWidget | None = None, most_rows: int = _MOST_ROWS, *, stays: bool = False
    ) -> None:
        super().__init__(parent)
        self._most_rows = most_rows
        self._stays = stays
        self._last_row = 0
        self.setAccessibleName(name)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setSpacing(space(0.3))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemActivated.connect(self._on_activated)
        self.itemChanged.connect(self._on_changed)

    @property
    def key(self) -> Any:
        """What the current row stands for; None where there is no row."""
        return self.currentItem().data(_KEY) if self.currentRow() >= 0 else None

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these rows; the current one stays current where it is still there."""
        before, row = self.key, self.currentRow() if self._works() else self._last_row
        self.blockSignals(True)
        self.clear()
        for entry in entries:
            item = QListWidgetItem(entry.shown)
            item.setToolTip(entry.text if entry.shown != entry.text else "")
            item.setData(_KEY, entry.key)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, entry.spoken or entry.text)
            if entry.ticked is not None:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if entry.ticked else Qt.CheckState.Unchecked)
            self.addItem(item)
        keys = [entry.key for entry in entries]
        place = keys.index(before) if before in keys else min(max(row, 0), len(keys) - 1)
        self._last_row = place
        self.setCurrentRow(place if self._works() else -1)
        self.blockSignals(False)
        self.updateGeometry()

    @property
    def ticks(self) -> tuple[Any, ...]:
        """What the ticked rows stand for."""
        rows = (self.item(row) for row in range(self.count()))
        return tuple(row.data(_KEY) for row in rows if row.checkState() is Qt.CheckState.Checked)

    def tick(self, keys: Collection[Any]) -> None:
        """Tick the rows that stand for ``keys``, and no others; nobody is told."""
        self.blockSignals(True)
        for row in (self.item(row) for row in range(self.count())):
            row.setCheckState(Qt.CheckState.Checked if row.data(_KEY) in keys else Qt.CheckState.Unchecked)
        self.blockSignals(False)

    def sizeHint(self) -> QSize:
        """Return room for the rows there are, as far as the limit goes."""
        hint = super().sizeHint()
        rows = range(min(self.count(), self._most_rows))
        wrapped = [max(self.visualItemRect(self.item(row)).height(), self._beside_a_bar(row)) for row in rows]
        heights = [max(self.sizeHintForRow(row), wrapped[row], lines(1)) + 2 * self.spacing() for row in rows]
        return QSize(hint.width(), sum(heights) + 2 * self.frameWidth() + self.spacing())

    def _beside_a_bar(self, row: int) -> int:
        """Return the height of a row's words where a scroll bar takes room: with less, one would come and stay."""
        taken = self.verticalScrollBar().sizeHint().width() + 2 * (self.frameWidth() + self.spacing()) + space(0.5)
        if self.item(row).flags() & Qt.ItemFlag.ItemIsUserCheckable:
            taken += self.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth) + space(0.5)
        room = QRect(0, 0, max(self.width() - taken, 1), 1)
        return self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self.item(row).text()).height()

    def minimumSizeHint(self) -> QSize:
        """Return room for two rows."""
        return QSize(space(12), min(self.sizeHint().height(), lines(3)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the rows need once they wrap anew."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.doItemsLayout()
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose on Return, ask for removal on Delete."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.key is not None and not event.modifiers():
            self.chosen.emit(self.key)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.key is not None:
            self.removal_wanted.emit(self.key)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which row is current, now that the keys work here."""
        if self.currentRow() < 0 and self.count():
            self.setCurrentRow(min(max(self._last_row, 0), self.count() - 1))
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show no current row while the keys work elsewhere: one thing at a time has the focus."""
        super().focusOutEvent(event)
        if event.reason() not in _STAYS and not self._stays:
            self._last_row = self.currentRow()
            self.setCurrentRow(-1)

    def _works(self) -> bool:
        return self._stays or self.hasFocus()

    def _on_activated(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_KEY))

    def _on_changed(self, item: QListWidgetItem) -> None:
        if item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            self.ticked.emit(item.data(_KEY), item.checkState() is Qt.CheckState.Checked)
