"""A part of the case page that is read and built only once somebody asks for it."""

from collections.abc import Callable

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
        self.toggle.clicked.connect(lambda _checked=False: self.turn())

    def turn(self) -> None:
        """Show what was hidden, read anew; or put it away."""
        if self.shown is not None:
            self.shown.setParent(None)
            self.shown.deleteLater()
            self.shown = None
        else:
            self.shown = self._make()
            self.column.addWidget(self.shown)
        self.toggle.setText(self._show if self.shown is None else self._hide)

    def renew(self) -> None:
        """Read what is shown anew."""
        if self.shown is not None:
            self.turn()
            self.turn()
