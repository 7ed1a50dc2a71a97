"""What the case page says about keeping a case, and about what is left once it was disposed of. No Qt."""

from collections.abc import Mapping
from typing import Any

from app.practice.words import counted, day, moment
from app.services.disposing import Remaining
from app.services.retaining import Keeping

_MEANING = (
    "Disposing takes case {reference} out of this store for good: its children, family, meetings, minutes, and what "
    "the trail recorded of them. It cannot be undone. The trail keeps that it happened, and a certificate that names "
    "nobody of the family."
)
_TABLES = {
    "case_file": ("case", "cases"),
    "child": ("child", "children"),
    "person": ("person of the family or network", "people of the family or network"),
    "meeting": ("meeting", "meetings"),
    "minutes": ("sealed version of minutes", "sealed versions of minutes"),
    "statement": ("statement", "statements"),
    "decision": ("decision", "decisions"),
    "dissent": ("dissent or reservation", "dissents or reservations"),
    "deadline": ("date", "dates"),
}


def standing(keeping: Keeping) -> list[str]:
    """Return how the case is kept, one sentence or two to a line."""
    lines = [f"Closed on {day(keeping.closed_on)}." if keeping.closed_on else "Not closed."]
    if keeping.kept.until is not None:
        lines.append(f"Keep until {day(keeping.kept.until)}. {keeping.kept.because}")
    elif keeping.closed_on:
        lines.append(f"Keep until: not known. {keeping.kept.because}")
    for hold in keeping.holds:
        if hold.lifted_at is None:
            lines.append(f"On hold since {day(hold.placed_at)}, placed by {hold.placed_by}: {_ended(hold.reason)}")
        else:
            lifted = f"lifted on {day(hold.lifted_at)} by {hold.lifted_by}: {_ended(hold.lifted_reason)}"
            placed = f"Hold of {day(hold.placed_at)}, placed by {hold.placed_by}: {_ended(hold.reason)}"
            lines.append(f"{placed} It was {lifted}")
    return lines


def before_disposal(keeping: Keeping, remaining: Remaining) -> str:
    """Return what disposing does, and what copies remain, before anything is done."""
    lines = [_MEANING.format(reference=keeping.case.reference)]
    if remaining.backups:
        names = "; ".join(f"{one.path.name}, made on {moment(one.made)}" for one in remaining.backups)
        count = counted(len(remaining.backups), "backup")
        lines.append(f"Still in {count}, until {day(remaining.until)} at the latest: {names}.")
    else:
        lines.append("No backup beside the store holds the case.")
    if remaining.second_folder:
        lines.append("The second folder for backups may hold it as well, for as long.")
    given = [f"{one.at[:10]} ({one.kind.replace('.', ', ')})" for one in remaining.given_out]
    if given:
        lines.append(f"Files were given out on: {'; '.join(given)}.")
    return "\n\n".join((*lines, "What nobody can know here: " + " ".join(remaining.not_known)))


def after_disposal(certificate: Mapping[str, Any], trouble: str) -> str:
    """Return what the certificate says, for people."""
    deleted: Mapping[str, int] = certificate["deleted"]
    named = [counted(deleted[table], *words) for table, words in _TABLES.items() if deleted.get(table)]
    rest = sum(count for table, count in deleted.items() if table not in _TABLES)
    before, after = (certificate["trail"][when]["entry"] for when in ("before", "after"))
    taken = counted(certificate["trail"]["entries_taken"], "entry", "entries")
    who, reason = certificate["disposed_by"], _ended(certificate["reason"])
    lines = [
        f"Case {certificate['reference']} was disposed of by {who}. {reason}",
        f"Deleted: {', '.join(named)}, and {counted(rest, 'other row')}.",
        f"The trail holds: entry {before} before, entry {after} for the disposal; what {taken} recorded is gone.",
    ]
    backups = certificate["remain"]["backups"]
    if backups:
        lines.append(f"Still in {counted(len(backups), 'backup')}: {'; '.join(one['file'] for one in backups)}.")
    return "\n\n".join((*lines, *([trouble] if trouble else [])))


def _ended(words: str) -> str:
    """Return what somebody typed as a whole sentence."""
    return words if words.endswith((".", "!", "?")) else f"{words}."
