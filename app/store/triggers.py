"""What the tables do by themselves: sealed records refuse change, the trail only grows, the search index keeps up.

A migration neither makes nor drops triggers: all are taken away before it and put on anew after it, in its transaction.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from app.store import search

NEWEST = "0004"

OF_A_MEETING = (
    "action", "answer", "attendance", "closing_reason", "decision", "declaration", "dissent", "exclusion", "following",
    "gap", "plan", "progress", "quorum_answer", "statement", "subject", "view", "visit",
)  # fmt: skip
PARTS_OF_PLAN = ("bottom_line", "contingency", "core_member", "danger_statement", "outcome", "step")
OF_A_PART = {
    "ground": ("decision", "decision_id"),
    "witness": ("decision", "decision_id"),
    "presence": ("attendance", "attendance_id"),
    "likeness": ("decision", "decision_id"),
    **dict.fromkeys(PARTS_OF_PLAN, ("plan", "plan_id")),
}
# a plan is never changed: each change is a new revision
REVISIONS = ("plan", *PARTS_OF_PLAN)
# an update is looked at from both sides: nothing leaves a sealed meeting, and nothing is moved into one
TOUCHED = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
SEALED = "a sealed record does not change"
DISPOSED_OF = "SELECT case_id FROM disposal"


def statements() -> Iterator[str]:
    """Yield the statements that make every trigger of revision ``NEWEST``."""
    for table in OF_A_MEETING:
        for what, rows in _touched(table):
            ids = ", ".join(f"{row}.meeting_id" for row in rows)
            of = f"meeting m WHERE m.id IN ({ids}) AND m.state = 'sealed'"
            yield _guard(table, what, f"EXISTS (SELECT 1 FROM {of}{_unless_disposed(what)})")
    for table, (parent, column) in OF_A_PART.items():
        for what, rows in _touched(table):
            ids = ", ".join(f"{row}.{column}" for row in rows)
            of = f"meeting m JOIN {parent} p ON p.meeting_id = m.id WHERE p.id IN ({ids}) AND m.state = 'sealed'"
            yield _guard(table, what, f"EXISTS (SELECT 1 FROM {of}{_unless_disposed(what)})")
    for table in REVISIONS:
        yield _guard(table, "UPDATE", "1")
    yield _guard("meeting", "UPDATE", "OLD.state = 'sealed'")
    yield _guard("meeting", "DELETE", f"OLD.state = 'sealed' AND OLD.case_id NOT IN ({DISPOSED_OF})")
    yield _guard("minutes", "UPDATE", "1")
    of_another = f"m.id = OLD.meeting_id{_unless_disposed('DELETE')}"
    yield _guard("minutes", "DELETE", f"EXISTS (SELECT 1 FROM meeting m WHERE {of_another})")
    for what in ("UPDATE", "DELETE"):
        yield _guard("pack_copy", what, "1")
        yield _guard("disposal", what, "1")
    yield _guard("audit_entry", "DELETE", "1")
    # only a payload and its salt may be taken away, never exchanged
    kept = ("seq", "at", "kind", "head", "digest", "meeting_id", "case_id", "undoes")
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in kept)
    yield _guard("audit_entry", "UPDATE", f"{changed} OR NEW.payload IS NOT NULL OR NEW.salt IS NOT NULL")
    yield from search.triggers()


def take_away(connection: Connection) -> None:
    """Drop every trigger there is."""
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
    for name in names:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def put_on(connection: Connection) -> None:
    """Create every trigger of revision ``NEWEST``."""
    for statement in statements():
        connection.exec_driver_sql(statement)


def _touched(table: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from ((what, rows) for what, rows in TOUCHED.items() if what != "UPDATE" or table not in REVISIONS)


def _unless_disposed(what: str) -> str:
    """Return what lets rows of a meeting ``m`` be deleted, and nothing else, once its case has a certificate."""
    return f" AND m.case_id NOT IN ({DISPOSED_OF})" if what == "DELETE" else ""


def _guard(table: str, what: str, when: str) -> str:
    return (
        f"CREATE TRIGGER sealed_{table}_{what.lower()} BEFORE {what} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{SEALED}'); END"
    )
