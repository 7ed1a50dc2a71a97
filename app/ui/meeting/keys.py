"""The keys of the workspace, as acts that the Meeting menu shows too."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.ui.meeting.around import PAGES

SPEAKERS = range(1, 10)
# keys of the meeting that a text field of some systems takes for itself
FIELD_KEYS = [QKeySequence(keys) for keys in ("Ctrl+E", "Ctrl+K", "Alt+Left", "Alt+Right", "Alt+Up", "Alt+Down")]


class Keys(QObject):
    """Tells which act was asked for, by its name."""

    pressed = Signal(str)
    speaker = Signal(int)
    page = Signal(str)

    def __init__(self, screen: QWidget) -> None:
        super().__init__(screen)
        self._acts: dict[str, QAction] = {}
        for name, text, keys in self._names():
            self._acts[name] = self._add(screen, text, keys)
            told = self.page if name in PAGES else self.pressed
            self._acts[name].triggered.connect(lambda _checked=False, name=name, told=told: told.emit(name))
        for number in SPEAKERS:
            act = self._add(screen, "", f"Ctrl+{number}")
            act.triggered.connect(lambda _checked=False, number=number: self.speaker.emit(number))

    def allow(self, *, in_session: bool, adjourned: bool) -> None:
        """Switch the acts that only make sense in one state of the meeting."""
        for name in ("next", "back", "child", "undo", "redo", "adjourn", "close"):
            self._acts[name].setEnabled(in_session)
        self._acts["resume"].setEnabled(adjourned)

    def _add(self, screen: QWidget, text: str, keys: str) -> QAction:
        act = QAction(text, self)
        if keys:
            act.setShortcut(QKeySequence(keys))
        act.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        screen.addAction(act)
        return act

    def _names(self) -> list[tuple[str, str, str]]:
        return [
            ("next", self.tr("&Next item, this one is done"), "Alt+Right"),
            ("back", self.tr("&Previous item"), "Alt+Left"),
            ("up", self.tr("Choose the entry &before"), "Alt+Up"),
            ("down", self.tr("Choose the entry &after"), "Alt+Down"),
            ("home", self.tr("Back to the &entry line"), "Esc"),
            ("pane", self.tr("Next pa&ne"), "F6"),
            ("child", self.tr("About which c&hild"), "Ctrl+K"),
            ("origin", self.tr("Where does this come &from?"), "F1"),
            ("undo", self.tr("&Undo"), "Ctrl+Z"),
            ("redo", self.tr("&Redo"), "Ctrl+Shift+Z"),
            ("adjourn", self.tr("Ad&journ"), ""),
            ("resume", self.tr("Re&sume"), ""),
            ("close", self.tr("To the &closing page"), "Ctrl+E"),
            ("before", self.tr("Before the meetin&g"), "Ctrl+Shift+B"),
            ("held", self.tr("How the meeting is hel&d"), "Ctrl+Shift+H"),
            ("children", self.tr("Chi&ldren side by side"), "Ctrl+Shift+K"),
            ("plan", self.tr("The plan &of the child"), "Ctrl+Shift+P"),
            ("work", self.tr("&Work that was set going"), "Ctrl+Shift+W"),
        ]
