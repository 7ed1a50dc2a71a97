"""A part of the page: the table of decisions, and below it the form for the cell that is chosen."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QPushButton

from app.models.meeting import State
from app.practice.children import called
from app.practice.origins import origin
from app.services import conduct, deciding
from app.ui.conduct.cell_forms import AsForForm, DecideForm
from app.ui.conduct.grid import Grid
from app.ui.conduct.held import Held
from app.ui.conduct.matrix import Cell, Matrix, matrix, siblings, summary
from app.ui.conduct.part import Forms, Part, titled
from app.ui.kit.days import NoSuchDay
from app.ui.kit.form import Form
from app.ui.kit.look import plain
from app.ui.kit.page import Row, button
from app.ui.kit.saying import Saying

DECIDE = "decide"
AS_FOR = "as-for"
_FIELDS = {
    "decision.reason-missing": "reason", "decision.date-missing": "on", "decision.person-missing": "person",
    "decision.detail-missing": "detail", "decision.departure-missing": "departure", "decision.unknown-option": "option",
    "decision.needs-quorum": "option", "decision.sibling-undecided": "sibling", "decision.same-child": "sibling",
    "decision.differs-missing": "differs",
}  # fmt: skip


class CellsPart(Part):
    """Return on a cell decides for that child; what was decided for a sibling is taken over with what differs."""

    def __init__(self, held: Held, forms: Forms) -> None:
        self._said = Saying()
        self._found = Matrix((), (), ())
        self._summary, self.detail = plain(), plain()
        self.grid = Grid(self.tr("Decisions, by question and child"))
        self.decide = button(self.tr("&Decide…"), self.tr("Return"))
        self.as_for = button(self.tr("As for a sib&ling…"))
        self.why: QPushButton = button(self.tr("&Where this question comes from"), self.tr("F1"))
        self.decide_form = DecideForm(held)
        self.as_form = AsForForm(held)
        forms.know(DECIDE, self.decide_form)
        forms.know(AS_FOR, self.as_form)
        super().__init__(
            held, forms, self._summary, titled(self.tr("&Questions and children"), self.grid), self.grid, self.detail,
            Row(self.decide, self.as_for, self.why), self._said, self.decide_form, self.as_form,
        )  # fmt: skip
        self._connect()

    @property
    def said(self) -> Saying:
        """Where the part says something."""
        return self._said

    def show_part(self) -> None:
        """Show what is decided as the record stands."""
        held = self.held
        self._found = matrix(held.meeting, held.type, held.pack)
        self._summary.setText(summary(held, self._found))
        self.grid.show_matrix(self._found)
        self._on_moved()

    def go_to_first_wanted(self) -> None:
        """Make the first cell current that must still be decided."""
        place = self._found.next_wanted(0, 0)
        if place is not None:
            self.grid.go_to(*place)

    def open_decide(self, about: str = "") -> None:
        """Open the form for the current cell, or for the one it was ``about``; what is decided stands in it."""
        cell = self._go_to(about) if about else self.grid.cell
        if cell is not None and self.decide.isEnabled() and self.forms.may_open():
            self.forms.open(DECIDE, self._title(cell), self.decide_form.be_about(cell), _name(cell))
            self.decide_form.show_needs()

    def open_as_for(self, about: str = "") -> None:
        """Open the form that takes over what was decided for another child."""
        cell = self._go_to(about) if about else self.grid.cell
        if cell is not None and self.as_for.isEnabled() and self.forms.may_open():
            self.forms.open(AS_FOR, self._title(cell), self.as_form.be_about(cell), _name(cell))

    def _connect(self) -> None:
        self.grid.chosen.connect(self._on_chosen)
        self.grid.moved.connect(self._on_moved)
        self.decide.clicked.connect(self._on_chosen)
        self.as_for.clicked.connect(self._on_like)
        self.why.clicked.connect(self._on_why)
        self.decide_form.saved.connect(self._on_decided)
        self.as_form.saved.connect(self._on_as_for)
        for form in (self.decide_form, self.as_form):
            form.dropped.connect(self.grid.setFocus)

    def _go_to(self, about: str) -> Cell | None:
        """Make the cell of that name current and return it; None where there is none."""
        for row, line in enumerate(self._found.cells):
            for column, cell in enumerate(line):
                if _name(cell) == about:
                    self.grid.go_to(row, column)
                    return cell
        return None

    def _asked(self) -> Cell | None:
        """Return the cell that the open form is about, wherever somebody looks meanwhile."""
        cells = [cell for line in self._found.cells for cell in line]
        return next((cell for cell in cells if _name(cell) == self.forms.about), None)

    def _title(self, cell: Cell) -> str:
        child = called(self.held.meeting.children)[cell.child.id]
        whom = child if cell.question.per_child else self.tr("All children")
        said = f"{whom}: {cell.question.question}"
        return said if cell.decision is None else said + " " + self.tr("Saving takes the place of what is decided.")

    def _on_chosen(self) -> None:
        self.open_decide()

    def _on_like(self) -> None:
        self.open_as_for()

    def _on_moved(self) -> None:
        cell, session = self.grid.cell, self.held.meeting.state is State.IN_SESSION
        self.detail.setText(cell.whole if cell else "")
        self.decide.setEnabled(cell is not None and session)
        self.as_for.setEnabled(
            cell is not None
            and session
            and cell.question.per_child
            and bool(siblings(self.held.meeting, cell.question, cell.child))
        )
        self.why.setEnabled(cell is not None)

    def _on_decided(self, values: dict[str, Any]) -> None:
        held, cell, form = self.held, self._asked(), self.decide_form
        try:
            choice = form.choice(values)
        except NoSuchDay as wrong:
            form.say(str(wrong), "on")
            return
        if cell is None or choice is None:
            form.say(self.tr("Choose what is decided."), "option")
            return
        self._done(lambda: deciding.decide(held.sitting, held.meeting.id, choice), form, cell)

    def _on_as_for(self, values: dict[str, Any]) -> None:
        held, cell, form = self.held, self._asked(), self.as_form
        if cell is None or not values["sibling"]:
            form.say(self.tr("Choose the child whose decision is taken over."), "sibling")
            return
        sibling = UUID(values["sibling"])
        self._done(
            lambda: conduct.decide_as_for(
                held.sitting, held.meeting.id, cell.question.id, cell.child.id, sibling, values["differs"]
            ),
            form, cell,
        )  # fmt: skip

    def _done(self, act: Callable[[], object], form: Form, cell: Cell) -> None:
        child = called(self.held.meeting.children)[cell.child.id]
        said = self.tr("Recorded for %1: %2").replace("%1", child).replace("%2", cell.question.question)
        self._go_to(_name(cell))
        row, column = self.grid.currentIndex().row(), self.grid.currentIndex().column()
        if self.do(act, said, form, _FIELDS):
            following = self._found.next_wanted(row, column)
            if following is not None:
                self.grid.go_to(*following)
            self.grid.setFocus()

    def _on_why(self) -> None:
        if self.grid.cell is not None:
            self._said.say(origin(self.grid.cell.question, self.held.pack))


def _name(cell: Cell) -> str:
    return f"{cell.question.id}/{cell.child.id}"
