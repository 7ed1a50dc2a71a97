"""The page of all dates across the cases: what is late, what comes soon, and why each date is that day."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QButtonGroup, QLabel, QWidget

from app.models.base import Refused
from app.practice.finding import fill
from app.practice.words import counted, legal_day
from app.services import diary
from app.services.diary import Dated, Group
from app.services.keeping import NotWritten
from app.services.sitting import SaveFault, Sitting
from app.ui.dates.presenter import shown, summary
from app.ui.kit.asked import Asked
from app.ui.kit.days import NoSuchDay, read_day, written
from app.ui.kit.field import LineField
from app.ui.kit.filing import save_file
from app.ui.kit.form import Form
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group as Part
from app.ui.kit.page import Page, Row, button
from app.ui.kit.saying import Saying, Tone

_MOST_ROWS = 14
_OPEN = frozenset({Group.LATE, Group.SOON, Group.LATER})
_OFFERED = "dates.ics"


class DatesScreen(Page):
    """A list to work through; Return on a date says why it is that day."""

    left = Signal()
    case_wanted = Signal(object)

    def __init__(self, sitting: Sitting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sitting = sitting
        self._found: dict[UUID, Dated] = {}
        self._kinds = QButtonGroup(self)
        self._groups: list[frozenset[Group]] = []
        for text, groups in (
            (self.tr("&Open"), _OPEN),
            (self.tr("&Late"), frozenset({Group.LATE})),
            (self.tr("Soo&n"), frozenset({Group.SOON})),
            (self.tr("La&ter"), frozenset({Group.LATER})),
            (self.tr("&Done"), frozenset({Group.DONE})),
        ):
            choice = button(text)
            choice.setCheckable(True)
            self._kinds.addButton(choice, len(self._groups))
            self._groups.append(groups)
        self._kinds.button(0).setChecked(True)
        self._summary, self._count = plain(), plain()
        self._words = LineField(self.tr("Only with these &words"), self.tr("A case, a child or what is due."))
        # it stays chosen: the buttons below are about it
        self.listing = Listing(self.tr("Dates of all cases"), most_rows=_MOST_ROWS, stays=True)
        self.why, self.said = Saying(), Saying()
        self._keep = button(self.tr("It was done…"), self.tr("Ctrl+K"))
        self._case = button(self.tr("Open its &case"), self.tr("Ctrl+O"))
        self._save = button(self.tr("Save as a calenda&r file…"), self.tr("Ctrl+S"))
        self._back = button(self.tr("&Back"), self.tr("Alt+Left"))
        self.form = Form([Asked("day", self.tr("Day on which it was done"))])
        label = QLabel(self.tr("Dat&es, the soonest first"))
        label.setFont(heading(level=2).font())
        label.setBuddy(self.listing)
        self._list = Part(
            label, Row(*self._kinds.buttons()), self._words, self._count, self.listing,
            plain(self.tr("Return on a date says why it is that day.")), self.why, Row(self._keep, self._case),
            self.form,
        )  # fmt: skip
        self.add(heading(self.tr("Dates")), self._summary, self._list, Part(Row(self._save, self._back), self.said))
        self.end()
        self._connect()
        self._show()

    def _connect(self) -> None:
        self._kinds.idClicked.connect(lambda _number: self._list_them())
        self._words.line.textChanged.connect(lambda _text: self._list_them())
        self._words.entered.connect(self.listing.setFocus)
        self.listing.chosen.connect(self._on_chosen)
        self.listing.currentRowChanged.connect(lambda _row: self._on_another())
        self.form.saved.connect(self._on_kept)
        self.form.dropped.connect(self.listing.setFocus)
        acts: tuple[tuple[str, tuple[str, ...], Any, Callable[[], object]], ...] = (
            (self.tr("It was done"), ("Ctrl+K",), self._keep, self._on_keep),
            (self.tr("Open its &case"), ("Ctrl+O",), self._case, self._on_case),
            (self.tr("Save as a calenda&r file…"), ("Ctrl+S",), self._save, self._on_save),
            (self.tr("&Back to the home page"), ("Alt+Left",), self._back, self.left.emit),
        )
        for text, keys, pressed, act in acts:
            pressed.clicked.connect(lambda _checked=False, act=act: act())
            action = QAction(text, self)
            action.setShortcuts([QKeySequence(key) for key in keys])
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _checked=False, act=act: act())
            self.addAction(action)

    def title(self) -> str:
        """Return what the window is called: nothing of the record."""
        return self.tr("Dates")

    def focus_home(self) -> None:
        """Put the focus on the first date, or on the way back where there is none."""
        if self._found:
            self._on_another()
        (self.listing if self.listing.count() else self._back).setFocus()

    def save_to(self, path: Path) -> None:
        """Write the dates that are shown where somebody chose, and say where they went or why they did not."""
        try:
            diary.give_out(self._sitting, self._shown(), path)
        except (NotWritten, SaveFault) as fault:
            self.said.say(str(fault), Tone.URGENT)
        else:
            self.said.say(
                self.tr("Saved as %1. It names cases by their references, and no child.").replace("%1", path.name)
            )

    def _show(self) -> None:
        found = diary.dates_of_all(self._sitting)
        self._found = {one.id: one for one in found}
        self._summary.setText(summary(found))
        self._list.setVisible(bool(found))
        self._save.setEnabled(bool(found))
        self._list_them()

    def _shown(self) -> list[Dated]:
        return shown(list(self._found.values()), self._groups[self._kinds.checkedId()], self._words.text)

    def _list_them(self) -> None:
        now, lines = self._sitting.now(), self._shown()
        self._count.setText(counted(len(lines), self.tr("date"), self.tr("dates")))
        self.listing.show_entries([Entry(one.id, diary.line_of(one, now)) for one in lines])
        self.listing.setVisible(bool(lines))
        self._on_another()

    def _on_another(self) -> None:
        self.why.hush()
        one = self._found.get(self.listing.key)
        self._keep.setEnabled(one is not None and not one.let_go)
        done = one is not None and one.kept_on is not None
        self._keep.setText(self.tr("It is not done after all") if done else self.tr("It was done…"))
        self._case.setEnabled(one is not None)

    def _on_chosen(self, deadline_id: UUID) -> None:
        self.why.say(diary.why_of(self._found[deadline_id]))

    def _on_case(self) -> None:
        one = self._found.get(self.listing.key)
        if one is not None:
            self.case_wanted.emit(one.case_id)

    def _on_keep(self) -> None:
        one = self._found.get(self.listing.key)
        if one is None or one.let_go:
            return
        if one.kept_on is None:
            self.form.open(one.label, {"day": written(legal_day(self._sitting.now()))})
        else:
            self._act(lambda: diary.not_kept(self._sitting, one.id), self.tr("It is open again."))

    def _on_kept(self, values: dict[str, Any]) -> None:
        deadline_id = self.listing.key
        try:
            on = read_day(values["day"], legal_day(self._sitting.now()))
        except NoSuchDay as wrong:
            self.form.say(str(wrong), "day")
            return
        self._act(lambda: diary.keep(self._sitting, deadline_id, on), self.tr("Noted that it was done."))

    def _act(self, act: Callable[[], None], said: str) -> None:
        try:
            act()
        except Refused as refused:
            sentence = fill(self._sitting.pack.words("refusal", refused.rule), refused.words)
            if self.form.isHidden():
                self.said.say(sentence, Tone.URGENT)
            else:
                self.form.say(sentence, "day")
        except SaveFault as fault:
            self.said.say(str(fault), Tone.URGENT)
        else:
            self.form.close_up()
            self._show()
            self.said.say(said)
            self.listing.setFocus()

    def _on_save(self) -> None:
        if self._save.isEnabled() and (
            chosen := save_file(self, self.tr("Save as"), _OFFERED, self.tr("Calendar (*.ics)"))
        ):
            self.save_to(Path(chosen))
