"""The settings: who signs, how the store is opened, and what this program is."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.models.base import Refused
from app.practice.finding import fill
from app.services import keeping, noting, opening, sealing
from app.services.sitting import Sitting
from app.ui.kit.field import LineField
from app.ui.kit.filing import save_file
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Page, Row, button
from app.ui.kit.saying import Saying, Tone
from app.ui.settings.backups import BackupsPart
from app.ui.settings.locking import LockingPart
from app.ui.settings.presenter import about, local_rules, person, sources
from app.ui.settings.records import RecordsPart
from app.ui.settings.secrets import SecretsPart


class SettingsScreen(Page):
    """Everything that is set once and rarely changed."""

    left = Signal()
    store_closed = Signal()
    profile_wanted = Signal()

    def __init__(self, sitting: Sitting, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sitting, self._lane = sitting, lane
        self._saying = Saying()
        self._name = LineField(self.tr("Your &name"))
        self._role = LineField(self.tr("Your &role"))
        self._organisation = LineField(self.tr("Your &organisation"))
        self._certificate = plain()
        self._certificate.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self._change = button(self.tr("Make a new &identity with these"))
        self._export = button(self.tr("&Export the public authority"))
        self._rules = button(self.tr("&Local rules…"))
        self._secrets = SecretsPart(sitting, lane)
        self._sources = Listing(self.tr("Sources of the pack's rules"))
        self._sources.show_entries([Entry(key, words) for key, words in sources(sitting)])
        self.add(
            heading(self.tr("Settings")),
            self._saying,
            Group(
                heading(self.tr("Who signs"), 2), self._name, self._role, self._organisation, self._certificate,
                plain(self.tr(
                    "Minutes that are sealed already keep the identity they were signed with. Give the public "
                    "authority to those who check your minutes; it holds no secret."
                )),
                Row(self._change, self._export),
            ),
            self._secrets,
            LockingPart(sitting),
            BackupsPart(sitting, lane),
            RecordsPart(sitting),
            Group(heading(self.tr("Rules"), 2), plain(local_rules(sitting)), Row(self._rules)),
            Group(heading(self.tr("About"), 2), plain("\n".join(about(sitting))), self._sources),
        )  # fmt: skip
        self.end()
        self._connect()
        self._show()

    def _connect(self) -> None:
        self._change.clicked.connect(self._on_change)
        self._export.clicked.connect(self._on_export)
        self._secrets.store_closed.connect(self.store_closed)
        self._rules.clicked.connect(self.profile_wanted)
        self.left_by_esc(self.left.emit)

    def title(self) -> str:
        """Return what the window is called: nothing of the record."""
        return self.tr("Settings")

    def focus_home(self) -> None:
        """Put the focus on the first field."""
        self._name.setFocus()

    def holds_text(self) -> bool:
        """Return whether the name, role or organisation was changed and not taken over."""
        known = person(self._sitting)
        typed = (self._name.text, self._role.text, self._organisation.text)
        return typed != (known.name, known.role, known.organisation)

    def _show(self) -> None:
        known = person(self._sitting)
        self._name.text, self._role.text, self._organisation.text = known.name, known.role, known.organisation
        self._certificate.setText(
            self.tr("Certificate made on %1. Its fingerprint (SHA-256): %2")
            .replace("%1", known.made)
            .replace("%2", known.fingerprint)
        )

    def _on_change(self) -> None:
        sitting = self._sitting
        name, role, organisation = self._name.text, self._role.text, self._organisation.text
        self._change.setEnabled(False)

        def work() -> Answer:
            opening.introduce(sitting, name, role, organisation)
            return self._on_changed

        self._lane.run(work, self, self._on_not_changed)

    def _on_changed(self) -> None:
        self._change.setEnabled(True)
        self._saying.say(self.tr("Minutes are signed with this name from now on."))
        self._show()

    def _on_not_changed(self, failure: Exception) -> None:
        self._change.setEnabled(True)
        if not isinstance(failure, Refused):
            raise failure
        self._name.say(self._sentence(failure))

    def _on_export(self) -> None:
        chosen = save_file(
            self, self.tr("Save the public authority"), "signing-authority.pem", self.tr("Certificates (*.pem)")
        )
        if not chosen:
            return
        try:
            noting.give_out(self._sitting, "authority.exported", Path(chosen), sealing.authority(self._sitting))
        except keeping.NotWritten as failure:
            self._saying.say(str(failure), Tone.URGENT)
        else:
            self._saying.say(self.tr("The public authority is saved."))

    def _sentence(self, refusal: Refused) -> str:
        return fill(self._sitting.pack.words("refusal", refusal.rule), refusal.words)
