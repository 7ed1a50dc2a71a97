"""One program at a time holds a store, whatever happens to the one before."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.vault.holder import LOCK, AlreadyHeld, hold, take_over

# Takes the lock when told, says what came of it, and holds it until it is told to let go.
CONTENDER = """
import pathlib, sys
from app.vault.holder import AlreadyHeld, hold

folder = pathlib.Path(sys.argv[1])
for _ in sys.stdin:
    try:
        holder = hold(folder)
    except AlreadyHeld:
        print("held", flush=True)
        sys.stdin.readline()
        continue
    print("mine" if holder else "none", flush=True)
    sys.stdin.readline()
    if holder:
        holder.let_go(for_good=True)
"""


def contender(folder: Path) -> "subprocess.Popen[str]":
    words = [sys.executable, "-c", CONTENDER, str(folder)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def tell(*contenders: "subprocess.Popen[str]") -> None:
    for one in contenders:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()


def raced(folder: Path, times: int) -> list[set[str]]:
    """Let three programs reach for the same store at once so many times, and return what each race came to."""
    with contender(folder) as one, contender(folder) as two, contender(folder) as three:
        three_of_them = (one, two, three)
        results = []
        for _ in range(times):
            tell(*three_of_them)
            said = [each.stdout.readline().strip() for each in three_of_them if each.stdout is not None]
            assert said.count("mine") <= 1, said
            results.append(set(said))
            tell(*three_of_them)
        for each in three_of_them:
            each.kill()
    return results


@pytest.mark.parametrize("times", [30, pytest.param(500, marks=pytest.mark.torture)])
def test_of_programs_that_reach_for_a_store_at_once_exactly_one_gets_it(tmp_path: Path, times: int) -> None:
    results = raced(tmp_path / "new" / "store", times)

    assert results == [{"mine", "held"}] * times


def test_a_program_that_was_killed_leaves_no_lock_behind(tmp_path: Path) -> None:
    with contender(tmp_path) as one:
        tell(one)
        assert one.stdout is not None
        assert one.stdout.readline() == "mine\n"
        with pytest.raises(AlreadyHeld):
            hold(tmp_path)
        one.kill()
        one.wait()
        holder = hold(tmp_path)

    assert holder is not None
    holder.let_go(for_good=False)


def test_whoever_comes_second_leaves_a_line_for_the_first(tmp_path: Path) -> None:
    holder = hold(tmp_path / "store")
    assert holder is not None
    holder.sign()
    signed = (tmp_path / "store" / LOCK).read_text()
    with pytest.raises(AlreadyHeld):
        hold(tmp_path / "store")

    assert f"pid {os.getpid()}\n" in signed
    assert (tmp_path / "store" / LOCK).read_text() == f"{signed}called\n"
    assert (tmp_path / "store").stat().st_mode & 0o777 == 0o700
    holder.let_go(for_good=True)
    assert not (tmp_path / "store").exists()


def test_the_lock_passes_to_the_program_that_takes_the_place_of_its_holder(tmp_path: Path) -> None:
    holder = hold(tmp_path)
    assert holder is not None
    heir = take_over(tmp_path, os.dup(holder.handed_over()))
    holder.let_go(for_good=False)

    assert heir is not None
    with pytest.raises(AlreadyHeld):
        hold(tmp_path)
    heir.let_go(for_good=False)


def test_a_number_that_is_not_the_lock_of_this_store_is_not_taken_for_it(tmp_path: Path) -> None:
    other = os.open(tmp_path / "other", os.O_RDWR | os.O_CREAT)

    assert take_over(tmp_path, other) is None
    assert take_over(tmp_path, 9_999) is None
    os.close(other)


def test_a_folder_that_cannot_be_written_has_no_lock_and_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")

    assert hold(tmp_path / "a file" / "store") is None
