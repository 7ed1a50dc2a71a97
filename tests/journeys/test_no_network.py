"""The program speaks to nobody: what it asks of the system, watched from outside through whole runs."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app import resources
from app.cli.door import main
from tests.journeys.screen import Program, Screen
from tests.journeys.short_by_keys import ByKeys, england
from tests.journeys.strokes import keys, line

ROOT = Path(__file__).parents[2]
SHORT = resources.folder("sample", "short.json")
PASSPHRASE = "seven lamps along the quiet river"
WATCH = ("strace", "-f", "-qq", "-e", "trace=%network")

# A socket of any other kind could reach another machine, whether or not anything was sent through it.
LOCAL = re.compile(r"\bAF_(UNIX|LOCAL)\b")
MAKES = re.compile(r"\b(socket|socketpair|connect|bind|sendto)\((.*)")


def spoken(trace: str) -> list[str]:
    """Return each request in a trace that is not to a socket within this computer."""
    calls = [found for line in trace.splitlines() if (found := MAKES.search(line))]
    other = [f"{call[1]}({call[2]}" for call in calls if "AF_" in call[2] and not LOCAL.search(call[2])]
    return sorted(set(other))


def test_a_trace_with_a_connection_in_it_is_noticed(tmp_path: Path) -> None:
    reach = "import socket; s = socket.socket(); s.settimeout(1); s.connect_ex(('127.0.0.1', 9))"
    look_up = "import socket; socket.socketpair(); socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)"
    for code, found in ((reach, {"socket", "connect"}), (look_up, {"socket"})):
        subprocess.run([*WATCH, "-o", str(tmp_path / "trace"), sys.executable, "-c", code], check=True)
        assert {request.partition("(")[0] for request in spoken((tmp_path / "trace").read_text())} == found


def test_the_commands_from_a_new_store_to_a_verified_pdf_open_no_connection(tmp_path: Path) -> None:
    secret, store, played = tmp_path / "passphrase.txt", tmp_path / "store", tmp_path / "played"
    secret.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    here = ("--store", str(store), "--passphrase-file", str(secret))
    runs = (
        ("demo", "--out", str(played)),
        ("new-store", *here, "--recovery-key-out", str(tmp_path / "recovery.txt")),
        ("backup", "-o", str(tmp_path / "copy.cpbak"), *here),
    )
    assert [watched(tmp_path / "trace", *words) for words in runs] == [(0, [])] * len(runs)
    # whose signature it is, nobody has said; and no server is asked
    assert watched(tmp_path / "trace", "verify", str(next(played.glob("*.pdf")))) == (11, [])


def watched(trace: Path, *words: str) -> tuple[int, list[str]]:
    """Run a command; return how it ended, and what it asked of the network."""
    command = [*WATCH, "-o", str(trace), sys.executable, "-m", "app", *words]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    return done.returncode, spoken(trace.read_text("utf-8"))


@pytest.mark.window
def test_the_window_from_its_first_start_to_its_lock_opens_no_connection(tmp_path: Path) -> None:
    secret, store, trace = tmp_path / "passphrase.txt", tmp_path / "store", tmp_path / "trace"
    secret.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    assert main(["new-store", "--store", str(store), "--passphrase-file", str(secret)]) == 0
    played = ByKeys(json.loads(SHORT.read_text("utf-8")), england())
    # with a message bus as on any desktop, which is not watched
    watch = ["dbus-run-session", "--", *WATCH, "-o", str(trace)]
    with Screen() as screen, Program(screen, store, watched=watch) as window:
        window.wait("^Locked")
        window.press(*line(PASSPHRASE))
        window.wait("^First start")
        window.press(*played.chair())
        window.wait("^Home")
        window.press(*played.set_up())
        window.wait(r"^[A-Z]+-\d{4}-\d+ - Chairside$")
        for _, strokes in [*played.items()][:4]:
            window.press(*strokes)
        window.press(keys("ctrl+l"))
        window.wait("^Locked")
        window.press(*line(PASSPHRASE))
        window.wait(r"^[A-Z]+-\d{4}-\d+ - Chairside$")
        window.press(keys("ctrl+q"))
        assert window.ended() == 0
    asked = trace.read_text("utf-8")
    assert re.search(r"connect\(\d+, \{sa_family=AF_UNIX, sun_path=@?\"[^\"]*X11-unix", asked), (
        "the trace saw the window"
    )
    assert spoken(asked) == []
