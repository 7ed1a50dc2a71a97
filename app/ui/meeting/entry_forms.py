"""The forms for a gap, an action and the correction of a statement."""

from datetime import date

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from app.models.action import Action
from app.models.gap import Gap, GapState
from app.models.statement import Kind, Statement
from app.practice.words import day, legal_day
from app.services import entries
from app.ui.kit.days import NoSuchDay, read_day
from app.ui.kit.field import Field
from app.ui.kit.look import spread
from app.ui.meeting.acting import Outcome
from app.ui.meeting.entry import Entry, NotUnderstood
from app.ui.meeting.form import Form, Pick, agencies_of, children_of, people_of, short_field, words_field
from app.ui.meeting.room import Room


class _Owned(Form):
    """What is to be found out or done, by which agency or person, by when."""

    def __init__(self, room: Room, words: str, save: str, parent: QWidget | None) -> None:
        super().__init__(room, save, parent)
        self.words = words_field(words)
        self.agency = Pick(self.tr("A&gency"))
        self.owner = short_field(self.tr("&Person (if named)"))
        self.due = short_field(self.tr("&By when"), self.tr("Like 11 December or 11.12.2026"))
        self.child = Pick(self.tr("Chil&d"))
        self.column.addWidget(self.words)
        row = QHBoxLayout()
        spread(row)
        for part in (self.agency, self.owner, self.due, self.child):
            row.addWidget(part, 1)
        self.column.addLayout(row)

    def fill(self, entry: Entry | None, record: Gap | Action | None, words: str) -> None:
        """Show what is known already, of the record or from the line."""
        agency = record.agency.id if record and record.agency else entry.agency if entry else None
        child = record.child.id if record and record.child else (entry.child if entry else None) or self.room.child
        self.agency.offer(agencies_of(self.room, self.tr("Nobody yet")), agency)
        self.child.offer(children_of(self.room, self.tr("All of them")), child)
        # words that were typed and not saved come back when the form opens again for a new one
        self.words.text = words or ("" if record else self.words.text)
        self.owner.text = record.owner if record else ""
        due = record.due if record else entry.due if entry else None
        self.due.text = day(due) if due else ""
        for part in (self.words, self.child):
            part.edit.setEnabled(record is None)
        self.said.hush()

    def first(self) -> QWidget:
        """Return the words, or who takes it on where the words stand already."""
        return self.words if self.words.edit.isEnabled() else self.agency

    def due_day(self) -> date | None:
        """Return the day that was typed."""
        try:
            return read_day(self.due.text, legal_day(self.room.now)) if self.due.text.strip() else None
        except NoSuchDay as unclear:
            self.due.say(str(unclear))
            raise NotUnderstood(str(unclear)) from unclear

    def empty(self) -> None:
        """Forget what was typed, once it is saved."""
        for field in (self.words, self.owner, self.due):
            field.text = ""


class GapForm(_Owned):
    """Takes what nobody here knows, and later who finds it out or what the answer is."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, self.tr("What is not &known"), self.tr("&Save the gap"), parent)
        self._gap: Gap | None = None
        self._state = Pick(self.tr("S&tate"))
        self._answer = short_field(self.tr("Ans&wer (once there is one)"))
        self.column.addWidget(self._state)
        self.column.addWidget(self._answer)
        self.end()

    def open(self, entry: Entry | None, gap: Gap | None = None) -> None:
        """Show a new gap, or one that is recorded already."""
        self._gap = gap
        self.announce_name(self.tr("Gap"))
        self.fill(entry, gap, gap.question if gap else entry.text if entry else "")
        states = [("", self.tr("As the fields say")), *((s.value, self.room.pack.words("gap", s)) for s in GapState)]
        self._state.offer(states, "")
        self._answer.text = gap.answer if gap else ""
        self._answer.setVisible(gap is not None)

    def act(self) -> Outcome:
        """Record the gap, or who has it now."""
        state = GapState(str(self._state.key)) if self._state.key else None
        room, agency, due = self.room, self.agency.record_id, self.due_day()
        if self._gap is None:
            record = entries.record_gap(
                room.sitting, room.meeting.id, room.item.id, self.words.text, agency=agency, owner=self.owner.text,
                due=due, child=self.child.record_id, state=state,
            )  # fmt: skip
        else:
            record = entries.own_gap(
                room.sitting, self._gap.id, agency=agency, owner=self.owner.text, due=due, state=state,
                answer=self._answer.text,
            )  # fmt: skip
        self.empty()
        room.take(record)
        return Outcome(record=record)


class ActionForm(_Owned):
    """Takes what somebody agrees to do, and later who does it by when."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, self.tr("What is to be don&e"), self.tr("&Save the action"), parent)
        self._action: Action | None = None
        self.end()

    def open(self, entry: Entry | None, action: Action | None = None) -> None:
        """Show a new action, or one that is recorded already."""
        self._action = action
        self.announce_name(self.tr("Action"))
        self.fill(entry, action, action.text if action else entry.text if entry else "")

    def act(self) -> Outcome:
        """Record the action, or who has it now."""
        room, agency, due = self.room, self.agency.record_id, self.due_day()
        if self._action is None:
            record = entries.record_action(
                room.sitting, room.meeting.id, room.item.id, self.words.text, agency=agency, owner=self.owner.text,
                due=due, child=self.child.record_id,
            )  # fmt: skip
        else:
            record = entries.own_action(room.sitting, self._action.id, agency=agency, owner=self.owner.text, due=due)
        self.empty()
        room.take(record)
        return Outcome(record=record)


class AmendForm(Form):
    """Corrects a statement; what it said before stays in the history."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, self.tr("&Save the correction"), parent)
        self._statement: Statement | None = None
        self._text: Field = words_field(self.tr("What &was said"), 3)
        self._speaker = Pick(self.tr("&By whom"))
        self._kind = Pick(self.tr("&Kind"))
        self._child = Pick(self.tr("Chil&d"))
        self._source = short_field(self.tr("S&ource"))
        self._restricted = QCheckBox(self.tr("&Restricted"))
        self.column.addWidget(self._text)
        row = QHBoxLayout()
        spread(row)
        for part in (self._speaker, self._kind, self._child):
            row.addWidget(part, 1)
        self.column.addLayout(row)
        self.column.addWidget(self._source)
        self.column.addWidget(self._restricted)
        self.end()

    def open(self, statement: Statement) -> None:
        """Show a statement as it stands."""
        self._statement = statement
        self.announce_name(self.tr("Correct a statement"))
        self._text.text = statement.text
        self._speaker.offer(
            people_of(self.room, self.tr("Not known who")), statement.speaker.id if statement.speaker else None
        )
        self._kind.offer([(kind.value, self.room.pack.words("kind", kind)) for kind in Kind], statement.kind.value)
        self._child.offer(
            children_of(self.room, self.tr("All of them")), statement.child.id if statement.child else None
        )
        self._source.text = statement.source
        self._restricted.setChecked(statement.restricted)
        self.said.hush()

    def first(self) -> QWidget:
        """Return the words."""
        return self._text

    def act(self) -> Outcome:
        """Record the statement as it should have been."""
        if self._statement is None:
            raise NotUnderstood(self.tr("There is nothing to correct."))
        record = entries.amend_statement(
            self.room.sitting, self._statement.id, text=self._text.text, speaker=self._speaker.record_id,
            child=self._child.record_id, kind=Kind(str(self._kind.key)), source=self._source.text,
            restricted=self._restricted.isChecked(),
        )  # fmt: skip
        self.room.take(record)
        return Outcome(self.tr("Corrected; the earlier wording stays in the history."), record)
