"""Long work on the screen: told, stopped with Esc; and what a locked term refuses, done again with a reason."""

from __future__ import annotations

import threading
from datetime import date

from jiaoyan.access import Actor
from jiaoyan.closing import lock
from jiaoyan.model.activities import Activity
from jiaoyan.model.tasks import Task
from jiaoyan.model.works import Work
from jiaoyan.progress import begin_to_write, step
from jiaoyan.school import School
from jiaoyan.terms import When
from jiaoyan_tui.lists import ListPage
from jiaoyan_tui.page import Page
from jiaoyan_tui.roll_call import RollCallPage
from tests.schools import a_reflection, group, now, saved
from tests.terminal.screens import on_screen, press, the_app, wait_for


async def test_escape_stops_long_work_and_the_page_stays(school: School) -> None:
    pause, ended = threading.Event(), threading.Event()
    results: list[int] = []

    def long() -> int:
        try:
            for number in range(1000):
                step(number, 1000, "行")
                pause.wait(0.01)
        finally:
            ended.set()
        return 1

    async with the_app(school, page=ListPage(school, "teacher")) as (app, pilot):
        page = app.screen
        assert isinstance(page, Page)
        page.work(long, results.append, "导入 名册.xlsx")
        await wait_for(app, pilot, "/1000 行")
        assert "正在导入 名册.xlsx" in on_screen(app)
        await pilot.press("escape")
        await wait_for(app, pilot, "已停下:导入 名册.xlsx")
        assert ended.wait(10)
        assert app.screen is page
        assert results == []


async def test_work_that_writes_already_goes_on(school: School) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def write() -> str:
        begin_to_write()
        begun.set()
        go_on.wait(10)
        return "好"

    async with the_app(school, page=ListPage(school, "teacher")) as (app, pilot):
        page = app.screen
        assert isinstance(page, Page)
        page.work(write, lambda found: page.say(f"存{found}了"), "导入")
        begun.wait(10)
        await pilot.press("escape")
        await wait_for(app, pilot, "请等它存完")
        go_on.set()
        await wait_for(app, pilot, "存好了")


def locked(school: School, *records: Work | Task | Activity) -> None:
    saved(school, *records)
    lock(school, school.term())


def last_label(school: School) -> str:
    return school.store.changes(size=1, newest=True)[0].label


async def test_a_deletion_in_a_locked_term_asks_for_the_reason(school: School) -> None:
    locked(school, a_reflection(school, date(2026, 10, 14), "张敏"))
    async with the_app(school, page=ListPage(school, "work")) as (app, pilot):
        await press(app, pilot, "d", "1")
        assert "学期已封存。更正原因" in on_screen(app)
        await press(app, pilot, "escape")
        assert school.records(Work).count() == 1
        await press(app, pilot, "d", "1")
        await press(app, pilot, "enter")
        assert "没有写更正原因" in on_screen(app)
        await press(app, pilot, "d", "1")
        await press(app, pilot, *"twice", "enter")
        assert school.records(Work).count() == 0
        assert last_label(school).startswith("更正:twice(删除")


async def test_a_step_and_a_form_in_a_locked_term_ask_too(school: School) -> None:
    locked(school, Task(title="整理档案", when=When.on(date(2026, 10, 14))))
    async with the_app(school, page=ListPage(school, "task")) as (app, pilot):
        await press(app, pilot, "s", "1")
        await press(app, pilot, *"late", "enter")
        assert school.records(Task).all()[0].state == "doing"
        assert last_label(school).startswith("更正:late(任务")
        await press(app, pilot, "e")
        await press(app, pilot, *"x", "f2")
        await wait_for(app, pilot, "更正原因")
        await press(app, pilot, *"typo", "enter")
        assert last_label(school) == "更正:typo(修改任务)"
        assert isinstance(app.screen, ListPage)


async def test_the_roll_of_a_locked_term_asks_too(school: School) -> None:
    when = When.on(date(2026, 10, 14))
    activity = Activity(title="教研", kind="research", when=when, groups=(group(school, "语文教研组"),))
    locked(school, activity)
    async with the_app(school, page=RollCallPage(school, activity.id)) as (app, pilot):
        await press(app, pilot, "f2")
        await press(app, pilot, *"paper", "enter")
        assert school.records(Activity).get(activity.id).state == "held"
        assert last_label(school) == "更正:paper(考勤 教研)"


async def test_who_may_not_correct_is_told_who_can(school: School) -> None:
    locked(school, a_reflection(school, date(2026, 10, 14), "张敏"))
    leader = Actor("unix:zhang", school.records("teacher").find("张敏").id, frozenset({"leader"}))
    with School.open(school.folder, leader, now) as opened:
        async with the_app(opened, page=ListPage(opened, "work")) as (app, pilot):
            await press(app, pilot, "d", "1")
            assert "更正要由教导处或管理员来做" in on_screen(app)


