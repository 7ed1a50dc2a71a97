"""A copy of a store's database under another key."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from app.store.engine import fault_of, make_private
from app.store.store import Store

PAGES_AT_ONCE = 512


def copy_under(store: Store, path: Path, key: bytes, told: Callable[[int, int], None]) -> None:
    """Write the database of ``store`` to a new file at ``path`` under ``key``, page by page.

    Whoever calls holds the store's turn, so that nothing is saved behind the copy. ``told`` hears how many of how many
    pages are done. Raises ``StoreFault``.
    """
    make_private(path)
    copy = sqlcipher.connect(path, isolation_level=None)
    try:
        copy.execute("PRAGMA cipher_log_level = NONE")
        copy.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        with store.connection() as connection:
            source: Any = connection.connection.driver_connection
            source.backup(copy, pages=PAGES_AT_ONCE, progress=lambda _status, left, of: told(of - left, of))
    except sqlcipher.DatabaseError as error:
        raise fault_of(error) from None
    finally:
        copy.close()
