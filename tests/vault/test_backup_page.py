"""A second reader, written from ``resources/docs/formats/backup.md`` alone, and the vectors both must agree on."""

import hashlib
import hmac
import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.vault import backup

FOLDER = Path(__file__).parents[1] / "vectors" / "backup"
VECTORS: list[dict[str, Any]] = tomllib.loads((FOLDER / "vectors.toml").read_text(encoding="utf-8"))["vector"]
KEY = bytes(range(32))
SAID = {
    "not-a-backup": "not a Chairside backup",
    "damaged": "damaged or not complete",
    "changed": "changed after it was made",
}


def sign(label: bytes, data: bytes) -> bytes:
    return hmac.digest(hmac.digest(KEY, label, "sha256"), data, "sha256")


def read_by_the_page(content: bytes) -> bool:
    """Return whether the mac is right; whatever else is wrong is an AssertionError that names it."""
    assert content.startswith(b"chairside-backup-1\n"), "not-a-backup"
    marks = re.fullmatch(rb"([0-9a-f]{64}) ([0-9a-f]{64})\n", content[19:149])
    manifest = content[149:4244]
    assert marks, "damaged"
    assert content[4244:4245] == b"\n", "damaged"
    assert hashlib.sha256(manifest).hexdigest().encode() == marks[1], "damaged"
    try:
        told = json.loads(manifest)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00", told["made"])
        assert type(told["seq"]) is int
        assert re.fullmatch(r"[0-9a-f]{64}", told["head"])
        assert [part["name"] for part in told["parts"]] == ["vault.keys", "vault.db"]
        assert all(type(part["size"]) is int and part["size"] >= 0 for part in told["parts"])
        place = 4245
        for part in told["parts"]:
            found = content[place : place + part["size"]]
            assert (len(found), hashlib.sha256(found).hexdigest()) == (part["size"], part["sha256"])
            place += part["size"]
    except (ValueError, TypeError, KeyError, RecursionError, AssertionError):
        raise AssertionError("damaged") from None
    assert place == len(content), "changed"
    return sign(b"chairside backup", manifest).hex().encode() == marks[2]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["file"].split(".")[0])
def test_both_readers_say_of_each_vector_what_the_page_says(vector: dict[str, Any], tmp_path: Path) -> None:
    path = FOLDER / vector["file"]
    if vector["outcome"] != "good":
        with pytest.raises(AssertionError, match=vector["outcome"]):
            read_by_the_page(path.read_bytes())
        for reader in (backup.check, lambda given: backup.read(given, tmp_path)):
            with pytest.raises(backup.NotABackup, match=SAID[vector["outcome"]]):
                reader(path)
        return
    assert read_by_the_page(path.read_bytes()) is vector["signed"]
    facts = backup.check(path)
    assert facts.is_signed(sign) is vector["signed"]
    assert backup.read(path, tmp_path) == facts
    assert [(tmp_path / part.name).stat().st_size for part in facts.parts] == [part.size for part in facts.parts]


def test_what_the_program_writes_is_the_vector_byte_for_byte(tmp_path: Path) -> None:
    def database(out: Any) -> dict[str, object]:
        out.write(b"the pages of a database" * 40)
        return {"made": "2026-12-10T10:30:00+00:00", "seq": 2, "head": "ab" * 32}

    backup.write(tmp_path / "written", b"the keys of a store\n", database, sign)
    assert (tmp_path / "written").read_bytes() == (FOLDER / "good.chairside-backup").read_bytes()


def test_every_single_byte_of_a_backup_is_covered(tmp_path: Path) -> None:
    content = (FOLDER / "good.chairside-backup").read_bytes()
    path = tmp_path / "flipped"
    path.write_bytes(content)
    with path.open("r+b", buffering=0) as file:
        for place in range(len(content)):
            os.pwrite(file.fileno(), bytes([content[place] ^ (1 << place % 8)]), place)
            try:
                signed = backup.check(path).is_signed(sign)
            except backup.NotABackup:
                signed = False
            assert not signed, place
            os.pwrite(file.fileno(), content[place : place + 1], place)
    assert backup.check(path).is_signed(sign)
