"""Commands about keeping: what the authority chose, which cases are due, and disposing of one."""

import argparse
from pathlib import Path
from typing import Any

from app.cli.answer import COULD_NOT, DONE, Answer, progress
from app.cli.stores import now, sitting_of, which_store


def add_to(commands: Any) -> None:
    """Add the commands of this group."""
    settings = commands.add_parser("settings", help="the marking of the minutes and how long cases are kept")
    settings.add_argument("--marking", metavar="M", help="the words that stand at the head of all minutes")
    settings.add_argument("--retention", metavar="RULE", help="what the years are counted from, by its id in the pack")
    settings.add_argument("--years", type=int, default=0, metavar="N", help="how many years")
    settings.add_argument("--policy", default="", metavar="TEXT", help="what the authority calls its policy")
    settings.set_defaults(run=choose)
    due = commands.add_parser("disposals", help="closed cases, until when each is kept and why")
    due.add_argument("--due", action="store_true", help="only those whose time has passed and that nothing holds")
    due.set_defaults(run=list_due)
    dispose = commands.add_parser("dispose", help="take one closed case out of the store for good")
    dispose.add_argument("case", metavar="CASE", help="its reference or id")
    dispose.add_argument("--confirm", required=True, metavar="REF", help="the reference of the case once more")
    dispose.add_argument("--reason", default="", metavar="TEXT", help="why it need not be kept so long; name no person")
    dispose.add_argument("-o", "--out", type=Path, required=True, metavar="FILE", help="write the certificate here")
    dispose.set_defaults(run=dispose_of)
    dispose.add_argument("--progress", action="store_true", help="say how far it is, also where nobody looks")
    again = commands.add_parser("certificate", help="write the certificate of a case that was disposed of once more")
    again.add_argument("case", metavar="REF", help="the reference the case had")
    again.add_argument("-o", "--out", type=Path, required=True, metavar="FILE")
    again.set_defaults(run=certify_again)
    for command in (settings, due, dispose, again):
        which_store(command)


def choose(given: argparse.Namespace) -> Answer:
    """Set what is given, and say what is set."""
    from app.services import retaining

    writes = given.marking is not None or given.retention is not None
    with sitting_of(given, writes=writes) as sitting:
        if given.marking is not None:
            retaining.choose_marking(sitting, given.marking)
        if given.retention is not None:
            retaining.choose_policy(sitting, given.retention, given.years, given.policy)
        marking, rule = retaining.marking(sitting), retaining.policy(sitting)
        choices = [choice.id for choice in sitting.pack.retentions]
    values = {
        "marking": marking or None,
        "retention": {"rule": rule.rule.id, "years": rule.years, "policy": rule.name} if rule else None,
        "retention_rules": choices,
    }
    lines = (
        f"Marking of minutes: {marking or 'not decided yet'}.",
        f"How long cases are kept: {rule.words if rule else 'not decided yet'}.",
    )
    return Answer(lines, values)


def list_due(given: argparse.Namespace) -> Answer:
    """List closed cases."""
    from app.practice.words import day
    from app.services.retaining import all_kept

    today = now().date()
    with sitting_of(given) as sitting:
        found = [one for one in all_kept(sitting) if not given.due or one.due(today)]
    values = [
        {
            "case": one.case.reference,
            "id": str(one.case.id),
            "keep_until": one.kept.until.isoformat() if one.kept.until else None,
            "because": one.kept.because,
            "on_hold": one.held is not None,
            "due": one.due(today),
        }
        for one in found
    ]
    lines = [
        f"{one.case.reference}: keep until {day(one.kept.until) if one.kept.until else 'a day that is not known'}"
        f"{', on hold' if one.held else ''}. {one.kept.because}"
        for one in found
    ]
    none = "No case is due to be looked at." if given.due else "No case is closed."
    return Answer(tuple(lines) or (none,), {"cases": values})


def dispose_of(given: argparse.Namespace) -> Answer:
    """Dispose of a case."""
    from app.services import disposing
    from app.services.keeping import require_free, write_file

    # first, while a bad name still keeps the case: there is one certificate of one disposal
    require_free(given.out)
    try:
        with sitting_of(given, writes=True) as sitting, progress(given) as told:
            case = disposing.named(sitting, given.case)
            done = disposing.dispose(sitting, case, given.confirm, earlier=given.reason, told=told)
    except BaseException:
        given.out.unlink(missing_ok=True)
        raise
    write_file(given.out, disposing.file_of(done.certificate))
    rows = sum(done.certificate["deleted"].values())
    lines = [f"Case {given.confirm} is gone: {rows} rows were deleted. The certificate is in {given.out}."]
    if done.trouble:
        lines.append(done.trouble)
    values = {"file": str(given.out), "certificate": done.certificate, "trouble": done.trouble or None}
    return Answer(tuple(lines), values, COULD_NOT if done.trouble else DONE)


def certify_again(given: argparse.Namespace) -> Answer:
    """Write the certificate of a disposal, also of one that was stopped before it could be written."""
    from app.services import disposing
    from app.services.keeping import write_file

    with sitting_of(given) as sitting:
        certificate = disposing.certificate_of(sitting, disposing.disposed_case(sitting, given.case))
    write_file(given.out, disposing.file_of(certificate))
    return Answer((f"The certificate is in {given.out}.",), {"file": str(given.out), "certificate": certificate})
