"""Fills in what a meeting type takes over from its base, so that a variant states only what differs."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, get_args

from pydantic import BaseModel, Field

from app.practice.contents import PackFinding
from app.practice.pack import Clearance, MeetingType
from app.practice.questions import AgendaItem
from app.practice.rule import Id, Part, Rule, Words

Table = dict[str, Any]

_ITS_OWN: Final = ("id", "label", "short", "purpose")
_LISTS: Final = ("agenda", "decisions", "views", "invites", "record")
_QUESTIONS: Final = ("decisions", "views")
_SIDES: Final = ("after", "before")


class More(Part):
    """What a variant adds to plain lists of its base."""

    time_limits: tuple[Id, ...] = ()
    not_by_telephone: tuple[Words, ...] = ()
    closing: tuple[Clearance, ...] = ()


class Changes(Part):
    """What only the file of a variant says: the ids it leaves out of its base, and what it adds to plain lists."""

    without: tuple[Id, ...] = ()
    more: More = Field(default=More())


def bases_first(tables: Mapping[str, Table | None]) -> tuple[list[tuple[str, str]], list[PackFinding]]:
    """Return the names of the files of meeting types, each with its base's, bases before their variants.

    A type whose chain of bases goes round in a circle or ends nowhere is left out, with a finding where it does.
    """
    ids = {table["id"]: name for name, table in reversed(list(tables.items())) if table and _is_id(table.get("id"))}
    bases = {name: _base_of(table) for name, table in tables.items() if table is not None}
    order: list[tuple[int, str, str]] = []
    findings: dict[frozenset[str], PackFinding] = {}
    for name, base in bases.items():
        chain, ahead = [name], base
        while ahead and (file := ids.get(ahead)) is not None and file not in chain:
            chain.append(file)
            ahead = bases[file]
        if not ahead:
            order.append((len(chain), name, ids[base] if base else ""))
        elif ahead in ids:
            circle = chain[chain.index(ids[ahead]) :]
            findings.setdefault(frozenset(circle), PackFinding(circle[0], None, "base", _round(circle, bases, ids)))
        elif len(chain) == 1 and None not in tables.values():
            findings[frozenset(chain)] = PackFinding(name, None, "base", f'names the meeting type "{ahead}", unknown')
    return [(name, base) for _, name, base in sorted(order)], list(findings.values())


def fill(table: object, kind: type[BaseModel], defaults: Mapping[str, Any]) -> None:
    """Give every rule in ``table`` the defaults of its file for what it does not say itself."""
    if not isinstance(table, dict):
        return
    if issubclass(kind, Rule):
        for key, value in defaults.items():
            table.setdefault(key, value)
    for key in kind.model_fields:
        inner = _part_below(kind, key)
        if inner is not None:
            below = table.get(key)
            for entry in below if isinstance(below, list) else [below]:
                fill(entry, inner, defaults)


def with_shared_prompts(table: Table, shared: Mapping[str, Table], base: Table) -> list[tuple[str, str]]:
    """Fill in the prompts that a meeting type names by the id of a shared one; return a key and a reason for a fault.

    What it says itself stands, but never the text. A prompt that its ``base`` has already is merged over that instead.
    """
    faults = []
    known = {(item.get("id"), q.get("id")) for item in _entries(base, "agenda") for q in _entries(item, "prompts")}
    for item in _entries(table, "agenda"):
        for prompt in _entries(item, "prompts"):
            found = shared.get(str(prompt.get("id")))
            if found is not None and "text" in prompt:
                key = f"agenda[{item.get('id')}].prompts[{prompt['id']}].text"
                faults.append((key, "is stated in prompts.toml, for all meeting types: leave it out here"))
            elif found is not None and (item.get("id"), prompt["id"]) not in known:
                prompt.update({**_copy(found), **prompt})
    return faults


def inherited(
    base: Table, variant: Table, changes: Changes, defaults: Mapping[str, Any]
) -> tuple[Table, list[tuple[str, str]]]:
    """Return the table of a variant with what its base says filled in, and a key and a reason for each fault.

    ``base`` has its own bases and defaults filled in; ``defaults`` are those of the variant, for what it adds.
    """
    start = _copy({key: value for key, value in base.items() if key not in _ITS_OWN})
    faults = [
        (f"without[{place}]", f'names "{name}", which {variant["base"]} does not have')
        for place, name in enumerate(changes.without, 1)
        if not _leave_out(start, name)
    ]
    merging = _Merging(defaults)
    table = merging.table(start, variant, MeetingType)
    table |= {key: value for key, value in defaults.items() if key not in variant}
    for name, added in changes.more.model_dump(mode="json").items():
        if added:
            table[name] = [*table.get(name, []), *added]
    return table, faults + merging.faults


class _Merging:
    """Lays a variant over its base, and keeps what was wrong with it."""

    def __init__(self, defaults: Mapping[str, Any]) -> None:
        self.faults: list[tuple[str, str]] = []
        self._defaults = defaults

    def table(self, base: Table, variant: Table, kind: type[BaseModel]) -> Table:
        """Return ``base`` with the keys of ``variant`` over it, key by key."""
        merged = dict(base)
        for key, value in variant.items():
            inner, old = _part_below(kind, key), merged.get(key)
            if inner is not None and isinstance(value, dict) and isinstance(old, dict):
                merged[key] = self.table(old, value, inner)
            elif inner is not None and isinstance(value, list) and "id" in inner.model_fields:
                merged[key] = self._list(old if isinstance(old, list) else [], value, inner)
            else:
                merged[key] = value if inner is None else self._filled(value, inner)
        return merged

    def _list(self, base: list[Any], variant: list[Any], kind: type[BaseModel]) -> list[Any]:
        entries, seen, followed = list(base), set[str](), Counter[str]()
        for entry in variant:
            entry_id = str(entry.get("id", "")) if isinstance(entry, dict) else ""
            if not entry_id or entry_id in seen:
                entries.append(self._filled(entry, kind))
                continue
            seen.add(entry_id)
            side = next((side for side in _SIDES if side in entry), "") if kind is AgendaItem else ""
            stated = {key: value for key, value in entry.items() if key != side}
            at = _index(entries, entry_id)
            merged = self._filled(stated, kind) if at is None else self.table(entries[at], stated, kind)
            if side and at is not None:
                del entries[at]
            if side:
                self._put(entries, merged, side, str(entry[side]), followed)
            elif at is None:
                entries.append(merged)
            else:
                entries[at] = merged
        return entries

    def _put(self, entries: list[Any], merged: Table, side: str, anchor: str, followed: Counter[str]) -> None:
        """Put an item beside another; several after the same one stand in the order in which they are stated."""
        at = _index(entries, anchor)
        if at is None:
            self.faults.append((f"agenda[{merged['id']}].{side}", f'names the item "{anchor}", unknown'))
            entries.append(merged)
        elif side == "before":
            entries.insert(at, merged)
        else:
            followed[anchor] += 1
            entries.insert(at + followed[anchor], merged)

    def _filled(self, value: Any, kind: type[BaseModel]) -> Any:
        value = _copy(value)
        for entry in value if isinstance(value, list) else [value]:
            fill(entry, kind, self._defaults)
        return value


def _leave_out(table: Table, name: str) -> bool:
    """Take what has that id out of ``table``, and a question off the items that ask it; return whether it was there."""
    places = [(key, table) for key in _LISTS]
    places += [("prompts", item) for item in _entries(table, "agenda")]
    for key, owner in places:
        at = _index(_entries(owner, key), name)
        if at is not None:
            del owner[key][at]
            if key in _QUESTIONS:
                _take_off(table, key, name)
            return True
    question, _, option = name.rpartition(".")
    for key in _QUESTIONS:
        for asked in _entries(table, key):
            at = _index(_entries(asked, "options"), option) if asked.get("id") == question else None
            if at is not None:
                del asked["options"][at]
                return True
    return False


def _take_off(table: Table, key: str, name: str) -> None:
    for item in _entries(table, "agenda"):
        if name in item.get(key, ()):
            item[key] = [other for other in item[key] if other != name]
    without = table.get("quorum", {}).get("if_inquorate", {})
    if key == "decisions" and name in without.get("allowed_decisions", ()):
        without["allowed_decisions"] = [other for other in without["allowed_decisions"] if other != name]


def _copy(value: Any) -> Any:
    """Return plain tables and lists anew; what they hold never changes."""
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


@cache
def _part_below(kind: type[BaseModel], key: str) -> type[BaseModel] | None:
    """Return what the entries under ``key`` of a part are, where they are parts themselves."""
    field = kind.model_fields.get(key)
    inner = next(iter(get_args(field.annotation)), field.annotation) if field else None
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _base_of(table: Table) -> str:
    base = table.get("base", "")
    return base if _is_id(base) else ""


def _round(circle: list[str], bases: Mapping[str, str], ids: Mapping[str, str]) -> str:
    own = {file: name for name, file in ids.items()}
    first, *rest = [(own[file], bases[file]) for file in circle]
    steps = [f"{first[0]} is based on {first[1]}", *(f"{one} on {other}" for one, other in rest)]
    return f"goes round in a circle: {', '.join(steps)}"


def _entries(table: Table, key: str) -> list[Any]:
    return [entry for entry in table.get(key, ()) if isinstance(entry, dict)]


def _index(entries: list[Any], entry_id: object) -> int | None:
    places: Iterator[int] = (
        at for at, entry in enumerate(entries) if isinstance(entry, dict) and entry.get("id") == entry_id
    )
    return next(places, None)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and bool(value)
