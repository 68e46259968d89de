"""What stands on the desk, what a record's dossier and past tell, and the two boxes."""

from __future__ import annotations

from datetime import date, time

import pytest

from jiaoyan.access import Actor
from jiaoyan.boxes import INBOX, arrivals, box, foretold, taken
from jiaoyan.desk import MOST, desk
from jiaoyan.dossier import about, facts_of
from jiaoyan.errors import BadInput
from jiaoyan.listing import listed, when_in_short
from jiaoyan.model.activities import Activity
from jiaoyan.model.people import Teacher
from jiaoyan.model.plans import Plan
from jiaoyan.model.tasks import Task
from jiaoyan.past import past_of, past_of_change
from jiaoyan.school import School
from jiaoyan.terms import When
from tests.schools import a_lesson_heard, a_requirement, group, now, saved, teacher


def an_activity(school: School, day: date, state: str = "planned") -> Activity:
    when, groups = When.on(day, time(16, 10)), (group(school, "语文教研组"),)
    return Activity(title=f"{day:%m-%d}的教研", kind="research", when=when, state=state, groups=groups)


def test_the_week_and_what_is_late(school: School) -> None:
    saved(
        school, an_activity(school, date(2026, 11, 23), "held"), an_activity(school, date(2026, 11, 29)),
        an_activity(school, date(2026, 11, 30)), an_activity(school, date(2026, 11, 20)),
        Activity(title="待定", kind="research", when=When.month(2026, 11)),
        Task(title="晚了", when=When.month(2026, 10)), Task(title="不晚", when=When.month(2026, 11)),
        Plan(title="教研计划", state="submitted"),
    )
    found = desk(school)
    assert [a.title for a in found.week] == ["11-23的教研", "11-29的教研"]
    assert (found.in_week, found.late_activities, found.undated) == (2, 1, 1)
    assert [task.title for task in found.late_tasks] == ["晚了"]
    assert [plan.title for plan in found.waiting] == ["教研计划"]


def test_what_lasts_into_the_week_is_of_the_week(school: School) -> None:
    spans = {
        "读书月": When.span(date(2026, 11, 2), date(2026, 11, 30)), "已结束": When.span(date(2026, 11, 2), date(2026, 11, 22)),
        "将开始": When.span(date(2026, 11, 29), date(2026, 12, 5)), "以后": When.span(date(2026, 11, 30), date(2026, 12, 5)),
        "本周待定": school.term().week(13), "本月待定": When.month(2026, 11),
    }
    saved(school, *(Activity(title=title, kind="research", when=when) for title, when in spans.items()))
    found = desk(school, date(2026, 11, 26))
    assert {a.title for a in found.week} == {"读书月", "将开始", "本周待定"}
    assert found.in_week == 3


def test_of_a_crowded_week_those_to_come_are_read_and_all_counted(school: School) -> None:
    saved(school, *(an_activity(school, date(2026, 11, 23 + n % 7)) for n in range(70)))
    found = desk(school, date(2026, 11, 26))
    assert found.in_week == 70
    assert len(found.week) == MOST
    assert {a.when.day for a in found.week} == {date(2026, 11, 26), date(2026, 11, 27)}  # ten a day
    assert len(desk(school, date(2026, 11, 29)).week) == len(found.week)


def test_progress_by_group_counts_duties_that_stand_as_they_should(school: School) -> None:
    saved(
        school, a_requirement(title="听课不少于1节", amount=1, period="month"),
        *(a_lesson_heard(school, date(2026, month, 14), ["张敏"]) for month in (9, 10)),
    )
    found = {group.name: (group.met, group.owed) for group in desk(school).groups}
    assert found == {"语文教研组": (1, 2), "数学教研组": (0, 3)}  # 王芳 is on 产假


def test_a_school_without_a_term_has_a_desk(school: School) -> None:
    found = desk(school, date(2031, 1, 1))
    assert found.term is None
    assert found.groups == ()


def test_a_dossier_names_what_it_tells(school: School) -> None:
    saved(school, a_lesson_heard(school, date(2026, 10, 14), ["张敏", "李强"]))
    register = school.register("teacher")
    document = school.records("teacher").document(teacher(school, "张敏"))
    assert document is not None
    fields, = facts_of(school, register, document)
    assert ("姓名", "张敏") in fields.rows
    assert "工号" in fields.note
    sections = {section.title: section for section in about(school, register, document, school.today)}
    assert sections["计入明细"].rows == (("2026-10-14", "听课", "听课人", "1节"),)
    assert sections["活动 1"].targets[0] == ("activity", school.records("activity").documents()[0]["id"])


def test_participants_are_a_table_with_roles_in_words(school: School) -> None:
    saved(school, a_lesson_heard(school, date(2026, 10, 14), ["张敏"]))
    (document,) = school.records("activity").documents()
    _, people = facts_of(school, school.register("activity"), document)
    assert people.rows == (("张敏", "听课人", "出勤"),)


def test_what_refers_to_a_record_is_found(school: School) -> None:
    requirement = a_requirement()
    plan = Plan(title="教研计划", state="passed")
    saved(school, plan, requirement.but(plan=plan.id))
    document = school.records("plan").document(plan.id)
    assert document is not None
    titles = [section.title for section in about(school, school.register("plan"), document, school.today)]
    assert "引用它的任务要求 1" in titles


def test_the_past_in_words_and_without_what_is_private(school: School) -> None:
    zhao = school.records(Teacher).get(teacher(school, "赵磊"))
    saved(school, zhao.but(phone="13911112222", education="本科"), label="补资料")
    newest = past_of(school, "teacher", zhao.id)[0]
    assert {(d.title, d.before, d.after) for d in newest.differences} == {("联系电话", "13800000004", "13911112222"), ("学历", "", "本科")}
    assert (newest.label, newest.action, newest.name) == ("补资料", "修改", "赵磊")
    with School.open(school.folder, Actor("unix:guest", roles=frozenset({"reader"})), now) as guest:
        assert [d.title for d in past_of(guest, "teacher", zhao.id)[0].differences] == ["学历"]
        assert [d.title for d in past_of_change(guest, newest.change)[0].differences] == ["学历"]


def test_late_is_what_has_passed_its_day_unsettled(school: School) -> None:
    saved(school, an_activity(school, date(2026, 11, 20)), an_activity(school, date(2026, 11, 20), "held"))
    rows = listed(school, school.register("activity"), school.records("activity").documents())
    assert [row.late for row in rows] == [True, False]


@pytest.mark.parametrize(
    ("when", "text"),
    [
        (When.on(date(2026, 11, 25), time(16, 10)), "11-25 周三 16:10"), (When.on(date(2026, 11, 25), lesson=3), "11-25 周三 第3节"),
        (When.month(2026, 9), "9月(待定)"), (When.month(2025, 9), "2025年9月(待定)"), (When.on(date(2025, 9, 1)), "2025-09-01 周一"),
        (When.span(date(2026, 9, 1), date(2026, 9, 5)), "09-01—09-05"),
    ],
)
def test_times_are_short_within_the_term(school: School, when: When, text: str) -> None:
    assert when_in_short(when, school.term()) == text


def test_the_inbox_offers_what_can_be_read_and_takes_it_in_once(school: School) -> None:
    folder = box(school, INBOX)
    for name in ("计划.txt", "花名册.xlsx", ".隐藏.txt", "~$计划.docx"):
        (folder / name).write_text("教研工作计划\n一、工作安排\n九月份:制订教研计划。\n", "utf-8")
    register = school.register("plan")
    (arrival,) = arrivals(school, "plan")
    assert arrival.path.name == "计划.txt"
    assert any("教研工作计划" in text for text, _ in foretold(school, register, arrival.path))
    assert school.records("plan").count() == 0
    taken(school, register, arrival.path)
    assert school.records("plan").count() == 1
    assert [state for _, state in taken(school, register, arrival.path)] == ["muted"]


def test_a_file_without_a_plan_is_refused(school: School) -> None:
    path = box(school, INBOX) / "信.txt"
    path.write_text("", "utf-8")
    with pytest.raises(BadInput):
        foretold(school, school.register("plan"), path)
