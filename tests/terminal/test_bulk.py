"""Bulk entry: cells read at once, blocks from Excel, one change, drafts that outlive the line."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Paste

from jiaoyan.model.activities import Activity
from jiaoyan.model.people import Teacher
from jiaoyan.school import School
from jiaoyan_tui.bulk_model import MOST_ROWS, BulkModel, LessonsHeard
from jiaoyan_tui.bulk_page import BulkPage
from jiaoyan_tui.lists import ListPage
from tests.terminal.conftest import typed
from tests.terminal.screens import on_screen, press, settled, the_app, wait_for


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def column(model: BulkModel, title: str) -> int:
    return next(n for n, one in enumerate(model.columns) if one.title == title)


def test_every_register_has_a_grid(full_school: School) -> None:
    for id, _, _ in full_school.register_titles():
        model = BulkModel(full_school, full_school.register(id))
        assert model.columns, id
        for number in range(len(model.columns)):
            model.put(0, number, "第一")
        assert len(model.rows) == 2


def test_a_cell_is_read_at_once(full_school: School) -> None:
    model = BulkModel(full_school, full_school.register("activity"))
    title, kind, when, speaker = (column(model, name) for name in ("主题", "活动类型", "时间", "主讲人"))
    model.put(0, speaker, "oyxy")
    assert model.rows[0].texts[speaker] == "欧阳修远"
    assert {model.columns[n].title for n in model.rows[0].problems} == {"主题", "活动类型", "时间"}
    model.put(0, speaker, "没有此人")
    assert model.rows[0].problems[speaker] == "没有“没有此人”"
    model.put(0, speaker, "赵磊")
    for place, text in ((title, "教研"), (kind, "集体备课"), (when, "后年")):
        model.put(0, place, text)
    assert list(model.rows[0].problems) == [when]
    model.put(0, when, "9.16")
    (record,) = model.records()
    assert isinstance(record, Activity)
    assert (record.title, record.kind, str(record.when)) == ("教研", "prep", "2026-09-16 周三")


def test_a_block_fills_from_the_cell_and_no_further(full_school: School) -> None:
    model = BulkModel(full_school, full_school.register("teacher"))
    last = len(model.columns) - 1
    assert model.paste(0, 0, "甲\t专任\r\n乙\t工勤\r\n") == (2, 0)
    assert [row.texts[:2] for row in model.rows] == [["甲", "专任"], ["乙", "工勤"], ["", ""]]
    assert model.paste(1, last, "一\t二\n三\t四") == (2, 2)
    assert model.paste(MOST_ROWS - 1, 0, "末\n外") == (1, 1)
    model.remove(0)
    assert model.rows[0].texts[0] == "乙"


def test_what_two_share_is_not_guessed(full_school: School) -> None:
    with full_school.change("再来一个") as change:
        change.save(Teacher(name="张明", order=9))
    model = BulkModel(full_school, full_school.register("activity"))
    speaker = column(model, "主讲人")
    model.put(0, speaker, "zm")
    assert "张敏" in model.rows[0].problems[speaker]
    assert "张明" in model.rows[0].problems[speaker]


def test_a_lesson_is_heard_by_many(full_school: School) -> None:
    model = LessonsHeard(full_school, full_school.register("activity"))
    for title, text in (("时间", "11.25"), ("授课人", "zl"), ("课题", "分数"), ("听课人", "lq oyxy、张敏,李强")):
        model.put(0, column(model, title), text)
    assert model.problems == []
    assert model.rows[0].texts[column(model, "学科")] == "数学"
    heard, lesson = model.records()
    assert isinstance(heard, Activity)
    assert (heard.kind, heard.state) == ("listen", "held")
    assert [full_school.name_of("teacher", p.teacher) for p in heard.participants] == ["李强", "欧阳修远", "张敏"]
    assert {p.attendance for p in heard.participants} == {"present"}
    assert lesson.document()["topic"] == "分数"
    assert lesson.id == heard.id


def test_a_lesson_heard_needs_no_module(school: School) -> None:
    model = LessonsHeard(school, school.register("activity"))
    for title, text in (("时间", "11.25"), ("授课人", "zl"), ("课题", "分数"), ("听课人", "lq")):
        model.put(0, column(model, title), text)
    assert len(model.records()) == 1


async def test_one_save_is_one_change_and_the_draft_goes(full_school: School) -> None:
    block = "\n".join(f"教师{n}\t专任\t女" for n in range(40))
    async with the_app(full_school, page=ListPage(full_school, "teacher")) as (app, pilot):
        await press(app, pilot, "b")
        app.post_message(Paste(block))
        await settled(app, pilot)
        assert "已粘贴 40 行" in on_screen(app)
        await press(app, pilot, "pagedown", "f2")
        await wait_for(app, pilot, "教职工 46 条")
        await press(app, pilot, "b")
        assert "重新填" not in on_screen(app)
    assert full_school.store.changes(size=1, newest=True)[0].rows == 40


async def test_what_was_typed_is_offered_again(full_school: School) -> None:
    register = full_school.register("teacher")
    async with the_app(full_school, page=BulkPage(full_school, register)) as (app, pilot):
        await typed(pilot, "冯程程")
        await press(app, pilot, "enter")
        await typed(pilot, "工勤")  # and the line is cut
    async with the_app(full_school, page=BulkPage(full_school, register)) as (app, pilot):
        assert "重新填" in on_screen(app)
        await press(app, pilot, "1")
        assert "冯程程" in on_screen(app)
        assert "工勤" in on_screen(app)
        await press(app, pilot, "escape")
        assert "成批录入教职工的 1 行还没有保存" in on_screen(app)
        await press(app, pilot, "3")
    async with the_app(full_school, page=BulkPage(full_school, register)) as (app, pilot):
        assert "重新填" not in on_screen(app)


async def test_escape_drops_what_is_being_typed_and_f7_finds_what_is_wrong(full_school: School) -> None:
    async with the_app(full_school, page=BulkPage(full_school, full_school.register("task"))) as (app, pilot):
        await typed(pilot, "不要的")
        await press(app, pilot, "escape")
        assert "不要的" not in on_screen(app)
        await typed(pilot, "整理档案")
        await press(app, pilot, "down", "f7", "f8", "f2")
        page = app.screen
        assert isinstance(page, BulkPage)
        assert len(page.model.rows) <= 2
