"""The part of the page about one piece of work: how it is done, its steps, its end, and the forms for them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal

from app.models.base import Refused
from app.models.work import WorkKind, WorkStep
from app.practice.finding import fill
from app.practice.words import legal_day
from app.services import directing
from app.services.directing import Directed
from app.services.sitting import SaveFault, Sitting
from app.ui.kit.asked import Asked
from app.ui.kit.form import Form
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying, Tone
from app.ui.work import presenter
from app.ui.work.presenter import Unclear

_FIELDS = {
    "work.step-missing": "text", "work.in-future": "hour", "work.ends-before-start": "hour",
    "work.unknown-outcome": "outcome",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class HalfTyped:
    """What stands in an open form: the work it is about, which form, the agency chosen, and what else is filled in."""

    work: UUID
    form: str
    agency: UUID | None
    values: dict[str, bool | str]


class WorkPart(Group):
    """One piece of work; ``changed`` once an act was kept, ``typing`` when a form opens (True) or closes (False)."""

    changed = Signal()
    typing = Signal(bool)

    def __init__(self, sitting: Sitting, case_id: UUID) -> None:
        self._sitting, self._case_id = sitting, case_id
        self._one: Directed | None = None
        self._title, self.how = heading(level=2), plain()
        self._steps_label, self._no_steps = heading(level=3), plain()
        self.steps = Listing(self.tr("Steps"), stays=True)
        self.plan = button(self.tr("&Plan it…"))
        self.end = button("")
        self.origin = button(self.tr("Where it &comes from"))
        self.add = button("")
        self.done = button("")
        self.why, self.said = Saying(), Saying()
        self.form = Form([])
        self._save: Callable[[dict[str, Any]], str] = str
        self._which = ""
        self._acts, self._step_acts = Row(self.plan, self.end, self.origin), Row(self.add, self.done)
        super().__init__(
            self._title, self.said, self.how, self._acts, self.why,
            self._steps_label, self._no_steps, self.steps, self._step_acts, self.form,
        )  # fmt: skip
        self.plan.clicked.connect(self._on_plan)
        self.end.clicked.connect(self._on_end)
        self.origin.clicked.connect(self._on_origin)
        self.add.clicked.connect(self._on_add)
        self.done.clicked.connect(self._on_done)
        self.steps.currentRowChanged.connect(lambda _row: self._name_buttons())
        self.steps.chosen.connect(lambda _id: self.done.click())

    def show_work(self, one: Directed | None) -> None:
        """Show a piece of work, or nothing at all."""
        self._one = one
        self.said.hush()
        self.why.hush()
        self.setVisible(one is not None)
        if one is None:
            return
        work, now = one.work, self._sitting.now()
        kind, pack = self._sitting.type_of(work.decision.meeting), self._sitting.pack_of(work.decision.meeting)
        self._title.setText(f"{pack.words('work', work.kind)}: {work.decision.child.name}")
        self.how.setText("\n\n".join(presenter.told(one, kind, pack, now)))
        self._steps_label.setText(presenter.steps_label(work, pack))
        self.steps.setAccessibleName(presenter.steps_label(work, pack))
        self.steps.setVisible(bool(work.steps))
        self.steps.show_entries([Entry(step.id, presenter.step_line(step, now)) for step in work.steps])
        self._no_steps.setText(self.tr("None.") if work.ended_at else self.tr("None yet: add the first one."))
        self._no_steps.setVisible(not work.steps)
        self._name_buttons()

    def holds_text(self) -> bool:
        """Return whether a form is open."""
        return not self.form.isHidden()

    @property
    def half_typed(self) -> HalfTyped | None:
        """What stands in an open form; None where none is open."""
        if self._one is None or not self.holds_text():
            return None
        values = self.form.values
        return HalfTyped(self._one.work.id, self._which, values.pop("agency", None), values)

    def put_back(self, half: HalfTyped) -> None:
        """Open a form again, with what stood in it; not where the work has ended since."""
        opens = {"plan": self._on_plan, "step": self._on_add, "end": self._on_end}
        if self._one is not None and self._one.work.ended_at is None and half.form in opens:
            opens[half.form]()
            self.form.open(self._title.text(), {**half.values, "agency": half.agency})

    @property
    def _step(self) -> WorkStep | None:
        steps = self._one.work.steps if self._one else []
        return next((step for step in steps if step.id == self.steps.key), None)

    def _name_buttons(self) -> None:
        if self._one is None:
            return
        work, step = self._one.work, self._step
        going, court = work.ended_at is None, work.kind is WorkKind.COURT
        self.plan.setVisible(going)
        self.end.setText(self.tr("E&nd it…") if going else self.tr("It goes o&n after all"))
        self.add.setText(self.tr("Add &evidence…") if court else self.tr("Add a st&ep…"))
        is_done = step is not None and step.done_at is not None
        self.done.setText(self.tr("The step is not &done after all") if is_done else self.tr("The step is &done"))
        self.done.setVisible(bool(work.steps))
        self.done.setEnabled(step is not None)
        self._step_acts.setVisible(going)

    def _open(
        self, which: str, asked: list[Asked], values: dict[str, Any], save: Callable[[dict[str, Any]], str]
    ) -> None:
        self._which = which
        self.said.hush()
        self.form.deleteLater()
        self.form, self._save = Form(asked), save
        self.column.addWidget(self.form)
        self.form.saved.connect(lambda values: self._act(lambda: self._save(values)))
        self.form.dropped.connect(self._on_closed)
        # whatever else would open another form in its place waits
        self._acts.setEnabled(False)
        self._step_acts.setEnabled(False)
        self.typing.emit(True)
        self.form.open(self._title.text(), values)

    def _on_closed(self) -> None:
        self._acts.setEnabled(True)
        self._step_acts.setEnabled(True)
        self.typing.emit(False)

    def _on_plan(self) -> None:
        if self._one is None:
            return
        work, sitting = self._one.work, self._sitting

        def save(values: dict[str, Any]) -> str:
            facts = presenter.plan_facts(values, work, legal_day(sitting.now()))
            directing.plan_work(sitting, work.id, **facts)
            return self.tr("The plan is kept.")

        agencies, pack = directing.may_lead(sitting, self._case_id), sitting.pack_of(work.decision.meeting)
        self._open("plan", presenter.plan_asked(work, agencies, pack), presenter.plan_values(work), save)

    def _on_add(self) -> None:
        if self._one is None:
            return
        work, sitting = self._one.work, self._sitting

        def save(values: dict[str, Any]) -> str:
            due = presenter.step_due(values, legal_day(sitting.now()))
            directing.add_step(sitting, work.id, values["text"], owner=values["owner"], due=due)
            return self.tr("Added.")

        self._open("step", presenter.step_asked(work), {}, save)

    def _on_end(self) -> None:
        if self._one is None:
            return
        work, sitting = self._one.work, self._sitting

        def save(values: dict[str, Any]) -> str:
            at = presenter.end_at(values, legal_day(sitting.now()))
            directing.end_work(sitting, work.id, values["outcome"], values["words"], at=at)
            return self.tr("What came of it is recorded. If that was a mistake, “It goes on after all” takes it back.")

        def go_on() -> str:
            directing.go_on(sitting, work.id)
            return self.tr("It goes on, and so do the dates that its end had met.")

        if work.ended_at is None:
            self._open("end", presenter.end_asked(work, sitting.pack_of(work.decision.meeting)), {}, save)
        else:
            self._act(go_on)

    def _on_done(self) -> None:
        step, sitting = self._step, self._sitting
        if step is None or not self.done.isVisible():
            return

        def finish() -> str:
            directing.finish_step(sitting, step.id)
            return self.tr("Noted that the step is done.")

        def not_done() -> str:
            directing.step_not_done(sitting, step.id)
            return self.tr("The step is open again.")

        self._act(finish if step.done_at is None else not_done)
        self.steps.setFocus()

    def _on_origin(self) -> None:
        if self._one is not None:
            work, sitting = self._one.work, self._sitting
            meeting = work.decision.meeting
            self.why.say(presenter.origins_of(work, sitting.type_of(meeting), sitting.pack_of(meeting)))

    def _act(self, act: Callable[[], str]) -> None:
        """Do an act that returns what is said of it; what is wrong is said at the open form, where there is one."""
        try:
            said = act()
        except Unclear as unclear:
            self._say_wrong(str(unclear), unclear.key)
        except Refused as refused:
            sentence = fill(self._sitting.pack.words("refusal", refused.rule), refused.words)
            self._say_wrong(sentence, _FIELDS.get(refused.rule, ""))
        except SaveFault as fault:
            self._say_wrong(str(fault))
        else:
            if self.holds_text():
                self.form.close_up()
                self._on_closed()
            self.changed.emit()
            self.said.say(said)

    def _say_wrong(self, sentence: str, key: str = "") -> None:
        if self.holds_text():
            self.form.say(sentence, key)
        else:
            self.said.say(sentence, Tone.URGENT)
