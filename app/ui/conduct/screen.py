"""The page about how a meeting is held: the quorum, the chair's independence, and what meetings before have left."""

from collections.abc import Callable, Mapping
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.practice.chairing import undeclared
from app.practice.words import moment
from app.services.sitting import Sitting
from app.ui.conduct import presenter
from app.ui.conduct.chair import AGREED, YES, ChairPart
from app.ui.conduct.converting import ConvertPart
from app.ui.conduct.earlier import EarlierPart
from app.ui.conduct.lost import WITHOUT, QuorumPart
from app.ui.conduct.page import HeldPage
from app.ui.kit.lane import Lane
from app.ui.kit.look import heading, plain


class ConductScreen(HeldPage):
    """Everything on one page, what is to be done first at the top."""

    meeting_wanted = Signal(object)

    def __init__(self, sitting: Sitting, meeting_id: UUID, lane: Lane, parent: QWidget | None = None) -> None:
        super().__init__(sitting, meeting_id, parent)
        meeting, kind = self.held.meeting, self.held.type
        self.converting = ConvertPart(self.held, self.forms, lane)
        self.lost = QuorumPart(self.held, self.forms)
        self.chair = ChairPart(self.held, self.forms)
        self.earlier = EarlierPart(self.held, self.forms)
        when = moment(meeting.started_at or meeting.planned_at)
        self.add(heading(self.tr("How this meeting is held")), plain(f"{kind.label}, {meeting.reference}, {when}"))
        self.take_in(self.converting, self.lost, self.chair, self.earlier)
        self.converting.setVisible(bool(kind.converts_to))
        self.chair.setVisible(bool(kind.chair_models))
        self.earlier.setVisible(bool(kind.carries))
        self.converting.converted.connect(self.meeting_wanted)

    def first(self) -> QWidget:
        """Return what is to be done first: about the quorum, the chair's answers, then what was left."""
        held = self.held
        if presenter.quorum_unanswered(held.meeting, held.type, held.pack, held.now):
            return self.lost.answer
        if undeclared(held.meeting, held.type, held.pack):
            self.chair.go_to_first_open()
            return self.chair.questions
        if held.type.converts_to:
            return self.converting.begin
        return self.earlier.first() or self.back

    def openers(self) -> Mapping[str, Callable[[str], object]]:
        """Return for each form what opens it, about what it was."""
        return {
            YES: lambda about: self.chair.open_again(about, self.chair.open_yes),
            AGREED: lambda about: self.chair.open_again(about, self.chair.open_agreed),
            WITHOUT: lambda _about: self.lost.open_answer(),
        }
