"""Whether a store is sound."""

from dataclasses import dataclass

from app.services.sitting import Sitting
from app.store import checking


@dataclass(frozen=True, slots=True)
class StoreReport:
    """What a check of the store found: nothing where it is sound; ``entries`` is the length of its trail."""

    entries: int
    findings: tuple[str, ...]


def check_store(sitting: Sitting) -> StoreReport:
    """Return what is wrong with the store's pages, its trail, or its rows when held against the trail."""
    return StoreReport(sitting.store.end.seq, tuple(checking.findings(sitting.store)))
