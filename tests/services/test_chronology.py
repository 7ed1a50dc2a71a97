"""The chronology of a case: what happened, in whose words, and what cannot have happened so."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.models.base import Refused
from app.models.case import Sex
from app.models.event import EventKind
from app.practice.words import legal_day
from app.services import cases, chronology, disposing, exchange, retaining
from app.store import checking
from tests.builders import Clock, a_sitting
from tests.services.dated import Family, a_family, at


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    with a_family(tmp_path / "store", "Robin Sample", "Wren Sample") as made:
        yield made


def refused(family: Family, kind: EventKind, when: date, **rest: Any) -> str:
    with pytest.raises(Refused) as caught:
        family.happens(kind, when, **rest)
    assert family.sitting.pack.words("refusal", caught.value.rule) != caught.value.rule
    return caught.value.rule


def test_what_happened_is_told_the_latest_first_with_who_says_so(family: Family) -> None:
    robin = family.child.id
    family.happens(EventKind.REFERRAL, date(2026, 12, 3), source="School")
    family.happens(EventKind.SEEN, at(8, 12, 2026, 15), child=robin, alone=True, source="Social worker")
    found = chronology.chronology(family.sitting, family.case.id)
    assert [(one.kind, one.when, one.source, one.alone) for one in found] == [
        ("seen", at(8, 12, 2026, 15), "Social worker", True),
        ("referral", date(2026, 12, 3), "School", None),
    ]


def test_an_event_recorded_late_stands_where_it_happened(family: Family) -> None:
    family.happens(EventKind.INCIDENT, date(2026, 12, 8))
    family.happens(EventKind.OTHER, date(2026, 11, 2), noted=at(9, 12, 2026))
    assert [one.kind for one in chronology.chronology(family.sitting, family.case.id)] == ["incident", "other"]


def test_a_birth_names_the_child_and_clears_what_was_expected(tmp_path: Path) -> None:
    with a_family(tmp_path / "store", "Unborn Sample", born=None) as family:
        family.happens(EventKind.BIRTH, date(2027, 1, 11), name="Robin Sample")
        (child,) = cases.load_case(family.sitting, family.case.id).children
        assert (child.name, child.born, child.expected) == ("Robin Sample", date(2027, 1, 11), None)
        assert child.sex is Sex.NOT_RECORDED
        (told,) = chronology.chronology(family.sitting, family.case.id)
        assert told.text.endswith("The name recorded until then: Unborn Sample.")


def test_a_change_of_name_keeps_the_earlier_one_in_the_chronology(family: Family) -> None:
    cases.change_child(family.sitting, family.child.id, known_as="Rob")
    family.happens(EventKind.NAME_CHANGED, date(2026, 12, 9), child=family.child.id, name="Robin Foster")
    child = cases.load_case(family.sitting, family.case.id).children[0]
    assert (child.name, child.known_as) == ("Robin Foster", "")
    (told,) = chronology.chronology(family.sitting, family.case.id)
    assert "Robin Sample" in told.text


def test_a_child_who_turned_18_is_in_the_chronology_by_itself(tmp_path: Path) -> None:
    with a_family(tmp_path / "store", born=date(2009, 1, 4)) as family:
        family.clock.at = at(4, 1)
        (told,) = chronology.chronology(family.sitting, family.case.id)
        assert (told.id, told.kind, told.when) == (None, "turned-18", date(2027, 1, 4))


def test_what_cannot_have_happened_is_refused_in_one_sentence(family: Family) -> None:
    robin = family.child.id
    assert refused(family, EventKind.INCIDENT, date(2027, 5, 1), noted=at(9, 12, 2026)) == "event.in-future"
    assert refused(family, EventKind.BIRTH, date(2026, 12, 1)) == "event.child-missing"
    assert refused(family, EventKind.SEEN, date(2021, 5, 1), child=robin, noted=at(9, 12, 2026)) == "event.before-birth"
    assert refused(family, EventKind.NAME_CHANGED, date(2026, 12, 2), child=robin) == "event.name-missing"
    assert refused(family, EventKind.OTHER, date(2026, 12, 2), child=family.case.id) == "event.unknown-child"
    family.happens(EventKind.DIED, date(2026, 12, 3), child=robin)
    assert refused(family, EventKind.SEEN, date(2026, 12, 4), child=robin) == "event.after-death"
    with pytest.raises(Refused, match=r"event\.text-missing"):
        chronology.record_event(family.sitting, family.case.id, EventKind.OTHER, " ", date(2026, 12, 1))
    assert [one.kind for one in chronology.chronology(family.sitting, family.case.id)] == ["died"]


def test_an_entry_that_was_built_upon_is_not_taken_back(family: Family) -> None:
    renamed = family.happens(EventKind.NAME_CHANGED, date(2026, 12, 9), child=family.child.id, name="Robin Foster")
    cases.change_child(family.sitting, family.child.id, name="Robin Carer")
    with pytest.raises(Refused, match=r"event\.built-upon"):
        chronology.take_back(family.sitting, renamed.id)
    assert cases.load_case(family.sitting, family.case.id).children[0].name == "Robin Carer"


def test_the_chronology_goes_with_its_case(family: Family) -> None:
    family.happens(EventKind.POLICE_PROTECTION, at(10, 12, 2026, 22), child=family.child.id)
    retaining.close_case(family.sitting, family.case.id, date(2026, 12, 10))
    family.clock.at = at(10, 12, 2060)
    disposing.dispose(family.sitting, family.case.id, "SAMPLE-1", earlier="It was a trial of the program.")
    with family.sitting.store.connection() as connection:
        for table in ("event", "deadline", "recalculation"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0
    assert list(checking.findings(family.sitting.store)) == []


def test_a_record_carries_the_chronology_and_its_dates_are_counted_again_where_it_comes_in(tmp_path: Path) -> None:
    with a_family(tmp_path / "one", "Unborn Sample", born=None) as family:
        family.happens(EventKind.REFERRAL, date(2026, 12, 3), source="School")
        meeting = family.hold("icpc_prebirth", at(10, 12, 2026), {"C1": "likely", "C2": "plan", "C6": "on"})
        family.happens(EventKind.BIRTH, date(2027, 1, 11), name="Robin Sample")
        family.happens(EventKind.SEEN, at(12, 1, hour=15), child=family.child.id, alone=False)
        told = chronology.chronology(family.sitting, family.case.id)
        due = family.due("rcpc_unborn_A")
        content = exchange.export_meeting(family.sitting, meeting.id)
    clock = Clock(at(20, 1))
    with a_sitting(tmp_path / "two", clock) as sitting:
        taken = exchange.import_record(sitting, content)
        found = chronology.chronology(sitting, taken.case_id)
        assert [(e.kind, e.when, e.text, e.source, e.alone) for e in found] == [
            (e.kind, e.when, e.text, e.source, e.alone) for e in told
        ]
        (child,) = cases.load_case(sitting, taken.case_id).children
        assert (child.name, child.born) == ("Robin Sample", date(2027, 1, 11))
        moved = next(d for d in cases.dates_due(sitting) if d.limit_id == "rcpc_unborn_A")
        assert legal_day(moved.due_at) == due == date(2027, 2, 8)
        assert len(moved.recalculations) == 1


def test_a_record_of_one_child_tells_nothing_that_happened_to_another(family: Family) -> None:
    robin, wren = family.children
    family.happens(EventKind.OTHER, date(2026, 12, 3), child=wren.id, source="Canary of Wren")
    family.happens(EventKind.OTHER, date(2026, 12, 3), child=robin.id, source="Canary of Robin")
    meeting = family.hold("strategy_initial", at(10, 12, 2026))
    whole, alone = (exchange.export_meeting(family.sitting, meeting.id, child) for child in (None, robin.id))
    assert b"Canary of Wren" in whole
    assert b"Canary of Robin" in alone
    assert b"Canary of Wren" not in alone
