"""The place under the stream where one form at a time is open."""

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QStackedWidget, QWidget

from app.models.action import Action
from app.models.answer import Answer
from app.models.decision import Decision
from app.models.dissent import Dissent, DissentKind
from app.models.gap import Gap
from app.models.statement import Statement
from app.models.view import View
from app.ui.kit.look import lines
from app.ui.meeting.acting import Outcome
from app.ui.meeting.choices import Wanted, wanted_decision, wanted_view
from app.ui.meeting.decision_form import DecisionForm
from app.ui.meeting.dissent_form import DissentForm, ReadBackForm
from app.ui.meeting.entry import Command
from app.ui.meeting.entry_forms import ActionForm, AmendForm, GapForm
from app.ui.meeting.form import Form
from app.ui.meeting.presenter import Recorded
from app.ui.meeting.room import Room
from app.ui.meeting.view_form import ViewForm


class Forms(QScrollArea):
    """Opens the form an entry needs; after a view or a decision it shows the next one that is missing."""

    saved = Signal(object)
    left = Signal()
    shown = Signal()

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedWidget()
        self.setWidget(self._stack)
        self._view, self._decision = ViewForm(room), DecisionForm(room)
        self._dissent, self._read_back = DissentForm(room), ReadBackForm(room)
        self._gap, self._action, self._amend = GapForm(room), ActionForm(room), AmendForm(room)
        everyone: tuple[Form, ...] = (
            self._view, self._decision, self._dissent, self._read_back, self._gap, self._action, self._amend,
        )  # fmt: skip
        self._everyone = everyone
        for form in everyone:
            self._stack.addWidget(form)
            form.saved.connect(self._on_saved)
            form.left.connect(self.left)
            # once the message has its place
            form.complained.connect(self.ensureWidgetVisible, Qt.ConnectionType.QueuedConnection)
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def open(self, outcome: Outcome) -> None:
        """Open the form that an entry still needs."""
        text = outcome.entry.text if outcome.entry else ""
        match outcome.opens:
            case Command.VIEW if outcome.wanted is not None:
                self._view.open(outcome.wanted, text)
                self._raise(self._view)
            case Command.DECISION if outcome.wanted is not None:
                self._decision.open(outcome.wanted, text)
                self._raise(self._decision)
            case Command.DISSENT | Command.RESERVATION:
                self._dissent.open(DissentKind(outcome.opens.value), outcome.entry)
                self._raise(self._dissent)
            case Command.GAP:
                self._gap.open(outcome.entry)
                self._raise(self._gap)
            case Command.ACTION:
                self._action.open(outcome.entry)
                self._raise(self._action)
            case _:
                pass

    def open_question(self, kind: str, question_id: str) -> None:
        """Open the form for the views on a question, or for a decision."""
        decision = self._room.type.decision(question_id)
        wanted = wanted_view(self._room) if kind == "view" else wanted_decision(self._room, question=decision)
        if wanted is not None:
            self.open(Outcome(opens=Command.VIEW if kind == "view" else Command.DECISION, wanted=wanted))

    def edit(self, record: Recorded) -> bool:
        """Open the form that mends an entry and return whether there is one."""
        match record:
            case Statement():
                self._amend.open(record)
                return self._raise(self._amend)
            case Gap():
                self._gap.open(None, record)
                return self._raise(self._gap)
            case Action():
                self._action.open(None, record)
                return self._raise(self._action)
            case Dissent():
                self._read_back.open(record)
                return self._raise(self._read_back)
            case View():
                question = self._room.type.view(record.question_id)
                self._view.open(Wanted(record.child, view=question, agency=record.agency.id), record.reason)
                return self._raise(self._view)
            case Decision():
                self._decision.change(record)
                return self._raise(self._decision)
            case Answer():
                return False

    def showEvent(self, event: QShowEvent) -> None:
        """Say that the room is needed."""
        super().showEvent(event)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Say that the room is free again."""
        super().hideEvent(event)
        self.shown.emit()

    def shut(self) -> None:
        """Put the form away; what was typed in it is kept."""
        self.hide()

    @property
    def typed(self) -> list[list[str]]:
        """What is typed in each form, open or put away."""
        return [form.typed for form in self._everyone]

    @typed.setter
    def typed(self, words: list[list[str]]) -> None:
        for form, texts in zip(self._everyone, words, strict=True):
            form.typed = texts

    def holds_words(self) -> bool:
        """Return whether a form is open, or one that was put away keeps what was typed for the next time."""
        kept = (self._view, self._decision, self._dissent)
        return not self.isHidden() or any(text.strip() for form in kept for text in form.typed)

    def sizeHint(self) -> QSize:
        """Return room for the whole form."""
        form = self._stack.currentWidget()
        return QSize(super().sizeHint().width(), form.sizeHint().height() if form else 0)

    def minimumSizeHint(self) -> QSize:
        """Return room for a few lines; the rest scrolls."""
        return QSize(lines(10), lines(6))

    def _raise(self, form: Form) -> bool:
        for other in range(self._stack.count()):
            page = self._stack.widget(other)
            if page is not None:
                fit = QSizePolicy.Policy.Preferred if page is form else QSizePolicy.Policy.Ignored
                page.setSizePolicy(QSizePolicy.Policy.Preferred, fit)
        self._stack.setCurrentWidget(form)
        self.show()
        self.updateGeometry()
        self.verticalScrollBar().setValue(0)
        form.first().setFocus(Qt.FocusReason.ShortcutFocusReason)
        # where each field lies is known only once the form has its place
        QTimer.singleShot(0, self, self._show_from_top)
        return True

    def _show_from_top(self) -> None:
        """Scroll to the heading, which says whose entry it is, and from there no further than the focus needs."""
        self.verticalScrollBar().setValue(0)
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            self.ensureWidgetVisible(focus, 0, 0)

    def _on_focus_changed(self, _old: QObject | None, new: QObject | None) -> None:
        if isinstance(new, QWidget) and self.isVisible() and self.isAncestorOf(new):
            self.ensureWidgetVisible(new)

    def _on_saved(self, outcome: Outcome) -> None:
        form = self._stack.currentWidget()
        self.saved.emit(outcome)
        if form is self._view and (view := self._view.following()):
            self._view.open(view)
            self._raise(self._view)
        elif form is self._decision and (decision := self._decision.following()):
            self._decision.open(decision)
            self._raise(self._decision)
        elif form is self._dissent and isinstance(outcome.record, Dissent):
            self._read_back.open(outcome.record)
            self._raise(self._read_back)
        else:
            self.left.emit()
