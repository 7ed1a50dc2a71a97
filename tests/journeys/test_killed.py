"""Killed at any moment, nothing that was shown as saved is missing, and the meeting goes on where it was."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.models.meeting import State
from app.services import meetings
from app.services.sitting import Sitting
from app.store.checking import findings
from app.store.store import FILE, Store
from tests.builders import KEY, START, Clock, a_room, counting, national_files, national_pack
from tests.journeys.opener import asked, in_plain

# For each line it reads, a child types from that number on, and says each time what it was told is saved. The full
# stop is the last thing written: a line without one was cut off, and shown to nobody.
TYPISTS = """
import os, pathlib, sys
from datetime import UTC, datetime
from uuid import UUID
from app.services import entries, meetings
from app.services.sitting import Sitting
from app.store.store import Store
from tests.builders import KEY, Clock, national_files, national_pack

pack, files, meeting = national_pack(), dict(national_files()), UUID(sys.argv[2])

def type_on(begin):
    store = Store.open(pathlib.Path(sys.argv[1]), KEY)
    sitting = Sitting(store, pack, files, "Ash", Clock(datetime.now(UTC)), os.urandom)
    print(f"ready {os.getpid()}.", flush=True)
    for number in range(begin, begin + 100_000):
        if number % 7 == 0:
            item = ("agencies", "household", "voice")[number // 7 % 3]
            meetings.open_item(sitting, meeting, item)
            print(f"item {item}.", flush=True)
        entries.record_statement(sitting, meeting, "agencies", f"Statement {number}.")
        print(f"saved {number}.", flush=True)

for line in sys.stdin:
    child = os.fork()
    if not child:
        type_on(int(line))
    os.waitpid(child, 0)
    print("\\ndead.", flush=True)
"""


def killed(typists: "subprocess.Popen[str]", begin: int, after: float) -> list[str]:
    """Let a typist type from number ``begin``, kill it ``after`` seconds, and return what it said."""
    assert typists.stdin is not None
    assert typists.stdout is not None
    typists.stdin.write(f"{begin}\n")
    typists.stdin.flush()
    typist = int(typists.stdout.readline().strip(".\n").split()[1])
    time.sleep(after)
    os.kill(typist, signal.SIGKILL)
    said = []
    while (line := typists.stdout.readline()) != "dead.\n":
        said += [line.removesuffix(".\n")] if line.endswith(".\n") else []
    return said


@contextmanager
def typists_at(folder: Path, meeting: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", TYPISTS, str(folder), meeting]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as typists:
        yield typists


def play(folder: Path, kills: int) -> None:
    chance = random.Random(kills)
    with a_room(folder) as room:
        meetings.open_item(room.sitting, room.meeting, "agencies")
    acknowledged: set[int] = set()
    item, following = "agencies", ("agencies", "household", "voice")
    with typists_at(folder, str(room.meeting)) as typists:
        for _ in range(kills):
            said = killed(typists, max(acknowledged, default=0) + 1, chance.uniform(0, 0.15))
            acknowledged.update(int(line.split()[1]) for line in said if line.startswith("saved"))
            items = [line.split()[1] for line in said if line.startswith("item")]
            item = items[-1] if items else item
            with reopened(folder) as sitting:
                found = meetings.load(sitting, room.meeting)
            numbers = [int(s.text.removeprefix("Statement ").removesuffix(".")) for s in found.statements]
            assert len(numbers) == len(set(numbers))
            assert acknowledged <= set(numbers)
            assert len(set(numbers) - acknowledged) <= 1, "at most the one that was being saved"
            assert found.state is State.IN_SESSION
            # the act that moved on may have been saved in the moment before it could be said
            assert found.current_item in {item, following[(following.index(item) + 1) % 3]}
            item = found.current_item
            acknowledged.update(numbers)
            assert as_another_program_reads_it(folder) == ("ok", sorted(numbers))
    with reopened(folder) as sitting:
        assert list(findings(sitting.store)) == []
    assert len(acknowledged) > kills


def as_another_program_reads_it(folder: Path) -> tuple[str, list[int]]:
    """Return what the stock ``sqlite3`` program says of the store, and the numbers of the statements it finds."""
    plain = folder.with_suffix(".plain")
    plain.write_bytes(in_plain((folder / FILE).read_bytes(), KEY))
    try:
        texts = asked(plain, "SELECT text FROM statement").splitlines()
        return asked(plain, "PRAGMA integrity_check"), sorted(int(re.sub(r"\D", "", text)) for text in texts)
    finally:
        plain.unlink()


@contextmanager
def reopened(folder: Path) -> Iterator[Sitting]:
    store = Store.open(folder, KEY)
    try:
        yield Sitting(store, national_pack(), dict(national_files()), "Ash", Clock(START), counting())
    finally:
        store.close()


def test_fifty_kills_lose_nothing_that_was_shown_as_saved(tmp_path: Path) -> None:
    play(tmp_path, 50)


@pytest.mark.torture
def test_a_thousand_kills_lose_nothing_that_was_shown_as_saved(tmp_path: Path) -> None:
    play(tmp_path, 1000)
