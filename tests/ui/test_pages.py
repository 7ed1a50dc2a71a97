"""Home, case, settings and the ruler, on a real store."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QListWidget, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app import resources
from app.models.case import Responsibility, Sex
from app.models.meeting import State
from app.services import cases, meetings
from app.services.exchange import import_record
from app.services.opening import signer
from app.services.setting_up import Plan, PlannedChild, PlannedPerson, set_up
from app.services.sitting import Sitting
from app.ui.case import presenter
from app.ui.case.screen import CaseScreen
from app.ui.case.trail import TrailScreen
from app.ui.first.screen import FirstScreen
from app.ui.home import presenter as home
from app.ui.home.screen import HomeScreen
from app.ui.kit.lane import Lane
from app.ui.kit.schemes import LEAST_CONTRAST, PAIRS, SCHEMES, contrast, palette
from app.ui.lock.screen import LockScreen
from app.ui.settings.presenter import UNITS, measure
from app.ui.settings.ruler import RulerScreen
from app.ui.settings.screen import SettingsScreen
from app.ui.setup.screen import SetupScreen

SLOW = 20_000


def shown(qtbot: QtBot, screen: QWidget) -> None:
    qtbot.addWidget(screen)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()


def a_meeting(sitting: Sitting, *, begin: bool) -> object:
    people = [PlannedPerson("Sam Okafor", "police", role="ds")]
    plan = Plan(sitting.pack.meeting_types[0].id, "NM-2026-0114", [PlannedChild("Robin Sample")], people)
    return set_up(sitting, plan, begin=begin)


def test_an_empty_home_page_offers_the_sample_and_a_beginning(qtbot: QtBot, sitting: Sitting, lane: Lane) -> None:
    screen = HomeScreen(sitting, lane)
    shown(qtbot, screen)
    screen.focus_home()

    assert screen._sample.isVisible()
    assert screen.focusWidget() is screen._begin
    screen._sample.click()
    qtbot.waitUntil(lambda: screen._meetings.count() == 1, timeout=SLOW)
    assert not screen._sample.isVisible()
    assert screen._dates.count()


def test_each_meeting_on_the_home_page_leads_to_where_it_goes_on(qtbot: QtBot, sitting: Sitting, lane: Lane) -> None:
    import_record(sitting, resources.folder("sample", "short.json").read_bytes())
    a_meeting(sitting, begin=False)
    begun = a_meeting(sitting, begin=True)
    lines = home.view(sitting).meetings

    assert [line.leads_to for line in lines] == ["meeting", "setup", "minutes"]
    screen = HomeScreen(sitting, lane)
    shown(qtbot, screen)
    screen.focus_home()
    with qtbot.waitSignal(screen.meeting_wanted) as wanted:
        qtbot.keyClick(screen._meetings, Qt.Key.Key_Return)
    assert wanted.args == [begun]


def test_a_date_on_the_home_page_says_why_it_is_that_day(qtbot: QtBot, sitting: Sitting, lane: Lane) -> None:
    import_record(sitting, resources.folder("sample", "short.json").read_bytes())
    screen = HomeScreen(sitting, lane)
    shown(qtbot, screen)
    screen._dates.setFocus()
    qtbot.keyClick(screen._dates, Qt.Key.Key_Return)

    assert "after" in screen._why.text


def test_the_ruler_says_that_fifteen_working_days_from_10_december_2026_is_5_january_2027_and_why(
    qtbot: QtBot, sitting: Sitting
) -> None:
    screen = RulerScreen(sitting)
    shown(qtbot, screen)
    screen._start.line.clear()
    qtbot.keyClicks(screen._start.line, "10.12.2026")
    qtbot.keyClicks(screen._number.line, "15")

    assert screen._answer.text.startswith("15 working days from 10 December 2026 is 5 January 2027.")
    for reason in ("Christmas Day", "Boxing Day (substitute day)", "New Year's Day", "4 weekends"):
        assert reason in screen._answer.text


def test_the_ruler_refuses_what_it_cannot_count_with_one_sentence(sitting: Sitting) -> None:
    today = sitting.now().date()
    unit = UNITS[0][0]

    assert measure("31.2.2026", "5", unit, today).wrong_day
    assert measure("1.1.2026", "five", unit, today).wrong_number
    assert measure("1.1.2026", "99999", unit, today).wrong_number
    assert measure("1.1.2026", "²", unit, today).wrong_number
    assert measure("", "5", unit, today).answer == ""
    assert (
        measure("10.12.2026", "-1", unit, today).answer
        == "1 working day back from 10 December 2026 is 9 December 2026."
    )


def test_a_child_is_added_and_changed_in_place_on_the_case_page(qtbot: QtBot, sitting: Sitting, lane: Lane) -> None:
    case = cases.open_case(sitting, "NM-2026-0114")
    screen = CaseScreen(sitting, case.id, lane)
    shown(qtbot, screen)
    form = screen._children.form
    screen._children.open_new()
    qtbot.keyClicks(form._fields["name"].edit, "Robin Sample")
    qtbot.keyClicks(form._fields["born"].edit, "31.2.2022")
    form._save.click()
    assert form._fields["born"].said
    assert form._fields["name"].text == "Robin Sample"
    form._fields["born"].text = "3.3.2030"
    form._save.click()
    assert form._fields["born"].said
    form._fields["born"].text = "3.3.2022"
    form._save.click()

    assert not form.isVisible()
    assert "born 3 March 2022, aged 4" in screen._children.listing.item(0).text()
    screen._children.listing.setFocus()
    qtbot.keyClick(screen._children.listing, Qt.Key.Key_Return)
    assert form._fields["born"].text == "3 March 2022"


def test_the_meetings_of_a_case_and_their_dates_are_on_its_page(qtbot: QtBot, sitting: Sitting, lane: Lane) -> None:
    meeting = import_record(sitting, resources.folder("sample", "short.json").read_bytes())
    screen = CaseScreen(sitting, meeting.case_id, lane)
    shown(qtbot, screen)

    assert screen._meetings.count() == 1
    assert screen._dates.count()
    assert screen._people.listing.count() == 3
    screen._meetings.setFocus()
    with qtbot.waitSignal(screen.minutes_wanted):
        qtbot.keyClick(screen._meetings, Qt.Key.Key_Return)


def test_a_new_name_makes_a_new_identity_and_an_empty_one_is_refused(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    screen = SettingsScreen(sitting, lane)
    shown(qtbot, screen)
    screen._name.text = " "
    screen._change.click()
    qtbot.waitUntil(lambda: bool(screen._name.said), timeout=SLOW)
    screen._name.text = "Kate Marsh-Reed"
    screen._change.click()
    qtbot.waitUntil(lambda: bool(screen._saying.text), timeout=SLOW)

    found = signer(sitting)
    assert found is not None
    assert found.name == "Kate Marsh-Reed"
    assert not screen.holds_text()


def every_screen(sitting: Sitting, lane: Lane) -> list[QWidget]:
    import_record(sitting, resources.folder("sample", "short.json").read_bytes())
    case = cases.list_cases(sitting)[0]
    return [
        HomeScreen(sitting, lane),
        SetupScreen(sitting, lane),
        CaseScreen(sitting, case.id, lane),
        TrailScreen(sitting, case.id, lane),
        SettingsScreen(sitting, lane),
        RulerScreen(sitting),
        FirstScreen(sitting.store.folder, sitting.now, lane),
        LockScreen(sitting.store.folder, sitting.now, lane),
    ]


def test_no_two_controls_in_sight_have_the_same_mnemonic_nor_one_of_the_menu_bar(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    for screen in every_screen(sitting, lane):
        shown(qtbot, screen)
        parts = [part for kind in (QLabel, QAbstractButton) for part in screen.findChildren(kind) if part.isVisible()]
        letters = [part.text().split("&")[1][0].lower() for part in parts if "&" in part.text()]
        assert len(letters) == len(set(letters)), (type(screen).__name__, sorted(letters))
        assert not {"f", "m", "v", "h"} & set(letters), (type(screen).__name__, sorted(letters))
        screen.hide()


def test_every_control_has_a_name_for_those_who_hear_the_screen(qtbot: QtBot, sitting: Sitting, lane: Lane) -> None:
    for screen in every_screen(sitting, lane):
        shown(qtbot, screen)
        for kind in (QLineEdit, QPlainTextEdit, QComboBox, QListWidget, QAbstractButton):
            for part in screen.findChildren(kind):
                if part.isVisible() and part.focusPolicy() is not Qt.FocusPolicy.NoFocus:
                    named = part.accessibleName() or (isinstance(part, QAbstractButton) and part.text())
                    assert named, (type(screen).__name__, kind.__name__)
        screen.hide()


def test_text_can_be_read_on_its_ground_in_both_schemes() -> None:
    for scheme in SCHEMES:
        colours = palette(scheme)
        for text, ground in PAIRS:
            found = contrast(colours.color(text), colours.color(ground))
            assert found >= LEAST_CONTRAST, (scheme, text, ground, found)


def test_a_sealed_or_closed_meeting_is_no_longer_on_the_home_page(sitting: Sitting) -> None:
    a_meeting(sitting, begin=True)
    assert {m.state for m in meetings.list_meetings(sitting)} == {State.IN_SESSION}
    assert State.SEALED not in home.UNFINISHED


def test_what_nobody_said_about_a_child_or_an_adult_is_recorded_as_not_known(sitting: Sitting) -> None:
    asked = [*presenter.child_asked(sitting.pack), *presenter.person_asked(sitting.pack)]
    first = {one.key: one.choices[0][0] for one in asked if one.choices}
    assert first == {"sex": Sex.NOT_RECORDED, "responsibility": Responsibility.NOT_KNOWN}
