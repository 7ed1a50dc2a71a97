"""What the chair declares, what each answer does, and since when a quorum is lost."""

from app.models.conduct import Declaration, QuorumAnswer, WithoutQuorum
from app.practice.chairing import answered, kept_unsigned, model_of, undeclared
from app.practice.closing import blocks_closing
from app.practice.directing import flags_of
from app.practice.pack import MeetingType
from app.practice.quorum import lost_since
from tests.builders import START, InMemory, clock, national_pack, strategy

PACK = national_pack()


def conference() -> MeetingType:
    found = PACK.meeting_type("icpc")
    assert found is not None
    return found


def declare(room: InMemory, model: str, question: str, answer: bool, agreed_by: str = "") -> None:
    Declaration(
        id=room.new_id(), meeting=room.meeting, model=model, question_id=question, answer=answer, declared_at=START,
        agreed_by=agreed_by,
    )  # fmt: skip


def effects(room: InMemory) -> dict[str, str]:
    return {one.asked.id: one.effect for one in answered(room.meeting, conference(), PACK)}


def test_the_model_offered_first_is_asked_for_until_another_is_declared_under() -> None:
    room = InMemory()
    assert [asked.id for asked in undeclared(room.meeting, conference(), PACK)] == [
        "responsible_now",
        "responsible_before",
    ]
    declare(room, "lcpp_chair", "led_enquiry", answer=False)
    model = model_of(room.meeting, conference(), PACK)
    assert model is not None
    assert model.id == "lcpp_chair"
    assert [asked.id for asked in undeclared(room.meeting, conference(), PACK)] == ["case_holder"]


def test_a_meeting_whose_type_offers_no_model_asks_its_chair_for_nothing() -> None:
    room = InMemory()
    assert model_of(room.meeting, strategy(), PACK) is None
    assert undeclared(room.meeting, strategy(), PACK) == []


def test_a_no_does_nothing_and_a_yes_does_what_the_pack_says() -> None:
    room = InMemory()
    declare(room, "independent_chair", "responsible_now", answer=True, agreed_by="Frankie Example")
    declare(room, "independent_chair", "responsible_before", answer=False)
    assert effects(room) == {"responsible_now": "agreement", "responsible_before": "nothing"}
    room.meeting.declarations[1].answer = True
    assert effects(room) == {"responsible_now": "agreement", "responsible_before": "note"}


def test_only_a_chair_who_may_not_chair_keeps_the_minutes_unsigned_and_only_until_another_confirms() -> None:
    room = InMemory()
    declare(room, "lcpp_chair", "led_enquiry", answer=True, agreed_by="Frankie Example")
    declare(room, "lcpp_chair", "case_holder", answer=True)
    assert [one.asked.id for one in kept_unsigned(room.meeting, conference(), PACK)] == ["case_holder"]
    room.meeting.declarations[1].agreed_by = "Kit Example"
    assert kept_unsigned(room.meeting, conference(), PACK) == []


def test_a_quorum_is_lost_since_the_first_left_whoever_left_after_them() -> None:
    room = InMemory()
    room.seat("csc")
    room.seat("police", "", (START, clock(10, 40)))
    room.seat("health_community", "", (START, clock(10, 50)))
    assert lost_since(room.meeting, strategy(), PACK, clock(10, 35)) is None
    assert lost_since(room.meeting, strategy(), PACK, clock(11, 0)) == clock(10, 40)


def test_an_answer_holds_until_the_quorum_came_back_and_was_lost_anew() -> None:
    room = InMemory()
    room.seat("csc")
    room.seat("police")
    room.seat("health_community", "", (START, clock(10, 40)))

    def asked() -> bool:
        found = blocks_closing(room.meeting, conference(), PACK, clock(11, 0))
        return "inquorate-answered" in {finding.rule for finding in found}

    assert asked()
    answer = QuorumAnswer(
        id=room.new_id(), meeting=room.meeting, choice=WithoutQuorum.NEW_DATE, reason="We wait.", given_at=clock(10, 41)
    )
    assert not asked()
    answer.given_at = clock(10, 39)
    assert asked()


def test_a_chair_from_the_unit_rests_on_a_law_whose_state_is_told() -> None:
    room = InMemory()
    declare(room, "independent_chair", "responsible_now", answer=False)
    assert flags_of(room.meeting, conference(), PACK) == []
    declare(room, "macpu_chair", "made_enquiry", answer=False)
    [law] = flags_of(room.meeting, conference(), PACK)
    assert (law.id, law.state) == ("macpt", "enacted, not shown as in force")
