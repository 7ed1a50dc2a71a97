"""From screen to screen: which one is shown when, each made anew."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from app.ui.shell.ahead import TypedAhead
from app.ui.shell.arranging import EDITOR, Arranging
from app.ui.shell.aside import Around, Aside
from app.ui.shell.gate import Gate
from app.ui.shell.menus import Acts, Menus
from app.ui.shell.stage import Name, Stage
from app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from app.models.meeting import Meeting
    from app.services.sitting import Sitting
    from app.ui.kit.lane import Answer
    from app.ui.meeting.around import Wanted
    from app.ui.meeting.screen import MeetingScreen
    from app.ui.shell.succession import Standing

# The screens behind the lock are imported when they are first shown, as in ``gate``, and nothing that only types need.


class Passage(QObject):
    """Leads from each screen to the next; without an open store it leads nowhere."""

    def __init__(
        self,
        window: MainWindow,
        folder: Path,
        now: "Callable[[], datetime]",
        succeed: "Callable[[Standing], None] | None" = None,
    ) -> None:
        super().__init__(window)
        self._window = window
        acts = Acts(
            home=self.go_home, begin=self.begin_meeting, find=self.go_to_search, dates=self.go_to_dates,
            ruler=self.go_to_ruler, settings=self._settle, lock=self._lock, leave=self._leave,
            larger=lambda: self._arranging.resize(1.1), smaller=lambda: self._arranging.resize(0.9),
            about=self._settle,
        )  # fmt: skip
        self._stage = Stage(window, Menus(window, acts))
        self.gate = Gate(self._stage, folder, now, succeed)
        self.gate.opened.connect(self._on_opened)
        ways = {"meeting": self.go_to_meeting, "prepared": self.go_to_prepared, "case": self.go_to_case}
        self._aside = Aside(self._stage, self.gate, ways)
        self._arranging = Arranging(self._stage, self.gate, self.go_home)
        self._ahead = TypedAhead(window)
        self._turns: dict[UUID, tuple[UUID | None, UUID | None]] = {}

    def go_home(self) -> None:
        """Show the home page."""
        from app.ui.home.screen import HomeScreen

        if self.gate.sitting is None:
            return
        screen = HomeScreen(self.gate.sitting, self.gate.lane)
        screen.meeting_wanted.connect(self.go_to_meeting)
        screen.minutes_wanted.connect(self.go_to_minutes)
        screen.setup_wanted.connect(self.go_to_prepared)
        screen.begin_wanted.connect(self.begin_meeting)
        screen.case_wanted.connect(self.go_to_case)
        screen.ruler_wanted.connect(self.go_to_ruler)
        screen.dates_wanted.connect(self.go_to_dates)
        self._stage.show(screen)

    def begin_meeting(self) -> None:
        """Show the page that prepares a new meeting."""
        self._go_to_setup(("new", None))

    def go_to_prepared(self, meeting_id: "UUID") -> None:
        """Show the page of a meeting that is prepared and not started."""
        self._go_to_setup(("prepared", meeting_id), meeting_id=meeting_id)

    def go_to_new_meeting_of(self, case_id: "UUID") -> None:
        """Show the page that prepares a meeting about the children of a case."""
        self._go_to_setup(("new", case_id), case_id=case_id)

    def _go_to_setup(self, name: Name, *, case_id: "UUID | None" = None, meeting_id: "UUID | None" = None) -> None:
        from app.ui.setup.screen import SetupScreen

        if self.gate.sitting is None or self._stage.take_up(name):
            return
        screen = SetupScreen(self.gate.sitting, self.gate.lane, case_id=case_id, meeting_id=meeting_id)
        screen.started.connect(self.go_to_meeting)
        screen.left.connect(self.go_home)
        screen.page_wanted.connect(lambda page, case: self._aside.go(Around(page, case, meeting_id)))
        self._stage.show(screen, name)

    def go_to_meeting(self, meeting_id: "UUID") -> None:
        """Show a meeting, on the item where it is; it is read beside the interface, and home is shown if it is gone."""
        from app.models.base import Refused
        from app.ui.meeting.room import read

        sitting, shows = self.gate.sitting, self._stage.shows
        if sitting is None or self._stage.take_up(("meeting", meeting_id)):
            return

        def is_still_wanted() -> bool:
            return self.gate.sitting is sitting and self._stage.shows == shows

        def answered(show: "Callable[[], None]") -> None:
            typed = ahead.end()
            if is_still_wanted():
                show()
                ahead.type(typed)

        def work() -> "Answer":
            meeting = read(sitting, meeting_id)
            return lambda: is_read(meeting)

        def is_read(meeting: "Meeting") -> None:
            if not is_still_wanted():
                ahead.end()
                return
            screen = self._screen_of(sitting, meeting)
            # made and shown in two turns: what came meanwhile need not wait for both
            QTimer.singleShot(0, self, lambda: answered(lambda: self._stage.show(screen, ("meeting", meeting_id))))

        def failed(failure: Exception) -> None:
            answered(self.go_home)
            if not isinstance(failure, Refused):
                raise failure

        ahead = self._ahead
        ahead.begin(is_still_wanted)
        self.gate.lane.run(work, self._window, failed)

    def _screen_of(self, sitting: "Sitting", meeting: "Meeting") -> "MeetingScreen":
        from app.ui.meeting.screen import MeetingScreen

        screen = MeetingScreen(sitting, meeting, self.gate.lane)
        screen.left.connect(self.go_home)
        screen.minutes_wanted.connect(self.go_to_minutes)
        room = screen.room
        # whoever spoke when a page beside the meeting was opened still speaks when one comes back
        if turn := self._turns.pop(meeting.id, None):
            room.take_turn(*turn)
            screen.refresh()

        def go_aside(wanted: "Wanted") -> None:
            self._turns[meeting.id] = room.speaker, room.child
            self._aside.go(Around(wanted.page, *wanted.about))

        screen.page_wanted.connect(go_aside)
        return screen

    def go_to_minutes(self, meeting_id: "UUID") -> None:
        """Show the minutes of a meeting."""
        from app.ui.minutes.screen import MinutesScreen

        if self.gate.sitting is None:
            return
        screen = MinutesScreen(self.gate.sitting, meeting_id, self.gate.lane)
        screen.left.connect(self.go_home)
        screen.renamed.connect(lambda: self._window.name_after(screen))
        self._stage.show(screen)

    def go_to_case(self, case_id: "UUID") -> None:
        """Show a case."""
        from app.ui.case.screen import CaseScreen

        name = ("case", case_id)
        if self.gate.sitting is None or self._stage.take_up(name):
            return
        screen = CaseScreen(self.gate.sitting, case_id, self.gate.lane)
        screen.left.connect(self.go_home)
        screen.meeting_wanted.connect(self.go_to_meeting)
        screen.minutes_wanted.connect(self.go_to_minutes)
        screen.setup_wanted.connect(self.go_to_prepared)
        screen.new_meeting_wanted.connect(self.go_to_new_meeting_of)
        screen.trail_wanted.connect(self.go_to_trail)
        screen.plan_wanted.connect(lambda child: self._aside.go(Around("plan", case_id, child=child)))
        screen.work_wanted.connect(lambda case: self._aside.go(Around("work", case)))
        screen.disposed.connect(self._stage.forget)
        self._stage.show(screen, name)

    def go_to_trail(self, case_id: "UUID") -> None:
        """Show who has done what with a case."""
        from app.ui.case.trail import TrailScreen

        if self.gate.sitting is not None:
            screen = TrailScreen(self.gate.sitting, case_id, self.gate.lane)
            screen.left.connect(lambda: self.go_to_case(case_id))
            self._stage.show(screen)

    def go_to_dates(self) -> None:
        """Show the dates of all cases."""
        from app.ui.dates.screen import DatesScreen

        if self.gate.sitting is not None:
            screen = DatesScreen(self.gate.sitting)
            screen.case_wanted.connect(self.go_to_case)
            self._show_leaving(screen)

    def go_to_search(self) -> None:
        """Show the page that searches everything that was written."""
        from app.ui.search.screen import SearchScreen

        if self.gate.sitting is not None:
            screen = SearchScreen(self.gate.sitting, self.gate.lane)
            screen.meeting_wanted.connect(self.go_to_meeting)
            screen.setup_wanted.connect(self.go_to_prepared)
            screen.minutes_wanted.connect(self.go_to_minutes)
            screen.case_wanted.connect(self.go_to_case)
            self._show_leaving(screen)

    def go_to_ruler(self) -> None:
        """Show the ruler for working days."""
        from app.ui.settings.ruler import RulerScreen

        if self.gate.sitting is not None:
            self._show_leaving(RulerScreen(self.gate.sitting))

    def _show_leaving(self, screen: Any) -> None:
        screen.left.connect(self.go_home)
        self._stage.show(screen)

    def _on_opened(self) -> None:
        """Go back to where the lock or a power cut interrupted, otherwise home."""
        from uuid import UUID

        from app.models.base import Refused

        kind, _, which = self._stage.last.partition(":")
        ways: dict[str, Callable[[UUID], None]] = {
            "meeting": self.go_to_meeting, "case": self.go_to_case, "prepared": self.go_to_prepared,
            "new": self.go_to_new_meeting_of,
        }  # fmt: skip
        try:
            if kind == "new" and not which:
                self.begin_meeting()
            elif kind in ways:
                ways[kind](UUID(which))
            elif kind == EDITOR:
                self._arranging.go_to_editor()
            elif kind in Aside.PAGES:
                self._aside.go(Around.named(kind, which))
            else:
                self.go_home()
        except (Refused, ValueError):
            # it is not there any more, or kept by another version
            self.go_home()

    def _lock(self) -> None:
        self.gate.lock()

    def _leave(self) -> None:
        self._window.close()

    def _settle(self) -> None:
        self._arranging.go_to_settings()
