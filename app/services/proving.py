"""Whether a store is sound."""

from dataclasses import dataclass

from app.services import securing
from app.services.backups import Told, quiet
from app.services.sitting import Sitting
from app.store import checking


@dataclass(frozen=True, slots=True)
class StoreReport:
    """What a check of the store found: nothing where it is sound; ``entries`` is the length of its trail."""

    entries: int
    findings: tuple[str, ...]


def check_store(sitting: Sitting, told: Told = quiet) -> StoreReport:
    """Return what is wrong with the store's pages, its trail, its rows when held against the trail, or its keys."""
    store = sitting.store
    found = [*checking.findings(store, told), *securing.findings(sitting)]
    return StoreReport(store.end.seq, tuple(found))
