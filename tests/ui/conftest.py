"""A real store for the screens, with somebody who signs, and a clock that stands still until it is moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.services.opening import introduce, make_store
from app.services.retaining import choose_marking
from app.services.sitting import Sitting
from app.ui.kit.lane import Lane
from app.vault.passphrase import FLOOR

PASSPHRASE = "four plain words here"
BEGIN = datetime(2026, 12, 10, 10, 30, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """The time of a test; it passes a second whenever it is read, so that no two acts coincide."""

    at: datetime = BEGIN

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


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
