"""A lock ends the program that knew the key: another begins in its place, and knows how the window stood."""

import os
import sys
from typing import NamedTuple, NoReturn

VARIABLE = "CHAIRSIDE_AFTER_LOCK"


class Handover(NamedTuple):
    """All that goes from the program that is locked to its successor: no word, no key and no name."""

    geometry: str
    letters: float
    in_session: bool
    holder: int


NOBODY = -1


def handed_over() -> Handover | None:
    """Return what the program before left, once; None where there was none."""
    given = os.environ.pop(VARIABLE, "")
    if not given:
        return None
    # only a successor waits for it
    import json

    try:
        told = json.loads(given)
        return Handover(str(told["geometry"]), float(told["letters"]), told["in_session"] is True, int(told["holder"]))
    except (ValueError, TypeError, KeyError):
        return None


def succeed(left: Handover) -> NoReturn:
    """End this program, with whatever it started, and begin it anew at its lock screen."""
    import json

    try:
        _end_children()
        os.environ[VARIABLE] = json.dumps(left._asdict())
        words = _words()
        if sys.platform == "win32":
            import subprocess

            subprocess.Popen(words)  # noqa: S603 - this program itself, with the options it was started with
        else:
            os.execv(sys.executable, words)  # noqa: S606 - this program itself, as above
    finally:
        # where no successor can begin, the key goes all the same
        os._exit(0)


def _words() -> list[str]:
    if getattr(sys, "frozen", False):
        # the packed program must not take itself for a part of the one before
        os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
        return [sys.executable, *sys.argv[1:]]
    return [sys.executable, *sys.orig_argv[1:]]


def _end_children() -> None:
    """End every process this one started: a check of a backup has the key."""
    import psutil

    children = psutil.Process().children(recursive=True)
    for child in children:
        try:
            child.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(children, timeout=0.1)
