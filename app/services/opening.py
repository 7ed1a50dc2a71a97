"""Making a store, opening it, and beginning a sitting at it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from app import resources
from app.models.base import LONGEST_NAME, Act, required, tidy
from app.models.copy import Preference
from app.models.minutes import Signer
from app.practice.reading import files_of, read_files
from app.services.packing import NATIONAL_PACK
from app.services.sitting import Sitting
from app.store.faults import StoreFault
from app.store.store import Store
from app.vault import errors, files, keys

Clock = Callable[[], datetime]
KEYRING_TOLD = "keyring.told"


class CannotOpen(Exception):
    """The store cannot be opened or made; the text is one sentence, ``wrong_secret`` tells a mistyped secret apart."""

    def __init__(self, sentence: str, *, wrong_secret: bool = False) -> None:
        super().__init__(sentence)
        self.wrong_secret = wrong_secret


@dataclass(frozen=True, slots=True)
class Made:
    """A new store: its first sitting, and the recovery key to print."""

    sitting: Sitting
    recovery_key: str | None = field(repr=False)


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Turn what the vault or the store refuses into ``CannotOpen``."""
    try:
        yield
    except errors.WrongSecret as wrong:
        raise CannotOpen(str(wrong), wrong_secret=True) from wrong
    except (errors.VaultError, StoreFault) as fault:
        raise CannotOpen(str(fault)) from fault


def exists(folder: Path) -> bool:
    """Return whether there is a store of ours in ``folder``."""
    try:
        keys.is_remembered(folder)
    except errors.NoVault:
        return False
    except errors.VaultError:
        return True
    return True


def make_store(folder: Path, passphrase: str, now: Clock, *, recovery: bool = True) -> Made:
    """Return a new store in ``folder``, opened; raises ``CannotOpen``."""
    with _told_plainly():
        made = keys.create(folder, passphrase, recovery=recovery)
        try:
            store = Store.create(folder, made.key, Act("Chairside", now(), os.urandom))
        except BaseException:
            # keys without a store would stand in the way of a second try
            files.discard(folder)
            raise
    return Made(_seat(store, now), made.recovery_key)


def open_store(folder: Path, passphrase: str, now: Clock) -> Sitting:
    """Return a sitting at the store in ``folder``; raises ``CannotOpen``."""
    with _told_plainly():
        return _seat(Store.open(folder, keys.unlock(folder, passphrase)), now)


def open_with_recovery_key(folder: Path, recovery_key: str, now: Clock) -> Sitting:
    """Return a sitting at the store, opened with its printed recovery key; raises ``CannotOpen``."""
    with _told_plainly():
        return _seat(Store.open(folder, keys.unlock_with_recovery(folder, recovery_key)), now)


def open_remembered(folder: Path, now: Clock) -> Sitting:
    """Return a sitting at a store this computer's keyring remembers; raises ``CannotOpen``."""
    with _told_plainly():
        return _seat(Store.open(folder, keys.unlock_from_keyring(folder)), now)


def is_remembered(folder: Path) -> bool:
    """Return whether this computer's keyring is set to open the store."""
    try:
        return keys.is_remembered(folder)
    except errors.VaultError:
        return False


def remember(sitting: Sitting, passphrase: str) -> str:
    """Let the keyring open the store from now on and return an empty text, or the sentence that says why not."""
    folder = sitting.store.folder
    try:
        keys.remember(folder, keys.unlock(folder, passphrase))
    except errors.VaultError as fault:
        return str(fault)
    return ""


def forget(sitting: Sitting) -> str:
    """Take the store out of the keyring and return an empty text, or the sentence that says why not."""
    try:
        keys.forget(sitting.store.folder)
    except errors.VaultError as fault:
        return str(fault)
    return ""


def _seat(store: Store, now: Clock) -> Sitting:
    files = files_of(resources.folder(*NATIONAL_PACK))
    sitting = Sitting(store, read_files(files), dict(files), "", now, os.urandom)
    person = signer(sitting)
    sitting.who = person.name if person else "Chairside"
    return sitting


def introduce(sitting: Sitting, name: str, role: str, organisation: str) -> Signer:
    """Return the identity of the person who signs here, made anew with their own authority and certificate."""
    # signing takes a second to import, and only whoever makes or uses an identity needs it
    from app.minutes.identity import make_identity

    act = sitting.act()
    known = required(name, "signer.name-missing", LONGEST_NAME)
    post, place = tidy(role, LONGEST_NAME), tidy(organisation, LONGEST_NAME)
    first, second = (int.from_bytes(act.chance(19), "big") | 1 for _ in range(2))
    identity = make_identity(known, post, place, act.at, (first, second))
    person = Signer(
        id=act.new_id(), name=known, role=post, organisation=place, made_at=act.at, fingerprint=identity.fingerprint,
        authority=identity.authority, authority_key=identity.authority_key, certificate=identity.certificate,
        key=identity.key,
    )  # fmt: skip
    with sitting.store.begin(act, "signer.made") as session:
        session.add(person)
    sitting.who = known
    return person


def signer(sitting: Sitting) -> Signer | None:
    """Return the identity made last, if there is one."""
    with sitting.store.read() as session:
        return session.scalar(select(Signer).order_by(Signer.made_at.desc()).limit(1))


def once(sitting: Sitting, key: str) -> bool:
    """Return whether this is the first time the person is to be told something, and note that they were."""
    with sitting.store.read() as session:
        if session.get(Preference, key) is not None:
            return False
    act = sitting.act()
    with sitting.store.begin(act, "preference.set") as session:
        session.add(Preference(key=key, value=act.at.isoformat()))
    return True
