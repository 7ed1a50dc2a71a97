"""Each rule on a screen says on request where it comes from, how binding it is and when it was last reviewed."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import ui
from app.practice.pack import Circumstance
from app.practice.rule import Rule
from app.practice.words import day
from app.services import plan_look
from app.services.sitting import Sitting
from app.ui.conduct import presenter as conduct_words
from app.ui.conduct.children import ChildrenScreen
from app.ui.conduct.screen import ConductScreen
from app.ui.kit.lane import Lane
from app.ui.kit.listing import Listing
from app.ui.meeting.screen import MeetingScreen
from app.ui.plan import asking
from app.ui.plan import presenter as plan_words
from app.ui.plan.screen import PROGRESS, WRITING, PlanScreen
from app.ui.setup.screen import SetupScreen
from tests.builders import a_room, national_pack
from tests.services.dated import a_family, at
from tests.services.planned import a_conference
from tests.services.test_carrying_on import consultation
from tests.services.test_dates import PLAN
from tests.ui.test_pages import shown

PACK = national_pack()
# what of a pack is a rule that a chair may ask about, by the names under which a screen comes to it
RULES = {
    "invites", "if_inquorate", "time_limit", "time_limits", "chair_model", "chair_models", "declarations", "grounds",
    "routes", "categories", "end_reasons", "vague", "flag", "flags",
}  # fmt: skip
ORIGINS = {"app.practice.origins", "app.services.diary"}


def limit(limit_id: str) -> Rule:
    found = PACK.time_limit(limit_id)
    assert found is not None
    return found


def kind(type_id: str) -> Rule:
    found = PACK.meeting_type(type_id)
    assert found is not None
    return found


def icpc_quorum() -> list[Rule]:
    found = PACK.meeting_type("icpc")
    assert found is not None
    return [found.quorum, limit("inquorate_icpc")]


def missing_of(said: str, *rules: Rule) -> list[str]:
    """Return which words about the source, the authority or the review of these rules are not said."""
    titles = {source.key: source.title for source in PACK.sources}
    wanted = [words for rule in rules for words in (
        *(titles[key] for key in rule.source), PACK.words("minutes", f"authority.{rule.authority}"),
        f"Reviewed {day(rule.reviewed)}.", rule.note,
    )]  # fmt: skip
    return [words for words in wanted if words not in said]


def f1(qtbot: QtBot, screen: QWidget) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    assert screen.isAncestorOf(focus)
    qtbot.keyClick(focus, Qt.Key.Key_F1)


def row_of(listing: Listing, words: str) -> int:
    return next(row for row in range(listing.count()) if listing.item(row).text().startswith(words))


def test_every_room_that_shows_a_rule_can_say_where_it_comes_from() -> None:
    shows, says = set(), set()
    folder = Path(ui.__file__).parent
    for path in folder.rglob("*.py"):
        room = path.parent.name
        if room == "kit":
            # no room: it knows nothing of a pack
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in RULES:
                shows.add(room)
            elif isinstance(node, ast.ImportFrom) and node.module in ORIGINS:
                says.add(room)
    assert {"setup", "meeting", "conduct", "plan", "before", "case"} <= shows
    assert shows - says == set()


def test_the_set_up_page_says_it_of_each_circumstance_and_of_whom_to_consider(
    qtbot: QtBot, sitting: Sitting, lane: Lane
) -> None:
    screen = SetupScreen(sitting, lane)
    shown(qtbot, screen)
    form, meeting_type = screen._form, PACK.meeting_types[0]
    screen.focus_home()
    f1(qtbot, screen)
    always = [rule for rule in meeting_type.invites if rule.when is Circumstance.ALWAYS]
    assert missing_of(form.origin.text, meeting_type, meeting_type.quorum, *always) == []
    qtbot.waitUntil(lambda: not form.origin.visibleRegion().isEmpty())
    asked = [rule for rule in meeting_type.invites if rule.when is Circumstance.ASKED]
    assert asked
    for row, rule in enumerate(asked):
        form.circumstances.setFocus()
        form.circumstances.setCurrentRow(row)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_F1):
            form.origin.hush()
            qtbot.keyClick(form.circumstances, key)
            assert missing_of(form.origin.text, rule) == []
            assert form.circumstances.hasFocus()
    form.kind.setCurrentIndex(1)
    assert form.origin.text == ""


def test_the_closing_page_says_it_of_each_date_and_of_what_is_to_mend(qtbot: QtBot, tmp_path: Path, lane: Lane) -> None:
    with a_family(tmp_path / "store") as family:
        meeting = family.begin("icpc", at(10, 12, 2026), PLAN, on=date(2027, 3, 15))
        screen = MeetingScreen(family.sitting, meeting, lane)
        shown(qtbot, screen)
        screen.keys.pressed.emit("close")
        page = screen.closing
        page._dates.setFocus()
        starts = {
            "Will be missed: First review": "rcpc_first", "First core group": "core_first",
            "Decision letter": "decision_letter",
        }  # fmt: skip
        for begins, limit_id in starts.items():
            row = row_of(page._dates, begins)
            for key in (Qt.Key.Key_Return, Qt.Key.Key_F1):
                page._dates.setCurrentRow(row)
                page._origin_of_date.hush()
                qtbot.keyClick(page._dates, key)
                assert missing_of(page._origin_of_date.text, limit(limit_id)) == []
        page._dates.setCurrentRow(0)
        conference = family.sitting.type_of(screen.room.meeting)
        rules = {
            "every-agency-heard": conference.view("harm"), "agency-not-heard": conference.item("reports"),
            "chair-declared": PACK.chair_models[0], "dates-kept": limit("rcpc_first"), "plan-made": conference,
        }  # fmt: skip
        page._list.setFocus()
        for finding_rule, rule in rules.items():
            place = next(place for place, one in enumerate(page._findings) if one.rule == finding_rule)
            page._list.setCurrentRow(place)
            assert page._origin.text == ""
            f1(qtbot, screen)
            assert rule is not None
            assert missing_of(page._origin.text, rule) == []


@contextmanager
def a_consultation(folder: Path, lane: Lane) -> Iterator[ConductScreen]:
    with a_room(folder, started=False) as room:
        consultation(room)
        yield ConductScreen(room.sitting, room.meeting, lane)


def test_a_consultation_says_it_of_the_clock_that_goes_on_running(qtbot: QtBot, tmp_path: Path, lane: Lane) -> None:
    with a_consultation(tmp_path, lane) as screen:
        shown(qtbot, screen)
        screen.focus_home()
        f1(qtbot, screen)
        said = screen.converting.said.text
        assert said.startswith("No source of its own is given for this. It is part of: Consultation")
        assert missing_of(said, kind("unit_consultation")) == []
        assert screen.converting.begin.hasFocus()


def test_the_pages_of_a_conference_say_it_of_what_the_focus_is_on(qtbot: QtBot, tmp_path: Path, lane: Lane) -> None:
    with a_conference(tmp_path / "store", children=2) as (room, held):
        screen = ConductScreen(room.sitting, held.meeting, lane)
        shown(qtbot, screen)
        screen.chair.questions.setFocus()
        for place, model in enumerate(screen.chair._offered):
            screen.chair.models.setCurrentIndex(place)
            screen.chair.said.hush()
            f1(qtbot, screen)
            law = PACK.flag(model.flag)
            assert missing_of(screen.chair.said.text, model, *([law] if law else [])) == []
        assert screen.lost.said.text == ""
        screen.lost.why.setFocus()
        f1(qtbot, screen)
        assert missing_of(screen.lost.said.text, *icpc_quorum()) == []
        children = ChildrenScreen(room.sitting, held.meeting, lane)
        shown(qtbot, children)
        children.order.children_list.setFocus()
        f1(qtbot, children)
        assert missing_of(children.order.said.text, kind("icpc")) == []
        assert children.cells.said.text == ""


def test_what_is_done_without_a_quorum_names_the_rule_and_the_time_for_meeting_again() -> None:
    for meeting_type in PACK.meeting_types:
        rule = meeting_type.quorum
        if rule.needed:
            again = [limit(rule.if_inquorate.reconvene_limit)] if rule.if_inquorate.reconvene_limit else []
            assert missing_of(conduct_words.quorum_origin(meeting_type, PACK), rule, *again) == []


def test_the_page_of_a_plan_says_it_of_how_often_a_child_is_seen_also_when_no_plan_runs(
    qtbot: QtBot, tmp_path: Path, lane: Lane
) -> None:
    with a_conference(tmp_path / "store") as (room, _held):
        screen = PlanScreen(room.sitting, room.child.id, lane)
        shown(qtbot, screen)
        screen.focus_home()
        assert screen._look.running is None
        most = PACK.plan.most_actions
        assert most is not None
        f1(qtbot, screen)
        assert missing_of(screen.stands.origin.text, limit("cp_visit"), most) == []
        f1(qtbot, screen)
        assert screen.stands.origin.text == ""
        for part in (WRITING, PROGRESS):
            screen.choices.button(part).click()
            screen.focus_home()
            f1(qtbot, screen)
            assert missing_of(screen.said.text, limit("cp_visit"), most) == []
        screen.choices.button(WRITING).click()
        screen.writing.open(asking.FACTS)
        f1(qtbot, screen)
        entering = screen.writing.entering
        assert entering is not None
        assert missing_of(entering.origin.text, limit("cp_visit"), *PACK.plan.categories) == []
        look = plan_look.look(room.sitting, room.child.id)
        assert missing_of(plan_words.origins(look, ending=True), *PACK.plan.end_reasons) == []
