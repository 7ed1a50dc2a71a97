"""What the settings and the ruler for working days say. No Qt."""

from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version

from app.practice.limits import CannotCount, Unit
from app.practice.words import counted, day, legal_day
from app.practice.working_days import CalendarTooShort
from app.services import counting
from app.services.opening import signer
from app.services.sitting import Sitting
from app.ui.kit.days import NoSuchDay, read_day

UNITS = (
    (Unit.WORKING_DAYS, "working days"),
    (Unit.DAYS, "days"),
    (Unit.WEEKS, "weeks"),
    (Unit.MONTHS, "months"),
)
_ONE = {unit: words.removesuffix("s") for unit, words in UNITS}
_MOST_FIGURES = 6


@dataclass(frozen=True, slots=True)
class Measured:
    """What the ruler says: the answer and why, or what is wrong with the day or the number."""

    answer: str = ""
    because: str = ""
    wrong_day: str = ""
    wrong_number: str = ""


def measure(start_words: str, number_words: str, unit: Unit, today: date) -> Measured:
    """Return the due date counted from what was typed, or what is wrong with it."""
    if not start_words.strip() or not number_words.strip():
        return Measured()
    try:
        start = read_day(start_words, today)
    except NoSuchDay as wrong:
        return Measured(wrong_day=str(wrong))
    text = number_words.strip().replace("\N{MINUS SIGN}", "-")
    if not text.removeprefix("-").isdecimal() or len(text) > _MOST_FIGURES:
        return Measured(wrong_number="Write a whole number, such as 15; a number such as -5 counts back.")
    number = int(text)
    try:
        due = counting.count(start, number, unit)
    except (CalendarTooShort, CannotCount) as unknown:
        return Measured(wrong_number=str(unknown))
    length = counted(abs(number), _ONE[unit])
    way = "from" if number >= 0 else "back from"
    end = legal_day(due.at) if isinstance(due.at, datetime) else due.at
    return Measured(f"{length} {way} {day(start)} is {day(end)}.", due.because)


@dataclass(frozen=True, slots=True)
class Person:
    """Who signs here; empty where nobody does yet."""

    name: str = ""
    role: str = ""
    organisation: str = ""
    fingerprint: str = ""
    made: str = ""


def person(sitting: Sitting) -> Person:
    """Return who signs here."""
    known = signer(sitting)
    if known is None:
        return Person()
    return Person(known.name, known.role, known.organisation, known.fingerprint, day(known.made_at))


def about(sitting: Sitting) -> list[str]:
    """Return what this program and its pack are."""
    pack = sitting.pack
    try:
        number = version("chairside")
    except PackageNotFoundError:
        number = "from source"
    days = pack.calendar
    return [
        f"Chairside {number}.",
        f"Pack: {pack.label}, version {pack.version}, reviewed on {day(pack.reviewed)}.",
        f"Bank holidays known from {day(days.first)} to {day(days.last)}, reviewed on {day(days.reviewed)}.",
        f"The pack's rules rest on {counted(len(pack.sources), 'source')}; each rule names its own.",
    ]


def local_rules(sitting: Sitting) -> str:
    """Return whose local rules new meetings run under."""
    profile = sitting.pack.profile
    if profile is None:
        return "New meetings run under the national rules. Your partnership may have rules of its own."
    return f"New meetings run under {profile.label}, version {profile.version}, reviewed on {day(profile.reviewed)}."


def sources(sitting: Sitting) -> list[tuple[str, str]]:
    """Return each source of the pack: its key, and what it is."""
    standing = {"read": "", "not-read": ", not read in full", "own": ", our own"}
    return [(s.key, f"{s.key}: {s.title}{standing[s.standing]}") for s in sitting.pack.sources]
