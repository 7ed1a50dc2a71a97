"""An open store: sessions, one transaction for each act, and the trail written in the same transaction."""

import hmac
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, event, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from app.models.base import Act
from app.store import trail
from app.store.engine import check_file, fault_of, make_engine, make_private
from app.store.faults import SaveFailed, StoreDamaged, StoreFault, StoreNewer
from app.store.file import StoreFile
from app.store.machine import stamp
from app.store.reserve import LEAST_FREE
from app.store.triggers import NEWEST

FILE = "vault.db"
_UNFINISHED = trail.TABLES["unfinished"]


class Store:
    """One encrypted database, held by this program alone until ``close``.

    ``before_first_write`` is called once, before whatever is written next; ``low_room`` says that fewer than
    ``least_free`` bytes were free, so that the reserve was given up, ``damaged`` lets nothing more be written, so that
    nothing gets worse.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self.before_first_write: Callable[[], None] | None = None
        self.low_room, self.least_free = False, LEAST_FREE
        self.damaged = False
        self._key = key
        self._file = StoreFile(folder / FILE)
        self._engine = make_engine(folder / FILE, key)
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)
        self._last = trail.Link()
        # the end of the trail as it is on the disk: behind ``end`` while acts wait to be saved together
        self.saved = self._last
        # whoever holds the turn may be sure that nothing is saved meanwhile
        self._turn = self.turn = threading.RLock()
        self._shared: tuple[int, Connection] | None = None
        self._acting = False
        self._unsure = False
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
    def open(cls, folder: Path, key: bytes, before_migrating: "Callable[[Store], object] | None" = None) -> "Store":
        """Return the store in ``folder``, brought to the newest form; raises ``StoreFault``.

        ``before_migrating`` is given the store as it is, where its form is an older one.
        """
        check_file(folder / FILE)
        store = cls(folder, key)
        try:
            if _revision(store._engine) != NEWEST:
                store._last = store.saved = _end(store._engine)
                if before_migrating is not None:
                    before_migrating(store)
                store._migrate()
            store._last = store.saved = _end(store._engine)
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
        self._file.close()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Give a session for reading, what it changed is not kept; raises ``StoreFault`` where the file is damaged."""
        try:
            with self._session() as session:
                yield session
        except DBAPIError as error:
            if fault := _of_the_disk(error):
                raise fault from None
            raise

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
        info = {"act": act, "kind": kind, "meeting": meeting, "case": case, "undoes": undoes, "told": told}
        with self._turn, self._alone():
            self._make_ready()
            last = None
            try:
                with self._session() as session:
                    session.info.update(info, changes=[])
                    with session.begin(), self._sharing(session.connection()):
                        yield session
                        session.flush()
                        last = trail.write(session, act, self._last, stamp())
                        self._file.check_place()
            except DBAPIError as error:
                fault = _of_the_disk(error)
                if fault is None:
                    raise
                if self._shared is not None or not self._is_kept(last):
                    raise self._file.answer(fault) from None
            else:
                self._last = last
                if self._shared is None:
                    self.saved = last

    @contextmanager
    def together(self) -> Iterator[None]:
        """Give a stretch in which all acts are saved together at its end, or none of them is."""
        with self._turn:
            self._make_ready()
            before, whole = self._last, False
            try:
                with self._engine.connect() as connection, connection.begin(), self._sharing(connection):
                    yield
                    self._file.check_place()
                    whole = True
                self.saved = self._last
            except DBAPIError as error:
                last, self._last = self._last, before
                fault = _of_the_disk(error)
                if fault is None:
                    raise
                if not self._is_kept(last if whole else None):
                    raise self._file.answer(fault) from None
            except StoreFault:
                self._is_kept(None)
                raise
            except BaseException:
                self._last = before
                raise

    def copy_to(
        self, out: BinaryIO, told: Callable[[int, int], None] | None = None, goes_on: Callable[[], bool] | None = None
    ) -> trail.Link:
        """Write the encrypted file to ``out``, byte for byte, and return the end of the trail that is in it.

        Nothing is saved meanwhile. ``told`` hears how many of how many bytes are done; once ``goes_on`` says no, raises
        ``CopyStopped``; raises ``StoreFault`` where the store cannot be read.
        """
        with self._turn:
            self._file.check_place()
            self._file.copy(out, told or (lambda _done, _of: None), goes_on or (lambda: True))
            return self._last

    @property
    def key(self) -> bytes:
        """The data key, for a check in a process of its own; never to be written anywhere."""
        return self._key

    def mac(self, label: bytes, data: bytes) -> bytes:
        """Return what only somebody with the data key can say of ``data``; another ``label``, another answer."""
        return hmac.digest(hmac.digest(self._key, label, "sha256"), data, "sha256")

    def keep_unfinished(self, words: Mapping[str, str], at: datetime) -> None:
        """Keep what stands half typed, by the name of its screen, in place of what was kept; nothing of it is recorded.

        It is on the disk when this returns; raises ``StoreFault`` where it cannot be.
        """
        rows = [{"screen": screen, "words": typed, "kept_at": at} for screen, typed in words.items()]
        with self._turn:
            self._make_ready()
            try:
                with self._engine.begin() as connection:
                    connection.execute(delete(_UNFINISHED))
                    if rows:
                        connection.execute(insert(_UNFINISHED), rows)
                    self._file.check_place()
            except DBAPIError as error:
                self._is_kept(None)
                raise self._file.answer(fault_of(error.orig or error)) from None

    def unfinished(self) -> dict[str, str]:
        """Return what was half typed when the store was closed, by the name of its screen."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_UNFINISHED.c.screen, _UNFINISHED.c.words)).all()
        return {row.screen: row.words for row in rows}

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

    def _make_ready(self) -> None:
        """Do what has to be done before anything is written."""
        if self.damaged:
            raise StoreDamaged
        before, self.before_first_write = self.before_first_write, None
        if before is not None:
            before()
        if self._unsure:
            self._is_kept(None)
        if self._unsure:
            raise SaveFailed
        self.low_room = self._file.make_room(self.least_free)

    def _is_kept(self, last: trail.Link | None) -> bool:
        """Begin afresh with what the disk holds after it refused something, and return whether ``last`` is in it.

        A commit can fail after its last byte was written; whoever then tried again would say the same thing twice.
        """
        self._unsure = True
        try:
            self._engine.dispose()
            self._last = self.saved = _end(self._engine)
            if self._last == last:
                self._file.flush()
        except (DBAPIError, StoreFault, OSError):
            return False
        self._unsure = False
        return self._last == last

    @property
    def end(self) -> trail.Link:
        """The last link of the trail."""
        return self._last

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Give the raw connection, for checks and copies."""
        with self._engine.connect() as connection:
            yield connection

    def _migrate(self) -> None:
        # Alembic takes three quarters of a second to import, and is needed for a new or old store only
        from app.store.migrating import UnknownRevision, upgrade

        try:
            upgrade(self._engine)
        except UnknownRevision:
            raise StoreNewer from None


def _end(engine: Engine) -> trail.Link:
    with engine.connect() as connection:
        return trail.end_of(connection)


def _revision(engine: Engine) -> str:
    with engine.connect() as connection:
        named = "SELECT name FROM sqlite_master WHERE name = 'alembic_version'"
        if connection.exec_driver_sql(named).first() is None:
            raise StoreDamaged
        return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def _only_through_records(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise RuntimeError("a change past the records would not be in the trail")


def _of_the_disk(error: DBAPIError) -> StoreFault | None:
    """Return the fault behind a driver's error; None where a constraint was broken, which is a defect of ours."""
    name = type(error.orig).__name__
    return fault_of(error.orig) if error.orig and name in {"OperationalError", "DatabaseError"} else None
