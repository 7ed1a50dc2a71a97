"""Whether a meeting is quorate, live through arrivals and departures."""

from dataclasses import dataclass
from datetime import datetime

from app.models.attendance import Attendance, Capacity
from app.models.meeting import Meeting
from app.practice.pack import MeetingType, Pack, QuorumRule
from app.practice.words import clock, listed

# those who do not take part for their agency cannot make a quorum; the chair does (reference: domain, B1)
MAKES_QUORUM = frozenset({Capacity.PRACTITIONER, Capacity.CHAIR})


@dataclass(frozen=True, slots=True)
class Missing:
    """A kind of agency that the quorum needs and that is not in the meeting; ``left_at`` where it was."""

    sector: str
    label: str
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quorum:
    """The quorum at one moment: which kinds of agency are there, and which are missing."""

    present: tuple[str, ...]
    missing: tuple[Missing, ...]

    @property
    def quorate(self) -> bool:
        """Whether nobody is missing."""
        return not self.missing

    @property
    def words(self) -> str:
        """The state in words, with who is missing and since when."""
        if self.quorate:
            return f"Quorate: {listed(self.present)}"
        return "Not quorate: " + ", ".join(
            f"{m.label} left {clock(m.left_at)}" if m.left_at else f"{m.label} not here" for m in self.missing
        )


def quorum(meeting: Meeting, meeting_type: MeetingType, pack: Pack, at: datetime) -> Quorum:
    """Return the quorum of ``meeting`` at ``at`` under the rule of its type."""
    return quorum_of(meeting.attendances, meeting_type.quorum, pack, at)


def quorum_of(attendances: list[Attendance], rule: QuorumRule, pack: Pack, at: datetime) -> Quorum:
    """Return which of the sectors a rule needs are present among ``attendances`` at ``at``."""
    present: list[str] = []
    missing: list[Missing] = []
    for need in rule.all_of:
        able = [a for a in attendances if a.capacity in MAKES_QUORUM and need in stands_for(a, pack)]
        label = kind_label(need, pack)
        if any(a.present_at(at) for a in able):
            present.append(label)
            continue
        ends = [p.left_at for a in able for p in a.presences if p.left_at is not None and p.left_at <= at]
        missing.append(Missing(need, label, max(ends, default=None)))
    return Quorum(tuple(present), tuple(missing))


def kind_label(need: str, pack: Pack) -> str:
    """Return what a kind of agency in a quorum is called: a sector's short name, or the wording's word for it."""
    sector = pack.sector(need)
    return sector.short if sector else pack.words("agency_kinds", need)


def stands_for(attendance: Attendance, pack: Pack) -> frozenset[str]:
    """Return the kinds of agency somebody can make a quorum for."""
    if attendance.agency is None:
        return frozenset()
    sector = pack.sector(attendance.agency.sector)
    return sector.kinds if sector else frozenset({attendance.agency.sector})


def inquorate_spells(
    meeting: Meeting, meeting_type: MeetingType, pack: Pack, until: datetime
) -> list[tuple[datetime, datetime, Quorum]]:
    """Return each stretch of the meeting without a quorum, from when to when, and who was missing."""
    if meeting.started_at is None:
        return []
    presences = [p for a in meeting.attendances for p in a.presences]
    moments = {meeting.started_at, *(p.arrived_at for p in presences), *(p.left_at for p in presences if p.left_at)}
    marks = sorted(m for m in moments if meeting.started_at <= m < until)
    ends = [*marks[1:], until] if marks else []
    spells: list[tuple[datetime, datetime, Quorum]] = []
    for begin, end in zip(marks, ends, strict=True):
        state = quorum(meeting, meeting_type, pack, begin)
        if state.quorate or begin == end:
            continue
        if spells and spells[-1][1] == begin and spells[-1][2].missing == state.missing:
            spells[-1] = (spells[-1][0], end, state)
        else:
            spells.append((begin, end, state))
    return spells
