"""An open store: sessions, one transaction for each act, and the trail written in the same transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from app.models.audit import AuditEntry
from app.models.base import Act
from app.store import trail
from app.store.engine import PLAIN_HEADER, copy_database, fault_of, make_engine
from app.store.faults import StoreDamaged, StoreFault, StoreMissing, StoreNewer
from app.store.machine import stamp
from app.store.triggers import NEWEST

FILE = "vault.db"


class Store:
    """One encrypted database, held by this program alone until ``close``."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self._key = key
        self._engine = make_engine(folder / FILE, key)
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)
        self._last = trail.Link()
        self._shared: Connection | None = None
        event.listen(self._sessions, "after_flush", lambda session, _context: trail.gather(session))
        event.listen(self._sessions, "do_orm_execute", _only_through_records)

    @classmethod
    def create(cls, folder: Path, key: bytes, act: Act) -> "Store":
        """Return a new store in ``folder`` with every table and trigger, and the first entry of its trail."""
        store = cls(folder, key)
        try:
            store._migrate()
            (folder / FILE).chmod(0o600)
            with store.begin(act, "store.created"):
                pass
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def open(cls, folder: Path, key: bytes) -> "Store":
        """Return the store in ``folder``, brought to the newest form; raises ``StoreFault``."""
        path = folder / FILE
        if not path.is_file() or path.stat().st_size == 0:
            raise StoreMissing
        with path.open("rb") as file:
            if file.read(16) == PLAIN_HEADER:
                raise StoreDamaged
        store = cls(folder, key)
        try:
            if store._revision() != NEWEST:
                store._migrate()
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
    def begin(self, act: Act, kind: str, meeting: UUID | None = None, undoes: int | None = None) -> Iterator[Session]:
        """Give the session of one act: all of it is saved together with its entry in the trail, or nothing is.

        ``kind`` names the act, ``meeting`` the meeting it is of. Raises ``StoreFault`` where it cannot be saved.
        """
        with self._session() as session:
            session.info.update(act=act, kind=kind, meeting=meeting, undoes=undoes, changes=[])
            try:
                with session.begin():
                    yield session
                    session.flush()
                    last = trail.write(session, act, self._last, stamp())
            except DBAPIError as error:
                if fault := _of_the_disk(error):
                    raise fault from None
                raise
            self._last = last

    @contextmanager
    def together(self) -> Iterator[None]:
        """Give a stretch in which all acts are saved together at its end, or none of them is."""
        before = self._last
        try:
            with self._engine.connect() as connection, connection.begin():
                self._shared = connection
                yield
        except BaseException as error:
            self._last = before
            fault = _of_the_disk(error) if isinstance(error, DBAPIError) else None
            if fault:
                raise fault from None
            raise
        finally:
            self._shared = None

    def copy_to(self, path: Path) -> None:
        """Write an encrypted copy of the database, under the same key, to ``path``, which must not exist."""
        raw = self._engine.raw_connection()
        try:
            copy_database(raw.driver_connection, path, self._key)
        except DBAPIError as error:
            raise fault_of(error.orig or error) from None
        finally:
            raw.close()

    def _session(self) -> Session:
        if self._shared is None:
            return self._sessions()
        return self._sessions(bind=self._shared, join_transaction_mode="create_savepoint")

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

    def _revision(self) -> str | None:
        with self._engine.connect() as connection:
            known = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return None if known is None else str(known)

    def _migrate(self) -> None:
        # Alembic takes three quarters of a second to import, and is needed for a new or old store only
        from app.store.migrating import UnknownRevision, upgrade

        try:
            upgrade(self._engine)
        except UnknownRevision:
            raise StoreNewer from None


def _only_through_records(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and "act" not in state.session.info:
        raise RuntimeError("a change outside an act would not be in the trail")


def _of_the_disk(error: DBAPIError) -> StoreFault | None:
    """Return the fault behind a driver's error; None where a constraint was broken, which is a defect of ours."""
    name = type(error.orig).__name__
    return fault_of(error.orig) if error.orig and name in {"OperationalError", "DatabaseError"} else None
