"""Requests to keep somebody out: who asked and why, the chair's answer, leaving and coming back, and the letter."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QComboBox

from app.models.participation import Exclusion, Ruling
from app.practice.participation import KEPT_OUT, Asked
from app.services import inviting, participation
from app.ui.before import presenter
from app.ui.before.desk import Desk
from app.ui.before.part import Part, offer, titled
from app.ui.kit.days import NoSuchDay
from app.ui.kit.filing import save_file
from app.ui.kit.form import Form
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import plain
from app.ui.kit.page import Row, button


class ExclusionsPart(Part):
    """Each request with what became of it; Return on one says all that is on record of it."""

    def __init__(self, desk: Desk, lane: Lane) -> None:
        self._lane = lane
        self._notice: dict[UUID, Asked] = {}
        self.listing = Listing("", stays=True)
        self.listing.setAccessibleName(self.tr("Requests to keep somebody out"))
        self._none = plain(self.tr(
            "Nobody has asked for it. Any agency may ask, as early as possible, with a ground and evidence; the chair "
            "decides, for the shortest time that will do."
        ))  # fmt: skip
        self.ask = button(self.tr("R&ecord a request…"))
        self.rule = button(self.tr("&Give the chair's answer…"))
        self.views = button(self.tr("How their views are hear&d…"))
        self.out = button(self.tr("They leave &now"))
        self.back = button(self.tr("They are &back"))
        self.letter = button(self.tr("Save the le&tter to them…"))
        self.after = button(self.tr("Note what happens ne&xt…"))
        # what can be done with a request is offered once there is one
        self._with_it = (Row(self.out, self.back, self.views), Row(self.letter, self.after))
        super().__init__(
            desk, titled(self.tr("Re&quests to keep somebody out"), self.listing), self._none, self.listing,
            Row(self.ask, self.rule), *self._with_it,
        )  # fmt: skip
        self.end(
            ask=Form(presenter.ask_asked(desk.pack)), rule=Form(presenter.rule_asked(desk.pack)),
            views=Form(presenter.views_asked()), after=Form(presenter.after_asked()),
            letter=Form(
                presenter.letter_asked(), save=self.tr("&Save the letter as…"), drop=self.tr("No letter &after all")
            ),
        )  # fmt: skip
        self._connect()

    def _connect(self) -> None:
        self.listing.chosen.connect(lambda _key: self.said.say(self.why()))
        self.listing.currentRowChanged.connect(lambda _row: self._allow())
        self.ask.clicked.connect(self._on_ask)
        for name, pressed in (
            ("rule", self.rule), ("views", self.views), ("letter", self.letter), ("after", self.after),
        ):  # fmt: skip
            pressed.clicked.connect(lambda _checked=False, name=name: self._on_open(name))
        self.out.clicked.connect(self._on_out)
        self.back.clicked.connect(self._on_back)
        ground = self.forms["ask"].field("ground").edit
        if isinstance(ground, QComboBox):
            ground.currentIndexChanged.connect(lambda _row: self._show_ground())

    def show_meeting(self) -> None:
        """Show the requests as they are now; nothing where no family comes to meetings of this type."""
        desk = self.desk
        found = sorted(desk.meeting.exclusions, key=lambda one: one.asked_at)
        self._notice = participation.notice(desk.sitting, desk.meeting)
        self.setVisible(desk.type.family_attend or bool(found))
        rows = [Entry(one.id, presenter.request_row(one, self._notice.get(one.id), desk.pack)) for one in found]
        self.listing.show_entries(rows)
        self.listing.setVisible(bool(found))
        self._none.setVisible(not found)
        for part in (self.rule, *self._with_it):
            part.setVisible(bool(found))
        self._allow()

    def why(self) -> str:
        """Return what is on record of the current request, with the source of its ground."""
        one = self._current
        return presenter.request_why(one, self._notice.get(one.id), self.desk.pack) if one else ""

    def go_home(self) -> None:
        """Put the focus on the requests, or on what records one."""
        (self.listing if self.listing.count() else self.ask).setFocus()

    def knows(self, about: str) -> bool:
        """Return whether there is such a request; a new one is about none."""
        return not about or any(str(one.id) == about for one in self.desk.meeting.exclusions)

    def put_back(self, name: str, about: str, values: Mapping[str, Any]) -> bool:
        """Open a form again with what was half typed in it; return whether it can be."""
        self._offer_people()
        return super().put_back(name, about, values)

    def _offer_people(self) -> None:
        offer(self.forms["ask"].field("who").edit, presenter.people_to_keep_out(self.desk))

    @property
    def _current(self) -> Exclusion | None:
        return self.desk.request(self.listing.key)

    def _allow(self) -> None:
        self.said.hush()
        desk, one = self.desk, self._current
        ruled = one is not None and one.ruling is not Ruling.ASKED
        kept_out = one is not None and one.ruling in KEPT_OUT
        is_out = one is not None and one.left_at is not None and one.back_at is None
        self.ask.setEnabled(desk.open and bool(presenter.people_to_keep_out(desk)))
        self.rule.setEnabled(desk.open and one is not None)
        self.views.setEnabled(desk.open and kept_out)
        self.out.setEnabled(desk.in_session and kept_out and not is_out)
        self.back.setEnabled(desk.in_session and is_out)
        self.letter.setEnabled(ruled)
        self.after.setEnabled(ruled)

    def _show_ground(self) -> None:
        field = self.forms["ask"].field("ground")
        ground = self.desk.pack.participation.ground(self.forms["ask"].values["ground"] or "")
        field.advise(presenter.ground_words(ground, self.desk.pack) if ground else "")

    def _on_ask(self) -> None:
        if self.may_open():
            self._offer_people()
            self.open("ask", self.tr("A request to keep somebody out"), {})
            self._show_ground()

    def _on_open(self, name: str) -> None:
        if one := self._current:
            titles = {"rule": self.tr("The chair's answer about %1"), "letter": self.tr("A letter to %1")}
            title = titles.get(name, "%1").replace("%1", one.attendance.name)
            self.open(name, title, presenter.request_values(name, one), one.id)

    def _on_out(self) -> None:
        if one := self._current:
            told = self.tr("%1 is not in the meeting from now on, and is not counted as there.")
            self.act(lambda: participation.send_out(self.desk.sitting, one.id), told.replace("%1", one.attendance.name))

    def _on_back(self) -> None:
        if one := self._current:
            told = self.tr("%1 is in the meeting again.").replace("%1", one.attendance.name)
            self.act(lambda: participation.bring_back(self.desk.sitting, one.id), told)

    def save(self, name: str, values: Mapping[str, Any]) -> None:
        """Do what one of the forms is for."""
        sitting, meeting_id = self.desk.sitting, self.desk.id
        match name:
            case "ask":
                who = UUID(values["who"])
                self.act(
                    lambda: participation.ask_exclusion(
                        sitting, meeting_id, who, values["ground"], values["evidence"], asked_by=values["asked_by"]
                    ),
                    self.tr("The request is recorded. The meeting cannot close until the chair has answered it."),
                )
            case "rule":
                told = {key: values[key] for key in ("scope", "legal_advice", "views_by")}
                self.act(
                    lambda: participation.rule_exclusion(
                        sitting, UUID(self.about), Ruling(values["ruling"]), values["reason"], **told
                    ),
                    self.tr("The answer is recorded. Save the letter that tells them."),
                )
            case "views":
                self.act(
                    lambda: participation.bring_in_views(sitting, UUID(self.about), values["views_by"]),
                    self.tr("Recorded how their views reach the meeting."),
                )
            case "letter":
                self._choose_place(values["words"])
            case "after":
                self._save_after(values)

    def _save_after(self, values: Mapping[str, Any]) -> None:
        try:
            on = presenter.day_typed(values["letter_on"], self.desk.today)
        except NoSuchDay as wrong:
            self.forms["after"].say(str(wrong), "letter_on")
            return
        self.act(
            lambda: participation.note_exclusion(
                self.desk.sitting, UUID(self.about), letter_on=on, chair_offered=values["chair_offered"]
            ),
            self.tr("Noted."),
        )

    def _choose_place(self, words: str) -> None:
        one = self.desk.request(UUID(self.about))
        if one is not None:
            offered = str(Path.home() / f"{presenter.offered_name(self.desk, 'letter', one.attendance.id)}.pdf")
            if chosen := save_file(self, self.tr("Save the letter"), offered, self.tr("PDF (*.pdf)")):
                self.save_letter(one.id, Path(chosen), words)

    def save_letter(self, exclusion_id: UUID, path: Path, words: str) -> None:
        """Write the letter about a request where the chair chose, and say where it went or why it did not."""
        sitting, meeting_id = self.desk.sitting, self.desk.id

        def write() -> Answer:
            inviting.save_exclusion_letter(sitting, meeting_id, exclusion_id, path, words)
            return lambda: self._on_written(path)

        self._lane.run(write, self, self.refuse)

    def _on_written(self, path: Path) -> None:
        self.forms["letter"].close_up()
        self.went_out.emit()
        told = self.tr("Saved as %1. Today is noted as the day they were written to, and the trail keeps which file.")
        self.said.say(told.replace("%1", path.name))
        self.go_home()
