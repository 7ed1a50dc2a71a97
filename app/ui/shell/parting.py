"""The last acts at a store before it is closed: what is half typed is kept, and a backup is made."""

import gc
from contextlib import suppress
from threading import Event, Thread
from time import monotonic

from app.services import locking, rotating, unfinished
from app.services.copying import stop_checks
from app.services.sitting import SaveFault, Sitting
from app.services.unfinished import Kept
from app.ui.kit.lane import Lane

# seconds: a backup that takes longer is left to the next opening, and work aside is broken off when the person leaves
_BACKUP, _LEAVING = 0.3, 5.0
_LEAST = _AGAIN = 0.1


class Parting:
    """Lets go of a store on a thread of its own, while the workers come to their end."""

    def __init__(self, sitting: Sitting, kept: Kept) -> None:
        self._sitting, self._kept = sitting, kept
        self._drained, self._cut, self._running = Event(), Event(), Event()

    def end(self, lane: Lane, seconds: float | None) -> bool:
        """Close the store, and return whether a meeting is in session.

        With ``seconds`` it takes no longer than that, whatever is still under way.
        """
        limit = _BACKUP if seconds else _LEAVING
        work = Thread(target=self._depart, args=(limit,), name="parting", daemon=True)
        # as in ``Lane``: no widget may be collected on another thread
        gc.disable()
        work.start()
        begun = monotonic()
        if not lane.drain(seconds, aside=_LEAVING):
            self._cut.set()
        gc.disable()
        self._drained.set()
        work.join(None if seconds is None else max(_LEAST, begun + seconds - monotonic()))
        gc.enable()
        return self._running.is_set()

    def _depart(self, limit: float) -> None:
        """Keep the words first, then make the backup that is due, and close the store once the workers are out."""
        sitting = self._sitting
        try:
            # where the disk does not take it, that was told while somebody typed; the lock does not wait for a disk
            with suppress(SaveFault):
                unfinished.keep(sitting, self._kept)
            if locking.is_meeting_running(sitting):
                self._running.set()
            rotating.at_lock(sitting, limit)
        finally:
            # one that was just being started is ended too
            while not self._drained.wait(_AGAIN):
                stop_checks()
            if self._cut.is_set():
                # to note the end of the sitting would wait for whoever is still at the store
                sitting.store.close()
            else:
                sitting.close()
