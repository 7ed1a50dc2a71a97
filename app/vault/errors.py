"""What can go wrong with keys: each is one fact, and its text is the sentence a person reads."""

from math import ceil


class VaultError(Exception):
    """Something about the keys of a store; the text says what happened and what to do."""


class WrongSecret(VaultError):
    """The header is sound and the secret given opens no slot in it."""

    def __init__(self, sentence: str = "That passphrase does not open this store: type it again.") -> None:
        super().__init__(sentence)


class RecoveryKeyMistyped(WrongSecret):
    """What was typed cannot be a recovery key; no store needed to be asked."""


class HeaderDamaged(VaultError):
    """The key file is ours and cannot be trusted; no secret can be tried on it."""

    def __init__(self) -> None:
        super().__init__(
            "The key file of this store (vault.keys) is damaged: put it back from a backup. The passphrase is not at "
            "fault."
        )


class NewerVersion(VaultError):
    """The key file is sound and of a version this program does not know."""

    def __init__(self) -> None:
        super().__init__("This store was made by a newer version of Chairside: install that version to open it.")


class NoVault(VaultError):
    """There is no key file of ours in the folder."""

    def __init__(self, *, database_present: bool = False) -> None:
        super().__init__(
            "The key file of this store (vault.keys) is missing: put it back from a backup."
            if database_present
            else "There is no Chairside store in this folder: choose another folder, or make a new store."
        )


class VaultExists(VaultError):
    """A new store was asked for where one is already."""

    def __init__(self) -> None:
        super().__init__("There is already a store in this folder: open it, or choose an empty folder for the new one.")


class NotEnoughMemory(VaultError):
    """The memory that the derivation of the key takes was refused."""

    def __init__(self, kibibytes: int) -> None:
        super().__init__(
            f"There is not enough memory to open the store (it takes {kibibytes // 1024} MB for a moment): close "
            "another program and try again. The passphrase is not at fault."
        )


class PassphraseRefused(VaultError):
    """The passphrase chosen is not accepted."""


class PassphraseTooWeak(PassphraseRefused):
    """The passphrase chosen is shorter than the least that is accepted."""

    def __init__(self, least: int) -> None:
        super().__init__(f"The passphrase is too short: use at least {least} characters, such as four or five words.")


class PassphraseNotTyped(PassphraseRefused):
    """The passphrase chosen is one that nobody could type again, into a field of one line."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"This passphrase could not be typed again: use one line of {most} characters at most, without tabs or "
            "other signs that no key types."
        )


class NotAFile(VaultError):
    """Something else than it ought to be has the name of a part of the store."""

    def __init__(self, name: str, expected: str = "file") -> None:
        super().__init__(
            f"What is called {name} in the folder of this store is not a {expected}, and nothing was changed: move it "
            "out of the folder, and open the store again."
        )


class CannotReadKeys(VaultError):
    """The key file is there and the system does not let us read it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The key file of this store could not be read ({reason}): check the folder and its rights.")


class KeysNotSaved(VaultError):
    """A change to the key file failed; the header before it stays in force."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The key file could not be saved ({reason}): nothing was changed, and the store opens as before."
        )


class KeysNotFlushed(VaultError):
    """A change to the key file was made, and the system would not say that it will survive a power cut."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The key file was changed, but the disk did not confirm it ({reason}): keep the old passphrase or "
            "recovery key as well, until the store has opened with the new one after a restart."
        )


class CannotMakeStore(VaultError):
    """The folder or its key file could not be made."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The store could not be made in this folder ({reason}): choose another folder.")


class TooManySlots(VaultError):
    """The header has no room for another way of opening the store."""

    def __init__(self) -> None:
        super().__init__("This store has no room for another key: remove one that is no longer used.")


class LastWayIn(VaultError):
    """A slot was to go that nothing could take the place of."""

    def __init__(self) -> None:
        super().__init__("This is the last way into the store that does not hang on this computer, so it stays.")


class MustWait(VaultError):
    """Too many secrets were wrong, and the time to the next try, in ``seconds``, has not passed."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        whole = ceil(seconds)
        super().__init__(
            f"Too many wrong tries: wait {whole} {'second' if whole == 1 else 'seconds'}, then try again. Nothing is "
            "ever deleted for it."
        )


class NotAnEscrowKey(VaultError):
    """A file does not hold the key of an organisation that was expected in it."""

    def __init__(
        self, sentence: str = "This file does not hold an organisation's public key: ask them for the file again."
    ) -> None:
        super().__init__(sentence)


class NoKeyring(VaultError):
    """The system's keyring cannot be used or does not hold our key; the passphrase always works."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason} Open the store with its passphrase.")
