"""The picture of how agencies saw a question, meeting by meeting: words and shapes, drawn with the window's colours."""

from itertools import accumulate

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygon, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.practice.looking_back import Cell, Column, OverTime
from app.practice.words import day
from app.ui.kit.look import letters, lines, space

# letters of a line for the agencies and for each meeting
_NAMES, _COLUMN = 16, 14
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap


class ViewsPicture(QWidget):
    """As many meetings as there is room for, the latest first shown; Left and Right go to earlier and later ones.

    A view is told by its words and by a shape: the place of the answer among those there are gives the shape, and what
    decides nothing is a broken ring with a question mark. A change has a frame and says so.
    """

    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._found: OverTime | None = None
        self._last = 0
        self._tops = [0]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_views(self, found: OverTime) -> None:
        """Show a question, its latest meetings first."""
        self._found, self._last = found, len(found.meetings)
        self.setAccessibleName(found.question)
        self.setAccessibleDescription(self.tr("A picture. The list below says the same in words."))
        self._measure()
        self._move(0)

    @property
    def places(self) -> range:
        """The places of the meetings in sight, among all that asked."""
        room = max(1, (self.width() - letters(_NAMES)) // letters(_COLUMN))
        return range(max(0, self._last - room), self._last)

    def earlier(self) -> None:
        """Bring the meeting before those in sight into it."""
        self._move(-1)

    def later(self) -> None:
        """Bring the meeting after those in sight into it."""
        self._move(1)

    def minimumSizeHint(self) -> QSize:
        """Return room for one meeting."""
        return QSize(letters(_NAMES + _COLUMN), lines(2))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to earlier and later meetings."""
        if event.key() == Qt.Key.Key_Left:
            self.earlier()
        elif event.key() == Qt.Key.Key_Right:
            self.later()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Make room for larger letters."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell which meetings are in sight now."""
        super().resizeEvent(event)
        self._move(0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the meetings in sight, a column each."""
        if self._found is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._ink())
        pad = space(0.5)
        for number, place in enumerate(self.places):
            column = QRect(letters(_NAMES) + number * letters(_COLUMN), 0, letters(_COLUMN), self._tops[0])
            head = _head(self._found.meetings[place])
            painter.drawText(column.adjusted(pad, 0, -pad, 0), int(_LEFT), head)
            for seen, top, end in zip(self._found.rows, self._tops, self._tops[1:], strict=False):
                box = QRect(column.left(), top, column.width(), end - top)
                self._draw(painter, box.adjusted(2, 2, -2, -2), seen.cells[place])
        for seen, top, end in zip(self._found.rows, self._tops, self._tops[1:], strict=False):
            self._rule(painter, top)
            painter.drawText(QRect(0, top, letters(_NAMES) - pad, end - top), int(_LEFT), seen.agency.label)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _move(self, by: int) -> None:
        count = len(self._found.meetings) if self._found else 0
        room = max(1, (self.width() - letters(_NAMES)) // letters(_COLUMN))
        self._last = min(max(self._last + by, min(room, count)), count)
        self.update()
        self.moved.emit()

    def _measure(self) -> None:
        """Make the heads and each row as high as the longest words in it."""
        found, font, pad = self._found, self.font(), space(0.5)
        if found is None:
            return
        heights = [max(_height(_head(column), font, letters(_COLUMN) - 2 * pad) for column in found.meetings) + pad]
        for seen in found.rows:
            name = _height(seen.agency.label, font, letters(_NAMES) - pad)
            cells = [cell for cell in seen.cells if cell is not None]
            words = [_height(self._said(cell), self._font_of(cell), _words_width()) for cell in cells]
            heights.append(max(lines(2), name, *words) + space(1))
        self._tops = list(accumulate(heights))
        self.setFixedHeight(self._tops[-1] + space(0.5))
        self.update()

    def _font_of(self, cell: Cell) -> QFont:
        font = QFont(self.font())
        font.setBold(cell.changed)
        return font

    def _said(self, cell: Cell) -> str:
        return f"{cell.label}\n({self.tr('changed')})" if cell.changed else cell.label

    def _draw(self, painter: QPainter, box: QRect, cell: Cell | None) -> None:
        mark = QRect(box.left() + space(0.5), box.center().y() - lines(0.5), lines(1), lines(1))
        words = box.adjusted(box.width() - _words_width(), 0, 0, 0)
        if cell is None:
            painter.drawText(words, int(_LEFT), self.tr("no view"))
            return
        if cell.changed:
            painter.drawRect(box)
        self._shape(painter, mark, cell)
        painter.setFont(self._font_of(cell))
        painter.drawText(words, int(_LEFT), self._said(cell))
        painter.setFont(self.font())

    def _shape(self, painter: QPainter, mark: QRect, cell: Cell) -> None:
        middle = int(Qt.AlignmentFlag.AlignCenter)
        if cell.label.isdigit():
            # on a scale the number is the view, and stands beside
            return
        painter.save()
        inner = QRectF(mark.adjusted(2, 2, -2, -2))
        if not cell.decides:
            painter.setPen(QPen(self._ink().color(), 1, Qt.PenStyle.DashLine))
            painter.drawEllipse(inner)
            painter.drawText(mark, middle, "?")
        elif cell.place == 0:
            painter.setBrush(self._ink().color())
            painter.drawEllipse(inner)
        elif cell.place == 1:
            painter.drawEllipse(inner)
        elif cell.place == 2:
            painter.setBrush(self._ink().color())
            painter.drawPolygon(
                QPolygon([mark.bottomLeft(), mark.bottomRight(), QPoint(mark.center().x(), mark.top())])
            )
        else:
            painter.drawRect(inner)
        painter.restore()

    def _rule(self, painter: QPainter, top: int) -> None:
        painter.save()
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawLine(0, top, self.width(), top)
        painter.restore()

    def _ink(self) -> QPen:
        return QPen(self.palette().color(QPalette.ColorRole.WindowText), 1)


def _words_width() -> int:
    """Return the room for words in a cell, beside its mark."""
    return letters(_COLUMN) - lines(1) - space(1.5) - 4


def _head(column: Column) -> str:
    return f"{day(column.day)}\n{column.short}"


def _height(words: str, font: QFont, width: int) -> int:
    return QFontMetrics(font).boundingRect(QRect(0, 0, width, lines(100)), int(_LEFT), words).height()
