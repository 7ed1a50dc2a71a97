"""A word typed into the meeting is on the disk nowhere but in the encrypted store and in what was exported."""

import base64
import gzip
import io
import json
import os
import re
import signal
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app import resources
from app.cli.door import main
from app.models.audit import AuditEntry
from app.services import unfinished
from app.services.meetings import list_meetings, load
from app.services.opening import open_store
from tests.journeys.screen import Program, Screen
from tests.journeys.short_by_keys import ByKeys, england
from tests.journeys.strokes import Words, keys, line

ROOT = Path(__file__).parents[2]
WORD = "Quokkaberry"

# Types the word into every kind of entry, draws the minutes and looks at them, and is then killed in the middle of it.
SESSION = """
import os, pathlib, sys
from datetime import UTC, date, datetime
from app.models.base import Refused
from app.models.dissent import DissentKind
from app.services import (
    cases, concluding, copying, deciding, entries, exchange, keeping, meetings, opening, preview, receipts, retaining,
    sealing, searching, table, undoing, unfinished,
)
from app.services.deciding import Choice

root, word = pathlib.Path(sys.argv[1]), sys.argv[2]
exported, store, phrase = root / "exported", root / "home" / "store", f"a passphrase with {word} in it"
now = lambda: datetime.now(UTC)
sitting = opening.make_store(store, phrase, now).sitting
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
print(searching.search_for(sitting, word).of, "records hold it", file=sys.stderr)
exchange.export_meeting(sitting, meeting.id)  # and whoever asked for it says no
keeping.write_file(exported / "draft.pdf", draft)
retaining.choose_marking(sitting, f"{word} - SENSITIVE")
found = concluding.blocks(sitting, meeting.id)
concluding.conclude(sitting, meeting.id, {(one.rule, one.subject): word for one in found})
keeping.write_file(exported / "signed.pdf", sealing.seal(sitting, meeting.id).pdf)
record = exchange.export_meeting(sitting, meeting.id)
keeping.write_file(exported / "record.json", record)
said = meetings.load(sitting, meeting.id).dissents[0]
keeping.write_file(exported / "receipt.json", receipts.of_dissent(sitting, meeting.id, said.id))
unfinished.keep(sitting, unfinished.Kept("meeting", {"meeting": f"{word} came to the st"}))
sitting.close()
try:
    opening.open_store(store, f"another {word} altogether", now)
except opening.CannotOpen as wrong:
    print(wrong, repr(wrong), file=sys.stderr)
sitting = opening.open_store(store, phrase, now)
copying.back_up(sitting, root / "home" / "copy.cpbak")
copying.restore(root / "home" / "copy.cpbak", root / "home" / "brought-back", copying.by_passphrase(phrase), now)
other = opening.make_store(root / "home" / "another", phrase, now, recovery=False).sitting
exchange.import_record(other, record)
other.close()
next_one = meetings.prepare(sitting, case.id, "strategy_initial", [child.id], planned_at=now(), reason=word)
meetings.start(sitting, next_one.id)
print(f"done {os.getpid()}.", flush=True)
while True:
    entries.record_statement(sitting, next_one.id, "agencies", f"{word} again.")
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
    for place in (found.start() for found in re.finditer(b"PK\\x03\\x04", content)):
        name, extra = struct.unpack_from("<HH", content, place + 26) if len(content) >= place + 30 else (0, 0)
        with suppress(zlib.error):
            yield zlib.decompressobj(wbits=-zlib.MAX_WBITS).decompress(content[place + 30 + name + extra :], 1 << 24)


def holds(content: bytes, deep: int = 2) -> bool:
    return any(spelt in content for spelt in spellings(WORD)) or (
        deep > 0 and any(holds(inner, deep - 1) for inner in inflated(content))
    )


def test_the_search_finds_the_word_in_each_form() -> None:
    text = f"a word: {WORD}, once".encode()
    forms = [text, text.decode().encode("utf-16-le"), zlib.compress(text), zlib.compress(zlib.compress(text))]
    with zipfile.ZipFile(packed := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("member.xml", text * 3)
    forms += [gzip.compress(text), packed.getvalue()]
    forms += [base64.b64encode(b"x" * n + text) for n in range(3)] + [text.hex().encode(), text.hex().upper().encode()]
    assert all(holds(b"\0\x78" + form + b"tail") for form in forms)
    assert not holds(os.urandom(200_000))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("home", "tmp", "exported", "xdg/cache", "xdg/config", "xdg/data", "xdg/state", "xdg/run"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def surroundings(place: Path) -> dict[str, str]:
    """Return an environment in which every place that is somebody's own lies in ``place``."""
    xdg = {f"XDG_{name.upper()}_HOME": str(place / "xdg" / name) for name in ("cache", "config", "data", "state")}
    around = {key: os.environ[key] for key in ("PATH", "LANG", "SYSTEMROOT") if key in os.environ}
    own = {"HOME": str(place / "home"), "TMPDIR": str(place / "tmp"), "XDG_RUNTIME_DIR": str(place / "xdg" / "run")}
    return {**around, **own, **xdg, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)}


def files_with_the_word(place: Path) -> set[str]:
    """Return the path of each file that holds the word in any form, or is named by it."""
    files = [file for file in place.rglob("*") if file.is_file()]
    return {str(file.relative_to(place)) for file in files if WORD in file.name or holds(file.read_bytes())}


def written_in_plain(trace: Path, exported: Path) -> list[str]:
    """Return where a traced process wrote the word as it is, to a file that may be gone; exported files left out."""
    spelt = [WORD.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    coded = re.compile("|".join(re.escape("".join(f"\\x{byte:02x}" for byte in one)) for one in spelt).encode())
    to = ("".join(f"\\x{byte:02x}" for byte in bytes(exported)), str(exported))
    found = []
    with trace.open("rb") as lines:
        for line in lines:
            start = line[: line.find(b",")].decode()
            if coded.search(line) and not any(place in start for place in to):
                found.append(start)
    return found


def test_a_word_typed_is_nowhere_on_the_disk_outside_the_exported_files(
    place: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    trace = tmp_path_factory.mktemp("watched") / "trace"
    writes = "trace=write,writev,pwrite64,pwritev,pwritev2"
    watch = ["strace", "-f", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", "16777216", "-o", str(trace), "-e", writes]
    with (
        (place / "out.txt").open("wb") as out,
        (place / "err.txt").open("wb") as err,
        subprocess.Popen(
            [*watch, sys.executable, "-c", SESSION, str(place), WORD], stdout=out, stderr=err, cwd=place / "home",
            env=surroundings(place),
        ) as session,
    ):  # fmt: skip
        while session.poll() is None and not (place / "out.txt").read_bytes().endswith(b".\n"):
            with suppress(subprocess.TimeoutExpired):
                session.wait(0.1)
        assert session.poll() is None, (place / "err.txt").read_text()
        os.kill(int((place / "out.txt").read_text().strip("done .\n")), signal.SIGKILL)
    given_out = {"draft.pdf", "signed.pdf", "record.json", "receipt.json"}
    assert files_with_the_word(place) == {f"exported/{name}" for name in given_out}
    assert re.search(r"^[1-9]\d records hold it$", (place / "err.txt").read_text(), re.MULTILINE)
    assert (place / "home" / "store" / "vault.db").stat().st_size > 100_000
    assert (place / "home" / "copy.cpbak").stat().st_size > 100_000
    assert trace.stat().st_size > 1_000_000
    assert written_in_plain(trace, place / "exported") == []
    assert written_in_plain(trace, place / "nowhere") != [], "the search of the trace finds what was exported"


@pytest.mark.window
def test_a_word_typed_in_the_window_is_nowhere_on_the_disk(place: Path) -> None:
    sample = resources.folder("sample", "short.json").read_text("utf-8")
    played = ByKeys(
        json.loads(re.sub(r'("(?:text|reason|words|address|note)": ")', rf"\g<1>{WORD} ", sample)), england()
    )
    phrase, meeting = f"a passphrase with {WORD} in it", r"^[A-Z]+-\d{4}-\d+ - Chairside$"
    (place / "exported" / "passphrase.txt").write_text(phrase, "utf-8")
    store = place / "home" / "store"
    assert main(["new-store", "--store", str(store), "--passphrase-file", str(place / "exported/passphrase.txt")]) == 0
    with Screen() as screen:
        screen.environment |= surroundings(place)
        with Program(screen, store) as window:
            window.wait("^Locked")
            window.press(*line(phrase))
            window.wait("^First start")
            window.press(*played.chair())
            window.wait("^Home")
            window.press(*played.set_up())
            window.wait(meeting)
            for _, strokes in [*played.items()][:4]:
                window.press(*strokes)
            window.press(Words(f"Half of {WORD}"), keys("ctrl+l"))
            window.wait("^Locked")
            window.press(*line(phrase))
            window.wait(meeting)
            window.press(Words(f" and {WORD} once more"), keys("ctrl+a"), keys("ctrl+c"))
            # it is found and noted before the page is left twice
            for shortcut, title in (("ctrl+f", "^Find"), ("alt+Home", "^Home"), ("ctrl+f", "^Find")):
                window.press(keys(shortcut))
                window.wait(title)
                window.press(*(line(WORD) if title == "^Find" else ()))
            window.press(keys("alt+Home"))
            window.wait("^Home")
            window.kill()
    assert files_with_the_word(place) == {"exported/passphrase.txt"}
    sitting = open_store(store, phrase, lambda: datetime.now(UTC))
    typed = [said.text for one in list_meetings(sitting) for said in load(sitting, one.id).statements]
    assert len([text for text in typed if WORD in text]) > 3
    assert any(WORD in half for half in unfinished.kept(sitting).words.values())
    with sitting.store.read() as session:
        searched = select(AuditEntry.payload).where(AuditEntry.kind == "record.searched")
        noted = [json.loads(payload or b"")["told"]["found"] > 3 for payload in session.scalars(searched)]
        assert noted
        assert all(noted)
    sitting.close()
