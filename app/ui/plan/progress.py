"""A part of the page of a plan: what a core group or a review found of each outcome and action."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from app.models.base import Refused
from app.models.plan import Done, Outcome
from app.practice.finding import fill
from app.services import plan_look, planning
from app.services.plan_look import AtMeeting, Look, Told
from app.services.sitting import SaveFault, Sitting
from app.ui.kit.form import Form
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group
from app.ui.plan import presenter

_MOST_ROWS = 14


class ProgressPart(Group):
    """The outcomes and actions of the plan that stood when the meeting began; ``told`` with a sentence for each."""

    told = Signal(str)
    opened = Signal(object)

    def __init__(self, sitting: Sitting, meeting_id: UUID | None) -> None:
        self._sitting, self._meeting_id = sitting, meeting_id
        self._look: Look | None = None
        self._at: AtMeeting | None = None
        self.state, self._count = plain(), plain()
        label = QLabel(self.tr("Ou&tcomes and actions"))
        label.setFont(heading(level=2).font())
        self.listing = Listing(self.tr("Outcomes and actions"), most_rows=_MOST_ROWS, stays=True)
        label.setBuddy(self.listing)
        hint = plain(self.tr("Return on one says how far it has come and what changed for the child."))
        self._rows = Group(label, self._count, self.listing, hint)
        self.form: Form | None = None
        self.line: UUID | None = None
        super().__init__(self.state, self._rows)
        self.listing.chosen.connect(lambda line: self.open(line, {}))

    def show_look(self, look: Look) -> None:
        """Show what there is to tell of a child's plan in this meeting, and what was told."""
        self._look = look
        self._at = plan_look.at_meeting(self._sitting, self._meeting_id, look.child.id) if self._meeting_id else None
        said = presenter.no_progress(self._at, look)
        self.state.setText(said)
        self.state.setVisible(bool(said))
        told = self._at.told if self._at else ()
        self._rows.setVisible(bool(told))
        self._count.setText(presenter.told_so_far(self._at) if self._at and told else "")
        self.listing.show_entries([Entry(one.entry.line, presenter.told_words(one, look.pack)) for one in told])

    def open(self, line: UUID, values: Mapping[str, Any]) -> None:
        """Open the form about one outcome or action; what it holds unsaved goes first."""
        found = self._found(line)
        if self.form is not None:
            self.form.field("done").setFocus()
            return
        if found is None or self._look is None or self._at is None or not self._at.in_session:
            return
        self.line = line
        self.form = Form(presenter.progress_asked(found, self._look.name, self._look.pack))
        self.column.addWidget(self.form)
        self.form.saved.connect(self._on_saved)
        self.form.dropped.connect(self.put_away)
        before = found.progress
        known = {"done": before.done, "change": before.change, "evidence": before.evidence} if before else {}
        self.form.open(found.entry.text, {**known, **values})
        self.opened.emit(self.form)

    def typed(self) -> Mapping[str, Any] | None:
        """Return what is half typed; None where no form is open."""
        return self.form.values if self.form else None

    def is_entering(self) -> bool:
        """Return whether a form is open."""
        return self.form is not None

    def put_away(self) -> None:
        """Put the form away."""
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form, self.line = None, None
            self.listing.setFocus()

    def focus_first(self) -> None:
        """Put the focus on the first outcome or action of which nothing is told."""
        self._go_to_next()
        self.listing.setFocus()

    def _found(self, line: UUID) -> Told | None:
        return next((one for one in self._at.told if one.entry.line == line), None) if self._at else None

    def _go_to_next(self) -> None:
        rows = [row for row, one in enumerate(self._at.told) if one.progress is None] if self._at else []
        if rows:
            self.listing.setCurrentRow(rows[0])

    def _on_saved(self, values: Mapping[str, Any]) -> None:
        look, line, form, meeting_id = self._look, self.line, self.form, self._meeting_id
        found = self._found(line) if line else None
        if look is None or found is None or form is None or line is None or meeting_id is None:
            return
        try:
            planning.note_progress(
                self._sitting, meeting_id, look.child.id, line, Done(values["done"]),
                change=values["change"], evidence=values["evidence"],
            )  # fmt: skip
        except Refused as refused:
            sentence = fill(look.pack.words("refusal", refused.rule), refused.words)
            form.say(sentence, "change" if refused.rule == "progress.change-missing" else "")
        except SaveFault as fault:
            form.say(str(fault))
        else:
            self.put_away()
            self.show_look(look)
            kind = self.tr("outcome") if isinstance(found.entry, Outcome) else self.tr("action")
            self.told.emit(self.tr("Noted for the %1 “%2”.").replace("%1", kind).replace("%2", found.entry.text))
            self.focus_first()
