"""What is pointed out in an action or outcome while somebody types it."""

from datetime import date

import pytest

from app.models.plan import Carrier
from app.practice import smart
from app.practice.smart import Suggestion
from tests.builders import national_pack

PACK = national_pack()
DAY = date(2027, 1, 14)
GOOD = "Visits on Tuesday and looks into the fridge with the mother."


def rules(found: list[Suggestion]) -> list[str]:
    return [suggestion.rule for suggestion in found]


def of(text: str) -> list[Suggestion]:
    return smart.of_action(text, PACK, owner="Blair", due=DAY)


def test_an_action_with_an_owner_and_a_day_is_let_be() -> None:
    assert of(GOOD) == []


@pytest.mark.parametrize("vague", PACK.plan.vague, ids=lambda vague: vague.term)
def test_each_vague_word_of_the_pack_is_found_with_what_could_stand_instead(vague: object) -> None:
    term = getattr(vague, "term")  # noqa: B009 - the pack's class is no matter here
    (found,) = of(f"They {term.upper()} the mother")
    assert (found.rule, found.found) == (getattr(vague, "id"), term.upper())  # noqa: B009
    assert found.instead


@pytest.mark.parametrize("words", ["monitoring", "monitors", "engages", "engaging", "engagement", "continues to"])
def test_a_vague_word_is_found_in_each_of_its_forms(words: str) -> None:
    assert len(of(f"The school {words} and so on.")) == 1


@pytest.mark.parametrize("words", ["The premonitory sign", "an asapling", "supportable"])
def test_a_vague_word_is_not_found_within_another(words: str) -> None:
    assert of(words) == []


def test_nobody_named_no_day_and_a_day_in_words_are_pointed_out() -> None:
    assert rules(smart.of_action(GOOD, PACK, due=DAY)) == [smart.NO_OWNER]
    assert rules(smart.of_action(GOOD, PACK, owner="Blair")) == [smart.NO_DATE]
    assert rules(smart.of_action(GOOD, PACK, owner="Blair", due="after Easter")) == [smart.DATE_IN_WORDS]
    assert rules(smart.of_action(GOOD, PACK, owner="Blair", due="ongoing")) == ["vague.ongoing"]


@pytest.mark.parametrize("carrier", Carrier)
def test_what_rests_on_a_parent_is_pointed_out(carrier: Carrier) -> None:
    found = rules(smart.of_action(GOOD, PACK, owner="Sam", due=DAY, carrier=carrier))
    assert found == ([smart.PARENT_ONLY] if "parent" in carrier else [])


def test_an_outcome_that_counts_coming_or_has_no_measure_is_pointed_out() -> None:
    assert smart.of_outcome("Robin eats lunch each day.", PACK, indicator="The diary.", target=DAY) == []
    assert rules(smart.of_outcome("Sam attends.", PACK, indicator="The diary.", target=DAY)) == [smart.ATTENDANCE]
    assert rules(smart.of_outcome("Robin eats.", PACK, indicator="Six sessions.", target=DAY)) == [smart.ATTENDANCE]
    assert rules(smart.of_outcome("Robin eats.", PACK)) == [smart.NO_INDICATOR, smart.NO_DATE]


def test_more_than_twelve_actions_are_pointed_out() -> None:
    assert smart.of_number(12, PACK) == []
    assert rules(smart.of_number(13, PACK)) == ["plan.most-actions"]


def test_every_suggestion_says_why_in_words() -> None:
    found = [
        *smart.of_action("monitor", PACK, due="some day", carrier=Carrier.PARENT), *smart.of_action(GOOD, PACK),
        *smart.of_outcome("attend", PACK), *smart.of_number(20, PACK),
    ]  # fmt: skip
    assert all(" " in suggestion.why for suggestion in found)
