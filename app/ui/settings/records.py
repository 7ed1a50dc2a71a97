"""Which marking minutes carry, and how long cases are kept: the authority's choice, and nothing until it is made."""

from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox

from app.models.base import Refused
from app.practice.catalogue import RecordChoice
from app.practice.finding import fill
from app.practice.retention import LEAST_YEARS, MOST_YEARS
from app.services import retaining
from app.services.sitting import Sitting
from app.ui.kit.field import Field, LineField
from app.ui.kit.look import heading, letters, plain
from app.ui.kit.page import Group, Row, button
from app.ui.kit.saying import Saying, Tone


class RecordsPart(Group):
    """The marking and the rule of keeping, each with what is known of where it comes from."""

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        pack = sitting.pack
        self._marking, self._marking_note = QComboBox(), plain()
        self._marking.setEditable(True)
        self._marking.addItems([choice.label for choice in pack.markings])
        self._typed = QLineEdit()
        self._typed.setPlaceholderText(self.tr("Not decided yet"))
        self._typed.setAccessibleName(self.tr("Marking of minutes"))
        self._marking.setLineEdit(self._typed)
        self._use = button(self.tr("Use this marking"))
        self._rule, self._rule_note = QComboBox(), plain()
        for choice in pack.retentions:
            self._rule.addItem(choice.label, choice.id)
        self._rule.setPlaceholderText(self.tr("Not decided yet"))
        self._years = QSpinBox()
        # one below the least stands for no number: there is none that could be offered
        self._years.setRange(LEAST_YEARS - 1, MOST_YEARS)
        self._years.setSpecialValueText(self.tr("Not decided"))
        self._years.lineEdit().setAccessibleName(self.tr("Number of years, or the age in years"))
        self._years.setMaximumWidth(letters(16))
        self._policy = LineField(self.tr("What your authority calls its policy"))
        self._keep = button(self.tr("Keep cases by this rule"))
        self._saying = Saying()
        super().__init__(
            heading(self.tr("Marking and keeping"), 2),
            plain(self.tr(
                "Both differ by council, so ask whoever is responsible for records. Until they are decided no minutes "
                "can be sealed, and no case can be said to have been kept long enough."
            )),
            Field(self.tr("Marking of minutes: choose one, or type your authority's own words"), self._marking),
            self._marking_note, Row(self._use),
            Field(self.tr("How long a case is kept is counted as"), self._rule), self._rule_note,
            Field(self.tr("Number of years, or the age in years"), self._years), self._policy, Row(self._keep),
            self._saying,
        )  # fmt: skip
        self._connect()
        self._show()

    def _connect(self) -> None:
        self._use.clicked.connect(self._on_use)
        self._keep.clicked.connect(self._on_keep)
        self._typed.textChanged.connect(self._show_notes)
        self._rule.currentIndexChanged.connect(self._show_notes)

    def _show(self) -> None:
        self._marking.setCurrentIndex(-1)
        self._typed.setText(retaining.marking(self._sitting))
        policy = retaining.policy(self._sitting)
        self._rule.setCurrentIndex(self._rule.findData(policy.rule.id) if policy else -1)
        self._years.setValue(policy.years if policy else LEAST_YEARS - 1)
        self._policy.text = policy.name if policy else ""
        self._show_notes()

    def _show_notes(self) -> None:
        pack = self._sitting.pack
        marking = next((one for one in pack.markings if one.label == self._typed.text()), None)
        rule = next((one for one in pack.retentions if one.id == self._rule.currentData()), None)
        for label, choice in ((self._marking_note, marking), (self._rule_note, rule)):
            label.setText(self._note(choice) if choice else "")
            label.setVisible(choice is not None)

    def _note(self, choice: RecordChoice) -> str:
        titles = {source.key: source.title for source in self._sitting.pack.sources}
        return f"{choice.note} {'. '.join(titles[key] for key in choice.source)}."

    def _on_use(self) -> None:
        try:
            retaining.choose_marking(self._sitting, self._typed.text())
        except Refused as refusal:
            self._refuse(refusal)
            self._marking.setFocus()
        else:
            self._saying.say(self.tr("Minutes that are drawn from now on carry this marking."))

    def _on_keep(self) -> None:
        rule = self._rule.currentData() or ""
        try:
            chosen = retaining.choose_policy(self._sitting, rule, self._years.value(), self._policy.text)
        except Refused as refusal:
            self._refuse(refusal)
        else:
            said = self.tr("Cases are kept by this rule from now on: %1. Nothing is ever disposed of by itself.")
            self._saying.say(said.replace("%1", chosen.words))

    def _refuse(self, refusal: Refused) -> None:
        self._saying.say(fill(self._sitting.pack.words("refusal", refusal.rule), refusal.words), Tone.URGENT)
