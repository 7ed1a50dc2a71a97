"""A part of the case page: how each agency saw each question for a child, meeting by meeting."""

from uuid import UUID

from PySide6.QtWidgets import QComboBox

from app.practice.looking_back import OverTime
from app.services import looking_back
from app.services.sitting import Sitting
from app.ui.case.looking_back_words import changed_last, seen_line
from app.ui.case.views_picture import ViewsPicture
from app.ui.kit.field import Field
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import plain
from app.ui.kit.page import Group, Row, button

_MOST_ROWS = 14


class ViewsPart(Group):
    """One child and one question at a time: a picture, and below it a list that says the same in words."""

    def __init__(self, sitting: Sitting, case_id: UUID) -> None:
        self._of_child = {
            child.id: (child, found) for child, found in looking_back.views_over_time(sitting, case_id)
        }  # fmt: skip
        self.child, self.question = QComboBox(), QComboBox()
        self.picture = ViewsPicture()
        self.changed = plain()
        self.listing = Listing(self.tr("The views in words"), most_rows=_MOST_ROWS)
        self.earlier, self.later = button(self.tr("Earlier meetings")), button(self.tr("Later meetings"))
        self._none = plain(self.tr(
            "No agency has given a view yet. Views are taken in the meeting, each agency in turn, and stand here "
            "from then on."
        ))  # fmt: skip
        self._some = Group(
            Field(self.tr("Child"), self.child), Field(self.tr("Question"), self.question), self.changed,
            self.picture, Row(self.earlier, self.later), self.listing,
        )  # fmt: skip
        super().__init__(self._none, self._some)
        for child, _ in self._of_child.values():
            self.child.addItem(child.name, child.id)
        self.child.currentIndexChanged.connect(lambda _row: self._ask())
        self.question.currentIndexChanged.connect(lambda _row: self._show())
        self.earlier.clicked.connect(self.picture.earlier)
        self.later.clicked.connect(self.picture.later)
        self.picture.moved.connect(self._on_moved)
        self._none.setVisible(not self._of_child)
        self._some.setVisible(bool(self._of_child))
        self._ask()

    @property
    def _questions(self) -> list[OverTime]:
        _, found = self._of_child.get(self.child.currentData(), (None, []))
        return found

    def _ask(self) -> None:
        self.question.blockSignals(True)
        self.question.clear()
        self.question.addItems([found.question for found in self._questions])
        self.question.blockSignals(False)
        self._show()

    def _show(self) -> None:
        row = self.question.currentIndex()
        if row < 0:
            return
        found = self._questions[row]
        self.changed.setText(changed_last(found))
        self.picture.show_views(found)
        self.listing.show_entries([Entry(seen.agency.id, seen_line(seen, found)) for seen in found.rows])

    def _on_moved(self) -> None:
        row = self.question.currentIndex()
        count = len(self._questions[row].meetings) if row >= 0 else 0
        places = self.picture.places
        self.earlier.setEnabled(places.start > 0)
        self.later.setEnabled(places.stop < count)
        self.earlier.setVisible(len(places) < count)
        self.later.setVisible(len(places) < count)
