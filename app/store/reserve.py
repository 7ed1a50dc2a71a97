"""Room kept for the last words: a file that holds nothing, given up when the disk is nearly full."""

import errno
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

NAME = "vault.reserve"
SIZE = 16 * 1024 * 1024
# below this a write gives the reserve up before it is refused
LEAST_FREE = 8 * 1024 * 1024
# a disk as small as this has better use for the room
SMALLEST_DISK = 200_000_000


def make(folder: Path) -> bool:
    """Return whether the reserve is there, after making it where there is room to spare for it; nothing is raised."""
    path = folder / NAME
    made = False
    try:
        if path.exists() and path.stat().st_size == SIZE:
            return True
        disk = shutil.disk_usage(folder)
        if disk.total < SMALLEST_DISK or disk.free < SIZE + 4 * LEAST_FREE:
            return False
        path.unlink(missing_ok=True)  # one that was cut off
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        made = True
        try:
            _fill(handle)
        finally:
            os.close(handle)
    except OSError:
        if made:
            release(folder)
        return False
    return True


def release(folder: Path) -> bool:
    """Return whether there was a reserve to give up; it is gone then."""
    with suppress(OSError):
        (folder / NAME).unlink()
        return True
    return False


def free(folder: Path) -> int:
    """Return the bytes that may still be written where ``folder`` is; as good as endless where the system says none."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return sys.maxsize


def _fill(handle: int) -> None:
    """Take the room in earnest: a file with a hole in it would keep nothing free."""
    if hasattr(os, "posix_fallocate"):
        try:
            os.posix_fallocate(handle, 0, SIZE)
        except OSError as error:
            if error.errno not in {errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS}:
                raise
        else:
            return
    block = bytes(1 << 20)
    for _ in range(SIZE // len(block)):
        os.write(handle, block)
