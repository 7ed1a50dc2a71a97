"""The page that shows who has done what with a case."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services import cases, exchange, noting
from app.services.sitting import Sitting
from app.ui.case.trail import TrailScreen
from app.ui.kit.lane import Lane
from tests.builders import Room, a_room
from tests.store.test_trail import by_hand


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path / "store") as made:
        yield made


def shown(qtbot: QtBot, sitting: Sitting, room: Room, lane: Lane) -> TrailScreen:
    screen = TrailScreen(sitting, room.case.id, lane)
    qtbot.addWidget(screen)
    screen.show()
    qtbot.waitUntil(screen._save.isEnabled, timeout=20_000)
    return screen


def rows(screen: TrailScreen) -> list[str]:
    return [screen.listing.item(row).text() for row in range(screen.listing.count())]


def test_it_shows_each_act_in_plain_words_the_newest_first(qtbot: QtBot, room: Room, lane: Lane) -> None:
    room.say("Casey Example", "A canary sang.")
    cases.look_at(room.sitting, room.case.id)
    screen = shown(qtbot, room.sitting, room, lane)
    found = rows(screen)
    assert "Ash Example: Looked at the case. [" in found[0]
    assert "Recorded what was said (CM-2026-0001). [" in found[1]
    assert "Opened the case. [" in found[-1]
    assert not any("canary" in row for row in found)
    assert "entries of the store holds." in screen._state.text()
    assert screen._count.text() == f"{len(found)} entries"
    assert screen.title() == "SAMPLE-1"


def test_the_keys_choose_what_is_shown_of_it(qtbot: QtBot, room: Room, lane: Lane) -> None:
    cases.look_at(room.sitting, room.case.id)
    content = exchange.export_meeting(room.sitting, room.meeting)
    noting.given_out(room.sitting, "record.exported", content, meeting=room.meeting)
    screen = shown(qtbot, room.sitting, room, lane)
    everything = rows(screen)
    for key, expected in ((1, "Looked at the case"), (3, "Gave out the record")):
        choice = screen._kinds.button(key)
        choice.setFocus()
        qtbot.keyClick(choice, Qt.Key.Key_Space)
        (only,) = rows(screen)
        assert expected in only
        assert screen._count.text() == f"1 entry of {len(everything)}"
    screen._kinds.button(2).click()
    assert len(rows(screen)) == len(everything) - 2


def test_a_broken_chain_is_said_before_anybody_relies_on_the_list(qtbot: QtBot, room: Room, lane: Lane) -> None:
    with room.sitting.store.connection() as connection:
        by_hand(connection, "UPDATE audit_entry SET head = replace(head, 'Ash', 'Eve') WHERE seq = 4")
    screen = shown(qtbot, room.sitting, room, lane)
    assert "changed at entry 4" in screen.said.text
    assert "ask your IT support" in screen.said.text


def test_saving_it_writes_a_text_file_and_is_itself_noted(qtbot: QtBot, room: Room, lane: Lane, tmp_path: Path) -> None:
    screen = shown(qtbot, room.sitting, room, lane)
    out = tmp_path / "trail.txt"
    screen.save_to(out)
    qtbot.waitUntil(lambda: screen.said.text == "Saved as trail.txt.", timeout=20_000)
    # four lines of what the list is, and the look at it
    assert out.read_text("utf-8").count("\n") == screen.listing.count() + 5
    again = shown(qtbot, room.sitting, room, lane)
    assert "Gave out this list as a file. [" in rows(again)[0]
    screen.save_to(tmp_path / "nowhere" / "trail.txt")
    qtbot.waitUntil(lambda: "could not be written" in screen.said.text, timeout=20_000)
