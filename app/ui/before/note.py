"""The chair's own note, which no file that leaves the store can hold."""

from PySide6.QtWidgets import QPlainTextEdit

from app.services import inviting
from app.services.sitting import SaveFault
from app.ui.before.desk import Desk
from app.ui.kit.field import Field
from app.ui.kit.look import heading, lines
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying, Tone


class NotePart(Group):
    """A note that is kept with its own button, and until then counts as half typed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._edit = QPlainTextEdit()
        self._edit.setTabChangesFocus(True)
        self._edit.setFixedHeight(lines(6))
        self.field = Field(
            self.tr("Your &own note on this meeting"), self._edit,
            self.tr(
                "For you alone: no minutes, letter, record or copy can hold it. It stays in this store and its backups."
            ),
        )  # fmt: skip
        self.keep = button(self.tr("&Keep my note"), self.tr("Ctrl+S"))
        self.said = Saying()
        super().__init__(heading(self.tr("The chair's private note"), 2), self.field, Row(self.keep), self.said)
        self._kept = self.field.text = inviting.private_note(desk.sitting, desk.id)
        self._edit.textChanged.connect(self._allow)
        self.keep.clicked.connect(self.save)
        self._allow()

    @property
    def changed(self) -> bool:
        """Whether there are words that are not kept yet."""
        return self.field.text != self._kept

    def save(self) -> None:
        """Keep the note, and say so or why it was not."""
        if not self.changed:
            return
        try:
            inviting.keep_private_note(self._desk.sitting, self._desk.id, self.field.text)
        except SaveFault as fault:
            self.said.say(str(fault), Tone.URGENT)
            return
        self._kept = self.field.text
        self._edit.setFocus()
        self._allow()
        self.said.say(self.tr("Your note is kept."))

    def _allow(self) -> None:
        self.said.hush()
        self.keep.setEnabled(self.changed)
