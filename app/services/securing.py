"""The ways a store is opened: which there are, and how each is changed, by somebody who shows that they may.

What is changed here leaves an entry in the audit trail once it is on the disk; no secret stands in it.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.models.copy import Preference
from app.services.keeping import TooLarge, read_file
from app.services.sitting import SaveFault, Sitting
from app.vault import errors, escrow, header, keys, passphrase, recovery, system_keyring, tries

KeyTrouble = errors.VaultError
_IN_FORCE = "keys.in-force"
_MOST_GIVEN_UP = 100
_PUT_BACK = "An older key file was put back: secrets that were given up open this store again."
_GIVE_UP_AGAIN = {
    header.PASSPHRASE: "Change the passphrase.",
    header.RECOVERY: "Make a new recovery key.",
    header.KEYRING: "Have this computer's keyring forget the store.",
    header.ESCROW: "Take the organisation's key out; if it is still wanted, let it in again.",
}
NotAnEscrowKey = errors.NotAnEscrowKey


@dataclass(frozen=True, slots=True)
class Ways:
    """Which ways into the store there are; ``escrow`` names the organisation, ``lost`` says what if all are lost."""

    passphrase: bool
    recovery: bool
    keyring: bool
    escrow: str
    lost: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """A recovery key that opens nothing yet, and the two of its groups that are to be typed back, counted from one."""

    secret: bytes = field(repr=False)
    asked: tuple[int, int]
    failed_tries: int = 0

    @property
    def printed(self) -> str:
        """The key as it is to be on paper."""
        return recovery.printed(self.secret)

    def group(self, number: int) -> str:
        """Return one of its nine groups, counted from one."""
        return self.printed.split("-")[number - 1]


@dataclass(frozen=True, slots=True)
class _Noted:
    """What the store itself knows of its keys: the generation and the slots of its last change, and those given up."""

    generation: int = 0
    slots: frozenset[str] = frozenset()
    given_up: tuple[str, ...] = ()

    @classmethod
    def of(cls, session: Session) -> "_Noted":
        """Return what was noted; nothing in a store whose keys were never changed."""
        row = session.get(Preference, _IN_FORCE)
        if row is None:
            return cls()
        generation, slots, *given_up = row.value.split()
        return cls(int(generation), frozenset(slots.split(",")), tuple(given_up))

    def opens_again(self, there: header.Header) -> tuple[header.Slot, ...]:
        """Return the slots of a header that were given up; all of an older one of which no more is known."""
        known = tuple(slot for slot in there.slots if str(slot.id) in self.given_up)
        return known or (there.slots if there.generation < self.generation else ())

    def changed(self, before: header.Header, now: header.Header) -> str:
        """Return what is to be noted instead, the slots given up last first."""
        left, slots = {*self.slots, *_ids(before.slots)}, _ids(now.slots)
        fresh = {*(left - slots), *_ids(self.opens_again(before))}.difference(self.given_up)
        given_up = (*sorted(fresh), *self.given_up)[:_MOST_GIVEN_UP]
        return " ".join((str(now.generation), ",".join(sorted(slots)), *given_up))


def _ids(slots: Iterable[header.Slot]) -> frozenset[str]:
    return frozenset(str(slot.id) for slot in slots)


def ways(sitting: Sitting) -> Ways:
    """Return which ways into the store there are; where the key file is damaged ``lost`` says that."""
    try:
        slots = keys.slots(sitting.store.folder, sitting.store.key)
    except errors.VaultError as fault:
        return Ways(passphrase=False, recovery=False, keyring=False, escrow="", lost=str(fault))
    there = {slot.type for slot in slots}
    organisation = next((escrow.public_key(slot) for slot in slots if escrow.is_escrow(slot)), None)
    return Ways(
        passphrase=header.PASSPHRASE in there,
        recovery=header.RECOVERY in there,
        keyring=header.KEYRING in there,
        escrow=f"{organisation.label}, fingerprint {organisation.fingerprint}" if organisation else "",
        lost=_if_all_is_lost(organisation.label if organisation else "", recovery_key=header.RECOVERY in there),
    )


def strength(phrase: str) -> str:
    """Return an empty text for a passphrase that is accepted, or the sentence that says why it is not."""
    try:
        passphrase.check_strength(phrase)
    except errors.PassphraseRefused as weak:
        return str(weak)
    return ""


def change_passphrase(sitting: Sitting, old: str, new: str) -> str:
    """Let ``new`` open the store in place of ``old``; return an empty text, or the sentence that says why not."""
    if weak := strength(new):
        return weak

    def change(folder: Path, key: bytes) -> None:
        keys.set_passphrase(folder, key, new)

    return changed_with_phrase(sitting, old, "keys.passphrase-changed", change)


def set_passphrase(sitting: Sitting, new: str) -> str:
    """Let ``new`` open the store, for somebody who came in without the old one; return why not, or an empty text."""
    if sitting.opened_by not in {"recovery", "escrow"}:
        return (
            "The passphrase in use is asked for before it is changed: type it, or open the store by its recovery key."
        )
    folder, key = sitting.store.folder, sitting.store.key
    told = {"opened_by": sitting.opened_by}
    return changed(sitting, "keys.passphrase-changed", lambda: keys.set_passphrase(folder, key, new), told)


def prepare_recovery_key(sitting: Sitting, phrase: str) -> tuple[NewKey | None, str]:
    """Return a recovery key that is not in force yet, or None and the sentence that says why not."""
    try:
        failed = known_by(sitting, phrase)
    except errors.VaultError as fault:
        return None, str(fault)
    return NewKey(recovery.new(), asked_groups(sitting.chance(2)), failed), ""


def asked_groups(chance: bytes) -> tuple[int, int]:
    """Return which two groups of a recovery key are to be typed back, counted from one."""
    first = chance[0] % recovery.GROUPS
    second = (first + 1 + chance[1] % (recovery.GROUPS - 1)) % recovery.GROUPS
    low, high = sorted((first, second))
    return low + 1, high + 1


def groups_to_prove(new: NewKey) -> tuple[int, int]:
    """Return which two groups of a new key are to be typed back, counted from one."""
    return new.asked


def confirm_recovery_key(sitting: Sitting, new: NewKey, typed: Mapping[int, str]) -> str:
    """Let a new recovery key take the place of the one there was, once two groups of it were typed from the paper.

    Returns an empty text, or the sentence that says why the old one is still in force.
    """
    if set(typed) != set(new.asked) or not all(same_group(new.group(number), typed[number]) for number in new.asked):
        return "That is not what the new key says: check both groups on your paper. The key you had is still in force."
    folder, key, told = sitting.store.folder, sitting.store.key, {"failed_tries": new.failed_tries}
    return changed(sitting, "keys.recovery-replaced", lambda: keys.set_recovery_key(folder, key, new.secret), told)


def same_group(shown: str, typed: str) -> bool:
    """Return whether a group of the recovery key was typed as it was shown, however it was spelt."""
    read = str.maketrans("OILU", "011V")
    return "".join(typed.split()).upper().translate(read) == shown.upper().translate(read)


def name_of_store(sitting: Sitting) -> str:
    """Return what tells the paper of this store from that of another; nothing of what is in it."""
    try:
        return f"Store {str(keys.store_id(sitting.store.folder))[:8]}"
    except errors.VaultError:
        return ""


def key_file(path: Path) -> bytes:
    """Return what a file that an organisation handed out holds; raises ``NotAnEscrowKey``."""
    try:
        return read_file(path, escrow.LARGEST_FILE)
    except TooLarge:
        raise NotAnEscrowKey from None
    except OSError as error:
        why = error.strerror or "the system refused it"
        raise NotAnEscrowKey(f"The key file cannot be read ({why}): check its name and try again.") from None


def escrow_offered(pem: bytes) -> tuple[str, str]:
    """Return whose public key this is, and its fingerprint; raises ``NotAnEscrowKey``."""
    public = escrow.read_public(pem)
    return public.label, public.fingerprint


def add_escrow(sitting: Sitting, phrase: str, pem: bytes) -> str:
    """Let the organisation open the store, in place of any other; return an empty text, or why not."""
    try:
        public = escrow.read_public(pem)
    except NotAnEscrowKey as refused:
        return str(refused)

    def change(folder: Path, key: bytes) -> None:
        keys.add_escrow(folder, key, public)

    told = {"label": public.label, "fingerprint": public.fingerprint}
    return changed_with_phrase(sitting, phrase, "keys.escrow-added", change, told)


def remove_escrow(sitting: Sitting, phrase: str) -> str:
    """Let no organisation open the store any more; return an empty text, or the sentence that says why not."""
    return changed_with_phrase(sitting, phrase, "keys.escrow-removed", keys.remove_escrow)


def keyring_trouble() -> str:
    """Return an empty text where this computer has a keyring that can be used, or the sentence that says why not."""
    try:
        system_keyring.require()
    except errors.NoKeyring as answer:
        return str(answer)
    return ""


def findings(sitting: Sitting) -> list[str]:
    """Return a sentence for each key file that is not as it should be, or is an older one put back."""
    older = put_back(sitting)
    return [*keys.findings(sitting.store.folder, sitting.store.key), *([older] if older else [])]


def put_back(sitting: Sitting) -> str:
    """Return what to say where secrets that the store knows were given up open it again, mostly nothing.

    It is said until each of them was given up once more.
    """
    # a store that is damaged, or has no sound key file, says so elsewhere
    with suppress(errors.VaultError, SaveFault), sitting.store.read() as session:
        there = keys.in_force(sitting.store.folder, sitting.store.key)
        again = {slot.type for slot in _Noted.of(session).opens_again(there)}
        if again:
            return " ".join((_PUT_BACK, *(said for kind, said in _GIVE_UP_AGAIN.items() if kind in again)))
    return ""


def new_escrow_key(label: str, phrase: str) -> tuple[bytes, bytes, str]:
    """Return a new key pair of an organisation, as its two files, and its fingerprint.

    The private one is encrypted with ``phrase``. Raises ``KeyTrouble``, whose text is the sentence that says why not.
    """
    private = escrow.PrivateKey.made(label)
    public = private.public()
    return private.written(phrase), public.written(), public.fingerprint


def known_by(sitting: Sitting, phrase: str) -> int:
    """Return how many wrong tries went before somebody showed that they know the passphrase.

    Raises ``KeyTrouble``, also where it is too early to try again.
    """
    folder = sitting.store.folder
    _, failed = tries.counted(folder, lambda: keys.unlock(folder, phrase))
    tries.forget(folder)
    return failed


def changed_with_phrase(
    sitting: Sitting,
    phrase: str,
    kind: str,
    change: Callable[[Path, bytes], None],
    told: Mapping[str, Any] | None = None,
) -> str:
    """Change keys for somebody who knows the passphrase; return an empty text, or the sentence that says why not."""
    folder, key = sitting.store.folder, sitting.store.key
    try:
        failed = known_by(sitting, phrase)
    except errors.VaultError as fault:
        return str(fault)
    return changed(sitting, kind, lambda: change(folder, key), {**(told or {}), "failed_tries": failed})


def changed(
    sitting: Sitting,
    kind: str,
    change: Callable[[], None],
    told: Mapping[str, Any] | None = None,
    despite: type[errors.VaultError] = errors.KeysNotFlushed,
) -> str:
    """Change keys and write into the trail that it was done; return an empty text, or what is to be said.

    ``despite`` is what may be said of a change that was made all the same.
    """
    folder, key, trouble = sitting.store.folder, sitting.store.key, ""
    try:
        before = keys.in_force(folder, key)
        try:
            change()
        except (errors.KeysNotFlushed, despite) as doubt:
            trouble = str(doubt)
    except errors.VaultError as fault:
        return str(fault)
    try:
        with sitting.store.begin(sitting.act(), kind, told=told) as session, suppress(errors.VaultError):
            note_change(session, before, keys.in_force(folder, key))
    except SaveFault as fault:
        return f"The change was made, but it could not be written into the audit trail. {fault}"
    return trouble


def note_change(session: Session, before: header.Header, now: header.Header) -> None:
    """Note in the store, with the act that changed the keys, which slots are in force from now on and which are not."""
    value, noted = _Noted.of(session).changed(before, now), session.get(Preference, _IN_FORCE)
    if noted is None:
        session.add(Preference(key=_IN_FORCE, value=value))
    else:
        noted.value = value


def _if_all_is_lost(organisation: str, *, recovery_key: bool) -> str:
    mine = "the passphrase and the recovery key are both" if recovery_key else "the passphrase is"
    if organisation:
        return (
            f"If {mine} lost, {organisation} can still open this store with the private key in its safe. If that is "
            "lost too, nobody can read the records in it any more."
        )
    advice = "" if recovery_key else " Make a recovery key, so that there is a second way in."
    return f"If {mine} lost, nobody can read the records in this store any more, and no support desk can help.{advice}"
