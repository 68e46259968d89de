"""Files of records: kept once, found again, in backups, missed when they are gone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jiaoyan.access import SYSTEM
from jiaoyan.attaching import attach, attachments, copy_out, files_of, orphans
from jiaoyan.errors import BadInput, Damaged, NotFound
from jiaoyan.keeping import back_up, backups, move_house, restore
from jiaoyan.model.people import Teacher
from jiaoyan.model.works import Work
from jiaoyan.school import School
from jiaoyan.verifying import verify
from tests.schools import a_reflection, now, saved


@pytest.fixture
def work(school: School, tmp_path: Path) -> Work:
    """A reflection with its essay attached."""
    (tmp_path / "反思.txt").write_text("这节课的得与失", encoding="utf-8")
    record = a_reflection(school, date(2026, 11, 2), "张敏")
    saved(school, record)
    with school.change("附文件") as change:
        attach(school, change, school.records(Work).get(record.id), [tmp_path / "反思.txt"])
    return school.records(Work).get(record.id)


def test_a_file_comes_out_as_it_went_in_and_overwrites_nothing(school: School, work: Work, tmp_path: Path) -> None:
    (attachment,) = attachments(school, school.register("work"), work)
    for name in ("反思.txt", "反思(1).txt"):
        target = copy_out(school, attachment, tmp_path / "发件箱")
        assert (target.name, target.read_text(encoding="utf-8")) == (name, "这节课的得与失")


def test_the_same_content_is_kept_once(school: School, work: Work, tmp_path: Path) -> None:
    (tmp_path / "副本.txt").write_text("这节课的得与失", encoding="utf-8")
    with school.change("附文件") as change:
        attach(school, change, work, [tmp_path / "副本.txt"])
    assert change.number == 0
    assert len(list(files_of(school))) == 1


def test_a_file_that_no_record_names_is_listed(school: School, work: Work) -> None:
    assert orphans(school) == []
    with school.change("删除") as change:
        change.remove("work", work.id)
    assert orphans(school) == [work.files[0].hash]
    school.undo()
    assert orphans(school) == []


def test_a_changed_or_missing_file_is_found(school: School, work: Work) -> None:
    place = files_of(school).place(work.files[0].hash)
    place.write_text("改过", encoding="utf-8")
    assert [p.what for p in verify(school).problems] == ["内容与存入时不同"]
    with pytest.raises(Damaged):
        copy_out(school, work.files[0], school.folder)
    place.unlink()
    assert [p.what for p in verify(school).problems] == ["不见了"]


def test_a_restored_backup_brings_the_files_back(school: School, work: Work) -> None:
    back_up(school)
    files_of(school).place(work.files[0].hash).unlink()
    restore(school, backups(school.folder).listed()[0].path.name)
    with School.open(school.folder, SYSTEM, now) as again:
        assert verify(again).problems == []


def test_moving_house_takes_the_files_along(school: School, work: Work, tmp_path: Path) -> None:
    move_house(school, tmp_path / "新家")
    with School.open(tmp_path / "新家", SYSTEM, now) as moved:
        assert verify(moved).problems == []
        assert moved.store.last_seq() == school.store.last_seq()
        assert copy_out(moved, work.files[0], tmp_path / "发件箱").read_text(encoding="utf-8") == "这节课的得与失"
        assert moved.settings == school.settings
    with pytest.raises(BadInput, match="不能搬到这里"):
        move_house(school, tmp_path / "新家")


def test_too_large_missing_and_out_of_place_are_said(school: School, work: Work, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="没有这个文件"), school.change("附文件") as change:
        attach(school, change, work, [tmp_path / "没有.jpg"])
    with pytest.raises(BadInput, match="这里不能附文件"), school.change("附文件") as change:
        attach(school, change, school.records(Teacher).find("张敏"), [tmp_path / "反思.txt"])
