"""The set-up page: from launch to the first item with what a phone call needs, and nothing typed is lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.models.meeting import State
from app.services import cases, meetings
from app.services.sitting import Sitting
from app.ui.kit.lane import Lane
from app.ui.setup.screen import SetupScreen


def shown(qtbot: QtBot, screen: QWidget) -> None:
    qtbot.addWidget(screen)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()


def line(qtbot: QtBot, edit: QWidget, text: str) -> None:
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)


def fill_in(qtbot: QtBot, screen: SetupScreen) -> None:
    form = screen._form
    line(qtbot, form.case.line, "NM-2026-0114")
    line(qtbot, form.children_list.field.line, "Robin Sample 3.3.2022")
    line(qtbot, form.people.field.line, "Sam Okafor, police, DS")
    line(qtbot, form.people.field.line, "Priya Nair, health visitor")


def test_a_meeting_starts_with_everybody_who_is_ticked_and_the_rest_still_to_come(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    screen = SetupScreen(sitting, lane)
    shown(qtbot, screen)
    fill_in(qtbot, screen)
    assert "Quorate" in screen._bar._outlook.text()
    screen._form.people.listing.item(1).setCheckState(Qt.CheckState.Unchecked)
    with qtbot.waitSignal(screen.started) as started:
        screen._form.people.setFocus()
        qtbot.keyClick(screen._form.people.field.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    meeting = meetings.load(sitting, started.args[0])
    assert meeting.state is State.IN_SESSION
    assert meeting.current_item == sitting.pack.meeting_types[0].agenda[0].id
    assert [(a.name, a.here is not None) for a in meeting.attendances] == [
        ("Kate Marsh", True),
        ("Sam Okafor", False),
        ("Priya Nair", True),
    ]
    assert not screen.holds_text()


def test_the_page_says_who_is_missing_for_a_quorum_and_who_else_to_consider(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    screen = SetupScreen(sitting, lane)
    shown(qtbot, screen)

    assert "nobody from Police or Health" in screen._bar._outlook.text()
    line(qtbot, screen._form.children_list.field.line, "due 4 May 2027")
    assert "Midwifery" in screen._form._missing.text()


def test_a_line_that_cannot_be_taken_stays_and_keeps_the_meeting_from_starting(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    screen = SetupScreen(sitting, lane)
    shown(qtbot, screen)
    fill_in(qtbot, screen)
    field = screen._form.people.field
    line(qtbot, field.line, "Ann Lee, health")
    with qtbot.assertNotEmitted(screen.started):
        screen._on_start()

    assert field.text == "Ann Lee, health"
    assert "could be" in field.said
    assert not meetings.list_meetings(sitting)


def test_nothing_is_saved_where_one_part_is_refused(qtbot: QtBot, sitting: Sitting, lane: Lane) -> None:
    screen = SetupScreen(sitting, lane)
    shown(qtbot, screen)
    line(qtbot, screen._form.case.line, "NM-2026-0114")
    with qtbot.assertNotEmitted(screen.started):
        screen._on_start()

    assert screen._form.children_list.field.said
    assert not cases.list_cases(sitting)


def test_what_is_typed_and_not_added_yet_is_taken_when_the_meeting_is_saved_for_later(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    screen = SetupScreen(sitting, lane)
    shown(qtbot, screen)
    fill_in(qtbot, screen)
    qtbot.keyClicks(screen._form.people.field.line, "Tess Hay, nursery, manager")
    with qtbot.waitSignal(screen.left):
        screen._on_save()

    meeting = meetings.load(sitting, meetings.list_meetings(sitting)[0].id)
    assert meeting.state is State.PREPARED
    assert meeting.attendances[-1].name == "Tess Hay"

    prepared = SetupScreen(sitting, lane, meeting_id=meeting.id)
    shown(qtbot, prepared)
    with qtbot.waitSignal(prepared.started):
        prepared._on_start()
    assert meetings.load(sitting, meeting.id).state is State.IN_SESSION


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard")  # the list of known cases opens below the line
def test_the_children_of_a_known_case_are_offered_and_one_can_be_left_out(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    case = cases.open_case(sitting, "NM-2026-0114")
    cases.add_child(sitting, case.id, "Robin Sample")
    cases.add_child(sitting, case.id, "Alex Sample")
    screen = SetupScreen(sitting, lane)
    shown(qtbot, screen)
    line(qtbot, screen._form.case.line, "NM-2026-0114")
    screen._form.children_list.listing.item(1).setCheckState(Qt.CheckState.Unchecked)
    with qtbot.waitSignal(screen.started) as started:
        screen._on_start()

    assert [child.name for child in meetings.load(sitting, started.args[0]).children] == ["Robin Sample"]


def test_a_row_goes_back_into_its_line_to_be_changed(qtbot: QtBot, sitting: Sitting, lane: Lane) -> None:
    screen = SetupScreen(sitting, lane)
    shown(qtbot, screen)
    fill_in(qtbot, screen)
    people = screen._form.people
    people.listing.setFocus()
    people.listing.setCurrentRow(1)
    qtbot.keyClick(people.listing, Qt.Key.Key_Return)

    assert people.field.text == "Sam Okafor, Police, Detective sergeant"
    qtbot.keyClick(people.field.line, Qt.Key.Key_Return)
    assert people.listing.count() == 3
