"""A part of the page: how independent the chair is, what each answer does, and who agreed to it."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QComboBox, QPushButton

from app.practice.arrangements import ChairModel
from app.practice.chairing import model_of
from app.services import conduct
from app.ui.conduct import presenter
from app.ui.conduct.held import Held
from app.ui.conduct.part import Forms, Part, titled
from app.ui.kit.asked import Asked, Kind
from app.ui.kit.field import Field
from app.ui.kit.form import Form
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import plain
from app.ui.kit.page import Row, button
from app.ui.kit.saying import Saying

YES = "chair-yes"
AGREED = "chair-agreed"
_FIELDS = {"declaration.agreement-missing": "agreed_by", "declaration.own-agreement": "agreed_by"}


class ChairPart(Part):
    """The questions of one model, each with its answer; a model is chosen where the type of meeting has several."""

    def __init__(self, held: Held, forms: Forms) -> None:
        self._said = Saying()
        self.models = QComboBox()
        self._model_field = Field(self.tr("How this chair &is independent"), self.models)
        self.questions = Listing(self.tr("Questions to the chair"), stays=True)
        self._summary, self._means = plain(), plain()
        self.no = button(self.tr("&No"))
        self.yes = button(self.tr("&Yes…"))
        self.agreed = button(self.tr("Somebody a&greed…"))
        self.why: QPushButton = button(self.tr("&Where this comes from"), self.tr("F1"))
        self._buttons = Row(self.no, self.yes, self.agreed, self.why)
        name = Asked("agreed_by", self.tr("Agreed by"), hint=self.tr("A second manager, not the chair."))
        note = Asked("note", self.tr("Note for the minutes"), Kind.WORDS)
        self.yes_form = forms.know(YES, Form([name, note], save=self.tr("&Save this answer")))
        self.agreed_form = forms.know(AGREED, Form([name, note]))
        super().__init__(
            held, forms, titled(self.tr("The chair's independence")), self._summary, self._model_field, self._means,
            self.questions, self._buttons, self._said, self.yes_form, self.agreed_form,
        )  # fmt: skip
        self._offered = presenter.models(held.type, held.pack)
        for model in self._offered:
            self.models.addItem(model.label, model.id)
        found = model_of(held.meeting, held.type, held.pack)
        self.models.setCurrentIndex(max(self.models.findData(found.id if found else ""), 0))
        self._model_field.setVisible(len(self._offered) > 1)
        self._connect()

    @property
    def said(self) -> Saying:
        """Where the part says something."""
        return self._said

    @property
    def model(self) -> ChairModel | None:
        """The model whose questions are shown."""
        return self._offered[self.models.currentIndex()] if self._offered else None

    def show_part(self) -> None:
        """Show the questions as they are answered."""
        held, model = self.held, self.model
        self._summary.setText(presenter.chair_summary(held.meeting, held.type, held.pack))
        lines = presenter.question_lines(model, held.meeting) if model else []
        self.questions.show_entries([Entry(line.key, line.text) for line in lines])
        self._means.setText(presenter.model_words(model, held.meeting, held.pack) if model else "")
        for part in (self.questions, self._means, self._buttons):
            part.setVisible(bool(lines))
        self._on_another()

    def go_to_first_open(self) -> None:
        """Make the first question current that is not answered."""
        answered = {one.question_id for one in self.held.meeting.declarations}
        rows = [row for row, asked in enumerate(self._asked()) if asked.id not in answered]
        self.questions.setCurrentRow(rows[0] if rows else 0)

    def open_again(self, question_id: str, open_it: Callable[[], object]) -> None:
        """Open a form for the question it was about, under the model that asks it."""
        for place, model in enumerate(self._offered):
            if model.declaration(question_id) is not None:
                self.models.setCurrentIndex(place)
                self.questions.setCurrentRow([asked.id for asked in model.declarations].index(question_id))
                open_it()
                return

    def open_yes(self) -> None:
        """Open the form for a yes to the current question; what was answered before stands in it."""
        asked, given = self._current()
        if asked is None:
            return
        values = {"agreed_by": given.agreed_by, "note": given.note} if given else {}
        if self.forms.open(YES, self.tr("Yes: %1").replace("%1", asked.question), values, asked.id):
            hint = presenter.agreement_hint(asked)
            self.yes_form.field("agreed_by").advise(hint)
            self.yes_form.field("agreed_by").setVisible(bool(hint))
            self.yes_form.field("note").advise(presenter.before_answering(asked))
            self.forms.go_to_opened()

    def open_agreed(self) -> None:
        """Open the form that says who agreed to the current answer."""
        asked, given = self._current()
        if asked is not None and given is not None and self.agreed.isEnabled():
            values = {"agreed_by": given.agreed_by, "note": given.note}
            self.forms.open(AGREED, self.tr("Who agreed: %1").replace("%1", asked.question), values, asked.id)

    def _connect(self) -> None:
        self.models.currentIndexChanged.connect(lambda _index: self._on_model())
        self.questions.currentRowChanged.connect(lambda _row: self._on_another())
        self.questions.chosen.connect(lambda _key: self.open_yes())
        self.no.clicked.connect(self._on_no)
        self.yes.clicked.connect(self.open_yes)
        self.agreed.clicked.connect(self.open_agreed)
        self.why.clicked.connect(self._on_why)
        self.yes_form.saved.connect(self._on_yes)
        self.agreed_form.saved.connect(self._on_agreed)
        for form in (self.yes_form, self.agreed_form):
            form.dropped.connect(self.questions.setFocus)

    def _asked(self) -> list[Any]:
        return list(self.model.declarations) if self.model else []

    def _current(self) -> tuple[Any, Any]:
        key = self.questions.key
        asked = next((one for one in self._asked() if one.id == key), None)
        return asked, next((one for one in self.held.meeting.declarations if one.question_id == key), None)

    def _on_model(self) -> None:
        self.show_part()
        self.go_to_first_open()

    def _on_another(self) -> None:
        asked, _ = self._current()
        open_now = asked is not None and self.held.can_be_undone
        self.no.setEnabled(open_now)
        self.yes.setEnabled(open_now)
        model = self.model
        self.agreed.setEnabled(
            asked is not None and model is not None and presenter.may_be_agreed(model, self.held.meeting, asked.id)
        )

    def _on_no(self) -> None:
        if self.questions.key is not None:
            self._declare(self.questions.key, False, {"agreed_by": "", "note": ""}, None)

    def _on_yes(self, values: dict[str, Any]) -> None:
        # not the current question: somebody may have looked at another one meanwhile
        self._declare(self.forms.about, True, values, self.yes_form)

    def _declare(self, question_id: str, answer: bool, values: dict[str, Any], form: Form | None) -> None:
        held = self.held
        model = next((one for one in self._offered if one.declaration(question_id) is not None), None)
        done = self.do(
            lambda: conduct.declare(
                held.sitting, held.meeting.id, question_id, answer, agreed_by=values["agreed_by"], note=values["note"],
                model=model.id if model else "",
            ),
            self.tr("Recorded: %1.").replace("%1", self.tr("yes") if answer else self.tr("no")), form, _FIELDS,
        )  # fmt: skip
        if done:
            self.go_to_first_open()
            self.questions.setFocus()

    def _on_agreed(self, values: dict[str, Any]) -> None:
        held, key = self.held, self.forms.about
        done = self.do(
            lambda: conduct.agree(held.sitting, held.meeting.id, key, values["agreed_by"], values["note"]),
            self.tr("Recorded: %1 agreed.").replace("%1", values["agreed_by"].strip()), self.agreed_form, _FIELDS,
        )  # fmt: skip
        if done:
            self.questions.setFocus()

    def _on_why(self) -> None:
        if self.model is not None:
            self._said.say(presenter.question_origin(self.model, self.held.pack))
