"""A part of the case page that is read and built only once somebody asks for it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Row, button


class Fold(Group):
    """A heading, what stands behind it in words, and a button that shows and hides it."""

    def __init__(self, title: str, about: str, show: str, hide: str, make: Callable[[], QWidget]) -> None:
        self._show, self._hide, self._make = show, hide, make
        self.shown: QWidget | None = None
        self.toggle = button(show)
        super().__init__(heading(title, 2), plain(about), Row(self.toggle))
        self.toggle.clicked.connect(lambda _checked=False: self._on_clicked())

    def turn(self) -> None:
        """Show what was hidden, read anew; or put it away."""
        if self.shown is not None:
            self.shown.setParent(None)
            self.shown.deleteLater()
            self.shown = None
        else:
            self.shown = self._make()
            self.column.addWidget(self.shown)
            # what is not in sight yet cannot take the focus
            self.shown.show()
            # what comes late is the last that Tab comes to, wherever it stands
            before: QWidget = self.toggle
            for part in self._stops():
                QWidget.setTabOrder(before, part)
                before = part
        self.toggle.setText(self._show if self.shown is None else self._hide)

    def _stops(self) -> list[QWidget]:
        """Return what Tab comes to in what is shown, first to last."""
        parts = self.shown.findChildren(QWidget) if self.shown is not None else []
        # the list that a box drops down is a window of its own
        here = [part for part in parts if part.window() is self.window()]
        return [part for part in here if part.focusPolicy() & Qt.FocusPolicy.TabFocus]

    def _on_clicked(self) -> None:
        """Turn, and go into what is shown: whoever pressed the key of the button was elsewhere on the page."""
        self.turn()
        seen = [part for part in self._stops() if part.isVisible()]
        (seen[0] if seen else self.toggle).setFocus()

    def renew(self) -> None:
        """Read what is shown anew."""
        if self.shown is not None:
            self.turn()
            self.turn()
