"""Variants of a meeting type: they state only what differs, and what is wrong with them is told in one sentence."""

import random
import re
from pathlib import Path

import pytest

from app.practice.checking import check, rules
from app.practice.pack import MeetingType
from app.practice.reading import BadPack, contents_of, files_of, read_files, read_kept
from app.practice.rule import Authority
from app.resources import folder

ENGLAND: Path = folder("packs", "england")
INITIAL = "meetings/strategy_initial.toml"
NATIONAL = files_of(ENGLAND)

HEAD = """
base = "{base}"
id = "{id}"
label = "A variant"
short = "Variant"
purpose = "Decide what differs."
"""
DEFAULTS = """
[defaults]
authority = "local_example"
source = ["KENT-STRAT"]
reviewed = 2026-11-02
"""


def variant(
    name: str = "local_variant", base: str = "strategy_initial", top: str = "", tables: str = ""
) -> dict[str, bytes]:
    return {f"meetings/{name}.toml": (HEAD.format(base=base, id=name) + top + DEFAULTS + tables).encode()}


def kind(files: dict[str, bytes], name: str = "local_variant") -> MeetingType:
    found = read_files({**NATIONAL, **files}).meeting_type(name)
    assert found is not None
    return found


def initial() -> MeetingType:
    found = read_files(NATIONAL).meeting_type("strategy_initial")
    assert found is not None
    return found


def refused(files: dict[str, bytes]) -> list[str]:
    with pytest.raises(BadPack) as bad:
        read_files({**NATIONAL, **files})
    return [str(finding) for finding in bad.value.findings]


def test_a_variant_that_states_nothing_else_is_its_base_under_its_own_name() -> None:
    found, base = kind(variant()), initial()
    assert (found.id, found.label, found.base) == ("local_variant", "A variant", "strategy_initial")
    assert found.agenda == base.agenda
    assert found.decisions == base.decisions
    assert found.quorum == base.quorum
    assert found.closing == base.closing
    assert (found.authority, found.source) == (Authority.LOCAL_EXAMPLE, ("KENT-STRAT",))


def test_an_entry_of_the_base_is_changed_key_by_key() -> None:
    tables = """
[[agenda]]
id = "concern"
minutes = 9
[[agenda.prompts]]
id = "concern.what"
when = "Always"
[[agenda.prompts]]
id = "concern.more"
text = "What else is there?"
[[decisions]]
id = "D2"
[[decisions.options]]
id = "joint"
leads_to = "enquiry"
needs_quorum = true
"""
    found, base = kind(variant(tables=tables)), initial()
    item, old = found.item("concern"), base.item("concern")
    assert item is not None
    assert old is not None
    assert (item.minutes, item.title, found.number("concern")) == (9, old.title, 2)
    assert [prompt.id for prompt in item.prompts] == [*(prompt.id for prompt in old.prompts), "concern.more"]
    assert (item.prompts[0].when, item.prompts[0].source) == ("Always", old.prompts[0].source)
    assert item.prompts[-1].source == ("KENT-STRAT",)
    question = found.decision("D2")
    assert question is not None
    assert (question.options[0].leads_to, question.options[0].needs_quorum) == ("enquiry", True)
    assert question.options[0].label == base.decision("D2").options[0].label  # type: ignore[union-attr]


def test_tables_are_merged_and_plain_lists_replaced_or_added_to() -> None:
    top = 'not_by_telephone = ["a matter of this area"]\nmore = { time_limits = ["cp_visit"] }\n'
    tables = '\n[quorum]\nall_of = ["csc", "police"]\n[quorum.if_inquorate]\nmark = "Not quorate"\n'
    found, base = kind(variant(top=top, tables=tables)), initial()
    assert found.not_by_telephone == ("a matter of this area",)
    assert found.time_limits == (*base.time_limits, "cp_visit")
    assert found.quorum.all_of == ("csc", "police")
    assert (found.quorum.label, found.quorum.source) == (base.quorum.label, base.quorum.source)
    assert found.quorum.if_inquorate.mark == "Not quorate"
    assert found.quorum.if_inquorate.allowed_decisions == ("D4", "D13")


def test_new_items_go_where_they_are_told_and_several_after_one_keep_their_order() -> None:
    tables = "".join(
        f'\n[[agenda]]\nid = "{name}"\n{where}\ntitle = "T"\nminutes = 1\npurpose = "P."\n'
        for name, where in (
            ("first", 'after = "open"'),
            ("second", 'after = "open"'),
            ("third", 'before = "close"'),
            ("last", ""),
        )
    )
    tables += '\n[[agenda]]\nid = "voice"\nafter = "second"\n'
    order = [item.id for item in kind(variant(tables=tables)).agenda]
    assert order[:5] == ["open", "first", "second", "voice", "concern"]
    assert order[-3:] == ["third", "close", "last"]
    assert order.count("voice") == 1


def test_what_a_variant_leaves_out_is_gone_and_no_item_asks_it_any_more() -> None:
    without = 'without = ["voice", "F2b", "D13", "D5.advice_only", "invite.health"]\n'
    found, base = kind(variant(top=without)), initial()
    assert found.item("voice") is None
    assert found.prompt("F2b") is None
    assert found.decision("D13") is None
    assert [item.id for item in found.agenda if "D13" in item.decisions] == []
    assert found.quorum.if_inquorate.allowed_decisions == ("D4",)
    assert "invite.health" not in [invite.id for invite in found.invites]
    assert len(found.decisions) == len(base.decisions) - 1
    question = found.decision("D5")
    assert question is not None
    assert "advice_only" not in [option.id for option in question.options]


def test_a_change_of_the_base_reaches_its_variants_and_theirs() -> None:
    files = {**variant("one"), **variant("two", "one", top='convened_by = "Somebody"\n')}
    changed = NATIONAL[INITIAL].replace(b"minutes = 4", b"minutes = 11", 1)
    pack = read_files({**NATIONAL, **files, INITIAL: changed})
    for name in ("one", "two"):
        found = pack.meeting_type(name)
        assert found is not None
        item = found.item("concern")
        assert item is not None
        assert item.minutes == 11
    assert found.convened_by == "Somebody"


def test_a_kept_copy_of_a_pack_with_variants_reads_the_same() -> None:
    files = {**NATIONAL, **variant(top='without = ["voice"]\n')}
    assert read_kept(dict(reversed(files.items()))) == read_files(files)
    assert check(read_files(files)) == ()


def test_the_rules_of_a_variant_are_listed_once_and_the_short_ids_stay_those_of_the_base() -> None:
    before = {line.id for line in rules(read_files(NATIONAL)) if line.meeting_type == "strategy_initial"}
    lines = rules(read_files({**NATIONAL, **variant()}))
    ids = [line.id for line in lines]
    assert len(set(ids)) == len(ids)
    assert before <= set(ids)
    assert {"D2", "local_variant", "local_variant.decision.D2"} <= set(ids)


LOOPS = [
    ({"one": "one"}, "meetings/one.toml, key base: goes round in a circle: one is based on one"),
    (
        {"one": "two", "two": "three", "three": "one"},
        "meetings/one.toml, key base: goes round in a circle: one is based on two, two on three, three on one",
    ),
    (
        {"aside": "one", "one": "two", "two": "one"},
        "meetings/one.toml, key base: goes round in a circle: one is based on two, two on one",
    ),
]


@pytest.mark.parametrize(("bases", "sentence"), LOOPS, ids=["itself", "three", "beside"])
def test_a_circle_of_bases_is_refused_in_one_sentence_that_names_the_chain(
    bases: dict[str, str], sentence: str
) -> None:
    files = {name: content for one, base in bases.items() for name, content in variant(one, base).items()}
    assert refused(files) == [sentence]


FOLLOW_UP = """
[follow_up]
type = "lost"
limit = "never"
says = "A full discussion follows."
fixed_by = [{ decision = "D1", options = ["x"] }]
"""
CASES = [
    (variant(base="strategy_lost"), 'key base: names the meeting type "strategy_lost", unknown'),
    (variant(top='without = ["voices"]\n'), 'key without[1]: names "voices", which strategy_initial does not have'),
    (variant(top='without = ["D2.perhaps"]\n'), 'key without[1]: names "D2.perhaps", which strategy_initial does'),
    (variant(top='agenda = [5, { id = "voice", minutes = 3 }]\n'), "key agenda[18]: must be a table"),
    (variant(top="quorum = 5\n"), "key quorum: must be a table"),
    (variant(top='without = "voice"\n'), "key without: must be a list"),
    (variant(top="more = { agenda = [] }\n"), "key more.agenda: is not known here"),
    (variant(top='more = { closing = ["quorate"] }\n'), "key more.closing[1]: is not a name the program knows"),
    (variant(top='more = { closing = ["quorum"] }\n'), 'key closing: holds the id "quorum" 2 times'),
    (variant(tables='[[agenda]]\nid = "voice"\nafter = "x"\n'), 'key agenda[voice].after: names the item "x", unknown'),
    (variant(tables='[[agenda]]\nid = "new"\n'), 'title: is missing (in "new")'),
    (variant(tables='[[agenda]]\nid = "voice"\n[[agenda]]\nid = "voice"\n'), "is missing"),
    (
        variant(tables='[[agenda]]\nid = "voice"\nspeakers = ["csc", "nobody"]\n'),
        'key agenda[voice].speakers[2]: names the speaker "nobody", unknown',
    ),
    (variant(top='without = ["decisions"]\n'), 'key decisions: "D1" must be on one agenda item; it is on 0'),
    (
        variant(top='without = ["D2"]\n'),
        'key decisions[D3].required_when[1].decision: names the decision "D2", unknown',
    ),
    (variant(top='follows = ["lost"]\n'), 'key follows[1]: names the meeting type "lost", unknown'),
    (variant(top='converts_to = "lost"\n'), 'key converts_to: names the meeting type "lost", unknown'),
    (variant(top='chair_models = ["any"]\n'), 'key chair_models[1]: names the chair model "any", unknown'),
    (variant(top='document = "letter"\n'), 'key document: names the document "letter", unknown'),
    (
        variant(top='privileged = true\ndocument = "strategy_record"\n'),
        "key document: must give nothing outside the authority, for the meeting is privileged: attended, absent",
    ),
    (variant(top='more = { closing = ["follow-up-fixed"] }\n'), "key follow_up: is missing: closing asks for it"),
    (
        variant(tables='[[decisions]]\nid = "D1"\nflag = "law"\n'),
        'key decisions[D1].flag: names the flag "law", unknown',
    ),
    (
        variant(tables='[quorum]\nseveral = [{ count = 2, of = ["fun"], label = "others", separately = ["clown"] }]\n'),
        'key quorum.several[1].of[1]: names the sector or kind "fun", unknown',
    ),
    (
        variant(tables='[quorum]\nseveral = [{ count = 2, label = "others", separately = ["clown"] }]\n'),
        'key quorum.several[1].separately[1]: names the role "clown", unknown',
    ),
    (
        variant(tables='[quorum.if_inquorate]\nchoices = ["proceed"]\n'),
        "key quorum.if_inquorate.proceed_when: is missing: the chair may proceed",
    ),
    (variant(tables=FOLLOW_UP), 'key follow_up.type: names the meeting type "lost", unknown'),
    (variant(tables=FOLLOW_UP), 'key follow_up.limit: names the time limit "never", unknown'),
    (
        variant(tables=FOLLOW_UP),
        'key follow_up.fixed_by[1].options[1]: names the option "x", which D1 does not have',
    ),
]


@pytest.mark.parametrize(("files", "expected"), CASES)
def test_a_variant_that_does_not_fit_is_refused_with_its_place_and_the_reason(
    files: dict[str, bytes], expected: str
) -> None:
    told = refused(files)
    assert any(sentence.startswith("meetings/local_variant.toml") and expected in sentence for sentence in told), told


def test_a_fault_of_the_base_is_told_of_the_base_alone() -> None:
    spoilt = NATIONAL[INITIAL].replace(b'"csc", "police", "health"', b'"csc", "police", "fun"', 1)
    assert refused({**variant(), INITIAL: spoilt}) == [
        f'{INITIAL}, key quorum.all_of[3]: names the sector or kind "fun", unknown'
    ]
    misread = NATIONAL[INITIAL].replace(b"minutes = 4", b'minutes = "four"', 1)
    assert refused({**variant(), INITIAL: misread}) == [
        f'{INITIAL}, key agenda[2].minutes: must be a whole number of minutes (in "concern")'
    ]


def test_what_only_variants_say_is_not_known_elsewhere() -> None:
    for key in ('without = ["voice"]', 'more = { closing = ["quorum"] }'):
        spoilt = NATIONAL[INITIAL].replace(b"family_attend", f"{key}\nfamily_attend".encode(), 1)
        assert [told for told in refused({INITIAL: spoilt}) if "is not known here" in told]


JUNK = (
    "5",
    '"x"',
    "[]",
    "{}",
    "[[]]",
    "[5]",
    "true",
    "[{ id = 5 }]",
    '[{ id = "open", before = "open" }]',
    '["voice"]',
)


@pytest.mark.parametrize("seed", range(12))
def test_a_variant_with_anything_in_place_of_its_values_is_told_about_and_never_breaks_the_reader(seed: int) -> None:
    chance = random.Random(seed)
    base = {name: NATIONAL[name] for name in (INITIAL, "prompts.toml")}
    variants = [name for name, content in NATIONAL.items() if b'base = "strategy_initial"' in content]
    for _ in range(15):
        name = chance.choice(variants)
        lines = NATIONAL[name].decode().splitlines()
        values = [place for place, line in enumerate(lines) if re.match(r"\s*\w+ = [^\[{]+$", line)]
        for place in chance.sample(values, 3):
            lines[place] = f"{lines[place].split(' = ')[0]} = {chance.choice(JUNK)}"
        contents, findings = contents_of({**base, name: "\n".join(lines).encode()})
        understood = {file for file, _ in contents.meetings}
        assert INITIAL in understood
        assert name in understood or [finding for finding in findings if finding.file == name]


SHARED = b"""
[[prompts]]
id = "F1a"
text = "Asked by several?"
when = "Always or nearly"
authority = "local_example"
source = ["KENT-STRAT"]
reviewed = 2026-11-02
"""
ASKED = """
[[agenda]]
id = "extra"
title = "Extra"
minutes = 1
purpose = "Ask what others ask."
    [[agenda.prompts]]
    id = "%s"
"""


def with_a_prompt(prompt_id: str, **said: str) -> dict[str, bytes]:
    lines = "".join(f'    {key} = "{value}"\n' for key, value in said.items())
    return variant(tables=ASKED % prompt_id + lines)


def test_a_question_that_several_ask_is_stated_once_and_named_by_its_id() -> None:
    files = {**with_a_prompt("F21"), "prompts.toml": NATIONAL["prompts.toml"]}
    [item] = [item for item in kind(files).agenda if item.id == "extra"]
    [prompt] = item.prompts
    stated = read_files(NATIONAL).meeting_type("rcpc")
    assert stated is not None
    assert prompt == stated.prompt("F21")


def test_what_an_agenda_says_of_a_shared_question_stands_but_never_another_text() -> None:
    files = with_a_prompt("F21", when="The child came into care")
    [item] = [item for item in kind(files).agenda if item.id == "extra"]
    assert item.prompts[0].when == "The child came into care"
    [told] = refused(with_a_prompt("F21", text="Why both?"))
    where = "meetings/local_variant.toml, key agenda[extra].prompts[F21].text"
    assert told == f"{where}: is stated in prompts.toml, for all meeting types: leave it out here"


def test_a_shared_question_that_no_agenda_asks_is_told() -> None:
    unused = NATIONAL["prompts.toml"] + SHARED.replace(b"F1a", b"F99")
    [told] = refused({"prompts.toml": unused})
    assert told.endswith('"F99" is on no agenda')
    twice = NATIONAL["prompts.toml"] + SHARED
    assert refused({"prompts.toml": twice}) == ['prompts.toml, key prompts: holds the id "F1a" 2 times; once is enough']


def test_no_question_of_practice_is_stated_outside_the_shared_ones() -> None:
    stated = {name for name, content in NATIONAL.items() if re.search(rb'id = "F\d+[a-z]?"\s+text = ', content)}
    assert stated == {"prompts.toml"}
    texts: dict[str, set[str]] = {}
    for meeting in read_files(NATIONAL).meeting_types:
        for item in meeting.agenda:
            for prompt in item.prompts:
                texts.setdefault(prompt.id, set()).add(prompt.text)
    assert {name for name, said in texts.items() if name.startswith("F") and len(said) > 1} == set()
