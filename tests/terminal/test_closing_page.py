"""学期收尾 by keyboard: what is missing by group, narrowed, opened; locked and unlocked."""

from __future__ import annotations

from datetime import date

import pytest

from jiaoyan.access import Actor
from jiaoyan.model.activities import Activity
from jiaoyan.model.tasks import Task
from jiaoyan.school import School
from jiaoyan.terms import When
from jiaoyan_tui.closing_page import ClosingPage
from jiaoyan_tui.detail import DetailPage
from jiaoyan_tui.lists import ListPage
from tests.schools import a_requirement, group, now, saved
from tests.terminal.screens import LARGE, SMALL, on_screen, press, shown, the_app, wait_for


@pytest.fixture
def closing(school: School) -> School:
    day = When.on(date(2026, 10, 14))
    saved(
        school, Activity(title="第七次教研", kind="research", when=day, groups=(group(school, "数学教研组"),), state="held"),
        Task(title="查校舍", when=When.month(2026, 9)), a_requirement(),
    )
    return school


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_one_screen_shows_what_is_missing_by_group(closing: School, size: tuple[int, int]) -> None:
    async with the_app(closing, size) as (app, pilot):
        await press(app, pilot, "f7")
        text = "\n".join(await wait_for(app, pilot, "各组所缺"))
        for expected in ("2026-2027学年第一学期", "未封存", "数学教研组", "不属小组", "缺总结"):
            assert expected in text, text
        page = app.screen
        assert isinstance(page, ClosingPage)
        lines = "\n".join(page.main.text)
        for expected in ("任务未落实  查校舍", "第七次教研", "要求未完成"):
            assert expected in lines, lines


async def test_enter_opens_and_a_kind_can_be_looked_at_alone(closing: School) -> None:
    async with the_app(closing, page=ClosingPage(closing)) as (app, pilot):
        await press(app, pilot, "f4")
        assert "活动无记录" in on_screen(app)
        await press(app, pilot, *"2")
        assert "只看:" in on_screen(app)
        await press(app, pilot, "end", "enter")
        assert isinstance(app.screen, DetailPage)
        await press(app, pilot, "escape", "escape")
        assert "只看:" not in on_screen(app)
        await press(app, pilot, "home", "enter")  # the numbers of a group
        assert "只看:不属小组" in on_screen(app)


async def test_a_term_is_locked_and_unlocked_from_its_list(closing: School) -> None:
    async with the_app(closing, page=ListPage(closing, "term")) as (app, pilot):
        await press(app, pilot, "c")
        await press(app, pilot, "f9")
        assert "解除封存:没有封存" in on_screen(app)
        await press(app, pilot, "f8")
        assert "封存2026-2027学年第一学期?还缺" in on_screen(app)
        await press(app, pilot, "enter")  # begins on 取消
        assert not closing.term().locked
        await press(app, pilot, "f8", "1")
        assert closing.term().locked
        assert "已封存:要改须写更正原因" in shown(app)[1]
        await press(app, pilot, "f9", "1")
        assert not closing.term().locked


async def test_who_may_not_lock_is_told(closing: School) -> None:
    with School.open(closing.folder, Actor("unix:guest", roles=frozenset({"reader"})), now) as guest:
        async with the_app(guest, page=ClosingPage(guest)) as (app, pilot):
            await press(app, pilot, "f8")
            assert "封存要由教导处或管理员来做" in on_screen(app)


async def test_the_palette_leads_there(closing: School) -> None:
    async with the_app(closing) as (app, pilot):
        await press(app, pilot, "f3")
        await press(app, pilot, *"xqsw")
        await press(app, pilot, "enter")
        assert isinstance(app.screen, ClosingPage)
