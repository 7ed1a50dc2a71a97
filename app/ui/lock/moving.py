"""Where a store must not stay on a network drive or in a synchronised folder: it goes to this computer's own."""

from pathlib import Path

from PySide6.QtCore import Signal

from app.ui.kit.lane import Answer, Lane
from app.ui.kit.look import plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying, Tone


class Moving(Group):
    """Offers to move the store; ``moved`` with the folder where it is now and a sentence that says so."""

    moved = Signal(object, str)
    busy = Signal(bool)
    progressed = Signal(str, int, int)

    def __init__(self, folder: Path, lane: Lane) -> None:
        self._folder, self._lane = folder, lane
        self._to = folder
        self._why, self._saying = plain(), Saying()
        self._do = button(self.tr("&Move it to this computer's own folder"))
        super().__init__(self._why, self._saying, Row(self._do))
        self._do.clicked.connect(self._on_wanted)
        self.progressed.connect(self._on_progressed)
        self.hide()

    def offer(self, trouble: str) -> None:
        """Say what is wrong with the folder, and where the store can go."""
        from app.services.place import better_place

        self._to = better_place()
        whole = self.tr(
            "%1 Its new place would be %2. The store is copied whole and compared before anything of the old one goes."
        )
        self._why.setText(whole.replace("%1", trouble).replace("%2", str(self._to)))
        self.show()

    def _on_wanted(self) -> None:
        folder, to = self._folder, self._to
        self._busy(True)

        def work() -> Answer:
            from app.services.place import move_store

            left = move_store(folder, to, self.progressed.emit)
            return lambda: self._on_moved(to, left)

        self._lane.run(work, self, self._on_failed)

    def _on_progressed(self, what: str, done: int, of: int) -> None:
        said = self.tr("%1, file %2 of %3.").replace("%1", what).replace("%2", str(done + 1))
        self._saying.say(said.replace("%3", str(of)))

    def _on_moved(self, to: Path, left: str) -> None:
        self._busy(False)
        self.hide()
        found = self.tr("Chairside finds it there by the file moved-to.txt in the old folder: leave that file there.")
        told = self.tr("The store was moved, and is now in %1. %2").replace("%1", str(to))
        self.moved.emit(to, told.replace("%2", left or found))

    def _on_failed(self, failure: Exception) -> None:
        from app.services.place import CannotMove

        self._busy(False)
        if not isinstance(failure, CannotMove):
            self._saying.hush()
            raise failure
        self._saying.say(str(failure), Tone.URGENT)
        self._do.setFocus()

    def _busy(self, busy: bool) -> None:
        self._do.setEnabled(not busy)
        self.busy.emit(busy)
