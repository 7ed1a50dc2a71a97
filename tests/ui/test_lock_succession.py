"""A lock puts another program in the place of the one that knew the key: what passes between them, and what not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.ui.shell.succession import NOBODY, VARIABLE, Handover, Standing, handed_over

# Starts a program of its own and is locked; its successor says what it was left, and what it can see.
LOCKED = """
import os, subprocess, sys, threading
from app.ui.shell.succession import VARIABLE, Handover, Standing, handed_over, succeed

left = handed_over()
if left is None:
    child = subprocess.Popen(["sleep", "60"])
    print(os.getpid(), child.pid, flush=True)
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    succeed(Handover("Z2VvbWV0cnk=", 13.5, -1, Standing("a folder", True, False, "moved")))
print(os.getpid(), left.letters, left.holder, tuple(left.standing), VARIABLE in os.environ, sys.argv[1:], flush=True)
"""


def test_the_successor_has_the_place_of_the_program_and_its_options_and_nothing_that_it_started() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LOCKED, "--store", "somewhere"], capture_output=True, text=True, timeout=60, check=False
    )

    first, second = ended.stdout.splitlines()
    process, child = first.split()
    assert second == f"{process} 13.5 -1 ('a folder', True, False, 'moved') False ['--store', 'somewhere']", (
        ended.stderr
    )
    assert not Path(f"/proc/{child}").exists()


def test_where_no_successor_can_begin_the_key_goes_all_the_same() -> None:
    script = (
        "import sys; from app.ui.shell.succession import Handover, Standing, succeed; sys.executable = '/nonexistent';"
        "succeed(Handover('', 9, -1, Standing('folder'))); print('still here')"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)

    assert "still here" not in ended.stdout


def test_what_is_left_is_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    left = Handover("", 10.0, NOBODY, Standing("folder", to_mend=True))
    monkeypatch.setenv(VARIABLE, json.dumps(left._asdict() | {"standing": left.standing._asdict()}))

    assert handed_over() == left
    assert handed_over() is None
    assert VARIABLE not in os.environ


@pytest.mark.parametrize(
    "said",
    [
        "no json", "[]", "null", '{"geometry": ""}', '{"geometry": "", "letters": "x"}',
        '{"geometry": "", "letters": 9, "holder": 3, "standing": []}',
        '{"geometry": "", "letters": 9, "holder": 3, "standing": {"folder": ""}}',
    ],
)  # fmt: skip
def test_what_nobody_of_ours_left_is_not_taken(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, said)

    assert handed_over() is None
