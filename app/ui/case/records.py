"""A part of the case page: a list of records, and the form that adds or changes one of them in place."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from app.models.base import Refused
from app.models.case import Child, Fact, Person
from app.practice.finding import fill
from app.practice.pack import Pack
from app.ui.case.presenter import Line, facts_from, field_of, values_of
from app.ui.kit.asked import Asked
from app.ui.kit.days import NoSuchDay
from app.ui.kit.form import Form
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading
from app.ui.kit.page import Group, Row, button

Save = Callable[[UUID | None, dict[str, Fact]], object]


class Records(Group):
    """Children, or people, of a case; ``changed`` when one was saved."""

    changed = Signal()

    def __init__(self, title: str, add: str, asked: list[Asked], pack: Pack, save: Save) -> None:
        label = QLabel(title)
        label.setFont(heading(level=2).font())
        self.listing = Listing(title.replace("&", ""))
        label.setBuddy(self.listing)
        self.form = Form(asked)
        self._add = button(add)
        super().__init__(label, self.listing, Row(self._add), self.form)
        self._asked, self._pack, self._save = asked, pack, save
        self._records: dict[UUID, Child | Person] = {}
        self._editing: UUID | None = None
        self._today = date.min
        self._add.clicked.connect(self.open_new)
        self.listing.chosen.connect(self._on_chosen)
        self.form.saved.connect(self._on_saved)
        self.form.dropped.connect(self._on_dropped)

    def show_records(self, records: Sequence[Child] | Sequence[Person], lines: Sequence[Line], today: date) -> None:
        """Show these records, each in its words."""
        self._records = {record.id: record for record in records}
        self._today = today
        self.listing.show_entries([Entry(line.id, line.text, names=[self._records[line.id].name]) for line in lines])
        self.listing.setVisible(bool(lines))

    def open_new(self) -> None:
        """Open the form for somebody new."""
        self._editing = None
        self.form.open(self._add.text().replace("&", ""), {})

    def holds_text(self) -> bool:
        """Return whether the form is open."""
        return not self.form.isHidden()

    def _on_chosen(self, record_id: UUID) -> None:
        record = self._records[record_id]
        self._editing = record_id
        self.form.open(record.name, values_of(record, self._asked))

    def _on_saved(self, values: dict[str, Any]) -> None:
        key = ""
        try:
            for key in ("born", "expected"):
                facts_from({k: v for k, v in values.items() if k == key}, self._today)
            self._save(self._editing, facts_from(values, self._today))
        except NoSuchDay as wrong:
            self.form.say(str(wrong), key)
            return
        except Refused as refusal:
            sentence = fill(self._pack.words("refusal", refusal.rule), refusal.words)
            self.form.say(sentence, field_of(refusal.rule))
            return
        self.form.close_up()
        self.changed.emit()
        self._on_dropped()

    def _on_dropped(self) -> None:
        (self.listing if self.listing.count() else self._add).setFocus()
