"""The home page: today's meetings, dates due and cases, and where to begin."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from app import resources
from app.services.sitting import Sitting
from app.ui.home.presenter import Line, begin_words, view
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Page, Row, button
from app.ui.kit.saying import Saying, Tone

SAMPLE = ("sample", "short.json")


class HomeScreen(Page):
    """What there is to go on with, and what to begin."""

    meeting_wanted = Signal(object)
    minutes_wanted = Signal(object)
    setup_wanted = Signal(object)
    case_wanted = Signal(object)
    begin_wanted = Signal()
    ruler_wanted = Signal()
    dates_wanted = Signal()

    def __init__(self, sitting: Sitting, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sitting, self._lane = sitting, lane
        self._lines: dict[UUID, Line] = {}
        self._today = heading()
        self._welcome = plain(self.tr(
            "There is nothing here yet. Begin a meeting, or try the sample: a made-up meeting with invented people, "
            "so that you can see what a record and its minutes look like."
        ))  # fmt: skip
        self._saying = Saying()
        self._begin = button(begin_words(sitting), "Ctrl+N", first=True)
        self._sample = button(self.tr("&Try the sample meeting"))
        self._ruler = button(self.tr("Count &working days"), "Ctrl+D")
        self._all_dates = button(self.tr("&Late, soon and done: dates of all cases"), "Ctrl+Shift+D")
        self._meetings = Listing(self.tr("Meetings to go on with"))
        self._dates = Listing(self.tr("Dates due"))
        self._cases = Listing(self.tr("Cases"))
        self._why = Saying()
        self._meetings_part = _part(self.tr("M&eetings"), self._meetings)
        self._dates_part = _part(
            self.tr("&Dates due"), self._dates, plain(self.tr("Return on a date says why it is that day.")), self._why,
            Row(self._all_dates),
        )  # fmt: skip
        self._cases_part = _part(self.tr("&Cases"), self._cases)
        self.add(
            self._today, self._welcome, self._saying, Row(self._begin, self._sample, self._ruler),
            self._meetings_part, self._dates_part, self._cases_part,
        )  # fmt: skip
        self.end()
        self._connect()
        self._show()

    def _connect(self) -> None:
        self._begin.clicked.connect(self.begin_wanted)
        self._ruler.clicked.connect(self.ruler_wanted)
        self._all_dates.clicked.connect(self.dates_wanted)
        self._sample.clicked.connect(self._on_sample)
        self._meetings.chosen.connect(self._on_meeting)
        self._dates.chosen.connect(self._on_date)
        self._cases.chosen.connect(self.case_wanted)

    def title(self) -> str:
        """Return what the window is called: nothing of the record."""
        return self.tr("Home")

    def focus_home(self) -> None:
        """Put the focus on the meetings there are to go on with, or on where to begin."""
        (self._meetings if self._meetings.count() else self._begin).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        found = view(self._sitting)
        self._today.setText(self.tr("Today, %1").replace("%1", found.today))
        self._welcome.setVisible(found.empty)
        self._sample.setVisible(found.empty)
        self._lines = {line.id: line for line in (*found.meetings, *found.dates)}
        for listing, part, lines in (
            (self._meetings, self._meetings_part, found.meetings),
            (self._dates, self._dates_part, found.dates),
            (self._cases, self._cases_part, found.cases),
        ):
            listing.show_entries(_entries(lines))
            part.setVisible(bool(lines))

    def _on_meeting(self, meeting_id: UUID) -> None:
        wanted = {"meeting": self.meeting_wanted, "setup": self.setup_wanted, "minutes": self.minutes_wanted}
        wanted[self._lines[meeting_id].leads_to].emit(meeting_id)

    def _on_date(self, deadline_id: UUID) -> None:
        self._why.say(self._lines[deadline_id].because)

    def _on_sample(self) -> None:
        sitting = self._sitting
        self.setEnabled(False)
        self._saying.say(self.tr("Bringing in the sample meeting."))

        def work() -> Answer:
            from app.services.exchange import import_record

            import_record(sitting, resources.folder(*SAMPLE).read_bytes())
            return partial(self._on_sample_in)

        self._lane.run(work, self, self._on_sample_failed)

    def _on_sample_in(self) -> None:
        self.setEnabled(True)
        self._saying.say(self.tr("The sample meeting is below."))
        self._show()
        self.focus_home()

    def _on_sample_failed(self, failure: Exception) -> None:
        self.setEnabled(True)
        self._saying.say(self.tr("The sample meeting could not be brought in; nothing was changed."), Tone.URGENT)
        raise failure


def _part(title: str, listing: Listing, *below: QWidget) -> Group:
    label = QLabel(title)
    label.setFont(heading(level=2).font())
    label.setBuddy(listing)
    return Group(label, listing, *below)


def _entries(lines: Sequence[Line]) -> list[Entry]:
    return [Entry(line.id, line.text, names=line.names) for line in lines]
