"""The page of one child's plan: how it stands, the next revision while it is written, and its progress."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QButtonGroup, QComboBox, QWidget

from app.models.base import Refused
from app.practice.children import called
from app.services import plan_look
from app.services.plan_draft import Draft
from app.services.plan_look import Look
from app.services.sitting import Sitting
from app.ui.kit.field import Field
from app.ui.kit.lane import Lane
from app.ui.kit.look import heading
from app.ui.kit.page import Page, Row, button
from app.ui.kit.saying import Saying
from app.ui.kit.unfinished import Unreadable, from_words, to_words
from app.ui.plan import asking, presenter
from app.ui.plan.progress import ProgressPart
from app.ui.plan.stands import StandsPart
from app.ui.plan.writing import WritingPart

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

STANDS, WRITING, PROGRESS = range(3)


@dataclass(slots=True)
class Typed:
    """An open form that is not saved: of which list, of which line, and what is typed."""

    part: str = ""
    key: str = ""
    values: dict[str, str | bool] = field(default_factory=dict)


@dataclass(slots=True)
class Unsaved:
    """What the page holds that is not saved; None where there is nothing of it."""

    shown: int
    draft: Draft | None = None
    line: Typed | None = None
    progress: Typed | None = None
    ending: Typed | None = None
    # how many revisions there were when it was typed
    revisions: int = 0


class PlanScreen(Page):
    """``left`` where somebody leaves the page, ``child_wanted`` with the child of the case whose plan is asked for."""

    left = Signal()
    child_wanted = Signal(object)

    def __init__(
        self,
        sitting: Sitting,
        child_id: UUID,
        lane: Lane,  # noqa: ARG002 - whoever shows a page gives it one, and nothing here takes so long
        meeting_id: UUID | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sitting, self._child_id = sitting, child_id
        self._heading, self._part, self.said = heading(), heading(level=2), Saying()
        self.children_box = QComboBox()
        self._own_row = 0
        self._children = Field(self.tr("Plan of another &child"), self.children_box)
        self.stands = StandsPart(sitting, meeting_id)
        self.writing = WritingPart(sitting, meeting_id)
        self.progress = ProgressPart(sitting, meeting_id)
        self._parts = (self.stands, self.writing, self.progress)
        self.choices = QButtonGroup(self)
        for number, text in enumerate(
            (self.tr("How &it stands"), self.tr("&Write the next revision"), self.tr("&Progress"))
        ):
            choice = button(text)
            choice.setCheckable(True)
            self.choices.addButton(choice, number)
        self._back = button(self.tr("&Back"), self.tr("Esc"))
        self.add(
            self._heading,
            self._children,
            Row(*self.choices.buttons()),
            self.said,
            self._part,
            *self._parts,
            Row(self._back),
        )
        self.end()
        self._connect()
        self._show(STANDS)

    def _connect(self) -> None:
        self.choices.idClicked.connect(self._on_choice)
        self.children_box.activated.connect(self._on_child)
        self._back.clicked.connect(self.left)
        self.stands.ended.connect(self._on_done)
        self.writing.saved.connect(self._on_saved)
        self.progress.told.connect(self.said.say)
        for part in self._parts:
            part.opened.connect(self._bring_up)
        self.left_by_esc(self._on_esc)
        origin = QAction(self.tr("Where does this come &from?"), self)
        origin.setShortcut(QKeySequence("F1"))
        origin.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        origin.triggered.connect(self._on_origin)
        self.addAction(origin)

    def title(self) -> str:
        """Return what the window is called: nothing of the record."""
        return self.tr("Child protection plan")

    def focus_home(self) -> None:
        """Put the focus on the part that is shown."""
        self.choices.button(self.choices.checkedId()).setFocus()

    def showEvent(self, event: "QShowEvent") -> None:
        """Show the plan as it is now, where something was recorded elsewhere meanwhile; a draft stays."""
        super().showEvent(event)
        if self._read_at != self._sitting.store.saved.seq:
            self._show(self.choices.checkedId())
            self._freshen(WRITING)

    def holds_text(self) -> bool:
        """Return whether a draft or an open form is not saved."""
        forms = (self.writing.entering, self.progress.form, self.stands.form)
        return self.writing.is_changed() or any(form is not None for form in forms)

    def unsaved(self) -> str | None:
        """Return what is not saved, as words for ``put_back``; None where nothing is."""
        if not self.holds_text():
            return None
        entering, told, ending = self.writing.entering, self.progress.typed(), self.stands.typed()
        return to_words(
            Unsaved(
                self.choices.checkedId(),
                self.writing.draft if self.writing.is_changed() else None,
                Typed(entering.part, entering.key, entering.form.values) if entering is not None else None,
                Typed(key=str(self.progress.line), values=dict(told)) if told is not None else None,
                Typed(values=dict(ending)) if ending is not None else None,
                len(self._look.history),
            )
        )

    def put_back(self, words: str) -> None:
        """Show what another screen of this plan left unsaved; raises ``Unreadable``."""
        found = from_words(Unsaved, words)
        try:
            draft = asking.again(found.draft) if found.draft else None
            line = UUID(found.progress.key) if found.progress else None
        except (Refused, ValueError):
            # its own text would hold the words
            raise Unreadable from None
        if found.shown not in (STANDS, WRITING, PROGRESS) or (found.line and found.line.part not in asking.FORMS):
            raise Unreadable
        for part in (STANDS, WRITING, PROGRESS):
            self._freshen(part)
        self._turn_to(found.shown)
        if draft is not None:
            self.writing.put_back(draft, overtaken=found.revisions != len(self._look.history))
        if found.line is not None:
            self.writing.open(found.line.part, found.line.key, found.line.values)
        if found.progress is not None and line is not None:
            self.progress.open(line, found.progress.values)
        if found.ending is not None:
            self.stands.open_end(found.ending.values)

    def _show(self, part: int) -> Look:
        """Show the plan anew, with ``part`` of the page, and return what is known of it."""
        look = plan_look.look(self._sitting, self._child_id)
        self._read_at = self._sitting.store.saved.seq
        self.children_box.clear()
        names = called(look.children)
        for child in look.children:
            self.children_box.addItem(child.name if names[child.id] in child.name else names[child.id], child.id)
        self._own_row = [child.id for child in look.children].index(self._child_id)
        self.children_box.setCurrentIndex(self._own_row)
        own = self.children_box.currentText()
        self._heading.setText(self.tr("Child protection plan of %1").replace("%1", own))
        self._children.setVisible(len(look.children) > 1)
        self._look, self._stale = look, {STANDS, WRITING, PROGRESS}
        self._turn_to(part)
        return look

    def _freshen(self, part: int) -> None:
        """Let a part of the page show the plan as it is now, which only those that are looked at need to know."""
        if part in self._stale:
            self._stale.discard(part)
            self._parts[part].show_look(self._look)

    def _turn_to(self, part: int) -> None:
        self._freshen(part)
        self.choices.button(part).setChecked(True)
        # in words too: which button is down is seen by its shade alone
        self._part.setText(self.choices.button(part).text().replace("&", ""))
        for number, shown in enumerate(self._parts):
            shown.setVisible(number == part)

    def _bring_up(self, form: QWidget) -> None:
        """Show a form from its top on, so that what is pointed out below a field is in sight."""

        def bring_up() -> None:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + form.mapTo(self.viewport(), QPoint()).y())

        # once it has its place
        QTimer.singleShot(0, form, bring_up)

    def _on_choice(self, part: int) -> None:
        self.said.hush()
        self._turn_to(part)
        self._parts[part].focus_first()

    def _on_child(self, row: int) -> None:
        if row != self._own_row:
            # this page stays about its own child
            self.children_box.setCurrentIndex(self._own_row)
            self.child_wanted.emit(self.children_box.itemData(row))

    def _on_saved(self) -> None:
        look = self._show(STANDS)
        self.said.say(presenter.saved(look.history[-1], look.pack))
        self.focus_home()

    def _on_done(self, said: str) -> None:
        self._show(STANDS)
        self.said.say(said)
        self.focus_home()

    def _on_origin(self) -> None:
        """Say where the rules come from behind what is shown; of an open line, those behind the line."""
        shown, entering = self.choices.checkedId(), self.writing.entering
        if shown == STANDS:
            self.stands.show_origin()
            QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self.stands.origin))
        elif shown == WRITING and entering is not None and entering.explains:
            entering.show_origin()
        else:
            self.said.say(presenter.origins(self._look, ending=False))
            self.ensureWidgetVisible(self.said)

    def _on_esc(self) -> None:
        """Put an open form away, which keeps what was there before it; leave the page where there is none."""
        shown = self._parts[self.choices.checkedId()]
        if shown.is_entering():
            shown.put_away()
        else:
            self.left.emit()
