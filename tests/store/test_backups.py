"""Backups: made, thinned by rule, put back while others have the store open."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jiaoyan.errors import Damaged, NotFound
from jiaoyan.store import Store
from jiaoyan.store.backups import Backup, Backups, Rule, to_drop
from jiaoyan.store.files import Files

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)


def test_backups_are_dated_and_hold_the_files(store: Store, tmp_path: Path) -> None:
    store.table("t").put({"id": "a"})
    files, backups = Files(tmp_path / "files"), Backups(tmp_path / "backups")
    kept = files.keep(b"photo")
    first = backups.make(store, NOON, files=files)
    second = backups.make(store, NOON, "升级 之前/x")
    third = backups.make(store, NOON + timedelta(days=1))
    (tmp_path / "backups" / "别的.db").write_bytes(b"")
    (tmp_path / "backups" / "20269999T000000Z.db").write_bytes(b"")
    assert [b.path.name for b in backups.listed()] == ["20260902T120000Z.db", "20260901T120000Z~升级_之前_x.db", "20260901T120000Z.db"]
    assert {b.time for b in (first, second)} == {NOON}
    assert second.reason == "升级_之前_x"
    assert backups.make(store, NOON).path.name == "20260901T120000Z-1.db"
    assert list(backups.files) == [kept]
    with Store.open(third.path, read_only=True) as copy:
        assert copy.table("t").page() == [{"id": "a"}]


def test_thinning_keeps_days_weeks_and_months(tmp_path: Path) -> None:
    made = [Backup(NOON - timedelta(hours=6 * n), tmp_path / str(n)) for n in range(4 * 400)]
    rule = Rule(last=3, days=7, weeks=4, months=6, reasons=90)
    gone = to_drop(made, NOON, rule)
    stay = sorted(set(made) - set(gone), reverse=True)
    assert stay[:3] == made[:3]
    assert {NOON.date() - timedelta(days=n) for n in range(7)} <= {b.time.date() for b in stay}
    assert len({f"{b.time:%Y-%m}" for b in stay}) == 6
    assert len(stay) <= 3 + 7 + 4 + 6
    assert to_drop(stay, NOON, rule) == []
    assert to_drop([], NOON, rule) == []


def test_thinning_keeps_what_was_made_before_danger_and_what_is_not_yet(tmp_path: Path) -> None:
    """A clock that was set back must not cost a backup."""
    rule = Rule(last=1, days=0, weeks=0, months=0, reasons=30)
    recent = Backup(NOON - timedelta(days=29), tmp_path / "recent", "升级之前")
    old = Backup(NOON - timedelta(days=31), tmp_path / "old", "升级之前")
    ahead = Backup(NOON + timedelta(days=5), tmp_path / "ahead")
    further = Backup(NOON + timedelta(days=6), tmp_path / "further")
    assert to_drop([recent, old, ahead, further], NOON, rule) == [old]


def test_thinning_removes_the_files_of_what_goes(store: Store, tmp_path: Path) -> None:
    backups = Backups(tmp_path / "backups", Rule(last=1, days=1, weeks=1, months=1))
    made = [backups.make(store, NOON + timedelta(minutes=n)) for n in range(3)]
    assert [b.path for b in backups.thin(NOON + timedelta(hours=1))] == [made[1].path, made[0].path]
    assert [p.name for p in (tmp_path / "backups").iterdir()] == [made[2].path.name]


def test_a_backup_is_put_back_under_open_sessions(store: Store, reopened: Callable[..., Store], tmp_path: Path) -> None:
    other, backups = reopened(), Backups(tmp_path / "backups")
    files = Files(tmp_path / "files")
    kept = files.keep(b"photo")
    store.table("t").put({"id": "old"})
    backup = backups.make(store, NOON, files=files)
    other.table("t").put({"id": "new"})
    files.discard([kept])
    seen = other.token()
    saved = backups.restore(backup.path, store.path, NOON + timedelta(days=1), files)
    assert other.token() != seen
    for session in (store, other):
        assert session.table("t").page() == [{"id": "old"}]
    other.table("t").put({"id": "newer"})
    assert store.table("t").count() == 2
    assert store.verify() == []
    assert list(files) == [kept]
    assert saved is not None
    assert saved.reason == "恢复之前"
    with Store.open(saved.path, read_only=True) as before:
        assert before.table("t").count() == 2
    store.close()
    with Store.open(other.path) as again:
        assert not again.incomplete


def test_a_store_that_cannot_be_opened_is_set_aside(store: Store, tmp_path: Path) -> None:
    store.table("t").put({"id": "old"})
    backups, path = Backups(tmp_path / "backups"), store.path
    backup = backups.make(store, NOON)
    store.close()
    path.write_bytes(b"rubbish" * 1000)
    assert backups.restore(backup.path, path, NOON) is None
    with Store.open(path) as again:
        assert again.table("t").page() == [{"id": "old"}]
    assert (tmp_path / "school.db.damaged-20260901T120000Z").read_bytes().startswith(b"rubbish")


def test_a_damaged_backup_is_never_put_back(store: Store, tmp_path: Path) -> None:
    store.table("t").put({"id": "a", "text": "课" * 3000})
    backups = Backups(tmp_path / "backups")
    backup = backups.make(store, NOON)
    broken = tmp_path / "broken.db"
    shutil.copy(backup.path, broken)
    content = bytearray(broken.read_bytes())
    place = content.rfind("课课课".encode())
    content[place + 2] ^= 1
    broken.write_bytes(content)
    with pytest.raises(Damaged, match="备份"):
        backups.restore(broken, store.path, NOON)
    with pytest.raises(NotFound):
        backups.restore(tmp_path / "nothing.db", store.path, NOON)
    assert len(backups.listed()) == 1
    assert store.table("t").count() == 1
