"""A part of the page: a consultation is turned into the meeting it calls for, and the clock goes on running."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QPushButton

from app.models.base import Refused
from app.models.meeting import Meeting
from app.practice.origins import origin_under
from app.services import carrying_on
from app.services.sitting import SaveFault
from app.ui.conduct import presenter
from app.ui.conduct.held import Held
from app.ui.conduct.part import Forms, Part, titled
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.look import plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying


class ConvertPart(Part):
    """Asks once more before it makes the other meeting, because that is not taken back; then ``converted`` to it."""

    converted = Signal(object)

    def __init__(self, held: Held, forms: Forms, lane: Lane) -> None:
        self._said = Saying()
        self._lane = lane
        into = held.pack.meeting_type(held.type.converts_to)
        self._label = into.label if into else ""
        self._means = plain()
        self.begin = button(self.tr("&Turn it into: %1…").replace("%1", self._label))
        self.why: QPushButton = button(self.tr("&Where this comes from"), self.tr("F1"))
        self.now = button(self.tr("T&urn it into one now"))
        self._not_now = button(self.tr("Not now"), self.tr("Esc"))
        self.sure = Group(
            plain(self.tr("This makes a new meeting and cannot be taken back. The consultation stays as it is.")),
            Row(self.now, self._not_now),
        )  # fmt: skip
        self.sure.hide()
        super().__init__(
            held, forms, titled(self.tr("Where advice is not enough")), self._means, Row(self.begin, self.why),
            self.sure, self._said,
        )  # fmt: skip
        self._into: Meeting | None = None
        self.begin.clicked.connect(self._on_begin)
        self.why.clicked.connect(lambda: self._said.say(origin_under(self.held.type, self.held.pack)))
        self.now.clicked.connect(self._on_now)
        self._not_now.clicked.connect(self._on_not_now)
        leave = QAction(self.sure)
        leave.setShortcut(QKeySequence("Esc"))
        leave.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.triggered.connect(self._on_not_now)
        self.sure.addAction(leave)

    @property
    def said(self) -> Saying:
        """Where the part says something."""
        return self._said

    def show_part(self) -> None:
        """Show from when the clock runs, and whether the consultation was turned into something already."""
        held = self.held
        if not held.type.converts_to:
            self.hide()
            return
        self._into = carrying_on.converted_into(held.sitting, held.meeting.id)
        self._means.setText(presenter.conversion_words(held.meeting, self._into, self._label))
        if self._into is not None:
            self.begin.setText(self.tr("Go &to %1").replace("%1", self._into.reference))

    def _on_begin(self) -> None:
        if self._into is not None:
            self.converted.emit(self._into.id)
            return
        self.sure.show()
        self.now.setFocus()

    def _on_not_now(self) -> None:
        self.begin.setFocus()
        self.sure.hide()

    def _on_now(self) -> None:
        sitting, meeting_id = self.held.sitting, self.held.meeting.id
        self.now.setEnabled(False)

        def convert() -> Answer:
            made = carrying_on.convert(sitting, meeting_id).id
            return lambda: self._on_converted(made)

        self._lane.run(convert, self, self._on_failed)

    def _on_converted(self, made: UUID) -> None:
        self.converted.emit(made)

    def _on_failed(self, failure: Exception) -> None:
        self.now.setEnabled(True)
        if isinstance(failure, Refused):
            self.complain(self.held.sentence(failure))
        elif isinstance(failure, SaveFault):
            self.complain(str(failure))
        else:
            raise failure
        self.show_part()
        self.now.setFocus()
