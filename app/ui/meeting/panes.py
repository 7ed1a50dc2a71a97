"""The two sides of the workspace: the agenda on the left, the round table on the right; and the line above."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.kit.look import heading, lines, plain, spread
from app.ui.kit.page import Row, button
from app.ui.kit.saying import Tone, announce
from app.ui.meeting.lines import Lines
from app.ui.meeting.presenter import Top, rail, round_table, to_mend, views_of
from app.ui.meeting.room import Room


class TopBar(QWidget):
    """Quorum, place on the agenda, when the last act was saved, and the marking; all in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quorum, self._where, self._saved, self._marking = plain(), plain(), plain(), plain()
        self._was_quorate: bool | None = None
        row = QHBoxLayout(self)
        spread(row, 0.5, 2)
        for label, share in ((self._quorum, 4), (self._where, 3), (self._saved, 2), (self._marking, 3)):
            row.addWidget(label, share)

    def show_top(self, top: Top) -> None:
        """Show the state of the meeting, and say aloud where the quorum is lost or found again."""
        self._quorum.setText(top.quorum)
        font = QFont(self.font())
        font.setBold(not top.quorate)
        self._quorum.setFont(font)
        self._where.setText(top.where)
        self._saved.setText(top.saved)
        self._marking.setText(top.marking)
        if self._was_quorate is not None and self._was_quorate != top.quorate:
            words = self.tr("Quorum lost. %1") if not top.quorate else self.tr("The meeting is quorate again. %1")
            announce(self, words.replace("%1", top.quorum), Tone.URGENT)
        self._was_quorate = top.quorate


class AgendaPane(QWidget):
    """The items by number, each with how far it is in words."""

    item_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = heading(self.tr("&Agenda").replace("&", ""), 3)
        self.list = Lines(self.tr("Agenda"), stays=False)
        column = QVBoxLayout(self)
        spread(column, 0.5, 0.5)
        column.addWidget(title)
        column.addWidget(self.list, 1)
        self.setFocusProxy(self.list)
        self.list.chosen.connect(self.item_wanted)
        self._current, self._mend = "", ""
        self._room: Room | None = None
        # how much there is to mend asks every rule about everything: that is the next turn's work
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.timeout.connect(self._count)

    def refresh(self, room: Room) -> None:
        """Show how far each item is; the one the meeting is on is the current row."""
        self._room = room
        self._counting.start(0)
        self.list.line_rows.show_rows(rail(room, self._mend))
        if self._current != room.item.id:
            self._current = room.item.id
            self.list.start_at(self._current)

    def _count(self) -> None:
        if self._room is not None and (mend := to_mend(self._room)) != self._mend:
            self._mend = mend
            self.list.line_rows.show_rows(rail(self._room, mend))


class TablePane(QWidget):
    """Who is invited, who is here and who has been heard; the views so far; and the way to the next item."""

    speaker_wanted = Signal(int)
    command_wanted = Signal(str)
    next_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = Lines(self.tr("Round table"))
        self._views_title = heading("", 3)
        self._views = plain()
        self._arrived = button(self.tr("&Arrived"), self.tr("/arrived, or A in the list"))
        self._left = button(self.tr("&Left"), self.tr("/left, or L in the list"))
        self._stands_in = button(self.tr("Stands &in…"), self.tr("/substitute, or S in the list"))
        self._next = button("", self.tr("Alt+Right, or Ctrl+Return on an empty line"))
        column = QVBoxLayout(self)
        spread(column, 0.5, 0.5)
        column.addWidget(heading(self.tr("Round table"), 3))
        column.addWidget(self.list, 3)
        column.addWidget(Row(self._arrived, self._left, self._stands_in))
        column.addWidget(self._views_title)
        column.addWidget(self._in_sight(), 2)
        column.addWidget(self._next)
        self.setFocusProxy(self.list)
        self._connect()

    def _in_sight(self) -> QScrollArea:
        """Return the views where they scroll: however many there are, the table above stays in sight."""
        self.list.setMinimumHeight(lines(6))
        self._views.setAlignment(Qt.AlignmentFlag.AlignTop)
        ground = QScrollArea()
        ground.setAccessibleName(self.tr("Views"))
        ground.setWidgetResizable(True)
        ground.setFrameShape(QFrame.Shape.NoFrame)
        ground.setWidget(self._views)
        return ground

    def _connect(self) -> None:
        self.list.chosen.connect(self._on_chosen)
        self.list.key_pressed.connect(self._on_key)
        self._arrived.clicked.connect(lambda: self._ask("arrived"))
        self._left.clicked.connect(lambda: self._ask("left"))
        self._stands_in.clicked.connect(lambda: self._ask("substitute"))
        self._next.clicked.connect(self.next_wanted)

    def refresh(self, room: Room) -> None:
        """Show the table and the views as they are now."""
        self.list.line_rows.show_rows(round_table(room))
        shown = room.item.views or tuple(question.id for question in room.type.views)
        several = len(shown) > 1
        texts = [f"{question}: {line}" if several else line for question in shown for line in views_of(room, question)]
        self._views_title.setText(self.tr("Views on %1").replace("%1", ", ".join(shown)) if texts else "")
        self._views.setText("\n".join(texts))
        following = room.neighbour(1)
        words = self.tr("&Next: %1 %2") if following else self.tr("To the &closing page")
        if following:
            title = following.title.replace("&", "&&")
            words = words.replace("%1", str(room.type.number(following.id))).replace("%2", title)
        self._next.setText(words)

    def _ask(self, command: str) -> None:
        number = self.list.key
        if number:
            self.command_wanted.emit(f"/{command} {number}" + (" " if command == "substitute" else ""))

    def _on_chosen(self, key: str) -> None:
        self.speaker_wanted.emit(int(key))

    def _on_key(self, letter: str, _key: str) -> None:
        command = {"a": "arrived", "l": "left", "s": "substitute"}.get(letter)
        if command:
            self._ask(command)
        elif letter.isdigit():
            self.speaker_wanted.emit(int(letter))
