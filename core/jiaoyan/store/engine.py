"""The engine: SQLite in WAL mode. One connection a thread, one writer at a time, errors told in words."""

from __future__ import annotations

import atexit
import os
import sqlite3
import threading
import urllib.parse
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

from jiaoyan.errors import Busy, Damaged, JiaoyanError, Problem, ReadOnly
from jiaoyan.store.documents import load
from jiaoyan.store.filesystem import make_shared
from jiaoyan.store.lock import WriterLock

FORMAT = 1
"""The layout of the file (PRAGMA user_version). A newer one is read, never written."""
APPLICATION = 0x4A594B54
"""Marks the file as a store (PRAGMA application_id)."""
Row: TypeAlias = tuple[Any, ...]
Test: TypeAlias = Callable[[dict[str, Any]], bool]

IN_USE = "in-use"
"""Meta key: "1" while what was written may stand in the -wal alone. A copy that says so and has no -wal is incomplete."""

_PRAGMAS = (
    # trusted_schema stays on: off, 3.40.1 refuses JSON functions in generated columns. No mmap_size.
    "PRAGMA synchronous=FULL", "PRAGMA cache_size=-16000", "PRAGMA temp_store=MEMORY", "PRAGMA cell_size_check=ON",
    "PRAGMA journal_size_limit=67108864",
)
CLOSED = -1
FAULTS = (sqlite3.Error, UnicodeDecodeError)
"""What the engine raises; the second where a damaged file makes an error message that is no text."""
_left_by_fork: list[sqlite3.Connection] = []
_open_engines: weakref.WeakSet[Engine] = weakref.WeakSet()


def _fold(value: Any) -> str | None:
    """The engine may ask for any value before it looks at its type."""
    return value.casefold() if isinstance(value, str) else None


class Tests:
    """Tests in Python that the engine asks for by number. Knows nothing of its connection, which holds on to it unseen."""

    def __init__(self) -> None:
        self.failure: BaseException | None = None
        self._numbered: dict[int, Test] = {}

    def bound(self, params: Sequence[Any]) -> tuple[Any, ...]:
        """Parameters for the engine: a test goes in as its number."""
        if not any(map(callable, params)):
            return tuple(params)
        self._numbered = {number: value for number, value in enumerate(params) if callable(value)}
        return tuple(number if callable(value) else value for number, value in enumerate(params))

    def holds(self, number: int, body: bytes) -> bool:
        try:
            return bool(self._numbered[number](load(body)))
        except BaseException as error:
            self.failure = error  # SQLite would only say that a function raised
            raise


class Session:
    """What one thread of one process has open. Closes when its thread ends."""

    def __init__(self, connection: sqlite3.Connection, lock: WriterLock | None) -> None:
        self.connection, self.lock, self.process = connection, lock, os.getpid()
        self.depth = 0
        self.checked = -1
        """The data_version at which the format and the mark were last looked at."""
        self.ready: set[str] = set()
        """Tables that are known to be there, with their columns and indexes."""
        self.head: tuple[int, bytes] | None = None
        """The end of the history, while a transaction lasts."""
        self.changes: dict[int, tuple[str, str, str, int]] = {}
        self.schemas: set[str] = set()
        """Registers whose schema version is known to be written down, while a transaction lasts."""
        self.tests = Tests()
        self.bound = self.tests.bound
        connection.create_function("holds", 2, self.tests.holds)
        connection.create_function("fold", 1, _fold, deterministic=True)

    def close(self) -> None:
        if self.process == CLOSED:
            return
        if self.process != os.getpid():
            _left_by_fork.append(self.connection)  # closing it here could take the parent's -wal away
        else:
            self.connection.close()
            if self.lock is not None:
                self.lock.close()
        self.process = CLOSED

    def __del__(self) -> None:
        with suppress(sqlite3.Error, AttributeError, TypeError):  # its thread has ended, or the interpreter is going down
            self.close()


class Engine:
    """A store's file. Reading methods run outside or inside a transaction; writing belongs inside."""

    def __init__(self, path: Path, *, read_only: bool, deadline: float) -> None:
        self.path, self.read_only, self.deadline = path, read_only, deadline
        self.commits = 0
        self.lock_path = path.with_name(path.name + ".lock")
        self.incomplete = self._settled = False
        self._process = os.getpid()
        self._local = threading.local()
        self._sessions: weakref.WeakSet[Session] = weakref.WeakSet()
        self._gate = threading.Lock()
        self._closed = False
        if not read_only:
            make_shared(self.lock_path)
        self._anchor: Session | None = None
        """The opener's: while it stands, no thread that ends is the last to close, which would take the -wal away."""
        _open_engines.add(self)

    # ---- sessions ---------------------------------------------------------------------------------------------------
    @property
    def session(self) -> Session:
        """This thread's, in this process: a connection must not cross a fork."""
        found: Session | None = getattr(self._local, "session", None)
        if found is not None and found.process == os.getpid():
            return found
        if self._closed:
            raise JiaoyanError(Problem(str(self.path), "数据库已经关闭", "请重新打开"))
        if self._process != os.getpid():
            self._gate = threading.Lock()  # another thread may have held it when we were forked
            for inherited in self._all_sessions():
                inherited.close()
            self._process, self._anchor = os.getpid(), None
            self._sessions = weakref.WeakSet()
        self._local.session = session = self._connect()
        with self._gate:
            self._sessions.add(session)
        self._anchor = self._anchor or session
        return session

    def _all_sessions(self) -> list[Session]:
        with self._gate:
            return list(self._sessions)

    def _connect(self) -> Session:
        still = not os.access(self.path.parent, os.W_OK) and not self._beside("-wal").exists()
        mode = "mode=rw" if not self.read_only else "immutable=1" if still else "mode=ro"
        name = f"file:{urllib.parse.quote(str(self.path.absolute()))}?{mode}"
        with told(self.path):
            connection = sqlite3.connect(
                name, uri=True, isolation_level=None, timeout=self.deadline, check_same_thread=False, cached_statements=256
            )
            try:
                for pragma in _PRAGMAS:
                    connection.execute(pragma)
            except BaseException:
                connection.close()
                raise
        if self.read_only:
            return Session(connection, None)
        return Session(connection, WriterLock(self.lock_path))

    def _has_wal(self) -> bool:
        try:
            return self._beside("-wal").stat().st_size > 0
        except FileNotFoundError:
            return False

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    def close(self) -> None:
        """Close every thread's connection. The last one of all puts the -wal away, which no commit may meet."""
        if self._closed or self._process != os.getpid():
            self._closed = True
            return
        lock = None if self.read_only else WriterLock(self.lock_path)
        try:
            if lock is not None:
                with suppress(JiaoyanError, OSError):  # a store that can't be left properly is left anyhow
                    lock.acquire(self.deadline)
                    if self._settled and self._in_use():
                        self._mark("0")  # reaches the file with the last checkpoint, made by the last one to close
            self._closed = True
            for session in self._all_sessions():
                session.close()
        finally:
            self._closed = True
            self._anchor = None
            self._sessions.clear()
            if lock is not None:
                lock.close()

    def __del__(self) -> None:
        with suppress(Exception):  # never closed by hand; half made, or the interpreter is going down
            self.close()

    # ---- statements -------------------------------------------------------------------------------------------------
    def execute(self, text: str, params: Sequence[Any] = ()) -> sqlite3.Cursor:
        session = self.session
        try:
            return session.connection.execute(text, session.bound(params))
        except FAULTS as error:
            raise self._cause(session, error) from error

    def rows(self, text: str, params: Sequence[Any] = ()) -> list[Row]:
        """All rows at once: an open cursor would hold its snapshot, and with it the -wal."""
        session = self.session
        try:
            return session.connection.execute(text, session.bound(params)).fetchall()
        except FAULTS as error:
            raise self._cause(session, error) from error

    def stream(self, text: str, params: Sequence[Any] = ()) -> Iterator[Row]:
        """Row by row, within `moment()`: for what is too much to hold."""
        session = self.session
        try:
            yield from session.connection.execute(text, session.bound(params))
        except FAULTS as error:
            raise self._cause(session, error) from error

    def row(self, text: str, params: Sequence[Any] = ()) -> Row | None:
        session = self.session
        try:
            cursor = session.connection.execute(text, session.bound(params))
            found: Row | None = cursor.fetchone()
            cursor.close()
        except FAULTS as error:
            raise self._cause(session, error) from error
        return found

    def many(self, text: str, params: Iterator[Sequence[Any]]) -> None:
        try:
            self.session.connection.executemany(text, params)
        except FAULTS as error:
            raise words_for(error, self.path) from error

    def _cause(self, session: Session, error: Exception) -> BaseException:
        if session.tests.failure is not None:
            failure, session.tests.failure = session.tests.failure, None
            return failure
        return words_for(error, self.path)

    # ---- transactions -----------------------------------------------------------------------------------------------
    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Re-entrant. All or nothing, on disk when it ends. Raises ReadOnly, Busy, and JiaoyanError for a full disk."""
        if self.read_only:
            raise ReadOnly(Problem(str(self.path), "数据库是只读打开的,不能修改", "请检查文件夹的写权限,或去掉只读选项"))
        session = self.session
        if session.depth:
            session.depth += 1
            try:
                yield
            finally:
                session.depth -= 1
            return
        assert session.lock is not None
        session.lock.acquire(self.deadline)
        try:
            self._begin(session)
            try:
                yield
                self.execute("COMMIT")
                self.commits += 1
            except BaseException:
                session.ready.clear()
                if session.connection.in_transaction:
                    with suppress(sqlite3.Error):
                        session.connection.execute("ROLLBACK")
                raise
            finally:
                session.depth = 0
        finally:
            session.lock.release()

    def _begin(self, session: Session) -> None:
        self.execute("BEGIN IMMEDIATE")
        try:
            version = session.connection.execute("PRAGMA data_version").fetchone()[0]
            if version != session.checked:  # somebody else has written since
                self._check_others(session)
                session.checked = session.connection.execute("PRAGMA data_version").fetchone()[0]
        except BaseException:
            if session.connection.in_transaction:
                session.connection.execute("ROLLBACK")
            raise
        session.depth, session.head = 1, None
        session.changes.clear()
        session.schemas.clear()

    def _check_others(self, session: Session) -> None:
        if session.connection.execute("PRAGMA user_version").fetchone()[0] > FORMAT:
            raise newer(self.path)  # migrated under us
        if not self._in_use():
            self._mark("1")
            self.execute("COMMIT")
            self.rows("PRAGMA wal_checkpoint(PASSIVE)")  # into the file itself, before anything stands in the -wal alone
            self.execute("BEGIN IMMEDIATE")

    def _mark(self, value: str) -> None:
        self.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (IN_USE, value))

    def settle(self, check: Callable[[], None]) -> None:
        """At opening: `check` the format, switch to WAL where it is off, and notice a copy that lost its -wal."""
        lock = None if self.read_only else WriterLock(self.lock_path)
        try:
            if lock is not None:
                lock.acquire(self.deadline)  # or somebody's first write could come between the looks at -wal and mark
            had_wal = self._has_wal()
            check()
            self.incomplete = not had_wal and self._in_use()
            if lock is not None and self.rows("PRAGMA journal_mode")[0][0] != "wal":
                self.rows("PRAGMA journal_mode=WAL")
            if lock is not None and self.incomplete:
                self.execute("INSERT OR REPLACE INTO meta VALUES ('incomplete','1')")
            self._settled = True
        finally:
            if lock is not None:
                lock.close()

    def _in_use(self) -> bool:
        return self.row("SELECT value FROM meta WHERE key=?", (IN_USE,)) == ("1",)

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """This thread's bare connection while no other writes, for what the engine does in a transaction of its own."""
        session = self.session
        if session.lock is None or session.depth:
            raise ReadOnly(Problem(str(self.path), "数据库是只读打开的,不能修改", "请去掉只读选项"))
        session.lock.acquire(self.deadline)
        try:
            yield session.connection
            self.commits += 1
        finally:
            self.forget_tables()
            session.lock.release()

    def forget_tables(self) -> None:
        """They may not be there any more: every session looks again."""
        for session in self._all_sessions():
            session.ready.clear()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Several reads of one and the same state, while others write. Nothing can be written inside."""
        session = self.session
        if session.connection.in_transaction:
            yield
            return
        self.execute("BEGIN")
        try:
            yield
        finally:
            if session.connection.in_transaction:
                session.connection.execute("ROLLBACK")

    @property
    def in_transaction(self) -> bool:
        return self.session.depth > 0

    def token(self) -> tuple[int, int]:
        found: int = self.session.connection.execute("PRAGMA data_version").fetchone()[0]
        return found, self.commits


@atexit.register
def _close_all() -> None:
    for engine in list(_open_engines):
        with suppress(JiaoyanError):
            engine.close()


# ---- words ----------------------------------------------------------------------------------------------------------
def newer(path: Path) -> ReadOnly:
    return ReadOnly(Problem(str(path), "数据库由更新版本的程序写成,本程序只能读", "请升级教研台,再重新打开"))


def words_for(error: Exception, path: Path) -> Exception:
    """What a person is told. An IntegrityError is the table's to explain."""
    if isinstance(error, sqlite3.IntegrityError):
        return error
    if isinstance(error, UnicodeDecodeError):
        return damaged(path, "连出错的说明也读不出来")
    name = getattr(error, "sqlite_errorname", None) or ""
    where = str(path)
    if name.startswith("SQLITE_FULL") or name in ("SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE"):
        return JiaoyanError(Problem(where, "磁盘已满或写不进去,这次修改没有保存,已有数据没有受损", "请清理磁盘空间后重新打开再试"))
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return damaged(path)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Busy(Problem(where, "数据库正被别的程序占用", "请稍后再试"))
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return ReadOnly(Problem(where, "没有读写这个数据库的权限", "请检查文件和文件夹的权限(应为同组可写)"))
    if name.startswith("SQLITE_IOERR"):
        return JiaoyanError(Problem(where, f"读写磁盘出错({name})", "请检查磁盘,再用 jiaoyan verify 核对"))
    if str(error).startswith(("no such table", "no such column")):
        return ReadOnly(Problem(where, "数据库的结构已被别人改变", "请重新打开"))
    if any(sign in str(error) for sign in ("malformed JSON", "Could not decode", "malformed database")):
        return damaged(path, "有内容读不出来")
    return error


def damaged(path: Path, detail: str = "") -> Damaged:
    what = "数据库已损坏" + (f":{detail}" if detail else "")
    return Damaged(Problem(str(path), what, "请停止使用,先复制一份留底,再用 jiaoyan restore 恢复最近的备份"))


@contextmanager
def told(path: Path) -> Iterator[None]:
    try:
        yield
    except FAULTS as error:
        raise words_for(error, path) from error
