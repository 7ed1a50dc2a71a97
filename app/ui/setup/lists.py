"""The two lists of the set-up page: the children the meeting is about, and the people at the table."""

from dataclasses import replace

from PySide6.QtCore import Signal

from app.models.base import Refused
from app.models.meeting import Method
from app.practice.finding import fill
from app.practice.words import legal_day
from app.services import setting_up
from app.services.sitting import Sitting
from app.ui.kit.listing import Entry
from app.ui.kit.typedlist import TypedList
from app.ui.setup.draft import Draft
from app.ui.setup.presenter import NotUnderstood, People, child_line, child_words, read_child


class ChildrenList(TypedList):
    """The children: those of a known case with a tick each, and those typed here."""

    changed = Signal()

    def __init__(self, sitting: Sitting, draft: Draft, label: str, hint: str, list_name: str) -> None:
        super().__init__(label, hint, list_name)
        self._sitting, self._draft = sitting, draft
        self.typed.connect(self.take)
        self.edit_wanted.connect(self._on_edit)
        self.removal_wanted.connect(self._on_removal)
        self.ticked.connect(self._on_ticked)

    def show_draft(self) -> None:
        """Show the children of the draft; those of a meeting prepared already stay as they are."""
        ticks = self._draft.meeting_id is None
        self.show_entries(
            [
                Entry(
                    place,
                    child_words(c),
                    ticked=c.id not in self._draft.left_out if c.id and ticks else None,
                    names=[c.name],
                )
                for place, c in enumerate(self._draft.children)
            ]
        )

    def take(self) -> bool:
        """Take the child that is typed; return False where the line stays, with the sentence below it."""
        if not self.field.text.strip():
            return True
        try:
            child = read_child(self.field.text, legal_day(self._sitting.now()))
            setting_up.check_child(self._sitting, child)
        except NotUnderstood as wrong:
            self.field.say(str(wrong))
            return False
        except Refused as refusal:
            self.field.say(fill(self._sitting.pack.words("refusal", refusal.rule), refusal.words))
            return False
        self._draft.add_child(child)
        self.field.text = ""
        self.changed.emit()
        return True

    def _on_edit(self, place: int) -> None:
        child = self._draft.children[place]
        if child.id is None:
            del self._draft.children[place]
            self.take_back(child_line(child))
            self.changed.emit()

    def _on_removal(self, place: int) -> None:
        if self._draft.meeting_id is None:
            self._draft.remove_child(place)
            self.changed.emit()

    def _on_ticked(self, place: int, ticked: bool) -> None:
        self._draft.tick_child(place, ticked)
        self.changed.emit()


class PeopleList(TypedList):
    """The people: each with a tick for who is there when it starts."""

    changed = Signal()

    def __init__(self, sitting: Sitting, draft: Draft, people: People, *words: str) -> None:
        label, hint, list_name = words
        super().__init__(label, hint, list_name)
        self._sitting, self._draft, self._people, self._hint = sitting, draft, people, hint
        self.typed.connect(self.take)
        self.field.line.textEdited.connect(self._on_typing)
        self.edit_wanted.connect(self._on_edit)
        self.removal_wanted.connect(self._on_removal)
        self.ticked.connect(self._on_ticked)

    def show_draft(self) -> None:
        """Show the people of the draft."""
        here, away = self.tr("here at the start"), self.tr("not here at the start")
        self.show_entries(
            [
                Entry(place, words := self._people.words(p), f"{words}, {here if p.here else away}", p.here, [p.name])
                for place, p in enumerate(self._draft.people)
            ]
        )

    def take(self) -> bool:
        """Take the person who is typed; return False where the line stays, with the sentence below it."""
        if not self.field.text.strip():
            return True
        try:
            person = self._people.read(self.field.text)
            setting_up.check_person(person)
        except NotUnderstood as wrong:
            self.field.say(str(wrong))
            return False
        except Refused as refusal:
            self.field.say(fill(self._sitting.pack.words("refusal", refusal.rule), refusal.words))
            return False
        self._draft.add_person(replace(person, here=self._draft.method is Method.TELEPHONE))
        self.field.text = ""
        self.field.advise(self._hint)
        self.changed.emit()
        return True

    def _on_typing(self, line: str) -> None:
        """Show how the line is understood so far."""
        try:
            understood = self._people.words(self._people.read(line))
        except NotUnderstood:
            self.field.advise(self._hint)
        else:
            self.field.advise(self.tr("Return adds: %1").replace("%1", understood))

    def _on_edit(self, place: int) -> None:
        person = self._draft.people[place]
        if person.id is None:
            del self._draft.people[place]
            self.take_back(self._people.line(person))
            self.changed.emit()

    def _on_removal(self, place: int) -> None:
        self._draft.remove_person(place)
        self.changed.emit()

    def _on_ticked(self, place: int, here: bool) -> None:
        self._draft.tick_person(place, here)
        self.changed.emit()
