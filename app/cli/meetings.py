"""Commands about meetings: in, out, listed, drawn and sealed."""

import argparse
import sys
from pathlib import Path
from typing import Any

from app.cli.answer import Answer, Stopped
from app.cli.stores import now, sitting_of, which_store

EVERY = 1_000_000


def add_to(commands: Any) -> None:
    """Add the commands of this group."""
    bring_in = commands.add_parser("import", help="take in a meeting record")
    bring_in.add_argument("file", metavar="FILE", help="the record, - for standard input")
    bring_in.set_defaults(run=take_in)
    out = commands.add_parser("export", help="write a meeting record")
    out.add_argument("meeting", metavar="MEETING", help="its reference or id")
    out.add_argument("-o", "--out", required=True, metavar="FILE", help="- for standard output")
    out.add_argument("--child", metavar="NAME", help="the record of this child alone, without the others")
    out.set_defaults(run=give_out)
    listing = commands.add_parser("list", help="cases, meetings and their states")
    listing.set_defaults(run=list_all)
    minutes = commands.add_parser("minutes", help="the minutes as they stand; sealed ones exactly as signed")
    minutes.add_argument("meeting", metavar="MEETING", help="its reference or id")
    minutes.add_argument("-o", "--out", type=Path, required=True, metavar="FILE.pdf")
    minutes.set_defaults(run=draw_minutes)
    seal = commands.add_parser("seal", help="check, sign and seal the minutes of a concluded meeting")
    seal.add_argument("meeting", metavar="MEETING", help="its reference or id")
    seal.add_argument("--authority-out", type=Path, metavar="FILE.pem", help="write the signing authority here")
    seal.set_defaults(run=seal_minutes)
    receipt = commands.add_parser("receipt", help="what a dissenter takes home: proof that the dissent was recorded")
    receipt.add_argument("meeting", metavar="MEETING", help="its reference or id")
    receipt.add_argument("dissent", metavar="DISSENT", help="its id, or 1 for the first that was raised")
    receipt.add_argument("-o", "--out", type=Path, required=True, metavar="FILE.json")
    receipt.set_defaults(run=give_receipt)
    compare = commands.add_parser("check-receipt", help="whether this store recorded what a receipt says")
    compare.add_argument("file", type=Path, metavar="RECEIPT.json")
    compare.set_defaults(run=check_receipt)
    for command in (bring_in, out, listing, minutes, seal, receipt, compare):
        which_store(command)
    demo = commands.add_parser("demo", help="the main job on a made-up sample, in a store that is then removed")
    demo.add_argument("--out", type=Path, required=True, metavar="DIR")
    demo.add_argument("--sample", choices=("short", "full"), default="full")
    demo.set_defaults(run=demonstrate)


def take_in(given: argparse.Namespace) -> Answer:
    """Take in a record."""
    from app.services.exchange import LARGEST, import_record
    from app.services.keeping import opened

    if given.file == "-":
        if sys.stdin is None:
            raise Stopped("There is nothing on standard input to read: name a file.")
        content = sys.stdin.buffer.read(LARGEST + 1)
    else:
        with opened(Path(given.file)) as file:
            content = file.read(LARGEST + 1)
    with sitting_of(given, writes=True) as sitting:
        meeting = import_record(sitting, content)
    values = {"reference": meeting.reference, "id": str(meeting.id), "state": meeting.state.value}
    return Answer((f"Meeting {meeting.reference} was taken in.",), values)


def give_out(given: argparse.Namespace) -> Answer:
    """Write a record."""
    from app.services.exchange import child_named, export_meeting
    from app.services.keeping import write_file
    from app.services.meetings import find
    from app.services.noting import given_out

    # first, so that the trail tells of nothing that did not leave
    if given.out == "-" and given.json:
        raise Stopped("The record itself is JSON: leave out --json, or name a file.")
    if given.out == "-" and sys.stdout is None:
        raise Stopped("Standard output is closed, so the record was not written: name a file.")
    with sitting_of(given) as sitting:
        meeting = find(sitting, given.meeting)
        child = child_named(sitting, meeting, given.child) if given.child is not None else None
        content = export_meeting(sitting, meeting, child)
        given_out(sitting, "record.exported", content, meeting=meeting)
    if given.out == "-":
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return Answer((), None)
    write_file(Path(given.out), content)
    return Answer((f"The record of {given.meeting} was written to {given.out}.",), {"file": given.out})


def list_all(given: argparse.Namespace) -> Answer:
    """List cases, meetings and their states."""
    from app.services.cases import list_cases
    from app.services.meetings import list_meetings

    with sitting_of(given) as sitting:
        cases, meetings = list_cases(sitting, limit=EVERY), list_meetings(sitting, limit=EVERY)
        pack = sitting.pack
        held = {case.id: [m for m in meetings if m.case_id == case.id] for case in cases}
        values = [
            {
                "case": case.reference,
                "children": len(case.children),
                "meetings": [
                    {"reference": m.reference, "id": str(m.id), "type": m.type_id, "state": m.state.value}
                    for m in held[case.id]
                ],
            }
            for case in cases
        ]
        lines = [
            line
            for case in cases
            for line in (
                f"{case.reference}: {len(case.children)} {'child' if len(case.children) == 1 else 'children'}",
                *(f"  {m.reference}  {m.type_id}  {pack.words('state', m.state.value)}" for m in held[case.id]),
            )
        ]
    return Answer(tuple(lines) or ("There are no cases in this store yet.",), {"cases": values})


def draw_minutes(given: argparse.Namespace) -> Answer:
    """Write the minutes as they stand."""
    from app.services.meetings import find
    from app.services.noting import give_out
    from app.services.sealing import minutes, sealed_versions

    with sitting_of(given) as sitting:
        meeting = find(sitting, given.meeting)
        pdf, sealed = minutes(sitting, meeting), bool(sealed_versions(sitting, meeting))
        give_out(sitting, "minutes.exported", given.out, pdf, meeting=meeting)
    what = "signed minutes" if sealed else "draft minutes, not signed,"
    return Answer((f"The {what} of {given.meeting} are in {given.out}.",), {"file": str(given.out), "sealed": sealed})


def seal_minutes(given: argparse.Namespace) -> Answer:
    """Sign and seal the minutes."""
    from app.services.meetings import find
    from app.services.noting import give_out
    from app.services.sealing import authority, introduce_chair, require_sealable, seal

    with sitting_of(given, writes=True) as sitting:
        meeting = find(sitting, given.meeting)
        require_sealable(sitting, meeting)
        introduce_chair(sitting, meeting)
        if given.authority_out:
            # first, while a bad name still keeps the minutes unsealed: a second try must remain possible
            give_out(sitting, "authority.exported", given.authority_out, authority(sitting), meeting=meeting)
        sealed = seal(sitting, meeting)
    values = {
        "meeting": given.meeting,
        "version": sealed.version,
        "signed_by": sealed.signed_by,
        "fingerprint": sealed.fingerprint,
        "sha256": sealed.sha256,
    }
    lines = (
        f"The minutes of {given.meeting}, version {sealed.version}, are signed by {sealed.signed_by} and sealed.",
        f"Fingerprint of the signer: {sealed.fingerprint}",
    )
    return Answer(lines, values)


def give_receipt(given: argparse.Namespace) -> Answer:
    """Write the receipt for a dissent."""
    from app.services.meetings import find, load
    from app.services.noting import give_out
    from app.services.receipts import GIVEN, dissents_of, of_dissent

    with sitting_of(given) as sitting:
        meeting = find(sitting, given.meeting)
        dissents = dissents_of(load(sitting, meeting))
        named = {name: one for number, one in enumerate(dissents, 1) for name in (str(number), str(one.id))}
        dissent = named.get(given.dissent)
        if dissent is None:
            raise Stopped(f"There is no such dissent in this meeting: give an id, or a number up to {len(dissents)}.")
        give_out(sitting, GIVEN, given.out, of_dissent(sitting, meeting, dissent.id), meeting=meeting)
    values = {"file": str(given.out), "dissent": str(dissent.id), "kind": dissent.kind.value}
    return Answer((f"The receipt for {dissent.dissenter.name} is in {given.out}.",), values)


def check_receipt(given: argparse.Namespace) -> Answer:
    """Hold a receipt against the trail of the store."""
    from app.services.keeping import TooLarge, read_file
    from app.services.receipts import is_of_this_store
    from app.services.verifying import LARGEST_RECEIPT, NotAReceipt

    try:
        content = read_file(given.file, LARGEST_RECEIPT)
        with sitting_of(given) as sitting:
            held = is_of_this_store(sitting, content)
    except (NotAReceipt, TooLarge) as error:
        raise Stopped(str(error) or "This file is far larger than a receipt is: check its name.") from None
    if held:
        return Answer(("The audit trail of this store holds what this receipt says was recorded.",), {"held": True})
    sentence = "The audit trail of this store does not hold what this receipt says: it is of another store, or changed."
    return Answer((sentence,), {"held": False}, 1)


def demonstrate(given: argparse.Namespace) -> Answer:
    """Play the sample."""
    from app.services.demonstrating import demonstrate as played

    shown = played(given.out, now, given.sample)
    names = {
        "minutes": str(shown.minutes),
        "record": str(shown.record),
        "authority": str(shown.authority),
        "report": str(shown.report),
    }
    lines = (
        f"The sample meeting was played, concluded, signed and sealed; its minutes are in {shown.minutes}.",
        shown.sentence,
        f"Record: {shown.record}. Signing authority: {shown.authority}. Verify report: {shown.report}.",
    )
    return Answer(lines, names | {"sentence": shown.sentence, "verify": shown.code}, 0 if shown.code == 0 else 1)
