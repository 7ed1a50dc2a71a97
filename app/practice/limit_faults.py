"""Whether each time limit of a pack can be counted: whether what starts it can ever happen."""

from collections.abc import Iterator
from typing import Final

from app.practice.catalogue import Sooner, TimeLimit
from app.practice.contents import Contents, PackFinding, repeated

_IN_A_MEETING: Final = frozenset({"meeting-started", "meeting-concluded", "before-meeting", "decision"})
_SHOWN: Final = {"gestation-weeks": ("expected", "elsewhere"), "clock-time": ("before-meeting", "elsewhere")}


def limit_faults(contents: Contents) -> Iterator[PackFinding]:
    """Give what is wrong with the time limits of a pack."""
    limits = contents.time_limits or ()
    yield from repeated("limits.toml", "limits", "id", [limit.id for limit in limits])
    named = _named(contents)
    sectors = {name for sector in contents.sectors or () for name in (sector.id, *sector.counts_as)}
    for place, limit in enumerate(limits, 1):
        key = f"limits[{place}]"
        for name, reason in (*_figure_faults(limit), *_start_faults(limit), *_asked_faults(limit, sectors)):
            yield PackFinding("limits.toml", None, f"{key}.{name}", reason)
        if limit.starts in _IN_A_MEETING and limit.id not in named and contents.meetings and contents.every_meeting:
            reason = f'can never start: no meeting type names "{limit.id}"'
            yield PackFinding("limits.toml", None, f"{key}.starts", reason)


def _named(contents: Contents) -> set[str]:
    """Return the limits that a meeting can set running."""
    names: set[str] = set()
    for _, meeting in contents.meetings:
        names |= {*meeting.time_limits, meeting.quorum.if_inquorate.reconvene_limit}
        if meeting.follow_up:
            names.add(meeting.follow_up.limit)
    return names


def _figure_faults(limit: TimeLimit) -> Iterator[tuple[str, str]]:
    if (limit.unit == "clock-time") != (limit.clock is not None):
        yield "clock", "is needed for the unit clock-time, and for no other"
    if limit.at_most is not None and limit.at_most < limit.count:
        yield "at_most", "must not be less than count"


def _asked_faults(limit: TimeLimit, known: set[str]) -> Iterator[tuple[str, str]]:
    for name in limit.asked_of:
        if name not in known:
            yield "asked_of", f'names "{name}", which is neither a sector nor a kind of sectors'
    if limit.asks_for and limit.starts != "before-meeting":
        yield "asks_for", "is for a limit counted back from a meeting"


def _start_faults(limit: TimeLimit) -> Iterator[tuple[str, str]]:
    if limit.unit in _SHOWN and limit.starts not in _SHOWN[limit.unit]:
        yield "starts", f"must be {' or '.join(_SHOWN[limit.unit])} for a limit in {limit.unit}"
    if limit.starts == "decision" and not limit.when:
        yield "when", "is missing: a limit that starts with a decision must say with which"
    if limit.starts == "before-meeting" and limit.direction != "before":
        yield "direction", "must be before: the limit is counted back from the meeting"
    if limit.alone and limit.starts != "event":
        yield "alone", f"is for a limit that starts with an event; this one starts with {limit.starts}"
    yield from _event_faults("", limit)
    if limit.or_sooner is None:
        return
    yield from _event_faults("or_sooner.", limit.or_sooner)
    if limit.or_sooner.starts == "decision" and not limit.when:
        yield "when", "is missing: a limit that starts with a decision must say with which"


def _event_faults(prefix: str, start: TimeLimit | Sooner) -> Iterator[tuple[str, str]]:
    if start.starts == "event" and not start.event:
        yield f"{prefix}event", "is missing: a limit that starts with an event must say with which"
    if start.starts != "event" and start.event:
        yield f"{prefix}event", f"is for a limit that starts with an event; this one starts with {start.starts}"
