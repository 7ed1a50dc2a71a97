"""What is settled with the parents and the child before the others come."""

from collections.abc import Mapping
from typing import Any

from app.models.meeting import State
from app.practice.agenda import answer_to
from app.practice.origins import origin
from app.services import entries
from app.ui.before import presenter
from app.ui.before.desk import Desk
from app.ui.before.part import Part, titled
from app.ui.before.presenter import Question
from app.ui.kit.asked import Asked, Kind
from app.ui.kit.form import Form
from app.ui.kit.listing import Entry, Listing
from app.ui.kit.look import plain


class FamilyPart(Part):
    """The questions that the pack asks beforehand; they are answered then, or while the meeting is in session."""

    def __init__(self, desk: Desk) -> None:
        self.listing = Listing("")
        self.listing.setAccessibleName(self.tr("Meeting the family beforehand"))
        self._when = plain()
        self._found: dict[str, Question] = {}
        super().__init__(
            desk, titled(self.tr("Meeting the famil&y beforehand"), self.listing), self._when, self.listing
        )
        self.end(answer=Form([Asked("text", self.tr("Answer"), Kind.WORDS)]))
        self.listing.chosen.connect(self._on_chosen)

    def show_meeting(self) -> None:
        """Show the questions with their answers as they are now."""
        self._found = {one.key: one for one in presenter.questions(self.desk)}
        self.setVisible(bool(self._found))
        self._when.setText(
            self.tr("Return on a question opens its answer; F1 says where the question comes from.")
            if self._open
            else self.tr("The meeting takes no more answers. F1 on a question says where it comes from.")
        )
        rows = [Entry(key, presenter.question_row(one, self.desk)) for key, one in self._found.items()]
        self.listing.show_entries(rows)

    @property
    def _open(self) -> bool:
        return self.desk.in_session or self.desk.meeting.state is State.PREPARED

    def why(self) -> str:
        """Return where the current question comes from."""
        one = self._found.get(self.listing.key)
        return origin(one.prompt, self.desk.pack) if one else ""

    def go_home(self) -> None:
        """Put the focus on the questions."""
        self.listing.setFocus()

    def knows(self, about: str) -> bool:
        """Return whether that question is asked."""
        return about in self._found

    def save(self, _name: str, values: Mapping[str, Any]) -> None:
        """Keep the answer to the question that the form is about."""
        one = self._found.get(self.about)
        if one is not None:
            self.act(
                lambda: entries.answer_prompt(
                    self.desk.sitting, self.desk.id, one.prompt.id, values["text"],
                    child=one.child.id if one.child else None,
                ),
                self.tr("The answer is kept."),
            )  # fmt: skip

    def _on_chosen(self, key: str) -> None:
        one = self._found[key]
        if not self._open:
            self.said.say(self.why())
            return
        found = answer_to(self.desk.meeting, one.prompt, one.child)
        self.open("answer", one.prompt.text, {"text": found.text if found else ""}, key)
