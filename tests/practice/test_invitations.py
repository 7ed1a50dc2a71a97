"""Who should be asked to come, and what the quorum would be if they did."""

from datetime import date

from app.models.attendance import Capacity, Invitation
from app.models.case import Sex
from app.practice.invitations import considered, forecast_quorum, not_yet_invited
from tests.builders import InMemory, national_pack, strategy

PACK = national_pack()


def ids(room: InMemory, *said: str) -> set[str]:
    return {trigger.id for trigger in considered(strategy(), room.meeting.children, said)}


def test_an_unborn_child_brings_the_midwife_and_its_birth_ends_that() -> None:
    room = InMemory()
    assert "invite.unborn" not in ids(room)
    room.child.sex = Sex.UNBORN
    assert "invite.unborn" in ids(room)
    room.child.sex, room.child.born = Sex.FEMALE, date(2026, 12, 1)
    assert "invite.unborn" not in ids(room)


def test_a_looked_after_child_brings_its_service_and_one_who_is_not_does_not() -> None:
    room = InMemory()
    room.child.legal_status = "Looked after, section 20"
    assert "invite.looked-after" in ids(room)
    room.child.legal_status = "Not looked after"
    assert "invite.looked-after" not in ids(room)


def test_what_only_the_chair_can_know_waits_for_the_chair() -> None:
    room = InMemory()
    assert "invite.hospital" not in ids(room)
    assert "invite.hospital" in ids(room, "invite.hospital")


def test_an_invitation_is_done_once_somebody_of_that_kind_is_on_the_list() -> None:
    room = InMemory()
    triggers = considered(strategy(), room.meeting.children, ())
    before = {trigger.id for trigger in not_yet_invited(triggers, room.meeting.attendances, PACK)}
    room.seat("early_years")
    after = {trigger.id for trigger in not_yet_invited(triggers, room.meeting.attendances, PACK)}
    assert before - after == {"invite.setting"}


def missing(room: InMemory) -> list[str]:
    return [m.sector for m in forecast_quorum(strategy(), room.meeting.attendances, PACK).missing]


def test_the_quorum_to_come_counts_on_whoever_is_invited_to_take_part() -> None:
    room = InMemory()
    room.seat("csc"), room.seat("health_community")
    assert missing(room) == ["police"]
    room.seat("police", capacity=Capacity.MINUTE_TAKER)
    assert missing(room) == ["police"]
    room.seat("police", invitation=Invitation.APOLOGIES)
    assert missing(room) == ["police"]
    room.seat("police")
    assert missing(room) == []
