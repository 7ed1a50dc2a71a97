"""The strategy discussions beside the initial one, compared with the reference (domain, B2 to B6)."""

import re
import tomllib
from pathlib import Path

import pytest

from app.practice.pack import MeetingType, Pack
from app.practice.questions import ChildIs, Prompt
from app.practice.reading import read_pack
from app.practice.rule import Authority
from app.resources import folder

ENGLAND: Path = folder("packs", "england")
BASE = "strategy_initial"
VARIANTS = (
    "strategy_review",
    "strategy_prebirth",
    "strategy_complex",
    "strategy_efh",
    "strategy_fii",
    "strategy_death",
    "strategy_ooh",
)
INITIAL = (
    "open concern children safety agencies household voice identity risk challenge threshold decisions enquiry "
    "criminal family dissent close"
)
AGENDAS = {
    "strategy_review": (
        "open since concern children safety agencies findings household voice identity risk challenge threshold "
        "outcome decisions enquiry criminal family dissent close"
    ),
    "strategy_prebirth": (
        "open concern children pregnancy safety agencies household voice identity risk challenge threshold decisions "
        "before_birth enquiry birth_plan criminal family dissent close"
    ),
    "strategy_complex": (
        "open concern children lists safety agencies household boundaries voice identity risk challenge threshold "
        "decisions leading enquiry criminal family dissent close"
    ),
    "strategy_efh": (
        "open concern children safety agencies household context exploitation voice identity risk challenge threshold "
        "decisions response enquiry criminal family dissent close"
    ),
    "strategy_fii": (
        "open concern children safety agencies symptoms treatment household voice identity risk challenge threshold "
        "presentation decisions enquiry criminal health_record family dissent close"
    ),
    "strategy_death": (
        "open concern children safety precedence agencies household voice identity risk challenge threshold decisions "
        "enquiry criminal family bereavement dissent close"
    ),
    "strategy_ooh": "open concern children safety agencies household threshold decisions close",
}
ADDED = {
    "strategy_review": {"D14": "not_substantiated substantiated_no_risk substantiated_risk not_finished"},
    "strategy_prebirth": {
        "D15": "yes under_way no",
        "D16": "in_time later end_of_s47 not_needed",
        "D17": "by_date later not_needed",
    },
    "strategy_complex": {
        "D18": "joint csc police other_area",
        "D19": "both_groups one_group no",
        "D20": "named later",
    },
    "strategy_efh": {"D21": "efh_pathway context_assessment peer_mapping disruption_plan none"},
    "strategy_fii": {"D22": "perplexing fii neither not_known", "D23": "named exists not_needed"},
    "strategy_death": {
        "D24": "s47_and_criminal criminal health_led not_known",
        "D25": "named to_find",
        "D26": "yes done undecided no",
    },
    "strategy_ooh": {},
}
BASELINE = ("csc", "police", "health")
QUORUM = {
    "strategy_review": BASELINE,
    "strategy_prebirth": BASELINE,
    "strategy_complex": BASELINE,
    "strategy_efh": (*BASELINE, "education", "youth_justice"),
    "strategy_fii": BASELINE,
    "strategy_death": BASELINE,
    "strategy_ooh": BASELINE,
}
BESIDES = {
    "strategy_prebirth": {"Midwifery": ("safeguarding_midwife", "named_midwife")},
    "strategy_fii": {
        "Responsible paediatric consultant": ("paediatric_consultant",),
        "Named doctor": ("named_doctor",),
    },
}
# what the reference names for each type, each with the words that must be found in one of its questions
ASKED = {
    "strategy_review": {
        "since.actions": "actions",
        "findings.medical": "opens their own report",
        "findings.interview": "opens their own report",
        "risk.hypothesis": "What has changed",
        "since.safety": "safety arrangement still working",
        "since.clock": "On which day is the initial conference due",
        "since.delay": "delay",
        "since.child": "changed for this child",
    },
    "strategy_prebirth": {
        "pregnancy.expected": "expected date of delivery",
        "pregnancy.weeks": "How many weeks",
        "pregnancy.early": "comes early",
        "pregnancy.care": "appointments",
        "household.father": "mother's partner",
        "household.removed": "no longer live with them",
        "birth_plan.birth": "birth",
        "birth_plan.discharge": "leave hospital",
        "birth_plan.alert": "other maternity units",
        "birth_plan.early": "born early",
        "birth_plan.leaves": "leaves the area",
        "before_birth.family-offer": "family group decision-making",
    },
    "strategy_complex": {
        "open.told": "detective inspector",
        "leading.groups": "strategic management group",
        "lists.harmed": "may have been harmed",
        "lists.caused": "may have caused harm",
        "boundaries.areas": "other local authorities and police forces",
        "boundaries.employer": "designated officer",
        "leading.media": "press",
        "leading.support": "telephone line",
        "leading.resources": "staff, rooms, money",
        "leading.staff": "looks after the staff",
    },
    "strategy_efh": {
        "children.both": "safeguarding response first",
        "context.people": "adults and young people",
        "context.places": "places",
        "context.peers": "friends",
        "context.online": "apps",
        "context.draws": "pushes",
        "exploitation.missing": "missing",
        "exploitation.return": "after each return",
        "exploitation.debt": "debts, weapons, phones",
        "exploitation.nrm": "national referral mechanism",
        "response.places": "each place",
        "family.partners": "partners",
        "family.safety-plan": "parents",
    },
    "strategy_fii": {
        "symptoms.table": "who reported it, which professional has seen it",
        "treatment.harm": "harm did each do",
        "treatment.medicines": "medicines",
        "family.who-speaks": "speak to the parents",
        "health_record.apart": "apart from notes that the parents can open",
    },
    "strategy_death": {
        "children.surviving": "brothers, sisters and other children survive",
        "precedence.officer": "senior investigating officer",
        "precedence.coroner": "coroner",
        "bereavement.worker": "key worker",
        "bereavement.seeing": "evidence",
    },
    "strategy_ooh": {"open.why-now": "next working day", "close.handover": "09:00", "close.dissent": "each agency"},
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(ENGLAND)


def the(pack: Pack, type_id: str) -> MeetingType:
    found = pack.meeting_type(type_id)
    assert found is not None
    return found


def own_prompts(pack: Pack, type_id: str) -> list[Prompt]:
    """Return the questions a variant adds to those of the initial discussion."""
    base = the(pack, BASE)
    prompts = [prompt for item in the(pack, type_id).agenda for prompt in item.prompts]
    return [prompt for prompt in prompts if base.prompt(prompt.id) is None]


@pytest.mark.parametrize("type_id", VARIANTS)
def test_each_discussion_has_its_items_in_their_order(pack: Pack, type_id: str) -> None:
    assert [item.id for item in the(pack, type_id).agenda] == AGENDAS[type_id].split()


@pytest.mark.parametrize("type_id", VARIANTS)
def test_each_discussion_has_the_quorum_of_the_reference(pack: Pack, type_id: str) -> None:
    rule = the(pack, type_id).quorum
    assert (rule.id, rule.all_of) == (f"{type_id}.quorum", QUORUM[type_id])
    assert {several.label: several.separately for several in rule.several} == BESIDES.get(type_id, {})
    assert {several.count for several in rule.several} == ({1} if type_id in BESIDES else set())
    assert rule.if_inquorate.mark == "Provisional - inquorate"
    assert rule.if_inquorate.reconvene_limit == "strat_reconvene_inquorate"
    assert rule.if_inquorate.allowed_decisions == ("D4", "D13")


@pytest.mark.parametrize("type_id", VARIANTS)
def test_each_discussion_decides_what_the_initial_one_does_and_what_the_reference_adds(
    pack: Pack, type_id: str
) -> None:
    kind, base = the(pack, type_id), the(pack, BASE)
    assert [q.id for q in kind.decisions] == [*(q.id for q in base.decisions), *ADDED[type_id]]
    added = {q.id: " ".join(option.id for option in q.options) for q in kind.decisions if q.id in ADDED[type_id]}
    assert added == ADDED[type_id]
    assert all(q.required for q in kind.decisions if q.id in added)
    changed = {q.id for q in base.decisions if (mine := kind.decision(q.id)) and mine.options != q.options}
    assert changed == {"strategy_death": {"D4"}, "strategy_ooh": {"D13"}}.get(type_id, set())


@pytest.mark.parametrize("type_id", VARIANTS)
def test_each_discussion_asks_what_the_reference_names(pack: Pack, type_id: str) -> None:
    kind = the(pack, type_id)
    for prompt_id, words in ASKED[type_id].items():
        prompt = kind.prompt(prompt_id)
        assert prompt is not None, prompt_id
        assert words in prompt.text, prompt_id


@pytest.mark.parametrize("type_id", VARIANTS)
def test_a_variant_states_only_what_differs(pack: Pack, type_id: str) -> None:
    stated = tomllib.loads((ENGLAND / "meetings" / f"{type_id}.toml").read_text("utf-8"))
    assert stated["base"] == BASE
    base = the(pack, BASE).model_dump(mode="json")
    # how binding the variant is must be said, or the defaults of its own file would say it
    same = {key for key, value in stated.items() if key in base and value == base[key]}
    assert same <= {"authority"}
    for name in ("agenda", "decisions", "invites", "record"):
        theirs = {entry["id"]: entry for entry in base[name]}
        for entry in stated.get(name, []):
            repeated = {key for key, value in entry.items() if value == theirs.get(entry["id"], {}).get(key)}
            assert repeated <= {"id"}, (name, entry["id"])
    assert the(pack, type_id).label != the(pack, BASE).label


@pytest.mark.parametrize("type_id", VARIANTS)
def test_no_question_of_a_variant_can_be_answered_by_a_tick(pack: Pack, type_id: str) -> None:
    words = {"who", "whom", "what", "which", "when", "where", "how", "why"}
    asked = own_prompts(pack, type_id)
    assert asked
    assert [
        p.id for p in asked if "?" not in p.text or not words.intersection(re.findall(r"\w+", p.text.lower()))
    ] == []


@pytest.mark.parametrize("type_id", VARIANTS)
def test_every_rule_a_variant_adds_says_how_binding_it_is_and_what_is_not_confirmed(pack: Pack, type_id: str) -> None:
    kind, base = the(pack, type_id), the(pack, BASE)
    known = {source.key for source in pack.sources}
    rules = [kind, kind.quorum, *kind.agenda, *kind.decisions, *kind.invites, *kind.record, *own_prompts(pack, type_id)]
    assert [rule.id for rule in rules if not rule.source or not set(rule.source) <= known] == []
    assert [rule.id for rule in rules if rule.source == ("I",) and rule.authority is not Authority.APP_DEFAULT] == []
    assert [rule.id for rule in rules if "K" in rule.source and "not confirmed" not in rule.note] == []
    assert not {Authority.STATUTE, Authority.STATUTORY_GUIDANCE} & {rule.authority for rule in rules}
    assert kind.source != base.source


def test_meeting_again_never_starts_the_clock_anew_and_carries_on_from_every_strategy_discussion(pack: Pack) -> None:
    review = the(pack, "strategy_review")
    assert review.keeps_clock
    assert "s47_icpc" in review.time_limits
    assert set(review.follows) == {BASE, *VARIANTS}
    assert set(review.carries) == {"decisions", "actions", "gaps", "dissents", "views", "not-told"}
    item = review.item("since")
    assert item is not None
    assert item.shows == ("carried-on", "dates")
    assert [type_id for type_id in (BASE, *VARIANTS) if the(pack, type_id).keeps_clock] == ["strategy_review"]


def test_only_substantiated_concerns_with_continuing_risk_lead_to_a_conference(pack: Pack) -> None:
    outcome = the(pack, "strategy_review").decision("D14")
    assert outcome is not None
    assert [option.id for option in outcome.options if option.leads_to == "conference"] == ["substantiated_risk"]


def test_before_a_birth_a_later_conference_needs_a_day_and_a_written_reason(pack: Pack) -> None:
    kind = the(pack, "strategy_prebirth")
    question = kind.decision("D16")
    assert question is not None
    later = question.option("later")
    assert later is not None
    assert set(later.needs) == {"date", "detail"}
    assert "s47_icpc" in kind.time_limits
    assert any("shown whatever is chosen" in words for words in question.guidance)
    added = set(kind.time_limits) - set(the(pack, BASE).time_limits)
    assert added == {
        "prebirth_referral", "prebirth_icpc_earliest", "prebirth_icpc_ideal", "prebirth_icpc_latest", "lpm_prebirth",
    }  # fmt: skip


def test_before_a_birth_what_only_a_child_already_born_can_tell_is_asked_of_that_child_only(pack: Pack) -> None:
    kind = the(pack, "strategy_prebirth")
    for prompt_id in ("safety.who-has", "voice.seen", "voice.said", "voice.communication"):
        prompt = kind.prompt(prompt_id)
        assert prompt is not None
        assert (prompt.when, prompt.if_child) == ("", ChildIs(born=True))


def test_the_family_offer_before_a_court_application_is_not_told_as_if_it_were_in_force(pack: Pack) -> None:
    prompt = the(pack, "strategy_prebirth").prompt("before_birth.family-offer")
    assert prompt is not None
    assert "not shown as in force" in prompt.note


def test_complex_abuse_is_restricted_and_quicker_and_has_a_senior_or_independent_chair(pack: Pack) -> None:
    kind = the(pack, "strategy_complex")
    assert kind.restricted_default
    assert [item.id for item in kind.agenda if item.confidential] == ["lists"]
    assert "senior" in kind.chaired_by.lower()
    assert "independent" in kind.chaired_by
    figures = {}
    for limit_id in set(kind.time_limits) - set(the(pack, BASE).time_limits):
        limit = pack.time_limit(limit_id)
        assert limit is not None
        figures[limit_id] = (limit.count, limit.unit)
    assert figures == {"strat_complex_disc": (24, "hours"), "strat_complex_mtg": (72, "hours")}
    assert "strat_usual" not in kind.time_limits
    assert [type_id for type_id in (BASE, *VARIANTS) if the(pack, type_id).restricted_default] == ["strategy_complex"]


def test_after_a_death_an_independent_chair_is_considered_and_daily_life_is_asked_of_the_living(pack: Pack) -> None:
    kind = the(pack, "strategy_death")
    assert "independent" in kind.chaired_by
    for prompt_id in ("safety.tonight", "safety.who-has", "safety.who-can-reach", "voice.seen", "voice.said"):
        prompt = kind.prompt(prompt_id)
        assert prompt is not None
        assert (prompt.when, prompt.if_child) == ("", ChildIs(living=True))
    protection = kind.decision("D4")
    assert protection is not None
    assert protection.options[-1].id == "child_died"


def test_out_of_hours_a_full_discussion_is_forced_on_the_next_working_day(pack: Pack) -> None:
    kind = the(pack, "strategy_ooh")
    follow_up = kind.follow_up
    assert follow_up is not None
    assert (follow_up.type, follow_up.limit) == ("strategy_review", "strat_ooh_follow_up")
    assert "follow-up-fixed" in kind.closing
    limit = pack.time_limit(follow_up.limit)
    assert limit is not None
    assert (limit.count, limit.unit, limit.starts) == (1, "working-days", "meeting-concluded")
    assert limit.id in kind.time_limits
    again = kind.decision("D13")
    assert again is not None
    assert {option.id: set(option.needs) for option in again.options} == {
        "reconvene": {"date", "person"}, "sooner": {"date", "person"},
    }  # fmt: skip
    assert set(kind.closing) > {"dissents-read-back", "every-agency-heard"}
    assert kind.agenda[-1].shows == ("dissents", "actions", "closing")


def test_out_of_hours_takes_two_thirds_of_the_time_at_most_and_none_takes_more_than_ninety_minutes(pack: Pack) -> None:
    minutes = {type_id: sum(item.minutes for item in the(pack, type_id).agenda) for type_id in (BASE, *VARIANTS)}
    assert minutes["strategy_ooh"] * 3 <= minutes[BASE] * 2
    assert {type_id for type_id in VARIANTS if minutes[type_id] > 90} == set()
