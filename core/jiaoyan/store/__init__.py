"""The store: TinyDB's interface over a durable engine, with history, entries and backup."""

from jiaoyan.store.engine import FORMAT
from jiaoyan.store.history import ChangeHead, HistoryRow
from jiaoyan.store.spec import TableSpec
from jiaoyan.store.store import Store
from jiaoyan.store.tables import StoreTable
from jiaoyan.store.translate import condition_sql

__all__ = ["FORMAT", "ChangeHead", "HistoryRow", "Store", "StoreTable", "TableSpec", "condition_sql"]
