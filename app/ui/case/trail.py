"""The page that shows who has done what with a case, to the person who asks for it."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QButtonGroup, QLabel, QWidget

from app.models.base import Refused
from app.practice.finding import fill
from app.practice.words import counted
from app.services import trailing
from app.services.keeping import NotWritten
from app.services.sitting import SaveFault, Sitting
from app.services.trailing import Group as Kind
from app.services.trailing import Soundness, Told
from app.ui.kit.filing import save_file
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Page, Row, button
from app.ui.kit.saying import Saying, Tone

_MOST_ROWS = 16


class TrailScreen(Page):
    """A list to read, the newest first, with what it can prove and what it cannot."""

    left = Signal()

    def __init__(self, sitting: Sitting, case_id: UUID, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sitting, self._case_id, self._lane = sitting, case_id, lane
        self._reference = trailing.reference_of(sitting, case_id)
        self._entries: list[Told] = []
        self._state = plain(self.tr("Reading the list and checking its chain…"))
        self._count = plain()
        self.said = Saying()
        self.listing = Listing(self.tr("Who has done what"), most_rows=_MOST_ROWS)
        self._save = button(self.tr("&Save this list as…"), self.tr("Ctrl+S"))
        self._back = button(self.tr("&Back to the case"), self.tr("Esc"))
        self._kinds = QButtonGroup(self)
        shown: list[tuple[str, Kind | None]] = [
            (self.tr("&Everything"), None),
            (self.tr("&Reading"), Kind.READING),
            (self.tr("&Changes"), Kind.CHANGE),
            (self.tr("&Given out"), Kind.GIVEN_OUT),
        ]
        self._wanted = [kind for _, kind in shown]
        for number, (text, _) in enumerate(shown):
            choice = button(text)
            choice.setCheckable(True)
            self._kinds.addButton(choice, number)
        self._kinds.button(0).setChecked(True)
        label = QLabel(self.tr("&Who has done what, the newest first"))
        label.setFont(heading(level=2).font())
        label.setBuddy(self.listing)
        self.add(
            heading(self.tr("Case %1: who has done what").replace("%1", self._reference)),
            Group(self._state, plain(trailing.WHAT_IT_PROVES)),
            Group(label, Row(*self._kinds.buttons()), self._count, self.listing),
            Group(Row(self._save, self._back), self.said),
        )
        self.end()
        self._connect()
        self._save.setEnabled(False)
        lane.run(self._read, self, self._on_failed)

    def _connect(self) -> None:
        self._kinds.idClicked.connect(lambda _number: self._show())
        self._save.clicked.connect(self._on_save)
        self._back.clicked.connect(self.left)
        acts: tuple[tuple[str, tuple[str, ...], Callable[[], object]], ...] = (
            (self.tr("&Save this list as…"), ("Ctrl+S",), self._on_save),
            # the second is what leads back from the case itself
            (self.tr("&Back to the case"), ("Esc", "Alt+Left"), self.left.emit),
        )
        for text, keys, act in acts:
            action = QAction(text, self)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _checked=False, act=act: act())
            self.addAction(action)

    def title(self) -> str:
        """Return what the window is called: the case's reference."""
        return self._reference

    def focus_home(self) -> None:
        """Put the focus on what is chosen of the list."""
        self._kinds.buttons()[max(self._kinds.checkedId(), 0)].setFocus()

    def save_to(self, path: Path) -> None:
        """Write the list where somebody chose, and say where it went or why it did not."""
        sitting, case_id = self._sitting, self._case_id

        def save() -> Answer:
            trailing.save(sitting, case_id, path)
            return lambda: self.said.say(self.tr("Saved as %1.").replace("%1", path.name))

        self._lane.run(save, self, self._on_failed)

    def _read(self) -> Answer:
        entries, holds = trailing.look_at(self._sitting, self._case_id)
        return lambda: self._on_read(entries, holds)

    def _on_read(self, entries: list[Told], holds: Soundness) -> None:
        self._entries = entries
        self._state.setText(holds.sentence)
        self._save.setEnabled(True)
        if holds.breaks:
            self.said.say(holds.sentence, Tone.URGENT)
        self._show()

    def _show(self) -> None:
        wanted = self._wanted[self._kinds.checkedId()]
        shown = [entry for entry in self._entries if wanted in {None, entry.group}]
        of = "" if wanted is None else self.tr(" of %1").replace("%1", str(len(self._entries)))
        self._count.setText(f"{counted(len(shown), self.tr('entry'), self.tr('entries'))}{of}")
        self.listing.show_entries([Entry(entry.seq, trailing.line_of(entry)) for entry in shown])
        self.listing.setVisible(bool(shown))

    def _on_save(self) -> None:
        if self._save.isEnabled():
            offered = f"{_plain_name(self._reference)}-trail.txt"
            if chosen := save_file(self, self.tr("Save as"), offered, self.tr("Text (*.txt)")):
                self.save_to(Path(chosen))

    def _on_failed(self, failure: Exception) -> None:
        if isinstance(failure, Refused):
            self.said.say(fill(self._sitting.pack.words("refusal", failure.rule), failure.words), Tone.URGENT)
        elif isinstance(failure, NotWritten | SaveFault):
            self.said.say(str(failure), Tone.URGENT)
        else:
            self._state.setText(self.tr("The list could not be read."))
            raise failure


def _plain_name(reference: str) -> str:
    """Return a reference with what no file system takes replaced."""
    kept = "".join(c if c.isalnum() or c in "-_." else "-" for c in reference).strip(".-") or "case"
    return kept[:80]
