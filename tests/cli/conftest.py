"""What every command under test finds: nothing that the program noted outside another test's store."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own for those notes: copies of one store are not one store."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "notes"))
