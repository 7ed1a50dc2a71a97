"""The family takes part: nobody is kept out without evidence, an answer and another way to be heard."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.minutes.pages import comparable, comparable_text
from app.models.base import Refused
from app.models.participation import Exclusion, Ruling
from app.practice.agenda import beforehand
from app.practice.participation import expected, shut_out
from app.services import (
    cases,
    directing,
    disposing,
    entries,
    inviting,
    meetings,
    participation,
    retaining,
    sealing,
    table,
)
from app.services.exchange import BadRecord, export_meeting, import_record
from app.services.opening import introduce
from app.store.checking import findings
from tests.builders import a_sitting
from tests.services.conference import a_conference, concluded
from tests.services.holding import Held
from tests.services.test_exchange import Likeness

EVIDENCE = "Quixotic threats were heard by the neighbour."


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    with a_conference(tmp_path / "store") as made:
        yield made


def ask(held: Held, who: str = "Mo Sample", ground: str = "disruption") -> UUID:
    person = held.people[who].id
    return participation.ask_exclusion(
        held.sitting, held.meeting, person, ground, EVIDENCE, asked_by="Casey Example, police"
    ).id


def rule(held: Held, found: UUID, ruling: Ruling = Ruling.FOR_A_PART, **rest: str) -> Exclusion:
    scope = {"scope": "While the health visitor speaks"} if ruling is Ruling.FOR_A_PART else {}
    return participation.rule_exclusion(held.sitting, found, ruling, "Others could not speak.", **scope, **rest)


def why_refused(act: object, *told: object, **rest: object) -> str:
    assert callable(act)
    with pytest.raises(Refused) as refused:
        act(*told, **rest)
    return refused.value.rule


def test_what_is_settled_with_the_family_is_answered_before_the_meeting_and_goes_with_its_record(
    tmp_path: Path,
) -> None:
    with a_conference(tmp_path / "store", started=False) as held:
        item = beforehand(held.kind)
        assert item is not None
        prompt = item.prompts[0]
        child = held.children[0].id if prompt.per_child else None
        entries.answer_prompt(held.sitting, held.meeting, prompt.id, "We met them on Monday.", child=child)
        other = next(one.prompts[0] for one in held.kind.agenda if one.id != item.id and one.prompts)
        assert why_refused(entries.answer_prompt, held.sitting, held.meeting, other.id, "Too early.") == (
            "meeting.not-started"
        )
        before = export_meeting(held.sitting, held.meeting)
        held.begin()
        after = export_meeting(held.sitting, held.meeting)
    for number, record in enumerate((before, after)):
        with a_sitting(tmp_path / f"other{number}") as other_store:
            copied = meetings.load(other_store, import_record(other_store, record).id)
            assert [answer.text for answer in copied.answers] == ["We met them on Monday."]


def test_a_record_that_answers_anything_else_before_its_meeting_is_refused(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store") as held:
        other = next(one for one in held.kind.agenda if one is not beforehand(held.kind) and one.prompts)
        prompt = next(one for one in other.prompts if not one.per_child)
        entries.answer_prompt(held.sitting, held.meeting, prompt.id, "As we said.")
        record = json.loads(export_meeting(held.sitting, held.meeting))
    record["meeting"]["answers"][0]["answered_at"] = "2026-12-01T10:00:00Z"
    with a_sitting(tmp_path / "other") as sitting, pytest.raises(BadRecord, match="outside the time of the meeting"):
        import_record(sitting, json.dumps(record).encode())


def minutes(held: Held) -> str:
    """Return the text of the minutes, without what depends on layout."""
    return comparable_text(sealing.minutes(held.sitting, held.meeting))


def test_a_request_names_its_ground_its_evidence_and_who_asked(held: Held) -> None:
    sitting, meeting, mo = held.sitting, held.meeting, held.people["Mo Sample"].id
    asking = participation.ask_exclusion
    told = {"asked_by": "Casey Example"}
    assert why_refused(asking, sitting, meeting, mo, "welfare", " ", **told) == "exclusion.evidence-missing"
    assert why_refused(asking, sitting, meeting, mo, "dislike", "x", **told) == "exclusion.unknown-ground"
    assert why_refused(asking, sitting, meeting, mo, "welfare", "x", asked_by="") == "exclusion.asker-missing"
    chair = held.people["iro"].id
    assert why_refused(asking, sitting, meeting, chair, "welfare", "x", **told) == "exclusion.nobody"
    ask(held)
    assert held.loaded().exclusions[0].evidence == EVIDENCE


def test_a_request_in_the_last_three_working_days_is_said_to_be_late_and_is_heard_all_the_same(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store", started=False) as held:
        # three working days before Thursday 10 December 2026 is Monday the 7th
        early, late = (held.sitting.when(held.loaded().planned_at - timedelta(days=days)) for days in (3, 2))
        mo = held.people["Mo Sample"].id
        for sitting in (early, late):
            participation.ask_exclusion(sitting, held.meeting, mo, "welfare", EVIDENCE, asked_by="Casey Example")
        in_time, too_late = (
            participation.notice(held.sitting, held.loaded())[one.id] for one in held.loaded().exclusions
        )
        assert (in_time.late, too_late.late) == (False, True)
        assert in_time.due.at == date(2026, 12, 7)
        assert rule(held, held.loaded().exclusions[1].id).ruling is Ruling.FOR_A_PART


def test_nobody_is_kept_out_without_reasons_or_for_longer_than_is_needed(held: Held) -> None:
    found, ruling = ask(held), participation.rule_exclusion
    assert why_refused(ruling, held.sitting, found, Ruling.FOR_ALL, " ") == "exclusion.reason-missing"
    assert why_refused(ruling, held.sitting, found, Ruling.FOR_A_PART, "x") == "exclusion.part-missing"
    assert why_refused(ruling, held.sitting, found, Ruling.ASKED, "x") == "exclusion.ruling-missing"
    assert why_refused(participation.send_out, held.sitting, found) == "exclusion.not-granted"
    rule(held, found, Ruling.REFUSED)
    assert why_refused(participation.send_out, held.sitting, found) == "exclusion.not-granted"


def test_somebody_who_is_asked_to_leave_is_not_there_until_they_are_back(held: Held) -> None:
    found = ask(held)
    rule(held, found)
    participation.send_out(held.sitting, found)
    held.choose(held.children[0], "C1", "likely")
    participation.bring_back(held.sitting, found)
    mo = next(seat for seat in held.loaded().attendances if seat.name == "Mo Sample")
    assert (len(mo.presences), mo.here is not None) == (2, True)
    witnesses = {witness.attendance.name for witness in held.loaded().decisions[0].witnesses}
    assert "Mo Sample" not in witnesses
    assert "Lou Example" in witnesses
    assert why_refused(rule, held, found) == "exclusion.carried-out"


def test_a_meeting_does_not_close_over_a_request_without_an_answer_or_a_person_nobody_heard(held: Held) -> None:
    found = ask(held)
    assert "exclusion-ruled" in held.blocks()
    rule(held, found, Ruling.FOR_ALL)
    assert {"exclusion-ruled", "excluded-heard"} & set(held.blocks()) == {"excluded-heard"}
    participation.bring_in_views(held.sitting, found, "She wrote three pages, which were read out.")
    assert "excluded-heard" not in held.blocks()


def test_somebody_who_spoke_before_they_left_has_been_heard(held: Held) -> None:
    rule(held, ask(held))
    assert "excluded-heard" in held.blocks()
    item = held.kind.agenda[0].id
    entries.record_statement(held.sitting, held.meeting, item, "I want them home.", speaker=held.people["Mo Sample"].id)
    assert "excluded-heard" not in held.blocks()


def test_the_minutes_say_openly_that_somebody_was_kept_out_and_never_on_what_evidence(held: Held) -> None:
    found = ask(held)
    rule(held, found, views_by="By a letter that was read out.", legal_advice="Advice was had on 8 December.")
    participation.send_out(held.sitting, found)
    participation.note_exclusion(held.sitting, found, letter_on=date(2026, 12, 9), chair_offered=True)
    read = minutes(held)
    for words in (
        "Serious disruption", "Others could not speak", "While the health visitor speaks", "By a letter that was read",
        "Advice was had", "9 December 2026", "The chair offered to see them", "evidence is on record",
    ):  # fmt: skip
        assert comparable(words) in read, words
    assert "Quixotic" not in read


def test_the_minutes_hold_the_familys_own_words_the_childs_first(held: Held) -> None:
    table.note_attendance(held.sitting, held.people["Robin Sample"].id, takes_part="Through the advocate, by drawings")
    item = held.kind.agenda[0].id
    for name, text in (("Mo Sample", "I want help with the nights."), ("Lou Example", "Robin says: be kind to Mum.")):
        entries.record_statement(held.sitting, held.meeting, item, text, speaker=held.people[name].id)
    read = minutes(held)
    part = read[read.rindex(comparable("In their own words")) :]
    assert part.index(comparable("be kind to Mum")) < part.index(comparable("help with the nights"))
    assert comparable("Through the advocate, by drawings") in read
    assert comparable("the decision stands meanwhile") in read


def test_reports_are_counted_in_working_days_before_the_meeting(held: Held) -> None:
    days = {"social_worker": date(2026, 12, 4), "health_visitor": date(2026, 12, 8), "manager": None}
    for role, came in days.items():
        table.note_attendance(
            held.sitting, held.people[role].id, report_asked=date(2026, 11, 30), report_received=came,
            report_shared="With the parents on the day it came" if came else None,
        )  # fmt: skip
    found = {one.attendance.role: one for one in participation.reports(held.sitting, held.loaded())}
    # Friday the 4th, Monday to Wednesday: four working days before Thursday; from Tuesday the 8th: two
    assert {role: (one.days, one.late) for role, one in found.items()} == {
        "social_worker": (4, False), "health_visitor": (2, True), "manager": (None, False),
    }  # fmt: skip
    limits = {role: one.limit.id for role, one in found.items() if one.limit}
    assert limits == {
        "social_worker": "sw_report_icpc", "health_visitor": "agency_report_icpc", "manager": "agency_report_icpc",
    }  # fmt: skip
    assert found["manager"].missing(date(2026, 12, 9))
    assert not found["manager"].missing(date(2026, 12, 7))
    assert comparable("Later than that") in minutes(held)


def test_a_complaint_goes_its_way_with_its_clock_and_the_decision_stands(held: Held) -> None:
    assert why_refused(participation.complain, held.sitting, held.meeting, "Mo Sample", "x") == "complaint.meeting-open"
    held.choose(held.children[0], "C1", "likely")
    concluded(held)
    before = [(d.option, d.reason) for d in held.loaded().decisions]
    made = participation.complain(
        held.sitting, held.meeting, "Mo Sample", "Nobody read my letter.", received_on=date(2026, 12, 10)
    )
    assert (made.stage, made.due_on) == ("complaint.chair", None)
    moved = participation.move_on(held.sitting, made.id)
    assert (moved.stage, moved.due_on) == ("complaint.written", date(2027, 1, 7))
    closing = participation.close_complaint
    assert why_refused(closing, held.sitting, made.id, "") == "complaint.outcome-missing"
    assert why_refused(closing, held.sitting, made.id, "x", on=date(2030, 1, 1)) == "complaint.in-future"
    assert why_refused(closing, held.sitting, made.id, "x", on=date(2026, 12, 1)) == "complaint.closed-before"
    closing(held.sitting, made.id, "An apology, and the letter is with the minutes.")
    assert why_refused(participation.move_on, held.sitting, made.id) == "complaint.already-closed"
    assert [(d.option, d.reason) for d in held.loaded().decisions] == before
    assert [one.outcome for one in participation.complaints(held.sitting, held.loaded().case_id)] == [
        "An apology, and the letter is with the minutes."
    ]


def test_a_complaint_on_the_last_stage_can_only_be_closed(held: Held) -> None:
    concluded(held)
    made = participation.complain(held.sitting, held.meeting, "Mo Sample", "The process.")
    for _ in held.sitting.pack.participation.routes[1:]:
        participation.move_on(held.sitting, made.id)
    assert why_refused(participation.move_on, held.sitting, made.id) == "complaint.last-stage"


def with_everything(held: Held) -> None:
    """Record a request before and one in the meeting, an answer to each, work under way and a complaint."""
    first, second = ask(held), ask(held, "Sam Sample", "conflict")
    rule(held, first, views_by="By a letter.", legal_advice="Had.")
    participation.send_out(held.sitting, first)
    participation.bring_back(held.sitting, first)
    rule(held, second, Ruling.FOR_ALL)
    participation.note_exclusion(held.sitting, second, letter_on=date(2026, 12, 9), chair_offered=True)
    table.note_attendance(
        held.sitting, held.people["manager"].id, invited_on=date(2026, 11, 24), report_asked=date(2026, 11, 24),
        takes_part="By video",
    )  # fmt: skip
    held.choose(held.children[0], "C5", "lpm")
    work = held.loaded().decisions[0].works[0].id
    directing.plan_work(held.sitting, work, lead="Blair Example", plan="An interim order.", consent="Not needed.")
    step = directing.add_step(held.sitting, work, "The chronology.", owner="Blair Example", due=held.sitting.now())
    directing.finish_step(held.sitting, step.id)
    concluded(held)
    directing.end_work(held.sitting, work, "not-applied-for", "The family agreed to a plan.")
    complaint = participation.complain(held.sitting, held.meeting, "Mo Sample", "Nobody read my letter.")
    participation.move_on(held.sitting, complaint.id)
    participation.close_complaint(held.sitting, complaint.id, "An apology.")


def test_all_of_it_goes_out_with_the_record_and_comes_in_the_same(held: Held, tmp_path: Path) -> None:
    with_everything(held)
    out = export_meeting(held.sitting, held.meeting)
    with a_sitting(tmp_path / "other") as other:
        again = export_meeting(other, import_record(other, out).id)
        assert list(findings(other.store)) == []
    said, kept = json.loads(out), json.loads(again)
    for record in (said, kept):
        record["meeting"]["clearances"].sort(key=lambda one: (one["rule"], one["sentence"]))
    assert said["meeting"]["exclusions"][1]["ruling"] == "for-all"
    assert said["meeting"]["complaints"][0]["stage"] == "complaint.written"
    assert list(Likeness().differences(said, kept)) == []
    assert list(Likeness().differences(kept, said)) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("attendance", "nobody", 'meeting.exclusions[0].attendance: names "nobody", which is not an attendance'),
        ("evidence", "\u200b", "meeting.exclusions[0].evidence: holds nothing to read"),
        ("ground", "dislike", "meeting.exclusions[0]"),
        ("ruled_at", None, "meeting.exclusions[0].ruled_at: does not fit whether the chair has answered"),
        ("back_at", "2026-12-10T10:30:00Z", "meeting.exclusions[0].back_at: is before what must come first"),
        ("left_at", "2026-12-10T23:30:00Z", "meeting.exclusions[0].left_at: is after the meeting was concluded"),
        ("letter_on", "2026-02-30", "meeting.exclusions[0].letter_on: is on no calendar"),
    ],
)
def test_a_record_whose_request_cannot_be_is_refused_whole(
    held: Held, tmp_path: Path, name: str, value: str | None, sentence: str
) -> None:
    with_everything(held)
    said = json.loads(export_meeting(held.sitting, held.meeting))
    request = said["meeting"]["exclusions"][0]
    if value is None:
        del request[name]
    else:
        request[name] = value
    if name == "left_at":
        del request["back_at"]
    with a_sitting(tmp_path / "other") as other:
        with pytest.raises(BadRecord, match=r"nothing was changed") as refused:
            import_record(other, json.dumps(said).encode())
        assert sentence in " ".join(map(str, refused.value.faults))
        assert cases.list_cases(other) == []


def test_disposing_of_the_case_takes_all_of_it_out(held: Held) -> None:
    with_everything(held)
    inviting.keep_private_note(held.sitting, held.meeting, "Mind the mother.")
    introduce(held.sitting, "Ash Example", "Team manager", "Example Council")
    sealing.seal(held.sitting, held.meeting)
    case_id = held.loaded().case_id
    retaining.choose_policy(held.sitting, "after-closure", 1, "Schedule CS12")
    retaining.close_case(held.sitting, case_id, date(2026, 12, 10))
    disposing.dispose(held.sitting, case_id, "SAMPLE-1", earlier="A test of the rule.")
    with held.sitting.store.connection() as connection:
        for name in ("exclusion", "complaint", "work", "work_step", "private_note"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() == 0, name
    assert list(findings(held.sitting.store)) == []


def test_a_sealed_record_of_who_was_kept_out_does_not_change(held: Held) -> None:
    with_everything(held)
    introduce(held.sitting, "Ash Example", "Team manager", "Example Council")
    sealing.seal(held.sitting, held.meeting)
    found = held.loaded().exclusions[0].id
    assert (
        why_refused(participation.note_exclusion, held.sitting, found, chair_offered=True) == "meeting.already-sealed"
    )


def test_whoever_is_kept_out_of_all_of_it_does_not_come_in_with_the_others(tmp_path: Path) -> None:
    with a_conference(tmp_path / "store", started=False) as held:
        found = ask(held)
        rule(held, found, Ruling.FOR_ALL)
        meeting = held.loaded()
    mother = held.people["Mo Sample"].id
    assert shut_out(meeting) == {mother}
    assert {seat.id for seat in expected(meeting)} == {one.id for one in held.people.values()} - {mother}
