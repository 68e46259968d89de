"""A whole store as one JSON file and back, nothing lost: every table, entries, meta, and the history with its chain.

Plain TinyDB opens the file: documents stand under their table and number; tables that begin with `_` are the store's own.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from tinydb.table import Document

from jiaoyan.errors import BadInput, Damaged, JiaoyanError, NotFound, Problem
from jiaoyan.store.documents import dump, row_sum
from jiaoyan.store.engine import IN_USE
from jiaoyan.store.entries import ENTRY_COLUMNS
from jiaoyan.store.filesystem import make_shared, sync_folder
from jiaoyan.store.spec import DOUBLED, relation
from jiaoyan.store.store import Store

VERSION = 1
CHANGE = ("change", "label", "actor", "time", "undoes")
HISTORY = ("seq", "change", "register", "record", "rev", "schema", "action", "digest", "chain", "salt", "document")
_OWN = frozenset({"_store", "_meta", "_change", "_history", "_beside", "entry"})
_NOT_MOVED = ("spec:", DOUBLED, IN_USE, "incomplete")


def export_all(store: Store, target: Path) -> None:
    """Everything as of one moment, while others write. Raises BadInput where there is a file already."""
    if target.exists():
        raise BadInput(Problem(str(target), "已有这个文件,不会覆盖它", "请换一个名字"))
    new = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    make_shared(new)
    try:
        with new.open("w", encoding="utf-8") as out, store.moment():
            out.write("{")
            _write_table(out, "_store", [(1, {"format": VERSION, "head": store.history.head()})], first=True)
            for name in sorted(store.tables()):
                _write_table(out, name, ((d.doc_id, dict(d)) for d in store.table(name)))
            for name, rows in _own_tables(store):
                _write_table(out, name, rows)
            out.write("}\n")
            out.flush()
            os.fsync(out.fileno())
        os.link(new, target)
    finally:
        new.unlink(missing_ok=True)
    sync_folder(target.parent)


def _own_tables(store: Store) -> Iterator[tuple[str, Iterable[tuple[int, Mapping[str, Any]]]]]:
    engine = store.engine
    meta = [row for row in engine.rows("SELECT key, value FROM meta ORDER BY key") if not row[0].startswith(_NOT_MOVED)]
    yield "_meta", ((n, {"key": key, "value": value}) for n, (key, value) in enumerate(meta, 1))
    yield "_change", ((row[0], dict(zip(CHANGE, row, strict=True))) for row in engine.rows(f"SELECT {','.join(CHANGE)} FROM change"))
    yield "_history", _history(store)
    yield "entry", enumerate(store.entries.page(), 1)
    yield "_beside", _beside(store)


def _history(store: Store) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in store.engine.stream(f"SELECT {','.join(HISTORY)} FROM history ORDER BY seq"):
        fields = dict(zip(HISTORY, row, strict=True))
        for name in ("digest", "chain", "salt"):
            fields[name] = fields[name].hex() if fields[name] is not None else None
        yield row[0], fields


def _beside(store: Store) -> Iterator[tuple[int, dict[str, Any]]]:
    """Search texts and sort keys, which the program can make anew, but TinyDB's documents don't hold."""
    number = 0
    for name in sorted(store.tables()):
        text = f"SELECT doc_id, sort, search FROM {relation(name)} WHERE sort<>'' OR search<>'' ORDER BY doc_id"
        for doc_id, sort, search in store.engine.stream(text):
            number += 1
            yield number, {"table": name, "doc_id": doc_id, "sort": sort, "search": search}


def _write_table(out: TextIO, name: str, rows: Iterable[tuple[int, Mapping[str, Any]]], *, first: bool = False) -> None:
    out.write(f"{'' if first else ','}\n{json.dumps(name, ensure_ascii=False)}: {{")
    for n, (number, document) in enumerate(rows):
        out.write(f"{',' if n else ''}\n\"{number}\": {dump(document).decode().strip()}")
    out.write("}")


def import_all(source: Path, target: Path) -> Store:
    """A new store from an exported file, verified before it gets its name. Raises NotFound, BadInput, Damaged."""
    data = _read(source)
    if target.exists():
        raise BadInput(Problem(str(target), "已有这个文件,不会覆盖它", "请换一个名字"))
    new = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    try:
        with Store.create(new) as store:
            try:
                with store.transaction():
                    _fill(store, data)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise Damaged(Problem(str(source), f"内容不完整({error})", "请重新导出")) from None
            problems = store.verify()
            if store.history.head() != data["_store"]["1"]["head"]:
                problems.append(Problem(str(source), "历史的末尾与导出时不同", "请重新导出"))
        if problems:
            raise Damaged(*problems)
        os.link(new, target)
    finally:
        for suffix in ("", "-wal", "-shm", ".lock"):
            new.with_name(new.name + suffix).unlink(missing_ok=True)
    sync_folder(target.parent)
    return Store.open(target)


def _read(source: Path) -> dict[str, dict[str, Any]]:
    try:
        data = json.loads(source.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotFound(Problem(str(source), "没有这个文件", "请检查路径")) from None
    except ValueError as error:
        raise Damaged(Problem(str(source), f"不是完整的 JSON({error})", "请重新导出")) from None
    if not isinstance(data, dict) or not all(isinstance(table, dict) for table in data.values()) or "_store" not in data:
        raise BadInput(Problem(str(source), "不是教研台导出的文件", "请用 jiaoyan export-all 导出"))
    version = data["_store"].get("1", {}).get("format")
    if version != VERSION:
        raise BadInput(Problem(str(source), f"导出格式是第 {version} 版,本程序只懂第 {VERSION} 版", "请升级教研台"))
    return data


def _fill(store: Store, data: dict[str, dict[str, Any]]) -> None:
    beside = {(row["table"], row["doc_id"]): (row["sort"], row["search"]) for row in data.get("_beside", {}).values()}
    for name in data.keys() - _OWN:
        table = store.table(name)
        table.insert_multiple(Document(document, int(number)) for number, document in data[name].items())
        if not data[name]:
            table.truncate()  # an empty table is a table too
        changed = []
        for number, document in data[name].items():
            if key := beside.get((name, int(number))):
                changed.append((*key, row_sum(*key, dump(document)), int(number)))
        store.engine.many(f"UPDATE {relation(name)} SET sort=?,search=?,crc=? WHERE doc_id=?", iter(changed))
    for row in data["_meta"].values():
        store.set_meta(row["key"], row["value"])
    store.engine.many(f"INSERT INTO change ({','.join(CHANGE)}) VALUES (?,?,?,?,?)", (
        tuple(row[name] for name in CHANGE) for row in data["_change"].values()
    ))
    store.engine.many(f"INSERT INTO history ({','.join(HISTORY)}) VALUES (?,?,?,?,?,?,?,?,?,?,?)", (
        tuple(_bytes(row[name]) if name in ("digest", "chain", "salt") else row[name] for name in HISTORY)
        for row in data["_history"].values()
    ))
    _fill_entries(store, data["entry"].values())


def _bytes(text: str | None) -> bytes | None:
    return bytes.fromhex(text) if text is not None else None


def _fill_entries(store: Store, rows: Iterable[Mapping[str, Any]]) -> None:
    grouped: dict[tuple[str, str, int], list[dict[str, Any]]] = {}
    for row in rows:
        if row.keys() != set(ENTRY_COLUMNS):
            raise JiaoyanError(Problem("entry", "字段不对", "请重新导出"))
        entry = {name: value for name, value in row.items() if name not in ("register", "record", "rev")}
        grouped.setdefault((row["register"], row["record"], row["rev"]), []).append(entry)
    for key, facts in grouped.items():
        store.entries.replace(*key, facts)
