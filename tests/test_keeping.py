"""Keeping a school: backup and restore, moving house, newer schemas, mending, purging."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tinydb import TinyDB

from jiaoyan.access import SYSTEM, Actor
from jiaoyan.enrolling import enrol
from jiaoyan.errors import BadInput, JiaoyanError, NotFound, ReadOnly, Refused
from jiaoyan.examining import examine
from jiaoyan.exchanging import import_table
from jiaoyan.host.manifest import Found, read_folder
from jiaoyan.keeping import LARGE, back_up, backups, found_school, held_by, purge, repair, restore
from jiaoyan.model.tasks import Task
from jiaoyan.model.works import Work
from jiaoyan.papers.roster import read_roster
from jiaoyan.school import School
from jiaoyan.store.exchange import export_all
from jiaoyan.verifying import verify
from tests.schools import a_lesson_heard, a_reflection, an_empty_school, now, saved

MANIFEST = """
id = "club"
name = "社团"
version = "{version}"
api = 1

[[register]]
id = "club.club"
title = "社团"
model = "{package}.registers:CLUB"
schema = {version}
"""
FIRST = """
from jiaoyan.api import Counts, Record, Register

class Club(Record):
    name: str = ""
    day: str = ""

CLUB = Register("club.club", "社团", Club, columns=("name",), search=("name",), counts=(Counts(kind="meeting", day="self.day"),))
"""
SECOND = """
from jiaoyan.api import Counts, Record, Register

class Club(Record):
    title: str = ""
    held: str = ""

def renamed(document):
    {step}
    return {{**{{k: v for k, v in document.items() if k not in ("name", "day")}}, "title": document["name"], "held": document["day"]}}

CLUB = Register(
    "club.club", "社团", Club, columns=("title",), search=("title",), schema=2, steps={{2: renamed}},
    counts=(Counts(kind="meeting", day="self.held"),),
)
"""


class Plugin:
    """One plugin in two versions, each a package of its own as after an upgrade."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def version(self, number: int, step: str = "pass") -> dict[str, Found]:
        package = f"upgraded_club_{number}_{abs(hash(step))}"
        place = self.folder / package
        place.mkdir()
        (place / "__init__.py").write_text("")
        (place / "plugin.toml").write_text(MANIFEST.format(version=number, package=package), encoding="utf-8")
        (place / "registers.py").write_text(FIRST if number == 1 else SECOND.format(step=step), encoding="utf-8")
        return {"club": read_folder("club", place)}


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugin]:
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Plugin(tmp_path)
    for name in [name for name in sys.modules if name.startswith("upgraded_club")]:
        del sys.modules[name]


@pytest.fixture
def old_school(tmp_path: Path, plugin: Plugin) -> Path:
    """A school whose club register is of version 1."""
    with an_empty_school(tmp_path / "school", ("club",), plugin.version(1)) as school:
        model = school.register("club.club").model
        saved(school, model(name="合唱", day="2026-10-08"), model(name="足球", day="2026-10-09"))
    return tmp_path / "school"


def test_a_newer_plugin_brings_its_documents_along_after_a_backup(old_school: Path, plugin: Plugin) -> None:
    with School.open(old_school, SYSTEM, now, found=plugin.version(2)) as school:
        assert [c.title for c in school.records("club.club").all()] == ["合唱", "足球"]
        assert {e["day"] for e in school.store.entries.page()} == {"2026-10-08", "2026-10-09"}
        assert [b.reason for b in backups(school.folder).listed()] == ["升级之前"]
        assert verify(school).problems == []


def test_a_step_that_fails_stops_the_plugin_and_changes_nothing(old_school: Path, plugin: Plugin) -> None:
    with School.open(old_school, SYSTEM, now, found=plugin.version(2, "raise KeyError('坏了')")) as school:
        status = school.host.status("club")
        assert (status.state, status.label) == ("migration-failed", "数据升级失败")
        assert "坏了" in status.cause
        assert school.records(Task).count() == 0
    with School.open(old_school, SYSTEM, now, found=plugin.version(1, "again")) as school:
        assert [c.name for c in school.records("club.club").all()] == ["合唱", "足球"]


def test_what_is_newer_than_the_program_can_be_read_and_not_written(old_school: Path, plugin: Plugin) -> None:
    with School.open(old_school, SYSTEM, now, found=plugin.version(2)):
        pass
    with School.open(old_school, SYSTEM, now, found=plugin.version(1, "older")) as school:
        before = school.store.table("club.club").page()
        with pytest.raises(ReadOnly, match="只能查看"):
            saved(school, school.register("club.club").model(name="新社团"))
        assert school.store.table("club.club").page() == before


# ---- backup and moving ----------------------------------------------------------------------------------------------
def test_a_backup_put_back_undoes_all_since_and_keeps_what_was(school: School) -> None:
    saved(school, Task(title="备份前"))
    made = back_up(school)
    saved(school, Task(title="备份后"))
    chosen, kept = restore(school, made.path.name[:15])
    assert chosen.path == made.path
    assert kept is not None
    with School.open(school.folder, SYSTEM, now) as again:
        assert [t.title for t in again.records(Task).all()] == ["备份前"]
        restore(again, str(kept.path))
    with School.open(school.folder, SYSTEM, now) as again:
        assert again.records(Task).count() == 2
        assert verify(again).problems == []


def test_a_large_import_is_preceded_by_a_backup(school: School, tmp_path: Path) -> None:
    small, large = tmp_path / "少.csv", tmp_path / "多.csv"
    small.write_text("任务\n" + "查校舍\n" * 3, encoding="utf-8")
    large.write_text("任务\n" + "查校舍\n" * (LARGE + 1), encoding="utf-8")
    import_table(school, school.register("task"), small)
    assert backups(school.folder).listed() == []
    import_table(school, school.register("task"), large)
    assert [b.reason for b in backups(school.folder).listed()] == ["导入之前"]
    assert school.records(Task).count() == LARGE + 4


def test_a_large_roster_is_preceded_by_a_backup(school: School, tmp_path: Path) -> None:
    roster = tmp_path / "花名册.csv"
    roster.write_text("姓名,工号\n" + "".join(f"张{chr(0x4E00 + n)},{n}\n" for n in range(LARGE + 1)), encoding="utf-8")
    enrol(school, read_roster(roster))
    assert [b.reason for b in backups(school.folder).listed()] == ["导入之前"]


def test_a_backup_that_is_not_there_is_said(school: School) -> None:
    with pytest.raises(NotFound, match="没有备份"):
        restore(school, "2019")


def test_moving_house_loses_nothing(full_school: School, tmp_path: Path) -> None:
    saved(full_school, a_lesson_heard(full_school, date(2026, 10, 14), ("张敏",)), a_reflection(full_school, date(2026, 11, 2), "李强"))
    export_all(full_school.store, tmp_path / "全部.json")
    found_school(tmp_path / "新家", tmp_path / "全部.json", "青山小学")
    with School.open(tmp_path / "新家", full_school.actor, now) as moved:
        for id, _, _ in full_school.register_titles():
            assert moved.store.table(id).page() == full_school.store.table(id).page()
        assert moved.store.entries.page() == full_school.store.entries.page()
        assert moved.store.last_seq() == full_school.store.last_seq()
        assert verify(moved).problems == []
        moved.undo(full_school.store.changes(size=1, newest=True)[0].change)
        assert moved.records(Work).count() == 0
    with TinyDB(tmp_path / "全部.json") as plain:
        assert len(plain.table("teacher")) == 6


def test_what_is_no_export_makes_no_school(tmp_path: Path) -> None:
    (tmp_path / "坏.json").write_text("{}", encoding="utf-8")
    with pytest.raises(JiaoyanError):
        found_school(tmp_path / "新家", tmp_path / "坏.json", "青山小学")
    assert list((tmp_path / "新家").iterdir()) == []


# ---- mending --------------------------------------------------------------------------------------------------------
def test_wrong_entries_are_found_and_mended(school: School) -> None:
    lesson = a_lesson_heard(school, date(2026, 10, 14), ("张敏",))
    saved(school, lesson)
    with school.store.transaction():
        school.store.entries.replace("activity", lesson.id, 1, [])
    assert [p for p in verify(school).problems if "计入明细" in p.what]
    assert repair(school).entries == 1
    assert verify(school).problems == []


def test_purging_takes_a_backup_and_leaves_history(full_school: School) -> None:
    hazard = full_school.register("safety.hazard").model(day=date(2026, 11, 2), place="操场", kind="sport", text="篮板松动")
    saved(full_school, hazard)
    with pytest.raises(BadInput, match="还在启用"):
        purge(full_school, "safety")
    full_school.set_plugins(["subjects", "credits"], "停用")
    assert held_by(full_school, "safety") == {"隐患台账": 1}
    made = purge(full_school, "safety")
    assert made.path.is_file()
    assert held_by(full_school, "safety") == {}
    assert [row.action for row in full_school.store.history_of("safety.hazard", hazard.id)] == ["create", "remove"]
    assert verify(full_school).problems == []


def test_only_an_administrator_repairs(school: School) -> None:
    with School.open(school.folder, Actor("unix:x", roles=frozenset({"office"})), now) as other, pytest.raises(Refused):
        repair(other)


def test_an_examination_tells_what_to_do(school: School) -> None:
    found = {p.where: p for p in examine(school)}
    assert found["备份"].remedy == "请运行:jiaoyan backup"
    back_up(school)
    assert "备份" not in {p.where for p in examine(school)}
