"""The page of the work that decisions set going: enquiries, medicals, interviews and courts."""

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from app.services import directing, trailing
from app.services.directing import Directed
from app.services.sitting import Sitting
from app.ui.kit.lane import Lane
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Page, Row, button
from app.ui.kit.unfinished import Unreadable, from_words, to_words
from app.ui.work import presenter
from app.ui.work.part import HalfTyped, WorkPart


class WorkScreen(Page):
    """All work of a case, or of one meeting of it; what is said and done below the list is about the row chosen."""

    left = Signal()

    def __init__(
        self,
        sitting: Sitting,
        case_id: UUID,
        lane: Lane,
        meeting_id: UUID | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sitting, self._case_id, self._lane, self._meeting_id = sitting, case_id, lane, meeting_id
        self._reference = trailing.reference_of(sitting, case_id)
        self._found: dict[UUID, Directed] = {}
        self._summary = plain()
        self.listing = Listing(self.tr("Work, the oldest first"), stays=True)
        self._ended = button(self.tr("Show what has ended &too"))
        self._ended.setCheckable(True)
        back = self.tr("&Back to the case") if meeting_id is None else self.tr("&Back to the meeting")
        self._back = button(back, self.tr("Esc"))
        self.part = WorkPart(sitting, case_id)
        label = QLabel(self.tr("&Work, the oldest first"))
        label.setFont(heading(level=2).font())
        label.setBuddy(self.listing)
        self._list = Group(label, Row(self._ended), self.listing)
        self.add(
            heading(self.tr("Case %1: work that decisions set going").replace("%1", self._reference)),
            self._summary, self._list, self.part, Row(self._back),
        )  # fmt: skip
        self.end()
        self._connect()
        self._show()

    def _connect(self) -> None:
        self.listing.currentRowChanged.connect(lambda _row: self._on_another())
        self.listing.chosen.connect(lambda _id: self.part.plan.click())
        self._ended.toggled.connect(lambda _on: self._list_them())
        self.part.changed.connect(self._on_changed)
        self.part.typing.connect(self._on_typing)
        self._back.clicked.connect(self.left)
        self.left_by_esc(self.left.emit)

    def title(self) -> str:
        """Return what the window is called: the case's reference."""
        return self._reference

    def focus_home(self) -> None:
        """Put the focus on the first piece of work, or on the way to those that ended, or on the way back."""
        (self.listing if self.listing.count() else self._ended if self._found else self._back).setFocus()

    def holds_text(self) -> bool:
        """Return whether a form is open."""
        return self.part.holds_text()

    def unsaved(self) -> str | None:
        """Return what stands half typed; None where nothing does."""
        half = self.part.half_typed
        return to_words(half) if half else None

    def put_back(self, words: str) -> None:
        """Show again what stood half typed; raises ``Unreadable``, also where the work has ended or gone since."""
        half = from_words(HalfTyped, words)
        for row in range(self.listing.count()):
            self.listing.setCurrentRow(row)
            if self.listing.key == half.work:
                self.part.put_back(half)
        if not self.part.holds_text():
            raise Unreadable

    def _show(self) -> None:
        found = directing.look_at(self._sitting, self._case_id, self._meeting_id)
        self._found = {one.work.id: one for one in found}
        self._summary.setText(presenter.summary(found, self._sitting.now()))
        self._list.setVisible(bool(found))
        self._ended.setVisible(any(one.work.ended_at is not None for one in found))
        chosen = self._found.get(self.listing.key)
        if chosen is not None and chosen.work.ended_at is not None:
            # what has just ended stays in sight
            self._ended.blockSignals(True)
            self._ended.setChecked(True)
            self._ended.blockSignals(False)
        self._list_them()

    def _list_them(self) -> None:
        now, pack, all_of_it = self._sitting.now(), self._sitting.pack, self._ended.isChecked()
        works = [one for one in self._found.values() if all_of_it or one.work.ended_at is None]
        self.listing.setVisible(bool(works))
        self.listing.show_entries([Entry(one.work.id, presenter.work_line(one, pack, now)) for one in works])
        if works and self.listing.currentRow() < 0:
            self.listing.setCurrentRow(0)
        self._on_another()

    def _on_another(self) -> None:
        self.part.show_work(self._found.get(self.listing.key))

    def _on_changed(self) -> None:
        self._show()
        self.listing.setFocus()

    def _on_typing(self, typing: bool) -> None:
        # what is typed is about the row chosen
        self._list.setEnabled(not typing)
        if not typing:
            self.listing.setFocus()
