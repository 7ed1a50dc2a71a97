"""The case page: who the children are, their family and network, their meetings, and the dates set running."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from app.models.case import Fact
from app.practice.words import legal_day
from app.services import cases
from app.services.sitting import Sitting
from app.ui.case.chronology import ChronologyPart
from app.ui.case.complaints import ComplaintsPart
from app.ui.case.fold import Fold
from app.ui.case.keeping import KeepingPart
from app.ui.case.left_open import LeftOpenPart
from app.ui.case.plans import PlansPart
from app.ui.case.presenter import (
    Line,
    child_asked,
    child_line,
    deadline_line,
    meeting_line,
    ordered,
    person_asked,
    person_line,
)
from app.ui.case.records import Records
from app.ui.case.views import ViewsPart
from app.ui.kit.lane import Lane
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading
from app.ui.kit.page import Group, Page, Row, button
from app.ui.kit.saying import Saying


class CaseScreen(Page):
    """One case, with everything about it that is not inside a meeting.

    ``disposed`` tells the ids of a case and its meetings that are not in the store any more.
    """

    left = Signal()
    meeting_wanted = Signal(object)
    minutes_wanted = Signal(object)
    setup_wanted = Signal(object)
    new_meeting_wanted = Signal(object)
    trail_wanted = Signal(object)
    work_wanted = Signal(object)
    plan_wanted = Signal(object)
    disposed = Signal(object)

    def __init__(self, sitting: Sitting, case_id: UUID, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sitting, self._case_id = sitting, case_id
        self._reference = ""
        self._lines: dict[UUID, Line] = {}
        self._met: frozenset[UUID] = frozenset()
        # how far the record had come; None once the case is gone
        self._read_at: int | None = 0
        pack = sitting.pack
        self._heading = heading()
        self._trail = button(self.tr("Who has done wha&t"), self.tr("Ctrl+H"))
        self._begin = button(self.tr("&New meeting about these children"))
        self._work = button(self.tr("Wor&k that decisions set going"), self.tr("Ctrl+J"))
        self._children = Records(
            self.tr("Ch&ildren"), self.tr("Add a &child"), child_asked(pack), pack, self._save_child
        )
        self._people = Records(
            self.tr("Family and net&work"), self.tr("Add a &person"), person_asked(pack), pack, self._save_person
        )
        self._meetings = Listing(self.tr("Meetings of this case"))
        self._dates = Listing(self.tr("Dates of this case"))
        self._why = Saying()
        self._meetings_part = _part(self.tr("M&eetings"), self._meetings)
        self._dates_part = _part(self.tr("&Dates"), self._dates, self._why)
        self._open = LeftOpenPart(sitting, case_id)
        self._chronology = ChronologyPart(sitting, case_id)
        self._views, self._plans = self._folds()
        self._complaints = ComplaintsPart(sitting, case_id)
        self._keeping = KeepingPart(sitting, case_id, lane)
        # those that are hidden once the case is gone
        self._about = (
            Row(self._begin), Row(self._work, self._trail), self._children, self._people, self._meetings_part,
            self._dates_part, self._open, self._chronology, self._views, self._plans, self._complaints,
        )  # fmt: skip
        self.add(self._heading, *self._about, self._keeping)
        self.end()
        self._connect()
        self._show()

    def _folds(self) -> tuple[Fold, Fold]:
        """Return the parts that take longer to read than a page may: nothing is read before they are opened."""
        views = Fold(
            self.tr("Views over time"), self.tr("How each agency saw each question for a child, meeting by meeting."),
            self.tr("Show the views on each &question"), self.tr("Hide the views on each &question"),
            lambda: ViewsPart(self._sitting, self._case_id),
        )  # fmt: skip
        plans = Fold(
            self.tr("Plan history"), self.tr("How long each child is on a plan, and what every revision changed."),
            self.tr("Show the f&ull plan history"), self.tr("Hide the f&ull plan history"), self._plan_history,
        )  # fmt: skip
        return views, plans

    def _plan_history(self) -> PlansPart:
        part = PlansPart(self._sitting, cases.load_case(self._sitting, self._case_id).children)
        part.wanted.connect(self.plan_wanted)
        return part

    def _connect(self) -> None:
        self._begin.clicked.connect(lambda: self.new_meeting_wanted.emit(self._case_id))
        self._trail.clicked.connect(lambda: self.trail_wanted.emit(self._case_id))
        self._work.clicked.connect(lambda: self.work_wanted.emit(self._case_id))
        self._children.changed.connect(self._show)
        self._people.changed.connect(self._show)
        for fold in (self._views, self._plans):
            self._children.changed.connect(fold.renew)
        self._chronology.changed.connect(self._show)
        self._meetings.chosen.connect(self._on_meeting)
        self._open.wanted.connect(self._on_meeting)
        self._dates.chosen.connect(self._on_date)
        self._keeping.disposed.connect(self._on_disposed)
        for text, keys, act in (
            (self.tr("&Back to the home page"), "Alt+Left", self.left.emit),
            (self.tr("Who has done wha&t"), "Ctrl+H", self._trail.click),
            (self.tr("Wor&k that decisions set going"), "Ctrl+J", self._work.click),
        ):
            action = QAction(text, self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _checked=False, act=act: act())
            self.addAction(action)

    def title(self) -> str:
        """Return what the window is called: the case's reference."""
        return self._reference

    def focus_home(self) -> None:
        """Put the focus on the children."""
        (self._children.listing if self._children.listing.count() else self._begin).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the case as it is now, where something was recorded elsewhere meanwhile; an open form stays."""
        super().showEvent(event)
        if self._read_at not in (None, self._sitting.store.saved.seq) and not event.spontaneous():
            self._show()
            for fold in (self._views, self._plans):
                fold.renew()

    def holds_text(self) -> bool:
        """Return whether a form is open."""
        return any(part.holds_text() for part in self._parts())

    def _show(self) -> None:
        sitting = self._sitting
        case = cases.look_at(sitting, self._case_id)
        now = sitting.now()
        today, pack = legal_day(now), sitting.pack
        self._reference = case.reference
        self._heading.setText(self.tr("Case %1").replace("%1", case.reference))
        self._begin.setEnabled(bool(case.children))
        self._keeping.show_case()
        self._chronology.show_events(case.children)
        self._open.show_open(case.children)
        self._complaints.show_case(case)
        self._children.show_records(case.children, [child_line(child, pack, today) for child in case.children], today)
        self._people.show_records(case.people, [person_line(person, pack) for person in case.people], today)
        self._met = frozenset(meeting.id for meeting in case.meetings)
        meetings = [meeting_line(meeting, case, sitting) for meeting in ordered(case)]
        dates = [deadline_line(deadline, sitting, now) for deadline in case.deadlines]
        self._lines = {line.id: line for line in (*meetings, *dates)}
        for part, listing, lines in (
            (self._meetings_part, self._meetings, meetings),
            (self._dates_part, self._dates, dates),
        ):
            listing.show_entries([Entry(line.id, line.text) for line in lines])
            part.setVisible(bool(lines))
        self._read_at = sitting.store.saved.seq

    def _parts(self) -> tuple[Records, Records, ChronologyPart, ComplaintsPart, KeepingPart]:
        return self._children, self._people, self._chronology, self._complaints, self._keeping

    def _save_child(self, child_id: UUID | None, facts: dict[str, Fact]) -> object:
        if child_id is not None:
            return cases.change_child(self._sitting, child_id, **facts)
        return cases.add_child(self._sitting, self._case_id, str(facts.pop("name")), **facts)

    def _save_person(self, person_id: UUID | None, facts: dict[str, Fact]) -> object:
        if person_id is not None:
            return cases.change_person(self._sitting, person_id, **facts)
        return cases.add_person(self._sitting, self._case_id, str(facts.pop("name")), **facts)

    def _on_meeting(self, meeting_id: UUID) -> None:
        wanted = {"meeting": self.meeting_wanted, "setup": self.setup_wanted, "minutes": self.minutes_wanted}
        wanted[self._lines[meeting_id].leads_to].emit(meeting_id)

    def _on_disposed(self) -> None:
        self._read_at = None
        # what they show is not in the store any more
        for part in self._about:
            part.setEnabled(False)
            part.hide()
        self.disposed.emit(self._met | {self._case_id})

    def _on_date(self, deadline_id: UUID) -> None:
        self._why.say(self._lines[deadline_id].because)


def _part(title: str, listing: Listing, *below: QWidget) -> Group:
    label = QLabel(title)
    label.setFont(heading(level=2).font())
    label.setBuddy(listing)
    return Group(label, listing, *below)
