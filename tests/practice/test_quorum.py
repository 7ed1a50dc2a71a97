"""The quorum: live through arrivals, departures and substitutes."""

import pytest

from app.models.attendance import Capacity
from app.practice.pack import Pack, Post, QuorumRule, Several
from app.practice.quorum import inquorate_spells, quorum, quorum_among, quorum_of
from tests.builders import START, InMemory, clock, national_pack, strategy

PACK: Pack = national_pack()


def at(room: InMemory, hour: int, minute: int) -> str:
    return quorum(room.meeting, strategy(), PACK, clock(hour, minute)).words


def test_social_care_police_and_health_make_it() -> None:
    room = InMemory().quorate()
    assert quorum(room.meeting, strategy(), PACK, START).quorate
    assert at(room, 10, 31).startswith("Quorate: ")


@pytest.mark.parametrize("missing", ["csc", "police", "health_community"])
def test_one_of_them_missing_breaks_it(missing: str) -> None:
    room = InMemory()
    for sector in ("csc", "police", "health_community"):
        if sector != missing:
            room.seat(sector)
    found = quorum(room.meeting, strategy(), PACK, START)
    assert not found.quorate
    assert len(found.missing) == 1
    assert found.words.endswith("not here")


@pytest.mark.parametrize("sector", ["health_icb", "health_acute", "health_community", "gp"])
def test_any_kind_of_health_makes_the_seat_of_health(sector: str) -> None:
    room = InMemory()
    room.seat("csc"), room.seat("police"), room.seat(sector)
    assert quorum(room.meeting, strategy(), PACK, START).quorate


def test_adult_mental_health_does_not_sit_for_health_but_the_unit_sits_for_social_care() -> None:
    room = InMemory()
    room.seat("unit"), room.seat("police"), room.seat("adult_mh")
    assert [m.sector for m in quorum(room.meeting, strategy(), PACK, START).missing] == ["health"]


@pytest.mark.parametrize("capacity", [c for c in Capacity if c not in {Capacity.PRACTITIONER, Capacity.CHAIR}])
def test_nobody_who_takes_no_part_for_their_agency_makes_it(capacity: Capacity) -> None:
    room = InMemory()
    room.seat("csc"), room.seat("health_community"), room.seat("police", capacity=capacity)
    assert not quorum(room.meeting, strategy(), PACK, START).quorate


def test_it_breaks_when_police_leave_and_mends_when_they_are_back() -> None:
    room = InMemory()
    room.seat("csc"), room.seat("health_community")
    room.seat("police", "", (START, clock(10, 58)), (clock(11, 20), None))
    assert at(room, 10, 57).startswith("Quorate")
    assert at(room, 10, 58) == "Not quorate: Police left 10:58"
    assert at(room, 11, 20).startswith("Quorate")


def test_a_substitute_keeps_it() -> None:
    room = InMemory()
    room.seat("csc"), room.seat("health_community")
    away = room.seat("police", "Casey", (START, clock(10, 58)))
    room.seat("police", "Frankie", (clock(10, 58), None), substitute_for=away)
    assert at(room, 10, 58).startswith("Quorate")


def test_the_spells_without_it_are_told_from_when_to_when() -> None:
    room = InMemory()
    room.seat("csc")
    room.seat("health_community", "", (clock(10, 40), None))
    room.seat("police", "", (START, clock(10, 58)), (clock(11, 20), clock(11, 30)))
    spells = inquorate_spells(room.meeting, strategy(), PACK, clock(11, 40))
    assert [(begin, end, [m.sector for m in found.missing]) for begin, end, found in spells] == [
        (START, clock(10, 40), ["health"]),
        (clock(10, 58), clock(11, 20), ["police"]),
        (clock(11, 30), clock(11, 40), ["police"]),
    ]


def test_coming_and_going_of_others_does_not_cut_a_spell_in_two() -> None:
    room = InMemory()
    room.seat("csc"), room.seat("health_community")
    room.seat("early_years", "", (clock(10, 40), clock(10, 50)))
    spells = inquorate_spells(room.meeting, strategy(), PACK, clock(11, 0))
    assert [(begin, end) for begin, end, _ in spells] == [(START, clock(11, 0))]


def rule(*several: Several, all_of: tuple[str, ...] = ("csc",)) -> QuorumRule:
    return strategy().quorum.model_copy(update={"all_of": all_of, "several": several, "label": "No quorum is needed"})


TWO_OTHERS = Several(
    count=2,
    separately=("school_nurse", "health_visitor"),
    label="two other agencies in direct contact with the child",
)


def words(room: InMemory, needed: QuorumRule, hour: int = 10, minute: int = 31) -> str:
    return quorum_of(room.meeting.attendances, needed, PACK, clock(hour, minute)).words


def test_two_other_agencies_make_it_whichever_they_are() -> None:
    room = InMemory()
    room.seat("csc")
    assert words(room, rule(TWO_OTHERS)) == (
        "Not quorate: two other agencies in direct contact with the child not here"
    )
    room.seat("education"), room.seat("education", "Lee")
    assert words(room, rule(TWO_OTHERS)) == (
        "Not quorate: one of two other agencies in direct contact with the child not here"
    )
    room.seat("police")
    assert words(room, rule(TWO_OTHERS)).startswith("Quorate: Social care, ")


def test_the_unit_is_no_other_agency_beside_social_care_nor_is_a_chair_from_elsewhere() -> None:
    room = InMemory()
    room.seat("csc"), room.seat("unit"), room.seat("education"), room.seat("nspcc", capacity=Capacity.CHAIR)
    assert words(room, rule(TWO_OTHERS)).startswith("Not quorate: one of two other agencies")


def test_a_school_nurse_and_a_health_visitor_of_one_service_count_each() -> None:
    room = InMemory()
    room.seat("csc"), room.seat("health_community", role="school_nurse")
    room.seat("health_community", "Noor", role="health_visitor")
    assert words(room, rule(TWO_OTHERS)) == "Quorate: Social care, School nurse and Health visitor"
    apart = TWO_OTHERS.model_copy(update={"separately": ()})
    assert words(room, rule(apart)).startswith("Not quorate: one of two other agencies")


def test_nobody_makes_it_twice_for_health_and_as_a_role_that_counts_apart() -> None:
    consultant = Several(count=1, of=("health",), separately=("school_nurse",), label="School nursing")
    room = InMemory()
    room.seat("csc"), room.seat("health_community", role="school_nurse")
    needed = rule(consultant, all_of=("csc", "health"))
    assert words(room, needed) == "Not quorate: School nursing not here"
    room.seat("gp")
    assert words(room, needed).startswith("Quorate: ")


def test_only_the_kinds_that_are_named_count_where_some_are() -> None:
    room = InMemory()
    room.seat("csc"), room.seat("housing")
    named = Several(count=1, of=("education", "health"), label="school or health")
    assert words(room, rule(named)) == "Not quorate: school or health not here"
    room.seat("gp")
    assert words(room, rule(named)).startswith("Quorate: ")


def test_it_breaks_when_one_of_two_others_leaves_and_says_when() -> None:
    room = InMemory()
    room.seat("csc"), room.seat("education", "", (START, clock(10, 40)), (clock(10, 50), None))
    room.seat("gp", "", (START, clock(10, 58)))
    assert words(room, rule(TWO_OTHERS), 10, 39).startswith("Quorate: ")
    assert words(room, rule(TWO_OTHERS), 10, 45).endswith(
        "one of two other agencies in direct contact with the child left 10:40"
    )
    assert words(room, rule(TWO_OTHERS), 11, 0).endswith(
        "one of two other agencies in direct contact with the child left 10:58"
    )


def test_a_meeting_without_a_quorum_rule_is_always_quorate_and_says_so() -> None:
    room = InMemory()
    found = quorum_of(room.meeting.attendances, rule(all_of=()), PACK, START)
    assert found.quorate
    assert found.words == "No quorum is needed"


def test_the_forecast_counts_other_agencies_too() -> None:
    room = InMemory()
    room.seat("csc"), room.seat("education"), room.seat("gp")
    assert quorum_among(room.meeting.attendances, rule(TWO_OTHERS), PACK).quorate
    [missing] = quorum_among(room.meeting.attendances[:2], rule(TWO_OTHERS), PACK).missing
    assert missing.label == "one of two other agencies in direct contact with the child"


def test_a_meeting_that_has_not_started_has_no_spells() -> None:
    room = InMemory()
    room.meeting.started_at = None
    assert inquorate_spells(room.meeting, strategy(), PACK, clock(11, 0)) == []


BY_ROLE = (
    Post(label="the social worker", roles=("social_worker", "lcpp")),
    Post(label="a manager", roles=("team_manager", "lcpp")),
    Post(label="the lawyer", roles=("lawyer",), of=("la_legal",)),
)


def by_role() -> QuorumRule:
    return strategy().quorum.model_copy(update={"all_of": (), "several": (), "posts": BY_ROLE})


def test_a_quorum_by_role_wants_each_role_and_names_who_fills_it() -> None:
    room = InMemory()
    room.seat("csc", "Ash", role="team_manager", capacity=Capacity.CHAIR)
    room.seat("csc", "Blair", role="social_worker")
    assert words(room, by_role()) == "Not quorate: the lawyer not here"
    room.seat("la_legal", "Casey")
    assert words(room, by_role()) == "Quorate: the social worker (Blair), a manager (Ash) and the lawyer (Casey)"


def test_two_of_one_role_do_not_stand_for_another() -> None:
    room = InMemory()
    room.seat("csc", "Ash", role="social_worker"), room.seat("csc", "Blair", role="social_worker")
    room.seat("csc", "Casey", role="lawyer")
    assert words(room, by_role()) == "Not quorate: a manager not here"


def test_nobody_stands_for_two_roles_and_makes_room_for_whoever_has_but_one() -> None:
    room = InMemory()
    room.seat("csc", "Ash", role="lcpp"), room.seat("la_legal", "Casey")
    assert words(room, by_role()) == "Not quorate: a manager not here"
    room.seat("csc", "Blair", role="social_worker")
    assert words(room, by_role()) == "Quorate: the social worker (Blair), a manager (Ash) and the lawyer (Casey)"


def test_who_observes_fills_no_role_and_who_leaves_leaves_it_empty() -> None:
    room = InMemory()
    room.seat("csc", "Ash", role="team_manager"), room.seat("la_legal", "Casey")
    room.seat("csc", "Blair", (START, clock(10, 40)), role="social_worker")
    room.seat("csc", "Drew", role="social_worker", capacity=Capacity.OBSERVER)
    assert words(room, by_role(), 10, 39).startswith("Quorate: ")
    assert words(room, by_role(), 10, 41) == "Not quorate: the social worker left 10:40"
