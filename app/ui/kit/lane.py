"""The workers for whatever takes longer than a blink."""

import gc
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from queue import SimpleQueue

Answer = Callable[[], None]
Failed = Callable[[Exception], None]
_Job = Callable[[], None]


class Lane(QObject):
    """Work beside the interface, first come first served; answers come back on the interface thread.

    What may take long goes ``aside``, to a worker of its own, so that nobody's words wait for it. A failure of the work
    is an answer too: it goes to ``failed`` where that is given, and is raised on the interface thread otherwise, where
    the shell shows it.
    """

    # A thread of Python's, not a QRunnable: where the pool deletes one, PySide 6.11 keeps its address, and may take the
    # next object that is made there for a QRunnable.
    _done = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers: dict[bool, _Worker] = {}
        self._under_way = 0
        self._done.connect(self._on_done)

    def run(
        self, work: Callable[[], Answer], screen: QObject, failed: Failed | None = None, *, aside: bool = False
    ) -> None:
        """Call ``work`` on the worker, then what it returns here, unless ``screen`` is gone."""
        # Whichever thread collects garbage destroys what it finds, and a widget may only die on the interface thread.
        gc.disable()
        self._under_way += 1
        if aside not in self._workers:
            self._workers[aside] = _Worker("aside" if aside else "lane")
        self._workers[aside].jobs.put(lambda: self._tell(screen, _answer(work, failed)))

    def drain(self, seconds: float | None = None, aside: float | None = None) -> bool:
        """Wait until there is nothing left to do, and return whether that is so.

        The last answers come when the event loop runs again. With ``seconds`` what has not begun is dropped, and what
        has begun is waited for no longer than that; ``aside`` says the same of the work aside, where ``seconds`` is
        not given.
        """
        limits = {False: seconds, True: aside if seconds is None else seconds}
        begun = monotonic()
        for place, worker in self._workers.items():
            if limits[place] is not None:
                self._under_way -= worker.forget()
            worker.jobs.put(None)
        ended = True
        for place, worker in self._workers.items():
            limit = limits[place]
            worker.thread.join(None if limit is None else max(0.0, begun + limit - monotonic()))
            ended = ended and not worker.thread.is_alive()
        self._workers.clear()
        gc.enable()
        return ended

    def _tell(self, screen: QObject, answer: Answer) -> None:
        # of work that was not waited for the answer may come after the window has gone
        with suppress(RuntimeError):
            self._done.emit(screen, answer)

    def _on_done(self, screen: QObject, answer: Answer) -> None:
        self._under_way -= 1
        if not self._under_way:
            gc.enable()
        if shiboken6.isValid(screen):
            answer()


class _Worker:
    """A thread that does one job after the other, until one of them is None."""

    def __init__(self, name: str) -> None:
        # the first window does not wait for it
        from queue import SimpleQueue

        self.jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self.thread = Thread(target=_serve, args=(self.jobs,), name=name, daemon=True)
        self.thread.start()

    def forget(self) -> int:
        """Drop the jobs that have not begun, and return how many they were."""
        from queue import Empty

        dropped = 0
        with suppress(Empty):
            while True:
                self.jobs.get_nowait()
                dropped += 1
        return dropped


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
