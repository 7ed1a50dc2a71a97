"""The page about local rules: look at a profile, see what it changes, choose it, and check when it was reviewed."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from app.models.base import Refused
from app.practice.finding import fill
from app.practice.pack import Pack
from app.services import profiling
from app.services.profiling import BadProfile, Offer
from app.services.sitting import SaveFault, Sitting
from app.ui.kit.field import Field
from app.ui.kit.filing import open_folder
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Page, Row, button
from app.ui.kit.saying import Saying, Tone
from app.ui.profile import presenter

_MOST_ROWS = 16


class ProfileScreen(Page):
    """Shows the local rules in force, or those of a folder somebody looks at; nothing changes until they are used.

    ``edit_wanted`` with that folder, or None for those in force, where somebody wants to write rules of their own.
    """

    left = Signal()
    edit_wanted = Signal(object)

    def __init__(self, sitting: Sitting, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sitting, self._lane = sitting, lane
        self._offer: Offer | None = None
        self._folder: Path | None = None
        self.said = Saying()
        self._state, self._looked_at = plain(), plain()
        self.choose = button(self.tr("&Look at a folder…"))
        self._samples = QComboBox()
        self._samples.addItems([folder.name.replace("-", " ").title() for folder in profiling.samples()])
        self._sample = button(self.tr("Look at this &sample"))
        self.rules = Listing(self.tr("Local rules, each beside the national one"), most_rows=_MOST_ROWS)
        self.check = button(self.tr("&Check when they were reviewed"))
        self.use = button(self.tr("&Use these rules for new meetings"))
        self.give_up = button(self.tr("&Go back to the national rules"))
        self.edit = button(self.tr("&Write or change local rules…"))
        self._back = button(self.tr("&Back to the settings"), self.tr("Esc"))
        self.add(
            heading(self.tr("Local rules")), self.said, self._state,
            plain(self.tr(
                "A partnership may be stricter than the national rules. Where it asks for less it says why, and the "
                "minutes print it. Meetings that are prepared already keep the rules they were prepared under."
            )),
            Row(self.choose), Field(self.tr("Samples, made up, to start from"), self._samples), Row(self._sample),
            heading(self.tr("What they change"), 2), self._looked_at, self.rules,
            Row(self.check, self.use, self.give_up), Row(self.edit, self._back),
        )  # fmt: skip
        self.end()
        self._connect()
        self._show()

    def _connect(self) -> None:
        self.choose.clicked.connect(self._on_choose)
        self._sample.clicked.connect(self._on_sample)
        self.check.clicked.connect(self._on_check)
        self.use.clicked.connect(self._on_use)
        self.give_up.clicked.connect(self._on_give_up)
        self.edit.clicked.connect(lambda: self.edit_wanted.emit(self._folder))
        self._back.clicked.connect(self.left)
        self.left_by_esc(self.left.emit)

    def title(self) -> str:
        """Return what the window is called: nothing of the record."""
        return self.tr("Local rules")

    def focus_home(self) -> None:
        """Put the focus on what is done first."""
        self.choose.setFocus()

    def look_at(self, folder: Path) -> None:
        """Show what the profile in a folder changes, or the sentence why it cannot be used."""

        def look() -> Answer:
            offer = profiling.look(folder)
            return lambda: self._on_looked(folder, offer)

        self._lane.run(look, self, self._on_failed)

    @property
    def _pack(self) -> Pack:
        return self._offer.pack if self._offer else self._sitting.pack

    def _show(self) -> None:
        profile = self._pack.profile
        self._state.setText(presenter.in_force(self._sitting.pack))
        self._looked_at.setText(presenter.looked_at(profile) if profile else self.tr("No local rules are shown."))
        self._list(presenter.rows(self._pack))
        self.check.setEnabled(profile is not None)
        self.use.setEnabled(self._offer is not None)
        self.give_up.setEnabled(self._sitting.pack.profile is not None)

    def _list(self, rows: list[tuple[str, str]]) -> None:
        self.rules.show_entries([Entry(key, words) for key, words in rows])
        self.rules.setVisible(bool(rows))

    def _on_choose(self) -> None:
        if chosen := open_folder(self, self.tr("The folder with the local rules")):
            self.look_at(Path(chosen))

    def _on_sample(self) -> None:
        self.look_at(profiling.samples()[self._samples.currentIndex()])

    def _on_looked(self, folder: Path, offer: Offer) -> None:
        self._offer, self._folder = offer, folder
        self.said.say(self.tr("These rules hold together. Nothing is changed until you use them."))
        self._show()
        self.use.setFocus()

    def _on_check(self) -> None:
        profile = self._pack.profile
        if profile is not None:
            sentence, late = presenter.review(profile, profiling.today_of(self._sitting))
            self.said.say(sentence)
            self._list(presenter.rows(self._pack, late or None))

    def _on_use(self) -> None:
        sitting, offer = self._sitting, self._offer
        if offer is None:
            return
        self.use.setEnabled(False)

        def use() -> Answer:
            profiling.use(sitting, offer)
            return lambda: self._on_changed(self.tr("New meetings run under these rules from now on."))

        self._lane.run(use, self, self._on_failed)

    def _on_give_up(self) -> None:
        sitting = self._sitting
        self.give_up.setEnabled(False)

        def give_up() -> Answer:
            profiling.give_up(sitting)
            return lambda: self._on_changed(self.tr("New meetings run under the national rules from now on."))

        self._lane.run(give_up, self, self._on_failed)

    def _on_changed(self, sentence: str) -> None:
        self._offer = self._folder = None
        self.said.say(sentence)
        self._show()
        self.choose.setFocus()

    def _on_failed(self, failure: Exception) -> None:
        self._show()
        if isinstance(failure, Refused):
            self.said.say(fill(self._sitting.pack.words("refusal", failure.rule), failure.words), Tone.URGENT)
        elif isinstance(failure, BadProfile | SaveFault):
            self.said.say(str(failure), Tone.URGENT)
        else:
            raise failure
