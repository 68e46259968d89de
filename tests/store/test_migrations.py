"""Migrations: all or none, after a backup; newer data is never touched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jiaoyan.conditions import Text
from jiaoyan.errors import JiaoyanError, ReadOnly
from jiaoyan.store import Store
from jiaoyan.store.migrations import Report, Steps, migrate, pending
from jiaoyan.store.schemas import require_known, schema_of, set_schema


def migrated(store: Store, *plans: Steps, backup: Callable[[], object] = lambda: None, **options: Any) -> Report | None:
    return migrate(store, plans, backup=backup, label="升级", actor="system", time="2026-09-01T00:00:00.000Z", **options)



def split_name(document: dict[str, Any]) -> dict[str, Any]:
    return {**{k: v for k, v in document.items() if k != "name"}, "family": document["name"][0], "given": document["name"][1:]}


def add_state(document: dict[str, Any]) -> dict[str, Any]:
    document["state"] = "在职"
    return document


PLAN = Steps("teacher", 3, {2: split_name, 3: add_state})


def filled(store: Store) -> None:
    with store.transaction():
        change = store.begin_change("录入", "unix:a", "2026-01-01T00:00:00.000Z")
        for number, name in enumerate(["张三", "李四", "王小五"]):
            document: dict[str, Any] = {"id": str(number), "rev": 1, "name": name}
            store.table("teacher").put(document)
            store.log(change, "teacher", document["id"], 1, 1, "create", document)


def test_documents_come_to_the_newest_schema_in_one_change(store: Store) -> None:
    filled(store)
    calls: list[str] = []
    assert pending(store, [PLAN]) == [PLAN]
    report = migrated(
        store, PLAN, backup=lambda: calls.append(f"backup of {schema_of(store, 'teacher')}"),
        beside=lambda _, document: (document["family"], document["given"]),
        written=lambda table, document: calls.append(f"{table} {document['id']}"),
    )
    assert report is not None
    assert report.tables == {"teacher": (1, 3, 3)}
    assert calls == ["backup of 1", "teacher 0", "teacher 1", "teacher 2"]
    assert store.table("teacher").by_id("2") == {"id": "2", "rev": 2, "family": "王", "given": "小五", "state": "在职"}
    assert store.table("teacher").count(Text(words=("王",))) == 1
    assert [(row.schema, row.rev) for row in store.history_of("teacher", "0")] == [(1, 1), (3, 2)]
    assert len(store.history_of_change(report.change)) == 3
    assert store.verify() == []
    assert migrated(store, PLAN, backup=lambda: calls.append("again")) is None
    assert "again" not in calls


def test_a_step_that_fails_changes_nothing_and_names_the_document(store: Store) -> None:
    filled(store)
    with store.transaction():
        store.table("teacher").put({"id": "9", "rev": 1, "name": ""})
    before, seq = store.table("teacher").page(), store.last_seq()
    with pytest.raises(JiaoyanError, match=r"teacher 9.*第 2 版失败"):
        migrated(store, PLAN)
    assert (store.table("teacher").page(), store.last_seq(), schema_of(store, "teacher")) == (before, seq, 1)
    renamed = Steps("teacher", 2, {2: lambda document: {**document, "id": "x"}})
    with pytest.raises(JiaoyanError, match="编号"):
        migrated(store, renamed)
    assert store.table("teacher").page() == before


def test_who_comes_second_finds_it_done(store: Store, reopened: Callable[..., Store]) -> None:
    filled(store)
    other = reopened()
    assert migrated(store, PLAN, backup=lambda: migrated(other, PLAN)) is None
    assert [row.rev for row in store.history_of("teacher", "0")] == [1, 2]
    assert len(store.changes()) == 2


def test_without_a_backup_nothing_moves(store: Store) -> None:
    filled(store)

    def no_room() -> None:
        raise JiaoyanError("磁盘已满")

    with pytest.raises(JiaoyanError, match="磁盘已满"):
        migrated(store, PLAN, backup=no_room)
    assert schema_of(store, "teacher") == 1


def test_newer_data_is_read_only_and_unchanged(store: Store) -> None:
    filled(store)
    set_schema(store, "teacher", 7)
    before = store.table("teacher").page()
    with pytest.raises(ReadOnly, match=r"第 7 版.*第 3 版"):
        migrated(store, PLAN)
    with pytest.raises(ReadOnly):
        require_known(store, "teacher", 3)
    require_known(store, "teacher", 7)
    assert store.table("teacher").page() == before


def test_a_new_table_is_of_the_schema_of_its_first_record(store: Store) -> None:
    calls: list[str] = []
    assert schema_of(store, "teacher") == 1
    with store.transaction():
        change = store.begin_change("录入", "unix:a", "2026-01-01T00:00:00.000Z")
        for number, schema in (("a", 3), ("b", 3)):
            store.table("teacher").put({"id": number, "rev": 1})
            store.log(change, "teacher", number, 1, schema, "create", {"id": number, "rev": 1})
    assert schema_of(store, "teacher") == 3
    assert migrated(store, PLAN, backup=lambda: calls.append("backup")) is None
    empty = migrated(store, Steps("empty", 2, {2: add_state}), backup=lambda: calls.append("backup"))
    assert empty is not None
    assert empty.tables == {"empty": (1, 2, 0)}
    assert schema_of(store, "empty") == 2
    assert calls == []


def test_steps_are_numbered_one_after_the_other() -> None:
    for steps in ({2: add_state}, {2: add_state, 4: add_state}, {1: add_state, 2: add_state, 3: add_state}):
        with pytest.raises(ValueError, match="numbered"):
            Steps("teacher", 3, steps)
    assert Steps("teacher", 1, {}).version == 1
