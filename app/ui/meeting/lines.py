"""Rows of words: a list that changes row by row, wraps its text, and stays quick when it is long."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QGuiApplication, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.kit.look import lines as text_lines
from app.ui.meeting.presenter import Line

_Index = QModelIndex | QPersistentModelIndex
_Role = QPalette.ColorRole
_TALLEST = 100_000
_NOWHERE = QModelIndex()


class LineRows(QAbstractListModel):
    """The rows of a list; showing the next state tells the view only what is different."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[Line] = []
        self._bold = QFont(QGuiApplication.font())
        self._bold.setBold(True)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words of a row, for eyes and for screen readers, and its font."""
        line = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.text
        return self._bold if role == Qt.ItemDataRole.FontRole and line.strong else None

    def show_rows(self, rows: Sequence[Line]) -> None:
        """Show these rows in place of the ones before."""
        common = min(len(rows), len(self.rows))
        if any(old.key != new.key for old, new in zip(self.rows, rows, strict=False)):
            self.beginResetModel()
            self.rows = list(rows)
            self.endResetModel()
            return
        for place in range(common):
            self._change(place, rows[place])
        if len(rows) > common:
            self.beginInsertRows(QModelIndex(), common, len(rows) - 1)
            self.rows.extend(rows[common:])
            self.endInsertRows()
        elif len(self.rows) > common:
            self.beginRemoveRows(QModelIndex(), common, len(self.rows) - 1)
            del self.rows[common:]
            self.endRemoveRows()

    def put(self, line: Line) -> int:
        """Show a row in the place of the one with its key, or at the end, and return that place."""
        place = self.place_of(line.key)
        if place >= 0:
            self._change(place, line)
            return place
        end = len(self.rows)
        self.beginInsertRows(QModelIndex(), end, end)
        self.rows.append(line)
        self.endInsertRows()
        return end

    def place_of(self, key: str) -> int:
        """Return which row has that key, -1 where none has."""
        return next((place for place in range(len(self.rows) - 1, -1, -1) if self.rows[place].key == key), -1)

    def _change(self, place: int, line: Line) -> None:
        if self.rows[place] != line:
            self.rows[place] = line
            self.dataChanged.emit(self.index(place), self.index(place))


class _Wrapped(QStyledItemDelegate):
    """Says how high a row is from its words, and remembers it."""

    def __init__(self, view: "Lines") -> None:
        super().__init__(view)
        self._view = view
        self._heights: dict[tuple[str, bool, int, float], int] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        width = self._view.viewport().width()
        line = self._view.line_rows.rows[index.row()]
        size = option.font.pointSizeF()
        known = self._heights.get((line.text, line.strong, width, size))
        if known is None:
            font = QFont(option.font)
            font.setBold(line.strong)
            margin = self._view.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1
            room = QRect(0, 0, max(width - 2 * margin, 1), _TALLEST)
            flags = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
            known = QFontMetrics(font).boundingRect(room, int(flags), line.text).height() + 2 * margin
            self._heights[line.text, line.strong, width, size] = known
        return QSize(max(width - 1, 1), known)


class Lines(QListView):
    """A list of rows of words. Return or a double click chooses the row; other keys are passed on with its key."""

    chosen = Signal(str)
    key_pressed = Signal(str, str)

    def __init__(self, name: str, parent: QWidget | None = None, least: float = 2, *, stays: bool = True) -> None:
        super().__init__(parent)
        self.line_rows = LineRows(self)
        self._least = least
        self._stays = stays
        self._home = ""
        self.setModel(self.line_rows)
        self.setItemDelegate(_Wrapped(self))
        self.setAccessibleName(name)
        self.setWordWrap(True)
        self.setUniformItemSizes(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.doubleClicked.connect(self._on_double_clicked)
        self._shade()

    @property
    def key(self) -> str:
        """The key of the current row; empty where there is none."""
        row = self.currentIndex().row()
        return self.line_rows.rows[row].key if 0 <= row < len(self.line_rows.rows) else ""

    def choose(self, place: int) -> None:
        """Make a row the current one; -1 stands for the last."""
        count = self.line_rows.rowCount()
        if count:
            self.setCurrentIndex(self.line_rows.index(place % count))
            self.scrollTo(self.currentIndex())

    def minimumSizeHint(self) -> QSize:
        """Return room for the rows that must always be seen."""
        return QSize(text_lines(8), text_lines(self._least) + 2 * self.frameWidth())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Have a current row for the keys to work on, and let it stand out."""
        # before the view makes a row current by itself, which would not stand out
        if not self.key:
            self.choose(max(self.line_rows.place_of(self._home), 0))
        super().focusInEvent(event)
        self._shade()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep the current row marked, calmly, or not at all: the keys go elsewhere now."""
        super().focusOutEvent(event)
        self._shade()
        if not self._stays:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())

    def start_at(self, key: str) -> None:
        """Have the keys begin at the row with that key when they come here, and let it be seen."""
        self._home = key
        place = self.line_rows.place_of(key)
        if self.hasFocus() or self._stays:
            self.choose(place)
        elif place >= 0:
            self.scrollTo(self.line_rows.index(place))

    def changeEvent(self, event: QEvent) -> None:
        """Take the colours of a new scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._shade()

    def _shade(self) -> None:
        system = QGuiApplication.palette()
        roles = (_Role.Highlight, _Role.HighlightedText) if self.hasFocus() else (_Role.Button, _Role.ButtonText)
        colours = QPalette(self.palette())
        colours.setColor(_Role.Highlight, system.color(roles[0]))
        colours.setColor(_Role.HighlightedText, system.color(roles[1]))
        self.setPalette(colours)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose on Return; hand on a letter or Delete that is no command of the list itself."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and self.key:
            self.chosen.emit(self.key)
        elif self.key and event.text().strip() and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            self.key_pressed.emit(event.text().lower(), self.key)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the rows anew for the new width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.line_rows.rows[index.row()].key)
