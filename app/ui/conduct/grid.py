"""The table of children and questions: words that wrap, a cell chosen by Return, and names for those who hear it."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.ui.conduct.matrix import Cell, Matrix
from app.ui.kit.look import letters, lines, sized, space

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_HEAD_LETTERS = 30
_CELL_LETTERS = 27
_MOST_LINES = 24


class MatrixRows(QAbstractTableModel):
    """Questions as rows and children as columns."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._matrix = Matrix((), (), ())

    def show_matrix(self, matrix: Matrix) -> None:
        """Hold this matrix."""
        self.beginResetModel()
        self._matrix = matrix
        self.endResetModel()

    def cell(self, index: QModelIndex) -> Cell | None:
        """Return the cell at a place of the table."""
        return self._matrix.cells[index.row()][index.column()] if index.isValid() else None

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:
        """Return how many questions there are."""
        return 0 if parent.isValid() else len(self._matrix.rows)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:
        """Return how many children there are."""
        return 0 if parent.isValid() else len(self._matrix.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words of a cell."""
        cell = self._matrix.cells[index.row()][index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell.text
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return cell.whole
            case Qt.ItemDataRole.FontRole:
                return sized(1, bold=cell.wanted)
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # fmt: skip
        """Return the name of a child, or a question."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if orientation is Qt.Orientation.Horizontal:
            return self._matrix.columns[section]
        return "  ".join(self._matrix.rows[section])


class Grid(QTableView):
    """As high as its rows, up to a limit; from there it scrolls, and the questions and names stay in sight."""

    chosen = Signal()
    moved = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix_rows = MatrixRows(self)
        self.setModel(self.matrix_rows)
        self.setAccessibleName(name)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setDefaultAlignment(
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            )
            header.setSectionsClickable(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(True)
        self.doubleClicked.connect(lambda _index: self.chosen.emit())
        self.selectionModel().currentChanged.connect(lambda _now, _before: self.moved.emit())

    @property
    def cell(self) -> Cell | None:
        """The cell that is current."""
        return self.matrix_rows.cell(self.currentIndex())

    def show_matrix(self, matrix: Matrix) -> None:
        """Show this matrix; the current place stays current where it is still there."""
        row, column = max(self.currentIndex().row(), 0), max(self.currentIndex().column(), 0)
        self.matrix_rows.show_matrix(matrix)
        self._fit()
        if matrix.rows and matrix.columns:
            self.go_to(min(row, len(matrix.rows) - 1), min(column, len(matrix.columns) - 1))

    def go_to(self, row: int, column: int) -> None:
        """Make a cell current and bring it into sight."""
        index = self.matrix_rows.index(row, column)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the current cell on Return."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.chosen.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Return room for the rows there are, as far as the limit goes."""
        rows = sum(self.rowHeight(row) for row in range(self.matrix_rows.rowCount()))
        bar = self.horizontalScrollBar().sizeHint().height()
        height = rows + self.horizontalHeader().height() + bar + 2 * self.frameWidth()
        return QSize(super().sizeHint().width(), min(height, lines(_MOST_LINES)))

    def minimumSizeHint(self) -> QSize:
        """Return room for all that is hinted at, up and down: the page scrolls, and the table within it."""
        return QSize(letters(_HEAD_LETTERS + _CELL_LETTERS), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let few children share the whole width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def _height_of_name(self, metrics: QFontMetrics, column: int) -> int:
        """Return how high a child's name is: those that begin alike are told apart by their end."""
        name = str(self.matrix_rows.headerData(column, Qt.Orientation.Horizontal))
        room = self.columnWidth(column) - space(1.5)
        return metrics.boundingRect(0, 0, room, 0, Qt.TextFlag.TextWordWrap, name).height()

    def _fit(self) -> None:
        """Make columns wide enough to read and rows high enough for their words."""
        head = min(letters(_HEAD_LETTERS), self.width() // 3)
        self.verticalHeader().setFixedWidth(head)
        columns = self.matrix_rows.columnCount()
        share = (self.viewport().width() - 1) // columns if columns else 0
        for column in range(columns):
            self.setColumnWidth(column, max(letters(_CELL_LETTERS), share))
        metrics = QFontMetrics(self.verticalHeader().font())
        names = (self._height_of_name(metrics, column) for column in range(columns))
        self.horizontalHeader().setFixedHeight(max(names, default=0) + space(1))
        for row in range(self.matrix_rows.rowCount()):
            words = str(self.matrix_rows.headerData(row, Qt.Orientation.Vertical))
            wrapped = metrics.boundingRect(0, 0, head - space(1.5), 0, Qt.TextFlag.TextWordWrap, words).height()
            self.setRowHeight(row, max(self.sizeHintForRow(row), wrapped + space(1)))
        self.updateGeometry()
