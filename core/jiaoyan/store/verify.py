"""Verifying a store: the engine's own check, every row's sum, the chain, and the documents held against their history."""

from __future__ import annotations

import sqlite3
import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from jiaoyan.errors import Damaged, JiaoyanError, Problem
from jiaoyan.store.documents import row_sum
from jiaoyan.store.engine import damaged, told
from jiaoyan.store.history import Last, print_of
from jiaoyan.store.spec import DOUBLED, ID_OF, relation

if TYPE_CHECKING:
    from jiaoyan.store.store import Store

_RESTORE = "请用 jiaoyan restore 恢复最近的备份,或从历史中找回这条记录"


def check(store: Store) -> list[Problem]:
    """Every problem found. A part that can't be read is one, and the rest is still looked at."""
    latest: dict[tuple[str, str], Last] = {}
    found: list[Problem] = []
    for part in (_engine(store), store.history.problems(latest), _documents(store, latest), store.entries.problems()):
        try:
            found.extend(part)
        except JiaoyanError as error:
            found.extend(error.problems)
        except (sqlite3.Error, UnicodeError, ValueError) as error:
            found.append(Problem(str(store.path), f"有一部分读不出来({error})", _RESTORE))
    return list(dict.fromkeys(found))


def _engine(store: Store) -> Iterator[Problem]:
    if store.incomplete:
        yield Problem(
            str(store.path), "这份数据是在使用中直接复制的,缺少最后写入的一部分",
            "请改用 jiaoyan backup 做的备份,或核对后运行 jiaoyan repair",
        )
    for (line,) in store.engine.rows("PRAGMA integrity_check(20)"):
        if line != "ok":
            yield Problem(str(store.path), f"数据库文件有损坏({line})", _RESTORE)


def _documents(store: Store, latest: dict[tuple[str, str], Last]) -> Iterator[Problem]:
    """Live documents are what their last row of history says. A table that was never logged has only its sums."""
    logged = {register for register, _ in latest}
    tables = store.tables()
    for name in sorted(tables):
        if fields := store.meta(DOUBLED + name):
            yield Problem(name, f"{fields} 应当不重复,但已有重复的记录", "请改掉重复的记录,再重新打开")
        rows = store.engine.stream(
            f"SELECT doc_id, id, id IS {ID_OF.format('body')}, sort, search, crc, CAST(body AS BLOB) "
            f"FROM {relation(name)} ORDER BY doc_id"
        )
        for number, record, same, sort, search, crc, body in rows:
            where = f"{name} {number if record is None else record}"
            if not same or row_sum(sort, search, body) != crc:
                yield Problem(where, "与写入时不同", _RESTORE)
            if name not in logged:
                continue
            action, document = latest.pop((name, record), ("", b""))
            if not action:
                yield Problem(where, "没有历史", "请检查是否有人绕过教研台改动了数据库")
            elif action == "remove":
                yield Problem(where, "历史中已删除,却还在", _RESTORE)
            elif action != "erased" and document != print_of(body):
                yield Problem(where, "与历史中最后一次保存的不同", _RESTORE)
    for (name, record), (action, _) in latest.items():
        if name in tables and action in ("create", "save"):
            yield Problem(f"{name} {record}", "不见了,历史中没有删除它", _RESTORE)


def check_engine(path: Path) -> None:
    """A store that nobody has open is whole. Raises Damaged."""
    name = f"file:{urllib.parse.quote(str(path.absolute()))}?immutable=1"
    with told(path), closing(sqlite3.connect(name, uri=True)) as connection:
        lines = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
    if lines != ["ok"]:
        raise Damaged(*damaged(path, ";".join(lines)).problems)
