"""A record with a fault is refused whole: each fault is named with its path, and nothing of it is kept."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app import resources
from app.services.exchange import BadRecord, export_meeting, import_record
from app.services.sitting import Sitting
from tests.builders import a_sitting, dump, trail

Record = dict[str, Any]
SHORT = resources.folder("sample", "short.json").read_bytes()
FULL = resources.folder("sample", "full.json").read_bytes()

# composed (NFC) this is three times as long
CHANGED_BY_NFC = "\ufb2c" * 100
HOSTILE = [
    "<script>alert(1)</script> & <b>bold</b>",
    "{{7*7}} ${HOME} %(name)s {0} $who",
    '=HYPERLINK("http://example.invalid","x")',
    "@SUM(A1:A9)\t-1+1",
    "../../../../etc/passwd\\..\\windows",
    "'; DROP TABLE statement; --",
    "\u202eright to left\u202c \u200bzero\u200d width\ufeff",
    "مرحبا שלום नमस्ते 你好 😀",
    "a\u0007b\u001b[31m \u2028c",
    "x" * 20_000,
]


@pytest.fixture(scope="module")
def sitting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sitting]:
    with a_sitting(tmp_path_factory.mktemp("store")) as sitting:
        yield sitting


def refused(sitting: Sitting, content: bytes) -> BadRecord:
    """Return why the record is refused, having made sure that the store is as it was."""
    rows, entries, end = dump(sitting.store), trail(sitting.store), sitting.store.end
    with pytest.raises(BadRecord) as why:
        import_record(sitting, content)
    assert dump(sitting.store) == rows
    assert trail(sitting.store) == entries
    assert sitting.store.end == end
    sentence = str(why.value)
    assert sentence.startswith("This record cannot be taken in, so nothing was changed: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return why.value


def changed(change: Callable[[Record], object], content: bytes = SHORT) -> bytes:
    record = json.loads(content)
    change(record)
    return json.dumps(record).encode()


def put(path: str, value: Any) -> Callable[[Record], None]:
    """Return a change that puts ``value`` at a path such as ``meeting.decisions[0].child``; None takes it away."""

    def change(record: Record) -> None:
        *above, last = path.replace("]", "").replace("[", ".").split(".")
        place: Any = record
        for step in above:
            place = place[int(step)] if isinstance(place, list) else place[step]
        if value is None:
            del place[last]
        else:
            place[int(last) if isinstance(place, list) else last] = value

    return change


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "it is empty"),
        (b" \n\t ", "it is empty"),
        (SHORT[:2000], "it is not whole JSON"),
        (b"Minutes of a meeting", "it is not whole JSON: what comes at line 1, column 1 cannot be read"),
        (SHORT + SHORT, "it is not whole JSON"),
        (b"[]", "it is not a JSON object"),
        (b"null", "it is not a JSON object"),
        (SHORT.decode().encode("utf-16"), "it is not text in UTF-8"),
        (b"\xff\xfe\x00", "it is not text in UTF-8"),
        (b'{"a": 1, "a": 2}', "a name stands twice in one object"),
        (b'{"a": NaN}', "it holds a number that is not finite"),
        (b'{"a": 1e999}', "it holds a number that is not finite"),
        (b'{"a": ' + b"9" * 5000 + b"}", "it holds a number that is too long"),
        (b'{"a": ' + b"[" * 30 + b"]" * 30 + b"}", "it nests deeper than 20 levels"),
        (b'{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "it nests deeper than 20 levels"),
        (b" " * (20 * 1024 * 1024 + 1), "it is larger than 20 MiB"),
    ],
)
def test_what_is_no_record_is_refused_in_one_sentence(sitting: Sitting, content: bytes, says: str) -> None:
    assert refused(sitting, content).faults[0].sentence.startswith(says)


@pytest.mark.parametrize(
    ("path", "value", "fault", "says"),
    [
        ("format", "minutes", "format", 'is not "chairside-record"'),
        ("version", 2, "version", "is newer than 1"),
        ("version", "1", "version", "must be 1"),
        ("version", True, "version", "must be 1"),
        ("pack.id", "wales", "pack.id", 'is not "england"'),
        ("meeting.type_id", "picnic", "meeting.type_id", "names a type of meeting that the pack does not have"),
        ("case.children", [], "case.children", "must have 1 or more entries"),
        ("meeting.children", ["nobody"], "meeting.children", 'names "nobody", which is not a child of the case'),
        ("meeting.children", ["robin", "robin"], "meeting.children", 'names "robin" twice'),
        ("meeting.children", None, "meeting.children", "is missing"),
        ("meeting.decisions[3].child", None, "meeting.decisions[3].child", "is missing"),
        ("meeting.decisions[3].child", "ash", "meeting.decisions[3].child", 'names "ash", which is not a child'),
        ("meeting.decisions[0].option", "maybe", "meeting.decisions[0].option", 'names "maybe"'),
        ("meeting.decisions[0].question_id", "D99", "meeting.decisions[0].question_id", 'names "D99"'),
        ("meeting.decisions[1].question_id", "D1", "meeting.decisions[1].option", 'names "joint"'),
        ("meeting.decisions[0].grounds", ["gone"], "meeting.decisions[0].grounds", 'names "gone"'),
        ("meeting.decisions[0].reason", "", "meeting.decisions[0].reason", "must not be empty"),
        ("meeting.decisions[0].reason", " \u200b ", "meeting.decisions[0].reason", "holds nothing to read"),
        ("meeting.decisions[0].colour", "red", "meeting.decisions[0].colour", "is not a name this format knows"),
        ("meeting.decisions[0].<b>", "red", "meeting.decisions[0]", "holds a name this format does not know"),
        ("meeting.statements[0].speaker", "ghost", "meeting.statements[0].speaker", 'names "ghost"'),
        ("meeting.statements[0].item_id", "tea", "meeting.statements[0].item_id", 'names "tea"'),
        ("meeting.statements[0].kind", "rumour", "meeting.statements[0].kind", "must be one of: fact"),
        ("meeting.statements[0].text", "x" * 20_001, "meeting.statements[0].text", "has 20,001 characters"),
        ("meeting.statements[0].text", 7, "meeting.statements[0].text", "must be text"),
        ("meeting.statements[0].restricted", "no", "meeting.statements[0].restricted", "must be true or false"),
        ("meeting.statements[1].id", "marks", "meeting.statements[1].id", 'is "marks", which another one has already'),
        ("meeting.statements[0].id", "a b", "meeting.statements[0].id", "must begin with a letter or digit"),
        ("meeting.statements[0].said_at", "2026-12-10", "meeting.statements[0].said_at", "must be a moment"),
        ("meeting.statements[0].said_at", "2026-12-10T10:31:20", "meeting.statements[0].said_at", "must be a moment"),
        ("meeting.statements[0].said_at", "2026-02-30T10:31:20Z", "meeting.statements[0].said_at", "is on no calendar"),
        ("meeting.statements[0].said_at", "0001-01-01T00:00:00Z", "meeting.statements[0].said_at", "must lie between"),
        ("meeting.statements[0].said_at", "2026-12-10T09:00:00Z", "meeting.statements[0].said_at", "is outside the"),
        ("meeting.statements[0].said_at", "2026-12-10T10:49:59Z", "meeting.decisions[0].grounds", 'names "marks"'),
        ("meeting.answers[0].prompt_id", "F999", "meeting.answers[0].prompt_id", 'names "F999", a prompt'),
        ("meeting.answers[0].item_id", "close", "meeting.answers[0].item_id", 'is not "open"'),
        ("meeting.views[0].item_id", "close", "meeting.views[0].item_id", 'is not "threshold"'),
        ("meeting.views[0].question_id", "D1", "meeting.views[0].question_id", 'names "D1"'),
        ("meeting.views[0].round", 2, "meeting.views[0]", "is round 1 by the order in time, not 2"),
        ("meeting.views[0].speaker", "chair", "meeting.views[0]", "this person gives no agency view"),
        ("meeting.views[0].speaker", None, "meeting.views[0]", "A view is an agency's"),
        ("meeting.attendances[1].id", "chair", "meeting.attendances[1].id", 'is "chair"'),
        ("meeting.attendances[1].capacity", "chair", "meeting.attendances[1].capacity", "makes a second chair"),
        ("meeting.attendances[1].agency.sector", "army", "meeting.attendances[1].agency.sector", 'names "army"'),
        ("meeting.attendances[1].substitute_for", "health", "meeting.attendances[1].substitute_for", 'names "health"'),
        ("meeting.attendances[1].presences[0].left_at", "2026-12-10T10:20:00Z",
         "meeting.attendances[1].presences[0].left_at", "is before the person arrived"),
        ("meeting.attendances[1].presences[0].left_at", "2026-12-10T11:20:00Z",
         "meeting.attendances[1].presences[0]", "goes on after the meeting was concluded"),
        ("meeting.concluded_at", "2026-12-10T10:00:00Z", "meeting.concluded_at", "is not after the meeting started"),
        ("meeting.state", "prepared", "meeting.state", "does not fit the times"),
        ("meeting.visits[1].opened_at", "2026-12-10T10:30:30Z", "meeting.visits[1].opened_at", "is before the item"),
        ("meeting.visits[1].item_id", "open", "meeting.visits[1].item_id", "is the item the meeting was on already"),
        ("meeting.visits[0].item_id", "close", "meeting.visits[0].item_id", 'is not "open"'),
        ("meeting.visits[2].left_at", None, "meeting.visits[2].left_at", "is missing"),
        ("meeting.visits[0].opened_at", "2026-12-10T10:29:00Z", "meeting.visits[0].opened_at", "is not the moment"),
        ("meeting.visits[1].left_at", "2026-12-10T10:30:59Z", "meeting.visits[1].left_at", "is before the item was"),
        ("meeting.visits[2].opened_at", "2026-12-10T10:33:01Z", "meeting.visits[2].item_id", "is not the item at"),
        ("meeting.visits[16].left_at", "2026-12-10T10:49:59Z", "meeting.visits[16].left_at", "is not the moment the"),
        ("meeting.attendances[1].presences",
         [{"arrived_at": "2026-12-10T10:30:00Z"}, {"arrived_at": "2026-12-10T10:40:00Z"}],
         "meeting.attendances[1].presences[1].arrived_at", "is before the person left the time before"),
        ("meeting.venue", CHANGED_BY_NFC, "meeting", "This text has 300 characters"),
        ("meeting.circumstances", ["invite.moon"], "meeting.circumstances", 'names "invite.moon"'),
        ("meeting.gaps[0].owner", "x" * 201, "meeting.gaps[0].owner", "has 201 characters"),
        ("case.children[0].born", "2026-12-11", "case.children[0].born", "is a date of birth after the day of the"),
        ("case.children[0].born", "1999-12-31", "case.children[0].born", "is more than 26 years before the meeting"),
        ("case.children[0].born", "2026-13-01", "case.children[0].born", "is on no calendar"),
        ("case.children[0].born", "14/03/2022", "case.children[0].born", "must be a date such as"),
        ("case.children[0].sex", "unborn", "case.children[0].born", "is given for a child who is said to be unborn"),
        ("case.children[0].expected", "2026-12-20", "case.children[0].born", "is given for a child who is said to be"),
        ("case.children[0].name", " ", "case.children[0].name", "holds nothing to read"),
        ("case.people[0].born", "2027-01-01", "case.people[0].born", "is a date of birth after the day"),
        ("case.people[0].in_household", 1, "case.people[0].in_household", "must be true or false"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_path_and_nothing_is_kept(
    sitting: Sitting, path: str, value: Any, fault: str, says: str
) -> None:
    found = refused(sitting, changed(put(path, value))).faults
    assert any(f.path == fault and f.sentence.startswith(says) for f in found), [str(f) for f in found]


def test_all_faults_are_told_and_the_sentence_says_how_many(sitting: Sitting) -> None:
    def spoil(record: Record) -> None:
        for decision in record["meeting"]["decisions"]:
            decision["child"] = "nobody"
        record["meeting"]["statements"][2]["item_id"] = "tea"

    why = refused(sitting, changed(spoil))
    assert len(why.faults) == 8
    assert "(and 7 more)" in str(why)


def test_what_the_rules_refuse_is_collected_too_and_what_rests_on_it_says_nothing_more(sitting: Sitting) -> None:
    def spoil(record: Record) -> None:
        for option in ("D12", "D13"):
            one = next(d for d in record["meeting"]["decisions"] if d["question_id"] == option)
            one.pop("person", None)
            one.pop("on", None)
        record["meeting"]["gaps"][0]["owner"] = CHANGED_BY_NFC

    paths = [f.path for f in refused(sitting, changed(spoil)).faults]
    assert paths == ["meeting.gaps[0]", "meeting.decisions[5]", "meeting.decisions[6]"]


def test_what_rests_on_a_refused_entry_is_not_a_fault_of_its_own(sitting: Sitting) -> None:
    def spoil(record: Record) -> None:
        record["meeting"]["statements"][0]["source"] = "\ufb2c" * 20_000
        record["meeting"]["dissents"] = [
            {
                "item_id": "dissent", "dissenter": "police", "kind": "dissent",
                "words": "I dissent.", "risk": "\ufb2c" * 20_000,
                "raised_at": "2026-12-10T10:49:00Z", "read_back_at": "2026-12-10T10:49:30Z",
            }
        ]  # fmt: skip

    found = refused(sitting, changed(spoil)).faults
    assert [f.path for f in found] == ["meeting.statements[0]", "meeting.dissents[0]"]


def test_an_unborn_childs_date_has_to_be_near(sitting: Sitting) -> None:
    def unborn(record: Record) -> None:
        child = record["case"]["children"][0]
        del child["born"]
        child.update(sex="unborn", expected="2029-01-01")

    assert refused(sitting, changed(unborn)).faults[0].path == "case.children[0].expected"


def test_words_cannot_be_read_back_before_they_were_said(sitting: Sitting) -> None:
    content = changed(put("meeting.dissents[0].read_back_at", "2026-12-15T11:19:00Z"), FULL)
    assert refused(sitting, content).faults[0].path == "meeting.dissents[0].read_back_at"


def test_one_key_cannot_stand_for_two_agencies(sitting: Sitting) -> None:
    content = changed(put("meeting.attendances[2].agency.id", "willow-bank"), FULL)
    assert "which another agency has already" in refused(sitting, content).faults[0].sentence


def test_a_departure_without_the_chairs_reasons_is_refused(sitting: Sitting) -> None:
    content = changed(lambda record: record["meeting"]["decisions"][1].pop("departure"), FULL)
    assert refused(sitting, content).faults[0].path == "meeting.decisions[1]"


def test_a_meeting_the_rules_keep_open_is_not_taken_in_as_concluded(sitting: Sitting) -> None:
    why = refused(sitting, changed(lambda record: record["meeting"].pop("clearances"), FULL))
    assert [f.path for f in why.faults] == ["meeting.clearances", "meeting.clearances"]
    assert 'the rule "every-agency-heard" for "threshold/willow-bank/zoe"' in why.faults[0].sentence
    assert 'the rule "every-gap-owned" for "daughter"' in why.faults[1].sentence


def test_a_meeting_without_police_is_not_taken_in_as_concluded(sitting: Sitting) -> None:
    def without_police(record: Record) -> None:
        record["meeting"]["attendances"][1].pop("presences")

    sentences = [f.sentence for f in refused(sitting, changed(without_police)).faults]
    assert any('the rule "quorum" for "police"' in sentence for sentence in sentences)


def test_a_reason_for_what_no_rule_asks_is_a_fault(sitting: Sitting) -> None:
    extra = {"rule": "every-gap-owned", "subject": "nothing", "reason": "It could not be had today."}
    why = refused(sitting, changed(lambda record: record["meeting"].update(clearances=[extra])))
    assert [str(f) for f in why.faults] == ["meeting.clearances[0]: gives a reason for what no rule asks"]


def test_an_entry_of_a_meeting_that_has_not_started_is_a_fault(sitting: Sitting) -> None:
    def not_started(record: Record) -> None:
        for name in ("started_at", "concluded_at", "visits"):
            del record["meeting"][name]

    paths = {f.path for f in refused(sitting, changed(not_started)).faults}
    assert {"meeting.difference_read_at", "meeting.statements[0].said_at"} <= paths


@pytest.mark.parametrize(("state", "left"), [("adjourned", False), ("in-session", True)])
def test_a_state_that_the_last_visit_contradicts_is_a_fault(sitting: Sitting, state: str, left: bool) -> None:
    def running(record: Record) -> None:
        record["meeting"]["state"] = state
        del record["meeting"]["concluded_at"]
        if not left:
            del record["meeting"]["visits"][-1]["left_at"]

    assert [f.path for f in refused(sitting, changed(running)).faults] == ["meeting.state"]


def test_an_entry_made_during_a_break_is_a_fault(sitting: Sitting) -> None:
    content = changed(put("meeting.statements[52].said_at", "2026-12-15T10:47:00Z"), FULL)
    found = refused(sitting, content).faults
    assert found[0].path == "meeting.statements[52]"
    assert "adjourned" in found[0].sentence


def test_a_fault_never_repeats_a_name_of_the_record(sitting: Sitting) -> None:
    def spoil(record: Record) -> None:
        record["case"]["children"][0]["name"] = "Unmistakable Canary"
        record["meeting"]["attendances"][1]["name"] = "Another Canary"
        record["meeting"]["views"] = record["meeting"]["views"][:2]

    assert "Canary" not in "".join(str(f) for f in refused(sitting, changed(spoil)).faults)


def test_a_file_of_many_faults_is_told_without_end_or_delay(sitting: Sitting) -> None:
    many = {f"name{number}": number for number in range(50_000)}
    assert len(refused(sitting, changed(lambda record: record["meeting"].update(many))).faults) == 1000


def test_too_many_entries_are_refused(sitting: Sitting) -> None:
    content = changed(lambda record: record["meeting"].update(circumstances=["invite.legal"] * 101))
    assert refused(sitting, content).faults[0].sentence == "has 101 entries, and 100 is the most"


def test_hostile_text_is_kept_to_the_letter_in_every_field(tmp_path: Path) -> None:
    record = json.loads(FULL)
    texts = iter(HOSTILE * 100)
    wanted: list[tuple[Any, str, str]] = []
    names = {"name", "owner", "person", "venue", "role"}
    free = {
        "text", "reason", "question", "words", "preferred", "risk", "source", "note", "departure", "detail", "answer",
        "relation", "address", "whereabouts", "setting", "would_change", "communication",
    }  # fmt: skip

    def spoil(value: Any) -> None:
        if isinstance(value, list):
            for each in value:
                spoil(each)
        elif isinstance(value, dict):
            for name, each in value.items():
                if name in free and isinstance(each, str):
                    value[name] = next(texts)
                    wanted.append((value, name, value[name]))
                elif name in names and isinstance(each, str) and "sector" not in value:
                    value[name] = f"{each} {next(texts)}"[:150].strip()
                else:
                    spoil(each)

    spoil(record["meeting"])
    spoil(record["case"])
    assert len(wanted) > 150
    with a_sitting(tmp_path) as sitting:
        out = json.loads(export_meeting(sitting, import_record(sitting, json.dumps(record).encode()).id))
    said, kept = texts_of(record, free | names), texts_of(out, free | names)
    assert said == kept


def texts_of(value: Any, names: set[str]) -> list[str]:
    """Return every text under one of the names, but for the ones only readers are told, in an order of their own."""
    if isinstance(value, list):
        return sorted(text for each in value for text in texts_of(each, names))
    if isinstance(value, dict) and "sector" not in value:
        own = [each for name, each in value.items() if name in names and isinstance(each, str)]
        return sorted(own + [text for each in value.values() for text in texts_of(each, names)])
    return []
