"""The page of a case of 40 meetings, against the raw queries that bring the same rows."""

import os
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert

from app.models.action import Action
from app.models.base import uuid7
from app.models.case import Case, Child, Person
from app.models.deadline import Deadline
from app.models.event import Event, EventKind
from app.models.gap import Gap, GapState
from app.models.meeting import Meeting, Method, State, Subject
from app.models.participation import Complaint
from app.practice.words import legal_day
from app.services import cases, chronology, looking_back, meetings, participation
from app.services.sitting import Sitting
from app.ui.case.presenter import child_line, deadline_line, meeting_line, ordered, person_line
from tests.bench.row import Row, ratio_row
from tests.bench.stores import START, TEXT, a_sitting

MEETINGS, DATES_EACH, EVENTS, ACTIONS_EACH, GAPS_EACH = 40, 8, 120, 4, 2
# 500 rows in some milliseconds as they are: this keeps the page below the 200 a person takes for at once
BUDGET = 60.0


def _filled(sitting: Sitting) -> UUID:
    """Make a case of three children, four people, and what they had in some years."""
    case = cases.open_case(sitting, "BENCH-1")
    children = [cases.add_child(sitting, case.id, f"Child {n} Sample") for n in range(3)]
    for n in range(4):
        cases.add_person(sitting, case.id, f"Adult {n} Sample", relation="aunt")
    first = meetings.prepare(sitting, case.id, "strategy_initial", [child.id for child in children], planned_at=START)
    at = [START + timedelta(days=20 * n) for n in range(MEETINGS)]
    ids = [uuid7(when, os.urandom(8)) for when in at]
    held = [
        {
            "id": i, "case_id": case.id, "reference": f"BENCH-{n:03}", "type_id": "core_group", "venue": "",
            "pack_digest": first.pack_digest, "planned_at": when, "method": Method.ROOM, "reason": "",
            "state": State.SEALED, "circumstances": [], "current_item": "", "started_at": when,
            "concluded_at": when + timedelta(hours=1),
        }
        for n, (i, when) in enumerate(zip(ids, at, strict=True))
    ]  # fmt: skip
    # what a sealed meeting is about cannot be added to it any more
    opened = [{**one, "state": State.CONCLUDED} for one in held]
    seats = [
        {"id": uuid7(START, os.urandom(8)), "meeting_id": i, "child_id": child.id, "position": n}
        for i in ids for n, child in enumerate(children, 1)
    ]  # fmt: skip
    dates = [
        {
            "id": uuid7(when, os.urandom(8)), "case_id": case.id, "meeting_id": i, "child_id": children[n % 3].id,
            "limit_id": f"limit_{n}", "label": "Next core group", "due_at": when + timedelta(days=28),
            "whole_day": True, "because": TEXT, "calendar_version": "1", "met_at": when if n % 3 else None,
        }
        for i, when in zip(ids, at, strict=True) for n in range(DATES_EACH)
    ]  # fmt: skip
    events = [
        {
            "id": uuid7(START, os.urandom(8)), "case_id": case.id, "child_id": children[n % 3].id, "text": TEXT,
            "kind": EventKind.SEEN, "happened_at": START + timedelta(days=n), "whole_day": True, "alone": True,
            "noted_at": START + timedelta(days=n), "source": "Health visitor",
        }
        for n in range(EVENTS)
    ]  # fmt: skip
    actions = [
        {
            "id": uuid7(when, os.urandom(8)), "meeting_id": i, "child_id": children[n % 3].id, "item_id": "actions",
            "text": f"{TEXT} {n}", "agreed_at": when, "owner": "Blair Example", "due": legal_day(when),
            "done_at": when if n % 2 else None,
        }
        for i, when in zip(ids, at, strict=True) for n in range(ACTIONS_EACH)
    ]  # fmt: skip
    gaps = [
        {
            "id": uuid7(when, os.urandom(8)), "meeting_id": i, "child_id": None, "item_id": "gaps", "question": TEXT,
            "noticed_at": when, "owner": "", "due": None, "state": GapState.ASKED, "answer": "",
        }
        for i, when in zip(ids, at, strict=True) for n in range(GAPS_EACH)
    ]  # fmt: skip
    made = ((Meeting, opened), (Subject, seats), (Deadline, dates), (Event, events), (Action, actions), (Gap, gaps))
    with sitting.store.connection() as connection, connection.begin():
        for table, rows in made:
            connection.execute(insert(table), rows)
    return case.id


def case_page(runs: int = 40) -> Row:
    """What the page of a case of 40 meetings loads and says, against the raw queries for the same rows."""
    with a_sitting() as sitting:
        case_id = _filled(sitting)
        pack, now = sitting.pack, sitting.now()
        today = legal_day(now)

        def page() -> None:
            case = cases.load_case(sitting, case_id)
            said = [child_line(child, pack, today).text for child in case.children]
            said += [person_line(person, pack).text for person in case.people]
            said += [meeting_line(meeting, case, sitting).text for meeting in ordered(case)]
            said += [deadline_line(deadline, sitting, now).text for deadline in case.deadlines]
            said += [one.text for one in chronology.chronology(sitting, case_id)]
            said += [one.entry.text for one in looking_back.left_open(sitting, case_id)[0]]
            said += [one.about for one in participation.complaints(sitting, case_id)]
            if len(said) < MEETINGS * DATES_EACH + EVENTS:
                raise RuntimeError("the bench's own case is not all there")

        def raw() -> None:
            with sitting.store.connection() as connection:
                for table in (Case, Child, Person, Meeting, Subject, Deadline, Event, Action, Gap, Complaint):
                    connection.exec_driver_sql(f"SELECT * FROM {table.__tablename__}").all()

        return ratio_row("page of a case of 40 meetings", BUDGET, page, raw, runs)
