"""The ruler for working days: a date and a count give a date, and why it is that one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from app.practice.words import day, legal_day
from app.services.sitting import Sitting
from app.ui.kit.field import Field, LineField
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Page, Row, button
from app.ui.kit.saying import Saying
from app.ui.settings.presenter import UNITS, measure


class RulerScreen(Page):
    """Counts working days, days, weeks or months, forwards or back, while the person types."""

    left = Signal()

    def __init__(self, sitting: Sitting, parent: QWidget | None = None) -> None:
        super().__init__(parent, width=72)
        self._sitting = sitting
        today = legal_day(sitting.now())
        self._start = LineField(self.tr("F&rom"), self.tr("For example 10.12.2026 or 10 December 2026."))
        self._number = LineField(self.tr("How ma&ny"), self.tr("A number such as -5 counts back."))
        self._unit = QComboBox()
        for unit, words in UNITS:
            self._unit.addItem(words, unit)
        self._units = Field(self.tr("&Of what"), self._unit)
        self._answer = Saying()
        self._back = button(self.tr("&Back"))
        self._start.text = day(today)
        self.add(
            heading(self.tr("Count working days")),
            plain(self.tr("The starting day is day zero. Weekends and England's bank holidays are not counted.")),
            self._start, self._number, self._units, self._answer, Row(self._back),
        )  # fmt: skip
        self.end()
        self._connect()

    def _connect(self) -> None:
        self._start.line.textChanged.connect(self._on_changed)
        self._number.line.textChanged.connect(self._on_changed)
        self._unit.currentIndexChanged.connect(self._on_changed)
        self._start.entered.connect(self._number.setFocus)
        self._number.entered.connect(self._on_asked)
        self._back.clicked.connect(self.left)
        self.left_by_esc(self.left.emit)

    def title(self) -> str:
        """Return what the window is called: nothing of the record."""
        return self.tr("Working days")

    def focus_home(self) -> None:
        """Put the focus on the starting day."""
        self._start.setFocus()
        self._start.line.selectAll()

    def _on_changed(self) -> None:
        self._measure(complain=False)

    def _on_asked(self) -> None:
        self._measure(complain=True)

    def _measure(self, *, complain: bool) -> None:
        found = measure(self._start.text, self._number.text, self._unit.currentData(), legal_day(self._sitting.now()))
        self._answer.say(f"{found.answer}\n\n{found.because}" if found.answer else "")
        if complain and found.wrong_day:
            self._start.say(found.wrong_day)
        elif complain and found.wrong_number:
            self._number.say(found.wrong_number)
