"""Conferences, core groups, legal planning and consultations, compared with the reference (domain, B7 to B13, C1)."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.practice.pack import MeetingType, Pack
from app.practice.questions import DecisionQuestion, Prompt
from app.practice.reading import read_pack
from app.practice.rule import Authority, Rule
from app.resources import folder

ENGLAND: Path = folder("packs", "england")
BASE = "icpc"
VARIANTS = ("rcpc", "icpc_prebirth", "icpc_transfer")
CONFERENCES = (BASE, *VARIANTS)
TYPES = (*CONFERENCES, "core_group", "legal_planning", "unit_consultation")
WITH_FAMILY = (*CONFERENCES, "core_group")
AGENDAS = {
    "icpc": (
        "before introduce confidential voice findings reports family missing analysis scaling challenge views decision "
        "plan no_plan contingency dates dissent rights close"
    ),
    "rcpc": (
        "before introduce confidential background voice outcomes core_groups visits reports family drift analysis "
        "views decision category plan dates dissent rights close"
    ),
    "icpc_prebirth": (
        "before introduce confidential voice findings reports family missing analysis scaling challenge views decision "
        "plan birth no_plan contingency dates dissent rights close"
    ),
    "icpc_transfer": (
        "before introduce confidential voice findings reports here family missing analysis scaling challenge views "
        "decision plan no_plan contingency hand_over dates dissent rights close"
    ),
    "core_group": "open events seen actions people scale blockers plan contingency dissent close",
    "legal_planning": "open documents concern threshold necessity evidence decisions close",
    "unit_consultation": "ask information advice next",
}
CONFERENCE_DECISIONS = {
    "C1": "suffering likely neither cannot_decide",
    "C2": "plan no_plan",
    "C3": "neglect physical sexual emotional",
    "C4": "agreed lead_only",
    "C5": "none lpm",
    "C6": "on early",
    "C7": "offered accepted declined not_in_interests not_yet",
    "C8": "no inquorate information family_absent",
    "C9": "cin community nfa",
}
END_REASONS = "no_longer_significant_harm moved_permanently turned_18 died left_uk_permanently looked_after_risk_met"
DECISIONS = {
    "icpc": CONFERENCE_DECISIONS,
    "rcpc": CONFERENCE_DECISIONS | {"R1": END_REASONS, "R2": "no yes"},
    "icpc_prebirth": CONFERENCE_DECISIONS | {"B1": "agreed by_date", "B2": "meeting dated not_needed"},
    "icpc_transfer": CONFERENCE_DECISIONS | {"T1": "here stays"},
    "core_group": {
        "K1": "yes partly no",
        "K2": "no yes",
        "K3": "unchanged completed changed",
        "K4": "on no_more",
        "K5": "no acted strategy legal",
    },
    "legal_planning": {
        "L1": "not_met pre_proceedings issue step_down",
        "L2": "no epo ico",
        "L3": "offered accepted declined in_letter not_in_interests",
        "L4": "on ready",
        "L5": "on not_needed",
    },
    "unit_consultation": {
        "U1": "child_protection family_help more_information",
        "U2": "as_advised otherwise",
        "U3": "on not_needed",
    },
}
ALWAYS_DECIDED = {
    "icpc": {"C1"},
    "rcpc": {"C1"},
    "icpc_prebirth": {"C1", "B1"},
    "icpc_transfer": {"C1", "T1"},
    "core_group": {"K1", "K4"},
    "legal_planning": {"L1", "L2", "L5"},
    "unit_consultation": {"U1", "U2", "U3"},
}
# what the reference names for each type, each with the words that must be found in one of its questions
ASKED = {
    "icpc": {
        "before.reports": "the parents seen",
        "introduce.conduct": "without discrimination",
        "voice.day": "ordinary day",
        "voice.advocate": "advocate",
        "findings.disputed": "disputed",
        "reports.strengths": "evidence that it helps the child",
        "family.wider": "raised a concern or offered help",
        "missing.safe": "safe decision",
        "analysis.change": "in the time this child has",
        "scaling.overall": "0 to 10",
        "challenge.chronology": "starting again",
        "views.asked": "every agency",
        "decision.test": "harm is likely",
        "contingency.back": "legal planning",
        "rights.complain": "the decision stands meanwhile",
        "close.after": "the child and the parents afterwards",
    },
    "rcpc": {
        "background.why": "Why was this plan made",
        "outcomes.changed": "different in the child's day",
        "core_groups.held": "missed",
        "visits.done": "seen alone",
        "reports.scale": "last time",
        "family.new-people": "new in the household",
        "drift.long": "How many months",
        "introduce.police": "what they hold",
        "decision.first-review": "exceptional",
        "F17": "tested it",
    },
    "icpc_prebirth": {
        "birth.told": "when labour starts",
        "birth.present": "at the birth",
        "birth.contact": "spend time with the baby",
        "birth.alert": "out-of-hours team",
        "birth.early": "leaves the area",
        "birth.issue": "issues the plan again",
        "introduce.name": "no date of birth",
    },
    "icpc_transfer": {
        "before.papers": "chronology",
        "findings.move": "is it for good",
        "findings.origin-view": "recommend",
        "here.met": "has met the child",
        "here.services": "started here",
        "here.orders": "bail",
        "here.household": "the household as it is now",
        "hand_over.moment": "From which moment",
    },
    "core_group": {
        "open.missing": "should be here and is not",
        "open.reports": "recommendation for the review",
        "seen.dates": "alone",
        "actions.changed": "What changed for the child",
        "people.new": "new in the household",
        "blockers.what": "stands in the way",
        "contingency.reached": "bring us back",
    },
    "legal_planning": {
        "documents.read": "the report and the minutes of the last conference",
        "threshold.advice": "section 31",
        "necessity.urgent": "emergency or interim order",
        "necessity.less": "letter before proceedings",
        "evidence.gaps": "missing",
        "evidence.assessments": "assessments",
    },
    "unit_consultation": {
        "ask.who": "which team",
        "ask.question": "the question",
        "advice.who": "kind of agency",
        "next.disagree": "differently",
        "next.sign": "signs this off",
    },
}
# nobody in the room should have to ask what the chair just said
UNEXPLAINED = re.compile(
    r"\b(CSC|ICPC|RCPC|CIN|CP|EPO|ICO|LPM|PLO|FGDM|LADO|MARAC|MAPPA|SW|TM|EDT|EDD|DOB|PR|HV|GP|SIO|OIC|LCPP|FHLP)\b"
)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(ENGLAND)


def the(pack: Pack, type_id: str) -> MeetingType:
    found = pack.meeting_type(type_id)
    assert found is not None
    return found


def question(pack: Pack, type_id: str, decision: str) -> DecisionQuestion:
    found = the(pack, type_id).decision(decision)
    assert found is not None
    return found


def prompts(kind: MeetingType) -> list[Prompt]:
    return [prompt for item in kind.agenda for prompt in item.prompts]


def spoken(kind: MeetingType) -> Iterator[str]:
    """Give every sentence of a type that a chair may read aloud."""
    yield kind.purpose
    for item in kind.agenda:
        yield from (item.title, item.purpose, *(prompt.text for prompt in item.prompts))
    for asked in (*kind.decisions, *kind.views):
        yield from (asked.question, *(option.label for option in asked.options))


def rules(kind: MeetingType) -> list[Rule]:
    """Return every rule of a type that a chair may ask about, but for the practice prompts that other types share."""
    own = [prompt for prompt in prompts(kind) if not re.fullmatch(r"F\d+[a-z]?", prompt.id)]
    return [kind, kind.quorum, *kind.agenda, *own, *kind.decisions, *kind.views, *kind.invites, *kind.record]


@pytest.mark.parametrize("type_id", TYPES)
def test_each_meeting_has_its_items_in_their_order(pack: Pack, type_id: str) -> None:
    assert [item.id for item in the(pack, type_id).agenda] == AGENDAS[type_id].split()


@pytest.mark.parametrize("type_id", TYPES)
def test_each_meeting_decides_what_the_reference_names(pack: Pack, type_id: str) -> None:
    kind = the(pack, type_id)
    assert {q.id: " ".join(o.id for o in q.options) for q in kind.decisions} == DECISIONS[type_id]
    assert {q.id for q in kind.decisions if q.required} == ALWAYS_DECIDED[type_id]


@pytest.mark.parametrize("type_id", TYPES)
def test_each_meeting_asks_what_the_reference_names(pack: Pack, type_id: str) -> None:
    kind = the(pack, type_id)
    for prompt_id, words in ASKED[type_id].items():
        prompt = kind.prompt(prompt_id)
        assert prompt is not None, prompt_id
        assert words in prompt.text, prompt_id


@pytest.mark.parametrize("type_id", VARIANTS)
def test_a_variant_of_the_conference_states_only_what_differs(pack: Pack, type_id: str) -> None:
    stated = tomllib.loads((ENGLAND / "meetings" / f"{type_id}.toml").read_text("utf-8"))
    assert stated["base"] == BASE
    base = the(pack, BASE).model_dump(mode="json")
    assert [key for key, value in stated.items() if key in base and key != "authority" and value == base[key]] == []
    for name in ("agenda", "decisions", "views", "invites", "record"):
        theirs = {entry["id"]: entry for entry in base[name]}
        for entry in stated.get(name, []):
            repeated = {key for key, value in entry.items() if value == theirs.get(entry["id"], {}).get(key)}
            assert repeated <= {"id"}, (name, entry["id"])


@pytest.mark.parametrize("type_id", TYPES)
def test_every_rule_says_how_binding_it_is_where_it_comes_from_and_what_is_not_confirmed(
    pack: Pack, type_id: str
) -> None:
    known = {source.key for source in pack.sources}
    found = rules(the(pack, type_id))
    assert [rule.id for rule in found if not rule.source or not set(rule.source) <= known] == []
    assert [
        rule.id for rule in found if set(rule.source) == {"I"} and rule.authority is not Authority.APP_DEFAULT
    ] == []
    assert [rule.id for rule in found if "K" in rule.source and "not confirmed" not in rule.note] == []
    # the reference names no rule of a conference that was read in statute or in statutory guidance itself
    assert not {Authority.STATUTE, Authority.STATUTORY_GUIDANCE} & {rule.authority for rule in found}


@pytest.mark.parametrize("type_id", TYPES)
def test_no_question_can_be_answered_by_a_tick(pack: Pack, type_id: str) -> None:
    words = {"who", "whom", "whose", "what", "which", "when", "where", "how", "why"}
    asked = prompts(the(pack, type_id))
    assert [
        p.id for p in asked if "?" not in p.text or not words.intersection(re.findall(r"\w+", p.text.lower()))
    ] == []


@pytest.mark.parametrize("type_id", TYPES)
def test_nothing_read_aloud_uses_a_word_to_be_careful_with(pack: Pack, type_id: str) -> None:
    careful = re.compile("|".join(rf"\b{re.escape(word.term)}\b" for word in pack.lexicon), re.IGNORECASE)
    assert [sentence for sentence in spoken(the(pack, type_id)) if careful.search(sentence)] == []


@pytest.mark.parametrize("type_id", WITH_FAMILY)
def test_nothing_a_family_hears_is_abbreviated(pack: Pack, type_id: str) -> None:
    assert the(pack, type_id).family_attend
    assert [sentence for sentence in spoken(the(pack, type_id)) if UNEXPLAINED.search(sentence)] == []


@pytest.mark.parametrize("type_id", CONFERENCES)
def test_a_conference_needs_social_care_and_two_others_who_know_the_child(pack: Pack, type_id: str) -> None:
    rule = the(pack, type_id).quorum
    assert (rule.id, rule.all_of) == (f"{type_id}.quorum", ("csc",))
    [others] = rule.several
    assert (others.count, others.of) == (2, ())
    assert others.label == "two other agencies in direct contact with the child"
    assert set(others.separately) == {"school_nurse", "health_visitor"}
    without = rule.if_inquorate
    assert without.choices == ("interim-plan", "new-date", "proceed")
    assert len(without.proceed_when) == 5
    assert "senior" in without.sign_off.lower()
    again = pack.time_limit(without.reconvene_limit)
    assert again is not None
    assert (again.count, again.unit) == ((1, "months") if type_id == "rcpc" else (10, "working-days"))


@pytest.mark.parametrize("type_id", CONFERENCES)
def test_the_chair_of_a_conference_declares_which_kind_of_independence_there_is(pack: Pack, type_id: str) -> None:
    kind = the(pack, type_id)
    assert kind.chair_models == ("independent_chair", "lcpp_chair", "macpu_chair")
    assert [item.id for item in kind.agenda if "chair-declarations" in item.shows] == ["introduce"]
    assert kind.children_together


@pytest.mark.parametrize("type_id", CONFERENCES)
def test_each_agency_is_asked_of_harm_plan_and_category_before_the_chair_decides(pack: Pack, type_id: str) -> None:
    kind = the(pack, type_id)
    assert {view.id: view.decision for view in kind.views} == {"harm": "C1", "plan": "C2", "category": "C3"}
    assert kind.number("views") < kind.number("decision")
    item = kind.item("views")
    assert item is not None
    assert item.hears == "each-agency"
    assert item.speakers[-1] == "csc"
    plan = kind.view("plan")
    assert plan is not None
    assert [option.id for option in plan.options] == ["plan", "no_plan", "unsure", "abstain"]


@pytest.mark.parametrize("type_id", CONFERENCES)
def test_what_must_be_heard_apart_has_a_place_of_its_own(pack: Pack, type_id: str) -> None:
    assert [(item.id, item.optional) for item in the(pack, type_id).agenda if item.confidential] == [
        ("confidential", True)
    ]


@pytest.mark.parametrize("type_id", CONFERENCES)
def test_a_plan_asks_for_its_category_its_people_and_its_review_and_no_plan_for_what_follows(
    pack: Pack, type_id: str
) -> None:
    follows = {
        q.id: (when.decision, when.options)
        for q in the(pack, type_id).decisions
        for when in q.required_when
        if when.decision == "C2"
    }
    birth = {"B2"} if type_id == "icpc_prebirth" else set()
    assert {name for name, (_, options) in follows.items() if options == ("plan",)} == {"C3", "C4", "C6"} | birth
    assert follows["C9"] == ("C2", ("no_plan",))


def test_a_plan_is_ended_or_refused_after_a_move_only_with_a_quorum(pack: Pack) -> None:
    needing = {
        (type_id, q.id, option.id)
        for type_id in TYPES
        for q in the(pack, type_id).decisions
        for option in q.options
        if option.needs_quorum
    }
    assert needing == {("rcpc", "C2", "no_plan"), ("icpc_transfer", "C2", "no_plan")}
    ends = question(pack, "rcpc", "C2").option("no_plan")
    assert ends is not None
    assert ends.leads_to == "plan-end"


def test_what_a_plan_is_for_and_why_it_ends_are_the_answers_that_the_rules_of_the_plan_name(pack: Pack) -> None:
    reasons = [(option.id, option.label) for option in question(pack, "rcpc", "R1").options]
    named = [(reason.id, reason.label) for reason in pack.plan.end_reasons]
    assert [one for one, _ in reasons] == [one for one, _ in named]
    assert all(label.startswith(other) for (_, label), (_, other) in zip(reasons, named, strict=True))
    for type_id in CONFERENCES:
        options = [option.id for option in question(pack, type_id, "C3").options]
        assert options == [category.id for category in pack.plan.categories]


def test_an_inquorate_conference_settles_by_itself_only_legal_advice_and_a_new_date(pack: Pack) -> None:
    for type_id in CONFERENCES:
        assert the(pack, type_id).quorum.if_inquorate.allowed_decisions == ("C5", "C8")
    provisional = {q.id for q in the(pack, "icpc").decisions if q.interim}
    assert provisional == {"C1", "C2", "C3", "C4", "C6"}


def test_the_dates_of_a_conference_are_those_of_the_reference(pack: Pack) -> None:
    shared = {"bundle_professionals", "exclusion_request", "decision_letter", "minutes", "minutes_corrections"}
    shared |= {"dissent", "parent_complaint"}
    initial = shared | {"sw_report_icpc", "agency_report_icpc", "core_first", "rcpc_first", "rcpc_unborn_A"}
    review = shared | {"sw_report_rcpc", "agency_report_rcpc", "rcpc_invites", "rcpc_next"}
    for type_id in CONFERENCES:
        assert set(the(pack, type_id).time_limits) == (review if type_id == "rcpc" else initial)
    assert the(pack, "core_group").time_limits == ("core_next",)


def test_a_review_follows_the_conferences_and_the_core_groups_and_carries_the_plan_on(pack: Pack) -> None:
    review = the(pack, "rcpc")
    assert set(review.follows) == {*CONFERENCES, "core_group"}
    assert "plan" in review.carries
    assert "plan" not in the(pack, "icpc").carries
    assert the(pack, "core_group").follows == ("icpc", "icpc_prebirth", "icpc_transfer", "rcpc", "core_group")


def test_the_family_offer_before_court_is_not_told_as_if_it_were_in_force(pack: Pack) -> None:
    for type_id, decision in (("icpc", "C7"), ("legal_planning", "L3")):
        asked = question(pack, type_id, decision)
        assert asked.flag == "fgdm"
        assert "not shown as in force" in asked.note


def test_a_legal_planning_record_never_leaves_the_authority_and_takes_no_vote(pack: Pack) -> None:
    kind = the(pack, "legal_planning")
    assert kind.privileged
    assert kind.restricted_default
    assert not kind.family_attend
    assert kind.views == ()
    posts = kind.quorum.posts
    assert [post.label for post in posts] == [
        "the social worker", "a manager in social care", "the local authority's lawyer",
    ]  # fmt: skip
    assert [type_id for type_id in TYPES if the(pack, type_id).privileged] == ["legal_planning"]
    lawyers = pack.sector("la_legal")
    assert lawyers is not None
    assert not lawyers.counts_in_views


def test_a_consultation_needs_no_quorum_and_turns_into_a_strategy_discussion_that_keeps_the_clock(pack: Pack) -> None:
    kind = the(pack, "unit_consultation")
    assert not kind.quorum.needed
    assert kind.quorum.label == "No quorum"
    assert (kind.converts_to, kind.keeps_clock) == ("strategy_initial", True)
    assert "not a strategy discussion" in kind.purpose


def test_a_core_group_may_ask_for_an_earlier_review_and_must_where_the_plan_does_not_work(pack: Pack) -> None:
    asked = question(pack, "core_group", "K2")
    assert [(when.decision, when.options) for when in asked.required_when] == [("K1", ("no",))]
    sooner = asked.option("yes")
    assert sooner is not None
    assert sooner.leads_to == "conference"
    [others] = the(pack, "core_group").quorum.several
    assert others.count == 2
    assert "not confirmed in the sources read" in the(pack, "core_group").quorum.note


def test_every_limit_of_the_catalogue_says_what_sets_it_running(pack: Pack) -> None:
    unseen = {limit.id for limit in pack.time_limits if limit.starts == "elsewhere"}
    # when minutes reached somebody is not on record, a review of harm outside the home is no type of meeting here, and
    # the last is set running by the quorum rule that names it
    assert unseen == {"minutes_corrections", "efh_summary", "strat_reconvene_inquorate"}
