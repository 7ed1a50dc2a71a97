"""The form of a record: equal records are equal bytes, and the page, the schema and the program say the same."""

import json
import re
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import resources
from app.models import meeting as meeting_models
from app.models.attendance import Authority, Capacity, Invitation
from app.models.case import Responsibility, Sex
from app.models.dissent import DissentKind
from app.models.gap import GapState
from app.models.plan import Carrier, Done, Standing
from app.models.statement import Kind
from app.sharing.course import ENTRIES
from app.sharing.faults import faults
from app.sharing.record import DEEPEST, FIELDS, LARGEST, Unreadable, from_bytes, to_bytes
from app.sharing.wording import place
from tests.builders import national_pack

SCHEMA = json.loads(resources.folder("docs", "formats", "record-1.schema.json").read_text("utf-8"))
PAGE = resources.folder("docs", "formats", "record.md").read_text("utf-8")
NAMES = {
    "Case": "case", "Meeting": "meeting", "ClosingReason": "clearance", "Minutes": "sealed",
    "QuorumAnswer": "quorum_answer",
    "DangerStatement": "danger_statement", "BottomLine": "bottom_line", "CoreMember": "core_member",
}  # fmt: skip


def part(name: str) -> dict[str, Any]:
    """Return the part of the schema that describes a mapped class."""
    known = NAMES.get(name, name.lower())
    found: dict[str, Any] = SCHEMA["properties"].get(known) or SCHEMA["$defs"][known]
    return found


@pytest.mark.parametrize("name", ["short", "full"])
def test_a_sample_has_no_fault(name: str) -> None:
    record = from_bytes(resources.folder("sample", f"{name}.json").read_bytes())
    assert faults(record, national_pack()) == []


def test_the_schema_is_one_and_lets_nothing_unknown_in() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def bounded(value: Any) -> None:
        if isinstance(value, dict):
            if value.get("type") == "object":
                assert value["additionalProperties"] is False
            if value.get("type") == "array":
                assert value["maxItems"] <= 10_000
            if value.get("type") == "string":
                assert value.get("maxLength", 0) <= 20_000
                assert {"maxLength", "pattern", "enum"} & value.keys()
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            bounded(each)

    bounded(SCHEMA)


@pytest.mark.parametrize("kind", sorted(FIELDS, key=lambda kind: kind.__name__))
def test_the_schema_knows_every_field_that_goes_out(kind: type) -> None:
    assert set(FIELDS[kind]) <= part(kind.__name__)["properties"].keys()


@pytest.mark.parametrize(
    ("where", "kind"),
    [
        ("child.sex", Sex),
        ("person.responsibility", Responsibility),
        ("attendance.capacity", Capacity),
        ("attendance.authority", Authority),
        ("attendance.invitation", Invitation),
        ("statement.kind", Kind),
        ("gap.state", GapState),
        ("plan.standing", Standing),
        ("step.carrier", Carrier),
        ("progress.done", Done),
        ("dissent.kind", DissentKind),
        ("meeting.state", meeting_models.State),
        ("meeting.method", meeting_models.Method),
    ],
)
def test_the_schema_knows_every_choice_the_record_has(where: str, kind: Any) -> None:
    name, field = where.split(".")
    assert part(name)["properties"][field]["enum"] == [choice.value for choice in kind]


def test_every_list_of_entries_has_its_moment_in_the_schema() -> None:
    for name, (moment, text) in ENTRIES.items():
        listed = SCHEMA["properties"]["meeting"]["properties"][name]["items"]["$ref"]
        required = SCHEMA["$defs"][listed.rpartition("/")[2]]["required"]
        assert {moment, text} <= set(required)


def test_the_page_tells_of_every_part_and_every_field() -> None:
    for name, described in {**SCHEMA["$defs"], **SCHEMA["properties"]}.items():
        if described.get("type") == "object":
            rows = set(re.findall(r"^\| `(\w+)`", section_of(name), re.MULTILINE))
            assert rows == described["properties"].keys(), name


def section_of(name: str) -> str:
    found = re.search(rf"^#+ .*`{name}`.*\n((?:(?!#).*\n)*)", PAGE, re.MULTILINE)
    assert found, f"the page has no part on {name}"
    return found[1]


def test_the_example_on_the_page_has_no_fault() -> None:
    example = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert example
    assert faults(from_bytes(example[1].encode()), national_pack()) == []


def test_equal_records_are_equal_bytes_and_text_stays_readable() -> None:
    written = '{\n  "a": "Zoë",\n  "b": 1\n}\n'.encode()
    assert to_bytes({"b": 1, "a": "Zoë"}) == written
    assert to_bytes({"a": "Zoë", "b": 1}) == written


def test_a_path_counts_the_entries_of_a_list_from_nought() -> None:
    assert place(["meeting", "decisions", 3, "child"]) == "meeting.decisions[3].child"


def test_a_mark_at_the_beginning_that_some_editors_add_does_no_harm() -> None:
    assert from_bytes(b"\xef\xbb\xbf{}") == {}


def test_a_record_may_nest_as_deep_as_it_is_allowed_to() -> None:
    lists = DEEPEST - 1
    assert from_bytes(b'{"a": ' + b"[" * lists + b"]" * lists + b"}")
    with pytest.raises(Unreadable, match="nests deeper"):
        from_bytes(b'{"a": ' + b"[" * (lists + 1) + b"]" * (lists + 1) + b"}")


def test_the_largest_file_is_read() -> None:
    frame = len(b'{"a": ""}')
    assert from_bytes(b'{"a": "' + b"x" * (LARGEST - frame) + b'"}')


@given(st.binary(max_size=200))
def test_any_bytes_are_a_record_or_are_refused(content: bytes) -> None:
    try:
        found: object = from_bytes(content)
    except Unreadable as why:
        found = {"why": str(why)}
    assert isinstance(found, dict)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_a_sample_with_anything_anywhere_has_faults_or_none_but_is_never_not_understood(data: st.DataObject) -> None:
    record: Any = from_bytes(resources.folder("sample", "short.json").read_bytes())
    spot: Any = record
    for _ in range(data.draw(st.integers(1, 6))):
        keys = sorted(spot) if isinstance(spot, dict) else list(range(len(spot)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(spot[key], dict | list) or data.draw(st.booleans()):
            spot[key] = data.draw(JSON)
            break
        spot = spot[key]
    for fault in faults(record, national_pack()):
        assert fault.sentence
        assert fault.sentence != "is not understood"
