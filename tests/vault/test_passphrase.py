"""Passphrases: what is accepted, and what a try costs."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from app.vault import passphrase
from app.vault.errors import PassphraseTooWeak
from app.vault.passphrase import FLOOR, Cost, calibrated

SALT = bytes(16)


@pytest.mark.parametrize("weak", ["", "eleven char", " " * 30, "   short    ", "e\N{COMBINING ACUTE ACCENT}" * 11])
def test_a_passphrase_under_twelve_characters_is_refused(weak):
    with pytest.raises(PassphraseTooWeak, match="use at least 12 characters"):
        passphrase.check_strength(weak)


@pytest.mark.parametrize("good", ["twelve chars", "x" * 12, "ключ ключ ключ", "a" * 1000])
def test_a_passphrase_needs_length_and_nothing_else(good):
    passphrase.check_strength(good)


def test_the_same_accented_letter_from_another_keyboard_gives_the_same_key():
    composed, apart = "caf\u00e9 caf\u00e9 caf\u00e9", "cafe\u0301 cafe\u0301 cafe\u0301"
    assert passphrase.slot_key(composed, SALT, FLOOR) == passphrase.slot_key(apart, SALT, FLOOR)


def test_blanks_within_and_around_a_passphrase_count():
    assert passphrase.slot_key("twelve chars", SALT, FLOOR) != passphrase.slot_key("twelve chars ", SALT, FLOOR)


def test_half_a_surrogate_pair_is_only_a_wrong_passphrase():
    assert len(passphrase.slot_key("\ud83d" * 12, SALT, FLOOR)) == 32


@pytest.mark.parametrize(
    "cost",
    [
        (3, 65_535, 4),
        (3, 2_097_153, 4),
        (0, 262_144, 4),
        (11, 262_144, 4),
        (3, 262_144, 0),
        (3, 262_144, 9),
        (2, 65_536, 4),
        (1, 262_143, 4),
        (3, -65_536, 4),
    ],
)
def test_a_cost_out_of_bounds_is_refused_before_any_memory_is_taken(cost):
    with pytest.raises(ValueError, match="bounds"):
        Cost(*cost)


@pytest.mark.parametrize("cost", [(3, 65_536, 4), (1, 262_144, 1), (10, 2_097_152, 8)])
def test_the_edges_of_the_bounds_are_accepted(cost):
    Cost(*cost)


def test_too_little_memory_is_told_apart_from_a_wrong_passphrase():
    child = textwrap.dedent("""
        import resource
        from app.vault import passphrase
        from app.vault.errors import NotEnoughMemory
        resource.setrlimit(resource.RLIMIT_AS, (512 * 2**20, 512 * 2**20))
        try:
            passphrase.slot_key("a fine passphrase", bytes(16), passphrase.Cost(memory=1024 * 1024))
        except NotEnoughMemory as refused:
            print(refused)
    """)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", child], cwd=root, check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == (
        "There is not enough memory to open the store (it takes 1024 MB for a moment): close another program and try "
        "again. The passphrase is not at fault.\n"
    )


class Computer:
    """A computer of some speed, in work per second: it tells the time, and what it derives takes that long by it."""

    def __init__(self, speed: float) -> None:
        self.speed, self.at = speed, 0.0

    def clock(self) -> float:
        return self.at

    def derive(self, secret: str, salt: bytes, cost: Cost) -> bytes:
        """Return a real derivation, at the lowest cost."""
        self.at += self.takes(cost)
        return passphrase.slot_key(secret, salt, FLOOR)

    def takes(self, cost: Cost) -> float:
        return cost.passes * cost.memory / self.speed

    def finds(self, memory_gib: float) -> tuple[Cost, float]:
        cost = calibrated(self.clock, int(memory_gib * 2**20), self.derive)
        return cost, self.takes(cost)


@pytest.mark.parametrize("speed", [300_000, 600_000, 1_200_000, 5_000_000])
def test_the_cost_found_takes_half_a_second_to_a_second(speed):
    cost, took = Computer(speed).finds(16)
    assert 0.5 <= took <= 1.0
    assert cost.memory >= FLOOR.memory


def test_a_slow_computer_still_pays_the_least_that_is_accepted():
    assert Computer(20_000).finds(16)[0] == FLOOR


@pytest.mark.parametrize("gib", [0.125, 1, 2, 4])
def test_no_more_than_a_quarter_of_the_memory_is_taken_and_passes_make_up_for_it(gib):
    cost, took = Computer(2_000_000).finds(gib)
    assert cost.memory <= max(FLOOR.memory, gib * 2**20 / 4)
    assert 0.5 <= took <= 1.0 or cost.passes == 10


def test_the_cost_found_for_this_computer_lies_within_the_bounds():
    assert calibrated().memory >= FLOOR.memory
