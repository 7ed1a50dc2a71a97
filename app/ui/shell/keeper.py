"""What is half typed goes into the store while somebody types, so that no power cut takes it."""

from PySide6.QtCore import QObject, QTimer, Signal

from app.services import unfinished
from app.services.sitting import SaveFault, Sitting
from app.services.unfinished import Kept
from app.ui.kit.lane import Answer, Lane
from app.ui.shell.stage import Stage, nothing

EVERY = 2_000  # milliseconds


class Keeper(QObject):
    """Looks at the screens now and then, and keeps what changed; ``failed`` once where the disk does not take it."""

    failed = Signal(str)

    def __init__(self, stage: Stage, lane: Lane, sitting: Sitting, parent: QObject) -> None:
        super().__init__(parent)
        self._stage, self._lane, self._sitting = stage, lane, sitting
        self._kept = unfinished.kept(sitting)
        self._under_way = self._again = self._told = False
        stage.take(self._kept)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        stage.on_left = self.look

    def look(self) -> None:
        """Keep what stands half typed where it is not what was kept last."""
        standing = self._stage.kept()
        self._again = self._under_way
        if self._under_way or standing == self._kept:
            return
        sitting = self._sitting

        def work() -> Answer:
            unfinished.keep(sitting, standing)
            return lambda: self._on_kept(standing)

        self._under_way = True
        self._lane.run(work, self, self._on_failed)

    def end(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._stage.on_left = nothing
        self.deleteLater()

    def _on_kept(self, kept: Kept) -> None:
        self._kept, self._under_way, self._told = kept, False, False
        if self._again:
            self.look()

    def _on_failed(self, failure: Exception) -> None:
        self._under_way = False
        if not isinstance(failure, SaveFault):
            raise failure
        if not self._told:
            self._told = True
            self.failed.emit(str(failure))
