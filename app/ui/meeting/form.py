"""A form that opens in place under the stream: it keeps what was typed until it is saved."""

from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.models.base import Refused
from app.services.sitting import SaveFault
from app.ui.kit.field import Field
from app.ui.kit.look import heading, lines, spread
from app.ui.kit.page import Row, button
from app.ui.kit.saying import Saying, Tone
from app.ui.meeting.acting import Outcome
from app.ui.meeting.entry import NotUnderstood
from app.ui.meeting.keys import FIELD_KEYS
from app.ui.meeting.room import Room


class Choices(QWidget):
    """Options of which one is chosen, by its number or by the first letter of its words."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._ids: list[str] = []
        self._column = QVBoxLayout(self)
        spread(self._column, 0, 0.3)

    @property
    def option(self) -> str:
        """The id of the chosen option; empty where none is."""
        place = self._group.checkedId()
        return self._ids[place] if place >= 0 else ""

    @property
    def target(self) -> QWidget:
        """The option that takes the focus: the chosen one, or the first."""
        return self._group.checkedButton() or (self._group.button(0) if self._ids else self)

    @property
    def radios(self) -> list[QWidget]:
        """The options in their order."""
        return list(self._group.buttons())

    def offer(self, name: str, options: Sequence[tuple[str, str]], chosen: str = "") -> None:
        """Show these options, each an id and its words."""
        for old in self._group.buttons():
            self._group.removeButton(old)
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._ids = [option for option, _ in options]
        self.setAccessibleName(name)
        for place, (option, words) in enumerate(options):
            radio = QRadioButton(f"{place + 1}  {words}".replace("&", "&&"), self)
            radio.installEventFilter(self)
            radio.setChecked(option == chosen)
            radio.clicked.connect(self._on_clicked)
            self._group.addButton(radio, place)
            self._column.addWidget(radio)
            # a widget that comes late is shown later, and could not take the focus now
            radio.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Choose by number or letter while one of the options has the focus."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not event.modifiers():
            place = self._place_of(event.text().lower())
            if place >= 0:
                self._group.button(place).setChecked(True)
                self._on_clicked()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.option:
                self._on_clicked()
                return True
        return super().eventFilter(watched, event)

    def _place_of(self, typed: str) -> int:
        if typed.isdigit():
            return int(typed) - 1 if 0 < int(typed) <= len(self._ids) else -1
        words = [radio.text().split("  ", 1)[1].lower() for radio in self._group.buttons()]
        found = [place for place, said in enumerate(words) if typed.strip() and said.startswith(typed)]
        return found[0] if len(found) == 1 else -1

    def _on_clicked(self) -> None:
        self.chosen.emit(self.option)


class Form(QFrame):
    """What one act still needs. Ctrl+Return saves it; leaving keeps its text for the next time."""

    saved = Signal(object)
    left = Signal()
    complained = Signal(object)

    def __init__(self, room: Room, save: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.room = room
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.title = heading("", 2)
        self.said = Saying()
        self.column = QVBoxLayout(self)
        spread(self.column, 1, 0.6)
        self.column.addWidget(self.title)
        self._save = button(save, self.tr("Ctrl+Return"))
        self._save.clicked.connect(self._on_save)
        self._leave = button(self.tr("Not now"), self.tr("Esc"))
        self._leave.clicked.connect(self.left)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._on_save)

    def end(self) -> None:
        """Put the message and the buttons under the fields."""
        self.column.addWidget(self.said)
        self.column.addWidget(Row(self._save, self._leave))
        self.column.addStretch(1)
        for field in self._typed_in():
            field.edit.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the meeting its own keys while somebody types in a field."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
            return super().eventFilter(watched, event)
        mine = QKeySequence(event.keyCombination()) in FIELD_KEYS
        if mine:
            event.ignore()
        return mine

    def first(self) -> QWidget:
        """Return what has the focus when the form opens."""
        return self._save

    @property
    def buttons(self) -> tuple[QWidget, QWidget]:
        """The buttons at the end of the form."""
        return self._save, self._leave

    def act(self) -> Outcome:
        """Do what the form is for and return what came of it; may raise ``Refused`` or ``NotUnderstood``."""
        raise NotImplementedError

    @property
    def typed(self) -> list[str]:
        """What is typed in the fields, in their order."""
        return [field.text for field in self._typed_in()]

    @typed.setter
    def typed(self, words: Sequence[str]) -> None:
        for field, text in zip(self._typed_in(), words, strict=True):
            field.text = text

    def _typed_in(self) -> list[Field]:
        return [field for field in self.findChildren(Field) if not isinstance(field, Pick)]

    def announce_name(self, words: str) -> None:
        """Give the form its heading."""
        self.title.setText(words)
        self.setAccessibleName(words)

    def rename_save(self, words: str) -> None:
        """Give the button that saves another name."""
        self._save.setText(words)

    def _on_save(self) -> None:
        self.said.hush()
        try:
            outcome = self.act()
        except (Refused, NotUnderstood, SaveFault) as fault:
            sentence = self.room.sentence(fault) if isinstance(fault, Refused) else str(fault)
            self.said.say(sentence, Tone.URGENT)
            self.complained.emit(self.said)
        else:
            self.saved.emit(outcome)


def words_field(label: str, rows: float = 2, hint: str = "") -> Field:
    """Return a field for sentences; Tab leaves it."""
    edit = QPlainTextEdit()
    edit.setTabChangesFocus(True)
    edit.setFixedHeight(lines(rows) + 2 * (edit.frameWidth() + round(edit.document().documentMargin())))
    return Field(label, edit, hint)


def short_field(label: str, hint: str = "") -> Field:
    """Return a field for a few words."""
    return Field(label, QLineEdit(), hint)


def tab_through(*widgets: QWidget) -> None:
    """Have Tab go through these in turn."""
    for one, other in pairwise(widgets):
        QWidget.setTabOrder(one, other)


class Pick(Field):
    """A labelled list to pick one record from, or none."""

    def __init__(self, label: str, hint: str = "") -> None:
        self.box = QComboBox()
        super().__init__(label, self.box, hint)

    def offer(self, entries: Sequence[tuple[UUID | str | None, str]], chosen: UUID | str | None) -> None:
        """Show what there is to pick from, each a key and its words."""
        keys = [key for key, _ in entries]
        # what is offered is not what somebody picked, so nobody hears of it
        with QSignalBlocker(self.box):
            self.box.clear()
            for _, words in entries:
                self.box.addItem(words)
            self.box.setCurrentIndex(keys.index(chosen) if chosen in keys else 0)
        self._keys = keys

    @property
    def key(self) -> UUID | str | None:
        """The key of what is picked."""
        place = self.box.currentIndex()
        return self._keys[place] if 0 <= place < len(self._keys) else None

    @property
    def record_id(self) -> UUID | None:
        """The id of what is picked; None where that is nothing."""
        found = self.key
        return found if isinstance(found, UUID) else None


def children_of(room: Room, everyone: str = "") -> list[tuple[UUID | str | None, str]]:
    """Return the children to pick from, after a row for all of them where it has words."""
    rows: list[tuple[UUID | str | None, str]] = [(None, everyone)] if everyone else []
    return [*rows, *((child.id, room.called(child)) for child in room.meeting.children)]


def people_of(room: Room, nobody: str = "") -> list[tuple[UUID | str | None, str]]:
    """Return the people at the table to pick from, after a row for nobody where it has words."""
    rows: list[tuple[UUID | str | None, str]] = [(None, nobody)] if nobody else []
    return [*rows, *((p.id, f"{p.position}  {room.who(p)}, {p.name}") for p in room.meeting.attendances)]


def agencies_of(room: Room, nobody: str) -> list[tuple[UUID | str | None, str]]:
    """Return the agencies at the table to pick from, after a row for none."""
    found = {a.agency.id: a.agency.label for a in room.meeting.attendances if a.agency is not None}
    return [(None, nobody), *found.items()]
