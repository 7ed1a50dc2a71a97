"""A form that opens in place: one field under another, and what is wrong beside the field it is about."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui.kit.asked import Asked, Kind
from app.ui.kit.field import Field
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, lines, spread
from app.ui.kit.page import Row, button
from app.ui.kit.saying import Saying, Tone


class Form(QFrame):
    """``saved`` with what was filled in, by key; ``dropped`` where the person changed their mind.

    Esc drops too, but says so first where something would be lost: a hand that slips must not cost a sentence.
    ``save`` and ``drop`` are what the two buttons say where saving is not what they do.
    """

    saved = Signal(object)
    dropped = Signal()

    def __init__(
        self, asked: Sequence[Asked], parent: QWidget | None = None, *, save: str = "", drop: str = ""
    ) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._heading = heading(level=3)
        self._saying = Saying()
        self._fields: dict[str, Field] = {}
        # what was there when the form opened, and when it last said that Esc would lose something
        self._opened: dict[str, Any] = {}
        self._warned_of: dict[str, Any] = {}
        self._save = button(save or self.tr("&Save"), self.tr("Ctrl+Return"))
        self._drop = button(drop or self.tr("Do not s&ave"), self.tr("Escape"))
        layout = QVBoxLayout(self)
        spread(layout, 1)
        layout.addWidget(self._heading)
        layout.addWidget(self._saying)
        for one in asked:
            self._fields[one.key] = Field("" if one.kind is Kind.TICK else one.label, _control(one), one.hint)
            self._fields[one.key].label.setVisible(one.kind is not Kind.TICK)
            layout.addWidget(self._fields[one.key])
        layout.addWidget(Row(self._save, self._drop))
        self._save.clicked.connect(self._on_save)
        self._drop.clicked.connect(self._on_drop)
        for keys, act in (("Ctrl+Return", self._on_save), ("Esc", self._on_esc)):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(act)
            self.addAction(action)
        self.hide()

    def open(self, title: str, values: Mapping[str, Any]) -> None:
        """Show the form with these values and put the focus on its first field."""
        self._heading.setText(title)
        self._saying.hush()
        for key, field in self._fields.items():
            field.hush()
            _fill(field.edit, values.get(key, ""))
        self._opened = self._warned_of = self.values
        self.show()
        next(iter(self._fields.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def values(self) -> dict[str, Any]:
        """What is filled in now, by key."""
        return {key: _value(field.edit) for key, field in self._fields.items()}

    def field(self, key: str) -> Field:
        """Return the field of that key, for whoever changes what it offers or says."""
        return self._fields[key]

    def say(self, sentence: str, key: str = "") -> None:
        """Say what is wrong, beside the field ``key`` where it is about one."""
        if key in self._fields:
            self._fields[key].say(sentence)
        else:
            self._saying.say(sentence, Tone.URGENT)

    def close_up(self) -> None:
        """Hide the form and forget what is in it."""
        self.hide()
        for field in self._fields.values():
            _fill(field.edit, "")

    def _on_save(self) -> None:
        for field in self._fields.values():
            field.hush()
        self.saved.emit(self.values)

    def _on_esc(self) -> None:
        """Give up what was filled in; the first time it is something, say so instead."""
        values = self.values
        if values in (self._opened, self._warned_of):
            self._on_drop()
        else:
            self._warned_of = values
            self.say(self.tr("This is not saved. Ctrl+Return saves it, Esc once more gives it up."))

    def _on_drop(self) -> None:
        self.close_up()
        self.dropped.emit()


def _control(asked: Asked) -> QWidget:
    match asked.kind:
        case Kind.LINE:
            return QLineEdit()
        case Kind.WORDS:
            words = QPlainTextEdit()
            words.setTabChangesFocus(True)
            words.setFixedHeight(lines(3.5))
            return words
        case Kind.CHOICE:
            box = QComboBox()
            for value, text in asked.choices:
                box.addItem(text, value)
            return box
        case Kind.TICK:
            return QCheckBox(asked.label)
        case Kind.TICKS:
            listing = Listing(asked.label)
            listing.show_entries([Entry(value, text, ticked=False) for value, text in asked.choices])
            return listing


def _fill(control: QWidget, value: Any) -> None:
    match control:
        case QLineEdit():
            control.setText(value or "")
        case QPlainTextEdit():
            control.setPlainText(value or "")
        case QComboBox():
            # not findData, which takes two equal ids for different ones
            places = (place for place in range(control.count()) if control.itemData(place) == value)
            control.setCurrentIndex(next(places, 0))
        case QCheckBox():
            control.setChecked(bool(value))
        case Listing():
            control.tick(value or ())


def _value(control: QWidget) -> Any:
    match control:
        case QLineEdit():
            return control.text()
        case QPlainTextEdit():
            return control.toPlainText()
        case QComboBox():
            return control.currentData()
        case QCheckBox():
            return control.isChecked()
        case Listing():
            return control.ticks
    return None
