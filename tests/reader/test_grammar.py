"""Numerals, amounts, periods, times, numbering: one case a wording."""

from __future__ import annotations

import pytest

from jiaoyan.errors import BadInput
from jiaoyan.reader import Words, read_plans
from jiaoyan.reader.grammar import grammar_of
from jiaoyan.reader.numerals import parse
from jiaoyan.reader.outline import read_outline
from jiaoyan.reader.times import part_of_day, time_at
from jiaoyan.reader.topics import grades_of


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十五", 15), ("一百二十", 120), ("两千", 2000), ("1.5万", 15000), ("二〇二四", 2024), ("半", 0.5), ("15", 15),
        ("一万", 10000), ("廿", None), ("", None), ("三十", 30), ("两万五千", 25000),
    ],
)
def test_numerals(text: str, number: float | None) -> None:
    assert parse(text) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("听课15节", (15, "节", None, "")), ("不少于二十节", (20, "节", None, "")), ("2-3篇", (2, "篇", 3, "")),
        ("三至五次", (3, "次", 5, "")), ("两三次", (2, "次", 3, "")), ("500字以上", (500, "字", None, "min")),
        ("30分钟以内", (30, "分钟", None, "max")), ("一个半小时", (1.5, "小时", None, "")), ("半小时", (0.5, "小时", None, "")),
        ("百分之八十以上", (80, "%", None, "min")), ("80%", (80, "%", None, "")), ("十余篇", (10, "篇", None, "min")),
        ("１５节", (15, "节", None, "")), ("2、3篇", (2, "篇", 3, "")),
    ],
)
def test_amounts(text: str, expected: tuple[object, ...]) -> None:
    from jiaoyan.reader.normal import normalise

    words = Words.builtin()
    found = [t.amount for t in grammar_of(words).tokens(normalise(text, words)) if t.kind == "amount" and t.amount]
    assert [(a.count, a.unit, a.upto, a.bound) for a in found] == [expected]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("每周一次", "周"), ("每两周一次", "两周"), ("隔周一次", "两周"), ("每月二篇", "月"), ("每学期三节", "学期"),
        ("每期一次", "学期"), ("本学期两次", "学期"), ("一学年不少于四次", "学年"), ("每年一篇", "年"), ("五年完成120学分", "五年"),
        ("每天半小时", "日"), ("每半学期一次", "半学期"), ("每单元一份", "单元"), ("每次两课时", "次"), ("全年三次", "年"),
        ("每季度一次", "季度"), ("三年内", "三年"), ("每学期末一次", "学期"),
    ],
)
def test_periods(text: str, period: str) -> None:
    tokens = grammar_of(Words.builtin()).tokens(text)
    assert [t.value for t in tokens if t.kind == "period"] == [period]


@pytest.mark.parametrize(
    ("text", "when", "day"),
    [
        ("九月份:", "09", ""), ("9月", "09", ""), ("十二月", "12", ""), ("元月", "01", ""), ("9—10月".replace("—", "-"), "09/10", ""),
        ("9月10日", "09", "09-10"), ("2024年9月", "2024-09", ""), ("20xx年4月-20xx年12月", "20xx-04/20xx-12", ""),
        ("第3周", "W03", ""), ("第二周", "W02", ""), ("第3-4周", "W03/W04", ""), ("第三、四周", "W03/W04", ""),
        ("2024-09-10", "2024-09", "2024-09-10"), ("9.10", "09", "09-10"), ("4月中旬-5月上旬", "04/05", ""), ("3月上旬", "03", ""),
        ("12月-次年1月", "12/01", ""), ("5月20日-24日", "05", ""),
    ],
)
def test_times(text: str, when: str, day: str) -> None:
    time = time_at(text)
    assert time is not None
    assert (time.when, time.day) == (when, day)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("4:10至4:45", "16:10-16:45"), ("下午第二节", "下午"), ("下午2:30-4:00", "14:30-16:00"), ("晚上", "晚上"),
        ("9:00-10:30", "09:00-10:30"),
    ],
)
def test_parts_of_the_day(text: str, part: str) -> None:
    assert part_of_day(text) == part


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("一、二年级", ["一年级", "二年级"]), ("三至五年级", ["三年级", "四年级", "五年级"]), ("", [""]), ("七年级", ["七年级"]),
        ("3年级", ["三年级"]),
    ],
)
def test_grades(text: str, grades: list[str]) -> None:
    assert grades_of(text) == grades


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("一、甲\n(一)乙\n1、丙\n(1)丁\n①戊", ["cn", "cnp", "num", "nump", "ring"]), ("㈠甲\n⒈乙\n⑴丙", ["cnp", "num", "nump"]),
        ("第一章 甲\n第一条 乙", ["part", "art"]), ("## 甲\n- 乙", ["md", "bullet"]), ("一、二年级的孩子", [""]), ("3、10月开会", ["num"]),
        ("1 总体思路\n1.1 甲的做法", ["num", "dec"]),
    ],
)
def test_numbering(text: str, styles: list[str]) -> None:
    blocks = read_outline(text, 0, len(text))
    assert [block.style for block in blocks] == styles
    depths = [block.depth for block in blocks]
    assert depths == sorted(depths)


def test_one_sentence_by_role() -> None:
    text = "一、要求\n1、新教师每学期听课不少于30节,其他教师20节,行政领导至少25节。\n2、每月写反思1篇。"
    rows = [reading.fields for reading in read_plans(text)[0].of("requirement")]
    assert [(r["who"], r["count"], r["what"], r["per"]) for r in rows] == [
        ("新教师", 30, "听课", "学期"), ("其他教师", 20, "听课", "学期"), ("学校领导", 25, "听课", "学期"), ("教师", 1, "反思", "月"),
    ]


def test_unknown_things_are_read() -> None:
    text = "一、要求\n每位教师每学期完成航模作品3件。"
    rows = [reading.fields for reading in read_plans(text)[0].of("requirement")]
    assert [(r["what"], r["count"], r["unit"]) for r in rows] == [("航模作品", 3, "件")]


def test_a_school_teaches_a_word() -> None:
    text = "一、要求\n驻校作家每月开讲2席。"
    assert not read_plans(text)[0].of("requirement")
    words = Words.builtin().extended({"units": {"strong": ["席"]}, "roles": {"驻校作家": []}})
    rows = [reading.fields for reading in read_plans(text, words)[0].of("requirement")]
    assert [(r["who"], r["count"], r["unit"], r["per"]) for r in rows] == [("驻校作家", 2, "席", "月")]


def test_an_unknown_list_is_refused() -> None:
    with pytest.raises(BadInput, match="没有这一类词"):
        Words.builtin().extended({"unitz": {"strong": ["席"]}})
    with pytest.raises(BadInput):
        Words.builtin().extended({"units": {"strong": "席"}})


def test_what_is_told_binds_nobody() -> None:
    text = "教研工作总结\n一学期来,我校教研工作取得了成绩,现总结如下:\n一、做法\n全校教师听课420节,举办了讲座5次。"
    plan = read_plans(text)[0]
    assert plan.nature == "summary"
    assert not plan.of("requirement")


def test_leader_and_members() -> None:
    text = "一、组织\n成立校本教研领导小组\n组长:李明\n成员:王芳、赵强\n二、措施"
    group = read_plans(text)[0].of("group")[0]
    assert group.fields == {"name": "校本教研领导小组", "leader": "李明", "members": ["王芳", "赵强"]}


def test_measures_are_read() -> None:
    text = "一、指导思想\n1、以人为本\n二、主要措施\n1、健全教研制度,明确职责。\n2、加强课题管理。\n3、每月检查一次教案。"
    assert [r.fields["title"] for r in read_plans(text)[0].of("measure")] == ["健全教研制度,明确职责", "加强课题管理"]


def test_jobs_are_told_from_events() -> None:
    text = "工作安排\n九月:\n1、制定教研计划\n2、优质课评比活动\n3、论文投稿"
    rows = [reading.fields for reading in read_plans(text)[0].of("schedule")]
    assert [(r["item"], r["nature"]) for r in rows] == [("制定教研计划", "job"), ("优质课评比活动", "event"), ("论文投稿", "job")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("课件与教案各两份", [("教师", "课件", 2, ""), ("教师", "教案", 2, "")]),
        ("每学期(不少于15节)听课", [("教师", "听课", 15, "学期")]),
        ("语文教案每周6节×16周", [("教师", "语文教案", 6, "周")]),
        ("教龄三年以下的教师每周听课两节,教龄四到十年的每周一节", [
            ("教龄三年以下的教师", "听课", 2, "周"), ("教龄四到十年的教师", "听课", 1, "周")]),
        ("听课节数:校长30节/学期,教师15节/学期", [("校长", "听课节数", 30, "学期"), ("教师", "听课节数", 15, "学期")]),
        ("要求每位教师坚持写教学反思。每周至少1篇", [("教师", "教学反思", 1, "周")]),
        ("单周开展业务学习一次", [("学校", "业务学习", 1, "两周")]),
        ("期末考试后三天内完成阅卷", [("教师", "完成阅卷", 3, "")]),
        ("缺一次扣2分,少一节扣0.5分", []),
        ("树立一种意识,实现三个转变", []),
        ("第三届教师业务论坛,七年级三个班", []),
        ("学校派二位老师参加了培训", []),
    ],
)
def test_sentences(sentence: str, expected: list[tuple[object, ...]]) -> None:
    rows = [reading.fields for reading in read_plans(f"一、要求\n1、{sentence}。")[0].of("requirement")]
    assert [(row["who"], row["what"], row["count"], row["per"]) for row in rows] == expected
