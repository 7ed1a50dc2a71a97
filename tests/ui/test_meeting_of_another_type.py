"""A meeting type that only a TOML file describes runs through the same screens."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.models.attendance import Capacity
from app.models.meeting import State
from app.services import cases, meetings, table
from app.ui.kit.lane import Lane
from app.ui.meeting.screen import MeetingScreen
from tests.builders import START, a_sitting, national_files

TOML = """
id = "small_talk"
label = "Small talk"
short = "Talk"
purpose = "Hear what is new."
convened_by = "Anybody."
chaired_by = "Anybody."
authority = "app_default"
source = ["I"]
reviewed = 2026-11-01
closing = ["quorum", "every-gap-owned"]

[defaults]
authority = "app_default"
source = ["I"]
reviewed = 2026-11-01

[quorum]
id = "small_talk.quorum"
label = "Social care"
all_of = ["csc"]

[quorum.if_inquorate]
mark = "Provisional"
reconvene_limit = "strat_record"

[[agenda]]
id = "news"
title = "News"
minutes = 5
purpose = "Hear what is new."

    [[agenda.prompts]]
    id = "news.what"
    text = "What is new?"
    per_child = true

[[agenda]]
id = "end"
title = "End"
minutes = 1
purpose = "Go home."
shows = ["closing"]
"""


def test_a_type_from_a_file_is_held_from_its_first_item_to_its_end(qtbot: QtBot, tmp_path: Path) -> None:
    files = {**national_files(), "meetings/small_talk.toml": TOML.encode()}
    with a_sitting(tmp_path / "store", files=files) as sitting:
        case = cases.open_case(sitting, "SAMPLE-2")
        child = cases.add_child(sitting, case.id, "Robin Sample")
        meeting = meetings.prepare(sitting, case.id, "small_talk", [child.id], planned_at=START)
        seat = table.invite(sitting, meeting.id, "Ash Example", sector="csc", capacity=Capacity.CHAIR)
        table.arrive(sitting, seat.id)
        meetings.start(sitting, meeting.id)
        lane = Lane()
        screen = MeetingScreen(sitting, meeting.id, lane)
        lane.setParent(screen)
        qtbot.addWidget(screen)
        screen.show()
        line = screen.desk.item.line
        for typed in ("ae>All is well", "/1 A new school", "/gap Which school? @social 14 Dec", "/view", "/decision"):
            line.put(typed)
            line.submitted.emit(line.text)
        assert "asks no agency" in line.said.text() or "nothing to decide" in line.said.text()
        line.clear()
        line.next_wanted.emit()
        line.next_wanted.emit()
        assert screen.closing._conclude.isEnabled()
        with qtbot.waitSignal(screen.minutes_wanted):
            screen.closing._conclude.click()
        kept = meetings.load(sitting, meeting.id)
        assert kept.state is State.CONCLUDED
        assert [s.text for s in kept.statements] == ["All is well"]
        assert kept.answers[0].text == "A new school"
