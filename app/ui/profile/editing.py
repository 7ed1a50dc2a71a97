"""The page that writes local rules: begun from what there is, set rule by rule, and saved in a folder."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.models.base import Refused
from app.practice.finding import fill
from app.practice.profile_files import has_remarks
from app.services import profile_folder, profiling
from app.services.keeping import NotWritten
from app.services.profile_draft import Draft
from app.services.profile_folder import Named
from app.services.profiling import BadProfile, Offer
from app.services.sitting import Sitting
from app.ui.kit.filing import open_folder
from app.ui.kit.lane import Answer, Lane
from app.ui.kit.look import heading, plain
from app.ui.kit.page import Group, Page, Row, button
from app.ui.kit.saying import Saying, Tone
from app.ui.kit.unfinished import Unreadable, from_words, to_words
from app.ui.profile.names_part import NamesPart
from app.ui.profile.origin_part import IN_FORCE, OriginPart
from app.ui.profile.rules_part import HalfSet, RulesPart


@dataclass(frozen=True, slots=True)
class _Half:
    """Local rules that are not saved: their files, what is typed of their names, and the form that is open."""

    files: dict[str, str]
    names: dict[str, str]
    form: HalfSet | None = None


class EditProfileScreen(Page):
    """Writes local rules, ``saved`` with the folder they are in; nothing is in force by that.

    ``folder`` holds the rules to begin from; without one it is those in force, or nothing.
    """

    left = Signal()
    saved = Signal(object)

    def __init__(
        self, sitting: Sitting, lane: Lane, folder: Path | None = None, parent: QWidget | None = None
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._sitting, self._lane, self._place = sitting, lane, folder
        self.said = Saying()
        self.origin = OriginPart(in_force=sitting.pack.profile is not None)
        self.names = NamesPart(sitting)
        self.rules = RulesPart(sitting)
        self.save = button(self.tr("Save in a fol&der…"), self.tr("Ctrl+S"))
        self.replace = button(self.tr("Replace what is &there"))
        self._leave = button(self.tr("Bac&k to the local rules"), self.tr("Esc"))
        self.replace.hide()
        self.add(
            heading(self.tr("Write local rules")),
            plain(self.tr(
                "Set what your partnership does otherwise than nationally. Stricter is free. Looser needs a reason, "
                "which the minutes print. New meetings run under these rules only once you choose them on the page "
                "of the local rules."
            )),
            self.origin,
            heading(self.tr("What they set"), 2), self.rules,
            heading(self.tr("Whose they are"), 2), self.names,
            Group(self.said, Row(self.save, self.replace, self._leave)),
        )  # fmt: skip
        self.end()
        self._connect()
        self._saved: tuple[Draft, dict[str, str]] | None = None
        if folder is None and sitting.pack.profile is not None:
            self._begin_with(*profile_folder.taken_up(sitting.pack_files))
        else:
            self._begin_with(Draft(), None)
        if folder is not None:
            self.begin_from(folder)

    def _connect(self) -> None:
        self.origin.wanted.connect(self._on_begin)
        self.rules.changed.connect(self._on_changed)
        self.rules.undone.connect(lambda names: self.names.show_typed(names) if names else None)
        self.save.clicked.connect(self._on_save)
        self.replace.clicked.connect(lambda: self._save(replace_there=True))
        self._leave.clicked.connect(self.left)
        for words, keys, act in (
            (self.tr("&Save the local rules…"), "Ctrl+S", self._on_save),
            (self.tr("&Undo the last step"), "Ctrl+Z", self.rules.undo),
        ):
            action = QAction(words, self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(act)
            self.addAction(action)
        self.left_by_esc(self.left.emit)

    def title(self) -> str:
        """Return what the window is called: nothing of the record."""
        return self.tr("Write local rules")

    def focus_home(self) -> None:
        """Put the focus on what is done first."""
        (self.rules.listing if self.rules.listing.count() else self.origin.choices).setFocus()

    def holds_text(self) -> bool:
        """Return whether anything is typed or set that is not saved."""
        return self.rules.half() is not None or self._state() != self._saved

    def unsaved(self) -> str | None:
        """Return what is not saved, as words to keep; None where everything is."""
        if not self.holds_text():
            return None
        files = {name: content.decode() for name, content in profile_folder.files_of(self.rules.draft).items()}
        return to_words(_Half(files, self.names.typed, self.rules.half()))

    def put_back(self, words: str) -> None:
        """Show again what was not saved; raises ``Unreadable``."""
        half = from_words(_Half, words)
        try:
            draft, _ = profile_folder.taken_up({f"profile/{name}": text.encode() for name, text in half.files.items()})
        except ValueError:
            raise Unreadable from None
        self.names.show_typed(half.names)
        self.rules.begin(draft, half.names)
        if half.form is not None:
            self.rules.open(half.form.rule, half.form.typed)

    def begin_from(self, folder: Path) -> None:
        """Begin from the local rules in a folder, or say why that cannot be."""

        def look() -> Answer:
            offer = profiling.look(folder)
            return lambda: self._on_looked(folder, offer)

        self._lane.run(look, self, self._on_bad_folder)

    def _on_bad_folder(self, failure: Exception) -> None:
        if not isinstance(failure, BadProfile):
            raise failure
        self.origin.said.say(str(failure), Tone.URGENT)

    def _on_looked(self, folder: Path, offer: Offer) -> None:
        draft, named = profile_folder.taken_up(offer.files)
        is_sample = folder in profiling.samples()
        self._begin_with(draft, None if is_sample else named)
        self._place = None if is_sample else folder
        told = self.tr("You go on from %1. Nothing in that folder changes until you save.").replace("%1", named.label)
        if is_sample:
            told = self.tr("The sample's rules are here to be changed. Give them your own names before you save.")
        elif has_remarks(offer.files["profile/profile.toml"]):
            told += " " + self.tr("Its remarks, the lines that begin with #, are not kept when you save.")
        self.origin.said.say(told)

    def _begin_with(self, draft: Draft, named: Named | None) -> None:
        something = self._saved is not None and (self.holds_text() or self.rules.draft != Draft())
        before = self.names.typed if something else None
        self.names.show_names(named, profiling.today_of(self._sitting))
        self.rules.begin(draft, before)
        self._saved = self._state()

    def _state(self) -> tuple[Draft, dict[str, str]]:
        return self.rules.draft, self.names.typed

    def _on_begin(self, origin: object) -> None:
        if isinstance(origin, Path):
            self.begin_from(origin)
        elif origin == IN_FORCE:
            self._begin_with(*profile_folder.taken_up(self._sitting.pack_files))
            self.origin.said.say(
                self.tr("You go on from the rules in use. They change only when you choose the new ones.")
            )
        else:
            self._begin_with(Draft(), None)
            self.origin.said.say(self.tr("Every rule is as nationally now. Choose one below and press Return."))

    def _on_changed(self) -> None:
        self.said.hush()
        self.replace.hide()

    def _on_save(self) -> None:
        if self.rules.half() is not None:
            self.rules.one.form.say(self.tr("This rule is not set yet: save it or put it away, then save them all."))
            return
        named = self.names.named()
        if named is None:
            return
        begin = str(self._place or "")
        if chosen := open_folder(self, self.tr("The folder for these local rules"), begin):
            self._place = profile_folder.place_in(Path(chosen), named.id)
            self._save(replace_there=False)

    def _save(self, *, replace_there: bool) -> None:
        named, place, draft, state = self.names.named(), self._place, self.rules.draft, self._state()
        if named is None or place is None:
            return
        self.save.setEnabled(False)
        self.replace.hide()

        def save() -> Answer:
            profile_folder.save(draft, named, place, replace_there=replace_there)
            return lambda: self._on_saved(place, state)

        self._lane.run(save, self, self._on_failed)

    def _on_saved(self, place: Path, state: tuple[Draft, dict[str, str]]) -> None:
        self._saved = state
        self.save.setEnabled(True)
        self.save.setFocus()
        self.said.say(
            self.tr("Saved in the folder %1, read back and checked: they hold together.").replace("%1", place.name)
        )
        self.saved.emit(place)

    def _sentence(self, refused: Refused) -> str:
        return fill(self._sitting.pack.words("refusal", refused.rule), refused.words)

    def _on_failed(self, failure: Exception) -> None:
        self.save.setEnabled(True)
        if isinstance(failure, Refused):
            self.replace.setVisible(failure.rule == "profile.stands-there")
            self.said.say(self._sentence(failure), Tone.URGENT)
            (self.save if self.replace.isHidden() else self.replace).setFocus()
        elif isinstance(failure, BadProfile | NotWritten):
            self.said.say(str(failure), Tone.URGENT)
        else:
            raise failure
