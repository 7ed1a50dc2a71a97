"""A part of the page of a plan: the plan as it stands, its history, and the form that ends it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from app.models.base import Refused
from app.practice.finding import fill
from app.services import planning
from app.services.plan_look import Look
from app.services.sitting import SaveFault, Sitting
from app.ui.kit.days import NoSuchDay, read_day, written
from app.ui.kit.form import Form
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying
from app.ui.plan import presenter

_MOST_ROWS = 30
_FIELDS = {"plan.end-words-missing": "words", "plan.end-out-of-range": "on", "plan.unknown-end-reason": "reason"}


class StandsPart(Group):
    """What a child's plan says, and what each revision changed; ``ended`` with a sentence when the plan was ended."""

    ended = Signal(str)
    opened = Signal(object)

    def __init__(self, sitting: Sitting, meeting_id: UUID | None) -> None:
        self._sitting, self._meeting_id = sitting, meeting_id
        self._look: Look | None = None
        self.worth, self.changed, self.origin = Saying(), Saying(), Saying()
        self._sections = Group(gap=1)
        label = QLabel(self.tr("Revision&s, the latest first"))
        label.setFont(heading(level=2).font())
        # it stays chosen: what it changed is shown below
        self.history = Listing(self.tr("Revisions, the latest first"), stays=True)
        label.setBuddy(self.history)
        self.end = button(self.tr("&End the plan…"))
        self._from = button(self.tr("Where does this c&ome from?"), self.tr("F1"))
        self.form: Form | None = None
        self._past = Group(label, self.history, self.changed)
        super().__init__(self.worth, self._sections, self._past, Row(self.end, self._from), self.origin, gap=1)
        self.history.chosen.connect(self._on_revision)
        self.history.currentRowChanged.connect(lambda _row: self.changed.hush())
        self.end.clicked.connect(lambda: self.open_end({}))
        self._from.clicked.connect(self.show_origin)

    def show_look(self, look: Look) -> None:
        """Show a child's plan as it stands."""
        self._look = look
        self.worth.say(presenter.standing(look, in_meeting=self._meeting_id is not None))
        while (item := self._sections.column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                # out of the page at once, so that nothing finds it there any more
                old.setParent(None)
                old.deleteLater()
        for section in presenter.sections(look, look.running) if look.running else ():
            listing = Listing(section.heading, most_rows=_MOST_ROWS)
            listing.show_entries([Entry(number, row) for number, row in enumerate(section.rows)])
            self._sections.column.addWidget(Group(heading(section.heading, 2), listing, gap=0.3))
        rows = [Entry(one.plan.id, presenter.revision(one, look.pack)) for one in reversed(look.history)]
        self.history.show_entries(rows)
        self.history.setCurrentRow(0)
        self._past.setVisible(bool(rows))
        self.end.setVisible(look.running is not None)
        self.changed.hush()
        self.origin.hush()

    def focus_first(self) -> None:
        """Put the focus on what is read first."""
        first = self._sections.findChild(Listing) if self._look and self._look.running else self.history
        (first or self.history).setFocus()

    def typed(self) -> Mapping[str, Any] | None:
        """Return what is half typed in the form that ends the plan; None where it is not open."""
        return self.form.values if self.form else None

    def open_end(self, values: Mapping[str, Any]) -> None:
        """Open the form that ends the plan."""
        if self._look is None or self.form is not None:
            return
        self.form = Form(presenter.end_asked(self._look.pack, self._look.today), save=self.tr("End the plan &now"))
        self.column.addWidget(self.form)
        self.form.saved.connect(self._on_end)
        self.form.dropped.connect(self.put_away)
        self.form.open(
            self.tr("End the plan of %1").replace("%1", self._look.name),
            {"on": written(self._look.today)} | dict(values),
        )
        self.opened.emit(self.form)

    def is_entering(self) -> bool:
        """Return whether a form is open."""
        return self.form is not None

    def put_away(self) -> None:
        """Put the form that ends the plan away."""
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
            self.end.setFocus()

    def _on_revision(self, plan_id: UUID) -> None:
        if self._look is not None:
            found = next(one for one in self._look.history if one.plan.id == plan_id)
            self.changed.say(presenter.changed(found, self._look.pack))

    def show_origin(self) -> None:
        """Say where the rules of the plan come from, or say it no more."""
        if self.origin.text:
            self.origin.hush()
        elif self._look is not None:
            self.origin.say(presenter.origins(self._look, ending=self.form is not None))

    def _on_end(self, values: Mapping[str, Any]) -> None:
        look, form = self._look, self.form
        if look is None or form is None:
            return
        try:
            on = read_day(values["on"], look.today)
            plan = planning.end(
                self._sitting, look.child.id, values["reason"], values["words"], meeting_id=self._meeting_id, on=on
            )
        except NoSuchDay as wrong:
            form.say(str(wrong), "on")
        except Refused as refused:
            sentence = fill(look.pack.words("refusal", refused.rule), refused.words)
            form.say(sentence, _FIELDS.get(refused.rule, ""))
        except SaveFault as fault:
            form.say(str(fault))
        else:
            self.put_away()
            self.ended.emit(presenter.ended(plan, look.name))
