"""The decryptor: from a store and its recovery key to a file that the stock sqlite3 program opens."""

import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models.agency import Agency
from app.models.audit import AuditEntry
from app.models.statement import Statement
from app.services import opening, securing
from app.services.exchange import import_record
from app.vault.passphrase import FLOOR
from tests.builders import counting

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "resources" / "docs" / "formats" / "decrypt_store.py"
PHRASE = "five sample words for tests"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store that holds a whole meeting, its recovery key, and how many rows it has."""
    folder = tmp_path_factory.mktemp("kept")
    made = opening.make_store(folder / "store", PHRASE, lambda: datetime(2026, 12, 10, tzinfo=UTC), kdf=FLOOR)
    import_record(made.sitting, (ROOT / "resources" / "sample" / "short.json").read_bytes())
    with made.sitting.store.read() as session:
        rows = [session.query(kind).count() for kind in (Statement, Agency, AuditEntry)]
    made.sitting.close()
    (folder / "key.txt").write_text(f"{(made.recovery_key or '').lower().replace('-', ' ')}\n", encoding="utf-8")
    (folder / "rows.txt").write_text("\n".join(map(str, rows)), encoding="utf-8")
    return folder


@pytest.fixture
def place(kept: Path, tmp_path: Path) -> Path:
    return shutil.copytree(kept, tmp_path / "copy")


def decrypt(place: Path, *more: str) -> subprocess.CompletedProcess[str]:
    words = [*more, str(place / "store"), str(place / "key.txt"), str(place / "out.db")]
    # -I: nothing of this checkout can be imported
    return subprocess.run(
        [sys.executable, "-I", str(PROGRAM), *words], cwd=place, capture_output=True, text=True, check=False, timeout=60
    )


def asked(place: Path, question: str) -> str:
    program = shutil.which("sqlite3")
    assert program, "the tests need the sqlite3 program; make setup installs it"
    done = subprocess.run([program, str(place / "out.db"), question], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_stock_program_opens_what_comes_out_and_finds_every_row(place):
    done = decrypt(place)
    assert (done.returncode, done.stderr) == (0, "")
    assert "not encrypted" in done.stdout
    assert asked(place, "PRAGMA integrity_check") == "ok"
    count = "SELECT count(*) FROM statement; SELECT count(*) FROM agency; SELECT count(*) FROM audit_entry"
    assert asked(place, count) == (place / "rows.txt").read_text("utf-8")
    assert stat.S_IMODE((place / "out.db").stat().st_mode) == 0o600


def test_it_imports_nothing_of_ours_and_stays_small():
    text = PROGRAM.read_text("utf-8")
    assert "import app" not in text
    assert "from app" not in text
    assert len(text.splitlines()) < 180


def test_what_is_there_already_is_never_overwritten(place):
    (place / "out.db").write_text("mine")
    done = decrypt(place)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert (place / "out.db").read_text() == "mine"


def refused(place: Path, *more: str) -> str:
    done = decrypt(place, *more)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert not (place / "out.db").exists()
    return done.stderr


def sentences(place: Path) -> Iterator[str]:
    """Break one thing after the other and give what is said of it."""
    key, store = place / "key.txt", place / "store"
    right = key.read_text()
    for wrong in ("", "not a key", right.replace(right[0], "A" if right[0] != "a" else "B", 1)):
        key.write_text(wrong)
        yield refused(place)
    key.write_bytes(b"\xff\xfe\0")
    yield refused(place)
    key.write_text("0000-0000-0000-0000-0000-0000-0000-0000-VT1A")
    yield refused(place)
    key.unlink()
    yield refused(place)
    key.write_text(right)
    (store / "vault.db-journal").write_bytes(b"half an act, which is not to be left out")
    yield refused(place)
    (store / "vault.db-journal").write_bytes(b"")
    whole = (store / "vault.db").read_bytes()
    (store / "vault.db").write_bytes(b"")
    yield refused(place)
    (store / "vault.db").unlink()
    yield refused(place)
    (store / "vault.db").write_bytes(whole)
    assert decrypt(place).returncode == 0


def test_whatever_is_wrong_is_one_sentence(place):
    for told in sentences(place):
        assert told.count("\n") == 1
        assert told.endswith(".\n")


def test_each_page_that_was_changed_is_listed_and_nothing_is_written(place):
    path = place / "store" / "vault.db"
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    content[5 * 4096 + 4095] ^= 128
    path.write_bytes(content)
    told = refused(place).splitlines()
    assert [line.split()[1] for line in told[:-1]] == ["1", "6"]
    assert told[-1].startswith("2 of the pages are not sound")


def test_what_can_be_saved_is_saved_on_request(place):
    path = place / "store" / "vault.db"
    content = bytearray(path.read_bytes())
    last = len(content) // 4096
    content[-1] ^= 1
    path.write_bytes(content)
    done = decrypt(place, "--salvage")
    assert (done.returncode, done.stderr) == (1, f"Page {last} was changed or is damaged.\n")
    with sqlite3.connect(place / "out.db") as database:
        assert database.execute("SELECT count(*) FROM statement").fetchone()[0] > 0
    database.close()


def test_a_page_cut_short_is_not_sound(place):
    path = place / "store" / "vault.db"
    path.write_bytes(path.read_bytes()[:-1])
    assert "1 of the pages are not sound" in refused(place)


def test_a_damaged_key_file_is_left_for_its_spare_copy(place):
    path = place / "store" / "vault.keys"
    content = bytearray(path.read_bytes())
    content[80] ^= 1
    path.write_bytes(content)
    assert decrypt(place).returncode == 0


def test_it_opens_a_store_whose_recovery_key_was_replaced_and_that_an_organisation_can_open(place):
    now = lambda: datetime(2026, 12, 11, tzinfo=UTC)  # noqa: E731
    sitting = opening.open_store(place / "store", PHRASE, now)
    sitting.chance = counting()
    assert securing.add_escrow(sitting, PHRASE, securing.new_escrow_key("Exämple \u201cCouncil\u201d", PHRASE)[1]) == ""
    new, _ = securing.prepare_recovery_key(sitting, PHRASE)
    assert new is not None
    assert securing.confirm_recovery_key(sitting, new, {number: new.group(number) for number in new.asked}) == ""
    sitting.close()
    (place / "key.txt").write_text(new.printed, encoding="utf-8")
    assert decrypt(place).returncode == 0
    assert asked(place, "PRAGMA integrity_check") == "ok"
