"""The widgets of the set-up page, in the order they are filled in."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import QComboBox, QCompleter, QLabel

from app.models.meeting import Method
from app.practice.origins import origin
from app.practice.pack import Circumstance, InviteTrigger
from app.services.setting_up import Outlook
from app.services.sitting import Sitting
from app.ui.kit.field import Field, LineField
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain, spread
from app.ui.kit.page import Group, Page, Row, button
from app.ui.kit.saying import Saying
from app.ui.setup.draft import Draft
from app.ui.setup.lists import ChildrenList, PeopleList
from app.ui.setup.presenter import People, invitation_words, origin_words


class SetupForm(Page):
    """The lines and lists of the set-up page."""

    def __init__(self, sitting: Sitting, draft: Draft, people: People, references: Sequence[str]) -> None:
        super().__init__()
        self._sitting, self._draft = sitting, draft
        spread(self.column, 2, 1)
        self.title = heading()
        self.kind = QComboBox()
        self._kind = Field(self.tr("&Type of meeting"), self.kind)
        self.case = LineField(self.tr("Case &reference"), self.tr("Your authority's own reference for the family."))
        self.children_list = ChildrenList(
            sitting,
            draft,
            self.tr("&Children"),
            self.tr("Name and date of birth, then Return: Robin Sample 3.3.2022. Unborn: due 4 May 2027."),
            self.tr("Children of this meeting"),
        )
        self.people = PeopleList(
            sitting,
            draft,
            people,
            self.tr("&People on the call"),
            self.tr("Name, agency, role, then Return: Sam Okafor, police, DS. Ticked means here at the start."),
            self.tr("People at the table"),
        )
        self.reason = LineField(self.tr("Reas&on for the meeting"))
        self.method = QComboBox()
        self._method = Field(self.tr("How people m&eet"), self.method)
        self._missing = plain()
        self.circumstances = Listing(self.tr("Circumstances that apply"), most_rows=12)
        label = QLabel(self.tr("Does any of these appl&y? Space ticks, Return says where its rule comes from."))
        label.setBuddy(self.circumstances)
        # whom to consider now, as the rules say it
        self._consider: Sequence[InviteTrigger] = ()
        self.why = button(self.tr("&Where this comes from"), self.tr("F1"))
        self.origin = Saying()
        self.consider = Group(heading(self.tr("Consider inviting"), 2), self._missing, label, self.circumstances)
        self.add(
            self.title, self._kind, self.case, self.children_list, self.people, self.reason, self.consider,
            Row(self.why), self.origin, self._method,
        )  # fmt: skip
        self.end()
        self.why.clicked.connect(self.show_origin)
        self.circumstances.chosen.connect(self._say_origin)
        self._fill(references)

    def _fill(self, references: Sequence[str]) -> None:
        pack, draft = self._sitting.pack, self._draft
        for meeting_type in pack.meeting_types:
            self.kind.addItem(meeting_type.label, meeting_type.id)
        self.kind.setCurrentIndex(self.kind.findData(draft.type_id))
        self._kind.setVisible(len(pack.meeting_types) > 1 and draft.meeting_id is None)
        for method in Method:
            self.method.addItem(pack.words("methods", method.value), method)
        self.method.setCurrentIndex(self.method.findData(draft.method))
        self.case.text, self.reason.text = draft.case_reference, draft.reason
        completer = QCompleter(list(references), self.case.line)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.case.line.setCompleter(completer)
        prepared = draft.meeting_id is not None
        self.case.line.setReadOnly(prepared or bool(draft.case_reference))
        self.children_list.field.setVisible(not prepared)
        self.reason.line.setReadOnly(prepared)
        self.method.setEnabled(not prepared)
        self.show_type()

    def show_type(self) -> None:
        """Show what belongs to the type of meeting that is chosen."""
        meeting_type = self._sitting.pack.meeting_type(self._draft.type_id)
        if meeting_type is None:
            return
        self.origin.hush()
        prepared = self._draft.meeting_id is not None
        said = self.tr("Start: %1") if prepared else self.tr("New meeting: %1")
        self.title.setText(said.replace("%1", meeting_type.label))
        asked = [t for t in meeting_type.invites if t.when is Circumstance.ASKED]
        self.circumstances.show_entries([Entry(t.id, t.label, ticked=t.id in self._draft.circumstances) for t in asked])
        self.consider.setVisible(bool(meeting_type.invites))
        reasons = ", ".join(meeting_type.not_by_telephone)
        self._method.advise(self.tr("Better not by telephone: %1.").replace("%1", reasons) if reasons else "")

    def show_missing(self, outlook: Outlook) -> None:
        """Show who else should be considered, each with the reason."""
        self._consider = outlook.missing
        lines = invitation_words(outlook)
        self._missing.setText("\n".join(lines) or self.tr("Everybody who is usually considered is on the list."))

    def show_origin(self) -> None:
        """Say where the rule of the current circumstance comes from, or else all those behind the page."""
        if self.circumstances.hasFocus() and self.circumstances.key is not None:
            self._say_origin(self.circumstances.key)
            return
        pack = self._sitting.pack
        if (meeting_type := pack.meeting_type(self._draft.type_id)) is not None:
            self._say(origin_words(meeting_type, self._consider, pack))

    def _say_origin(self, trigger_id: str) -> None:
        pack = self._sitting.pack
        meeting_type = pack.meeting_type(self._draft.type_id)
        for trigger in meeting_type.invites if meeting_type else ():
            if trigger.id == trigger_id:
                self._say(origin(trigger, pack))

    def _say(self, words: str) -> None:
        """Say where something comes from, and scroll there once it has its place."""
        self.origin.say(words)
        QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self.origin))

    def holds_text(self) -> bool:
        """Return whether something is typed in a line that nothing has taken yet."""
        return any(line.text.strip() for line in self._lines() if not line.line.isReadOnly())

    def forget_text(self) -> None:
        """Empty the lines, once what was typed in them is saved."""
        for line in self._lines():
            line.text = ""

    @property
    def typed(self) -> list[str]:
        """What is typed in the lines, in their order."""
        return [line.text for line in self._lines()]

    def put_back(self, typed: Sequence[str]) -> None:
        """Show what was typed in the lines of another page, and what its draft says."""
        for box, chosen in ((self.kind, self._draft.type_id), (self.method, self._draft.method)):
            # put back, not chosen anew, which would forget the circumstances
            with QSignalBlocker(box):
                box.setCurrentIndex(box.findData(chosen))
        self.show_type()
        for line, text in zip(self._lines(), typed, strict=True):
            line.text = text

    def _lines(self) -> tuple[LineField, ...]:
        return self.case, self.children_list.field, self.people.field, self.reason
