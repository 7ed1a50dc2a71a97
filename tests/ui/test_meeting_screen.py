"""The meeting workspace, worked by keys: what is typed is recorded, shown, and never lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.models.gap import GapState
from app.models.meeting import State
from app.models.statement import Kind
from app.services import table
from app.ui.kit.lane import Lane
from app.ui.meeting.presenter import to_mend
from app.ui.meeting.screen import MeetingScreen
from tests.builders import Room, a_room

Key, Held = Qt.Key, Qt.KeyboardModifier
CTRL, ALT = Held.ControlModifier, Held.AltModifier


class Person:
    """Somebody at the keyboard: keys go to whatever has the focus."""

    def __init__(self, screen: MeetingScreen, room: Room) -> None:
        self.screen, self.room = screen, room

    @property
    def focus(self):
        focus = QApplication.focusWidget()
        assert focus is not None, "the focus was lost"
        return focus

    def type(self, text: str) -> None:
        for character in text:
            QTest.keyClicks(self.focus, character)

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Held.NoModifier) -> None:
        QTest.keyClick(self.focus, key, held)

    def enter(self, text: str) -> None:
        self.type(text)
        self.press(Key.Key_Return)

    def save(self) -> None:
        self.press(Key.Key_Return, CTRL)

    @property
    def line(self):
        return self.screen.desk.item.line

    @property
    def at_home(self) -> bool:
        return self.focus is self.line.edit

    @property
    def said(self) -> str:
        return self.line.said.text()

    @property
    def rows(self) -> list[str]:
        return [row.text for row in self.screen.desk.item.stream.line_rows.rows]

    @property
    def top(self) -> str:
        return self.screen.desk.top._quorum.text()


def at_the_desk(qtbot: QtBot, room: Room) -> Person:
    lane = Lane()
    screen = MeetingScreen(room.sitting, room.meeting, lane)
    lane.setParent(screen)
    qtbot.addWidget(screen)
    screen.resize(1300, 800)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    screen.focus_home()
    return Person(screen, room)


@pytest.fixture
def person(qtbot: QtBot, tmp_path: Path) -> Iterator[Person]:
    with a_room(tmp_path / "store", children=2) as room:
        yield at_the_desk(qtbot, room)


def test_a_line_is_recorded_as_what_the_current_speaker_said(person: Person) -> None:
    person.press(Key.Key_3, CTRL)
    person.enter("Called to the address twice in October")
    said = person.room.loaded().statements[0]
    assert (said.speaker.name, said.text, said.kind, said.item_id) == (
        "Casey Example", "Called to the address twice in October", Kind.FACT, "open",
    )  # fmt: skip
    assert person.at_home
    assert person.line.text == ""
    assert "Police  fact  Called to the address" in person.rows[0]
    assert person.screen.desk.top._saved.text().startswith("Saved 10:3")


def test_the_speaker_stays_and_the_kind_does_not(person: Person) -> None:
    person.enter("ce>One")
    person.enter("/opinion Two")
    person.enter("Three")
    said = person.room.loaded().statements
    assert [s.speaker.name for s in said] == ["Casey Example"] * 3
    assert [s.kind for s in said] == [Kind.FACT, Kind.OPINION, Kind.FACT]


def test_initials_at_the_start_change_the_name_before_the_line(person: Person) -> None:
    person.type("de>")
    assert person.line.text == ""
    assert person.line._who.text() == "Community health >"


def test_a_refused_line_stays_with_a_sentence_beside_it(person: Person) -> None:
    person.enter("/action Visit @police 31 feb")
    assert person.line.text == "/action Visit @police 31 feb"
    assert "31 feb" in person.said
    assert person.room.loaded().actions == []
    assert person.at_home


def test_taking_a_command_from_the_list_leaves_its_name_in_the_line(person: Person) -> None:
    person.type("/ga")
    assert person.line._list.isVisible()
    person.press(Key.Key_Return)
    assert person.line.text == "/gap "
    person.enter("Who was there? @health 11 dec")
    gap = person.room.loaded().gaps[0]
    assert (gap.question, gap.agency.sector, gap.state) == ("Who was there?", "health_community", GapState.ASKED)


def test_restricted_words_are_marked_in_words(person: Person) -> None:
    person.enter("/restricted An informant named the street")
    assert person.room.loaded().statements[0].restricted
    assert "RESTRICTED" in person.rows[0]
    assert person.screen.desk.top._marking.text() == "Restricted"


def test_leaving_loses_the_quorum_and_it_says_so_first(person: Person) -> None:
    assert person.top.startswith("Quorate")
    person.enter("/left police")
    assert person.top.startswith("NOT QUORATE: Police left 10:3")
    person.enter("/arrived police")
    assert person.top.startswith("Quorate")


def test_somebody_who_was_not_on_the_list_joins_with_a_number(person: Person) -> None:
    person.enter("/join Jo Sample @school")
    seat = person.room.loaded().attendances[-1]
    assert (seat.name, seat.agency.sector, seat.here is not None) == ("Jo Sample", "education", True)
    assert "number 5" in person.said
    person.press(Key.Key_5, CTRL)
    assert person.line._who.text() == "School >"


def test_who_stands_in_takes_the_place_of_who_leaves(person: Person) -> None:
    person.enter("/substitute police Jo Sample")
    meeting = person.room.loaded()
    assert meeting.attendances[-1].substitute_for.name == "Casey Example"
    assert [a.here is not None for a in meeting.attendances] == [True, True, False, True, True]
    assert person.top.startswith("Quorate")


def test_a_button_at_the_round_table_leaves_what_is_typed_alone(person: Person) -> None:
    person.type("half a sentence")
    person.screen.desk.table.list.choose(2)
    person.screen.desk.table._left.click()
    assert person.room.loaded().attendances[2].here is None
    assert person.line.text == "half a sentence"
    assert person.screen.holds_text()


def test_pasted_words_that_end_like_a_name_are_kept(person: Person) -> None:
    person.line.put("ce: he said so>")
    assert person.line.text == "ce: he said so>"


def test_undo_takes_back_the_last_act_and_says_which(person: Person) -> None:
    person.enter("ce>Too soon")
    person.press(Key.Key_Z, CTRL)
    assert person.room.loaded().statements == []
    assert person.rows == []
    assert person.said == "Taken back: the statement."
    person.press(Key.Key_Z, CTRL | Held.ShiftModifier)
    assert [s.text for s in person.room.loaded().statements] == ["Too soon"]


def test_undo_is_for_the_text_while_something_is_typed(person: Person) -> None:
    person.enter("Kept")
    person.type("half a sen")
    person.press(Key.Key_Z, CTRL)
    assert [s.text for s in person.room.loaded().statements] == ["Kept"]


def test_an_item_is_opened_by_number_and_by_going_on(person: Person) -> None:
    person.enter("/item 5")
    assert person.screen.desk.item._title.text() == "5  Agency information"
    person.press(Key.Key_Return, CTRL)
    assert person.room.loaded().current_item == "household"
    done = {v.item_id: v.done for v in person.room.loaded().visits}
    assert (done["agencies"], done["open"]) == (True, False)
    person.press(Key.Key_Left, ALT)
    assert person.room.loaded().current_item == "agencies"
    assert person.at_home


def test_an_answer_stands_beside_its_question(person: Person) -> None:
    person.enter("/2 Yes, all three are here")
    asked = [row.text for row in person.screen.desk.item.asks.line_rows.rows]
    assert any(text.startswith("2  ") and text.endswith("Yes, all three are here") for text in asked)


def test_a_question_of_each_child_asks_for_the_child(person: Person) -> None:
    person.enter("/item 4")
    person.enter("/1 With the aunt")
    assert "@Robin or @Wren" in person.said
    person.type(" @robin")
    person.press(Key.Key_Return)
    assert person.room.loaded().answers[0].child.first_name == "Robin"


def test_views_are_taken_one_after_the_other_until_none_is_missing(person: Person) -> None:
    person.enter("/item 11")
    person.enter("/v")
    for _ in range(6):
        person.type("1")
        person.type("Two accounts agree")
        person.save()
    assert len(person.room.loaded().views) == 6
    assert person.at_home
    assert "3 of 3" in person.screen.desk.table._views.text()


def test_a_view_can_be_typed_in_one_line(person: Person) -> None:
    person.enter("/view @police @Wren not met No crime is recorded")
    view = person.room.loaded().views[0]
    assert (view.agency.sector, view.child.first_name, view.option, view.reason) == (
        "police", "Wren", "not_met", "No crime is recorded",
    )  # fmt: skip


def test_the_next_decision_is_offered_and_asks_for_what_its_option_needs(person: Person) -> None:
    person.enter("/item 12")
    person.enter("/de")
    form = person.screen.desk.item.forms._decision
    person.type("3")
    assert form._on.isVisible()
    person.type("14 Dec")
    person.press(Key.Key_Tab)
    person.type("The check is outstanding")
    person.save()
    made = person.room.loaded().decisions[0]
    assert (made.question_id, made.option, made.on.isoformat()) == ("D1", "insufficient", "2026-12-14")
    assert form._child.box.currentText() == "Wren"


def test_departing_from_most_agencies_asks_the_chair_why(person: Person) -> None:
    for name in ("Casey Example", "Drew Example", "Blair Example"):
        person.room.view(name, "met")
    person.screen.room.reload()
    person.enter("/item 12")
    person.enter("/decision D1 2 The marks are old")
    form = person.screen.desk.item.forms._decision
    assert form._departure.isVisible()
    assert "advisory" in form._tally.text()
    person.save()
    assert "depart" in form.said.text
    assert person.room.loaded().decisions == []
    form._departure.edit.setFocus()
    person.type("A doctor has seen them")
    person.save()
    assert person.room.loaded().decisions[0].departure == "A doctor has seen them"


def test_a_decision_without_a_quorum_is_called_provisional(person: Person) -> None:
    person.enter("/left police")
    person.enter("/decision D2 1 It cannot wait")
    assert "Provisional - inquorate" in person.said
    assert not person.room.loaded().decisions[0].quorate


def test_a_dissent_is_read_back_in_the_persons_own_words(person: Person) -> None:
    person.press(Key.Key_3, CTRL)
    person.enter("/dissent I do not agree that this can wait")
    person.save()
    assert "[not read back yet]" in person.rows[0]
    person.save()
    dissent = person.room.loaded().dissents[0]
    assert (dissent.dissenter.name, dissent.words) == ("Casey Example", "I do not agree that this can wait")
    assert dissent.read_back_at is not None
    assert person.at_home


def test_escape_puts_a_form_away_and_keeps_what_was_typed(person: Person) -> None:
    person.press(Key.Key_3, CTRL)
    person.enter("/reservation")
    person.type("It is too soon")
    person.press(Key.Key_Escape)
    assert person.at_home
    assert person.room.loaded().dissents == []
    person.enter("/reservation")
    assert person.screen.desk.item.forms._dissent._words.text == "It is too soon"


def test_speaker_and_kind_of_an_entry_are_mended_in_two_key_strokes(person: Person) -> None:
    person.enter("ce>It was Tuesday")
    person.press(Key.Key_Up, ALT)
    person.press(Key.Key_4, CTRL)
    assert person.room.loaded().statements[0].speaker.name == "Drew Example"
    person.press(Key.Key_O)
    assert person.room.loaded().statements[0].kind is Kind.OBSERVATION
    assert "Community health  observation" in person.rows[0]
    person.press(Key.Key_Return)
    person.press(Key.Key_A, CTRL)
    person.type("It was Monday")
    person.save()
    said = person.room.loaded().statements[0]
    assert (said.text, said.wordings) == ("It was Monday", 2)


def test_the_pack_says_where_an_item_comes_from(person: Person) -> None:
    person.press(Key.Key_F1)
    words = person.screen.desk.item.origin.text
    assert "Reviewed" in words
    assert "Where this comes from" in words


def test_f6_goes_through_the_three_panes_and_escape_comes_home(person: Person) -> None:
    desk = person.screen.desk
    seen = []
    for _ in range(3):
        person.press(Key.Key_F6)
        seen.append(person.focus)
    assert seen == [desk.table.list, desk.agenda.list, desk.item.line.edit]
    person.press(Key.Key_F6)
    person.press(Key.Key_Escape)
    assert person.at_home


def test_a_narrow_window_shows_one_pane_at_a_time(person: Person, qtbot: QtBot) -> None:
    person.screen.resize(680, 380)
    qtbot.waitUntil(lambda: not person.screen.desk.table.isVisible())
    person.press(Key.Key_F6)
    assert person.screen.desk.table.isVisible()
    assert not person.screen.desk.item.isVisible()
    person.press(Key.Key_Escape)
    assert person.at_home


def test_adjourning_stops_the_recording_until_it_is_resumed(person: Person) -> None:
    person.screen.keys.pressed.emit("adjourn")
    assert person.room.loaded().state is State.ADJOURNED
    assert not person.line.isEnabled()
    person.press(Key.Key_Return)
    assert person.room.loaded().state is State.IN_SESSION
    assert person.at_home


def test_a_meeting_that_has_not_started_starts_with_everybody_invited(qtbot: QtBot, tmp_path: Path) -> None:
    with a_room(tmp_path / "store", started=False) as room:
        person = at_the_desk(qtbot, room)
        person.press(Key.Key_Return)
        assert room.loaded().state is State.IN_SESSION
        assert person.top.startswith("Quorate")
        assert person.at_home


def test_it_takes_up_the_meeting_at_the_item_where_it_was(qtbot: QtBot, tmp_path: Path) -> None:
    with a_room(tmp_path / "store") as room:
        at_the_desk(qtbot, room).enter("/item 7")
        again = at_the_desk(qtbot, room)
        assert again.screen.desk.item._title.text().startswith("7  ")
        assert again.screen.title() == room.loaded().reference


def test_the_last_item_of_the_agenda_says_how_much_is_to_mend_and_follows_it(qtbot: QtBot, person: Person) -> None:
    rows = person.screen.desk.agenda.list.line_rows

    def last() -> str:
        return str(rows.data(rows.index(rows.rowCount() - 1, 0)))

    qtbot.waitUntil(lambda: last().endswith(f", {to_mend(person.screen.room)}"))
    before = last()
    person.enter("/gap Who saw the child last?")
    qtbot.waitUntil(lambda: last() != before)
    assert last().endswith(f", {to_mend(person.screen.room)}")


def test_the_closing_page_leads_to_each_thing_that_is_to_mend(person: Person) -> None:
    person.press(Key.Key_E, CTRL)
    closing = person.screen.closing
    assert "to mend" in closing._count.text()
    assert not closing._conclude.isEnabled()
    first = closing._findings[0]
    person.press(Key.Key_Return)
    assert first.rule == "every-agency-heard"
    assert person.screen.desk.item.forms.isVisible()
    assert person.room.loaded().current_item == "threshold"


def test_a_settled_meeting_is_concluded_and_the_minutes_follow(person: Person, qtbot: QtBot) -> None:
    person.room.settle()
    person.screen.room.reload()
    person.press(Key.Key_E, CTRL)
    dates = person.screen.closing._dates
    assert "5 January 2027" in " ".join(dates.item(row).text() for row in range(dates.count()))
    with qtbot.waitSignal(person.screen.minutes_wanted) as wanted:
        person.save()
    assert wanted.args == [person.room.meeting]
    assert person.room.loaded().state is State.CONCLUDED


def test_what_is_left_open_needs_the_chairs_reason_for_each(person: Person, qtbot: QtBot) -> None:
    person.press(Key.Key_E, CTRL)
    closing = person.screen.closing
    person.save()
    assert person.room.loaded().state is State.IN_SESSION
    while closing._waiting():
        row = next(place for place, one in enumerate(closing._findings) if one in closing._waiting())
        closing._list.setCurrentRow(row)
        closing._reason.edit.setFocus()
        person.type("It could not be had today")
        closing._all.click()
    with qtbot.waitSignal(person.screen.minutes_wanted):
        closing._conclude.click()
    assert len(person.room.loaded().clearances) == len(closing._findings)


def test_what_a_person_cannot_see_is_in_the_names_of_things(person: Person) -> None:
    person.press(Key.Key_3, CTRL)
    name = QAccessible.queryAccessibleInterface(person.line.edit).text(QAccessible.Text.Name)
    assert name == "Entry line, Police"
    rows = [row.text for row in person.screen.desk.table.list.line_rows.rows]
    assert rows[3] == "4  Community health, Drew Example: not heard on this item, here since 10:30"
    table.leave(person.room.sitting, person.room.people["Drew Example"].id)


MENUS = set("fmvh")


@pytest.mark.parametrize("typed", ["", "/gap", "/action", "/view", "/decision", "/dissent"])
def test_no_two_things_on_the_screen_share_a_letter(person: Person, typed: str) -> None:
    if typed:
        person.enter(typed + " ")
    everything = [*person.screen.findChildren(QAbstractButton), *person.screen.findChildren(QLabel)]
    named = [w for w in everything if w.isVisible() and (isinstance(w, QAbstractButton) or w.buddy() is not None)]
    texts = [w.text().replace("&&", "") for w in named]
    letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
    assert len(letters) == len(set(letters)), sorted(texts)
    assert not MENUS & set(letters), sorted(texts)


@pytest.mark.parametrize(
    "text", ["<b>bold</b> &amp; {x} $y %1", "=1+1", "../../etc/passwd", "\u202emirrored", "a\u200bb"]
)
def test_hostile_words_are_recorded_and_shown_as_they_are(person: Person, text: str) -> None:
    person.line.put(text)
    person.press(Key.Key_Return)
    assert person.room.loaded().statements[0].text == text
    assert text in person.rows[0]


def test_text_beyond_the_longest_is_refused_and_stays(person: Person) -> None:
    person.line.put("x" * 20_001)
    person.press(Key.Key_Return)
    assert len(person.line.text) == 20_001
    assert person.said
    assert person.room.loaded().statements == []
