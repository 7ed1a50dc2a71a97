"""What is typed on the set-up page is understood, or told apart with a sentence."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.attendance import Capacity
from app.services.counting import national_pack
from app.services.setting_up import KnownPerson
from app.ui.kit.days import NoSuchDay, read_day
from app.ui.setup.presenter import NotUnderstood, People, child_line, child_words, read_child

TODAY = date(2026, 12, 10)
NURSERY = KnownPerson("Nicola Price", "early_years", "Little Oaks Nursery", "manager")


def people(*known: KnownPerson) -> People:
    return People(national_pack(), known)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Robin Sample 3.3.2022", "Robin Sample, born 3 March 2022"),
        ("Robin Sample, 3/3/22", "Robin Sample, born 3 March 2022"),
        ("Robin Sample born 3 March 2022", "Robin Sample, born 3 March 2022"),
        ("Robin Sample 2022-03-03", "Robin Sample, born 3 March 2022"),
        ("due 4 May 2027", "Unborn child, due 4 May 2027"),
        ("Baby Sample due 4 May", "Baby Sample, due 4 May 2027"),
        ("Robin Sample", "Robin Sample, date of birth not known"),
    ],
)
def test_a_child_is_understood_from_one_typed_line(line: str, words: str) -> None:
    child = read_child(line, TODAY)

    assert child_words(child) == words
    assert read_child(child_line(child), TODAY) == child


@pytest.mark.parametrize("line", ["Robin 31.2.2022", "3.3.2022", "Robin due soon", " ", "Robin 3.3.2022.1"])
def test_a_child_that_is_not_understood_gets_one_sentence(line: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        read_child(line, TODAY)

    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Sam Okafor, police, DS", "Sam Okafor, Police, Detective sergeant"),
        ("Priya Nair, health visitor", "Priya Nair, Community health, Health visitor"),
        ("Priya Nair, health, HV", "Priya Nair, Community health, Health visitor"),
        ("Jo Bell, social care, SW", "Jo Bell, Social care, Social worker"),
        ("Kim Lee, nursery, Oak Tree Nursery, manager", "Kim Lee, Oak Tree Nursery, Manager"),
        ("Kim Lee, nursery", "Kim Lee, Early years"),
        ("Jo Sample, mother", "Jo Sample, Parent, mother"),
        ("Lee Ash, interpreter", "Lee Ash, Interpreter"),
        ("Lee Ash, minute-taker", "Lee Ash, Minute-taker"),
        ("Ann Bow, chair, social care, team manager", "Ann Bow, Chair, Social care, Team manager"),
    ],
)
def test_a_person_is_understood_from_one_typed_line(line: str, words: str) -> None:
    person = people().read(line)

    assert people().words(person) == words
    assert people().read(people().line(person)) == person


def test_a_known_practitioner_is_completed_from_the_first_letters() -> None:
    assert people(NURSERY).words(people(NURSERY).read("nic")) == "Nicola Price, Little Oaks Nursery, Manager"


def test_somebody_known_at_two_agencies_is_asked_for_the_agency() -> None:
    other = KnownPerson("Nicola Price", "education", "Hill School", "head")

    with pytest.raises(NotUnderstood, match="known at Little Oaks Nursery and Hill School"):
        people(NURSERY, other).read("nicola")


def test_a_known_agency_is_recognised_by_its_name() -> None:
    assert people(NURSERY).read("Mo Fry, little oaks").sector == "early_years"


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("Ann Lee, health", "could be"),
        ("Ann Lee, social worker", "write the agency before it"),
        ("Ann Lee, xyzzy", "no kind of agency"),
        ("Ann Lee", "Which agency is Ann Lee from?"),
        (", police", "Write a name first"),
    ],
)
def test_a_person_that_is_not_understood_gets_the_sentence_that_mends_it(line: str, part: str) -> None:
    with pytest.raises(NotUnderstood, match=part.replace("?", r"\?")):
        people().read(line)


def test_whoever_signs_chairs_for_their_organisation_as_the_first_kind_of_agency_that_has_their_role() -> None:
    chair = people().chair("Kate Marsh", "Team manager", "Riverbank Children's Services", "csc")

    assert (chair.sector, chair.role, chair.capacity) == ("csc", "team_manager", Capacity.CHAIR)
    assert chair.agency == "Riverbank Children's Services"
    assert people().chair("Kate Marsh", "Poet", "", "csc").sector == "csc"


@given(st.text(max_size=80))
def test_no_typed_line_breaks_the_set_up_page(line: str) -> None:
    for read in (lambda: read_child(line, TODAY), lambda: people(NURSERY).read(line)):
        with suppress(NotUnderstood):
            assert read().name


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("10.12.2026", date(2026, 12, 10)),
        ("10th December 2026", date(2026, 12, 10)),
        ("4 Jan", date(2027, 1, 4)),
        ("3.3.30", date(1930, 3, 3)),
        ("today", TODAY),
    ],
)
def test_a_day_is_read_as_people_write_it(words: str, day: date) -> None:
    assert read_day(words, TODAY) == day


@pytest.mark.parametrize("words", ["", "soon", "32.1.2026", "1.13.2026", "29.2.2026", "0.0.0000", "1 Foo 2026", "²"])
def test_what_is_no_day_is_said_to_be_none(words: str) -> None:
    with pytest.raises(NoSuchDay):
        read_day(words, TODAY)
