"""Opening a store by the system's keyring: a real one, and all the ones that must not be used."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from app.vault import keys
from app.vault.passphrase import FLOOR

ROOT = Path(__file__).parents[2]
PASSPHRASE = "the only passphrase"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def made(folder):
    return keys.create(folder, PASSPHRASE, kdf=FLOOR)


def surroundings(tmp_path, **more) -> dict[str, str]:
    """Give an environment with a home of its own, without the bus or keyring of whoever runs the tests."""
    foreign = ("DBUS_", "XDG_", "GNOME_", "PYTHON_KEYRING", "DISPLAY", "WAYLAND")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"):
        place = tmp_path / name.lower()
        place.mkdir(mode=0o700, exist_ok=True)
        kept[name] = str(place)
    return kept | more


ATTEMPT = """
    import sys
    from pathlib import Path
    from app.vault import keys
    from app.vault.errors import NoKeyring
    folder, key = Path(sys.argv[1]), bytes.fromhex(sys.stdin.readline())
    for act in (lambda: keys.remember(folder, key), lambda: keys.unlock_from_keyring(folder)):
        try:
            act()
            print("done")
        except NoKeyring as refused:
            print(refused)
    assert keys.unlock(folder, "the only passphrase") == key
    assert keys.unlock_with_recovery(folder, sys.stdin.readline()) == key
"""


def attempt(tmp_path, folder, made, **more) -> list[str]:
    """Give what a person is told when the store is to be remembered, and then opened by the keyring."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(ATTEMPT), str(folder)],
        cwd=ROOT,
        env=surroundings(tmp_path, **more),
        input=f"{made.key.hex()}\n{made.recovery_key}\n",
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.splitlines()


def test_without_any_keyring_the_passphrase_is_asked_for_in_one_sentence(tmp_path, folder, made):
    told = attempt(tmp_path, folder, made)
    assert told == ["This computer has no keyring that can be used. Open the store with its passphrase."] * 2


@pytest.mark.parametrize("backend", ["fail", "null"])
def test_a_keyring_switched_off_is_no_keyring(tmp_path, folder, made, backend):
    told = attempt(tmp_path, folder, made, PYTHON_KEYRING_BACKEND=f"keyring.backends.{backend}.Keyring")
    assert told == ["This computer has no keyring that can be used. Open the store with its passphrase."] * 2
    assert not keys.is_remembered(folder)


def test_a_keyring_that_writes_plain_text_is_refused_and_writes_nothing(tmp_path, folder, made):
    plain = tmp_path / "modules"
    plain.mkdir()
    (plain / "plaintext_keyring.py").write_text(
        textwrap.dedent("""
            from pathlib import Path
            from keyring.backend import KeyringBackend

            class PlaintextKeyring(KeyringBackend):
                priority = 9

                def set_password(self, service, username, password):
                    Path(__file__).with_name("secrets.txt").write_text(password)

                def get_password(self, service, username):
                    return Path(__file__).with_name("secrets.txt").read_text()
        """)
    )
    told = attempt(
        tmp_path,
        folder,
        made,
        PYTHONPATH=str(plain),
        PYTHON_KEYRING_BACKEND="plaintext_keyring.PlaintextKeyring",
    )
    sentence = "The keyring set up on this computer does not protect what it keeps, so it is not used."
    assert told == [f"{sentence} Open the store with its passphrase."] * 2
    assert not (plain / "secrets.txt").exists()
    assert not keys.is_remembered(folder)


@pytest.mark.parametrize("backend", ["no.such.module.Keyring", "keyring.backends.SecretService.NoSuchClass"])
def test_a_keyring_wrongly_set_up_is_one_sentence(tmp_path, folder, made, backend):
    told = attempt(tmp_path, folder, made, PYTHON_KEYRING_BACKEND=backend)
    assert all(sentence.endswith("Open the store with its passphrase.") for sentence in told)


def test_a_bus_with_nobody_on_it_is_one_sentence(tmp_path, folder, made):
    told = attempt(
        tmp_path,
        folder,
        made,
        DBUS_SESSION_BUS_ADDRESS=f"unix:path={tmp_path}/nobody",
        PYTHON_KEYRING_BACKEND="keyring.backends.SecretService.Keyring",
    )
    assert all(sentence.endswith("Open the store with its passphrase.") for sentence in told)


def test_opening_with_a_passphrase_does_not_load_the_keyring_library(folder, made):
    code = """
        import sys
        from pathlib import Path
        from app.vault import keys
        keys.unlock(Path(sys.argv[1]), "the only passphrase")
        print("keyring" in sys.modules)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == "False\n"


REAL = """
    import json, sys
    from pathlib import Path
    import keyring
    from app.vault import files, header, keys, system_keyring
    from app.vault.errors import NoKeyring

    folder, key = Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
    told = {"backend": type(keyring.get_keyring()).__module__}

    def refusal(act):
        try:
            act()
        except NoKeyring as refused:
            return str(refused)
        return "no refusal"

    told["before"] = refusal(lambda: keys.unlock_from_keyring(folder))
    keys.remember(folder, key)
    told["remembered"] = keys.is_remembered(folder)
    told["opens"] = keys.unlock_from_keyring(folder) == key
    vault = str(files.candidates(folder)[0].vault)
    kept = keyring.get_password("Chairside", vault)
    told["kept"] = len(kept)
    told["kept_is_key"] = kept == header.as_text(key)

    keys.remember(folder, key)
    told["slots"] = len(files.candidates(folder)[0].of_type("keyring"))
    told["opens_again"] = keys.unlock_from_keyring(folder) == key

    keyring.set_password("Chairside", vault, "not base64 at all")
    told["nonsense"] = refusal(lambda: keys.unlock_from_keyring(folder))
    system_keyring.keep(vault, bytes(32))
    told["another_secret"] = refusal(lambda: keys.unlock_from_keyring(folder))
    keyring.delete_password("Chairside", vault)
    told["wiped"] = refusal(lambda: keys.unlock_from_keyring(folder))

    keys.remember(folder, key)
    keys.forget(folder, key)
    keys.forget(folder, key)
    told["forgotten"] = not keys.is_remembered(folder) and keyring.get_password("Chairside", vault) is None

    keys.remember(folder, key)
    from secretstorage import dbus_init, get_default_collection
    get_default_collection(dbus_init()).lock()
    told["locked"] = refusal(lambda: keys.unlock_from_keyring(folder))
    told["by_passphrase"] = keys.unlock(folder, "the only passphrase") == key
    told["by_recovery_key"] = keys.unlock_with_recovery(folder, sys.stdin.readline()) == key
    print(json.dumps(told))
"""


def with_a_real_keyring(tmp_path, script_text, folder, made) -> dict[str, object]:
    """Run a script beside a secret service of its own, on a bus of its own, in a home of its own; give what it told."""
    script = tmp_path / "real.py"
    script.write_text(textwrap.dedent(script_text))
    daemon_pid = tmp_path / "daemon.pid"
    # The daemon outlives the bus, so its number is written down.
    shell = """
        printf 'test-password\\n' | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &
        echo $! > "$PID_FILE"
        for i in $(seq 100); do
            dbus-send --session --print-reply --dest=org.freedesktop.DBus / \
                org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null | grep -q 'true' && break
            sleep 0.05
        done
        "$PYTHON" "$SCRIPT" "$STORE" "$KEY"
        result=$?
        kill "$(cat "$PID_FILE")" 2>/dev/null
        exit $result
    """
    more = {
        "PID_FILE": str(daemon_pid),
        "PYTHON": sys.executable,
        "SCRIPT": str(script),
        "STORE": str(folder),
        "KEY": made.key.hex(),
        "PYTHONPATH": str(ROOT),
    }
    assert shutil.which("gnome-keyring-daemon"), "the tests need gnome-keyring and dbus; make setup installs them"
    try:
        done = subprocess.run(
            ["dbus-run-session", "--", "bash", "-c", shell],
            cwd=ROOT,
            env=surroundings(tmp_path, **more),
            input=made.recovery_key,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
    finally:
        end(daemon_pid)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.keyring
def test_a_real_keyring_opens_the_store_until_it_is_forgotten_wiped_or_locked(tmp_path, folder, made):
    told = with_a_real_keyring(tmp_path, REAL, folder, made)
    assert told == {
        "backend": "keyring.backends.SecretService",
        "before": "The keyring of this computer holds no key for this store. Open the store with its passphrase.",
        "remembered": True,
        "opens": True,
        "kept": 44,
        "kept_is_key": False,
        "slots": 1,
        "opens_again": True,
        "nonsense": "The keyring of this computer holds no key for this store. Open the store with its passphrase.",
        "another_secret": "What the keyring of this computer holds does not open this store. "
        "Open the store with its passphrase.",
        "wiped": "The keyring of this computer holds no key for this store. Open the store with its passphrase.",
        "forgotten": True,
        "locked": "The keyring of this computer is locked. Open the store with its passphrase.",
        "by_passphrase": True,
        "by_recovery_key": True,
    }


MARKED = """
    import json, shutil, sys
    from datetime import UTC, datetime
    from pathlib import Path
    import keyring
    from platformdirs import user_state_path
    from app.services import cases, noting, opening
    from app.store.store import Store
    from tests.builders import an_act

    folder, key = Path(sys.argv[1]), bytes.fromhex(sys.argv[2])
    Store.create(folder, key, an_act()).close()
    now = lambda: datetime(2026, 12, 10, 10, 30, tzinfo=UTC)
    told = {}

    def used(reference=""):
        sitting = opening.open_remembered(folder, now)
        noting.opening(sitting)
        if reference:
            cases.open_case(sitting, reference)
        sitting.close()
        return sitting.rolled_back

    first = opening.open_store(folder, "the only passphrase", now)
    noting.opening(first)
    told["on"] = opening.remember(first, "the only passphrase")
    item = f"mark-{first.marks._trail}"
    told["noted_at_once"] = keyring.get_password("Chairside", item) is not None
    first.close()
    old = shutil.copytree(folder, folder.with_name("old"))
    told["used"] = used("SAMPLE-1")
    shutil.rmtree(folder)
    shutil.copytree(old, folder)
    shutil.rmtree(user_state_path("Chairside", appauthor=False))
    told["old_put_back"] = used()
    told["still"] = used()

    accepted = opening.open_remembered(folder, now)
    noting.opening(accepted)
    noting.accept_as_it_is(accepted)
    told["off"] = opening.forget(accepted)
    accepted.close()
    told["left"] = keyring.get_password("Chairside", item)
    told["by_passphrase"] = opening.open_store(folder, "the only passphrase", now).rolled_back
    print(json.dumps(told))
"""


@pytest.mark.keyring
def test_a_real_keyring_tells_of_an_older_store_where_the_note_in_the_folder_was_wiped_too(tmp_path, folder, made):
    told = with_a_real_keyring(tmp_path, MARKED, folder, made)
    for when in ("old_put_back", "still"):
        assert "This store is older than when it was last used here" in told.pop(when)
    assert told == {
        "on": "", "noted_at_once": True, "used": "", "off": "", "left": None, "by_passphrase": "",
    }  # fmt: skip


def end(daemon_pid: Path) -> None:
    if daemon_pid.exists():
        try:
            os.kill(int(daemon_pid.read_text()), signal.SIGTERM)
        except ProcessLookupError:
            return
