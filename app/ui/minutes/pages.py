"""The pages of a PDF, one at a time, as a picture or as text."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.services.preview import Page
from app.ui.kit.look import lines, spread

_ZOOMS = (0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
_USUAL = 1
_POINTS_PER_INCH = 72


class _Sheet(QScrollArea):
    """One page as a picture; Page Up and Page Down scroll it, and go to the next page at its ends."""

    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setWidget(self.picture)
        self.setWidgetResizable(True)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn the page where there is nothing left to scroll."""
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_PageDown and bar.value() == bar.maximum():
            self.turned.emit(1)
        elif event.key() == Qt.Key.Key_PageUp and bar.value() == bar.minimum():
            self.turned.emit(-1)
        else:
            super().keyPressEvent(event)


class Pages(QWidget):
    """Shows one page; asks for another by its number and the scale it needs."""

    page_wanted = Signal(int, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = 0
        self.number = 1
        self._zoom = _USUAL
        self.sheet = _Sheet()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Text of the page"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.sheet)
        self._stack.addWidget(self.text)
        self.setMinimumHeight(lines(8))
        column = QVBoxLayout(self)
        spread(column)
        column.addWidget(self._stack)
        self.setFocusProxy(self.sheet)
        self.sheet.turned.connect(self.turn)

    def show_document(self, count: int) -> None:
        """Show the first page of a document of so many pages."""
        self.count, self.number = count, 1
        self.ask()

    def turn(self, steps: int) -> None:
        """Show another page."""
        number = min(max(self.number + steps, 1), max(self.count, 1))
        if number != self.number:
            self.number = number
            self.ask()

    def zoom(self, steps: int) -> None:
        """Show the page larger or smaller."""
        self._zoom = min(max(self._zoom + steps, 0), len(_ZOOMS) - 1)
        self.ask()

    def show_text(self, *, shown: bool) -> None:
        """Show the page as text, or as a picture again."""
        self._stack.setCurrentWidget(self.text if shown else self.sheet)
        self.setFocusProxy(self.text if shown else self.sheet)
        self.setFocus()

    def ask(self) -> None:
        """Ask for the page on show, as sharp as this screen is."""
        inches = self.logicalDpiX() / _POINTS_PER_INCH
        self.page_wanted.emit(self.number, _ZOOMS[self._zoom] * inches * self.devicePixelRatioF())

    def show_page(self, page: Page) -> None:
        """Show a page that was asked for."""
        image = QImage(page.pixels, page.width, page.height, page.stride, QImage.Format.Format_RGB32).copy()
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self.sheet.picture.setPixmap(QPixmap.fromImage(image))
        self.sheet.verticalScrollBar().setValue(0)
        said = self.tr("Page %1 of %2").replace("%1", str(page.number)).replace("%2", str(self.count))
        self.sheet.setAccessibleName(said)
        self.sheet.picture.setAccessibleName(said)
        self.text.setPlainText(page.text.replace("\r\n", "\n"))
