"""What the first start shows: is this passphrase accepted, which groups of the key are asked for, were they right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

GROUPS = 9


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


def asked_groups(chance: bytes) -> tuple[int, int]:
    """Return which two groups of the recovery key are to be typed back, counted from one."""
    first = chance[0] % GROUPS
    second = (first + 1 + chance[1] % (GROUPS - 1)) % GROUPS
    low, high = sorted((first, second))
    return low + 1, high + 1


def wrong_groups(key: str, asked: Sequence[int], typed: Sequence[str], same: Callable[[str, str], bool]) -> list[int]:
    """Return the places, among those asked for, of the groups that were not typed as they are printed."""
    groups = key.split("-")
    return [place for place, number in enumerate(asked) if not same(groups[number - 1], typed[place])]
