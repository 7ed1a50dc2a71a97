"""Who has the floor: what is typed and chosen becomes acts, and each act shows just what it changed."""

from uuid import UUID

from PySide6.QtCore import QObject, Signal

from app.models.answer import Answer
from app.models.base import Refused
from app.models.statement import Kind, Statement
from app.practice.finding import Finding
from app.services import entries
from app.services.sitting import SaveFault
from app.ui.kit.saying import Tone, announce
from app.ui.meeting import around, presenter
from app.ui.meeting.acting import Outcome, carry_out, move
from app.ui.meeting.asking import FOLD
from app.ui.meeting.closing import speaker_for, way_to_mend
from app.ui.meeting.desk import Desk, id_of
from app.ui.meeting.entry import Command, Entry, NotUnderstood, read
from app.ui.meeting.room import Room

_KINDS = {"f": Kind.FACT, "o": Kind.OBSERVATION, "a": Kind.ALLEGATION, "p": Kind.OPINION}
FAULTS = (NotUnderstood, Refused, SaveFault)


class Floor(QObject):
    """Carries out what the people at the desk ask for. Text that could not be acted on stays where it was typed."""

    closing_wanted = Signal()
    home_wanted = Signal()
    page_wanted = Signal(object)

    def __init__(self, room: Room, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._room, self._desk, self._pane = room, desk, desk.item
        self._connect()

    def _connect(self) -> None:
        pane, table = self._pane, self._desk.table
        self._desk.agenda.item_wanted.connect(self._on_item_wanted)
        table.speaker_wanted.connect(self.give_to)
        table.command_wanted.connect(self._on_command_wanted)
        table.next_wanted.connect(lambda: self.move(1))
        pane.line.submitted.connect(self._on_submitted)
        pane.line.speaker_typed.connect(self._on_speaker_typed)
        pane.line.next_wanted.connect(lambda: self.move(1))
        pane.line.entry_wanted.connect(lambda: self._desk.choose_entry(-1))
        pane.ask_chosen.connect(self._on_ask_chosen)
        pane.entry_chosen.connect(self._on_entry_chosen)
        pane.entry_key.connect(self._on_entry_key)
        pane.forms.saved.connect(self._after)

    def carry_out(self, entry: Entry) -> None:
        """Do one act, or say beside the line why not."""
        try:
            self._after(carry_out(self._room, entry))
        except FAULTS as fault:
            self.say_fault(fault)

    def say_fault(self, fault: Exception) -> None:
        """Say beside the line why an act was not done."""
        sentence = self._room.sentence(fault) if isinstance(fault, Refused) else str(fault)
        self._pane.line.say(sentence, Tone.URGENT)

    def move(self, steps: int) -> None:
        """Open the item so many places on; forward, the one before is done. After the last comes the closing page."""
        following = self._room.neighbour(steps)
        if following is None:
            if steps > 0:
                self.closing_wanted.emit()
            return
        try:
            self._after(move(self._room, following, done=steps > 0))
        except FAULTS as fault:
            self.say_fault(fault)

    def next_child(self) -> None:
        """Let the next lines be about the next child, and after the last about all of them."""
        ids: list[UUID | None] = [None, *(child.id for child in self._room.meeting.children)]
        place = ids.index(self._room.child) if self._room.child in ids else 0
        self.carry_out(Entry(Command.CHILD, child=ids[(place + 1) % len(ids)]))

    def give_to(self, number: int) -> None:
        """Make somebody the speaker by their number; a statement chosen in the stream becomes theirs instead."""
        person = self._room.numbered(number)
        if person is None:
            words = self.tr("Nobody at the table has number %1.").replace("%1", str(number))
            self._pane.line.say(words, Tone.URGENT)
            return
        chosen = presenter.find(self._room, id_of(self._pane.stream.key))
        if self._pane.stream.hasFocus() and isinstance(chosen, Statement):
            self._amend(chosen, speaker=person.id)
            return
        self._on_speaker_typed(person.id)
        if not self._pane.forms.isVisible():
            self.home_wanted.emit()

    def mend(self, finding: Finding) -> None:
        """Go to the item where a finding is mended, and open what mends it."""
        way = way_to_mend(self._room, finding)
        if isinstance(way, around.Wanted):
            self.page_wanted.emit(way)
            return
        item = self._room.type.item(finding.item_id)
        try:
            if item is not None and item is not self._room.item:
                self._after(move(self._room, item))
        except FAULTS as fault:
            self.say_fault(fault)
            return
        record = presenter.find(self._room, way) if isinstance(way, UUID) else None
        speaker = speaker_for(self._room, finding)
        if speaker is not None:
            self._on_speaker_typed(speaker)
        if isinstance(way, Outcome):
            self._pane.forms.open(way)
        elif record is not None:
            self._pane.forms.edit(record)
        words = self.tr("%1 Ctrl+E goes back to the closing page.")
        self._pane.line.say(words.replace("%1", finding.mend(self._room.pack)))

    def _after(self, outcome: Outcome, *, typed: bool = False) -> None:
        """Show what an act changed, no more than that, and give the focus back."""
        pane = self._pane
        if typed:
            pane.line.clear()
        own = presenter.find(self._room, outcome.record.id) if isinstance(outcome.record, presenter.Recorded) else None
        if outcome.whole:
            self._desk.refresh()
        else:
            if own is not None:
                pane.put(own)
            self._desk.refresh_around(asks=own is not None and not isinstance(own, Statement))
        if outcome.said or own is None:
            pane.line.say(" ".join(part for part in (self._elsewhere(outcome), outcome.said) if part))
        else:
            announce(pane.line.edit, self.tr("Saved"))
        if outcome.opens is Command.CLOSE:
            self.closing_wanted.emit()
        elif outcome.opens is not None:
            self._desk.show_middle()
            pane.forms.open(outcome)
        elif typed or outcome.moved:
            self.home_wanted.emit()

    def _elsewhere(self, outcome: Outcome) -> str:
        """Return where an entry stands that is not of the item on show; empty for any other outcome."""
        record = outcome.record
        if not isinstance(record, presenter.Recorded) or record.item_id == self._room.item.id:
            return ""
        item = self._room.type.item(record.item_id)
        number = str(self._room.type.number(record.item_id))
        words = self.tr("Recorded under item %1, %2.")
        return words.replace("%1", number).replace("%2", item.title if item else "")

    def _amend(self, statement: Statement, *, speaker: UUID | None = None, kind: Kind | None = None) -> None:
        try:
            record = entries.amend_statement(self._room.sitting, statement.id, speaker=speaker, kind=kind)
        except FAULTS as fault:
            self.say_fault(fault)
        else:
            self._room.take(record)
            self._after(Outcome(self.tr("Corrected; the earlier wording stays in the history."), record))

    def _on_submitted(self, text: str) -> None:
        self._do(text, typed=True)

    def _do(self, text: str, *, typed: bool = False) -> None:
        try:
            self._after(carry_out(self._room, read(text, self._room.known())), typed=typed)
        except FAULTS as fault:
            self.say_fault(fault)

    def _on_speaker_typed(self, attendance_id: UUID) -> None:
        self._room.speaker = attendance_id
        self._pane.refresh_line()
        self._desk.table.refresh(self._room)

    def _on_entry_key(self, letter: str, key: str) -> None:
        chosen = presenter.find(self._room, id_of(key))
        if letter in _KINDS and isinstance(chosen, Statement):
            self._amend(chosen, kind=_KINDS[letter])
        elif letter == "/":
            self._on_command_wanted("/")

    def _on_entry_chosen(self, key: str) -> None:
        record = presenter.find(self._room, id_of(key))
        if isinstance(record, Answer):
            prompts = [prompt.id for prompt in self._room.item.prompts]
            self._on_command_wanted(f"/{prompts.index(record.prompt_id) + 1} {record.text}")
        elif record is not None and self._room.in_session:
            self._pane.forms.edit(record)

    def _on_ask_chosen(self, key: str) -> None:
        kind, _, name = key.partition("/")
        if kind == "prompt":
            self._on_command_wanted(f"/{name} ")
        elif kind == FOLD:
            self._pane.fold()
        elif kind == "page":
            self.page_wanted.emit(around.wanted(self._room, name))
        elif kind == "read":
            self.carry_out(Entry(Command.READ))
            self.home_wanted.emit()
        elif self._room.in_session:
            self._pane.forms.open_question(kind, name)

    def _on_command_wanted(self, text: str) -> None:
        line = self._pane.line
        at_once = text != "/" and not text.endswith(" ") and not text[1:2].isdigit()
        if at_once:
            # what is typed meanwhile stays in the line
            self._do(text)
        elif line.text.strip():
            line.say(self.tr("The entry line holds text that is not saved yet: press Return first, or empty it."))
            line.setFocus()
        else:
            self._desk.show_middle()
            line.put(text)

    def _on_item_wanted(self, item_id: str) -> None:
        if self._room.in_session:
            number = self._room.type.number(item_id)
            self.carry_out(Entry(Command.ITEM, number=number))
            self.home_wanted.emit()
