"""Each request that a save makes of the system fails once: the person reads a sentence, and nothing saved is lost."""

import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models.statement import Statement
from app.services import meetings
from app.store import faults
from app.store.checking import findings
from app.store.store import Store
from app.vault import keys
from app.vault.errors import WrongSecret
from app.vault.passphrase import FLOOR
from tests.builders import KEY, a_room

ROOT = Path(__file__).parents[2]
CALLS = ("pwrite64", "write", "fsync", "fdatasync", "ftruncate", "fallocate", "openat", "rename", "unlink")
ERRORS = ("EIO", "ENOSPC", "EACCES")
OURS = {fault.sentence for fault in vars(faults).values() if isinstance(fault, type) and hasattr(fault, "sentence")}

# For each folder it is told of, a child does what it is there for each time it is told to, and says what became of it:
# one word, and the sentence that a person would read.
WARM = """
import ctypes, os, pathlib, sys
from app.store.faults import StoreFault
from app.vault.errors import VaultError

ANY_TRACER = (0x59616D61, ctypes.c_ulong(-1))

def told(line):
    sys.stdout.write(f"{line}\\n")
    sys.stdout.flush()

def attempted(act):
    try:
        act()
    except (StoreFault, VaultError) as fault:
        return f"refused {fault}"
    except BaseException as error:
        return f"uncaught {type(error).__name__}"
    return "saved"

def work(folder):
    ctypes.CDLL(None).prctl(*ANY_TRACER)
    acts, close = begin(pathlib.Path(folder))
    told(os.getpid())
    while (what := sys.stdin.readline().strip()) != "close":
        for act in acts:
            told(attempted(lambda: act(what)))
    told(attempted(close))

for line in sys.stdin:
    child = os.fork()
    if not child:
        work(line.strip())
        os._exit(0)
    told(f"ended {os.waitpid(child, 0)[1]}")
"""


# Keeps a half-typed line, and saves a statement.
TYPIST = """
from uuid import UUID
from app.services import entries
from app.services.sitting import Sitting
from app.store.store import Store
from tests.builders import KEY, START, Clock, national_files, national_pack

pack, files, meeting = national_pack(), dict(national_files()), UUID(sys.argv[1])

def begin(folder):
    store = Store.open(folder, KEY)
    sitting = Sitting(store, pack, files, "Ash", Clock(), os.urandom)
    half = lambda what: store.keep_unfinished({"meeting": what}, START)
    return (half, lambda what: entries.record_statement(sitting, meeting, "agencies", what)), store.close
"""

# Changes the passphrase to what it is told.
CHANGER = """
from app.vault import keys

def begin(folder):
    change = lambda what: keys.set_passphrase(folder, bytes.fromhex(sys.argv[1]), f"the passphrase {what}")
    return (change,), lambda: None
"""


class Typists:
    """A process that is warm, so that each try costs no start of Python; it answers so often each time it is told."""

    def __init__(self, process: "subprocess.Popen[str]", store: Path, answers: int) -> None:
        self._process = process
        self._store = store
        self._answers = answers

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().rstrip("\n")

    def save(self, folder: Path, *watched: str, between: Callable[[Path, str], None] = lambda *_: None) -> list[str]:
        """Do it once with strace told these words and once more without it, and return what was said.

        Said is an answer for each act each time, then one for the closing, then how the process ended; ``between`` the
        two times is told where, and the last answer.
        """
        folder.mkdir()
        for name, content in self.before.items():
            (folder / name).write_bytes(content)
        self.tell(str(folder))
        with attached(self.hear(), *watched):
            self.tell("First.")
            said = [self.hear() for _ in range(self._answers)]
        between(folder, said[-1])
        self.tell("Second.")
        said += [self.hear() for _ in range(self._answers)]
        self.tell("close")
        return [*said, self.hear(), self.hear()]

    @property
    def before(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self._store.iterdir() if path.is_file()}


@contextmanager
def attached(process: str, *words: str) -> Iterator[None]:
    """Watch a process with strace for as long as the block lasts."""
    command = ["strace", "-f", "-p", process, *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as watcher:
        assert watcher.stderr is not None
        assert "attached" in watcher.stderr.readline()
        yield
        watcher.send_signal(signal.SIGINT)
        watcher.stderr.read()


@contextmanager
def warm(code: str, word: str, store: Path, answers: int) -> Iterator[Typists]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", "import os, sys" + code + WARM, word]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as process:
        yield Typists(process, store, answers)
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def typists(tmp_path: Path) -> Iterator[Typists]:
    with a_room(tmp_path / "store") as room:
        meetings.open_item(room.sitting, room.meeting, "agencies")
        room.say("Casey Example", "Seen at home.")
    with warm(TYPIST, str(room.meeting), tmp_path / "store", 2) as process:
        yield process


def requests(typists: Typists, folder: Path, *, answers: int = 2) -> list[tuple[str, int]]:
    """Return each request of the system that a save makes where it goes well, by its name and number."""
    trace = folder.with_suffix(".trace")
    said = typists.save(folder, "-o", str(trace), "-e", f"trace={','.join(CALLS)}")
    assert said == ["saved"] * (2 * answers + 1) + ["ended 0"]
    often = Counter(re.findall(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\(", trace.read_text(), re.MULTILINE))
    # as many of the writes say what became of the acts
    often["write"] -= answers
    return [(call, number) for call in often for number in range(1, often[call] + 1)]


def test_each_request_of_a_save_may_fail_and_the_person_reads_one_sentence(typists: Typists, tmp_path: Path) -> None:
    asked = requests(typists, tmp_path / "well")
    assert {"pwrite64", "fsync", "ftruncate", "openat"} <= {call for call, _ in asked}
    tries = [(call, number, error) for call, number in asked for error in ERRORS]
    refusals, wrong = 0, []
    for number, (call, when, error) in enumerate(tries):
        folder = tmp_path / str(number)
        said = typists.save(folder, "-o", "/dev/null", "-e", f"inject={call}:error={error}:when={when}")
        refusals += sum(line.startswith("refused") for line in said)
        wrong += [f"{call} {when} {error}: {fault}" for fault in faults_of(folder, said)]
    assert not wrong, "\n".join(wrong)
    assert refusals > len(tries) / 2


def faults_of(folder: Path, said: list[str]) -> Iterator[str]:
    """Give whatever went wrong after a save in which one request failed."""
    for line in said[:-1]:
        if line != "saved" and line.removeprefix("refused ") not in OURS:
            yield line
    if said[-1] != "ended 0":
        yield f"the process {said[-1]}"
    store = Store.open(folder, KEY)
    try:
        with store.read() as session:
            texts = set(session.scalars(select(Statement.text)))
        half = store.unfinished().get("meeting", "")
        yield from findings(store)
    finally:
        store.close()
    shown = {text for text, line in zip(("First.", "Second."), (said[1], said[3]), strict=True) if line == "saved"}
    if not {"Seen at home."} | shown <= texts <= {"Seen at home.", "First.", "Second."}:
        yield f"{shown} were shown as saved, there are {texts}"
    kept = {"saved": {"Second."}}.get(
        said[2], {"First.", "Second."} if said[0] == "saved" else {"", "First.", "Second."}
    )
    if half not in kept:
        yield f"{said[0]} and {said[2]} were the answers to what was half typed, and kept is {half!r}"


def test_each_request_of_a_change_of_passphrase_may_fail_and_the_old_or_the_new_one_opens(tmp_path: Path) -> None:
    made = keys.create(tmp_path / "store", "the passphrase before", kdf=FLOOR)
    refused, wrong, found = 0, [], list[bool]()

    def look(folder: Path, answer: str) -> None:
        known = ["First."] if answer == "saved" else ["before", "First."]
        found.append(made.key in {opened(folder, f"the passphrase {which}") for which in known})

    with warm(CHANGER, made.key.hex(), tmp_path / "store", 1) as changers:
        asked = requests(changers, tmp_path / "well", answers=1)
        assert {"write", "fsync", "openat", "rename"} <= {call for call, _ in asked}
        for number, (call, when) in enumerate(asked):
            folder, error = tmp_path / str(number), ERRORS[number % len(ERRORS)]
            found.clear()
            said = changers.save(
                folder, "-o", "/dev/null", "-e", f"inject={call}:error={error}:when={when}", between=look
            )
            refused += said[0].startswith("refused")
            found.append(said[0].split()[0] in ("saved", "refused") and said[1:] == ["saved", "saved", "ended 0"])
            found.append(opened(folder, "the passphrase Second.") == made.key)
            wrong += [] if all(found) else [f"{call} {when} {error}: {said} {found}"]
    assert not wrong, "\n".join(wrong)
    assert refused > len(asked) / 3


def opened(folder: Path, passphrase: str) -> bytes | None:
    """Return the data key by a passphrase; None where it is not the one."""
    try:
        return keys.unlock(folder, passphrase)
    except WrongSecret:
        return None
