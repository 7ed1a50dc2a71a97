"""Local rules while they are written: weighed against the national ones, refused with a sentence, and saved."""

from datetime import date
from pathlib import Path

import pytest

from app.models.base import Refused
from app.practice.local import Change, Stance
from app.practice.profiles import own_files
from app.practice.rule import Authority
from app.resources import folder
from app.services import profile_draft, profile_folder, profiling
from app.services.keeping import NotWritten, write_folder
from app.services.packing import national
from app.services.profile_draft import Draft, Grounds, RuleHere, Topic
from app.services.profile_folder import Named
from app.services.profile_terms import Typed
from app.services.profiling import BadProfile

SAMPLES = folder("packs", "profiles")
TODAY = date(2026, 12, 10)
NAMED = Named("Riverbank Partnership", "Riverbank rules", "2026.1", TODAY, "riverbank-partnership")


def the_rule(rule: str, draft: Draft | None = None) -> RuleHere:
    found = profile_draft.rule_here(draft or Draft(), rule)
    assert found is not None
    return found


def a_change(rule: str, draft: Draft | None = None, why: str = "", **typed: Typed) -> Change:
    """Return the change that a form would make where these of its fields were typed otherwise."""
    draft = draft or Draft()
    here = the_rule(rule, draft)
    _, shown = profile_draft.terms_here(draft, here)
    grounds = Grounds(Authority.LOCAL_EXAMPLE, ("SUSX-DISSENT",), TODAY, "", why)
    return profile_draft.change_from(draft, here, {**shown, **typed}, grounds)


def refusal(rule: str, **typed: Typed) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        profile_draft.changed(Draft(), a_change(rule, **typed))
    return refused.value.rule, refused.value.words["field"]


@pytest.mark.parametrize("name", ["aldermoor", "fernshire", "tarnside"])
def test_a_sample_that_is_taken_up_and_saved_again_is_the_same_profile(name: str, tmp_path: Path) -> None:
    offer = profiling.look(SAMPLES / name)
    draft, named = profile_folder.taken_up(offer.files)
    saved = profile_folder.save(draft, named, tmp_path / name)
    assert saved.profile == offer.profile
    assert [kind.id for kind in saved.pack.meeting_types] == [kind.id for kind in offer.pack.meeting_types]
    if name == "aldermoor":
        assert (tmp_path / name / "meetings" / "newborn_home.toml").read_bytes() == (
            SAMPLES / name / "meetings" / "newborn_home.toml"
        ).read_bytes()


@pytest.mark.parametrize("name", ["aldermoor", "fernshire", "tarnside"])
def test_a_form_that_is_saved_as_it_was_opened_changes_nothing(name: str) -> None:
    draft, _ = profile_folder.taken_up(profiling.look(SAMPLES / name).files)
    for one in draft.changes:
        here = the_rule(one.rule, draft)
        _, shown = profile_draft.terms_here(draft, here)
        grounds = Grounds(one.authority, one.source, one.reviewed, one.note, one.why_looser)
        assert profile_draft.change_from(draft, here, shown, grounds) == one


def test_no_rule_of_the_country_is_loosened_by_a_form_that_nobody_changed() -> None:
    rules = profile_draft.rules_here(Draft())
    assert {one.topic for one in rules} == set(Topic) - {Topic.ELSEWHERE}
    # the same comparison for each kind of rule; one of each topic keeps this quick
    firsts = {one.topic: one for one in rules if one.topic is not Topic.WORDING}
    for here in firsts.values():
        assert profile_draft.weighed(Draft(), a_change(here.id)).stance is Stance.SAME, here.id


def test_a_time_limit_is_weighed_in_its_own_terms() -> None:
    shorter = profile_draft.weighed(Draft(), a_change("minutes", count="10"))
    assert (shorter.stance, shorter.national, shorter.local) == ("stricter", "15 working days", "10 working days")
    longer = profile_draft.weighed(Draft(), a_change("minutes", count="4", unit="weeks"))
    assert (longer.stance, longer.local) == ("looser", "4 weeks")
    by_the_clock = profile_draft.weighed(Draft(), a_change("bundle_professionals", clock="9.30"))
    assert by_the_clock.stance is Stance.STRICTER


def test_what_is_looser_needs_its_reason_and_a_statute_stands() -> None:
    assert refusal("minutes", count="20") == ("profile.why-missing", "why_looser")
    kept = profile_draft.changed(Draft(), a_change("minutes", why="Each agency checks them.", count="20"))
    assert kept.changes[0].why_looser == "Each agency checks them."
    assert refusal("police_protection", count="96") == ("profile.statute", "")


@pytest.mark.parametrize(
    ("rule", "typed", "expected"),
    [
        ("minutes", {"count": "ten"}, ("profile.number-missing", "count")),
        ("minutes", {"label": "  "}, ("profile.text-missing", "label")),
        ("minutes", {"label": "Mi\x01nutes"}, ("profile.not-understood", "")),
        ("bundle_professionals", {"clock": "25:00"}, ("profile.hour-missing", "clock")),
        ("wording.methods.room", {}, ("profile.same-words", "text")),
        ("icpc.quorum", {"all_of": ("csc", "police")}, ("profile.label-stale", "label")),
    ],
)
def test_what_cannot_be_is_refused_with_the_field_it_is_about(
    rule: str, typed: dict[str, Typed], expected: tuple[str, str]
) -> None:
    found = refusal(rule, **typed)
    assert found == expected
    assert national()[0].words("refusal", found[0])


def test_a_quorum_asks_for_more_agencies_and_says_how_many_others() -> None:
    change = a_change(
        "icpc.quorum", all_of=("csc", "police"), several="3", label="Social care, police and three others"
    )
    [others] = change.set["several"]
    assert (others["count"], others["label"]) == (3, "three other agencies in direct contact with the child")
    assert others["separately"] == ["school_nurse", "health_visitor"]
    assert profile_draft.changed(Draft(), change).changes == (change,)
    assert profile_draft.weighed(Draft(), change).stance is Stance.STRICTER
    fewer = a_change("icpc.quorum", several="1", label="Social care and one other")
    assert fewer.set["several"][0]["label"] == "one other agency in direct contact with the child"
    assert profile_draft.weighed(Draft(), fewer).stance is Stance.LOOSER


def test_a_rule_binds_no_more_than_the_sources_it_comes_from() -> None:
    change = a_change("minutes", count="10")
    unread = next(one.key for one in national()[0].sources if one.standing == "not-read")
    for source, rule in (("I", "profile.source-not-binding"), (unread, "profile.note-missing")):
        with pytest.raises(Refused, match=rule):
            profile_draft.changed(Draft(), change.model_copy(update={"source": (source,)}))
    noted = change.model_copy(update={"source": (unread,), "note": "Not confirmed for us."})
    assert profile_draft.changed(Draft(), noted).changes == (noted,)


def test_a_source_of_its_own_is_named_once_and_kept_with_the_rules(tmp_path: Path) -> None:
    draft, key = profile_draft.with_source(Draft(), "Riverbank procedures 2026")
    again, same = profile_draft.with_source(draft, " Riverbank procedures 2026 ")
    assert (again, same) == (draft, key)
    grounds = Grounds(Authority.COMMON_LOCAL, (key,), TODAY)
    here = the_rule("minutes", draft)
    change = profile_draft.change_from(draft, here, {"count": "10", "unit": "working-days", "roll": "none",
                                                     "label": "Minutes sent"}, grounds)  # fmt: skip
    offer = profile_folder.save(profile_draft.changed(draft, change), NAMED, tmp_path / "rules")
    assert [one.title for one in offer.pack.sources if one.key == key] == ["Riverbank procedures 2026"]
    with pytest.raises(Refused, match=r"profile.source-missing"):
        profile_draft.change_from(draft, here, {}, Grounds(Authority.COMMON_LOCAL, (), TODAY))


def test_a_rule_that_is_taken_back_is_as_nationally_and_marking_and_keeping_are_saved_too(tmp_path: Path) -> None:
    draft, _ = profile_folder.taken_up(profiling.look(SAMPLES / "tarnside").files)
    draft = profile_draft.taken_back(draft, "minutes")
    draft = profile_draft.with_marking(draft, "OFFICIAL-SENSITIVE")
    with pytest.raises(Refused, match=r"retention.years-out-of-range"):
        profile_draft.with_retention(draft, "after-closure", "many", "Schedule 12")
    draft = profile_draft.with_retention(draft, "after-closure", "35", "Schedule 12")
    saved = profile_folder.save(draft, NAMED, tmp_path / "rules")
    assert "minutes" not in {one.rule for one in saved.profile.differences}
    assert (saved.profile.keeping.marking, saved.profile.keeping.years) == ("OFFICIAL-SENSITIVE", 35)
    limit = saved.pack.time_limit("minutes")
    assert limit is not None
    assert limit.count == 15


def test_a_rule_that_the_national_pack_has_no_more_is_shown_and_can_be_taken_back() -> None:
    change = Change(rule="gone", set={"count": 1}, authority=Authority.STATUTE, source=("I",), reviewed=TODAY)
    draft = Draft(changes=(change,))
    assert not the_rule("gone", draft).can_be_asked
    with pytest.raises(BadProfile):
        profile_folder.save(draft, NAMED, Path("nowhere"))
    assert profile_draft.taken_back(draft, "gone") == Draft()


@pytest.mark.parametrize(
    ("named", "rule"),
    [
        (Named(" ", "x", "1", TODAY), "profile.partnership-missing"),
        (Named("x", "", "1", TODAY), "profile.label-missing"),
        (Named("x", "x", "", TODAY), "profile.version-missing"),
        (Named("x", "x", "1", date(2027, 1, 1)), "profile.reviewed-in-future"),
    ],
)
def test_local_rules_say_whose_they_are_before_they_are_saved(named: Named, rule: str) -> None:
    with pytest.raises(Refused, match=rule) as refused:
        profile_folder.whole(named, TODAY)
    assert refused.value.words["field"] in rule
    assert profile_folder.whole(Named("Riverbank Partnership", "x", "1", TODAY), TODAY).id == NAMED.id
    assert profile_folder.id_of("東京") == "local-rules"


def test_nothing_in_a_folder_is_replaced_unasked_and_other_files_never(tmp_path: Path) -> None:
    draft = profile_draft.changed(Draft(), a_change("minutes", count="10"))
    named = NAMED
    (tmp_path / "notes.txt").write_text("mine")
    place = profile_folder.place_in(tmp_path, named.id)
    assert place == tmp_path / "riverbank-partnership"
    profile_folder.save(draft, named, place)
    assert profile_folder.place_in(place, named.id) == place
    later = profile_draft.changed(draft, a_change("dissent", count="48", why="Two days are enough."))
    with pytest.raises(Refused, match=r"profile.stands-there"):
        profile_folder.save(later, named, place)
    assert len(profiling.look(place).profile.differences) == 1
    assert len(profile_folder.save(later, named, place, replace_there=True).profile.differences) == 2
    assert sorted(one.name for one in tmp_path.iterdir()) == ["notes.txt", "riverbank-partnership"]
    with pytest.raises(Refused, match=r"profile.folder-taken"):
        profile_folder.save(later, named, tmp_path, replace_there=True)
    with pytest.raises(Refused, match=r"profile.nothing-set"):
        profile_folder.save(Draft(), named, place, replace_there=True)


def test_a_folder_whose_files_cannot_all_be_written_is_left_as_it_was(tmp_path: Path) -> None:
    write_folder(tmp_path / "rules", {"profile.toml": b"first"})
    with pytest.raises(NotWritten):
        write_folder(tmp_path / "rules", {"profile.toml": b"second", "vault.keys": b"no file of ours"})
    assert (tmp_path / "rules" / "profile.toml").read_bytes() == b"first"
    assert [one.name for one in tmp_path.iterdir()] == ["rules"]


def test_what_is_kept_half_written_can_be_taken_up_again() -> None:
    draft = profile_draft.changed(Draft(), a_change("minutes", count="10"))
    files = {f"profile/{name}": content for name, content in profile_folder.files_of(draft).items()}
    assert profile_folder.taken_up(files)[0] == draft
    assert own_files(files) == files
    with pytest.raises(ValueError, match="no profile"):
        profile_folder.taken_up({})
