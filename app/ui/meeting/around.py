"""The pages around a meeting: where its plan, its children side by side, and how it is held are recorded. No Qt."""

from dataclasses import dataclass
from uuid import UUID

from app.practice.questions import Shown
from app.ui.meeting.presenter import Line
from app.ui.meeting.room import Room


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page wanted beside the meeting, one of ``PAGES``, with the ids of the case, meeting and child it is about."""

    page: str
    about: tuple[UUID, UUID, UUID]


# which lists of an item are kept on which page
PAGE_OF: dict[Shown, str] = {
    "reports": "before", "participation": "before",
    "chair-declarations": "held", "carried-on": "held",
    "children": "children", "order": "children",
    "plan": "plan", "progress": "plan",
    "enquiry": "work", "court": "work",
}  # fmt: skip
PAGES = {
    "before": "Invitations, reports, exclusions and who takes part how",
    "held": "The chair's independence, the quorum, and what the meetings before have left",
    "children": "The children side by side, and their order",
    "plan": "The plan of each child, and what changed",
    "work": "Enquiries, medicals, interviews and court that were set going",
}
# what keeps a meeting open and is mended on a page
_MENDED_ON = {
    "chair-declared": "held", "inquorate-answered": "held", "order-recorded": "children", "plan-made": "plan",
    "progress-told": "plan",
}  # fmt: skip


def rows(room: Room) -> list[Line]:
    """Return a row for each page that belongs to the item; Return on it opens the page."""
    pages = dict.fromkeys(PAGE_OF[shown] for shown in room.item.shows if shown in PAGE_OF)
    alone = len(room.meeting.children) == 1
    return [Line(f"page/{page}", f"Return opens:  {PAGES[page]}") for page in pages if page != "children" or not alone]


def wanted(room: Room, page: str, child: UUID | None = None) -> Wanted:
    """Return a page as it is wanted: about that child, the one talked of, or the first."""
    meeting = room.meeting
    return Wanted(page, (meeting.case_id, meeting.id, child or room.child or meeting.children[0].id))


def mended_on(room: Room, rule: str, child: UUID | None) -> Wanted | None:
    """Return the page on which a finding by that rule is mended; None where it is mended in the meeting."""
    page = _MENDED_ON.get(rule)
    return wanted(room, page, child) if page else None
