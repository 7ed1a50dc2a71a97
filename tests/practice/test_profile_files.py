"""What writes the files of a profile: whatever is written reads as the same again."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.practice.catalogue import Source
from app.practice.local import Change, OwnKeeping, ProfileFile
from app.practice.profile_files import (
    PROFILE,
    SOURCES,
    has_remarks,
    profile_file,
    sources_file,
    written,
    written_sources,
)
from app.practice.rule import Authority
from app.practice.tables import Unreadable
from app.resources import folder

SAMPLES = ("aldermoor", "fernshire", "tarnside")
DAY = date(2026, 11, 1)
# what a file may not hold, whoever writes it, is refused where it is read
LEGIBLE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs")), min_size=1, max_size=40)
VALUES = st.recursive(
    LEGIBLE | st.booleans() | st.integers(-(10**6), 10**6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LEGIBLE, inner, max_size=3),
    max_leaves=6,
)


def a_file(**more: Any) -> ProfileFile:
    return ProfileFile(
        id="testshire", label="Testshire", partnership="Testshire", base="england", version="1", reviewed=DAY, **more
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_each_sample_that_is_written_again_reads_as_the_same(name: str) -> None:
    file = profile_file((folder("packs", "profiles", name) / PROFILE).read_bytes())
    assert file.changes
    assert profile_file(written(file)) == file


def test_the_sources_of_a_sample_that_are_written_again_read_as_the_same() -> None:
    sources = sources_file((folder("packs", "profiles", "aldermoor") / SOURCES).read_bytes())
    assert [one.key for one in sources] == ["ALDERMOOR-HOME"]
    assert sources_file(written_sources(sources)) == sources
    more = (*sources, Source(key="LOCAL-1", title='Ours, "2026" \\ new', standing="own"))
    assert sources_file(written_sources(more)) == more


@given(label=LEGIBLE, values=st.dictionaries(LEGIBLE, VALUES, min_size=1, max_size=4), why=LEGIBLE)
def test_whatever_can_be_read_is_written_so_that_it_reads_as_the_same(
    label: str, values: dict[str, Any], why: str
) -> None:
    change = Change(
        rule=label, set=values, authority=Authority.COMMON_LOCAL, source=("A", "B.c"), reviewed=DAY, note=why,
        why_looser=why,
    )  # fmt: skip
    file = a_file(changes=(change,), order=("icpc", "rcpc"), why_looser={"our.own-type": why})
    keeping = OwnKeeping(marking=label, rule="after-closure", years=35, policy=why)
    file = file.model_copy(update={"keeping": keeping})
    text = written(file)
    if any(line.count(".") > 100 for line in text.decode().split("\n")):
        with pytest.raises(Unreadable):
            profile_file(text)
    else:
        assert profile_file(text) == file


def test_words_with_lines_quotes_and_a_backslash_stay_as_they_were_typed() -> None:
    typed = 'First line\nsecond "line" with \\ and a tab\there, ’ and é'
    change = Change(rule="minutes", set={"label": typed}, authority=Authority.STATUTE, source=("I",), reviewed=DAY)
    assert profile_file(written(a_file(changes=(change,)))).changes[0].set == {"label": typed}


def test_what_is_left_out_is_not_written_and_remarks_are_noticed() -> None:
    text = written(a_file()).decode()
    assert text.splitlines()[-1] == "reviewed = 2026-11-01"
    assert "keeping" not in text
    assert not has_remarks(text.encode())
    assert has_remarks(b"# A remark\n" + text.encode())
