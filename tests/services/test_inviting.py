"""Before the meeting: who is asked and why, what leaves the store for them, and what never leaves it."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.minutes.pages import comparable, comparable_text
from app.models.attendance import Attendance, Invitation
from app.models.base import Refused
from app.models.participation import Ruling
from app.services import inviting, participation, sealing, table, trailing
from app.services.exchange import export_meeting
from app.services.opening import introduce
from app.sharing.icalendar import CalendarEntry, calendar
from tests.services.conference import a_conference, concluded
from tests.services.holding import Held

CANARY = "Quixotic-Heliotrope"


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    with a_conference(tmp_path / "store", started=False) as made:
        yield made


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_the_rules_say_whom_to_ask_and_who_is_on_the_list_already(held: Held) -> None:
    asked = inviting.who_to_invite(held.sitting, held.loaded())
    assert {one.on_the_list for one in asked} == {True, False, None}
    for one in asked:
        assert (one.on_the_list is None) is (not one.trigger.sectors)
        assert one.trigger.label
        assert one.trigger.source


def test_a_calendar_file_names_nobody_and_says_when(held: Held) -> None:
    content = inviting.calendar_file(held.sitting, held.meeting)
    lines = unfolded(content)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "DTSTART:20261210T103000Z" in lines
    assert any(line.startswith("SUMMARY:") and held.loaded().reference in line for line in lines)
    for name in ("Robin", "Sample", "Mo", "Example"):
        assert name not in content.decode()
    assert content.endswith(b"END:VCALENDAR\r\n")


def test_a_calendar_file_keeps_to_lines_of_75_octets_and_lets_no_text_become_a_field() -> None:
    hostile = "Zoë \\ ; , \r\nDTSTART:20000101T000000Z\x07" + "ü" * 200
    entry = CalendarEntry(UUID(int=1), datetime(2026, 12, 10, 10, 30, tzinfo=UTC), hostile, timedelta(hours=2), hostile)
    content = calendar([entry, CalendarEntry(UUID(int=2), date(2027, 1, 5), "Due")], datetime(2026, 12, 1, tzinfo=UTC))
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\x07", content)
    lines = unfolded(content)
    assert [line for line in lines if line.startswith("DTSTART")] == [
        "DTSTART:20261210T103000Z", "DTSTART;VALUE=DATE:20270105",
    ]  # fmt: skip
    assert "DTEND:20261210T123000Z" in lines
    assert "DTEND;VALUE=DATE:20270106" in lines
    assert "SUMMARY:Zoë \\\\ \\; \\, \\nDTSTART:20000101T000000Z" + "ü" * 200 in lines


def test_an_invitation_says_why_somebody_is_asked_and_by_when_their_report_is_due(held: Held) -> None:
    to_the_worker, to_mo = (
        comparable_text(inviting.invitation_letter(held.sitting, held.meeting, held.people[name].id))
        for name in ("social_worker", "Mo Sample")
    )
    # three working days before Thursday 10 December
    assert comparable("Monday 7 December 2026") in to_the_worker
    assert comparable("in your own words") in to_mo
    assert comparable("Monday 7 December") not in to_mo
    for letter in (to_the_worker, to_mo):
        assert "Robin" not in letter
        assert comparable(held.loaded().reference) in letter


def test_a_letter_to_somebody_who_is_kept_out_tells_neither_the_ground_nor_who_asked(held: Held) -> None:
    found = participation.ask_exclusion(
        held.sitting, held.meeting, held.people["Mo Sample"].id, "child_request", f"{CANARY} said so.",
        asked_by="Casey of the police",
    ).id  # fmt: skip
    with pytest.raises(Refused) as unanswered:
        inviting.exclusion_letter(held.sitting, held.meeting, found)
    assert unanswered.value.rule == "exclusion.ruling-missing"
    participation.rule_exclusion(
        held.sitting, found, Ruling.FOR_A_PART, "Robin asked for it.", scope="The first half hour"
    )
    letter = comparable_text(inviting.exclusion_letter(held.sitting, held.meeting, found, "Come at eleven."))
    for words in (
        "Mo Sample", "The first half hour", "Come at eleven.", "The chair offers to see you", "you can complain",
        "We want to hear what you think all the same",
    ):  # fmt: skip
        assert comparable(words) in letter, words
    for words in (CANARY, "Casey", "Robin", "asks for it"):
        assert comparable(words) not in letter, words


def test_a_letter_that_refuses_a_request_takes_nothing_from_the_person(held: Held) -> None:
    found = participation.ask_exclusion(
        held.sitting, held.meeting, held.people["Mo Sample"].id, "welfare", "A call.", asked_by="Casey Example"
    ).id
    participation.rule_exclusion(held.sitting, found, Ruling.REFUSED, "The call was about somebody else.")
    letter = comparable_text(inviting.exclusion_letter(held.sitting, held.meeting, found))
    assert comparable("you take part as before") in letter
    assert comparable("somebody else") not in letter


def test_a_letter_and_a_calendar_file_that_are_given_out_are_known_by_their_digest(held: Held, tmp_path: Path) -> None:
    letter = inviting.invitation_letter(held.sitting, held.meeting, held.people["Mo Sample"].id)
    inviting.save_letter(held.sitting, held.meeting, tmp_path / "letter.pdf", letter)
    inviting.save_calendar(held.sitting, held.meeting, tmp_path / "meeting.ics")
    assert (tmp_path / "letter.pdf").read_bytes() == letter
    given = trailing.of_case(held.sitting, held.loaded().case_id)[:2]
    assert [one.kind for one in given] == ["invitation.exported", "letter.exported"]
    assert {one.group for one in given} == {trailing.Group.GIVEN_OUT}


def test_the_chairs_own_note_is_kept_and_replaced(held: Held) -> None:
    assert inviting.private_note(held.sitting, held.meeting) == ""
    inviting.keep_private_note(held.sitting, held.meeting, "Ask about the dog.")
    inviting.keep_private_note(held.sitting, held.meeting, "Ask about the dog, and the cellar.")
    assert inviting.private_note(held.sitting, held.meeting) == "Ask about the dog, and the cellar."


def test_nothing_that_leaves_the_store_holds_the_chairs_own_note(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store") as held:
        inviting.keep_private_note(held.sitting, held.meeting, f"{CANARY} is not to be believed.")
        introduce(held.sitting, "Ash Example", "Team manager", "Example Council")
        draft = sealing.minutes(held.sitting, held.meeting)
        concluded(held)
        sealed = sealing.seal(held.sitting, held.meeting)
        trail = tmp_path / "trail.txt"
        trailing.save(held.sitting, held.loaded().case_id, trail)
        parts = [
            export_meeting(held.sitting, held.meeting), draft, sealed.pdf, sealed.record, sealed.tree or b"",
            inviting.calendar_file(held.sitting, held.meeting), trail.read_bytes(),
        ]  # fmt: skip
        assert all(CANARY.encode() not in part for part in parts)
        assert all(comparable(CANARY) not in comparable_text(pdf) for pdf in (draft, sealed.pdf))
        for person in held.people.values():
            letter = comparable_text(inviting.invitation_letter(held.sitting, held.meeting, person.id))
            assert comparable(CANARY) not in letter


def test_the_chair_says_that_a_circumstance_applies_and_that_it_does_not(held: Held) -> None:
    sitting, meeting = held.sitting, held.meeting
    asked = {one.trigger.id for one in inviting.who_to_invite(sitting, held.loaded())}
    inviting.say_applies(sitting, meeting, "invite.offending", True)
    now = {one.trigger.id for one in inviting.who_to_invite(sitting, held.loaded())}
    assert now - asked == {"invite.offending"}
    inviting.say_applies(sitting, meeting, "invite.offending", False)
    assert held.loaded().circumstances == []
    with pytest.raises(Refused) as refused:
        inviting.say_applies(sitting, meeting, "invite.police", True)
    assert refused.value.rule == "meeting.unknown-entry"


def test_a_saved_invitation_notes_its_day_and_keeps_an_earlier_one(held: Held, tmp_path: Path) -> None:
    mo, sam = (held.people[name].id for name in ("Mo Sample", "Sam Sample"))
    table.note_attendance(held.sitting, sam, invited_on=date(2026, 11, 24))
    for number, who in enumerate((mo, sam)):
        inviting.save_invitation(held.sitting, held.meeting, who, tmp_path / f"{number}.pdf")
    days = {seat.id: seat.invited_on for seat in held.loaded().attendances}
    assert (days[mo], days[sam]) == (date(2026, 12, 10), date(2026, 11, 24))
    assert (tmp_path / "0.pdf").read_bytes().startswith(b"%PDF")


def test_a_saved_letter_to_somebody_kept_out_notes_its_day(held: Held, tmp_path: Path) -> None:
    mo = held.people["Mo Sample"].id
    found = participation.ask_exclusion(held.sitting, held.meeting, mo, "welfare", "Threats.", asked_by="Casey")
    participation.rule_exclusion(held.sitting, found.id, Ruling.FOR_ALL, "Others are afraid.")
    inviting.save_exclusion_letter(held.sitting, held.meeting, found.id, tmp_path / "out.pdf", "See you on Friday.")
    assert held.loaded().exclusions[0].letter_on == date(2026, 12, 10)
    assert comparable("See you on Friday.") in comparable_text((tmp_path / "out.pdf").read_bytes())


def test_what_is_left_empty_about_somebody_is_taken_out_and_no_day_is_to_come(held: Held) -> None:
    who = held.people["manager"].id
    known: dict[str, date | None] = {"invited_on": date(2026, 11, 24), "report_asked": None, "report_received": None}
    told = {"invitation": Invitation.INVITED, "note": "", "takes_part": "By video", "report_shared": ""}

    def filled(**days: date | None) -> Attendance:
        return table.fill_in(held.sitting, who, **{**told, **known, **days})

    assert filled(report_received=date(2026, 12, 4)).report_received == date(2026, 12, 4)
    seat = filled(invited_on=None)
    assert (seat.invited_on, seat.report_received, seat.takes_part) == (None, None, "By video")
    with pytest.raises(Refused) as refused:
        filled(report_asked=date(2026, 12, 11))
    assert refused.value.rule == "date.in-future"
