"""Clauses in words, corrected by title; 完成率 month by month."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jiaoyan.carrying import when_of
from jiaoyan.clause_words import MODELS, changed_facts, facts_model, in_words, when_code
from jiaoyan.model.activities import Activity
from jiaoyan.model.plans import TABLES, Plan
from jiaoyan.model.tasks import Task
from jiaoyan.plan_rates import plan_rates, rates, total
from jiaoyan.records import Ref
from jiaoyan.school import School
from jiaoyan.terms import When, usual_term
from tests.schools import saved

TERM = usual_term("2026-2027-1")


@pytest.mark.parametrize(("table", "facts", "words"), [
    ("requirement", {"who": "教师", "what": "听课", "count": 15, "unit": "节", "per": "学期"}, "教师 每学期 听课 不少于 15节"),
    ("weekly", {"who": "语文教研组", "weekday": 3, "part": "16:10-16:45", "what": "教研活动"}, "语文教研组 周三 16:10-16:45 教研活动"),
    ("weekly", {"who": "教研组", "weekday": 0, "part": "", "what": "教研日"}, "教研组 星期未写明 教研日"),
    ("schedule", {"when": "09", "item": "集体备课", "nature": "event"}, "2026年9月(日期待定) 集体备课"),
    ("schedule", {"item": "工作总结"}, "时间未写明 工作总结"),
    ("topic", {"subject": "语文", "grade": "", "title": "朗读指导"}, "语文 朗读指导"),
    ("group", {"name": "教科室"}, "教科室"),
    ("requirement", {"count": "很多"}, "(未读出) 不少于 1"),
])
def test_a_clause_in_one_line(table: str, facts: dict[str, Any], words: str) -> None:
    assert in_words(table, facts, TERM) == words


def test_every_table_can_be_corrected() -> None:
    assert set(MODELS) == set(TABLES)


def test_only_what_was_changed_is_a_correction() -> None:
    before = facts_model("requirement", {"who": "教师", "what": "听课", "count": 15, "unit": "节"}, TERM)
    after = before.model_copy(update={"count": 20.0, "per": "学期"})
    assert changed_facts("requirement", before, after, TERM) == {"count": 20, "per": "学期"}
    weekly = facts_model("weekly", {"weekday": 3}, TERM)
    assert changed_facts("weekly", weekly, weekly.model_copy(update={"weekday": "5"}), TERM) == {"weekday": 5}


@pytest.mark.parametrize("when", [When.on(date(2026, 10, 12)), TERM.month(11), TERM.week(9)])
def test_a_corrected_time_is_read_back(when: When) -> None:
    assert when_of(when_code(when, TERM), TERM) == when


def test_months_of_a_plan(school: School) -> None:
    plan = Plan(title="语文教研组计划")
    held = When.on(date(2026, 9, 9))
    listed = (
        Task(title="制定计划", when=When.month(2026, 9), state="open", plan=Ref(plan.id)),
        Task(title="写总结", when=When.month(2027, 1), plan=Ref(plan.id)),
        Task(title="常抓不懈", plan=Ref(plan.id)),
        Activity(title="集体备课", kind="prep", when=held, state="held", plan=Ref(plan.id)),
    )
    saved(school, plan, *listed)
    months = plan_rates(school, plan, date(2026, 11, 26))
    assert [(m.label, m.done, m.due, m.rate, m.overdue) for m in months] == [
        ("2026年9月", 1, 2, 50, 1), ("2027年1月", 0, 1, 0, 0), ("全学期", 0, 1, 0, 0),
    ]
    assert (total(months).done, total(months).due) == (1, 4)
    off = Activity(title="停", kind="prep", when=held, state="cancelled")
    (only,) = rates([], [off], date(2026, 11, 26))
    assert (only.due, only.cancelled, only.rate) == (0, 1, None)
