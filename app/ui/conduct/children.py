"""The page about several children in one meeting: what is decided for each, side by side, and their order."""

from collections.abc import Callable, Mapping
from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.services.sitting import Sitting
from app.ui.conduct.cells import AS_FOR, DECIDE, CellsPart
from app.ui.conduct.order import OrderPart
from app.ui.conduct.page import HeldPage
from app.ui.kit.lane import Lane
from app.ui.kit.look import heading

_WIDTH = 260


class ChildrenScreen(HeldPage):
    """A table of children and questions, and below it the order of the children."""

    def __init__(self, sitting: Sitting, meeting_id: UUID, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(sitting, meeting_id, parent, _WIDTH)
        # nothing here takes long as yet
        self._lane = lane
        self.cells = CellsPart(self.held, self.forms)
        self.order = OrderPart(self.held, self.forms)
        self.add(heading(self.tr("The children, side by side")))
        self.take_in(self.cells, self.order)

    def first(self) -> QWidget:
        """Return the table, on the first cell that must still be decided."""
        self.cells.go_to_first_wanted()
        return self.cells.grid

    def openers(self) -> Mapping[str, Callable[[str], object]]:
        """Return for each form what opens it, about what it was."""
        return {DECIDE: self.cells.open_decide, AS_FOR: self.cells.open_as_for}
