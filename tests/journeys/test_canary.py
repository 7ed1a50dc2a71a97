"""A word typed into the meeting is on the disk nowhere but in the encrypted store and in what was exported."""

import base64
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

WORD = "Quokkaberry"

# Types the word into every kind of entry, draws the minutes and looks at them, and is then killed in the middle of it.
SESSION = """
import os, pathlib, sys
from datetime import UTC, date, datetime
from app.models.base import Refused
from app.models.dissent import DissentKind
from app.services import cases, copying, deciding, entries, keeping, meetings, opening, preview, sealing, table, undoing
from app.services.deciding import Choice
from app.store.faults import StoreFault

root, word = pathlib.Path(sys.argv[1]), sys.argv[2]
made = opening.make_store(root / "home" / "store", f"a passphrase with {word} in it", lambda: datetime.now(UTC))
sitting = made.sitting
opening.introduce(sitting, f"Ash {word}", f"Manager {word}", f"{word} Council")
case = cases.open_case(sitting, f"{word}-1")
child = cases.add_child(sitting, case.id, f"Robin {word}", address=word, gp=word, born=date(2021, 5, 4))
cases.add_person(sitting, case.id, f"Sam {word}", relation=word, address=word, note=word)
meeting = meetings.prepare(
    sitting, case.id, "strategy_initial", [child.id], planned_at=datetime.now(UTC), reason=word, venue=word
)
seat = table.invite(sitting, meeting.id, f"Casey {word}", sector="police", agency=f"{word} Police", note=word)
meetings.start(sitting, meeting.id)
table.arrive(sitting, seat.id)
said = entries.record_statement(sitting, meeting.id, "agencies", f"{word} was seen.", speaker=seat.id, source=word)
entries.amend_statement(sitting, said.id, text=f"{word} was not seen.", restricted=True)
entries.record_gap(sitting, meeting.id, "agencies", f"Who saw {word}?", owner=word)
entries.answer_prompt(sitting, meeting.id, "agencies.history", word)
entries.record_action(sitting, meeting.id, "enquiry", f"Ring {word}.", owner=word)
view = (meeting.id, "threshold", child.id, "met", f"As {word} said.")
deciding.record_view(sitting, *view, speaker=seat.id, would_change=word)
deciding.decide(sitting, meeting.id, Choice("D5", child.id, "no", word, detail=word, person=word, grounds=[said.id]))
dissent = (meeting.id, "dissent", seat.id, DissentKind.DISSENT, f"{word} is not safe.")
deciding.record_dissent(sitting, *dissent, preferred=word, risk=word)
table.substitute(sitting, seat.id, f"Frankie {word}")
undoing.undo(sitting, meeting.id)
for act in (
    lambda: entries.record_statement(sitting, meeting.id, "nowhere", word),
    lambda: cases.open_case(sitting, f"{word}-1"),
    lambda: sealing.seal(sitting, meeting.id),
):
    try:
        act()
    except Refused as refused:
        print(refused, repr(refused), file=sys.stderr)
draft = sealing.minutes(sitting, meeting.id)
for number in range(1, preview.pages(draft) + 1):
    preview.page(draft, number, 1.0)
keeping.write_file(root / "exported" / "draft.pdf", draft)
copying.back_up(sitting, root / "home" / "copy.cpbak", f"a passphrase with {word} in it")
print("done", flush=True)
while True:
    entries.record_statement(sitting, meeting.id, "agencies", f"{word} again.", speaker=seat.id)
"""


def spellings(word: str) -> set[bytes]:
    """Return the word as it might lie in a file: in three encodings, in base64 at each offset, and in hexadecimal."""
    found = set()
    for plain in (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")):
        found |= {plain, plain.hex().encode(), plain.hex().upper().encode()}
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + plain)
            # the first and last signs also carry their neighbours
            found.add(coded[(0, 2, 3)[shift] : len(coded) - (0, 4, 4)[(len(plain) + shift) % 3]])
    return found


def inflated(content: bytes) -> Iterator[bytes]:
    """Give whatever can be inflated in a file, from each place where a compressed stream may begin."""
    for begin in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x1f\x8b"):
        place = content.find(begin)
        while place >= 0:
            with suppress(zlib.error):
                yield zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(content[place:], 1 << 24)
            place = content.find(begin, place + 1)


def holds(content: bytes, deep: int = 2) -> bool:
    return any(spelt in content for spelt in spellings(WORD)) or (
        deep > 0 and any(holds(inner, deep - 1) for inner in inflated(content))
    )


def test_the_search_finds_the_word_in_each_form() -> None:
    text = f"a word: {WORD}, once".encode()
    forms = [text, text.decode().encode("utf-16-le"), zlib.compress(text), zlib.compress(zlib.compress(text))]
    forms += [base64.b64encode(b"x" * n + text) for n in range(3)] + [text.hex().encode(), text.hex().upper().encode()]
    assert all(holds(b"\0\x78" + form + b"tail") for form in forms)
    assert not holds(os.urandom(200_000))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("home", "tmp", "exported", "xdg/cache", "xdg/config", "xdg/data", "xdg/state", "xdg/run"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def test_a_word_typed_is_nowhere_on_the_disk_outside_the_exported_files(place: Path) -> None:
    xdg = {f"XDG_{name.upper()}_HOME": str(place / "xdg" / name) for name in ("cache", "config", "data", "state")}
    around = {key: os.environ[key] for key in ("PATH", "LANG", "SYSTEMROOT") if key in os.environ}
    own = {"HOME": str(place / "home"), "TMPDIR": str(place / "tmp"), "XDG_RUNTIME_DIR": str(place / "xdg" / "run")}
    with (
        (place / "out.txt").open("wb") as out,
        (place / "err.txt").open("wb") as err,
        subprocess.Popen(
            [sys.executable, "-c", SESSION, str(place), WORD], stdout=out, stderr=err, cwd=place / "home",
            env={**around, **own, **xdg, "PYTHONDONTWRITEBYTECODE": "1"},
        ) as session,
    ):  # fmt: skip
        while session.poll() is None and b"done" not in (place / "out.txt").read_bytes():
            with suppress(subprocess.TimeoutExpired):
                session.wait(0.1)
        assert session.poll() is None, (place / "err.txt").read_text()
        session.kill()
    found = {file for file in place.rglob("*") if file.is_file() and holds(file.read_bytes())}
    assert found == {place / "exported" / "draft.pdf"}
    assert (place / "home" / "store" / "vault.db").stat().st_size > 100_000
    assert (place / "home" / "copy.cpbak").stat().st_size > 100_000
    assert not [file for file in place.rglob("*") if WORD in file.name]
