"""Work that is stopped in its middle: before a step of it, or at a moment that nobody chose."""

import os
import random
import signal
import time
import traceback
from collections.abc import Callable
from typing import Any

DONE, CUT_OFF, FAILED = 0, 1, 2
CHANGES = ("rename", "replace", "unlink", "fsync", "rmdir", "mkdir")


def begun(act: Callable[[], object]) -> int:
    """Begin ``act`` in a child of this process, and return the child's number."""
    child = os.fork()
    if child:
        return child
    ended = FAILED
    try:
        act()
        ended = DONE
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(ended)  # what the tests have still to do is their own process's


def ended(child: int) -> int:
    """Return how a child ended, once it has; one that failed fails the test."""
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code != FAILED, "what was to be stopped failed by itself"
    return code


def cut_off(steps: int, act: Callable[[], object], changes: tuple[str, ...] = CHANGES) -> bool:
    """Do ``act`` as far as so many changes to the disk, then stop as a kill would; return whether it was done.

    ``changes`` are the functions of ``os`` that are counted.
    """
    left = steps

    def counted(change: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*given: Any, **named: Any) -> Any:
            nonlocal left
            if not left:
                os._exit(CUT_OFF)
            left -= 1
            return change(*given, **named)

        return counting

    def act_counted() -> None:
        for name in changes:
            setattr(os, name, counted(getattr(os, name)))
        act()

    return ended(begun(act_counted)) == DONE


class Killer:
    """Kills an act at a random moment of the time that it took when it was first done, which was to its end."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._longest = 0.0

    def __call__(self, act: Callable[[], object]) -> None:
        child, at = begun(act), time.perf_counter()
        if self._longest:
            time.sleep(self._chance.uniform(0, self._longest))
            os.kill(child, signal.SIGKILL)
        ended(child)
        self._longest = self._longest or time.perf_counter() - at


def said_until_killed(after: float, act: Callable[[Callable[[str], object]], object]) -> list[str]:
    """Do ``act``, kill it ``after`` seconds from the first line that it said, and return the lines that it said.

    ``act`` is given what it says a line with; one that the kill cut off was said to nobody.
    """
    read, write = os.pipe()
    child = begun(lambda: act(lambda line: os.write(write, f"{line}\n".encode())))
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as heard:
        first = heard.readline()
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        lines = [first, *heard]
    ended(child)
    return [line.removesuffix("\n") for line in lines if line.endswith("\n")]
