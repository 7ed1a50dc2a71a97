"""The page that searches everything that was written, by keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.ui.kit.lane import Lane
from app.ui.search.screen import SearchScreen
from tests.builders import Room, a_room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path / "store") as made:
        yield made


def shown(qtbot: QtBot, room: Room, lane: Lane) -> SearchScreen:
    screen = SearchScreen(room.sitting, lane)
    qtbot.addWidget(screen)
    with qtbot.waitActive(screen):
        screen.show()
        screen.activateWindow()
    screen.focus_home()
    return screen


def look_for(qtbot: QtBot, screen: SearchScreen, words: str) -> None:
    screen.words.line.clear()
    qtbot.keyClicks(screen.words.line, words)
    qtbot.keyClick(screen.words.line, Qt.Key.Key_Return)
    qtbot.waitUntil(screen._search.isEnabled)


def test_return_searches_and_return_on_a_row_opens_its_meeting(qtbot: QtBot, room: Room, lane: Lane) -> None:
    room.say("Casey Example", "Bruising on the left arm.", restricted=True)
    screen = shown(qtbot, room, lane)
    look_for(qtbot, screen, "bruis")
    assert screen.said.text == "1 record holds these words, the newest first."
    assert screen.listing.item(0).text() == (
        f"Statement, Casey Example (restricted), 10 December 2026, {room.case.reference}, {room.loaded().reference}: "
        "Bruising on the left arm."
    )
    assert screen.listing.hasFocus()
    with qtbot.waitSignal(screen.meeting_wanted) as told:
        qtbot.keyClick(screen.listing, Qt.Key.Key_Return)
    assert told.args == [room.meeting]


def test_a_meeting_that_is_over_opens_as_its_minutes(qtbot: QtBot, room: Room, lane: Lane) -> None:
    room.say("Casey Example", "Bruising on the left arm.")
    room.settle()
    room.conclude()
    screen = shown(qtbot, room, lane)
    look_for(qtbot, screen, "bruis")
    with qtbot.waitSignal(screen.minutes_wanted) as told:
        qtbot.keyClick(screen.listing, Qt.Key.Key_Return)
    assert told.args == [room.meeting]


def test_what_is_of_no_meeting_opens_its_case(qtbot: QtBot, room: Room, lane: Lane) -> None:
    screen = shown(qtbot, room, lane)
    look_for(qtbot, screen, room.child.name)
    with qtbot.waitSignal(screen.case_wanted) as told:
        qtbot.keyClick(screen.listing, Qt.Key.Key_Return)
    assert told.args == [room.case.id]


def test_where_nothing_is_found_the_page_says_what_to_try_and_the_words_stay(
    qtbot: QtBot, room: Room, lane: Lane
) -> None:
    screen = shown(qtbot, room, lane)
    look_for(qtbot, screen, "zyzzogeton")
    assert screen.said.text.startswith("Nothing that was written holds all these words. Try fewer of them")
    assert (screen.words.text, screen.words.line.hasFocus(), screen._list.isHidden()) == ("zyzzogeton", True, True)


def test_a_search_for_nothing_is_answered_beside_the_line(qtbot: QtBot, room: Room, lane: Lane) -> None:
    screen = shown(qtbot, room, lane)
    look_for(qtbot, screen, "?!")
    assert screen.words.said == "Type at least one word or number to look for."


def test_the_window_is_not_called_after_what_is_looked_for(qtbot: QtBot, room: Room, lane: Lane) -> None:
    screen = shown(qtbot, room, lane)
    look_for(qtbot, screen, "bruis")
    assert screen.title() == "Find"


def test_esc_leaves(qtbot: QtBot, room: Room, lane: Lane) -> None:
    screen = shown(qtbot, room, lane)
    with qtbot.waitSignal(screen.left):
        qtbot.keyClick(screen.words.line, Qt.Key.Key_Escape)
