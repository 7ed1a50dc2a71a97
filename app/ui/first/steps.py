"""The three pages of the first start."""

from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.first.presenter import Phrase
from app.ui.kit.field import LineField
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Page, Row, button
from app.ui.kit.recovery import RecoveryKey
from app.ui.kit.saying import Saying
from app.ui.kit.secret import SecretField

WIDTH = 72


class Step(Page):
    """One page of the first start, with one thing to do on it."""

    wanted = Signal()

    def __init__(self, number: int, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, WIDTH)
        self.saying = Saying()
        self.add(plain(self.tr("First start, step %1 of 3").replace("%1", str(number))), heading(title), self.saying)

    def finish(self, do: QPushButton, first: QWidget) -> None:
        """Put the page's button below everything, and name what gets the focus."""
        self._do, self._first = do, first
        self.add(Row(do))
        self.end()
        do.clicked.connect(self.wanted)

    def focus_home(self) -> None:
        """Put the focus on the first thing to do."""
        self._first.setFocus()

    def busy(self, busy: bool) -> None:
        """Let nothing be changed while the worker is at it."""
        self._do.setEnabled(not busy)


class PassphraseStep(Step):
    """The passphrase, typed twice."""

    def __init__(self) -> None:
        super().__init__(1, self.tr("Choose a passphrase"))
        self.first = SecretField(
            self.tr("&Passphrase"),
            self.tr("At least 12 characters. Four or five words that you can remember are best."),
        )
        self.second = SecretField(self.tr("The same passphrase &again"))
        self.add(
            plain(self.tr(
                "Everything you record is encrypted on this computer. The passphrase opens it; nobody else, and no "
                "support desk, can."
            )),
            plain(self.tr(
                "If both the passphrase and the recovery key of the next page are lost, the records on this computer "
                "cannot be read by anyone any more."
            )),
            self.first, self.second,
        )  # fmt: skip
        self.finish(button(self.tr("Make the &store"), first=True), self.first)
        # Tab goes from one line to the other, as everybody expects: a space typed blindly would show the first
        for one, other in pairwise((self.first.line, self.second.line, self.first.reveal, self.second.reveal)):
            QWidget.setTabOrder(one, other)
        self.first.entered.connect(self.second.setFocus)
        self.second.entered.connect(self.wanted)

    def show_phrase(self, found: Phrase) -> None:
        """Say what is wrong with the passphrase."""
        if found.second:
            self.second.say(found.second)
        if found.first:
            self.first.say(found.first)


class KeyStep(Step):
    """The recovery key, shown once, and proved by typing some of it back."""

    def __init__(self) -> None:
        super().__init__(2, self.tr("Keep the recovery key"))
        self.key = RecoveryKey()
        self.add(
            plain(self.tr(
                "If the passphrase is forgotten, this key opens the store. Write it on paper, or print it, and keep it "
                "away from this computer. It is shown here once; a new one can be made in Settings."
            )),
            self.key,
        )  # fmt: skip
        self.finish(button(self.tr("I have &kept it"), first=True), self.key.fields[0])
        self.key.entered.connect(self.wanted)


class PersonStep(Step):
    """Who signs the minutes."""

    def __init__(self) -> None:
        super().__init__(3, self.tr("Who are you?"))
        self.name = LineField(self.tr("Your &name"))
        self.role = LineField(self.tr("Your &role"), self.tr("For example: Team manager."))
        self.organisation = LineField(
            self.tr("Your &organisation"), self.tr("For example: your council's children's services.")
        )
        self.add(
            plain(self.tr(
                "Minutes are signed with your name, so that anyone who receives them can check who signed and that "
                "nothing was changed. The identity is made here and stays on this computer."
            )),
            self.name, self.role, self.organisation,
        )  # fmt: skip
        self.finish(button(self.tr("&Begin"), first=True), self.name)
        for field, following in ((self.name, self.role), (self.role, self.organisation)):
            field.entered.connect(following.setFocus)
        self.organisation.entered.connect(self.wanted)
