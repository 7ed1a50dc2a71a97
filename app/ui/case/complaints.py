"""A part of the case page: complaints about its meetings, stage by stage, with their clock."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal

from app.models.base import Refused
from app.models.case import Case
from app.models.meeting import Meeting
from app.models.participation import Complaint
from app.practice.finding import fill
from app.practice.participation import next_stage
from app.practice.words import legal_day
from app.services import participation
from app.services.sitting import SaveFault, Sitting
from app.ui.case.complaint_words import FIELDS, asked, end_asked, line_of, route_of, told
from app.ui.case.presenter import meeting_line, ordered
from app.ui.kit.days import NoSuchDay, read_day
from app.ui.kit.form import Form
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying, Tone


class ComplaintsPart(Group):
    """The complaints of one case, the latest first; what is said and done below the list is about the row chosen."""

    changed = Signal()

    def __init__(self, sitting: Sitting, case_id: UUID) -> None:
        self._sitting, self._case_id = sitting, case_id
        self._found: dict[UUID, Complaint] = {}
        self._over: list[Meeting] = []
        self._names: list[str] = []
        self.listing = Listing(self.tr("Complaints"), stays=True)
        label = heading(self.tr("Complaints"), 2)
        self._none, self.told = plain(), plain()
        self.add = button(self.tr("&Record a complaint…"))
        self.route = button(self.tr("How complaints go, and where that comes from"))
        self.move_on = button(self.tr("Move it on to the next stage"))
        self.close_it = button(self.tr("Close it…"))
        self.said, self.why = Saying(), Saying()
        self.form = Form([])
        self._save: Callable[[dict[str, Any]], str] = str
        self._acts, self._more = Row(self.move_on, self.close_it), Row(self.add)
        super().__init__(
            label, self._none, self.listing, self.told, self._acts, self._more, Row(self.route), self.said, self.why,
            self.form,
        )  # fmt: skip
        self.listing.currentRowChanged.connect(lambda _row: self._on_another())
        self.add.clicked.connect(self._on_add)
        self.route.clicked.connect(lambda: self.why.say(route_of(sitting.pack)))
        self.move_on.clicked.connect(self._on_move_on)
        self.close_it.clicked.connect(self._on_close)

    def show_case(self, case: Case) -> None:
        """Show the complaints about the meetings of a case, and let one be recorded about those that are over."""
        self._over = [meeting for meeting in ordered(case) if meeting.concluded_at is not None]
        self._names = [meeting_line(meeting, case, self._sitting).text for meeting in self._over]
        self._show()

    def holds_text(self) -> bool:
        """Return whether the form is open."""
        return not self.form.isHidden()

    def _show(self) -> None:
        found, pack = participation.complaints(self._sitting, self._case_id), self._sitting.pack
        now = self._sitting.now()
        self._found = {one.id: one for one in found}
        stands = pack.words("minutes", "complaint_stands")
        none = (
            self.tr("There is none.") if self._over else self.tr("There is none; one is about a meeting that is over.")
        )
        self._none.setText(stands if found else f"{none} {stands}")
        self.listing.setVisible(bool(found))
        self.listing.show_entries(
            [Entry(one.id, line_of(one, self._sitting.pack_of(one.meeting), now)) for one in found]
        )
        if found and self.listing.currentRow() < 0:
            self.listing.setCurrentRow(0)
        self._on_another()

    def _on_another(self) -> None:
        one = self._found.get(self.listing.key)
        if not self.holds_text():
            self.add.setEnabled(bool(self._over))
        self.told.setVisible(one is not None)
        self._acts.setVisible(one is not None and one.closed_on is None)
        if one is not None:
            pack = self._sitting.pack_of(one.meeting)
            self.told.setText(told(one, pack, self._sitting.now()))
            self.move_on.setVisible(next_stage(one.stage, pack) is not None)

    def _open(self, form: Form, title: str, save: Callable[[dict[str, Any]], str]) -> None:
        self.said.hush()
        self.form.deleteLater()
        self.form, self._save = form, save
        self.column.addWidget(form)
        form.saved.connect(lambda values: self._act(lambda: self._save(values)))
        form.dropped.connect(self._on_closed)
        self._let_act(False)
        form.open(title, {})

    def _on_closed(self) -> None:
        self._let_act(True)
        self._settle_focus()

    def _let_act(self, free: bool) -> None:
        # what is typed is about the row chosen, and no other form takes its place
        for part in (self.listing, self._acts, self._more):
            part.setEnabled(free)

    def _settle_focus(self) -> None:
        (self.listing if self.listing.count() else self.add).setFocus()

    def _on_add(self) -> None:
        def save(values: dict[str, Any]) -> str:
            came = self._day(values["day"])
            made = participation.complain(
                self._sitting, values["meeting"], values["who"], values["about"], received_on=came
            )
            self._found[made.id] = made
            return self.tr("The complaint is recorded. The decision stands meanwhile.")

        self._open(Form(asked(self._over, self._names)), self.tr("A complaint about a meeting"), save)

    def _on_move_on(self) -> None:
        one = self._found.get(self.listing.key)

        def move_on(complaint_id: UUID) -> str:
            participation.move_on(self._sitting, complaint_id)
            return self.tr("It is on the next stage.")

        if one is not None:
            self._act(lambda: move_on(one.id))

    def _on_close(self) -> None:
        one = self._found.get(self.listing.key)
        if one is None:
            return
        complaint_id = one.id

        def save(values: dict[str, Any]) -> str:
            participation.close_complaint(
                self._sitting, complaint_id, values["outcome"], on=self._day(values["day"])
            )  # fmt: skip
            return self.tr("The complaint is closed.")

        self._open(Form(end_asked()), self.tr("Closing the complaint of %1").replace("%1", one.who), save)

    def _day(self, words: str) -> date | None:
        return read_day(words, legal_day(self._sitting.now())) if words.strip() else None

    def _act(self, act: Callable[[], str]) -> None:
        """Do an act that returns what is said of it; what is wrong is said at the open form, where there is one."""
        try:
            said = act()
        except NoSuchDay as wrong:
            self._say_wrong(str(wrong), "day")
        except Refused as refused:
            sentence = fill(self._sitting.pack.words("refusal", refused.rule), refused.words)
            self._say_wrong(sentence, FIELDS.get(refused.rule, ""))
        except SaveFault as fault:
            self._say_wrong(str(fault))
        else:
            if self.holds_text():
                self.form.close_up()
                self._let_act(True)
            self._show()
            self.said.say(said)
            self._settle_focus()
            self.changed.emit()

    def _say_wrong(self, sentence: str, key: str = "") -> None:
        if self.holds_text():
            self.form.say(sentence, key)
        else:
            self.said.say(sentence, Tone.URGENT)
