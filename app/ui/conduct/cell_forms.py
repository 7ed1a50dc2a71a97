"""The two forms for a cell of the table: a decision with what its option needs, and one taken over from a sibling."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QSignalBlocker

from app.practice.questions import Option
from app.practice.words import legal_day
from app.services.deciding import Choice
from app.ui.conduct.held import Held
from app.ui.conduct.matrix import Cell, advice, majority, siblings
from app.ui.conduct.part import combo
from app.ui.kit.asked import Asked, Kind
from app.ui.kit.days import read_day, written
from app.ui.kit.form import Form

_NEEDS = {"date": "on", "person": "person", "detail": "detail"}


class DecideForm(Form):
    """Asks for a decision, and with it for what the chosen option needs and for nothing else."""

    def __init__(self, held: Held) -> None:
        super().__init__([
            Asked("option", _said("Decision"), Kind.CHOICE),
            Asked("on", _said("Date"), hint=_said("Like 11 December or 11.12.2026")),
            Asked("person", _said("Person")),
            Asked("detail", _said("Details")),
            Asked("reason", _said("Reasons of the chair"), Kind.WORDS),
            Asked("departure", _said("Why you depart from the view of most agencies"), Kind.WORDS),
        ])  # fmt: skip
        self._held = held
        self._cell: Cell | None = None
        combo(self, "option").currentIndexChanged.connect(lambda _index: self.show_needs())

    def be_about(self, cell: Cell) -> dict[str, str]:
        """Offer the options of a cell and return what is decided there, by field."""
        self._cell = cell
        _offer(self, "option", [(option.id, option.label) for option in cell.question.options])
        self.field("option").advise(advice(self._held, cell.question, cell.child))
        made = cell.decision
        if made is None:
            return {}
        return {
            "option": made.option, "on": written(made.on), "person": made.person, "detail": made.detail,
            "reason": made.reason, "departure": made.departure,
        }  # fmt: skip

    def show_needs(self) -> None:
        """Show the fields that the chosen option needs, and why it is asked for where it departs from most agencies."""
        if self._cell is None:
            return
        option = self._option(self.values["option"])
        for need, key in _NEEDS.items():
            self.field(key).setVisible(option is not None and need in option.needs)
        most = self._majority(option)
        self.field("departure").advise(self.tr("Most agencies say: %1").replace("%1", most) if most else "")
        self.field("departure").setVisible(bool(most))

    def choice(self, values: dict[str, Any]) -> Choice | None:
        """Return what was chosen, None where nothing was; raises ``NoSuchDay``."""
        option, cell = self._option(values["option"]), self._cell
        if option is None or cell is None:
            return None
        day = values["on"].strip() if "date" in option.needs else ""
        return Choice(
            cell.question.id, cell.child.id, option.id, values["reason"],
            departure=values["departure"] if self._majority(option) else "",
            on=read_day(day, legal_day(self._held.now)) if day else None,
            person=values["person"] if "person" in option.needs else "",
            detail=values["detail"] if "detail" in option.needs else "",
            # what the decision rests on stays with it
            grounds=[ground.statement_id for ground in cell.decision.grounds] if cell.decision else [],
        )  # fmt: skip

    def _option(self, option_id: object) -> Option | None:
        return self._cell.question.option(str(option_id or "")) if self._cell else None

    def _majority(self, option: Option | None) -> str:
        if option is None or self._cell is None:
            return ""
        return majority(self._held, self._cell.question, option.id, self._cell.child)


class AsForForm(Form):
    """Asks whose decision is taken over, and what is different for this child."""

    def __init__(self, held: Held) -> None:
        super().__init__([
            Asked("sibling", _said("As for"), Kind.CHOICE, hint=_said("The reasons are taken over with it.")),
            Asked(
                "differs", _said("What is different for this child"), Kind.WORDS,
                hint=_said("Needed: no two children live the same day. It stands in the minutes beside the mark."),
            ),
        ])  # fmt: skip
        self._held = held

    def be_about(self, cell: Cell) -> dict[str, str]:
        """Offer the children for whom it is decided; the only one is chosen already."""
        found = siblings(self._held.meeting, cell.question, cell.child)
        _offer(self, "sibling", found)
        return {"sibling": found[0][0]} if len(found) == 1 else {}


def _offer(form: Form, key: str, choices: Sequence[tuple[str, str]]) -> None:
    box = combo(form, key)
    with QSignalBlocker(box):
        box.clear()
        for value, text in [("", _said("Choose")), *choices]:
            box.addItem(text, value)


def _said(text: str) -> str:
    return QCoreApplication.translate("CellForms", text)
