"""Of which schema the documents of a table are."""

from __future__ import annotations

from jiaoyan.errors import Problem, ReadOnly
from jiaoyan.store.history import SCHEMA_OF
from jiaoyan.store.store import Store


def schema_of(store: Store, table: str) -> int:
    """The schema version of a table's documents: that of its first record, or of its last migration; 1 before there is any."""
    return int(store.meta(SCHEMA_OF + table, "1"))


def set_schema(store: Store, table: str, version: int) -> None:
    store.set_meta(SCHEMA_OF + table, str(version))


def require_known(store: Store, table: str, version: int) -> None:
    """Raises ReadOnly where the documents are of a newer schema than the program or plugin knows."""
    stored = schema_of(store, table)
    if stored > version:
        raise ReadOnly(
            Problem(table, f"数据由更新的版本写成(第 {stored} 版,本程序只懂第 {version} 版),只能查看", "请升级教研台或这个功能模块")
        )
