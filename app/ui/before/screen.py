"""The page about the time before a meeting; while it goes on, people are asked to leave and come back from here."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from app.models.base import Refused
from app.models.meeting import State
from app.services import undoing
from app.services.sitting import SaveFault, Sitting
from app.ui.before import presenter
from app.ui.before.desk import Desk
from app.ui.before.exclusions import ExclusionsPart
from app.ui.before.family import FamilyPart
from app.ui.before.note import NotePart
from app.ui.before.part import Part
from app.ui.before.people import PeoplePart, ReportsPart, RulesPart
from app.ui.kit.lane import Lane
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Page, Row, button
from app.ui.kit.saying import Tone
from app.ui.kit.unfinished import Unreadable, from_words, to_words

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent


@dataclass(frozen=True, slots=True)
class HalfTyped:
    """The note where it is not kept yet, and the form that is open: of which part, about what, with what in it."""

    note: str | None = None
    part: str = ""
    form: str = ""
    about: str = ""
    values: dict[str, str | bool | None] = field(default_factory=dict)


class BeforeScreen(Page):
    """Who is asked, what they are sent and write, what is settled with the family, who is kept out, and a note."""

    left = Signal()
    setup_wanted = Signal(object)

    def __init__(self, sitting: Sitting, meeting_id: UUID, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = Desk(sitting, meeting_id)
        self._standing = plain()
        self._set_up = button(self.tr("Open its set-up page"), self.tr("Ctrl+O"))
        self._back = button(self.tr("Leave this page"), self.tr("Esc"))
        self.rules, self.people = RulesPart(self.desk), PeoplePart(self.desk, lane)
        self.reports = ReportsPart(self.desk)
        self.family, self.exclusions = FamilyPart(self.desk), ExclusionsPart(self.desk, lane)
        self.note = NotePart(self.desk)
        self._parts: dict[str, Part] = {
            "rules": self.rules, "people": self.people, "reports": self.reports, "family": self.family,
            "exclusions": self.exclusions,
        }  # fmt: skip
        # what was done here last, and the number of the trail right after it
        self._last: Part | None = None
        self._last_at = 0
        self.add(
            heading(self.tr("Before the meeting")), self._standing, Row(self._set_up, self._back), *self._parts.values()
        )
        self.add(self.note)
        self.end()
        self._connect()
        self._show_meeting()

    def _connect(self) -> None:
        self._set_up.clicked.connect(self._on_set_up)
        self._back.clicked.connect(self._leave)
        for part in self._parts.values():
            part.may_open = self._may_open
            part.acted.connect(lambda part=part: self._on_acted(part))
            part.went_out.connect(lambda: self._on_acted(None))
            part.undo_wanted.connect(self._on_undo)
        self.left_by_esc(self._leave)
        for text, keys, act in (
            (self.tr("Open its set-&up page"), "Ctrl+O", self._on_set_up),
            (self.tr("Where does this come &from?"), "F1", self._on_why),
            (self.tr("&Take back what was done last here"), "Ctrl+Z", self._on_undo),
            (self.tr("&Keep my note"), "Ctrl+S", self.note.save),
        ):
            action = QAction(text, self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _checked=False, act=act: act())
            self.addAction(action)

    def title(self) -> str:
        """Return what the window is called: the meeting's reference."""
        return self.tr("Before %1").replace("%1", self.desk.meeting.reference)

    def focus_home(self) -> None:
        """Put the focus on whoever must be asked, the first thing to do; on the open form where there is one."""
        found = self._open_part()
        if found is not None:
            found.forms[found.open_form].setFocus()
        else:
            self.rules.go_home()

    def holds_text(self) -> bool:
        """Return whether a form is open or the note is not kept yet."""
        return self._open_part() is not None or self.note.changed

    def unsaved(self) -> str | None:
        """Return what is half typed; None where that is nothing."""
        if not self.holds_text():
            return None
        note = self.note.field.text if self.note.changed else None
        part = self._open_part()
        if part is None:
            return to_words(HalfTyped(note))
        name = next(name for name, one in self._parts.items() if one is part)
        return to_words(HalfTyped(note, name, part.open_form, part.about, part.forms[part.open_form].values))

    def put_back(self, words: str) -> None:
        """Show what was half typed; raises ``Unreadable``."""
        half = from_words(HalfTyped, words)
        part = self._parts.get(half.part)
        if half.part and (part is None or not part.put_back(half.form, half.about, half.values)):
            raise Unreadable
        if half.note is not None:
            self.note.field.text = half.note

    def showEvent(self, event: "QShowEvent") -> None:
        """Show the meeting as it is now, where something was recorded elsewhere meanwhile."""
        super().showEvent(event)
        if self.desk.saved != self.desk.read_at:
            self.desk.reload()
            self._show_meeting()

    def _open_part(self) -> Part | None:
        return next((part for part in self._parts.values() if part.open_form), None)

    def _may_open(self) -> bool:
        part = self._open_part()
        if part is not None:
            part.forms[part.open_form].setFocus()
            part.forms[part.open_form].say(self.tr("This is still being written: save it first, or do not save it."))
        return part is None

    def _leave(self) -> None:
        part = self._open_part()
        if part is None:
            self.left.emit()
        else:
            part.forms[part.open_form].close_up()
            part.go_home()

    def _show_meeting(self) -> None:
        self._standing.setText(presenter.standing(self.desk))
        self._set_up.setVisible(self.desk.meeting.state is State.PREPARED)
        for part in self._parts.values():
            part.show_meeting()
            part.take_back.setVisible(part is self._last)

    def _on_set_up(self) -> None:
        if self.desk.meeting.state is State.PREPARED:
            self.setup_wanted.emit(self.desk.id)

    def _on_acted(self, part: Part | None) -> None:
        self._last, self._last_at = part, self.desk.saved
        self.desk.reload()
        self._show_meeting()

    def _on_why(self) -> None:
        focus = QApplication.focusWidget()
        for part in self._parts.values():
            if focus is not None and part.isAncestorOf(focus) and (words := part.why()):
                part.said.say(words)

    def _on_undo(self) -> None:
        part = self._last
        if part is None:
            return
        if self.desk.saved != self._last_at:
            part.said.say(self.tr("Something else was recorded since, so take it back in the meeting."), Tone.URGENT)
            return
        try:
            undoing.undo(self.desk.sitting, self.desk.id)
        except (Refused, SaveFault) as failure:
            part.refuse(failure)
            return
        self._on_acted(None)
        part.said.say(self.tr("It was taken back: everything stands as it was before."))
        part.go_home()
