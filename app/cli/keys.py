"""Commands about the ways into a store: an organisation's key, and a new passphrase for who has lost the old one."""

import argparse
import getpass
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.answer import Answer, Stopped
from app.cli.stores import folder_of, now, passphrase, sitting_of, which_store

if TYPE_CHECKING:
    from app.services.sitting import Sitting

LARGEST_KEY_FILE = 64 * 1024


def add_to(commands: Any) -> None:
    """Add the commands of this group."""
    pair = commands.add_parser("new-escrow-key", help="make the key pair by which an organisation can open stores")
    pair.add_argument("--label", required=True, metavar="NAME", help="the organisation, as people will read it")
    pair.add_argument("--private-key-out", type=Path, required=True, metavar="F", help="for the safe")
    pair.add_argument("--public-key-out", type=Path, required=True, metavar="F", help="to be handed out")
    pair.add_argument("--passphrase-file", type=Path, metavar="F", help="what encrypts the private key")
    pair.set_defaults(run=new_escrow_key)
    renew = commands.add_parser("new-passphrase", help="set a passphrase with the recovery key or an organisation's")
    renew.add_argument("--store", metavar="DIR", help="the store's folder (else CHAIRSIDE_STORE, else the usual one)")
    way = renew.add_mutually_exclusive_group(required=True)
    way.add_argument("--recovery-key-file", type=Path, metavar="F", help="read the recovery key from this file")
    way.add_argument("--escrow-key", type=Path, metavar="F", help="the organisation's private key")
    renew.add_argument("--escrow-passphrase-file", type=Path, metavar="F", help="the passphrase of that private key")
    renew.add_argument("--new-passphrase-file", type=Path, metavar="F", help="read the new passphrase from this file")
    renew.set_defaults(run=new_passphrase)
    organisation = commands.add_parser("escrow", help="let an organisation open the store, or no longer")
    which_store(organisation)
    change = organisation.add_mutually_exclusive_group(required=True)
    change.add_argument("--add", type=Path, metavar="PUBLIC.pem", help="the public key that it handed out")
    change.add_argument("--remove", action="store_true", help="no organisation opens the store any more")
    organisation.set_defaults(run=change_escrow)


def new_escrow_key(given: argparse.Namespace) -> Answer:
    """Make the key pair of an organisation."""
    from app.services.keeping import require_free, write_file
    from app.services.securing import KeyTrouble, new_escrow_key

    private_out, public_out = given.private_key_out, given.public_key_out
    if private_out.absolute() == public_out.absolute():
        raise Stopped("The private and the public key need two files: give each a name of its own.")
    phrase = _chosen(given.passphrase_file)
    places: list[Path] = []
    try:
        for place in (private_out, public_out):
            require_free(place)
            places.append(place)
        private, public, fingerprint = new_escrow_key(given.label, phrase)
        write_file(private_out, private)
        write_file(public_out, public)
    except BaseException as failed:
        for place in places:
            with suppress(OSError):
                place.unlink(missing_ok=True)
        if isinstance(failed, KeyTrouble):
            raise Stopped(str(failed)) from None
        raise
    lines = (
        f"The private key of {given.label} is in {private_out}: keep it in a safe, and its passphrase elsewhere.",
        f"The public key is in {public_out}: hand it out, and tell people its fingerprint by another way.",
        f"Fingerprint: {fingerprint}",
    )
    values = {"private_key": str(private_out), "public_key": str(public_out), "fingerprint": fingerprint}
    return Answer(lines, values)


def new_passphrase(given: argparse.Namespace) -> Answer:
    """Set a new passphrase for a store that is opened another way."""
    from app.services import securing

    new = _chosen(given.new_passphrase_file)
    if weak := securing.strength(new):
        raise Stopped(weak)
    sitting = _opened(given)
    try:
        if trouble := securing.set_passphrase(sitting, new):
            raise Stopped(trouble)
    finally:
        sitting.close()
    folder = folder_of(given)
    return Answer((f"The new passphrase opens the store in {folder} from now on.",), {"store": str(folder)})


def change_escrow(given: argparse.Namespace) -> Answer:
    """Let an organisation open the store, or no longer."""
    from app.services import securing

    phrase = passphrase(given)
    try:
        pem = b"" if given.remove else securing.key_file(given.add)
        label, fingerprint = ("", "") if given.remove else securing.escrow_offered(pem)
    except securing.KeyTrouble as refused:
        raise Stopped(str(refused)) from None
    with sitting_of(given, phrase) as sitting:
        before = securing.ways(sitting).escrow
        if given.remove:
            trouble = securing.remove_escrow(sitting, phrase) if before else "No organisation can open this store."
        else:
            trouble = securing.add_escrow(sitting, phrase, pem)
        after = securing.ways(sitting)
    if trouble:
        raise Stopped(trouble)
    values = {"organisation": label or None, "fingerprint": fingerprint or None, "before": before or None}
    if given.remove:
        lines = (f"{before}: this organisation no longer opens the store; backups made before still open.", after.lost)
    else:
        lines = (
            f"{label} can open this store from now on, with the private key in its safe.",
            f"Fingerprint: {fingerprint}. Compare it with what the organisation told you by another way.",
        )
    return Answer(lines, values)


def _opened(given: argparse.Namespace) -> "Sitting":
    from app.services import opening

    if given.recovery_key_file is not None:
        return opening.open_with_recovery_key(folder_of(given), _content(given.recovery_key_file).decode().strip(), now)
    private, phrase = _content(given.escrow_key), _asked(given.escrow_passphrase_file)
    return opening.open_with_escrow(folder_of(given), private, phrase, now)


def _content(path: Path) -> bytes:
    from app.services.keeping import TooLarge, read_file

    try:
        content = read_file(path, LARGEST_KEY_FILE)
        content.decode("utf-8")
    except (OSError, UnicodeDecodeError, TooLarge):
        raise Stopped("The key file cannot be read: check its name and that it is a text file.") from None
    return content


def _asked(path: Path | None) -> str:
    return passphrase(argparse.Namespace(passphrase_file=path))


def _chosen(path: Path | None) -> str:
    """Return a new passphrase, typed twice where a person types it."""
    first = _asked(path)
    if path is None and getpass.getpass("The same passphrase again: ") != first:
        raise Stopped("The two passphrases differ, so nothing was done: try again.")
    return first
