"""Long work tells how far it is, and stops before it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiaoyan.errors import Stopped
from jiaoyan.exchanging import import_table
from jiaoyan.model.tasks import Task
from jiaoyan.progress import Work, begin_to_write, step, working
from jiaoyan.requirements import board
from jiaoyan.school import School
from tests.schools import a_requirement, saved


def a_table(folder: Path, rows: int = 5) -> Path:
    path = folder / "任务.csv"
    path.write_text("\n".join(["任务", *(f"第{n}项" for n in range(rows))]), encoding="utf-8")
    return path


def test_an_import_tells_every_row_and_is_done(school: School, tmp_path: Path) -> None:
    told: list[str] = []
    with working(Work(told.append)):
        done = import_table(school, school.register("task"), a_table(tmp_path))
    assert len(done.added) == 5
    assert told[-1] == "6/6 行"


def test_an_import_that_is_stopped_writes_nothing(school: School, tmp_path: Path) -> None:
    work = Work(lambda text: work.stop() if text.startswith("3/") else None)
    with working(work), pytest.raises(Stopped):
        import_table(school, school.register("task"), a_table(tmp_path))
    assert school.records(Task).count() == 0


def test_the_board_can_be_stopped(school: School) -> None:
    saved(school, a_requirement())
    work = Work()
    assert work.stop()
    with working(work), pytest.raises(Stopped):
        board(school)


def test_what_is_being_written_is_not_stopped() -> None:
    work = Work()
    with working(work):
        begin_to_write()
        assert not work.stop()
        step(1, 2)


def test_a_stopped_change_is_not_written(school: School) -> None:
    work = Work()
    assert work.stop()
    with working(work), pytest.raises(Stopped, match="没有存"):
        saved(school, Task(title="整理档案"))
    assert school.records(Task).count() == 0


def test_without_a_listener_nothing_is_said(school: School) -> None:
    step(1, 2)
    begin_to_write()
