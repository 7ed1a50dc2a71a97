"""The parts of the case page that look back and those for complaints, by keys."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.models.event import EventKind
from app.services import cases, chronology, entries, participation
from app.ui.case.plans import PlansPart
from app.ui.case.screen import CaseScreen
from app.ui.case.views import ViewsPart
from app.ui.kit.lane import Lane
from app.ui.kit.schemes import SCHEMES, palette
from tests.builders import Room, a_room
from tests.services.holding import Held
from tests.services.planned import a_conference, conference, finish, make
from tests.ui.test_pages import shown

CTRL = Qt.KeyboardModifier.ControlModifier
Conference = tuple[Room, Held]


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Conference]:
    with a_conference(tmp_path / "store") as made:
        yield made


def page(qtbot: QtBot, room: Room, lane: Lane) -> CaseScreen:
    screen = CaseScreen(room.sitting, room.case.id, lane)
    shown(qtbot, screen)
    return screen


def looked_at(screen: CaseScreen) -> ViewsPart:
    screen._views.toggle.click()
    part = screen._views.shown
    assert isinstance(part, ViewsPart)
    return part


def reviewed(room: Room, times: int) -> None:
    for number in range(times):
        room.clock.pass_by(days=80)
        review = conference(room, "rcpc")
        review.view("plan", "no_plan" if number % 2 else "plan")
        finish(review)


def test_the_views_are_read_only_when_somebody_asks_and_are_put_away_again(
    qtbot: QtBot, one: Conference, lane: Lane
) -> None:
    room, held = one
    held.view("plan")
    held.view("harm")
    finish(held)
    screen = page(qtbot, room, lane)
    assert screen._views.shown is None
    part = looked_at(screen)
    assert [part.question.itemText(row) for row in range(part.question.count())] == [
        "Is this child suffering, or likely to suffer, significant harm?",
        "Does this child need a child protection plan?",
    ]
    assert part.listing.count() == 3
    assert not part.earlier.isVisible()
    part.question.setFocus()
    qtbot.keyClick(part.question, Qt.Key.Key_Down)
    assert part.question.currentIndex() == 1
    assert "December 2026 Yes" in part.listing.item(0).text()
    screen._views.toggle.click()
    assert screen._views.shown is None


def test_meetings_that_have_no_room_in_the_picture_are_reached_by_keys(
    qtbot: QtBot, one: Conference, lane: Lane
) -> None:  # fmt: skip
    room, held = one
    held.view("plan")
    finish(held)
    reviewed(room, 3)
    screen = page(qtbot, room, lane)
    screen.resize(420, 700)
    part = looked_at(screen)
    count = 4
    qtbot.waitUntil(lambda: 0 < len(part.picture.places) < count)
    seen = len(part.picture.places)
    assert part.picture.places.stop == count
    assert not part.later.isEnabled()
    part.picture.setFocus()
    for _ in range(count):
        qtbot.keyClick(part.picture, Qt.Key.Key_Left)
    assert part.picture.places == range(seen)
    assert not part.earlier.isEnabled()
    part.later.click()
    assert part.picture.places == range(1, seen + 1)


def test_the_picture_tells_a_change_without_colour_in_both_schemes(
    qtbot: QtBot, one: Conference, lane: Lane
) -> None:  # fmt: skip
    room, held = one
    held.view("plan")
    finish(held)
    reviewed(room, 2)
    screen = page(qtbot, room, lane)
    part = looked_at(screen)
    for scheme in SCHEMES:
        screen.setPalette(palette(scheme))
        image = part.picture.grab().toImage()
        places = product(range(0, image.width(), 3), range(0, image.height(), 3))
        drawn = [image.pixelColor(x, y) for x, y in places]
        assert palette(scheme).windowText().color() in drawn
        # whoever sees no hue misses nothing
        assert max(max(c.getRgb()[:3]) - min(c.getRgb()[:3]) for c in drawn) <= 24
    assert "No, changed" in part.listing.item(0).text()
    assert part.picture.accessibleDescription() == "A picture. The list below says the same in words."


def test_the_plan_history_leads_to_the_plan(qtbot: QtBot, one: Conference, lane: Lane) -> None:
    room, held = one
    make(held)
    finish(held)
    screen = page(qtbot, room, lane)
    screen._plans.toggle.click()
    part = screen._plans.shown
    assert isinstance(part, PlansPart)
    assert part.now.text().startswith("Robin has been on a plan for 0 months")
    assert part.revisions.item(0).text() == "1. 10 December 2026, In force: a new plan."
    with qtbot.waitSignal(screen.plan_wanted) as heard:
        part.open.click()
    assert heard.args == [room.child.id]
    with qtbot.waitSignal(screen.work_wanted) as heard:
        qtbot.keyClick(screen, Qt.Key.Key_J, CTRL)
    assert heard.args == [room.case.id]


def test_what_is_left_open_leads_to_its_meeting(qtbot: QtBot, one: Conference, lane: Lane) -> None:
    room, held = one
    item = held.kind.agenda[0].id
    entries.record_action(room.sitting, held.meeting, item, "Ring them.", owner="Blair", due=date(2026, 12, 14))
    finish(held)
    screen = page(qtbot, room, lane)
    assert "1 action not done" in screen._open.words.text()
    wanted: list[UUID] = []
    screen.minutes_wanted.connect(wanted.append)
    screen._open.listing.setFocus()
    qtbot.keyClick(screen._open.listing, Qt.Key.Key_Return)
    assert wanted == [held.meeting]


def test_a_complaint_is_recorded_moved_on_and_closed_by_keys(qtbot: QtBot, one: Conference, lane: Lane) -> None:
    room, held = one
    finish(held)
    screen = page(qtbot, room, lane)
    part = screen._complaints
    assert part._none.text().startswith("There is none. A complaint does not change a decision by itself")
    part.add.click()
    assert screen.holds_text()
    who, about, day = (part.form.field(key).edit for key in ("who", "about", "day"))
    QTest.keyClicks(who, "Sam Sample")
    qtbot.keyClick(who, Qt.Key.Key_Return, CTRL)
    assert part.form.field("about").said.startswith("There is nothing to look into yet")
    QTest.keyClicks(about, "I was not heard.")
    QTest.keyClicks(day, "11.12.2026")
    qtbot.keyClick(day, Qt.Key.Key_Return, CTRL)
    assert part.form.field("day").said == "This day lies in the future: check it."
    qtbot.keyClick(day, Qt.Key.Key_A, CTRL)
    QTest.keyClicks(day, "today")
    qtbot.keyClick(day, Qt.Key.Key_Return, CTRL)
    assert not screen.holds_text()
    assert part.listing.hasFocus()
    assert part.said.text == "The complaint is recorded. The decision stands meanwhile."
    part.move_on.click()
    assert "to be answered by Thursday 7 January 2027" in part.listing.item(0).text()
    part.close_it.click()
    outcome = part.form.field("outcome").edit
    QTest.keyClicks(outcome, "The minutes were corrected.")
    qtbot.keyClick(outcome, Qt.Key.Key_Return, CTRL)
    [found] = participation.complaints(room.sitting, room.case.id)
    assert (found.stage, found.outcome) == ("complaint.written", "The minutes were corrected.")
    assert not part.move_on.isVisible()
    assert part.add.isEnabled()


def test_a_complaint_waits_until_a_meeting_is_over(qtbot: QtBot, tmp_path: Path, lane: Lane) -> None:
    with a_room(tmp_path) as room:
        screen = page(qtbot, room, lane)
        assert not screen._complaints.add.isEnabled()
        assert "one is about a meeting that is over" in screen._complaints._none.text()


def test_no_letter_leads_to_two_places_of_the_page(qtbot: QtBot, one: Conference, lane: Lane) -> None:
    room, held = one
    make(held)
    finish(held)
    screen = page(qtbot, room, lane)
    looked_at(screen)
    screen._plans.toggle.click()
    letters = [letter for part in screen.findChildren(QWidget) if (letter := _letter(part))]
    assert sorted(letters) == sorted(set(letters))


def _letter(part: QWidget) -> str:
    text = part.text() if isinstance(part, QPushButton | QLabel) and part.isVisible() else ""
    place = text.replace("&&", "  ").find("&")
    return text[place + 1].lower() if place >= 0 else ""


def test_at_twice_the_size_nothing_is_cut_off_at_the_side(qtbot: QtBot, one: Conference, lane: Lane) -> None:
    room, held = one
    held.view("plan")
    make(held)
    finish(held)
    font, larger = QApplication.font(), QApplication.font()
    larger.setPointSizeF(font.pointSizeF() * 2)
    QApplication.setFont(larger)
    try:
        screen = page(qtbot, room, lane)
        screen.resize(1366, 768)
        looked_at(screen)
        screen._plans.toggle.click()
        qtbot.waitUntil(lambda: screen.width() == 1366)
        assert screen.horizontalScrollBar().maximum() == 0
    finally:
        QApplication.setFont(font)


def test_what_is_opened_by_its_letter_has_the_focus_and_tab_goes_on_in_it(
    qtbot: QtBot, one: Conference, lane: Lane
) -> None:
    room, _ = one
    screen = page(qtbot, room, lane)
    screen.focus_home()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: isinstance(screen._plans.shown, PlansPart))
    part = screen._plans.shown
    assert isinstance(part, PlansPart)
    assert part.child.hasFocus()
    QTest.keyClick(part.child, Qt.Key.Key_Tab)
    assert part.open.hasFocus()
    screen._plans.toggle.click()
    assert screen._plans.toggle.hasFocus()


def test_a_case_page_with_an_open_form_shows_what_was_recorded_elsewhere_and_keeps_the_form(
    qtbot: QtBot, one: Conference, lane: Lane
) -> None:
    room, _ = one
    screen = page(qtbot, room, lane)
    screen._people.open_new()
    screen._people.form.field("name").text = "Kit Exam"
    rows = screen._children.listing.count()
    screen.hide()
    cases.add_child(room.sitting, room.case.id, "Ash Sample")
    screen.show()

    assert screen._children.listing.count() == rows + 1
    assert screen._people.holds_text()
    assert screen._people.form.field("name").text == "Kit Exam"


def test_children_of_one_name_are_told_apart_in_every_list_of_their_case(
    qtbot: QtBot, one: Conference, lane: Lane
) -> None:
    room, held = one
    other = cases.add_child(room.sitting, room.case.id, "Robin Other")
    for child in (room.child, other):
        chronology.record_event(
            room.sitting, room.case.id, EventKind.OTHER, "Seen at the clinic.", date(2026, 12, 1), child=child.id
        )
    entries.record_gap(room.sitting, held.meeting, held.kind.agenda[0].id, "What was seen?", child=room.child.id)
    screen = page(qtbot, room, lane)
    for listing in (screen._chronology.listing, screen._open.listing, screen._meetings):
        rows = [listing.item(row).text() for row in range(listing.count())]
        assert len(set(rows)) == len(rows)
        assert any("Robin Sample" in row for row in rows)
