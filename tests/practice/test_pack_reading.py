"""What happens to packs that are not as they should be, and how a meeting type is added."""

import json
import os
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.practice.checking import check, report, rules
from app.practice.reading import LARGEST_FILE, MOST_FILES, BadPack, files_of, read_files, read_kept, read_pack
from app.resources import folder

ENGLAND: Path = folder("packs", "england")
STRATEGY = "meetings/strategy_initial.toml"
OUT_OF_HOURS = "meetings/strategy_ooh.toml"

A_SECOND_TYPE = """
id = "unit_advice"
label = "Advice from the unit"
short = "Advice"
purpose = "Another team asks the unit for advice. <b>{{ 7 * 7 }}</b> $HOME %s"
convened_by = "The unit"
chaired_by = "A member of the unit"
distribution = "The one who asked.\\nThe unit."
closing = ["every-gap-owned"]

[defaults]
authority = "app_default"
source = ["I"]
reviewed = 2026-11-01

[quorum]
id = "unit_advice.quorum"
label = "The unit"
all_of = ["unit"]
[quorum.if_inquorate]
mark = "Provisional - inquorate"
reconvene_limit = "strat_reconvene_inquorate"

[[agenda]]
id = "open"
title = "Open"
minutes = 5
purpose = "Hear the question."
speakers = ["all"]
[[agenda.prompts]]
id = "advice.question"
text = "What is the question?"

[[agenda]]
id = "advice"
title = "Advice"
minutes = 10
purpose = "Give advice."
decisions = ["D1"]

[[decisions]]
id = "D1"
question = "Does the family belong on a child protection pathway?"
options = [{ id = "yes", label = "Yes" }, { id = "no", label = "No" }]
"""


@pytest.fixture
def files() -> dict[str, bytes]:
    return files_of(ENGLAND)


def refused(files: dict[str, bytes]) -> list[str]:
    with pytest.raises(BadPack) as bad:
        read_files(files)
    return [str(finding) for finding in bad.value.findings]


def changed(files: dict[str, bytes], name: str, old: str, new: str) -> dict[str, bytes]:
    text = files[name].decode()
    assert old in text
    return {**files, name: text.replace(old, new, 1).encode()}


def test_a_meeting_type_is_added_as_one_file(tmp_path: Path, files: dict[str, bytes]) -> None:
    (tmp_path / "meetings").mkdir()
    for name, content in {**files, "meetings/unit_advice.toml": A_SECOND_TYPE.encode()}.items():
        (tmp_path / name).write_bytes(content)
    pack = read_pack(tmp_path)
    added = pack.meeting_type("unit_advice")
    assert added is not None
    assert added.number("advice") == 2
    assert added.agenda[0].authority == "app_default"
    assert "<b>{{ 7 * 7 }}</b> $HOME %s" in added.purpose
    ids = [line.id for line in rules(pack)]
    assert len(set(ids)) == len(ids)
    assert {"strategy_initial.decision.D1", "unit_advice.decision.D1", "D2", "advice.question"} <= set(ids)


def test_a_copy_of_a_meeting_type_under_another_id_reads(files: dict[str, bytes]) -> None:
    copy = files[STRATEGY].replace(b'id = "strategy_initial"', b'id = "strategy_copy"', 1)
    pack = read_files({**files, "meetings/strategy_copy.toml": copy})
    ordered = [meeting.id for meeting in pack.meeting_types]
    assert (ordered[0], ordered[-1]) == ("strategy_initial", "strategy_copy")
    ids = [line.id for line in rules(pack)]
    assert len(set(ids)) == len(ids)


CASES = [
    (STRATEGY, 'decision = "D1"', 'decision = "D0"', 'key views[1].decision: names the decision "D0", unknown'),
    (
        STRATEGY,
        '{ decision = "D2"',
        '{ decision = "D0"',
        'key decisions[3].required_when[1].decision: names the decision "D0"',
    ),
    (
        "meetings/strategy_initial.toml",
        'id = "D1"\n',
        'id = "D1"\nper_child = false\n',
        "key views[1].decision: must be one for each child, as the views are: D1 is decided once for all",
    ),
    (
        STRATEGY,
        'id = "D2"\n',
        'id = "D2"\nper_child = false\n',
        "key decisions[2].per_child: must be decided for each child: work for a child follows from it",
    ),
    (OUT_OF_HOURS, 'time_limits = ["strat_ooh_follow_up"]', "", "follow_up.limit: must be one of the time limits"),
    (OUT_OF_HOURS, 'fixes = ["strat_ooh_follow_up"]', "fixes = []", "must be one that fixes strat_ooh_follow_up"),
    (
        OUT_OF_HOURS,
        'by the person named", needs = ["date", "person"]',
        'by the person named", needs = ["person"]',
        "key follow_up.fixed_by[1].options: must each need a date",
    ),
    (
        "meetings/legal_planning.toml",
        'roles = ["lawyer"]',
        'roles = ["judge"]',
        'key quorum.posts[3].roles[1]: names the role "judge", unknown',
    ),
    (
        "meetings/legal_planning.toml",
        'roles = ["team_manager", "head_of_service", "mash_manager"]',
        "",
        "key quorum.posts[2].roles: is missing: say by which role, or of which kind",
    ),
    ("calendar.toml", "removed = []", "removed = [2015-12-25]", "key removed: must hold days from first to last only"),
    ("wording.toml", "$reference", "$ 5", "needs $$ where a dollar sign is meant"),
    (
        "limits.toml",
        'starts = "expected"',
        'starts = "decision"',
        "starts: must be expected or elsewhere for a limit in gestation-weeks",
    ),
    (
        STRATEGY,
        "minutes = 4",
        'minutes = "four"',
        'key agenda[2].minutes: must be a whole number of minutes (in "concern")',
    ),
    (STRATEGY, "minutes = 4", "minutes = -4", "key agenda[2].minutes: must be 0 or more"),
    (STRATEGY, "minutes = 4", "minutes = true", "key agenda[2].minutes: must be a whole number of minutes"),
    (
        STRATEGY,
        '    "quorum",',
        '    "quorate",',
        "key closing[1]: is not a name the program knows; known are quorum, every-",
    ),
    (STRATEGY, '    "quorum",', '    "every-agency-heard",', 'key closing: holds the id "every-agency-heard" 2 times'),
    (STRATEGY, 'title = "Open"', 'titel = "Open"', 'key agenda[1].titel: is not known here (in "open")'),
    (STRATEGY, 'title = "Open"', "", 'key agenda[1].title: is missing (in "open")'),
    (STRATEGY, 'title = "Open"', 'title = ""', "key agenda[1].title: must not be empty"),
    (STRATEGY, 'title = "Open"', 'title = "\\u0007"', "holds the invisible character U+0007"),
    (STRATEGY, 'title = "Open"', 'title = "\\u202e"', "holds the invisible character U+202E"),
    (STRATEGY, "reviewed = 2026-11-01", "reviewed = 5", "key defaults.reviewed: must be a date such as 2026-11-01"),
    (STRATEGY, "reviewed = 2026-11-01", 'reviewed = "soon"', "key defaults.reviewed: must be a date"),
    (STRATEGY, "reviewed = 2026-11-01", "reviewed = 2026-02-30", "line 63: is not TOML: Invalid date or datetime"),
    (STRATEGY, "reviewed = 2026-11-01", "", "is missing"),
    (
        STRATEGY,
        'authority = "app_default"',
        'authority = "law"',
        "key defaults.authority: is not a name the program knows",
    ),
    (STRATEGY, "[quorum]", "[quorum", "is not TOML"),
    (
        STRATEGY,
        '"csc", "police", "health"',
        '"csc", "police", "fun"',
        'key quorum.all_of[3]: names the sector or kind "fun", unknown',
    ),
    (
        STRATEGY,
        '["D4", "D13"]',
        '["D44", "D13"]',
        'key quorum.if_inquorate.allowed_decisions[1]: names the decision "D44", unknown',
    ),
    (
        STRATEGY,
        'reconvene_limit = "strat_reconvene_inquorate"',
        'reconvene_limit = "some_day"',
        'key quorum.if_inquorate.reconvene_limit: names the time limit "some_day"',
    ),
    (STRATEGY, '    "s47_icpc",', '    "s47",', 'key time_limits[4]: names the time limit "s47", unknown'),
    (
        STRATEGY,
        'views = ["threshold"]',
        'views = ["thresh"]',
        'key agenda[11].views[1]: names the view "thresh", unknown',
    ),
    (STRATEGY, 'views = ["threshold"]', "", 'key views: "threshold" must be on one agenda item; it is on 0'),
    (
        STRATEGY,
        '["referrer", "csc"]',
        '["referrer", "nobody"]',
        'key agenda[2].speakers[2]: names the speaker "nobody", unknown',
    ),
    (STRATEGY, 'id = "not_met", label', 'id = "not-met", label', "key views[1].options: must share two or more ids"),
    (STRATEGY, 'options = ["no_s47"]', 'options = ["none"]', 'names the option "none", which D2 does not have'),
    (STRATEGY, '"SUSX-DIFF"', '"SUSSEX"', 'key agenda[1].source[2]: names the source "SUSSEX", unknown'),
    (STRATEGY, 'id = "F2b"', 'id = "F2a"', 'key agenda.prompts: holds the id "F2a" 2 times'),
    (STRATEGY, 'id = "concern"', 'id = "open"', 'key agenda: holds the id "open" 2 times'),
    (
        STRATEGY,
        'hears = "each-agency"',
        'hears = "everybody"',
        "is not a name the program knows; known are  or each-agency",
    ),
    (STRATEGY, "family_attend = false", "family_attend = 0", "key family_attend: must be true or false"),
    (
        STRATEGY,
        'sectors = ["health"]',
        'sectors = "health"',
        'key invites[3].sectors: must be a list (in "invite.health")',
    ),
    ("limits.toml", "count = 15", "count = 15.5", 'must be a whole number (in "s47_icpc")'),
    ("limits.toml", "at_most = 3", "at_most = 0", "key limits[2].at_most: must not be less than count"),
    ("limits.toml", "clock = 10:00:00", "", "clock: is needed for the unit clock-time"),
    ("limits.toml", 'unit = "weeks"', 'unit = "moons"', "is not a name the program knows; known are hours, days"),
    ("limits.toml", 'source = ["I"]', 'source = ["I"]\nfoo = 1', "foo: is not known here"),
    ("limits.toml", 'asked_of = ["csc"]', 'asked_of = ["moon"]', 'asked_of: names "moon", which is neither a sector'),
    ("limits.toml", 'unit = "hours"', 'unit = "hours"\nasks_for = "report"', "asks_for: is for a limit counted back"),
    (
        "limits.toml",
        'authority = "app_default"\nsource = ["I"]',
        'authority = "statute"\nsource = ["I"]',
        "must be app_default",
    ),
    (
        "limits.toml",
        'note = "Children Act 1989, section 46; not confirmed in the sources read."',
        "",
        "must say what is not confirmed",
    ),
    ("sectors.toml", 'id = "unit"', 'id = "csc"', 'key sectors: holds the id "csc" 2 times'),
    ("sectors.toml", 'id = "unit"', 'id = "the unit"', "].id: must be a letter, then letters, digits"),
    ("sources.toml", 'key = "SEED-QA"', 'key = "K"', 'key sources: holds the key "K" 2 times'),
    (
        "sources.toml",
        "https://www.legislation",
        "file:///www.legislation",
        "address: must begin with https:// or http://",
    ),
    ("lexicon.toml", 'term = "spiteful"', 'term = "Malicious"', 'holds the word "malicious" 2 times'),
    ("glossary.toml", 'term = "FII"', 'term = "PP"', 'holds the term "pp" 2 times'),
    ("calendar.toml", "last = 2028-12-31", "last = 2015-12-31", "key last: must not be before first"),
    (
        "calendar.toml",
        "\n[added]",
        "\n[added]\n2030-05-10 = 'Coronation'",
        "key added: must hold days from first to last only",
    ),
    ("calendar.toml", "\n[added]", "\n[added]\nMonday = 'Coronation'", "key added.Monday: must be a date"),
    ("wording.toml", "quorum =", "quorate =", 'key closing."quorum": is missing'),
    (
        "wording.toml",
        "$who is not in the meeting, so it",
        "$whom is not in the meeting, so it",
        "may ask for $child, $item",
    ),
    ("wording.toml", 'health = "Health"', "", 'key agency_kinds."health": is missing'),
    ("wording.toml", 'dates = "Next dates"', "", 'key minutes."dates": is missing'),
    ("pack.toml", 'version = "2026.1"', "version = 2026.1", "pack.toml, key version: must be text"),
]


@pytest.mark.parametrize(("name", "old", "new", "expected"), CASES)
def test_a_bad_pack_is_refused_with_file_place_and_reason(
    files: dict[str, bytes], name: str, old: str, new: str, expected: str
) -> None:
    sentences = refused(changed(files, name, old, new))
    assert any(sentence.startswith(name) and expected in sentence for sentence in sentences), sentences


def test_a_limit_that_waits_for_an_unknown_option_is_told_where_a_meeting_type_counts_it(
    files: dict[str, bytes],
) -> None:
    told, *_ = refused(changed(files, "limits.toml", 'options = ["planned"]', 'options = ["plan"]'))
    where = f"{STRATEGY}, key time_limits[7] (cp_medical).when[1].options[1]"
    assert told == f'{where}: names the option "plan", which D5 does not have'


def test_all_faults_are_told_at_once(files: dict[str, bytes]) -> None:
    files = changed(files, STRATEGY, '    "s47_icpc",', '    "s47",')
    files = changed(files, "limits.toml", 'source = ["CCSE"]', 'source = ["NOBODY"]')
    files = changed(files, "pack.toml", 'label = "', 'lable = "')
    files = changed(files, "lexicon.toml", "severity", "strength")
    told = "\n".join(refused(files))
    for part in ('"s47"', '"NOBODY"', "lable: is not known here", "label: is missing", "strength", "severity"):
        assert part in told


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "pack.toml, key id: is missing"),
        (b"id = \xff", "pack.toml, line 1: is not UTF-8 text"),
        (b"\n\nid = 'a", "pack.toml, line 3: is not TOML"),
        (b"id = 1\nid = 2", "pack.toml, line 2: is not TOML: Cannot overwrite a value"),
        (b"x = " + b"[" * 100_000, "pack.toml: is nested too deeply"),
        (b".".join([b"a"] * 500_000) + b" = 1", "pack.toml, line 1: has more than 100 full stops"),
        (b".".join([b"a"] * 50) + b" = 1", "pack.toml: is nested deeper than 12 levels"),
        (b"x = " + b"9" * 100_000, "pack.toml: holds a number that is too long"),
        (b"#" * (LARGEST_FILE + 1), "pack.toml: is larger than 1024 KiB"),
        (b"\x00", "pack.toml, line 1: is not TOML"),
        (b"defaults = 1", "pack.toml, key defaults: must be a table"),
        (b"PK\x03\x04", "pack.toml, line 1: is not TOML"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused(files: dict[str, bytes], content: bytes, reason: str) -> None:
    told = refused({**files, "pack.toml": content})
    assert any(sentence.startswith(reason) for sentence in told), told


def test_a_byte_order_mark_and_foreign_line_ends_do_no_harm(files: dict[str, bytes]) -> None:
    files["pack.toml"] = b"\xef\xbb\xbf" + files["pack.toml"].replace(b"\n", b"\r\n")
    assert read_files(files).id == "england"


@pytest.mark.parametrize("name", ["pack.toml", "sectors.toml", "sources.toml", "calendar.toml", "wording.toml"])
def test_a_file_that_every_pack_needs_is_missed(files: dict[str, bytes], name: str) -> None:
    del files[name]
    assert f"{name}: is missing" in refused(files)


def test_a_pack_without_a_meeting_type_is_refused(files: dict[str, bytes]) -> None:
    files = {name: content for name, content in files.items() if not name.startswith("meetings/")}
    files["pack.toml"] = files["pack.toml"].split(b"order")[0]
    assert refused(files) == ["meetings: holds no meeting type: at least one file is needed"]


@pytest.mark.parametrize(
    "name",
    ["../pack.toml", "/etc/passwd", "meetings/../pack.toml", "Pack.toml", "notes.toml", "meetings/a b.toml", "x"],
)
def test_a_name_that_no_pack_has_is_refused(files: dict[str, bytes], name: str) -> None:
    [told] = refused({**files, name: b""})
    assert told.startswith(f"{name}: is not a ")


def test_too_many_files_are_refused(files: dict[str, bytes], tmp_path: Path) -> None:
    many = {f"meetings/m{number}.toml": b"" for number in range(MOST_FILES)}
    assert refused({**files, **many}) == [f"the pack: holds more than {MOST_FILES} files"]
    (tmp_path / "meetings").mkdir()
    for name in many:
        (tmp_path / name).touch()
    (tmp_path / "meetings" / "more.toml").touch()
    with pytest.raises(BadPack, match="holds more than 200 files"):
        read_pack(tmp_path)


def link(path: Path) -> None:
    path.symlink_to("pack.toml")


def pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "reason"),
    [(link, "is a link to somewhere else"), (pipe, "is not a plain file"), (Path.mkdir, "is not a plain file")],
)
def test_only_plain_files_are_read(tmp_path: Path, make: Callable[[Path], None], reason: str) -> None:
    make(tmp_path / "limits.toml")
    with pytest.raises(BadPack, match=reason):
        files_of(tmp_path)


def test_a_folder_that_is_empty_missing_or_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match=r"pack\.toml: is missing \(and 5 more\)"):
        read_pack(tmp_path)
    with pytest.raises(BadPack, match="is not there"):
        read_pack(tmp_path / "gone")
    (tmp_path / "file").touch()
    with pytest.raises(BadPack, match="cannot be read: File name too long"):
        read_pack(tmp_path / ("a" * 5000))
    with pytest.raises(BadPack, match="is not a folder"):
        read_pack(tmp_path / "file")
    assert report(tmp_path / "gone")["rules"] == []


def test_a_huge_file_on_disk_is_refused_without_being_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "pack.toml").open("wb") as file:
        file.truncate(10 * 1024**3)
    assert len(files_of(tmp_path)["pack.toml"]) == LARGEST_FILE + 1


def test_a_kept_copy_stays_readable_when_a_check_is_new(files: dict[str, bytes]) -> None:
    older = changed(files, "wording.toml", 'room = "In one room"', "")
    assert refused(older) == ['wording.toml, key methods."room": is missing']
    assert read_kept(older).words("methods", "room") == "room"
    with pytest.raises(BadPack):
        read_kept({**files, "sectors.toml": b""})


def test_the_report_of_a_bad_pack_still_lists_what_is_known(tmp_path: Path, files: dict[str, bytes]) -> None:
    (tmp_path / "meetings").mkdir()
    for name, content in changed(files, "limits.toml", "count = 15", 'count = "many"').items():
        (tmp_path / name).write_bytes(content)
    told = json.loads(json.dumps(report(tmp_path)))
    [finding] = told["findings"]
    assert (finding["file"], finding["reason"]) == ("limits.toml", 'must be a whole number (in "s47_icpc")')
    assert "strategy_initial" in [meeting["id"] for meeting in told["meeting_types"]]
    lines = {line["id"]: line for line in told["rules"]}
    assert "s47_icpc" not in lines
    assert lines["D1"]["kind"] == "decision"
    assert told["sources"]["SUSX-STRAT"]["address"].startswith("http")
    assert {"id", "kind", "authority", "source", "reviewed"} <= set(lines["D1"])


def test_rules_not_reviewed_for_more_than_a_year_are_listed_and_inherited_ones_once() -> None:
    pack = read_pack(ENGLAND)
    assert check(pack, date(2027, 11, 1)) == ()
    overdue = check(pack, date(2027, 11, 2))
    assert str(overdue[0]) == "pack.toml, key reviewed: is more than a year ago: 2026-11-01"
    told = Counter(finding.file for finding in overdue)
    held = Counter(line.meeting_type for line in rules(pack))
    for kind in pack.meeting_types:
        number = told[f"meetings/{kind.id}.toml"]
        assert 0 < number < held[kind.id] if kind.base else number == held[kind.id]
    assert sum(number for file, number in told.items() if not file.startswith("meetings/")) == held[""] + 1
    early = check(pack, date(2026, 10, 31))
    assert {finding.reason for finding in early} == {"lies in the future: 2026-11-01"}
    assert report(ENGLAND, date(2027, 11, 2))["findings"]


def test_overdue_reviews_are_listed_even_where_the_pack_does_not_say_what_it_is(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    (tmp_path / "meetings").mkdir()
    for name, content in {**files, "pack.toml": b""}.items():
        (tmp_path / name).write_bytes(content)
    told = report(tmp_path, date(2027, 11, 2))
    assert told["pack"] is None
    assert len(told["findings"]) == 5 + len(check(read_pack(ENGLAND), date(2027, 11, 2))) - 1


def test_a_key_that_packs_have_no_more_is_passed_over_in_a_kept_copy_and_told_in_a_new_one(
    files: dict[str, bytes],
) -> None:
    name = "meetings/icpc.toml"
    older = changed(files, name, "count = 2", "count = 2\n    direct_contact = true")
    kept, now = read_kept(older).meeting_type("icpc"), read_files(files).meeting_type("icpc")
    assert kept == now is not None
    assert any("direct_contact: is not known here" in told for told in refused(older))
