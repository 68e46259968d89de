"""Backups: dated copies of a store, checked when made, thinned by rule, and put back."""

from __future__ import annotations

import re
import secrets
import shutil
import sqlite3
import urllib.parse
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jiaoyan.errors import BadInput, Damaged, JiaoyanError, NotFound, Problem
from jiaoyan.store.engine import told
from jiaoyan.store.files import Files
from jiaoyan.store.filesystem import make_shared, sync_folder
from jiaoyan.store.store import Store
from jiaoyan.store.verify import check_engine

_NAME = re.compile(r"(\d{8}T\d{6})Z(?:-(\d+))?(?:~(.+))?\.db")


@dataclass(frozen=True, slots=True)
class Rule:
    """Which backups stay: the last ones, then the newest of each day, week and month; one with a reason for a while."""

    last: int = 10
    days: int = 14
    weeks: int = 8
    months: int = 24
    reasons: int = 90
    """Days for which a backup made before something dangerous (a migration, a purge, an import) stays."""


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    time: datetime
    path: Path
    reason: str = ""


class Backups:
    """A folder of backups. The files of a school go into `files` there, each once for all backups."""

    def __init__(self, folder: Path, rule: Rule | None = None) -> None:
        self.folder, self.rule = folder, rule or Rule()

    def make(self, store: Store, now: datetime, reason: str = "", files: Files | None = None) -> Backup:
        """A checked copy of the store as of now, while others write; its files first, for they are named by it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if files is not None:
            files.copy_to(self.files)
        stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        tail = "~" + re.sub(r"[\s/\\~]+", "_", reason) if reason else ""
        for number in range(1000):
            target = self.folder / f"{stamp}{f'-{number}' if number else ''}{tail}.db"
            if not target.exists():
                store.backup(target)
                return _read(target) or Backup(now, target, reason)
        raise BadInput(Problem(str(self.folder), "同一秒内的备份太多", "请稍后再试"))

    @property
    def files(self) -> Files:
        return Files(self.folder / "files")

    def listed(self) -> list[Backup]:
        """The newest first. Files of other names are let alone."""
        found = (_read(path) for path in self.folder.glob("*.db"))
        return sorted((backup for backup in found if backup is not None), reverse=True)

    def thin(self, now: datetime) -> list[Backup]:
        """Drop what the rule does not keep; what was dropped."""
        gone = to_drop(self.listed(), now, self.rule)
        for backup in gone:
            for suffix in ("", ".lock", "-wal", "-shm"):
                backup.path.with_name(backup.path.name + suffix).unlink(missing_ok=True)
        return gone

    def restore(self, backup: Path, path: Path, now: datetime, files: Files | None = None) -> Backup | None:
        """Put a backup in the place of the store at `path`; what was there is backed up first, and returned.

        Sessions that are open stay so: they see the restored state as one more change. A store that can't be opened
        is set aside under another name (then None is returned). Raises NotFound, Damaged (the backup).
        """
        if not backup.is_file():
            raise NotFound(Problem(str(backup), "没有这个备份", "查看:jiaoyan backup --list"))
        _require_whole(backup)
        saved = None
        if path.exists():
            try:
                with Store.open(path) as store:
                    saved = self.make(store, now, "恢复之前")
                    _pour(backup, store)
            except Damaged:
                _set_aside(path, now)
        if not path.exists():
            new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
            make_shared(new)
            shutil.copyfile(backup, new)
            new.replace(path)
            sync_folder(path.parent)
        if files is not None:
            self.files.copy_to(files)
        return saved


def _read(path: Path) -> Backup | None:
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    try:
        time = datetime.strptime(found[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Backup(time, path, found[3] or "")


def to_drop(backups: Iterable[Backup], now: datetime, rule: Rule) -> list[Backup]:
    """What the rule does not keep. A backup from the future (the clock was set back) stays."""
    newest_first = sorted(backups, reverse=True)
    keep: set[Path] = {backup.path for backup in newest_first[: rule.last]}
    keep |= {b.path for b in newest_first if b.time > now or (b.reason and now - b.time <= timedelta(days=rule.reasons))}
    for count, period in ((rule.days, "%Y-%j"), (rule.weeks, "%G-%V"), (rule.months, "%Y-%m")):
        newest: dict[str, Path] = {}
        for backup in newest_first:
            newest.setdefault(backup.time.strftime(period), backup.path)
        keep |= set(list(newest.values())[:count])
    return [backup for backup in newest_first if backup.path not in keep]


def _require_whole(backup: Path) -> None:
    try:
        check_engine(backup)
        with Store.open(backup, read_only=True) as store:
            problems = store.verify()
    except Damaged as error:
        raise Damaged(Problem(str(backup), "这个备份已损坏", "请改用另一个备份"), *error.problems) from None
    if problems:
        raise Damaged(Problem(str(backup), "这个备份与它的历史不符", "请改用另一个备份"), *problems)


def _pour(backup: Path, store: Store) -> None:
    """Page by page into the open store, as one transaction of the engine: nobody's connection goes stale."""
    name = f"file:{urllib.parse.quote(str(backup.absolute()))}?immutable=1"
    with store.engine.alone() as connection, told(store.path), closing(sqlite3.connect(name, uri=True)) as source:
        source.backup(connection)


def _set_aside(path: Path, now: datetime) -> None:
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    for suffix in ("", "-wal", "-shm"):
        old = path.with_name(path.name + suffix)
        if old.exists():
            target = path.with_name(f"{path.name}.damaged-{stamp}{suffix}")
            if target.exists():
                raise JiaoyanError(Problem(str(target), "已有这个文件", "请先移走它"))
            old.rename(target)
