"""What can be done with the keys of a store: make them, open with them, change them.

Every act that changes the key file expects that the caller holds the store, so that nobody else does the same.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from app.vault import escrow, files, header, system_keyring, tries
from app.vault import passphrase as phrases
from app.vault import recovery as printed_keys
from app.vault.errors import (
    CannotMakeStore,
    HeaderDamaged,
    KeysNotFlushed,
    KeysNotSaved,
    LastWayIn,
    NewerVersion,
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
    """A new slot and the secret that opens it, to prove it once it is on the disk; None for one we cannot open."""

    slot: Slot
    slot_key: bytes | None = field(repr=False)


Attempt = Callable[[UUID, Slot], bytes | None]

_DEFAULT_COST = Cost()


def create(
    folder: Path,
    passphrase: str,
    *,
    kdf: Cost | None = None,
    recovery: bool = True,
    clock: Callable[[], float] = time.perf_counter,
) -> Created:
    """Make the keys of a new store, opened by the passphrase, and the folder where it is missing.

    Without a cost in ``kdf`` the one that suits this computer is found by ``clock``. Raises PassphraseTooWeak,
    VaultExists, NotEnoughMemory or CannotMakeStore.
    """
    phrases.check_strength(passphrase)
    if files.is_store(folder):
        raise VaultExists
    vault, key = header.random_id(), secrets.token_bytes(header.KEY_BYTES)
    ways = [_by_passphrase(vault, passphrase, kdf or phrases.calibrated(clock), key)]
    printed = None
    if recovery:
        secret = printed_keys.new()
        printed = printed_keys.printed(secret)
        ways.append(_by_recovery_key(vault, secret, key))
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

    def slot_key(slot: Slot) -> bytes:
        return phrases.slot_key(passphrase, _salt(slot), _cost(slot))

    return _unlocked(folder, header.PASSPHRASE, _derived(slot_key), WrongSecret())


def unlock_with_recovery(folder: Path, recovery_key: str) -> bytes:
    """Return the data key; raises RecoveryKeyMistyped where it is no recovery key at all, else as ``unlock``."""
    files.candidates(folder)  # that there is no store matters more than a typing mistake
    secret = printed_keys.typed(recovery_key)
    wrong = WrongSecret("That recovery key is not the one of this store: look for the page printed for this store.")
    return _unlocked(
        folder, header.RECOVERY, _derived(lambda slot: printed_keys.slot_key(secret, _salt(slot))), wrong
    )  # fmt: skip


def unlock_with_escrow(folder: Path, private: escrow.PrivateKey) -> bytes:
    """Return the data key by the organisation's private key; raises as ``unlock``."""
    slots = [slot for found in files.candidates(folder) for slot in found.of_type(header.ESCROW)]
    if slots and not any(escrow.is_escrow(slot) for slot in slots):
        raise NewerVersion
    wrong = WrongSecret("That private key does not open this store: it belongs to another public key.")

    def attempt(vault: UUID, slot: Slot) -> bytes | None:
        return private.open(vault, slot) if escrow.is_escrow(slot) else None

    return _unlocked(folder, header.ESCROW, attempt, wrong)


def unlock_from_keyring(folder: Path) -> bytes:
    """Return the data key by what the system's keyring keeps for this store; raises NoKeyring, else as ``unlock``."""
    secret = system_keyring.fetch(str(files.candidates(folder)[0].vault))
    wrong = NoKeyring("What the keyring of this computer holds does not open this store.")
    return _unlocked(folder, header.KEYRING, _derived(lambda _: secret), wrong)


def in_force(folder: Path, key: bytes) -> Header:
    """Return the newest header that was made with this data key; raises HeaderDamaged where none was."""
    genuine = [found for found in files.candidates(folder) if found.is_genuine(key)]
    if not genuine:
        raise HeaderDamaged
    return max(genuine, key=lambda found: found.generation)


def slots(folder: Path, key: bytes) -> tuple[Slot, ...]:
    """Return the ways into the store; raises HeaderDamaged where no header was made with this data key."""
    return in_force(folder, key).slots


def store_id(folder: Path) -> UUID:
    """Return the id of the store; raises as ``unlock``."""
    return files.candidates(folder)[0].vault


def mended(folder: Path) -> str:
    """Return the sentence to say where the key file is damaged or gone and another has to stand in, else nothing."""
    found = files.damage(folder, files.KEYS)
    if not found:
        return ""
    return (
        f"The key file of this store (vault.keys) was {found} and its spare copy was used in its place: check the "
        "store and make a backup now. If a passphrase or key was changed lately, the one before it may be in force "
        "again."
    )


def findings(folder: Path, key: bytes) -> list[str]:
    """Return a sentence for each key file that is not as it should be, and for a count of tries that is not."""
    told = []
    for name, called in ((files.KEYS, "key file"), (files.NEXT, "next key file"), (files.PREVIOUS, "spare key file")):
        found = files.damage(folder, name)
        content = files.sound(folder, name)
        if found == "missing" and name == files.NEXT:
            continue
        if found:
            told.append(f"The {called} ({name}) is {found}: it is written anew when the passphrase is changed.")
        elif content is None or not content.is_genuine(key):
            told.append(f"The {called} ({name}) does not belong to the keys of this store: put it back from a backup.")
    if tries.is_damaged(folder):
        told.append(f"The count of wrong tries ({tries.FILE}) cannot be read, and begins anew at the next opening.")
    return told


def is_remembered(folder: Path) -> bool:
    """Say whether the store was set to open by a keyring; whether that keyring still works is another matter."""
    return any(found.of_type(header.KEYRING) for found in files.candidates(folder))


def remember(folder: Path, key: bytes) -> None:
    """Let this computer's keyring open the store from now on; raises NoKeyring or KeysNotSaved."""
    current = in_force(folder, key)
    slot_key = secrets.token_bytes(system_keyring.SECRET_BYTES)
    slot = Slot.sealed(current.vault, header.KEYRING, {}, slot_key, key)
    system_keyring.keep(str(current.vault), slot_key)
    _install(folder, current, _Way(slot, slot_key), key)


def forget(folder: Path, key: bytes | None = None) -> None:
    """Take the store's item out of this computer's keyring, and with ``key`` the slot it opened out of the store.

    The slot goes first, so that the keyring cannot open the store even where NoKeyring is then raised.
    """
    if key is not None:
        _remove(folder, header.KEYRING, key)
    system_keyring.erase(str(store_id(folder)))


def change_passphrase(folder: Path, old: str, new: str, *, kdf: Cost | None = None) -> None:
    """Let ``new`` open the store in place of ``old``; raises as ``unlock`` and ``set_passphrase`` do."""
    phrases.check_strength(new)
    set_passphrase(folder, unlock(folder, old), new, kdf=kdf)


def set_passphrase(folder: Path, key: bytes, new: str, *, kdf: Cost | None = None) -> None:
    """Let ``new`` open the store in place of the passphrase it had, at the same cost unless ``kdf`` is given.

    Raises PassphraseTooWeak, NotEnoughMemory or KeysNotSaved.
    """
    phrases.check_strength(new)
    current = in_force(folder, key)
    costs = [_cost(slot) for slot in current.of_type(header.PASSPHRASE)]
    _install(folder, current, _by_passphrase(current.vault, new, kdf or (costs or [_DEFAULT_COST])[0], key), key)


def new_recovery_key(folder: Path, key: bytes) -> str:
    """Return a new recovery key, which takes the place of the one there was; raises KeysNotSaved."""
    secret = printed_keys.new()
    set_recovery_key(folder, key, secret)
    return printed_keys.printed(secret)


def set_recovery_key(folder: Path, key: bytes, secret: bytes) -> None:
    """Let the recovery key of these 20 bytes take the place of the one there was; raises KeysNotSaved."""
    current = in_force(folder, key)
    _install(folder, current, _by_recovery_key(current.vault, secret, key), key)


def add_escrow(folder: Path, key: bytes, public: escrow.PublicKey) -> None:
    """Let the holder of the private half open the store, in place of any other organisation; raises KeysNotSaved."""
    current = in_force(folder, key)
    _install(folder, current, _Way(escrow.sealed(current.vault, public, key), None), key)


def remove_escrow(folder: Path, key: bytes) -> None:
    """Let no organisation open the store any more; raises LastWayIn or KeysNotSaved."""
    _remove(folder, header.ESCROW, key)


def rewrapped(folder: Path, key: bytes, new_key: bytes, passphrase: str, recovery: bytes) -> Header:
    """Return the next header for ``new_key``: the same passphrase, this recovery key, and the organisation there was.

    Nothing is written. What a keyring keeps opens the old data key alone, and is made anew by ``remember`` afterwards.
    """
    current = in_force(folder, key)
    (old,) = current.of_type(header.PASSPHRASE)
    ways = [
        _by_passphrase(current.vault, passphrase, _cost(old), new_key),
        _by_recovery_key(current.vault, recovery, new_key),
    ]
    organisations = [escrow.public_key(slot) for slot in current.of_type(header.ESCROW) if escrow.is_escrow(slot)]
    made = (*(way.slot for way in ways), *(escrow.sealed(current.vault, one, new_key) for one in organisations))
    return Header.made(current.vault, current.generation + 1, made, new_key)


def _derived(slot_key: Callable[[Slot], bytes]) -> Attempt:
    """Return the attempt with a key derived for the slot, once for all slots that ask for the same."""
    known: dict[str, bytes] = {}

    def attempt(vault: UUID, slot: Slot) -> bytes | None:
        how = repr(sorted(slot.params.items()))
        if how not in known:  # two headers mostly hold the same slot, and a try is meant to be slow
            known[how] = slot_key(slot)
        return slot.open(vault, known[how])

    return attempt


def _unlocked(folder: Path, kind: str, attempt: Attempt, wrong: Exception) -> bytes:
    """Return the data key from the newest header that the secret opens, and put that header in force."""
    opened: list[tuple[Header, bytes]] = []
    tampered = False
    for found in files.candidates(folder):
        for slot in found.of_type(kind):
            key = attempt(found.vault, slot)
            if key is not None and found.is_genuine(key):
                opened.append((found, key))
            tampered |= key is not None and not found.is_genuine(key)
    if not opened:
        raise HeaderDamaged if tampered else wrong
    newest, key = max(opened, key=lambda pair: pair[0].generation)
    files.settle(folder, newest, key)
    return key


def _install(folder: Path, current: Header, way: _Way, key: bytes) -> None:
    """Put the new slot in the place of those of its type."""
    left = tuple(slot for slot in current.slots if slot.type != way.slot.type)
    if len(left) >= header.MOST_SLOTS:
        raise TooManySlots
    following = Header.made(current.vault, current.generation + 1, (*left, way.slot), key)
    files.replace(folder, following, lambda kept: _proved(kept, way, key))


def _remove(folder: Path, kind: str, key: bytes) -> None:
    """Take the slots of a type out, unless nothing would then open the store on another computer."""
    current = in_force(folder, key)
    left = tuple(slot for slot in current.slots if slot.type != kind)
    if not any(slot.type in {header.PASSPHRASE, header.RECOVERY} for slot in left):
        raise LastWayIn
    if left != current.slots:
        following = Header.made(current.vault, current.generation + 1, left, key)
        files.replace(folder, following, lambda kept: kept.is_genuine(key))


def _proved(kept: Header, way: _Way, key: bytes) -> bool:
    """Say whether the header, as read back from the disk, gives the data key for the secret just used."""
    found = [slot for slot in kept.slots if slot.id == way.slot.id]
    if way.slot_key is None:  # sealed to a public key: it can only be the same to the last bit
        return kept.is_genuine(key) and found == [way.slot]
    return kept.is_genuine(key) and [slot.open(kept.vault, way.slot_key) for slot in found] == [key]


def _by_passphrase(vault: UUID, passphrase: str, cost: Cost, key: bytes) -> _Way:
    salt = secrets.token_bytes(header.SALT_BYTES)
    params: dict[str, str | int] = {"kdf": "argon2id", "salt": header.as_text(salt), "v": 19}
    params |= {"t": cost.passes, "m": cost.memory, "p": cost.lanes}
    slot_key = phrases.slot_key(passphrase, salt, cost)
    return _Way(Slot.sealed(vault, header.PASSPHRASE, params, slot_key, key), slot_key)


def _by_recovery_key(vault: UUID, secret: bytes, key: bytes) -> _Way:
    salt = secrets.token_bytes(header.SALT_BYTES)
    slot_key = printed_keys.slot_key(secret, salt)
    params = {"kdf": "hkdf-sha256", "salt": header.as_text(salt)}
    return _Way(Slot.sealed(vault, header.RECOVERY, params, slot_key, key), slot_key)


def _salt(slot: Slot) -> bytes:
    return header.as_bytes(slot.params["salt"])


def _cost(slot: Slot) -> Cost:
    return Cost(*(int(slot.params[name]) for name in "tmp"))
