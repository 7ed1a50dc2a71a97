"""The national pack, compared with the catalogue it was made from."""

import hashlib
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from app.models.attendance import Authority as CanDecide
from app.models.attendance import Capacity, Invitation
from app.models.case import Responsibility, Sex
from app.models.dissent import DissentKind
from app.models.gap import GapState
from app.models.meeting import Method, State
from app.models.statement import Kind
from app.practice.arrangements import ChairModel
from app.practice.catalogue import Sector
from app.practice.checking import check, report, rules
from app.practice.pack import Circumstance, Clearance, MeetingType, Pack
from app.practice.questions import ChildIs, Prompt
from app.practice.reading import digest, files_of, read_files, read_kept, read_pack
from app.practice.rule import Authority, Part
from app.resources import folder

ENGLAND: Path = folder("packs", "england")
FORMAT: Path = folder("docs", "formats", "pack.md")

LIMITS = """
strat_immediate           0 days after common_local WIRRAL-STRAT NORTHUMB-STRAT
strat_usual               1 working-days after local_example NORTHUMB-STRAT
strat_complex_disc        24 hours after local_example CCSE
strat_complex_mtg         72 hours after local_example CCSE
strat_record              1 working-days after local_example PRACSTD
strat_reconvene_inquorate 1 working-days after app_default I
s47_icpc                  15 working-days after statutory_guidance TEES-ICPC SOLIHULL-ICPC NORFOLK-ICPC WMERCIA-ICPC
icpc_request              1 working-days after common_local TEES-ICPC BOLTON-CONF
assessment                45 working-days after statutory_guidance CINV
sw_report_icpc            3 working-days before local_example SUSX-INFO-2025
sw_report_rcpc            5 working-days before common_local SUSX-INFO-2025 NY-MANAGE
agency_report_icpc        3 working-days before local_example SUSX-INFO-2025 BUCKS-SCHOOLS DONC-PARENT
bundle_professionals      1 clock-time before local_example OXON-REPORTS
exclusion_request         3 working-days before local_example SUSX-EXCL
decision_letter           1 working-days after common_local NYSCP-DOCS SUSX-ADMIN
efh_summary               2 working-days after local_example KR-CSE
minutes                   15 working-days after local_example NYSCP-DOCS
minutes_corrections       10 working-days after app_default WALES-POST
core_first                10 working-days after statutory_guidance SEFTON-CORE NORFOLK-ICPC
core_next                 4 weeks after common_local SEFTON-CORE NEWC-CORE ROTHERHAM-3
rcpc_first                3 months after statutory_guidance TEES-RCPC NY-MANAGE
rcpc_next                 6 months after statutory_guidance TEES-RCPC NY-MANAGE
rcpc_unborn_A             20 working-days after local_example LPOOL-AMEND
rcpc_unborn_B             10 working-days after local_example TEES-RCPC
rcpc_unborn_C             4 weeks after local_example CHESE-PREBIRTH
inquorate_icpc            10 working-days after common_local SUSX-QUOR SWINDON-QUOR
inquorate_other           1 months after local_example SUSX-QUOR
transfer_in               15 working-days after statutory_guidance NORFOLK-TIN TEES-TIN NOTTS-TIN
transfer_notify           0 working-days after local_example NOTTS-TIN
prebirth_referral         16 gestation-weeks at local_example DONC-UNBORN
prebirth_icpc_latest      34 gestation-weeks at local_example SEFTON-PREBIRTH
prebirth_icpc_ideal       3 months before common_local SUSX-PREBIRTH CHESE-PREBIRTH
prebirth_icpc_earliest    12 gestation-weeks at local_example NSCB-PREBIRTH
lpm_prebirth              22 gestation-weeks at local_example NORTHANTS-LPM
cp_visit                  10 working-days after local_example K WIRRAL-PLAN
cp_medical                5 days after local_example NOTTS-ENQ
dissent                   72 hours after local_example SUSX-DISSENT
parent_complaint          28 days after local_example GM-COMPL
police_protection         72 hours after statute K
epo                       8 days after statute K
cao                       7 days after statute CA89-PARTV
rcpc_invites              20 working-days before local_example STUDYLIB-RCPC SURREY-RCPC
strat_ooh_follow_up 1 working-days after app_default I ISL-EDT
agency_report_rcpc 5 working-days before common_local SUSX-INFO-2025 NY-MANAGE
core_reconvene 10 working-days after app_default I
lpm_reconvene 1 working-days after app_default I
cp_medical_acute 0 days after local_example NOTTS-ENQ
"""

DECISIONS = {
    "D1": "met not_met insufficient",
    "D2": "joint csc_single police_single no_s47",
    "D3": "s17 family_help other_authority nfa specialist",
    "D4": "none family_arrangement s20 exclusion epo police_protection recovery_order other_order",
    "D5": "urgent planned advice_only no",
    "D6": "abe first_account later not_appropriate",
    "D7": "not_needed obtained lpm",
    "D8": "now end_of_s47 not_needed",
    "D9": "include separate check",
    "D10": "lado disclosure_scheme marac mappa ppn none",
    "D11": "nrm rhi mapping none",
    "D12": "now delayed after_criminal",
    "D13": "reconvene not_needed",
}

ITEMS = (
    "open concern children safety agencies household voice identity risk challenge threshold decisions enquiry "
    "criminal family dissent close"
)
PRACTICE_PROMPTS = (
    "F1a F1b F1c F1d F2a F2b F2c F3a F3b F3c F4a F4b F4c F5a F5b F5c F5d F6 F7a F7b F7c F7d F8a F8b F8c F8d F9 F10a "
    "F10b F11a F11b F11c F12a F12b F13 F14 F15 F18 F19 F20"
)
SECTORS = (
    "csc la_legal unit police health_icb health_acute health_community gp adult_mh substance da_specialist education "
    "early_years youth_justice probation prison cafcass housing adult_care fostering lado voluntary immigration "
    "armed_forces fire dwp nspcc none_counted"
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(ENGLAND)


@pytest.fixture
def strategy(pack: Pack) -> MeetingType:
    found = pack.meeting_type("strategy_initial")
    assert found is not None
    return found


def test_the_national_pack_has_nothing_wrong_with_it(pack: Pack) -> None:
    assert check(pack) == ()
    assert report(ENGLAND)["findings"] == []


def test_every_time_limit_of_the_catalogue_is_there_with_its_figure_authority_and_sources(pack: Pack) -> None:
    shipped = [
        " ".join([limit.id, str(limit.count), limit.unit, limit.direction, limit.authority, *limit.source])
        for limit in pack.time_limits
    ]
    catalogue = [" ".join(line.split()) for line in LIMITS.strip().splitlines()]
    assert sorted(shipped) == sorted(catalogue)


def test_the_odd_rows_of_the_catalogue_keep_their_second_figures(pack: Pack) -> None:
    limit = {limit.id: limit for limit in pack.time_limits}
    assert limit["strat_usual"].at_most == 3
    assert limit["epo"].extension == 7
    assert str(limit["bundle_professionals"].clock) == "10:00:00"
    for variant in "AB":
        sooner = limit[f"rcpc_unborn_{variant}"].or_sooner
        assert sooner is not None
        assert (sooner.count, sooner.unit) == (3, "months")
    figures = {name: [(v.count, v.unit) for v in limit[name].variants] for name in limit if limit[name].variants}
    assert figures == {
        "agency_report_icpc": [(48, "working-hours"), (2, "days")],
        "minutes": [(10, "working-days"), (20, "working-days")],
        "core_next": [(20, "working-days"), (1, "months"), (6, "weeks")],
        "transfer_notify": [(24, "hours")],
        "cp_visit": [(15, "working-days")],
        "cp_medical": [(0, "days")],
        "dissent": [(3, "working-days")],
        "rcpc_invites": [(6, "weeks"), (1, "months")],
    }
    rolled = {name for name in limit if limit[name].roll == "back"}
    assert rolled == {"rcpc_first", "rcpc_next", "rcpc_unborn_A", "rcpc_unborn_B"}
    assert {name for name in limit if limit[name].bound == "minimum"} == {"prebirth_icpc_earliest"}


def test_a_strategy_discussion_starts_the_limits_that_are_its_own(pack: Pack, strategy: MeetingType) -> None:
    own = [limit for limit in pack.time_limits if limit.id in strategy.time_limits]
    started = {limit.id: limit.starts for limit in own if limit.starts.startswith(("meeting", "decision"))}
    assert started == {
        "strat_record": "meeting-concluded",
        "s47_icpc": "meeting-started",
        "icpc_request": "decision",
        "cp_medical": "decision",
        "cp_medical_acute": "decision",
    }
    first = pack.time_limit("s47_icpc")
    assert first is not None
    assert first.when[0].options == ("joint", "csc_single", "police_single")


def test_the_strategy_discussion_has_its_seventeen_items_in_an_hour(strategy: MeetingType) -> None:
    assert [item.id for item in strategy.agenda] == ITEMS.split()
    assert sum(item.minutes for item in strategy.agenda) == 60
    assert [item.id for item in strategy.agenda if item.hears] == ["agencies", "challenge", "threshold"]
    assert all(item.prompts or item.views or item.decisions for item in strategy.agenda)
    assert all(item.record for item in strategy.agenda)


def test_every_practice_prompt_that_belongs_to_it_is_asked(strategy: MeetingType) -> None:
    asked = {prompt.id: prompt for item in strategy.agenda for prompt in item.prompts}
    practice = {name for name in asked if name[0] == "F"}
    assert practice == set(PRACTICE_PROMPTS.split())
    assert {name for name in practice if not asked[name].when} == {"F1c", "F18"}
    assert asked["F18"].if_child == ChildIs(under_months=12)
    assert all("?" in prompt.text for prompt in asked.values())


def test_every_decision_has_its_options(strategy: MeetingType) -> None:
    shipped = {q.id: " ".join(option.id for option in q.options) for q in strategy.decisions}
    assert shipped == DECISIONS
    assert [q.id for q in strategy.decisions if q.required] == ["D1", "D4", "D12", "D13"]
    asked = {q.id: [(c.decision, c.options) for c in q.required_when] for q in strategy.decisions if q.required_when}
    assert asked == {"D2": [("D1", ("met", "not_met"))], "D3": [("D2", ("no_s47",))]}
    needs = {f"{q.id}.{o.id}": o.needs for q in strategy.decisions for o in q.options if o.needs}
    assert needs == {
        "D1.insufficient": ("date",),
        "D3.nfa": ("detail",),
        "D4.other_order": ("detail",),
        "D5.no": ("detail",),
        "D12.now": ("person",),
        "D12.delayed": ("date", "detail"),
        "D13.reconvene": ("date",),
        "D13.not_needed": ("detail",),
    }


def test_without_a_quorum_only_immediate_protection_and_when_to_meet_again_are_decided(
    strategy: MeetingType, pack: Pack
) -> None:
    rule = strategy.quorum
    assert rule.all_of == ("csc", "police", "health")
    assert rule.if_inquorate.allowed_decisions == ("D4", "D13")
    assert rule.if_inquorate.mark == "Provisional - inquorate"
    limit = pack.time_limit(rule.if_inquorate.reconvene_limit)
    assert limit is not None
    assert (limit.count, limit.unit) == (1, "working-days")


def test_any_health_service_makes_the_quorum_for_health_and_the_unit_for_social_care(pack: Pack) -> None:
    kinds = {kind: {s.id for s in pack.sectors if kind in s.kinds} for kind in ("csc", "police", "health")}
    assert kinds == {
        "csc": {"csc", "unit"},
        "police": {"police"},
        "health": {"health_icb", "health_acute", "health_community", "gp"},
    }


def test_every_kind_of_agency_is_there_with_its_roles(pack: Pack) -> None:
    assert [sector.id for sector in pack.sectors] == SECTORS.split()
    partners = {sector.id for sector in pack.sectors if sector.statutory_partner}
    assert partners == {"csc", "unit", "police", "health_icb", "lado"}
    assert {sector.id for sector in pack.sectors if not sector.counts_in_views} == {"la_legal", "none_counted"}
    silent = {(s.id, role.id) for s in pack.sectors for role in s.roles if not role.counts and s.counts_in_views}
    assert silent == {("csc", "lawyer")}


def test_every_rule_says_how_binding_it_is_where_it_comes_from_and_when_it_was_reviewed(pack: Pack) -> None:
    lines = rules(pack)
    assert len({line.id for line in lines}) == len(lines)
    assert {line.kind for line in lines} == {
        "meeting_type", "quorum", "agenda_item", "prompt", "view", "decision", "invite", "record", "time_limit",
        "sector", "lexicon", "calendar", "record_choice", "chair_model", "flag", "exclusion_ground", "complaint_stage",
        "plan_category", "end_reason", "vague_word", "plan_age", "most_actions", "document",
    }  # fmt: skip
    known = {source.key for source in pack.sources}
    assert all(line.source and set(line.source) <= known for line in lines)
    assert {*DECISIONS, "s47_icpc", "strat_usual", "dissent", "police"} <= {line.id for line in lines}


def test_what_is_only_our_own_idea_never_claims_to_bind(pack: Pack) -> None:
    ours = [line for line in rules(pack) if line.source == ("I",)]
    assert ours
    assert {line.authority for line in ours} == {Authority.APP_DEFAULT}
    unread = [line for line in rules(pack) if line.source == ("K",)]
    assert unread
    assert all("not confirmed" in line.note for line in unread)


def test_a_figure_of_the_guidance_says_that_the_2026_edition_is_to_be_checked(pack: Pack) -> None:
    guidance = [limit for limit in pack.time_limits if limit.authority is Authority.STATUTORY_GUIDANCE]
    assert {limit.id for limit in guidance} == {
        "s47_icpc", "assessment", "core_first", "rcpc_first", "rcpc_next", "transfer_in",
    }  # fmt: skip
    said = ("Working Together 2023", "2026 edition", "not confirmed")
    assert [limit.id for limit in guidance if not all(words in limit.note for words in said)] == []


def test_duties_that_are_only_enacted_are_not_told_as_if_they_were_in_force(pack: Pack) -> None:
    told = [entry.means for entry in pack.glossary if {"ACT-S1", "ACT-S3"} & set(entry.source)]
    told += [sector.note for sector in pack.sectors if "Act 2026" in sector.note]
    assert len(told) == 3
    assert all("not shown as in force" in text for text in told)


def test_each_decision_is_as_binding_as_its_sources_make_it(strategy: MeetingType) -> None:
    assert {q.id: q.authority.value for q in strategy.decisions} == {
        "D1": "common_local", "D2": "local_example", "D3": "app_default", "D4": "common_local", "D5": "local_example",
        "D6": "app_default", "D7": "app_default", "D8": "common_local", "D9": "app_default", "D10": "app_default",
        "D11": "app_default", "D12": "local_example", "D13": "app_default",
    }  # fmt: skip
    assert [q.id for q in strategy.decisions if "I" not in q.source] == []


def test_no_question_can_be_answered_by_a_tick(strategy: MeetingType) -> None:
    asked = [prompt.text for item in strategy.agenda for prompt in item.prompts]
    words = {"who", "whom", "what", "which", "when", "where", "how", "why"}
    assert [text for text in asked if not words.intersection(re.findall(r"\w+", text.lower()))] == []


def test_the_wording_covers_everything_a_record_can_hold(pack: Pack) -> None:
    tables = {
        "state": State, "kind": Kind, "methods": Method, "capacity": Capacity, "invitation": Invitation,
        "can_decide": CanDecide, "gap": GapState, "dissent_kind": DissentKind, "sex": Sex,
        "responsibility": Responsibility,
    }  # fmt: skip
    for table, names in tables.items():
        assert set(pack.wording[table]) == {name.value for name in names}, table
    for clearance in Clearance:
        assert pack.words("closing", f"{clearance}.mend") != f"{clearance}.mend"
    assert "will not keep this child safe" in pack.words("opening", "difference_statement")


def test_the_words_to_avoid_are_in_the_lexicon(pack: Pack) -> None:
    question = {word.term for word in pack.lexicon if word.severity == "question"}
    advise = {word.term for word in pack.lexicon if word.severity == "advise"}
    assert question == {
        "malicious", "vexatious", "spiteful", "vindictive", "tit-for-tat", "custody dispute", "family feud",
        "ongoing acrimony",
    }  # fmt: skip
    assert advise == {
        "non-compliant", "disengaged", "hard to reach", "alleged", "promiscuous", "child prostitute",
        "lifestyle choice", "on the register", "mum", "dad", "no concerns",
    }  # fmt: skip


def test_a_kept_copy_of_the_files_reads_as_the_same_pack(pack: Pack) -> None:
    files = files_of(ENGLAND)
    again = read_files(files)
    assert again == pack == read_kept(files)
    assert again.digest == digest(dict(reversed(files.items()))) == pack.digest
    assert digest({**files, "pack.toml": files["pack.toml"] + b"\n"}) != pack.digest


def test_the_digest_can_be_worked_out_from_the_format_page_alone(pack: Pack) -> None:
    paths = sorted((path.relative_to(ENGLAND).as_posix(), path) for path in ENGLAND.rglob("*.toml"))
    listing = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n" for name, path in paths)
    assert hashlib.sha256(listing.encode()).hexdigest() == pack.digest


def test_the_examples_of_the_format_page_are_a_meeting_type_and_its_variant() -> None:
    example, variant = re.findall(r"```toml\n(.*?)```", FORMAT.read_text("utf-8"), re.DOTALL)
    added = {"meetings/unit_advice.toml": example.encode(), "meetings/unit_advice_urgent.toml": variant.encode()}
    pack = read_files({**files_of(ENGLAND), **added})
    urgent = pack.meeting_type("unit_advice_urgent")
    assert urgent is not None
    assert [item.id for item in urgent.agenda] == ["tonight", "open"]
    assert [option.id for option in urgent.decisions[0].options] == ["yes", "tonight"]


def parts(kind: type[BaseModel] = Part) -> set[type[BaseModel]]:
    return {kind}.union(*(parts(below) for below in kind.__subclasses__()))


def choices(annotation: Any) -> set[str]:
    below = get_args(annotation)
    return {annotation} if isinstance(annotation, str) else set().union(*(choices(one) for one in below))


def test_the_format_page_names_every_key_and_every_choice() -> None:
    page = FORMAT.read_text("utf-8")
    homes = {kind.__module__ for kind in (Part, Prompt, Sector, ChairModel, Pack)}
    known = {part for part in parts() if part.__module__ in homes}
    keys = {name for part in known - {Pack} for name in part.model_fields}
    literals = set().union(*(choices(field.annotation) for part in known for field in part.model_fields.values()))
    names = keys | literals | {*map(str, Clearance), *map(str, Circumstance), *map(str, Authority)}
    named = set(re.findall(r"[\w-]+", " ".join(re.findall(r"`([^`\n]+)`", page))))
    assert names - named == {""}
