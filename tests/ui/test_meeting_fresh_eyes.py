"""The meeting workspace as somebody meets it who has never seen it: what is shown, and what keys alone can do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.kit.lane import Lane
from app.ui.meeting.asking import FOLD, asks
from app.ui.meeting.choices import undecided
from app.ui.meeting.screen import MeetingScreen
from tests.builders import Room, a_room

Key = Qt.Key
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Hands:
    """Somebody's hands on the keyboard: keys go to whatever has the focus."""

    def __init__(self, screen: MeetingScreen, room: Room) -> None:
        self.screen, self.room, self.item = screen, room, screen.desk.item

    @property
    def focus(self):
        focus = QApplication.focusWidget()
        assert focus is not None, "the focus was lost"
        return focus

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus, key, held)

    def type(self, text: str) -> None:
        for character in text:
            QTest.keyClicks(self.focus, character)

    def enter(self, text: str) -> None:
        self.type(text)
        self.press(Key.Key_Return)

    @property
    def asked(self) -> list[str]:
        return [row.text for row in self.item.asks.line_rows.rows]


@pytest.fixture
def hands(qtbot: QtBot, tmp_path: Path) -> Iterator[Hands]:
    with a_room(tmp_path / "store", children=2) as room:
        lane = Lane()
        screen = MeetingScreen(room.sitting, room.meeting, lane)
        lane.setParent(screen)
        qtbot.addWidget(screen)
        screen.resize(1366, 700)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        screen.focus_home()
        yield Hands(screen, room)


def test_questions_that_only_sometimes_apply_stand_under_one_row_that_says_when_and_opens_by_return(
    hands: Hands,
) -> None:
    hands.enter("/item 9")
    assert len(hands.asked) == 7
    assert hands.asked[-1].startswith("If it applies (9)")
    assert "8 Any mark on a child under six months" in hands.asked[-1]
    hands.item.asks.setFocus()
    hands.press(Key.Key_End)
    hands.press(Key.Key_Return)
    assert len(hands.asked) == 16
    assert hands.item.asks.key == FOLD
    hands.press(Key.Key_Return)
    assert len(hands.asked) == 7


def test_a_question_that_was_answered_is_not_folded_away(hands: Hands) -> None:
    hands.enter("/item 9")
    hands.enter("/7 She now sleeps through the night")
    assert hands.asked[6].endswith("She now sleeps through the night")
    assert hands.asked[7].startswith("If it applies (8)")


def test_an_unanswered_question_says_so_once_however_many_children_it_is_asked_for(hands: Hands) -> None:
    hands.enter("/item 9")
    assert hands.asked[0].count("not answered yet") == 1
    assert not any(line.strong for line in asks(hands.screen.room))
    hands.enter("/1 Bruising @robin")
    assert hands.asked[0].endswith("Robin: Bruising; Wren: not answered yet")


def test_a_form_shows_from_its_heading_on_whose_entry_it_is(hands: Hands, qtbot: QtBot) -> None:
    hands.enter("/item 11")
    hands.enter("/v")
    forms = hands.item.forms
    qtbot.waitUntil(lambda: forms._view.title.mapTo(forms.viewport(), forms._view.title.rect().topLeft()).y() >= 0)
    assert not hands.item.asks.isVisible()
    assert forms.isAncestorOf(hands.focus)
    hands.press(Key.Key_Escape)
    assert hands.item.asks.isVisible()


def test_the_decision_for_one_child_can_be_taken_for_the_next_marked_as_such_and_changed(hands: Hands) -> None:
    hands.enter("/item 12")
    hands.enter("/decision D1 @robin 1 Two accounts agree")
    hands.enter("/decision D1 @wren")
    form = hands.item.forms._decision
    assert form._as_before.text() == "As for Robin"
    hands.press(Key.Key_F4)
    assert form._reason.text == "Two accounts agree"
    hands.press(Key.Key_Return, CTRL)
    assert "only with what is different for Wren" in form.said.text
    hands.type("Wren was not at home")
    hands.press(Key.Key_Return, CTRL)
    made = {d.child.first_name: d for d in hands.room.loaded().decisions}
    assert made["Wren"].option == made["Robin"].option == "met"
    assert (made["Wren"].likeness.child.first_name, made["Wren"].likeness.differs) == ("Robin", "Wren was not at home")
    rows = [line.text for line in hands.item.stream.line_rows.rows]
    assert any("AS FOR ROBIN (but: Wren was not at home). Two accounts agree" in row for row in rows)


def test_a_decision_that_was_taken_over_stays_so_until_it_is_another_than_for_the_sibling(hands: Hands) -> None:
    hands.enter("/item 12")
    hands.enter("/decision D1 @robin 1 Two accounts agree")
    hands.enter("/decision D1 @wren")
    hands.press(Key.Key_F4)
    hands.type("Wren was not at home")
    hands.press(Key.Key_Return, CTRL)
    forms = hands.item.forms
    for again, like in ((1, "Wren was not at home, nor Kim"), (2, None)):
        wren = next(d for d in hands.screen.room.meeting.decisions if d.child.first_name == "Wren")
        forms.edit(wren)
        if again == 1:
            forms._decision._differs.text = like
        else:
            forms._decision.first().setFocus()
            forms._decision._choices._group.button(1).click()
            forms._decision._reason.text = "They do not agree for Wren"
        hands.press(Key.Key_Return, CTRL)
        wren = next(d for d in hands.screen.room.meeting.decisions if d.child.first_name == "Wren")
        assert (wren.likeness.differs if wren.likeness else None) == like


def test_a_decision_opened_again_keeps_its_grounds_and_its_date(hands: Hands) -> None:
    hands.room.say("Casey Example", "Called twice")
    hands.screen.room.reload()
    hands.enter("/item 12")
    hands.enter("/decision D1 @robin 3")
    hands.type("14 Dec")
    form = hands.item.forms._decision
    form._reason.text, form._grounds.text = "The check is outstanding", "1"
    hands.press(Key.Key_Return, CTRL)
    hands.press(Key.Key_Escape)
    hands.press(Key.Key_Up, ALT)
    hands.press(Key.Key_Return)
    assert "made already" in form.title.text()
    hands.press(Key.Key_Return, CTRL)
    again = hands.room.loaded().decisions[0]
    assert [ground.statement.text for ground in again.grounds] == ["Called twice"]
    assert again.on is not None


def test_an_entry_of_another_item_says_where_it_stands(hands: Hands) -> None:
    hands.enter("/decision D1 @robin 1 Two accounts agree")
    assert "Recorded under item 12, Decisions." in hands.item.line.said.text()


def test_away_from_its_item_a_decision_is_offered_for_the_child_that_has_none(hands: Hands) -> None:
    hands.enter("/decision D1 @robin 1 Two accounts agree")
    assert undecided(hands.screen.room)[0].child.first_name == "Wren"


def test_ctrl_e_leads_to_the_closing_page_from_a_field_too(hands: Hands) -> None:
    hands.enter("/decision D1 @robin 3")
    hands.press(Key.Key_E, CTRL)
    assert hands.screen.closing.isVisible()


def test_the_reason_for_leaving_something_open_is_given_by_keys_alone(hands: Hands) -> None:
    hands.press(Key.Key_E, CTRL)
    closing = hands.screen.closing
    waiting = len(closing._waiting())
    hands.press(Key.Key_Tab)
    hands.press(Key.Key_Tab)
    assert hands.focus is closing._reason.edit
    hands.type("They had to leave")
    assert len(closing._waiting()) == waiting - 1
    assert hands.screen.holds_text()


def test_why_a_meeting_is_not_concluded_yet_can_be_seen(hands: Hands, qtbot: QtBot) -> None:
    hands.press(Key.Key_E, CTRL)
    hands.press(Key.Key_Return, CTRL)
    closing = hands.screen.closing
    assert closing._said.text.startswith("Not yet")
    qtbot.waitUntil(lambda: not closing._said.visibleRegion().isEmpty())
