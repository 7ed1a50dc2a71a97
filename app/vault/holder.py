"""Who holds a store: one window at a time, by a lock of the operating system that dies with its holder."""

import os
import sys
from contextlib import suppress
from pathlib import Path

LOCK = "vault.lock"
_TRIES = 100
_FREE_AT = 1 << 20  # the byte that Windows locks, far behind what is written: there a locked byte cannot be read


class AlreadyHeld(Exception):
    """Another program holds the store."""


class Holder:
    """The lock on one store folder. The system frees it when the process ends, however it ends."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self._handle = handle

    def sign(self) -> None:
        """Write down who holds the store, for whoever looks at the folder; in place of what stood there."""
        with suppress(OSError):
            os.ftruncate(self._handle, 0)
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, _who().encode())

    def handed_over(self) -> int:
        """Return the number under which this process' successor in the same place inherits the lock."""
        os.set_inheritable(self._handle, True)
        return self._handle

    def let_go(self, *, for_good: bool) -> None:
        """Free the store; ``for_good`` also takes the file away, and the folder where nothing else is in it."""
        if for_good:
            with suppress(OSError):
                # whoever waits at the old file finds that it is not the one in the folder any more, and tries anew
                self.path.unlink()
                self.path.parent.rmdir()
        os.close(self._handle)


def hold(folder: Path) -> Holder | None:
    """Return the lock on ``folder``, made where it is missing; None where nothing can be written there.

    Raises ``AlreadyHeld``, after leaving a line for the holder, who then comes to the front.
    """
    path = folder / LOCK
    for _ in range(_TRIES):
        try:
            _make(folder)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except (FileNotFoundError, FileExistsError):
            continue  # whoever let go has just taken the empty folder away, before or after this one looked
        except OSError:
            return None
        if not _locked(handle):
            _call(handle)
            raise AlreadyHeld
        if _is(handle, path):
            return Holder(path, handle)
        os.close(handle)
    return None


def take_over(folder: Path, handle: int) -> Holder | None:
    """Return the lock that the process before this one held under that number; None where it is not that lock."""
    path = folder / LOCK
    try:
        if not _is(handle, path) or not _locked(handle):
            return None
        os.set_inheritable(handle, False)
    except OSError:
        return None
    return Holder(path, handle)


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        folder.chmod(0o700)


def _is(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _call(handle: int) -> None:
    """Leave a line behind what stands in the file: the holder watches it."""
    with suppress(OSError):
        os.lseek(handle, 0, os.SEEK_END)
        os.write(handle, b"called\n")
    os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _locked(handle: int) -> bool:
        os.lseek(handle, _FREE_AT, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _who() -> str:
        return f"pid {os.getpid()}\nhost {os.environ.get('COMPUTERNAME', '')}\n"

else:
    import fcntl

    def _locked(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _who() -> str:
        boot = ""
        with suppress(OSError):
            boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"pid {os.getpid()}\nhost {os.uname().nodename}\nboot {boot}\n"
