"""The backups there are, and where they are kept."""

from PySide6.QtCore import Signal

from app.practice.words import moment
from app.services import rotating
from app.services.sitting import Sitting
from app.ui.kit.filing import open_folder
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying, Tone


class BackupsPart(Group):
    """Says how the backups stand, makes one now, and keeps further copies in another folder."""

    progressed = Signal(str, int, int)

    def __init__(self, sitting: Sitting, lane: Lane) -> None:
        super().__init__()
        self._sitting, self._lane = sitting, lane
        self._saying = Saying()
        self._standing, self._second = plain(), plain()
        self._listing = Listing(self.tr("Backups"))
        self._now = button(self.tr("Back up no&w"))
        self._choose = button(self.tr("Keep copies in &another folder too"))
        self._stop = button(self.tr("&Stop the other copies"))
        for part in (
            heading(self.tr("Backups"), 2),
            plain(self.tr(
                "Backups are encrypted as the store is, and each is opened and checked before an older one goes. The "
                "ten latest are kept, one for each of seven days, and one for each of four weeks. Keep copies on "
                "another drive too: it may be a network drive or a folder that is synchronised."
            )),
            self._saying, self._standing, self._listing, self._second, Row(self._now, self._choose, self._stop),
        ):  # fmt: skip
            self.column.addWidget(part)
        self._now.clicked.connect(self._on_now)
        self._choose.clicked.connect(self._on_choose)
        self._stop.clicked.connect(lambda: self._keep_in(""))
        self.progressed.connect(self._on_progressed)
        self._show()

    def _show(self) -> None:
        found = rotating.backups(self._sitting.store.folder)
        self._standing.setText(rotating.standing(self._sitting))
        checked = {True: self.tr("opened and checked"), False: self.tr("not checked yet")}
        self._listing.show_entries(
            [Entry(str(one.path), f"{moment(one.made)}, {checked[one.verified]}") for one in found]
        )
        self._listing.setVisible(bool(found))
        folder = rotating.second_folder(self._sitting)
        self._second.setText(
            self.tr("Further copies go to: %1").replace("%1", folder)
            if folder
            else self.tr("There is no other folder: if this computer is lost, so are its backups.")
        )
        self._stop.setVisible(bool(folder))

    def _on_now(self) -> None:
        sitting = self._sitting
        self._busy(True)

        def work() -> Answer:
            trouble = rotating.back_up_now(sitting, self.progressed.emit)
            return lambda: self._on_done(trouble)

        self._lane.run(work, self, self._on_failed, aside=True)

    def _on_progressed(self, what: str, done: int, of: int) -> None:
        share = f" ({round(100 * done / of)} %)" if of > 1 else ""
        self._saying.say(what + share)

    def _on_done(self, trouble: str) -> None:
        self._busy(False)
        done = self.tr("A backup was made, opened and checked.")
        self._saying.say(trouble or done, Tone.URGENT if trouble else Tone.CALM)
        self._show()

    def _on_failed(self, failure: Exception) -> None:
        self._busy(False)
        raise failure

    def _on_choose(self) -> None:
        chosen = open_folder(self, self.tr("Where further copies of the backups are kept"))
        if chosen:
            self._keep_in(chosen)

    def _keep_in(self, folder: str) -> None:
        trouble = rotating.set_second_folder(self._sitting, folder)
        done = (
            self.tr("Each backup is kept there too from now on.")
            if folder
            else self.tr("No further copies are made; those that were made stay where they are.")
        )
        self._saying.say(trouble or done, Tone.URGENT if trouble else Tone.CALM)
        self._show()

    def _busy(self, busy: bool) -> None:
        for one in (self._now, self._choose, self._stop):
            one.setEnabled(not busy)
