"""What can be done with the keys of a store: make them, open with them, change them.

Every act that changes the key file expects that the caller holds the store, so that nobody else does the same.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from app.vault import files, header, system_keyring
from app.vault import passphrase as phrases
from app.vault import recovery as printed_keys
from app.vault.errors import (
    CannotMakeStore,
    HeaderDamaged,
    KeysNotFlushed,
    KeysNotSaved,
    NoKeyring,
    TooManySlots,
    VaultExists,
    WrongSecret,
)
from app.vault.header import Header, Slot
from app.vault.passphrase import Cost


@dataclass(frozen=True, slots=True)
class Created:
    """The data key of a new store, and its recovery key as it is to be printed."""

    key: bytes = field(repr=False)
    recovery_key: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Way:
    """A new slot together with the secret that opens it, to prove it once it is on the disk."""

    slot: Slot
    slot_key: bytes = field(repr=False)


_DEFAULT_COST = Cost()


def create(folder: Path, passphrase: str, *, kdf: Cost = _DEFAULT_COST, recovery: bool = True) -> Created:
    """Make the keys of a new store, opened by the passphrase, and the folder where it is missing.

    Raises PassphraseTooWeak, VaultExists, NotEnoughMemory or CannotMakeStore.
    """
    phrases.check_strength(passphrase)
    if files.is_store(folder):
        raise VaultExists
    vault, key = header.random_id(), secrets.token_bytes(header.KEY_BYTES)
    ways = [_by_passphrase(vault, passphrase, kdf, key)]
    printed = None
    if recovery:
        printed, way = _by_recovery_key(vault, key)
        ways.append(way)
    first = Header.made(vault, 1, tuple(way.slot for way in ways), key)
    try:
        files.make_private(folder)
        files.replace(folder, first, lambda kept: all(_proved(kept, way, key) for way in ways))
        files.keep_previous(folder)
    except (OSError, KeysNotSaved, KeysNotFlushed) as refused:
        files.discard(folder)
        raise CannotMakeStore(files.reason(refused)) from None
    return Created(key, printed)


def unlock(folder: Path, passphrase: str) -> bytes:
    """Return the data key; raises WrongSecret, HeaderDamaged, NewerVersion, NoVault, NotEnoughMemory."""

    def attempt(slot: Slot) -> bytes:
        return phrases.slot_key(passphrase, _salt(slot), _cost(slot))

    return _unlocked(folder, header.PASSPHRASE, attempt, WrongSecret())


def unlock_with_recovery(folder: Path, recovery_key: str) -> bytes:
    """Return the data key; raises RecoveryKeyMistyped where it is no recovery key at all, else as ``unlock``."""
    files.candidates(folder)  # that there is no store matters more than a typing mistake
    secret = printed_keys.typed(recovery_key)
    wrong = WrongSecret("That recovery key is not the one of this store: look for the page printed for this store.")
    return _unlocked(folder, header.RECOVERY, lambda slot: printed_keys.slot_key(secret, _salt(slot)), wrong)


def unlock_from_keyring(folder: Path) -> bytes:
    """Return the data key by what the system's keyring keeps for this store; raises NoKeyring, else as ``unlock``."""
    secret = system_keyring.fetch(str(files.candidates(folder)[0].vault))
    wrong = NoKeyring("What the keyring of this computer holds does not open this store.")
    return _unlocked(folder, header.KEYRING, lambda _: secret, wrong)


def is_remembered(folder: Path) -> bool:
    """Say whether the store was set to open by a keyring; whether that keyring still works is another matter."""
    return any(found.of_type(header.KEYRING) for found in files.candidates(folder))


def remember(folder: Path, key: bytes) -> None:
    """Let this computer's keyring open the store from now on; raises NoKeyring or KeysNotSaved."""
    current = _in_force(folder, key)
    slot_key = secrets.token_bytes(system_keyring.SECRET_BYTES)
    slot = Slot.sealed(current.vault, header.KEYRING, {}, slot_key, key)
    system_keyring.keep(str(current.vault), slot_key)
    _install(folder, current, _Way(slot, slot_key), key)


def forget(folder: Path, key: bytes | None = None) -> None:
    """Take the store's item out of this computer's keyring, and with ``key`` the slot it opened out of the store.

    The slot goes first, so that the keyring cannot open the store even where NoKeyring is then raised.
    """
    if key is not None:
        current = _in_force(folder, key)
        left = tuple(slot for slot in current.slots if slot.type != header.KEYRING)
        if left != current.slots:
            following = Header.made(current.vault, current.generation + 1, left, key)
            files.replace(folder, following, lambda kept: kept.is_genuine(key))
    system_keyring.erase(str(files.candidates(folder)[0].vault))


def change_passphrase(folder: Path, old: str, new: str, *, kdf: Cost | None = None) -> None:
    """Let ``new`` open the store in place of ``old``; raises as ``unlock`` and ``set_passphrase`` do."""
    phrases.check_strength(new)
    set_passphrase(folder, unlock(folder, old), new, kdf=kdf)


def set_passphrase(folder: Path, key: bytes, new: str, *, kdf: Cost | None = None) -> None:
    """Let ``new`` open the store in place of the passphrase it had, at the same cost unless ``kdf`` is given.

    Raises PassphraseTooWeak, NotEnoughMemory or KeysNotSaved.
    """
    phrases.check_strength(new)
    current = _in_force(folder, key)
    costs = [_cost(slot) for slot in current.of_type(header.PASSPHRASE)]
    _install(folder, current, _by_passphrase(current.vault, new, kdf or (costs or [_DEFAULT_COST])[0], key), key)


def new_recovery_key(folder: Path, key: bytes) -> str:
    """Return a new recovery key, which takes the place of the one there was; raises KeysNotSaved."""
    current = _in_force(folder, key)
    printed, way = _by_recovery_key(current.vault, key)
    _install(folder, current, way, key)
    return printed


def _unlocked(folder: Path, kind: str, slot_key: Callable[[Slot], bytes], wrong: Exception) -> bytes:
    """Return the data key from the newest header that the secret opens, and put that header in force."""
    opened: list[tuple[Header, bytes]] = []
    derived: dict[str, bytes] = {}
    tampered = False
    for found in files.candidates(folder):
        for slot in found.of_type(kind):
            how = repr(sorted(slot.params.items()))
            if how not in derived:  # two headers mostly hold the same slot, and a try is meant to be slow
                derived[how] = slot_key(slot)
            key = slot.open(found.vault, derived[how])
            if key is not None and found.is_genuine(key):
                opened.append((found, key))
            tampered |= key is not None and not found.is_genuine(key)
    if not opened:
        raise HeaderDamaged if tampered else wrong
    newest, key = max(opened, key=lambda pair: pair[0].generation)
    files.settle(folder, newest)
    return key


def _in_force(folder: Path, key: bytes) -> Header:
    """Return the newest header that was made with this data key; raises HeaderDamaged where none was."""
    genuine = [found for found in files.candidates(folder) if found.is_genuine(key)]
    if not genuine:
        raise HeaderDamaged
    return max(genuine, key=lambda found: found.generation)


def _install(folder: Path, current: Header, way: _Way, key: bytes) -> None:
    """Put the new slot in the place of those of its type."""
    left = tuple(slot for slot in current.slots if slot.type != way.slot.type)
    if len(left) >= header.MOST_SLOTS:
        raise TooManySlots
    following = Header.made(current.vault, current.generation + 1, (*left, way.slot), key)
    files.replace(folder, following, lambda kept: _proved(kept, way, key))


def _proved(kept: Header, way: _Way, key: bytes) -> bool:
    """Say whether the header, as read back from the disk, gives the data key for the secret just used."""
    slots = [slot for slot in kept.slots if slot.id == way.slot.id]
    return kept.is_genuine(key) and [slot.open(kept.vault, way.slot_key) for slot in slots] == [key]


def _by_passphrase(vault: UUID, passphrase: str, cost: Cost, key: bytes) -> _Way:
    salt = secrets.token_bytes(header.SALT_BYTES)
    params: dict[str, str | int] = {"kdf": "argon2id", "salt": header.as_text(salt), "v": 19}
    params |= {"t": cost.passes, "m": cost.memory, "p": cost.lanes}
    slot_key = phrases.slot_key(passphrase, salt, cost)
    return _Way(Slot.sealed(vault, header.PASSPHRASE, params, slot_key, key), slot_key)


def _by_recovery_key(vault: UUID, key: bytes) -> tuple[str, _Way]:
    secret, salt = printed_keys.new(), secrets.token_bytes(header.SALT_BYTES)
    slot_key = printed_keys.slot_key(secret, salt)
    params = {"kdf": "hkdf-sha256", "salt": header.as_text(salt)}
    return printed_keys.printed(secret), _Way(Slot.sealed(vault, header.RECOVERY, params, slot_key, key), slot_key)


def _salt(slot: Slot) -> bytes:
    return header.as_bytes(slot.params["salt"])


def _cost(slot: Slot) -> Cost:
    return Cost(*(int(slot.params[name]) for name in "tmp"))
