"""The set-up page: from nothing to a meeting in session with only what a phone call needs."""

from copy import deepcopy
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.base import Refused
from app.practice.finding import fill
from app.services import cases, setting_up
from app.services.sitting import Sitting
from app.ui.kit.lane import Lane
from app.ui.kit.look import spread
from app.ui.kit.unfinished import Unreadable, from_words, to_words
from app.ui.setup.bar import StartBar
from app.ui.setup.draft import HalfTyped, draft_now, draft_of, new_draft
from app.ui.setup.form import SetupForm
from app.ui.setup.presenter import People, outlook_words


class SetupScreen(QWidget):
    """Takes the case, the children and the people on the call, says who is missing, and starts the meeting.

    ``page_wanted`` names a page about a prepared meeting, with the id of its case.
    """

    started = Signal(object)
    left = Signal()
    page_wanted = Signal(str, object)

    def __init__(
        self,
        sitting: Sitting,
        lane: Lane,
        *,
        case_id: UUID | None = None,
        meeting_id: UUID | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sitting, self._lane = sitting, lane
        people = People(sitting.pack, setting_up.known_people(sitting))
        self._draft = draft_of(sitting, meeting_id) if meeting_id else new_draft(sitting, people, case_id)
        self._record = deepcopy(self._draft)
        self._form = SetupForm(sitting, self._draft, people, [case.reference for case in cases.list_cases(sitting)])
        self._bar = StartBar()
        layout = QVBoxLayout(self)
        spread(layout)
        layout.addWidget(self._form, 1)
        layout.addWidget(self._bar)
        self._bar.save.setVisible(meeting_id is None)
        self._bar.before.setVisible(meeting_id is not None)
        self._add_keys()
        self._connect()
        self._show()
        self._read_at = sitting.store.saved.seq

    def _add_keys(self) -> None:
        acts = [(self.tr("&Start now"), "Ctrl+Return", self._on_start)]
        if self._draft.meeting_id is None:
            acts.append((self.tr("Save for &later"), "Ctrl+S", lambda: self._set_up(begin=False)))
        else:
            acts.append((self.tr("&Before the meeting"), "Ctrl+Shift+B", lambda: self._on_page("before")))
            acts.append((self.tr("&How the meeting is held"), "Ctrl+Shift+H", lambda: self._on_page("held")))
        acts.append((self.tr("Where does this come &from?"), "F1", self._form.show_origin))
        for text, keys, act in acts:
            action = QAction(text, self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _checked=False, act=act: act())
            self.addAction(action)

    def _connect(self) -> None:
        form = self._form
        form.case.entered.connect(self._on_case_entered)
        form.case.line.editingFinished.connect(self._on_case)
        form.children_list.changed.connect(self._show)
        form.children_list.passed.connect(form.people.setFocus)
        form.people.changed.connect(self._show)
        form.people.passed.connect(form.reason.setFocus)
        form.circumstances.ticked.connect(self._on_circumstance)
        form.reason.entered.connect(self._bar.start.setFocus)
        form.kind.currentIndexChanged.connect(self._on_kind)
        form.method.currentIndexChanged.connect(self._on_method)
        self._bar.start.clicked.connect(self._on_start)
        self._bar.save.clicked.connect(lambda: self._set_up(begin=False))
        self._bar.before.clicked.connect(lambda: self._on_page("before"))

    def title(self) -> str:
        """Return what the window is called: the case's reference once there is one."""
        words = self.tr("Start a meeting") if self._draft.meeting_id else self.tr("New meeting")
        return f"{words} {self._draft.case_reference}".strip()

    def focus_home(self) -> None:
        """Put the focus on the first thing that is still to be said."""
        form, draft = self._form, self._draft
        if not draft.case_reference:
            form.case.setFocus()
        else:
            (form.people if draft.children else form.children_list).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Show who was invited and which children were added elsewhere meanwhile; what is typed here stays."""
        super().showEvent(event)
        if self._read_at != self._sitting.store.saved.seq:
            self._take_in()

    def _take_in(self) -> None:
        draft = self._draft
        if draft.meeting_id is not None:
            now = draft_now(self._sitting, draft.meeting_id)
            draft.take_in(now, self._record)
            self._record = now
            self._form.show_type()
        elif draft.case_reference:
            draft.follow_case(self._sitting, draft.case_reference)
        self._read_at = self._sitting.store.saved.seq
        self._show()

    def holds_text(self) -> bool:
        """Return whether something on the page is not saved yet."""
        return self._draft.touched or self._form.holds_text()

    def unsaved(self) -> str | None:
        """Return what is on the page and not saved; None where that is nothing."""
        return to_words(HalfTyped(self._draft, self._form.typed)) if self.holds_text() else None

    def put_back(self, words: str) -> None:
        """Show what another page of the same meeting left unsaved; raises ``Unreadable``."""
        half = from_words(HalfTyped, words)
        known = self._sitting.pack.meeting_type(half.draft.type_id)
        if known is None or half.draft.meeting_id != self._draft.meeting_id or len(half.lines) != len(self._form.typed):
            raise Unreadable
        self._draft.take_over(half.draft)
        self._form.put_back(half.lines)
        # it may have been kept before something was recorded on another page
        self._take_in()

    def _show(self) -> None:
        self._form.children_list.show_draft()
        self._form.people.show_draft()
        outlook = setting_up.outlook(self._sitting, self._draft.plan())
        self._form.show_missing(outlook)
        self._bar.show_outlook(outlook_words(outlook))

    def _on_case(self) -> None:
        text = self._form.case.text
        if self._form.case.line.isReadOnly() or text.strip() == self._draft.case_reference:
            return
        known = self._draft.follow_case(self._sitting, text)
        if text.strip():
            self._form.case.advise(self.tr("This case is known here.") if known else self.tr("This is a new case."))
        self._show()

    def _on_case_entered(self) -> None:
        self._on_case()
        self._form.children_list.setFocus()

    def _on_circumstance(self, trigger_id: str, holds: bool) -> None:
        self._draft.tick_circumstance(trigger_id, holds)
        self._show()

    def _on_kind(self) -> None:
        self._draft.type_id = self._form.kind.currentData()
        self._draft.circumstances.clear()
        self._form.show_type()
        self._show()

    def _on_method(self) -> None:
        self._draft.method = self._form.method.currentData()

    def _on_start(self) -> None:
        self._set_up(begin=True)

    def _on_page(self, page: str) -> None:
        self.page_wanted.emit(page, setting_up.case_of(self._sitting, self._draft.case_reference))

    def _set_up(self, *, begin: bool) -> None:
        """Save what is on the page, taking lines that are typed and not added yet; say what is in the way."""
        self._on_case()
        if not (self._form.children_list.take() and self._form.people.take()):
            return
        self._draft.reason = self._form.reason.text
        try:
            meeting_id = setting_up.set_up(self._sitting, self._draft.plan(), begin=begin)
        except Refused as refusal:
            self._refuse(refusal)
            return
        self._draft.touched = False
        self._form.forget_text()
        if begin:
            self.started.emit(meeting_id)
        else:
            self.left.emit()

    def _refuse(self, refusal: Refused) -> None:
        sentence = fill(self._sitting.pack.words("refusal", refusal.rule), refusal.words)
        area = refusal.rule.split(".")[0]
        if area == "case":
            self._form.case.say(sentence)
        elif refusal.rule == "meeting.no-child" or area == "child":
            self._form.children_list.field.say(sentence)
        else:
            self._bar.say(sentence)
