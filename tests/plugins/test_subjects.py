"""Subjects: topics are adopted from a plan's theme table; a lesson is a facet of what observed it."""

from __future__ import annotations

from datetime import date

from jiaoyan.host.contexts import Sheet, Showing
from jiaoyan.model.people import Group
from jiaoyan.planning import take_in
from jiaoyan.reader import read_plans
from jiaoyan.school import School
from jiaoyan_subjects.registers import Topic
from tests.schools import a_lesson_heard, group, saved

THEMES = """青山小学教研工作计划

一、指导思想

以课堂为中心,做实校本教研。

二、研究主题

各学科的研究主题如下:

语文

一年级 写字姿势的养成

二年级 看图写话的起步

数学

三、四年级 估算意识的培养
"""


def test_a_theme_table_becomes_topics_of_the_group(full_school: School) -> None:
    take_in(full_school, read_plans(THEMES), full_school.term())
    topics = full_school.records("subjects.topic").all()
    assert {(t.subject, t.grade, t.title) for t in topics} == {
        ("语文", "一年级", "写字姿势的养成"), ("语文", "二年级", "看图写话的起步"),
        ("数学", "三年级", "估算意识的培养"), ("数学", "四年级", "估算意识的培养"),
    }
    assert {t.group for t in topics if t.subject == "语文"} == {group(full_school, "语文教研组")}


def test_importing_again_adds_no_topic(full_school: School) -> None:
    for _ in range(2):
        take_in(full_school, read_plans(THEMES), full_school.term())
    assert full_school.records("subjects.topic").count() == 4


def test_a_lesson_is_saved_with_its_activity(full_school: School) -> None:
    heard = a_lesson_heard(full_school, date(2026, 10, 14), ("张敏", "李强"))
    lesson = full_school.facet("subjects.lesson").model(id=heard.id, subject="数学", class_name="三(2)班", topic="两位数乘法")
    saved(full_school, heard, lesson)
    held = full_school.store.table("subjects.lesson").by_id(heard.id)
    assert held is not None
    assert held["topic"] == "两位数乘法"


def test_a_group_sees_the_topics_that_are_offered_for_its_subject(full_school: School) -> None:
    def sheet(name: str) -> Sheet | None:
        showing = Showing(full_school, "group", group(full_school, name), full_school.today)
        found = [item for _, item in full_school.host.collect("sheets", showing) if isinstance(item, Sheet)]
        return next((item for item in found if "教研主题" in item.title), None)

    offered = sheet("语文教研组")
    assert offered is not None
    title = offered.rows[0][0]
    assert {row[2] for row in offered.rows} == {""}
    saved(full_school, Topic(subject="语文", title=title, state="running"))
    again = sheet("语文教研组")
    assert again is not None
    assert (again.rows[0][2], again.marks[0]) == ("研究中", "ok")
    saved(full_school, Group(name="后勤组", kind="other", subject="语文"))
    assert sheet("后勤组") is None
