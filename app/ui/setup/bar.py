"""The foot of the set-up page, always in sight: the quorum to expect, and the ways to go on."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui.kit.look import plain, spread
from app.ui.kit.page import Row, button
from app.ui.kit.saying import Saying, Tone


class StartBar(QFrame):
    """The quorum in words, and the buttons that start the meeting, keep it for later, or lead to what comes before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.start = button(self.tr("&Start now"), "Ctrl+Return")
        self.save = button(self.tr("Save for &later"), "Ctrl+S")
        self.before = button(self.tr("&Before the meeting"), "Ctrl+Shift+B")
        self._outlook = plain()
        self._saying = Saying()
        layout = QVBoxLayout(self)
        spread(layout, 1, 0.5)
        layout.addWidget(self._saying)
        layout.addWidget(Row(self.start, self.save, self.before, self._outlook, wide=self._outlook))

    def show_outlook(self, words: str) -> None:
        """Show the quorum to expect."""
        self._outlook.setText(words)
        self._outlook.setAccessibleName(words)

    def say(self, sentence: str) -> None:
        """Say what keeps the meeting from being started or saved."""
        self._saying.say(sentence, Tone.URGENT)
