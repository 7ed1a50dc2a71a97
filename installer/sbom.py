"""Lists every library of the program in ``out/sbom.json`` (CycloneDX), from what is installed and what is locked.

What is installed says the licence and what needs what; the lock says which files may be installed at all. It needs no
network.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "installer" / "requirements.lock"
TARGET = ROOT / "out" / "sbom.json"
# Libraries that name their licence in a file only, and those for other platforms; read there by a person.
LICENCES = {"pypdfium2": "Apache-2.0 AND BSD-3-Clause", "pywin32-ctypes": "BSD-3-Clause", "sqlcipher3": "Zlib"}
PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[^\s;]+)(?: ; (?P<where>[^\\\n]+?))?(?: \\)?\n")


@dataclass(frozen=True, slots=True)
class Pin:
    """One library as it is locked: its version, the platforms it is for, and the SHA-256 of each of its files."""

    name: str
    version: str
    where: str
    hashes: tuple[str, ...]


def pins(lock: str) -> Iterator[Pin]:
    """Yield what a lock file holds; raises ValueError at a line that is no pin with a hash for each file."""
    for block in re.split(r"\n(?=\S)", lock.split("\n", 1)[1]):
        found = PIN.match(block)
        hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))
        if found is None or not hashes or len(hashes) != len(block.rstrip().splitlines()) - 1:
            raise ValueError(f"not a pinned library: {block.splitlines()[0]}")
        yield Pin(found["name"], found["version"], found["where"] or "", hashes)


def normal(name: str) -> str:
    """Return the one spelling of a library's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> dict[str, Any]:
    """Return what the tool says of this environment; raises CalledProcessError where it fails."""
    command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "environment", "--no-validate"]
    words = ["--pyproject", str(ROOT / "pyproject.toml"), sys.executable]
    done = subprocess.run([*command, *words], check=True, capture_output=True, text=True)
    bill: dict[str, Any] = json.loads(done.stdout)
    return bill


def only_locked(bill: Mapping[str, Any], locked: Mapping[str, Pin]) -> dict[str, Any]:
    """Return the bill with the program's own libraries alone, each with the hashes of the files it may come from."""
    found = {normal(one["name"]): one for one in bill["components"]}
    components = [_component(pin, found.get(name)) for name, pin in sorted(locked.items())]
    kept = {bill["metadata"]["component"]["bom-ref"], *(one["bom-ref"] for one in components)}
    needs = [
        {**one, "dependsOn": [ref for ref in one.get("dependsOn", ()) if ref in kept]}
        for one in bill["dependencies"]
        if one["ref"] in kept
    ]
    return {**bill, "components": components, "dependencies": needs}


def _component(pin: Pin, found: Mapping[str, Any] | None) -> dict[str, Any]:
    where = f"pkg:pypi/{pin.name}@{pin.version}"
    if found is not None and found["version"] != pin.version:
        raise ValueError(f"{pin.name} {found['version']} is installed, {pin.version} is locked")
    # a library for other platforms is part of the program there, so it is listed too
    one = dict(found or {"type": "library", "bom-ref": where, "name": pin.name, "version": pin.version, "purl": where})
    if found is None:
        one |= {"scope": "optional", "description": f"Installed where {pin.where}."}
    if pin.name in LICENCES:
        one["licenses"] = [{"expression": LICENCES[pin.name]}]
    files = [{"alg": "SHA-256", "content": each} for each in pin.hashes]
    one["externalReferences"] = [{"type": "distribution", "url": where, "comment": "the locked files", "hashes": files}]
    return one


def main() -> int:
    """Write the list and return 0; raises what made it impossible."""
    locked = {pin.name: pin for pin in pins(LOCK.read_text("utf-8"))}
    bill = only_locked(installed(), locked)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{TARGET} lists {len(bill['components'])} libraries.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
