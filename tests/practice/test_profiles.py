"""A partnership's own rules over the national pack: what they change, and which are refused."""

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from app.practice.calendars import calendar_of
from app.practice.checking import report
from app.practice.comparing import MAY_BE_SET, stance_of
from app.practice.limits import Unit, due
from app.practice.local import Change, Difference, OwnKeeping, ProfileFile, Stance
from app.practice.pack import Pack
from app.practice.profiles import FOLDER, applied, concerning
from app.practice.reading import BadPack, files_of, read_files, read_kept
from app.resources import folder
from tests.builders import national_files, national_pack

ENGLAND = folder("packs", "england")
SAMPLES = ("aldermoor", "fernshire", "tarnside")

HEADING = """
id = "testshire"
label = "Testshire: local rules"
partnership = "Testshire Partnership"
base = "england"
version = "1"
reviewed = 2026-11-01
"""
CHANGE = """
[[changes]]
rule = "%s"
set = %s
authority = "local_example"
source = ["SUSX-DISSENT"]
reviewed = 2026-10-01
%s
"""


@cache
def sample(name: str) -> Pack:
    return read_files(applied(national_files(), files_of(folder("packs", "profiles", name), FOLDER)))


def local(*changes: tuple[str, str] | tuple[str, str, str], heading: str = HEADING, **files: str) -> dict[str, bytes]:
    """Return the national files under a profile with these changes: a rule, what is set, and why it is looser."""
    text = heading
    for rule, values, *why in changes:
        text += CHANGE % (rule, values, f'why_looser = "{why[0]}"' if why else "")
    own = {"profile.toml": text} | {name.replace("__", "/") + ".toml": content for name, content in files.items()}
    return applied(national_files(), {name: content.encode() for name, content in own.items()})


def told(files: Mapping[str, bytes]) -> dict[str, Difference]:
    profile = read_files(files).profile
    assert profile is not None
    return {one.rule: one for one in profile.differences}


def refused(files: Mapping[str, bytes]) -> str:
    with pytest.raises(BadPack) as bad:
        read_files(files)
    return str(bad.value)


@pytest.mark.parametrize("name", SAMPLES)
def test_each_sample_profile_holds_together_and_says_where_each_of_its_rules_comes_from(name: str) -> None:
    profile = sample(name).profile
    assert profile is not None
    assert profile.id == name
    assert profile.differences
    assert all(one.source and one.reviewed >= date(2026, 1, 1) for one in profile.differences)
    assert all(one.why_looser for one in profile.looser)
    assert not report(folder("packs", "profiles", name), date(2026, 11, 22), ENGLAND)["findings"]


def test_the_samples_differ_in_the_review_after_a_birth_and_in_the_time_to_dissent() -> None:
    limits = {name: {limit.id: limit for limit in sample(name).time_limits} for name in SAMPLES}
    after_birth = {name: (found["rcpc_unborn_A"].count, found["rcpc_unborn_A"].unit) for name, found in limits.items()}
    assert after_birth == {
        "fernshire": (10, "working-days"), "tarnside": (20, "working-days"), "aldermoor": (4, "weeks")
    }  # fmt: skip
    dissent = {name: (found["dissent"].count, found["dissent"].unit) for name, found in limits.items()}
    assert (dissent["fernshire"], dissent["tarnside"]) == ((72, "hours"), (3, "working-days"))
    assert all(found["rcpc_unborn_A"].or_sooner is not None for found in limits.values()), "what is not set stays"


def test_a_changed_rule_carries_the_source_and_the_review_of_the_change() -> None:
    changed = sample("fernshire").time_limit("rcpc_unborn_A")
    assert changed is not None
    assert (changed.source, changed.reviewed) == (("TEES-RCPC",), date(2026, 10, 5))
    untouched = national_pack().time_limit("rcpc_unborn_A")
    assert untouched is not None
    assert untouched.count == 20


def test_a_local_meeting_type_is_one_more_file_with_an_order_of_pages_of_its_own() -> None:
    pack = sample("aldermoor")
    added = pack.meeting_type("newborn_home")
    assert added is not None
    assert [item.id for item in added.agenda] == ["today", "home", "visits", "going", "close"]
    assert [kind.id for kind in pack.meeting_types][:4] == ["strategy_initial", "strategy_ooh", "icpc", "newborn_home"]
    assert pack.profile is not None
    assert pack.profile.adds == ("newborn_home",)
    assert len(pack.meeting_types) == len(national_pack().meeting_types) + 1


def test_a_local_type_may_start_from_a_national_one() -> None:
    added = 'base = "strategy_review"\nid = "panel"\nlabel = "Panel"\nshort = "Panel"\npurpose = "Look again."\n'
    pack = read_files(local(meetings__panel=added))
    panel, review = pack.meeting_type("panel"), national_pack().meeting_type("strategy_review")
    assert panel is not None
    assert review is not None
    assert panel.agenda == review.agenda


WEAKER = [
    ('[quorum]\nid = "panel.quorum"\nlabel = "Two"\nall_of = ["csc"]\n', "Needed: csc, police, health"),
    ("closing = []\n", "Asked before closing"),
    ('[[decisions]]\nid = "D12"\nper_child = false\n', "When is the family told, and by whom?"),
]


@pytest.mark.parametrize(("states", "told_of"), WEAKER)
def test_a_local_type_that_asks_for_less_than_its_base_says_why(states: str, told_of: str) -> None:
    added = f'base = "strategy_review"\nid = "panel"\nlabel = "Panel"\nshort = "Panel"\npurpose = "Look."\n{states}'
    if "[quorum]" in states:
        added += 'source = ["I"]\nauthority = "app_default"\nreviewed = 2026-10-01\n'
    assert "why_looser.panel: loosens panel silently" in refused(local(meetings__panel=added))
    why = f'{HEADING}\n[why_looser]\npanel = "It only prepares."\n'
    found = told(local(heading=why, meetings__panel=added))["panel"]
    assert told_of in found.national
    assert (found.stance, found.why_looser) == ("looser", "It only prepares.")


def test_the_bytes_of_a_profile_are_part_of_the_digest_and_read_the_same_again() -> None:
    files = local(("minutes", "{ count = 12 }"))
    assert read_files(files).digest != national_pack().digest
    assert read_kept(files) == read_files(files)
    assert applied(files, {}) == dict(national_files()), "a profile is taken off again whole"


def test_a_profile_that_loosens_silently_is_refused_in_one_sentence() -> None:
    sentence = refused(local(("minutes", "{ count = 20 }")))
    assert "profile.toml, key changes[1].why_looser: loosens minutes silently" in sentence
    assert "15 working days becomes 20 working days" in sentence
    assert told(local(("minutes", "{ count = 20 }", "Each agency reads them first.")))["minutes"].stance == "looser"


WORKER, WIDER = "{ label = 'a', roles = ['lcpp'] }", "{ label = 'a', roles = ['lcpp', 'iro'] }"
OTHERS = "{ label = 'b', roles = ['team_manager'] }, { label = 'c', of = ['la_legal'] }"
LOOSENED = [
    ("legal_planning.quorum", f"{{ posts = [{WORKER}, {OTHERS}] }}", "stricter"),
    ("legal_planning.quorum", f"{{ posts = [{WIDER}, {OTHERS}] }}", "looser"),
    ("legal_planning.quorum", f"{{ posts = [{WORKER}] }}", "looser"),
    ("strategy_initial.prompt.F18", "{ if_child = { under_months = 6 } }", "looser"),
    ("minutes", '{ count = 15, unit = "days" }', "stricter"),
    ("minutes", '{ count = 4, unit = "weeks" }', "looser"),
    ("minutes", "{ count = 15 }", "same"),
    ("dissent", '{ count = 3, unit = "working-days" }', "stricter"),
    ("dissent", "{ count = 24 }", "looser"),
    ("parent_complaint", "{ count = 14 }", "looser"),
    ("agency_report_icpc", "{ count = 5 }", "stricter"),
    ("agency_report_icpc", "{ count = 2 }", "looser"),
    ("prebirth_icpc_earliest", "{ count = 10 }", "looser"),
    ("prebirth_icpc_latest", "{ count = 32 }", "stricter"),
    ("core_next", '{ count = 20, unit = "working-days" }', "looser"),
    ("rcpc_next", '{ roll = "none" }', "looser"),
    ("strat_usual", '{ bound = "maximum" }', "stricter"),
    ("icpc.quorum", '{ all_of = ["csc", "police"] }', "stricter"),
    ("icpc.quorum", "{ several = [] }", "looser"),
    ("icpc.quorum", "{ all_of = [] }", "looser"),
    ("strategy_initial.quorum", '{ if_inquorate = { allowed_decisions = ["D4"] } }', "stricter"),
    ("strategy_initial", "{ closing = [] }", "looser"),
    ("icpc", "{ chair_models = [] }", "looser"),
    ("D1", "{ required = false }", "looser"),
    ("strategy_initial", '{ short = "Discussion" }', "words"),
]


@pytest.mark.parametrize(("rule", "values", "stance"), LOOSENED)
def test_what_is_stricter_and_what_is_looser_follows_from_a_closed_list(rule: str, values: str, stance: str) -> None:
    assert told(local((rule, values, "For a reason.")))[rule].stance == stance


BAD = [
    ("police_protection", "{ count = 73 }", "loosens police_protection, which a statute sets"),
    ("nothing_of_the_kind", "{ count = 1 }", 'names the rule "nothing_of_the_kind", unknown'),
    ("minutes", '{ trigger = "Whenever" }', "set.trigger: cannot be set by a profile in the rule minutes"),
    ("minutes", '{ count = "ten" }', "changes[1].set.count"),
    ("minutes", "{ colour = 1 }", "changes[1].set.colour"),
    ("minutes", '{ reviewed = 2030-01-01 }', "holds what is said beside it"),
    ("fgdm", '{ state = "in force" }', "cannot be set by a profile in the rule fgdm"),
    ("D1", "{ options = [] }", "changes[1].set"),
    ("wording.closing.quorum", '{ text = "Never mind" }', "which no profile may set"),
    ("wording.agency_kinds.health", '{ text = " " }', "must hold the new text"),
    ("icpc.quorum", '{ all_of = ["csc", "nobody"] }', '"nobody"'),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "values", "reason"), BAD)
def test_what_a_profile_may_not_do_is_told_with_its_place(rule: str, values: str, reason: str) -> None:
    sentence = refused(local((rule, values, "For a reason.")))
    assert reason in sentence
    assert sentence.count("\n") == 0


def test_two_steps_do_not_hide_what_one_would_show() -> None:
    both = local(("minutes", "{ count = 5 }"), ("minutes", "{ count = 14 }", "Later."))
    assert 'holds the rule "minutes" 2 times' in refused(both)


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        ({"limits": '[[limits]]\nid = "minutes"\n'}, "profile/limits.toml"),
        ({"wording": "a = 1"}, "is not a file of a profile"),
        ({"meetings__icpc": ENGLAND.joinpath("meetings", "icpc.toml").read_text()}, 'meeting type "icpc" 2 times'),
        ({"meetings__loop": 'base = "loop"\nid = "loop"\nlabel = "L"\nshort = "L"\npurpose = "L"'}, "circle"),
    ],
)
def test_the_other_files_of_a_profile_add_and_never_replace(own: dict[str, str], reason: str) -> None:
    assert reason in refused(local(**own))


def test_a_profile_for_another_pack_or_without_its_file_is_refused() -> None:
    assert 'names the pack "wales"' in refused(local(heading=HEADING.replace("england", "wales")))
    without = applied(national_files(), {"limits.toml": b""})
    assert "profile/profile.toml: is missing" in refused(without)
    assert 'names the meeting type "later"' in refused(local(heading=f'{HEADING}order = ["later"]\n'))


def test_a_change_to_a_meeting_type_comes_after_one_to_a_rule_within_it() -> None:
    pack = read_files(
        local(("strategy_initial.quorum", '{ all_of = ["csc", "police", "health", "education"] }'),
              ("strategy_initial", "{ restricted_default = true }"))
    )  # fmt: skip
    changed = pack.meeting_type("strategy_initial")
    assert changed is not None
    assert changed.restricted_default
    assert changed.quorum.all_of[-1] == "education"


def test_a_meeting_is_told_of_the_local_rules_it_runs_under_and_no_others() -> None:
    pack = sample("aldermoor")
    of = {kind.id: [one.rule for one in concerning(pack, kind)] for kind in pack.meeting_types}
    assert of["icpc"][0] == "rcpc_unborn_A", "the looser ones are at the head"
    assert "icpc.quorum" in of["icpc"]
    assert of["strategy_initial"] == ["strategy_initial"]
    assert of["newborn_home"] == []


def test_checking_a_profile_lists_what_it_changes_and_what_is_past_its_review(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(HEADING + CHANGE % ("minutes", "{ count = 10 }", ""))
    listed = json.loads(json.dumps(report(tmp_path, date(2026, 11, 22), ENGLAND)))
    assert [one["rule"] for one in listed["profile"]["differences"]] == ["minutes"]
    assert listed["findings"] == []
    late = report(tmp_path, date(2027, 10, 2), ENGLAND)["findings"]
    assert [one["reason"] for one in late if "2026-10-01" in one["reason"]]


def test_the_format_page_holds_a_profile_that_reads_and_names_every_key_and_what_may_be_set() -> None:
    page = folder("docs", "formats", "profile.md").read_text("utf-8")
    [example] = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert told(applied(national_files(), {"profile.toml": example.encode()}))["minutes"].stance == "looser"
    named = set(re.findall(r"\w+", page))
    keys = {key for kind in (ProfileFile, Change, OwnKeeping) for key in kind.model_fields}
    set_of = {key.rpartition(".")[2] for known in MAY_BE_SET.values() for key in known}
    names = {"label", "short", "title", "purpose", "means", "key_meetings", "usual_authority"}
    assert keys | (set_of - names) <= named


LENGTHS = [("hours", 24), ("hours", 72), ("days", 3), ("days", 28), ("weeks", 4), ("working-days", 1),
           ("working-days", 3), ("working-days", 10), ("working-days", 20), ("months", 1), ("months", 3)]  # fmt: skip


def test_a_length_of_time_that_is_called_stricter_is_never_longer_on_any_day_of_four_years() -> None:
    pack = national_pack()
    calendar, limit = calendar_of(pack), pack.time_limit("minutes")
    assert limit is not None
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(4 * 365)]
    ends = {
        (unit, count): [due(day, count, Unit(unit), calendar).at if unit != "hours" else day + timedelta(hours=count)
                        for day in days]
        for unit, count in LENGTHS
    }  # fmt: skip
    stricter = 0
    for (unit, count), national in ends.items():
        for (own_unit, own), ours in ends.items():
            before = limit.model_copy(update={"unit": unit, "count": count})
            now = limit.model_copy(update={"unit": own_unit, "count": own})
            if stance_of(before, now, ["count"])[0] is Stance.STRICTER:
                stricter += 1
                assert all(mine <= theirs for mine, theirs in zip(ours, national, strict=True)), (before, now)
    assert stricter > len(LENGTHS)
