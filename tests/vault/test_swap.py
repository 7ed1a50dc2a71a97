"""A new store takes the place of the one in a folder: at each moment one of them is there, and never half of each."""

import random
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from app.vault import files, keys, swap
from app.vault.passphrase import FLOOR
from tests.kills import Killer, cut_off

ROOT = Path(__file__).parents[2]
ASIDE = "before-test-20261210T103000Z"
OLD, NEW = "the old passphrase", "the new passphrase"
DATABASES = {OLD: b"the old record", NEW: b"the new record"}


def made(folder: Path, passphrase: str) -> Path:
    """Make what a swap sees of a store: its key files and some bytes for the database."""
    keys.create(folder, passphrase, kdf=FLOOR)
    (folder / files.DATABASE).write_bytes(DATABASES[passphrase])
    return folder


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """Return the files of two stores, by the passphrase that opens each."""
    root = tmp_path_factory.mktemp("pair")
    return {
        phrase: {path.name: path.read_bytes() for path in made(root / name, phrase).iterdir()}
        for name, phrase in (("old", OLD), ("new", NEW))
    }


@pytest.fixture
def folder(tmp_path: Path, pair: dict[str, dict[str, bytes]]) -> Path:
    fill(tmp_path, pair[OLD])
    return tmp_path


def fill(folder: Path, contents: dict[str, bytes]) -> None:
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def exchange(folder: Path, new: dict[str, bytes]) -> str:
    with swap.ready(folder) as room:
        fill(room, {name: new[name] for name in swap.PARTS})
        return swap.commit(folder, ASIDE)


def standing(folder: Path, pair: dict[str, dict[str, bytes]]) -> str:
    """Return which of the two stores is whole in its place."""
    here = {name: (folder / name).read_bytes() for name in swap.PARTS}
    return next(phrase for phrase, store in pair.items() if here == {name: store[name] for name in swap.PARTS})


def test_the_new_store_is_in_its_place_and_the_old_one_beside_it(folder, pair):
    assert exchange(folder, pair[NEW]) == ASIDE
    assert standing(folder, pair) == NEW
    kept = {path.name: path.read_bytes() for path in swap.kept_aside(folder, "before-test")}
    assert kept == {f"{name}.{ASIDE}": content for name, content in pair[OLD].items()}
    assert keys.unlock(folder, NEW) != b""
    assert not (folder / swap.READY).exists()
    assert not (folder / swap.JOURNAL).exists()
    swap.let_go(folder, ASIDE)
    assert sorted(path.name for path in folder.iterdir()) == [files.DATABASE, files.KEYS, files.PREVIOUS]


def test_a_rollback_journal_of_the_old_store_is_never_left_beside_the_new_one(folder, pair):
    (folder / "vault.db-journal").write_bytes(b"half an act")
    exchange(folder, pair[NEW])
    assert not (folder / "vault.db-journal").exists()
    assert (folder / f"vault.db-journal.{ASIDE}").read_bytes() == b"half an act"


def test_an_older_key_file_never_stands_in_for_the_new_one(folder, pair):
    exchange(folder, pair[NEW])
    (folder / files.KEYS).write_bytes(b"{}")
    assert len(keys.unlock(folder, NEW)) == 32


def test_a_second_exchange_overwrites_nothing_that_was_kept(folder, pair):
    exchange(folder, pair[NEW])
    assert exchange(folder, pair[OLD]) == f"{ASIDE}-2"
    assert standing(folder, pair) == OLD
    assert (folder / f"vault.db.{ASIDE}").read_bytes() == DATABASES[OLD]
    assert (folder / f"vault.db.{ASIDE}-2").read_bytes() == DATABASES[NEW]


def test_what_was_never_decided_on_is_dropped(folder, pair):
    with swap.ready(folder) as room:
        fill(room, pair[NEW])
    assert standing(folder, pair) == OLD
    assert not (folder / swap.READY).exists()
    (folder / swap.READY).mkdir()
    fill(folder / swap.READY, pair[NEW])
    swap.finish(folder)
    assert standing(folder, pair) == OLD
    assert not (folder / swap.READY).exists()


def test_two_programs_do_not_exchange_one_store_at_once(folder, pair):
    with swap.ready(folder) as room:
        fill(room, pair[NEW])
        with pytest.raises(swap.BeingExchanged, match="another Chairside window"), swap.ready(folder):
            pass
        with pytest.raises(swap.BeingExchanged):
            swap.finish(folder)
        assert swap.commit(folder, ASIDE) == ASIDE
    assert standing(folder, pair) == NEW


def test_a_crash_between_any_two_changes_to_the_folder_leaves_one_whole_store(tmp_path, pair):
    outcomes = []
    for steps in range(200):
        folder = tmp_path / str(steps)
        folder.mkdir()
        fill(folder, pair[OLD] | {"vault.db-journal": b""})
        done = cut_off(steps, partial(exchange, folder, pair[NEW]))
        assert files.is_store(folder)
        swap.finish(folder)
        outcomes.append(standing(folder, pair))
        assert not {swap.JOURNAL, swap.READY, "vault.swap.new"} & {path.name for path in folder.iterdir()}
        if outcomes[-1] == NEW:
            assert {path.read_bytes() for path in swap.kept_aside(folder, ASIDE)} == {*pair[OLD].values(), b""}
            assert (folder / files.PREVIOUS).read_bytes() == pair[NEW][files.KEYS]
        if done:
            break
    else:
        pytest.fail("the exchange never came to its end")
    turn = outcomes.index(NEW)
    assert outcomes == [OLD] * turn + [NEW] * (len(outcomes) - turn)
    assert turn > 3
    assert len(outcomes) - turn > 10


def test_a_crash_while_a_crash_is_mended_changes_nothing_of_it(tmp_path, pair):
    chance = random.Random(11)
    for number in range(40):
        folder = tmp_path / str(number)
        folder.mkdir()
        fill(folder, pair[OLD])
        cut_off(10 + number % 20, partial(exchange, folder, pair[NEW]))
        decided = (folder / swap.JOURNAL).exists() or (folder / f"vault.db.{ASIDE}").exists()
        for _ in range(3):
            cut_off(chance.randrange(14), partial(swap.finish, folder), ("replace",))
        swap.finish(folder)
        assert standing(folder, pair) == (NEW if decided else OLD)


def test_each_flipped_bit_of_the_journal_leaves_one_whole_store(tmp_path, pair):
    chance = random.Random(12)
    journal, backs = b"", 0
    for number in range(120):
        folder = tmp_path / str(number)
        folder.mkdir()
        fill(folder, pair[OLD])
        (folder / swap.READY).mkdir()
        fill(folder / swap.READY, {name: pair[NEW][name] for name in swap.PARTS})
        if not journal:
            journal = journal_of(tmp_path / "other", pair)
        hurt = bytearray(journal)
        hurt[chance.randrange(len(hurt))] ^= 1 << chance.randrange(8)
        (folder / swap.JOURNAL).write_bytes(hurt)
        expected = NEW
        try:
            swap.finish(folder)
        except swap.NotExchanged:
            expected = OLD
            backs += 1
        assert standing(folder, pair) == expected
        swap.finish(folder)
        assert standing(folder, pair) == expected
    # most of the journal is digests, and a digest that does not fit means that the new store was hurt
    assert 40 < backs < 120


def journal_of(folder: Path, pair: dict[str, dict[str, bytes]]) -> bytes:
    """Return what a journal says, taken from an exchange that was cut off right after it was written."""
    for steps in range(100):
        here = folder / str(steps)
        here.mkdir(parents=True)
        fill(here, pair[OLD])
        cut_off(steps, partial(exchange, here, pair[NEW]))
        if (here / swap.JOURNAL).exists():
            return (here / swap.JOURNAL).read_bytes()
    raise AssertionError("there never was a journal")


def test_a_new_store_that_was_hurt_after_it_was_decided_on_gives_way_to_the_old_one(folder, pair):
    (folder / swap.READY).mkdir()
    fill(folder / swap.READY, {name: pair[NEW][name] for name in swap.PARTS})
    (folder / swap.JOURNAL).write_bytes(journal_of(folder / "other", pair))
    (folder / swap.READY / files.DATABASE).write_bytes(b"the new recorD")
    with pytest.raises(swap.NotExchanged, match="nothing was changed"):
        swap.finish(folder)
    assert standing(folder, pair) == OLD
    swap.finish(folder)
    assert standing(folder, pair) == OLD


def test_one_hurt_when_half_of_it_was_in_place_gives_way_as_well(folder, pair):
    (folder / swap.READY).mkdir()
    fill(folder / swap.READY, {files.DATABASE: b"the new recorD"})
    (folder / swap.JOURNAL).write_bytes(journal_of(folder / "other", pair))
    (folder / files.KEYS).rename(folder / f"{files.KEYS}.{ASIDE}")
    (folder / files.KEYS).write_bytes(pair[NEW][files.KEYS])
    with pytest.raises(swap.NotExchanged, match="nothing was changed"):
        swap.finish(folder)
    assert standing(folder, pair) == OLD


def test_a_journal_that_says_nothing_beside_nothing_that_stands_ready_puts_nothing_aside(folder, pair):
    (folder / f"{files.DATABASE}-journal").write_bytes(b"what an act cut off had begun")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / swap.JOURNAL).write_bytes(b"hi")
    swap.finish(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_exchange_that_was_finished_but_for_its_journal_is_finished_without_the_empty_folder(folder, pair):
    journal = journal_of(folder / "other", pair)
    fill(folder, pair[NEW])
    (folder / swap.JOURNAL).write_bytes(journal)
    swap.finish(folder)
    assert standing(folder, pair) == NEW
    assert not (folder / swap.JOURNAL).exists()


def test_a_folder_that_takes_nothing_more_is_one_sentence(folder, pair):
    code = """
        import resource, sys
        from pathlib import Path
        from app.vault import files, swap
        folder = Path(sys.argv[1])
        with swap.ready(folder) as room:
            for name in swap.PARTS:
                (room / name).write_bytes((folder / name).read_bytes())
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
            try:
                swap.commit(folder, "before-test")
            except swap.NotExchanged as refused:
                print(refused, refused.begun)
    """
    lines = "\n".join(line[8:] for line in code.splitlines())
    command = [sys.executable, "-c", lines, str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)
    assert done.stdout == (
        "The new store could not be put in place (File too large): nothing was changed, and the old one opens. False\n"
    )
    assert standing(folder, pair) == OLD
    assert sorted(path.name for path in folder.iterdir()) == [files.DATABASE, files.KEYS, files.PREVIOUS]


def kill_at_random(tmp_path: Path, pair: dict[str, dict[str, bytes]], kills: int) -> None:
    kill, outcomes = Killer(kills), set()
    for number in range(-1, kills):
        folder = tmp_path / str(number)
        folder.mkdir()
        fill(folder, pair[OLD])
        kill(partial(exchange, folder, pair[NEW]))
        swap.finish(folder)
        outcomes.add(standing(folder, pair))
    assert outcomes == {OLD, NEW}


def test_a_kill_at_any_moment_of_an_exchange_leaves_one_whole_store(tmp_path, pair):
    kill_at_random(tmp_path, pair, 50)


@pytest.mark.torture
def test_five_hundred_kills_leave_one_whole_store_each(tmp_path, pair):
    kill_at_random(tmp_path, pair, 500)
