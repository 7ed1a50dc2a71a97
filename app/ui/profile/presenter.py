"""What the page about local rules says. No Qt."""

from collections.abc import Iterable
from datetime import date

from app.practice.local import Difference, Profile, Stance
from app.practice.pack import Pack
from app.practice.words import counted, day, listed
from app.services import profiling

STANCES = {
    Stance.LOOSER: "Looser than nationally",
    Stance.STRICTER: "Stricter than nationally",
    Stance.WORDS: "Worded otherwise",
    Stance.SAME: "As nationally",
}


def in_force(pack: Pack) -> str:
    """Return which rules new meetings run under."""
    if pack.profile is None:
        return (
            f"New meetings run under the national rules: {pack.label}, version {pack.version}. No local rules are used."
        )
    return f"New meetings run under {_whose(pack.profile)}, over {pack.label}, version {pack.version}."


def looked_at(profile: Profile) -> str:
    """Return whose rules are shown, which pack they change, and how many of them are looser."""
    looser = len(profile.looser)
    told = [f"{_whose(profile)}. It sets {counted(len(profile.differences), 'rule')} of the national pack."]
    told += (
        [f"{looser} of them {'asks' if looser == 1 else 'ask'} for less, which the minutes print."] if looser else []
    )
    told += [f"It adds {counted(len(profile.adds), 'type of meeting', 'types of meeting')}."] if profile.adds else []
    keeping = profile.keeping
    told += [f"Minutes are then marked {keeping.marking}."] if keeping.marking else []
    told += [f"Cases are then kept by the rule: {keeping.policy}."] if keeping.rule else []
    return " ".join(told)


def rows(pack: Pack, only: Iterable[Difference] | None = None) -> list[tuple[str, str]]:
    """Return each local rule of a pack, or ``only`` some: its id, and what it says beside the national one and why."""
    profile = pack.profile
    if profile is None:
        return []
    titles = {source.key: source.title for source in pack.sources}
    labels = {kind.id: kind.label for kind in pack.meeting_types}
    shown = profile.differences if only is None else tuple(only)
    told = [(one.rule, row(one, pack, titles, labels)) for one in shown]
    if only is None:
        told += [(name, f"{labels[name]}: a type of meeting of its own.") for name in profile.adds]
    return told


def review(profile: Profile, today: date) -> tuple[str, list[Difference]]:
    """Return whether anything is past its review, in words, and the rules that are."""
    late = profiling.overdue(profile, today)
    whole = profiling.is_overdue(profile, today)
    if not late and not whole:
        return "Every local rule was reviewed within the last year.", []
    told = (
        [f"The profile as a whole was last reviewed on {day(profile.reviewed)}, more than a year ago."] if whole else []
    )
    if late:
        are = "was" if len(late) == 1 else "were"
        told.append(
            f"{counted(len(late), 'rule')} {are} last reviewed more than a year ago: look at the sources again."
        )
    return " ".join(told), late


def row(one: Difference, pack: Pack, titles: dict[str, str], labels: dict[str, str]) -> str:
    """Return a local rule beside the national one, why it is looser, how binding it is, and where it comes from."""
    held = f" ({listed([labels.get(name, name) for name in one.meeting_types])})" if one.meeting_types else ""
    parts = [f"{one.label}{held}: {one.local}. Nationally: {one.national}.", f"{STANCES[one.stance]}."]
    parts += [f"Why: {one.why_looser}"] if one.why_looser else []
    parts += [f"How binding: {pack.words('minutes', f'authority.{one.authority}')}."]
    parts += [f"Source: {'; '.join(titles.get(key, key) for key in one.source)}. Reviewed on {day(one.reviewed)}."]
    return " ".join([*parts, one.note] if one.note else parts)


def _whose(profile: Profile) -> str:
    return f"{profile.label}, version {profile.version}, of {profile.partnership}, reviewed on {day(profile.reviewed)}"
