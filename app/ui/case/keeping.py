"""A part of the case page: when the case was closed, until when it is kept, what holds it, and disposing of it."""

from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal

from app.models.base import Refused
from app.practice.finding import fill
from app.practice.words import legal_day
from app.services import disposing, retaining
from app.services.keeping import NotWritten, write_file
from app.services.sitting import SaveFault, Sitting
from app.ui.case.keeping_words import after_disposal, before_disposal, standing
from app.ui.kit.asked import Asked, Kind
from app.ui.kit.days import NoSuchDay, read_day, written
from app.ui.kit.filing import save_file
from app.ui.kit.form import Form
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying, Tone


class KeepingPart(Group):
    """Keeping one case; ``disposed`` once it is gone, and this part shows its certificate."""

    disposed = Signal()

    def __init__(self, sitting: Sitting, case_id: UUID, lane: Lane) -> None:
        self._sitting, self._case_id, self._lane = sitting, case_id, lane
        self._certificate: dict[str, Any] = {}
        self._words, self._saying, self._explained = plain(), Saying(), plain()
        self._close = button(self.tr("Give the day the case was cl&osed"))
        self._reopen = button(self.tr("It is not closed after all"))
        self._hold = button(self.tr("Place a hold"))
        self._lift = button(self.tr("Lift the hold"))
        self._begin = button(self.tr("Dispose of this case…"))
        self._save = button(self.tr("Save the certificate as…"))
        self._closing = Form([Asked("day", self.tr("Day on which your authority closed the case"))])
        self._reason = Form([Asked("reason", self.tr("Reason"), Kind.WORDS)])
        earlier = Asked(
            "earlier",
            self.tr("If it goes before its time: why it need not be kept"),
            hint=self.tr("Leave it empty where the time has passed. It stands on the certificate: name no person."),
        )
        reference = Asked("reference", self.tr("To dispose of the case, type its reference"))
        self._last_step = Form(
            [earlier, reference], save=self.tr("Dispose of it for good"), drop=self.tr("Keep the case")
        )
        self._acts = Row(self._close, self._reopen)
        self._more = Row(self._hold, self._lift, self._begin)
        super().__init__(
            heading(self.tr("Keeping this case"), 2), self._words, self._acts, self._more, self._closing, self._reason,
            self._explained, self._last_step, self._saying, self._save,
        )  # fmt: skip
        self._explained.hide()
        self._save.hide()
        self._connect()
        self.show_case()

    def _connect(self) -> None:
        self._close.clicked.connect(self._on_close)
        self._reopen.clicked.connect(self._on_reopen)
        self._hold.clicked.connect(lambda: self._open(self._reason, self.tr("Why must this case be kept?")))
        self._lift.clicked.connect(lambda: self._open(self._reason, self.tr("Why does the hold no longer apply?")))
        self._begin.clicked.connect(self._on_begin)
        self._closing.saved.connect(self._on_closed)
        self._reason.saved.connect(self._on_reason)
        self._last_step.saved.connect(self._on_dispose)
        self._last_step.dropped.connect(self._explained.hide)
        self._save.clicked.connect(self._on_save)

    def holds_text(self) -> bool:
        """Return whether a form is open."""
        return any(not form.isHidden() for form in (self._closing, self._reason, self._last_step))

    def show_case(self) -> None:
        """Show how the case is kept now."""
        now = self._keeping = retaining.keeping(self._sitting, self._case_id)
        self._words.setText("\n\n".join(standing(now)))
        self._reopen.setVisible(now.closed_on is not None)
        self._hold.setVisible(now.held is None)
        self._lift.setVisible(now.held is not None)

    def _open(self, form: Form, title: str, **values: str) -> None:
        for one in (self._closing, self._reason, self._last_step):
            one.close_up()
        self._explained.hide()
        self._saying.hush()
        form.open(title, values)

    def _on_close(self) -> None:
        self._open(self._closing, self.tr("Closing"), day=written(self._keeping.closed_on))

    def _on_closed(self, values: dict[str, Any]) -> None:
        today = legal_day(self._sitting.now())
        try:
            retaining.close_case(self._sitting, self._case_id, read_day(values["day"], today))
        except NoSuchDay as wrong:
            self._closing.say(str(wrong), "day")
        except Refused as refusal:
            self._closing.say(self._sentence(refusal), "day")
        else:
            self._closing.close_up()
            self.show_case()
            self._close.setFocus()

    def _on_reopen(self) -> None:
        retaining.reopen_case(self._sitting, self._case_id)
        self.show_case()
        self._close.setFocus()

    def _on_reason(self, values: dict[str, Any]) -> None:
        held = self._keeping.held
        try:
            if held is None:
                retaining.place_hold(self._sitting, self._case_id, values["reason"])
            else:
                retaining.lift_hold(self._sitting, held.id, values["reason"])
        except Refused as refusal:
            self._reason.say(self._sentence(refusal), "reason")
            return
        self._reason.close_up()
        self.show_case()
        (self._lift if held is None else self._hold).setFocus()

    def _on_begin(self) -> None:
        def look() -> Answer:
            # what only a reason is missing for is asked for below
            disposing.prevents(self._sitting, self._case_id, earlier="asked below")
            remaining = disposing.what_remains(self._sitting, self._case_id)
            return lambda: self._on_looked(remaining)

        self._lane.run(look, self, self._on_failed)

    def _on_looked(self, remaining: disposing.Remaining) -> None:
        self._open(self._last_step, self.tr("Dispose of the case for good"))
        self._explained.setText(before_disposal(self._keeping, remaining))
        self._explained.show()

    def _on_dispose(self, values: dict[str, Any]) -> None:
        self._last_step.setEnabled(False)
        self._saying.say(self.tr("The case is being taken out, and a backup without it is made and checked…"))

        def work() -> Answer:
            done = disposing.dispose(self._sitting, self._case_id, values["reference"], earlier=values["earlier"])
            return lambda: self._on_disposed(done)

        # its backup is made and checked where all others are: one after the other
        self._lane.run(work, self, self._on_failed, aside=True)

    def _on_disposed(self, done: disposing.Disposed) -> None:
        self._certificate = done.certificate
        for part in (self._last_step, self._explained, self._acts, self._more):
            part.hide()
        self._words.setText(after_disposal(done.certificate, done.trouble))
        self._saying.say(self.tr("The case is gone. Save its certificate for your authority; the store keeps one too."))
        self._save.show()
        self._save.setFocus()
        self.disposed.emit()

    def _on_failed(self, failure: Exception) -> None:
        self._last_step.setEnabled(True)
        if isinstance(failure, Refused):
            at_the_form = not self._last_step.isHidden()
            self._saying.hush()
            if at_the_form:
                key = "earlier" if failure.rule == "case.still-kept" else "reference"
                self._last_step.say(self._sentence(failure), key)
            else:
                self._saying.say(self._sentence(failure), Tone.URGENT)
        elif isinstance(failure, SaveFault):
            self._saying.say(str(failure), Tone.URGENT)
        else:
            raise failure

    def _on_save(self) -> None:
        offered = str(Path.home() / "disposal-certificate.json")
        chosen = save_file(self, self.tr("Save the certificate"), offered, self.tr("Certificate (*.json)"))
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, path: Path) -> None:
        """Write the certificate, and say where it went or why it did not."""
        try:
            write_file(path, disposing.file_of(self._certificate))
        except NotWritten as fault:
            self._saying.say(str(fault), Tone.URGENT)
        else:
            self._saying.say(self.tr("Saved as %1.").replace("%1", path.name))

    def _sentence(self, refusal: Refused) -> str:
        return fill(self._sitting.pack.words("refusal", refusal.rule), refusal.words)
