"""The care of an open store beside the work: its backups, and what the window says of it without being asked."""

from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal

from app.services import rotating
from app.services.copying import BrokenOff
from app.services.sitting import SaveFault, Sitting
from app.ui.kit.lane import Answer, Lane

SETTLED = 1_000  # milliseconds after the opening, when the first page is drawn and nobody has written anything yet
EVERY = 2_000


class Upkeep(QObject):
    """Makes and checks the backups that are due, and looks after damage and room.

    ``said`` can wait; ``short`` of a disk that is nearly full; ``damaged`` of a store that is to be mended.
    """

    said = Signal(str)
    short = Signal(str)
    damaged = Signal(str)

    def __init__(self, lane: Lane, sitting: Sitting, parent: QObject) -> None:
        super().__init__(parent)
        self._lane, self._sitting = lane, sitting
        self._ending = Event()
        self._is_short = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        QTimer.singleShot(SETTLED, self, self.begin)

    def begin(self) -> None:
        """Make and check the backups that are due, beside whatever else is done."""
        self._lane.run(self._care, self, self._on_failed, aside=True)

    def look(self) -> None:
        """Say that the disk is nearly full, once until there is room again."""
        before, self._is_short = self._is_short, self._sitting.store.low_room
        if self._is_short and not before:
            self.short.emit(
                self.tr(
                    "The disk is nearly full. What you save is still safe: the room kept for that is being used. Make "
                    "room on the disk before you go on, or the next words may not fit."
                )
            )

    def end(self) -> None:
        """Break off what is under way, and look no more."""
        self._ending.set()
        self._timer.stop()
        self.deleteLater()

    def _care(self) -> Answer:
        # it is needed later than the first page
        from app.services import mending

        trouble = rotating.at_opening(self._sitting, self._goes_on)
        damage = ""
        if rotating.newest_failed(self._sitting.store.folder):
            damage = mending.look(self._sitting, self._goes_on).sentence
        return lambda: self._on_cared(trouble, damage)

    def _goes_on(self, _what: str, _done: int, _of: int) -> None:
        if self._ending.is_set():
            raise BrokenOff("The store is being locked.")

    def _on_cared(self, trouble: str, damage: str) -> None:
        if damage:
            self.damaged.emit(damage)
        elif trouble:
            self.said.emit(trouble)
        self.look()

    def _on_failed(self, failure: Exception) -> None:
        if isinstance(failure, SaveFault):
            self.damaged.emit(str(failure))
        elif not isinstance(failure, BrokenOff):
            raise failure
