"""The connection to the encrypted database: one of them, with every setting asserted each time it is opened.

Journal mode, synchronisation and locking follow ``resources/docs/decisions/0040-journal-mode.md``.
"""

import errno
import os
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from app.store.faults import (
    DiskFull,
    SaveFailed,
    StoreDamaged,
    StoreEmpty,
    StoreFault,
    StoreInTheWay,
    StoreInUse,
    StoreMissing,
    StoreReadOnly,
)

PRAGMAS: dict[str, int | str] = {
    "journal_mode": "truncate",
    "synchronous": 2,
    "locking_mode": "exclusive",
    "temp_store": 2,
    "secure_delete": 1,
    "mmap_size": 0,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "foreign_keys": 1,
    # without it INSERT OR REPLACE takes a row away behind the back of the triggers that protect it
    "recursive_triggers": 1,
    "cache_size": -65536,
}
WAIT_SECONDS = 1.0
PLAIN_HEADER = b"SQLite format 3\x00"


def make_engine(path: Path, key: bytes) -> Engine:
    """Return the engine for the database at ``path`` under the raw 256-bit ``key``; it holds one connection."""
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: connect(path, key),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=30,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def connect(path: Path, key: bytes) -> sqlcipher.Connection:
    """Return a keyed connection that holds the file alone, or raise the ``StoreFault`` that says why not."""
    if not path.parent.is_dir():
        raise StoreMissing
    # the journal is made beside the file, and a folder that refuses it would show only at the first save
    if not os.access(path.parent, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.R_OK | os.W_OK)):
        raise StoreReadOnly
    try:
        # isolation_level=None: the driver never begins or commits by itself
        database = sqlcipher.connect(path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
    except sqlcipher.OperationalError as error:
        raise fault_of(error) from None
    try:
        _settle(database, key)
    except (sqlcipher.OperationalError, sqlcipher.DatabaseError) as error:
        database.close()
        raise fault_of(error) from None
    except BaseException:
        database.close()
        raise
    return database


def _settle(database: sqlcipher.Connection, key: bytes) -> None:
    database.execute("PRAGMA cipher_log_level = NONE")
    database.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    if not database.execute("PRAGMA cipher_version").fetchone():
        raise RuntimeError("SQLCipher is not linked: the store would not be encrypted")
    database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    for name, value in PRAGMAS.items():
        database.execute(f"PRAGMA {name} = {value}").fetchall()
        if database.execute(f"PRAGMA {name}").fetchone()[0] != value:
            raise RuntimeError(f"the database refused the setting {name}")
    # take the lock now, not at the first write: a second program is then refused at once
    database.execute("BEGIN EXCLUSIVE")
    database.execute("COMMIT")


def check_file(path: Path) -> None:
    """Raise the ``StoreFault`` that says why the file at ``path`` cannot be a store of ours."""
    try:
        with path.open("rb") as file:
            begin = file.read(len(PLAIN_HEADER))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise StoreMissing from None
    except OSError:
        raise StoreReadOnly from None
    if not begin:
        raise StoreEmpty
    if begin == PLAIN_HEADER:
        raise StoreDamaged


def make_private(path: Path) -> None:
    """Make an empty file that only this person may read; raises the ``StoreFault`` that says why not."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise StoreInTheWay from None
    except (FileNotFoundError, NotADirectoryError):
        raise StoreMissing from None
    except OSError as error:
        raise (DiskFull if error.errno == errno.ENOSPC else StoreReadOnly) from None


def fault_of(error: BaseException) -> StoreFault:
    """Return what a driver's error means for the person."""
    words = str(error).lower()
    for sign, fault in (
        ("locked", StoreInUse),
        ("busy", StoreInUse),
        ("readonly", StoreReadOnly),
        ("read-only", StoreReadOnly),
        ("full", DiskFull),
        ("unable to open", StoreMissing),
        ("not a database", StoreDamaged),
        ("malformed", StoreDamaged),
        ("corrupt", StoreDamaged),
    ):
        if sign in words:
            return fault()
    return SaveFailed()
