"""Saving when the disk is full, read only, gone or held: one sentence, nothing saved is lost, and on it goes."""

import os
import resource
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.models.base import Act
from app.models.copy import Preference
from app.store import checking, reserve
from app.store.faults import (
    DiskFull,
    RoomMade,
    SaveFailed,
    StoreFault,
    StoreInUse,
    StoreMissing,
    StoreReadOnly,
)
from app.store.file import StoreFile
from app.store.store import FILE, Store
from tests.builders import KEY, an_act

MIB = 1 << 20


@dataclass
class Disk:
    """A disk that a test can fill to the last byte, and make room on."""

    folder: Path
    fill: Callable[[], None]
    make_room: Callable[[], None]


def a_disk(folder: Path, size: int) -> Iterator[Disk]:
    """Give a real small disk where this person may mount one, else a folder whose files may not grow any more."""
    folder.mkdir()
    filler = folder / "something else"
    if os.getuid() != 0:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        largest = lambda: (folder / FILE).stat().st_size  # noqa: E731  (when it is filled, not now)
        yield Disk(
            folder,
            lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest(), before[1])),
            lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before),
        )
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)

    def fill() -> None:
        with filler.open("ab", buffering=0) as file:
            for block in (bytes(MIB), bytes(4096)):
                with suppress(OSError):
                    while file.write(block) == len(block):
                        pass

    yield Disk(folder, fill, filler.unlink)
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Disk]:
    yield from a_disk(tmp_path / "small", 8 * MIB)


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Disk]:
    yield from a_disk(tmp_path / "large", 256 * MIB)


def save(store: Store, name: str, size: int = 100) -> None:
    with store.begin(an_act(), "preference.set") as session:
        session.add(Preference(key=name, value="x" * size))


def saved(store: Store) -> set[str]:
    with store.connection() as connection:
        return set(connection.exec_driver_sql("SELECT key FROM preference").scalars())


def save_until_refused(store: Store) -> tuple[set[str], StoreFault]:
    """Save until that is refused; return what was acknowledged and the refusal."""
    names: set[str] = set()
    for number in range(10_000):
        try:
            save(store, f"{len(saved(store))}-{number}", 20_000)
        except StoreFault as fault:
            return names, fault
        names = saved(store)
    raise AssertionError("the disk never became full")


def test_on_a_full_disk_nothing_saved_is_lost_and_it_goes_on_when_there_is_room(small: Disk) -> None:
    store = Store.create(small.folder, KEY, an_act())
    save(store, "first")
    small.fill()
    names, fault = save_until_refused(store)
    assert isinstance(fault, DiskFull | SaveFailed)
    assert str(fault).endswith(".")
    before = store.end
    for _ in range(3):
        with pytest.raises(StoreFault):
            save(store, "one more", 200_000)
    assert store.end == before
    assert saved(store) == names | {"first"}
    small.make_room()
    save(store, "after")
    assert store.end.seq == before.seq + 1
    assert list(checking.findings(store)) == []
    store.close()
    again = Store.open(small.folder, KEY)
    assert saved(again) == names | {"first", "after"}
    again.close()


def test_acts_saved_together_are_all_refused_on_a_full_disk_and_saved_when_there_is_room(small: Disk) -> None:
    store = Store.create(small.folder, KEY, an_act())
    small.fill()

    def both() -> None:
        with store.together():
            save(store, "one", 100)
            save(store, "two", 3_000_000)

    before = store.end
    with pytest.raises(StoreFault):
        both()
    assert (store.end, saved(store)) == (before, set())
    small.make_room()
    both()
    assert saved(store) == {"one", "two"}
    assert list(checking.findings(store)) == []
    store.close()


def test_half_typed_words_on_a_full_disk_are_refused_in_one_sentence(small: Disk) -> None:
    store = Store.create(small.folder, KEY, an_act())
    store.keep_unfinished({"meeting": "half a word"}, an_act().at)
    small.fill()
    with pytest.raises(StoreFault):
        store.keep_unfinished({"meeting": "x" * 3_000_000}, an_act().at)
    assert store.unfinished() == {"meeting": "half a word"}
    small.make_room()
    store.keep_unfinished({"meeting": "a whole word"}, an_act().at)
    assert store.unfinished() == {"meeting": "a whole word"}
    store.close()


def test_the_reserve_is_real_private_and_made_once(tmp_path: Path) -> None:
    assert reserve.make(tmp_path)
    found = (tmp_path / reserve.NAME).stat()
    assert found.st_size == reserve.SIZE
    assert found.st_blocks * 512 >= reserve.SIZE
    assert stat.S_IMODE(found.st_mode) == 0o600
    assert reserve.make(tmp_path)
    assert (tmp_path / reserve.NAME).stat().st_ino == found.st_ino
    assert reserve.release(tmp_path)
    assert not reserve.release(tmp_path)


def test_a_reserve_that_was_cut_off_is_made_anew_and_one_that_cannot_be_made_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / reserve.NAME).write_bytes(b"\0" * 1000)
    assert reserve.make(tmp_path)
    assert (tmp_path / reserve.NAME).stat().st_size == reserve.SIZE
    assert not reserve.make(tmp_path / "nowhere")


def test_a_small_or_nearly_full_disk_keeps_no_reserve(small: Disk) -> None:
    made = reserve.make(small.folder)
    assert made == (os.getuid() != 0)


def test_the_reserve_makes_room_for_the_last_words_and_the_person_is_told(large: Disk) -> None:
    store = Store.create(large.folder, KEY, an_act())
    save(store, "first")
    assert reserve.make(large.folder)
    assert not store.low_room
    large.fill()
    if os.getuid() == 0:
        save(store, "second", 200_000)
        assert store.low_room
        assert not (large.folder / reserve.NAME).exists()
    large.make_room()
    save(store, "third")
    assert not store.low_room
    assert {"first", "third"} <= saved(store)
    store.close()


def test_a_disk_that_fills_within_an_act_is_told_so_and_the_next_try_is_saved(large: Disk) -> None:
    store = Store.create(large.folder, KEY, an_act())
    assert reserve.make(large.folder)
    act = store.begin(an_act(), "preference.set")
    act.__enter__().add(Preference(key="big", value="x" * 500_000))
    large.fill()
    with pytest.raises(StoreFault) as refused:
        act.__exit__(None, None, None)
    if os.getuid() == 0:
        assert refused.type is RoomMade
        assert "press Enter again" in str(refused.value)
    else:
        large.make_room()
    save(store, "big", 500_000)
    assert saved(store) == {"big"}
    assert list(checking.findings(store)) == []
    store.close()


def test_a_folder_that_has_gone_is_told_and_saving_goes_on_when_it_is_back(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    store = Store.create(folder, KEY, an_act())
    save(store, "first")
    folder.rename(tmp_path / "moved")
    for _ in range(2):
        with pytest.raises(StoreMissing, match="check that the drive is connected"):
            save(store, "second")
    (tmp_path / "moved").rename(folder)
    save(store, "third")
    assert saved(store) == {"first", "third"}
    store.close()


def test_a_folder_that_became_read_only_is_told_when_it_is_opened(tmp_path: Path) -> None:
    Store.create(tmp_path, KEY, an_act()).close()
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom app.store.store import Store\n"
        "from app.store.faults import StoreFault\nif os.getuid() == 0: os.setuid(65534)\n"
        "try: Store.open(Path(sys.argv[1]), bytes(range(32)))\n"
        "except StoreFault as fault: print(type(fault).__name__, fault)"
    )
    if os.getuid() != 0:
        (tmp_path / FILE).chmod(0o400)
    else:
        for path in (tmp_path, *tmp_path.parents):
            if path.owner() == "root" and path != Path("/tmp") and path.is_relative_to("/tmp"):
                path.chmod(0o755)
        (tmp_path / FILE).chmod(0o444)
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.stdout.startswith(StoreReadOnly.__name__), done.stderr
    (tmp_path / FILE).chmod(0o600)


def test_a_file_held_by_another_process_is_told_within_two_seconds(tmp_path: Path) -> None:
    Store.create(tmp_path, KEY, an_act()).close()
    code = (
        "import sys; from pathlib import Path; from app.store.store import Store\n"
        "store = Store.open(Path(sys.argv[1]), bytes(range(32))); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(StoreInUse):
            Store.open(tmp_path, KEY)
        other.kill()
    Store.open(tmp_path, KEY).close()


def test_what_is_to_be_done_before_the_first_write_is_done_once_and_before_it(tmp_path: Path) -> None:
    store = Store.create(tmp_path, KEY, an_act())
    seen: list[int] = []
    store.before_first_write = lambda: seen.append(store.end.seq)
    assert saved(store) == set()
    assert seen == []
    save(store, "first")
    save(store, "second")
    assert seen == [1]
    store.close()


def test_an_act_that_only_the_disk_did_not_confirm_is_not_written_twice(tmp_path: Path) -> None:
    """The trail's end in memory is what the disk holds, whatever a fault left of the act."""
    store = Store.create(tmp_path, KEY, an_act())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for number in range(20):
        resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / FILE).stat().st_size + number * 4096, hard))
        try:
            save(store, f"{number}", 30_000)
        except StoreFault:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            assert f"{number}" not in saved(store)
            save(store, f"{number}", 30_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert saved(store) == {f"{number}" for number in range(20)}
    assert store.end.seq == 21
    assert list(checking.findings(store)) == []
    store.close()


def test_the_copy_of_an_open_store_is_byte_for_byte_and_leaves_it_locked(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    store = Store.create(tmp_path / "store", KEY, Act("Ash Example", an_act().at, os.urandom))
    save(store, "first", 3_000_000)
    heard: list[tuple[int, int]] = []
    (tmp_path / "copy").mkdir()
    with (tmp_path / "copy" / FILE).open("xb") as out:
        end = store.copy_to(out, lambda done, of: heard.append((done, of)))
    assert (tmp_path / "copy" / FILE).read_bytes() == (tmp_path / "store" / FILE).read_bytes()
    assert end == store.end
    assert len(heard) > 2
    assert heard[-1][0] == heard[-1][1]
    # reading the file above closed a descriptor of it, as no part of the program does; before it the lock was whole
    store.close()
    copy = Store.open(tmp_path / "copy", KEY)
    assert saved(copy) == {"first"}
    copy.close()
    shutil.rmtree(tmp_path / "copy")


def test_a_commit_counts_only_once_the_emptied_journal_is_on_the_disk_too(tmp_path: Path) -> None:
    """A journal that came back after a power cut would take the commit back."""
    Store.create(tmp_path, KEY, an_act()).close()
    file = StoreFile(tmp_path / FILE)
    file.flush()
    (tmp_path / f"{FILE}-journal").unlink(missing_ok=True)
    os.mkfifo(tmp_path / f"{FILE}-journal")  # which no system can bring to the disk
    with pytest.raises(OSError, match="Invalid argument"):
        file.flush()
    file.close()
