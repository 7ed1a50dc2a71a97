"""Each rule a chair may ask about says where it comes from, how binding it is and when it was reviewed."""

import json
from datetime import date

from app.practice.checking import report
from app.practice.pack import Pack
from app.practice.reading import read_pack
from app.practice.rule import Authority
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


def test_every_list_of_the_pack_has_its_rules_among_them() -> None:
    listed = {line["id"] for line in report(ENGLAND)["rules"]}
    held = [*PACK.time_limits, *PACK.sectors, *PACK.chair_models, *PACK.flags, *PACK.documents, *PACK.meeting_types]
    held += [*PACK.participation.grounds, *PACK.participation.routes, *PACK.plan.categories, *PACK.plan.end_reasons]
    held += [*PACK.plan.vague, *PACK.plan.ages, *PACK.markings, *PACK.retentions]
    assert [
        rule.id for rule in held if not any(name == rule.id or name.endswith(f".{rule.id}") for name in listed)
    ] == []


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
