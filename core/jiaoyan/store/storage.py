"""TinyDB's view of the whole store, for tools that ask for it; tables go to the engine row by row."""

from __future__ import annotations

from typing import Any

from tinydb.storages import Storage
from tinydb.table import Document

from jiaoyan.store.engine import Engine


class EngineStorage(Storage):
    """What a StoreTable is made on."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def names(self) -> set[str]:
        rows = self.engine.rows("SELECT substr(name, 3) FROM sqlite_master WHERE type='table' AND substr(name, 1, 2)='d:'")
        return {row[0] for row in rows}

    def read(self) -> dict[str, dict[str, Any]] | None:
        from jiaoyan.store.tables import StoreTable

        tables = {name: StoreTable(self, name) for name in sorted(self.names())}
        return {name: {str(d.doc_id): dict(d) for d in table} for name, table in tables.items()} or None

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """The documents are these and no others. Tables that are not named are emptied."""
        from jiaoyan.store.tables import StoreTable

        with self.engine.transaction():
            for name in self.names() | set(data):
                table = StoreTable(self, name)
                table.truncate()
                table.insert_multiple(Document(document, int(number)) for number, document in data.get(name, {}).items())

    def close(self) -> None:
        self.engine.close()
