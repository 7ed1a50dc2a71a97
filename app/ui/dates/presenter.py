"""What the page of all dates shows: those of one group, with the words that were asked for. No Qt."""

from collections.abc import Sequence

from app.services.diary import Dated, Group


def shown(found: Sequence[Dated], groups: frozenset[Group], words: str) -> list[Dated]:
    """Return the dates in these groups that hold all of ``words``: of the case, the child or what is due."""
    wanted = words.casefold().split()
    return [
        one
        for one in found
        if one.group in groups
        and all(word in f"{one.reference} {one.child} {one.label}".casefold() for word in wanted)
    ]  # fmt: skip


def summary(found: Sequence[Dated]) -> str:
    """Return how many dates there are of each kind, in one sentence; what to do next where there are none."""
    if not found:
        return (
            "No date is running yet. Dates start when a meeting is concluded, or when something that starts a clock "
            "is recorded in the chronology of a case."
        )
    count = {group: sum(one.group is group for one in found) for group in Group}
    return (
        f"{count[Group.LATE]:,} late, {count[Group.SOON]:,} in the next 14 days, {count[Group.LATER]:,} later, "
        f"{count[Group.DONE]:,} done or not needed any more."
    )
