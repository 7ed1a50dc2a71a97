"""What a line typed into the meeting means: who speaks, which command, about whom, owned by whom, due when."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from enum import StrEnum
from uuid import UUID

from app.ui.kit.days import NoSuchDay, looks_like_day, read_day


class Command(StrEnum):
    """What can be asked for after a slash at the start of the line."""

    FACT = "fact"
    OBSERVATION = "observation"
    ALLEGATION = "allegation"
    OPINION = "opinion"
    GAP = "gap"
    ANSWER = "answer"
    VIEW = "view"
    DECISION = "decision"
    DISSENT = "dissent"
    RESERVATION = "reservation"
    ACTION = "action"
    RESTRICTED = "restricted"
    ARRIVED = "arrived"
    LEFT = "left"
    SUBSTITUTE = "substitute"
    JOIN = "join"
    AUTHORITY = "authority"
    ITEM = "item"
    CHILD = "child"
    SOURCE = "source"
    READ = "read"
    NEXT = "next"
    UNDO = "undo"
    REDO = "redo"
    CLOSE = "close"


KINDS = (Command.FACT, Command.OBSERVATION, Command.ALLEGATION, Command.OPINION)
# what needs nothing after it, so that taking it from the list does it at once
AT_ONCE = (
    Command.VIEW, Command.DECISION, Command.DISSENT, Command.RESERVATION, Command.READ, Command.NEXT, Command.UNDO,
    Command.REDO, Command.CLOSE,
)  # fmt: skip
_MENTION = re.compile(r"(?:(?<=\s)|^)@([^\s@]+)")
_NUMBERED = re.compile(r"^([A-Z]\d+)\s+((?:@\S+\s*)+)", re.IGNORECASE)
_COMMAND = re.compile(r"/(\d+|[A-Za-z-]+)(?:\s+|$)")
_SPEAKER = re.compile(r"\s*([^\s:>]{1,24})\s?(?:>\s*|:(?:\s+|$))")
_CLOCK = re.compile(r"\s*(?:at\s+)?(\d{1,2})[:.](\d{2})\s*$", re.IGNORECASE)
_BY = re.compile(r"\s(?:by|due)\s+((?:\S+\s+){0,2}\S+)\s*$", re.IGNORECASE)


class NotUnderstood(Exception):
    """A line that cannot be acted on; the text is the sentence beside it, and the line stays as it is."""


@dataclass(frozen=True, slots=True)
class Named:
    """A child, an agency or a person at the table, with the words it is called by."""

    id: UUID
    label: str
    words: tuple[str, ...]
    number: int = 0
    initials: str = ""
    agency: UUID | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a line can name, and what day it is."""

    people: tuple[Named, ...]
    agencies: tuple[Named, ...]
    children: tuple[Named, ...]
    today: date
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line understood. ``number`` is a prompt's or an item's; ``person`` whom an arrival or a departure is of."""

    command: Command | None
    text: str = ""
    speaker: UUID | None = None
    kind: Command | None = None
    restricted: bool = False
    child: UUID | None = None
    agency: UUID | None = None
    owner: str = ""
    due: date | None = None
    number: int = 0
    people: tuple[UUID, ...] = field(default=())
    at: time | None = None


def commands(prefix: str) -> list[Command]:
    """Return the commands that begin with ``prefix``, in the order of the list."""
    wanted = prefix.lower()
    exact = [command for command in Command if command.value == wanted]
    return exact or [command for command in Command if command.value.startswith(wanted)]


def speaker_of(line: str, known: Known) -> tuple[UUID, str] | None:
    """Return who a line is said by where it begins with initials, a number or a name and ``>`` or ``:``, and the rest.

    None where it does not: then the words are part of what was said.
    """
    found = _SPEAKER.match(line)
    if found is None:
        return None
    person = _exactly(found[1], known.people)
    return (person.id, line[found.end() :]) if person else None


def read(line: str, known: Known) -> Entry:
    """Return what ``line`` means; raises ``NotUnderstood``."""
    speaker: UUID | None = None
    if by := speaker_of(line, known):
        speaker, line = by
    entry = _read_command(line.strip(), known)
    return replace(entry, speaker=speaker)


def _read_command(line: str, known: Known) -> Entry:
    if line.startswith("//"):
        return _said(Entry(None, line[1:]), known)
    if not line.startswith("/"):
        return _said(Entry(None, line), known)
    found = _COMMAND.match(line)
    if found is None:
        raise NotUnderstood("After “/” comes a command such as gap or view; type “//” to begin with a stroke.")
    word, rest = found[1], line[found.end() :]
    if word.isdigit():
        return _said(Entry(Command.ANSWER, rest, number=int(word)), known)
    command = _command(word)
    if command in KINDS or command is Command.RESTRICTED:
        return _qualified(command, rest, known)
    return _READERS.get(command, _plain)(Entry(command, rest), known)


def _command(word: str) -> Command:
    found = commands(word)
    if not found:
        raise NotUnderstood(
            f"There is no command “/{word}”; type “/” to see them, or “//{word}” to record these words."
        )
    if len(found) > 1:
        names = ", ".join(f"/{command}" for command in found)
        raise NotUnderstood(f"“/{word}” could be {names}: type one more letter.")
    return found[0]


def _qualified(command: Command, rest: str, known: Known) -> Entry:
    """Return a statement of a kind, or a restricted one; the two may stand together."""
    inner = _read_command(rest, known) if rest else Entry(None)
    if inner.command not in {None, *KINDS, Command.RESTRICTED}:
        raise NotUnderstood(f"“/{command}” goes with what somebody says: leave it out, or leave out the other command.")
    if command is Command.RESTRICTED:
        return replace(inner, command=inner.command or command, restricted=True)
    return replace(inner, command=command, kind=command)


def _said(entry: Entry, known: Known) -> Entry:
    """Take a mention of a child out of what was said."""
    for mention in _MENTION.finditer(entry.text):
        child = _begins(mention[1], known.children)
        if child is not None:
            return replace(entry, text=_without(entry.text, mention, child.label), child=child.id)
    return entry


def _without(text: str, mention: re.Match[str], label: str) -> str:
    """Return the text with a mention at either end or before another taken out, and one in the middle said in words."""
    before, after = text[: mention.start()].rstrip(), text[mention.end() :].lstrip()
    if not before or not after or after.startswith("@"):
        return f"{before} {after}".strip()
    ends = "" if mention[1][-1].isalnum() else mention[1][-1]
    return f"{before} {label}{ends} {after}"


def _plain(entry: Entry, _known: Known) -> Entry:
    return entry


def _answer(entry: Entry, known: Known) -> Entry:
    number, _, rest = entry.text.partition(" ")
    if not number.isdigit():
        raise NotUnderstood("Say which question it answers by its number, as in “/answer 2 On Tuesday”.")
    return _said(replace(entry, number=int(number), text=rest), known)


def _owned(entry: Entry, known: Known) -> Entry:
    """Take the child, the owner and the day out of a gap or an action."""
    entry = _said(entry, known)
    mentions = list(_MENTION.finditer(entry.text))
    if not mentions:
        by = _BY.search(entry.text) if entry.command is Command.ACTION else None
        if by and looks_like_day(by[1]):
            return replace(entry, text=entry.text[: by.start()].rstrip(), due=_day(by[1], known))
        return entry
    mention = mentions[-1]
    before, after = entry.text[: mention.start()].rstrip(), entry.text[mention.end() :].strip()
    entry = _give(entry, mention[1], known)
    tail = re.sub(r"^(?:by|due)\s+", "", after, flags=re.IGNORECASE)
    if not tail:
        return replace(entry, text=before)
    if looks_like_day(tail):
        return replace(entry, text=before, due=_day(tail, known))
    label = next((a.label for a in known.agencies if a.id == entry.agency), entry.owner)
    return replace(entry, text=_without(entry.text, mention, label))


def _give(entry: Entry, word: str, known: Known) -> Entry:
    """Return the entry with the owner that ``@word`` names."""
    agency = _exactly(word, known.agencies)
    person = _exactly(word, known.people) if agency is None else None
    if person is not None:
        return replace(entry, agency=person.agency, owner=person.label)
    agency = agency or _begins(word, known.agencies)
    if agency is not None:
        return replace(entry, agency=agency.id)
    elsewhere = [label for label in known.elsewhere if _key(label).startswith(_key(word))]
    return replace(entry, owner=elsewhere[0] if elsewhere else word.replace("_", " ").rstrip(".,;"))


def _day(words: str, known: Known) -> date:
    try:
        return read_day(words, known.today)
    except NoSuchDay as unclear:
        raise NotUnderstood(str(unclear)) from unclear


def _people(entry: Entry, known: Known) -> Entry:
    """Read who arrives or leaves, and when."""
    text, at = _clock(entry.text)
    if text.casefold() in {"all", "everybody", "everyone"}:
        return replace(entry, text="", people=tuple(person.id for person in known.people), at=at)
    parts = [part for part in re.split(r"[\s,]+", text) if part]
    if parts and all(_exactly(part, known.people) for part in parts):
        return replace(entry, text="", people=tuple(_person(part, known).id for part in parts), at=at)
    return replace(entry, text="", people=(_person(text, known).id,) if text else (), at=at)


def _authority(entry: Entry, known: Known) -> Entry:
    """Read who can decide for their agency, or cannot where the line ends with "no"."""
    words = entry.text.split()
    answer = words.pop().casefold() if words and words[-1].casefold() in {"yes", "no"} else "yes"
    return replace(_people(replace(entry, text=" ".join(words)), known), text=answer)


def _substitute(entry: Entry, known: Known) -> Entry:
    who, _, name = entry.text.partition(" ")
    if not who or not name.strip():
        raise NotUnderstood("Say for whom and who comes, as in “/substitute 2 Jo Sample”.")
    return replace(entry, text=name.strip(), people=(_person(who, known).id,))


def _join(entry: Entry, known: Known) -> Entry:
    """Read who is here without having been on the list, and of which agency."""
    mentions = list(_MENTION.finditer(entry.text))
    if not mentions:
        return entry
    word, name = mentions[-1][1], entry.text[: mentions[-1].start()].strip()
    agency = _begins(word, known.agencies)
    if agency is not None:
        return replace(entry, text=name, agency=agency.id)
    found = [label for label in known.elsewhere if _key(label).startswith(_key(word))]
    if not found:
        raise NotUnderstood(f"There is no kind of agency “{word}”: type @ and its first letters, as in @school.")
    return replace(entry, text=name, owner=found[0])


def _child(entry: Entry, known: Known) -> Entry:
    said = entry.text.strip().lstrip("@")
    if not said or said.casefold() in {"all", "none", "every", "everyone"}:
        return replace(entry, text="", child=None)
    child = _begins(said, known.children)
    if child is None:
        names = ", ".join(child.label for child in known.children)
        raise NotUnderstood(f"This meeting is about {names}: type one of these names, or “all”.")
    return replace(entry, text="", child=child.id)


def _item(entry: Entry, _known: Known) -> Entry:
    said = entry.text.strip()
    return replace(entry, number=int(said), text="") if said.isdigit() else entry


def _on_view(entry: Entry, known: Known) -> Entry:
    """Take the agency and the child out of a view, a decision or a dissent, also from behind a decision's number."""
    entry = replace(entry, text=_NUMBERED.sub(r"\2 \1 ", entry.text))
    while (mention := _MENTION.match(entry.text)) is not None:
        agency, child = _begins(mention[1], known.agencies), _begins(mention[1], known.children)
        if agency is None and child is None:
            break
        rest = entry.text[mention.end() :].lstrip()
        entry = replace(entry, text=rest, agency=agency.id) if agency else replace(entry, text=rest)
        entry = replace(entry, child=child.id) if child and not agency else entry
    entry = _said(entry, known) if entry.child is None else entry
    for mention in _MENTION.finditer(entry.text):
        agency = _begins(mention[1], known.agencies)
        if agency is not None:
            return replace(entry, text=_without(entry.text, mention, agency.label), agency=agency.id)
    return entry


def _clock(text: str) -> tuple[str, time | None]:
    found = _CLOCK.search(text)
    if found is None:
        return text.strip(), None
    try:
        return text[: found.start()].strip(), time(int(found[1]), int(found[2]))
    except ValueError:
        raise NotUnderstood(f"There is no time “{found[0].strip()}”: check it.") from None


def _person(word: str, known: Known) -> Named:
    person = _exactly(word, known.people) or _begins(word, known.people)
    if person is None:
        raise NotUnderstood(
            f"Nobody at the table is called “{word}”: type the number beside the name, the initials or the agency."
        )
    return person


def _exactly(word: str, named: Sequence[Named]) -> Named | None:
    """Return whom a number, initials or a whole name stands for; None where it is nobody or more than one."""
    wanted = _key(word)
    if word.isdigit():
        return next((one for one in named if one.number == int(word)), None)
    found = [one for one in named if wanted and wanted == _key(one.initials)]
    found = found or [one for one in named if any(wanted == _key(name) for name in one.words)]
    return found[0] if len(found) == 1 else None


def _begins(word: str, named: Sequence[Named]) -> Named | None:
    """Return whom a word is the beginning of; the first of several, since they stand in the order of the table."""
    wanted = _key(word)
    exact = _exactly(word, named)
    if exact is not None or not wanted:
        return exact
    return next((one for one in named if any(_key(name).startswith(wanted) for name in one.words)), None)


def _key(word: str) -> str:
    return re.sub(r"[\W_]+", "", word.casefold())


_READERS: dict[Command, Callable[[Entry, Known], Entry]] = {
    Command.GAP: _owned,
    Command.ACTION: _owned,
    Command.ANSWER: _answer,
    Command.ARRIVED: _people,
    Command.LEFT: _people,
    Command.SUBSTITUTE: _substitute,
    Command.JOIN: _join,
    Command.AUTHORITY: _authority,
    Command.CHILD: _child,
    Command.ITEM: _item,
    Command.VIEW: _on_view,
    Command.DECISION: _on_view,
    Command.DISSENT: _on_view,
    Command.RESERVATION: _on_view,
}
