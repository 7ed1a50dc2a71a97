"""The form for one line of a draft, with what is pointed out beside each field as somebody types."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit

from app.services.plan_draft import Draft
from app.services.plan_look import Look
from app.ui.kit.form import Form
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying
from app.ui.plan import asking
from app.ui.plan.asking import FACTS


class Entering(Group):
    """``saved`` with the answers, ``removal_wanted`` for the line itself, ``dropped`` where nothing is to change."""

    saved = Signal(object)
    removal_wanted = Signal()
    dropped = Signal()

    def __init__(self, part: str, key: str, draft: Draft, look: Look) -> None:
        self.part, self.key, self._look = part, key, look
        whole = part == FACTS
        asked = asking.facts_asked(look, first=not look.history) if whole else asking.asked(part, draft, look)
        self._hints = {one.key: one.hint for one in asked}
        self.form = Form(asked)
        self.out = button(self.tr("Take this &line out of the plan"))
        self._from = button(self.tr("E&xplain where this comes from"), self.tr("F1"))
        self.origin = Saying()
        super().__init__(self.form, Row(self.out, self._from), self.origin)
        # they have a parent by now: shown before, each would be a window of its own
        self.out.setVisible(bool(key))
        self._from.setVisible(self.explains)
        self.form.saved.connect(self.saved)
        self.form.dropped.connect(self.dropped)
        self.out.clicked.connect(self.removal_wanted)
        self._from.clicked.connect(self.show_origin)

    @property
    def explains(self) -> bool:
        """Whether rules of the pack stand behind what this line asks."""
        return self.part in ("steps", "outcomes", FACTS)

    def open(self, values: Mapping[str, Any]) -> None:
        """Show the form with these values; from then on it points out what nobody could check later."""
        title = self.tr("The plan as a whole")
        if self.part != FACTS:
            title = self._look.pack.words("plan", self.part) if self.key else asking.PARTS[self.part].replace("&", "")
        # what is not in sight yet cannot take the focus
        self.show()
        self.form.open(title, values)
        for key in self._hints if self.part in ("steps", "outcomes") else ():
            match self.form.field(key).edit:
                case QLineEdit() | QPlainTextEdit() as typed:
                    typed.textChanged.connect(lambda *_text: self._advise())
                case QComboBox() as chosen:
                    chosen.currentIndexChanged.connect(lambda _row: self._advise())
        self._advise()

    def say_first(self) -> None:
        """Ask for this line to be saved or put away before another, and put the focus on it."""
        self.form.say(self.tr("Save this line first, or put it away with Escape: then the other one."))
        self.form.field(next(iter(self._hints))).setFocus()

    def _advise(self) -> None:
        found = asking.suggestions(self.part, self.form.values, self._look.today, self._look.pack)
        for key, hint in self._hints.items():
            said = asking.advice(found.get(key, ()))
            self.form.field(key).advise("\n".join(part for part in (said, hint) if part))

    def show_origin(self) -> None:
        """Say where the rules come from by which something is pointed out in this line, or say it no more."""
        pack = self._look.pack
        if self.origin.text:
            self.origin.hush()
        elif self.part == FACTS:
            self.origin.say(asking.origin_of_facts(pack))
        else:
            found = asking.suggestions(self.part, self.form.values, self._look.today, pack)
            self.origin.say(asking.origin_of([one for beside in found.values() for one in beside], pack))
