"""The form that sets one local rule: beside the national one, and weighed against it while somebody types."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from app.models.base import Refused
from app.practice.finding import fill
from app.practice.local import Change
from app.practice.rule import Authority
from app.services import profile_draft, profiling
from app.services.profile_draft import Draft, Grounds, RuleHere
from app.services.sitting import Sitting
from app.ui.kit.asked import Asked
from app.ui.kit.days import NoSuchDay, read_day
from app.ui.kit.form import Form
from app.ui.kit.listing import Listing
from app.ui.kit.look import heading, letters, plain
from app.ui.kit.page import Group
from app.ui.kit.saying import Saying
from app.ui.profile import editing_words as words
from app.ui.profile.presenter import STANCES

_WEIGH_AFTER_MS = 150
_NARROW = 30
_ANY_SOURCE = ("I",)
_OWN = ("source", "own_source", "authority", "reviewed", "note", "why_looser")
_FIELDS = {
    "retention.unknown-rule": "rule", "retention.years-out-of-range": "years", "retention.policy-missing": "policy",
}  # fmt: skip


class RuleForm(Group):
    """``saved`` with the draft in which the rule is set and a sentence about it; ``dropped`` where it is not."""

    saved = Signal(object, str)
    dropped = Signal()

    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._draft = Draft()
        self._here: RuleHere | None = None
        self.rule, self.form = "", Form([])
        self._title, self._from, self.weighing = heading(level=3), plain(), Saying()
        super().__init__(self._title, self._from, self.weighing, self.form)
        self._weigh_soon = QTimer(self, singleShot=True, interval=_WEIGH_AFTER_MS)
        self._weigh_soon.timeout.connect(self._weigh)
        self.hide()

    def open_kept(self, draft: Draft, key: str, typed: dict[str, Any] | None = None) -> None:
        """Ask for what an authority decides of its records: the marking, or how long cases are kept."""
        title = words.kept_line(key, draft.keeping).partition(":")[0]
        asked = words.asked_of_keeping(key, self._sitting.pack)
        self._here = None
        self._open(draft, key, asked, {**words.values_of_keeping(draft.keeping), **(typed or {})}, title)

    def open_rule(self, draft: Draft, here: RuleHere, typed: dict[str, Any] | None = None) -> None:
        """Ask for what may be set of a rule, and for where that comes from."""
        pack, today = self._sitting.pack, profiling.today_of(self._sitting)
        terms, first = profile_draft.terms_here(draft, here)
        shown = words.values(first, draft.change_of(here.id), today)
        self._here = here
        self._from.setText(words.where_from(here, pack))
        asked = words.asked(here, terms, draft, pack)
        self._open(draft, here.id, asked, {**shown, **(typed or {})}, words.called(here))
        self._weigh()

    def close_up(self) -> None:
        """Put the form away, with what is in it."""
        self._weigh_soon.stop()
        self.hide()
        self.weighing.hush()
        self.form.hide()
        self.rule = ""

    def _open(self, draft: Draft, rule: str, asked: Sequence[Asked], shown: dict[str, Any], title: str) -> None:
        self.close_up()
        self.form.deleteLater()
        self._draft, self.rule, self.form = draft, rule, Form(asked)
        self.column.addWidget(self.form)
        self._title.setText(title)
        self._from.setVisible(self._here is not None)
        self.form.saved.connect(self._on_saved)
        self.form.dropped.connect(self.dropped)
        for one in asked:
            self._weigh_when_changed(self.form.field(one.key).edit)
        self.show()
        self.form.open(self.tr("Here"), shown)

    def _weigh_when_changed(self, edit: QWidget) -> None:
        match edit:
            case QLineEdit() | QPlainTextEdit():
                edit.textChanged.connect(lambda *_: self._weigh_soon.start())
            case QComboBox():
                # the titles of sources are longer than the page is wide
                edit.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
                edit.setMinimumWidth(letters(_NARROW))
                edit.currentIndexChanged.connect(lambda *_: self._weigh_soon.start())
            case QCheckBox():
                edit.toggled.connect(lambda *_: self._weigh_soon.start())
            case Listing():
                edit.ticked.connect(lambda *_: self._weigh_soon.start())

    def _on_saved(self, typed: dict[str, Any]) -> None:
        try:
            draft, sentence = self._made(typed)
        except NoSuchDay as wrong:
            self.form.say(str(wrong), "reviewed")
        except Refused as refused:
            sentence = fill(self._sitting.pack.words("refusal", refused.rule), refused.words)
            self.form.say(sentence, _FIELDS.get(refused.rule, refused.words.get("field", "")))
        else:
            self.saved.emit(draft, sentence)

    def _made(self, typed: dict[str, Any]) -> tuple[Draft, str]:
        """Return the draft with what was typed, and the sentence about it; raises ``Refused`` and ``NoSuchDay``."""
        draft = self._draft
        if self._here is None:
            if self.rule == words.MARKING:
                draft = profile_draft.with_marking(draft, typed["marking"])
            else:
                draft = profile_draft.with_retention(draft, typed["rule"], typed["years"], typed["policy"])
            return draft, words.kept_line(self.rule, draft.keeping)
        source = tuple(typed["source"].split())
        if typed["own_source"].strip():
            draft, key = profile_draft.with_source(draft, typed["own_source"])
            source = (key,)
        change = self._change(draft, self._here, typed, source)
        draft = profile_draft.changed(draft, change)
        found = profile_draft.weighed(draft, change)
        return draft, f"{found.label}: {found.local}. {STANCES[found.stance]}."

    def _change(self, draft: Draft, here: RuleHere, typed: dict[str, Any], source: tuple[str, ...]) -> Change:
        today = profiling.today_of(self._sitting)
        reviewed = read_day(typed["reviewed"], today)
        profile_draft.require_past(reviewed, today)
        terms = {key: value for key, value in typed.items() if key not in _OWN}
        grounds = Grounds(Authority(typed["authority"]), source, reviewed, typed["note"], typed["why_looser"])
        return profile_draft.change_from(draft, here, terms, grounds)

    def _weigh(self) -> None:
        """Say what the words in the form come to, as soon as they can be understood."""
        here = self._here
        if not self.rule or here is None:
            return
        try:
            # where it comes from has no part in what it comes to
            typed = {**self.form.values, "reviewed": "today"}
            change = self._change(self._draft, here, typed, _ANY_SOURCE)
            said = words.weighed(profile_draft.weighed(self._draft, change), here)
        except Refused as refused:
            said = fill(self._sitting.pack.words("refusal", refused.rule), refused.words)
            said = said if refused.rule == "profile.statute" else ""
        if said != self.weighing.text:
            self.weighing.say(said)
