"""A part of the page that writes local rules: the rules by topic; a form comes in their place to set one of them."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from app.services import profile_draft, profiling
from app.services.profile_draft import Draft, RuleHere
from app.services.sitting import Sitting
from app.ui.kit.field import Field
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying
from app.ui.profile import editing_words as words
from app.ui.profile.rule_form import RuleForm

_MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class HalfSet:
    """A form that is open: the rule it is about, and what is typed in it."""

    rule: str
    typed: dict[str, str | bool | tuple[str, ...]]


class RulesPart(Group):
    """The rules of a draft; ``changed`` when one was set or taken back, ``undone`` with what stood beside it then."""

    changed = Signal()
    undone = Signal(object)

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self.draft = Draft()
        self._before: list[tuple[Draft, object]] = []
        self._rules: list[RuleHere] = []
        self.topics = QComboBox()
        self.listing = Listing(self.tr("Rules, each with the national one"), most_rows=_MOST_ROWS, stays=True)
        self._none = plain(self.tr("Nothing is here yet. Choose a topic above, and press Return on a rule to set it."))
        self._set = button(self.tr("&Change this rule"), self.tr("Return"))
        self._back = button(self.tr("As &nationally again"), self.tr("Delete"))
        self._undo = button(self.tr("&Undo the last step"), self.tr("Ctrl+Z"))
        self.said, self.one = Saying(), RuleForm(sitting)
        # the form comes in its place: below it the window of a laptop would not show it
        self._all = Group(
            Field(self.tr("Sho&w"), self.topics), self._none, self.listing, Row(self._set, self._back, self._undo),
            self.said,
        )  # fmt: skip
        super().__init__(self._all, self.one)
        self._connect()

    def _connect(self) -> None:
        self.topics.currentIndexChanged.connect(self._list)
        self.listing.chosen.connect(self.open)
        self.listing.removal_wanted.connect(self._on_take_back)
        self.listing.currentRowChanged.connect(lambda _row: self._on_another())
        self._set.clicked.connect(lambda: self.open(self.listing.key))
        self._back.clicked.connect(lambda: self._on_take_back(self.listing.key))
        self._undo.clicked.connect(self.undo)
        self.one.saved.connect(self._go_on)
        self.one.dropped.connect(self._leave_form)

    def begin(self, draft: Draft, beside: object = None) -> None:
        """Show another draft; where something stood ``beside`` the one before, both can be had again."""
        self._leave_form()
        if beside is None:
            self._show(draft)
        else:
            self._take(draft, beside)
        self.said.hush()
        self.topics.setCurrentIndex(0 if draft.changes else 1)

    def undo(self) -> None:
        """Go back to the draft before the last step."""
        if self._before and not self.one.rule:
            draft, beside = self._before.pop()
            self._show(draft)
            self.said.say(self.tr("The last step was undone."))
            self.undone.emit(beside)
            self.changed.emit()
            self._focus()

    def open(self, rule: str | None, typed: dict[str, Any] | None = None) -> None:
        """Open the form for a rule, or for what an authority decides of its records, with what was ``typed`` in it."""
        here = next((one for one in self._rules if one.id == rule), None)
        if rule in (words.MARKING, words.RETENTION):
            self.one.open_kept(self.draft, rule, typed)
        elif here is not None and here.can_be_asked:
            self.one.open_rule(self.draft, here, typed)
        else:
            if here is not None:
                self.said.say(self.tr("This is set in the files of these rules, not here. It can be taken back."))
            return
        self.said.hush()
        self._all.hide()

    def half(self) -> HalfSet | None:
        """Return what is typed in the form, None where none is open."""
        return HalfSet(self.one.rule, self.one.form.values) if self.one.rule else None

    def _take(self, draft: Draft, beside: object = None) -> None:
        self._before.append((self.draft, beside))
        self._show(draft)

    def _show(self, draft: Draft) -> None:
        self.draft = draft
        self._rules = profile_draft.rules_here(draft)
        choices = words.topic_choices(self._rules, draft.keeping, profiling.today_of(self._sitting))
        place = max(self.topics.currentIndex(), 0)
        self.topics.blockSignals(True)
        self.topics.clear()
        for topic, text in choices:
            self.topics.addItem(text, topic)
        self.topics.setCurrentIndex(place)
        self.topics.blockSignals(False)
        self._list()

    def _list(self) -> None:
        today, keeping, pack = profiling.today_of(self._sitting), self.draft.keeping, self._sitting.pack
        found = words.of_topic(self._rules, self.topics.currentData() or "", keeping, today)
        self.listing.show_entries([
            Entry(key, words.line(one, self.draft, pack, today) if one else words.kept_line(key, keeping))
            for key, one in found.items()
        ])  # fmt: skip
        self.listing.setVisible(bool(found))
        self._none.setVisible(not found)
        self._on_another()

    def _on_another(self) -> None:
        key, keeping = self.listing.key, self.draft.keeping
        kept = {words.MARKING: keeping.marking, words.RETENTION: keeping.rule}
        self._set.setEnabled(key is not None)
        self._back.setEnabled(key is not None and bool(self.draft.change_of(key) or kept.get(key)))
        self._undo.setEnabled(bool(self._before))

    def _on_take_back(self, rule: str | None) -> None:
        if rule is None or not self._back.isEnabled():
            return
        match rule:
            case words.MARKING:
                draft = profile_draft.with_marking(self.draft, "")
            case words.RETENTION:
                draft = profile_draft.with_retention(self.draft, "", "", "")
            case _:
                draft = profile_draft.taken_back(self.draft, rule)
        self._go_on(draft, self.tr("This is as nationally again. Undo brings your change back."))

    def _go_on(self, draft: Draft, sentence: str) -> None:
        self._leave_form()
        self._take(draft)
        self._focus()
        self.said.say(sentence)
        self.changed.emit()

    def _leave_form(self) -> None:
        # the focus goes first: it must not be on what is put away
        self._all.show()
        self._focus()
        self.one.close_up()

    def _focus(self) -> None:
        (self.listing if self.listing.count() else self.topics).setFocus()
