"""The plan in the minutes: whole, with what changed and what came of it, and never looking final where it is not."""

from pathlib import Path

from app.minutes.compose import compose
from app.minutes.document import Document, Facts, Heading, Table, Text
from app.minutes.pages import page_count, page_text
from app.minutes.pdf import draw
from app.models.plan import Done
from app.services import planning
from app.services.plan_draft import drafted
from tests.builders import Room, a_room
from tests.services.holding import Held
from tests.services.planned import FULL, a_conference, but, conference, finish, make

MARK = "INTERIM. Provisional - inquorate"


def minutes_of(room: Room, held: Held) -> Document:
    sitting = room.sitting
    meeting = held.loaded()
    pack = sitting.pack_of(meeting)
    return compose(meeting, pack, sitting.calendar_of(pack), signer=None, version=1, marked="OFFICIAL-SENSITIVE")


def the_plan(document: Document) -> list[object]:
    """Return the blocks of the part about plans."""
    start = 0
    for name, size in document.parts:
        if name == "plan":
            return list(document.blocks[start : start + size])
        start += size
    return []


def words_of(blocks: list[object]) -> str:
    found: list[str] = []
    for block in blocks:
        match block:
            case Heading() | Text():
                found.append(block.text)
            case Facts():
                found += [cell for row in block.rows for cell in row]
            case Table():
                found += [*block.header, *(cell for row in block.rows for cell in row)]
    return "\n".join(found)


def test_the_minutes_print_everything_a_plan_says(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store") as (room, held):
        make(held)
        document = minutes_of(room, held)
        text = words_of(the_plan(document))
        for part in (FULL.dangers, FULL.bottom_lines, FULL.outcomes, FULL.steps, FULL.contingencies, FULL.core_group):
            for entry in part:
                for value in (getattr(entry, name) for name in entry.__slots__):
                    if isinstance(value, str) and value and len(value) > 2:
                        assert value in text or value in ("agency", "non-abusive-parent"), value
        for fact in (FULL.why, FULL.contact, FULL.assessments, "Neglect", "Emotional abuse", "14 January 2027"):
            assert fact in text
        assert "In force" in text
        assert "INTERIM" not in text
        assert "Rests only on the parent who does no harm" in text
        assert "Interim plan" not in document.header_alert


def test_an_inquorate_plan_is_marked_on_every_page_and_at_the_head_of_every_table(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store") as (room, held):
        held.leave("manager")
        make(held)
        document = minutes_of(room, held)
        blocks = the_plan(document)
        heads = [block for block in blocks if isinstance(block, Heading) and block.level > 1]
        tables = [block for block in blocks if isinstance(block, Table)]
        assert len(tables) == 6
        assert all(MARK in head.text for head in heads)
        assert all(MARK in table.header[0] for table in tables)
        assert "In force" not in words_of(blocks)
        assert "Interim plan, not final" in document.header_alert
        drawn = draw(document)
        pages = page_count(drawn)
        assert pages > 3
        assert all("Interim plan, not final" in " ".join(page_text(drawn, n).split()) for n in range(pages))


def test_a_plan_that_is_not_decided_yet_is_marked_too_and_a_later_core_group_cannot_unmark_it(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store") as (room, held):
        plan = planning.revise(room.sitting, room.child.id, FULL, meeting_id=held.meeting)
        assert "INTERIM" in words_of(the_plan(minutes_of(room, held)))
        finish(held)
        group = conference(room, "core_group")
        assert "INTERIM" in words_of(the_plan(minutes_of(room, group)))
        planning.revise(room.sitting, room.child.id, but(drafted(plan), visit_every=5), meeting_id=group.meeting)
        document = minutes_of(room, group)
        assert "INTERIM" in words_of(the_plan(document))
        assert "Interim plan, not final" in document.header_alert


def test_a_review_says_what_changed_and_of_which_outcome_nobody_spoke(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store") as (room, held):
        plan = make(held)
        finish(held)
        review = conference(room, "rcpc")
        assert "was not changed in this meeting" in words_of(the_plan(minutes_of(room, review)))
        line = plan.steps[0].line
        planning.note_progress(room.sitting, review.meeting, room.child.id, line, Done.DONE, evidence="Six visits.")
        review.choose(review.children[0], "C2", "plan")
        draft = but(drafted(plan), visit_every=5, steps=drafted(plan).steps[:1])
        planning.revise(room.sitting, room.child.id, draft, meeting_id=review.meeting)
        blocks = the_plan(minutes_of(room, review))
        changed, progress = [block for block in blocks if isinstance(block, Table)][-2:]
        assert changed.rows == (
            ("Seen at least every so many working days", "10", "5"),
            ("Actions", "Keep the food diary.", "-"),
        )
        assert progress.rows == (
            ("Action\nVisit on Tuesday and look into the fridge with the mother.", "Done", "Six visits."),
            ("Outcome\nRobin eats three meals a day.", "Nobody said what changed", ""),
        )


def test_a_meeting_without_a_plan_prints_none(tmp_path: Path) -> None:
    with a_room(tmp_path / "store") as room:
        held = Held(room.sitting, room.children, room.meeting, {}, {})
        assert the_plan(minutes_of(room, held)) == []
