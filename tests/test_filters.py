"""The filter line: words, pinyin, columns, comparisons; and Condition means the same in SQL and in Python."""

from __future__ import annotations

from datetime import date

import pytest

from jiaoyan.errors import BadInput, NotFound
from jiaoyan.filters import parse_filter
from jiaoyan.model.activities import Activity
from jiaoyan.model.tasks import Task
from jiaoyan.pinyin import spelled
from jiaoyan.school import School
from jiaoyan.terms import When
from tests.schools import a_lesson_heard, group, saved


def found(school: School, register: str, words: str) -> list[str]:
    owner = school.register(register)
    return [school.label(owner, d) for d in school.records(owner).documents(parse_filter(school, owner, words))]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("", ["张敏", "李强", "王芳", "赵磊", "单小红", "欧阳修远"]), ("张", ["张敏"]), ("zm", ["张敏"]), ("zhangmin", ["张敏"]),
        ("shanxiaohong", ["单小红"]), ("sxh", ["单小红"]), ("oyxy", ["欧阳修远"]), ("姓名:李", ["李强"]),
        ("姓名:zm", ["张敏"]), ("姓名:sxh", ["单小红"]), ("-姓名:zm z", ["赵磊"]), ("备注:zm", []),
        ("类别:专任 姓名:李", ["李强"]), ("-姓名:李 l", ["赵磊"]), ("参加工作时间>2010", ["张敏"]), ("次序:3", ["王芳"]),
        ("次序>=5", ["单小红", "欧阳修远"]), ("次序<2", ["张敏"]), ("学历:空 次序:1", ["张敏"]), ("查无此人", []),
    ],
)
def test_teachers(school: School, words: str, names: list[str]) -> None:
    assert found(school, "teacher", words) == names


def test_activities_by_day_kind_and_speaker(school: School) -> None:
    saved(
        school, a_lesson_heard(school, date(2026, 10, 14), ("张敏",)).but(title="听课一"),
        a_lesson_heard(school, date(2026, 11, 4), ("张敏",), taught_by="李强").but(title="听课二", kind="drop_in"),
        Activity(title="十月的讲座", kind="lecture", when=When.month(2026, 10)),
    )
    assert found(school, "activity", "活动类型:听课") == ["听课一", "听课二"]
    assert found(school, "activity", "时间:10月") == ["十月的讲座", "听课一"]
    assert found(school, "activity", "时间:第7周") == ["十月的讲座", "听课一"]
    assert found(school, "activity", "时间>=11.1") == ["听课二"]
    assert found(school, "activity", "主讲人:lq") == ["听课二"]
    assert found(school, "activity", "状态:计划") == ["十月的讲座"]
    assert found(school, "activity", "状态!=计划 10") == []


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("讲座", ["十月的讲座"]), ("推门课", ["听课二"]), ("李强", ["听课二"]), ("已开展", ["听课一", "听课二"]), ("计划", ["十月的讲座"]),
        ("语文教研组", ["听课一"]), ("语文教研组 已开展", ["听课一"]), ("语文教研组 计划", []), ("10-14", ["十月的讲座", "听课一"]),
        ("11月", ["听课二"]), ("14:50", []), ("lq", []), ("李强 -状态:计划", ["听课二"]),
    ],
)
def test_bare_words_find_what_the_list_shows(school: School, words: str, titles: list[str]) -> None:
    saved(
        school, a_lesson_heard(school, date(2026, 10, 14), ("张敏",)).but(title="听课一", groups=(group(school, "语文教研组"),)),
        a_lesson_heard(school, date(2026, 11, 4), ("张敏",), taught_by="李强").but(title="听课二", kind="drop_in"),
        Activity(title="十月的讲座", kind="lecture", when=When.month(2026, 10)),
    )
    assert found(school, "activity", words) == titles


def test_bare_words_find_what_teachers_hold_today(school: School) -> None:
    assert found(school, "teacher", "数学教研组") == ["赵磊", "单小红", "欧阳修远"]
    assert found(school, "teacher", "教研组长") == ["赵磊"]
    assert found(school, "teacher", "数学教研组 单") == ["单小红"]


def test_a_column_that_is_not_there_is_named(school: School) -> None:
    with pytest.raises(NotFound, match="没有列“身高”"):
        found(school, "teacher", "身高:180")


def test_a_number_that_is_none_is_named(school: School) -> None:
    with pytest.raises(BadInput, match="次序:应为数字"):
        found(school, "teacher", "次序>多")


def test_percent_and_underscore_are_letters(school: School) -> None:
    saved(school, Task(title="完成率100%"), Task(title="完成率1000"), Task(title="a_b"), Task(title="axb"))
    assert found(school, "task", "100%") == ["完成率100%"]
    assert found(school, "task", "a_b") == ["a_b"]


@pytest.mark.parametrize(
    ("name", "forms"),
    [("仇国强", ("qiuguoqiang", "qgq")), ("查良镛", ("zhaliangyong", "zly")), ("曾敏", ("zengmin", "zm")), ("解放", ("xiefang", "xf")),
     ("尉迟恭", ("yuchigong", "ycg")), ("任小东", ("renxiaodong", "rxd"))],
)
def test_surnames_are_read_as_surnames(name: str, forms: tuple[str, ...]) -> None:
    assert set(forms) <= set(spelled(name).split())


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("小组:数学", {"赵磊", "单小红", "欧阳修远"}), ("职务:教研组长", {"赵磊"}), ("人员状态:产假", {"王芳"}),
        ("-小组:数学 任教:三年级 zm", {"张敏"}),
        ("职务:空 小组:数学", {"单小红", "欧阳修远"}), ("小组:没有", set()),
    ],
)
def test_staff_are_filtered_by_what_they_hold_today(school: School, line: str, names: set[str]) -> None:
    found = school.records("teacher").documents(parse_filter(school, school.register("teacher"), line))
    assert {document["name"] for document in found} == names
