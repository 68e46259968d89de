"""TableSpec: what a register asks of its table; and how that becomes columns and indexes of the engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from jiaoyan.store.translate import json_path, quoted

if TYPE_CHECKING:
    from jiaoyan.store.engine import Engine


class TableSpec(NamedTuple):
    """`indexed` and `unique`: dotted field paths, each tuple one index. A null or missing field never collides."""

    name: str
    indexed: tuple[tuple[str, ...], ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()

    def columns(self) -> dict[str, str]:
        """Field path → virtual column; `id` is there always."""
        paths = ["id", *(path for index in (*self.indexed, *self.unique) for path in index)]
        return {path: column_of(path) for path in dict.fromkeys(paths)}

    def fingerprint(self) -> str:
        return repr((self.indexed, self.unique))


DOUBLED = "doubled:"
"""Meta key, with the table's name: fields that should be unique, and in some records are not."""
ID_OF = "json_extract({},'$.\"id\"')"
"""The column `id` is written, not generated: an index on a generated column is written anew with every change of the body."""


def column_of(path: str) -> str:
    return "id" if path == "id" else f"f:{path}"


def relation(name: str) -> str:
    return quoted(f"d:{name}")


def make_table(engine: Engine, spec: TableSpec) -> None:
    """Within a transaction: the table with its columns and indexes; indexes that are no longer asked for go."""
    table = relation(spec.name)
    engine.execute(
        f"CREATE TABLE IF NOT EXISTS {table} (doc_id INTEGER PRIMARY KEY AUTOINCREMENT, sort TEXT NOT NULL DEFAULT '', "
        "search TEXT NOT NULL DEFAULT '', crc INTEGER NOT NULL, id, body TEXT NOT NULL)"
    )
    there = {row[1] for row in engine.rows(f"PRAGMA table_xinfo({table})")}
    for path, column in spec.columns().items():
        if column not in there:
            engine.execute(
                f"ALTER TABLE {table} ADD COLUMN {quoted(column)} "
                f"GENERATED ALWAYS AS (json_extract(body,{json_path(path.split('.'))})) VIRTUAL"
            )
    wanted: dict[str, tuple[tuple[str, ...] | None, bool]] = {
        index_name(spec.name, ("id",), True): (("id",), True), index_name(spec.name, ("sort",), False): (None, False),
    }
    wanted |= {index_name(spec.name, paths, False): (paths, False) for paths in spec.indexed}
    wanted |= {index_name(spec.name, paths, True): (paths, True) for paths in spec.unique}
    stem = f"i:{spec.name}:"
    found = engine.rows("SELECT name FROM sqlite_master WHERE type='index' AND substr(name, 1, ?)=?", (len(stem), stem))
    for (name,) in found:
        if name not in wanted:
            engine.execute(f"DROP INDEX {quoted(name)}")
    doubled = []
    for name, (paths, unique) in wanted.items():
        columns = ",".join(quoted(column_of(path)) for path in paths) if paths else "sort"
        try:
            engine.execute(f"CREATE {'UNIQUE ' * unique}INDEX IF NOT EXISTS {quoted(name)} ON {table}({columns})")
        except sqlite3.IntegrityError:
            doubled.append("、".join(paths or ()))  # nobody is shut out for it: `verify` says so, and the next opening tries again
    engine.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (f"spec:{spec.name}", spec.fingerprint()))
    engine.execute("DELETE FROM meta WHERE key=?", (DOUBLED + spec.name,))
    if doubled:
        engine.execute("INSERT INTO meta VALUES (?,?)", (DOUBLED + spec.name, ";".join(doubled)))


def index_name(table: str, paths: Iterable[str], unique: bool) -> str:
    return f"i:{table}:{'u' if unique else 'x'}:{','.join(paths)}"
