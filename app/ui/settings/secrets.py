"""How the store is opened: each way there is, and what can be done about it."""

from collections.abc import Callable

from PySide6.QtCore import Signal

from app.services import opening, securing
from app.services.sitting import Sitting
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying, Tone
from app.ui.settings.key_acts import (
    ChangePassphrase,
    EncryptAnew,
    KeyAct,
    LetOrganisationIn,
    NewRecoveryKey,
    RememberHere,
    ShutOrganisationOut,
)


class SecretsPart(Group):
    """Names the ways in and what is lost with them; ``store_closed`` where the store has to be opened again."""

    store_closed = Signal()

    def __init__(self, sitting: Sitting, lane: Lane) -> None:
        super().__init__()
        self._sitting, self._lane = sitting, lane
        self._open: KeyAct | None = None
        self._saying = Saying()
        self._ways = plain()
        self._change = button(self.tr("Change the &passphrase"))
        self._renew = button(self.tr("New recovery &key"))
        self._escrow = button("")
        self._keyring = button("")
        self._anew = button(self.tr("En&crypt everything anew"))
        self._buttons = (self._change, self._renew, self._escrow, self._keyring, self._anew)
        self._place = Group()
        for part in (
            heading(self.tr("How this store is opened"), 2), self._ways, self._saying,
            Row(*self._buttons[:2]), Row(*self._buttons[2:]), self._place,
        ):  # fmt: skip
            self.column.addWidget(part)
        self._change.clicked.connect(lambda: self._begin(ChangePassphrase))
        self._renew.clicked.connect(lambda: self._begin(NewRecoveryKey))
        self._escrow.clicked.connect(self._on_escrow)
        self._keyring.clicked.connect(self._on_keyring)
        self._anew.clicked.connect(lambda: self._begin(EncryptAnew))
        self._show()

    def _show(self) -> None:
        ways = securing.ways(self._sitting)
        lines = [
            self.tr("Passphrase: in use."),
            self.tr("Recovery key on paper: in use.") if ways.recovery else self.tr("Recovery key: none; make one."),
            self.tr("Organisation's key: %1.").replace("%1", ways.escrow or self.tr("none")),
            self.tr("This computer's keyring: on.") if ways.keyring else self.tr("This computer's keyring: off."),
            "",
            ways.lost,
        ]
        self._ways.setText("\n".join(lines))
        self._escrow.setText(
            self.tr("Take the organisation's ke&y out") if ways.escrow else self.tr("Let &your organisation in")
        )
        self._keyring.setText(
            self.tr("For&get the store on this computer") if ways.keyring else self.tr("Remem&ber on this computer")
        )
        self._in_keyring, self._in_escrow = ways.keyring, bool(ways.escrow)

    def _on_escrow(self) -> None:
        self._begin(ShutOrganisationOut if self._in_escrow else LetOrganisationIn)

    def _on_keyring(self) -> None:
        if not self._in_keyring:
            self._begin(RememberHere)
            return
        sitting = self._sitting
        self._busy(True)

        def work() -> Answer:
            trouble = opening.forget(sitting)
            return lambda: self._on_forgotten(trouble)

        self._lane.run(work, self)

    def _on_forgotten(self, trouble: str) -> None:
        self._busy(False)
        done = self.tr("This computer does not open the store by itself any more.")
        self._saying.say(trouble or done, Tone.URGENT if trouble else Tone.CALM)
        self._show()

    def _begin(self, kind: Callable[[Sitting, Lane], KeyAct]) -> None:
        self._put_away()
        self._saying.hush()
        self._open = act = kind(self._sitting, self._lane)
        act.done.connect(self._on_done)
        act.dropped.connect(self._on_dropped)
        if isinstance(act, EncryptAnew):
            act.closed.connect(self.store_closed)
        self._place.column.addWidget(act)
        self._busy(True)
        act.focus_home()

    def _on_done(self, said: str) -> None:
        self._put_away()
        self._show()
        self._saying.say(said)

    def _on_dropped(self) -> None:
        self._put_away()

    def _put_away(self) -> None:
        self._busy(False)
        if self._open is not None:
            self._open.hide()
            self._open.deleteLater()
            self._open = None
            self._change.setFocus()

    def _busy(self, busy: bool) -> None:
        for one in self._buttons:
            one.setEnabled(not busy)
