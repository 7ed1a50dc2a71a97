"""The database's file as the system sees it: whether it is still in its place, its bytes, and the room it has."""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.store import reserve
from app.store.faults import DiskFull, RoomMade, SaveFailed, StoreFault, StoreInUse, StoreMissing, StoreReadOnly

CHUNK = 1 << 20
# the bytes that SQLite locks of a file, which need not be that long
LOCKED_FROM, LOCKED_BYTES = 0x40000000, 512


class CopyStopped(Exception):
    """The copy was given up because whoever asked for it wanted no more of it."""


class StoreFile:
    """A descriptor of the file, opened before the database opens it and closed after it.

    On Unix a program loses its locks on a file as soon as it closes any descriptor of it, so nothing else in the
    program opens and closes this file while the store is open.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        except (FileNotFoundError, NotADirectoryError):
            raise StoreMissing from None
        except OSError:
            raise StoreReadOnly from None
        self._closed = False
        found = os.fstat(self._handle)
        self._identity = found.st_dev, found.st_ino

    def close(self) -> None:
        """Let go of the descriptor; more than once does no harm."""
        if not self._closed:
            self._closed = True
            os.close(self._handle)

    def check_place(self) -> None:
        """Raise ``StoreMissing`` where the folder has gone: the system would go on writing to a file without a name."""
        try:
            found = self._path.stat()
        except OSError:
            raise StoreMissing from None
        if (found.st_dev, found.st_ino) != self._identity:
            raise StoreMissing

    def copy(self, out: BinaryIO, told: Callable[[int, int], None], goes_on: Callable[[], bool]) -> int:
        """Write every byte to ``out`` and return how many there were; nobody may write to the store meanwhile.

        ``told`` hears how many of how many bytes are copied; raises ``CopyStopped`` once ``goes_on`` says no.
        """
        size = os.fstat(self._handle).st_size
        done = 0
        os.lseek(self._handle, 0, os.SEEK_SET)
        while done < size:
            if not goes_on():
                raise CopyStopped
            block = os.read(self._handle, min(CHUNK, size - done))
            if not block:
                raise StoreMissing  # cut short by another program while it was read
            out.write(block)
            done += len(block)
            told(done, size)
        return done

    def flush(self) -> None:
        """Return once what was written is on the disk; raises ``OSError`` where the system does not say so.

        The journal too: that it was emptied is what makes a commit stand, and one that came back would undo it.
        """
        os.fsync(self._handle)
        try:
            journal = os.open(
                self._path.with_name(f"{self._path.name}-journal"), os.O_RDWR | getattr(os, "O_BINARY", 0)
            )
        except FileNotFoundError:
            return
        try:
            os.fsync(journal)
        finally:
            os.close(journal)

    def make_room(self, least_free: int) -> bool:
        """Return whether fewer bytes than these are free, after giving up the reserve for it."""
        if reserve.free(self._path.parent) >= least_free:
            return False
        reserve.release(self._path.parent)
        return True

    def answer(self, fault: StoreFault) -> StoreFault:
        """Return the fault to tell: what the driver cannot know of where the disk was full, or a file was refused."""
        if isinstance(fault, DiskFull) and reserve.release(self._path.parent):
            return RoomMade()
        if isinstance(fault, (StoreMissing, StoreReadOnly)):
            try:
                self.check_place()
            except StoreMissing as gone:
                return gone  # the driver calls a file whose name another one took one that cannot be written to
            if isinstance(fault, StoreMissing):
                return SaveFailed()  # it is there: what could not be opened was the journal beside it
        return fault


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Keep every program from opening the database at ``path``, without its key, and give a descriptor of it.

    This program must not have it open itself, and opens it in no other way meanwhile. Raises
    ``StoreInUse``. A file system that knows no locks is not held.
    """
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        _lock(handle)
        yield handle
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, LOCKED_FROM, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, LOCKED_BYTES)
        else:
            import fcntl

            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, LOCKED_BYTES, LOCKED_FROM)
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}:
            raise StoreInUse from None
