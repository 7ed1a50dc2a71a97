"""The page that searches everything that was written, and leads to where it stands."""

from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.models.base import Refused
from app.models.meeting import State
from app.practice.finding import fill
from app.services.searching import Findings, Found, search_for
from app.services.sitting import Sitting
from app.ui.kit.field import LineField
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Page, Row, button
from app.ui.kit.saying import Saying
from app.ui.search.presenter import line_of, summary

_MOST_ROWS = 14


class SearchScreen(Page):
    """A line to type in and a list of where the words stand; Return on a row opens its meeting or case.

    A prepared meeting opens where it is prepared (``setup_wanted``), one that is over as its minutes.
    """

    left = Signal()
    meeting_wanted = Signal(object)
    setup_wanted = Signal(object)
    minutes_wanted = Signal(object)
    case_wanted = Signal(object)

    def __init__(self, sitting: Sitting, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sitting, self._lane = sitting, lane
        self._found: dict[UUID, Found] = {}
        self.words = LineField(
            self.tr("&Words to look for"),
            self.tr('Return searches. All words must be there, the beginning of each is enough; put a phrase in "…".'),
        )
        self._search = button(self.tr("&Search"), self.tr("Return"))
        self._back = button(self.tr("&Back"), self.tr("Esc"))
        self.said = Saying()
        self.listing = Listing(self.tr("What was found"), most_rows=_MOST_ROWS)
        label = QLabel(self.tr("What was fo&und"))
        label.setFont(heading(level=2).font())
        label.setBuddy(self.listing)
        self._list = Group(label, self.listing, plain(self.tr("Return opens the meeting or the case.")))
        self._list.hide()
        what = plain(self.tr(
            "Everything that was written in any case is searched, also what is restricted: mind who sees the screen. "
            "That you searched is noted in the trail; what you looked for is not."
        ))  # fmt: skip
        self.add(heading(self.tr("Find")), what, self.words, Row(self._search, self._back), self.said, self._list)
        self.end()
        self.words.entered.connect(self._on_search)
        self._search.clicked.connect(self._on_search)
        self._back.clicked.connect(self.left)
        self.listing.chosen.connect(self._on_chosen)
        self.left_by_esc(self.left.emit)

    def title(self) -> str:
        """Return what the window is called: nothing of what is looked for."""
        return self.tr("Find")

    def focus_home(self) -> None:
        """Put the focus where words are typed."""
        self.words.setFocus()

    def _on_search(self) -> None:
        sitting, typed = self._sitting, self.words.text

        def work() -> Answer:
            found = search_for(sitting, typed)
            return lambda: self._show(found)

        self.said.hush()
        self._search.setEnabled(False)
        self._lane.run(work, self, self._on_failed)

    def _show(self, found: Findings) -> None:
        self._search.setEnabled(True)
        self._found = {one.id: one for one in found.newest}
        self.said.say(summary(found))
        self.listing.show_entries([Entry(one.id, line_of(one), names=[one.who]) for one in found.newest])
        self._list.setVisible(bool(found.newest))
        if found.newest:
            self.listing.setFocus()
        else:
            self.words.setFocus()
            self.words.line.selectAll()

    def _on_chosen(self, record_id: Any) -> None:
        one = self._found[record_id]
        if one.meeting_id is None:
            self.case_wanted.emit(one.case_id)
        elif one.state is State.PREPARED:
            self.setup_wanted.emit(one.meeting_id)
        elif one.state in {State.IN_SESSION, State.ADJOURNED}:
            self.meeting_wanted.emit(one.meeting_id)
        else:
            self.minutes_wanted.emit(one.meeting_id)

    def _on_failed(self, failure: Exception) -> None:
        self._search.setEnabled(True)
        if not isinstance(failure, Refused):
            raise failure
        self.words.say(fill(self._sitting.pack.words("refusal", failure.rule), failure.words))
