"""Local rules in the window: looked at, compared, chosen and checked, and a local meeting type that then is offered."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.models.attendance import Capacity
from app.resources import folder
from app.services import cases, meetings, profiling, table
from app.services.sitting import Sitting
from app.ui.kit.lane import Lane
from app.ui.meeting.screen import MeetingScreen
from app.ui.profile import presenter
from app.ui.profile.screen import ProfileScreen
from app.ui.settings.screen import SettingsScreen
from app.ui.setup.screen import SetupScreen
from tests.builders import START
from tests.ui.conftest import Clock
from tests.ui.test_pages import SLOW, shown

SAMPLES = folder("packs", "profiles")


@pytest.fixture
def screen(qtbot: QtBot, sitting: Sitting, lane: Lane) -> ProfileScreen:
    made = ProfileScreen(sitting, lane)
    shown(qtbot, made)
    return made


def rows(screen: ProfileScreen) -> list[str]:
    return [screen.rules.item(row).text() for row in range(screen.rules.count())]


def look_at(qtbot: QtBot, screen: ProfileScreen, folder: Path) -> None:
    screen.look_at(folder)
    qtbot.waitUntil(lambda: bool(screen.said.text), timeout=SLOW)


def test_each_local_rule_is_shown_beside_the_national_one_with_its_source_and_review(
    qtbot: QtBot, sitting: Sitting, screen: ProfileScreen
) -> None:
    assert rows(screen) == []
    assert not screen.use.isEnabled()
    assert not screen.give_up.isEnabled()
    look_at(qtbot, screen, SAMPLES / "tarnside")
    assert "Nothing is changed until you use them" in screen.said.text
    [minutes] = [row for row in rows(screen) if row.startswith("Minutes sent")]
    assert minutes.startswith("Minutes sent: 20 working days. Nationally: 15 working days. Looser than nationally.")
    assert "Why: The decision letter" in minutes
    assert "Reviewed on 21 September 2026." in minutes
    assert "Source: " in minutes
    assert sitting.pack.profile is None


def test_a_local_meeting_type_is_offered_once_its_rules_are_used_by_keys(
    qtbot: QtBot, sitting: Sitting, lane: Lane, screen: ProfileScreen
) -> None:
    look_at(qtbot, screen, SAMPLES / "aldermoor")
    assert screen.use.hasFocus()
    qtbot.keyClick(screen.use, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: sitting.pack.profile is not None, timeout=SLOW)
    qtbot.waitUntil(screen.give_up.isEnabled, timeout=SLOW)
    assert "New meetings run under Aldermoor" in screen._state.text()
    assert "Meeting before a newborn child goes home: a type of meeting of its own." in rows(screen)
    setup = SetupScreen(sitting, lane)
    shown(qtbot, setup)
    offered = [setup._form.kind.itemText(row) for row in range(setup._form.kind.count())]
    assert offered[3] == "Meeting before a newborn child goes home"


def test_a_local_meeting_type_is_held_in_the_window_in_its_own_order_of_pages(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    profiling.use(sitting, profiling.look(SAMPLES / "aldermoor"))
    case = cases.open_case(sitting, "SAMPLE-1")
    child = cases.add_child(sitting, case.id, "Robin Sample")
    meeting = meetings.prepare(sitting, case.id, "newborn_home", [child.id], planned_at=START)
    seat = table.invite(sitting, meeting.id, "Ash Example", sector="csc", capacity=Capacity.CHAIR)
    table.arrive(sitting, seat.id)
    meetings.start(sitting, meeting.id)
    screen = MeetingScreen(sitting, meeting.id, lane)
    shown(qtbot, screen)
    titles = ["How the child is today", "Who is at home", "Who visits, and when", "Does the child go home?", "Close"]
    model = screen.desk.agenda.list.model()
    pages = [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    assert len(pages) == len(titles)
    assert all(title in page for title, page in zip(titles, pages, strict=True))
    line = screen.desk.item.line
    for title in titles[1:]:
        line.next_wanted.emit()
        qtbot.waitUntil(lambda title=title: title in screen.desk.item._title.text(), timeout=SLOW)


def test_a_folder_that_is_no_profile_is_answered_in_a_sentence_and_nothing_changes(
    qtbot: QtBot, sitting: Sitting, screen: ProfileScreen, tmp_path: Path
) -> None:
    look_at(qtbot, screen, tmp_path)
    assert screen.said.text.startswith("These local rules cannot be used, so nothing was changed")
    assert not screen.use.isEnabled()
    assert sitting.pack.profile is None


def test_the_check_lists_what_is_past_its_review(
    qtbot: QtBot, screen: ProfileScreen, clock: Clock
) -> None:  # fmt: skip
    look_at(qtbot, screen, SAMPLES / "aldermoor")
    screen.check.click()
    assert screen.said.text == "Every local rule was reviewed within the last year."
    clock.pass_by(days=280)
    screen.check.click()
    assert screen.said.text == "3 rules were last reviewed more than a year ago: look at the sources again."
    assert len(rows(screen)) == 3


def test_the_national_rules_come_back_when_the_local_ones_are_given_up(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    profiling.use(sitting, profiling.look(SAMPLES / "fernshire"))
    screen = ProfileScreen(sitting, lane)
    shown(qtbot, screen)
    assert len(rows(screen)) == 5
    screen.give_up.click()
    qtbot.waitUntil(lambda: "national rules from now on" in screen.said.text, timeout=SLOW)
    assert sitting.pack.profile is None
    assert presenter.in_force(sitting.pack).startswith("New meetings run under the national rules")
    assert rows(screen) == []


def test_the_settings_say_which_rules_are_in_force_and_lead_to_them(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:  # fmt: skip
    settings = SettingsScreen(sitting, lane)
    shown(qtbot, settings)
    with qtbot.waitSignal(settings.profile_wanted, timeout=SLOW):
        settings._rules.click()


def test_escape_leads_back_to_the_settings(qtbot: QtBot, screen: ProfileScreen) -> None:
    screen.focus_home()
    with qtbot.waitSignal(screen.left, timeout=SLOW):
        qtbot.keyClick(screen.choose, Qt.Key.Key_Escape)
