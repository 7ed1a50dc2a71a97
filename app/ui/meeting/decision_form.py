"""The form for a decision of the chair."""

import re
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.models.case import Child
from app.models.decision import Decision
from app.models.statement import Statement
from app.practice.closing import needed_decisions
from app.practice.questions import Option
from app.practice.quorum import quorum
from app.practice.words import legal_day
from app.services.deciding import Choice
from app.ui.kit.days import NoSuchDay, read_day, written
from app.ui.kit.look import plain, spread
from app.ui.kit.page import Row, button
from app.ui.meeting.acting import Outcome, make_decision
from app.ui.meeting.choices import Wanted, as_for_another, undecided
from app.ui.meeting.entry import NotUnderstood
from app.ui.meeting.form import Choices, Form, Pick, children_of, short_field, tab_through, words_field
from app.ui.meeting.presenter import decided_views
from app.ui.meeting.room import Room

_RANGE = re.compile(r"(\d+)(?:\s*-\s*(\d+))?")


class DecisionForm(Form):
    """Takes one decision after the other, each for one child, until the item has none left."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, self.tr("&Save the decision"), parent)
        self._wanted: Wanted | None = None
        self._question = Pick(self.tr("&Question"))
        self._child = Pick(self.tr("Chil&d"))
        self._guidance, self._tally, self._provisional = plain(), plain(), plain()
        self._choices = Choices()
        self._reason = words_field(self.tr("&Reasons of the chair"))
        self._departure = words_field(self.tr("&Why you depart from the view of most agencies"))
        self._on = short_field(self.tr("Dat&e"), self.tr("Like 11 December or 11.12.2026"))
        self._person = short_field(self.tr("&Person"))
        self._detail = short_field(self.tr("De&tails"))
        self._grounds = short_field(
            self.tr("Rests &on statements"), self.tr("Their numbers, like 3, 5-7; they stand at the end of each")
        )
        self._as_before = button("", self.tr("F4"))
        self._as_row = Row(self._as_before)
        # the other child for whom it was decided so before, with the option that was taken over
        self._like: Wanted | None = None
        self._differs = words_field(self.tr("What is different for this child"))
        whom = QHBoxLayout()
        spread(whom)
        whom.addWidget(self._question, 3)
        whom.addWidget(self._child, 1)
        self.column.addLayout(whom)
        parts: tuple[QWidget, ...] = (
            self._guidance, self._as_row, self._choices, self._tally, self._differs, self._on, self._person,
            self._detail, self._reason, self._departure, self._grounds, self._provisional,
        )  # fmt: skip
        for part in parts:
            self.column.addWidget(part)
        self.end()
        self._choices.chosen.connect(self._on_chosen)
        self._as_before.clicked.connect(self._on_as_before)
        # not the button's own: a new text on it would take that away
        shortcut = QShortcut(QKeySequence("F4"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._on_as_before)
        self._question.box.currentIndexChanged.connect(self._on_picked)
        self._child.box.currentIndexChanged.connect(self._on_picked)

    def open(self, wanted: Wanted, reason: str = "") -> None:
        """Show the decision that is wanted; words typed before stay unless others are given."""
        self._wanted, self._like = wanted, None
        question = wanted.decision
        if question is None:
            return
        self._question.offer([(q.id, f"{q.id}  {q.question}") for q in self.room.type.decisions], question.id)
        self._child.offer(children_of(self.room), wanted.child.id)
        self._show(wanted.option)
        if reason:
            self._reason.text = reason
        self.said.hush()

    def change(self, made: Decision) -> None:
        """Show a decision that is made, whole: what is left out when it is saved again is gone."""
        question = self.room.type.decision(made.question_id)
        option = question.option(made.option) if question else None
        self.open(Wanted(made.child, decision=question, option=option), made.reason)
        ids = [statement.id for statement in self.room.meeting.statements]
        numbers = sorted(ids.index(ground.statement_id) + 1 for ground in made.grounds)
        self._grounds.text = ", ".join(str(number) for number in numbers)
        self._on.text, self._person.text, self._detail.text = written(made.on), made.person, made.detail
        self._departure.text = made.departure
        if made.likeness is not None:
            self._liken(Wanted(made.likeness.child, option=option), made.likeness.differs)

    def first(self) -> QWidget:
        """Return the options, or what the chosen option still needs."""
        return self._next_field() if self._choices.option else self._choices.target

    def act(self) -> Outcome:
        """Record the decision and show the next one."""
        wanted = self._current()
        option = self._choices.option
        if not option or wanted.decision is None:
            raise NotUnderstood(self.tr("Choose an option, by its number."))
        outcome = make_decision(
            self.room,
            Choice(
                wanted.decision.id, wanted.child.id, option, self._reason.text,
                departure=self._departure.text if self._departure.isVisibleTo(self) else "",
                on=self._day() if self._on.isVisibleTo(self) else None,
                person=self._person.text if self._person.isVisibleTo(self) else "",
                detail=self._detail.text if self._detail.isVisibleTo(self) else "",
                grounds=[statement.id for statement in self._statements()],
                as_for=self._like.child.id if self._like else None, differs=self._differs.text if self._like else "",
            ),
        )  # fmt: skip
        self._like = None
        for field in (
            self._differs,
            self._reason,
            self._departure,
            self._on,
            self._person,
            self._detail,
            self._grounds,
        ):
            field.text = ""
        return outcome

    def following(self) -> Wanted | None:
        """Return the decision to make after this one, of those that this item has and that must be made."""
        waiting = [
            w for w in undecided(self.room) if w.decision is not None and w.decision.id in self.room.item.decisions
        ]
        return waiting[0] if waiting else None

    def _current(self) -> Wanted:
        if self._wanted is None:
            raise NotUnderstood(self.tr("There is no decision to make here."))
        question = self.room.type.decision(str(self._question.key)) or self._wanted.decision
        child = self.room.child_named(self._child.record_id) or self._wanted.child
        return Wanted(child, decision=question)

    def _show(self, option: Option | None = None) -> None:
        wanted = self._current()
        question = wanted.decision
        if question is None:
            return
        self.announce_name(self._heading(wanted))
        chosen = option.id if option else ""
        self._choices.offer(question.question, [(o.id, o.label) for o in question.options], chosen)
        self._guidance.setText(" ".join(question.guidance))
        self._guidance.setVisible(bool(question.guidance))
        fall = decided_views(self.room, question.id, wanted.child)
        self._tally.setText(fall)
        self._tally.setVisible(bool(fall))
        state = quorum(self.room.meeting, self.room.type, self.room.pack, self.room.now)
        allowed = question.id in self.room.type.quorum.if_inquorate.allowed_decisions
        mark = self.room.pack.words("marking", "inquorate")
        self._provisional.setText("" if state.quorate or allowed else f"{mark}. {state.words}.")
        self._provisional.setVisible(bool(self._provisional.text()))
        before = as_for_another(self.room, wanted)
        self._as_row.setVisible(before is not None)
        self._differs.setVisible(self._like is not None)
        self._as_before.setText(self._mark(before.child).replace("&", "&&") if before else "")
        tab_through(
            self._question.edit, self._child.edit, self._as_before, *self._choices.radios, self._differs.edit,
            self._on.edit,
            self._person.edit, self._detail.edit, self._reason.edit, self._departure.edit, self._grounds.edit,
            *self.buttons,
        )  # fmt: skip
        self._show_needs()

    def _heading(self, wanted: Wanted) -> str:
        question, meeting = wanted.decision, self.room.meeting
        if any(
            d.question_id == (question and question.id) and d.child.id == wanted.child.id for d in meeting.decisions
        ):
            return self.tr("Decision (made already; saving takes its place)")
        must = question in needed_decisions(meeting, self.room.type, wanted.child)
        return self.tr("Decision") if must else self.tr("Decision (may be left open)")

    def _show_needs(self) -> None:
        wanted = self._current()
        option = wanted.decision.option(self._choices.option) if wanted.decision else None
        needs = option.needs if option else ()
        self._on.setVisible("date" in needs)
        self._person.setVisible("person" in needs)
        self._detail.setVisible("detail" in needs)
        majority = wanted.departs(self.room, option.id) if option else ""
        self._departure.advise(self.tr("Most agencies say: %1").replace("%1", majority) if majority else "")
        self._departure.setVisible(bool(majority))

    def _next_field(self) -> QWidget:
        shown = (self._on, self._person, self._detail)
        return next((field for field in shown if field.isVisibleTo(self) and not field.text), self._reason)

    def _day(self) -> date | None:
        try:
            return read_day(self._on.text, legal_day(self.room.now)) if self._on.text.strip() else None
        except NoSuchDay as unclear:
            self._on.say(str(unclear))
            raise NotUnderstood(str(unclear)) from unclear

    def _statements(self) -> list[Statement]:
        said = self.room.meeting.statements
        found: list[Statement] = []
        for part in (part.strip() for part in self._grounds.text.split(",") if part.strip()):
            numbers = _RANGE.fullmatch(part)
            first, last = (int(numbers[1]), int(numbers[2] or numbers[1])) if numbers else (0, 0)
            if not 0 < first <= last <= len(said):
                sentence = self.tr("There is no statement %1: their numbers go from 1 to %2.")
                raise NotUnderstood(sentence.replace("%1", part).replace("%2", str(len(said))))
            found += said[first - 1 : last]
        return found

    def _mark(self, child: Child) -> str:
        return self.tr("As for %1").replace("%1", child.first_name)

    def _on_as_before(self) -> None:
        """Take over what was decided for another child, marked as such, and ask what is different for this one."""
        wanted = self._current()
        before = as_for_another(self.room, wanted)
        if before is None or wanted.decision is None:
            return
        option = wanted.decision.option(before.option)
        self._show(option)
        self._liken(Wanted(before.child, option=option))
        self._reason.text = before.reason
        self._on.text, self._person.text, self._detail.text = written(before.on), before.person, before.detail
        self._differs.setFocus()

    def _on_chosen(self) -> None:
        if self._like is not None and (self._like.option is None or self._choices.option != self._like.option.id):
            # something else than for the other child, so a decision of its own again
            self._liken(None)
        self._show_needs()
        self._next_field().setFocus()

    def _on_picked(self) -> None:
        self._like = None
        self._show()

    def _liken(self, like: Wanted | None, differs: str = "") -> None:
        """Ask what is different from the child it was taken over from, or ask no more; what was typed stays."""
        self._like = like
        self._differs.setVisible(like is not None)
        if like is not None:
            self._as_row.hide()
        self._differs.text = differs or self._differs.text
        mark = f", {self._mark(like.child)}" if like else ""
        self.announce_name(self._heading(self._current()) + mark)
