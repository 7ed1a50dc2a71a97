"""A local profile is checked by the same command as a pack."""

import json
from pathlib import Path

import pytest

from app.cli.door import main
from app.resources import folder
from tests.builders import a_store_of

TARNSIDE = folder("packs", "profiles", "tarnside")


def test_a_profile_is_checked_over_the_national_pack_and_says_what_it_changes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check-pack", str(TARNSIDE)]) == 0
    told = capsys.readouterr().out
    assert "minutes: 20 working days, nationally 15 working days (looser)." in told
    assert main(["check-pack", str(TARNSIDE), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {one["rule"]: one["stance"] for one in report["profile"]["differences"]}["dissent"] == "stricter"
    assert report["pack"]["id"] == "england"


def test_a_profile_that_loosens_silently_is_a_finding_with_its_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (TARNSIDE / "profile.toml").read_text().replace("why_looser", "# why_looser")
    (tmp_path / "profile.toml").write_text(text)
    assert main(["check-pack", str(tmp_path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert {(one["file"], one["key"]) for one in found} == {
        ("profile/profile.toml", "changes[3].why_looser"), ("profile/profile.toml", "changes[4].why_looser")
    }  # fmt: skip
    assert all("silently" in one["sentence"] for one in found)


def test_local_rules_are_used_shown_and_given_up_at_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_text("four plain words here")
    a_store_of(tmp_path / "store", "four plain words here")
    store = ["local-rules", "--store", str(tmp_path / "store"), "--passphrase-file", str(phrase)]
    assert main(store) == 0
    assert capsys.readouterr().out == "New meetings run under the national rules alone.\n"
    assert main([*store, "--use", str(tmp_path)]) == 1
    refused = capsys.readouterr().err
    assert "These local rules cannot be used" in refused
    assert refused.count("\n") == 1
    assert main([*store, "--use", str(TARNSIDE)]) == 0
    capsys.readouterr()
    assert main([*store, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["profile"]["id"] == "tarnside"
    assert main([*store, "--give-up"]) == 0
    assert "national rules alone" in capsys.readouterr().out
    assert main([*store, "--give-up"]) == 1
    assert "nothing to give up" in capsys.readouterr().err
