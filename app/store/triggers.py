"""What the tables themselves refuse: sealed records do not change, and the trail only grows.

A migration that rebuilds a table drops its triggers; it must create them again from here, and a test compares them.
"""

from collections.abc import Iterator

NEWEST = "0001"

OF_A_MEETING = (
    "action", "answer", "attendance", "closing_reason", "decision", "dissent", "gap", "statement", "subject", "view",
    "visit",
)  # fmt: skip
OF_A_PART = {
    "ground": ("decision", "decision_id"),
    "witness": ("decision", "decision_id"),
    "presence": ("attendance", "attendance_id"),
}
# an update is looked at from both sides: nothing leaves a sealed meeting, and nothing is moved into one
TOUCHED = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
SEALED = "a sealed record does not change"


def statements() -> Iterator[str]:
    """Yield the statements that make every trigger of revision ``NEWEST``."""
    for table in OF_A_MEETING:
        for what, rows in TOUCHED.items():
            ids = ", ".join(f"{row}.meeting_id" for row in rows)
            yield _guard(table, what, f"EXISTS (SELECT 1 FROM meeting WHERE id IN ({ids}) AND state = 'sealed')")
    for table, (parent, column) in OF_A_PART.items():
        for what, rows in TOUCHED.items():
            ids = ", ".join(f"{row}.{column}" for row in rows)
            of = f"meeting m JOIN {parent} p ON p.meeting_id = m.id WHERE p.id IN ({ids}) AND m.state = 'sealed'"
            yield _guard(table, what, f"EXISTS (SELECT 1 FROM {of})")
    yield _guard("meeting", "UPDATE", "OLD.state = 'sealed'")
    yield _guard("meeting", "DELETE", "OLD.state = 'sealed'")
    for what in ("UPDATE", "DELETE"):
        yield _guard("minutes", what, "1")
        yield _guard("pack_copy", what, "1")
    yield _guard("audit_entry", "DELETE", "1")
    # only a payload and its salt may be taken away, never exchanged
    kept = ("seq", "at", "kind", "head", "digest", "meeting_id", "undoes")
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in kept)
    yield _guard("audit_entry", "UPDATE", f"{changed} OR NEW.payload IS NOT NULL OR NEW.salt IS NOT NULL")


def _guard(table: str, what: str, when: str) -> str:
    return (
        f"CREATE TRIGGER sealed_{table}_{what.lower()} BEFORE {what} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{SEALED}'); END"
    )
