"""One JSON file for everything: out, in, and opened by plain TinyDB."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB, where

from jiaoyan.conditions import Text
from jiaoyan.errors import BadInput, Damaged, NotFound
from jiaoyan.store import Store
from jiaoyan.store.exchange import export_all, import_all

DOCUMENTS: list[dict[str, Any]] = [
    {"id": "a", "rev": 1, "姓名": "张三", "n": 0.1, "big": 10**30, "text": 'quo"te\\ \n\x1f 😀', "deep": [{"x": [None, True, 1.0]}]},
    {"id": "b", "rev": 1, "z": 1, "a": 2, "e": 1e22, "empty": {}},
]


def filled(store: Store) -> None:
    with store.transaction():
        change = store.begin_change("录入", "unix:a", "2026-01-01T00:00:00.000Z")
        for document in DOCUMENTS:
            store.table("record").put(document, search=f"Zhang {document['id']}", sort=document["id"])
            store.log(change, "record", document["id"], 1, 1, "create", document)
            store.entries.replace("record", document["id"], 1, [{"kind": "listen", "day": "2026-09-01", "teacher": "t"}] * 2)
        store.table("record").put({"id": "gone", "rev": 1})
        store.log(change, "record", "gone", 1, 1, "create", {"id": "gone", "rev": 1})
    with store.transaction():
        change = store.begin_change("删除", "unix:a", "2026-01-02T00:00:00.000Z")
        store.table("record").drop(["gone"])
        store.log(change, "record", "gone", 2, 1, "remove", None)
        store.set_meta("schema:record", "4")
        store.table("empty").put({"id": "x"})
        store.table("empty").drop(["x"])


def test_nothing_is_lost_on_the_way_out_and_in(store: Store, tmp_path: Path) -> None:
    filled(store)
    export_all(store, tmp_path / "all.json")
    with import_all(tmp_path / "all.json", tmp_path / "new.db") as new:
        assert new.verify() == []
        assert new.tables() == store.tables() == {"record", "empty"}
        assert new.table("record").all() == store.table("record").all() == DOCUMENTS
        assert [d.doc_id for d in new.table("record")] == [d.doc_id for d in store.table("record")]
        assert new.changed_since(0) == store.changed_since(0)
        assert new.changes() == store.changes()
        assert new.history.head() == store.history.head()
        assert new.entries.page() == store.entries.page()
        assert new.meta("schema:record") == "4"
        assert [d["id"] for d in new.table("record").page(Text(words=("zhang", "b")))] == ["b"]
        assert not new.incomplete
        export_all(new, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "all.json").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_plain_tinydb_opens_the_file(store: Store, tmp_path: Path) -> None:
    filled(store)
    export_all(store, tmp_path / "all.json")
    with TinyDB(tmp_path / "all.json", access_mode="r", encoding="utf-8") as plain:
        assert plain.table("record").get(where("姓名") == "张三") == DOCUMENTS[0]
        assert plain.table("_history").count(where("record") == "gone") == 2
        assert plain.table("entry").count(where("teacher") == "t") == 4


def test_a_file_that_was_altered_or_cut_is_refused(store: Store, tmp_path: Path) -> None:
    filled(store)
    export_all(store, tmp_path / "all.json")
    whole = (tmp_path / "all.json").read_text(encoding="utf-8")
    with pytest.raises(BadInput):
        export_all(store, tmp_path / "all.json")

    def tried(text: str) -> None:
        (tmp_path / "bad.json").write_text(text, encoding="utf-8")
        import_all(tmp_path / "bad.json", tmp_path / "bad.db")

    data = json.loads(whole)
    short = {**data, "_history": {k: v for k, v in data["_history"].items() if k != "4"}}
    other = {**data, "_store": {"1": {**data["_store"]["1"], "head": "0" * 64}}}
    renamed, forged = whole.replace("张三", "张四", 1), whole.replace('"unix:a"', '"unix:b"', 1)
    for text in (whole[:-200], renamed, forged, json.dumps(short), json.dumps(other)):
        assert text != whole
        with pytest.raises(Damaged):
            tried(text)
    for text in ("[]", "{}", '{"a": 1}', whole.replace('"format":1', '"format":2')):
        with pytest.raises(BadInput):
            tried(text)
    with pytest.raises(NotFound):
        import_all(tmp_path / "nothing.json", tmp_path / "bad.db")
    assert not (tmp_path / "bad.db").exists()
