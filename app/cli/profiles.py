"""The local rules that new meetings run under: shown, chosen and given up."""

import argparse
from pathlib import Path
from typing import Any

from app.cli.answer import Answer
from app.cli.stores import sitting_of, which_store


def add_to(commands: Any) -> None:
    """Add the command of this group."""
    rules = commands.add_parser("local-rules", help="the local rules that new meetings run under")
    either = rules.add_mutually_exclusive_group()
    either.add_argument("--use", type=Path, metavar="DIR", help="use the profile in this folder from now on")
    either.add_argument("--give-up", action="store_true", help="go back to the national rules")
    which_store(rules)
    rules.set_defaults(run=choose)


def choose(given: argparse.Namespace) -> Answer:
    """Choose or give up local rules where that is asked for, and say which are in force and what they change."""
    from app.services import profiling

    # first, so that a folder which is no profile opens no store
    offer = profiling.look(given.use) if given.use is not None else None
    with sitting_of(given, writes=offer is not None or given.give_up) as sitting:
        if offer is not None:
            profiling.use(sitting, offer)
        elif given.give_up:
            profiling.give_up(sitting)
        profile, trouble = sitting.pack.profile, sitting.rules_trouble
    if profile is None:
        return Answer(("New meetings run under the national rules alone.",), {"profile": None})
    lines = [f"New meetings run under {profile.label}, version {profile.version} ({profile.partnership})."]
    lines += [f"{one.label}: {one.local}, nationally {one.national} ({one.stance}). {one.why_looser}".strip()
              for one in profile.differences]  # fmt: skip
    return Answer((*lines, *filter(None, [trouble])), {"profile": profile.model_dump(mode="json")})
