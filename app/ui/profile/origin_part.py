"""A part of the page that writes local rules: what somebody begins from."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from app.services import profiling
from app.ui.kit.field import Field
from app.ui.kit.filing import open_folder
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying

NOTHING, IN_FORCE = "", "in-force"


class OriginPart(Group):
    """``wanted`` with ``NOTHING``, with ``IN_FORCE`` for the rules in use, or with the folder of a profile."""

    wanted = Signal(object)

    def __init__(self, *, in_force: bool) -> None:
        self.choices, self.said = QComboBox(), Saying()
        self.begin = button(self.tr("&Begin from this"))
        self._folder = button(self.tr("Begin from a f&older…"))
        super().__init__(Field(self.tr("B&egin from"), self.choices), Row(self.begin, self._folder), self.said)
        self.choices.addItem(self.tr("Nothing yet"), NOTHING)
        if in_force:
            self.choices.addItem(self.tr("The local rules in use"), IN_FORCE)
        for sample in profiling.samples():
            words = self.tr("The sample %1").replace("%1", sample.name.replace("-", " ").title())
            self.choices.addItem(words, str(sample))
        self.begin.clicked.connect(self._on_begin)
        self._folder.clicked.connect(self._on_folder)

    def _on_begin(self) -> None:
        origin = self.choices.currentData()
        self.wanted.emit(origin if origin in (NOTHING, IN_FORCE) else Path(origin))

    def _on_folder(self) -> None:
        if chosen := open_folder(self, self.tr("The folder with the local rules to begin from")):
            self.wanted.emit(Path(chosen))
