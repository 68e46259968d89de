"""Requirements at a day: who is behind and by how much; figures come from entries alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jiaoyan.conditions import Between, Has, Is
from jiaoyan.model.activities import Activity
from jiaoyan.model.duties import Waiver
from jiaoyan.model.plans import Plan
from jiaoyan.records import Ref
from jiaoyan.requirements import Progress, board, entries_behind, spans
from jiaoyan.school import School
from jiaoyan.terms import When, usual_term
from tests.schools import a_lesson_heard, a_reflection, a_requirement, group, saved, teacher

TODAY = date(2026, 11, 26)


def progress(school: School, name: str, day: date = TODAY) -> Progress:
    (found,) = [row for row in board(school, day).rows if row.name == name]
    return found


def figures(row: Progress, *names: str) -> tuple[str | int, ...]:
    return (row.state, *(int(getattr(row, name)) for name in names))


def test_who_is_away_owes_nothing(school: School) -> None:
    saved(school, a_requirement())
    assert [row.name for row in board(school, TODAY).rows] == ["张敏", "李强", "赵磊", "单小红", "欧阳修远"]


def test_a_term_s_target_is_slow_before_its_end_and_overdue_after(school: School) -> None:
    saved(school, a_requirement(), *(a_lesson_heard(school, date(2026, 10, d), ("张敏",)) for d in (12, 13, 14)))
    found = progress(school, "张敏")
    assert figures(found, "done", "total", "missing") == ("slow", 3, 15, 12)
    assert progress(school, "张敏", date(2026, 9, 2)).state == "pending"
    assert progress(school, "张敏", date(2027, 1, 30)).state == "overdue"


def test_double_lessons_count_two(school: School) -> None:
    saved(school, a_requirement(), a_lesson_heard(school, date(2026, 10, 14), ("张敏",), lessons=2))
    assert progress(school, "张敏").done == 2


def test_listening_to_an_open_lesson_is_listening_and_giving_it_is_not(school: School) -> None:
    lesson = a_lesson_heard(school, date(2026, 10, 14), ("张敏", "李强"), taught_by="赵磊").but(kind="open")
    saved(school, lesson, a_requirement(), a_requirement(title="公开课 1 节", kinds=("open",), roles=("speaker",), amount=1))
    rows = {(r.requirement.title, r.name): r.done for r in board(school, TODAY).rows}
    assert rows["每学期听课不少于 15 节", "张敏"] == 1
    assert rows["每学期听课不少于 15 节", "赵磊"] == 0
    assert rows["公开课 1 节", "赵磊"] == 1
    assert rows["公开课 1 节", "张敏"] == 0


def test_a_kind_below_counts_for_the_kind_above(school: School) -> None:
    saved(school, a_requirement(), a_lesson_heard(school, date(2026, 10, 14), ("张敏",)).but(kind="drop_in"))
    assert progress(school, "张敏").done == 1


def test_a_monthly_duty_is_owed_for_the_months_that_have_passed(school: School) -> None:
    saved(
        school,
        a_requirement(title="每月反思", kinds=("reflection",), measure="count", amount=1, period="month", least_chars=500),
        a_reflection(school, date(2026, 9, 20), "张敏", 800),
        a_reflection(school, date(2026, 10, 20), "张敏", 300),
    )
    found = progress(school, "张敏")
    assert figures(found, "done", "due", "total", "missing") == ("overdue", 1, 2, 5, 1)
    assert found.by == date(2026, 10, 31)


def test_what_was_late_may_be_made_up(school: School) -> None:
    requirement = a_requirement(title="每月反思", kinds=("reflection",), measure="count", amount=1, period="month")
    saved(school, requirement, *(a_reflection(school, date(2026, 11, d), "张敏") for d in (3, 4)))
    assert progress(school, "张敏").state == "pending"
    assert progress(school, "张敏", date(2026, 11, 2)).state == "overdue"


def test_characters_are_summed(school: School) -> None:
    requirement = a_requirement(title="笔记 5000 字", kinds=("reflection",), measure="chars", amount=5000, unit="字")
    saved(school, requirement, a_reflection(school, date(2026, 9, 20), "张敏", 3000), a_reflection(school, date(2026, 10, 9), "张敏", 2500))
    assert figures(progress(school, "张敏"), "done") == ("done", 5500)


def test_a_most_is_exceeded(school: School) -> None:
    requirement = a_requirement(title="每学期外出不超过 1 次", kinds=("reflection",), measure="count", amount=1, bound="max")
    saved(school, requirement, *(a_reflection(school, date(2026, 9, d), "张敏") for d in (20, 21)))
    assert figures(progress(school, "张敏"), "missing") == ("over", 1)
    assert progress(school, "李强").state == "done"


def test_new_teachers_and_the_others(school: School) -> None:
    new = Between(field="seniority", last=3)
    saved(school, a_requirement(title="新教师 30 节", who=new, amount=30))
    assert [row.name for row in board(school, TODAY).rows] == ["张敏"]


def test_a_group_s_duty_counts_what_the_group_holds(school: School) -> None:
    maths = group(school, "数学教研组")
    meeting = Activity(title="教研活动", kind="research", when=When.on(date(2026, 9, 9)), groups=(maths,), state="recorded")
    requirement = a_requirement(
        title="每周教研活动", scope="group", who=Is(field="kind", value="research"), kinds=("research",), roles=("host",),
        measure="count", amount=1, period="week",
    )
    saved(school, meeting, requirement)
    rows = {row.name: row for row in board(school, TODAY).rows}
    assert [int(rows[name].done) for name in ("数学教研组", "语文教研组")] == [1, 0]
    weeks = school.term(TODAY).teaching_weeks()
    passed = [n for n in weeks if school.term(TODAY).week(n).last < TODAY]
    assert rows["数学教研组"].missing == len(passed) - 1


def test_the_strictest_of_two_plans_is_shown_once_with_both_sources(school: School) -> None:
    maths = Has(field="groups", value=group(school, "数学教研组"))
    saved(school, a_requirement(), a_requirement(title="数学组 18 节", who=maths, amount=18))
    rows = {row.name: row for row in board(school, TODAY).rows}
    assert {name: int(row.total) for name, row in rows.items()} == {"张敏": 15, "李强": 15, "赵磊": 18, "单小红": 18, "欧阳修远": 18}
    assert [r.title for r in rows["赵磊"].also] == ["每学期听课不少于 15 节"]


def test_a_waiver_excuses_or_lowers(school: School) -> None:
    requirement = a_requirement()
    saved(
        school, requirement,
        Waiver(requirement=Ref(requirement.id), teacher=teacher(school, "张敏"), reason="支教"),
        Waiver(requirement=Ref(requirement.id), teacher=teacher(school, "李强"), amount=Decimal(5), reason="兼课"),
    )
    assert (progress(school, "张敏").state, progress(school, "张敏").reason) == ("waived", "支教")
    assert progress(school, "李强").total == 5


def test_a_requirement_binds_only_while_its_plan_has_passed(school: School) -> None:
    plan = Plan(title="教研计划", term=Ref(school.term().id))
    saved(school, plan, a_requirement(plan=plan.id))
    assert (len(board(school, TODAY).rows), len(board(school, TODAY).idle)) == (0, 1)
    saved(school, school.records(Plan).get(plan.id).but(state="passed"))
    assert len(board(school, TODAY).rows) == 5


def test_entries_behind_a_figure_are_those_counted(school: School) -> None:
    requirement = a_requirement()
    lesson = a_lesson_heard(school, date(2026, 10, 14), ("张敏",))
    saved(school, requirement, lesson, a_reflection(school, date(2026, 10, 14), "张敏"))
    found = entries_behind(school, progress(school, "张敏"), TODAY, school.term(TODAY))
    assert [entry["record"] for entry in found] == [lesson.id]


def test_members_of_a_group_are_selected_by_it(school: School) -> None:
    saved(school, a_requirement(who=Has(field="groups", value=group(school, "数学教研组"))))
    assert [row.name for row in board(school, TODAY).rows] == ["赵磊", "单小红", "欧阳修远"]


@pytest.mark.parametrize(("period", "number"), [("term", 1), ("month", 5), ("half", 2), ("year", 1), ("cycle", 1)])
def test_how_often_a_period_comes_in_an_autumn_term(period: str, number: int) -> None:
    assert len(spans(a_requirement(period=period), usual_term("2026-2027-1"))) == number


def test_holidays_and_exam_weeks_lower_what_is_due() -> None:
    plain = usual_term("2026-2027-1")
    rested = plain.but(
        holidays=({"name": "国庆节", "first": date(2026, 10, 1), "last": date(2026, 10, 7)},), exam_weeks=(20,),
    )
    weekly = a_requirement(period="week")
    assert len(spans(weekly, plain)) - len(spans(weekly, rested)) == 2
