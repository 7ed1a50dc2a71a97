"""The pages around a meeting or a case, and the way back from each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.ui.shell.stage import Stage

if TYPE_CHECKING:
    from app.services.sitting import Sitting
    from app.ui.shell.gate import Gate

# The screens are imported when they are first shown: see ``passage``.


@dataclass(frozen=True, slots=True)
class Around:
    """A page about a case, and about a meeting or a child of it where it needs one."""

    page: str
    case: UUID
    meeting: UUID | None = None
    child: UUID | None = None

    @property
    def name(self) -> tuple[str, str]:
        """The name under which the stage keeps it, and the store its words half typed."""
        # the other pages are about the whole meeting, whichever child is talked of
        child = self.child if self.page == "plan" else None
        return self.page, f"{self.case}/{self.meeting or ''}/{child or ''}"

    @classmethod
    def named(cls, page: str, which: str) -> "Around":
        """Return the page of a name; raises ``ValueError`` where it is none."""
        case, meeting, child = which.split("/")
        return cls(page, UUID(case), UUID(meeting) if meeting else None, UUID(child) if child else None)


class Aside:
    """Leads to these pages, each made anew, and back to what they are about.

    ``ways`` lead to a ``meeting``, to one that is ``prepared``, or to a ``case``.
    """

    PAGES = ("before", "held", "children", "plan", "work")

    def __init__(self, stage: Stage, gate: "Gate", ways: dict[str, Callable[[UUID], None]]) -> None:
        self._stage, self._gate, self._ways = stage, gate, ways

    def go(self, around: Around) -> None:
        """Show the page."""
        sitting = self._gate.sitting
        if sitting is None or self._stage.take_up(around.name):
            return
        screen = self._of_meeting(around.meeting, around, sitting) if around.meeting else None
        screen = screen or self._of_case(around, sitting)
        screen.left.connect(lambda: self._leave(around))
        self._stage.show(screen, around.name)

    def _leave(self, around: Around) -> None:
        from app.services.meetings import has_started

        sitting = self._gate.sitting
        if around.meeting is None or sitting is None:
            self._ways["case"](around.case)
        else:
            # it may have started since somebody came from its set-up page
            self._ways["meeting" if has_started(sitting, around.meeting) else "prepared"](around.meeting)

    def _of_meeting(self, meeting: UUID, around: Around, sitting: "Sitting") -> Any:
        """Return the screen of a page that only a meeting has; None for another."""
        if around.page == "before":
            from app.ui.before.screen import BeforeScreen

            before = BeforeScreen(sitting, meeting, self._gate.lane)
            before.setup_wanted.connect(self._ways["prepared"])
            return before
        if around.page == "held":
            from app.ui.conduct.screen import ConductScreen

            held = ConductScreen(sitting, meeting, self._gate.lane)
            held.meeting_wanted.connect(self._ways["prepared"])
            return held
        if around.page == "children":
            from app.ui.conduct.children import ChildrenScreen

            return ChildrenScreen(sitting, meeting, self._gate.lane)
        return None

    def _of_case(self, around: Around, sitting: "Sitting") -> Any:
        if around.page == "plan" and around.child is not None:
            from app.ui.plan.screen import PlanScreen

            plan = PlanScreen(sitting, around.child, self._gate.lane, around.meeting)
            plan.child_wanted.connect(lambda child: self.go(replace(around, child=child)))
            return plan
        from app.ui.work.screen import WorkScreen

        return WorkScreen(sitting, around.case, self._gate.lane, around.meeting)
