"""What can be done about the ways a store is opened, each a small part that opens in place."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.services import opening, securing
from app.services.sitting import Sitting
from app.ui.kit.filing import open_file
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.recovery import RecoveryKey
from app.ui.kit.saying import Saying, Tone
from app.ui.kit.secret import SecretField


class KeyAct(Group):
    """Says what an act does, asks for the passphrase in use, and does it; ``done`` with what to say afterwards."""

    done = Signal(str)
    dropped = Signal()

    def __init__(self, sitting: Sitting, lane: Lane, title: str, means: str, *parts: QWidget, do: str) -> None:
        self.sitting, self._lane = sitting, lane
        self.saying = Saying()
        self.phrase = SecretField(self.tr("Your passphrase now"))
        self.do, self._drop = button(do, first=True), button(self.tr("Not now"), self.tr("Escape"))
        self._parts = parts
        super().__init__(
            heading(title, 3), plain(means), self.saying, self.phrase, *parts, Row(self.do, self._drop)
        )  # fmt: skip
        self.do.clicked.connect(self.begin)
        self.phrase.entered.connect(self.begin)
        self._drop.clicked.connect(self.drop)
        leave = QAction(self)
        leave.setShortcut(QKeySequence("Esc"))
        leave.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.triggered.connect(self.drop)
        self.addAction(leave)

    def begin(self) -> None:
        """Do it, or say what is missing."""
        raise NotImplementedError

    def focus_home(self) -> None:
        """Put the focus on the first field."""
        self.phrase.setFocus()

    def drop(self) -> None:
        """Change nothing."""
        self.dropped.emit()

    def knows_phrase(self) -> bool:
        """Return whether a passphrase is typed, after saying so where none is."""
        if not self.phrase.text:
            self.phrase.say(self.tr("Type the passphrase you use now."))
        return bool(self.phrase.text)

    def work(self, act: Callable[[], str], done: str) -> None:
        """Do something slow that answers with the sentence of what went wrong, or nothing."""
        self.run(lambda: self._answer(act(), done))

    def run(self, work: Callable[[], Answer], *, aside: bool = False) -> None:
        """Call ``work`` on the worker while nothing here can be changed, then what it returns."""
        self.busy(True)
        self._lane.run(work, self, self._on_failed, aside=aside)

    def say(self, trouble: str) -> None:
        """Say what went wrong."""
        self.saying.say(trouble, Tone.URGENT)

    def busy(self, busy: bool) -> None:
        """Let nothing be changed while the worker is at it."""
        if busy:
            self.saying.say(self.tr("This takes about a second."))
        for part in (self.phrase, self.do, self._drop, *self._parts):
            part.setEnabled(not busy)

    def _answer(self, trouble: str, done: str) -> Answer:
        def tell() -> None:
            self.busy(False)
            if trouble:
                self.say(trouble)
                self.focus_home()
            else:
                self.done.emit(done)

        return tell

    def _on_failed(self, failure: Exception) -> None:
        self.busy(False)
        self.saying.hush()
        raise failure


class ChangePassphrase(KeyAct):
    """A new passphrase in place of the one there was."""

    def __init__(self, sitting: Sitting, lane: Lane) -> None:
        self._new = SecretField(
            self.tr("The new passphrase"), self.tr("At least 12 characters. Four or five words are best.")
        )
        self._again = SecretField(self.tr("The new passphrase again"))
        means = self.tr(
            "The old passphrase opens this store no more. Backups made before still open with it: where somebody else "
            "may know it, encrypt everything anew as well."
        )
        super().__init__(
            sitting, lane, self.tr("Change the passphrase"), means, self._new, self._again,
            do=self.tr("Change it"),
        )  # fmt: skip
        self._new.entered.connect(self._again.setFocus)
        self._again.entered.connect(self.begin)

    def begin(self) -> None:
        """Change the passphrase, where the two new ones are the same and strong enough."""
        old, new = self.phrase.text, self._new.text
        weak = securing.strength(new)
        if not self.knows_phrase():
            return
        if weak:
            self._new.say(weak)
        elif new != self._again.text:
            self._again.say(self.tr("The two are not the same: type the new passphrase again."))
        else:
            sitting = self.sitting
            done = self.tr("The new passphrase opens the store from now on.")
            self.work(lambda: securing.change_passphrase(sitting, old, new), done)


class NewRecoveryKey(KeyAct):
    """A new recovery key, shown and proved before it takes the place of the one there was."""

    def __init__(self, sitting: Sitting, lane: Lane) -> None:
        self._key = RecoveryKey()
        self._new: securing.NewKey | None = None
        super().__init__(sitting, lane, *self.told(), self._key, do=self.tr("Make a key"))
        self._key.hide()
        self._key.entered.connect(self.begin)

    def told(self) -> tuple[str, str]:
        """Return the title, and what the act means."""
        return self.tr("A new recovery key"), self.tr(
            "The key on paper opens the store when the passphrase is forgotten. The one you have stays good until you "
            "have proved that the new one is on your paper; then it opens this store no more."
        )

    def begin(self) -> None:
        """Show a new key, or put the one on show in force once it is proved."""
        if self._new is None:
            if self.knows_phrase():
                sitting, phrase = self.sitting, self.phrase.text
                self.run(lambda: self._made(*securing.prepare_recovery_key(sitting, phrase)))
            return
        new, typed, sitting = self._new, self._key.typed, self.sitting
        wrong = [number for number, group in typed.items() if not securing.same_group(new.group(number), group)]
        for number in reversed(wrong):
            self._key.say_wrong(number)
        if not wrong:
            self.confirm(sitting, new)

    def confirm(self, sitting: Sitting, new: "securing.NewKey") -> None:
        """Put the key that was proved in force."""
        typed = self._key.typed
        done = self.tr("The new recovery key opens the store from now on; the one before it opens nothing any more.")
        self.work(lambda: securing.confirm_recovery_key(sitting, new, typed), done)

    def drop(self) -> None:
        """Change nothing, and forget the key that was shown."""
        self._new = None
        self._key.show_key("", (1, 2))
        super().drop()

    def _made(self, new: "securing.NewKey | None", trouble: str) -> Answer:
        def show() -> None:
            self.busy(False)
            if new is None:
                self.say(trouble)
                self.focus_home()
                return
            self.saying.say(self.tr("Put this key on paper now: it is shown here once."))
            self._new = new
            self.phrase.hide()
            self._key.show_key(new.printed, securing.groups_to_prove(new), securing.name_of_store(self.sitting))
            self._key.show()
            self.do.setText(self.tr("It is on my paper"))
            self._key.fields[0].setFocus()

        return show


class EncryptAnew(NewRecoveryKey):
    """Everything encrypted under a new data key, where a secret or a copy may be in the wrong hands."""

    progressed = Signal(str, int, int)
    closed = Signal()

    def __init__(self, sitting: Sitting, lane: Lane) -> None:
        super().__init__(sitting, lane)
        self.progressed.connect(self._on_progressed)

    def told(self) -> tuple[str, str]:
        """Return the title, and what the act means."""
        return self.tr("Encrypt everything anew"), self.tr(
            "Do this where a passphrase, a recovery key or a copy of this store may be in the wrong hands. Everything "
            "is encrypted again under a new key and checked before it takes the place of the old. The recovery key is "
            "a new one; Chairside locks when it is done. Old backups still open with the old secrets: remove those "
            "that may have been taken."
        )

    def confirm(self, sitting: Sitting, new: "securing.NewKey") -> None:
        """Copy the store under a new key, check the copy, and put it in the place of the old one."""
        phrase = self.phrase.text

        def work() -> Answer:
            from app.services.rekeying import NotRekeyed, rekey

            try:
                rekey(sitting, phrase, new, self.progressed.emit)
            except NotRekeyed as refused:
                return self._answer(str(refused), "")
            return self._on_rekeyed

        self.run(work, aside=True)

    def busy(self, busy: bool) -> None:
        """Let nothing be changed or typed anywhere meanwhile: the store that would keep it is being replaced."""
        super().busy(busy)
        self.window().setEnabled(not busy)

    def _on_rekeyed(self) -> None:
        self.window().setEnabled(True)
        self.closed.emit()

    def _on_progressed(self, what: str, done: int, of: int) -> None:
        share = self.tr(" (%1 of %2)").replace("%1", str(done)).replace("%2", str(of)) if of > 1 else ""
        self.saying.say(what + share)


class LetOrganisationIn(KeyAct):
    """The organisation's public key: whoever holds the private one can open the store when all else is lost."""

    def __init__(self, sitting: Sitting, lane: Lane) -> None:
        self._choose = button(self.tr("Choose the organisation's key file"))
        self._chosen = plain()
        self._pem = b""
        means = self.tr(
            "Your organisation keeps a private key in a safe and gives you the public one as a file. With it in place "
            "they can open this store if you cannot, for example when somebody has left or died. Compare the "
            "fingerprint with the one they told you."
        )
        super().__init__(
            sitting, lane, self.tr("Let your organisation in"), means, Row(self._choose), self._chosen,
            do=self.tr("Let them in"),
        )  # fmt: skip
        self._choose.clicked.connect(self._on_choose)

    def take(self, path: Path) -> None:
        """Show whose key is in the file, or why it cannot be used."""
        try:
            pem = securing.key_file(path)
            label, fingerprint = securing.escrow_offered(pem)
        except securing.NotAnEscrowKey as refused:
            self._pem = b""
            self._chosen.setText("")
            self.say(str(refused))
            return
        self._pem = pem
        self.saying.hush()
        self._chosen.setText(
            self.tr("%1\nFingerprint: %2").replace("%1", label).replace("%2", fingerprint)
        )  # fmt: skip
        self.phrase.setFocus()

    def begin(self) -> None:
        """Let the organisation in."""
        if not self._pem:
            self.say(self.tr("Choose the file with the organisation's public key first."))
            self._choose.setFocus()
        elif self.knows_phrase():
            sitting, phrase, pem = self.sitting, self.phrase.text, self._pem
            done = self.tr("Your organisation's key can open the store from now on.")
            self.work(lambda: securing.add_escrow(sitting, phrase, pem), done)

    def _on_choose(self) -> None:
        chosen = open_file(self, self.tr("The organisation's public key"), self.tr("Keys (*.pem);;All files (*)"))
        if chosen:
            self.take(Path(chosen))


class ShutOrganisationOut(KeyAct):
    """Takes the organisation's key out."""

    def __init__(self, sitting: Sitting, lane: Lane) -> None:
        means = self.tr(
            "Your organisation's key opens this store no more, nor backups made from now on; backups made before still "
            "open with it."
        )
        super().__init__(
            sitting, lane, self.tr("Take the organisation's key out"), means, do=self.tr("Take it out")
        )  # fmt: skip

    def begin(self) -> None:
        """Take the key out."""
        if self.knows_phrase():
            sitting, phrase = self.sitting, self.phrase.text
            done = self.tr("Your organisation's key opens this store no more.")
            self.work(lambda: securing.remove_escrow(sitting, phrase), done)


class RememberHere(KeyAct):
    """This computer's keyring as a further way in."""

    def __init__(self, sitting: Sitting, lane: Lane) -> None:
        means = self.tr(
            "With this, whoever is signed in to this computer as you opens the store without a passphrase. If the "
            "keyring is reset, the passphrase and the recovery key still open it."
        )
        super().__init__(
            sitting, lane, self.tr("Remember the store on this computer"), means, do=self.tr("Remember it")
        )  # fmt: skip

    def begin(self) -> None:
        """Let the keyring open the store."""
        if self.knows_phrase():
            sitting, phrase = self.sitting, self.phrase.text
            done = self.tr("This computer's keyring can open the store from now on.")
            self.work(lambda: opening.remember(sitting, phrase), done)
