"""A second kind of meeting is a file in a pack: it runs from invitation to conclusion with no code of its own."""

from pathlib import Path

from app.models.attendance import Capacity
from app.models.meeting import State
from app.practice.agenda import Progress, steps, unanswered
from app.practice.reading import files_of
from app.services import cases, concluding, deciding, entries, meetings, table
from app.services.deciding import Choice
from app.store import checking
from tests.builders import START, a_copy_of_the_pack, a_sitting

HUDDLE = """
id = "huddle"
label = "Safety huddle"
short = "Huddle"
purpose = "Agree who sees the child today."
convened_by = "Anybody"
chaired_by = "Anybody"
time_limits = ["strat_record"]
closing = ["quorum", "every-agency-heard", "every-child-decided", "every-gap-owned"]

[defaults]
authority = "app_default"
source = ["I"]
reviewed = 2026-11-01

[quorum]
id = "huddle.quorum"
label = "School and health"
all_of = ["education", "health"]
[quorum.if_inquorate]
mark = "Provisional"
reconvene_limit = "strat_reconvene_inquorate"

[[agenda]]
id = "round"
title = "Round"
minutes = 5
purpose = "Hear each agency."
hears = "each-agency"
    [[agenda.prompts]]
    id = "round.seen"
    text = "Who saw the child today?"
    per_child = true

[[agenda]]
id = "agree"
title = "Agree"
minutes = 5
purpose = "Decide who goes."
hears = "each-agency"
views = ["worried"]
decisions = ["H1"]
shows = ["closing"]

[[views]]
id = "worried"
question = "Should the child be seen today?"
decision = "H1"
options = [{ id = "yes", label = "Yes" }, { id = "no", label = "No" }]

[[decisions]]
id = "H1"
question = "Who sees the child today?"
required = true
options = [{ id = "yes", label = "A visit", needs = ["person"] }, { id = "no", label = "Nobody", needs = ["detail"] }]
"""


def test_a_meeting_type_added_as_one_file_runs_to_its_end(tmp_path: Path) -> None:
    folder = a_copy_of_the_pack(tmp_path / "pack")
    (folder / "meetings" / "huddle.toml").write_text(HUDDLE, "utf-8")
    with a_sitting(tmp_path / "store", files=files_of(folder)) as sitting:
        case = cases.open_case(sitting, "SAMPLE-1")
        child = cases.add_child(sitting, case.id, "Robin Sample")
        meeting = meetings.prepare(sitting, case.id, "huddle", [child.id], planned_at=START)
        people = [
            table.invite(sitting, meeting.id, "Ash Example", sector="education", capacity=Capacity.CHAIR),
            table.invite(sitting, meeting.id, "Blair Example", sector="education", role="dsl"),
            table.invite(sitting, meeting.id, "Drew Example", sector="gp", role="gp"),
        ]
        meetings.start(sitting, meeting.id)
        assert meetings.load(sitting, meeting.id).current_item == "round"
        for person in people:
            table.arrive(sitting, person.id)
        kind = sitting.type_of(meetings.load(sitting, meeting.id))
        assert {f.rule for f in concluding.blocks(sitting, meeting.id)} == {
            "agency-not-heard", "every-agency-heard", "every-child-decided",
        }  # fmt: skip
        for person in people[1:]:
            entries.record_statement(sitting, meeting.id, "round", "Not seen today.", speaker=person.id)
        entries.answer_prompt(sitting, meeting.id, "round.seen", "Nobody yet.", child=child.id)
        meetings.open_item(sitting, meeting.id, "agree", done=True)
        for person in people[1:]:
            deciding.record_view(
                sitting, meeting.id, "worried", child.id, "yes", "Not seen for two days.", speaker=person.id
            )
        choice = Choice("H1", child.id, "yes", "Both agencies ask for it.", person="Blair Example")
        deciding.decide(sitting, meeting.id, choice)
        now = meetings.load(sitting, meeting.id)
        assert unanswered(now, kind.agenda[0]) == []
        assert [step.progress for step in steps(now, kind, sitting.now())] == [Progress.DONE, Progress.OPEN]
        assert concluding.blocks(sitting, meeting.id) == []
        done = concluding.conclude(sitting, meeting.id)
        assert done.state is State.CONCLUDED
        assert [d.limit_id for d in cases.dates_due(sitting)] == ["strat_record"]
        assert list(checking.findings(sitting.store)) == []
