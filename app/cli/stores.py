"""The store a command is about: made, found and opened."""

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.answer import COULD_NOT, DONE, Answer, Stopped, say

if TYPE_CHECKING:
    from app.services.sitting import Sitting


LARGEST_PASSPHRASE = 64 * 1024


def now() -> datetime:
    """Return the time of the computer's clock: commands are where it enters."""
    return datetime.now(UTC)  # noqa: TID251  (an entry point)


def add_to(commands: Any) -> None:
    """Add the commands of this group."""
    new = commands.add_parser("new-store", help="make a store")
    which_store(new)
    new.add_argument("--recovery-key-out", type=Path, metavar="F", help="write the recovery key to this file")
    new.set_defaults(run=new_store)


def which_store(command: argparse.ArgumentParser) -> None:
    """Add the options that find a store and open it."""
    command.add_argument("--store", metavar="DIR", help="the store's folder (else CHAIRSIDE_STORE, else the usual one)")
    command.add_argument("--passphrase-file", type=Path, metavar="F", help="read the passphrase from this file")


def passphrase(given: argparse.Namespace) -> str:
    """Return the passphrase from the file, or from the person at the terminal; never from an argument."""
    if given.passphrase_file is not None:
        return _passphrase_in(given.passphrase_file)
    if sys.stdin is None or not sys.stdin.isatty():
        raise Stopped("There is nobody to ask for the passphrase: name a file with --passphrase-file.")
    return getpass.getpass("Passphrase: ")


def _passphrase_in(path: Path) -> str:
    return text_in(path, "passphrase")


def text_in(path: Path, what: str) -> str:
    """Return the secret in a file, called ``what`` where it cannot be read."""
    from app.services.keeping import TooLarge, read_file

    try:
        # some editors put a mark of the encoding first
        found = read_file(path, LARGEST_PASSPHRASE).decode("utf-8-sig").rstrip("\r\n")
    except (OSError, UnicodeDecodeError, TooLarge):
        raise Stopped(f"The {what} file cannot be read: check its name and that it is a text file.") from None
    if not found:
        raise Stopped(f"The {what} file is empty: put the {what} on its first line.")
    return found


def _new_passphrase(given: argparse.Namespace) -> str:
    """Return the passphrase for a new store, typed twice where a person types it."""
    first = passphrase(given)
    if given.passphrase_file is None and getpass.getpass("The same passphrase again: ") != first:
        raise Stopped("The two passphrases differ, so no store was made: try again.")
    return first


def folder_of(given: argparse.Namespace) -> Path:
    """Return the folder of the store a command is about, after saying so where the store was moved there."""
    from app.services.place import named_folder, store_folder

    folder = store_folder(given.store)
    if folder != named_folder(given.store):
        from app.services.moved import sentence

        say(sentence(folder), given)
        given.store = str(folder)  # said once
    return folder


@contextmanager
def sitting_of(given: argparse.Namespace, phrase: str | None = None, *, writes: bool = False) -> Iterator["Sitting"]:
    """Give a sitting at the store a command is about, opened with ``phrase`` if given, and close it afterwards.

    A command that ``writes`` has a backup made before it does.
    """
    from app.services import noting, rotating
    from app.services.opening import open_store

    sitting = open_store(folder_of(given), passphrase(given) if phrase is None else phrase, now)
    try:
        noting.opening(sitting)
        if sitting.rolled_back:
            say(sitting.rolled_back, given)
        if writes:
            rotating.prepare(sitting)
        yield sitting
        if writes and (trouble := rotating.catch_up(sitting)):
            say(trouble, given)
    finally:
        sitting.store.before_first_write = None
        sitting.close()


def new_store(given: argparse.Namespace) -> Answer:
    """Make a store."""
    from app.services.keeping import NotWritten, require_free, write_file
    from app.services.opening import make_store
    from app.services.place import named_folder

    folder, phrase, out = named_folder(given.store), _new_passphrase(given), given.recovery_key_out
    if out is not None:
        # the key is told once: there must be a place for it before there is a store
        require_free(out)
    try:
        made = make_store(folder, phrase, now)
    except BaseException:
        if out is not None:
            out.unlink(missing_ok=True)
        raise
    made.sitting.close()
    key, told, status = made.recovery_key or "", f"A new store was made in {folder}.", DONE
    if out is not None:
        try:
            write_file(out, f"{key}\n".encode())
        except NotWritten as fault:
            told, status = f"{told} {fault}", COULD_NOT
        else:
            values = {"store": str(folder), "recovery_key_file": str(out)}
            return Answer((told, f"Its recovery key is in {out}."), values)
    return Answer(
        (told, f"Recovery key, to be kept on paper: {key}"), {"store": str(folder), "recovery_key": key}, status
    )
