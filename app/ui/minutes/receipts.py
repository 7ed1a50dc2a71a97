"""A receipt for each person whose dissent or reservation was recorded."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from app.services import receipts
from app.services.sitting import Sitting
from app.ui.kit.page import Group, Row, button


class ReceiptsPart(Group):
    """One button for each dissent; ``made`` gives the end of a file's name, the receipt, what it is and its form."""

    made = Signal(str, bytes, str, str)

    def __init__(self, sitting: Sitting, meeting_id: UUID, dissents: Sequence[tuple[UUID, str]]) -> None:
        super().__init__()
        self._sitting, self._meeting_id = sitting, meeting_id
        self.buttons: list[QPushButton] = []
        for place, (dissent, name) in enumerate(dissents, 1):
            words = self.tr("Save a receipt for %1 as…").replace("%1", name.replace("&", "&&"))
            control = button(words)
            control.clicked.connect(lambda _checked=False, place=place, dissent=dissent: self._on_asked(place, dissent))
            self.buttons.append(control)
            self.column.addWidget(Row(control))

    def _on_asked(self, place: int, dissent: UUID) -> None:
        content = receipts.of_dissent(self._sitting, self._meeting_id, dissent)
        # a number and no name: what a file is called is seen by others
        self.made.emit(f"-receipt-{place}.json", content, receipts.GIVEN, self.tr("Receipt (*.json)"))
