"""What is typed on the set-up page, understood: children, people and who is still missing. No Qt."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.models.attendance import Capacity
from app.practice.catalogue import Role, Sector
from app.practice.invitations import expected
from app.practice.origins import origins_of
from app.practice.pack import InviteTrigger, MeetingType, Pack
from app.practice.words import day, listed
from app.services.setting_up import KnownPerson, Outlook, PlannedChild, PlannedPerson
from app.ui.kit.days import NoSuchDay, read_day

UNBORN = "Unborn child"
_DUE = re.compile(r"(?:^|[\s,])(?:due|expected|edd)\s+(.+)$", re.IGNORECASE)
# a date at the end of the line: the first figure after the name begins it
_DATE = re.compile(r"[\s,]+(?:born\s+|dob\s+)?(\d.*)$", re.IGNORECASE)
_FAMILY = {
    "mother": Capacity.PARENT, "mum": Capacity.PARENT, "father": Capacity.PARENT, "dad": Capacity.PARENT,
    "stepfather": Capacity.PARENT, "stepmother": Capacity.PARENT, "carer": Capacity.PARENT,
}  # fmt: skip


class NotUnderstood(Exception):
    """The line cannot be taken as it is; the text says what to write."""


def read_child(line: str, today: date) -> PlannedChild:
    """Return the child of a line such as "Robin Sample 3.3.2022" or "due 4 May 2027"; raises ``NotUnderstood``."""
    text = " ".join(line.split())
    try:
        if found := _DUE.search(text):
            return PlannedChild(text[: found.start()].strip(" ,") or UNBORN, expected=read_day(found[1], today))
        if found := _DATE.search(text):
            return PlannedChild(_named(text[: found.start()]), born=read_day(found[1], today))
    except NoSuchDay as wrong:
        raise NotUnderstood(str(wrong)) from None
    return PlannedChild(_named(text))


def _named(text: str) -> str:
    name = text.strip(" ,")
    if not name or name[0].isdigit():
        raise NotUnderstood("Write the child's name first, then the date of birth: Robin Sample 3.3.2022.")
    return name


def child_words(child: PlannedChild) -> str:
    """Return a child as a row says it."""
    if child.expected:
        return f"{child.name}, due {day(child.expected)}"
    return f"{child.name}, born {day(child.born)}" if child.born else f"{child.name}, date of birth not known"


def child_line(child: PlannedChild) -> str:
    """Return the line that would be typed for a child."""
    if child.expected:
        return f"{child.name} due {day(child.expected)}"
    return f"{child.name} {day(child.born)}" if child.born else child.name


@dataclass(frozen=True, slots=True)
class People:
    """Reads a line such as "Sam Okafor, police, DS" by the kinds of agency and roles of a pack, and who is known."""

    pack: Pack
    known: Sequence[KnownPerson] = ()

    def read(self, line: str) -> PlannedPerson:
        """Return the person of a line; raises ``NotUnderstood`` with what to write."""
        name, *rest = [part.strip() for part in line.split(",")]
        parts = [part for part in rest if part]
        if not name:
            raise NotUnderstood("Write a name first, then the agency: Sam Okafor, police, DS.")
        if not parts:
            return self._known(name)
        if capacity := self._capacity(parts[0]):
            return self._in_capacity(name, capacity, parts)
        sector, role = self._place(parts[0], parts[1:])
        return self._seated(name, sector, role, parts)

    def _known(self, name: str) -> PlannedPerson:
        people = [p for p in self.known if _begins(p.name, name)]
        exact = [p for p in people if p.name.casefold() == name.casefold()] or people
        if len(exact) == 1:
            found = exact[0]
            return PlannedPerson(found.name, found.sector, found.agency, found.role)
        if exact and len({p.name for p in exact}) == 1:
            places = listed([p.agency for p in exact])
            raise NotUnderstood(f"{exact[0].name} is known at {places}: add the agency after a comma.")
        raise NotUnderstood(f"Which agency is {name} from? Add it after a comma, such as: {name}, police, DS.")

    def _capacity(self, word: str) -> Capacity | None:
        said = word.casefold().replace(" ", "-")
        named = {self.pack.words("capacity", c.value).casefold().replace(" ", "-"): c for c in Capacity}
        return named.get(said) or _FAMILY.get(said)

    def _in_capacity(self, name: str, capacity: Capacity, parts: list[str]) -> PlannedPerson:
        """Return the person; what follows the capacity is an agency where it is one, and plain words otherwise."""
        following = parts[1:]
        if following:
            try:
                sector, role = self._place(following[0], following[1:])
            except NotUnderstood:
                if capacity in (Capacity.PRACTITIONER, Capacity.CHAIR):
                    raise
            else:
                return replace(self._seated(name, sector, role, following), capacity=capacity)
        own = parts[:1] if parts[0].casefold() in _FAMILY else []
        return PlannedPerson(name, role=", ".join([*own, *following]), capacity=capacity)

    def _seated(self, name: str, sector: Sector, role: Role | None, parts: list[str]) -> PlannedPerson:
        """Return the person; of what is left over, the first is the agency's own name where a role follows it."""
        left = [part for part in parts[1:] if not (role and _matches_role(role, part))]
        agency = self._agency_named(sector, parts[0])
        if role is None and len(left) > 1:
            agency, role_words = left[0], ", ".join(left[1:])
        elif role is None:
            role_words = ", ".join(left)
        else:
            agency, role_words = (left[0] if left else agency), role.id
        return PlannedPerson(name, sector.id, agency, role_words)

    def _agency_named(self, sector: Sector, word: str) -> str:
        return next((p.agency for p in self.known if p.sector == sector.id and _begins(p.agency, word)), "")

    def _place(self, word: str, following: Sequence[str]) -> tuple[Sector, Role | None]:
        """Return the kind of agency that a word means, and the role, from the words after it or the word itself."""
        sectors = self._sectors(word)
        roles = [(s, r) for s in sectors for part in following for r in s.roles if _matches_role(r, part)]
        if roles and (len(sectors) == 1 or len({s.id for s, _ in roles}) == 1):
            return roles[0]
        if len(sectors) == 1:
            return sectors[0], None
        if len(sectors) > 1:
            names = listed([s.short for s in sectors], "or")
            raise NotUnderstood(f"“{word}” could be {names}: write which, or the role.")
        posts = [(s, r) for s in self.pack.sectors for r in s.roles if _matches_role(r, word)]
        if len({s.id for s, _ in posts}) == 1:
            return posts[0]
        if posts:
            names = listed([s.short for s, _ in posts], "or")
            raise NotUnderstood(f"“{word}” is a role in {names}: write the agency before it.")
        some = listed([s.short for s in self.pack.sectors[:6]])
        raise NotUnderstood(f"“{word}” is no kind of agency known here, such as {some}: write one of those.")

    def _sectors(self, word: str) -> list[Sector]:
        """Return the kinds of agency a word may mean: those called exactly that, else those that begin so."""
        exact = [s for s in self.pack.sectors if word.casefold() in {s.id, s.short.casefold(), s.label.casefold()}]
        if exact:
            return exact
        begun = [s for s in self.pack.sectors if _begins(s.short, word) or _begins(s.label, word)]
        kind = [s for s in self.pack.sectors if word.casefold() in {k.casefold() for k in s.counts_as}]
        named = {p.sector for p in self.known if _begins(p.agency, word)}
        inside = [s for s in self.pack.sectors if _has_word(s.label, word) or _has_word(s.short, word)]
        owned = [s for s in self.pack.sectors if s.id in named]
        return _once([*begun, *kind]) or owned or inside

    def words(self, person: PlannedPerson) -> str:
        """Return a person as a row says it."""
        sector = self.pack.sector(person.sector)
        role = sector.role(person.role) if sector else None
        capacity = "" if person.capacity is Capacity.PRACTITIONER else self.pack.words("capacity", person.capacity)
        parts = [person.name, capacity, person.agency or (sector.short if sector else "")]
        return ", ".join(part for part in (*parts, role.label if role else person.role) if part)

    def line(self, person: PlannedPerson) -> str:
        """Return the line that would be typed for a person."""
        sector = self.pack.sector(person.sector)
        role = sector.role(person.role) if sector else None
        capacity = "" if person.capacity is Capacity.PRACTITIONER else self.pack.words("capacity", person.capacity)
        named = person.agency if sector and person.agency != sector.short else ""
        kind = sector.short if sector else ""
        parts = (person.name, capacity, kind, named, role.label if role else person.role)
        return ", ".join(part for part in parts if part)

    def chair(self, name: str, role: str, organisation: str, convener: str) -> PlannedPerson:
        """Return the person who signs here as the chair, of the first kind of agency that has their role."""
        posts = [(s, r) for s in self.pack.sectors for r in s.roles if role and _matches_role(r, role)]
        if posts:
            return PlannedPerson(name, posts[0][0].id, organisation, posts[0][1].id, Capacity.CHAIR)
        return PlannedPerson(name, convener, organisation, role, Capacity.CHAIR)


def outlook_words(outlook: Outlook) -> str:
    """Return the quorum to expect."""
    return expected(outlook.quorum)


def invitation_words(outlook: Outlook) -> list[str]:
    """Return each invitation to consider for which nobody is on the list."""
    return [f"{listed(trigger.invite)} ({trigger.label})" for trigger in outlook.missing]


def origin_words(meeting_type: MeetingType, missing: Sequence[InviteTrigger], pack: Pack) -> str:
    """Return where the rules come from by which the page says whom to invite, the quorum, and how people meet."""
    quorum = [meeting_type.quorum] if meeting_type.quorum.needed else []
    return origins_of([*missing, *quorum, meeting_type], pack)


def _matches_role(role: Role, words: str) -> bool:
    said = words.casefold().strip()
    initials = "".join(part[0] for part in re.split(r"[\s/-]+", role.label) if part and part[0].isalpha())
    return bool(said) and (
        said in {role.id, role.id.replace("_", " "), initials.casefold()}
        or (len(said) > 2 and _begins(role.label, said))
    )


def _begins(whole: str, start: str) -> bool:
    return bool(start.strip()) and whole.casefold().startswith(start.strip().casefold())


def _has_word(whole: str, start: str) -> bool:
    return any(_begins(part, start) for part in re.split(r"[\s,/:]+", whole))


def _once(sectors: Iterable[Sector]) -> list[Sector]:
    def fresh() -> Iterator[Sector]:
        seen: set[str] = set()
        for sector in sectors:
            if sector.id not in seen:
                seen.add(sector.id)
                yield sector

    return list(fresh())
