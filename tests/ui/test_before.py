"""The page about the time before a meeting, by keys: who is asked, letters, reports, keeping somebody out, the note."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QListWidget, QPlainTextEdit
from PySide6.QtWidgets import QWidget as Widget
from pytestqt.qtbot import QtBot

from app.minutes.pages import comparable, comparable_text
from app.models.attendance import Invitation
from app.models.participation import Exclusion, Ruling
from app.services import entries, inviting, participation, table
from app.services.exchange import export_meeting
from app.ui.before.people import PeoplePart
from app.ui.before.screen import BeforeScreen
from app.ui.kit.form import Form
from app.ui.kit.lane import Lane
from app.ui.kit.listing import Listing
from app.ui.kit.unfinished import Unreadable
from app.ui.meeting.room import Room as MeetingRoom
from app.ui.meeting.standing import change_state
from app.ui.setup.draft import draft_of
from tests.builders import trail
from tests.services.conference import a_conference, concluded
from tests.services.holding import Held
from tests.ui.test_pages import SLOW, shown

CANARY = "Quixotic-Heliotrope"
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    """Give a conference that is prepared."""
    with a_conference(tmp_path / "store", started=False) as made:
        yield made


@pytest.fixture
def going_on(tmp_path: Path) -> Iterator[Held]:
    """Give a conference in session, with a request about Mo Sample that the chair has not answered."""
    with a_conference(tmp_path / "store") as made:
        participation.ask_exclusion(
            made.sitting, made.meeting, made.people["Mo Sample"].id, "conflict", "Bail conditions.", asked_by="Casey"
        )
        yield made


def page(qtbot: QtBot, held: Held, lane: Lane) -> BeforeScreen:
    screen = BeforeScreen(held.sitting, held.meeting, lane)
    shown(qtbot, screen)
    screen.focus_home()
    return screen


def rows(listing: Listing) -> list[str]:
    return [listing.item(row).text() for row in range(listing.count())]


def choose(listing: Listing, words: str) -> None:
    place = next(place for place, row in enumerate(rows(listing)) if words in row)
    listing.setFocus()
    listing.setCurrentRow(place)


def fill(form: Form, **values: str) -> None:
    """Type or choose what a form asks."""
    for key, value in values.items():
        edit = form.field(key).edit
        if isinstance(edit, QComboBox):
            edit.setCurrentIndex(edit.findData(value))
        elif isinstance(edit, QLineEdit | QPlainTextEdit):
            edit.setFocus()
            edit.selectAll()
            QTest.keyClicks(edit, value)


def keep(qtbot: QtBot, form: Form) -> None:
    focus = form.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, Qt.Key.Key_Return, CTRL)


def request(held: Held) -> Exclusion:
    [found] = held.loaded().exclusions
    return found


def test_it_says_who_must_be_asked_and_return_says_where_the_rule_comes_from(
    qtbot: QtBot, held: Held, lane: Lane
) -> None:
    screen = page(qtbot, held, lane)
    assert screen.rules.listing.hasFocus()
    assert any("NOBODY ON THE LIST YET. Always: the police" in row for row in rows(screen.rules.listing))
    choose(screen.rules.listing, "police")
    qtbot.keyClick(screen.rules.listing, Qt.Key.Key_Return)
    assert screen.rules.said.text.startswith("Where this comes from: ")
    assert "Reviewed" in screen.rules.said.text


def test_somebody_is_put_on_the_list_from_the_rule_that_asks_for_them_and_taken_off_again(
    qtbot: QtBot, held: Held, lane: Lane
) -> None:
    screen = page(qtbot, held, lane)
    choose(screen.rules.listing, "police")
    qtbot.keyClick(screen.rules.listing, Qt.Key.Key_Return)
    screen.rules.add.click()
    form = screen.rules.forms["add"]
    assert form.values["sector"] == "police"
    keep(qtbot, form)
    assert form.field("name").said.startswith("Somebody who attends needs a name")
    fill(form, name="Casey Example", role="ds")
    keep(qtbot, form)
    assert form.isHidden()
    assert any(row.startswith("Casey Example, Police") for row in rows(screen.people.listing))
    assert not any("NOBODY ON THE LIST YET. Always: the police" in row for row in rows(screen.rules.listing))
    assert screen.rules.listing.hasFocus()
    qtbot.keyClick(screen.rules.listing, Qt.Key.Key_Z, CTRL)
    assert not any(row.startswith("Casey Example") for row in rows(screen.people.listing))
    assert "taken back" in screen.rules.said.text


def test_the_chair_says_by_space_that_a_rule_applies_and_takes_it_back(qtbot: QtBot, held: Held, lane: Lane) -> None:
    screen = page(qtbot, held, lane)
    choose(screen.rules.listing, "Probation and Youth justice: only if this applies")
    qtbot.keyClick(screen.rules.listing, Qt.Key.Key_Space)
    asked = "Probation and Youth justice: NOBODY ON THE LIST YET"
    qtbot.waitUntil(lambda: any(asked in row for row in rows(screen.rules.listing)), timeout=SLOW)
    assert held.loaded().circumstances == ["invite.offending"]
    assert screen.rules.listing.hasFocus()
    qtbot.keyClick(screen.rules.listing, Qt.Key.Key_Z, CTRL)
    assert held.loaded().circumstances == []


def test_an_interpreter_comes_to_the_list_with_the_family(qtbot: QtBot, held: Held, lane: Lane) -> None:
    screen = page(qtbot, held, lane)
    screen.rules.add.click()
    fill(screen.rules.forms["add"], name="Ray Example", capacity="interpreter", role="for Mo Sample")
    keep(qtbot, screen.rules.forms["add"])
    assert any(row.startswith("Ray Example, interpreter, for Mo Sample") for row in rows(screen.people.listing))


def test_an_invitation_is_saved_its_day_noted_and_the_trail_told(
    qtbot: QtBot, held: Held, lane: Lane, tmp_path: Path
) -> None:
    screen, path = page(qtbot, held, lane), tmp_path / "letter.pdf"
    before = len(trail(held.sitting.store))
    screen.people.save_invitation(held.people["social_worker"].id, path)
    qtbot.waitUntil(lambda: "Saved as letter.pdf" in screen.people.said.text, timeout=SLOW)
    assert "trail" in screen.people.said.text
    assert comparable("Monday 7 December 2026") in comparable_text(path.read_bytes())
    kinds = [entry.kind for entry in trail(held.sitting.store)[before:]]
    assert kinds == ["letter.exported", "attendance.noted"]
    assert any("social_worker" in row and "invited on 10 December 2026" in row for row in rows(screen.people.listing))
    screen.people.save_invitation(held.people["social_worker"].id, tmp_path / "no" / "letter.pdf")
    qtbot.waitUntil(lambda: "Saved" not in screen.people.said.text and "…" not in screen.people.said.text, timeout=SLOW)
    assert screen.people.said.text


def test_the_calendar_file_is_saved_and_names_nobody(qtbot: QtBot, held: Held, lane: Lane, tmp_path: Path) -> None:
    screen = page(qtbot, held, lane)
    screen.people.save_calendar(tmp_path / "meeting.ics")
    assert "Saved as meeting.ics" in screen.people.said.text
    assert "Sample" not in (tmp_path / "meeting.ics").read_text()


def part_form(qtbot: QtBot, part: PeoplePart, who: str) -> Form:
    choose(part.listing, who)
    qtbot.keyClick(part.listing, Qt.Key.Key_Return)
    return part.forms["part"]


def test_a_report_is_asked_for_comes_and_is_counted_in_working_days(qtbot: QtBot, held: Held, lane: Lane) -> None:
    screen = page(qtbot, held, lane)
    assert "No report was asked for yet" in screen.reports._summary.text()
    form = part_form(qtbot, screen.people, "health_visitor")
    fill(form, report_asked="30.11.2026", report_received="8.12.2027")
    keep(qtbot, form)
    assert form.field("report_received").said.startswith("It cannot have been done in the future")
    fill(form, report_received="soon")
    keep(qtbot, form)
    assert "is not a date" in form.field("report_received").said
    fill(form, report_received="8.12.2026", report_shared="Read with the mother.", takes_part="By video")
    keep(qtbot, form)
    assert screen.people.listing.hasFocus()
    [row] = rows(screen.reports.listing)
    assert "2 working days before the meeting (LATE, due by Monday 7 December 2026)" in row
    assert "Read with the mother" in row
    assert any("Takes part: By video." in row for row in rows(screen.people.listing))
    choose(screen.reports.listing, "health_visitor")
    qtbot.keyClick(screen.reports.listing, Qt.Key.Key_F1)
    assert "Where this comes from" in screen.reports.said.text
    form = part_form(qtbot, screen.people, "health_visitor")
    form.field("report_received").text = ""
    keep(qtbot, form)
    assert "not here yet (OVERDUE" in rows(screen.reports.listing)[0]


def test_that_a_report_came_today_takes_one_key(qtbot: QtBot, held: Held, lane: Lane) -> None:
    screen = page(qtbot, held, lane)
    choose(screen.people.listing, "social_worker")
    qtbot.keyClick(screen.people.came, Qt.Key.Key_Space)
    assert "came on 10 December 2026, 0 working days before" in rows(screen.reports.listing)[0]
    assert screen.people.listing.hasFocus()
    assert not screen.people.came.isEnabled()
    screen.people.take_back.click()
    assert rows(screen.reports.listing) == []


def test_a_request_to_keep_somebody_out_is_recorded_answered_and_said_to_be_late(
    qtbot: QtBot, held: Held, lane: Lane
) -> None:
    screen = page(qtbot, held, lane)
    screen.exclusions.ask.click()
    form = screen.exclusions.forms["ask"]
    assert "Where this comes from" in form.field("ground").edit.accessibleDescription()
    fill(form, who=str(held.people["Sam Sample"].id), ground="disruption", asked_by="Casey Example, police")
    assert "violence, threats" in form.field("ground").edit.accessibleDescription()
    keep(qtbot, form)
    assert form.field("evidence").said.startswith("Keeping somebody out needs evidence")
    fill(form, evidence="Threats were heard.")
    keep(qtbot, form)
    [row] = rows(screen.exclusions.listing)
    assert row.startswith("Sam Sample: Serious disruption, asked by Casey Example, police")
    assert "It should have come by Monday 7 December 2026" in row
    assert "Not answered yet" in row
    assert screen.exclusions.listing.hasFocus()
    screen.exclusions.rule.click()
    form = screen.exclusions.forms["rule"]
    fill(form, ruling="for-a-part", reason="Others could not speak.")
    keep(qtbot, form)
    assert "for which part" in form.field("scope").said
    fill(form, scope="While the health visitor speaks")
    keep(qtbot, form)
    assert "Kept out for a part: While the health visitor speaks" in rows(screen.exclusions.listing)[0]
    assert "STILL TO BE BROUGHT IN" in rows(screen.exclusions.listing)[0]
    assert not screen.exclusions.out.isEnabled()


def test_somebody_leaves_and_comes_back_while_the_meeting_goes_on(qtbot: QtBot, going_on: Held, lane: Lane) -> None:
    participation.rule_exclusion(going_on.sitting, request(going_on).id, Ruling.FOR_ALL, "They cannot be together.")
    screen = page(qtbot, going_on, lane)
    part = screen.exclusions
    choose(part.listing, "Mo Sample")
    qtbot.keyClick(part.out, Qt.Key.Key_Space)
    mo = next(seat for seat in going_on.loaded().attendances if seat.name == "Mo Sample")
    assert mo.here is None
    assert part.listing.hasFocus()
    assert (part.out.isEnabled(), part.back.isEnabled()) == (False, True)
    part.views.click()
    fill(part.forms["views"], views_by="She wrote two pages, which were read out.")
    keep(qtbot, part.forms["views"])
    qtbot.keyClick(part.back, Qt.Key.Key_Space)
    assert "Mo Sample is in the meeting again." in part.said.text
    [row] = rows(part.listing)
    assert "Their views: She wrote two pages" in row
    assert "excluded-heard" not in going_on.blocks()


def test_the_letter_to_somebody_kept_out_is_saved_and_the_offer_noted_until_the_minutes_are_sealed(
    qtbot: QtBot, going_on: Held, lane: Lane, tmp_path: Path
) -> None:
    found = request(going_on)
    participation.rule_exclusion(going_on.sitting, found.id, Ruling.FOR_ALL, "They cannot be together.")
    concluded(going_on)
    screen = page(qtbot, going_on, lane)
    part = screen.exclusions
    choose(part.listing, "Mo Sample")
    assert not part.ask.isEnabled()
    part.letter.click()
    fill(part.forms["letter"], words="We will see you on Friday.")
    part.save_letter(found.id, tmp_path / "out.pdf", part.forms["letter"].values["words"])
    qtbot.waitUntil(lambda: "Saved as out.pdf" in part.said.text, timeout=SLOW)
    letter = comparable_text((tmp_path / "out.pdf").read_bytes())
    assert comparable("We will see you on Friday.") in letter
    assert comparable("Bail") not in letter
    assert request(going_on).letter_on == date(2026, 12, 10)
    part.after.click()
    offered = part.forms["after"].field("chair_offered").edit
    qtbot.keyClick(offered, Qt.Key.Key_Space)
    offered.setFocus()
    keep(qtbot, part.forms["after"])
    assert "The chair offered to see them." in rows(part.listing)[0]


def test_what_is_settled_with_the_family_is_answered_in_the_meeting_and_asked_before_it(
    qtbot: QtBot, going_on: Held, lane: Lane
) -> None:
    screen = page(qtbot, going_on, lane)
    choose(screen.family.listing, "interpreter is booked")
    qtbot.keyClick(screen.family.listing, Qt.Key.Key_Return)
    fill(screen.family.forms["answer"], text="One for Mo Sample, in Polish.")
    keep(qtbot, screen.family.forms["answer"])
    assert any("ANSWER: One for Mo Sample" in row for row in rows(screen.family.listing))
    assert screen.family.listing.hasFocus()


def test_what_is_settled_with_the_family_is_answered_before_the_start(qtbot: QtBot, held: Held, lane: Lane) -> None:
    screen = page(qtbot, held, lane)
    choose(screen.family.listing, "meet the parents and the child")
    qtbot.keyClick(screen.family.listing, Qt.Key.Key_Return)
    form = screen.family.forms["answer"]
    assert not form.isHidden()
    QTest.keyClicks(QApplication.focusWidget(), "We met them on Monday.")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CTRL)
    assert [answer.text for answer in held.loaded().answers] == ["We met them on Monday."]
    assert screen.family.said.text == "The answer is kept."


def test_once_the_meeting_is_over_a_question_says_where_it_comes_from(qtbot: QtBot, going_on: Held, lane: Lane) -> None:
    concluded(going_on)
    screen = page(qtbot, going_on, lane)
    choose(screen.family.listing, "meet the parents and the child")
    qtbot.keyClick(screen.family.listing, Qt.Key.Key_Return)
    assert screen.family.forms["answer"].isHidden()
    assert "Where this comes from" in screen.family.said.text
    assert "takes no more answers" in screen.family._when.text()


def test_the_private_note_is_kept_by_its_own_button_and_leaves_in_no_file(
    qtbot: QtBot, held: Held, lane: Lane, tmp_path: Path
) -> None:
    screen = page(qtbot, held, lane)
    edit = screen.note.field.edit
    edit.setFocus()
    QTest.keyClicks(edit, CANARY)
    assert screen.holds_text()
    assert inviting.private_note(held.sitting, held.meeting) == ""
    qtbot.keyClick(edit, Qt.Key.Key_S, CTRL)
    assert inviting.private_note(held.sitting, held.meeting) == CANARY
    assert not screen.holds_text()
    assert screen.note.said.text == "Your note is kept."
    assert CANARY.encode() not in export_meeting(held.sitting, held.meeting)
    screen.people.save_invitation(held.people["Mo Sample"].id, tmp_path / "mo.pdf")
    qtbot.waitUntil(lambda: "Saved as" in screen.people.said.text, timeout=SLOW)
    assert comparable(CANARY) not in comparable_text((tmp_path / "mo.pdf").read_bytes())


def test_a_half_filled_form_and_a_half_typed_note_are_put_back_on_another_page(
    qtbot: QtBot, going_on: Held, lane: Lane
) -> None:
    screen = page(qtbot, going_on, lane)
    assert screen.unsaved() is None
    screen.note.field.text = "Mind the step."
    screen.exclusions.ask.click()
    sam = str(going_on.people["Sam Sample"].id)
    fill(screen.exclusions.forms["ask"], who=sam, ground="chilling", evidence="Half a sentence")
    words = screen.unsaved()
    assert words is not None
    other = page(qtbot, going_on, lane)
    other.put_back(words)
    form = other.exclusions.forms["ask"]
    assert other.holds_text()
    assert form.values == {"who": sam, "ground": "chilling", "asked_by": "", "evidence": "Half a sentence"}
    assert other.note.field.text == "Mind the step."
    other.focus_home()
    fill(form, asked_by="Casey")
    keep(qtbot, form)
    assert len(going_on.loaded().exclusions) == 2
    with pytest.raises(Unreadable):
        other.put_back('{"part": "exclusions", "form": "rule", "about": "nobody", "values": {}}')


def test_an_answer_half_typed_goes_to_the_request_it_was_about(qtbot: QtBot, going_on: Held, lane: Lane) -> None:
    screen = page(qtbot, going_on, lane)
    choose(screen.exclusions.listing, "Mo Sample")
    screen.exclusions.rule.click()
    fill(screen.exclusions.forms["rule"], reason="They stay")
    words = screen.unsaved()
    assert words is not None
    other = page(qtbot, going_on, lane)
    other.put_back(words)
    other.focus_home()
    keep(qtbot, other.exclusions.forms["rule"])
    assert (request(going_on).ruling, request(going_on).reason) == (Ruling.REFUSED, "They stay")


def test_a_second_form_does_not_open_over_one_that_is_being_written(qtbot: QtBot, held: Held, lane: Lane) -> None:
    screen = page(qtbot, held, lane)
    screen.exclusions.ask.click()
    screen.rules.add.click()
    assert screen.rules.open_form == ""
    assert screen.exclusions.forms["ask"].isAncestorOf(QApplication.focusWidget())


def test_escape_puts_an_open_form_away_first_and_then_leaves(qtbot: QtBot, held: Held, lane: Lane) -> None:
    screen = page(qtbot, held, lane)
    left: list[bool] = []
    screen.left.connect(lambda: left.append(True))
    screen.rules.add.click()
    focus = QApplication.focusWidget()
    qtbot.keyClick(focus, Qt.Key.Key_Escape)
    assert not screen.rules.open_form
    assert not left
    screen.exclusions.ask.click()
    screen.people.listing.setFocus()
    qtbot.keyClick(screen.people.listing, Qt.Key.Key_Escape)
    assert not screen.exclusions.open_form
    assert not left
    qtbot.keyClick(screen.exclusions.ask, Qt.Key.Key_Escape)
    assert left == [True]


def test_nothing_is_taken_back_that_was_recorded_elsewhere_meanwhile(qtbot: QtBot, going_on: Held, lane: Lane) -> None:
    screen = page(qtbot, going_on, lane)
    choose(screen.people.listing, "social_worker")
    screen.people.came.click()
    entries.record_statement(going_on.sitting, going_on.meeting, going_on.kind.agenda[0].id, "Said in the meeting.")
    qtbot.keyClick(screen.people.listing, Qt.Key.Key_Z, CTRL)
    assert len(going_on.loaded().statements) == 1
    assert "Something else was recorded since" in screen.people.said.text


def test_it_shows_what_changed_elsewhere_when_it_is_shown_again(qtbot: QtBot, held: Held, lane: Lane) -> None:
    screen = page(qtbot, held, lane)
    screen.hide()
    table.invite(held.sitting, held.meeting, "Late Example", sector="police")
    screen.show()
    assert any("Late Example" in row for row in rows(screen.people.listing))


def test_a_meeting_of_professionals_asks_nothing_of_a_family(qtbot: QtBot, tmp_path: Path, lane: Lane) -> None:
    with a_conference(tmp_path / "store", started=False) as held:
        case, child = held.loaded().case_id, held.children[0].id
        strategy = a_strategy(held, case, child)
        screen = BeforeScreen(held.sitting, strategy, lane)
        shown(qtbot, screen)
        assert not screen.exclusions.isVisible()
        assert not screen.family.isVisible()
        assert "Nobody is on the list yet" in screen.people._none.text()
        with qtbot.waitSignal(screen.setup_wanted) as wanted:
            screen._set_up.click()
        assert wanted.args == [strategy]


def a_strategy(held: Held, case: UUID, child: UUID) -> UUID:
    from app.services import meetings

    return meetings.prepare(
        held.sitting, case, "strategy_initial", [child], planned_at=held.sitting.now()
    ).id  # fmt: skip


def test_every_key_on_the_page_is_its_own_and_every_control_has_a_name(
    qtbot: QtBot, going_on: Held, lane: Lane
) -> None:
    participation.rule_exclusion(going_on.sitting, request(going_on).id, Ruling.FOR_ALL, "They cannot be together.")
    screen = page(qtbot, going_on, lane)
    asked = screen.exclusions
    for opened in (
        screen.rules.add,
        screen.people.change,
        asked.ask,
        asked.rule,
        asked.views,
        asked.letter,
        asked.after,
    ):
        opened.click()
        assert screen.holds_text()
        controls = [one for kind in (QLabel, QAbstractButton) for one in screen.findChildren(kind) if one.isVisible()]
        letters = [one.text().split("&")[1][0].lower() for one in controls if "&" in one.text()]
        assert len(letters) == len(set(letters)), sorted(letters)
        assert not {"f", "m", "v", "h"} & set(letters)
        for kind in (QLineEdit, QPlainTextEdit, QComboBox, QListWidget):
            for one in screen.findChildren(kind):
                assert one.accessibleName() or not one.isVisible() or inner(one)
        screen._leave()


def inner(control: Widget) -> bool:
    """Return whether a control is a part of another one."""
    return isinstance(control.parent(), QComboBox | QPlainTextEdit)


def test_at_twice_the_size_nothing_is_cut_off_at_the_side(qtbot: QtBot, going_on: Held, lane: Lane) -> None:
    font, larger = QApplication.font(), QApplication.font()
    larger.setPointSizeF(font.pointSizeF() * 2)
    QApplication.setFont(larger)
    try:
        screen = page(qtbot, going_on, lane)
        screen.exclusions.rule.click()
        screen.resize(1366, 768)
        qtbot.waitUntil(lambda: screen.width() == 1366)
        assert screen.horizontalScrollBar().maximum() == 0
    finally:
        QApplication.setFont(font)


def test_whoever_is_kept_out_of_the_whole_meeting_or_sent_apologies_is_not_here_when_it_starts(held: Held) -> None:
    sitting, meeting = held.sitting, held.meeting
    mo, sam, lou = (held.people[name].id for name in ("Mo Sample", "Sam Sample", "Lou Example"))
    for person, ruling, part in ((mo, Ruling.FOR_ALL, ""), (sam, Ruling.FOR_A_PART, "While the nurse speaks")):
        asked = participation.ask_exclusion(sitting, meeting, person, "conflict", "Bail.", asked_by="Casey")
        participation.rule_exclusion(sitting, asked.id, ruling, "They cannot be together.", scope=part)
    table.note_attendance(sitting, lou, invitation=Invitation.APOLOGIES)
    away = {person.id for person in draft_of(sitting, meeting).people if not person.here}
    assert away == {mo, lou}
    change_state(MeetingRoom(sitting, meeting), "start-all")
    assert {seat.id for seat in held.loaded().attendances if not seat.here} == {mo, lou}
