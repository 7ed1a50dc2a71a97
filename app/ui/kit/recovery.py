"""A recovery key on the screen: shown in numbered groups, printed, and proved by typing two of them back."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase

from app.ui.kit.field import LineField
from app.ui.kit.look import plain, sized
from app.ui.kit.page import Group, Row, button
from app.ui.kit.paper import can_print, print_page
from app.ui.kit.saying import Saying

PER_ROW = 3


def numbered(key: str) -> list[str]:
    """Return each group of a printed key with its number before it."""
    return [f"{number} {group}" for number, group in enumerate(key.split("-"), 1)]


def in_rows(key: str) -> str:
    """Return a printed key in rows of numbered groups."""
    groups = numbered(key)
    return "\n".join("    ".join(groups[row : row + PER_ROW]) for row in range(0, len(groups), PER_ROW))


class RecoveryKey(Group):
    """Shows a key that is to be on paper, and asks for two of its groups from there; ``entered`` after the second."""

    entered = Signal()

    def __init__(self) -> None:
        self._large = plain()
        font = sized(1.4)
        font.setFamily(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family())
        self._large.setFont(font)
        # it is to be written or printed, not copied: the clipboard is read by other programs
        self._large.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._print = button(self.tr("Print it"))
        self._saying = Saying()
        self.fields = [LineField(""), LineField("")]
        self._key, self._store, self._asked = "", "", (1, 2)
        super().__init__(
            self._large, Row(self._print), self._saying,
            plain(self.tr("To be sure it is on your paper, type two of its groups back from there.")),
            *self.fields,
        )  # fmt: skip
        self._print.clicked.connect(self._on_print)
        self.fields[0].entered.connect(self.fields[1].setFocus)
        self.fields[1].entered.connect(self.entered)

    def show_key(self, key: str, asked: Sequence[int], store: str = "") -> None:
        """Show the key and say which two groups, counted from 1, are to be typed; ``store`` says which store it opens.

        An empty key takes everything away.
        """
        self._key, self._store, self._asked = key, store, (asked[0], asked[1])
        self._large.setText(in_rows(key) if key else "")
        self._large.setAccessibleName(", ".join(numbered(key)) if key else "")
        self._print.setVisible(can_print())
        self._saying.hush()
        for field, number in zip(self.fields, asked, strict=True):
            field.text = ""
            field.label.setText(self.tr("Group &%1").replace("%1", str(number)))
            field.edit.setAccessibleName(self.tr("Group %1 of the recovery key").replace("%1", str(number)))

    @property
    def typed(self) -> Mapping[int, str]:
        """What was typed back, by the number of the group."""
        return {number: field.text for number, field in zip(self._asked, self.fields, strict=True)}

    def say_wrong(self, number: int) -> None:
        """Say at a group's field that it is not what the key says."""
        field = self.fields[self._asked.index(number)]
        field.say(self.tr("This is not what the key says: check it on your paper."))

    def _on_print(self) -> None:
        lines = [
            self.tr("Chairside recovery key"),
            "",
            in_rows(self._key),
            "",
            self._store,
            self.tr("This key opens the store if the passphrase is forgotten. Whoever has it can read everything."),
            self.tr("Keep it away from the computer, where you keep what must not be lost. It is never asked for by "
                    "telephone or e-mail."),
        ]  # fmt: skip
        if print_page(self, "\n".join(lines)):
            self._saying.say(
                self.tr("It was handed to the printer. A shared printer may keep a copy: fetch the page at once.")
            )
