"""What is wrong in the files on limits, chairs, law, participation, plans and documents is told with its place."""

import pytest

from app.practice.reading import BadPack, files_of, read_files, read_kept
from app.resources import folder

NATIONAL = files_of(folder("packs", "england"))

CASES = [
    ("limits.toml", 'trigger = "Conference"\n', "", "trigger: is missing"),
    ("limits.toml", 'trigger = "Conference"', 'trigger = ""', "trigger: must not be empty"),
    (
        "limits.toml",
        'starts = "event"\n',
        "",
        "event: is for a limit that starts with an event; this one starts with elsewhere",
    ),
    (
        "limits.toml",
        '\nevent = "birth"',
        "",
        "event: is missing: a limit that starts with an event must say with which",
    ),
    ("limits.toml", '\nevent = "birth"', '\nevent = "party"', "event: is not a name the program knows"),
    ("limits.toml", 'direction = "before"\n', "", "direction: must be before: the limit is counted back"),
    (
        "limits.toml",
        'when = [{ decision = "D5", options = ["planned"] }]\n',
        "",
        "when: is missing: a limit that starts with",
    ),
    (
        "limits.toml",
        'id = "s47_icpc"',
        'id = "s47_lost"',
        'starts: can never start: no meeting type names "s47_lost"',
    ),
    ("limits.toml", 'decision = "D5"', 'decision = "D55"', 'names the decision "D55", unknown'),
    ("chairs.toml", "default = true\n", "", "key models: must hold one model that is the default"),
    ("chairs.toml", 'if_yes = "block"', 'if_yes = "stop"', "key models[2].declarations[2].if_yes: is not a name"),
    ("chairs.toml", 'id = "led_enquiry"', 'id = "case_holder"', 'holds the id "case_holder" 2 times'),
    (
        "chairs.toml",
        '    says = "The chair manages whoever made the enquiry."\n',
        "",
        "declarations[2].says: is missing",
    ),
    ("flags.toml", 'id = "macpt"', 'id = "fgdm"', 'key flags: holds the id "fgdm" 2 times'),
    ("chairs.toml", 'flag = "macpt"', 'flag = "law"', 'key models[3].flag: names the flag "law", unknown'),
    ("flags.toml", 'id = "macpt"', 'id = "other"', "key flags[2]: is named by no decision and no model of a chair"),
    ("flags.toml", 'state = "enacted, not shown as in force"\n', "", "key flags[1].state: is missing"),
    ("participation.toml", 'limit = "parent_complaint"', 'limit = "soon"', 'names the time limit "soon", unknown'),
    (
        "participation.toml",
        'limit = "parent_complaint"\n',
        "",
        "key routes[2].within: is missing: a stage says by when",
    ),
    ("participation.toml", 'id = "welfare"', 'id = "conflict"', 'key grounds: holds the id "conflict" 2 times'),
    ("plan.toml", "months = 18", "months = 12", "key ages: must stand in the order of their months"),
    ("plan.toml", 'term = "asap"', 'term = "Ongoing"', 'key vague: holds the word "ongoing" 2 times'),
    ("plan.toml", 'level = "black"', 'level = "blue"', "key ages[3].level: is not a name the program knows"),
    ("distribution.toml", 'parents = "-", ', "", "gives.parents: is missing"),
    ("distribution.toml", 'absent = "F"', 'absent = "X"', "gives.absent: is not a name the program knows"),
    (
        "distribution.toml",
        "only_if = { absent",
        "only_if = { parents",
        "only_if.parents: is for somebody who is given something",
    ),
    ("distribution.toml", 'source = ["I", "SUSX-STRAT"]', 'source = ["NOBODY"]', 'names the source "NOBODY", unknown'),
    (
        "pack.toml",
        '"strategy_review",',
        '"strategy_lost",',
        'key order[2]: names the meeting type "strategy_lost", unknown',
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "expected"), CASES)
def test_a_fault_is_told_with_its_file_its_place_and_its_reason(name: str, old: str, new: str, expected: str) -> None:
    text = NATIONAL[name].decode()
    assert old in text
    with pytest.raises(BadPack) as bad:
        read_files({**NATIONAL, name: text.replace(old, new, 1).encode()})
    told = [str(finding) for finding in bad.value.findings]
    assert any(expected in sentence for sentence in told), told


@pytest.mark.parametrize("name", ["chairs.toml", "flags.toml", "distribution.toml"])
def test_a_name_in_a_file_that_could_not_be_understood_is_not_called_unknown(name: str) -> None:
    with pytest.raises(BadPack) as bad:
        read_files({**NATIONAL, name: b"x = "})
    assert [finding.file for finding in bad.value.findings] == [name]


def test_a_pack_kept_before_these_files_were_known_still_reads() -> None:
    new = ("chairs.toml", "flags.toml", "participation.toml", "plan.toml", "distribution.toml")
    older = {name: content for name, content in NATIONAL.items() if name not in new}
    older = {n: c for n, c in older.items() if not n.startswith("meetings/") or n == "meetings/strategy_initial.toml"}
    older["pack.toml"] = older["pack.toml"].split(b"order")[0]
    pack = read_kept(older)
    assert [kind.id for kind in pack.meeting_types] == ["strategy_initial"]
    assert pack.chair_models == pack.flags == pack.documents == ()
    assert pack.plan.most_actions is None
