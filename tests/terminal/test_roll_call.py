"""考勤 at the keyboard."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from jiaoyan.model.activities import Activity, Participant
from jiaoyan.model.people import Group, Posting, Teacher
from jiaoyan.records import Ref
from jiaoyan.school import School
from jiaoyan.terms import When
from jiaoyan_tui.app import JiaoyanApp
from jiaoyan_tui.roll_call import RollCallPage
from tests.terminal.conftest import screen_text, typed, until


def the_activity(school: School, title: str = "单元整体备课研讨") -> Activity:
    return next(a for a in school.records(Activity).all() if a.title == title)


def an_app(school: School, activity: Activity | None = None) -> JiaoyanApp:
    return JiaoyanApp(lambda: RollCallPage(school, (activity or the_activity(school)).id))


def page(pilot: Pilot[None]) -> RollCallPage:
    assert isinstance(pilot.app.screen, RollCallPage), screen_text(pilot.app)
    return pilot.app.screen


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_wednesday_of_the_chinese_group(a_school: School, size: tuple[int, int]) -> None:
    app = an_app(a_school)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        shown = screen_text(app)
        assert all(name in shown for name in ("单芳", "吴九", "1 出勤", "9 发言"))
        assert "应到 11  实到 11" in shown
        assert "不在应到之内:郑十(产假)" in shown
        await typed(pilot, "zq")
        await pilot.press("6")
        await typed(pilot, "李四")
        await pilot.press("7", "down", "2", "space")
        await typed(pilot, "oy")
        await pilot.press("５")
        shown = screen_text(app)
        assert "应到 11  实到 8" in shown
        assert "迟到 1  早退 0  请假 1  公假 1  缺勤 1  列席 0  发言 1" in shown
        assert "出勤率 = 实到 8 ÷ (应到 11 − 公假 1) = 80%" in shown
        assert the_activity(a_school).state == "planned"
        await pilot.press("f2")
        await until(pilot, lambda: app._exit)
    saved = the_activity(a_school)
    assert saved.state == "held"
    assert [p.attendance for p in saved.participants].count("present") == 7
    assert [a_school.name_of("teacher", p.teacher) for p in saved.participants if p.spoke] == ["王五"]
    app = an_app(a_school)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "应到 11  实到 8" in screen_text(app)
        assert "已开展,已保存" in screen_text(app)


async def test_guests_colleagues_and_groups_are_added(a_school: School) -> None:
    app = an_app(a_school)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f5")
        await pilot.pause()
        await typed(pilot, "王教研员")
        await pilot.press("enter")
        await pilot.pause()
        assert "王教研员(校外)" in screen_text(app)
        await pilot.press("f5")
        await pilot.pause()
        await typed(pilot, "qdd")
        await pilot.press("enter")
        await pilot.pause()
        assert "应到 11  实到 11" in screen_text(app)
        assert "列席 2" in screen_text(app)
        await pilot.press("f5")
        await pilot.pause()
        await typed(pilot, "zs")
        await pilot.press("enter")
        await pilot.pause()
        assert "已在名单里" in screen_text(app)
        line = page(pilot).view.line
        assert line is not None
        assert line.name == "张三"
        await pilot.press("f8")
        await pilot.pause()
        assert "应到 10" in screen_text(app)
        assert "张三(已移出)" in screen_text(app)


async def test_leaving_asks_and_the_roll_is_kept(a_school: School) -> None:
    app = an_app(a_school)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("7", "escape")
        await pilot.pause()
        assert "考勤还没有保存" in screen_text(app)
        await pilot.press("2")
        await until(pilot, lambda: app._exit)
    assert not the_activity(a_school).participants
    app = an_app(a_school)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "接着记" in screen_text(app)
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, RollCallPage))
        await pilot.pause()
        assert "缺勤 1" in screen_text(app)


async def test_an_activity_without_a_day_asks_for_it(a_school: School) -> None:
    with a_school.change("计划") as change:
        activity = change.save(the_activity(a_school).but(when=When.month(2026, 9)))
    app = an_app(a_school, activity)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f2")
        await pilot.pause()
        assert "哪一天开展" in screen_text(app)
        await typed(pilot, "周二")
        await pilot.press("enter")
        await until(pilot, lambda: app._exit)
    assert str(the_activity(a_school).when) == "2026-09-15 周二"


async def test_a_day_ahead_is_asked_about(a_school: School) -> None:
    app = an_app(a_school, the_activity(a_school, "推门听课"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f2")
        await pilot.pause()
        assert "还没有到" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert the_activity(a_school, "推门听课").state == "planned"


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_hundred_and_twenty_people_scroll(a_school: School, size: tuple[int, int]) -> None:
    with a_school.change("开大会") as change:
        group = change.save(Group(name="全体教师大会", kind="team"))
        for number in range(120):
            teacher = change.save(Teacher(name=f"教师{number:03}", order=100 + number))
            change.save(Posting(teacher=Ref(teacher.id), what="member", group=Ref(group.id)))
        activity = change.save(the_activity(a_school).but(groups=(Ref(group.id),)))
    app = an_app(a_school, activity)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert "教师000" in screen_text(app)
        assert "教师119" not in screen_text(app)
        await pilot.press("end", "7")
        assert "教师119" in screen_text(app)
        assert "应到 120  实到 119" in screen_text(app)
        await pilot.press("pageup", "pageup", "pageup", "pageup", "pageup")
        assert page(pilot).view.at < 40


async def test_an_activity_called_off_says_so(a_school: School) -> None:
    with a_school.change("停开") as change:
        activity = change.save(the_activity(a_school).but(state="cancelled"))
    app = an_app(a_school, activity)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("f2")
        await until(pilot, lambda: "活动已停开" in screen_text(app))


async def test_a_slip_is_taken_back(a_school: School) -> None:
    app = an_app(a_school)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("7", "f6", "ctrl+z")
        assert "缺勤 1" in screen_text(app)
        await pilot.press("f12", "f12")
        assert "没有可撤回的" in screen_text(app)
        assert not page(pilot).changed


async def test_two_people_call_the_same_roll(a_school: School) -> None:
    app = an_app(a_school)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("7")
        activity = the_activity(a_school)
        with a_school.change("别人考勤") as change:
            person = Participant(teacher=Ref(a_school.records(Teacher).find("张三").id), attendance="late")
            change.save(activity.but(participants=(person,), state="held"))
        await pilot.press("f2")
        await until(pilot, lambda: "别人刚刚也保存了" in screen_text(app))
        assert "应到 1,实到 1" in screen_text(app)
        await pilot.press("1")
        await until(pilot, lambda: app._exit)
    assert len(the_activity(a_school).participants) == 11
