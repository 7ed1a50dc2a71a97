"""The meeting workspace: the desk with its three panes, and the closing page behind it."""

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.models.meeting import Meeting
from app.practice.finding import Finding
from app.services.dates import will_be_missed
from app.services.sitting import Sitting
from app.ui.kit.lane import Lane
from app.ui.kit.look import spread
from app.ui.kit.saying import Tone
from app.ui.kit.unfinished import Unreadable, from_words, to_words
from app.ui.meeting.around import wanted
from app.ui.meeting.closing_page import ClosingPage
from app.ui.meeting.desk import Desk
from app.ui.meeting.entry import Command, Entry
from app.ui.meeting.floor import FAULTS, Floor
from app.ui.meeting.keys import Keys
from app.ui.meeting.room import Room
from app.ui.meeting.standing import change_state

_TICK = 15_000  # milliseconds; the times shown are in minutes


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What was typed and not saved when a meeting's screen had to go."""

    line: str
    forms: list[list[str]]
    reasons: list[tuple[tuple[str, str], str]]
    speaker: UUID | None
    child: UUID | None
    restricted: bool


class MeetingScreen(QWidget):
    """Where a meeting is held. The entry line has the focus when an item opens and after every act.

    ``meeting`` is one that is loaded already, where that was done beside the interface.
    """

    left = Signal()
    minutes_wanted = Signal(object)
    page_wanted = Signal(object)

    def __init__(
        self,
        sitting: Sitting,
        meeting: UUID | Meeting,
        lane: Lane,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.room = Room(sitting, meeting)
        self.lane = lane
        self.keys = Keys(self)
        self.desk = Desk(self.room)
        self.floor = Floor(self.room, self.desk, self)
        self.closing = ClosingPage(self.room, lane)
        self._missed: list[str] = []
        self._left_at = 0
        self._stack = QStackedWidget()
        self._stack.addWidget(self.desk)
        self._stack.addWidget(self.closing)
        column = QVBoxLayout(self)
        spread(column)
        column.addWidget(self._stack)
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK)
        self._connect()
        self._clock.start()
        self.refresh()

    def _connect(self) -> None:
        self._clock.timeout.connect(self.desk.tick)
        self.keys.pressed.connect(self._on_key)
        self.keys.speaker.connect(self.floor.give_to)
        self.keys.page.connect(lambda page: self.page_wanted.emit(wanted(self.room, page)))
        self.floor.closing_wanted.connect(self._on_closing_wanted)
        self.floor.home_wanted.connect(self.focus_home)
        self.floor.page_wanted.connect(self.page_wanted)
        self.desk.item.forms.left.connect(self.focus_home)
        self.desk.item.state.act_wanted.connect(self._on_state_wanted)
        self.closing.left.connect(self.focus_home)
        self.closing.mending_wanted.connect(self._on_mending_wanted)
        self.closing.concluded.connect(self._on_concluded)

    def title(self) -> str:
        """Return the reference of the meeting."""
        return self.room.meeting.reference

    def holds_text(self) -> bool:
        """Return whether something is typed that is not saved yet."""
        item = self.desk.item
        typed = bool(item.line.text.strip() or self.closing.reasons) or item.forms.holds_words()
        return typed and self.room.meeting.open

    def unsaved(self) -> str:
        """Return the words that are typed and not saved, and whose they were going to be."""
        item, room = self.desk.item, self.room
        reasons = list(self.closing.reasons.items())
        return to_words(Unsaved(item.line.text, item.forms.typed, reasons, room.speaker, room.child, room.restricted))

    def put_back(self, words: str) -> None:
        """Show words that another screen of this meeting left unsaved; raises ``Unreadable``."""
        unsaved = from_words(Unsaved, words)
        item, room = self.desk.item, self.room
        if [len(form) for form in unsaved.forms] != [len(form) for form in item.forms.typed]:
            raise Unreadable
        room.take_turn(unsaved.speaker, unsaved.child)
        room.restricted = unsaved.restricted
        item.forms.typed = unsaved.forms
        self.closing.reasons.update(unsaved.reasons)
        item.line.put(unsaved.line)
        self.refresh()

    def focus_home(self) -> None:
        """Give the entry line the focus, or what stands in its place; an open form is put away and keeps its text."""
        self._stack.setCurrentWidget(self.desk)
        self.desk.item.forms.shut()
        self.desk.show_middle()
        pane = self.desk.item
        (pane.line if self.room.in_session else pane.state).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the meeting again where a page around it has changed the record meanwhile."""
        super().showEvent(event)
        if self._left_at not in (0, self.room.sitting.store.saved.seq):
            self.room.reload()
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Remember how far the record had come."""
        super().hideEvent(event)
        self._left_at = self.room.sitting.store.saved.seq

    def refresh(self) -> None:
        """Show the meeting as the record stands."""
        in_session = self.room.in_session
        self.keys.allow(in_session=in_session, adjourned=self.room.meeting.open and not in_session)
        self.desk.refresh()

    def _on_key(self, name: str) -> None:
        if self._stack.currentWidget() is self.closing:
            self._on_key_of_closing(name)
            return
        match name:
            case "undo" | "redo":
                self.floor.carry_out(Entry(Command(name)))
            case "next" | "back":
                self.floor.move(1 if name == "next" else -1)
            case "up" | "down":
                self.desk.choose_entry(-1 if name == "up" else 1)
            case "home":
                if not self.desk.item.line.close_list():
                    self.focus_home()
            case "pane":
                self.desk.next_pane()
            case "child":
                self.floor.next_child()
            case "origin":
                self.desk.show_middle()
                self.desk.item.show_origin()
            case "close":
                self._on_closing_wanted()
            case _:
                self._on_state_wanted(name)

    def _on_key_of_closing(self, name: str) -> None:
        if name in {"home", "close"}:
            self.focus_home()
        elif name == "origin":
            self.closing.show_origin()

    def _on_state_wanted(self, what: str) -> None:
        if what == "minutes":
            self.minutes_wanted.emit(self.room.meeting.id)
            return
        if what == "adjourn" and self._says_what_is_missed():
            return
        try:
            change_state(self.room, what)
        except FAULTS as fault:
            self.floor.say_fault(fault)
        self.refresh()
        self.focus_home()

    def _says_what_is_missed(self) -> bool:
        """Say once, before the meeting is adjourned, which dates will not be kept; return whether that was news."""
        missed = [one.says for one in will_be_missed(self.room.sitting, self.room.meeting)]
        news = [says for says in missed if says not in self._missed]
        self._missed = missed
        if news:
            self.focus_home()
            last = self.tr("Adjourn again to adjourn all the same.")
            self.desk.item.line.say(" ".join([*news, last]), Tone.URGENT)
        return bool(news)

    def _on_closing_wanted(self) -> None:
        self.desk.item.forms.shut()
        self._stack.setCurrentWidget(self.closing)
        self.closing.open()

    def _on_mending_wanted(self, finding: Finding) -> None:
        self.focus_home()
        self.floor.mend(finding)

    def _on_concluded(self) -> None:
        self.refresh()
        self.focus_home()
        self.minutes_wanted.emit(self.room.meeting.id)
