"""A part of the case page: the actions and gaps that its meetings left open."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from app.models.action import Action
from app.models.case import Child
from app.models.gap import Gap
from app.practice.carrying_on import Carried
from app.practice.children import called
from app.services import looking_back
from app.services.sitting import Sitting
from app.ui.case.looking_back_words import how_much_open, open_line
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group


class LeftOpenPart(Group):
    """What is left open, across all meetings; ``wanted`` with the meeting that had the chosen row last."""

    wanted = Signal(object)

    def __init__(self, sitting: Sitting, case_id: UUID) -> None:
        self._sitting, self._case_id = sitting, case_id
        self._meetings: dict[UUID, UUID] = {}
        self.listing = Listing(self.tr("Left open"))
        label = QLabel(self.tr("&Left open by the meetings"))
        label.setFont(heading(level=2).font())
        label.setBuddy(self.listing)
        self.words = plain()
        super().__init__(label, self.words, self.listing)
        self.listing.chosen.connect(lambda entry_id: self.wanted.emit(self._meetings[entry_id]))

    def show_open(self, children: Sequence[Child]) -> None:
        """Show what is left open now; ``children`` are those of the case."""
        actions, gaps = looking_back.left_open(self._sitting, self._case_id)
        now = self._sitting.now()
        self.words.setText(how_much_open(len(actions), len(gaps)))
        found: list[Carried[Action] | Carried[Gap]] = [*actions, *gaps]
        self._meetings = {one.entry.id: one.meeting.id for one in found}
        named = called(children)
        lines = [open_line(one, now, named) for one in found]
        self.listing.show_entries([Entry(line.id, line.text) for line in lines])
        self.listing.setVisible(bool(lines))
