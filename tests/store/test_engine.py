"""What is true of the SQLite engine alone: its plans, its files, and the format of old stores."""

from __future__ import annotations

import lzma
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from jiaoyan.conditions import AllOf, Between, Condition, In, Is
from jiaoyan.store import FORMAT, Store, TableSpec
from jiaoyan.store.entries import Entries
from jiaoyan.store.exchange import export_all

HERE = Path(__file__).parent
TERM = AllOf(of=(In(field="kind", values=("a", "b", "c")), Between(field="day", first="2026-09-01", last="2027-01-20")))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "s.db") as opened:
        opened.declare(TableSpec("activity", (("kind",), ("when.last",))))
        opened.table("activity").put({"id": "a", "kind": "k"})
        yield opened


def plans(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """From now on, how the engine goes about each question."""
    found: list[str] = []
    plain = store.engine.rows

    def rows(text: str, params: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        if text.startswith("SELECT"):
            found.extend(row[3] for row in plain("EXPLAIN QUERY PLAN " + text, params))
        return plain(text, params)

    monkeypatch.setattr(store.engine, "rows", rows)
    return found


@pytest.mark.parametrize(("where", "index"), [
    (TERM, "entry_kind"),
    (AllOf(of=(TERM, Is(field="teacher", value="t1"))), "entry_teacher"),
    (AllOf(of=(Is(field="teacher", value="t1"), Between(field="day", first="2026-09-01", last="2027-01-20"))), "entry_teacher"),
])
def test_boards_are_counted_from_one_index_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch, where: Condition, index: str
) -> None:
    found = plans(store, monkeypatch)
    store.entries.tally(where, ("teacher", "group", "kind", "role"), ("amount", "minutes", "chars"))
    assert any(line.startswith(f"SEARCH entry USING COVERING INDEX {index}") for line in found), found


def test_a_records_entries_are_replaced_without_a_scan(store: Store) -> None:
    rows = store.engine.rows("EXPLAIN QUERY PLAN DELETE FROM entry WHERE record='a' AND register='b'")
    assert [row[3] for row in rows] == ["SEARCH entry USING INDEX entry_source (record=? AND register=?)"]
    assert isinstance(store.entries, Entries)


def test_pages_and_fields_use_their_indexes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    found = plans(store, monkeypatch)
    table = store.table("activity")
    table.page(size=50)
    table.page(sort=("when.last",), size=50)
    table.page(Is(field="kind", value="k"))
    table.count(Between(field="when.last", first="2026-09-01", last="2026-09-30"))
    assert not any(line.startswith("SCAN") and "INDEX" not in line for line in found), found
    usual, by_day, kind = found[0], found[1], found[2]
    assert "i:activity:x:sort" in usual
    assert "i:activity:x:when.last" in by_day
    assert "i:activity:x:kind" in kind
    assert "USE TEMP B-TREE FOR ORDER BY" not in found[:2]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become two other users")
def test_two_unix_users_of_one_group_share_a_store() -> None:
    group, users = 64_100, (64_101, 64_102)
    with tempfile.TemporaryDirectory(prefix="jiaoyan-group-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o711)
        shared = folder / "school"
        shared.mkdir()
        os.chown(shared, 0, group)
        shared.chmod(0o2770)
        for turn, (user, close) in enumerate([(0, True), (1, False), (0, False), (1, True), (0, True)]):
            assert as_user(users[user], group, shared / "s.db", turn, close) == f"{turn + 1} []"


def as_user(user: int, group: int, path: Path, turn: int, close: bool) -> str:
    """What another user's process says who writes to the store, and leaves it properly or not."""
    reading, writing = os.pipe()
    child = os.fork()  # not a new program: another user may not be able to read this Python
    if child == 0:
        said = "?"
        try:
            os.setgroups([group])
            os.setgid(user)
            os.setuid(user)
            os.umask(0o077)
            store = Store.open(path) if path.exists() else Store.create(path)
            store.table("t").put({"id": str(turn)})
            said = f"{store.table('t').count()} {store.verify()}"
            if close:
                store.close()
        except BaseException as error:
            said = repr(error)
        finally:
            os.write(writing, said.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as report:
        said = report.read()
    os.waitpid(child, 0)
    return said


def test_a_store_of_every_format_so_far_opens_and_is_whole(tmp_path: Path) -> None:
    """`python -m tests.store.old_formats` made them, once each."""
    for version in range(1, FORMAT + 1):
        path = tmp_path / f"format{version}.db"
        path.write_bytes(lzma.decompress((HERE / "fixtures" / f"format{version}.db.xz").read_bytes()))
        with Store.open(path) as store:
            assert store.verify() == []
            store.table("record").put({"id": "new", "rev": 1})
            store.table("record").drop(["new"])
            export_all(store, tmp_path / f"{version}.json")
        expected = lzma.decompress((HERE / "fixtures" / f"format{version}.json.xz").read_bytes())
        assert (tmp_path / f"{version}.json").read_bytes() == expected


def test_every_session_waits_for_the_disk(store: Store) -> None:
    """What a kill can't show: only a power cut would tell FULL (2) from NORMAL."""
    found: list[object] = []

    def look() -> None:
        found.extend(store.engine.rows(f"PRAGMA {name}")[0][0] for name in ("synchronous", "journal_mode", "cell_size_check"))

    look()
    other = threading.Thread(target=look)
    other.start()
    other.join()
    assert found == [2, "wal", 1] * 2


def open_files(path: Path) -> list[str]:
    """This process's descriptors of a store. (SQLite keeps one of a closed connection for the next.)"""
    found = []
    for file in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that lists them
            if str(path) in str(target := file.readlink()) and target != path:
                found.append(target.name)
    return found


def test_a_thread_that_ends_takes_neither_the_wal_nor_the_lock_away(store: Store) -> None:
    before = len(open_files(store.path))
    for _ in range(3):
        thread = threading.Thread(target=lambda: store.table("activity").put({"id": "b"}))
        thread.start()
        thread.join()
    assert store.path.with_name("s.db-wal").exists()
    assert store.table("activity").count() == 2
    store.table("activity").put({"id": "c"})
    assert len(open_files(store.path)) == before


def test_a_store_that_nobody_closed_is_left_properly(tmp_path: Path) -> None:
    """At the end of the interpreter, and when it is thrown away."""
    path = tmp_path / "t.db"
    script = (
        f"from pathlib import Path; from jiaoyan.store import Store; s = Store.create(Path({str(path)!r})); "
        "s.table('t').put({'id': 'a'})"
    )
    for end in ("", "; del s"):
        path.unlink(missing_ok=True)
        done = subprocess.run([sys.executable, "-W", "error", "-c", script + end], capture_output=True, text=True, check=True)
        assert done.stderr == ""
        assert not path.with_name("t.db-wal").exists()
        with Store.open(path) as opened:
            assert not opened.incomplete
            assert opened.table("t").count() == 1
