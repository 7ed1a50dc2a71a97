"""Wrong tries: counted before each, waited for by a clock that nobody sets, and forgotten by a right one."""

import os
import signal
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from app.vault import keys, tries
from app.vault.errors import HeaderDamaged, MustWait, NotEnoughMemory, RecoveryKeyMistyped, WrongSecret
from app.vault.passphrase import FLOOR
from app.vault.tries import Tries

ROOT = Path(__file__).parents[2]
STATED = [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


class Running:
    """How long the computer has been running, as the test says."""

    def __init__(self, seconds: float = 1000.0) -> None:
        self.seconds = seconds

    def __call__(self) -> float:
        return self.seconds


def wrong() -> bytes:
    raise WrongSecret


def fail(folder, times, up) -> None:
    for _ in range(times):
        up.seconds += tries.so_far(folder).wait(up())
        with pytest.raises(WrongSecret):
            tries.counted(folder, wrong, up)


def test_five_tries_are_free_and_then_each_waits_as_long_as_is_stated(tmp_path):
    up = Running()
    for stated in STATED:
        assert tries.so_far(tmp_path).wait(up()) == stated
        fail(tmp_path, 1, up)
    assert tries.delay(10**100) == 60


def test_a_try_before_its_time_is_refused_and_is_not_made(tmp_path):
    up, made = Running(), []
    fail(tmp_path, 8, up)
    up.seconds += 7.5
    with pytest.raises(MustWait, match="wait 1 second, then") as early:
        tries.counted(tmp_path, lambda: made.append(1), up)
    assert (early.value.seconds, made) == (0.5, [])
    assert tries.so_far(tmp_path).failed == 8
    up.seconds += 0.5
    assert tries.counted(tmp_path, lambda: b"key", up) == (b"key", 8)


def test_a_restart_of_the_computer_neither_shortens_nor_lengthens_a_delay(tmp_path):
    fail(tmp_path, 9, Running(86_400.0))
    for up, left in ((0.0, 16), (3.0, 13), (16.0, 0), (86_399.0, 0)):
        assert tries.so_far(tmp_path).wait(up) == left
    # a longer run than before: what passed since is at least the difference
    assert tries.so_far(tmp_path).wait(86_425.0) == 6


def test_a_right_secret_is_told_of_the_wrong_ones_and_they_count_until_they_are_forgotten(tmp_path):
    up = Running()
    fail(tmp_path, 3, up)
    assert tries.counted(tmp_path, lambda: b"key", up) == (b"key", 3)
    assert tries.so_far(tmp_path).failed == 3
    tries.forget(tmp_path)
    assert tries.so_far(tmp_path) == Tries()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("fault", [RecoveryKeyMistyped("?"), NotEnoughMemory(1), HeaderDamaged()])
def test_what_is_no_wrong_secret_does_not_count(tmp_path, fault):
    def unlock() -> bytes:
        raise fault

    for failed in (0, 2):
        with pytest.raises(type(fault)):
            tries.counted(tmp_path, unlock, Running())
        assert tries.so_far(tmp_path).failed == failed
        fail(tmp_path, 2, Running())


def test_whoever_interrupts_a_try_has_had_it(tmp_path):
    def unlock() -> bytes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tries.counted(tmp_path, unlock, Running())
    assert tries.so_far(tmp_path).failed == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"at": 1, "failed": -1}',
        b'{"at": -1, "failed": 1}',
        b'{"at": true, "failed": 9}',
        b'{"at": NaN, "failed": 9}',
        b'{"at": Infinity, "failed": 9}',
        b'{"at": 1, "failed": "9"}',
        b'{"at": 1, "failed": 9}' + b" " * 300 + b"!",
        b"[" * 200,
    ],
)
def test_a_count_that_cannot_be_read_is_none_and_is_told(tmp_path, content):
    (tmp_path / tries.FILE).write_bytes(content)
    assert tries.so_far(tmp_path) == Tries()
    assert tries.is_damaged(tmp_path)
    fail(tmp_path, 1, Running())
    assert not tries.is_damaged(tmp_path)


def test_a_store_that_cannot_be_written_still_opens(tmp_path):
    (tmp_path / tries.FILE).mkdir()
    (tmp_path / tries.FILE / "in the way").write_text("")
    assert tries.counted(tmp_path, lambda: b"key", Running()) == (b"key", 0)
    tries.forget(tmp_path)
    gone = tmp_path / "gone"
    assert tries.counted(gone, lambda: b"key", Running()) == (b"key", 0)


def test_the_count_is_for_its_owner_alone_and_says_nothing_but_numbers(tmp_path):
    fail(tmp_path, 2, Running(12.5))
    path = tmp_path / tries.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == b'{"at": 12.5, "failed": 2}'
    assert [kept.name for kept in tmp_path.iterdir()] == [tries.FILE]


def test_this_computers_clock_goes_forward_only():
    first = tries.seconds_up()
    assert 0 < first <= tries.seconds_up()


def test_killed_in_the_middle_of_a_try_it_counts_all_the_same(tmp_path):
    folder = tmp_path / "store"
    keys.create(folder, "the only passphrase", kdf=FLOOR)
    code = """
        import sys
        from pathlib import Path
        from app.vault import keys, tries
        folder = Path(sys.argv[1])
        tries.counted(folder, lambda: keys.unlock(folder, "never the passphrase"))
    """
    for expected in range(1, 6):
        attempt = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code), str(folder)], cwd=ROOT, stderr=subprocess.PIPE
        )
        with attempt:
            while tries.so_far(folder).failed < expected and attempt.poll() is None:
                time.sleep(0.001)
            os.kill(attempt.pid, signal.SIGKILL)
        assert attempt.returncode in {-signal.SIGKILL, 1}
        assert tries.so_far(folder).failed == expected
    with pytest.raises(MustWait):
        tries.counted(folder, lambda: keys.unlock(folder, "the only passphrase"))
