"""Entries: what counts, in typed columns, so that a board is counted from one index without touching a row."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jiaoyan.conditions import Condition
from jiaoyan.errors import Problem
from jiaoyan.store.ordering import order_by
from jiaoyan.store.translate import Sql, TypedFields, condition_sql, quoted

if TYPE_CHECKING:
    from jiaoyan.store.engine import Engine, Row

TEXTS = ("kind", "day", "role", "teacher", "group", "level", "prize", "topic", "subject", "grade")
WHOLES = ("amount", "minutes", "chars")
ENTRY_COLUMNS = ("register", "record", "rev", *TEXTS, *WHOLES)
_FIELDS = TypedFields(("register", "record", *TEXTS), ("rev", *WHOLES))
_DEFAULTS: dict[str, Any] = {**dict.fromkeys(TEXTS, ""), **dict.fromkeys(WHOLES, 0)}
_NAMES = ",".join(quoted(name) for name in ENTRY_COLUMNS)
_INSERT = f"INSERT INTO entry ({_NAMES},crc) VALUES ({','.join('?' * (len(ENTRY_COLUMNS) + 1))})"

SCHEMA = (
    "CREATE TABLE entry (doc_id INTEGER PRIMARY KEY, register TEXT NOT NULL, record TEXT NOT NULL, rev INTEGER NOT NULL, "
    + ", ".join(f"{quoted(name)} TEXT NOT NULL" for name in TEXTS) + ", "
    + ", ".join(f"{quoted(name)} INTEGER NOT NULL" for name in WHOLES) + ", crc INTEGER NOT NULL)",
    "CREATE INDEX entry_source ON entry (record, register)",
    # by kinds and days for everybody; by days for one teacher, one group
    'CREATE INDEX entry_kind ON entry (kind, day, teacher, role, "group", amount, minutes, chars)',
    'CREATE INDEX entry_teacher ON entry (teacher, kind, day, role, "group", amount, minutes, chars)',
    'CREATE INDEX entry_group ON entry ("group", kind, day)',
)


class Entries:
    """The table of entries. Every entry belongs to a record of a register and goes with it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # ---- writing ----------------------------------------------------------------------------------------------------
    def replace(self, register: str, record: str, rev: int, rows: Sequence[Mapping[str, Any]]) -> None:
        """The entries of a record are these and no others."""
        new = [_written(register, record, rev, row) for row in rows]
        with self._engine.transaction():
            old = self._engine.rows(
                f"SELECT {_NAMES}, doc_id FROM entry WHERE record=? AND register=? ORDER BY doc_id", (record, register)
            )
            if [row[3:-1] for row in old] == [row[3:-1] for row in new]:  # what counts is the same: no index is written anew
                kept = ((rev, row[-1], there[-1]) for row, there in zip(new, old, strict=True))
                self._engine.many("UPDATE entry SET rev=?,crc=? WHERE doc_id=?", kept)
                return
            self._engine.execute("DELETE FROM entry WHERE record=? AND register=?", (record, register))
            self._engine.many(_INSERT, iter(new))

    def drop_register(self, register: str) -> None:
        with self._engine.transaction():
            self._engine.execute("DELETE FROM entry WHERE register=?", (register,))

    # ---- reading ----------------------------------------------------------------------------------------------------
    def of(self, register: str, record: str) -> list[dict[str, Any]]:
        rows = self._engine.rows(
            f"SELECT {_NAMES} FROM entry WHERE record=? AND register=? ORDER BY doc_id", (record, register)
        )
        return [dict(zip(ENTRY_COLUMNS, row, strict=True)) for row in rows]

    def page(
        self, where: Condition | None = None, sort: tuple[str, ...] = (), first: int = 0, size: int | None = None
    ) -> list[dict[str, Any]]:
        """In order of entry, or as `sort` says (`-` before a field turns it round)."""
        test = _test(where)
        rows = self._engine.rows(
            f"SELECT {_NAMES} FROM entry WHERE {test.text} ORDER BY {order_by(sort, _FIELDS, '')} LIMIT ? OFFSET ?",
            (*test.params, -1 if size is None else size, first),
        )
        return [dict(zip(ENTRY_COLUMNS, row, strict=True)) for row in rows]

    def count(self, where: Condition | None = None) -> int:
        test = _test(where)
        row = self._engine.row(f"SELECT count(*) FROM entry WHERE {test.text}", test.params)
        return int(row[0]) if row else 0

    def tally(
        self, where: Condition | None, by: tuple[str, ...], sum: tuple[str, ...] = ()  # noqa: A002  # the word of the field
    ) -> dict[tuple[Any, ...], tuple[int, ...]]:
        """{values of `by`: (how many, sums of `sum` …)}, counted in the engine."""
        test = _test(where)
        return tallied(self._engine, "entry", _FIELDS, test, by, sum)

    # ---- checking ---------------------------------------------------------------------------------------------------
    def problems(self) -> Iterator[Problem]:
        """Rows that are not what was written."""
        for number, crc, *values in self._engine.stream(f"SELECT doc_id, crc, {_NAMES} FROM entry ORDER BY doc_id"):
            if _sum_of(values) != crc:
                yield Problem(f"计数条目 {values[0]} {values[1]}", f"第 {number} 行与写入时不同", "请运行 jiaoyan repair 重新计算")


def tallied(
    engine: Engine, table: str, fields: Any, test: Sql, by: tuple[str, ...], sums: tuple[str, ...]
) -> dict[tuple[Any, ...], tuple[int, ...]]:
    keys = [_value(fields, path) for path in by]
    figures = ["count(*)", *(f"coalesce(sum({_value(fields, path)}),0)" for path in sums)]
    grouped = f" GROUP BY {','.join(str(n + 1) for n in range(len(keys)))}" if keys else ""
    rows: list[Row] = engine.rows(
        f"SELECT {','.join([*keys, *figures])} FROM {table} WHERE {test.text}{grouped}", test.params
    )
    width = len(keys)
    return {row[:width]: row[width:] for row in rows if row[width]}


def _value(fields: Any, path: str) -> str:
    place = fields.place(path)
    if place is None:
        raise ValueError(f"no field can be counted by {path!r}")
    found: str = place.value
    return found


def _test(where: Condition | None) -> Sql:
    return condition_sql(where, _FIELDS) if where is not None else Sql("1")


def _written(register: str, record: str, rev: int, row: Mapping[str, Any]) -> tuple[Any, ...]:
    unknown = row.keys() - _DEFAULTS.keys()
    if unknown:
        raise ValueError(f"an entry has no field {', '.join(sorted(unknown))}")
    values = (register, record, rev, *({**_DEFAULTS, **row}[name] for name in (*TEXTS, *WHOLES)))
    return (*values, _sum_of(values))


def _sum_of(values: Sequence[Any]) -> int:
    return zlib.crc32("\0".join(map(str, values)).encode())
