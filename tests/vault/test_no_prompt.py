"""Asking whether there is a keyring opens no window: nothing is stored, read or unlocked by it."""

import subprocess
import sys

ASK = """
import keyring
from keyring.backend import KeyringBackend

class Touchy(KeyringBackend):
    priority = 1
    def get_password(self, service, username): raise SystemExit("it was asked for a password")
    set_password = delete_password = get_password

Touchy.__module__, Touchy.__qualname__ = "keyring.backends.SecretService", "Keyring"
keyring.set_keyring(Touchy())
from app.services.securing import keyring_trouble
print(repr(keyring_trouble()))
"""


def test_asking_for_a_keyring_touches_nothing_in_it() -> None:
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("''", "")
