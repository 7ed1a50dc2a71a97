"""A file that is written for somebody is there whole, or as it was before."""

from pathlib import Path

import pytest

from app.services import keeping


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    keeping.write_file(tmp_path / "minutes.pdf", b"first")
    keeping.write_file(tmp_path / "minutes.pdf", b"second")
    assert [p.name for p in tmp_path.iterdir()] == ["minutes.pdf"]
    with pytest.raises(keeping.NotWritten, match="choose another folder"):
        keeping.write_file(tmp_path / "minutes.pdf" / "x.pdf", b"third")
    assert (tmp_path / "minutes.pdf").read_bytes() == b"second"
