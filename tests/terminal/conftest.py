"""A school with a group, a term and some activities, for tests of the screens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.events import Key
from textual.pilot import Pilot

from jiaoyan.access import SYSTEM
from jiaoyan.model.activities import Activity
from jiaoyan.model.duties import Requirement
from jiaoyan.model.people import Group, Posting, Teacher
from jiaoyan.model.plans import Plan
from jiaoyan.planning import take_in
from jiaoyan.reader import Words, read_plans
from jiaoyan.records import Ref
from jiaoyan.school import School
from jiaoyan.settings import Settings
from jiaoyan.terms import When, parse_day

NOW = datetime(2026, 9, 16, 9, 30, tzinfo=timezone(timedelta(hours=8)))
"""Wednesday of the third week of 2026-2027-1."""
NAMES = ("单芳", "曾强", "张三", "李四", "王五", "解晓东", "欧阳娜", "赵六", "孙七", "周八", "吴九", "郑十")


@pytest.fixture
def a_school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[School]:
    """旬阳县城关小学 on a Wednesday: 语文教研组 of twelve, 数学教研组 of one, three activities, one requirement."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    settings = Settings(name="旬阳县城关小学", plugins=("safety", "subjects"))
    school = School.create(tmp_path / "school", settings, now=lambda: NOW)
    school.actor = SYSTEM
    with school.change("备好一所学校") as change:
        chinese = change.save(Group(name="语文教研组", subject="语文", order=1))
        maths = change.save(Group(name="数学教研组", subject="数学", order=2))
        for number, name in enumerate(NAMES, 1):
            teacher = change.save(Teacher(name=name, order=number, phone=f"139000000{number:02}"))
            post = "组长" if number == 1 else ""
            change.save(Posting(teacher=Ref(teacher.id), what="member", value=post, group=Ref(chinese.id)))
            if name == "郑十":
                change.save(Posting(teacher=Ref(teacher.id), what="state", value="产假"))
        other = change.save(Teacher(name="钱多多", order=20))
        change.save(Posting(teacher=Ref(other.id), what="member", group=Ref(maths.id)))
        for day, title, kind in (("9.9", "开学第一次备课", "prep"), ("9.16", "单元整体备课研讨", "prep"), ("9.23", "推门听课", "drop_in")):
            when = When.on(parse_day(day, NOW.date()))
            change.save(Activity(title=title, kind=kind, when=when, place="会议室", groups=(Ref(chinese.id),)))
        change.save(Requirement(title="每周集体备课一次", scope="group", kinds=("prep",), period="week"))
        change.save(Requirement(title="每学期听课15节", scope="teacher", kinds=("listen",), amount=15, unit="节"))
    yield school
    school.close()


async def until(pilot: Pilot[None], test: Callable[[], object]) -> None:
    """Waits for what a thread brings."""
    for _ in range(500):
        if test():
            return
        await pilot.pause(0.01)
    raise AssertionError(f"never came: {screen_text(pilot.app)}")


async def typed(pilot: Pilot[None], text: str) -> None:
    """Types a text as a terminal sends it, Chinese as it is."""
    for char in text:
        pilot.app.post_message(Key(char if char != " " else "space", char))
        await pilot.pause()


def screen_text(app: App[Any]) -> str:
    """What stands on the screen, line by line."""
    lines = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in lines)


PLAN = """城关小学语文教研组工作计划

一、指导思想
以课堂为主阵地,扎实开展校本教研。

二、工作目标
1、每位教师每学期听课不少于15节。
2、每位教师每学期写教学反思5篇。
3、青年教师每学期上一节公开课。

三、具体措施
每周三下午16:10-16:45为语文教研组活动时间。

四、工作安排
九月份:
1、制定教研组工作计划。
2、集体备课。
十月份:
1、开展优质课观摩活动。
"""


@pytest.fixture
def a_plan(a_school: School) -> Plan:
    """语文教研组's plan, imported."""
    readings = read_plans(PLAN, Words.builtin(), "计划.txt")
    taken = take_in(a_school, readings, a_school.term(), "计划.txt")
    return a_school.records(Plan).get(taken[0].plan)
