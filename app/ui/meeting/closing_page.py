"""The closing page: what is still to mend, what was decided, and the dates that follow; then conclude."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.base import Refused
from app.models.meeting import Meeting
from app.practice.finding import Finding
from app.practice.working_days import CalendarTooShort
from app.services import concluding
from app.services.sitting import SaveFault
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain, spread
from app.ui.kit.page import Group, Page, Row, button
from app.ui.kit.saying import Saying, Tone
from app.ui.meeting.closing import DateLine, dates, finding_words, findings, origin_of, read_back
from app.ui.meeting.form import short_field
from app.ui.meeting.room import Room


class ClosingPage(QWidget):
    """Reads everything back. Conclude is possible once nothing is left without a reason."""

    left = Signal()
    mending_wanted = Signal(object)
    concluded = Signal()

    def __init__(self, room: Room, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room, self._lane = room, lane
        self._findings: list[Finding] = []
        self._date_lines: list[DateLine] = []
        # the chair's reasons by rule and subject, kept until the meeting is concluded
        self.reasons: dict[tuple[str, str], str] = {}
        self._count = heading("", 2)
        self._list = Listing(self.tr("Still to mend"), most_rows=6, stays=True)
        self._go = button(self.tr("&Go there"), self.tr("Return in the list"))
        self._why = button(self.tr("&Where this comes from"), self.tr("F1"))
        self._origin, self._origin_of_date = Saying(), Saying()
        self._reason = short_field(self.tr("Conclude all the same, &because"), self.tr("For the one chosen above"))
        self._all = button(self.tr("The same reason for all of this &kind"))
        self._mend = Group(self._list, Row(self._go), self._reason, Row(self._all, self._why), self._origin)
        self._read_back = Listing(self.tr("Read back"), most_rows=14)
        self._dates = Listing(self.tr("Dates this meeting sets running"), most_rows=6)
        self._said = Saying()
        self._conclude = button(self.tr("&Conclude the meeting"), self.tr("Ctrl+Return"))
        self._back = button(self.tr("Back &to the meeting"), self.tr("Esc"))
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._page = page = Page(self, width=120)
        page.add(heading(self.tr("Before you conclude")), self._count, self._mend)
        page.add(heading(self.tr("Read back"), 2), plain(self.tr("Read these out before the meeting ends.")))
        page.add(self._read_back, heading(self.tr("Dates this meeting sets running"), 2), self._dates)
        page.add(plain(self.tr("Return on a date says where its rule comes from.")), self._origin_of_date)
        page.add(self._said, Row(self._conclude, self._back))
        page.end()
        column = QVBoxLayout(self)
        spread(column)
        column.addWidget(page)

    def _connect(self) -> None:
        self._list.chosen.connect(self._on_go)
        self._list.currentRowChanged.connect(self._on_finding)
        self._go.clicked.connect(self._on_go)
        self._why.clicked.connect(self.show_origin)
        self._dates.chosen.connect(self._on_date)
        self._dates.currentRowChanged.connect(lambda _row: self._origin_of_date.hush())
        self._reason.edit.textEdited.connect(self._on_reason)  # type: ignore[attr-defined]  # the field's line edit
        self._all.clicked.connect(self._on_all)
        self._conclude.clicked.connect(self._on_conclude)
        self._back.clicked.connect(self.left)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._on_conclude)

    def open(self) -> None:
        """Show the meeting as it stands."""
        self._said.hush()
        self._findings = findings(self._room)
        lines = [Entry(line.key, line.text) for line in read_back(self._room)]
        self._read_back.show_entries(lines)
        self._date_lines = dates(self._room)
        self._dates.show_entries([Entry(place, line.text) for place, line in enumerate(self._date_lines)])
        self._origin_of_date.hush()
        for listing in (self._read_back, self._dates):
            listing.setCurrentRow(-1)
        self._show_findings()
        if self._findings:
            self._list.setCurrentRow(0)
        else:
            self._read_back.setCurrentRow(0)
        (self._list if self._findings else self._read_back).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_origin(self) -> None:
        """Say where the rule behind the current date comes from, or that behind what is to mend."""
        finding = self._current()
        if self._dates.hasFocus() and self._dates.key is not None:
            self._on_date(self._dates.key)
        elif finding is not None:
            self._say(self._origin, origin_of(self._room, finding))

    def _on_date(self, place: int) -> None:
        self._say(self._origin_of_date, self._date_lines[place].origin)

    def _show_findings(self) -> None:
        rows = [
            Entry(place, finding_words(self._room, finding, self._reason_of(finding)))
            for place, finding in enumerate(self._findings)
        ]
        self._list.show_entries(rows)
        waiting = self._waiting()
        if not self._findings:
            words = self.tr("Nothing keeps the meeting open.")
        elif waiting:
            words = self.tr("%1 to mend, or to give a reason for").replace("%1", str(len(waiting)))
        else:
            words = self.tr("Everything that is left open has its reason.")
        self._count.setText(words)
        self._mend.setVisible(bool(self._findings))
        self._conclude.setEnabled(not waiting)
        self._on_finding()

    def _waiting(self) -> list[Finding]:
        return [finding for finding in self._findings if not self._reason_of(finding)]

    def _reason_of(self, finding: Finding) -> str:
        return self.reasons.get((finding.rule, finding.subject), "").strip()

    def _current(self) -> Finding | None:
        row = self._list.currentRow()
        return self._findings[row] if 0 <= row < len(self._findings) else None

    def _on_finding(self) -> None:
        self._origin.hush()
        finding = self._current()
        reason = self.reasons.get((finding.rule, finding.subject), "") if finding else ""
        if reason != self._reason.text:
            self._reason.text = reason

    def _on_reason(self, text: str) -> None:
        finding = self._current()
        if finding is not None:
            self.reasons[finding.rule, finding.subject] = text
            self._show_findings()

    def _on_all(self) -> None:
        chosen = self._current()
        for finding in self._findings:
            if chosen is not None and finding.rule == chosen.rule:
                self.reasons[finding.rule, finding.subject] = self._reason.text
        self._show_findings()

    def _on_go(self) -> None:
        finding = self._current()
        if finding is not None:
            self.mending_wanted.emit(finding)

    def _on_conclude(self) -> None:
        waiting = self._waiting()
        if waiting:
            words = self.tr("Not yet: %1").replace("%1", waiting[0].sentence(self._room.pack))
            self._complain(words)
            return
        sitting, meeting_id, reasons = self._room.sitting, self._room.meeting.id, dict(self.reasons)

        def work() -> Answer:
            done = concluding.conclude(sitting, meeting_id, reasons)
            return lambda: self._on_done(done)

        self.setEnabled(False)
        self._said.say(self.tr("Concluding…"))
        self._lane.run(work, self, self._on_failed)

    def _on_done(self, meeting: Meeting) -> None:
        self.setEnabled(True)
        self._said.hush()
        self.reasons.clear()
        self._room.meeting = meeting
        self.concluded.emit()

    def _on_failed(self, failure: Exception) -> None:
        self.setEnabled(True)
        self._conclude.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(failure, Refused):
            self._complain(self._room.sentence(failure))
        elif isinstance(failure, SaveFault | CalendarTooShort):
            self._complain(str(failure))
        else:
            raise failure

    def _complain(self, sentence: str) -> None:
        """Say why the meeting is not concluded, and scroll there once the message has its place."""
        self._say(self._said, sentence, Tone.URGENT)

    def _say(self, place: Saying, words: str, tone: Tone = Tone.CALM) -> None:
        place.say(words, tone)
        QTimer.singleShot(0, self, lambda: self._page.ensureWidgetVisible(place))
