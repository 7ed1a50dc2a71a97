"""Commands about a store as a whole: checked, copied, brought back, and moved."""

import argparse
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.answer import Answer, Stopped, progress
from app.cli.stores import folder_of, now, passphrase, sitting_of, text_in, which_store

if TYPE_CHECKING:
    from app.services.copying import Proof

KEY_LINE = 65


def add_to(commands: Any) -> None:
    """Add the commands of this group."""
    check = commands.add_parser("check", help="check the store, its keys and its audit trail, or a backup")
    which_store(check)
    check.add_argument("--backup", type=Path, metavar="FILE", help="check this backup; the store is left alone")
    check.add_argument("--recovery-key-file", type=Path, metavar="F", help="open the backup with this recovery key")
    # how the program checks a backup in a process of its own: the key comes through a pipe, and no person types it
    check.add_argument("--key-on-stdin", action="store_true", help=argparse.SUPPRESS)
    check.add_argument("--aside", type=Path, help=argparse.SUPPRESS)
    check.set_defaults(run=check_it)
    backup = commands.add_parser("backup", help="write an encrypted copy of the store, opened and checked")
    which_store(backup)
    backup.add_argument("-o", "--out", type=Path, required=True, metavar="FILE")
    backup.set_defaults(run=back_up)
    restore = commands.add_parser("restore", help="bring a backup back; nothing is overwritten")
    restore.add_argument("file", type=Path, metavar="FILE")
    which_store(restore)
    restore.add_argument("--recovery-key-file", type=Path, metavar="F", help="open it with this recovery key")
    restore.add_argument(
        "--in-place", action="store_true", help="put it in the place of the store, whose files are kept beside it"
    )
    restore.set_defaults(run=bring_back)
    move = commands.add_parser("move-store", help="move a store to another folder, whole or not at all")
    move.add_argument("--store", metavar="DIR", help="the store's folder (else CHAIRSIDE_STORE, else the usual one)")
    move.add_argument("--to", type=Path, required=True, metavar="DIR", help="a new or empty folder")
    move.set_defaults(run=move_it)
    for command in (check, backup, restore, move):
        command.add_argument("--progress", action="store_true", help="say how far it is, also where nobody looks")


def check_it(given: argparse.Namespace) -> Answer:
    """Check a store, or a backup."""
    from app.services import noting, proving, rotating
    from app.services.backups import CHECKED, Notes

    if given.backup is not None:
        return _checked_backup(given)
    with sitting_of(given) as sitting, progress(given) as told:
        report = proving.check_store(sitting, told)
        noting.checked(sitting, len(report.findings))
        newest = next(iter(rotating.backups(sitting.store.folder)), None)
        is_checked = newest is not None and bool(Notes(sitting.store).says(newest.path, CHECKED))
        standing = rotating.standing(sitting)
    findings = [*report.findings, *([sitting.rolled_back] if sitting.rolled_back else [])]
    values = {
        "entries": report.entries,
        "findings": findings,
        "ok": not findings,
        "newest_backup": newest and {
            "file": str(newest.path), "made": newest.made.isoformat(), "entries": newest.entries,
            "checked": is_checked,
        },
    }  # fmt: skip
    if findings:
        return Answer(tuple(findings), values, 1)
    return Answer((f"The store and its audit trail of {report.entries} entries are sound.", standing), values)


def _checked_backup(given: argparse.Namespace) -> Answer:
    with progress(given) as told:
        proof = _proof(given, told)
    values = {
        "file": str(given.backup),
        "made": proof.made.isoformat(),
        "entries": proof.entries,
        "findings": list(proof.findings),
        "ok": not proof.findings,
    }
    if proof.findings:
        return Answer(proof.findings, values, 1)
    return Answer((f"The backup and its audit trail of {proof.entries} entries are sound.",), values)


def _proof(given: argparse.Namespace, told: "Callable[[str, int, int], None]") -> "Proof":
    from app.services.copying import prove, prove_opened

    if not given.key_on_stdin:
        return prove_opened(given.backup, _way(given), told, given.backup.absolute().parent)
    if sys.stdin is None:
        raise Stopped("There is no key on standard input.")
    try:
        key = bytes.fromhex(sys.stdin.buffer.readline(KEY_LINE).decode("ascii"))
    except ValueError:
        raise Stopped("What is on standard input is no key.") from None
    threading.Thread(target=_end_with, args=(sys.stdin.buffer.fileno(),), daemon=True).start()
    return prove(given.backup, key, told, given.aside)


def _end_with(pipe: int) -> None:
    """End the program as soon as whoever started it is gone or wants it gone: it knows the key."""
    while os.read(pipe, 1):
        pass
    os._exit(1)


def _way(given: argparse.Namespace) -> "Callable[[Path], bytes]":
    """Return what opens a backup: the recovery key where one is given, else the passphrase."""
    from app.services.copying import by_passphrase, by_recovery_key

    if given.recovery_key_file is not None:
        return by_recovery_key(text_in(given.recovery_key_file, "recovery key"))
    return by_passphrase(passphrase(given))


def back_up(given: argparse.Namespace) -> Answer:
    """Write a checked copy of a store."""
    from app.services.copying import back_up as copied

    with sitting_of(given) as sitting, progress(given) as told:
        report = copied(sitting, given.out, told)
    lines = (f"The backup {given.out} was written, opened and checked: {report.entries} entries in its audit trail.",)
    return Answer(lines, {"file": str(given.out), "sha256": report.sha256, "entries": report.entries})


def bring_back(given: argparse.Namespace) -> Answer:
    """Bring a backup back."""
    from app.services.copying import restore
    from app.services.mending import put_back

    folder = folder_of(given)
    if given.in_place:
        with progress(given) as told:
            sentence = put_back(folder, given.file, _way(given), now, told)
        return Answer((sentence,), {"store": str(folder), "sentence": sentence})
    with progress(given) as told:
        entries = restore(given.file, folder, _way(given), now, told)
    return Answer((f"The store was brought back into {folder}.",), {"store": str(folder), "entries": entries})


def move_it(given: argparse.Namespace) -> Answer:
    """Move a store to another folder."""
    from app.services.place import move_store

    folder = folder_of(given)
    with progress(given) as told:
        left = move_store(folder, given.to, told)
    return Answer((f"The store was moved to {given.to}.", *([left] if left else [])), {"store": str(given.to)})
