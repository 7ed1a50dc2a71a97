"""Builds Chairside as one folder for the machine at hand, and plays the sample meeting from what was built."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "dist" / "chairside" / ("chairside.exe" if sys.platform == "win32" else "chairside")
PLAYED = ROOT / "out" / "package-demo"


def build() -> None:
    """Leave the program in ``dist/chairside``. Raises CalledProcessError where PyInstaller fails."""
    work = ROOT / "build" / "pyinstaller"
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    places = ["--distpath", str(ROOT / "dist"), "--workpath", str(work), str(ROOT / "installer" / "chairside.spec")]
    subprocess.run([*command, *places], check=True, cwd=ROOT)


def play() -> None:
    """Play the sample meeting with the built program alone: away from the checkout, with nothing of its Python.

    Raises CalledProcessError where the program fails.
    """
    shutil.rmtree(PLAYED, ignore_errors=True)
    system = {name: os.environ[name] for name in ("HOME", "LANG", "SYSTEMROOT", "TMPDIR", "TEMP") if name in os.environ}
    with tempfile.TemporaryDirectory() as elsewhere:
        subprocess.run([PROGRAM, "demo", "--out", PLAYED], check=True, cwd=elsewhere, env=system)


def main() -> int:
    """Return 0 where the program was built and its sample meeting played."""
    started = time.monotonic()
    try:
        build()
        play()
    except subprocess.CalledProcessError as failed:
        print(
            f"The package could not be made: {Path(failed.cmd[0]).name} ended with {failed.returncode}.",
            file=sys.stderr,
        )
        return 1
    size = sum(path.stat().st_size for path in PROGRAM.parent.rglob("*") if path.is_file() and not path.is_symlink())
    print(
        f"{PROGRAM.parent} holds {size / 1e6:.0f} MB and played the sample; {time.monotonic() - started:.0f} seconds."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
