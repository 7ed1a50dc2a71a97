"""Rows about the store: saving a statement, opening, verifying the trail."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import UUID

import rfc8785
from sqlalchemy import insert

from app import resources
from app.models.audit import AuditEntry
from app.models.base import Act, uuid7
from app.models.case import Case
from app.models.meeting import Meeting, State
from app.practice.reading import files_of, read_files
from app.services import cases, entries, meetings, table
from app.services.sitting import Sitting
from app.store.engine import connect
from app.store.store import FILE, Store
from app.store.trail import Link, breaks, commitment, link
from tests.bench.row import Row, p95, ratio_row, seconds

START = datetime(2026, 12, 10, 10, tzinfo=UTC)
TEXT = "Seen at home on 3 December by the health visitor, alone, playing; nothing of note on face, arms or legs. "


class Ticking:
    """A clock that moves a hundredth of a second at each look."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        """The next moment."""
        self.at += timedelta(milliseconds=10)
        return self.at


@contextmanager
def a_sitting() -> Iterator[Sitting]:
    """A sitting at a new store in a temporary folder."""
    with TemporaryDirectory() as folder:
        clock = Ticking()
        store = Store.create(Path(folder), os.urandom(32), Act("Bench", clock(), os.urandom))
        files = files_of(resources.folder("packs", "england"))
        try:
            yield Sitting(store, read_files(files), dict(files), "Bench", clock, os.urandom)
        finally:
            store.close()


def a_meeting(sitting: Sitting) -> tuple[UUID, UUID, str]:
    """A started meeting: its id, a speaker, and its first item."""
    case = cases.open_case(sitting, "BENCH-1")
    child = cases.add_child(sitting, case.id, "Robin Sample")
    meeting = meetings.prepare(sitting, case.id, sitting.pack.meeting_types[0].id, [child.id], planned_at=START)
    speaker = table.invite(sitting, meeting.id, "Ash Example", sector="police", role="ds")
    table.arrive(sitting, speaker.id)
    meetings.start(sitting, meeting.id)
    return meeting.id, speaker.id, sitting.pack.meeting_types[0].agenda[0].id


def statement_saved(runs: int = 400) -> Row:
    """One typed statement through the service, against a raw transaction that writes the same rows."""
    with a_sitting() as sitting, TemporaryDirectory() as folder:
        meeting, speaker, item = a_meeting(sitting)
        raw_key = os.urandom(32)
        Store.create(Path(folder), raw_key, Act("Bench", START, os.urandom)).close()
        entries.record_statement(sitting, meeting, item, TEXT, speaker=speaker)
        with sitting.store.connection() as connection:
            said = connection.exec_driver_sql("SELECT * FROM statement").first()
            noted = connection.exec_driver_sql("SELECT * FROM audit_entry ORDER BY seq DESC LIMIT 1").first()
        raw = connect(Path(folder) / FILE, raw_key)
        raw.execute("PRAGMA foreign_keys = 0")
        number = iter(range(10_000, 10**9))

        def by_hand() -> None:
            raw.execute("BEGIN")
            raw.execute(
                f"INSERT INTO statement VALUES ({','.join('?' * len(said))})", (os.urandom(16).hex(), *said[1:])
            )
            raw.execute(f"INSERT INTO audit_entry VALUES ({','.join('?' * len(noted))})", (next(number), *noted[1:]))
            raw.execute("COMMIT")

        ours, theirs = [], []
        for turn in range(runs + 20):
            a = seconds(lambda: entries.record_statement(sitting, meeting, item, TEXT, speaker=speaker))
            b = seconds(by_hand)
            if turn >= 20:
                ours.append(a)
                theirs.append(b)
        raw.close()
    figures = {
        "ours_s": median(ours),
        "yardstick_s": median(theirs),
        "ours_p95_s": p95(ours),
        "yardstick_p95_s": p95(theirs),
    }
    return Row("one typed statement saved, p95", round(p95(ours) / p95(theirs), 3), 3.0, figures)


def _filled(folder: Path, key: bytes, count: int) -> None:
    store = Store.create(folder, key, Act("Bench", START, os.urandom))
    ids = [uuid7(START + timedelta(microseconds=n), os.urandom(8)) for n in range(count)]
    with store.connection() as connection, connection.begin():
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = 1")
        connection.exec_driver_sql(
            "INSERT INTO pack_copy VALUES ('d', 'england', '1', '2026-12-10 10:00:00.000000', x'00')"
        )
        connection.execute(
            insert(Case), [{"id": i, "reference": f"CS-{n}", "opened_at": START} for n, i in enumerate(ids)]
        )
        connection.execute(
            insert(Meeting),
            [
                {
                    "id": i, "case_id": i, "reference": f"CM-2026-{n:06}", "type_id": "strategy_initial",
                    "pack_digest": "d", "planned_at": START, "method": "telephone", "venue": "", "reason": "",
                    "state": State.SEALED if n > 5 else State.PREPARED, "circumstances": [], "current_item": "",
                }
                for n, i in enumerate(ids)
            ],
        )  # fmt: skip
    store.close()


def opening(runs: int = 30) -> Row:
    """Opening a store of 10,000 meetings and what the home page asks of it, against one of 100."""
    files = files_of(resources.folder("packs", "england"))
    pack = read_files(files)
    with TemporaryDirectory() as folder:
        key = os.urandom(32)
        for count in (100, 10_000):
            (Path(folder) / str(count)).mkdir()
            _filled(Path(folder) / str(count), key, count)

        def open_and_look(count: int) -> None:
            store = Store.open(Path(folder) / str(count), key)
            sitting = Sitting(store, pack, dict(files), "Bench", Ticking(), os.urandom)
            meetings.list_meetings(sitting, (State.PREPARED, State.IN_SESSION, State.ADJOURNED))
            cases.dates_due(sitting)
            cases.list_cases(sitting, limit=50)
            store.close()

        return ratio_row(
            "opening a store of 10,000 meetings", 1.2, lambda: open_and_look(10_000), lambda: open_and_look(100), runs
        )


def _trail(store: Store, count: int) -> int:
    """Fill a store's trail with ``count`` entries and return how many bytes they cover."""
    last, rows, size = Link(), [], 0
    told = {
        "boot": "b" * 36,
        "case": None,
        "device": "bench",
        "mono": "1",
        "tz": "Europe/London",
        "v": 2,
        "who": "Bench",
    }
    told |= {"act": "statement.recorded", "at": START.isoformat(), "happened": START.isoformat()}
    for seq in range(1, count + 1):
        change = {
            "table": "statement",
            "op": "insert",
            "id": f"{seq:032x}",
            "before": None,
            "after": {"text": TEXT * 4},
        }
        payload, salt = rfc8785.dumps({"changes": [change]}), os.urandom(16)
        head = rfc8785.dumps(
            {**told, "c": commitment(salt, payload), "meeting": None, "seq": seq, "undoes": None}
        ).decode()
        last = Link(seq, link(last.digest, seq, head))
        rows.append(
            {
                "seq": seq, "at": START, "kind": "statement.recorded", "head": head, "digest": last.digest,
                "salt": salt, "payload": payload,
            }
        )  # fmt: skip
        size += len(head) + len(payload) + len(salt)
    with store.connection() as connection, connection.begin():
        connection.exec_driver_sql("DROP TRIGGER sealed_audit_entry_delete")
        connection.exec_driver_sql("DELETE FROM audit_entry")
        connection.execute(insert(AuditEntry), rows)
    return size


def trail_verified(count: int = 10_000, longer: int = 100_000, runs: int = 5) -> list[Row]:
    """Verifying a short and a long trail against SHA-256 of the same bytes, and the long one against the short one."""
    with TemporaryDirectory() as one, TemporaryDirectory() as two:
        stores = [Store.create(Path(f), os.urandom(32), Act("Bench", START, os.urandom)) for f in (one, two)]
        short, long = (os.urandom(_trail(s, n)) for s, n in zip(stores, (count, longer), strict=True))

        def verified(store: Store) -> None:
            with store.connection() as connection:
                found = list(breaks(connection))
                if found:
                    raise RuntimeError("the bench's own trail does not verify")

        name = "verifying an audit trail"
        rows = [
            ratio_row(f"{name} of {n:,}", 10.0, partial(verified, s), lambda of=of: hashlib.sha256(of).digest(), runs)
            for s, n, of in zip(stores, (count, longer), (short, long), strict=True)
        ]
        # a little over ten times as long: the longer one does not fit the database's memory
        linear = ratio_row(
            f"{name}, ten times as long", 16.0, partial(verified, stores[1]), partial(verified, stores[0]), runs
        )
        for store in stores:
            store.close()
    return [*rows, linear]
