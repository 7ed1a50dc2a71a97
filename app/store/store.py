"""An open store: sessions, one transaction for each act, and the trail written in the same transaction."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, event, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from app.models.audit import AuditEntry
from app.models.base import Act
from app.store import trail
from app.store.engine import check_file, copy_database, fault_of, make_engine, make_private
from app.store.faults import StoreDamaged, StoreFault, StoreMissing, StoreNewer
from app.store.machine import stamp
from app.store.triggers import NEWEST

FILE = "vault.db"
_UNFINISHED = trail.TABLES["unfinished"]


class Store:
    """One encrypted database, held by this program alone until ``close``."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self._key = key
        self._engine = make_engine(folder / FILE, key)
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)
        self._last = trail.Link()
        self._turn = threading.RLock()
        self._shared: tuple[int, Connection] | None = None
        self._file: tuple[int, int] | None = None
        self._acting = False
        event.listen(self._sessions, "after_flush", lambda session, _context: trail.gather(session))
        event.listen(self._sessions, "do_orm_execute", _only_through_records)

    @classmethod
    def create(cls, folder: Path, key: bytes, act: Act) -> "Store":
        """Return a new store in ``folder`` with every table and trigger, and the first entry of its trail."""
        path = folder / FILE
        make_private(path)
        store = cls(folder, key)
        try:
            store._migrate()
            store._file = _identity(path)
            with store.begin(act, "store.created"):
                pass
        except BaseException as error:
            store.close()
            for made in (path, path.with_name(f"{FILE}-journal")):
                made.unlink(missing_ok=True)
            if isinstance(error, DBAPIError):
                raise fault_of(error.orig or error) from None
            raise
        return store

    @classmethod
    def open(cls, folder: Path, key: bytes) -> "Store":
        """Return the store in ``folder``, brought to the newest form; raises ``StoreFault``."""
        path = folder / FILE
        check_file(path)
        store = cls(folder, key)
        try:
            if store._revision() != NEWEST:
                store._migrate()
            store._file = _identity(path)
            store._last = store._end()
        except DBAPIError as error:
            store.close()
            raise fault_of(error.orig or error) from None
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session for reading; what it changed is not kept."""
        with self._session() as session:
            yield session

    @contextmanager
    def begin(
        self,
        act: Act,
        kind: str,
        meeting: UUID | None = None,
        *,
        case: UUID | None = None,
        undoes: int | None = None,
        told: Mapping[str, Any] | None = None,
    ) -> Iterator[Session]:
        """Give the session of one act: all of it is saved together with its entry in the trail, or nothing is.

        ``kind`` names the act, ``meeting`` or ``case`` what it is of; ``told`` is what the entry says of an act beyond
        the rows it changed, such as the digest of a file that was given out. Raises ``StoreFault`` where it cannot be
        saved.
        """
        with self._turn, self._alone(), self._session() as session:
            session.info.update(act=act, kind=kind, meeting=meeting, case=case, undoes=undoes, told=told, changes=[])
            try:
                with session.begin(), self._sharing(session.connection()):
                    yield session
                    session.flush()
                    last = trail.write(session, act, self._last, stamp())
                    self._check_place()
            except DBAPIError as error:
                if fault := _of_the_disk(error):
                    raise fault from None
                raise
            self._last = last

    @contextmanager
    def together(self) -> Iterator[None]:
        """Give a stretch in which all acts are saved together at its end, or none of them is."""
        with self._turn:
            before = self._last
            try:
                with self._engine.connect() as connection, connection.begin(), self._sharing(connection):
                    yield
                    self._check_place()
            except BaseException as error:
                self._last = before
                fault = _of_the_disk(error) if isinstance(error, DBAPIError) else None
                if fault:
                    raise fault from None
                raise

    def copy_to(self, path: Path) -> None:
        """Write an encrypted copy of the database, under the same key, to ``path``, which must not exist."""
        raw = self._engine.raw_connection()
        try:
            copy_database(raw.driver_connection, path, self._key)
        except DBAPIError as error:
            raise fault_of(error.orig or error) from None
        finally:
            raw.close()

    def keep_unfinished(self, words: Mapping[str, str], at: datetime) -> None:
        """Keep what stands half typed, by the name of its screen, in place of what was kept; nothing of it is recorded.

        It is on the disk when this returns; raises ``StoreFault`` where it cannot be.
        """
        rows = [{"screen": screen, "words": typed, "kept_at": at} for screen, typed in words.items()]
        try:
            with self._turn, self._engine.begin() as connection:
                connection.execute(delete(_UNFINISHED))
                if rows:
                    connection.execute(insert(_UNFINISHED), rows)
                self._check_place()
        except DBAPIError as error:
            raise fault_of(error.orig or error) from None

    def unfinished(self) -> dict[str, str]:
        """Return what was half typed when the store was closed, by the name of its screen."""
        with self._engine.connect() as connection:
            return dict(connection.execute(select(_UNFINISHED.c.screen, _UNFINISHED.c.words)).tuples().all())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Refuse an act inside an act: the outer one could no longer be taken back whole."""
        if self._acting:
            raise RuntimeError("an act inside an act")
        self._acting = True
        try:
            yield
        finally:
            self._acting = False

    @contextmanager
    def _sharing(self, connection: Connection) -> Iterator[None]:
        """Let what this thread opens meanwhile use ``connection``: there is only one, it would wait for itself."""
        before, self._shared = self._shared, (threading.get_ident(), connection)
        try:
            yield
        finally:
            self._shared = before

    def _session(self) -> Session:
        shared = self._shared
        if shared is None or shared[0] != threading.get_ident():
            return self._sessions()
        return self._sessions(bind=shared[1], join_transaction_mode="create_savepoint")

    def _check_place(self) -> None:
        """Raise ``StoreMissing`` where the folder has gone: the system would go on writing to a file without a name."""
        if self._file is not None and _identity(self.folder / FILE) != self._file:
            raise StoreMissing

    @property
    def end(self) -> trail.Link:
        """The last link of the trail."""
        return self._last

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Give the raw connection, for checks and copies."""
        with self._engine.connect() as connection:
            yield connection

    def _end(self) -> trail.Link:
        with self.read() as session:
            row = session.execute(
                select(AuditEntry.seq, AuditEntry.digest).order_by(AuditEntry.seq.desc()).limit(1)
            ).first()
        return trail.Link(row.seq, row.digest) if row else trail.Link()

    def _revision(self) -> str:
        with self._engine.connect() as connection:
            named = "SELECT name FROM sqlite_master WHERE name = 'alembic_version'"
            if connection.exec_driver_sql(named).first() is None:
                raise StoreDamaged
            return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())

    def _migrate(self) -> None:
        # Alembic takes three quarters of a second to import, and is needed for a new or old store only
        from app.store.migrating import UnknownRevision, upgrade

        try:
            upgrade(self._engine)
        except UnknownRevision:
            raise StoreNewer from None


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from one put in its place; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _only_through_records(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise RuntimeError("a change past the records would not be in the trail")


def _of_the_disk(error: DBAPIError) -> StoreFault | None:
    """Return the fault behind a driver's error; None where a constraint was broken, which is a defect of ours."""
    name = type(error.orig).__name__
    return fault_of(error.orig) if error.orig and name in {"OperationalError", "DatabaseError"} else None
