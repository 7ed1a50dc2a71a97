"""A real store for the screens, with somebody who signs, and a clock that stands still until it is moved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.services.opening import introduce, make_store
from app.services.retaining import choose_marking
from app.services.sitting import Sitting
from app.ui.kit.lane import Lane
from app.ui.shell.window import MainWindow
from app.vault.passphrase import FLOOR
from tests.builders import Clock
from tests.ui.unlocking import a_store

PASSPHRASE = "four plain words here"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def empty_store(tmp_path: Path, clock: Clock) -> Iterator[Sitting]:
    """Give a sitting at a new store in which nobody signs yet."""
    made = make_store(tmp_path / "store", PASSPHRASE, clock, recovery=False, kdf=FLOOR)
    yield made.sitting
    made.sitting.close()


@pytest.fixture
def sitting(empty_store: Sitting) -> Sitting:
    """Give a sitting at a new store where Kate Marsh, a team manager, signs."""
    introduce(empty_store, "Kate Marsh", "Team manager", "Riverbank Children's Services")
    choose_marking(empty_store, "OFFICIAL-SENSITIVE")
    return empty_store


@pytest.fixture
def lane(qtbot: QtBot) -> Iterator[Lane]:
    """Give the worker, with nothing left to do when the test ends."""
    ground = QWidget()
    qtbot.addWidget(ground)
    worker = Lane(ground)
    yield worker
    worker.drain()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """Give the window with nothing in it; it closes with nothing left to ask."""
    made = MainWindow()
    qtbot.addWidget(made)
    yield made
    made.holds_words = bool
    made.close()


@pytest.fixture
def signed_store(tmp_path: Path, clock: Clock) -> Path:
    """Give the folder of a closed store in which somebody signs."""
    folder = tmp_path / "store"
    a_store(folder, clock).close()
    return folder
