"""A part of the page of a plan: the next revision while somebody writes it, one list for each kind of line."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel

from app.models.base import Refused
from app.practice.finding import fill
from app.services import planning
from app.services.plan_draft import Draft, drafted
from app.services.plan_look import Look
from app.services.sitting import SaveFault, Sitting
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying, Tone
from app.ui.plan import asking, presenter
from app.ui.plan.asking import FACTS, NotThere
from app.ui.plan.entering import Entering

_MOST_ROWS = 20
_NONE = Draft(category="")


class Lines(Group):
    """One list of the draft, with the button that adds to it; the form opens below."""

    def __init__(self, title: str, add: str) -> None:
        self.listing = Listing(title, most_rows=_MOST_ROWS)
        self.add = button(add)
        super().__init__(heading(title, 2), self.listing, Row(self.add), gap=0.4)


class WritingPart(Group):
    """Starts from the plan as it stands; ``saved`` when the revision was, ``opened`` with the form of a line."""

    saved = Signal()
    opened = Signal(object)

    def __init__(self, sitting: Sitting, meeting_id: UUID | None) -> None:
        self._sitting, self._meeting_id = sitting, meeting_id
        self._look: Look | None = None
        self.draft = self._start = _NONE
        self._earlier: list[Draft] = []
        self.entering: Entering | None = None
        self.facts = button(self.tr("Chang&e the facts of the plan"))
        self._facts = plain()
        self._whole = Group(heading(self.tr("The plan as a whole"), 2), self._facts, Row(self.facts), gap=0.4)
        self.lists: dict[str, Lines] = {}
        self._too_many, self.foreseen = plain(), plain()
        self.to_come = Listing(self.tr("What this revision changes"), most_rows=_MOST_ROWS)
        label = QLabel(self.tr("What this revision changes"))
        label.setFont(heading(level=2).font())
        self.said = Saying()
        self.save = button(self.tr("Save this &revision"))
        self.back = button(self.tr("Ta&ke back the last change"))
        self.restart = button(self.tr("Begin again from the plan as it stan&ds"))
        super().__init__(
            plain(self.tr("Return on a line changes it, Delete takes it out. Nothing counts until it is saved.")),
            gap=1,
        )
        self.column.addWidget(self._whole)
        pack = sitting.pack
        for part, add in asking.PARTS.items():
            self.lists[part] = Lines(pack.words("plan", part), add)
            self.column.addWidget(self.lists[part])
        self.lists["steps"].column.addWidget(self._too_many)
        for below in (label, self.foreseen, self.to_come, Row(self.save, self.back, self.restart), self.said):
            self.column.addWidget(below)
        self._connect()

    def _connect(self) -> None:
        self.facts.clicked.connect(lambda: self.open(FACTS))
        for part, lines in self.lists.items():
            lines.add.clicked.connect(lambda _checked=False, part=part: self.open(part))
            lines.listing.chosen.connect(lambda key, part=part: self.open(part, key))
            lines.listing.removal_wanted.connect(lambda key, part=part: self._on_removal(part, key))
        self.save.clicked.connect(self._on_save)
        self.back.clicked.connect(self._on_take_back)
        self.restart.clicked.connect(lambda: self._change(self._start, self.tr("The draft is the plan as it stands.")))

    def show_look(self, look: Look) -> None:
        """Start from a child's plan as it stands; a draft that was changed stays."""
        changed, first, before = self.is_changed(), self._look is None, self._start
        self._look = look
        self._start = asking.again(drafted(look.running.plan)) if look.running else _NONE
        if not changed:
            self._begin_again()
        self._refresh()
        if changed and not first and before != self._start:
            self._say(presenter.OVERTAKEN, tone=Tone.URGENT)

    def is_changed(self) -> bool:
        """Return whether the draft says something else than the plan as it stands."""
        return self.draft != self._start

    def open(self, part: str, key: str = "", values: Mapping[str, Any] | None = None) -> None:
        """Open the form for one line of the draft, a new one without a key; an open form goes first."""
        look = self._look
        if look is None:
            return
        if self.entering is not None:
            self.entering.say_first()
            return
        line = next((one for one in getattr(self.draft, part) if one.key == key), None) if part != FACTS else None
        self.entering = Entering(part, line.key if line else "", self.draft, look)
        (self._whole if part == FACTS else self.lists[part]).column.addWidget(self.entering)
        self.entering.saved.connect(self._on_entered)
        self.entering.removal_wanted.connect(lambda: self._on_removal(part, key))
        self.entering.dropped.connect(self.put_away)
        before = asking.facts_of(self.draft) if part == FACTS else asking.values_of(line) if line else {}
        self.entering.open({**before, **(values or {})})
        self.opened.emit(self.entering)

    def put_back(self, draft: Draft, *, overtaken: bool = False) -> None:
        """Show a draft that another screen of this plan left unsaved, and say where the plan was changed since."""
        self.draft = draft
        self._refresh()
        if overtaken:
            self._say(presenter.OVERTAKEN, tone=Tone.URGENT)

    def is_entering(self) -> bool:
        """Return whether a form is open."""
        return self.entering is not None

    def put_away(self) -> None:
        """Put the open form away."""
        if self.entering is not None:
            part = self.entering.part
            self.entering.hide()
            self.entering.deleteLater()
            self.entering = None
            self._focus(part)

    def focus_first(self) -> None:
        """Put the focus on what is written first."""
        self.facts.setFocus()

    def _focus(self, part: str) -> None:
        if part == FACTS:
            self.facts.setFocus()
        else:
            lines = self.lists[part]
            (lines.listing if lines.listing.count() else lines.add).setFocus()

    def _begin_again(self) -> None:
        self.draft, self._earlier = self._start, []

    def _on_entered(self, values: Mapping[str, Any]) -> None:
        entering, look = self.entering, self._look
        if entering is None or look is None:
            return
        part, key = entering.part, entering.key
        try:
            if part == FACTS:
                made = asking.facts_from(self.draft, values, look.today, look.pack)
            else:
                key = key or asking.free_key(self.draft)
                line = asking.line_from(part, key, values, look.today, look.pack)
                made = asking.with_line(self.draft, part, line)
        except NotThere as wrong:
            entering.form.say(str(wrong), wrong.key)
        else:
            self.put_away()
            self._change(made)
            self._focus(part)

    def _on_removal(self, part: str, key: str) -> None:
        if self.entering is not None and self.entering.key != key:
            self.entering.say_first()
            return
        self.put_away()
        self._change(
            asking.without(self.draft, part, key),
            self.tr("Taken out of the draft. What named it stands by itself. “Take back the last change” undoes it."),
            part,
        )
        self._focus(part)

    def _on_take_back(self) -> None:
        if self._earlier:
            self.draft = self._earlier.pop()
            self._say(self.tr("The last change of the draft was taken back."))
            self._refresh()

    def _say(self, sentence: str, part: str = "", tone: Tone = Tone.CALM) -> None:
        """Say what happened beside the list it happened in; beside the buttons below where it is about the whole."""
        place = self.lists.get(part, self)
        place.column.addWidget(self.said)
        self.said.say(sentence, tone)

    def _change(self, draft: Draft, said: str = "", part: str = "") -> None:
        if draft != self.draft:
            self._earlier.append(self.draft)
            self.draft = draft
        self._say(said, part)
        self._refresh()

    def _refresh(self) -> None:
        look = self._look
        if look is None:
            return
        self._facts.setText(asking.facts_words(self.draft, look.pack))
        for part, lines in self.lists.items():
            found = getattr(self.draft, part)
            shown = [Entry(one.key, asking.line_words(part, one, self.draft, look)) for one in found]
            lines.listing.show_entries(shown)
            lines.listing.setVisible(bool(shown))
        self._too_many.setText(asking.too_many(self.draft, look.pack))
        self._too_many.setVisible(bool(self._too_many.text()))
        self.back.setEnabled(bool(self._earlier))
        self.restart.setVisible(self.is_changed() and look.running is not None)
        self._foresee(look)

    @property
    def takes_over(self) -> bool:
        """Whether this is the record of a plan that another authority made: outside a meeting, none is made here."""
        return self._look is not None and not self._look.history and self._meeting_id is None

    def _foresee(self, look: Look) -> None:
        said = presenter.taken_over(look.name)
        rows: list[str] = []
        if not self.takes_over:
            try:
                found = planning.preview(self._sitting, look.child.id, self.draft, meeting_id=self._meeting_id)
                said, rows = presenter.to_come(found, look.pack)
            except Refused as refused:
                said = fill(look.pack.words("refusal", refused.rule), refused.words)
        if self._meeting_id is None and look.running is not None:
            said += " " + self.tr("Outside a meeting a plan may be changed, and never made surer than it is.")
        self.foreseen.setText(said)
        self.to_come.show_entries([Entry(number, row) for number, row in enumerate(rows)])
        self.to_come.setVisible(bool(rows))

    def _on_save(self) -> None:
        look = self._look
        if look is None:
            return
        if self.entering is not None:
            self.entering.say_first()
            return
        try:
            if self.takes_over:
                planning.take_over(self._sitting, look.child.id, self.draft)
            else:
                planning.revise(self._sitting, look.child.id, self.draft, meeting_id=self._meeting_id)
        except Refused as refused:
            self._say(fill(look.pack.words("refusal", refused.rule), refused.words), tone=Tone.URGENT)
        except SaveFault as fault:
            self._say(str(fault), tone=Tone.URGENT)
        else:
            self._start = self.draft
            self.said.hush()
            self.saved.emit()
