"""The first start: a passphrase, a recovery key and a name, each on one calm page."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.ui.first.presenter import judge, wrong_groups
from app.ui.first.steps import KeyStep, PassphraseStep, PersonStep, Step
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.saying import Tone

if TYPE_CHECKING:
    from app.services.opening import Made
    from app.services.sitting import Sitting

# Services are imported when they are first needed: the window is to be up before them.


class FirstScreen(QStackedWidget):
    """Leads from nothing to a store with somebody to sign in it; with a ``sitting`` only the name is left to ask."""

    finished = Signal(object)

    def __init__(
        self,
        folder: Path,
        now: Callable[[], datetime],
        lane: Lane,
        sitting: "Sitting | None" = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder, self._now, self._lane, self._sitting = folder, now, lane, sitting
        self._recovery_key = ""
        self._asked = (1, 2)
        self._passphrase, self._key, self._person = PassphraseStep(), KeyStep(), PersonStep()
        for step in (self._passphrase, self._key, self._person):
            self.addWidget(step)
        if sitting is not None:
            self.setCurrentWidget(self._person)
        self._connect()

    def _connect(self) -> None:
        self._passphrase.wanted.connect(self._on_passphrase)
        self._key.wanted.connect(self._on_key_kept)
        self._person.wanted.connect(self._on_person)

    def title(self) -> str:
        """Return what the window is called: nothing of the record."""
        return self.tr("First start")

    def focus_home(self) -> None:
        """Put the focus on the first thing to do."""
        step = self.currentWidget()
        if isinstance(step, Step):
            step.focus_home()

    def _on_passphrase(self) -> None:
        from app.services.securing import strength

        step = self._passphrase
        phrase = step.first.text
        found = judge(
            phrase, step.second.text, strength, self.tr("The two are not the same: type the passphrase again.")
        )
        step.show_phrase(found)
        if not found.usable:
            return
        step.busy(True)
        step.saying.say(self.tr("Making the store. This takes a few seconds."))
        folder, now = self._folder, self._now

        def work() -> Answer:
            from app.services.opening import make_store

            made = make_store(folder, phrase, now)
            return lambda: self._on_made(made)

        self._lane.run(work, self, self._on_not_made)

    def _on_made(self, made: "Made") -> None:
        self._sitting = made.sitting
        self._recovery_key = made.recovery_key or ""
        from app.services.securing import asked_groups

        self._asked = asked_groups(os.urandom(2))
        self._passphrase.first.empty()
        self._passphrase.second.empty()
        self._passphrase.saying.hush()
        self._key.key.show_key(self._recovery_key, self._asked)
        self._go_to(self._key)

    def _on_not_made(self, failure: Exception) -> None:
        from app.services.opening import CannotOpen

        self._passphrase.busy(False)
        self._passphrase.saying.hush()
        if not isinstance(failure, CannotOpen):
            raise failure
        self._passphrase.saying.say(str(failure), Tone.URGENT)

    def _on_key_kept(self) -> None:
        from app.services.securing import same_group

        wrong = wrong_groups(self._recovery_key, self._asked, list(self._key.key.typed.values()), same_group)
        for place in reversed(wrong):
            self._key.key.say_wrong(self._asked[place])
        if not wrong:
            self._recovery_key = ""
            self._key.key.show_key("", self._asked)
            self._go_to(self._person)

    def _on_person(self) -> None:
        step, sitting = self._person, self._sitting
        if sitting is None:
            return
        if not step.name.text.strip():
            step.name.say(self.tr("Minutes are signed by somebody: type your name."))
            return
        step.busy(True)
        step.saying.say(self.tr("Making the identity that signs your minutes."))
        name, role, organisation = step.name.text, step.role.text, step.organisation.text

        def work() -> Answer:
            from app.services.opening import introduce

            introduce(sitting, name, role, organisation)
            return lambda: self.finished.emit(sitting)

        self._lane.run(work, self, self._on_not_introduced)

    def _on_not_introduced(self, failure: Exception) -> None:
        from app.models.base import Refused
        from app.practice.finding import fill

        step, sitting = self._person, self._sitting
        step.busy(False)
        step.saying.hush()
        if not isinstance(failure, Refused) or sitting is None:
            raise failure
        step.name.say(fill(sitting.pack.words("refusal", failure.rule), failure.words))

    def _go_to(self, step: Step) -> None:
        self.setCurrentWidget(step)
        step.focus_home()
