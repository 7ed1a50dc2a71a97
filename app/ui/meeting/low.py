"""A message that scrolls where it is long, so that it never takes the place of what is being recorded."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from app.ui.kit.look import lines
from app.ui.kit.saying import Saying, Tone

_MOST_LINES = 6


class Low(QScrollArea):
    """Shows a ``Saying`` in at most a few lines; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._saying = Saying()
        self.setWidget(self._saying)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def text(self) -> str:
        """What is being said; empty where nothing is."""
        return self._saying.text

    def say(self, text: str, tone: Tone = Tone.CALM) -> None:
        """Show ``text``; an empty text hides the message."""
        self._saying.say(text, tone)
        self.setVisible(bool(text))
        self._fit()

    def hush(self) -> None:
        """Say nothing any more."""
        self.say("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the words need at the new width."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """Return room for the words, up to a few lines."""
        return QSize(lines(20), self._high())

    def _fit(self) -> None:
        self.setFixedHeight(self._high())

    def _high(self) -> int:
        wanted = self._saying.heightForWidth(max(self.viewport().width(), lines(10)))
        return max(min(wanted, lines(_MOST_LINES)), lines(2))
