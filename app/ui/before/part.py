"""What every part of the page is made of: a list, the forms that open under it, and what was done last."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from app.models.base import Refused
from app.practice.working_days import CalendarTooShort
from app.services.keeping import NotWritten
from app.services.sitting import SaveFault
from app.ui.before.desk import Desk
from app.ui.before.presenter import FIELDS
from app.ui.kit.form import Form
from app.ui.kit.look import heading
from app.ui.kit.page import Group, button
from app.ui.kit.saying import Saying, Tone


class Part(Group):
    """``acted`` once something was recorded, which can be taken back; ``went_out`` once a file was saved."""

    acted = Signal()
    went_out = Signal()
    undo_wanted = Signal()

    def __init__(self, desk: Desk, *parts: QWidget) -> None:
        super().__init__(*parts)
        self.desk = desk
        self.forms: dict[str, Form] = {}
        # what the open form is about, by its id
        self.about = ""
        self.said = Saying()
        self.take_back = button(self.tr("Take it back"), self.tr("Ctrl+Z"))
        self.take_back.hide()
        self.take_back.clicked.connect(self.undo_wanted)
        # asked before a form opens, so that never two are open and nothing typed is lost
        self.may_open: Callable[[], bool] = lambda: True

    def end(self, **forms: Form) -> None:
        """Put the forms, and what was done last, at the end of the part."""
        self.forms = forms
        for name, form in forms.items():
            form.saved.connect(lambda values, name=name: self.save(name, values))
            form.dropped.connect(self.go_home)
            self.column.addWidget(form)
        self.column.addWidget(self.said)
        self.column.addWidget(self.take_back, 0, Qt.AlignmentFlag.AlignLeft)

    def show_meeting(self) -> None:
        """Show the meeting as it is now."""
        raise NotImplementedError

    def save(self, name: str, values: Mapping[str, Any]) -> None:
        """Do what the form of that name is for."""

    def go_home(self) -> None:
        """Put the focus on what this part is about."""

    def why(self) -> str:
        """Return where the rule of the current row comes from; empty where no row is about a rule."""
        return ""

    @property
    def open_form(self) -> str:
        """The name of the form that is open; empty where none is."""
        return next((name for name, form in self.forms.items() if not form.isHidden()), "")

    def open(self, name: str, title: str, values: Mapping[str, Any], about: object = "") -> None:
        """Open a form, unless another one is still being written."""
        if self.may_open():
            self.said.hush()
            self.about = str(about)
            self.forms[name].open(title, values)

    def knows(self, _about: str) -> bool:
        """Return whether there still is what a form was about."""
        return True

    def put_back(self, name: str, about: str, values: Mapping[str, Any]) -> bool:
        """Open a form again with what was half typed in it; return whether it can be."""
        form = self.forms.get(name)
        if form is None or set(values) != set(form.values) or not self.knows(about):
            return False
        self.about = about
        form.open(self.tr("Not saved yet"), values)
        return True

    def act(self, act: Callable[[], object], said: str, key: str = "") -> None:
        """Do something, and say that it was done or why it was not; an open form stays open until it was.

        ``key`` is the field that most likely is wrong.
        """
        try:
            act()
        except (Refused, SaveFault) as failure:
            self.refuse(failure, key)
        else:
            if self.open_form:
                self.forms[self.open_form].close_up()
            self.acted.emit()
            self.said.say(said)
            self.go_home()

    def refuse(self, failure: Exception, key: str = "") -> None:
        """Say why something was not done, beside the field it is about."""
        if isinstance(failure, Refused):
            sentence, key = self.desk.sentence(failure), FIELDS.get(failure.rule, key)
        elif isinstance(failure, SaveFault | NotWritten | CalendarTooShort):
            sentence, key = str(failure), ""
        else:
            raise failure
        if self.open_form:
            self.forms[self.open_form].say(sentence, key)
        else:
            self.said.say(sentence, Tone.URGENT)


def titled(text: str, buddy: QWidget) -> QLabel:
    """Return the heading of a part, whose key leads to what it is about."""
    label = QLabel(text)
    label.setFont(heading(level=2).font())
    label.setBuddy(buddy)
    return label


def offer(box: QWidget, choices: list[tuple[str, str]]) -> None:
    """Let a form choose among these, each a value and its words."""
    if isinstance(box, QComboBox):
        box.clear()
        for value, words in choices:
            box.addItem(words, value)
