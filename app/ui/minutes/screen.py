"""The minutes screen: the very PDF that is signed, what to know before signing, and what to hand out after."""

from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.base import Refused
from app.models.minutes import Minutes
from app.practice.finding import fill
from app.practice.working_days import CalendarTooShort
from app.services import exchange, preview, sealing
from app.services.keeping import NotWritten
from app.services.noting import give_out
from app.services.sitting import SaveFault, Sitting
from app.ui.kit.filing import save_file
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.look import heading, letters, plain, spread
from app.ui.kit.page import Page, Row, button
from app.ui.kit.saying import Saying, Tone
from app.ui.minutes.marking import MarkingPart
from app.ui.minutes.pages import Pages
from app.ui.minutes.presenter import file_name, how_to_verify, standing, title
from app.ui.minutes.receipts import ReceiptsPart


class MinutesScreen(QWidget):
    """Draws, shows, signs and hands out the minutes; nothing is called signed before it is."""

    left = Signal()
    renamed = Signal()

    def __init__(self, sitting: Sitting, meeting_id: UUID, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sitting, self._meeting_id, self._lane = sitting, meeting_id, lane
        self._standing = standing(sitting, meeting_id)
        self._pdf = b""
        self.pages = Pages()
        self._marking = MarkingPart(sitting)
        self.said = Saying()
        self._state, self._warnings, self._where, self._verify = plain(), plain(), plain(), plain()
        self._sign = button(self.tr("&Sign and seal"), self.tr("Ctrl+Return"))
        self._save_pdf = button(self.tr("Save the &PDF as…"), self.tr("Ctrl+S"))
        self._save_record = button(self.tr("Save the &record (JSON) as…"))
        self._save_authority = button(self.tr("Save the signing &authority as…"))
        self._receipts = ReceiptsPart(sitting, meeting_id, self._standing.dissents)
        self._text = button(self.tr("As &text"), self.tr("Ctrl+T"))
        self._text.setCheckable(True)
        self._back = button(self.tr("&Back to home"), self.tr("Esc"))
        self._turns = [button(self.tr("Previ&ous page"), "Page Up"), button(self.tr("&Next page"), "Page Down")]
        self._zooms = [button(self.tr("Small&er"), "Ctrl+Shift+-"), button(self.tr("&Larger"), "Ctrl+Shift++")]
        self._lay_out()
        self._add_actions()
        self._connect()
        self._show_standing()
        self._draw()

    def _lay_out(self) -> None:
        side = Page(width=44)
        side.add(heading(self.tr("Minutes")), self._state, self._marking, self._sign, self.said, self._warnings)
        side.add(Row(self._save_pdf), Row(self._save_record), Row(self._save_authority), self._verify)
        side.add(self._receipts, Row(self._back))
        side.end()
        view = QVBoxLayout()
        spread(view, 0.5, 0.5)
        # two rows, so that nothing is cut off where the text is twice as large
        view.addWidget(Row(*self._turns, self._text))
        view.addWidget(Row(*self._zooms))
        view.addWidget(self._where)
        view.addWidget(self.pages, 1)
        row = QHBoxLayout(self)
        spread(row, 0, 0)
        side.setMinimumWidth(letters(40))
        side.setMaximumWidth(letters(52))
        row.addWidget(side, 2)
        row.addLayout(view, 5)

    def _add_actions(self) -> None:
        acts = (
            (self.tr("&Sign and seal"), "Ctrl+Return", self._on_sign),
            (self.tr("Save the &PDF as…"), "Ctrl+S", self._on_save_pdf),
            (self.tr("As &text"), "Ctrl+T", self._text.toggle),
            (self.tr("Back to home"), "Esc", self.left.emit),
        )
        for text, keys, act in acts:
            action = QAction(text, self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _checked=False, act=act: act())
            self.addAction(action)

    def _connect(self) -> None:
        self._sign.clicked.connect(self._on_sign)
        self._marking.chosen.connect(self._on_marking)
        self._save_pdf.clicked.connect(self._on_save_pdf)
        self._save_record.clicked.connect(self._on_save_record)
        authority = self.tr("Signing authority (*.pem)")
        self._save_authority.clicked.connect(
            lambda: self._save(".pem", sealing.authority(self._sitting), "authority.exported", authority)
        )
        self._receipts.made.connect(self._save)
        self._back.clicked.connect(self.left)
        self._text.toggled.connect(lambda shown: self.pages.show_text(shown=shown))
        for control, steps in zip(self._turns, (-1, 1), strict=True):
            control.clicked.connect(lambda _checked=False, steps=steps: self.pages.turn(steps))
        for control, steps in zip(self._zooms, (-1, 1), strict=True):
            control.clicked.connect(lambda _checked=False, steps=steps: self.pages.zoom(steps))
        self.pages.page_wanted.connect(self._on_page_wanted)

    def title(self) -> str:
        """Return the reference of the meeting, and how far its minutes are."""
        return title(self._standing, drawn=bool(self._pdf))

    def focus_home(self) -> None:
        """Give the page on show the focus, or what is asked first."""
        (self._marking.choices if self._standing.asks_marking else self.pages).setFocus()

    def save_to(self, path: Path, content: bytes, kind: str = "minutes.exported") -> None:
        """Write a file that somebody chose the place of, and say where it went or why it did not."""
        try:
            give_out(self._sitting, kind, path, content, meeting=self._meeting_id)
        except NotWritten as fault:
            self.said.say(str(fault), Tone.URGENT)
        else:
            self.said.say(self.tr("Saved as %1.").replace("%1", path.name))

    def _show_standing(self) -> None:
        now = self._standing
        self._state.setText(now.state)
        self._marking.setVisible(now.asks_marking)
        self._warnings.setText("\n\n".join(now.warnings))
        self._warnings.setVisible(bool(now.warnings))
        self._sign.setVisible(now.sealed is None)
        self._save_authority.setVisible(now.sealed is not None)
        self._verify.setText(how_to_verify(now.sealed.fingerprint) if now.sealed else "")
        self._verify.setVisible(now.sealed is not None)
        self._allow()

    def _allow(self) -> None:
        self._sign.setEnabled(bool(self._pdf) and self._standing.can_sign)
        self._save_pdf.setEnabled(bool(self._pdf))

    def _draw(self) -> None:
        self._where.setText(self.tr("Drawing the minutes…"))

        def draw() -> Answer:
            pdf = sealing.minutes(self._sitting, self._meeting_id)
            count = preview.pages(pdf)
            return lambda: self._on_drawn(pdf, count)

        self._lane.run(draw, self, self._on_failed)

    def _on_drawn(self, pdf: bytes, count: int) -> None:
        self._pdf = pdf
        self._allow()
        self.renamed.emit()
        self.pages.show_document(count)

    def _on_page_wanted(self, number: int, scale: float) -> None:
        pdf = self._pdf

        def look() -> Answer:
            page = preview.page(pdf, number, scale)
            return lambda: self._on_page(page)

        if pdf:
            self._lane.run(look, self, self._on_failed)

    def _on_page(self, page: preview.Page) -> None:
        self.pages.show_page(page)
        words = self.tr("Page %1 of %2").replace("%1", str(page.number)).replace("%2", str(self.pages.count))
        self._where.setText(words)

    def _on_sign(self) -> None:
        if not self._sign.isEnabled():
            return
        self._sign.setEnabled(False)
        self.said.say(self.tr("Signing, and checking the signature…"))
        seen = self._pdf

        def sign() -> Answer:
            sealed = preview.sign_seen(self._sitting, self._meeting_id, seen)
            return lambda: self._on_sealed(sealed)

        self._lane.run(sign, self, self._on_failed)

    def _on_marking(self) -> None:
        # it stands on every page, so what was drawn is not what would be signed
        self._pdf = b""
        self._standing = standing(self._sitting, self._meeting_id)
        self._show_standing()
        self.pages.setFocus()
        self._draw()

    def _on_sealed(self, sealed: Minutes) -> None:
        self._standing = standing(self._sitting, self._meeting_id)
        self._pdf = sealed.pdf
        self._show_standing()
        self.renamed.emit()
        self.said.say(self.tr("Signed and sealed. Save the PDF to hand it out."))
        self._draw()
        self._save_pdf.setFocus()

    def _on_failed(self, failure: Exception) -> None:
        self._allow()
        if isinstance(failure, Refused):
            pack = self._sitting.pack
            self.said.say(fill(pack.words("refusal", failure.rule), failure.words), Tone.URGENT)
        elif isinstance(failure, preview.NotSealed | SaveFault | CalendarTooShort):
            self.said.say(str(failure), Tone.URGENT)
        else:
            self.said.say(self.tr("The minutes could not be drawn."), Tone.URGENT)
            raise failure

    def _on_save_pdf(self) -> None:
        if self._pdf:
            self._save(".pdf", self._pdf, "minutes.exported", self.tr("PDF (*.pdf)"))

    def _on_save_record(self) -> None:
        try:
            content = exchange.record_to_give(self._sitting, self._meeting_id)
        except Refused as refused:
            self._on_failed(refused)
            return
        self._save(".json", content, "record.exported", self.tr("Record (*.json)"))

    def _save(self, ending: str, content: bytes, kind: str, form: str) -> None:
        offered = str(Path.home() / file_name(self._standing.reference, ending))
        chosen = save_file(self, self.tr("Save as"), offered, form)
        if chosen:
            self.save_to(Path(chosen), content, kind)
