"""Commands about the audit trail: who has done what with a case, and taking a store as the newest one."""

import argparse
from typing import Any

from app.cli.answer import COULD_NOT, DONE, Answer
from app.cli.stores import sitting_of, which_store


def add_to(commands: Any) -> None:
    """Add the commands of this group."""
    trail = commands.add_parser("trail", help="who has done what with a case, the newest first")
    trail.add_argument("case", metavar="CASE", help="its reference or id")
    trail.set_defaults(run=tell_trail)
    accept = commands.add_parser("accept-store", help="take the store as the newest one, after a backup was put back")
    accept.set_defaults(run=accept_store)
    for command in (trail, accept):
        which_store(command)


def tell_trail(given: argparse.Namespace) -> Answer:
    """Tell the trail of one case, and whether the chain holds."""
    from app.services import trailing

    with sitting_of(given) as sitting:
        case_id, reference = trailing.find_case(sitting, given.case)
        entries, holds = trailing.look_at(sitting, case_id)
        text = trailing.as_text(reference, entries, holds, sitting.now()).decode()
    values = {
        "case": reference,
        "entries": [
            {
                "seq": one.seq, "at": one.at.isoformat(), "who": one.who, "act": one.kind, "words": one.words,
                "meeting": one.meeting, "group": one.group.value, "remark": one.remark,
            }
            for one in entries
        ],
        "chain": {"entries": holds.entries, "breaks": list(holds.breaks), "sentence": holds.sentence},
    }  # fmt: skip
    return Answer(tuple(text.splitlines()), values, COULD_NOT if holds.breaks else DONE)


def accept_store(given: argparse.Namespace) -> Answer:
    """Take the store as the newest one."""
    from app.services.noting import accept_as_it_is

    with sitting_of(given) as sitting:
        accept_as_it_is(sitting)
        entries = sitting.store.end.seq
    return Answer((f"The store is taken as the newest one, with {entries:,} entries.",), {"entries": entries})
