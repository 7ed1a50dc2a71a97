"""The form for an agency's view."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.kit.look import plain, spread
from app.ui.meeting.acting import Outcome, take_view
from app.ui.meeting.choices import Wanted, agencies, next_view
from app.ui.meeting.entry import NotUnderstood
from app.ui.meeting.form import Choices, Form, Pick, children_of, short_field, tab_through, words_field
from app.ui.meeting.presenter import views_of
from app.ui.meeting.room import Room


class ViewForm(Form):
    """Takes one view after the other until none is missing."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, self.tr("&Save the view"), parent)
        self._wanted: Wanted | None = None
        self._question = plain()
        self._agency = Pick(self.tr("A&gency"))
        self._child = Pick(self.tr("Chil&d"))
        self._choices = Choices()
        self._reason = words_field(self.tr("&Reasons, as the agency gives them"))
        self._change = short_field(self.tr("What &would change its mind (if said)"))
        self._so_far = plain()
        whom = QHBoxLayout()
        spread(whom)
        whom.addWidget(self._agency, 1)
        whom.addWidget(self._child, 1)
        self.column.addWidget(self._question)
        self.column.addLayout(whom)
        for part in (self._choices, self._reason, self._change, self._so_far):
            self.column.addWidget(part)
        self.end()
        self._choices.chosen.connect(self._on_chosen)

    def open(self, wanted: Wanted, reason: str = "") -> None:
        """Show the view that is wanted; words typed before stay unless others are given."""
        self._wanted = wanted
        question = wanted.view
        if question is None:
            return
        self.announce_name(self.tr("View"))
        self._question.setText(question.question)
        nobody = [] if wanted.agency else [(None, self.tr("Choose the agency"))]
        self._agency.offer([*nobody, *((a.id, a.label) for a in agencies(self.room))], wanted.agency)
        self._child.offer(children_of(self.room), wanted.child.id)
        chosen = wanted.option.id if wanted.option else ""
        self._choices.offer(question.question, [(o.id, o.label) for o in question.options], chosen)
        tab_through(
            self._agency.edit,
            self._child.edit,
            *self._choices.radios,
            self._reason.edit,
            self._change.edit,
            *self.buttons,
        )
        if reason:
            self._reason.text = reason
        self._so_far.setText("; ".join(views_of(self.room, question.id)))
        self.said.hush()

    def first(self) -> QWidget:
        """Return the options, or the reasons where the option is chosen already."""
        return self._reason if self._choices.option else self._choices.target

    def act(self) -> Outcome:
        """Record the view and show the next one that is missing."""
        if self._wanted is None or self._child.record_id is None:
            raise NotUnderstood(self.tr("There is no view to take here."))
        if not self._choices.option:
            raise NotUnderstood(self.tr("Choose what the agency thinks, by its number."))
        child = self.room.child_named(self._child.record_id) or self._wanted.child
        wanted = Wanted(child, view=self._wanted.view, agency=self._agency.record_id)
        outcome = take_view(self.room, wanted, self._choices.option, self._reason.text, self._change.text)
        self._reason.text = self._change.text = ""
        return outcome

    def following(self) -> Wanted | None:
        """Return the view to take after this one."""
        return next_view(self.room)

    def _on_chosen(self) -> None:
        self._reason.setFocus()
