"""Faults, made with real processes and real files: what was acknowledged is there afterwards, and nothing is torn."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jiaoyan.errors import BadInput, Damaged, JiaoyanError, Problem, ReadOnly
from jiaoyan.store import FORMAT, Store, TableSpec
from jiaoyan.store.filesystem import kind_of
from jiaoyan.store.schemas import schema_of
from tests.store.conftest import FULL

WRITERS, OPERATIONS = (8, 500) if FULL else (8, 80)
KILLS = 100 if FULL else 6
FLIPS = 200 if FULL else 50
WORKER = Path(__file__).with_name("worker.py")
SPEC = TableSpec("record", (("kind",), ("n",)))


def started(job: str, path: Path, *arguments: object, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WORKER), job, str(path), *map(str, arguments)], text=True, stdout=subprocess.PIPE, **options
    )


def exported(store: Store) -> bytes:
    """Everything that a person could ever be shown."""
    tables = {name: [dict(d) for d in store.table(name)] for name in sorted(store.tables())}
    history = [(row.seq, row.change, row.label, row.actor, row.time, row.register, row.record, row.rev, row.action, row.document)
               for row in store.changed_since(0)]
    return json.dumps([tables, history, store.entries.page()], ensure_ascii=False).encode()


def filled(path: Path, count: int = 60) -> None:
    with Store.create(path) as store:
        store.declare(SPEC)
        for first in range(0, count, 10):
            with store.transaction():
                change = store.begin_change("录入", "unix:a", "2026-09-01T00:00:00.000Z")
                for n in range(first, first + 10):
                    document: dict[str, Any] = {"id": f"{n:012}", "rev": 1, "n": n, "kind": "听课"}
                    document["theme"] = f"第 {n} 次教研活动 " * (1 + n % 7)
                    store.table("record").put(document, search=f"huodong {n}", sort=str(n))
                    store.log(change, "record", document["id"], 1, 1, "create", document)
                    store.entries.replace("record", document["id"], 1, [{"kind": "listen", "day": "2026-09-01", "teacher": f"t{n}"}])
        store.table("catalogue").put({"id": "record", "title": "记录"})


# ---- several processes ----------------------------------------------------------------------------------------------
def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    with Store.create(path) as store:
        store.declare(SPEC)
        store.table("record").put({"id": "shared", "rev": 0, "n": 0})
        workers = [started("mixed", path, number, OPERATIONS) for number in range(WRITERS)]
        reports = [json.loads(worker.communicate(timeout=300)[0]) for worker in workers]
        assert [report["errors"] for report in reports] == [[]] * WRITERS
        expected = {id: document for report in reports for id, document in report["kept"].items()}
        table = store.table("record")
        held = {d["id"]: d for d in table.page() if d["id"] != "shared"}
        assert held == expected
        shared = table.by_id("shared")
        assert shared is not None
        assert shared["n"] == sum(report["added"] for report in reports)
        assert store.verify() == []


@pytest.mark.parametrize("kind", ["single", "batch", "migration"])
def test_kill_loses_nothing_and_tears_nothing(tmp_path: Path, kind: str) -> None:
    path, rounds = tmp_path / "s.db", random.Random(3)
    Store.create(path).close()
    acknowledged: set[str] = set()
    for turn in range(KILLS):
        worker = started("endless", path, turn, kind)
        assert worker.stdout is not None
        first = worker.stdout.readline()
        time.sleep(rounds.uniform(0, 0.06))
        worker.kill()
        lines = [first, *worker.stdout.read().splitlines()]
        worker.wait()
        worker.stdout.close()
        acknowledged.update(line.strip() for line in lines if line.strip().endswith(";"))
        with Store.open(path) as store:
            held = {f"{d['id']};" for d in store.table("record").page()}
            assert acknowledged <= held
            for name, size in store.table("record").tally(None, ("batch",)).items():
                assert size == (1,) or size == (20,), name  # a batch is there as a whole
            shapes = {document["shape"] for document in store.table("moved").page()}
            assert shapes <= {str(schema_of(store, "moved"))}  # a migration has moved all or none
    with Store.open(path) as store:
        assert store.verify() == []
        assert len(acknowledged) > KILLS // 2
        assert kind != "migration" or schema_of(store, "moved") > KILLS // 2


def test_a_forked_child_opens_its_own_connection(tmp_path: Path) -> None:
    with Store.create(tmp_path / "s.db") as store:
        store.table("record").put({"id": "parent", "rev": 1})
        inherited = store.engine.session.connection
        child = os.fork()
        if child == 0:
            code = 1
            try:
                store.table("record").put({"id": "child", "rev": 1})
                code = 0 if store.engine.session.connection is not inherited and store.table("record").by_id("child") else 2
                store.close()
            finally:
                os._exit(code)
        store.table("record").put({"id": "parent2", "rev": 1})
        assert os.waitpid(child, 0)[1] == 0
        assert store.engine.session.connection is inherited
        assert store.table("record").count() == 3
        assert store.verify() == []


def test_a_killed_writer_leaves_its_lock_though_its_child_lives(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    Store.create(path).close()
    worker = started("hold", path)
    assert worker.stdout is not None
    child = int(worker.stdout.readline())
    worker.kill()
    worker.wait()
    try:
        with Store.open(path, deadline=5) as store:
            store.table("record").put({"id": "a"})
            assert store.table("record").count() == 1
    finally:
        os.kill(child, signal.SIGKILL)
        worker.stdout.close()


# ---- the disk -------------------------------------------------------------------------------------------------------
def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    """RLIMIT_FSIZE stands for the full disk: writes beyond it fail as they would there."""
    path = tmp_path / "s.db"
    filled(path)
    worker = started("full", path)
    report = json.loads(worker.communicate(timeout=60)[0])
    assert "磁盘已满" in report["error"]
    assert report["again"] == "saved"
    with Store.open(path) as store:
        held = {d["id"] for d in store.table("record").page()}
        assert set(report["kept"]) | {f"{n:012}" for n in range(60)} | {"again"} == held
        assert store.verify() == []


def test_files_are_for_the_group_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        with Store.create(tmp_path / "s.db") as store:
            store.table("record").put({"id": "a"})
            store.backup(tmp_path / "b.db")
            modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(("s.db", "s.db-wal", "s.db-shm", "s.db.lock", "b.db"), 0o660)


def test_a_folder_that_can_only_be_read_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write anywhere: what the system would answer another user is put in its mouth."""
    path = tmp_path / "s.db"
    filled(path)
    for name in ("s.db-wal", "s.db-shm", "s.db.lock"):
        (tmp_path / name).unlink(missing_ok=True)
    monkeypatch.setattr(os, "access", lambda name, mode: mode != os.W_OK)
    with pytest.raises(ReadOnly, match="权限"):
        Store.open(path)
    with Store.open(path, read_only=True) as store:
        assert store.table("record").count() == 60
        assert store.verify() == []
    assert [p.name for p in tmp_path.iterdir()] == ["s.db"]


def test_network_folders_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path / "s.db")
    for kind in ("nfs4", "cifs", "fuse.sshfs"):
        monkeypatch.setattr(Store, "filesystem_of", staticmethod(lambda path, kind=kind: kind))
        with pytest.raises(BadInput, match="网络盘"):
            Store.open(tmp_path / "s.db")
        with pytest.raises(BadInput, match="网络盘"):
            Store.create(tmp_path / "t.db")
    assert kind_of(Path("/proc/self")) == "proc"
    assert kind_of(Path("/proc")) == "proc"


# ---- damage ---------------------------------------------------------------------------------------------------------
def test_a_copy_without_its_wal_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    filled(path)
    with Store.open(path) as store:
        store.table("record").put({"id": "late", "rev": 1})
        shutil.copy(path, tmp_path / "copy.db")
        for suffix in ("", "-wal"):
            shutil.copy(f"{path}{suffix}", f"{tmp_path / 'whole.db'}{suffix}")
        store.backup(tmp_path / "backup.db")
    for name in ("s.db", "whole.db", "backup.db"):
        with Store.open(tmp_path / name) as store:
            assert not store.incomplete, name
            assert store.table("record").by_id("late"), name
    with Store.open(tmp_path / "copy.db", read_only=True) as store:
        assert store.incomplete
    with Store.open(tmp_path / "copy.db") as store:
        assert store.table("record").by_id("late") is None
        store.table("record").put({"id": "new", "rev": 1})
    with Store.open(tmp_path / "copy.db") as store:  # it is not forgotten
        assert any("直接复制" in problem.what for problem in store.verify())
        store.accept_incomplete()
        assert not store.incomplete
    with Store.open(tmp_path / "copy.db") as store:
        assert not store.incomplete


def test_one_flipped_byte_is_found_or_harmless(tmp_path: Path) -> None:
    source, rounds = tmp_path / "s.db", random.Random(7)
    filled(source)
    with Store.open(source, read_only=True) as store:
        untouched = exported(store)
    size = source.stat().st_size
    harmless = 0
    for turn in range(FLIPS):
        path = tmp_path / f"flipped{turn}.db"
        shutil.copy(source, path)
        place = rounds.randrange(size)
        with path.open("r+b") as file:
            file.seek(place)
            byte = file.read(1)[0] ^ (1 << rounds.randrange(8))
            file.seek(place)
            file.write(bytes([byte]))
        try:
            with Store.open(path) as store:
                found = bool(store.verify())
                same = exported(store) == untouched
        except JiaoyanError:
            found = True
        except (sqlite3.Error, UnicodeError, ValueError):
            pytest.fail(f"byte {place}: told in no words")
        assert found or same, f"byte {place} of {size}: wrong, and not found"
        harmless += not found
        for name in tmp_path.glob(f"{path.name}*"):
            name.unlink()
    assert harmless < FLIPS  # the check sees something at all


@pytest.mark.parametrize(("act", "words"), [
    (lambda store: store.engine.execute('UPDATE "d:record" SET body=json_set(body,\'$.n\',99) WHERE doc_id=3'), "与写入时不同"),
    (lambda store: store.engine.execute('DELETE FROM "d:record" WHERE doc_id=3'), "不见了"),
    (lambda store: store.table("record").put({"id": "stranger", "rev": 1}), "没有历史"),
    (lambda store: store.table("record").put({"id": f"{2:012}", "rev": 9}), "最后一次保存的不同"),
    (lambda store: store.log(1, "record", f"{4:012}", 2, 1, "remove", None), "历史中已删除,却还在"),
    (lambda store: store.engine.execute("UPDATE change SET actor='unix:b' WHERE change=2"), "与写入时不同"),
    (lambda store: store.engine.execute("UPDATE history SET rev=7 WHERE seq=5"), "与写入时不同"),
    (lambda store: store.engine.execute("UPDATE history SET document='{}' WHERE seq=5"), "内容与写入时不同"),
    (lambda store: store.engine.execute("DELETE FROM history WHERE seq=5"), "不见了"),
    (lambda store: store.engine.execute("UPDATE entry SET level='市' WHERE doc_id=4"), "第 4 行与写入时不同"),
    (lambda store: store.engine.execute("UPDATE \"d:catalogue\" SET search='x'"), "catalogue record"),
])
def test_verify_names_what_was_tampered_with(tmp_path: Path, act: Callable[[Store], object], words: str) -> None:
    filled(tmp_path / "s.db")
    with Store.open(tmp_path / "s.db") as store:
        assert store.verify() == []
        with store.transaction():
            act(store)
        assert any(words in str(problem) for problem in store.verify()), store.verify()


def problems_of(path: Path, read_only: bool) -> list[Problem]:
    try:
        with Store.open(path, read_only=read_only) as store:
            found = store.verify()
    except Damaged as error:
        found = error.problems
    assert found
    return found


def test_what_is_no_store_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("这不是数据库" * 1000, encoding="utf-8")
    (tmp_path / "empty.db").write_bytes(b"")
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE t (a)")
    other.commit()
    other.close()
    filled(tmp_path / "half.db")
    with (tmp_path / "half.db").open("r+b") as file:
        file.truncate(8192)
    for name in ("text.db", "empty.db", "other.db", "half.db"):
        for read_only in (False, True):
            assert all(problem.remedy for problem in problems_of(tmp_path / name, read_only))


def test_a_newer_format_is_read_and_never_written(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    filled(path)
    session = Store.open(path)  # opened before somebody upgraded
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA user_version={FORMAT + 1}")
    raw.close()
    with pytest.raises(ReadOnly, match="更新版本"):
        session.table("record").put({"id": "a"})
    assert session.table("record").count() == 60
    session.close()
    with pytest.raises(ReadOnly, match="更新版本"):
        Store.open(path)
    with Store.open(path, read_only=True) as store:
        assert store.table("record").count() == 60
