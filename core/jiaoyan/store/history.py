"""History: every change with who, when and what, chained, so that nothing can be altered without breaking what follows."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import orjson

from jiaoyan.errors import Problem
from jiaoyan.store.documents import dump, load
from jiaoyan.store.engine import Engine, Row

ORIGIN = bytes(32)
SCHEMA_OF = "schema:"
"""Meta key, with the register: the schema version of its documents."""
SCHEMA = (
    "CREATE TABLE change (change INTEGER PRIMARY KEY, label TEXT NOT NULL, actor TEXT NOT NULL, time TEXT NOT NULL, "
    "undoes INTEGER NOT NULL)",
    "CREATE TABLE history (seq INTEGER PRIMARY KEY, change INTEGER NOT NULL, register TEXT NOT NULL, record TEXT NOT NULL, "
    "rev INTEGER NOT NULL, schema INTEGER NOT NULL, action TEXT NOT NULL, digest BLOB NOT NULL, chain BLOB NOT NULL, "
    "salt BLOB, document TEXT)",
    "CREATE INDEX history_record ON history (record, register)",
    "CREATE INDEX history_change ON history (change)",
)
_COLUMNS = (
    "seq, change, label, actor, time, register, record, rev, schema, action, undoes, digest, CAST(document AS BLOB)"
)
_JOINED = "history JOIN change USING (change)"


class HistoryRow(NamedTuple):
    """What one change did to one record. `document` is the record after it; None once removed, or erased for good."""

    seq: int
    change: int
    label: str
    actor: str
    time: str
    register: str
    record: str
    rev: int
    schema: int
    action: str
    undoes: int
    digest: str
    document: dict[str, Any] | None


Last: TypeAlias = tuple[str, bytes]
"""The last thing that happened to a record, and the fingerprint of its document then."""


class ChangeHead(NamedTuple):
    change: int
    label: str
    actor: str
    time: str
    undoes: int
    rows: int


class History:
    """The log of a store. Writing runs inside the transaction of what it tells."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # ---- writing ----------------------------------------------------------------------------------------------------
    def begin_change(self, label: str, actor: str, time: str, undoes: int = 0) -> int:
        self._inside()
        cursor = self._engine.execute(
            "INSERT INTO change (label, actor, time, undoes) VALUES (?,?,?,?)", (label, actor, time, undoes)
        )
        assert cursor.lastrowid is not None
        self._engine.session.changes[cursor.lastrowid] = (label, actor, time, undoes)
        return cursor.lastrowid

    def log(
        self, change: int, register: str, record: str, rev: int, schema: int, action: str,
        document: Mapping[str, Any] | None,
    ) -> None:
        self._inside()
        session = self._engine.session
        seq, chain = session.head or self._head()
        body = dump(document) if document is not None else None
        salt = secrets.token_bytes(16)
        digest = hashlib.sha256(salt + (body or b"")).digest()
        label, actor, time, undoes = session.changes.get(change) or self._change(change)
        chain = _linked(chain, (seq + 1, change, label, actor, time, register, record, rev, schema, action, undoes), digest)
        self._engine.execute(
            "INSERT INTO history VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (seq + 1, change, register, record, rev, schema, action, digest, chain, salt, body.decode() if body is not None else None),
        )
        session.head = seq + 1, chain
        if register not in session.schemas:
            # the first record of a register says what schema its documents are of; from then on migrations do
            self._engine.execute("INSERT OR IGNORE INTO meta VALUES (?,?)", (SCHEMA_OF + register, str(schema)))
            session.schemas.add(register)

    def erase(self, register: str, record: str) -> int:
        """Blank a record's documents for good; who did what and when stays, and so does the chain. How many rows."""
        self._inside()
        done = self._engine.execute(
            "UPDATE history SET salt=NULL, document=NULL WHERE register=? AND record=? AND salt IS NOT NULL", (register, record)
        )
        return done.rowcount

    def _inside(self) -> None:
        if not self._engine.in_transaction:
            raise RuntimeError("history is written inside a transaction")

    def _head(self) -> tuple[int, bytes]:
        row = self._engine.row("SELECT seq, chain FROM history ORDER BY seq DESC LIMIT 1")
        return (row[0], row[1]) if row else (0, ORIGIN)

    def _change(self, change: int) -> tuple[str, str, str, int]:
        row = self._engine.row("SELECT label, actor, time, undoes FROM change WHERE change=?", (change,))
        if row is None:
            raise ValueError(f"no change {change}")
        return row[0], row[1], row[2], row[3]

    # ---- reading ----------------------------------------------------------------------------------------------------
    def of(self, register: str, record: str) -> list[HistoryRow]:
        """The oldest first."""
        return self._rows("record=? AND register=? ORDER BY seq", record, register)

    def of_change(self, change: int) -> list[HistoryRow]:
        return self._rows("change=? ORDER BY seq", change)

    def removed(self, size: int) -> list[HistoryRow]:
        """The last row of each record that is gone and was not erased for good, the newest first; all where size is -1."""
        return self._rows(
            "action='remove' AND salt IS NOT NULL AND NOT EXISTS (SELECT 1 FROM history n WHERE n.record=history.record "
            "AND n.register=history.register AND n.seq>history.seq) ORDER BY seq DESC LIMIT ?", size
        )

    def since(self, seq: int) -> list[HistoryRow]:
        return self._rows("seq>? ORDER BY seq", seq)

    def last_seq(self) -> int:
        return self._head()[0]

    def head(self) -> str:
        """The end of the chain, for reports: who rewrites the whole file can't rewrite a printed one."""
        return self._head()[1].hex()

    def changes(self, since: int, size: int, newest: bool, actor: str) -> list[ChangeHead]:
        found = self._engine.rows(
            "SELECT change, label, actor, time, undoes, (SELECT count(*) FROM history h WHERE h.change=c.change) "
            f"FROM change c WHERE change>? {'AND actor=? ' if actor else ''}ORDER BY change{' DESC' * newest} LIMIT ?",
            (since, *((actor,) if actor else ()), size),
        )
        return [ChangeHead(*row) for row in found]

    def _rows(self, test: str, *params: Any) -> list[HistoryRow]:
        return [_told(row) for row in self._engine.rows(f"SELECT {_COLUMNS} FROM {_JOINED} WHERE {test}", params)]

    # ---- checking ---------------------------------------------------------------------------------------------------
    def problems(self, latest: dict[tuple[str, str], Last]) -> Iterator[Problem]:
        """Where the chain breaks or a document is not what its digest says. Fills `latest`: (register, record) → last row."""
        chain, expected = ORIGIN, 1
        for row in self._engine.stream(
            "SELECT seq, h.change, label, actor, time, register, record, rev, schema, action, undoes, digest, chain, salt, "
            "CAST(document AS BLOB) FROM history h LEFT JOIN change c ON c.change=h.change ORDER BY seq"
        ):
            fields, (digest, link, salt, document) = row[:11], row[11:]
            where = f"历史第 {row[0]} 行({row[5]} {row[6]})"
            if row[0] != expected:
                yield Problem(where, f"第 {expected} 行至第 {row[0] - 1} 行不见了", _RESTORE)
            try:
                linked = _linked(chain, fields, digest)
            except (TypeError, UnicodeError):
                linked = b""
            if linked != link:
                yield Problem(where, "与写入时不同,或前面少了行", _RESTORE)
            if salt is not None and hashlib.sha256(salt + (document or b"")).digest() != digest:
                yield Problem(where, "记录的内容与写入时不同", _RESTORE)
            chain, expected = link, row[0] + 1
            latest[row[5], row[6]] = (row[9] if salt is not None else "erased", print_of(document))


def print_of(document: bytes | None) -> bytes:
    return hashlib.sha256(document).digest() if document is not None else b""


_RESTORE = "请用备份核对,必要时运行 jiaoyan restore"


def _linked(chain: bytes, fields: Row, digest: bytes) -> bytes:
    return hashlib.sha256(chain + orjson.dumps(fields) + digest).digest()


def _told(row: Row) -> HistoryRow:
    fields: Row = (*row[:11], row[11].hex(), load(row[12]) if row[12] is not None else None)
    return HistoryRow(*fields)
