"""The application by keyboard: from the overview to every place and back, help, palette, small windows, leaving."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from jiaoyan.model.activities import Activity
from jiaoyan.model.tasks import Task
from jiaoyan.school import School
from jiaoyan.terms import When
from jiaoyan_tui.actions import REGISTRY, actions_of
from jiaoyan_tui.detail import DetailPage
from jiaoyan_tui.lists import ListPage
from jiaoyan_tui.overview import OverviewPage
from jiaoyan_tui.page import Page
from tests.schools import a_lesson_heard, a_reflection, a_requirement, group, saved, teacher
from tests.terminal.screens import LARGE, SMALL, on_screen, press, settled, shown, the_app, wait_for


@pytest.fixture
def busy_school(full_school: School) -> School:
    """With activities this week, a requirement that some are behind with, and an essay."""
    school = full_school
    saved(
        school,
        Activity(
            title="单元整体教学", kind="research", when=When.on(date(2026, 11, 27), time(16, 10)), place="会议室",
            groups=(group(school, "语文教研组"),),
        ),
        Activity(title="教研月", kind="research", when=When.month(2026, 12), groups=(group(school, "数学教研组"),)),
        a_lesson_heard(school, date(2026, 10, 14), ["张敏", "李强"]),
        a_requirement(),
        a_reflection(school, date(2026, 10, 20), "张敏"),
    )
    return school


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_the_overview_shows_the_week_and_who_is_behind(busy_school: School, size: tuple[int, int]) -> None:
    async with the_app(busy_school, size) as (app, pilot):
        lines = await wait_for(app, pilot, "偏慢")
        text = "\n".join(lines)
        assert "青山小学" in lines[0]
        assert "第13周" in lines[0]
        for expected in ("单元整体教学", "11-27 周五 16:10", "各组进度", "1 计划", "9 机构小组"):
            assert expected in text, text
        assert "张敏" in text


async def test_the_bars_have_an_ascii_form(busy_school: School) -> None:
    async with the_app(busy_school, SMALL, ascii_borders=True) as (app, pilot):
        text = "\n".join(await wait_for(app, pilot, "各组进度"))
        assert not set(text) & set("─│█┌┐└┘"), text


async def test_number_keys_lead_to_every_place_and_escape_leads_back(busy_school: School) -> None:
    async with the_app(busy_school) as (app, pilot):
        for key, crumb in [
            ("1", "计划与总结"), ("2", "教职工"), ("3", "活动"), ("4", "任务"), ("6", "登记表"), ("7", "功能模块"), ("8", "历史"),
            ("9", "机构与小组"),
        ]:
            lines = await press(app, pilot, key)
            assert crumb in lines[0], lines[0]
            lines = await press(app, pilot, "escape")
            assert "工作台" in lines[0]


async def test_escape_on_the_overview_stays(busy_school: School) -> None:
    async with the_app(busy_school) as (app, pilot):
        await press(app, pilot, "escape", "escape")
        assert isinstance(app.screen, OverviewPage)
        assert "F10" in on_screen(app)


async def test_every_register_opens_at_both_sizes(busy_school: School) -> None:
    for size in (SMALL, LARGE):
        for id, title, _ in busy_school.register_titles():
            async with the_app(busy_school, size, ListPage(busy_school, id)) as (app, _pilot):
                assert title in shown(app)[0]


async def test_every_record_has_a_page(busy_school: School) -> None:
    for id, _, _ in busy_school.register_titles():
        register = busy_school.register(id)
        for document in busy_school.records(id).documents(size=1):
            async with the_app(busy_school, LARGE, DetailPage(busy_school, register, document["id"])) as (app, pilot):
                await settled(app, pilot)
                assert register.title in on_screen(app)


async def test_a_teacher_has_everything_in_one_place(busy_school: School) -> None:
    async with the_app(busy_school) as (app, pilot):
        await press(app, pilot, "2", "enter")
        await wait_for(app, pilot, "完成情况")
        page = app.screen
        assert isinstance(page, DetailPage)
        text = "\n".join(page.main.text)
        for expected in ("任职与任教 2", "语文教研组", "1/15", "听课人", "材料 1", "一节课的反思", "活动 1", "学分"):
            assert expected in text, text


async def test_enter_follows_a_reference(busy_school: School) -> None:
    async with the_app(busy_school) as (app, pilot):
        await press(app, pilot, "3", "enter")
        page = app.screen
        assert isinstance(page, DetailPage)
        lines = await press(app, pilot, "enter")
        assert "语文教研组" in lines[0]
        lines = await press(app, pilot, "escape")
        assert lines[0].startswith(" 活动 > 单元整体教学 ")


async def test_help_lists_what_can_be_done_and_does_it(busy_school: School) -> None:
    async with the_app(busy_school) as (app, pilot):
        await press(app, pilot, "2", "f1")
        text = on_screen(app)
        for expected in ("新增", "筛选", "撤销", "F7"):
            assert expected in text
        await press(app, pilot, *"lishi")
        lines = await press(app, pilot, "enter")
        assert lines[0].startswith(" 教职工 > 历史")


async def test_a_full_width_question_mark_opens_the_help(busy_school: School) -> None:
    async with the_app(busy_school) as (app, pilot):
        await press(app, pilot, "fullwidth_question_mark")
        assert "帮助:" in on_screen(app)


async def test_the_palette_finds_by_initials(busy_school: School) -> None:
    async with the_app(busy_school) as (app, pilot):
        await press(app, pilot, "f3", *"oyxy")
        await wait_for(app, pilot, "欧阳修远")
        lines = await press(app, pilot, "enter")
        assert "欧阳修远" in lines[0]
        await press(app, pilot, "ctrl+p", *"yhtz")
        await wait_for(app, pilot, "隐患台账")
        lines = await press(app, pilot, "enter")
        assert lines[0].startswith(" 隐患台账")


async def test_a_small_window_gets_a_sentence(busy_school: School) -> None:
    async with the_app(busy_school, (50, 12)) as (app, pilot):
        assert "窗口太小" in on_screen(app)
        await pilot.resize_terminal(80, 24)
        await settled(app, pilot)
        assert "窗口太小" not in on_screen(app)
        assert "1 计划" in on_screen(app)


@pytest.mark.parametrize("key", ["f10", "ctrl+q"])
async def test_leaving_asks(busy_school: School, key: str) -> None:
    async with the_app(busy_school) as (app, pilot):
        await press(app, pilot, key)
        assert "退出教研台?" in on_screen(app)
        await press(app, pilot, "escape")
        assert app.is_running
        await pilot.press(key, "enter")
        await pilot.pause()
        assert not app.is_running or app._exit


async def test_a_module_in_trouble_is_told_and_leads_to_the_modules(busy_school: School) -> None:
    busy_school.host.quarantine("safety", "试验出错")
    async with the_app(busy_school, LARGE) as (app, pilot):
        await wait_for(app, pilot, "出错已停用:试验出错")
        await press(app, pilot, "7")
        assert "!出错已停用" in on_screen(app)


async def test_a_fault_of_the_program_is_a_sentence_and_is_kept(busy_school: School, tmp_path: Path) -> None:
    async with the_app(busy_school) as (app, pilot):
        page = app.screen
        assert isinstance(page, Page)
        page.guarded(lambda: int("一"))
        await settled(app, pilot)
        assert "程序内部出错" in on_screen(app)
        assert "ValueError" in (busy_school.folder / "faults.log").read_text()
        app.faults.clear()


async def test_no_key_of_a_page_means_two_things(busy_school: School) -> None:
    async with the_app(busy_school) as (app, pilot):
        for keys in ([], ["2"], ["enter"], ["escape", "escape", "7"], ["escape", "8"]):
            await press(app, pilot, *keys)
            page = app.screen
            assert isinstance(page, Page)
            own = [offer for offer in page.offers() if offer.action.id in REGISTRY]
            keys_seen = [key for offer in own for key in offer.action.keys]
            assert len(keys_seen) == len(set(keys_seen)), sorted(keys_seen)
            assert all(offer.action.tip for offer in actions_of(page))


async def test_nothing_is_in_english(busy_school: School) -> None:
    async with the_app(busy_school) as (app, pilot):
        for keys in ([], ["2"], ["f1"], ["escape", "escape", "3"], ["escape", "7"]):
            lines = await press(app, pilot, *keys)
            words = [word for line in lines for word in line.split() if word.isascii() and word.isalpha() and len(word) > 3]
            assert set(words) <= {"Enter"}, words


async def test_a_deleted_record_comes_back_from_the_bin(school: School) -> None:
    saved(school, Task(title="整理档案"), Task(title="更换门牌"))
    with school.change("删除") as change:
        for task in school.records(Task).all():
            change.remove("task", task.id)
    async with the_app(school) as (app, pilot):
        await press(app, pilot, "f8")
        assert "整理档案" in on_screen(app)
        await press(app, pilot, "space", "down", "space", "enter")
        assert "恢复2 条记录?" in on_screen(app)
        await press(app, pilot, "enter")
        assert "已恢复" in on_screen(app)
        assert "回收站是空的" in on_screen(app)
    assert school.records(Task).count() == 2


async def test_a_text_follows_its_height(school: School) -> None:
    """A sentence above the keys takes a row: the cursor's line stays in view, and nothing is drawn where it was before."""
    saved(school, *(a_lesson_heard(school, date(2026, 9, 7) + timedelta(days=n), ["张敏"]) for n in range(40)))
    async with the_app(school, page=DetailPage(school, school.register("teacher"), teacher(school, "张敏"))) as (app, pilot):
        page = app.screen
        assert isinstance(page, DetailPage)
        await press(app, pilot, *["down"] * 30)
        page.say("一句话")
        await settled(app, pilot)
        view = page.main
        assert view.at is not None
        assert view.at < view.first + view.size.height
        assert shown(app)[1:1 + view.size.height] == [line.rstrip() for line in view.text[view.first:view.first + view.size.height]]
        page.hush()
        await settled(app, pilot)
        assert shown(app)[1:1 + view.size.height] == [line.rstrip() for line in view.text[view.first:view.first + view.size.height]]


async def test_what_waits_further_down_is_told_above_and_a_key_away(school: School) -> None:
    saved(school, Task(title="查校舍", when=When.on(date(2026, 11, 2))))
    async with the_app(school) as (app, pilot):
        await wait_for(app, pilot, "提醒与待办 1 项,逾期 1 项")
        page = app.screen
        assert isinstance(page, OverviewPage)
        assert page.main.go_to(("waiting",))
        await press(app, pilot, "enter")
        assert page.main.target is not None
        assert page.main.target[0] == "task"
    async with the_app(school, size=LARGE) as (app, pilot):
        await wait_for(app, pilot, "任务逾期:查校舍")
        assert "逾期 1 项" not in on_screen(app)
