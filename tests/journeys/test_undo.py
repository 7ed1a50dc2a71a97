"""Undo gives back exactly what was, redo exactly what came, and the trail keeps both."""

from pathlib import Path

import pytest

from app.models.base import Refused
from app.services import cases, entries, meetings, undoing
from app.services.undoing import UNDOABLE
from app.store.checking import findings
from tests.builders import START, TYPE, Room, a_room, dump, trail
from tests.services.acts import EVERY_ACT

# the directory of agencies and practitioners is shared between meetings, and keeps what it learnt
RECORD = ("audit_entry", "agency", "practitioner")

# what only a conference can do is taken back where conferences are tested: in test_planning and test_conduct
OF_A_CONFERENCE = {
    "chair.agreed", "chair.declared", "children.ordered", "plan.ended", "plan.revised", "progress.noted",
    "quorum.answered",
}  # fmt: skip


def record(room: Room) -> object:
    return dump(room.sitting.store, but=RECORD)


def test_every_act_of_a_meeting_is_undoable() -> None:
    later = {"act.undone", "act.redone"}
    never = {"meeting.prepared", "meeting.started", "meeting.adjourned", "meeting.resumed", "meeting.concluded"}
    apart = {"item.opened", "preference.set", "signer.made"}
    of_the_case = {kind for kind in EVERY_ACT if kind.split(".")[0] in {"case", "child", "person"}}
    assert set(UNDOABLE) - OF_A_CONFERENCE == EVERY_ACT.keys() - later - never - apart - of_the_case


@pytest.mark.parametrize("kind", [kind for kind in UNDOABLE if kind not in OF_A_CONFERENCE])
def test_undo_and_redo_restore_every_row(tmp_path: Path, kind: str) -> None:
    with a_room(tmp_path) as room:
        sitting, meeting = room.sitting, room.meeting
        states = [record(room)]
        first = sitting.store.end.seq
        EVERY_ACT[kind](room)
        made = sitting.store.end.seq - first
        after = record(room)
        assert after != states[0]
        for _ in range(made):
            undoing.undo(sitting, meeting)
            states.append(record(room))
        assert states[-1] == states[0]
        for expected in [*reversed(states[1:-1]), after]:
            undoing.redo(sitting, meeting)
            assert record(room) == expected
        with pytest.raises(Refused, match=r"redo\.nothing"):
            undoing.redo(sitting, meeting)
        assert undoing.undo(sitting, meeting) == kind
        assert undoing.redo(sitting, meeting) == kind
        assert len(trail(sitting.store)) == first + made * 3 + 2
        assert list(findings(sitting.store)) == []


def test_a_decision_made_again_comes_back_with_its_grounds_and_witnesses(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        first, second = room.say("Casey Example", "One."), room.say("Drew Example", "Two.")
        room.decide("D4", "none", grounds=[first, second])
        room.leave("Drew Example")
        room.decide("D4", "police_protection", grounds=[second])
        undoing.undo(room.sitting, room.meeting)
        undoing.undo(room.sitting, room.meeting)
        decision = room.loaded().decisions[0]
        assert decision.option == "none"
        assert {ground.statement_id for ground in decision.grounds} == {first, second}
        assert len(decision.witnesses) == 4


def test_a_new_act_ends_what_could_be_done_again(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        room.say("Casey Example", "One.")
        undoing.undo(room.sitting, room.meeting)
        room.say("Casey Example", "Two.")
        with pytest.raises(Refused, match=r"redo\.nothing"):
            undoing.redo(room.sitting, room.meeting)


def test_undo_reaches_back_through_everything_and_then_says_so(tmp_path: Path) -> None:
    with a_room(tmp_path, started=False) as room:
        meetings.start(room.sitting, room.meeting)
        room.say("Casey Example", "One.")
        meetings.open_item(room.sitting, room.meeting, "agencies")
        kinds = [undoing.undo(room.sitting, room.meeting) for _ in range(5)]
        assert kinds == ["statement.recorded", *["attendance.invited"] * 4]
        with pytest.raises(Refused, match=r"undo\.nothing"):
            undoing.undo(room.sitting, room.meeting)
        assert room.loaded().attendances == []


def test_an_invitation_is_undone_before_the_start_and_in_a_break(tmp_path: Path) -> None:
    with a_room(tmp_path, started=False) as room:
        assert undoing.undo(room.sitting, room.meeting) == "attendance.invited"
        meetings.start(room.sitting, room.meeting)
        room.say("Casey Example", "One.")
        meetings.adjourn(room.sitting, room.meeting)
        assert undoing.undo(room.sitting, room.meeting) == "statement.recorded"


def test_undo_in_one_meeting_leaves_what_another_uses(tmp_path: Path) -> None:
    from app.services import table

    with a_room(tmp_path) as room:
        room.invite("early_years", "Ellis Example")
        other = meetings.prepare(room.sitting, room.case.id, TYPE, [room.child.id], planned_at=START)
        table.invite(room.sitting, other.id, "Ellis Example", sector="early_years")
        undoing.undo(room.sitting, room.meeting)
        assert [a.agency.sector for a in meetings.load(room.sitting, other.id).attendances if a.agency] == [
            "early_years"
        ]
        undoing.redo(room.sitting, room.meeting)
        assert list(findings(room.sitting.store)) == []


def test_what_the_case_learnt_in_between_is_not_undone(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        room.say("Casey Example", "One.")
        cases.change_child(room.sitting, room.child.id, whereabouts="At hospital")
        undoing.undo(room.sitting, room.meeting)
        assert room.loaded().children[0].whereabouts == "At hospital"


def test_every_earlier_wording_is_kept_and_can_be_read(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        said = room.say("Casey Example", "Seen at hom.")
        entries.amend_statement(room.sitting, said, text="Seen at home.")
        entries.amend_statement(room.sitting, said, text="Seen at school.")
        undoing.undo(room.sitting, room.meeting)
        statement = room.loaded().statements[0]
        assert (statement.text, statement.wordings) == ("Seen at home.", 2)
        told = undoing.wordings(room.sitting, room.meeting, said)
        assert [text for _, _, text in told] == ["Seen at hom.", "Seen at home.", "Seen at school.", "Seen at home."]
        assert told[0][1] == "statement.recorded"
