"""What the window says in place: what happened, what it means, what to do; heard as well as seen."""

from enum import StrEnum

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.ui.kit.look import plain, space, spread


class Tone(StrEnum):
    """Whether what is said can wait until a screen reader has finished its sentence."""

    CALM = "calm"
    URGENT = "urgent"


def announce(widget: QWidget, text: str, tone: Tone = Tone.CALM) -> None:
    """Let screen readers say ``text``."""
    if not text:
        return
    # the first window has nothing to announce, and these take it a while to load
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    calm = QAccessible.AnnouncementPoliteness.Polite
    event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive if tone is Tone.URGENT else calm)
    QAccessible.updateAccessibility(event)


class Saying(QFrame):
    """A message beside the thing it is about; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text: QLabel = plain()
        self.setFrameShape(QFrame.Shape.StyledPanel)
        layout = QVBoxLayout(self)
        spread(layout, 1, 0.5)
        layout.addWidget(self._text)
        self.setMinimumHeight(space(2))
        self.hide()

    @property
    def text(self) -> str:
        """What is being said; empty where nothing is."""
        return self._text.text()

    def say(self, text: str, tone: Tone = Tone.CALM) -> None:
        """Show ``text`` and let screen readers say it; an empty text hides the message."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        announce(self, text, tone)

    def hush(self) -> None:
        """Say nothing any more."""
        self.say("")
