"""The form for a dissent or a reservation: first the person's own words, then reading them back."""

from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.models.dissent import Dissent, DissentKind
from app.services import deciding
from app.ui.kit.look import plain, sized, spread
from app.ui.meeting.acting import Outcome
from app.ui.meeting.entry import Entry, NotUnderstood
from app.ui.meeting.form import Form, Pick, children_of, people_of, short_field, words_field
from app.ui.meeting.room import Room


class DissentForm(Form):
    """Takes a dissent or a reservation; nothing in it is the program's wording but the labels."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, self.tr("&Save, then read back"), parent)
        self._who = Pick(self.tr("Wh&o"))
        self._kind = Pick(self.tr("&Kind"))
        self._about = Pick(self.tr("Abo&ut which decision"))
        self._child = Pick(self.tr("Chil&d"))
        self._words = words_field(self.tr("In &their own words"), 3)
        self._preferred = short_field(self.tr("What they would &rather see"))
        self._risk = short_field(self.tr("What they f&ear for the child"))
        for parts in ((self._who, self._kind), (self._about, self._child)):
            row = QHBoxLayout()
            spread(row)
            row.addWidget(parts[0], 2)
            row.addWidget(parts[1], 1)
            self.column.addLayout(row)
        for field in (self._words, self._preferred, self._risk):
            self.column.addWidget(field)
        self.end()

    def open(self, kind: DissentKind, entry: Entry | None) -> None:
        """Show the form for a dissent or a reservation of the current speaker."""
        self.announce_name(self.room.pack.words("dissent_kind", kind))
        kinds: list[tuple[UUID | str | None, str]] = [
            (k.value, self.room.pack.words("dissent_kind", k)) for k in DissentKind
        ]
        self._kind.offer(kinds, kind.value)
        self._who.offer(people_of(self.room, self.tr("Choose who")), self.room.speaker)
        about: list[tuple[UUID | str | None, str]] = [(deciding.PROCESS, self.tr("How this meeting is done"))]
        about += [(q.id, f"{q.id}  {q.question}") for q in self.room.type.decisions]
        made = self.room.meeting.decisions
        last = max(made, key=lambda decision: decision.decided_at) if made else None
        self._about.offer(about, last.question_id if last else deciding.PROCESS)
        child = (entry.child if entry else None) or self.room.child or (last.child.id if last else None)
        self._child.offer(children_of(self.room, self.tr("All of them")), child)
        if entry is not None and entry.text:
            self._words.text = entry.text
        self.said.hush()

    def first(self) -> QWidget:
        """Return the words, or whose they are where that is not known."""
        return self._words if self._who.record_id else self._who

    def act(self) -> Outcome:
        """Record the words; they still have to be read back."""
        who = self._who.record_id
        if who is None:
            raise NotUnderstood(self.tr("Say who dissents."))
        record = deciding.record_dissent(
            self.room.sitting, self.room.meeting.id, self.room.item.id, who, DissentKind(str(self._kind.key)),
            self._words.text, question_id=str(self._about.key), child=self._child.record_id,
            preferred=self._preferred.text, risk=self._risk.text,
        )  # fmt: skip
        for field in (self._words, self._preferred, self._risk):
            field.text = ""
        self.room.take(record)
        return Outcome(self.tr("Saved. Now read the words back."), record)


class ReadBackForm(Form):
    """Shows the words large, to be read out; the person agrees that they are theirs, or corrects them."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, self.tr("A&greed as theirs"), parent)
        self._dissent: Dissent | None = None
        self._whose = plain()
        self._words = words_field(self.tr("&Words to read out; correct them where the person says so"), 4)
        self._words.edit.setFont(sized(1.5))
        self.column.addWidget(self._whose)
        self.column.addWidget(self._words)
        self.end()

    def open(self, dissent: Dissent) -> None:
        """Show the words of a dissent or a reservation."""
        self._dissent = dissent
        self.announce_name(self.tr("Read back"))
        self._whose.setText(f"{self.room.who(dissent.dissenter)}, {dissent.dissenter.name}")
        self._words.text = dissent.words
        self.said.hush()

    def first(self) -> QWidget:
        """Return the words."""
        return self._words

    def act(self) -> Outcome:
        """Record that the words were read back and are agreed."""
        if self._dissent is None:
            raise NotUnderstood(self.tr("There is nothing to read back."))
        words = self._words.text
        corrected = words if words != self._dissent.words else None
        record = deciding.read_back(self.room.sitting, self._dissent.id, corrected)
        self.room.take(record)
        return Outcome(self.tr("Read back and agreed. The minutes page can save a receipt for the person."), record)
