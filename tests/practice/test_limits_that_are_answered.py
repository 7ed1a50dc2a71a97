"""Which meetings keep which limits, which questions fix their days, and which events start them alone."""

import pytest

from tests.builders import national_files, national_pack
from tests.practice.test_pack_reading import changed, refused

LIMITS, CONFERENCE = "limits.toml", "meetings/icpc.toml"


def test_every_limit_that_waits_for_a_meeting_of_the_plan_is_answered_by_one() -> None:
    answered = {limit for kind in national_pack().meeting_types for limit in kind.answers}
    assert answered == {
        "strat_immediate", "strat_usual", "strat_complex_disc", "strat_complex_mtg", "strat_reconvene_inquorate",
        "strat_ooh_follow_up", "s47_icpc", "transfer_in", "prebirth_icpc_earliest", "prebirth_icpc_ideal",
        "prebirth_icpc_latest", "inquorate_icpc", "inquorate_other", "rcpc_first", "rcpc_next", "rcpc_unborn_A",
        "rcpc_unborn_B", "rcpc_unborn_C", "core_first", "core_next", "core_reconvene", "lpm_prebirth", "lpm_reconvene",
    }  # fmt: skip
    again = {kind.quorum.if_inquorate.reconvene_limit for kind in national_pack().meeting_types} - {""}
    assert again <= answered


def test_a_question_fixes_only_days_that_some_meeting_answers() -> None:
    answered = {limit for kind in national_pack().meeting_types for limit in kind.answers}
    fixed = {limit for kind in national_pack().meeting_types for q in kind.decisions for limit in q.fixes}
    assert fixed <= answered


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (CONFERENCE, 'answers = ["s47_icpc"', 'answers = ["some_day"', 'answers[1]: names the time limit "some_day"'),
        (CONFERENCE, 'fixes = ["rcpc_first"', 'fixes = ["some_day"', 'fixes[1]: names the time limit "some_day"'),
        (LIMITS, 'alone = "on-plan"', 'alone = "sometimes"', "alone: is not a name the program knows"),
        (
            LIMITS,
            'starts = "event"',
            'starts = "elsewhere"\nalone = "always"',
            "alone: is for a limit that starts with",
        ),
    ],
)
def test_what_names_no_limit_or_starts_with_no_event_is_refused(file: str, old: str, new: str, expected: str) -> None:
    sentences = refused(changed(dict(national_files()), file, old, new))
    assert any(sentence.startswith(file) and expected in sentence for sentence in sentences), sentences
