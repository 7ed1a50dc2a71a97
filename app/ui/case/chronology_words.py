"""What the chronology shows and asks; no Qt."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.models.case import Child
from app.models.event import EventKind
from app.practice.children import in_full
from app.practice.forecast import when_said
from app.practice.pack import Pack
from app.services.chronology import Happened
from app.ui.kit.asked import Asked, Kind


def line_of(one: Happened, pack: Pack, named: Mapping[UUID, str]) -> str:
    """Return what happened as one row, with who says so; ``named`` is what each child of the case is called."""
    about = f", {named[one.child.id]}" if one.child else ""
    alone = {True: " Seen alone.", False: " Not seen alone.", None: ""}[one.alone]
    source = f" Source: {one.source}." if one.source else ""
    return f"{when_said(one.when)}: {pack.words('event', one.kind)}{about}. {one.text}{alone}{source}"


def asked(children: Sequence[Child], pack: Pack) -> list[Asked]:
    """Return what is asked about something that happened."""
    who: list[tuple[UUID | None, str]] = [(None, "All children, or the family"), *in_full(children).items()]
    return [
        Asked("kind", "What it was", Kind.CHOICE, choices=[(kind, pack.words("event", kind)) for kind in EventKind]),
        Asked("child", "Which child", Kind.CHOICE, choices=who),
        Asked("day", "Day", hint="For example 3.3.2027, or today."),
        Asked("hour", "Time, where it matters", hint="For example 14:30. Police protection is counted in hours."),
        Asked("text", "What happened", Kind.WORDS),
        Asked("source", "Who says so"),
        Asked(
            "alone", "For a visit: was the child seen alone?", Kind.CHOICE,
            choices=[(None, "Not recorded"), (True, "Yes"), (False, "No")],
        ),
        Asked("name", "The child's name from now on", hint="For a birth or a change of name; the earlier one is kept."),
    ]  # fmt: skip
