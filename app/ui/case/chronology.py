"""A part of the case page: what happened in the children's lives, and the form that records something more."""

from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from app.models.base import Refused
from app.models.case import Child
from app.models.event import EventKind
from app.practice.children import called, in_full
from app.practice.finding import fill
from app.practice.words import legal_day
from app.services import chronology
from app.services.sitting import SaveFault, Sitting
from app.ui.case.chronology_words import asked, line_of
from app.ui.kit.days import NoSuchDay
from app.ui.kit.form import Form
from app.ui.kit.hours import NoSuchHour, read_when
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying, Tone

_FIELDS = {
    "event.text-missing": "text", "event.in-future": "day", "event.child-missing": "child",
    "event.before-birth": "day", "event.after-death": "day", "event.name-missing": "name",
}  # fmt: skip


class ChronologyPart(Group):
    """The chronology of one case, the latest first; ``changed`` when it was, with the dates and children it changed."""

    changed = Signal()

    def __init__(self, sitting: Sitting, case_id: UUID) -> None:
        self._sitting, self._case_id = sitting, case_id
        self.listing = Listing("", stays=True)
        self.listing.setAccessibleName(self.tr("Chronology"))
        label = QLabel(self.tr("Chronolog&y"))
        label.setFont(heading(level=2).font())
        label.setBuddy(self.listing)
        self._add = button(self.tr("Add to the chronolo&gy"))
        self._back = button(self.tr("Take this entry back"))
        self.said = Saying()
        self.form = Form(asked([], sitting.pack))
        self._none = plain(self.tr(
            "Nothing is recorded yet. Add a birth, a move, a visit or whatever else happened: dates that rest on it "
            "are counted again."
        ))  # fmt: skip
        super().__init__(label, self._none, self.listing, Row(self._add, self._back), self.said, self.form)
        self._names: list[str] = []
        self._add.clicked.connect(self.open_new)
        self._back.clicked.connect(self._on_take_back)
        self.listing.currentRowChanged.connect(lambda _row: self._on_another())
        self._connect_form()

    def show_events(self, children: list[Child]) -> None:
        """Show what happened in the case; ``children`` are those it may have happened to."""
        found = chronology.chronology(self._sitting, self._case_id)
        pack, named = self._sitting.pack, called(children)
        self.listing.show_entries([Entry(one.id, line_of(one, pack, named)) for one in found])
        self.listing.setVisible(bool(found))
        self._none.setVisible(not found)
        if list(in_full(children).values()) != self._names:
            self._replace_form(children)
        self._on_another()

    def open_new(self) -> None:
        """Open the form for something that happened."""
        self.form.open(self.tr("What happened"), {})

    def holds_text(self) -> bool:
        """Return whether the form is open."""
        return not self.form.isHidden()

    def _replace_form(self, children: list[Child]) -> None:
        if self.holds_text():
            return
        self._names = list(in_full(children).values())
        self.form.deleteLater()
        self.form = Form(asked(children, self._sitting.pack))
        self.column.addWidget(self.form)
        self._connect_form()

    def _connect_form(self) -> None:
        self.form.saved.connect(self._on_saved)
        self.form.dropped.connect(self._add.setFocus)

    def _on_another(self) -> None:
        self._back.setEnabled(self.listing.key is not None)

    def _on_saved(self, values: dict[str, Any]) -> None:
        try:
            chronology.record_event(
                self._sitting, self._case_id, EventKind(values["kind"]), values["text"],
                read_when(values["day"], values["hour"], legal_day(self._sitting.now())),
                child=values["child"], source=values["source"], alone=values["alone"], name=values["name"],
            )  # fmt: skip
        except NoSuchDay as wrong:
            self.form.say(str(wrong), "day")
        except NoSuchHour as wrong:
            self.form.say(str(wrong), "hour")
        except Refused as refused:
            sentence = fill(self._sitting.pack.words("refusal", refused.rule), refused.words)
            self.form.say(sentence, _FIELDS.get(refused.rule, "day" if refused.rule.startswith("child.") else ""))
        except SaveFault as fault:
            self.form.say(str(fault))
        else:
            self.form.close_up()
            self.said.hush()
            self.changed.emit()
            self._add.setFocus()

    def _on_take_back(self) -> None:
        event_id = self.listing.key
        if event_id is None:
            return
        try:
            chronology.take_back(self._sitting, event_id)
        except Refused as refused:
            self.said.say(fill(self._sitting.pack.words("refusal", refused.rule), refused.words), Tone.URGENT)
        except SaveFault as fault:
            self.said.say(str(fault), Tone.URGENT)
        else:
            self.said.say(self.tr("The entry was taken back, with the dates it had changed."))
            self.changed.emit()
