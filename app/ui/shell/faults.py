"""When something fails that nobody foresaw: a sentence in the window, and no words of the record in logs."""

import sys
import threading
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

_PROGRAM = Path(__file__).resolve().parents[2]


class Faults(QObject):
    """Takes every failure that reaches the top, logs its type and place, and tells the window what to say."""

    told = Signal(object)

    def install(self) -> None:
        """Become where this process's unforeseen failures go."""
        sys.excepthook = self.take
        threading.excepthook = self._take_of_thread
        sys.unraisablehook = lambda _: None
        qInstallMessageHandler(_take_message)

    def take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log where it happened and pass the failure on; the screens, and what is typed in them, stay as they are."""
        _log(f"{kind.__name__} at {place(trace)}")
        self.told.emit(error)

    def _take_of_thread(self, failure: threading.ExceptHookArgs) -> None:
        if failure.exc_value is not None:
            self.take(failure.exc_type, failure.exc_value, failure.exc_traceback)


def place(trace: TracebackType | None) -> str:
    """Return the last place in our own code that a failure came through, as ``ui/home/screen.py:40``."""
    # loaded by the first failure, not by every start
    import traceback

    ours = [
        f"{Path(frame.filename).resolve().relative_to(_PROGRAM).as_posix()}:{frame.lineno}"
        for frame in traceback.extract_tb(trace)
        if Path(frame.filename).resolve().is_relative_to(_PROGRAM)
    ]
    return ours[-1] if ours else "an unknown place"


def sentence(error: BaseException) -> str:
    """Return what a person is told about a failure."""
    # these are loaded long before anything of theirs can be raised
    from app.models.base import Refused
    from app.practice.finding import fill
    from app.services.counting import national_pack
    from app.services.sitting import SaveFault

    if isinstance(error, SaveFault):
        return str(error)
    if isinstance(error, Refused):
        return fill(national_pack().words("refusal", error.rule), error.words)
    return (
        f"Something unexpected happened ({type(error).__name__} at {place(error.__traceback__)}). What was shown as "
        "saved is safe, and what you typed is still where you typed it: try again, or close Chairside and open it anew."
    )


def _take_message(kind: QtMsgType, _context: QMessageLogContext, _text: str) -> None:
    if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
        _log(f"Qt reported a {kind.name}")


def _log(line: str) -> None:
    if sys.stderr is not None:
        print(line, file=sys.stderr)  # noqa: T201 - the only log there is, and it holds no word of the record
