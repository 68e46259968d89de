"""Modules, history and the first screen by keyboard."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jiaoyan.boxes import INBOX, OUTBOX, box
from jiaoyan.errors import BadInput
from jiaoyan.founding import MODULES, NAME, OPENS, STAGE, found_school, proposed
from jiaoyan.model.people import Group, Teacher
from jiaoyan.school import School
from jiaoyan_tui.history import HistoryPage
from jiaoyan_tui.lists import ListPage
from jiaoyan_tui.plugins_page import PluginsPage
from jiaoyan_tui.registers_page import RegistersPage
from jiaoyan_tui.start import application
from tests.schools import NOW, a_requirement, now, saved
from tests.terminal.screens import on_screen, press, settled, the_app, wait_for


async def test_a_module_is_switched_off_and_its_registers_vanish(full_school: School) -> None:
    async with the_app(full_school, page=PluginsPage(full_school)) as (app, pilot):
        await press(app, pilot, "down")
        assert "隐患台账" in on_screen(app)
        await press(app, pilot, "enter", "1")
        assert "未启用" in on_screen(app)
        assert "safety" not in full_school.settings.plugins
        app.push_screen(RegistersPage(full_school))
        await settled(app, pilot)
        assert "隐患台账" not in on_screen(app)
        await press(app, pilot, "escape", "enter", "1")
        assert "safety" in full_school.settings.plugins
        app.push_screen(RegistersPage(full_school))
        await settled(app, pilot)
        assert "隐患台账" in on_screen(app)


async def test_history_tells_field_by_field_and_undoes(school: School) -> None:
    teacher = school.records(Teacher).find("赵磊")
    saved(school, teacher.but(phone="13911112222"), label="改电话")
    saved(school, Group(name="信息组"), label="新增小组")
    async with the_app(school, page=HistoryPage(school)) as (app, pilot):
        await press(app, pilot, "down", "enter")
        assert "13800000004 -> 13911112222" in on_screen(app)
        await press(app, pilot, "escape", "f8")
        assert "撤销第" in on_screen(app)
        await press(app, pilot, "enter")
        assert school.records(Teacher).find("赵磊").phone == "13800000004"
        assert "已撤销" in on_screen(app)


async def test_a_new_term_is_looked_at_and_begun(school: School) -> None:
    saved(school, a_requirement(first=date(2026, 9, 1), last=date(2027, 1, 20)))
    async with the_app(school, page=ListPage(school, "term")) as (app, pilot):
        await press(app, pilot, "n")
        assert "2026-2027学年第二学期" in on_screen(app)
        assert "每学期听课不少于 15 节" in on_screen(app)
        await press(app, pilot, "3", *["backspace"] * 10, *"2027-01-05", "enter")
        assert "学期的日期应依次为" in on_screen(app)
        await press(app, pilot, "3", *["backspace"] * 10, *"2.25", "enter")
        assert "2027-02-25" in on_screen(app)
        assert school.records("term").count() == 1
        await press(app, pilot, "f2")
        assert "学期 2 条" in on_screen(app)
    assert str(school.term("2026-2027-2").opens) == "2027-02-25"
    assert school.records("requirement").count() == 2


async def test_a_plan_is_taken_in_from_the_inbox(school: School) -> None:
    text = "数学教研组工作计划\n一、主要工作\n1.每位教师每学期听课不少于15节。\n二、工作安排\n九月份:制订教研计划。\n"
    (box(school, INBOX) / "数学组.txt").write_text(text, encoding="utf-8")
    (box(school, INBOX) / "花名册.xlsx").write_bytes(b"")
    async with the_app(school, page=ListPage(school, "plan")) as (app, pilot):
        await press(app, pilot, "i")
        assert "数学组.txt" in on_screen(app)
        assert "花名册" not in on_screen(app)
        await press(app, pilot, "enter")
        assert "还没有存" in on_screen(app)
        assert school.records("plan").count() == 0
        await press(app, pilot, "f2")
        assert "已导入 数学组.txt" in on_screen(app)
        assert school.records("plan").count() == 1
        await press(app, pilot, "f2")
        assert "已经导入" in on_screen(app)
        await press(app, pilot, "escape", "escape")
        assert "数学教研组工作计划" in on_screen(app)


async def test_a_file_that_is_no_plan_is_told(school: School) -> None:
    (box(school, INBOX) / "空.txt").write_text("", encoding="utf-8")
    async with the_app(school, page=ListPage(school, "plan")) as (app, pilot):
        await press(app, pilot, "i", "enter")
        assert "空.txt" in on_screen(app)
        assert "还没有存" not in on_screen(app)


async def test_a_table_is_taken_in_and_what_is_listed_is_sent_out(school: School) -> None:
    table = "种类,题目,作者,日期\n教学反思,一节课,张敏,2026-10-09\n教学反思,,李强,2026-10-09\n"
    (box(school, INBOX) / "材料.csv").write_text(table, "utf-8")
    async with the_app(school, page=ListPage(school, "work")) as (app, pilot):
        await press(app, pilot, "f11", "enter", "f2")
        assert "已导入材料 1 条" in on_screen(app)
        assert "未导入" in on_screen(app)
        await press(app, pilot, "escape", "escape", "x")
        assert "已导出 1 条" in on_screen(app)
    (sent,) = box(school, OUTBOX).iterdir()
    assert sent.suffix == ".xlsx"


async def test_the_first_screen_makes_a_school(tmp_path: Path) -> None:
    folder = tmp_path / "school"
    with application(folder) as app:
        async with app.run_test(size=(80, 24)) as pilot:
            await press(app, pilot, "1")
            await press(app, pilot, "f2")
            await wait_for(app, pilot, "请填写学校名称")
            assert not folder.exists()
            await press(app, pilot, *"Qingshan", "f2")
            await wait_for(app, pilot, "Qingshan 工作台")
            lines = await press(app, pilot, "9")
            assert "机构与小组 35 条" in lines[1]
    with School.open(folder) as school:
        assert school.actor.has("settings")


async def test_leaving_the_first_screen_makes_nothing(tmp_path: Path) -> None:
    with application(tmp_path / "school") as app:
        async with app.run_test(size=(80, 24)) as pilot:
            await press(app, pilot, "1", "escape", "escape")
    assert not (tmp_path / "school").exists()


def test_the_form_is_right_as_it_opens(tmp_path: Path) -> None:
    texts = {**proposed(NOW.date()), NAME: "青山小学"}
    with found_school(tmp_path / "school", texts, now=now) as school:
        assert school.settings.name == "青山小学"
        assert str(school.term().opens) == texts[OPENS]


@pytest.mark.parametrize(("title", "text"), [(NAME, ""), (STAGE, "大学"), (OPENS, "那天"), (MODULES, "没有的模块"), (OPENS, "2027-06-01")])
def test_a_wrong_field_is_named_and_nothing_is_made(tmp_path: Path, title: str, text: str) -> None:
    texts = {**proposed(NOW.date()), NAME: "青山小学", title: text}
    with pytest.raises(BadInput):
        found_school(tmp_path / "school", texts, now=now)
    assert not (tmp_path / "school" / "school.toml").exists()
