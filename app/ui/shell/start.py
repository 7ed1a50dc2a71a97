"""The window's entry point: the lock or the first start at once, everything else while the person types."""

import gc
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.services.place import store_folder
from app.ui.kit.lane import Answer
from app.ui.kit.look import STYLE, dress
from app.ui.shell.faults import Faults, sentence
from app.ui.shell.passage import Passage
from app.ui.shell.window import NAME, MainWindow

if TYPE_CHECKING:
    from datetime import datetime


def now() -> "datetime":
    """Return the time of the computer's clock: the window is where it enters."""
    from datetime import UTC, datetime

    return datetime.now(UTC)  # noqa: TID251 - an entry point


def run(store: str | None = None, scheme: str = "") -> int:
    """Open the window and return the exit status when it is closed."""
    no_crash_files()
    # named here, so that no other style is made first
    app = QApplication([*sys.argv[:1], "-style", STYLE])
    app.setApplicationName(NAME)
    app.setApplicationDisplayName("")
    dress(app, scheme)
    faults = Faults()
    faults.install()
    window = MainWindow()
    faults.told.connect(lambda error: window.tell(sentence(error)))
    passage = Passage(window, store_folder(store), now)
    passage.gate.enter()
    window.show_fitting()
    # after the first picture: what the person is going to need is loaded while they type
    QTimer.singleShot(0, lambda: passage.gate.lane.run(_load_services, window))
    return app.exec()


def no_crash_files() -> None:
    """Keep the system from writing this process's memory to disk where it crashes."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _load_services() -> Answer:
    import app.services.cases
    import app.services.exchange
    import app.services.opening
    import app.services.securing
    import app.services.table  # noqa: F401

    return _load_screens


def _load_screens() -> None:
    import app.ui.case.screen
    import app.ui.home.screen
    import app.ui.meeting.screen
    import app.ui.setup.screen  # noqa: F401

    # what is loaded now stays to the end: the collector need not walk through it while somebody types
    gc.freeze()
