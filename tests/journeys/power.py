"""Power cuts, played again from a trace of what a process asked of the disk.

Whatever was synced before the cut is on the disk. Of what was not, any part may be: a write is kept, dropped or torn
between two sectors, and making, renaming, removing or cutting a file may not have happened.
"""

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

CALLS = (
    "open,openat,creat,write,pwrite64,writev,pwritev,pwritev2,lseek,truncate,ftruncate,fallocate,fsync,fdatasync,"
    "sync_file_range,rename,renameat,renameat2,unlink,unlinkat,link,linkat,copy_file_range,sendfile"
)
KEPT, TORN, UNDONE = 0.6, 0.3, 0.5
SECTOR = 512


@dataclass(frozen=True, slots=True)
class Written:
    """Bytes put into a file at a place."""

    file: int
    at: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Sized:
    """A file cut off or made longer."""

    file: int
    size: int


@dataclass(frozen=True, slots=True)
class Named:
    """A file made under a name or, where there is no file, a name taken away; ``gone`` is the name it had before."""

    name: str
    file: int | None
    gone: str = ""


@dataclass(frozen=True, slots=True)
class Synced:
    """A file, or where there is none the folder, of which everything so far is on the disk."""

    file: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """What the process told whoever watched it."""

    line: str


Deed = Written | Sized | Named | Synced | Said
Files = dict[str, bytes]


def traced(command: Sequence[str], trace: Path, **options: object) -> str:
    """Run a command to its end with every request to the disk written to ``trace``, and return what it printed."""
    watch = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-y",
        "-xx",
        "-qq",
        "-s",
        "16777216",
        "-o",
        str(trace),
        "-e",
        f"trace={CALLS}",
    ]
    done = subprocess.run([*watch, *command], capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
HANDLE = re.compile(r"(\d+)<((?:\\x[0-9a-f]{2}|[^\\>])*)>(\(deleted\))?")


def _bytes(coded: str) -> bytes:
    return bytes.fromhex(coded.replace("\\x", ""))


def _plain(path: str) -> str:
    return re.sub(r"(?:\\x[0-9a-f]{2})+", lambda found: _bytes(found[0]).decode(), path)


def files_in(folder: Path) -> Files:
    """Return the content of each file in a folder, by its name."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


class Trace:
    """What a process did in one folder, and what it said, in the order in which it did."""

    def __init__(self, lines: Iterable[str], folder: Path, start: Files) -> None:
        self.folder = folder
        self.start = start
        self._files = {name: number for number, name in enumerate(sorted(self.start))}
        self.first = dict(self._files)
        self._next = len(self._files)
        self._places: dict[str, int] = {}
        self.deeds: list[Deed] = []
        for line in lines:
            found = LINE.match(line)
            assert found or "resumed>" in line or "+++" in line or "---" in line or "?" in line, line[:200]
            if found and int(found[4]) >= 0:
                self.deeds += self._deeds(found[2], found[3], int(found[4]), line)

    def _deeds(self, call: str, words: str, answer: int, line: str) -> Iterator[Deed]:
        match call:
            case "openat" | "open" | "creat":
                yield from self._opened(words, answer, line)
            case "rename" | "renameat" | "renameat2" | "link" | "linkat":
                yield from self._renamed(words, moved=call.startswith("rename"))
            case "unlink" | "unlinkat":
                name = self._ours(_bytes(TEXT.findall(words)[0]).decode())
                if self._files.pop(name, None) is not None:
                    yield Named(name, None)
            case "fsync" | "fdatasync" | "pwrite64" | "write" | "ftruncate" | "fallocate" | "lseek":
                yield from self._handled(call, words, answer)
            case _:
                raise AssertionError(f"a request this trace cannot play again: {call}")

    def _ours(self, path: str) -> str:
        """Return the name of a file in the folder; empty for any other."""
        place = Path(path)
        return place.name if place.parent == self.folder else ""

    def _opened(self, words: str, answer: int, line: str) -> Iterator[Deed]:
        name = self._ours(_bytes(TEXT.findall(words)[0]).decode())
        self._places[str(answer)] = 0
        if not name or ("O_CREAT" not in words and name not in self._files):
            return
        if name not in self._files:
            self._files[name] = self._next
            self._next += 1
            yield Named(name, self._files[name])
        elif "O_TRUNC" in words:
            yield Sized(self._files[name], 0)
        assert "O_APPEND" not in words, line[:200]

    def _renamed(self, words: str, *, moved: bool) -> Iterator[Deed]:
        before, after = (self._ours(_bytes(path).decode()) for path in TEXT.findall(words))
        if before in self._files:
            file = self._files.pop(before) if moved else self._files[before]
            assert after, "a file left the folder"
            self._files[after] = file
            yield Named(after, file, before if moved else "")

    def _handled(self, call: str, words: str, answer: int) -> Iterator[Deed]:
        handle = HANDLE.match(words)
        assert handle, words[:200]
        number, path, deleted = handle[1], _plain(handle[2]), handle[3]
        numbers = [int(word) for word in re.findall(r", (\d+)(?=,|$)", words)]
        if call == "write" and number == "1":
            yield from (Said(line) for line in _bytes(TEXT.findall(words)[0]).decode().splitlines() if line)
        elif call == "lseek":
            self._places[number] = answer
        elif Path(path) == self.folder and call == "fsync":
            yield Synced(None)
        elif not deleted and (name := self._ours(path)) in self._files:
            file = self._files[name]
            match call:
                case "fsync" | "fdatasync":
                    yield Synced(file)
                case "ftruncate":
                    yield Sized(file, numbers[0])
                case "fallocate":
                    yield Sized(file, sum(numbers[-2:]))
                case "pwrite64" | "write":
                    content = _bytes(TEXT.findall(words)[0])[:answer]
                    place = numbers[-1] if call == "pwrite64" else self._places.get(number, 0)
                    if call == "write":
                        self._places[number] = place + answer
                    yield Written(file, place, content)


class Disk:
    """The folder as a power cut may leave it, at any moment of a trace."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self.deeds = trace.deeds
        self._safe = [len(self.deeds) + 1] * len(self.deeds)
        waiting: dict[int | None, list[int]] = defaultdict(list)
        for number, deed in enumerate(self.deeds):
            match deed:
                case Written(file) | Sized(file):
                    waiting[file].append(number)
                case Named():
                    waiting[None].append(number)
                case Synced(file):
                    for earlier in waiting.pop(file, ()):
                        self._safe[earlier] = number

    def said(self, cut: int) -> list[str]:
        """Return what the process had said before the cut."""
        return [deed.line for deed in self.deeds[:cut] if isinstance(deed, Said)]

    def after(self, cut: int, chance: Random, *, trusted: bool = True) -> Files:
        """Return the files after a power cut before deed number ``cut``; not trusted, the disk heeds no sync."""
        contents = {self._trace.first[name]: bytearray(content) for name, content in self._trace.start.items()}
        names = dict(self._trace.first)
        for number, deed in enumerate(self.deeds[:cut]):
            safe = trusted and self._safe[number] < cut
            match deed:
                case Written(file, at, content):
                    for part, piece in _kept(content, chance, safe=safe):
                        _put(contents.setdefault(file, bytearray()), at + part, piece)
                case Sized(file, size) if safe or chance.random() >= UNDONE:
                    held = contents.setdefault(file, bytearray())
                    held[size:] = bytes(max(0, size - len(held)))
                case Named(name, file, gone) if safe or chance.random() >= UNDONE:
                    _name(names, name, file, gone)
        return {name: bytes(contents.get(file, b"")) for name, file in names.items()}


def _kept(content: bytes, chance: Random, *, safe: bool) -> Iterator[tuple[int, bytes]]:
    """Give the parts of a write that reached the disk, each with its place in it."""
    if safe:
        yield 0, content
    elif chance.random() < KEPT:
        sectors = -(-len(content) // SECTOR)
        tear = chance.randrange(1, sectors) * SECTOR if sectors > 1 and chance.random() < TORN else 0
        yield (tear, content[tear:]) if chance.random() < 0.5 else (0, content[: tear or None])


def _put(held: bytearray, at: int, content: bytes) -> None:
    held.extend(bytes(max(0, at - len(held))))
    held[at : at + len(content)] = content


def _name(names: dict[str, int], name: str, file: int | None, gone: str) -> None:
    if file is None:
        names.pop(name, None)
    elif not gone or names.get(gone) == file:
        names.pop(gone, None)
        names[name] = file


def rebuild(files: Mapping[str, bytes], folder: Path) -> None:
    """Make ``folder`` hold these files and no others."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
