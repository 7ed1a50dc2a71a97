"""The window's entry point: the lock or the first start at once, everything else while the person types.

What the first window waits for is imported here and by what this imports; the rest is imported where it is used. PySide
takes a tenth of that time to make its namespace ``Qt``, whole, at the first import: so no module on the way to the
first window imports it outside a function, and the kit sets some properties by the names of their values.
"""

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.services.alone import AlreadyHeld, Holder, alone, leave
from app.services.place import named_folder, store_folder
from app.services.shielding import no_crash_files, no_onlookers
from app.ui.kit.lane import Answer
from app.ui.kit.look import STYLE, dress
from app.ui.shell.arranging import LARGEST, SMALLEST
from app.ui.shell.faults import Faults, sentence
from app.ui.shell.passage import Passage
from app.ui.shell.succession import NOBODY, Handover, Standing, handed_over, succeed
from app.ui.shell.window import NAME, MainWindow

if TYPE_CHECKING:
    from datetime import datetime

ALREADY_OPEN = "Chairside is already open with this store; its window was brought to the front."


def now() -> "datetime":
    """Return the time of the computer's clock: the window is where it enters."""
    from datetime import UTC, datetime

    return datetime.now(UTC)  # noqa: TID251 - an entry point


def run(store: str | None = None, scheme: str = "") -> int:
    """Open the window and return the exit status when it is closed."""
    no_crash_files()
    before = handed_over()
    standing = before.standing if before else _moved(store)
    folder = Path(standing.folder) if standing else named_folder(store)
    try:
        holder = alone(folder, before.holder if before else None)
    except AlreadyHeld:
        print(ALREADY_OPEN, file=sys.stderr)  # noqa: T201 - there is no window to say it in
        return 1
    try:
        return _open(folder, scheme, holder, before, standing)
    finally:
        if holder is not None:
            leave(holder)


def _moved(store: str | None) -> Standing | None:
    """Return what the lock screen is to say where a store was moved out of the folder that is named; else nothing."""
    folder = store_folder(store)
    if folder == named_folder(store):
        return None
    from app.services.moved import sentence

    return Standing(str(folder), told=sentence(folder))


def _open(
    folder: Path, scheme: str, holder: Holder | None, before: Handover | None, standing: Standing | None
) -> int:  # fmt: skip
    # named here, so that no other style is made first
    app = QApplication([*sys.argv[:1], "-style", STYLE])
    app.setApplicationName(NAME)
    app.setApplicationDisplayName("")
    dress(app, scheme)
    faults = Faults()
    faults.install()
    if before is not None:
        font = app.font()
        font.setPointSizeF(min(max(before.letters, SMALLEST), LARGEST))
        app.setFont(font)
    window = MainWindow()
    faults.told.connect(lambda error: window.tell(sentence(error)))

    def end(standing: Standing) -> None:
        handle = _left_to(standing, holder)
        succeed(Handover(window.geometry_words, app.font().pointSizeF(), handle, standing))

    passage = Passage(window, folder, now, end)
    passage.gate.enter(standing)
    if before is not None:
        window.show_where(before.geometry)
    else:
        window.show_fitting()
    # after the first picture: what the person is going to need is loaded while they type
    QTimer.singleShot(0, lambda: passage.gate.lane.run(_load_services, window))
    QTimer.singleShot(0, lambda: _attend(passage, window, holder))
    return app.exec()


def _left_to(standing: Standing, holder: Holder | None) -> int:
    """Return the number of the lock that the successor inherits; none where its store is in another folder."""
    if holder is None:
        return NOBODY
    if holder.path.parent != Path(standing.folder):
        leave(holder)
        return NOBODY
    return holder.handed_over()


def _attend(passage: Passage, window: MainWindow, holder: Holder | None) -> None:
    """Begin to notice what comes from outside: the computer's own lock, and a second window with this store."""
    from app.ui.shell.attending import attend

    attend(passage.gate, window, holder)


def _load_services() -> Answer:
    no_onlookers()
    import app.services.cases
    import app.services.exchange
    import app.services.opening
    import app.services.securing
    import app.services.table  # noqa: F401
    from app.services.packing import national

    national()
    return _load_screens


def _load_screens() -> None:
    import app.ui.case.screen
    import app.ui.home.screen
    import app.ui.meeting.screen
    import app.ui.setup.screen  # noqa: F401

    # what is loaded now stays to the end: the collector need not walk through it while somebody types
    gc.freeze()
