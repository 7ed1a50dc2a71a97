"""How the store is opened: passphrase, recovery key, and this computer's keyring."""

from collections.abc import Callable

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QWidget

from app.services import opening, securing
from app.services.sitting import Sitting
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying, Tone
from app.ui.kit.secret import SecretField


class SecretsPart(Group):
    """Changes a passphrase, makes a new recovery key, and lets this computer's keyring open the store or not."""

    def __init__(self, sitting: Sitting, lane: Lane) -> None:
        super().__init__()
        self._sitting, self._lane = sitting, lane
        self._saying = Saying()
        self._old = SecretField(self.tr("Your &passphrase now"))
        self._new = SecretField(self.tr("The ne&w passphrase"), self.tr("At least 12 characters."))
        self._again = SecretField(self.tr("The new passphrase a&gain"))
        self._change = button(self.tr("&Change the passphrase"))
        self._renew = button(self.tr("Make a new recovery &key"))
        self._remember = button("")
        self._key = plain()
        self._key.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._key.hide()
        parts: list[QWidget] = [
            heading(self.tr("How this store is opened"), 2),
            plain(self.tr("Each of these asks for the passphrase you use now.")),
            self._saying, self._old, Row(self._renew, self._remember), self._key, self._new, self._again,
            Row(self._change),
        ]  # fmt: skip
        for part in parts:
            self.column.addWidget(part)
        self._show_remember()
        self._change.clicked.connect(self._on_change)
        self._renew.clicked.connect(self._on_renew)
        self._remember.clicked.connect(self._on_remember)

    @property
    def _remembered(self) -> bool:
        return opening.is_remembered(self._sitting.store.folder)

    def _show_remember(self) -> None:
        self._remember.setText(
            self.tr("Forget the s&tore on this computer") if self._remembered else self.tr("Remem&ber on this computer")
        )
        tip = self.tr("With this, whoever is signed in to this computer as you can open the store without passphrase.")
        self._remember.setToolTip(tip)
        self._remember.setAccessibleDescription(tip)

    def _on_change(self) -> None:
        old, new = self._old.text, self._new.text
        weak = securing.strength(new)
        if not old:
            self._old.say(self.tr("Type the passphrase you use now."))
        elif weak:
            self._new.say(weak)
        elif new != self._again.text:
            self._again.say(self.tr("The two are not the same: type the new passphrase again."))
        else:
            sitting = self._sitting
            done = self.tr("The new passphrase opens the store from now on.")
            self._do(lambda: securing.change_passphrase(sitting, old, new), done)

    def _on_remember(self) -> None:
        sitting, phrase = self._sitting, self._old.text
        if self._remembered:
            self._do(
                lambda: opening.forget(sitting), self.tr("This computer does not open the store by itself any more.")
            )
        elif phrase:
            done = self.tr("This computer's keyring can open the store from now on.")
            self._do(lambda: opening.remember(sitting, phrase), done)
        else:
            self._old.say(self.tr("Type the passphrase you use now."))

    def _on_renew(self) -> None:
        sitting, phrase = self._sitting, self._old.text
        if not phrase:
            self._old.say(self.tr("Type the passphrase you use now."))
            return
        self._busy(True)

        def work() -> Answer:
            key, trouble = securing.replace_recovery_key(sitting, phrase)
            return lambda: self._on_renewed(key, trouble)

        self._lane.run(work, self, self._on_failed)

    def _on_renewed(self, key: str, trouble: str) -> None:
        done = self.tr("Write this recovery key on paper now; the one before it opens nothing any more.")
        self._on_done(trouble, done)
        self._key.setText(key)
        self._key.setVisible(bool(key))

    def _do(self, act: Callable[[], str], done: str) -> None:
        """Do something slow that answers with the sentence of what went wrong, or nothing."""
        self._busy(True)

        def work() -> Answer:
            trouble = act()
            return lambda: self._on_done(trouble, done)

        self._lane.run(work, self, self._on_failed)

    def _on_done(self, trouble: str, done: str) -> None:
        self._busy(False)
        self._show_remember()
        self._saying.say(trouble or done, Tone.URGENT if trouble else Tone.CALM)
        if not trouble:
            for field in (self._old, self._new, self._again):
                field.empty()

    def _on_failed(self, failure: Exception) -> None:
        self._busy(False)
        raise failure

    def _busy(self, busy: bool) -> None:
        self._key.hide()
        for part in (self._change, self._renew, self._remember):
            part.setEnabled(not busy)
