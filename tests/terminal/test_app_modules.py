"""Modules, history and the first screen by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from jiaoyan.errors import BadInput
from jiaoyan.founding import MODULES, NAME, OPENS, STAGE, found_school, proposed
from jiaoyan.model.people import Group, Teacher
from jiaoyan.school import School
from jiaoyan_tui.history import HistoryPage
from jiaoyan_tui.plugins_page import PluginsPage
from jiaoyan_tui.registers_page import RegistersPage
from jiaoyan_tui.start import application
from tests.schools import NOW, now, saved
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
