"""A store with one case in it whose backups the tests look at."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.services import backups, cases, rotating
from app.services.backups import CHECKED, Backup, Notes
from app.services.sitting import Sitting
from app.store.store import Store
from app.vault import keys
from app.vault.passphrase import FLOOR
from tests.builders import Clock, an_act, national_files, national_pack

PHRASE = "five sample words for tests"


def a_store_with_a_case(folder: Path) -> Path:
    """Make the store, closed; it is only ever copied."""
    created = keys.create(folder, PHRASE, kdf=FLOOR)
    Store.create(folder, created.key, an_act()).close()
    with seated(folder, created.key) as sitting:
        cases.open_case(sitting, "SAMPLE-1")
    return folder


@contextmanager
def seated(folder: Path, key: bytes) -> Iterator[Sitting]:
    store = Store.open(folder, key)
    try:
        yield Sitting(store, national_pack(), dict(national_files()), "Ash Example", Clock(), os.urandom)
    finally:
        store.close()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def kept(sitting: Sitting) -> list[Backup]:
    return rotating.backups(sitting.store.folder)


def clock_of(sitting: Sitting) -> Clock:
    assert isinstance(sitting.now, Clock)
    return sitting.now


def later(sitting: Sitting, **span: float) -> None:
    clock_of(sitting).pass_by(**span)


def change(sitting: Sitting) -> None:
    cases.open_case(sitting, f"SAMPLE-{sitting.store.end.seq}")


def note_all(sitting: Sitting) -> None:
    """Note of each backup that it was checked, as the check does; here the check itself would take too long."""
    notes = Notes(sitting.store)
    for one in kept(sitting):
        notes.write(one.path, backups.sha256_of(one.path), CHECKED)


def folder_for(tmp_path: Path, name: str) -> Path:
    (tmp_path / name).mkdir()
    return tmp_path / name
