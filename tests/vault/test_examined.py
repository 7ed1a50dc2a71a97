"""Keys as a hostile hand leaves them, and passphrases as odd as they come."""

import json
import os
import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.stores import text_in
from app.services.opening import CannotOpen, open_store, open_with_recovery_key
from app.vault import backup, escrow, files, header, keys
from app.vault.errors import HeaderDamaged, PassphraseNotTyped, VaultError, WrongSecret
from app.vault.header import Header, Slot
from app.vault.passphrase import FLOOR, check_strength
from tests.builders import a_store_of

WORDS = {"one": "the words of the first store", "two": "quite other words for the second"}
COUNCIL = escrow.PrivateKey.made("Example Council")
ELSEWHERE = escrow.PrivateKey.made("Another Council")


@dataclass(frozen=True)
class Pair:
    """Two stores, and what opens each."""

    folder: Path
    key: dict[str, bytes]
    recovery: dict[str, str]

    def header(self, name: str) -> Header:
        return header.read((self.folder / name / files.KEYS).read_bytes())

    def put(self, content: bytes, previous: bool | None) -> Path:
        """Return the first store with another key file; the spare one is its own, the same, or not there at all."""
        shutil.rmtree(self.folder / "hurt", ignore_errors=True)
        shutil.copytree(self.folder / "one", self.folder / "hurt")
        (self.folder / "hurt" / files.KEYS).write_bytes(content)
        if previous is None:
            (self.folder / "hurt" / files.PREVIOUS).unlink()
        elif not previous:
            (self.folder / "hurt" / files.PREVIOUS).write_bytes(content)
        return self.folder / "hurt"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    folder = tmp_path_factory.mktemp("pair")
    pair = Pair(folder, {}, {})
    for name, council in (("one", COUNCIL), ("two", ELSEWHERE)):
        created = keys.create(folder / name, WORDS[name], kdf=FLOOR)
        keys.add_escrow(folder / name, created.key, council.public())
        shutil.copy(folder / name / files.KEYS, folder / name / files.PREVIOUS)
        pair.key[name], pair.recovery[name] = created.key, created.recovery_key or ""
    return pair


def ways(pair: Pair, name: str, folder: Path) -> dict[str, Callable[[], bytes]]:
    """Return each way in that belongs to a store, tried on a folder."""
    return {
        header.PASSPHRASE: lambda: keys.unlock(folder, WORDS[name]),
        header.RECOVERY: lambda: keys.unlock_with_recovery(folder, pair.recovery[name]),
        header.ESCROW: lambda: keys.unlock_with_escrow(folder, COUNCIL if name == "one" else ELSEWHERE),
    }


def one_sentence(error: BaseException) -> None:
    said = str(error)
    assert said[0].isupper()
    assert said.endswith(".")
    assert "\n" not in said


def swapped(into: Header, out_of: Header, kind: str) -> tuple[Slot, ...]:
    [theirs] = out_of.of_type(kind)
    return tuple(theirs if slot.type == kind else slot for slot in into.slots)


@pytest.mark.parametrize(
    ("kind", "previous"),
    # a try of a passphrase takes long, and the spare file is asked in one way for all
    [(header.PASSPHRASE, None), *((kind, p) for kind in (header.RECOVERY, header.ESCROW) for p in (True, False, None))],
)
def test_a_slot_of_another_store_opens_nothing_whoever_put_it_there(made: Pair, kind: str, previous: bool | None):
    ours, theirs = made.header("one"), made.header("two")
    for slots in (swapped(ours, theirs, kind), (*ours.slots, *theirs.of_type(kind))):
        forged = Header(ours.vault, ours.generation + 1, slots, ours.mac)
        folder = made.put(forged.written(), previous)
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        for name in ("one", "two"):
            with pytest.raises((WrongSecret, HeaderDamaged)) as told:
                ways(made, name, folder)[kind]()
            one_sentence(told.value)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_slots_taken_out_put_in_twice_or_in_another_order_are_damage(made: Pair):
    ours = made.header("one")
    first, *others = ours.slots
    twin = replace(first, id=header.random_id())
    for slots in ((*others, first), tuple(others), (*ours.slots, twin), (twin, *ours.slots), (first, first, *others)):
        folder = made.put(Header(ours.vault, ours.generation, slots, ours.mac).written(), False)
        for kind in (header.RECOVERY, header.ESCROW):
            with pytest.raises(HeaderDamaged) as told:
                ways(made, "one", folder)[kind]()
            one_sentence(told.value)


@pytest.mark.parametrize("previous", [True, False, None])
def test_the_whole_key_file_of_another_store_never_gives_the_key_of_this_one(made: Pair, previous: bool | None):
    folder = made.put((made.folder / "two" / files.KEYS).read_bytes(), previous)
    for kind in (header.RECOVERY, header.ESCROW):
        with pytest.raises(WrongSecret):
            ways(made, "one", folder)[kind]()
        assert ways(made, "two", folder)[kind]() == made.key["two"]


@pytest.mark.parametrize("generation", [1, 2, 2**53 - 1])
def test_a_header_of_another_store_put_beside_ours_never_takes_its_place(made: Pair, generation: int):
    ours, theirs = (made.folder / "one" / files.KEYS).read_bytes(), made.header("two")
    folder = made.put(ours, True)
    (folder / files.NEXT).write_bytes(
        Header.made(theirs.vault, generation, theirs.slots, made.key["two"]).written()
    )  # fmt: skip
    for name in ("two", "one", "two"):
        try:
            assert ways(made, name, folder)[header.RECOVERY]() == made.key[name]
        except WrongSecret:
            assert name == "two"
        assert (folder / files.KEYS).read_bytes() == ours
    assert ways(made, "one", folder)[header.RECOVERY]() == made.key["one"]
    keys.new_recovery_key(folder, made.key["one"])
    assert header.read((folder / files.KEYS).read_bytes()).vault == made.header("one").vault
    assert not (folder / files.NEXT).exists()


def test_what_was_forged_in_a_header_with_a_right_checksum_is_damage_before_any_memory_is_taken(made: Pair):
    whole = json.loads((made.folder / "one" / files.KEYS).read_bytes())
    [place] = [n for n, slot in enumerate(whole["slots"]) if slot["type"] == header.PASSPHRASE]
    for name, values in {"m": (8, 2**31, 2**53 - 1, -1), "t": (0, 11, 2**40), "p": (0, 9, 255), "v": (16, 18)}.items():
        for value in values:
            forged = json.loads(json.dumps(whole))
            forged["slots"][place]["params"][name] = value
            del forged["checksum"]
            folder = made.put(header.rfc8785.dumps(forged | {"checksum": header._checksum(forged)}), False)
            with pytest.raises(HeaderDamaged):
                keys.unlock(folder, WORDS["one"])


def now() -> datetime:
    return datetime(2026, 12, 10, 10, 30, tzinfo=UTC)


def test_the_keys_of_one_store_with_the_database_of_another_are_told_and_change_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "notes"))
    for name, words in WORDS.items():
        a_store_of(tmp_path / name, words, tmp_path / f"{name}.key")
    for name in (files.KEYS, files.PREVIOUS):
        shutil.copy(tmp_path / "two" / name, tmp_path / "one" / name)
    database = (tmp_path / "one" / files.DATABASE).read_bytes()
    said = []
    for name, words in WORDS.items():
        printed = (tmp_path / f"{name}.key").read_text("utf-8")
        with pytest.raises(CannotOpen) as by_words:
            open_store(tmp_path / "one", words, now)
        with pytest.raises(CannotOpen) as by_key:
            open_with_recovery_key(tmp_path / "one", printed, now)
        for told in (by_words.value, by_key.value):
            one_sentence(told)
            said.append((name, told.wrong_secret))
    assert said == [("one", True), ("one", True), ("two", False), ("two", False)]
    assert (tmp_path / "one" / files.DATABASE).read_bytes() == database


def test_a_pipe_or_a_folder_with_the_name_of_a_backup_is_told_and_never_waited_for(tmp_path):
    pipe, folder, loop = tmp_path / "pipe", tmp_path / "folder", tmp_path / "loop"
    os.mkfifo(pipe)
    folder.mkdir()
    loop.symlink_to(loop)
    looks: list[Callable[[Path], object]] = [
        backup.facts_of, backup.check, backup.store_id, lambda path: backup.is_under(path, bytes(32)),
        lambda path: backup.read(path, folder),
    ]  # fmt: skip
    for path in (pipe, folder, loop, Path("/dev/zero")):
        for look in looks:
            with pytest.raises(OSError, match=r".") as told:
                look(path)
            assert told.value.strerror
    assert not list(folder.iterdir())


ODD = {
    "a thousand characters": "a" * 1_000,
    "combining marks alone": "\u0301\u0316" * 500,
    "emoji": "👩‍👧‍👦🏽" * 6,
    "right to left": "\u202eשלום שלום שלום\u202c",
    "accents apart": unicodedata.normalize("NFD", "Übergrößenträger Ångström"),
    "blanks at both ends": " \u00a0\u3000 twelve letters ",
    "ligatures and wide signs": "ﬁve ｗｉｄｅ ﬂowers ½",
}


@pytest.mark.parametrize("phrase", ODD.values(), ids=ODD.keys())
def test_an_odd_passphrase_opens_what_it_was_set_for_in_whatever_spelling(made: Pair, phrase: str):
    folder = made.put((made.folder / "one" / files.KEYS).read_bytes(), True)
    check_strength(phrase)
    keys.set_passphrase(folder, made.key["one"], phrase)
    for spelling in {unicodedata.normalize("NFD", phrase), unicodedata.normalize("NFKC", phrase)}:
        assert keys.unlock(folder, spelling) == made.key["one"]


@pytest.mark.parametrize(
    "phrase",
    [
        "before\0and after it",
        "two lines\nof words",
        "a tab\tbetween words",
        "\udcff" * 12,
        "\ufefffour words",
        "a" * 1_001,
    ],
)
def test_a_passphrase_that_nobody_could_type_again_is_never_set(made: Pair, phrase: str):
    folder = made.put((made.folder / "one" / files.KEYS).read_bytes(), True)
    with pytest.raises(PassphraseNotTyped, match="could not be typed again"):
        keys.set_passphrase(folder, made.key["one"], phrase)


@pytest.mark.parametrize("phrase", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("after", [b"", b"\n", b"\r\n"])
def test_a_passphrase_from_a_file_is_the_one_that_is_typed(tmp_path, phrase: str, before: bytes, after: bytes):
    path = tmp_path / "phrase"
    path.write_bytes(before + phrase.encode() + after)
    assert text_in(path, "passphrase") == phrase


def test_half_of_a_surrogate_pair_is_a_wrong_passphrase_and_nothing_worse(made: Pair):
    folder = made.put((made.folder / "one" / files.KEYS).read_bytes(), True)
    for phrase in ("\ud800", "\udcff" * 12, f"{WORDS['one']}\udfff"):
        with pytest.raises(VaultError) as told:
            keys.unlock(folder, phrase)
        assert isinstance(told.value, WrongSecret)
