"""The page of a child's plan by keys: as it stands, the next revision while it is written, and its progress."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QListWidget, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.models.plan import Done, Plan, Standing
from app.services import plan_look, planning
from app.ui.kit.lane import Lane
from app.ui.kit.unfinished import Unreadable
from app.ui.plan.screen import PROGRESS, WRITING, PlanScreen
from tests.builders import Room
from tests.services.holding import Held
from tests.services.planned import FULL, a_conference, but, conference, finish, make

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Room, Held]]:
    with a_conference(tmp_path / "store", children=2) as found:
        yield found


def shown(qtbot: QtBot, room: Room, lane: Lane, held: Held | None = None, part: int = 0) -> PlanScreen:
    screen = PlanScreen(room.sitting, room.child.id, lane, held.meeting if held else None)
    qtbot.addWidget(screen)
    screen.resize(1366, 768)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    screen.focus_home()
    if part:
        screen.choices.button(part).click()
    return screen


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(), key, modifier)


def alt(qtbot: QtBot, letter: str) -> None:
    """Press the button that shows this letter underlined, by its key."""
    there = focused().window().findChildren(QPushButton)
    [pressed] = [one for one in there if one.isVisible() and f"&{letter}" in one.text().lower()]
    with qtbot.waitSignal(pressed.clicked):
        press(Qt.Key[f"Key_{letter.upper()}"], ALT)


def write(*fields: str) -> None:
    """Type into one field after another, from the one that has the focus."""
    for number, words in enumerate(fields):
        if number:
            press(Key.Key_Tab)
        QTest.keyClicks(focused(), words)


def texts(parent: QWidget) -> list[str]:
    """Return everything that can be read on a page."""
    lists = [found for found in parent.findChildren(QListWidget) if found.isVisible()]
    rows = [found.item(row).text() for found in lists for row in range(found.count())]
    return [label.text() for label in parent.findChildren(QLabel) if label.isVisible()] + rows


def standing(room: Room) -> Plan:
    found = planning.standing_plan(room.sitting, room.child.id)
    assert found is not None
    return found


def test_it_reads_what_the_plan_says_and_points_out_what_rests_on_one_parent_alone(
    qtbot: QtBot, made: tuple[Room, Held], lane: Lane
) -> None:
    room, held = made
    make(held)
    said = texts(shown(qtbot, room, lane, held))
    assert "In force. Revision 1, 10 December 2026." in said
    [outcome] = [row for row in said if row.startswith("Robin eats three meals")]
    assert "Where it starts: One meal a day; How it is seen or counted: The food diary" in outcome
    [action] = [row for row in said if row.startswith("Keep the food diary.")]
    assert "Who: Sam Sample; By when: 14 January 2027" in action
    assert action.endswith("Rests only on the parent who does no harm.")
    assert "Next visit due by 24 December 2026." in said
    assert "Not recorded as seen alone." in said


def test_an_inquorate_conference_leaves_a_plan_that_looks_final_nowhere(
    qtbot: QtBot, made: tuple[Room, Held], lane: Lane
) -> None:
    room, held = made
    held.leave("manager")
    make(held)
    screen = shown(qtbot, room, lane, held)
    said = texts(screen)
    assert not [line for line in said if "In force" in line]
    [worth] = [line for line in said if line.startswith("INTERIM PLAN, NOT FINAL. Revision 1")]
    assert worth.endswith("The conference that wrote it had no quorum when it decided.")
    assert "Actions (Interim plan, not final)" in said
    assert screen.stands.history.item(0).text().count("INTERIM PLAN, NOT FINAL") == 1
    screen.choices.button(WRITING).click()
    assert "INTERIM PLAN, NOT FINAL" in screen.writing.foreseen.text()
    assert not [line for line in texts(screen) if "In force" in line]


def test_a_first_plan_is_written_in_the_conference_by_keys_alone(
    qtbot: QtBot, made: tuple[Room, Held], lane: Lane
) -> None:
    room, held = made
    held.choose(held.children[0], "C2", "plan")
    screen = shown(qtbot, room, lane, held)
    alt(qtbot, "w")
    assert screen.writing.foreseen.text() == "A plan needs its category of harm: choose one."
    alt(qtbot, "e")
    QTest.keyClicks(focused(), "Neglect")
    press(Key.Key_Return, CTRL)
    alt(qtbot, "y")
    write("Robin goes without food.", "There is a meal each evening.")
    press(Key.Key_Return, CTRL)
    alt(qtbot, "t")
    write("Visit on Tuesday.", "Blair Example", "14.1.2027")
    press(Key.Key_Return, CTRL)
    assert screen.holds_text()
    assert (
        screen.writing.foreseen.text()
        == "Saved now, it is revision 1. In force. It is the first revision of this plan."
    )
    alt(qtbot, "r")
    assert screen.said.text == "Revision 1 of the plan is saved. In force."
    assert not screen.holds_text()
    plan = standing(room)
    assert (plan.category, plan.dangers[0].safety_goal) == ("neglect", "There is a meal each evening.")
    assert (plan.steps[0].owner, str(plan.steps[0].due)) == ("Blair Example", "2027-01-14")


def test_what_nobody_could_check_is_pointed_out_while_it_is_typed_and_blocks_nothing(
    qtbot: QtBot, made: tuple[Room, Held], lane: Lane
) -> None:
    room, held = made
    make(held)
    screen = shown(qtbot, room, lane, held, WRITING)
    alt(qtbot, "t")
    entering = screen.writing.entering
    assert entering is not None
    assert not [label for label in texts(entering) if "Nobody is named" in label]
    write("Monitor the home")
    said = texts(entering)
    assert [line for line in said if line.startswith("“Monitor”: It does not say what somebody does")]
    assert "Nobody is named who does it." in said
    alt(qtbot, "x")
    assert "Where this comes from: " in entering.origin.text
    entering.form.field("text").edit.setFocus()
    press(Key.Key_Tab)
    QTest.keyClicks(focused(), "Blair Example")
    assert "Nobody is named who does it." not in texts(entering)
    press(Key.Key_Return, CTRL)
    alt(qtbot, "r")
    assert [step.text for step in standing(room).steps][-1] == "Monitor the home"


def test_a_day_in_words_is_refused_beside_its_field_and_nothing_typed_is_lost(
    qtbot: QtBot, made: tuple[Room, Held], lane: Lane
) -> None:
    room, held = made
    screen = shown(qtbot, room, lane, held, WRITING)
    alt(qtbot, "t")
    write("Visit on Tuesday.", "Blair Example", "as soon as possible")
    press(Key.Key_Return, CTRL)
    entering = screen.writing.entering
    assert entering is not None
    due = entering.form.field("due")
    assert due.said.startswith("A plan needs a day somebody can check, and “as soon as possible” is none")
    assert due.edit.hasFocus()
    assert entering.form.values["text"] == "Visit on Tuesday."
    alt(qtbot, "o")
    assert screen.writing.entering is entering
    assert [line for line in texts(entering) if line.startswith("Save this line first")]


def test_a_line_is_taken_out_with_delete_and_comes_back_with_what_named_it(
    qtbot: QtBot, made: tuple[Room, Held], lane: Lane
) -> None:
    room, held = made
    make(held)
    screen = shown(qtbot, room, lane, held, WRITING)
    writing = screen.writing
    worries = writing.lists["dangers"]
    worries.listing.setFocus()
    press(Key.Key_Delete)
    assert worries.add.hasFocus()
    assert writing.draft.outcomes[0].danger == ""
    assert [
        row for row in texts(screen) if row == "What we are worried will happen: left out: “Robin goes without food.”"
    ]
    alt(qtbot, "k")
    assert not writing.is_changed()
    assert writing.draft.outcomes[0].danger == writing.draft.dangers[0].key
    assert focused() is not screen


def test_a_line_is_changed_in_place_and_the_history_opens_to_what_changed(
    qtbot: QtBot, made: tuple[Room, Held], lane: Lane
) -> None:
    room, held = made
    make(held)
    screen = shown(qtbot, room, lane, held, WRITING)
    screen.writing.lists["steps"].listing.setFocus()
    press(Key.Key_Return)
    entering = screen.writing.entering
    assert entering is not None
    due = entering.form.field("due")
    assert due.text == "14 January 2027"
    due.text = "1.2.2027"
    press(Key.Key_Return, CTRL)
    about = "Visit on Tuesday and look into the fridge with the mother."
    change = f"By when of “{about}”: was “14 January 2027”, now “1 February 2027”"
    assert change in texts(screen)
    alt(qtbot, "r")
    press(Key.Key_S, ALT)
    press(Key.Key_Return)
    assert screen.stands.changed.text == change
    assert [screen.stands.history.item(row).text() for row in range(2)] == [
        "Revision 2, 10 December 2026: In force, 1 change",
        "Revision 1, 10 December 2026: In force, the first of its plan",
    ]


def test_a_draft_and_its_open_form_outlive_the_page(qtbot: QtBot, made: tuple[Room, Held], lane: Lane) -> None:
    room, held = made
    make(held)
    screen = shown(qtbot, room, lane, held, WRITING)
    assert screen.unsaved() is None
    alt(qtbot, "u")
    write("Drew Sample", "Teacher")
    press(Key.Key_Return, CTRL)
    alt(qtbot, "t")
    write("Half an act", "Blair", "14 Jan")
    kept = screen.unsaved()
    assert kept is not None
    after = shown(qtbot, room, lane, held)
    after.put_back(kept)
    assert after.writing.draft == screen.writing.draft
    assert [line.name for line in after.writing.draft.core_group] == ["Drew Example", "Drew Sample"]
    entering = after.writing.entering
    assert entering is not None
    assert [entering.form.values[key] for key in ("text", "owner", "due")] == ["Half an act", "Blair", "14 Jan"]
    assert after.writing.isVisible()
    assert after.unsaved() == kept
    for damaged in ("", "{}", kept.replace('"steps"', '"nothing"'), kept.replace('"shown":1', '"shown":7')):
        with pytest.raises(Unreadable):
            shown(qtbot, room, lane, held).put_back(damaged)


def test_escape_puts_an_open_form_away_and_then_leaves(qtbot: QtBot, made: tuple[Room, Held], lane: Lane) -> None:
    room, held = made
    make(held)
    screen = shown(qtbot, room, lane, held, WRITING)
    alt(qtbot, "y")
    with qtbot.assertNotEmitted(screen.left):
        press(Key.Key_Escape)
    assert screen.writing.entering is None
    assert screen.writing.lists["dangers"].listing.hasFocus()
    alt(qtbot, "y")
    screen.choices.button(WRITING).setFocus()
    with qtbot.assertNotEmitted(screen.left):
        press(Key.Key_Escape)
    assert screen.writing.entering is None
    with qtbot.waitSignal(screen.left):
        press(Key.Key_Escape)


def test_a_core_group_tells_of_each_outcome_what_changed_for_the_child(
    qtbot: QtBot, made: tuple[Room, Held], lane: Lane
) -> None:
    room, held = made
    make(held)
    finish(held)
    group = conference(room, "core_group")
    screen = shown(qtbot, room, lane, group)
    alt(qtbot, "p")
    assert "Still to tell: 1 outcome and 2 actions." in texts(screen)
    press(Key.Key_Return)
    QTest.keyClicks(focused(), "Partly")
    press(Key.Key_Return, CTRL)
    form = screen.progress.form
    assert form is not None
    assert form.field("change").said.startswith("Say what changed for Robin")
    write("Two meals a day.", "The food diary.")
    assert screen.holds_text()
    press(Key.Key_Return, CTRL)
    assert screen.said.text == "Noted for the outcome “Robin eats three meals a day.”."
    assert screen.progress.listing.item(0).text().endswith("\nPartly. Two meals a day. The food diary.")
    assert screen.progress.listing.hasFocus()
    assert screen.progress.listing.currentRow() == 1
    told = plan_look.at_meeting(room.sitting, group.meeting, room.child.id).told[0].progress
    assert told is not None
    assert (told.done, told.change) == (Done.PARTLY, "Two meals a day.")


def test_half_told_progress_outlives_the_page(qtbot: QtBot, made: tuple[Room, Held], lane: Lane) -> None:
    room, held = made
    make(held)
    finish(held)
    group = conference(room, "core_group")
    screen = shown(qtbot, room, lane, group, PROGRESS)
    press(Key.Key_Return)
    press(Key.Key_Tab)
    write("Two me")
    kept = screen.unsaved()
    assert kept is not None
    after = shown(qtbot, room, lane, group)
    after.put_back(kept)
    assert after.progress.isVisible()
    assert after.progress.form is not None
    assert after.progress.form.values["change"] == "Two me"


def test_outside_a_meeting_a_plan_is_changed_and_never_made_surer(
    qtbot: QtBot, made: tuple[Room, Held], lane: Lane
) -> None:
    room, held = made
    plan = make(held, but(FULL, standing=Standing.OUTLINE))
    finish(held)
    assert plan.standing is Standing.OUTLINE
    screen = shown(qtbot, room, lane, None, WRITING)
    assert screen.writing.foreseen.text().endswith(
        "Outside a meeting a plan may be changed, and never made surer than it is."
    )
    alt(qtbot, "e")
    entering = screen.writing.entering
    assert entering is not None
    worth = entering.form.field("standing").edit
    assert isinstance(worth, QComboBox)
    worth.setCurrentText("In force")
    press(Key.Key_Return, CTRL)
    alt(qtbot, "r")
    assert screen.writing.said.text.startswith("Nothing is different from the plan of Robin as it stands")
    assert screen.holds_text()
    assert len(planning.history(room.sitting, room.child.id)) == 1
    screen.choices.button(PROGRESS).click()
    assert "open this page from that meeting" in screen.progress.state.text()


def test_with_no_plan_and_no_meeting_another_authoritys_is_recorded(
    qtbot: QtBot, made: tuple[Room, Held], lane: Lane
) -> None:
    room, _ = made
    screen = shown(qtbot, room, lane)
    assert "There is no child protection plan of Robin. A conference makes one: write it in that meeting." in texts(
        screen
    )
    alt(qtbot, "w")
    assert "the plan that another authority" in screen.writing.foreseen.text()
    alt(qtbot, "e")
    QTest.keyClicks(focused(), "Neglect")
    entering = screen.writing.entering
    assert entering is not None
    entering.form.field("earlier").text = "one"
    press(Key.Key_Return, CTRL)
    assert entering.form.field("earlier").said.startswith("Write how many plans there were before")
    entering.form.field("earlier").text = "1"
    press(Key.Key_Return, CTRL)
    alt(qtbot, "r")
    plan = standing(room)
    assert (plan.category, plan.earlier, plan.meeting_id) == ("neglect", 1, None)
    assert "It is plan number 2 of this child." in " ".join(texts(screen))


def test_a_plan_ends_with_its_reason_and_what_is_in_the_way_is_said_in_the_form(
    qtbot: QtBot, made: tuple[Room, Held], lane: Lane
) -> None:
    room, held = made
    make(held)
    screen = shown(qtbot, room, lane, held)
    alt(qtbot, "e")
    form = screen.stands.form
    assert form is not None
    press(Key.Key_Return, CTRL)
    assert form.field("words").said.startswith("Ending a plan needs words")
    write("They went to live abroad.")
    press(Key.Key_Return, CTRL)
    assert [
        line
        for line in texts(form)
        if line.startswith("It is not decided for Robin, with a quorum, that the plan ends")
    ]
    kept = screen.unsaved()
    assert kept is not None
    after = shown(qtbot, room, lane, held)
    after.put_back(kept)
    form = after.stands.form
    assert form is not None
    assert form.values["words"] == "They went to live abroad."
    reason = form.field("reason").edit
    assert isinstance(reason, QComboBox)
    reason.setCurrentText("Left the United Kingdom permanently")
    alt(qtbot, "n")
    assert after.said.text == "The plan of Robin ended on 10 December 2026. Its history stays below."
    assert planning.standing_plan(room.sitting, room.child.id) is None
    assert [line for line in texts(after) if line.startswith("No plan runs. The last one of Robin ended on")]


def test_the_plan_of_a_brother_or_sister_is_asked_for_from_here(
    qtbot: QtBot, made: tuple[Room, Held], lane: Lane
) -> None:
    room, held = made
    screen = shown(qtbot, room, lane, held)
    press(Key.Key_C, ALT)
    assert screen.children_box.hasFocus()
    with qtbot.waitSignal(screen.child_wanted) as asked:
        press(Key.Key_Down)
    assert asked.args == [room.children[1].id]
    assert screen.children_box.currentText() == "Robin Sample"


def test_no_two_things_on_the_page_answer_to_the_same_key(qtbot: QtBot, made: tuple[Room, Held], lane: Lane) -> None:
    room, held = made
    make(held)
    finish(held)
    group = conference(room, "core_group")
    screen = shown(qtbot, room, lane, group)
    openings = (
        lambda: screen.stands.open_end({}),
        lambda: screen.writing.open("steps", screen.writing.draft.steps[0].key),
        lambda: screen.progress.open(screen.progress.listing.item(0).data(Qt.ItemDataRole.UserRole), {}),
    )
    for part, opening in enumerate(openings):
        screen.choices.button(part).click()
        opening()
        labels = [one.text() for kind in (QPushButton, QLabel) for one in screen.findChildren(kind) if one.isVisible()]
        keys = Counter(found[1].lower() for text in labels if (found := re.search(r"(?<!&)&(\w)", text)))
        assert len(keys) > 5
        assert [key for key, times in keys.items() if times > 1] == []


def test_at_twice_the_size_nothing_is_cut_off_at_the_side(qtbot: QtBot, made: tuple[Room, Held], lane: Lane) -> None:
    room, held = made
    make(held)
    font, larger = QApplication.font(), QApplication.font()
    larger.setPointSizeF(font.pointSizeF() * 2)
    QApplication.setFont(larger)
    try:
        screen = shown(qtbot, room, lane, held)
        for part in (WRITING, PROGRESS, 0):
            screen.choices.button(part).click()
            qtbot.waitUntil(lambda: screen.width() == 1366)
            assert screen.horizontalScrollBar().maximum() == 0
    finally:
        QApplication.setFont(font)


def test_the_title_of_the_window_tells_nothing_of_the_child(qtbot: QtBot, made: tuple[Room, Held], lane: Lane) -> None:
    room, held = made
    assert shown(qtbot, room, lane, held).title() == "Child protection plan"


def test_on_a_full_disk_the_draft_stays_and_is_saved_once_there_is_room(
    qtbot: QtBot, made: tuple[Room, Held], lane: Lane
) -> None:
    room, held = made
    make(held)
    screen = shown(qtbot, room, lane, held, WRITING)
    alt(qtbot, "e")
    entering = screen.writing.entering
    assert entering is not None
    entering.form.field("why").text = "Robin is hungry. " * 1000
    press(Key.Key_Return, CTRL)
    with room.sitting.store.connection() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    alt(qtbot, "r")
    assert "disk" in screen.writing.said.text
    assert screen.holds_text()
    assert len(planning.history(room.sitting, room.child.id)) == 1
    with room.sitting.store.connection() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    alt(qtbot, "r")
    assert not screen.holds_text()
    assert standing(room).why.startswith("Robin is hungry. Robin is hungry.")
