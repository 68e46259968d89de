"""Constructions that the plans of second readers brought up, sentence by sentence."""

from __future__ import annotations

import pytest

from jiaoyan.reader import read_plans


def _fields(text: str, table: str, *keys: str) -> list[tuple[object, ...]]:
    return [tuple(r.fields.get(key) for key in keys) for r in read_plans(text)[0].of(table)]


@pytest.mark.parametrize(
    ("sentence", "rows"),
    [
        ("物理、化学、生物分别为周一、周三、周四下午活动", [("物理教研组", 1), ("化学教研组", 3), ("生物教研组", 4)]),
        ("合唱队周二、四放学后训练", [("合唱队", 2), ("合唱队", 4)]),
        ("篮球队一、三下午训练", [("篮球队", 1), ("篮球队", 3)]),
        ("安全小组每周五下午4点30分召开例会", [("安全小组", 5)]),
        ("图书管理员每天12:40-13:20组织阅读", [("图书管理员", 0)]),
    ],
)
def test_slots(sentence: str, rows: list[tuple[object, ...]]) -> None:
    assert _fields(f"一、安排\n1、{sentence}。", "weekly", "who", "weekday") == rows


def test_a_slot_is_called_what_is_held_there() -> None:
    text = "一、安排\n1、教研活动固定在周二上午第三节,地点在三楼小会议室。\n2、年级组例会每周一次。一年级组周三中午,二年级组周四中午。"
    assert [row[0] for row in _fields(text, "weekly", "what")] == ["教研活动", "例会", "例会"]


@pytest.mark.parametrize(
    ("sentence", "rows"),
    [
        ("参会人数不少于全体教师的三分之一", [(33.3, "%", "")]),
        ("当面批改量不少于二分之一", [(50, "%", "")]),
        ("值班教师每两小时巡查一次", [(1, "次", "两小时")]),
        ("保安每30分钟巡视一次", [(1, "次", "30分钟")]),
        ("教师一周写一篇教后记,一月做一套中考题", [(1, "篇", "周"), (1, "套", "月")]),
        ("钢笔字每天一板", [(1, "板", "日")]),
        ("语文组周三下午7-8节活动", []),
        ("校园欺凌事件零发生", [(0, "", "")]),
        ("两部联合研讨每月一次", [(1, "次", "月")]),
        ("每课时教案有二次修改", []),
        ("教师每周五晚上整理一周的困惑", []),
        ("参加教师不少于本校同学科教师的60%", [(60, "%", "")]),
    ],
)
def test_amounts_and_periods(sentence: str, rows: list[tuple[object, ...]]) -> None:
    assert _fields(f"一、要求\n1、{sentence}。", "requirement", "count", "unit", "per") == rows


def test_shares_and_deadlines_take_no_short_period_over() -> None:
    text = "一、要求\n1、器材每月清点一次,损坏的三天内报修。\n2、作业批改每周不少于4次,错题重做率达到95%。"
    assert [row[0] for row in _fields(text, "requirement", "per")] == ["月", "", "周", ""]


def test_ranks_are_roles() -> None:
    text = "一、要求\n1、每学期听课:一级及以上教师不少于15节;二级及以下教师不少于25节。"
    assert _fields(text, "requirement", "who", "count") == [("一级及以上教师", 15), ("二级及以下教师", 25)]


def test_a_set_is_announced_on_the_line_before() -> None:
    text = "一、任务\n青年教师每学期须完成“三个一”:\n上一节汇报课;写一篇论文;读一本专著。"
    assert _fields(text, "requirement", "who", "set", "per") == [("青年教师", "三个一", "学期")] * 3


def test_the_size_of_another_piece_is_a_duty_of_its_own() -> None:
    text = "一、要求\n1、班主任每学期参加培训不少于6次;每次培训写体会不少于500字。"
    assert _fields(text, "requirement", "count", "unit", "chars") == [(6, "次", None), (500, "字", None)]


def test_tables_parted_by_single_blanks() -> None:
    text = "备课组计划\n一、教学进度\n周次 起止日期 内容 课时 主备人\n1 2.17-2.21 有理数 4 张强\n2 2.24-2.28 整式 3 张强"
    assert _fields(text, "schedule", "when", "item", "speaker") == [("W01", "有理数", "张强"), ("W02", "整式", "张强")]
    assert _fields(text, "requirement", "count") == []


def test_weeks_named_twice_and_months_with_several_items() -> None:
    text = "学校工作计划\n一、工作安排\n三月 交通安全月\n四月 春季运动会筹备 食堂卫生自查\n五月 艺术展演\n阳光幼儿园园长室"
    assert _fields(text, "schedule", "when", "item") == [
        ("03", "交通安全月"), ("04", "春季运动会筹备"), ("04", "食堂卫生自查"), ("05", "艺术展演")]
    signed = "学校工作计划\n一、工作安排\n11月:观摩活动\n12月:评选先进\n\n青山镇九年一贯制学校\n二〇二四年二月"
    assert _fields(signed, "schedule", "item") == [("观摩活动",), ("评选先进",)]
    weeks = "教研组计划\n一、安排\n第15周 交流\n第16周至第18周 期末复习\n"
    assert _fields(weeks, "schedule", "when") == [("W15",), ("W16/W18",)]


def test_roman_and_capital_headings_and_the_date_under_the_title() -> None:
    roman = "英语教研组计划\n(2025年2月)\nⅠ 指导思想\n落实课标。\nⅡ 工作要点\n抓好备课。"
    assert _fields(roman, "section", "title") == [("指导思想",), ("工作要点",)]
    assert _fields(roman, "schedule", "when") == []
    capitals = "培训方案\n壹、总体要求\n一年入门。\n贰、培训课程\n师德与法规。"
    assert _fields(capitals, "section", "title") == [("总体要求",), ("培训课程",)]


def test_an_item_that_opens_with_a_month_keeps_its_number() -> None:
    text = "研修总结\n一、工作\n1.全校共上公开课46节。\n2.3月份,我校承办了同课异构活动。"
    assert ("02",) not in _fields(text, "schedule", "when")


def test_days_with_a_dot_are_dates_where_no_numbering_begins_anew() -> None:
    text = "数学教研组计划\n活动安排:\n2.26 学习教研计划\n3.11 研讨课\n3.25 集体备课\n4.8 单元分析"
    assert _fields(text, "schedule", "when", "item") == [
        ("02", "学习教研计划"), ("03", "研讨课"), ("03", "集体备课"), ("04", "单元分析")]
    numbered = "教研计划\n一、措施\n1.1 加强备课\n1.2 抓好听课\n2.1 组织研讨\n2.2 做好总结"
    assert _fields(numbered, "schedule", "when") == []


def test_phases_with_dotted_months() -> None:
    text = "方案\n一、进度安排\n启动阶段(2024.02):宣传动员\n实施阶段(2024.03—2024.11):开展研修活动\n总结阶段(2024.12):评选先进"
    assert _fields(text, "schedule", "when") == [("2024-02",), ("2024-03/2024-11",), ("2024-12",)]


def test_articles_and_numbers_with_a_blank_are_headings() -> None:
    articles = "研修方案\n第一条 研修目的\n提高水平。\n第二条 组织管理\n教科室负责。\n第三条 研修任务\n人人参加。"
    assert _fields(articles, "section", "title") == [("研修目的",), ("组织管理",), ("研修任务",)]
    spaced = "教研组计划\n一 基本情况\n共有教师11人。\n二 工作要点\n抓好备课。\n三 行事历\n第一周 制定计划"
    assert _fields(spaced, "section", "title") == [("基本情况",), ("工作要点",), ("行事历",)]


def test_the_second_part_of_a_summary_looks_ahead() -> None:
    text = ("红星中学2023年工作总结暨2024年工作计划\n第一部分 2023年工作回顾\n我们开展了研讨课12次。\n"
            "第二部分 2024年工作计划\n1、教研组长每学期检查教案四次。")
    assert _fields(text, "requirement", "count", "per") == [(4, "学期")]


def test_a_source_behind_a_sentence_and_page_numbers_are_noise() -> None:
    text = "红星中学教研工作计划\n一、要求\n1、本学期学校组织两次教案检查。 来源:www.xxfanwen.com\n二、安排\n一月:总结\n1/3 下一页"
    assert [row[0] for row in _fields(text, "requirement", "count")] == [2]
    assert _fields(text, "schedule", "item") == [("总结",)]


def test_faults_and_class_loads_are_no_duties() -> None:
    for sentence in ("迟到一次扣0.5分", "无故缺席两次者取消评优资格", "本学期高二年级共16个班", "每天下午最后一节课后打扫"):
        assert _fields(f"一、要求\n1、{sentence}。", "requirement", "count") == []


def test_days_behind_one_week_word() -> None:
    text = "一、要求\n1、每周二、四下午由任课老师进行辅导。"
    assert _fields(text, "weekly", "weekday", "part") == [(2, "下午"), (4, "下午")]


def test_who_signs_is_no_item_of_the_last_list() -> None:
    text = "红星中学教研工作计划\n一、安排\n11月:观摩活动\n12月:评选先进\n红星中学政教处\n2024年2月"
    assert _fields(text, "schedule", "item") == [("观摩活动",), ("评选先进",)]


def test_a_day_behind_its_month_is_the_day_of_the_work() -> None:
    text = "一、活动安排\n十月:10月14日举行公开课。\n九月:9月9日,集体备课;9月25日前交教案。\n第3周:9月16日听课评课"
    assert _fields(text, "schedule", "when", "day", "item") == [
        ("10", "10-14", "举行公开课"), ("09", "09-09", "集体备课"), ("09", None, "9月25日前交教案"), ("W03", None, "9月16日听课评课"),
    ]
