"""What the program is made of: each library locked by its hash, listed, and under a licence it may be used under."""

import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "installer" / "sbom.py"

# Where one licence out of several may be chosen, one that is none of these is enough.
STRICT = re.compile(r"\bA?GPL|Affero|(?<!Lesser )General Public", re.IGNORECASE)


@cache
def sbom() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sbom", BUILD)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["sbom"] = module
    spec.loader.exec_module(module)
    return module


@cache
def locked() -> dict[str, Any]:
    return {pin.name: pin for pin in sbom().pins((ROOT / "installer" / "requirements.lock").read_text("utf-8"))}


@pytest.fixture(scope="module")
def listed() -> dict[str, Any]:
    """The list of libraries, made as `make sbom` makes it."""
    subprocess.run([sys.executable, BUILD], check=True, capture_output=True, cwd=ROOT)
    bill: dict[str, Any] = json.loads((ROOT / "out" / "sbom.json").read_text("utf-8"))
    return bill


def test_the_list_holds_every_locked_library_with_its_version_and_the_hash_of_each_file(listed: dict[str, Any]) -> None:
    found = {sbom().normal(one["name"]): one for one in listed["components"]}
    assert set(found) == set(locked())
    for name, pin in locked().items():
        hashes = [each["content"] for file in found[name]["externalReferences"] for each in file["hashes"]]
        assert (found[name]["version"], tuple(hashes)) == (pin.version, pin.hashes)
        assert sbom().normal(found[name]["purl"].removeprefix("pkg:pypi/").partition("@")[0]) == name
        assert found[name].get("licenses"), f"{name} says no licence"


def test_the_list_is_of_the_published_form_and_says_what_needs_what(listed: dict[str, Any]) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(listed)) is None
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps({**listed, "components": 1})) is not None
    root = listed["metadata"]["component"]["bom-ref"]
    needs = {one["ref"]: one.get("dependsOn", []) for one in listed["dependencies"]}
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert len(needs[root]) == len(asked)


def test_a_lock_with_a_hash_missing_is_no_lock() -> None:
    head = "# What the program needs.\n"
    one, two = (f"    --hash=sha256:{digit * 64}\n" for digit in "01")
    good = f"{head}a-library==1.0 \\\n{one}another==2 ; sys_platform == 'win32' \\\n{two}"
    assert [(pin.name, pin.version, pin.where) for pin in sbom().pins(good)] == [
        ("a-library", "1.0", ""),
        ("another", "2", "sys_platform == 'win32'"),
    ]
    for bad in (
        "a-library==1.0\n",
        "a-library>=1.0 \\\n    --hash=sha256:00\n",
        "a-library==1 \\\n    --hash=md5:00\n",
    ):
        with pytest.raises(ValueError, match="not a pinned library"):
            list(sbom().pins(head + bad))


def test_each_lock_pins_every_library_by_the_hash_of_each_of_its_files() -> None:
    for lock in (ROOT / "installer").glob("*.lock"):
        assert list(sbom().pins(lock.read_text("utf-8"))), lock.name


def test_an_environment_that_is_not_the_locked_one_is_not_listed() -> None:
    bill = {
        "metadata": {"component": {"bom-ref": "root"}},
        "dependencies": [],
        "components": [{"name": "Zipp", "version": "0"}],
    }
    with pytest.raises(ValueError, match="0 is installed"):
        sbom().only_locked(bill, {"zipp": locked()["zipp"]})


def may_be_used(licences: list[dict[str, Any]]) -> bool:
    """Return whether one of the licences a library offers is not a strict one; a list of several texts offers each."""
    names = [one.get("expression") or one["license"].get("id") or one["license"].get("name", "") for one in licences]
    return any(not STRICT.search(choice) for name in names for choice in name.split(" OR "))


def test_no_library_of_the_program_is_under_the_gpl_alone_or_the_agpl(listed: dict[str, Any]) -> None:
    assert not [one["name"] for one in listed["components"] if not may_be_used(one["licenses"])]


@pytest.mark.parametrize(
    ("licence", "strict"),
    [
        ("GPL-3.0-only", True), ("AGPL-3.0-or-later", True), ("GNU General Public License v3 (GPLv3)", True),
        ("GNU Affero General Public License v3", True), ("LGPL-3.0-only", False), ("MIT", False),
        ("GNU Lesser General Public License v3 or later (LGPLv3+)", False), ("Apache-2.0 AND MIT", False),
    ],
)  # fmt: skip
def test_the_check_of_licences_tells_the_strict_ones(licence: str, *, strict: bool) -> None:
    assert may_be_used([{"license": {"name": licence}}]) is not strict
    assert may_be_used([{"expression": f"GPL-2.0-only OR {licence}"}]) is not strict


def test_bandit_finds_what_it_should_and_its_exceptions_say_why(tmp_path: Path) -> None:
    written = (ROOT / "pyproject.toml").read_text("utf-8").partition("[tool.bandit]")[2].partition("\n[")[0]
    skipped = tomllib.loads(written)["skips"]
    for code in skipped:
        assert re.search(rf"^# {code}: .{{10,}}", written, re.MULTILINE), f"{code} is left out without a reason"
    bad = tmp_path / "bad.py"
    bad.write_text("import hashlib, pickle\nprint(hashlib.md5(b''), pickle.loads(b''), eval('1'))\n")
    words = [sys.executable, "-m", "bandit", "-q", "-c", str(ROOT / "pyproject.toml"), str(bad)]
    found = subprocess.run(words, capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert {"B301", "B307", "B324"} <= set(re.findall(r"B\d{3}", found.stdout))
