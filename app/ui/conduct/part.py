"""What the parts of the page have in common: a heading, one form open at a time, and a sentence after each act."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

from app.ui.conduct.held import Half, Held
from app.ui.kit.form import Form
from app.ui.kit.look import heading
from app.ui.kit.page import Group
from app.ui.kit.saying import Saying, Tone


class Forms:
    """The forms of a page, of which one is open at a time, ``about`` what it was opened for."""

    def __init__(self, reveal: Callable[[QWidget], None]) -> None:
        self._forms: dict[str, Form] = {}
        self._reveal = reveal
        self.about = ""
        # what stood half filled in when the screen was left, for the form that is opened next
        self.half_filled: Half | None = None

    def know(self, name: str, form: Form) -> Form:
        """Take a form in under a name."""
        self._forms[name] = form
        return form

    @property
    def opened(self) -> tuple[str, Form] | None:
        """The form that is open, with its name; None where none is."""
        return next(((name, form) for name, form in self._forms.items() if not form.isHidden()), None)

    def open(self, name: str, title: str, values: Mapping[str, Any], about: str = "") -> bool:
        """Open a form for ``about`` and return True, unless another is open, which then says so."""
        if not self.may_open():
            return False
        half, self.half_filled = self.half_filled, None
        self.about = about
        self._forms[name].open(title, {**values, **(half.values if half and half.form == name else {})})
        self._reveal(self._forms[name])
        return True

    def may_open(self) -> bool:
        """Return whether no form is open; one that is says that it comes first."""
        if self.opened is None:
            return True
        _, form = self.opened
        form.say(form.tr("Save this, or put it away, before you begin something else."))
        self.go_to_opened()
        return False

    def go_to_opened(self) -> None:
        """Put the focus on the first field of the form that is open."""
        if self.opened is not None:
            _, form = self.opened
            fields = [form.field(key) for key in form.values]
            next(field for field in fields if not field.isHidden()).setFocus()

    def half(self) -> Half | None:
        """Return what stands half filled in."""
        found = self.opened
        if found is None:
            return None
        return Half(found[0], self.about, {key: str(value or "") for key, value in found[1].values.items()})


class Part(Group):
    """A part of the page; ``acted`` after each act, once the meeting is read again. It then says what happened."""

    acted = Signal()
    # says where the rule of the part comes from, where it rests on one
    why: QPushButton | None = None

    def __init__(self, held: Held, forms: Forms, *parts: QWidget) -> None:
        super().__init__(*parts)
        self.held, self.forms = held, forms

    def do(self, act: Callable[[], object], said: str, form: Form | None, fields: Mapping[str, str]) -> bool:
        """Do something and return whether it was done; what is wrong is said in the form, beside its field."""
        trouble = self.held.attempt(act)
        if trouble is None:
            if form is not None:
                form.close_up()
            self.acted.emit()
            self.said.say(said)
            return True
        if form is None or form.isHidden():
            self.complain(trouble.sentence)
        else:
            form.say(trouble.sentence, fields.get(trouble.rule, ""))
        return False

    def show_part(self) -> None:
        """Show what the part is about, as the record stands."""
        raise NotImplementedError

    def forget(self) -> None:
        """Read anew, the next time it is shown, what the part keeps of other meetings."""

    def complain(self, sentence: str) -> None:
        """Say why something was not done, below the part's buttons."""
        self.said.say(sentence, Tone.URGENT)

    @property
    def said(self) -> Saying:
        """Where the part says something."""
        raise NotImplementedError


def titled(text: str, buddy: QWidget | None = None, level: int = 2) -> QLabel:
    """Return a heading whose letter leads to ``buddy``."""
    label = QLabel(text)
    label.setFont(heading(level=level).font())
    label.setWordWrap(True)
    if buddy is not None:
        label.setBuddy(buddy)
    return label


def combo(form: Form, key: str) -> QComboBox:
    """Return the choice of that key in a form; raises ``TypeError`` where it is no choice."""
    found = form.field(key).edit
    if not isinstance(found, QComboBox):
        raise TypeError(key)
    return found
