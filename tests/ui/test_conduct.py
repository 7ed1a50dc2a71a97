"""How a meeting is held, by keys: the quorum, the chair's answers, what was left before, and several children."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.models.conduct import WithoutQuorum
from app.services import carrying_on, cases, conduct, entries, meetings, table
from app.store.store import Store
from app.ui.conduct.children import ChildrenScreen
from app.ui.conduct.screen import ConductScreen
from app.ui.kit.form import Form
from app.ui.kit.lane import Lane
from app.ui.kit.listing import Listing
from app.ui.kit.unfinished import Unreadable
from tests.builders import KEY, Clock, Room, a_room, sitting_at
from tests.services.holding import Held
from tests.services.test_carrying_on import consultation, next_meeting
from tests.services.test_conduct import GROUND, a_conference, another, conclude
from tests.ui.test_pages import SLOW, shown

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Held, datetime]:
    """Make a conference about two children that has begun with a quorum; tests work on copies of its store."""
    folder = tmp_path_factory.mktemp("made") / "store"
    with a_conference(folder, children=2) as held:
        return folder, held, held.sitting.now()


@pytest.fixture
def held(stack: ExitStack, tmp_path: Path, made: tuple[Path, Held, datetime]) -> Held:
    """Give a conference about two children that has begun with a quorum."""
    folder, held, at = made
    store = stack.enter_context(closing(Store.open(shutil.copytree(folder, tmp_path / "store"), KEY)))
    return replace(held, sitting=sitting_at(store, Clock(at)))


def opened(qtbot: QtBot, held: Held | Room, lane: Lane) -> ConductScreen:
    screen = ConductScreen(held.sitting, held.meeting, lane)
    shown(qtbot, screen)
    screen.focus_home()
    return screen


def side_by_side(qtbot: QtBot, held: Held, lane: Lane) -> ChildrenScreen:
    screen = ChildrenScreen(held.sitting, held.meeting, lane)
    screen.resize(1366, 768)
    shown(qtbot, screen)
    screen.focus_home()
    return screen


def rows(listing: Listing) -> list[str]:
    return [listing.item(row).text() for row in range(listing.count())]


def press(qtbot: QtBot, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press keys where the focus is."""
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def letter(qtbot: QtBot, screen: QWidget, key: Qt.Key) -> None:
    """Press Alt with a letter, and wait until the button has come up again."""
    press(qtbot, key, modifier=Qt.KeyboardModifier.AltModifier)
    buttons = screen.findChildren(QAbstractButton)
    qtbot.waitUntil(lambda: not any(part.isDown() for part in buttons), timeout=SLOW)


def type_in(qtbot: QtBot, words: str) -> None:
    qtbot.keyClicks(QApplication.focusWidget(), words)


def pick(form: Form, key: str, value: str) -> None:
    box = form.field(key).edit
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(value))


def told(form: Form) -> dict[str, str]:
    """Return what the form says is wrong, by its fields."""
    return {key: form.field(key).said for key in form.values if form.field(key).said}


def test_a_lost_quorum_is_what_the_page_opens_on_and_going_on_names_its_ground(
    qtbot: QtBot, held: Held, lane: Lane
) -> None:
    held.leave("manager")
    screen = opened(qtbot, held, lane)
    form = screen.lost.form
    assert screen.lost.answer.hasFocus()
    assert "Not quorate" in screen.lost._state.text()
    assert "Record what we do without it." in screen.lost._state.text()
    press(qtbot, Qt.Key.Key_Return)
    assert form.field("choice").edit.hasFocus()
    assert not form.field("ground").isVisible()
    press(qtbot, Qt.Key.Key_End)
    assert form.field("ground").isVisible()
    form.field("reason").setFocus()
    type_in(qtbot, "The father is out tonight.")
    press(qtbot, Qt.Key.Key_Return, modifier=CTRL)
    assert list(told(form)) == ["ground"]
    pick(form, "ground", GROUND)
    press(qtbot, Qt.Key.Key_Return, modifier=CTRL)
    assert form.isHidden()
    [given] = held.loaded().quorum_answers
    assert (given.choice, given.reason) == (WithoutQuorum.PROCEED, f"{GROUND} The father is out tonight.")
    assert "Going on without a quorum" in rows(screen.lost.answers)[0]
    assert "It is recorded what we do without it." in screen.lost._state.text()
    assert screen.lost.said.text.startswith("Recorded")
    assert QApplication.focusWidget() is screen.lost.answer


def test_a_second_meeting_in_a_row_without_a_quorum_says_who_must_agree_before_it_is_saved(
    qtbot: QtBot, held: Held, lane: Lane
) -> None:
    held.leave("manager")
    conduct.answer_quorum(held.sitting, held.meeting, WithoutQuorum.NEW_DATE, "We wait.")
    conclude(held)
    second = another(held.sitting, held.loaded().case_id, held.children, "rcpc", quorate=False)
    screen = opened(qtbot, second, lane)
    form = screen.lost.form
    screen.lost.open_answer()
    pick(form, "choice", WithoutQuorum.NEW_DATE)
    form.field("reason").text = "They are missing again."
    assert "within 1 month" in form.field("choice")._below.text()
    assert held.loaded().reference in form.field("agreed_by")._below.text()
    form._on_save()
    assert list(told(form)) == ["agreed_by"]
    assert form.values["reason"] == "They are missing again."
    assert form.field("agreed_by").edit.hasFocus()
    type_in(qtbot, "Director Example")
    press(qtbot, Qt.Key.Key_Return, modifier=CTRL)
    assert "Agreed by: Director Example." in rows(screen.lost.answers)[0]


def test_each_provisional_decision_is_confirmed_once_the_quorum_is_back(qtbot: QtBot, held: Held, lane: Lane) -> None:
    held.leave("manager")
    for child in held.children:
        held.choose(child, "C1", "likely")
    screen = opened(qtbot, held, lane)
    assert len(rows(screen.lost.provisional)) == 2
    assert not screen.lost.confirm.isEnabled()
    table.arrive(held.sitting, held.people["manager"].id)
    screen.focus_home()
    assert "There is a quorum again" in screen.lost._how.text()
    screen.lost.provisional.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    assert len(rows(screen.lost.provisional)) == 1
    letter(qtbot, screen, Qt.Key.Key_C)
    assert not screen.lost._decided.isVisible()
    assert all(made.quorate for made in held.loaded().decisions)
    assert QApplication.focusWidget() is screen.lost.why
    press(qtbot, Qt.Key.Key_Z, modifier=CTRL)
    assert len(rows(screen.lost.provisional)) == 1


def test_the_chair_answers_each_question_by_one_key_and_is_told_before_what_a_yes_does(
    qtbot: QtBot, held: Held, lane: Lane
) -> None:
    screen = opened(qtbot, held, lane)
    chair = screen.chair
    assert chair.questions.hasFocus()
    assert "A yes needs a second manager" in rows(chair.questions)[0]
    assert "A yes is printed in the minutes." in rows(chair.questions)[1]
    letter(qtbot, screen, Qt.Key.Key_N)
    assert chair.questions.hasFocus()
    assert chair.questions.currentRow() == 1
    press(qtbot, Qt.Key.Key_Return)
    assert not chair.yes_form.field("agreed_by").isVisible()
    type_in(qtbot, "Until 2024.")
    press(qtbot, Qt.Key.Key_Return, modifier=CTRL)
    assert [one.answer for one in held.loaded().declarations] == [False, True]
    assert "No. The minutes say so." in rows(chair.questions)[0]
    assert "Some areas, such as Sefton, do not allow this. Note: Until 2024." in rows(chair.questions)[1]
    assert chair._summary.text() == "Every question is answered."


def test_a_chair_who_is_not_independent_cannot_agree_with_themselves(qtbot: QtBot, held: Held, lane: Lane) -> None:
    screen = opened(qtbot, held, lane)
    form = screen.chair.yes_form
    letter(qtbot, screen, Qt.Key.Key_Y)
    assert form.field("agreed_by").edit.hasFocus()
    for name in ("", "iro Example"):
        form.field("agreed_by").text = name
        press(qtbot, Qt.Key.Key_Return, modifier=CTRL)
        assert list(told(form)) == ["agreed_by"]
    # looking at another question meanwhile does not change what the form is about
    screen.chair.questions.setCurrentRow(1)
    form.field("agreed_by").text = "Frankie Example"
    form._on_save()
    [given] = held.loaded().declarations
    assert (given.question_id, given.agreed_by) == ("responsible_now", "Frankie Example")
    assert "Agreed by: Frankie Example." in rows(screen.chair.questions)[0]


def test_another_model_says_that_it_takes_the_answers_under_the_first_one_out(
    qtbot: QtBot, held: Held, lane: Lane
) -> None:
    conduct.declare(held.sitting, held.meeting, "responsible_now", False)
    screen = opened(qtbot, held, lane)
    screen.chair.models.setCurrentIndex(1)
    assert "takes out the answers given as “Independent chair”" in screen.chair._means.text()
    screen.chair.questions.setFocus()
    letter(qtbot, screen, Qt.Key.Key_N)
    assert [(one.model, one.question_id) for one in held.loaded().declarations] == [("lcpp_chair", "led_enquiry")]


def test_somebody_confirms_the_meeting_of_a_chair_who_holds_the_case_after_it_has_ended(
    qtbot: QtBot, held: Held, lane: Lane
) -> None:
    conduct.declare(held.sitting, held.meeting, "led_enquiry", False)
    conduct.declare(held.sitting, held.meeting, "case_holder", True)
    conclude(held)
    screen = opened(qtbot, held, lane)
    chair = screen.chair
    chair.questions.setCurrentRow(1)
    assert "Nobody has confirmed it yet." in rows(chair.questions)[1]
    assert not chair.no.isEnabled()
    assert not chair.yes.isEnabled()
    chair.questions.setFocus()
    letter(qtbot, screen, Qt.Key.Key_G)
    type_in(qtbot, "Frankie Example")
    press(qtbot, Qt.Key.Key_Return, modifier=CTRL)
    assert "Frankie Example has confirmed the meeting" in rows(chair.questions)[1]
    assert not screen.undo.isEnabled(), "what is done after a meeting is not taken back"


def test_each_rule_on_the_two_pages_says_where_it_comes_from(qtbot: QtBot, held: Held, lane: Lane) -> None:
    screen = opened(qtbot, held, lane)
    letter(qtbot, screen, Qt.Key.Key_W)
    letter(qtbot, screen, Qt.Key.Key_R)
    children = side_by_side(qtbot, held, lane)
    letter(qtbot, children, Qt.Key.Key_W)
    letter(qtbot, children, Qt.Key.Key_I)
    assert "part of: Independent chair." in screen.chair.said.text
    assert "Inquorate" in screen.lost.said.text or "inquorate" in screen.lost.said.text
    assert "part of: Initial child protection conference." in children.order.said.text
    for said in (screen.chair.said, screen.lost.said, children.cells.said, children.order.said):
        assert "Where this comes from: " in said.text
        assert "Reviewed 1 November 2026." in said.text


def test_what_the_meeting_before_left_is_read_and_an_action_is_done_and_taken_back(
    qtbot: QtBot, tmp_path: Path, stack: ExitStack, lane: Lane
) -> None:
    room = stack.enter_context(a_room(tmp_path))
    room.decide("D1", "met")
    for what in ("Ring the ward.", "Change the locks."):
        entries.record_action(room.sitting, room.meeting, "enquiry", what, owner="Casey", due=date(2026, 12, 10))
    entries.record_gap(room.sitting, room.meeting, "agencies", "What did the GP see?", owner="Drew")
    room.view("Casey Example", "met")
    next_meeting(room)
    screen = opened(qtbot, room, lane)
    lists = screen.earlier.lists
    assert lists["actions"].hasFocus()
    assert "Casey, by 10 December 2026 - LATE." in rows(lists["actions"])[0]
    assert rows(lists["gaps"])[0].startswith("What did the GP see?\nWith Drew. Open since CM-")
    assert rows(lists["decisions"])[0].startswith("Robin: ")
    assert "Police: " in rows(lists["views"])[0]
    assert not lists["dissents"].isVisible()
    letter(qtbot, screen, Qt.Key.Key_O)
    assert len(rows(lists["actions"])) == 1
    assert lists["actions"].hasFocus()
    assert "carried on no more" in screen.earlier.said.text
    press(qtbot, Qt.Key.Key_Z, modifier=CTRL)
    assert len(rows(lists["actions"])) == 2
    assert screen.said.text == "Taken back: Noted that an action is done."


def test_a_consultation_is_turned_into_a_strategy_discussion_after_it_was_asked_once_more(
    qtbot: QtBot, tmp_path: Path, stack: ExitStack, lane: Lane
) -> None:
    room = stack.enter_context(a_room(tmp_path, started=False))
    consultation(room)
    room.clock.pass_by(hours=2)
    screen = opened(qtbot, room, lane)
    part = screen.converting
    assert part.begin.hasFocus()
    assert "The clock goes on running from 10 December 2026, 10:30" in part._means.text()
    press(qtbot, Qt.Key.Key_Return)
    assert part.now.hasFocus()
    press(qtbot, Qt.Key.Key_Escape)
    assert part.begin.hasFocus()
    assert carrying_on.converted_into(room.sitting, room.meeting) is None
    press(qtbot, Qt.Key.Key_Return)
    with qtbot.waitSignal(screen.meeting_wanted, timeout=SLOW) as wanted:
        press(qtbot, Qt.Key.Key_Return)
    made = meetings.load(room.sitting, wanted.args[0])
    assert (made.type_id, made.planned_at) == ("strategy_initial", room.loaded().started_at)
    again = opened(qtbot, room, lane)
    assert f"was turned into {made.reference} already" in again.converting._means.text()
    with qtbot.waitSignal(again.meeting_wanted, timeout=SLOW) as wanted:
        press(qtbot, Qt.Key.Key_Return)
    assert wanted.args == [made.id]


def test_escape_puts_a_form_away_first_and_then_leaves(qtbot: QtBot, held: Held, lane: Lane) -> None:
    for show in (opened, side_by_side):
        screen = show(qtbot, held, lane)
        press(qtbot, Qt.Key.Key_Return)
        assert screen.holds_text()
        screen.back.setFocus()
        press(qtbot, Qt.Key.Key_Escape)
        assert screen.holds_text(), "from elsewhere Esc leads back to the form"
        with qtbot.waitSignal(screen.left, timeout=SLOW):
            press(qtbot, Qt.Key.Key_Escape, Qt.Key.Key_Escape)
        assert not screen.holds_text()
        screen.hide()


def test_what_is_half_filled_in_is_kept_over_the_lock_and_put_back(qtbot: QtBot, held: Held, lane: Lane) -> None:
    held.leave("manager")
    first = opened(qtbot, held, lane)
    assert first.unsaved() is None
    first.lost.open_answer()
    pick(first.lost.form, "choice", WithoutQuorum.PROCEED)
    pick(first.lost.form, "ground", GROUND)
    first.lost.form.field("reason").text = "The father is out."
    words = first.unsaved()
    assert words is not None
    again = opened(qtbot, held, lane)
    again.put_back(words)
    assert again.lost.form.values == first.lost.form.values
    assert again.lost.form.field("ground").isVisible()
    one = side_by_side(qtbot, held, lane)
    one.cells.grid.go_to(5, 1)
    one.cells.open_decide()
    pick(one.cells.decide_form, "option", "on")
    one.cells.decide_form.field("on").text = "11 Dec"
    words = one.unsaved()
    assert words is not None
    other = side_by_side(qtbot, held, lane)
    other.put_back(words)
    assert other.cells.decide_form.values["on"] == "11 Dec"
    assert other.cells.decide_form.field("on").isVisible()
    with pytest.raises(Unreadable):
        again.put_back(words)


def cell(screen: ChildrenScreen, row: int, column: int) -> str:
    return str(screen.cells.grid.matrix_rows.index(row, column).data())


def test_the_children_stand_side_by_side_and_every_mark_is_said_in_words(qtbot: QtBot, held: Held, lane: Lane) -> None:
    one, other = held.children
    held.choose(one, "C1", "likely")
    conduct.decide_as_for(held.sitting, held.meeting, "C1", other.id, one.id, "He is older.")
    held.leave("manager")
    held.choose(one, "C2", "plan")
    screen = side_by_side(qtbot, held, lane)
    assert cell(screen, 0, 0) == "Likely to suffer significant harm\nThe accounts agree."
    assert cell(screen, 0, 1).startswith("AS FOR ROBIN, but: He is older.\nLikely to suffer")
    assert cell(screen, 1, 0).startswith("PROVISIONAL - INQUORATE\nChild protection plan")
    assert cell(screen, 1, 1) == "To be decided"
    grid = screen.cells.grid
    grid.go_to(1, 0)
    assert "Early years" in screen.cells.detail.text() or "left" in screen.cells.detail.text()
    model, heard = grid.matrix_rows, Qt.ItemDataRole.AccessibleTextRole
    assert model.headerData(1, Qt.Orientation.Horizontal, heard) == "Wren"
    assert str(model.headerData(1, Qt.Orientation.Vertical, heard)).startswith("C2  Does this child need")
    assert str(model.index(0, 1).data(heard)).startswith("Wren. C1: Is this child suffering")
    table_heard = QAccessible.queryAccessibleInterface(grid)
    assert table_heard.text(QAccessible.Text.Name) == "Decisions, by question and child"


def test_return_on_a_cell_decides_there_and_goes_on_to_the_next_that_is_wanted(
    qtbot: QtBot, held: Held, lane: Lane
) -> None:
    screen = side_by_side(qtbot, held, lane)
    grid, form = screen.cells.grid, screen.cells.decide_form
    assert grid.hasFocus()
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Return, modifier=CTRL)
    assert list(told(form)) == ["option"]
    press(qtbot, Qt.Key.Key_End)
    assert form.field("on").isVisible()
    assert form.field("detail").isVisible()
    assert not form.field("person").isVisible()
    form.field("reason").text = "The doctor is not here."
    grid.setFocus()
    press(qtbot, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert (form.values["option"], form.values["reason"]) == ("cannot_decide", "The doctor is not here.")
    form.field("detail").text = "She stays with her aunt."
    form.field("on").text = "31.2.2027"
    form._on_save()
    assert list(told(form)) == ["on"]
    form.field("on").text = "20 January 2027"
    form._on_save()
    [made] = held.loaded().decisions
    assert (made.option, made.on, made.detail) == ("cannot_decide", date(2027, 1, 20), "She stays with her aunt.")
    assert grid.hasFocus()
    assert (grid.currentIndex().row(), grid.currentIndex().column()) == (0, 1)
    assert screen.cells.said.text.startswith("Recorded for Robin: ")
    press(qtbot, Qt.Key.Key_Left, Qt.Key.Key_Return)
    assert form.values["on"] == "20 January 2027", "what is decided stands in the form"


def test_a_decision_against_most_agencies_asks_why(qtbot: QtBot, held: Held, lane: Lane) -> None:
    held.view("harm")
    screen = side_by_side(qtbot, held, lane)
    form = screen.cells.decide_form
    press(qtbot, Qt.Key.Key_Return)
    assert "Likely to suffer 3" in form.field("option")._below.text()
    pick(form, "option", "neither")
    assert form.field("departure").isVisible()
    form.field("reason").text = "I read it otherwise."
    form._on_save()
    assert list(told(form)) == ["departure"]
    form.field("departure").text = "The doctor rang since."
    form._on_save()
    assert held.loaded().decisions[0].departure == "The doctor rang since."


def test_as_for_a_sibling_asks_what_differs_and_stays_about_its_cell(qtbot: QtBot, held: Held, lane: Lane) -> None:
    one, other = held.children
    held.choose(one, "C1", "likely")
    screen = side_by_side(qtbot, held, lane)
    grid, form = screen.cells.grid, screen.cells.as_form
    assert (grid.currentIndex().row(), grid.currentIndex().column()) == (0, 1)
    letter(qtbot, screen, Qt.Key.Key_L)
    assert form.values["sibling"] == str(one.id), "there is no other to choose"
    pick(form, "sibling", "")
    form._on_save()
    assert list(told(form)) == ["sibling"]
    pick(form, "sibling", str(one.id))
    form._on_save()
    assert list(told(form)) == ["differs"]
    form.field("differs").text = "He is older."
    grid.setFocus()
    press(qtbot, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert form.isVisible(), "one form at a time"
    assert screen.cells.decide_form.isHidden()
    form._on_save()
    made = {d.child.id: d for d in held.loaded().decisions}[other.id]
    assert (made.question_id, made.likeness.differs) == ("C1", "He is older.")
    press(qtbot, Qt.Key.Key_Z, modifier=CTRL)
    assert cell(screen, 0, 1) == "To be decided"
    grid.go_to(7, 0)
    assert not screen.cells.as_for.isEnabled(), "nothing is decided for a sibling here"


def test_the_order_of_the_children_is_turned_moved_and_taken_back_by_keys(qtbot: QtBot, held: Held, lane: Lane) -> None:
    conclude(held)
    second = another(held.sitting, held.loaded().case_id, held.children, "rcpc", follows=held.meeting)
    screen = side_by_side(qtbot, second, lane)
    order = screen.order
    assert rows(order.children_list) == ["1  Wren", "2  Robin"]
    assert f"In {held.loaded().reference} it was: Robin and Wren." in order._reason.text()
    order.children_list.setFocus()
    letter(qtbot, screen, Qt.Key.Key_O)
    assert rows(order.children_list) == ["1  Robin", "2  Wren"]
    assert "Robin comes first again" in order._reason.text()
    assert order.children_list.hasFocus()
    assert [screen.cells.grid.matrix_rows.headerData(n, Qt.Orientation.Horizontal) for n in (0, 1)] == ["Robin", "Wren"]
    letter(qtbot, screen, Qt.Key.Key_N)
    assert rows(order.children_list) == ["1  Wren", "2  Robin"]
    press(qtbot, Qt.Key.Key_Z, modifier=CTRL)
    assert rows(order.children_list) == ["1  Robin", "2  Wren"]


def test_eight_children_and_every_question_stay_readable_in_a_small_window(
    qtbot: QtBot, tmp_path: Path, stack: ExitStack, lane: Lane
) -> None:
    room = stack.enter_context(a_room(tmp_path, children=3, started=False))
    more = [cases.add_child(room.sitting, room.case.id, name) for name in ("Kim A", "Bo A", "Kim A", "Kim B", "Sasha")]
    held = another(room.sitting, room.case.id, [*room.children, *more])
    held.choose(held.children[0], "C4", "agreed")
    screen = side_by_side(qtbot, held, lane)
    grid = screen.cells.grid
    model = grid.matrix_rows
    assert (model.columnCount(), model.rowCount()) == (8, len(held.kind.decisions))
    names = [str(model.headerData(n, Qt.Orientation.Horizontal)) for n in range(8)]
    assert names[3:] == ["Kim A (1)", "Bo", "Kim A (2)", "Kim B", "Sasha"]
    qtbot.waitUntil(lambda: grid.viewport().width() > 800, timeout=SLOW)
    assert screen.horizontalScrollBar().maximum() == 0, "the table scrolls, not the page"
    for row in range(model.rowCount()):
        assert grid.rowHeight(row) >= grid.sizeHintForRow(row)
    last = model.index(model.rowCount() - 1, 7)
    grid.go_to(last.row(), 7)
    assert grid.viewport().rect().contains(grid.visualRect(last).topLeft())
    press(qtbot, Qt.Key.Key_Tab)
    assert screen.cells.decide.hasFocus(), "Tab leaves the table"


def test_a_meeting_that_has_not_started_or_is_over_says_so_and_decides_nothing(
    qtbot: QtBot, held: Held, lane: Lane
) -> None:
    at = held.sitting.now()
    ids = [child.id for child in held.children]
    case_id = held.loaded().case_id
    prepared = meetings.prepare(held.sitting, case_id, "icpc", ids, planned_at=at).id
    conclude(held)
    for meeting, words in ((prepared, "The meeting has not started"), (held.meeting, "The meeting is over")):
        screen = ChildrenScreen(held.sitting, meeting, lane)
        shown(qtbot, screen)
        screen.focus_home()
        assert screen.cells._summary.text().startswith(words)
        assert not screen.cells.decide.isEnabled()
        press(qtbot, Qt.Key.Key_Return)
        assert not screen.holds_text()
        assert screen.order.turn.isEnabled() is (meeting == prepared)
        screen.hide()


def every_state(qtbot: QtBot, held: Held, lane: Lane) -> Iterator[QWidget]:
    """Give both pages as they are first, and with each of their forms open."""
    held.leave("manager")
    held.choose(held.children[0], "C1", "likely")
    screen = opened(qtbot, held, lane)
    yield screen
    for open_it in (screen.lost.open_answer, screen.chair.open_yes):
        open_it()
        yield screen
        opened_form = screen.forms.opened
        assert opened_form is not None
        opened_form[1]._on_drop()
    screen.hide()
    children = side_by_side(qtbot, held, lane)
    yield children
    for open_it in (children.cells.open_decide, children.cells.open_as_for):
        open_it()
        yield children
        opened_form = children.forms.opened
        assert opened_form is not None
        opened_form[1]._on_drop()


def test_every_letter_leads_to_one_control_and_every_control_has_a_name(qtbot: QtBot, held: Held, lane: Lane) -> None:
    for screen in every_state(qtbot, held, lane):
        parts = [part for kind in (QLabel, QAbstractButton) for part in screen.findChildren(kind) if part.isVisible()]
        letters = [part.text().split("&")[1][0].lower() for part in parts if "&" in part.text()]
        assert len(letters) == len(set(letters)), sorted(letters)
        assert not {"f", "m", "v", "h"} & set(letters), sorted(letters)
        for kind in (QLineEdit, QPlainTextEdit, QComboBox, QListWidget, QAbstractButton):
            for part in screen.findChildren(kind):
                if part.isVisible() and part.focusPolicy() is not Qt.FocusPolicy.NoFocus:
                    named = part.accessibleName() or (isinstance(part, QAbstractButton) and part.text())
                    assert named, (type(screen).__name__, kind.__name__)
