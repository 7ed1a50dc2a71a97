"""The entry line: where everything is typed, with the list of commands under it."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShowEvent, QTextCursor, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui.kit.look import lines, plain, spread
from app.ui.kit.saying import Tone, announce
from app.ui.meeting.entry import AT_ONCE, Command, Known, commands, speaker_of
from app.ui.meeting.keys import FIELD_KEYS

_MOST_LINES = 4
_MOST_COMMANDS = 8
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Typing(QPlainTextEdit):
    """Text that grows with what is typed; keys that mean something to the meeting are told first."""

    pressed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._on_text_changed)
        self._on_text_changed()

    def event(self, event: QEvent) -> bool:
        """Leave the meeting its own keys, and undo while nothing is typed."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            turns = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            turned = not self.toPlainText() and any(event.matches(turn) for turn in turns)
            if turned or QKeySequence(event.keyCombination()) in FIELD_KEYS:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell of the key before it becomes text."""
        event.setAccepted(False)
        self.pressed.emit(event)
        if not event.isAccepted():
            super().keyPressEvent(event)

    def _on_text_changed(self) -> None:
        rows = min(max(int(self.document().size().height()), 1), _MOST_LINES)
        edge = 2 * (self.frameWidth() + round(self.document().documentMargin()))
        self.setFixedHeight(lines(rows) + edge + 2)


class _CommandList(QListWidget):
    """The commands that begin with what is typed."""

    shown = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVisible(False)

    def showEvent(self, event: QShowEvent) -> None:
        """Say that the room is needed."""
        super().showEvent(event)
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Say that the room is free again, and offer nothing any more."""
        super().hideEvent(event)
        self.clear()
        self.shown.emit()

    def offer(self, prefix: str, words: dict[Command, str]) -> None:
        """Show the commands that begin with ``prefix``; none hides the list."""
        found = commands(prefix)
        self.clear()
        for command in found:
            self.addItem(f"/{command}   {words[command]}")
        self.setCurrentRow(0)
        self.setFixedHeight(self._high(len(found)))
        self.setVisible(bool(found))

    def step(self, steps: int) -> None:
        """Make another row the current one."""
        self.setCurrentRow((self.currentRow() + steps) % max(self.count(), 1))

    def current(self) -> Command | None:
        """Return the command that stands out."""
        row = self.currentRow()
        return Command(self.item(row).text().split()[0][1:]) if row >= 0 and self.isVisible() else None

    def _high(self, count: int) -> int:
        return max(self.sizeHintForRow(0), lines(1)) * min(count, _MOST_COMMANDS) + 2 * self.frameWidth()


class EntryLine(QWidget):
    """Says for whom it records, takes what is typed, and says beside it what could not be done; text is never lost."""

    submitted = Signal(str)
    speaker_typed = Signal(object)
    next_wanted = Signal()
    entry_wanted = Signal()
    list_shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.known: Known | None = None
        self._who = QLabel(self)
        self._who.setTextFormat(Qt.TextFormat.PlainText)
        self.edit = _Typing(self)
        self._who.setBuddy(self.edit)
        self.said = plain("", self)
        self._list = _CommandList(self)
        edge = self.edit.frameWidth() + round(self.edit.document().documentMargin())
        self._who.setContentsMargins(0, edge, 0, 0)
        row = QHBoxLayout()
        row.addWidget(self._who, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.edit, 1)
        column = QVBoxLayout(self)
        spread(column, 0, 0.5)
        column.addWidget(self.said)
        column.addLayout(row)
        column.addWidget(self._list)
        self.said.hide()
        self.setFocusProxy(self.edit)
        self.edit.setPlaceholderText(self.tr("Type what is said; / for gap, view, decision, dissent, action and more"))
        self._connect()

    def _connect(self) -> None:
        self.edit.pressed.connect(self._on_pressed)
        self.edit.textChanged.connect(self._on_changed)
        self._list.itemClicked.connect(self._on_command_clicked)
        self._list.shown.connect(self.list_shown)

    @property
    def is_choosing(self) -> bool:
        """Whether the list of commands is shown."""
        return self._list.isVisibleTo(self)

    @property
    def text(self) -> str:
        """What is typed."""
        return self.edit.toPlainText()

    def show_speaker(self, words: str) -> None:
        """Show for whom and as what the next line is recorded."""
        self._who.setText(words)
        name = self.tr("Entry line, %1").replace("%1", words.removesuffix(" >"))
        self.edit.setAccessibleName(name)
        self.edit.viewport().setAccessibleName(name)

    def say(self, sentence: str, tone: Tone = Tone.CALM) -> None:
        """Say something beside the line."""
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))
        announce(self.edit, sentence, tone)

    def put(self, text: str) -> None:
        """Put text into the line, with the cursor behind it."""
        self.edit.setPlainText(text)
        self.edit.moveCursor(QTextCursor.MoveOperation.End)
        self._list.hide()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Empty the line once what it said is saved."""
        self.edit.clear()
        self._list.hide()

    def close_list(self) -> bool:
        """Hide the commands and return whether they were shown."""
        shown = self._list.isVisible()
        self._list.hide()
        return shown

    def _on_changed(self) -> None:
        text = self.text
        if text:
            self.say("")
        if text.startswith("/") and not text.startswith("//") and " " not in text and "\n" not in text:
            self._list.offer(text[1:], self._words())
        else:
            self._list.hide()
        if self.known is not None and text[-1:] in {">", ":"} and (found := speaker_of(text, self.known)):
            if found[1].strip():
                return
            self.edit.clear()
            self.speaker_typed.emit(found[0])

    def _on_pressed(self, event: QKeyEvent) -> None:
        key, command = event.key(), self._list.current()
        plainly = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if command is not None and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._list.step(1 if key == Qt.Key.Key_Down else -1)
        elif (
            command is not None and plainly and (key in _ENTER or (key == Qt.Key.Key_Space and self._list.count() == 1))
        ):
            self._take(command, more=key == Qt.Key.Key_Space)
        elif key in _ENTER and plainly:
            self.submitted.emit(self.text)
        elif key in _ENTER and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.text.strip():
                self.submitted.emit(self.text)
            else:
                self.next_wanted.emit()
        elif key == Qt.Key.Key_Up and plainly and not self.text:
            self.entry_wanted.emit()
        else:
            return
        event.accept()

    def _take(self, command: Command, *, more: bool = False) -> None:
        if command in AT_ONCE and not more:
            self._list.hide()
            self.submitted.emit(f"/{command}")
            return
        self.put(f"/{command} ")

    def _on_command_clicked(self) -> None:
        command = self._list.current()
        if command is not None:
            self._take(command)

    def _words(self) -> dict[Command, str]:
        return {
            Command.FACT: self.tr("what is known, with /source for where from"),
            Command.OBSERVATION: self.tr("what somebody saw or heard themselves"),
            Command.ALLEGATION: self.tr("what somebody says happened"),
            Command.OPINION: self.tr("what somebody thinks"),
            Command.GAP: self.tr("what nobody here knows: question @agency 11 Dec"),
            Command.ANSWER: self.tr("to a question of this item: 2 text, or just /2 text"),
            Command.VIEW: self.tr("of an agency for a child: met, then the reasons"),
            Command.DECISION: self.tr("of the chair for a child, with reasons"),
            Command.DISSENT: self.tr("formal, in the person's own words"),
            Command.RESERVATION: self.tr("recorded, in the person's own words"),
            Command.ACTION: self.tr("what @agency does by 11 Dec"),
            Command.RESTRICTED: self.tr("a statement for the restricted version only"),
            Command.ARRIVED: self.tr("who is here now: numbers, initials, agency or all"),
            Command.LEFT: self.tr("who has gone, and when: police 10:58"),
            Command.SUBSTITUTE: self.tr("who stands in: 2 Jo Sample"),
            Command.JOIN: self.tr("somebody who was not on the list is here: Jo Sample @school"),
            Command.AUTHORITY: self.tr("who can decide for their agency: all, or police no"),
            Command.ITEM: self.tr("go to an item by number"),
            Command.CHILD: self.tr("about whom the next lines are"),
            Command.SOURCE: self.tr("where the last statement comes from"),
            Command.READ: self.tr("the statement about differing views was read aloud"),
            Command.NEXT: self.tr("this item is done, open the next"),
            Command.UNDO: self.tr("take back the last act"),
            Command.REDO: self.tr("do it again"),
            Command.CLOSE: self.tr("read back, see what is to mend, conclude"),
        }
