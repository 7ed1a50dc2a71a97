"""A backup is opened and checked before it counts, and brought back whole or not at all."""

import json
import shutil
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models.base import Act
from app.services import cases, copying
from app.services.keeping import NotWritten
from app.services.opening import CannotOpen, open_store
from app.services.sitting import Sitting
from app.store.store import Store
from app.vault import backup, keys
from app.vault.passphrase import Cost
from tests.builders import Clock, counting, national_files, national_pack

PHRASE = "five sample words for tests"
CHEAPEST = Cost(3, 65536, 4)


def now() -> datetime:
    return datetime(2026, 12, 10, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store, and a backup of it beside it."""
    root = tmp_path_factory.mktemp("made")
    folder = root / "store"
    created = keys.create(folder, PHRASE, kdf=CHEAPEST)
    store = Store.create(folder, created.key, Act("Ash Example", now(), lambda n: b"\7" * n))
    sitting = Sitting(store, national_pack(), dict(national_files()), "Ash Example", Clock(), counting())
    cases.open_case(sitting, "SAMPLE-1")
    report = copying.back_up(sitting, root / "first.cpbak", PHRASE)
    assert report.entries == store.end.seq == 2
    store.close()
    return root


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_backup_is_one_private_file_and_leaves_nothing_beside_it(made: Path) -> None:
    assert [name for name in files(made) if "/" not in name] == ["first.cpbak", "store"]
    assert stat.S_IMODE((made / "first.cpbak").stat().st_mode) == 0o600


def test_what_is_brought_back_opens_with_everything_in_it(made: Path, tmp_path: Path) -> None:
    assert copying.restore(made / "first.cpbak", tmp_path / "deep" / "back", PHRASE, now) == 2
    assert files(tmp_path / "deep") == ["back", *(n for n in files(tmp_path / "deep") if n.startswith("back/"))]
    assert stat.S_IMODE((tmp_path / "deep" / "back").stat().st_mode) == 0o700
    sitting = open_store(tmp_path / "deep" / "back", PHRASE, now)
    assert [case.reference for case in cases.list_cases(sitting)] == ["SAMPLE-1"]
    sitting.close()


def test_an_empty_folder_is_filled_and_a_used_one_is_left_alone(made: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    copying.restore(made / "first.cpbak", tmp_path / "empty", PHRASE, now)
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "letter.txt").write_text("Dear Sam")
    with pytest.raises(CannotOpen, match="not empty"):
        copying.restore(made / "first.cpbak", tmp_path / "used", PHRASE, now)
    assert files(tmp_path / "used") == ["letter.txt"]


def edited(content: bytes, change: Callable[[dict[str, object]], object]) -> bytes:
    magic, manifest, rest = content.split(b"\n", 2)
    facts = json.loads(manifest)
    change(facts)
    return b"\n".join((magic, json.dumps(facts).encode(), rest))


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


BAD: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "not ours": lambda _: b"%PDF-1.7 and so on",
    "only the first line": lambda c: c.split(b"\n")[0] + b"\n",
    "cut short": lambda c: c[:-1],
    "cut in half": lambda c: c[: len(c) // 2],
    "something appended": lambda c: c + b"\0",
    "a flipped bit in the keys": lambda c: flipped(c, c.index(b"\n", 20) + 40),
    "a flipped bit in the record": lambda c: flipped(c, len(c) - 5000),
    "a manifest that is a list": lambda c: edited(c, lambda f: f.clear()),
    "a manifest nested deeply": lambda c: backup.MAGIC + b"[" * 4000 + b"\n",
    "a manifest without end": lambda c: backup.MAGIC + b"{" + b" " * 10_000,
    "a part of another name": lambda c: edited(c, lambda f: f["parts"][0].update(name="../../evil")),  # type: ignore[index]  # plain JSON
    "a part without a digest": lambda c: edited(c, lambda f: f["parts"][0].pop("sha256")),  # type: ignore[index]  # plain JSON
    "a part of no size": lambda c: edited(c, lambda f: f["parts"][0].update(size="much")),  # type: ignore[index]  # plain JSON
    "a part of huge size": lambda c: edited(c, lambda f: f["parts"][1].update(size=1 << 60)),  # type: ignore[index]  # plain JSON
    "a trail said to be longer": lambda c: edited(c, lambda f: f.update(seq=3)),
    "a trail said to end elsewhere": lambda c: edited(c, lambda f: f.update(head="00" * 32)),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_backup_is_refused_in_one_sentence_and_leaves_nothing(made: Path, tmp_path: Path, name: str) -> None:
    bad = tmp_path / "bad.cpbak"
    bad.write_bytes(BAD[name]((made / "first.cpbak").read_bytes()))
    with pytest.raises(CannotOpen) as refused:
        copying.restore(bad, tmp_path / "back", PHRASE, now)
    assert str(refused.value).endswith(".")
    assert files(tmp_path) == ["bad.cpbak"]


def test_a_wrong_passphrase_is_told_apart_and_leaves_nothing(made: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotOpen) as refused:
        copying.restore(made / "first.cpbak", tmp_path / "back", "another passphrase here", now)
    assert refused.value.wrong_secret
    assert files(tmp_path) == []


def test_a_backup_that_is_not_there_or_cannot_be_put_back_says_so(made: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="cannot be read"):
        copying.restore(tmp_path / "nothing.cpbak", tmp_path / "back", PHRASE, now)
    (tmp_path / "file").write_text("x")
    with pytest.raises(CannotOpen, match="cannot be read or brought back"):
        copying.restore(made / "first.cpbak", tmp_path / "file" / "back", PHRASE, now)
    assert files(tmp_path) == ["file"]


def test_a_backup_never_takes_the_place_of_a_file_or_counts_unchecked(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made / "store", tmp_path / "store")
    sitting = open_store(tmp_path / "store", PHRASE, now)
    (tmp_path / "taken.cpbak").write_text("x")
    with pytest.raises(NotWritten, match="already a file"):
        copying.back_up(sitting, tmp_path / "taken.cpbak", PHRASE)
    with pytest.raises(CannotOpen):
        copying.back_up(sitting, tmp_path / "wrong.cpbak", "another passphrase here")
    with pytest.raises(NotWritten, match="could not be written"):
        copying.back_up(sitting, tmp_path / "nowhere" / "x.cpbak", PHRASE)
    # what a backup that was cut off left behind does not stand in the way of the next
    (tmp_path / ".again.cpbak.part").write_text("half")
    copying.back_up(sitting, tmp_path / "again.cpbak", PHRASE)
    sitting.close()
    assert [name for name in files(tmp_path) if "/" not in name] == ["again.cpbak", "store", "taken.cpbak"]
