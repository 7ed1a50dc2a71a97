"""The index of what was written, inside the encrypted store: which words stand in which record.

Triggers keep it in the transaction of the act that changed a record; it can be made anew from the tables at any time.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Select, column, func, insert, literal, select, table

from app.store.trail import TABLES

# each record is one row: its words, and its id as a word of its own by which the row is found again
TABLE = (
    "CREATE VIRTUAL TABLE search USING fts5("
    "words, record, kind UNINDEXED, columnsize = 0, tokenize = 'unicode61 remove_diacritics 2')"
)
# without it a word that was taken away would stand in the index until some later merge
FORGETS = "INSERT INTO search(search, rank) VALUES ('secure-delete', 1)"
EMPTIES = "DELETE FROM search"
COUNTS = "SELECT count(*) FROM search WHERE search MATCH ?"
# the newest record stands last
FINDS = (
    "SELECT rowid, kind, record, snippet(search, 0, '', '', '…', 32) FROM search "
    "WHERE search MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
)
LAST = 2**63 - 1
# a schema that is not trusted may not use MATCH; the index answers = in the same way
_ADDS = "INSERT INTO search(words, record, kind) VALUES ($words, NEW.id, '$table')"
_CHANGES = (
    "UPDATE search SET words = $words WHERE rowid = (SELECT rowid FROM search WHERE search = 'record:' || OLD.id)"
)
_TAKES_OUT = "DELETE FROM search WHERE rowid = (SELECT rowid FROM search WHERE search = 'record:' || OLD.id)"
_INDEX = table("search", column("words"), column("record"), column("kind"))

SEARCHED: Mapping[str, tuple[str, ...]] = {
    "action": ("text", "owner"),
    "answer": ("text",),
    "attendance": ("name", "role", "note"),
    "bottom_line": ("text", "if_broken"),
    "case_file": ("reference",),
    "child": (
        "name", "known_as", "ethnicity", "first_language", "faith", "disability", "communication", "legal_status",
        "address", "whereabouts", "setting", "gp", "nhs_number",
    ),
    "closing_reason": ("reason",),
    "complaint": ("who", "about", "outcome"),
    "contingency": ("text", "action", "owner", "within"),
    "core_member": ("name", "role"),
    "danger_statement": ("text", "safety_goal"),
    "decision": ("reason", "quorum_note", "departure", "person", "detail"),
    "declaration": ("agreed_by", "note"),
    "dissent": ("words", "preferred", "risk"),
    "event": ("text", "source"),
    "exclusion": ("evidence", "asked_by", "reason", "scope", "legal_advice", "views_by"),
    "gap": ("question", "owner", "answer"),
    "legal_hold": ("reason", "lifted_reason"),
    "likeness": ("differs",),
    "meeting": ("reference", "venue", "reason", "telephone_reason"),
    "outcome": ("text", "benefit", "baseline", "indicator"),
    "person": ("name", "relation", "address", "address_withheld_from", "note"),
    "plan": (
        "why", "lead_practitioner", "family_help_lead", "seen_alone", "contact", "assessments", "family_plan", "legal",
        "end_words",
    ),
    "private_note": ("text",),
    "progress": ("change", "evidence"),
    "quorum_answer": ("reason", "agreed_by"),
    "statement": ("text", "source"),
    "step": ("text", "owner", "evidence"),
    "view": ("reason", "would_change"),
    "work": ("lead", "plan", "consent", "outcome_words"),
    "work_step": ("text", "owner"),
}  # fmt: skip


class Hit(NamedTuple):
    """A record that holds the words: its place in the index, its table and id, and the words around what was found."""

    place: int
    table: str
    id: UUID
    around: str


def triggers() -> Iterator[str]:
    """Yield the statements that make the triggers which keep the index."""
    for name, columns in SEARCHED.items():
        words = " || char(10) || ".join(f"coalesce(NEW.{column}, '')" for column in columns)
        for what, changed, does in (
            ("INSERT", "", _ADDS),
            ("UPDATE", f" OF {', '.join(columns)}", _CHANGES),
            ("DELETE", "", _TAKES_OUT),
        ):
            body = does.replace("$words", words).replace("$table", name)
            yield f"CREATE TRIGGER search_{name}_{what.lower()} AFTER {what}{changed} ON {name} BEGIN {body}; END"


def fill(connection: Connection) -> None:
    """Make the index anew from what the tables hold."""
    connection.exec_driver_sql(FORGETS)
    connection.exec_driver_sql(EMPTIES)
    for name in SEARCHED:
        rows = _rows(name).order_by(TABLES[name].c.id)
        connection.execute(insert(_INDEX).from_select(["words", "record", "kind"], rows))


def is_as_the_records(connection: Connection) -> bool:
    """Return whether the index holds the words of every record, and nothing else."""
    held = select(_INDEX.c.kind, _INDEX.c.record, _INDEX.c.words)
    found = {(kind, record): words for kind, record, words in connection.execute(held)}
    for name in SEARCHED:
        for words, record, kind in connection.execute(_rows(name)):
            if found.pop((kind, record.hex), None) != words:
                return False
    return not found


def _rows(name: str) -> Select[*tuple[Any, ...]]:
    records = TABLES[name]
    words = func.concat_ws("\n", *(func.coalesce(records.c[one], "") for one in SEARCHED[name]))
    return select(words, records.c.id, literal(name))


def count(connection: Connection, wanted: str) -> int:
    """Return how many records hold what ``query`` made of somebody's words."""
    return int(connection.exec_driver_sql(COUNTS, (wanted,)).scalar_one())


def find(connection: Connection, wanted: str, most: int, before: int = LAST) -> list[Hit]:
    """Return up to ``most`` records that hold what ``query`` made of somebody's words, the newest first."""
    rows = connection.exec_driver_sql(FINDS, (wanted, before, most))
    return [Hit(place, name, UUID(record), _in_one_line(around)) for place, name, record, around in rows]


def query(typed: str) -> str:
    """Return what the index is asked for what somebody typed; empty where there is nothing in it to look for.

    All the words must be there, each may go on; what stands between quotation marks must be there as it stands.
    """
    wanted: list[str] = []
    for number, part in enumerate(typed.replace("“", '"').replace("”", '"').split('"')):
        quoted = number % 2 == 1
        said = [part] if quoted else part.split()
        wanted += [f'"{words}"' + "*" * (not quoted) for words in said if any(map(str.isalnum, words))]
    return f"words : ({' '.join(wanted)})" if wanted else ""


def _in_one_line(around: str) -> str:
    """Return the words around what was found, with a dot between what stands in different columns."""
    return " · ".join(part for line in around.splitlines() if (part := line.strip()))
