"""What a search says it found; no Qt."""

from app.practice.words import counted, day
from app.services.searching import Findings, Found


def summary(found: Findings) -> str:
    """Return how many records hold the words, and how many of them are shown."""
    if not found.of:
        return (
            "Nothing that was written holds all these words. Try fewer of them, or only the beginning of a word; "
            "words of a case that was disposed of are not there any more."
        )
    if found.of > len(found.newest):
        return (
            f"{counted(found.of, 'record holds', 'records hold')} these words; these are the {len(found.newest)} "
            "newest. One more word makes them fewer."
        )
    return f"{counted(found.of, 'record holds', 'records hold')} these words, the newest first."


def line_of(one: Found) -> str:
    """Return a record as one row: what it is, who said it about whom, when and where, and the words around it."""
    what = f"{one.label}, {one.who}" if one.who else one.label
    about = f", about {one.child}" if one.child else ""
    restricted = " (restricted)" if one.restricted else ""
    where = f"{one.case}, {one.meeting}" if one.meeting else one.case
    return f"{what}{about}{restricted}, {day(one.on)}, {where}: {one.around}"
