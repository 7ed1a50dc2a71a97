"""A part of the page: the state of the quorum, what is done without it, and the decisions that are provisional."""

from typing import Any

from PySide6.QtWidgets import QPushButton

from app.models.conduct import WithoutQuorum
from app.services import conduct
from app.ui.conduct import presenter
from app.ui.conduct.held import Held
from app.ui.conduct.part import Forms, Part, combo, titled
from app.ui.kit.asked import Asked, Kind
from app.ui.kit.form import Form
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying

WITHOUT = "without-quorum"
_FIELDS = {
    "quorum.reason-missing": "reason", "quorum.ground-missing": "ground", "quorum.second-in-a-row": "agreed_by",
    "quorum.unknown-choice": "choice",
}  # fmt: skip


class QuorumPart(Part):
    """The quorum in words, the choices of the pack where it is missing, and each provisional decision to confirm."""

    def __init__(self, held: Held, forms: Forms) -> None:
        self._said = Saying()
        self._state, self._rule = plain(), plain()
        self.answer = button(self.tr("What we &do without a quorum…"))
        self.why: QPushButton = button(self.tr("Where the &rule comes from"), self.tr("F1"))
        self.answers = Listing(self.tr("What was done without a quorum"))
        self.form = forms.know(WITHOUT, self._form(held))
        self.provisional = Listing(self.tr("Decided without a quorum"), stays=True)
        self.confirm = button(self.tr("&Confirm this decision"))
        self._buttons = Row(self.answer, self.why)
        self._how = plain()
        self._decided = Group(
            titled(self.tr("&Provisional decisions"), self.provisional, 3), self._how, self.provisional,
            Row(self.confirm),
        )  # fmt: skip
        super().__init__(
            held, forms, titled(self.tr("The quorum")), self._state, self._rule, self.answers,
            self._buttons, self._said, self.form, self._decided,
        )  # fmt: skip
        self._connect()

    @property
    def said(self) -> Saying:
        """Where the part says something."""
        return self._said

    def show_part(self) -> None:
        """Show the quorum as it is now."""
        held = self.held
        meeting, kind, pack, now = held.meeting, held.type, held.pack, held.now
        missing = presenter.quorum_missing(meeting, kind, pack, now)
        self._state.setText(presenter.quorum_words(meeting, kind, pack, now))
        self._rule.setText(presenter.rule_words(kind))
        self._rule.setVisible(kind.quorum.needed)
        self._buttons.setVisible(kind.quorum.needed)
        self.answer.setVisible(missing and bool(kind.quorum.if_inquorate.choices))
        answers = presenter.answer_lines(meeting.quorum_answers, pack)
        self.answers.show_entries([Entry(line.key, line.text) for line in answers])
        self.answers.setVisible(bool(answers))
        lines = presenter.provisional_lines(meeting, kind)
        self.provisional.show_entries([Entry(line.key, line.text) for line in lines])
        self._decided.setVisible(bool(lines))
        in_session = meeting.open and not missing
        self.confirm.setEnabled(bool(lines) and in_session)
        if not self.confirm.isEnabled():
            # nothing below is about the current one
            self.provisional.setCurrentRow(-1)
        self._how.setText(
            self.tr("There is a quorum again: confirm each decision that still holds, or decide it anew.")
            if in_session
            else self.tr("Each stays provisional until it is confirmed with a quorum.")
        )

    def open_answer(self) -> None:
        """Open the form for what is done without a quorum."""
        held = self.held
        before = conduct.inquorate_before(held.sitting, held.meeting.id)
        title = self.tr("What we do without a quorum")
        if self.forms.open(WITHOUT, title, {"choice": held.type.quorum.if_inquorate.choices[0]}):
            self.form.field("agreed_by").advise(presenter.senior_words(held.type, before))
            self._on_choice()

    def _form(self, held: Held) -> Form:
        rule = held.type.quorum.if_inquorate
        choices = [(choice, held.pack.words("without_quorum", choice)) for choice in rule.choices]
        grounds = [("", self.tr("Choose a ground")), *((ground, ground) for ground in rule.proceed_when)]
        said = self.tr("F1 says where these come from.")
        return Form([
            Asked("choice", self.tr("What we do"), Kind.CHOICE, choices=choices),
            Asked("ground", self.tr("Ground for going on"), Kind.CHOICE, said, grounds),
            Asked("reason", self.tr("Reason"), Kind.WORDS),
            Asked("agreed_by", self.tr("Agreed by")),
        ])  # fmt: skip

    def _connect(self) -> None:
        self.answer.clicked.connect(self.open_answer)
        self.why.clicked.connect(lambda: self._said.say(presenter.quorum_origin(self.held.type, self.held.pack)))
        self.confirm.clicked.connect(self._on_confirm)
        self.provisional.chosen.connect(lambda _key: self._on_confirm())
        combo(self.form, "choice").currentIndexChanged.connect(lambda _index: self._on_choice())
        self.form.saved.connect(self._on_saved)
        self.form.dropped.connect(self.answer.setFocus)

    def _on_choice(self) -> None:
        rule = self.held.type.quorum.if_inquorate
        choice = self.form.values["choice"]
        self.form.field("ground").setVisible(choice == WithoutQuorum.PROCEED and bool(rule.proceed_when))
        hints = {
            WithoutQuorum.NEW_DATE: presenter.new_date_words(self.held.type, self.held.pack),
            WithoutQuorum.INTERIM_PLAN: self.tr("It stays interim, and says so everywhere, until it is confirmed."),
            WithoutQuorum.PROCEED: self.tr("What is decided stays provisional until it is confirmed with a quorum."),
        }
        self.form.field("choice").advise(hints.get(choice, ""))

    def _on_saved(self, values: dict[str, Any]) -> None:
        held = self.held
        choice = WithoutQuorum(values["choice"])
        ground = values["ground"] if choice is WithoutQuorum.PROCEED else ""
        done = self.do(
            lambda: conduct.answer_quorum(
                held.sitting, held.meeting.id, choice, " ".join(part for part in (ground, values["reason"]) if part),
                agreed_by=values["agreed_by"],
            ),
            self.tr("Recorded what we do without a quorum. The minutes say it, with the reason."), self.form, _FIELDS,
        )  # fmt: skip
        if done:
            (self.answer if self.answer.isVisible() else self.why).setFocus()

    def _on_confirm(self) -> None:
        held, key = self.held, self.provisional.key
        if key is None:
            return
        done = self.do(
            lambda: conduct.confirm(held.sitting, key), self.tr("Confirmed with a quorum: it is not provisional now."),
            None, {},
        )  # fmt: skip
        if done:
            (self.provisional if self.provisional.count() else self.why).setFocus()
