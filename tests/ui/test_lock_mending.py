"""A store too damaged to be opened is mended from the lock screen, by whoever has the secret."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.services import cases, rotating
from app.ui.kit.lane import Lane
from app.ui.lock.screen import LockScreen
from tests.builders import Clock
from tests.ui.unlocking import PASSPHRASE, SLOW, a_store


@pytest.fixture
def damaged(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a store with one case and a checked backup, of which nothing can be read any more."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "store"
    sitting = a_store(folder, clock)
    cases.open_case(sitting, "NM-2026-0114")
    assert not rotating.back_up_now(sitting)
    sitting.close()
    (folder / "vault.db").write_bytes(bytes(8192))
    return folder


def enter(qtbot: QtBot, screen: LockScreen, phrase: str) -> None:
    screen._passphrase.empty()
    qtbot.keyClicks(screen._passphrase.line, phrase)
    qtbot.keyClick(screen._passphrase.line, Qt.Key.Key_Return)


def test_a_damaged_store_is_brought_back_from_the_lock_screen(
    qtbot: QtBot, damaged: Path, lane: Lane, clock: Clock
) -> None:
    screen = LockScreen(damaged, clock, lane)
    qtbot.addWidget(screen)
    screen.show()
    assert screen.mending.isHidden()
    enter(qtbot, screen, PASSPHRASE)
    qtbot.waitUntil(screen.mending.isVisible, timeout=SLOW)
    screen._passphrase.empty()
    screen.mending._do.click()
    assert screen._passphrase.said
    qtbot.keyClicks(screen._passphrase.line, "not the right words")
    screen.mending._do.click()
    qtbot.waitUntil(lambda: screen._open.isEnabled() and bool(screen._passphrase.said), timeout=SLOW)
    assert (damaged / "vault.db").read_bytes() == bytes(8192)
    screen._passphrase.empty()
    qtbot.keyClicks(screen._passphrase.line, PASSPHRASE)
    with qtbot.waitSignal(screen.mending.mended, timeout=SLOW):
        screen.mending._do.click()
    assert screen._saying.text
    assert screen.mending.isHidden()
    with qtbot.waitSignal(screen.opened, timeout=SLOW) as opened:
        enter(qtbot, screen, PASSPHRASE)

    sitting = opened.args[0]
    assert [case.reference for case in cases.list_cases(sitting)] == ["NM-2026-0114"]
    sitting.close()


def test_a_wrong_passphrase_is_no_damage(qtbot: QtBot, damaged: Path, lane: Lane, clock: Clock) -> None:
    screen = LockScreen(damaged, clock, lane)
    qtbot.addWidget(screen)
    screen.show()
    enter(qtbot, screen, "not the right words")
    qtbot.waitUntil(lambda: bool(screen._passphrase.said), timeout=SLOW)
    lane.drain()

    assert screen.mending.isHidden()
