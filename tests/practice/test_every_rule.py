"""Each rule a chair may ask about says where it comes from, how binding it is and when it was reviewed."""

import json
from collections.abc import Iterator
from datetime import date

from app.practice.arrangements import Declaration, Gives, Participation, PlanRules
from app.practice.catalogue import CalendarPart, GlossaryEntry, Role, Sooner, Source, Variant
from app.practice.checking import report
from app.practice.origins import origin
from app.practice.pack import FollowUp, IfInquorate, Pack, Post, Several
from app.practice.questions import ChildIs, Condition, Option
from app.practice.reading import read_pack
from app.practice.rule import Authority, Part, Rule
from app.practice.words import day
from app.resources import folder

ENGLAND = folder("packs", "england")
PACK: Pack = read_pack(ENGLAND)


def test_no_rule_of_the_pack_is_without_its_source_its_authority_and_its_review() -> None:
    told = json.loads(json.dumps(report(ENGLAND)))
    known = set(told["sources"])
    without = [
        line["id"]
        for line in told["rules"]
        if not line["source"]
        or not set(line["source"]) <= known
        or line["authority"] not in set(Authority)
        or not date(2026, 1, 1) <= date.fromisoformat(line["reviewed"])
        or not line["words"].strip()
    ]
    assert told["rules"]
    assert without == []


def below(part: Part, owner: Rule | None = None) -> Iterator[tuple[Part, Rule | None]]:
    """Give a part and all below it, each with the rule that it is or stands under."""
    owner = part if isinstance(part, Rule) else owner
    yield part, owner
    for name in type(part).model_fields:
        value = getattr(part, name)
        for inner in value if isinstance(value, tuple) else [value]:
            if isinstance(inner, Part):
                yield from below(inner, owner)


def kinds(kind: type[Rule] = Rule) -> set[type[Rule]]:
    return {kind}.union(*(kinds(one) for one in kind.__subclasses__()))


def test_every_kind_of_rule_is_in_the_pack_and_every_rule_is_listed() -> None:
    held = [part for part, _ in below(PACK) if isinstance(part, Rule)]
    assert {type(rule) for rule in held} == kinds() - {Rule}
    # the calendar is no rule with an id, and is listed all the same
    assert len(report(ENGLAND)["rules"]) == len(held) + 1


def test_whatever_of_the_pack_a_screen_shows_stands_under_a_rule_that_says_where_it_comes_from() -> None:
    alone = {type(part) for part, owner in below(PACK) if owner is None}
    assert alone == {Pack, GlossaryEntry, Source, CalendarPart, Participation, PlanRules}
    under = {type(part) for part, owner in below(PACK) if owner is not None and not isinstance(part, Rule)}
    assert under == {
        Declaration, Option, Condition, ChildIs, IfInquorate, Several, Post, FollowUp, Role, Sooner, Variant, Gives,
    }  # fmt: skip
    assert all(term.source and {*term.source} <= {source.key for source in PACK.sources} for term in PACK.glossary)


def test_where_a_rule_comes_from_is_said_in_words_for_every_rule() -> None:
    titles = {source.key: source.title for source in PACK.sources}
    for rule in (part for part, _ in below(PACK) if isinstance(part, Rule)):
        said = origin(rule, PACK)
        binding = f"authority.{rule.authority}"
        assert PACK.words("minutes", binding) not in ("", binding), rule.id
        assert all(titles[key] in said for key in rule.source), rule.id
        assert f"Reviewed {day(rule.reviewed)}." in said, rule.id


def test_the_three_models_of_a_chair_ask_what_the_reference_asks() -> None:
    models = {model.id: {d.id: d.if_yes for d in model.declarations} for model in PACK.chair_models}
    assert list(models) == ["independent_chair", "lcpp_chair", "macpu_chair"]
    assert models["lcpp_chair"] == {"led_enquiry": "agreement", "case_holder": "block"}
    assert [model.id for model in PACK.chair_models if model.default] == ["independent_chair"]
    assert all(model.note for model in PACK.chair_models), "each says what of it is contested or our own"


def test_what_is_only_enacted_is_never_shown_as_in_force() -> None:
    assert {flag.id for flag in PACK.flags} == {"fgdm", "macpt"}
    for flag in PACK.flags:
        assert flag.in_force is None
        assert flag.state == "enacted, not shown as in force"
        assert flag.authority is Authority.STATUTE


def test_the_six_grounds_of_exclusion_and_the_stages_of_a_complaint_are_there() -> None:
    grounds = [ground.id for ground in PACK.participation.grounds]
    assert grounds == ["welfare", "disruption", "child_request", "chilling", "confidential", "conflict"]
    assert all(stage.limit or stage.within for stage in PACK.participation.routes)
    written = next(stage for stage in PACK.participation.routes if stage.limit)
    limit = PACK.time_limit(written.limit)
    assert limit is not None
    assert (limit.count, limit.unit) == (28, "days")


def test_four_of_the_six_reasons_to_end_a_plan_need_no_conference() -> None:
    reasons = {reason.id: reason.without_conference for reason in PACK.plan.end_reasons}
    assert reasons == {
        "no_longer_significant_harm": False,
        "moved_permanently": False,
        "turned_18": True,
        "died": True,
        "left_uk_permanently": True,
        "looked_after_risk_met": True,
    }
    assert [(age.months, age.level) for age in PACK.plan.ages] == [(15, "amber"), (18, "red"), (24, "black")]
    assert {category.code for category in PACK.plan.categories} == {"NEG", "PHY", "SAB", "EMO"}
    assert PACK.plan.most_actions is not None
    assert PACK.plan.most_actions.count == 12


def test_nobody_is_given_more_of_a_document_than_the_matrix_of_the_reference_says() -> None:
    cells = {document.id: " ".join(share for _, share in document.gives) for document in PACK.documents}
    assert cells == {
        "strategy_record": "FR F O - - - - - F",
        "decision_letter": "F F O F P A F - F",
        "conference_minutes": "F F - F P A F - F",
        "restricted_section": "R - - - - - - - F",
        "core_group_record": "F F - F P A F F F",
        "legal_planning_record": "- - - - - - - - F",
        "unit_consultation": "F - - - - - - - F",
        "dissent_record": "F F - O - - - - F",
    }
    asked = {document.id: set(document.only_if) for document in PACK.documents if document.only_if}
    assert asked["conference_minutes"] == {"child", "advocate"}
    assert asked["restricted_section"] == {"attended"}
