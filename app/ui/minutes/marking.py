"""Asks once which marking the authority's minutes carry; there is no default to accept unseen."""

from PySide6.QtCore import Signal

from app.models.base import Refused
from app.practice.finding import fill
from app.services import retaining
from app.services.sitting import Sitting
from app.ui.kit.field import LineField
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group


class MarkingPart(Group):
    """The markings of the pack to choose from, or the authority's own words; ``chosen`` once one is kept."""

    chosen = Signal()

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self.choices = Listing(self.tr("Markings"))
        self.choices.show_entries([Entry(choice.label, choice.label) for choice in sitting.pack.markings])
        self._own = LineField(self.tr("Or &your own words, then Return"))
        super().__init__(
            heading(self.tr("Which marking do your minutes carry?"), 2),
            plain(self.tr(
                "It differs by council, so it is your authority's choice. It stands at the head of every page from now "
                "on, and can be changed in the settings."
            )),
            self.choices, self._own,
        )  # fmt: skip
        self.choices.chosen.connect(self._on_chosen)
        self._own.entered.connect(lambda: self._on_chosen(self._own.text))

    def _on_chosen(self, words: str) -> None:
        try:
            retaining.choose_marking(self._sitting, words)
        except Refused as refusal:
            self._own.say(fill(self._sitting.pack.words("refusal", refusal.rule), refusal.words))
        else:
            self.chosen.emit()
