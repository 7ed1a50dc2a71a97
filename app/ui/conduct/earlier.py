"""A part of the page: what the meetings before have left."""

from dataclasses import replace

from app.practice.carrying_on import CarriedOn, not_done_here
from app.practice.children import called
from app.services import carrying_on
from app.ui.conduct.carried import ACTIONS, Section, before_words, sections
from app.ui.conduct.held import Held
from app.ui.conduct.part import Forms, Part, titled
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying

_KINDS = (ACTIONS, "not-told", "gaps", "dissents", "decisions", "plan", "views")


class EarlierPart(Part):
    """One list for each kind of thing that is carried on; an action that is done is carried on no more."""

    def __init__(self, held: Held, forms: Forms) -> None:
        self._said = Saying()
        self._from = plain()
        self._found: CarriedOn | None = None
        self.lists = {kind: Listing("") for kind in _KINDS}
        self.lists[ACTIONS] = Listing("", stays=True)
        self._titles = {kind: titled("", level=3) for kind in _KINDS}
        self.done = button(self.tr("This action is d&one"))
        groups = []
        for kind in _KINDS:
            below = [Row(self.done), self._said] if kind == ACTIONS else []
            groups.append(Group(self._titles[kind], self.lists[kind], *below))
        self._groups = dict(zip(_KINDS, groups, strict=True))
        first = self.lists[ACTIONS]
        super().__init__(
            held, forms, titled(self.tr("What the m&eetings before have left"), first), self._from, *groups
        )
        self.done.clicked.connect(self._on_done)
        self.lists[ACTIONS].chosen.connect(lambda _key: self._on_done())

    @property
    def said(self) -> Saying:
        """Where the part says something."""
        return self._said

    def show_part(self) -> None:
        """Show what is carried on as the record stands."""
        held = self.held
        found = self._found = self._found or carrying_on.carried_on(held.sitting, held.meeting.id)
        self._from.setText(before_words(found, held.sitting, held.pack))
        found = replace(found, actions=not_done_here(found, held.meeting))
        named = called(held.meeting.children)
        shown = {section.key: section for section in sections(found, held.sitting, held.pack, named)}
        for kind in _KINDS:
            self._show(kind, shown.get(kind))
        self.done.setEnabled(held.meeting.open)

    def forget(self) -> None:
        """Read anew, the next time it is shown, what the meetings before have left."""
        self._found = None

    def first(self) -> Listing | None:
        """Return the first list that has anything in it."""
        return next((self.lists[kind] for kind in _KINDS if self.lists[kind].count()), None)

    def _show(self, kind: str, section: Section | None) -> None:
        self._groups[kind].setVisible(section is not None)
        if section is not None:
            self._titles[kind].setText(section.title)
            self.lists[kind].setAccessibleName(section.title)
        rows = section.lines if section else ()
        self.lists[kind].show_entries([Entry(line.key, line.text) for line in rows])

    def _on_done(self) -> None:
        held, key = self.held, self.lists[ACTIONS].key
        if key is None:
            return
        done = self.do(
            lambda: carrying_on.finish(held.sitting, held.meeting.id, key),
            self.tr("Recorded in this meeting that the action is done; it is carried on no more."), None, {},
        )  # fmt: skip
        if done and (rest := self.first()) is not None:
            rest.setFocus()
