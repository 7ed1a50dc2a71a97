"""The minutes screen: what is shown is what is signed, and nothing is called signed before it is."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app.minutes import receipt
from app.models.base import sha256
from app.models.dissent import DissentKind
from app.models.meeting import State
from app.services import deciding, meetings, preview, receipts, sealing, verifying
from app.services.opening import introduce
from app.ui.kit.lane import Lane
from app.ui.minutes.presenter import file_name, grouped, standing
from app.ui.minutes.screen import MinutesScreen
from tests.builders import Room, a_room, trail

PATIENCE = 60_000


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with a_room(tmp_path / "store") as made:
        introduce(made.sitting, "Ash Example", "Team manager", "Example Council")
        made.say("Casey Example", "Called to the address twice")
        yield made


@pytest.fixture
def lane(qtbot: QtBot, room: Room) -> Iterator[Lane]:
    ground = QWidget()
    qtbot.addWidget(ground)
    worker = Lane(ground)
    yield worker
    worker.drain()


def minutes_of(qtbot: QtBot, room: Room, lane: Lane) -> MinutesScreen:
    screen = MinutesScreen(room.sitting, room.meeting, lane)
    qtbot.addWidget(screen)
    screen.resize(1200, 700)
    screen.show()
    qtbot.waitUntil(lambda: screen._where.text().startswith("Page 1 of"), timeout=PATIENCE)
    return screen


def said(screen: MinutesScreen) -> list[str]:
    """Return the text of each page of the PDF that the screen holds."""
    return [preview.page(screen._pdf, number, 0.1).text for number in range(1, preview.pages(screen._pdf) + 1)]


def test_the_minutes_of_an_open_meeting_are_a_draft_that_cannot_be_signed(qtbot: QtBot, room: Room, lane: Lane) -> None:
    screen = minutes_of(qtbot, room, lane)
    assert screen._state.text().startswith("A draft")
    assert not screen._sign.isEnabled()
    assert "Called to the address twice" in " ".join(" ".join(said(screen)).split())


def test_what_was_shown_is_what_is_signed(qtbot: QtBot, room: Room, lane: Lane, tmp_path: Path) -> None:
    room.settle()
    room.conclude()
    screen = minutes_of(qtbot, room, lane)
    shown = said(screen)
    assert screen._sign.isEnabled()
    screen._sign.click()
    assert "sealed" not in screen.said.text
    qtbot.waitUntil(lambda: "sealed" in screen.said.text, timeout=PATIENCE)
    assert room.loaded().state is State.SEALED
    assert said(screen) == shown
    screen.save_to(tmp_path / "minutes.pdf", screen._pdf)
    written = (tmp_path / "minutes.pdf").read_bytes()
    assert int(verifying.verify(written, [sealing.authority(room.sitting)]).code) == 0
    assert grouped(standing(room.sitting, room.meeting).sealed.fingerprint) in screen._verify.text()
    qtbot.waitUntil(lambda: screen.pages.sheet.picture.pixmap().width() > 0, timeout=PATIENCE)


def test_the_record_of_legal_advice_is_not_given_out_and_its_pages_say_so(qtbot: QtBot, room: Room, lane: Lane) -> None:
    advice = meetings.prepare(
        room.sitting, room.case.id, "legal_planning", [room.child.id], planned_at=room.clock.at
    )  # fmt: skip
    room.meeting = advice.id
    screen = minutes_of(qtbot, room, lane)
    assert "Legal advice: not to leave the authority" in " ".join(said(screen)[0].split())
    screen._save_record.click()
    assert "never leaves the authority" in screen.said.text


def test_a_record_that_changed_after_it_was_shown_is_not_signed(qtbot: QtBot, room: Room, lane: Lane) -> None:
    room.settle()
    screen = minutes_of(qtbot, room, lane)
    room.conclude()
    screen._standing = standing(room.sitting, room.meeting)
    screen._allow()
    screen._sign.click()
    qtbot.waitUntil(lambda: not screen.said.text.startswith("Signing"), timeout=PATIENCE)
    assert "sealed" not in screen.said.text
    assert room.loaded().state is State.CONCLUDED


def test_pages_turn_grow_and_can_be_read_as_text(qtbot: QtBot, room: Room, lane: Lane) -> None:
    screen = minutes_of(qtbot, room, lane)
    width = screen.pages.sheet.picture.pixmap().width()
    screen.pages.turn(1)
    qtbot.waitUntil(lambda: screen._where.text().startswith("Page 2 of"), timeout=PATIENCE)
    screen.pages.zoom(1)
    qtbot.waitUntil(lambda: screen.pages.sheet.picture.pixmap().width() > width, timeout=PATIENCE)
    screen._text.setChecked(True)
    assert screen.pages.text.isVisible()
    assert screen.pages.text.toPlainText().strip()


def test_what_is_unusual_in_the_record_is_said_before_signing(room: Room) -> None:
    room.leave("Casey Example")
    room.decide("D2", "joint")
    words = " ".join(standing(room.sitting, room.meeting).warnings)
    assert "1 decision made without a quorum" in words
    assert "was not read aloud" in words


def test_each_dissenter_can_be_given_a_receipt_and_the_trail_says_so(
    qtbot: QtBot, room: Room, lane: Lane, tmp_path: Path
) -> None:
    for name in ("Casey Example", "Drew Example"):
        person = room.people[name].id
        deciding.record_dissent(
            room.sitting, room.meeting, "dissent", person, DissentKind.DISSENT, f"{name} dissents.", question_id="D1"
        )
    screen = minutes_of(qtbot, room, lane)
    words = [control.text() for control in screen._receipts.buttons]
    assert words == [f"Save a receipt for {name} as…" for name in ("Casey Example", "Drew Example")]
    offered = []

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        offered.append(Path(dialog.selectedFiles()[0]).name)
        dialog.selectFile(str(tmp_path / "receipt.json"))
        dialog.accept()

    QTimer.singleShot(0, choose)
    screen._receipts.buttons[1].click()
    assert screen.said.text == "Saved as receipt.json."
    content = (tmp_path / "receipt.json").read_bytes()
    assert receipt.read(content).words == "Drew Example dissents."
    assert [name.endswith("-receipt-2.json") and "Drew" not in name for name in offered] == [True]
    last = trail(room.sitting.store)[-1]
    assert last.kind == receipts.GIVEN
    assert json.loads(last.payload)["told"]["sha256"] == sha256(content)


def test_a_file_that_cannot_be_written_is_said_in_one_sentence(
    qtbot: QtBot, room: Room, lane: Lane, tmp_path: Path
) -> None:
    screen = minutes_of(qtbot, room, lane)
    screen.save_to(tmp_path / "gone" / "minutes.pdf", screen._pdf)
    assert "could not be written" in screen.said.text


@pytest.mark.parametrize(
    ("reference", "name"),
    [("NM-2026-0114", "NM-2026-0114.pdf"), ("../../etc", "etc.pdf"), ("a/b\\c:d", "a-b-c-d.pdf"), ("", "minutes.pdf")],
)
def test_the_name_offered_for_a_file_is_the_reference_and_safe_everywhere(reference: str, name: str) -> None:
    assert file_name(reference, ".pdf") == name
