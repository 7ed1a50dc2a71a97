"""The real window, locked: the program that knew the key is gone, and the meeting goes on where it was."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.services.meetings import find, load
from app.services.opening import introduce, make_store, open_store
from app.services.setting_up import Plan, PlannedChild, PlannedPerson, set_up
from app.services.sitting import Sitting
from app.ui.shell.start import ALREADY_OPEN
from app.vault import keys as vault_keys
from tests.journeys.screen import LOOK, PATIENCE, Program, has_succeeded, until
from tests.journeys.strokes import Words, keys, line

pytestmark = pytest.mark.window

PASSPHRASE = "seven lamps along the quiet river"
SAID = "Wattlebirds were heard before the door opened."
HALF = "Numbats came to the step and th"
LOCKED_WITHIN = 1.0  # seconds


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The folder of a closed store in which somebody signs, with one meeting in session."""
    folder = tmp_path / "home" / "store"
    sitting = make_store(folder, PASSPHRASE, now, recovery=False).sitting
    introduce(sitting, "Kate Marsh", "Team manager", "")
    people = [PlannedPerson("Sam Okafor", "police", role="ds")]
    set_up(sitting, Plan(sitting.pack.meeting_types[0].id, "NM-1", [PlannedChild("Robin Sample")], people), begin=True)
    sitting.close()
    return folder


def in_memory(process: int, words: Mapping[str, bytes]) -> dict[str, int]:
    """Return how often each word lies in the memory of a process, by its name, whichever way it is spelt."""
    spelt = [
        (name, spelling)
        for name, word in words.items()
        for spelling in (
            (word, word.hex().encode(), word.hex().upper().encode())
            if name == "key"
            else (word, word.decode().encode("utf-16-le"))
        )
    ]
    # the program keeps other programs of this person out of its memory; only the administrator gets in
    allowed = [] if os.geteuid() == 0 else ["sudo", "-n"]
    counted = subprocess.run(
        [*allowed, sys.executable, str(Path(__file__).with_name("memory.py")), str(process)], check=True,
        input="\n".join(spelling.hex() for _, spelling in spelt), capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    found = dict.fromkeys(words, 0)
    for (name, _), number in zip(spelt, counted, strict=True):
        found[name] += int(number)
    return found


def go_in(window: Program, title: str) -> None:
    window.wait("^Locked")
    window.press(*line(PASSPHRASE))
    window.wait(title)


def statements(store: Path, reference: str) -> list[str]:
    sitting: Sitting = open_store(store, PASSPHRASE, now)
    meeting = load(sitting, find(sitting, reference))
    found = [statement.text for statement in meeting.statements]
    sitting.close()
    return found


def test_a_lock_ends_the_program_that_knew_the_key_and_the_half_typed_line_waits(store, screen):
    words = {
        "passphrase": PASSPHRASE.encode(), "key": vault_keys.unlock(store, PASSPHRASE), "said": SAID.encode(),
        "half": HALF.encode(),
    }  # fmt: skip
    with Program(screen, store) as window:
        go_in(window, "^Home")
        window.press(keys("Return"))
        reference = window.wait(r"^[A-Z]+-\d{4}-\d+").removesuffix(" - Chairside")
        window.press(*line(SAID), Words(HALF))
        until(lambda: in_memory(window.process, words)["half"] > 0, "the half typed line in memory")
        open_memory = in_memory(window.process, words)
        begin = time.monotonic()
        window.press(keys("ctrl+l"))
        until(lambda: has_succeeded(window.process), "a successor", look=LOOK / 5)
        taken = time.monotonic() - begin
        window.wait("^Locked")
        locked_memory = in_memory(window.process, words)
        children = screen.ask("ps", "-o", "pid=", "--ppid", str(window.process))
        go_in(window, f"^{reference}")
        window.press(keys("Return"))
        window.press(keys("ctrl+l"))
        go_in(window, f"^{reference}")
        window.press(keys("ctrl+q"))
        assert window.ended() == 0

    # the passphrase may be written over already; what shows that the search finds things is the rest
    assert all(open_memory[name] for name in ("key", "said", "half")), open_memory
    assert locked_memory == dict.fromkeys(words, 0)
    assert taken <= LOCKED_WITHIN
    assert not children
    assert statements(store, reference) == [SAID, HALF]


def test_a_power_cut_takes_at_most_the_last_two_seconds_of_a_half_typed_line(store, screen):
    with Program(screen, store) as window:
        go_in(window, "^Home")
        window.press(keys("Return"))
        reference = window.wait(r"^[A-Z]+-\d{4}-\d+").removesuffix(" - Chairside")
        before = (store / "vault.db").stat().st_mtime_ns
        window.press(Words(HALF))
        until(lambda: (store / "vault.db").stat().st_mtime_ns != before, "the line being kept")
        time.sleep(2.5)  # what is being shown is that two seconds are enough
        window.kill()
    with Program(screen, store) as window:
        go_in(window, f"^{reference}")
        window.press(keys("Return"))
        window.press(keys("ctrl+q"))
        assert window.ended() == 0

    assert statements(store, reference) == [HALF]


def test_a_second_window_says_so_within_two_seconds_and_brings_the_first_to_the_front(store, screen):
    with Program(screen, store) as first:
        first.wait("^Locked")
        with Program(screen, store.parent / "another") as other:
            other.wait("^First start")
            begin = time.monotonic()
            second = subprocess.run(
                [sys.executable, "-m", "app", "--store", str(store)], env=screen.environment, capture_output=True,
                text=True, timeout=PATIENCE, check=False,
            )  # fmt: skip
            taken = time.monotonic() - begin
            other.wait("^Locked")

    assert (second.returncode, second.stderr) == (1, f"{ALREADY_OPEN}\n")
    assert taken <= 2
