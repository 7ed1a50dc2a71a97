"""The one worker for whatever takes longer than a blink."""

import gc
from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from queue import SimpleQueue

Answer = Callable[[], None]
Failed = Callable[[Exception], None]
_Job = Callable[[], None]


class Lane(QObject):
    """One worker, first come first served; answers come back on the interface thread.

    A failure of the work is an answer too: it goes to ``failed`` where that is given, and is raised on the interface
    thread otherwise, where the shell shows it.
    """

    # A thread of Python's, not a QRunnable: where the pool deletes one, PySide 6.11 keeps its address, and may take the
    # next object that is made there for a QRunnable.
    _done = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: SimpleQueue[_Job | None]
        self._worker: Thread | None = None
        self._under_way = 0
        self._done.connect(self._on_done)

    def run(self, work: Callable[[], Answer], screen: QObject, failed: Failed | None = None) -> None:
        """Call ``work`` on the worker, then what it returns here, unless ``screen`` is gone."""
        # Whichever thread collects garbage destroys what it finds, and a widget may only die on the interface thread.
        gc.disable()
        self._under_way += 1
        if self._worker is None:
            # the first window does not wait for it
            from queue import SimpleQueue

            self._jobs = SimpleQueue()
            self._worker = Thread(target=_serve, args=(self._jobs,), name="lane", daemon=True)
            self._worker.start()
        self._jobs.put(lambda: self._done.emit(screen, _answer(work, failed)))

    def drain(self, seconds: float | None = None) -> None:
        """Wait until the worker has nothing left to do; its last answers come when the event loop runs again.

        With ``seconds`` what has not begun is dropped, and what has begun is waited for no longer than that.
        """
        if self._worker is not None:
            while seconds is not None and not self._jobs.empty():
                self._jobs.get()
                self._under_way -= 1
            self._jobs.put(None)
            self._worker.join(seconds)
            self._worker = None
        gc.enable()

    def _on_done(self, screen: QObject, answer: Answer) -> None:
        self._under_way -= 1
        if not self._under_way:
            gc.enable()
        if shiboken6.isValid(screen):
            answer()


def _serve(jobs: "SimpleQueue[_Job | None]") -> None:
    while (job := jobs.get()) is not None:
        job()
        del job  # what it holds is not to wait for the next one


def _answer(work: Callable[[], Answer], failed: Failed | None) -> Answer:
    try:
        return work()
    except Exception as failure:  # noqa: BLE001 - the worker has nobody to raise to: the interface thread decides
        return _failure(failure, failed)


def _failure(failure: Exception, failed: Failed | None) -> Answer:
    def tell() -> None:
        if failed is None:
            raise failure
        failed(failure)

    return tell
