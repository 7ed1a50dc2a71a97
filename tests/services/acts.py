"""Every act that changes the record, each as somebody may do it, and what a refused one leaves as it was."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

import pytest

from app.models.attendance import Authority, Invitation
from app.models.base import Refused
from app.models.dissent import DissentKind
from app.models.participation import Ruling
from app.models.statement import Kind
from app.services import (
    carrying_on,
    cases,
    deciding,
    directing,
    entries,
    inviting,
    meetings,
    opening,
    participation,
    table,
    undoing,
)
from tests.builders import START, TYPE, Room, dump, trail


def casey(room: Room) -> UUID:
    return room.people["Casey Example"].id


def a_gap(room: Room) -> UUID:
    return entries.record_gap(room.sitting, room.meeting, "agencies", "What did the hospital see?").id


def an_action(room: Room) -> UUID:
    return entries.record_action(room.sitting, room.meeting, "enquiry", "Ring the hospital.").id


def a_dissent(room: Room) -> UUID:
    return deciding.record_dissent(
        room.sitting, room.meeting, "dissent", casey(room), DissentKind.DISSENT, "I would not wait.",
        preferred="Go today.", risk="He may be back.",
    ).id  # fmt: skip


def the_agency(room: Room, name: str = "Casey Example") -> UUID:
    found = next(a.agency_id for a in room.loaded().attendances if a.name == name)
    assert found is not None
    return found


def undo(room: Room) -> str:
    return undoing.undo(room.sitting, room.meeting)


def redo(room: Room) -> str:
    return undoing.redo(room.sitting, room.meeting)


def undo_once(room: Room) -> str:
    room.say("Casey Example", "Taken back.")
    return undo(room)


def redo_once(room: Room) -> str:
    undo_once(room)
    return redo(room)


def amended(room: Room) -> object:
    said = room.say("Casey Example", "Seen at hom.")
    return entries.amend_statement(
        room.sitting, said, text="Seen at home.", speaker=room.people["Drew Example"].id, child=room.child.id,
        kind=Kind.OPINION, source="The log", restricted=True,
    )  # fmt: skip


def decided_again(room: Room) -> object:
    first, second = room.say("Casey Example", "One."), room.say("Drew Example", "Two.")
    room.decide("D4", "none", grounds=[first, second])
    return room.decide("D4", "police_protection", grounds=[second])


def resumed(room: Room) -> object:
    meetings.adjourn(room.sitting, room.meeting)
    return meetings.resume(room.sitting, room.meeting)


def back(room: Room) -> object:
    table.leave(room.sitting, casey(room))
    return table.arrive(room.sitting, casey(room))


def an_exclusion(room: Room) -> UUID:
    drew = room.people["Drew Example"].id
    return participation.ask_exclusion(
        room.sitting, room.meeting, drew, "conflict", "She was threatened.", asked_by="Casey Example"
    ).id


def kept_out(room: Room) -> UUID:
    found = an_exclusion(room)
    participation.rule_exclusion(
        room.sitting, found, Ruling.FOR_A_PART, "They speak apart.", scope="While she speaks", legal_advice="Had.",
        views_by="In a letter",
    )  # fmt: skip
    return found


def sent_out(room: Room) -> UUID:
    found = kept_out(room)
    participation.send_out(room.sitting, found)
    return found


def the_work(room: Room) -> UUID:
    room.decide("D5", "planned")
    return room.loaded().decisions[-1].works[0].id


def a_step(room: Room) -> UUID:
    return directing.add_step(room.sitting, the_work(room), "Ask the mother.", owner="Drew", due=room.clock.at).id


def gone_on(room: Room) -> object:
    work = directing.end_work(room.sitting, the_work(room), "findings", "As the report says.")
    return directing.go_on(room.sitting, work.id)


EVERY_ACT: Mapping[str, Callable[[Room], object]] = {
    "action.done": lambda r: carrying_on.finish(r.sitting, r.meeting, an_action(r)),
    "action.owned": lambda r: entries.own_action(
        r.sitting, an_action(r), owner="Casey", agency=the_agency(r), due=date(2026, 12, 11)
    ),
    "action.recorded": an_action,
    "attendance.arrived": back,
    "attendance.invited": lambda r: r.invite("early_years", "Ellis Example", role="manager"),
    "attendance.left": lambda r: table.leave(r.sitting, casey(r)),
    "attendance.noted": lambda r: table.note_attendance(
        r.sitting, casey(r), authority=Authority.YES, invitation=Invitation.APOLOGIES, note="At court."
    ),
    "attendance.substituted": lambda r: table.substitute(r.sitting, casey(r), "Frankie Example"),
    "decision.made": decided_again,
    "difference.read": lambda r: meetings.read_difference_statement(r.sitting, r.meeting),
    "dissent.read-back": lambda r: deciding.read_back(r.sitting, a_dissent(r), "I would not wait for the doctor."),
    "dissent.recorded": a_dissent,
    "circumstance.said": lambda r: inviting.say_applies(r.sitting, r.meeting, "invite.hospital", True),
    "exclusion.asked": an_exclusion,
    "exclusion.back": lambda r: participation.bring_back(r.sitting, sent_out(r)),
    "exclusion.heard": lambda r: participation.bring_in_views(r.sitting, an_exclusion(r), "She wrote."),
    "exclusion.left": sent_out,
    "exclusion.noted": lambda r: participation.note_exclusion(
        r.sitting, kept_out(r), letter_on=date(2026, 12, 10), chair_offered=True
    ),
    "exclusion.ruled": kept_out,
    "gap.owned": lambda r: entries.own_gap(
        r.sitting, a_gap(r), agency=the_agency(r), owner="Casey", due=date(2026, 12, 11), answer="A bruise."
    ),
    "gap.recorded": a_gap,
    "prompt.answered": lambda r: [
        entries.answer_prompt(r.sitting, r.meeting, "agencies.history", text)
        for text in ("Known.", "Known since 2024.")
    ],
    "statement.amended": amended,
    "statement.recorded": lambda r: r.say("Casey Example", "Seen at home.", child=r.child.id, restricted=True),
    "view.recorded": lambda r: [r.view("Casey Example"), r.view("Casey Example", "unsure")],
    "work.ended": lambda r: directing.end_work(r.sitting, the_work(r), "findings", "As the report says."),
    "work.planned": lambda r: directing.plan_work(
        r.sitting,
        the_work(r),
        lead="Drew",
        agency=the_agency(r),
        joint=True,
        plan="At the clinic.",
        consent="The mother's.",
        due=date(2026, 12, 14),
        started_at=START,
    ),
    "work.step-added": a_step,
    "work.step-done": lambda r: directing.finish_step(r.sitting, a_step(r)),
    "work.step-open": lambda r: directing.step_not_done(r.sitting, directing.finish_step(r.sitting, a_step(r)).id),
    "work.gone-on": gone_on,
    "act.undone": undo_once,
    "act.redone": redo_once,
    "case.opened": lambda r: cases.open_case(r.sitting, "SAMPLE-2"),
    "child.added": lambda r: cases.add_child(r.sitting, r.case.id, "Wren Sample", expected=date(2027, 3, 1)),
    "child.changed": lambda r: cases.change_child(r.sitting, r.child.id, whereabouts="At hospital", known_as="Rob"),
    "person.added": lambda r: cases.add_person(r.sitting, r.case.id, "Sam Sample", relation="Mother"),
    "person.changed": lambda r: cases.change_person(
        r.sitting, cases.add_person(r.sitting, r.case.id, "Sam Sample").id, in_household=True
    ),
    "meeting.prepared": lambda r: meetings.prepare(r.sitting, r.case.id, TYPE, [r.child.id], planned_at=START),
    "meeting.adjourned": lambda r: meetings.adjourn(r.sitting, r.meeting),
    "meeting.resumed": resumed,
    "meeting.started": lambda r: meetings.start(
        r.sitting, meetings.prepare(r.sitting, r.case.id, TYPE, [r.child.id], planned_at=START).id
    ),
    "meeting.concluded": lambda r: r.conclude(),
    "item.opened": lambda r: meetings.open_item(r.sitting, r.meeting, "agencies", done=True),
    "preference.set": lambda r: opening.once(r.sitting, "told"),
    "signer.made": lambda r: opening.introduce(r.sitting, "Ash Example", "Team manager", "Sample Council"),
}


def refused(room: Room, rule: str, act: Callable[[], object]) -> Refused:
    """Check that ``act`` is refused by ``rule``, with a sentence, and that nothing came of it."""
    store = room.sitting.store
    before = dump(store), trail(store)
    with pytest.raises(Refused) as found:
        act()
    assert found.value.rule == rule
    assert (dump(store), trail(store)) == before
    return found.value
