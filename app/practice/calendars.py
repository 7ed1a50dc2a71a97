"""The working days of a pack."""

from app.practice.pack import Pack
from app.practice.working_days import WorkingCalendar, england


def calendar_of(pack: Pack) -> WorkingCalendar:
    """Return the working days a pack knows: the library's list with the pack's own table laid over it."""
    table = pack.calendar
    version = f"{pack.id} {pack.version}"
    return england(table.first, table.last, version, closures=table.added, withdrawn=table.removed)
