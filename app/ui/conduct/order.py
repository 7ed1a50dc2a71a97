"""A part of the page: in which order the children come, and why it turns from meeting to meeting."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtWidgets import QPushButton

from app.practice.children import called
from app.practice.origins import origin_under
from app.services import conduct
from app.ui.conduct.held import Held
from app.ui.conduct.matrix import moved, next_order, order_words
from app.ui.conduct.part import Forms, Part, titled
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import plain
from app.ui.kit.page import Row, button
from app.ui.kit.saying import Saying


class OrderPart(Part):
    """The children in their order; the current one is moved up or down, or the whole order is turned."""

    def __init__(self, held: Held, forms: Forms) -> None:
        self._said = Saying()
        self._reason = plain()
        self.children_list = Listing(self.tr("The children in their order"), stays=True)
        self.up, self.down = button(self.tr("Move &up")), button(self.tr("Move d&own"))
        self.turn = button(self.tr("Let a&nother child come first"))
        self.why: QPushButton = button(self.tr("Where th&is comes from"), self.tr("F1"))
        super().__init__(
            held, forms, titled(self.tr("The orde&r of the children"), self.children_list), self._reason,
            self.children_list, Row(self.up, self.down, self.turn, self.why), self._said,
        )  # fmt: skip
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.turn.clicked.connect(lambda: self._order(next_order(self.held.meeting)))
        self.why.clicked.connect(lambda: self._said.say(origin_under(self.held.type, self.held.pack)))
        self.children_list.currentRowChanged.connect(lambda _row: self._on_another())

    @property
    def said(self) -> Saying:
        """Where the part says something."""
        return self._said

    def show_part(self) -> None:
        """Show the order as the record stands."""
        meeting, pack = self.held.meeting, self.held.pack
        names = called(meeting.children)
        self._reason.setText(order_words(meeting, pack))
        self.children_list.show_entries(
            [Entry(child.id, f"{place}  {names[child.id]}") for place, child in enumerate(meeting.children, 1)]
        )
        self.setVisible(len(meeting.children) > 1)
        self.turn.setEnabled(self.held.can_be_undone)
        self._on_another()

    def _on_another(self) -> None:
        row, last = self.children_list.currentRow(), self.children_list.count() - 1
        self.up.setEnabled(self.held.can_be_undone and row > 0)
        self.down.setEnabled(self.held.can_be_undone and 0 <= row < last)

    def _move(self, steps: int) -> None:
        child = self.children_list.key
        if child is not None:
            self._order(moved(self.held.meeting, child, steps))

    def _order(self, ids: Sequence[UUID]) -> None:
        held = self.held
        names = called(held.meeting.children)
        first = self.tr("%1 comes first now.").replace("%1", names[ids[0]])
        if self.do(lambda: conduct.order_children(held.sitting, held.meeting.id, ids), first, None, {}):
            self.children_list.setFocus()
