"""What is typed while the next screen is still being read: kept, and typed there once it is shown."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent


class TypedAhead(QObject):
    """Holds back letters and Return from ``begin`` on; keys that do something with Ctrl, Alt or Meta go through.

    It watches what the system hands the window, not what goes on between widgets.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._held: list[QKeyEvent] = []
        self._is_wanted: Callable[[], bool] = bool

    def begin(self, is_wanted: "Callable[[], bool]") -> None:
        """Hold back what is typed from now on, for as long as the screen that is being read is still wanted."""
        self._is_wanted = is_wanted
        if (handle := self._window.windowHandle()) is not None:
            handle.installEventFilter(self)

    def end(self) -> "list[QKeyEvent]":
        """Hold nothing back any more, and return what was."""
        if (handle := self._window.windowHandle()) is not None:
            handle.removeEventFilter(self)
        held, self._held = self._held, []
        return held

    def type(self, held: "list[QKeyEvent]") -> None:
        """Type what was held back, where the focus is now."""
        focus = QApplication.focusWidget()
        if focus is not None:
            for event in held:
                QCoreApplication.postEvent(focus, event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keep a key that types something, and let everything else be."""
        from PySide6.QtCore import Qt  # see ``start``
        from PySide6.QtGui import QKeyEvent

        if not self._is_wanted():
            self.end()
            return False
        if not isinstance(event, QKeyEvent) or event.type() not in {QEvent.Type.KeyPress, QEvent.Type.KeyRelease}:
            return False
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return False
        self._held.append(QKeyEvent(event.type(), event.key(), event.modifiers(), event.text()))
        return True
