"""The set-up page: from launch to the first item with what a phone call needs, and nothing typed is lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.models.attendance import Capacity
from app.models.meeting import State
from app.models.participation import Ruling
from app.services import cases, meetings, participation, table
from app.services.setting_up import Plan, PlannedChild, PlannedPerson, set_up
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
        screen._set_up(begin=False)

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


def test_who_was_invited_on_another_page_is_there_when_a_half_typed_page_is_shown_again(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    people = [PlannedPerson("Sam Okafor", "police", role="ds"), PlannedPerson("Priya Nair", "health_community")]
    plan = Plan(sitting.pack.meeting_types[0].id, "NM-2026-0114", [PlannedChild("Robin Sample")], people)
    meeting_id = set_up(sitting, plan, begin=False)
    screen = SetupScreen(sitting, lane, meeting_id=meeting_id)
    shown(qtbot, screen)
    form = screen._form
    form.people.listing.item(0).setCheckState(Qt.CheckState.Unchecked)
    line(qtbot, form.people.field.line, "Tess Hay, nursery, manager")
    qtbot.keyClicks(form.people.field.line, "Noor Ex")
    screen.hide()
    table.invite(sitting, meeting_id, "Kit Example", sector="csc")
    screen.show()

    rows = [form.people.listing.item(row) for row in range(form.people.listing.count())]
    assert [(row.text().split(",")[0], row.checkState() is Qt.CheckState.Checked) for row in rows] == [
        ("Sam Okafor", False), ("Priya Nair", True), ("Kit Example", True), ("Tess Hay", True),
    ]  # fmt: skip
    assert form.people.field.text == "Noor Ex"
    form.people.field.text = ""
    screen._on_start()
    came = {seat.name for seat in meetings.load(sitting, meeting_id).attendances if seat.here}
    assert came == {"Priya Nair", "Kit Example", "Tess Hay"}


def test_somebody_kept_out_on_another_page_is_no_longer_ticked_and_a_half_typed_name_is_kept(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    people = [PlannedPerson("Mo Sample", capacity=Capacity.PARENT), PlannedPerson("Sam Okafor", "police")]
    plan = Plan("icpc", "NM-2026-0114", [PlannedChild("Robin Sample")], people)
    meeting_id = set_up(sitting, plan, begin=False)
    screen = SetupScreen(sitting, lane, meeting_id=meeting_id)
    shown(qtbot, screen)
    qtbot.keyClicks(screen._form.people.field.line, "Noor Ex")
    assert screen.holds_text()
    words = screen.unsaved()
    assert words is not None
    seat = meetings.load(sitting, meeting_id).attendances[0]
    asked = participation.ask_exclusion(
        sitting, meeting_id, seat.id, "welfare", "A threat on Monday.", asked_by="Sam Okafor"
    )
    participation.rule_exclusion(sitting, asked.id, Ruling.FOR_ALL, "The risk is real.", views_by="In writing.")
    screen.hide()
    screen.show()
    again = SetupScreen(sitting, lane, meeting_id=meeting_id)
    qtbot.addWidget(again)
    again.put_back(words)

    assert screen._form.people.listing.item(0).checkState() is Qt.CheckState.Unchecked
    assert [each._form.people.field.text for each in (screen, again)] == ["Noor Ex", "Noor Ex"]


def test_a_child_added_to_the_case_meanwhile_is_offered_beside_one_that_is_typed(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    case = cases.open_case(sitting, "NM-2026-0114")
    cases.add_child(sitting, case.id, "Robin Sample")
    screen = SetupScreen(sitting, lane, case_id=case.id)
    shown(qtbot, screen)
    line(qtbot, screen._form.children_list.field.line, "Wren Sample 3.3.2022")
    screen.hide()
    cases.add_child(sitting, case.id, "Ash Sample")
    screen.show()

    rows = screen._form.children_list.listing
    assert [rows.item(row).text().split(",")[0] for row in range(rows.count())] == [
        "Robin Sample", "Ash Sample", "Wren Sample",
    ]  # fmt: skip
