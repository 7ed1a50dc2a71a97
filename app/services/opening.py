"""Making a store, opening it, and beginning a sitting at it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from app.models.base import LONGEST_NAME, Act, required, tidy
from app.models.copy import Preference
from app.models.minutes import Signer
from app.services import backups, moved, profiling, securing
from app.services.keeping import NotWritten
from app.services.marks import Marks
from app.services.place import trouble
from app.services.sitting import BY_KEYRING, Sitting
from app.store.faults import StoreFault
from app.store.store import Store
from app.vault import errors, escrow, files, keys, swap, tries
from app.vault.passphrase import Cost, check_strength

Clock = Callable[[], datetime]
Uptime = Callable[[], float]
KEYRING_TOLD = "keyring.told"
OLDER_KEYS = (
    "The key file of this store is damaged too, and its spare copy may want the passphrase or key of before the last "
    "change."
)


class CannotOpen(Exception):
    """The store cannot be opened or made; the text is one sentence.

    ``wrong_secret`` tells a mistyped secret apart, and ``wait`` is how many seconds the next try has to wait.
    """

    def __init__(self, sentence: str, *, wrong_secret: bool = False, wait: float = 0.0) -> None:
        super().__init__(sentence)
        self.wrong_secret, self.wait = wrong_secret, wait


@dataclass(frozen=True, slots=True)
class Made:
    """A new store: its first sitting, and the recovery key to print."""

    sitting: Sitting
    recovery_key: str | None = field(repr=False)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what the vault or the store refuses into ``CannotOpen``."""
    try:
        yield
    except errors.WrongSecret as wrong:
        raise CannotOpen(str(wrong), wrong_secret=True) from wrong
    except errors.MustWait as early:
        raise CannotOpen(str(early), wait=early.seconds) from early
    except (errors.VaultError, StoreFault, NotWritten) as fault:
        raise CannotOpen(str(fault)) from fault


def _require_good_place(folder: Path) -> None:
    """Raise ``CannotOpen`` where the folder is on a network drive, or is kept in step with one elsewhere."""
    if sentence := trouble(folder):
        raise CannotOpen(sentence)


def exists(folder: Path) -> bool:
    """Return whether there is a store of ours in ``folder``."""
    try:
        swap.finish(folder)
        keys.is_remembered(folder)
    except errors.NoVault:
        return False
    except errors.VaultError:
        return True
    return True


def make_store(
    folder: Path, passphrase: str, now: Clock, *, recovery: bool = True, kdf: Cost | None = None
) -> Made:  # fmt: skip
    """Return a new store in ``folder``, opened; ``kdf`` is what a try of the passphrase costs, else what suits here.

    Raises ``CannotOpen``.
    """
    _require_good_place(folder)
    with told_plainly():
        check_strength(passphrase)
        swap.finish(folder)
        if files.is_store(folder):
            raise errors.VaultExists
        try:
            files.make_private(folder)
            # keys without a database, or half of one, would stand in the way of a second try
            with swap.ready(folder) as room:
                made = keys.create(room, passphrase, recovery=recovery, kdf=kdf)
                Store.create(room, made.key, Act("Chairside", now(), os.urandom)).close()
                moved.forget_word(folder)
                swap.commit(folder, "before-this")
        except OSError as refused:
            raise errors.CannotMakeStore(files.reason(refused)) from None
        except swap.NotExchanged as failed:
            if failed.begun:
                raise
            raise errors.CannotMakeStore(failed.reason) from None
        store = Store.open(folder, made.key)
    sitting = _seat(store, now)
    sitting.opened_by = "passphrase"
    return Made(sitting, made.recovery_key)


def open_store(folder: Path, passphrase: str, now: Clock, *, uptime: Uptime = tries.seconds_up) -> Sitting:
    """Return a sitting at the store in ``folder``; raises ``CannotOpen``."""

    def unlock() -> tuple[bytes, int]:
        return tries.counted(folder, lambda: keys.unlock(folder, passphrase), uptime)

    return _opened(folder, now, "passphrase", unlock, uptime)


def open_with_recovery_key(
    folder: Path, recovery_key: str, now: Clock, *, uptime: Uptime = tries.seconds_up
) -> Sitting:  # fmt: skip
    """Return a sitting at the store, opened with its printed recovery key; raises ``CannotOpen``."""

    def unlock() -> tuple[bytes, int]:
        return tries.counted(folder, lambda: keys.unlock_with_recovery(folder, recovery_key), uptime)

    return _opened(folder, now, "recovery", unlock, uptime)


def open_with_escrow(
    folder: Path, private: bytes, passphrase: str, now: Clock, *, uptime: Uptime = tries.seconds_up
) -> Sitting:  # fmt: skip
    """Return a sitting at the store, opened with the organisation's private key and the passphrase of that file.

    Raises ``CannotOpen``.
    """

    def unlock() -> tuple[bytes, int]:
        return tries.counted(
            folder, lambda: keys.unlock_with_escrow(folder, escrow.read_private(private, passphrase)), uptime
        )  # fmt: skip

    return _opened(folder, now, "escrow", unlock, uptime)


def open_remembered(folder: Path, now: Clock) -> Sitting:
    """Return a sitting at a store this computer's keyring remembers; raises ``CannotOpen``."""

    def unlock() -> tuple[bytes, int]:
        # nobody typed anything, so there is nothing to count
        return keys.unlock_from_keyring(folder), tries.so_far(folder).failed

    return _opened(folder, now, "keyring", unlock, tries.seconds_up)


def wait_seconds(folder: Path, *, uptime: Uptime = tries.seconds_up) -> float:
    """Return how long the next try has to wait, after too many wrong ones; mostly nothing."""
    return tries.so_far(folder).wait(uptime())


def _opened(folder: Path, now: Clock, how: str, unlock: Callable[[], tuple[bytes, int]], uptime: Uptime) -> Sitting:
    """Return a sitting with the key that ``unlock`` gives after a number of wrong tries."""
    _require_good_place(folder)
    with told_plainly():
        swap.finish(folder)
        mended = keys.mended(folder)
        try:
            key, failed = unlock()
        except errors.WrongSecret as wrong:
            wait = wait_seconds(folder, uptime=uptime)
            older = f" {OLDER_KEYS}" if mended else ""
            raise CannotOpen(f"{wrong}{older}", wrong_secret=True, wait=wait) from wrong
        # an older form is brought to the newest one, and what it was stays in a backup
        store = Store.open(folder, key, lambda older: backups.add_to(folder, older, now()))
        sitting = _seat(store, now)
    # the new store was checked before it took the place of this one, and now it has been opened
    swap.let_go(folder, swap.BEFORE_REKEY)
    tries.forget(folder)
    sitting.opened_by, sitting.failed_tries = how, failed
    sitting.keys_mended = " ".join(filter(None, (mended, securing.put_back(sitting))))
    return sitting


def is_remembered(folder: Path) -> bool:
    """Return whether this computer's keyring is set to open the store."""
    try:
        return keys.is_remembered(folder)
    except errors.VaultError:
        return False


def remember(sitting: Sitting, passphrase: str) -> str:
    """Let the keyring open the store from now on and return an empty text, or the sentence that says why not."""
    trouble = securing.changed_with_phrase(sitting, passphrase, "keys.keyring-on", keys.remember)
    if is_remembered(sitting.store.folder):
        # one that was noted there an age ago would say that the store is not what it was
        sitting.keep_mark(sitting.now(), in_keyring=True)
    return trouble


def forget(sitting: Sitting) -> str:
    """Take the store out of the keyring and return an empty text, or the sentence that says why not."""
    folder, key = sitting.store.folder, sitting.store.key
    Marks(sitting.store).leave_keyring()
    if sitting.opened_by == BY_KEYRING:
        sitting.opened_by = ""  # nor is anything noted there when the sitting ends
    # the slot is gone even where the keyring would not let go of its part
    return securing.changed(sitting, "keys.keyring-off", lambda: keys.forget(folder, key), despite=errors.NoKeyring)


def _seat(store: Store, now: Clock) -> Sitting:
    rules = profiling.in_force(store)
    sitting = Sitting(store, rules.pack, rules.files, "", now, os.urandom, rules_trouble=rules.trouble)
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
