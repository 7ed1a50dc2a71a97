"""What a rule found: never words, so that each screen, page and language can say it in its own."""

from dataclasses import dataclass
from string import Template
from uuid import UUID

from app.practice.pack import Pack


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule asks for. ``rule`` names the rule, ``item_id`` the place on the agenda to mend it.

    ``subject`` tells two findings of one rule apart (the ids of what it is about); ``words`` fill the pack's sentence.
    """

    rule: str
    item_id: str
    subject: str = ""
    words: tuple[tuple[str, str], ...] = ()
    child_id: UUID | None = None
    agency_id: UUID | None = None
    entry_id: UUID | None = None

    def sentence(self, pack: Pack) -> str:
        """Return what is wrong, as the pack words it."""
        return fill(pack.words("closing", self.rule), dict(self.words))

    def mend(self, pack: Pack) -> str:
        """Return what to do about it, as the pack words it."""
        return fill(pack.words("closing", f"{self.rule}.mend"), dict(self.words))


def fill(sentence: str, words: dict[str, str]) -> str:
    """Return ``sentence`` with its ``$names`` filled in; nothing in the words is read as a template."""
    return Template(sentence).safe_substitute(words)
