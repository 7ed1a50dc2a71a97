"""Wrong secrets are counted, and each after the fifth makes the next one wait; nothing is ever deleted for it.

The count lies in ``vault.tries`` beside the keys (``resources/docs/formats/vault.md``, section 9). It slows down
whoever sits at the keyboard; whoever has the files is held up by the cost of a derivation alone.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.vault import files
from app.vault.errors import MustWait, RecoveryKeyMistyped, VaultError, WrongSecret

FILE = "vault.tries"
FREE = 5
LONGEST_WAIT = 60

_MOST_BYTES = 200

Key = TypeVar("Key")


def seconds_up() -> float:
    """Return how long this computer has been running, sleep included where the system counts it.

    Nobody sets this clock. It begins anew with the computer, which the waiting allows for.
    """
    since_start = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if since_start is None else time.clock_gettime(since_start)


@dataclass(frozen=True, slots=True)
class Tries:
    """How many secrets in a row were wrong, and how long the computer had been running at the last of them."""

    failed: int = 0
    at: float = 0.0

    def wait(self, up: float) -> float:
        """Return the seconds until the next try, where the computer has now been running for ``up`` seconds."""
        # After a restart at least ``up`` seconds have passed: never too short, and never longer than the delay.
        passed = up - self.at if up >= self.at else up
        return max(0.0, delay(self.failed) - passed)


def delay(failed: int) -> int:
    """Return the seconds that the next try has to wait after so many wrong ones."""
    return 0 if failed < FREE else min(LONGEST_WAIT, 1 << min(failed - FREE, LONGEST_WAIT))


def so_far(folder: Path) -> Tries:
    """Return the wrong tries since the store was last opened; what cannot be read counts as none."""
    return _read(folder) or Tries()


def is_damaged(folder: Path) -> bool:
    """Say whether there is a count that cannot be read."""
    return (folder / FILE).exists() and _read(folder) is None


def counted(folder: Path, unlock: Callable[[], Key], uptime: Callable[[], float] = seconds_up) -> tuple[Key, int]:
    """Return what ``unlock`` gives and how many wrong tries went before it; they stay counted until ``forget``.

    Raises MustWait, with ``unlock`` not called, or what ``unlock`` raises.
    """
    before = so_far(folder)
    if wait := before.wait(uptime()):
        raise MustWait(wait)
    # Counted first: whoever ends the program in the middle of a try has had it.
    _keep(folder, Tries(before.failed + 1, uptime()))
    try:
        key = unlock()
    except RecoveryKeyMistyped:
        _keep(folder, before)  # no store was asked
        raise
    except WrongSecret:
        _keep(folder, Tries(before.failed + 1, uptime()))
        raise
    except VaultError:
        _keep(folder, before)  # the secret was not at fault
        raise
    _keep(folder, before)
    return key, before.failed


def forget(folder: Path) -> None:
    """Begin to count anew."""
    with suppress(OSError):
        (folder / FILE).unlink(missing_ok=True)


def _read(folder: Path) -> Tries | None:
    try:
        content = files.head(folder / FILE, _MOST_BYTES) or b""
        given = json.loads(content if len(content) <= _MOST_BYTES else b"")
        failed, at = given["failed"], given["at"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    sound = type(failed) is int and failed >= 0 and type(at) in {int, float} and 0 <= at < float("inf")
    return Tries(failed, at) if sound else None


def _keep(folder: Path, tries: Tries) -> None:
    # A store that cannot be written must open all the same.
    with suppress(OSError):
        if tries.failed:
            files.put(folder / FILE, json.dumps({"at": tries.at, "failed": tries.failed}).encode("ascii"))
        else:
            (folder / FILE).unlink(missing_ok=True)
