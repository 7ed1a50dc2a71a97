"""The record of one child, without what is about the others: no entry of theirs, no name, no word they said."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Record = Mapping[str, Any]
ANOTHER = "[another child]"
# what names a child or a person at the table, by itself and in lists; keys are unique within their list only
_CHILD = frozenset({"child", "children"})
_PERSON = frozenset({"speaker", "dissenter", "attendance", "substitute_for", "witnesses"})
# whatever of these an entry names, it is that person's: with the person it goes
_WHOSE = ("speaker", "dissenter", "attendance")
# nobody types these, so no name stands in them, even where a word of the pack is written like one
_IDS = frozenset({"id", "item_id", "question_id", "prompt_id", "type_id", "option", "rule", "subject"})
# names of nobody in particular, that may stand in a child's name all the same
_LEAST = 2
_WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_NAMES = ("name", "known_as")


def of_one_child(record: Record, key: str) -> dict[str, Any]:
    """Return the record as far as it is about the child with that key in it, marked as such; ``record`` stays as it is.

    What is about all children stays, and names of the others in it are replaced. Raises KeyError where there is no such
    child.
    """
    children = {child["id"]: child for child in record["case"]["children"]}
    own = children.pop(key)
    words = re.compile("|".join(_patterns(own, children.values())) or r"(?!)", re.IGNORECASE)
    gone = _Gone(frozenset(children), frozenset(_who_go(record, own)))
    entries = [(name, entry) for name, each in record["meeting"].items() for entry in _objects(each)]
    taken = [(name, entry["id"]) for name, entry in entries if "id" in entry and gone.takes(name, entry)]
    gone.statements = {key for name, key in taken if name == "statements"}
    gone.entries = {key for _, key in taken}
    kept: dict[str, Any] = _kept("", record, gone, words)
    kept["one_child"] = key
    return kept


def _patterns(own: Record, others: Any) -> list[str]:
    """Return what stands for a name of the others: whole names first, then each part that is not this child's too."""
    mine = {part.casefold() for name in _NAMES for part in _parts(own.get(name, ""))}
    whole = {other[name] for other in others for name in _NAMES if other.get(name)}
    single = {part for name in whole for part in _parts(name) if part.casefold() not in mine}
    names = [name for name in whole if not mine.issuperset(word.casefold() for word in _WORD.findall(name))]
    wanted = [*names, *(word for word in single if len(word) >= _LEAST)]
    return [rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(wanted, key=lambda name: (-len(name), name))]


def _parts(name: str) -> set[str]:
    """Return the words of a name, and the parts of those that are joined: Anna-Lena is called Anna too."""
    return {part for word in _WORD.findall(name) for part in (word, *re.split("[-'’]", word)) if part}


def _who_go(record: Record, own: Record) -> Iterator[str]:
    """Give the people at the table who are another child than this one."""
    mine = {own["name"].casefold(), own.get("known_as", "").casefold(), own["name"].split()[0].casefold()}
    for person in record["meeting"].get("attendances", []):
        if person.get("capacity") == "child" and person["name"].casefold() not in mine:
            yield person["id"]


def _objects(value: Any) -> list[Record]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


@dataclass(slots=True)
class _Gone:
    """What goes, by its keys: the other children, who of them was at the table, and the entries about or by them."""

    children: frozenset[str]
    people: frozenset[str]
    statements: set[str] = field(default_factory=set)
    entries: set[str] = field(default_factory=set)

    def takes(self, listed: str, entry: Record) -> bool:
        """Whether an object in the list of that name goes."""
        if entry.get("id") in {"children": self.children, "attendances": self.people}.get(listed, frozenset()):
            return True
        if entry.get("child") in self.children or any(entry.get(name) in self.people for name in _WHOSE):
            return True
        # the subject of a clearance is made of keys
        parts = set(entry.get("subject", "").split("/")) if listed == "clearances" else set()
        return bool(parts & (self.children | self.people | self.entries))

    def named(self, name: str, key: str) -> bool:
        """Whether a member, or an entry of a list, of that name is the key of something that goes."""
        of = {"grounds": self.statements} | dict.fromkeys(_CHILD, self.children) | dict.fromkeys(_PERSON, self.people)
        return key in of.get(name, ())


def _kept(name: str, value: Any, gone: _Gone, words: "re.Pattern[str]") -> Any:
    if isinstance(value, dict):
        # what one child's decision has of another's stays without saying whose it was
        there = {key: each for key, each in value.items() if not (isinstance(each, str) and gone.named(key, each))}
        return {key: _kept(key, each, gone, words) for key, each in there.items()}
    if isinstance(value, list):
        left = [one for one in value if not (gone.takes(name, one) if isinstance(one, dict) else gone.named(name, one))]
        return [_kept(name, one, gone, words) for one in left]
    if isinstance(value, str) and name not in _IDS:
        return words.sub(ANOTHER, value)
    return value
