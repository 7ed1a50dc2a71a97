"""All dates across the cases: what is late, soon and later, what was done, and the calendar file."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.models.base import Refused
from app.models.event import EventKind
from app.services import cases, diary
from app.services.diary import Dated, Group
from tests.services.dated import Family, a_family, at


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    with a_family(tmp_path / "store") as made:
        made.hold("strategy_initial", at(10, 12, 2026), {"D2": "joint"})
        yield made


def of(family: Family, limit: str) -> Dated:
    label = family.sitting.pack.time_limit(limit)
    assert label is not None
    (found,) = [one for one in diary.dates_of_all(family.sitting) if one.label == label.label]
    return found


def test_dates_are_late_soon_later_or_done(family: Family) -> None:
    family.clock.at = at(12, 12, 2026)
    assert of(family, "strat_record").group is Group.LATE
    assert of(family, "s47_icpc").group is Group.LATER
    family.clock.at = at(28, 12, 2026)
    assert of(family, "s47_icpc").group is Group.SOON
    diary.keep(family.sitting, of(family, "strat_record").id, date(2026, 12, 14))
    kept = of(family, "strat_record")
    assert (kept.group, kept.kept_on) == (Group.DONE, date(2026, 12, 14))
    assert diary.line_of(kept, family.sitting.now()).endswith("done on 14 December 2026, 3 days late")
    assert [one.group for one in diary.dates_of_all(family.sitting)] == [Group.SOON, Group.DONE]
    diary.not_kept(family.sitting, kept.id)
    assert of(family, "strat_record").group is Group.LATE


def test_nothing_is_done_in_the_future(family: Family) -> None:
    with pytest.raises(Refused, match=r"date\.in-future"):
        diary.keep(family.sitting, of(family, "strat_record").id, date(2028, 1, 1))


def test_a_date_after_the_child_turned_18_need_not_be_kept_and_says_why(tmp_path: Path) -> None:
    with a_family(tmp_path / "store", born=date(2008, 12, 20)) as family:
        family.hold("strategy_initial", at(10, 12, 2026), {"D2": "joint"})
        assert of(family, "s47_icpc").group is Group.LATER
        family.clock.at = at(20, 12, 2026)
        grown = of(family, "s47_icpc")
        assert grown.group is Group.DONE
        assert "because Robin turned 18 on 20 December 2026" in diary.why_of(grown)
        assert re.search(r"Where this comes from: .+\. .+\. Reviewed \d+ \w+ 20\d\d\.", diary.why_of(grown))
        assert [one.label for one in diary.next_dates(family.sitting)] == [of(family, "strat_record").label]


def test_a_date_that_was_let_go_is_not_made_open_again(family: Family) -> None:
    family.happens(EventKind.DIED, date(2026, 12, 14), child=family.child.id)
    gone = of(family, "s47_icpc")
    assert diary.line_of(gone, family.sitting.now()).endswith("need not be kept any more")
    with pytest.raises(Refused, match=r"date\.let-go"):
        diary.not_kept(family.sitting, gone.id)


def test_the_calendar_names_cases_and_no_child(family: Family, tmp_path: Path) -> None:
    out = tmp_path / "dates.ics"
    diary.give_out(family.sitting, diary.dates_of_all(family.sitting), out)
    lines = out.read_bytes().decode().replace("\r\n ", "").split("\r\n")
    assert "SUMMARY:Initial child protection conference (SAMPLE-1)" in lines
    assert "DTSTART;VALUE=DATE:20270105" in lines
    assert not any("Robin" in line for line in lines)
    with family.sitting.store.connection() as connection:
        kinds = connection.exec_driver_sql("SELECT kind FROM audit_entry WHERE case_id IS NOT NULL").scalars().all()
    assert kinds[-1] == "dates.exported"


def test_the_date_of_a_child_says_which_of_two_of_one_name_it_is_for(family: Family) -> None:
    about = next(one.child for one in diary.dates_of_all(family.sitting) if one.child)
    case_id = diary.dates_of_all(family.sitting)[0].case_id
    cases.add_child(family.sitting, case_id, f"{about} Namesake")
    told = {one.child for one in diary.next_dates(family.sitting)} - {""}
    assert about not in told
    assert all(name.startswith(f"{about} ") for name in told)
    assert any(f"{about} " in diary.line_of(one, family.sitting.now()) for one in diary.next_dates(family.sitting))
