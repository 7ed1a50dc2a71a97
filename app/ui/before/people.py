"""Who must be asked and why, who is on the list, what they are sent, and the reports they write."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt

from app.models.attendance import Capacity, Invitation
from app.practice.origins import origin
from app.practice.pack import InviteTrigger
from app.practice.participation import Report
from app.services import inviting, participation, table
from app.services.inviting import ToInvite
from app.services.keeping import NotWritten
from app.services.sitting import SaveFault
from app.ui.before import presenter
from app.ui.before.desk import Desk
from app.ui.before.part import Part, titled
from app.ui.kit.days import NoSuchDay
from app.ui.kit.filing import save_file
from app.ui.kit.form import Form
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import plain
from app.ui.kit.page import Row, button

_MOST_RULES = 14


class RulesPart(Part):
    """Whom the rules of the meeting say to ask; somebody is put on the list from here."""

    def __init__(self, desk: Desk) -> None:
        self.listing = Listing("", most_rows=_MOST_RULES)
        self.listing.setAccessibleName(self.tr("Who must be asked, and why"))
        self._summary = plain()
        self.add = button(self.tr("Put somebody on the &list…"))
        self._found: dict[str, ToInvite] = {}
        self._rules: dict[str, InviteTrigger] = {}
        self._chosen = ""
        super().__init__(
            desk, titled(self.tr("&Who must be asked, and why"), self.listing), self._summary, self.listing,
            plain(self.tr(
                "Space on a row with a box says whether it applies. Return on a row says where its rule comes from."
            )),
            Row(self.add),
        )  # fmt: skip
        self.end(add=Form(presenter.add_asked(desk.pack, family=desk.type.family_attend)))
        self.listing.chosen.connect(self._on_chosen)
        # a list must not be filled anew while it still tells that a box in it was ticked
        self.listing.ticked.connect(self._on_ticked, Qt.ConnectionType.QueuedConnection)
        self.add.clicked.connect(self._on_add)

    def show_meeting(self) -> None:
        """Show what the rules say of the meeting as it is now."""
        sitting, meeting = self.desk.sitting, self.desk.meeting
        found = inviting.who_to_invite(sitting, meeting)
        said = {trigger.id: trigger for trigger in inviting.may_apply(sitting, meeting)}
        self._found = {one.trigger.id: one for one in found}
        self._rules = {**{one.trigger.id: one.trigger for one in found}, **said}
        self._summary.setText(presenter.to_invite_summary(found))
        boxes = {key: key in self._found if self.desk.open else None for key in said}
        rows = [Entry(key, presenter.to_invite_row(one), ticked=boxes.get(key)) for key, one in self._found.items()]
        rows += [
            Entry(key, presenter.may_apply_row(rule), ticked=boxes[key])
            for key, rule in said.items()
            if key not in self._found
        ]
        self.listing.show_entries(rows)
        self.listing.setVisible(bool(rows))
        self.add.setEnabled(self.desk.open)

    def why(self) -> str:
        """Return where the rule of the current row comes from."""
        rule = self._rules.get(self.listing.key)
        return origin(rule, self.desk.pack) if rule else ""

    def go_home(self) -> None:
        """Put the focus on the list of rules, or on the button where there is none."""
        (self.listing if self.listing.count() else self.add).setFocus()

    def _on_chosen(self, key: str) -> None:
        self._chosen = key
        self.said.say(self.why())

    def _on_ticked(self, key: str, applies: bool) -> None:
        told = self.tr("They are asked now.") if applies else self.tr("They need not be asked.")
        self.act(lambda: inviting.say_applies(self.desk.sitting, self.desk.id, key, applies), told)

    def _on_add(self) -> None:
        one = self._found.get(self._chosen)
        # whoever chose a rule that nobody stands for most likely has somebody of that kind in mind
        sectors = one.trigger.sectors if one and not one.on_the_list else ()
        known = next((name for name in sectors if self.desk.pack.sector(name)), "")
        self.open("add", self.tr("Somebody for the list"), {"sector": known})

    def save(self, _name: str, values: Mapping[str, Any]) -> None:
        """Put somebody on the list."""
        told = self.tr("%1 is on the list now. Save their invitation below.").replace("%1", values["name"].strip())
        self.act(
            lambda: table.invite(
                self.desk.sitting, self.desk.id, values["name"], sector=values["sector"], role=values["role"],
                capacity=Capacity(values["capacity"]),
            ),
            told,
        )  # fmt: skip


class PeoplePart(Part):
    """Everybody on the list: their invitation, how they take part, and their report."""

    def __init__(self, desk: Desk, lane: Lane) -> None:
        self._lane = lane
        self.listing = Listing("", stays=True)
        self.listing.setAccessibleName(self.tr("People on the list"))
        self._quorum, self._none = plain(), plain()
        self.change = button(self.tr("Change what is known…"), self.tr("Return"))
        self.letter = button(self.tr("Save the &invitation…"))
        self.came = button(self.tr("Report &came today"))
        self.calendar = button(self.tr("Save for yo&ur calendar…"))
        super().__init__(
            desk, titled(self.tr("&People on the list"), self.listing), self._quorum, self._none, self.listing,
            Row(self.change, self.letter, self.came), Row(self.calendar),
        )  # fmt: skip
        self.end(part=Form(presenter.part_asked(desk.pack)))
        self.listing.chosen.connect(lambda _key: self._on_change())
        self.listing.currentRowChanged.connect(lambda _row: self._allow())
        self.change.clicked.connect(self._on_change)
        self.letter.clicked.connect(self._on_letter)
        self.came.clicked.connect(self._on_came)
        self.calendar.clicked.connect(self._on_calendar)

    def show_meeting(self) -> None:
        """Show the list and the quorum to expect as they are now."""
        desk = self.desk
        people = sorted(desk.meeting.attendances, key=lambda seat: seat.position)
        self._quorum.setText(presenter.quorum_words(desk))
        self._none.setText(self.tr("Nobody is on the list yet. Put somebody on it above."))
        self._none.setVisible(not people)
        self.listing.show_entries([Entry(seat.id, presenter.person_row(seat, desk.pack)) for seat in people])
        self.listing.setVisible(bool(people))
        self._allow()

    def go_home(self) -> None:
        """Put the focus on the list."""
        (self.listing if self.listing.count() else self.calendar).setFocus()

    def knows(self, about: str) -> bool:
        """Return whether somebody with that id is on the list."""
        return any(str(seat.id) == about for seat in self.desk.meeting.attendances)

    def save_invitation(self, attendance_id: UUID, path: Path) -> None:
        """Write somebody's invitation where the chair chose, and say where it went or why it did not."""
        sitting, meeting_id = self.desk.sitting, self.desk.id
        self.said.say(self.tr("Writing the letter…"))

        def write() -> Answer:
            inviting.save_invitation(sitting, meeting_id, attendance_id, path)
            return lambda: self._on_out(path)

        self._lane.run(write, self, self.refuse)

    def save_calendar(self, path: Path) -> None:
        """Write the meeting for a calendar program where the chair chose."""
        try:
            inviting.save_calendar(self.desk.sitting, self.desk.id, path)
        except (NotWritten, SaveFault) as failure:
            self.refuse(failure)
        else:
            self._on_out(path)

    def save(self, _name: str, values: Mapping[str, Any]) -> None:
        """Keep what is known of somebody."""
        key, today = "", self.desk.today
        days: dict[str, date | None] = {}
        try:
            for key in presenter.DAYS:
                days[key] = presenter.day_typed(values[key], today)
        except NoSuchDay as wrong:
            self.forms["part"].say(str(wrong), key)
            return
        ahead = next((name for name, day in days.items() if day and day > today), "")
        about = UUID(self.about)

        def fill_in() -> None:
            table.fill_in(
                self.desk.sitting, about, invitation=Invitation(values["invitation"]), note=values["note"],
                takes_part=values["takes_part"], report_shared=values["report_shared"], **days,
            )  # fmt: skip

        self.act(fill_in, self.tr("Noted."), ahead)

    def _allow(self) -> None:
        person = self.desk.person(self.listing.key)
        self.said.hush()
        self.change.setEnabled(self.desk.open and person is not None)
        self.letter.setEnabled(self.desk.open and person is not None and not person.chairs)
        self.came.setEnabled(self.desk.open and person is not None and person.report_received is None)

    def _on_change(self) -> None:
        person = self.desk.person(self.listing.key)
        if person is not None and self.desk.open:
            self.open("part", person.name, presenter.part_values(person), person.id)

    def _on_came(self) -> None:
        person = self.desk.person(self.listing.key)
        if person is not None:
            told = self.tr("Noted that the report of %1 came today.").replace("%1", person.name)
            self.act(
                lambda: table.note_attendance(self.desk.sitting, person.id, report_received=self.desk.today), told
            )  # fmt: skip

    def _on_letter(self) -> None:
        person = self.listing.key
        offered = str(Path.home() / f"{presenter.offered_name(self.desk, 'invitation', person)}.pdf")
        if chosen := save_file(self, self.tr("Save the invitation"), offered, self.tr("PDF (*.pdf)")):
            self.save_invitation(person, Path(chosen))

    def _on_calendar(self) -> None:
        offered = str(Path.home() / f"{presenter.offered_name(self.desk, 'meeting')}.ics")
        if chosen := save_file(self, self.tr("Save for a calendar program"), offered, self.tr("Calendar (*.ics)")):
            self.save_calendar(Path(chosen))

    def _on_out(self, path: Path) -> None:
        self.went_out.emit()
        told = self.tr("Saved as %1. The trail of this store keeps that it was given out, and which file it was.")
        self.said.say(told.replace("%1", path.name))
        self.go_home()


class ReportsPart(Part):
    """The reports that were asked for or came; Return on one says by which rule and how its day was counted."""

    def __init__(self, desk: Desk) -> None:
        self.listing = Listing("")
        self.listing.setAccessibleName(self.tr("Reports"))
        self._summary = plain()
        self._of: dict[str, Report] = {}
        super().__init__(desk, titled(self.tr("&Reports"), self.listing), self._summary, self.listing)
        self.end()
        self.listing.chosen.connect(lambda _key: self.said.say(self.why()))

    def show_meeting(self) -> None:
        """Show the reports as they are now."""
        today, found = self.desk.today, participation.reports(self.desk.sitting, self.desk.meeting)
        self._of = {str(one.attendance.id): one for one in found}
        self._summary.setText(presenter.summary_of_reports(found, today))
        self.listing.show_entries([Entry(key, presenter.report_row(one, today)) for key, one in self._of.items()])
        self.listing.setVisible(bool(found))

    def why(self) -> str:
        """Return by which rule the report of the current row is due."""
        one = self._of.get(self.listing.key)
        return presenter.report_why(one, self.desk.pack) if one else ""
