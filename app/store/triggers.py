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
SEALED = "a sealed record does not change"


def statements() -> Iterator[str]:
    """Yield the statements that make every trigger of revision ``NEWEST``."""
    for table in OF_A_MEETING:
        for row, what in (("NEW", "INSERT"), ("OLD", "UPDATE"), ("OLD", "DELETE")):
            yield _guard(table, what, f"(SELECT state FROM meeting WHERE id = {row}.meeting_id) = 'sealed'")
    for table, (parent, column) in OF_A_PART.items():
        for row, what in (("NEW", "INSERT"), ("OLD", "UPDATE"), ("OLD", "DELETE")):
            state = f"SELECT m.state FROM meeting m JOIN {parent} p ON p.meeting_id = m.id WHERE p.id = {row}.{column}"
            yield _guard(table, what, f"({state}) = 'sealed'")
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
