"""The ways a store is opened: its passphrase, its recovery key, and whether a keyring can help."""

from app.services.sitting import Sitting
from app.vault import errors, keys, passphrase, system_keyring


def strength(phrase: str) -> str:
    """Return an empty text for a passphrase that is accepted, or the sentence that says why it is not."""
    try:
        passphrase.check_strength(phrase)
    except errors.PassphraseTooWeak as weak:
        return str(weak)
    return ""


def change_passphrase(sitting: Sitting, old: str, new: str) -> str:
    """Let ``new`` open the store in place of ``old``; return an empty text, or the sentence that says why not."""
    try:
        keys.change_passphrase(sitting.store.folder, old, new)
    except errors.VaultError as fault:
        return str(fault)
    return ""


def replace_recovery_key(sitting: Sitting, phrase: str) -> tuple[str, str]:
    """Return a new recovery key, which takes the place of the one there was, and the sentence that says why not."""
    folder = sitting.store.folder
    try:
        return keys.new_recovery_key(folder, keys.unlock(folder, phrase)), ""
    except errors.VaultError as fault:
        return "", str(fault)


def same_group(shown: str, typed: str) -> bool:
    """Return whether a group of the recovery key was typed as it was shown, however it was spelt."""
    read = str.maketrans("OILU", "011V")
    return "".join(typed.split()).upper().translate(read) == shown.upper().translate(read)


def keyring_trouble() -> str:
    """Return an empty text where this computer has a keyring that can be used, or the sentence that says why not."""
    try:
        system_keyring.require()
    except errors.NoKeyring as answer:
        return str(answer)
    return ""
