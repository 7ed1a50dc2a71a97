"""Words that stand half typed: kept in the store, so that neither a lock nor a power cut loses them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.services.sitting import Sitting

_PLACE = "place"


@dataclass(frozen=True, slots=True)
class Kept:
    """The words of each screen that held some, by its name, and the name of the screen that was on show."""

    place: str = ""
    words: Mapping[str, str] = field(default_factory=dict, repr=False)

    def without_place(self) -> "Kept":
        """Return the words alone: the next sitting begins at the beginning."""
        return replace(self, place="")


def keep(sitting: Sitting, kept: Kept) -> None:
    """Keep what stands half typed in place of what was kept before; raises ``SaveFault`` where the disk refuses."""
    sitting.store.keep_unfinished({**kept.words, _PLACE: kept.place}, sitting.now())


def kept(sitting: Sitting) -> Kept:
    """Return what stood half typed when the store was last open."""
    words = sitting.store.unfinished()
    return Kept(words.pop(_PLACE, ""), words)
