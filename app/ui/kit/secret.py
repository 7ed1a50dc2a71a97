"""A field for a secret: hidden while it is typed, shown on request, with a word about Caps Lock."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from app.ui.kit.field import LineField
from app.ui.kit.look import letters


class SecretField(LineField):
    """A labelled line whose text is hidden until the person asks to see it."""

    def __init__(self, label: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(label, hint, parent)
        self._usual_hint = hint
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        # by their names: see ``start``
        self.line.setProperty("inputMethodHints", "ImhSensitiveData|ImhNoAutoUppercase|ImhNoPredictiveText")
        self.line.setProperty("contextMenuPolicy", "NoContextMenu")
        self.line.setMinimumWidth(letters(40))
        self.reveal = QCheckBox(self.tr("Show what is typed"))
        layout = self.layout()
        if layout is not None:
            layout.addWidget(self.reveal)
        self.reveal.toggled.connect(self._on_reveal)
        self.line.textChanged.connect(self._on_text)
        self.line.installEventFilter(self)

    def empty(self) -> None:
        """Forget what was typed."""
        self.line.clear()
        self.reveal.setChecked(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice a capital typed without Shift."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.text().isalpha():
            from PySide6.QtCore import Qt  # see ``start``

            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            capital = event.text() != event.text().lower()
            caps_lock = capital is not shifted and event.text().lower() != event.text().upper()
            self.advise(self.tr("Caps Lock seems to be on.") if caps_lock else self._usual_hint)
        return super().eventFilter(watched, event)

    def _on_text(self, typed: str) -> None:
        # it came along with what was pasted, and nobody could type it again
        if typed != typed.strip("\r\n"):
            self.line.setText(typed.strip("\r\n"))

    def _on_reveal(self, shown: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
