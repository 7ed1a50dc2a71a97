"""A part of the case page: how long each child has been on a plan, and what every revision changed."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from app.models.case import Child
from app.services import plan_look
from app.services.sitting import Sitting
from app.ui.case.looking_back_words import plan_now, revision_line
from app.ui.kit.field import Field
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import plain
from app.ui.kit.page import Group, Row, button

_MOST_ROWS = 12


class PlansPart(Group):
    """The plans of one child at a time; ``wanted`` with the child whose plan is to be opened."""

    wanted = Signal(object)

    def __init__(self, sitting: Sitting, children: Sequence[Child]) -> None:
        self._sitting = sitting
        self.child = QComboBox()
        for child in children:
            self.child.addItem(child.name, child.id)
        self.now = plain()
        self.revisions = Listing(self.tr("Revisions of the plan, the latest first"), most_rows=_MOST_ROWS)
        self.open = button(self.tr("Open this plan"))
        super().__init__(Field(self.tr("Child"), self.child), self.now, self.revisions, Row(self.open))
        self.child.currentIndexChanged.connect(lambda _row: self._show())
        self.open.clicked.connect(self._on_open)
        self.revisions.chosen.connect(lambda _id: self._on_open())
        self._show()

    def _show(self) -> None:
        child_id: UUID | None = self.child.currentData()
        if child_id is None:
            return
        look = plan_look.look(self._sitting, child_id)
        self.now.setText(plan_now(look))
        lines = [revision_line(found, look.pack) for found in reversed(look.history)]
        self.revisions.setVisible(bool(lines))
        self.revisions.show_entries([Entry(line.id, line.text) for line in lines])

    def _on_open(self) -> None:
        self.wanted.emit(self.child.currentData())
