"""Local rules written in the window: set in a rule's own terms, weighed at once, saved in a folder and read back."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.resources import folder
from app.services import profile_folder, profiling
from app.services.profile_draft import Draft, Topic, rules_here
from app.services.sitting import Sitting
from app.ui.kit.lane import Lane
from app.ui.kit.listing import Listing
from app.ui.kit.unfinished import Unreadable
from app.ui.profile import editing, editing_words
from app.ui.profile.editing import EditProfileScreen
from app.ui.profile.screen import ProfileScreen
from tests.ui.conftest import Clock
from tests.ui.test_pages import SLOW, shown

SAMPLES = folder("packs", "profiles")


@pytest.fixture
def screen(qtbot: QtBot, sitting: Sitting, lane: Lane) -> EditProfileScreen:
    made = EditProfileScreen(sitting, lane)
    shown(qtbot, made)
    made.focus_home()
    return made


def show_topic(screen: EditProfileScreen, topic: str) -> Listing:
    screen.rules.topics.setCurrentIndex(screen.rules.topics.findData(str(topic)))
    screen.rules.listing.setFocus()
    return screen.rules.listing


def rows(screen: EditProfileScreen) -> list[str]:
    return [screen.rules.listing.item(row).text() for row in range(screen.rules.listing.count())]


def edit(screen: EditProfileScreen, key: str) -> QWidget:
    return screen.rules.one.form.field(key).edit


def type_in(qtbot: QtBot, control: QWidget, words: str) -> None:
    control.setFocus()
    if isinstance(control, QLineEdit | QPlainTextEdit):
        control.selectAll()
    qtbot.keyClicks(control, words)


def choose(screen: EditProfileScreen, key: str, value: str) -> None:
    box = edit(screen, key)
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(value))


def open_rule(qtbot: QtBot, screen: EditProfileScreen, topic: str, rule: str) -> None:
    """Open the form of a rule from the list, by its keys."""
    listing = show_topic(screen, topic)
    keys = [listing.item(row).data(Qt.ItemDataRole.UserRole) for row in range(listing.count())]
    listing.setCurrentRow(keys.index(rule))
    qtbot.keyClick(listing, Qt.Key.Key_Return)
    assert screen.rules.one.isVisible()


def save_form(qtbot: QtBot, screen: EditProfileScreen) -> None:
    qtbot.keyClick(screen.rules.one.form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def set_minutes(qtbot: QtBot, screen: EditProfileScreen, count: str) -> None:
    open_rule(qtbot, screen, Topic.MINUTES, "minutes")
    type_in(qtbot, edit(screen, "count"), count)
    choose(screen, "source", "NYSCP-DOCS")
    save_form(qtbot, screen)


def name_them(qtbot: QtBot, screen: EditProfileScreen) -> None:
    type_in(qtbot, screen.names.fields["partnership"].edit, "Riverbank Partnership")
    type_in(qtbot, screen.names.fields["label"].edit, "Riverbank rules")


def save_into(qtbot: QtBot, screen: EditProfileScreen, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "open_folder", lambda *_: str(place))
    qtbot.keyClick(screen, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(screen.said.text) and screen.save.isEnabled(), timeout=SLOW)


def test_every_rule_stands_with_its_source_how_binding_it_is_and_its_review(screen: EditProfileScreen) -> None:
    assert screen.rules.listing.hasFocus()
    show_topic(screen, Topic.MINUTES)
    [minutes] = [row for row in rows(screen) if row.startswith("Minutes sent")]
    assert minutes == (
        "Minutes sent: 15 working days, as nationally. How binding: Local example. Source: North Yorkshire: conference "
        "documents and minutes. Reviewed on 1 November 2026."
    )
    show_topic(screen, Topic.QUORUM)
    assert any(
        "Quorum of Initial child protection conference: Children's social care, two other" in row
        for row in rows(screen)
    )


def test_a_stricter_rule_is_set_by_keys_alone_and_said_to_be_stricter_at_once(
    qtbot: QtBot, screen: EditProfileScreen
) -> None:
    open_rule(qtbot, screen, Topic.MINUTES, "minutes")
    assert edit(screen, "count").hasFocus()
    assert "Reviewed 1 November 2026" in screen.rules.one._from.text()
    assert screen.rules.one.weighing.text.startswith("As nationally.")
    type_in(qtbot, edit(screen, "count"), "10")
    qtbot.waitUntil(lambda: screen.rules.one.weighing.text.startswith("Stricter than nationally."), timeout=SLOW)
    assert "15 working days becomes 10 working days" in screen.rules.one.weighing.text
    choose(screen, "source", "NYSCP-DOCS")
    save_form(qtbot, screen)
    assert screen.rules.said.text == "Minutes sent: 10 working days. Stricter than nationally."
    assert screen.rules.listing.hasFocus()
    show_topic(screen, "changed")
    assert len(rows(screen)) == 1
    assert "Nationally: 15 working days. Stricter than nationally." in rows(screen)[0]


def test_a_looser_rule_asks_why_beside_the_field_and_loses_nothing(qtbot: QtBot, screen: EditProfileScreen) -> None:
    set_minutes(qtbot, screen, "20")
    form = screen.rules.one.form
    assert "15 working days becomes 20 working days" in form.field("why_looser").said
    assert edit(screen, "why_looser").hasFocus()
    assert form.values["count"] == "20"
    qtbot.waitUntil(lambda: "the minutes print your words" in screen.rules.one.weighing.text, timeout=SLOW)
    type_in(qtbot, edit(screen, "why_looser"), "Each agency checks them first.")
    save_form(qtbot, screen)
    [change] = screen.rules.draft.changes
    assert (change.set, change.why_looser) == ({"count": 20}, "Each agency checks them first.")


@pytest.mark.parametrize(
    ("key", "words", "told"),
    [
        ("count", "ten", "whole number"),
        ("reviewed", "some day", "is not a date"),
        ("reviewed", "3.3.2030", "in the past"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    qtbot: QtBot, screen: EditProfileScreen, key: str, words: str, told: str
) -> None:
    open_rule(qtbot, screen, Topic.MINUTES, "minutes")
    choose(screen, "source", "NYSCP-DOCS")
    type_in(qtbot, edit(screen, key), words)
    save_form(qtbot, screen)
    assert told in screen.rules.one.form.field(key).said
    assert screen.rules.one.form.values[key] == words
    assert screen.rules.draft == Draft()


def test_a_statute_is_not_loosened_and_that_is_said_while_it_is_typed(qtbot: QtBot, screen: EditProfileScreen) -> None:
    open_rule(qtbot, screen, Topic.LIMITS, "police_protection")
    type_in(qtbot, edit(screen, "count"), "96")
    qtbot.waitUntil(lambda: "A statute sets this rule" in screen.rules.one.weighing.text, timeout=SLOW)
    choose(screen, "source", "NYSCP-DOCS")
    save_form(qtbot, screen)
    assert screen.rules.one.isVisible()
    assert "A statute sets this rule" in screen.rules.one.form._saying.text


def test_an_agency_is_added_to_a_quorum_by_the_space_bar(qtbot: QtBot, screen: EditProfileScreen) -> None:
    open_rule(qtbot, screen, Topic.QUORUM, "icpc.quorum")
    agencies = edit(screen, "all_of")
    assert isinstance(agencies, Listing)
    assert agencies.ticks == ("csc",)
    places = [agencies.item(row).text() for row in range(agencies.count())]
    agencies.setCurrentRow(next(row for row, words in enumerate(places) if words.startswith("Police")))
    qtbot.keyClick(agencies, Qt.Key.Key_Space)
    type_in(qtbot, edit(screen, "label"), "Social care, police and two other agencies")
    choose(screen, "source", "SUSX-QUOR")
    save_form(qtbot, screen)
    assert screen.rules.draft.changes[0].set["all_of"] == ["csc", "police"]
    assert "Stricter than nationally" in screen.rules.said.text


def test_a_rule_is_taken_back_by_delete_and_comes_again_by_undo(qtbot: QtBot, screen: EditProfileScreen) -> None:
    set_minutes(qtbot, screen, "10")
    qtbot.keyClick(screen.rules.listing, Qt.Key.Key_Delete)
    assert screen.rules.draft == Draft()
    assert "as nationally again" in screen.rules.said.text
    qtbot.keyClick(screen.rules.listing, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [one.rule for one in screen.rules.draft.changes] == ["minutes"]


def test_the_marking_and_the_time_cases_are_kept_are_set_in_the_same_way(
    qtbot: QtBot, screen: EditProfileScreen
) -> None:
    open_rule(qtbot, screen, "kept", editing_words.MARKING)
    type_in(qtbot, edit(screen, "marking"), "OFFICIAL-SENSITIVE")
    save_form(qtbot, screen)
    assert rows(screen)[0] == "Marking: minutes are marked OFFICIAL-SENSITIVE."
    open_rule(qtbot, screen, "kept", editing_words.RETENTION)
    choose(screen, "rule", "after-closure")
    type_in(qtbot, edit(screen, "years"), "many")
    type_in(qtbot, edit(screen, "policy"), "Schedule 12")
    save_form(qtbot, screen)
    assert "from 1 to 150" in screen.rules.one.form.field("years").said
    type_in(qtbot, edit(screen, "years"), "35")
    save_form(qtbot, screen)
    assert rows(screen)[1] == "How long cases are kept: Schedule 12, 35 years."


def test_rules_are_named_saved_in_a_folder_read_back_and_never_replaced_unasked(
    qtbot: QtBot, sitting: Sitting, screen: EditProfileScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "rules"
    place.mkdir()
    set_minutes(qtbot, screen, "10")
    qtbot.keyClick(screen, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert "Local rules belong to somebody" in screen.names.fields["partnership"].said
    name_them(qtbot, screen)
    assert screen.holds_text()
    with qtbot.waitSignal(screen.saved, timeout=SLOW) as told:
        save_into(qtbot, screen, place, monkeypatch)
    assert told.args == [place]
    assert "read back and checked" in screen.said.text
    assert not screen.holds_text()
    assert screen.save.hasFocus()
    assert [one.local for one in profiling.look(place).profile.differences] == ["10 working days"]
    assert sitting.pack.profile is None
    set_minutes(qtbot, screen, "12")
    save_into(qtbot, screen, place, monkeypatch)
    assert screen.said.text.startswith("The folder rules holds local rules already")
    assert screen.replace.hasFocus()
    assert [one.local for one in profiling.look(place).profile.differences] == ["10 working days"]
    with qtbot.waitSignal(screen.saved, timeout=SLOW):
        qtbot.keyClick(screen.replace, Qt.Key.Key_Space)
    assert [one.local for one in profiling.look(place).profile.differences] == ["12 working days"]


def test_a_sample_is_gone_on_from_under_names_of_its_own_and_that_can_be_undone(
    qtbot: QtBot, screen: EditProfileScreen
) -> None:
    set_minutes(qtbot, screen, "10")
    name_them(qtbot, screen)
    screen.origin.choices.setCurrentIndex(screen.origin.choices.findData(str(SAMPLES / "tarnside")))
    screen.origin.begin.click()
    qtbot.waitUntil(lambda: "sample's rules" in screen.origin.said.text, timeout=SLOW)
    assert len(screen.rules.draft.changes) == 5
    assert screen.names.fields["partnership"].text == ""
    screen.rules.undo()
    assert len(screen.rules.draft.changes) == 1
    assert screen.names.fields["partnership"].text == "Riverbank Partnership"


def test_a_folder_that_is_no_profile_is_said_and_what_is_there_stays(
    qtbot: QtBot, screen: EditProfileScreen, tmp_path: Path
) -> None:
    set_minutes(qtbot, screen, "10")
    screen.begin_from(tmp_path)
    qtbot.waitUntil(lambda: "cannot be used" in screen.origin.said.text, timeout=SLOW)
    assert len(screen.rules.draft.changes) == 1


def test_the_rules_in_use_are_gone_on_from_and_keep_their_name(qtbot: QtBot, sitting: Sitting, lane: Lane) -> None:
    profiling.use(sitting, profiling.look(SAMPLES / "fernshire"))
    screen = EditProfileScreen(sitting, lane)
    shown(qtbot, screen)
    assert len(rows(screen)) == 6
    assert screen.names.typed["id"] == "fernshire"
    assert screen.names.fields["partnership"].text == "Fernshire Safeguarding Children Partnership"
    assert not screen.holds_text()


def test_what_is_half_typed_comes_back_with_the_form_that_was_open(
    qtbot: QtBot, sitting: Sitting, lane: Lane, screen: EditProfileScreen
) -> None:
    assert screen.unsaved() is None
    set_minutes(qtbot, screen, "10")
    name_them(qtbot, screen)
    open_rule(qtbot, screen, Topic.QUORUM, "icpc.quorum")
    type_in(qtbot, edit(screen, "label"), "Half a na")
    words = screen.unsaved()
    assert words is not None
    again = EditProfileScreen(sitting, lane)
    shown(qtbot, again)
    again.put_back(words)
    assert again.holds_text()
    assert again.rules.draft == screen.rules.draft
    assert again.names.fields["label"].text == "Riverbank rules"
    assert again.rules.one.form.values == screen.rules.one.form.values
    for damaged in ("{}", words.replace("[[changes]]", "[[")):
        with pytest.raises(Unreadable):
            again.put_back(damaged)


def test_escape_puts_the_form_away_first_and_then_leads_back(qtbot: QtBot, screen: EditProfileScreen) -> None:
    open_rule(qtbot, screen, Topic.MINUTES, "minutes")
    qtbot.keyClick(edit(screen, "count"), Qt.Key.Key_Escape)
    assert not screen.rules.one.isVisible()
    assert screen.rules.listing.hasFocus()
    with qtbot.waitSignal(screen.left, timeout=SLOW):
        qtbot.keyClick(screen.rules.listing, Qt.Key.Key_Escape)


def test_the_check_lists_what_is_past_its_review_nationally_and_here(
    qtbot: QtBot, sitting: Sitting, lane: Lane, screen: EditProfileScreen, clock: Clock
) -> None:
    show_topic(screen, "overdue")
    assert rows(screen) == []
    clock.pass_by(days=400)
    later = EditProfileScreen(sitting, lane)
    shown(qtbot, later)
    listing = show_topic(later, "overdue")
    assert listing.count() > 50
    assert all(row.endswith("Past its review date.") for row in rows(later))


def test_each_mnemonic_of_the_page_leads_to_one_place(qtbot: QtBot, screen: EditProfileScreen) -> None:
    open_rule(qtbot, screen, Topic.MINUTES, "minutes")
    screen.replace.show()
    for form_is_open in (True, False):
        if not form_is_open:
            screen.rules._leave_form()
        parts = [
            one for kind in (QAbstractButton, QLabel) for one in screen.findChildren(kind)
            if one.isVisibleTo(screen) and not isinstance(one, QCheckBox)
        ]  # fmt: skip
        keys = [words[words.index("&") + 1].lower() for one in parts if "&" in (words := one.text())]
        assert len(keys) > 8
        assert sorted(keys) == sorted(set(keys))
        assert not {"f", "m", "v", "h"} & set(keys), "those are of the menu bar"


def test_the_page_of_local_rules_leads_to_the_one_that_writes_them(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:  # fmt: skip
    page = ProfileScreen(sitting, lane)
    shown(qtbot, page)
    with qtbot.waitSignal(page.edit_wanted, timeout=SLOW) as told:
        page.edit.click()
    assert told.args == [None]
    page.look_at(SAMPLES / "tarnside")
    qtbot.waitUntil(lambda: bool(page.said.text), timeout=SLOW)
    with qtbot.waitSignal(page.edit_wanted, timeout=SLOW) as told:
        page.edit.click()
    assert told.args == [SAMPLES / "tarnside"]
    editor = EditProfileScreen(sitting, lane, SAMPLES / "tarnside")
    shown(qtbot, editor)
    qtbot.waitUntil(lambda: len(editor.rules.draft.changes) == 5, timeout=SLOW)


def test_a_rule_that_only_files_can_set_is_shown_and_kept(sitting: Sitting) -> None:
    draft, _ = profile_folder.taken_up(profiling.look(SAMPLES / "aldermoor").files)
    told = [editing_words.line(one, draft, sitting.pack, profiling.today_of(sitting)) for one in rules_here(draft)]
    assert any("Restricted: yes. Nationally: Restricted: no." in line for line in told)
    assert any("Police, protecting vulnerable people" in line and "Stricter" in line for line in told)
