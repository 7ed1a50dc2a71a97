"""The words about how a meeting is held; no window is needed for them."""

from datetime import timedelta
from pathlib import Path

from app.models.case import Child
from app.models.conduct import Declaration
from app.models.meeting import Meeting, State
from app.practice.chairing import Answered
from app.practice.children import called
from app.practice.pack import MeetingType
from app.services import carrying_on, conduct, meetings
from app.ui.conduct import matrix, presenter
from app.ui.conduct.carried import before_words, sections
from app.ui.conduct.held import Half, Held
from app.ui.kit.unfinished import from_words, to_words
from tests.builders import START, InMemory, a_room, clock, national_pack
from tests.services.planned import a_conference as a_planned
from tests.services.planned import conference, finish, make
from tests.services.test_conduct import a_conference, another, conclude

PACK = national_pack()


def kind(type_id: str) -> MeetingType:
    found = PACK.meeting_type(type_id)
    assert found is not None
    return found


def answered(question_id: str, *, yes: bool, by: str = "", note: str = "") -> str:
    """Return the words about an answer, under whichever model asks the question."""
    for model in PACK.chair_models:
        asked = model.declaration(question_id)
        if asked is not None:
            given = Declaration(
                id=InMemory().new_id(), meeting=InMemory().meeting, model=model.id, question_id=question_id, answer=yes,
                declared_at=START, agreed_by=by, note=note,
            )  # fmt: skip
            return presenter.answer_words(Answered(asked, given))
    raise AssertionError(question_id)


def test_each_answer_of_the_chair_says_what_it_does() -> None:
    assert answered("responsible_now", yes=False) == "No. The minutes say so."
    assert answered("responsible_before", yes=True).startswith("Yes. The minutes say: The chair had responsibility")
    assert answered("responsible_now", yes=True, by="Kit Example").endswith("Agreed by: Kit Example.")
    assert answered("case_holder", yes=True).endswith("Nobody has confirmed it yet.")
    assert "Kit Example has confirmed" in answered("case_holder", yes=True, by="Kit Example")
    assert answered("responsible_now", yes=False, note="Checked.").endswith("Note: Checked.")


def test_what_a_yes_does_and_whose_name_it_asks_for_is_said_before() -> None:
    asked = {one.id: one for model in PACK.chair_models for one in model.declarations}
    assert "second manager" in presenter.before_answering(asked["made_enquiry"])
    assert "cannot be signed" in presenter.before_answering(asked["case_holder"])
    assert presenter.agreement_hint(asked["made_enquiry"]).startswith("Needed")
    assert presenter.agreement_hint(asked["case_holder"]).endswith("This can be added later.")
    assert presenter.agreement_hint(asked["manages_enquirer"]) == ""


def test_the_quorum_is_said_in_words_from_before_the_meeting_to_after_it() -> None:
    room = InMemory()
    room.seat("csc", "Iro")
    rules = kind("icpc")
    now = clock(11, 0)
    meeting = room.meeting
    meeting.state, meeting.started_at = State.PREPARED, None
    assert "has not started" in presenter.quorum_words(meeting, rules, PACK, now)
    meeting.state, meeting.started_at = State.IN_SESSION, START
    words = presenter.quorum_words(meeting, rules, PACK, now)
    assert "Without a quorum since 10:30." in words
    assert words.endswith("Record what we do without it.")
    assert presenter.quorum_unanswered(meeting, rules, PACK, now)
    meeting.state, meeting.concluded_at = State.CONCLUDED, now
    assert presenter.quorum_words(meeting, rules, PACK, now + timedelta(days=1)).endswith("So it ended.")
    assert not presenter.quorum_unanswered(meeting, rules, PACK, now)
    assert presenter.quorum_words(meeting, kind("unit_consultation"), PACK, now) == (
        "This kind of meeting needs no quorum."
    )


def test_a_new_date_says_within_which_time_it_is_due() -> None:
    assert "within 10 working days of this meeting" in presenter.new_date_words(kind("icpc"), PACK)
    assert "within 1 month of this meeting" in presenter.new_date_words(kind("rcpc"), PACK)


def in_order(*names: str, before: tuple[str, ...] = ()) -> Meeting:
    """Return a meeting about children in this order, and in another in the meeting before."""
    room = InMemory(*names)
    if before:
        known = {child.name: child for child in room.meeting.children}
        earlier = InMemory(*before).meeting
        for subject in earlier.subjects:
            subject.child = known.get(subject.child.name) or Child(id=subject.child.id, case=room.case, name="Gone")
        following = conduct.Following(id=room.new_id(), meeting=room.meeting, earlier=earlier)
        room.meeting.following = following
    return room.meeting


def names_of(meeting: Meeting, ids: object) -> list[str]:
    known = {child.id: child.name for child in meeting.children}
    assert isinstance(ids, list)
    return [known[one] for one in ids]


def test_the_order_turns_from_the_meeting_before_or_from_itself() -> None:
    first = in_order("A", "B", "C")
    assert names_of(first, matrix.next_order(first)) == ["B", "C", "A"]
    assert "yours to choose" in matrix.order_words(first, PACK)
    same = in_order("A", "B", "C", before=("A", "B", "C"))
    assert names_of(same, matrix.next_order(same)) == ["B", "C", "A"]
    assert matrix.order_words(same, PACK).endswith("Let another child come first, or say why not.")
    turned = in_order("B", "C", "A", before=("A", "B", "C"))
    assert names_of(turned, matrix.next_order(turned)) == ["C", "A", "B"], "it goes on where it is turned already"
    assert matrix.order_words(turned, PACK).endswith("it was: A, B and C.")


def test_a_child_moves_one_place_and_not_off_the_list() -> None:
    meeting = in_order("A", "B", "C")
    a, b, c = (child.id for child in meeting.children)
    assert matrix.moved(meeting, a, 1) == [b, a, c]
    assert matrix.moved(meeting, c, -1) == [a, c, b]
    assert matrix.moved(meeting, a, -1) == [a, b, c]
    assert matrix.moved(meeting, c, 1) == [a, b, c]


def test_a_long_reason_is_shortened_in_the_table_and_whole_below_it() -> None:
    room = InMemory()
    reason = "The doctor and the nursery agree, " * 6
    room.decide("C1", "likely", reason=reason)
    cell = matrix.matrix(room.meeting, kind("icpc"), PACK).cells[0][0]
    assert cell.text.endswith("…")
    assert len(cell.text) < 140
    assert reason in cell.whole


def test_the_table_goes_on_to_the_next_cell_that_is_wanted_and_round_again() -> None:
    room = InMemory("A", "B")
    found = matrix.matrix(room.meeting, kind("icpc"), PACK)
    assert found.next_wanted(0, 0) == (0, 0)
    assert found.next_wanted(0, 1) == (0, 1)
    assert found.next_wanted(99, 0) == (0, 0)
    for question in kind("icpc").decisions:
        for child in room.meeting.children:
            room.decide(question.id, question.options[0].id, child)
    assert matrix.matrix(room.meeting, kind("icpc"), PACK).next_wanted(0, 0) is None


def test_a_plan_without_a_quorum_is_carried_on_as_not_final(tmp_path: Path) -> None:
    with a_planned(tmp_path) as (room, held):
        held.leave("manager")
        make(held)
        finish(held)
        room.clock.pass_by(days=30)
        ids = [child.id for child in held.children]
        after = meetings.prepare(
            room.sitting, room.case.id, "rcpc", ids, planned_at=room.clock.at, follows=held.meeting
        )
        found = carrying_on.carried_on(room.sitting, after.id)
        named = called(held.children)
        plan = next(one for one in sections(found, room.sitting, PACK, named) if one.key == "plan")
        assert plan.title == "The plan as it stands (1)"
        assert plan.lines[0].text.startswith("Robin: Interim, NOT FINAL, revision 1")
        assert "no conference with a quorum has decided it" in plan.lines[0].text


def test_a_plan_that_a_quorum_decided_is_carried_on_without_that_mark(tmp_path: Path) -> None:
    with a_planned(tmp_path) as (room, held):
        make(held)
        finish(held)
        room.clock.pass_by(days=30)
        after = conference(room, "core_group")
        found = carrying_on.carried_on(room.sitting, after.meeting)
        assert before_words(found, room.sitting, PACK).startswith("This meeting carries on from no other.")
        named = called(held.children)
        plan = next(one for one in sections(found, room.sitting, PACK, named) if one.key == "plan")
        assert "NOT FINAL" not in plan.lines[0].text
        assert "1 outcome, 2 actions." in plan.lines[0].text


def test_an_agency_that_owes_its_report_is_said_to_owe_it(tmp_path: Path) -> None:
    with a_room(tmp_path) as room:
        with room.sitting.store.begin(room.sitting.act(), "attendance.noted", room.meeting) as session:
            seat = session.get_one(type(room.people["Casey Example"]), room.people["Casey Example"].id)
            seat.report_asked = START.date()
        room.conclude()
        room.clock.pass_by(days=1)
        after = meetings.prepare(
            room.sitting, room.case.id, "strategy_review", [room.child.id], planned_at=room.clock.at,
            follows=room.meeting,
        )  # fmt: skip
        found = carrying_on.carried_on(room.sitting, after.id)
        [line] = next(
            one.lines for one in sections(found, room.sitting, PACK, called([room.child])) if one.key == "not-told"
        )
        assert line.text == (
            "Police: the report it was asked for\nIt was asked on 10 December 2026, and it has not come."
        )


def test_a_refused_act_says_why_and_leaves_the_meeting_as_it_is(tmp_path: Path) -> None:
    with a_conference(tmp_path) as made:
        held = Held(made.sitting, made.meeting)
        trouble = held.attempt(lambda: conduct.declare(made.sitting, made.meeting, "responsible_now", True))
        assert trouble is not None
        assert trouble.rule == "declaration.agreement-missing"
        assert trouble.sentence.endswith("Write who.")
        assert held.meeting.declarations == []
        assert held.attempt(lambda: conduct.declare(made.sitting, made.meeting, "responsible_now", False)) is None
        assert [one.answer for one in held.meeting.declarations] == [False]


def test_the_senior_is_asked_for_only_where_the_meeting_before_had_no_quorum(tmp_path: Path) -> None:
    with a_conference(tmp_path, quorate=False) as first:
        assert conduct.inquorate_before(first.sitting, first.meeting) is None
        conduct.answer_quorum(first.sitting, first.meeting, conduct.WithoutQuorum.NEW_DATE, "We wait.")
        conclude(first)
        second = another(first.sitting, first.loaded().case_id, first.children, "rcpc", quorate=False)
        before = conduct.inquorate_before(second.sitting, second.meeting)
        assert before is not None
        assert before.id == first.meeting
        words = presenter.senior_words(second.kind, before)
        assert words.endswith("Who must agree: A senior manager in children's social care.")
        assert presenter.senior_words(second.kind, None).startswith("Only needed where")


def test_what_is_half_filled_in_is_read_as_it_was_written() -> None:
    half = Half("decide", "C1/x", {"reason": "Two\nlines", "option": "likely"})
    assert from_words(Half, to_words(half)) == half


def test_what_rests_on_an_open_question_says_after_which_one_it_comes() -> None:
    room = InMemory("Robin Sample").quorate()
    rows = {row[0].question.id: row[0] for row in matrix.matrix(room.meeting, kind("icpc"), PACK).cells}
    assert rows["C1"].text == "To be decided"
    assert rows["C2"].text == "Comes after C1"
    assert rows["C3"].whole.endswith("Comes after C2.")
    assert not rows["C2"].wanted
