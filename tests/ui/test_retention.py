"""Marking, keeping, holding and disposing of a case, in the window: in place, explained first, and never by default."""

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import resources
from app.models.base import Refused
from app.services import cases, retaining
from app.services.exchange import import_record
from app.services.opening import introduce
from app.services.sitting import Sitting
from app.ui.case.keeping import KeepingPart
from app.ui.case.screen import CaseScreen
from app.ui.kit.lane import Lane
from app.ui.minutes.screen import MinutesScreen
from app.ui.settings.records import RecordsPart
from tests.ui.conftest import Clock
from tests.ui.test_pages import SLOW, shown


def a_case(qtbot: QtBot, sitting: Sitting, lane: Lane) -> tuple[CaseScreen, KeepingPart]:
    """Return the page of a case with the short sample's meeting in it, and its part about keeping."""
    meeting = import_record(sitting, resources.folder("sample", "short.json").read_bytes())
    screen = CaseScreen(sitting, meeting.case_id, lane)
    shown(qtbot, screen)
    return screen, screen._keeping


def fill_in(qtbot: QtBot, part: KeepingPart, form: str, **values: str) -> None:
    """Type into the fields of an open form and save it."""
    opened = getattr(part, form)
    for key, words in values.items():
        qtbot.keyClicks(opened._fields[key].edit, words)
    opened._save.click()


def test_the_settings_show_that_nothing_is_decided_and_take_the_authority_s_own_choice(
    qtbot: QtBot, empty_store: Sitting
) -> None:
    part = RecordsPart(empty_store)
    shown(qtbot, part)

    assert part._typed.text() == ""
    assert part._typed.placeholderText() == part._rule.placeholderText() == "Not decided yet"
    assert part._rule.currentIndex() == -1
    assert part._years.text() == "Not decided"
    part._use.click()
    assert part._saying.text.startswith("There is no marking in the field")
    part._marking.setCurrentIndex(0)
    assert "Differs by council; not confirmed for yours." in part._marking_note.text()
    part._use.click()
    assert retaining.marking(empty_store) == "OFFICIAL-SENSITIVE"
    part._keep.click()
    assert part._saying.text.startswith("This is none of the ways of counting")
    part._rule.setCurrentIndex(1)
    part._years.setValue(25)
    qtbot.keyClicks(part._policy.line, "Schedule CS12")
    part._keep.click()
    assert "Schedule CS12: until the youngest child is 25" in part._saying.text
    again = RecordsPart(empty_store)
    qtbot.addWidget(again)
    assert (again._typed.text(), again._years.value()) == ("OFFICIAL-SENSITIVE", 25)


def test_the_minutes_ask_once_which_marking_they_carry_before_they_can_be_signed(
    qtbot: QtBot, empty_store: Sitting, lane: Lane
) -> None:
    introduce(empty_store, "Kate Marsh", "Team manager", "Riverbank Children's Services")
    meeting = import_record(empty_store, resources.folder("sample", "short.json").read_bytes())
    screen = MinutesScreen(empty_store, meeting.id, lane)
    shown(qtbot, screen)
    screen.focus_home()
    qtbot.waitUntil(lambda: bool(screen._pdf), timeout=SLOW)

    assert screen.title().endswith("which marking?")
    assert not screen._sign.isEnabled()
    assert screen.focusWidget() is screen._marking.choices
    screen._marking._on_chosen("  ")
    assert screen._marking._own.said.startswith("There is no marking in the field")
    qtbot.keyClicks(screen._marking._own.line, "Riverbank: restricted\r")
    qtbot.waitUntil(screen._sign.isEnabled, timeout=SLOW)
    assert screen._marking.isHidden()
    assert retaining.marking(empty_store) == "Riverbank: restricted"
    assert screen.title().endswith("ready to sign")


def test_a_case_page_says_until_when_the_case_is_kept_and_what_is_missing(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    _screen, part = a_case(qtbot, sitting, lane)
    assert part._words.text() == "Not closed."
    part._close.click()
    fill_in(qtbot, part, "_closing", day="32.13.2026")
    assert "There is no day" in part._closing._fields["day"].said
    part._closing._drop.click()
    part._close.click()
    fill_in(qtbot, part, "_closing", day="12.12.2026")
    assert "on a day to come" in part._closing._fields["day"].said
    part._closing._drop.click()
    part._close.click()
    fill_in(qtbot, part, "_closing", day="9.12.2026")

    assert "Closed on 9 December 2026." in part._words.text()
    assert "not decided yet: choose it in the settings" in part._words.text()
    retaining.choose_policy(sitting, "after-closure", 35, "Schedule CS12")
    part.show_case()
    assert "Keep until 9 December 2061." in part._words.text()
    part._reopen.click()
    assert part._words.text() == "Not closed."


def test_a_hold_is_placed_and_lifted_in_place_with_its_reasons(qtbot: QtBot, sitting: Sitting, lane: Lane) -> None:
    screen, part = a_case(qtbot, sitting, lane)
    part._hold.click()
    assert screen.holds_text()
    part._reason._save.click()
    assert "needs its reason" in part._reason._fields["reason"].said
    fill_in(qtbot, part, "_reason", reason="A public inquiry asked")
    assert "placed by Kate Marsh: A public inquiry asked" in part._words.text()
    assert part._hold.isHidden()
    part._begin.click()
    qtbot.waitUntil(lambda: bool(part._saying.text), timeout=SLOW)
    assert "on hold" in part._saying.text
    assert part._last_step.isHidden()
    part._lift.click()
    fill_in(qtbot, part, "_reason", reason="The inquiry is over")
    assert "The inquiry is over" in part._words.text()
    assert part._lift.isHidden()
    assert not screen.holds_text()


def test_disposing_explains_first_asks_for_the_reference_and_leaves_the_certificate(
    qtbot: QtBot, sitting: Sitting, lane: Lane, clock: Clock, tmp_path: Path
) -> None:
    screen, part = a_case(qtbot, sitting, lane)
    retaining.choose_policy(sitting, "after-closure", 1, "Schedule CS12")
    part._close.click()
    fill_in(qtbot, part, "_closing", day="9.12.2026")
    reference, case_id = screen.title(), part._case_id
    part._begin.click()
    qtbot.waitUntil(lambda: not part._last_step.isHidden(), timeout=SLOW)
    assert "It cannot be undone." in part._explained.text()
    assert "What nobody can know here" in part._explained.text()
    fill_in(qtbot, part, "_last_step", reference="something else")
    qtbot.waitUntil(lambda: bool(part._last_step._fields["earlier"].said), timeout=SLOW)
    assert "must still be kept" in part._last_step._fields["earlier"].said
    fill_in(qtbot, part, "_last_step", earlier="It was entered to try the program")
    qtbot.waitUntil(lambda: "nothing was disposed of" in part._last_step._fields["reference"].said, timeout=SLOW)
    assert cases.load_case(sitting, case_id).reference == reference
    part._last_step._fields["reference"].edit.clear()
    fill_in(qtbot, part, "_last_step", reference=reference)
    qtbot.waitUntil(lambda: not part._save.isHidden(), timeout=SLOW * 3)

    assert "The case is gone." in part._saying.text
    assert f"Case {reference} was disposed of by Kate Marsh. It was entered to try the program" in part._words.text()
    assert screen._children.isHidden()
    assert not screen._trail.isEnabled()
    part.save_to(tmp_path / "certificate.json")
    assert json.loads((tmp_path / "certificate.json").read_text("utf-8"))["reference"] == reference
    assert part._saying.text == "Saved as certificate.json."
    with pytest.raises(Refused, match=r"case\.unknown"):
        cases.load_case(sitting, case_id)
