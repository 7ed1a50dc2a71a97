"""Commands that need no store: a signed PDF verified, a date counted, a pack checked."""

import argparse
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.cli.answer import Answer, Stopped
from app.cli.stores import now

LARGEST_AUTHORITY = 1024 * 1024


def add_to(commands: Any) -> None:
    """Add the commands of this group."""
    verify = commands.add_parser("verify", help="say whether signed minutes are unchanged, and who signed them")
    verify.add_argument("file", type=Path, metavar="FILE.pdf")
    verify.add_argument("--trust", type=Path, action="append", default=[], metavar="CA.pem")
    verify.add_argument("--with", dest="receipt", type=Path, metavar="RECEIPT.json", help="a receipt for a dissent")
    verify.set_defaults(run=verify_pdf)
    dates = commands.add_parser("deadlines", help="count a due date and explain it")
    dates.add_argument("--from", dest="start", required=True, metavar="WHEN", help="2026-12-10 or 2026-12-10T14:30")
    dates.add_argument("--count", type=int, required=True, metavar="N", help="a negative number counts back")
    dates.add_argument("--unit", required=True, choices=("working-days", "days", "weeks", "months", "hours"))
    dates.add_argument("--roll", choices=("none", "back"), default="none")
    dates.set_defaults(run=count_date)
    pack = commands.add_parser("check-pack", help="every finding on a pack or a local profile")
    pack.add_argument("folder", type=Path, metavar="DIR")
    pack.set_defaults(run=check_pack)


def verify_pdf(given: argparse.Namespace) -> Answer:
    """Verify a signed PDF."""
    from app.services.keeping import TooLarge, read_file
    from app.services.verifying import LARGEST, UntrustedFile, verdict_words, verify

    try:
        content = read_file(given.file, LARGEST)
    except TooLarge:
        raise Stopped("This file is far larger than minutes are, so it was not looked at: check its name.") from None
    except OSError:
        sentence = "This file cannot be read, so nothing can be said about it: check its name and try again."
        raise Stopped(sentence) from None
    try:
        verdict = verify(content, [read_file(path, LARGEST_AUTHORITY) for path in given.trust])
    except (OSError, TooLarge):
        raise Stopped("The file given with --trust cannot be read: check its name and try again.") from None
    except UntrustedFile as error:
        raise Stopped(str(error)) from None
    lines = [verdict.sentence]
    if verdict.signer:
        lines.append(f"Signed by {verdict.signer}; fingerprint {verdict.signer_fingerprint}.")
    if verdict.claimed_at:
        lines.append(f"Signed on {verdict.claimed_at:%d %B %Y at %H:%M} UTC, as the signing laptop's clock said.")
    if verdict.reference:
        lines.append(f"Minutes {verdict.reference}, version {verdict.version}.")
    if given.receipt is None:
        return Answer(tuple(lines), verdict_words(verdict), int(verdict.code))
    return _verified_with(given.receipt, content, verdict, lines)


def _verified_with(path: Path, pdf: bytes, verdict: Any, lines: list[str]) -> Answer:
    """Return the answer about minutes and a receipt together."""
    from app.services.keeping import TooLarge, read_file
    from app.services.verifying import (
        LARGEST_RECEIPT,
        NotAReceipt,
        comparison_words,
        hold_against,
        verdict_words,
        with_receipt,
    )

    try:
        comparison = hold_against(read_file(path, LARGEST_RECEIPT), pdf, verdict)
    except (OSError, TooLarge):
        raise Stopped("The receipt given with --with cannot be read: check its name and try again.") from None
    except NotAReceipt as error:
        raise Stopped(str(error)) from None
    said, code = comparison_words(comparison), int(with_receipt(verdict, comparison))
    lines.append(said["sentence"])
    lines += [f"Proved: {sentence}" for sentence in said["proved"]]
    lines += [f"Not proved: {sentence}" for sentence in said["not_proved"]]
    return Answer(tuple(lines), verdict_words(verdict) | {"code": code, "receipt": said}, code)


def count_date(given: argparse.Namespace) -> Answer:
    """Count a due date."""
    from app.practice.limits import Roll, Unit
    from app.services.counting import count

    due = count(_when(given.start), given.count, Unit(given.unit), Roll(given.roll))
    values = {
        "due": due.at.isoformat(),
        "because": due.because,
        "rolled_from": due.rolled_from.isoformat() if due.rolled_from else None,
        "calendar": due.calendar,
    }
    return Answer((due.because,), values)


def _when(words: str) -> date | datetime:
    try:
        if len(words) == len("2026-12-10"):
            return date.fromisoformat(words)
        moment = datetime.fromisoformat(words)
    except ValueError:
        raise Stopped("The date after --from must be one there is, such as 2026-12-10 or 2026-12-10T14:30.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("Europe/London"))


def check_pack(given: argparse.Namespace) -> Answer:
    """Check a pack, or a local profile over the national pack."""
    from app import resources
    from app.practice.checking import report as report_on
    from app.services.packing import NATIONAL_PACK

    report = report_on(given.folder, now().date(), resources.folder(*NATIONAL_PACK))
    findings, profile = report["findings"], report.get("profile")
    lines = [str(finding["sentence"]) for finding in findings]
    if not findings:
        lines = [f"No findings: {len(report['meeting_types'])} meeting types, {len(report['rules'])} rules."]
    for one in profile["differences"] if profile else ():
        lines.append(f"{one['rule']}: {one['local']}, nationally {one['national']} ({one['stance']}).")
    return Answer(tuple(lines), report, 1 if findings else 0)
