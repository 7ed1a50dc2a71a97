"""The record of one child says nothing of the others: not their names, not what was said of them or by them."""

import copy
import re
from typing import Any

import pytest

from app import resources
from app.sharing.faults import faults
from app.sharing.one_child import ANOTHER, of_one_child
from app.sharing.record import from_bytes, to_bytes
from app.sharing.wording import departures
from tests.builders import national_pack

AT = "2026-12-10T10:40:00Z"
CANARY = "Quixotic-Heliotrope"


def record() -> dict[str, Any]:
    return {
        "format": "chairside-record",
        "version": 1,
        "pack": {"id": "england", "version": "2026.1"},
        "case": {
            "reference": "SAMPLE-1",
            "children": [
                {"id": "robin", "name": "Robin Sample", "born": "2021-05-04"},
                {"id": "wren", "name": "Wren O'Sample", "known_as": "Birdie", "born": "2020-01-02", "gp": CANARY},
            ],
            "people": [{"name": "Sam Sample", "relation": "Mother of Robin and WREN", "note": "Calls wren's GP."}],
        },
        "meeting": {
            "reference": "CM-1", "type_id": "icpc", "planned_at": AT, "started_at": AT, "children": ["robin", "wren"],
            "reason": "Birdie and Robin were seen alone; Wren O'Sample said so.",
            "attendances": [
                {"id": "chair", "name": "Ash Example", "capacity": "chair"},
                {"id": "self", "name": "Wren", "capacity": "child"},
                {"id": "own", "name": "Robin", "capacity": "child"},
            ],
            "statements": [
                {"id": "s1", "item_id": "agencies", "said_at": AT, "text": f"{CANARY} fell.", "child": "wren"},
                {"id": "s2", "item_id": "agencies", "said_at": AT, "text": f"{CANARY} hurts.", "speaker": "self"},
                {"id": "s3", "item_id": "agencies", "said_at": AT, "text": "Robin hid behind Wren.", "speaker": "own"},
                {"id": "s4", "item_id": "agencies", "said_at": AT, "text": "Both were tired.", "speaker": "chair"},
            ],
            "decisions": [
                {"id": "d1", "question_id": "C6", "child": "wren", "option": "on", "reason": CANARY, "decided_at": AT},
                {
                    "id": "d2", "question_id": "C6", "child": "robin", "option": "on", "reason": "As Birdie's.",
                    "decided_at": AT, "grounds": ["s1", "s3", "s4"], "witnesses": ["chair", "self"],
                    "likeness": {"child": "wren", "differs": "He is younger than Wren."},
                },
            ],
            "clearances": [
                {"rule": "every-child-decided", "subject": "C1/wren", "reason": CANARY},
                {"rule": "decided-inquorate", "subject": "d1", "reason": CANARY},
                {"rule": "every-child-decided", "subject": "C1/robin", "reason": "He is at the hospital."},
            ],
        },
    }  # fmt: skip


def test_nothing_of_a_sibling_is_in_the_record_of_one_child() -> None:
    whole = record()
    before = copy.deepcopy(whole)
    found = of_one_child(whole, "robin")
    written = to_bytes(found).decode().casefold()
    for name in ("wren", "birdie", "o'sample", CANARY.casefold()):
        assert name not in written
    assert whole == before
    assert found["one_child"] == "robin"
    assert departures(found) == []


def test_what_is_about_the_child_or_about_all_of_them_stays() -> None:
    found = of_one_child(record(), "robin")
    meeting = found["meeting"]
    assert [child["id"] for child in found["case"]["children"]] == meeting["children"] == ["robin"]
    assert [said["text"] for said in meeting["statements"]] == [f"Robin hid behind {ANOTHER}.", "Both were tired."]
    assert meeting["reason"] == f"{ANOTHER} and Robin were seen alone; {ANOTHER} said so."
    decision = meeting["decisions"][0]
    assert (decision["grounds"], decision["witnesses"]) == (["s3", "s4"], ["chair"])
    assert decision["likeness"] == {"differs": f"He is younger than {ANOTHER}."}
    assert [person["id"] for person in meeting["attendances"]] == ["chair", "own"]
    assert [cleared["subject"] for cleared in meeting["clearances"]] == ["C1/robin"]


def test_a_name_both_children_have_is_no_secret_of_the_other() -> None:
    whole = record()
    whole["case"]["children"][1]["name"] = "Wren Sample"
    found = of_one_child(whole, "robin")
    assert found["case"]["children"][0]["name"] == "Robin Sample"
    assert found["case"]["people"][0]["name"] == "Sam Sample"


def test_a_part_of_a_joined_name_is_a_name_too_unless_this_child_has_it() -> None:
    whole = record()
    whole["case"]["children"][0]["name"] = "Robin Ashe-Sample"
    whole["case"]["children"][1]["name"] = "Anna-Lena Ashe-Tree"
    whole["meeting"]["reason"] = "Anna was seen; Robin Ashe-Sample too, with Lena and the Trees."
    found = of_one_child(whole, "robin")
    assert found["case"]["children"][0]["name"] == "Robin Ashe-Sample"
    expected = f"{ANOTHER} was seen; Robin Ashe-Sample too, with {ANOTHER} and the Trees."
    assert found["meeting"]["reason"] == expected


def test_twins_of_one_name_each_have_a_record_of_their_own() -> None:
    whole = record()
    whole["case"]["children"][1] = {**whole["case"]["children"][0], "id": "wren"}
    found = of_one_child(whole, "robin")
    assert [child["id"] for child in found["case"]["children"]] == ["robin"]
    assert CANARY not in to_bytes({k: v for k, v in found["meeting"].items() if k == "decisions"}).decode()


@pytest.mark.parametrize("child", [0, 1])
def test_the_sample_with_two_children_gives_a_sound_record_of_each(child: int) -> None:
    whole = from_bytes(resources.folder("sample", "full.json").read_bytes())
    children = whole["case"]["children"]
    other = children[1 - child]
    found = of_one_child(whole, children[child]["id"])
    assert departures(found) == []
    written = to_bytes(found).decode()
    shared = set(re.split("[ -]", children[child]["name"]))
    for word in set(other["name"].split()) - shared:
        assert word not in written


def test_a_record_of_one_child_is_not_taken_in_as_if_it_were_whole() -> None:
    found = faults(of_one_child(record(), "robin"), national_pack())
    assert [(fault.path, "one child alone" in str(fault)) for fault in found] == [("one_child", True)]
