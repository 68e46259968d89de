"""日历 by keyboard: weeks and months, days with what happens on them, a day's activities opened and added."""

from __future__ import annotations

from datetime import date, time

import pytest

from jiaoyan.model.activities import Activity
from jiaoyan.school import School
from jiaoyan.terms import When
from jiaoyan_tui.calendar_page import CalendarPage, same_day
from jiaoyan_tui.detail import DetailPage
from jiaoyan_tui.forms import RecordForm
from jiaoyan_tui.lists import ListPage
from tests.schools import group, saved
from tests.terminal.screens import LARGE, SMALL, on_screen, press, shown, the_app


@pytest.fixture
def busy(school: School) -> School:
    """今天 is 11-26; two activities the day before, one of which only the month is known."""
    yesterday = date(2026, 11, 25)
    saved(
        school, Activity(title="集体备课", kind="prep", when=When.on(yesterday, time(16, 10)), groups=(group(school, "语文教研组"),)),
        Activity(title="推门听课", kind="drop_in", when=When.on(yesterday)),
        Activity(title="校运会", kind="research", when=When.span(date(2026, 12, 1), date(2026, 12, 2))),
        Activity(title="教研月", kind="research", when=When.month(2026, 12)),
    )
    return school


def day_of(page: object) -> date:
    assert isinstance(page, CalendarPage)
    return page.day


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_weeks_name_what_happens(busy: School, size: tuple[int, int]) -> None:
    async with the_app(busy, size) as (app, pilot):
        text = "\n".join(await press(app, pilot, "f5"))
        for expected in ("第13周", "推门听课、16:10 集体备课(语文教研组)", "2026年12月 日期待定 1 项", "教研月", "12-01 周二  校运会"):
            assert expected in text, text
        await press(app, pilot, *["up"] * 8)
        text = on_screen(app)
        for expected in ("国庆节放假至", "班", "休", "调休"):
            assert expected in text, text


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_month_is_a_list_or_a_grid(busy: School, size: tuple[int, int]) -> None:
    async with the_app(busy, size, CalendarPage(busy)) as (app, pilot):
        text = "\n".join(await press(app, pilot, "f5"))
        for expected in ("2026年11月", "集体", "推门听课", "第13周"):
            assert expected in text, text
        text = "\n".join(await press(app, pilot, "pagedown"))
        for expected in ("2026年12月", "日期待定", "教研月"):
            assert expected in text, text
        await press(app, pilot, "down")
        assert (day_of(app.screen) - date(2026, 12, 26)).days == (1 if size is SMALL else 7)


async def test_arrows_move_by_day_and_week_and_home_comes_back(busy: School) -> None:
    async with the_app(busy, page=CalendarPage(busy)) as (app, pilot):
        await press(app, pilot, "left", "left", "right", "down", "pageup")
        assert day_of(app.screen) == date(2026, 11, 2)
        await press(app, pilot, "home")
        assert day_of(app.screen) == date(2026, 11, 26)
        await press(app, pilot, "f4")
        await press(app, pilot, *"9.1", "enter")
        assert day_of(app.screen) == date(2026, 9, 1)
        assert "开学上课" in on_screen(app)
        await press(app, pilot, *["pageup"] * 30)  # years before any term
        assert "2024年" in on_screen(app)


async def test_enter_opens_the_day_and_n_adds_to_it(busy: School) -> None:
    async with the_app(busy, page=CalendarPage(busy)) as (app, pilot):
        await press(app, pilot, "enter")
        assert "11-26 没有活动" in on_screen(app)
        await press(app, pilot, "left", "enter")
        assert isinstance(app.screen, ListPage)
        assert "11-25 周三" in shown(app)[0]
        assert app.screen.table.count == 2
        await press(app, pilot, "escape", "f4")
        await press(app, pilot, *"12.1", "enter", "enter")
        assert isinstance(app.screen, DetailPage)
        await press(app, pilot, "escape", "n")
        assert isinstance(app.screen, RecordForm)
        assert "2026-12-01" in on_screen(app)


async def test_an_undated_activity_gets_its_day(busy: School) -> None:
    async with the_app(busy, page=CalendarPage(busy, date(2026, 12, 1))) as (app, pilot):
        await press(app, pilot, "f6")
        assert "12月日期待定" in on_screen(app)
        await press(app, pilot, "1")
        assert isinstance(app.screen, RecordForm)


async def test_only_weeks_in_view_are_read(busy: School) -> None:
    async with the_app(busy, page=CalendarPage(busy)) as (app, pilot):
        page = app.screen
        assert isinstance(page, CalendarPage)
        assert len(page._weeks) <= 24
        read = dict(page._weeks)
        await press(app, pilot, "left", "right")
        assert page._weeks == read


def test_a_month_without_that_day_ends_on_its_last() -> None:
    assert same_day(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert same_day(date(2026, 12, 31), -1) == date(2026, 11, 30)
    assert same_day(date(2026, 1, 31), -12) == date(2025, 1, 31)
