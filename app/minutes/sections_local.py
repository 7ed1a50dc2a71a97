"""The part of the minutes about local rules: whose they are, and each that asks for less than the national one."""

from collections.abc import Iterator

from app.minutes.document import Block, Heading, Listing, Text, TextRole
from app.minutes.sections import Material, lines, note
from app.practice import words
from app.practice.local import Difference, Stance
from app.practice.profiles import concerning


def looser_rules(m: Material) -> Iterator[Block]:
    """Yield the warning that local rules asked for less than the national ones, with each of them and its reason."""
    looser = [one for one in concerning(m.pack, m.meeting_type) if one.stance is Stance.LOOSER]
    if looser:
        yield Text(m.said("local_looser"), TextRole.WARNING)
        yield Listing(tuple(_with_reason(m, one) for one in looser))


def local_rules(m: Material) -> Iterator[Block]:
    """Yield whose local rules the meeting ran under, the looser ones with their reasons, and the others."""
    profile = m.pack.profile
    if profile is None:
        return
    yield Heading(2, m.said("local_rules"))
    reviewed = m.labelled("reviewed", words.day(profile.reviewed))
    yield Text(f"{m.said('local_under')} {profile.label}, {profile.version} ({profile.partnership}). {reviewed}.")
    if m.meeting_type.id in profile.adds:
        yield Text(m.said("local_type"))
    found = [one for one in concerning(m.pack, m.meeting_type) if one.stance is not Stance.SAME]
    looser = [one for one in found if one.stance is Stance.LOOSER]
    yield Text(m.said("local_looser" if looser else "local_none_looser"))
    if looser:
        yield Listing(tuple(f"{_line(m, one)} {m.labelled('local_why', one.why_looser)}" for one in looser))
    yield from note(lines(*(_line(m, one) for one in found if one not in looser)))


def _with_reason(m: Material, one: Difference) -> str:
    nationally = m.labelled("local_nationally", one.national)
    return f"{one.label}: {one.local}. {nationally}. {m.labelled('local_why', one.why_looser)}"


def _line(m: Material, one: Difference) -> str:
    nationally = m.labelled("local_nationally", one.national)
    where = f"{m.said(f'authority.{one.authority}')}; {', '.join(one.source)}"
    reviewed = m.labelled("reviewed", words.day(one.reviewed))
    return f"{one.label}: {one.local}. {nationally}. ({where}; {reviewed}.)"
