"""Folders that a program makes for a while, with the number of its process: what is left of one that is gone."""

import os
import shutil
from contextlib import suppress
from pathlib import Path


def sweep(place: Path, begin: str) -> None:
    """Take away the folders in ``place`` whose names are ``begin`` and the number of a process that is over.

    The number may be followed by a hyphen and more. What another program still works in is left alone.
    """
    with suppress(OSError):
        for left in list(place.iterdir()):
            number = left.name.removeprefix(begin).partition("-")[0]
            if left.name.startswith(begin) and number.isdecimal() and _is_over(int(number)):
                shutil.rmtree(left, ignore_errors=True)


def _is_over(process: int) -> bool:
    import psutil  # for this alone

    return process == os.getpid() or not psutil.pid_exists(process)
