"""A row of the bench: what was measured against its yardstick, in the same run, and whether the budget holds."""

import gc
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from statistics import median, quantiles


@dataclass(frozen=True)
class Row:
    """``ratio`` is ours over the yardstick; for a row without a yardstick it is ours over the budget's own unit."""

    name: str
    ratio: float
    budget: float
    medians: dict[str, float]
    note: str = ""
    ok: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ok", self.ratio <= self.budget)

    def as_json(self) -> dict[str, object]:
        """The row as ``out/bench.json`` holds it."""
        return asdict(self)


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(ours: Callable[[], object], yardstick: Callable[[], object], runs: int) -> tuple[list[float], list[float]]:
    """Times of both, A B A B ..., after one warm-up of each, so that a slow moment of the machine meets both."""
    ours(), yardstick()
    gc.collect()
    pairs = [(seconds(ours), seconds(yardstick)) for _ in range(runs)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def ratio_row(name: str, budget: float, ours: Callable[[], object], yardstick: Callable[[], object], runs: int) -> Row:
    """A row from the median of the ratios, pair by pair."""
    a, b = in_turn(ours, yardstick, runs)
    ratio = median(x / y for x, y in zip(a, b, strict=True))
    return Row(name, round(ratio, 3), budget, {"ours_s": median(a), "yardstick_s": median(b)})


def p95(times: list[float]) -> float:
    """The time that 95 of 100 stay below."""
    return quantiles(times, n=100)[94]


def p99(times: list[float]) -> float:
    """The time that 99 of 100 stay below."""
    return quantiles(times, n=100)[98]
