"""Migrations: numbered pure steps that bring a table's documents to a newer schema, all or none, after a backup."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeAlias

from jiaoyan.errors import JiaoyanError, Problem
from jiaoyan.store.schemas import require_known, schema_of, set_schema
from jiaoyan.store.store import Store

Step: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]
Beside: TypeAlias = Callable[[str, dict[str, Any]], tuple[str, str]]
Written: TypeAlias = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Steps:
    """How the documents of a table come to `version`: `steps[3]` makes a document of version 3 from one of version 2."""

    table: str
    version: int
    steps: Mapping[int, Step]
    logged: bool = True

    def __post_init__(self) -> None:
        missing = [n for n in range(min(self.steps, default=self.version + 1), self.version + 1) if n not in self.steps]
        if missing or any(n > self.version or n < 2 for n in self.steps):
            raise ValueError(f"{self.table}: the steps to version {self.version} are not numbered one after the other")


@dataclass(frozen=True, slots=True)
class Report:
    """What a migration did: table → (from version, to version, documents changed)."""

    change: int
    tables: Mapping[str, tuple[int, int, int]]


def pending(store: Store, plans: Sequence[Steps]) -> list[Steps]:
    """Those whose table is behind. Raises ReadOnly where one is ahead."""
    for plan in plans:
        require_known(store, plan.table, plan.version)
    return [plan for plan in plans if schema_of(store, plan.table) < plan.version]


def migrate(
    store: Store, plans: Sequence[Steps], *, backup: Callable[[], object], label: str, actor: str, time: str,
    beside: Beside = lambda table, document: ("", ""), written: Written = lambda table, document: None,
) -> Report | None:
    """Bring all tables up, in one transaction; None where all are. `backup` is called first where there are documents.

    Tables that are all empty only get their number. `beside` makes search text and sort key of a migrated document;
    `written` is called for each, inside the transaction (to derive its entries anew). Raises ReadOnly, and JiaoyanError
    naming the document at which a step failed.
    """
    behind = pending(store, plans)
    if not behind:
        return None
    if any(store.table(plan.table).count() for plan in behind):
        backup()
    with store.transaction():
        due = pending(store, plans)  # somebody else may have been faster
        if not due:
            return None
        change = store.begin_change(label, actor, time)
        done = {}
        for plan in due:
            version = schema_of(store, plan.table)
            done[plan.table] = (version, plan.version, _migrate_table(store, plan, version, change, beside, written))
            set_schema(store, plan.table, plan.version)
    return Report(change, done)


def _migrate_table(store: Store, plan: Steps, version: int, change: int, beside: Beside, written: Written) -> int:
    table, count = store.table(plan.table), 0
    for old in table.page():
        new = _stepped(plan, version, old)
        if new == old:
            continue
        count += 1
        if plan.logged:
            new["rev"] = int(old.get("rev", 0)) + 1
        search, sort = beside(plan.table, new)
        table.put(new, search, sort)
        if plan.logged:
            store.log(change, plan.table, new["id"], new["rev"], plan.version, "save", new)
        written(plan.table, new)
    return count


def _stepped(plan: Steps, version: int, old: dict[str, Any]) -> dict[str, Any]:
    new = deepcopy(old)
    for number in range(version + 1, plan.version + 1):
        where = f"{plan.table} {old.get('id', '')}"
        try:
            new = plan.steps[number](new)
        except Exception as error:  # a step is a plugin's code: whatever it raises, nothing is changed
            raise JiaoyanError(
                Problem(where, f"升级到第 {number} 版失败({type(error).__name__}:{error})", "数据没有改动;请把这条提示交给开发者")
            ) from error
        if not isinstance(new, dict) or new.get("id") != old["id"]:
            raise JiaoyanError(Problem(where, f"升级到第 {number} 版失败:编号被改掉了", "数据没有改动;请把这条提示交给开发者"))
    return new
