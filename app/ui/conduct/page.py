"""What the two pages have in common: parts that act, an act taken back, and a form kept half filled in."""

from collections.abc import Callable, Mapping
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from app.services import undoing
from app.services.sitting import Sitting
from app.ui.conduct.held import Half, Held
from app.ui.conduct.part import Forms, Part
from app.ui.kit.page import READABLE, Page, Row, button
from app.ui.kit.saying import Saying, Tone
from app.ui.kit.unfinished import Unreadable, from_words, to_words


class HeldPage(Page):
    """A page about one meeting; what is done on it can be taken back as long as the meeting is open."""

    left = Signal()

    def __init__(
        self, sitting: Sitting, meeting_id: UUID, parent: QWidget | None = None, width: int = READABLE
    ) -> None:  # fmt: skip
        super().__init__(parent, width)
        self.held = Held(sitting, meeting_id)
        self.forms = Forms(self._reveal)
        self.said = Saying()
        self.undo = button(self.tr("Take bac&k the last act"), self.tr("Ctrl+Z"))
        self.back = button(self.tr("&Back to the meeting"), self.tr("Esc"))
        self._way_back = Row(self.undo, self.back)
        self._parts: tuple[Part, ...] = ()
        self._mine = 0
        self._seen = False

    def take_in(self, *parts: Part) -> None:
        """Put the parts on the page, with the way back below them, and show them."""
        self._parts = parts
        self.add(*parts, self.said, self._way_back)
        self.end()
        for part in parts:
            part.acted.connect(self._on_acted)
            if part.why is not None:
                part.why.clicked.connect(lambda _checked=False, said=part.said: self._reveal(said))
        self.undo.clicked.connect(self._on_undo)
        self.back.clicked.connect(self.left)
        for text, keys, act in (
            (self.tr("Ta&ke back the last act"), "Ctrl+Z", self._on_undo),
            (self.tr("Where does this come &from?"), "F1", self._on_why),
        ):
            action = QAction(text, self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(act)
            self.addAction(action)
        self.left_by_esc(self._on_esc)
        self.show_held()

    def title(self) -> str:
        """Return what the window is called: the meeting's reference."""
        return self.held.meeting.reference

    def focus_home(self) -> None:
        """Put the focus on the open form, else on what is to be done first; read the meeting again if it was left."""
        if self._seen:
            self.held.reload()
            # the last act may be one of another page by now
            self._mine = 0
            for part in self._parts:
                part.forget()
            self.show_held()
        self._seen = True
        if self.forms.opened is not None:
            self.forms.go_to_opened()
        else:
            self.first().setFocus()

    def holds_text(self) -> bool:
        """Return whether a form is open."""
        return self.forms.opened is not None

    def unsaved(self) -> str | None:
        """Return what stands half filled in, as words; None for nothing."""
        half = self.forms.half()
        return to_words(half) if half else None

    def put_back(self, words: str) -> None:
        """Open the form that stood half filled in; raises ``Unreadable`` where it cannot be opened any more."""
        half = from_words(Half, words)
        open_it = self.openers().get(half.form)
        if open_it is None:
            raise Unreadable
        self.forms.half_filled = half
        open_it(half.about)
        self.forms.half_filled = None
        if self.forms.opened is None:
            raise Unreadable

    def show_held(self) -> None:
        """Show the meeting as the record stands."""
        for part in self._parts:
            part.show_part()
        self.undo.setEnabled(self._mine > 0 and self.held.can_be_undone)

    def first(self) -> QWidget:
        """Return what is to be done first."""
        raise NotImplementedError

    def openers(self) -> Mapping[str, Callable[[str], object]]:
        """Return for each form what opens it, about what it was."""
        raise NotImplementedError

    def _reveal(self, form: QWidget) -> None:
        """Bring a form, or what is said, into sight once it has its place, and above all where it is typed in."""

        def reveal() -> None:
            self.ensureWidgetVisible(form)
            focus = QApplication.focusWidget()
            if focus is not None and form.isAncestorOf(focus):
                self.ensureWidgetVisible(focus)

        QTimer.singleShot(0, self, reveal)

    def _on_acted(self) -> None:
        self._mine += 1
        self.show_held()
        self._hush()

    def _hush(self) -> None:
        for said in (*(part.said for part in self._parts), self.said):
            said.hush()

    def _on_undo(self) -> None:
        if not self.undo.isEnabled():
            return
        held = self.held
        kinds: list[str] = []
        trouble = held.attempt(lambda: kinds.append(undoing.undo(held.sitting, held.meeting.id)))
        if trouble is not None:
            self.said.say(trouble.sentence, Tone.URGENT)
            return
        self._mine -= 1
        self.show_held()
        self._hush()
        self.said.say(self.tr("Taken back: %1.").replace("%1", held.pack.words("act", kinds[0])))
        if not self.undo.isEnabled():
            self.back.setFocus()

    def _on_why(self) -> None:
        """Say where the rule comes from behind the part in which the focus is, or behind the first one that has any."""
        asked = [part for part in self._parts if part.why is not None and part.why.isVisible()]
        focus = QApplication.focusWidget()
        part = next((part for part in asked if focus is not None and part.isAncestorOf(focus)), None)
        if why := (part or asked[0]).why if asked else None:
            why.click()

    def _on_esc(self) -> None:
        """Leave, but go back to a form that is open: in it Esc puts it away."""
        if self.forms.opened is None:
            self.left.emit()
        else:
            self.forms.go_to_opened()
