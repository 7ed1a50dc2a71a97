"""When Chairside locks by itself."""

from PySide6.QtWidgets import QSpinBox

from app.services import locking
from app.services.sitting import Sitting
from app.ui.kit.field import Field
from app.ui.kit.look import heading, letters, plain
from app.ui.kit.page import Group
from app.ui.kit.saying import Saying


class LockingPart(Group):
    """How many minutes without a key or the mouse it takes."""

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._minutes = QSpinBox()
        self._minutes.setRange(locking.LEAST, locking.MOST)
        self._minutes.setValue(locking.idle_minutes(sitting))
        self._minutes.setMaximumWidth(letters(12))
        self._minutes.lineEdit().setAccessibleName(self.tr("Minutes without a key or the mouse"))
        self._minutes.setSuffix(self.tr(" min"))
        # written when somebody has finished, not at each key
        self._minutes.setKeyboardTracking(False)
        self._saying = Saying()
        super().__init__(
            heading(self.tr("When Chairside locks"), 2),
            plain(self.tr(
                "It locks when the computer's screen locks, when the computer sleeps, with Ctrl+L, and after the time "
                "below without a key or the mouse. What is half typed is kept."
            )),
            Field(self.tr("Minu&tes without a key or the mouse"), self._minutes), self._saying,
        )  # fmt: skip
        self._minutes.valueChanged.connect(self._on_changed)

    def _on_changed(self, minutes: int) -> None:
        locking.set_idle_minutes(self._sitting, minutes)
        said = (
            self.tr("Chairside locks after %1 minutes from now on.")
            if minutes > 1
            else self.tr("Chairside locks after %1 minute from now on.")
        )
        self._saying.say(said.replace("%1", str(minutes)))
