"""Whatever the text: nothing raises, every quote stands at its span, and the cost stays linear."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiaoyan.reader import read_plans

PIECES = [
    "一、", "(一)", "㈠", "1、", "1.", "⒈", "(1)", "⑴", "①", "第一,", "一是", "每周", "每两周",
    "每学期", "本学期", "至少", "不少于", "15", "十五", "2-3", "节", "次", "篇", "字", "个", "%",
    "学分", "以上", "以内", "教师", "新教师", "其他", "教研组", "听课", "公开课", "反思", "六个一",
    "九月份", "9月10日", "第3周", "周三", "下午", "4:10至4:45", "领导小组", "组长:", "工作计划",
    "总结", "(篇1)", "主题", "语文", "一年级", "|", "\t", "\n", "\r\n", "\r", ",", ",", "。", ";",
    ":", "、", "《", "》", "“", "”", " ", "\u3000", "\ufeff", "\x00", "\u2028", "# ", "- ", "周次",
    "时间", "活动内容", "的", "'", "`", "教師", "聽課", "提前三天", "为零",
]


def holds(text: str) -> None:
    for plan in read_plans(text, name="计划.txt"):
        assert text[plan.start : plan.end] == plan.text
        plan.as_gold()
        for reading in plan.readings:
            assert text[reading.start : reading.end] == reading.quote
            assert reading.quote


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_any_characters(text: str) -> None:
    holds(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_pieces_of_plans(text: str) -> None:
    holds(text)


@pytest.mark.parametrize(
    "unit",
    [
         "1234567890", "(", ")", "教", " ", "\n", "一二三四五", "1、", "(1)", "“", "《", "九月:", "|",
             "\t", "#", "每", "小组", "语文、", "教师每学期听课十五节", "每人每学期听课15节,", "工作计划\n",
             "| 时间 | 内容 |\n", "周次\n时间\n内容\n", "的.", "- ",
    ],
)
def test_hostile_texts_end_soon(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    begun = time.process_time()
    read_plans(text)
    assert time.process_time() - begun < 6
