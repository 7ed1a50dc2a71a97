"""Local rules in a store: looked at, chosen, kept with each meeting, printed where they are looser, and given up."""

import json
from contextlib import closing
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest

from app.minutes.pages import page_count, page_text
from app.models.attendance import Capacity
from app.models.base import Refused
from app.models.meeting import Meeting, State
from app.practice.local import Difference
from app.practice.reading import read_files
from app.practice.words import legal_day
from app.resources import folder
from app.services import cases, concluding, deciding, entries, meetings, profiling, retaining, sealing, table
from app.services.deciding import Choice
from app.services.exchange import BadRecord, export_meeting, import_record
from app.services.opening import make_store, open_store
from app.services.profiling import BadProfile
from app.services.sitting import Sitting
from app.store import checking
from app.vault.passphrase import FLOOR
from tests.builders import START, Clock, a_sitting, sitting_at, trail

PASSPHRASE = "four plain words here"
SAMPLES = folder("packs", "profiles")
ALDERMOOR, FERNSHIRE, TARNSIDE = (SAMPLES / name for name in ("aldermoor", "fernshire", "tarnside"))


looked = cache(profiling.look)


def prepared(sitting: Sitting, type_id: str, reference: str = "SAMPLE-1") -> Meeting:
    case = cases.open_case(sitting, reference)
    child = cases.add_child(sitting, case.id, "Robin Sample", born=date(2026, 12, 3))
    return meetings.prepare(sitting, case.id, type_id, [child.id], planned_at=START)


def hold(sitting: Sitting, meeting: Meeting) -> Meeting:
    """Hold a meeting before a newborn child goes home, page by page, and conclude it."""
    people = [
        table.invite(sitting, meeting.id, "Ash Example", sector="csc", role="team_manager", capacity=Capacity.CHAIR),
        table.invite(sitting, meeting.id, "Drew Example", sector="health_acute", role="safeguarding_midwife"),
    ]
    meetings.start(sitting, meeting.id)
    for person in people:
        table.arrive(sitting, person.id)
    kind = sitting.type_of(meeting)
    child = meetings.load(sitting, meeting.id).children[0]
    for item in kind.agenda:
        meetings.open_item(sitting, meeting.id, item.id, done=True)
        for prompt in item.prompts:
            about = child.id if prompt.per_child else None
            entries.answer_prompt(sitting, meeting.id, prompt.id, "As the ward says.", child=about)
        for question in item.decisions:
            choice = Choice(question, child.id, "home", "The visits are agreed.")
            deciding.decide(sitting, meeting.id, choice)
    assert concluding.blocks(sitting, meeting.id) == []
    return concluding.conclude(sitting, meeting.id, {})


def printed(sitting: Sitting, meeting_id: UUID) -> str:
    """Return the words of the minutes, in one line."""
    pdf = sealing.minutes(sitting, meeting_id)
    return " ".join(" ".join(page_text(pdf, number) for number in range(page_count(pdf))).split())


def test_looking_at_a_profile_changes_nothing_and_using_it_is_told_in_the_trail(tmp_path: Path) -> None:
    with a_sitting(tmp_path) as sitting:
        before = len(trail(sitting.store))
        offer = looked(FERNSHIRE)
        assert [one.rule for one in offer.profile.looser] == ["agency_report_icpc"]
        assert sitting.pack.profile is None
        assert len(trail(sitting.store)) == before
        profiling.use(sitting, offer)
        assert sitting.pack.profile is not None
        assert sitting.pack.profile.id == "fernshire"
        kinds = [entry.kind for entry in trail(sitting.store)[before:]]
        assert kinds[0] == "profile.chosen"
        assert sitting.pack.words("act", "profile.chosen") == "Chose local rules for new meetings"


def test_a_profile_is_in_force_again_when_the_store_is_opened(tmp_path: Path) -> None:
    clock = Clock()
    made = make_store(tmp_path / "store", PASSPHRASE, clock, recovery=False, kdf=FLOOR)
    profiling.use(made.sitting, looked(TARNSIDE))
    made.sitting.close()
    sitting = open_store(tmp_path / "store", PASSPHRASE, clock)
    with closing(sitting):
        limit = sitting.pack.time_limit("dissent")
        assert limit is not None
        assert (limit.count, limit.unit) == (3, "working-days")
        assert sitting.rules_trouble == ""
        profiling.give_up(sitting)
        with pytest.raises(Refused, match=r"profile.none-in-force"):
            profiling.give_up(sitting)
    again = open_store(tmp_path / "store", PASSPHRASE, clock)
    with closing(again):
        assert again.pack.profile is None


def test_a_meeting_keeps_the_local_rules_it_was_prepared_under(tmp_path: Path) -> None:
    with a_sitting(tmp_path) as sitting:
        national = prepared(sitting, "icpc")
        profiling.use(sitting, looked(TARNSIDE))
        own = prepared(sitting, "icpc", "SAMPLE-2")
        profiling.use(sitting, looked(FERNSHIRE))
        counts = []
        for meeting in (national, own, prepared(sitting, "icpc", "SAMPLE-3")):
            limit = sitting.pack_of(meeting).time_limit("minutes")
            assert limit is not None
            counts.append(limit.count)
        assert counts == [15, 20, 10]
        later = sitting_at(sitting.store, Clock())
        kept = later.pack_of(own)
        assert kept.profile is not None
        assert kept.profile.id == "tarnside"
        assert list(checking.findings(sitting.store)) == []


def test_a_local_meeting_type_runs_from_its_first_page_to_its_minutes_without_any_code(tmp_path: Path) -> None:
    with a_sitting(tmp_path) as sitting:
        profiling.use(sitting, looked(ALDERMOOR))
        meeting = prepared(sitting, "newborn_home")
        ended = hold(sitting, meeting)
        assert ended.state is State.CONCLUDED
        [visit] = [due for due in cases.dates_due(sitting) if due.limit_id == "newborn_first_visit"]
        assert legal_day(visit.due_at) == date(2026, 12, 11)
        text = printed(sitting, meeting.id)
        pages = [item.title for item in sitting.type_of(meeting).agenda]
        places = [text.index(title) for title in pages]
        assert places == sorted(places)
        assert "This type of meeting is the partnership's own" in text
        profiling.give_up(sitting)
        assert sitting.type_of(meeting).label == "Meeting before a newborn child goes home"
        with pytest.raises(Refused, match=r"meeting.unknown-type"):
            prepared(sitting, "newborn_home", "SAMPLE-2")


def test_the_record_of_a_local_meeting_comes_back_in_under_its_own_rules(tmp_path: Path) -> None:
    with a_sitting(tmp_path / "one") as sitting:
        profiling.use(sitting, looked(ALDERMOOR))
        meeting = prepared(sitting, "newborn_home")
        hold(sitting, meeting)
        content = export_meeting(sitting, meeting.id)
    assert json.loads(content)["pack"]["profile"] == "aldermoor 2026.1"
    with a_sitting(tmp_path / "two") as other:
        with pytest.raises(BadRecord, match="names a type of meeting that the pack does not have"):
            import_record(other, content)
        profiling.use(other, looked(ALDERMOOR))
        taken = import_record(other, content)
        assert other.type_of(taken).id == "newborn_home"


def test_the_minutes_print_each_looser_rule_with_its_reason_and_no_stricter_one_as_such(tmp_path: Path) -> None:
    with a_sitting(tmp_path) as sitting:
        profiling.use(sitting, looked(TARNSIDE))
        text = printed(sitting, prepared(sitting, "icpc").id)
        looser = text.index("These local rules ask for less than the national ones")
        assert "Minutes sent: 20 working days. Nationally: 15 working days." in text[looser:]
        assert "Why: The decision letter goes out within one working day" in text
        assert "Formal dissent confirmed: 3 working days. Nationally: 72 hours." in text
        assert "Tarnside and Holm Children's Safeguarding Partnership" in text
        assert "Next core group: 20" not in text, "it is none of this meeting's limits"
        strategy = printed(sitting, prepared(sitting, "strategy_initial", "SAMPLE-2").id)
        assert "These local rules ask for less" not in strategy
        profiling.give_up(sitting)
        assert "Local rules" not in printed(sitting, prepared(sitting, "icpc", "SAMPLE-3").id)


def test_what_the_partnership_decided_for_its_records_is_taken_over(tmp_path: Path) -> None:
    with a_sitting(tmp_path) as sitting:
        retaining.choose_marking(sitting, "CONTROLLED")
        profiling.use(sitting, looked(FERNSHIRE))
        assert retaining.marking(sitting) == "OFFICIAL-SENSITIVE"


def test_a_rule_of_keeping_that_is_not_whole_leaves_everything_as_it_was(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    text = (FERNSHIRE / "profile.toml").read_text()
    text = text.replace("[keeping]", '[keeping]\nrule = "after-closure"\nyears = 500\npolicy = "Schedule 1"')
    (own / "profile.toml").write_text(text)
    with a_sitting(tmp_path / "store") as sitting:
        before = len(trail(sitting.store))
        with pytest.raises(Refused, match=r"retention.years"):
            profiling.use(sitting, profiling.look(own))
        assert sitting.pack.profile is None
        assert len(trail(sitting.store)) == before


@pytest.mark.parametrize("content", [None, "", "id = 1", "\x00"])
def test_a_folder_that_is_no_profile_is_refused_in_one_sentence(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "profile.toml").write_text(content)
    with pytest.raises(BadProfile, match=r"^These local rules cannot be used, so nothing was changed: .+\.$"):
        profiling.look(tmp_path)
    with pytest.raises(BadProfile, match="is not there"):
        profiling.look(tmp_path / "nowhere")


def test_local_rules_that_no_longer_fit_stay_as_they_were_kept_with_a_sentence(tmp_path: Path) -> None:
    with a_sitting(tmp_path / "store") as sitting:
        profiling.use(sitting, looked(TARNSIDE))
        kept = sitting.pack.digest
        newer = {
            name: content.replace(b'"core_next"', b'"core_again"')
            for name, content in sitting.pack_files.items()
            if not name.startswith("profile/")
        }
        found = profiling.in_force(sitting.store, (read_files(newer), newer))
        assert found.pack.digest == kept
        assert "do not fit them any more" in found.trouble
        assert 'names the rule "core_next", unknown' in found.trouble


def test_the_check_lists_what_was_not_reviewed_for_a_year() -> None:
    profile = looked(ALDERMOOR).profile
    today = legal_day(START)
    assert profiling.overdue(profile, today) == []
    late: list[Difference] = profiling.overdue(profile, date(2027, 9, 1))
    assert {one.reviewed for one in late} == {date(2026, 8, 17)}
    assert not profiling.is_overdue(profile, date(2027, 9, 1))
    assert profiling.is_overdue(profile, date(2027, 11, 2))


def test_a_looser_local_rule_is_a_warning_with_its_reason_on_the_first_page_of_the_minutes(tmp_path: Path) -> None:
    def first_page(sitting: Sitting, meeting: Meeting) -> str:
        return " ".join(page_text(sealing.minutes(sitting, meeting.id), 0).split())

    with a_sitting(tmp_path) as sitting:
        profiling.use(sitting, looked(FERNSHIRE))
        page = first_page(sitting, prepared(sitting, "icpc"))
        assert "These local rules ask for less than the national ones, for the reason given:" in page
        assert "2 working days. Nationally: 3 working days. Why: Reports of agencies may come two working days" in page
        stricter = first_page(sitting, prepared(sitting, "strategy_initial", "SAMPLE-2"))
        assert "less than the national" not in stricter
