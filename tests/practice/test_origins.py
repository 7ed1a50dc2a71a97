"""Where a rule comes from, as the screens say it."""

from app.practice.origins import origin, origin_under, origins_of
from tests.builders import national_pack

PACK = national_pack()


def test_every_ground_and_stage_says_its_source_how_binding_it_is_and_when_it_was_reviewed() -> None:
    for rule in (*PACK.participation.grounds, *PACK.participation.routes):
        words = origin(rule, PACK)
        assert words.startswith("Where this comes from: Local example. ")
        assert "Reviewed 1 November 2026." in words
        titles = {source.key: source.title for source in PACK.sources}
        assert all(titles[key] in words for key in rule.source)
        assert words.endswith(rule.note) or "Not confirmed in the sources read" in words


def test_rules_that_come_from_the_same_place_are_named_together_and_each_place_once() -> None:
    reasons = PACK.plan.end_reasons
    said = origins_of([*reasons, *reasons], PACK).split("\n\n")
    assert len(said) == len({origin(rule, PACK) for rule in reasons}) < len(reasons)
    assert all(sum(rule.label in line for line in said) == 1 for rule in reasons)
    assert all(line.count("Where this comes from: ") == 1 for line in said)


def test_what_has_no_source_of_its_own_says_so_and_whose_part_it_is() -> None:
    model = PACK.chair_models[0]
    said = origin_under(model, PACK)
    assert said.startswith("No source of its own is given for this. It is part of: Independent chair. Where this")
    assert said.endswith(origin(model, PACK))
