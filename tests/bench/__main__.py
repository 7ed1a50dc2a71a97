"""``make bench``: the rows of the design's budgets, printed as a table and written to ``out/bench.json``."""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.bench import cases, minutes, searches, stores, window
from tests.bench.row import Row

ROWS: list[Callable[[], Row | Iterable[Row]]] = [
    window.first_window,
    window.home_after_passphrase,
    stores.statement_saved,
    stores.opening,
    cases.case_page,
    searches.searching,
    minutes.forty_pages,
    window.thread_held,
    window.key_presses,
    stores.trail_verified,
]


def main() -> int:
    """Measure every row; 1 where a budget is not kept."""
    found: list[Row] = []
    for measure in ROWS:
        result = measure()
        found.extend([result] if isinstance(result, Row) else result)
        for row in found[-1:] if isinstance(result, Row) else result:
            print(f"{'ok  ' if row.ok else 'OVER'}  {row.ratio:>8.3f}  of {row.budget:>6.2f}  {row.name}", flush=True)
    out = Path("out")
    out.mkdir(exist_ok=True)
    (out / "bench.json").write_text(json.dumps([row.as_json() for row in found], indent=2) + "\n")
    return 0 if all(row.ok for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
