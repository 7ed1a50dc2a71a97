"""A lock ends the program that knew the key: another begins in its place, and knows how the window stood."""

import os
import sys
from typing import Any, NamedTuple, NoReturn

VARIABLE = "CHAIRSIDE_AFTER_LOCK"


class Standing(NamedTuple):
    """How things stood at a lock: the folder of the store, and what its lock screen is to show.

    ``to_mend`` where the person locked to bring a backup back; ``told`` is a sentence for them.
    """

    folder: str
    in_session: bool = False
    to_mend: bool = False
    told: str = ""


class Handover(NamedTuple):
    """All that goes from the program that is locked to its successor: no word of the record, no key and no name."""

    geometry: str
    letters: float
    holder: int
    standing: Standing


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
        return Handover(str(told["geometry"]), float(told["letters"]), int(told["holder"]), _standing(told["standing"]))
    except (ValueError, TypeError, KeyError):
        return None


def _standing(told: dict[str, Any]) -> Standing:
    if not told["folder"]:
        raise ValueError
    return Standing(str(told["folder"]), told["in_session"] is True, told["to_mend"] is True, str(told["told"]))


def succeed(left: Handover) -> NoReturn:
    """End this program, with whatever it started, and begin it anew at its lock screen."""
    import json

    try:
        _end_children()
        os.environ[VARIABLE] = json.dumps(left._asdict() | {"standing": left.standing._asdict()})
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
