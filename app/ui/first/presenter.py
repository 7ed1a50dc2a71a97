"""What the first start shows: is this passphrase accepted, which groups of the key are asked for, were they right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is wrong with the passphrase and with its repetition; both empty where it can be used."""

    first: str
    second: str

    @property
    def usable(self) -> bool:
        """Whether there is nothing to mend."""
        return not self.first and not self.second


def judge(phrase: str, again: str, strength: Callable[[str], str], differ: str) -> Phrase:
    """Return what is wrong with a passphrase typed twice; ``differ`` is the sentence for two that are not the same."""
    weak = strength(phrase)
    return Phrase(weak, "" if weak or phrase == again else differ)


def wrong_groups(key: str, asked: Sequence[int], typed: Sequence[str], same: Callable[[str, str], bool]) -> list[int]:
    """Return the places, among those asked for, of the groups that were not typed as they are printed."""
    groups = key.split("-")
    return [place for place, number in enumerate(asked) if not same(groups[number - 1], typed[place])]
