"""The main job on a made-up sample, from a new store to signed minutes that verify."""

import json
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app import resources
from app.models.base import Refused
from app.services.exchange import export_meeting, import_record
from app.services.keeping import write_file
from app.services.opening import Clock, make_store
from app.services.retaining import choose_marking
from app.services.sealing import authority, introduce_chair, seal
from app.services.sitting import Sitting
from app.services.verifying import verdict_words, verify
from app.vault.passphrase import FLOOR

SAMPLES = ("short", "full")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demonstration left behind."""

    minutes: Path
    record: Path
    authority: Path
    report: Path
    sentence: str
    code: int


def demonstrate(out: Path, now: Clock, sample: str = "full") -> Shown:
    """Return the files left in ``out``: minutes, record, signing authority and verify report; the store is removed."""
    if sample not in SAMPLES:
        raise Refused("demo.unknown-sample")
    content = resources.folder("sample", f"{sample}.json").read_bytes()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="chairside-") as folder:
        sitting = make_store(Path(folder) / "store", secrets.token_urlsafe(24), now, recovery=False, kdf=FLOOR).sitting
        try:
            return _play(sitting, content, out)
        finally:
            sitting.close()


def _play(sitting: Sitting, content: bytes, out: Path) -> Shown:
    # the made-up authority of the samples has decided; a real one is asked
    choose_marking(sitting, "OFFICIAL-SENSITIVE")
    meeting = import_record(sitting, content)
    introduce_chair(sitting, meeting.id)
    sealed = seal(sitting, meeting.id)
    public = authority(sitting)
    verdict = verify(sealed.pdf, [public])
    name = f"{meeting.reference}-v{sealed.version}"
    shown = Shown(
        out / f"{name}.pdf",
        out / f"{name}.json",
        out / "signing-authority.pem",
        out / "verify-report.json",
        verdict.sentence,
        int(verdict.code),
    )
    write_file(shown.minutes, sealed.pdf)
    write_file(shown.record, export_meeting(sitting, meeting.id))
    write_file(shown.authority, public)
    write_file(shown.report, (json.dumps(verdict_words(verdict), indent=2, ensure_ascii=False) + "\n").encode())
    return shown
