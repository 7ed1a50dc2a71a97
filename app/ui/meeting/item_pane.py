"""The middle of the workspace: the item, what it asks, what was recorded, and the entry line."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from app.models.meeting import State
from app.practice.words import moment
from app.ui.kit.look import heading, lines, plain, spread
from app.ui.kit.page import Row, button
from app.ui.meeting.asking import FOLD, asks, rule_of
from app.ui.meeting.forms import Forms
from app.ui.meeting.line import EntryLine
from app.ui.meeting.lines import Lines
from app.ui.meeting.low import Low
from app.ui.meeting.presenter import (
    Line,
    Recorded,
    item_heading,
    line_of,
    origin,
    speaking,
    stream,
)
from app.ui.meeting.room import Room

_LOW = 26
_ROOMY = 52


class StateBar(QWidget):
    """Says why nothing is recorded now, with the way on; hidden while the meeting is in session."""

    act_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = plain()
        self._first, self._second = button("", first=True), button("")
        self._keys = ("", "")
        column = QVBoxLayout(self)
        spread(column, 0, 0.5)
        column.addWidget(self._words)
        column.addWidget(Row(self._first, self._second))
        self._first.clicked.connect(lambda: self.act_wanted.emit(self._keys[0]))
        self._second.clicked.connect(lambda: self.act_wanted.emit(self._keys[1]))
        self.setFocusProxy(self._first)

    def show_state(self, room: Room) -> None:
        """Show what the state of the meeting asks for."""
        meeting = room.meeting
        match meeting.state:
            case State.IN_SESSION:
                self.hide()
                return
            case State.PREPARED:
                words = self.tr("This meeting has not started. It is planned for %1.").replace(
                    "%1", moment(meeting.planned_at)
                )
                self._offer(words, ("start-all", self.tr("&Start: everybody invited is here")),
                            ("start", self.tr("Start, and mar&k who arrives")))  # fmt: skip
            case State.ADJOURNED:
                words = self.tr("This meeting is adjourned; nothing is recorded until it is resumed.")
                self._offer(words, ("resume", self.tr("&Resume")), ("", ""))
            case _:
                words = self.tr("This meeting is concluded, and its record takes no more entries.")
                self._offer(words, ("minutes", self.tr("To the minut&es")), ("", ""))
        self.show()

    def _offer(self, words: str, first: tuple[str, str], second: tuple[str, str]) -> None:
        self._words.setText(words)
        self._keys = (first[0], second[0])
        for part, text in ((self._first, first[1]), (self._second, second[1])):
            part.setText(text)
            part.setVisible(bool(text))


class ItemPane(QWidget):
    """One agenda item. The rows below its heading are chosen with Return: a question goes into the entry line."""

    ask_chosen = Signal(str)
    entry_chosen = Signal(str)
    entry_key = Signal(str, str)

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self._unfolded = False
        self._title, self._time, self._purpose = heading("", 2), plain(), plain()
        self.origin = Low()
        self.state = StateBar()
        self.asks = Lines(self.tr("What this item asks"))
        self.stream = Lines(self.tr("What was recorded"), least=3)
        self.forms = Forms(room)
        self.line = EntryLine()
        self._from = button(self.tr("Where does this &come from?"), self.tr("F1"))
        self._lay_out()
        self._from.clicked.connect(self.show_origin)
        self.asks.chosen.connect(self.ask_chosen)
        self.stream.chosen.connect(self.entry_chosen)
        self.stream.key_pressed.connect(self.entry_key)
        self.forms.shown.connect(self._make_room)
        self.line.list_shown.connect(self._make_room)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        spread(head)
        head.addWidget(self._title, 1)
        head.addWidget(self._time, 0, Qt.AlignmentFlag.AlignRight)
        head.addWidget(self._from)
        self._time.setWordWrap(False)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        for part, share in ((self.asks, 2), (self.stream, 3), (self.forms, 4)):
            part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            self._split.addWidget(part)
            self._split.setStretchFactor(self._split.count() - 1, share)
        column = QVBoxLayout(self)
        spread(column, 0.5, 0.6)
        column.addLayout(head)
        for widget in (self._purpose, self.origin, self.state):
            column.addWidget(widget)
        column.addWidget(self._split, 1)
        column.addWidget(self.line)
        self.setFocusProxy(self.line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as there is height for."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Give a form the room of what the item asks, in a low window that of the stream too; the line stays."""
        low, roomy = self.height() < lines(_LOW), self.height() >= lines(_ROOMY)
        filling = self.forms.isVisibleTo(self)
        asking = roomy or not (filling or (low and self.line.is_choosing))
        self._purpose.setVisible(asking)
        self.asks.setVisible(asking)
        self.stream.setVisible(not (low and filling))

    def refresh(self) -> None:
        """Show the whole item as the record stands."""
        title, time = item_heading(self._room)
        changed = title != self._title.text()
        self._title.setText(title)
        self._time.setText(time)
        self._purpose.setText(self._room.item.purpose)
        if changed:
            self.origin.hush()
            self._unfolded = False
        self.state.show_state(self._room)
        self.line.setEnabled(self._room.in_session)
        self.refresh_asks()
        self.stream.line_rows.show_rows(stream(self._room))
        if self.stream.line_rows.rowCount():
            self.stream.scrollToBottom()
        self.refresh_line()

    def refresh_asks(self) -> None:
        """Show what the item asks."""
        self.asks.line_rows.show_rows(asks(self._room, unfolded=self._unfolded))

    def fold(self) -> None:
        """Show the questions that only sometimes apply, or fold them away; the row that says so stays chosen."""
        self._unfolded = not self._unfolded
        self.refresh_asks()
        self.asks.choose(self.asks.line_rows.place_of(FOLD))

    def refresh_time(self) -> None:
        """Show the time the item has taken."""
        self._time.setText(item_heading(self._room)[1])

    def refresh_line(self) -> None:
        """Show for whom the next line is recorded, and who can be named in it."""
        self.line.known = self._room.known()
        self.line.show_speaker(speaking(self._room))

    def put(self, record: Recorded) -> None:
        """Show a new or changed entry in the stream."""
        line: Line = line_of(self._room, record)
        place = self.stream.line_rows.put(line)
        self.stream.scrollTo(self.stream.line_rows.index(place))

    def show_origin(self) -> None:
        """Show where the chosen question, or the item, comes from; the second time hides it."""
        if self.origin.text:
            self.origin.hush()
            return
        key = self.asks.key if self.asks.hasFocus() or self.asks.selectionModel().hasSelection() else ""
        rule = rule_of(self._room, key)
        self.origin.say(f"{rule.id}: {origin(self._room, rule)}")
