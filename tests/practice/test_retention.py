"""How long a case is kept: counted from the authority's own rule, with the reason, and never guessed."""

from datetime import date

import pytest

from app.models.base import Refused
from app.practice.retention import Policy, a_policy, keep_until
from app.practice.rule import Authority
from tests.builders import national_pack

CLOSED = date(2027, 3, 4)


def a_rule(rule_id: str, years: int) -> Policy:
    return a_policy(national_pack().retentions, rule_id, years, "Retention schedule CS12")


def test_a_case_that_is_not_closed_is_kept() -> None:
    kept = keep_until(a_rule("after-closure", 25), None, [date(2021, 5, 4)])

    assert kept.until is None
    assert kept.because == "The case is not closed, so it is kept."
    assert not kept.passed(date(2300, 1, 1))


def test_no_rule_means_that_nothing_is_decided_and_never_a_default() -> None:
    kept = keep_until(None, CLOSED, [])

    assert kept.until is None
    assert "not decided yet: choose it in the settings" in kept.because


def test_years_are_counted_from_the_day_of_closing_and_the_last_day_is_still_kept() -> None:
    kept = keep_until(a_rule("after-closure", 35), CLOSED, [])

    assert kept.until == date(2062, 3, 4)
    assert kept.because == (
        "The case was closed on 4 March 2027, and the rule is: Retention schedule CS12: 35 years after the case was "
        "closed."
    )
    assert not kept.passed(date(2062, 3, 4))
    assert kept.passed(date(2062, 3, 5))


def test_an_age_is_counted_from_the_birth_of_the_youngest_child() -> None:
    kept = keep_until(a_rule("after-birth-of-youngest", 25), CLOSED, [date(2015, 1, 2), date(2021, 5, 4)])

    assert kept.until == date(2046, 5, 4)
    assert "The youngest child was born on 4 May 2021" in kept.because


def test_a_case_closed_after_that_age_is_kept_to_the_day_it_was_closed() -> None:
    assert keep_until(a_rule("after-birth-of-youngest", 18), CLOSED, [date(2003, 1, 2)]).until == CLOSED


@pytest.mark.parametrize(
    ("births", "whose"), [([date(2021, 5, 4), None], "1 child"), ([None, None], "2 children"), ([], "every child")]
)
def test_an_unknown_birth_is_said_and_not_passed_over(births: list[date | None], whose: str) -> None:
    kept = keep_until(a_rule("after-birth-of-youngest", 25), CLOSED, births)

    assert kept.until is None
    assert f"The date of birth of {whose} is not recorded" in kept.because


def test_a_leap_day_is_followed_by_the_first_of_march_so_that_nothing_goes_too_early() -> None:
    assert keep_until(a_rule("after-closure", 1), date(2028, 2, 29), []).until == date(2029, 3, 1)
    assert keep_until(a_rule("after-closure", 4), date(2028, 2, 29), []).until == date(2032, 2, 29)


@pytest.mark.parametrize(
    ("rule_id", "years", "name", "rule"),
    [
        ("for-ever", 25, "CS12", "retention.unknown-rule"),
        ("after-closure", 0, "CS12", "retention.years-out-of-range"),
        ("after-closure", 151, "CS12", "retention.years-out-of-range"),
        ("after-closure", 25, "  ", "retention.policy-missing"),
    ],
)
def test_a_rule_is_taken_only_whole(rule_id: str, years: int, name: str, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        a_policy(national_pack().retentions, rule_id, years, name)
    assert refused.value.rule == rule


def test_every_choice_of_the_pack_says_that_it_differs_by_council_and_gives_no_number_of_years() -> None:
    pack = national_pack()
    choices = (*pack.markings, *pack.retentions)

    assert {choice.id for choice in pack.retentions} == {"after-closure", "after-birth-of-youngest"}
    assert all(choice.note.startswith("Differs by council; not confirmed for yours.") for choice in choices)
    assert {choice.authority for choice in choices} == {Authority.LOCAL_EXAMPLE}
    assert not any(character.isdigit() for choice in choices for character in choice.label)
