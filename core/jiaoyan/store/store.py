"""Store: a school's database. TinyDB's interface, transactions, history and entries over one durable file."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any, Self

from tinydb import TinyDB
from tinydb.table import Document

from jiaoyan.errors import BadInput, Damaged, NotFound, Problem, ReadOnly
from jiaoyan.store import entries as entry_table
from jiaoyan.store import filesystem
from jiaoyan.store.engine import APPLICATION, FORMAT, IN_USE, Engine, damaged, newer, told
from jiaoyan.store.entries import Entries
from jiaoyan.store.history import SCHEMA as HISTORY_SCHEMA
from jiaoyan.store.history import ChangeHead, History, HistoryRow
from jiaoyan.store.spec import DOUBLED, TableSpec, make_table, relation
from jiaoyan.store.storage import EngineStorage
from jiaoyan.store.tables import StoreTable
from jiaoyan.store.verify import check, check_engine

SQLITE = b"SQLite format 3\0"
DEADLINE = 10.0
_DOUBLED = (len(DOUBLED) + 1, DOUBLED, DOUBLED[:-1] + ";")


class Store(TinyDB):
    """Made by `Store.create` and `Store.open`; close it when done, or use it as a context manager."""

    table_class: type[StoreTable] = StoreTable
    filesystem_of: Callable[[Path], str] = staticmethod(filesystem.kind_of)
    _opened = False

    def __init__(self, path: Path, *, read_only: bool = False, deadline: float = DEADLINE) -> None:
        self.engine = Engine(path, read_only=read_only, deadline=deadline)
        self._rows = EngineStorage(self.engine)
        self._storage, self._tables = self._rows, {}
        self._made: dict[str, StoreTable] = {}
        self._specs: dict[str, TableSpec] = {}
        self.path, self.read_only = path, read_only
        self.entries, self.history = Entries(self.engine), History(self.engine)
        self._opened = True

    # ---- opening ----------------------------------------------------------------------------------------------------
    @classmethod
    def create(cls, path: Path) -> Store:
        """A new store. Raises BadInput where there is a file already."""
        if path.exists():
            raise BadInput(Problem(str(path), "已有这个文件,不会覆盖它", "请换一个名字,或先移走它"))
        if not path.parent.is_dir():
            raise NotFound(Problem(str(path.parent), "没有这个文件夹", "请先建立它"))
        filesystem.refuse_network(path, cls.filesystem_of(path.parent))
        new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
        try:
            filesystem.make_shared(new)
            lay_out(new)
            os.link(new, path)  # whole or not at all
        except FileExistsError:
            raise BadInput(Problem(str(path), "已有这个文件,不会覆盖它", "请换一个名字,或先移走它")) from None
        except PermissionError:
            raise ReadOnly(Problem(str(path.parent), "没有在这个文件夹里建文件的权限", "请检查文件夹的权限")) from None
        finally:
            new.unlink(missing_ok=True)
        filesystem.sync_folder(path.parent)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, deadline: float = DEADLINE) -> Store:
        """Raises NotFound, Damaged, ReadOnly (a newer format, no right to write) and BadInput (a network folder)."""
        if not path.is_file():
            raise NotFound(Problem(str(path), "没有这个数据库文件", "请检查路径;新建学校用 jiaoyan init"))
        filesystem.refuse_network(path, cls.filesystem_of(path.parent))
        if not read_only and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            raise ReadOnly(Problem(str(path), "没有写这个数据库的权限", "请检查文件和文件夹的权限(应为同组可写),或只读打开"))
        store = cls(path, read_only=read_only, deadline=deadline)
        try:
            store.engine.settle(store._check_format)
        except BaseException:
            store.close()
            raise
        return store

    def _check_format(self) -> None:
        try:
            application = self.engine.rows("PRAGMA application_id")[0][0]
            version = self.engine.rows("PRAGMA user_version")[0][0]
            tables = {row[0] for row in self.engine.rows("SELECT name FROM sqlite_master WHERE type='table'")}
        except Damaged:
            raise damaged(self.path, "打不开,或不是数据库文件") from None
        if application != APPLICATION:
            raise Damaged(Problem(str(self.path), "不是教研台的数据库", "请检查路径"))
        if version > FORMAT and not self.read_only:
            raise newer(self.path)
        if not {"meta", "change", "history", "entry"} <= tables:
            raise damaged(self.path, "缺少必要的表")

    def close(self) -> None:
        self._opened = False
        self.engine.close()

    # ---- tables -----------------------------------------------------------------------------------------------------
    def declare(self, *specs: TableSpec) -> None:
        """What registers ask of their tables; made at the first write, or now where the table is there already."""
        changed = []
        known: dict[str, str] = dict(self.engine.rows("SELECT substr(key, 6), value FROM meta WHERE substr(key, 1, 5)='spec:'"))
        doubled = {row[0] for row in self.engine.rows("SELECT substr(key, ?) FROM meta WHERE key>=? AND key<?", _DOUBLED)}
        for spec in specs:
            if spec.name == "entry":
                continue
            self._specs[spec.name] = spec
            if spec.name in self._made:
                self._made[spec.name].declare(spec)
            if known.get(spec.name, spec.fingerprint()) != spec.fingerprint() or spec.name in doubled:
                changed.append(spec.name)
        if changed and not self.read_only:
            with self.transaction():
                for name in changed:
                    make_table(self.engine, self._specs[name])

    def table(self, name: str, **kwargs: Any) -> StoreTable:
        if name not in self._made:
            if name == "entry":
                raise ValueError("entries are read and written through Store.entries")
            table = self.table_class(self._rows, name, **kwargs)
            if name in self._specs:
                table.declare(self._specs[name])
            self._made[name] = self._tables[name] = table
        return self._made[name]

    def tables(self) -> set[str]:
        return self._rows.names()

    def drop_table(self, name: str) -> None:
        self._tables.pop(name, None)
        self._made.pop(name, None)
        with self.transaction():
            self.engine.execute(f"DROP TABLE IF EXISTS {relation(name)}")
            self.engine.execute("DELETE FROM meta WHERE key IN (?,?)", (f"spec:{name}", DOUBLED + name))
            self.engine.forget_tables()

    def drop_tables(self) -> None:
        with self.transaction():
            for name in self.tables():
                self.drop_table(name)

    # ---- transactions -----------------------------------------------------------------------------------------------
    def transaction(self) -> AbstractContextManager[None]:
        """Re-entrant; all or nothing; one wait for the disk. Raises Busy, ReadOnly, JiaoyanError for a full disk."""
        return self.engine.transaction()

    def moment(self) -> AbstractContextManager[None]:
        """Several reads of one and the same state, while others write."""
        return self.engine.moment()

    def token(self) -> tuple[int, int]:
        """Changes whenever anybody, here or elsewhere, has written."""
        return self.engine.token()

    def meta(self, key: str, default: str = "") -> str:
        row = self.engine.row("SELECT value FROM meta WHERE key=?", (key,))
        return row[0] if row else default

    def set_meta(self, key: str, value: str) -> None:
        with self.transaction():
            self.engine.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (key, value))

    # ---- history ----------------------------------------------------------------------------------------------------
    def begin_change(self, label: str, actor: str, time: str, undoes: int = 0) -> int:
        """The number of a new change. Within a transaction."""
        return self.history.begin_change(label, actor, time, undoes)

    def log(
        self, change: int, register: str, record: str, rev: int, schema: int, action: str,
        document: Mapping[str, Any] | None,
    ) -> None:
        """One row of history: `action` is create, save or remove. Within the transaction of what it tells."""
        self.history.log(change, register, record, rev, schema, action, document)

    def history_of(self, register: str, record: str) -> list[HistoryRow]:
        return self.history.of(register, record)

    def history_of_change(self, change: int) -> list[HistoryRow]:
        return self.history.of_change(change)

    def removed(self, size: int) -> list[HistoryRow]:
        return self.history.removed(size)

    def changes(self, since: int = 0, size: int = 100, newest: bool = False, actor: str = "") -> list[ChangeHead]:
        """Changes after number `since`, the oldest first, or the newest."""
        return self.history.changes(since, size, newest, actor)

    def changed_since(self, seq: int) -> list[HistoryRow]:
        return self.history.since(seq)

    def last_seq(self) -> int:
        return self.history.last_seq()

    # ---- trust ------------------------------------------------------------------------------------------------------
    def verify(self) -> list[Problem]:
        """What is wrong with the file, the chain, and the live documents held against history."""
        with self.moment():
            return check(self)

    def backup(self, target: Path) -> None:
        """A whole copy as of now, while others write; checked, then put in place under its name. Raises BadInput."""
        if target.exists():
            raise BadInput(Problem(str(target), "已有这个文件,不会覆盖它", "请换一个名字"))
        new = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
        try:
            filesystem.make_shared(new)
            self.engine.execute("VACUUM INTO ?", (str(new),))
            set_down(new)
            check_engine(new)
            os.link(new, target)
        except FileExistsError:
            raise BadInput(Problem(str(target), "已有这个文件,不会覆盖它", "请换一个名字")) from None
        finally:
            new.unlink(missing_ok=True)
        filesystem.sync_folder(target.parent)

    @property
    def incomplete(self) -> bool:
        """Was this file copied out of a store in use, without its -wal? What was written last is missing then."""
        return self.engine.incomplete or self.meta("incomplete") == "1"

    def accept_incomplete(self) -> None:
        """A person has looked at what is missing: `verify` says no more of it."""
        with self.transaction():
            self.engine.execute("DELETE FROM meta WHERE key='incomplete'")
        self.engine.incomplete = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self.table(self.default_table_name))

    def __iter__(self) -> Iterator[Document]:
        return iter(self.table(self.default_table_name))


def lay_out(path: Path) -> None:
    """An empty store in an empty file."""
    with told(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA application_id={APPLICATION}")
        connection.execute(f"PRAGMA user_version={FORMAT}")
        connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
        connection.execute("INSERT INTO meta VALUES (?,'0')", (IN_USE,))
        for statement in (*HISTORY_SCHEMA, *entry_table.SCHEMA):
            connection.execute(statement)
        connection.execute("COMMIT")


def set_down(path: Path) -> None:
    """A copy made by the engine is whole: nobody has it open, and it is in WAL mode like its source."""
    with told(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("UPDATE meta SET value='0' WHERE key=?", (IN_USE,))
