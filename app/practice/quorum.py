"""Whether a meeting is quorate, live through arrivals and departures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.models.attendance import Attendance, Capacity
from app.models.meeting import Meeting
from app.practice.hearing import is_counted
from app.practice.pack import MeetingType, Pack, Post, QuorumRule, Several
from app.practice.words import clock, listed

# those who do not take part for their agency cannot make a quorum; the chair does (reference: domain, B1)
MAKES_QUORUM = frozenset({Capacity.PRACTITIONER, Capacity.CHAIR})


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class Missing:
    """Who the quorum needs and who is not in the meeting; ``left_at`` where they were.

    ``sector`` is a kind of agency; ``several-1`` where a number of other agencies is needed, ``post-1`` for a role.
    """

    sector: str
    label: str
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quorum:
    """The quorum at one moment: who is there that makes it, and who is missing; ``label`` is that of its rule."""

    present: tuple[str, ...]
    missing: tuple[Missing, ...]
    label: str = ""

    @property
    def quorate(self) -> bool:
        """Whether nobody is missing."""
        return not self.missing

    @property
    def words(self) -> str:
        """The state in words, with who is missing and since when."""
        if self.quorate:
            return f"Quorate: {listed(self.present)}" if self.present else self.label
        return "Not quorate: " + ", ".join(
            f"{m.label} left {clock(m.left_at)}" if m.left_at else f"{m.label} not here" for m in self.missing
        )


def quorum(meeting: Meeting, meeting_type: MeetingType, pack: Pack, at: datetime) -> Quorum:
    """Return the quorum of ``meeting`` at ``at`` under the rule of its type."""
    return quorum_of(meeting.attendances, meeting_type.quorum, pack, at)


def quorum_of(attendances: list[Attendance], rule: QuorumRule, pack: Pack, at: datetime) -> Quorum:
    """Return who a rule needs that is present among ``attendances`` at ``at``, and who is missing since when."""
    ends = {a.id: [p.left_at for p in a.presences if p.left_at is not None and p.left_at <= at] for a in attendances}
    here = [a for a in attendances if a.present_at(at)]
    return _made_by(here, attendances, rule, pack, {a: max(times, default=None) for a, times in ends.items()})


def quorum_among(people: list[Attendance], rule: QuorumRule, pack: Pack) -> Quorum:
    """Return what the quorum would be if all of ``people`` were there, and nobody else."""
    return _made_by(people, people, rule, pack, {})


def _made_by(
    here: list[Attendance],
    attendances: list[Attendance],
    rule: QuorumRule,
    pack: Pack,
    left_at: Mapping[UUID, datetime | None],
) -> Quorum:
    def left(able: Iterable[Attendance]) -> datetime | None:
        return max((end for a in able if a not in here and (end := left_at.get(a.id))), default=None)

    present: list[str] = []
    missing: list[Missing] = []
    for need in rule.all_of:
        label = kind_label(need, pack)
        if makers(here, need, pack):
            present.append(label)
        else:
            missing.append(Missing(need, label, left(makers(attendances, need, pack))))
    for place, several in enumerate(rule.several, 1):
        there = _spare(others(here, rule, several, pack), here, rule, pack)
        present += [unit.label for unit in there]
        if len(there) < several.count:
            able = [a for unit in others(attendances, rule, several, pack) for a in unit.people]
            missing.append(Missing(f"several-{place}", _lacking(several, len(there)), left(able)))
    held = holders(here, rule, pack)
    for place, post in enumerate(rule.posts):
        if place in held:
            present.append(f"{post.label} ({held[place].name})")
        else:
            able = [a for a in attendances if _can_hold(a, post, pack)]
            missing.append(Missing(f"post-{place + 1}", post.label, left(able)))
    return Quorum(tuple(present), tuple(missing), rule.label)


def makers(attendances: list[Attendance], need: str, pack: Pack) -> list[Attendance]:
    """Return who can make the quorum for a kind of agency."""
    return [a for a in attendances if a.capacity in MAKES_QUORUM and need in stands_for(a, pack)]


def holders(people: list[Attendance], rule: QuorumRule, pack: Pack) -> dict[int, Attendance]:
    """Return who can stand for each post of a rule, by its place from nought; nobody stands for two.

    As many posts are filled as can be: somebody who could hold either of two makes room for another.
    """
    held: dict[int, Attendance] = {}

    def seated(place: int, asked: set[UUID]) -> bool:
        for person in people:
            if person.id in asked or not _can_hold(person, rule.posts[place], pack):
                continue
            asked.add(person.id)
            other = next((taken for taken, holder in held.items() if holder is person), None)
            if other is None or seated(other, asked):
                held[place] = person
                return True
        return False

    for place in range(len(rule.posts)):
        seated(place, set())
    return held


def _can_hold(attendance: Attendance, post: Post, pack: Pack) -> bool:
    if attendance.agency is None or attendance.capacity not in MAKES_QUORUM:
        return False
    return attendance.role in post.roles or bool(stands_for(attendance, pack) & set(post.of))


@dataclass(frozen=True, slots=True)
class Other:
    """One of a number of other agencies, or a role that counts ``apart`` as one, with those who sit for it."""

    label: str
    people: tuple[Attendance, ...]
    apart: bool


def others(attendances: list[Attendance], rule: QuorumRule, several: Several, pack: Pack) -> list[Other]:
    """Return the agencies that can make up a number of others: each once, and once for each role that counts apart.

    An agency of a kind that the rule names by itself is no other one; somebody whose role counts apart may be.
    """
    seats: dict[tuple[UUID, str], list[Attendance]] = {}
    labels: dict[tuple[UUID, str], str] = {}
    for attendance in attendances:
        agency, kinds = attendance.agency, stands_for(attendance, pack)
        if agency is None or not is_counted(attendance, pack):
            continue
        role = attendance.role if attendance.role in several.separately else ""
        if (not several.of or kinds & set(several.of)) and (role or not kinds & set(rule.all_of)):
            seats.setdefault((agency.id, role), []).append(attendance)
            labels[agency.id, role] = pack.role_label(agency.sector, role) if role else agency.label
    return [Other(labels[key], tuple(people), bool(key[1])) for key, people in seats.items()]


def _spare(units: list[Other], here: list[Attendance], rule: QuorumRule, pack: Pack) -> list[Other]:
    """Return the other agencies without one that alone makes the quorum for a kind which the rule names."""
    spare = list(units)
    for need in rule.all_of:
        able = makers(here, need, pack)
        only = [unit for unit in spare if unit.apart and any(a in able for a in unit.people)]
        if only and all(any(a in unit.people for unit in only) for a in able):
            spare.remove(only[0])
    return spare


def _lacking(several: Several, there: int) -> str:
    if not there:
        return several.label
    number = several.count - there
    return f"{_NUMBERS[number] if number < len(_NUMBERS) else number} of {several.label}"


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


def lost_since(meeting: Meeting, meeting_type: MeetingType, pack: Pack, now: datetime) -> datetime | None:
    """Return since when the meeting has had no quorum, whoever was missing meanwhile; None where it has one."""
    if quorum(meeting, meeting_type, pack, now).quorate:
        return None
    since = now
    for begin, end, _ in reversed(inquorate_spells(meeting, meeting_type, pack, now)):
        if end != since:
            break
        since = begin
    return since
