"""Killed at any moment of disposing of a case, either the whole case is there, or nothing of it but its certificate."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.base import Refused
from app.services import cases, disposing, retaining, sealing
from app.services.opening import introduce
from app.services.sitting import Sitting
from app.store.checking import findings
from app.store.store import FILE, Store
from app.vault import keys
from app.vault.passphrase import FLOOR
from tests.builders import START, Clock, a_new_room, dump, national_files, national_pack
from tests.journeys.opener import in_plain

CANARY = "Quixotic-Heliotrope"
REFERENCE, OTHER = "SAMPLE-1", "OTHER-1"

# For each folder it reads, a child disposes of the case in it, and says what it is about to do.
DISPOSERS = """
import os, pathlib, sys
from datetime import datetime
from app.services import disposing
from app.services.sitting import Sitting
from app.store.store import Store
from tests.builders import Clock, national_files, national_pack

pack, files = national_pack(), dict(national_files())
key, at = bytes.fromhex(sys.argv[1]), datetime.fromisoformat(sys.argv[2])

def dispose(folder):
    sitting = Sitting(Store.open(pathlib.Path(folder), key), pack, files, "Ash", Clock(at), os.urandom)
    case = disposing.named(sitting, "SAMPLE-1")
    print(f"ready {os.getpid()}", flush=True)
    disposing.dispose(sitting, case, "SAMPLE-1", told=lambda what, done, of: print("step", done, flush=True))
    print("done", flush=True)

for line in sys.stdin:
    child = os.fork()
    if not child:
        dispose(line.strip())
        os._exit(0)
    os.waitpid(child, 0)
    print("dead", flush=True)
"""


@contextmanager
def seated(folder: Path, key: bytes) -> Iterator[Sitting]:
    store = Store.open(folder, key)
    try:
        yield Sitting(store, national_pack(), dict(national_files()), "Ash", Clock(START), os.urandom)
    finally:
        store.close()


def made(folder: Path) -> bytes:
    """Make a store with a sealed case whose time has passed and one beside it, close it, and return its key."""
    key = keys.create(folder, "four plain words here", recovery=False, kdf=FLOOR).key
    with a_new_room(folder, key=key) as room:
        introduce(room.sitting, "Ash Example", "Team manager", "Example Council")
        cases.change_child(room.sitting, room.child.id, address=f"1 {CANARY} Street")
        room.say("Casey Example", f"{CANARY} was seen at the door. " * 400)
        room.settle()
        room.conclude()
        sealing.seal(room.sitting, room.meeting)
        cases.open_case(room.sitting, OTHER)
        retaining.choose_policy(room.sitting, "after-closure", 1, "Schedule CS12")
        retaining.close_case(room.sitting, room.case.id, START.date())
    return key


def killed(disposers: "subprocess.Popen[str]", folder: Path, step: str, after: float) -> bool:
    """Let a child dispose of the case, kill it ``after`` seconds from ``step``, and return whether it had finished."""
    assert disposers.stdin is not None
    assert disposers.stdout is not None
    disposers.stdin.write(f"{folder}\n")
    disposers.stdin.flush()
    child = int(disposers.stdout.readline().split()[1])
    said = [""]
    while said[-1] not in {step, "done"}:
        said.append(disposers.stdout.readline().strip())
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    while said[-1] != "dead":
        said.append(disposers.stdout.readline().strip())
    return "done" in said


def outcome(folder: Path, key: bytes, before: dict[str, list[tuple[object, ...]]]) -> str:
    """Return whether the case is there whole or gone, after making sure that it is one of the two."""
    with seated(folder, key) as sitting:
        assert list(findings(sitting.store)) == []
        there = {case.reference: case.id for case in cases.list_cases(sitting)}
        after = dump(sitting.store)
        assert OTHER in there
        if REFERENCE in there:
            assert after == before
            with pytest.raises(Refused, match=r"case\.unknown"):
                disposing.certificate_of(sitting, there[REFERENCE])
            return "whole"
        assert len(after["disposal"]) == 1
        assert CANARY not in repr(after)
        assert disposing.certificate_of(sitting, retaining.disposed(sitting)[0].case_id)["reference"] == REFERENCE
        assert not any(after[name] for name in ("meeting", "child", "statement", "minutes"))
    # deleted rows are overwritten, so that not even the pages that are free now have them
    assert CANARY.encode() not in in_plain((folder / FILE).read_bytes(), key)
    return "gone"


def play(root: Path, kills: int) -> Counter[str]:
    key = made(root / "made")
    with seated(root / "made", key) as sitting:
        before = dump(sitting.store)
    chance, seen = random.Random(kills), Counter[str]()
    at = (START + timedelta(days=500)).isoformat()
    command = [sys.executable, "-c", DISPOSERS, key.hex(), at]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as disposers:
        for number in range(kills):
            folder = shutil.copytree(root / "made", root / f"store-{number}")
            # mostly while the case is taken out, else while the file is written anew and the backup is made
            step = ("step 0", "step 0", "step 0", "step 1", "step 2")[number % 5]
            finished = killed(disposers, folder, step, chance.uniform(0, 0.12))
            found = outcome(folder, key, before)
            assert found == "gone" or not (finished or step != "step 0")
            seen[found] += 1
            # whoever checked the backup is a process of its own, and may outlive the one that was killed for a moment
            shutil.rmtree(folder, ignore_errors=True)
    return seen


def test_twenty_five_kills_of_a_disposal_leave_the_whole_case_or_nothing_of_it(tmp_path: Path) -> None:
    seen = play(tmp_path, 25)
    assert min(seen["whole"], seen["gone"]) >= 3


@pytest.mark.torture
def test_five_hundred_kills_of_a_disposal_leave_the_whole_case_or_nothing_of_it(tmp_path: Path) -> None:
    seen = play(tmp_path, 500)
    assert min(seen["whole"], seen["gone"]) >= 50
