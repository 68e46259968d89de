"""Lists by any column, as a Chinese reader expects them."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from decimal import Decimal

import pytest

from jiaoyan.access import Actor
from jiaoyan.model.activities import Activity
from jiaoyan.model.people import Teacher
from jiaoyan.model.works import Work
from jiaoyan.ordering import ordered
from jiaoyan.records import Ref
from jiaoyan.school import School
from jiaoyan.terms import When
from tests.schools import group, saved, teacher


def titles(school: School, register: str, column: str, field: str = "title", *, descending: bool = False) -> list[str]:
    records = school.records(register)
    ids = ordered(school, school.register(register), column, descending=descending)
    return [document[field] for document in records.those(ids)]


def test_names_are_ordered_by_pinyin(school: School) -> None:
    saved(school, Teacher(name="仇大海", order=9), Teacher(name="Anna 王", order=8))
    assert titles(school, "teacher", "name", "name") == [
        "Anna 王", "李强", "欧阳修远", "仇大海", "单小红", "王芳", "张敏", "赵磊",  # 仇 is Qiu, 单 is Shan
    ]
    assert titles(school, "teacher", "name", "name", descending=True)[0] == "赵磊"


def test_references_are_ordered_by_the_name_they_lead_to(school: School) -> None:
    day = date(2026, 10, 8)
    saved(school, *(
        Work(kind="reflection", title=f"{names[0]}的反思", authors=tuple(teacher(school, n) for n in names), day=day)
        for names in (["张敏"], ["李强", "张敏"], ["单小红"])
    ))
    assert titles(school, "work", "authors") == ["李强的反思", "单小红的反思", "张敏的反思"]


def test_choices_are_ordered_as_they_are_offered_and_empty_ones_come_last(school: School) -> None:
    saved(school, *(
        Work(kind="reflection", title=title, authors=(teacher(school, "张敏"),), day=date(2026, 10, 8), level=level)
        for title, level in (("国", "nation"), ("无", ""), ("校", "school"), ("省", "province"))
    ))
    assert titles(school, "work", "level") == ["校", "省", "国", "无"]
    assert titles(school, "work", "level", descending=True) == ["国", "省", "校", "无"]


def test_figures_and_days_are_no_text(school: School) -> None:
    saved(school, *(
        Work(kind="reflection", title=str(n), authors=(teacher(school, "张敏"),), day=date(2026, 9, 1) + timedelta(days=n),
             amount=Decimal(n)) for n in (9, 10, 100, 2)
    ))
    assert titles(school, "work", "amount") == ["2", "9", "10", "100"]
    assert titles(school, "work", "day", descending=True) == ["100", "10", "9", "2"]


def test_equal_ones_stay_in_the_usual_order(school: School) -> None:
    where = (group(school, "语文教研组"),)
    saved(school, *(
        Activity(title=f"第{n}次", kind="research", when=When.on(date(2026, 9, 30 - n)), groups=where) for n in range(1, 6)
    ))
    usual = [activity.title for activity in school.records(Activity).page()]
    assert usual == ["第5次", "第4次", "第3次", "第2次", "第1次"]
    assert titles(school, "activity", "groups") == usual
    assert titles(school, "activity", "groups", descending=True) == usual


def test_teachers_by_what_they_hold(school: School) -> None:
    saved(school, Teacher(name="后勤", order=7, category="worker"))
    assert titles(school, "teacher", "小组", "name")[-1] == "后勤"
    assert set(titles(school, "teacher", "小组", "name")[:3]) == {"赵磊", "单小红", "欧阳修远"}  # 数学 before 语文
    assert titles(school, "teacher", "人员状态", "name")[0] == "王芳"


def test_a_hidden_field_orders_nothing(school: School) -> None:
    usual = titles(school, "teacher", "order", "name")
    assert titles(school, "teacher", "phone", "name", descending=True) == usual[::-1]
    school.actor = Actor("someone", roles=frozenset({"leader"}))
    assert titles(school, "teacher", "phone", "name", descending=True) == usual


@pytest.mark.parametrize("value", ['"x"', "7", '["a",1]'])
def test_damaged_values_stand_somewhere(school: School, value: str) -> None:
    saved(school, *(
        Work(kind="reflection", title=str(n), authors=(Ref[Teacher](teacher(school, "张敏")),), day=date(2026, 10, 8)) for n in (1, 2)
    ))
    school.store.close()
    damage = f"json_set(body,'$.amount',json('{value}'),'$.authors',json('{value}'))"
    with sqlite3.connect(school.folder / school.settings.store) as connection:
        done = connection.execute(f"UPDATE \"d:work\" SET body={damage} WHERE body LIKE '%\"title\":\"1\"%'")
        assert done.rowcount == 1
    with School.open(school.folder, now=school.now) as again:
        for column in ("amount", "authors"):
            assert len(ordered(again, again.register("work"), column)) == 2
