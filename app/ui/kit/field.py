"""A control with its label above it and a sentence below it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui.kit.look import plain, spread
from app.ui.kit.saying import Tone, announce


class Field(QWidget):
    """A labelled control; ``say`` puts what is wrong beside it and gives it the focus, without touching its text."""

    def __init__(self, label: str, edit: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = edit
        self.label = QLabel(label)
        self.label.setBuddy(edit)
        self._hint = hint
        self._below = plain(hint, self)
        self._below.setVisible(bool(hint))
        edit.setAccessibleName(label.replace("&&", "\0").replace("&", "").replace("\0", "&"))
        edit.setAccessibleDescription(hint)
        layout = QVBoxLayout(self)
        spread(layout, 0, 0.3)
        for part in (self.label, edit, self._below):
            layout.addWidget(part)
        self.setFocusProxy(edit)
        self._forget_when_changed()

    @property
    def text(self) -> str:
        """What is typed."""
        if isinstance(self.edit, QLineEdit):
            return self.edit.text()
        return self.edit.toPlainText() if isinstance(self.edit, QPlainTextEdit) else ""

    @text.setter
    def text(self, text: str) -> None:
        if isinstance(self.edit, QLineEdit):
            self.edit.setText(text)
        elif isinstance(self.edit, QPlainTextEdit):
            self.edit.setPlainText(text)

    @property
    def said(self) -> str:
        """The sentence below that says what is wrong; empty where nothing is."""
        return "" if self._below.text() == self._hint else self._below.text()

    def say(self, sentence: str, *, focus: bool = True) -> None:
        """Say below the control what is wrong with it."""
        self._show(sentence, bold=True)
        announce(self.edit, sentence, Tone.URGENT)
        if focus:
            self.edit.setFocus()

    def advise(self, sentence: str) -> None:
        """Show another hint below the control."""
        self._hint = sentence
        self._show(sentence)

    def hush(self) -> None:
        """Show the hint again."""
        self._show(self._hint)

    def _show(self, sentence: str, *, bold: bool = False) -> None:
        font = QFont(self.font())
        font.setBold(bold)
        self._below.setFont(font)
        self._below.setText(sentence)
        self._below.setVisible(bool(sentence))
        self.edit.setAccessibleDescription(sentence)

    def _forget_when_changed(self) -> None:
        if isinstance(self.edit, QLineEdit | QPlainTextEdit):
            self.edit.textChanged.connect(self._on_changed)

    def _on_changed(self) -> None:
        if self.said:
            self.hush()


class LineField(Field):
    """A labelled line of text; ``entered`` when Return is pressed in it."""

    entered = Signal()

    def __init__(self, label: str, hint: str = "", parent: QWidget | None = None) -> None:
        self.line = QLineEdit()
        super().__init__(label, self.line, hint, parent)
        self.line.returnPressed.connect(self.entered)
