"""The one window: a menu bar, a place for what must be said, and the screen on show."""

from collections.abc import Callable
from functools import cached_property

from PySide6.QtCore import QByteArray, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.ui.kit.look import letters, lines, spread
from app.ui.kit.page import Row
from app.ui.kit.saying import Saying, Tone

NAME = "Chairside"
NEARLY = 0.8


class MainWindow(QMainWindow):
    """Shows one screen at a time, and above it what nobody foresaw."""

    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        # whoever swaps the screens says whether words would be lost
        self.holds_words: Callable[[], bool] = bool
        self._warned = False
        self._act: Callable[[], None] = self._on_hide
        self._stack = QStackedWidget()
        ground = QWidget()
        self._ground = QVBoxLayout(ground)
        spread(self._ground)
        self._ground.addWidget(self._stack, 1)
        self.setCentralWidget(ground)
        self.setWindowTitle(NAME)
        self.resize(letters(170), lines(46))

    def show_fitting(self) -> None:
        """Show the window, over the whole screen where that is hardly larger than it."""
        room = QGuiApplication.primaryScreen().availableGeometry()
        if self.width() > room.width() * NEARLY or self.height() > room.height() * NEARLY:
            self.showMaximized()
        else:
            self.show()

    def show_where(self, geometry: str) -> None:
        """Show the window where, and as large as, ``geometry_words`` of another said; else as usual."""
        if self.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
            self.show()
        else:
            self.show_fitting()

    @property
    def geometry_words(self) -> str:
        """Where the window is and how large, as words for ``show_where``."""
        return bytes(self.saveGeometry().toBase64().data()).decode()

    def come_forward(self) -> None:
        """Stand before all other windows, as far as the desktop lets a window do that by itself."""
        from PySide6.QtCore import Qt  # see ``start``

        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        QApplication.alert(self)

    @property
    def screen_on_show(self) -> QWidget | None:
        """The screen that is on show."""
        return self._stack.currentWidget()

    def show_screen(self, screen: QWidget) -> QWidget | None:
        """Show ``screen`` and return the one before, which the caller keeps or deletes."""
        before = self._stack.currentWidget()
        self._warned = False
        self._stack.addWidget(screen)
        self._stack.setCurrentWidget(screen)
        if before is not None:
            self._stack.removeWidget(before)
        self.tell("")
        self.name_after(screen)
        return before

    def name_after(self, screen: QWidget) -> None:
        """Call the window what the screen says: at most the reference of a meeting or a case."""
        title = getattr(screen, "title", str)()
        self.setWindowTitle(f"{title} - {NAME}" if title else NAME)

    @cached_property
    def banner(self) -> Saying:
        """Where things are said above the screen; made when there is something to say, which is seldom."""
        banner = Saying()
        self._ground.insertWidget(0, Row(banner, self._do, self._hide, wide=banner))
        return banner

    @cached_property
    def _do(self) -> QPushButton:
        do = QPushButton()
        do.clicked.connect(self._on_act)
        return do

    @cached_property
    def _hide(self) -> QPushButton:
        hide = QPushButton(self.tr("Hide this message"))
        hide.clicked.connect(self._on_hide)
        return hide

    def tell(self, sentence: str, tone: Tone = Tone.URGENT, act: tuple[str, Callable[[], None]] | None = None) -> None:
        """Say something above the screen, with a button for what can be done; an empty sentence takes it away."""
        if sentence or "banner" in self.__dict__:
            self.banner.say(sentence, tone)
            self._hide.setVisible(bool(sentence))
            text, self._act = act or ("", self._on_hide)
            self._do.setText(text)
            self._do.setVisible(bool(text))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the store be closed first; where words are not saved yet, say so once instead of closing."""
        if self.holds_words() and not self._warned:
            self._warned = True
            self.tell(
                self.tr(
                    "Some words are not saved yet: finish the entry, or close once more to leave. What is half typed "
                    "in a meeting, or for a new one, is kept and waits there for you."
                )
            )
            event.ignore()
            return
        self.closing.emit()
        event.accept()

    def _on_act(self) -> None:
        self._act()

    def _on_hide(self) -> None:
        self.tell("")
        focus = getattr(self.screen_on_show, "focus_home", None)
        if focus is not None:
            focus()
