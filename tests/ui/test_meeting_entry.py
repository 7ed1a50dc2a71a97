"""What a typed line means: commands, names, dates, and the sentence where it cannot be known."""

from datetime import date, time
from uuid import UUID, uuid4

import pytest

from app.ui.kit.days import NoSuchDay, read_day
from app.ui.meeting.entry import Command, Known, Named, NotUnderstood, commands, read, speaker_of

THURSDAY = date(2026, 12, 10)
CSC, POLICE, HEALTH = uuid4(), uuid4(), uuid4()


def person(number: int, name: str, initials: str, agency: UUID, *words: str) -> Named:
    return Named(uuid4(), name, (name, *name.split(), *words), number, initials, agency)


CHAIR = person(1, "Ash Example", "AE", CSC)
OFFICER = person(2, "Casey Example", "CE", POLICE, "Police")
NURSE = person(3, "Drew O'Neill", "DO", HEALTH, "Community health", "health")
ROBIN, WREN = Named(uuid4(), "Robin", ("Robin", "Robin Sample")), Named(uuid4(), "Wren", ("Wren", "Wren Sample"))
KNOWN = Known(
    (CHAIR, OFFICER, NURSE),
    (
        Named(CSC, "Social care", ("Social care", "csc")),
        Named(POLICE, "Police", ("Police", "police")),
        Named(HEALTH, "Community health", ("Community health", "health")),
    ),
    (ROBIN, WREN),
    THURSDAY,
    ("GP", "School"),
)


def understood(line: str):
    return read(line, KNOWN)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("11 Dec", date(2026, 12, 11)),
        ("11 December 2026", date(2026, 12, 11)),
        ("11.12.2026", date(2026, 12, 11)),
        ("11/12/2026", date(2026, 12, 11)),
        ("2026-12-11", date(2026, 12, 11)),
        ("9 Dec", date(2027, 12, 9)),
        ("10th december", THURSDAY),
        ("1 Sept", date(2027, 9, 1)),
        ("29 feb", date(2028, 2, 29)),
        ("today", THURSDAY),
        ("tomorrow", date(2026, 12, 11)),
        ("friday", date(2026, 12, 11)),
        ("wed", date(2026, 12, 16)),
    ],
)
def test_a_day_is_read_as_people_type_it(words: str, day: date) -> None:
    assert read_day(words, THURSDAY) == day


@pytest.mark.parametrize("words", ["thursday", "31 feb", "11/12", "next week", "soon", "", "0 Dec", "31.11.2026"])
def test_a_day_that_could_be_another_or_none_is_asked_for_again(words: str) -> None:
    with pytest.raises(NoSuchDay):
        read_day(words, THURSDAY)


def test_plain_words_are_what_was_said() -> None:
    entry = understood("Seen at home: clean and warm")
    assert (entry.command, entry.text, entry.speaker) == (None, "Seen at home: clean and warm", None)


@pytest.mark.parametrize("line", ["ce>Called twice", "CE: Called twice", "2> Called twice", "police: Called twice"])
def test_initials_a_number_or_the_agency_at_the_start_give_the_floor(line: str) -> None:
    entry = understood(line)
    assert (entry.speaker, entry.text) == (OFFICER.id, "Called twice")


@pytest.mark.parametrize(
    "line", ["Note: called twice", "9> called", "12:30 he came home", "http://example", "Example: x"]
)
def test_words_that_name_nobody_stay_part_of_what_was_said(line: str) -> None:
    assert speaker_of(line, KNOWN) is None
    assert understood(line).text == line


def test_a_line_that_begins_with_a_stroke_is_typed_with_two() -> None:
    assert understood("//left arm, then right").text == "/left arm, then right"


def test_a_kind_and_a_restriction_stand_before_the_words_in_either_order() -> None:
    for line in ("/opinion /restricted Quieter", "/restricted /op Quieter"):
        entry = understood(line)
        assert (entry.kind, entry.restricted, entry.text) == (Command.OPINION, True, "Quieter")


def test_a_child_that_is_mentioned_is_whom_it_is_about() -> None:
    assert (understood("@robin Cried at handover").child, understood("@robin Cried").text) == (ROBIN.id, "Cried")
    entry = understood("The aunt fetched @Wren, late")
    assert (entry.child, entry.text) == (WREN.id, "The aunt fetched Wren, late")
    assert understood("write to a@b.example").text == "write to a@b.example"


def test_a_gap_is_asked_of_an_agency_by_a_day() -> None:
    entry = understood("/gap What did the GP record? @health 11 Dec")
    assert (entry.text, entry.agency, entry.due) == ("What did the GP record?", HEALTH, date(2026, 12, 11))


def test_an_action_names_a_person_and_with_them_the_agency() -> None:
    entry = understood("/ac Visit tonight @ae tomorrow")
    assert (entry.agency, entry.owner, entry.due) == (CSC, "Ash Example", date(2026, 12, 11))
    assert understood("/action Visit by 11 Dec").due == date(2026, 12, 11)
    assert understood("/action Ring the surgery @gp").owner == "GP"
    assert understood("/action Ring @Dr_Khan 11 Dec").owner == "Dr Khan"


def test_a_date_inside_a_question_stays_in_the_question() -> None:
    assert understood("/gap What did she say on 11 Dec").due is None
    assert understood("/gap What did @health see on Monday").text == "What did Community health see on Monday"


def test_a_day_that_cannot_be_is_said_and_nothing_else_is_done() -> None:
    with pytest.raises(NotUnderstood, match="31 feb"):
        understood("/action Visit @police 31 feb")


def test_an_answer_is_given_by_the_number_of_its_question() -> None:
    for line in ("/answer 2 On Tuesday", "/2 On Tuesday", "/an 2 On Tuesday"):
        entry = understood(line)
        assert (entry.command, entry.number, entry.text) == (Command.ANSWER, 2, "On Tuesday")


def test_who_comes_and_goes_is_said_by_number_initials_name_or_agency() -> None:
    assert understood("/left police 10:58").people == (OFFICER.id,)
    assert understood("/left police 10:58").at == time(10, 58)
    assert understood("/arrived 2 do").people == (OFFICER.id, NURSE.id)
    assert understood("/arrived all").people == (CHAIR.id, OFFICER.id, NURSE.id)
    assert understood("/substitute 2 Jo Sample").text == "Jo Sample"
    with pytest.raises(NotUnderstood):
        understood("/left nobody")
    with pytest.raises(NotUnderstood):
        understood("/left police 25:99")


def test_a_view_takes_the_agency_and_the_child_before_the_words() -> None:
    entry = understood("/view @police @Robin not met No crime is recorded")
    assert (entry.agency, entry.child, entry.text) == (POLICE, ROBIN.id, "not met No crime is recorded")


def test_a_unique_beginning_is_enough_and_one_that_is_not_is_asked_about() -> None:
    assert commands("g") == [Command.GAP]
    assert Command.LEFT in commands("le")
    with pytest.raises(NotUnderstood, match="/decision, /dissent"):
        understood("/d it")
    with pytest.raises(NotUnderstood, match="no command"):
        understood("/xyz it")


@pytest.mark.parametrize(
    "line", ["/", "/ ", "/-", "@", "@@", ">", ":", "/gap @", "/2", "//", "/child", "\u202e/gap x", "/²"]
)
def test_any_line_is_either_understood_or_answered_with_a_sentence(line: str) -> None:
    try:
        understood(line)
    except NotUnderstood as unclear:
        sentence = str(unclear)
    else:
        sentence = "Understood."
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("line", "people", "answer"),
    [("/authority all", 3, "yes"), ("/au police no", 1, "no"), ("/authority", 0, "yes"), ("/au 2 3 no", 2, "no")],
)
def test_who_can_decide_for_their_agency_is_said_in_one_line(line: str, people: int, answer: str) -> None:
    entry = read(line, KNOWN)
    assert (entry.command, len(entry.people), entry.text) == (Command.AUTHORITY, people, answer)


@pytest.mark.parametrize("number", ["D4", "C2", "R1", "t1"])
def test_a_child_is_named_behind_the_number_of_any_decision(number: str) -> None:
    found = read(f"/decision {number} @Wren 2 Fed at nursery.", KNOWN)
    assert (found.command, found.child, found.text) == (Command.DECISION, WREN.id, f"{number} 2 Fed at nursery.")


def test_a_child_named_before_who_does_it_is_no_word_of_the_action() -> None:
    found = read("/action Bring the parcel on Friday @Robin @2 18.12.2026", KNOWN)
    assert (found.text, found.child, found.owner) == ("Bring the parcel on Friday", ROBIN.id, "Casey Example")
