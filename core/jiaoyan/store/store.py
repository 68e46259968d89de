"""Store: a school's database. TinyDB's interface, transactions, history and entries over one durable file."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.table import Document

from jiaoyan.errors import BadInput, Damaged, NotFound, Problem, ReadOnly
from jiaoyan.store import entries as entry_table
from jiaoyan.store import filesystem
from jiaoyan.store.engine import APPLICATION, FORMAT, Engine, damaged, newer
from jiaoyan.store.entries import Entries
from jiaoyan.store.history import SCHEMA as HISTORY_SCHEMA
from jiaoyan.store.history import ChangeHead, History, HistoryRow
from jiaoyan.store.spec import TableSpec, relation
from jiaoyan.store.tables import StoreTable
from jiaoyan.store.verify import check, check_engine

SQLITE = b"SQLite format 3\0"
DEADLINE = 10.0


class Store(TinyDB):
    """Made by `Store.create` and `Store.open`; close it when done, or use it as a context manager."""

    table_class = StoreTable
    filesystem_of: Callable[[Path], str] = staticmethod(filesystem.kind_of)
    _opened = False
    _tables: dict[str, StoreTable]  # type: ignore[assignment]  # all tables are of our class

    def __init__(self, path: Path, *, read_only: bool = False, deadline: float = DEADLINE) -> None:
        self._storage = self.engine = Engine(path, read_only=read_only, deadline=deadline)
        self._tables = {}
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
            engine = Engine(new, read_only=False, deadline=DEADLINE)
            try:
                lay_out(engine)
            finally:
                engine.close()
            os.link(new, path)  # whole or not at all
        except FileExistsError:
            raise BadInput(Problem(str(path), "已有这个文件,不会覆盖它", "请换一个名字,或先移走它")) from None
        except PermissionError:
            raise ReadOnly(Problem(str(path.parent), "没有在这个文件夹里建文件的权限", "请检查文件夹的权限")) from None
        finally:
            for name in (new, engine_lock(new)):
                name.unlink(missing_ok=True)
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
            store._check_format()
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
        known = dict(self.engine.rows("SELECT substr(key, 6), value FROM meta WHERE substr(key, 1, 5)='spec:'"))
        for spec in specs:
            if spec.name == "entry":
                continue
            self._specs[spec.name] = spec
            if spec.name in self._tables:
                self._tables[spec.name].declare(spec)
            if known.get(spec.name, spec.fingerprint()) != spec.fingerprint():
                changed.append(spec.name)
        if changed and not self.read_only:
            with self.transaction():
                for name in changed:
                    self.table(name)._ensure()

    def table(self, name: str, **kwargs: Any) -> StoreTable:
        if name not in self._tables:
            if name == "entry":
                raise ValueError("entries are read and written through Store.entries")
            table = self.table_class(self.engine, name, **kwargs)
            if name in self._specs:
                table.declare(self._specs[name])
            self._tables[name] = table
        return self._tables[name]

    def tables(self) -> set[str]:
        return {row[0] for row in self.engine.rows("SELECT substr(name, 3) FROM sqlite_master WHERE type='table' AND name LIKE 'd:%'")}

    def drop_table(self, name: str) -> None:
        self._tables.pop(name, None)
        with self.transaction():
            self.engine.execute(f"DROP TABLE IF EXISTS {relation(name)}")
            self.engine.execute("DELETE FROM meta WHERE key=?", (f"spec:{name}",))
            self.engine.session.ready.clear()

    def drop_tables(self) -> None:
        with self.transaction():
            for name in self.tables():
                self.drop_table(name)
        self._tables.clear()

    # ---- transactions -----------------------------------------------------------------------------------------------
    def transaction(self) -> AbstractContextManager[None]:
        """Re-entrant; all or nothing; one wait for the disk. Raises Busy, ReadOnly, JiaoyanError for a full disk."""
        return self.engine.transaction()

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
        return check(self)

    def backup(self, target: Path) -> None:
        """A whole copy as of now, while others write; checked, then put in place under its name. Raises BadInput."""
        if target.exists():
            raise BadInput(Problem(str(target), "已有这个文件,不会覆盖它", "请换一个名字"))
        new = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
        try:
            filesystem.make_shared(new)
            self.engine.execute("VACUUM INTO ?", (str(new),))
            check_engine(new)
            os.link(new, target)
        finally:
            with suppress(FileNotFoundError):
                new.unlink()
        filesystem.sync_folder(target.parent)

    def __len__(self) -> int:
        return len(self.table(self.default_table_name))

    def __iter__(self) -> Iterator[Document]:
        return iter(self.table(self.default_table_name))


def engine_lock(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def lay_out(engine: Engine) -> None:
    """An empty store in an empty file."""
    engine.rows("PRAGMA journal_mode=WAL")
    with engine.transaction():
        engine.execute(f"PRAGMA application_id={APPLICATION}")
        engine.execute(f"PRAGMA user_version={FORMAT}")
        engine.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
        for statement in (*HISTORY_SCHEMA, *entry_table.SCHEMA):
            engine.execute(statement)
