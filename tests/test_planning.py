"""Taking a plan in: clauses, activities without an invented day, duties bound to people, nothing twice."""

from __future__ import annotations

from datetime import date, time

import pytest

from jiaoyan.access import Actor
from jiaoyan.carrying import Taken, became, clauses_of
from jiaoyan.errors import BadInput
from jiaoyan.model.activities import Activity
from jiaoyan.model.duties import Requirement
from jiaoyan.model.people import Group
from jiaoyan.model.plans import Clause, Plan
from jiaoyan.planning import foresee, take_in
from jiaoyan.reader import read_plans
from jiaoyan.requirements import board
from jiaoyan.reviewing import accept, add, bind_again, correct, reject
from jiaoyan.school import School
from jiaoyan.teaching import teach
from jiaoyan.verifying import verify
from tests.schools import group, now, saved

SCHOOL_PLAN = """青山小学校本教研工作计划

一、指导思想

立足课堂,研究真问题。

二、工作措施

1、每周四下午为数学教研组活动时间。

2、每位教师每学期听课不少于16节,新教师每学期听课不少于24节,其他教师不少于18节。

3、每位教师每月写一篇600字以上的教学反思。

三、活动安排

九月份:

1、制定教研工作计划

2、集体备课

十月份:

1、公开课展示

2、专题讲座
"""
GROUP_PLAN = """数学教研组工作计划

一、工作目标

把计算教学做扎实。

二、具体措施

1、每周四下午开展教研组活动。

2、每位教师每月写一篇600字以上的教学反思。
"""
SUMMARY = """青山小学校本教研工作总结

本学期我校认真开展校本教研,现将一学期的工作总结如下:

一、主要做法

要求每位教师每学期听课不少于20节,共组织教学常规检查2次。
"""


def take(school: School, text: str) -> Taken:
    (taken,) = take_in(school, read_plans(text), school.term(), "计划.txt")
    return taken


def requirements(school: School) -> dict[str, Requirement]:
    return {f"{r.who_text} {r.title}": r for r in school.records(Requirement).all()}


def names(school: School, title: str) -> list[str]:
    return [row.name for row in board(school).rows if row.requirement.title == title]


def test_every_made_thing_points_to_its_clause_and_the_clause_to_its_sentence(school: School) -> None:
    taken = take(school, SCHOOL_PLAN)
    plan = school.records(Plan).get(taken.plan)
    clauses = {c.id: c for c in clauses_of(school, plan)}
    for clause in clauses.values():
        assert plan.text[clause.start:clause.end] == clause.quote
    for register in ("activity", "task", "requirement"):
        for document in school.records(register).documents():
            assert document["clauses"]
            assert {clauses[id].plan for id in document["clauses"]} == {plan.id}


def test_a_month_s_item_is_planned_for_the_month_and_no_day(school: School) -> None:
    take(school, SCHOOL_PLAN)
    (talk,) = [a for a in school.records(Activity).all() if "讲座" in a.title]
    assert (talk.when.precision, talk.when.first, talk.when.day) == ("month", date(2026, 10, 1), None)
    assert talk.kind == "lecture"


def test_a_weekly_slot_becomes_one_activity_a_teaching_week(school: School) -> None:
    take(school, SCHOOL_PLAN)
    slots = [a for a in school.records(Activity).all() if a.when.precision == "day"]
    term = school.term()
    assert [a.when.first for a in slots] == list(term.days_of_slot(4))
    assert {a.groups for a in slots} == {(group(school, "数学教研组"),)}
    assert not [a for a in slots if term.is_holiday(a.when.first)]


def test_a_slot_with_a_clock_keeps_it(school: School) -> None:
    take(school, SCHOOL_PLAN.replace("每周四下午为数学教研组活动时间", "每周四16:10至17:00为数学教研组活动时间"))
    found = [a.when for a in school.records(Activity).all() if a.when.precision == "day"]
    assert {(w.start, w.end) for w in found} == {(time(16, 10), time(17, 0))}


def test_duties_bind_new_teachers_and_the_others_apart(school: School) -> None:
    take(school, SCHOOL_PLAN)
    assert names(school, "每学期听课不少于24节") == ["张敏"]
    assert names(school, "每学期听课不少于18节") == ["李强", "赵磊", "单小红", "欧阳修远"]


def test_the_same_text_again_changes_nothing(school: School) -> None:
    take(school, SCHOOL_PLAN)
    before = school.store.last_seq()
    assert take(school, SCHOOL_PLAN.replace("\n", "\r\n")).known
    assert school.store.last_seq() == before


def test_a_slot_and_a_duty_of_two_plans_are_one_with_two_sources(school: School) -> None:
    take(school, SCHOOL_PLAN)
    slots = school.records(Activity).count()
    taken = take(school, GROUP_PLAN)
    assert school.records(Activity).count() == slots
    assert taken.shared >= 1
    shared = [a for a in school.records(Activity).all() if len(a.clauses) == 2]
    assert len(shared) == len(list(school.term().days_of_slot(4)))


def test_a_group_s_plan_binds_its_members(school: School) -> None:
    taken = take(school, GROUP_PLAN)
    plan = school.records(Plan).get(taken.plan)
    assert (plan.level, plan.group) == ("group", group(school, "数学教研组"))
    (title,) = {row.requirement.title for row in board(school).rows}
    assert names(school, title) == ["赵磊", "单小红", "欧阳修远"]


def test_a_summary_binds_nothing(school: School) -> None:
    taken = take(school, SUMMARY)
    assert school.records(Plan).get(taken.plan).nature == "summary"
    assert school.records(Requirement).count() == 0
    assert {c.verdict for c in school.records(Clause).all() if c.table == "requirement"} == {"open"}


def test_who_may_not_pass_plans_imports_a_draft_that_does_not_bind_yet(school: School) -> None:
    leader = Actor("unix:zhaolei", roles=frozenset({"leader"}))
    with School.open(school.folder, leader, now) as other:
        taken = take(other, GROUP_PLAN)
    assert (taken.state, board(school).rows, len(board(school).idle)) == ("draft", (), 1)
    saved(school, school.records(Plan).get(taken.plan).but(state="passed"))
    assert len(board(school).rows) == 3


def test_groups_that_a_plan_names_are_made_once(school: School) -> None:
    text = SCHOOL_PLAN.replace("二、工作措施\n", "二、工作措施\n\n成立校本教研领导小组,由校长任组长。\n")
    take(school, text)
    made = {g.name: g.kind for g in school.records(Group).all()}
    assert made["校本教研领导小组"] == "team"
    assert [g for g in made if "数学" in g] == ["数学教研组"]


# ---- reviewing ------------------------------------------------------------------------------------------------------
@pytest.fixture
def plan(school: School) -> Plan:
    return school.records(Plan).get(take(school, SCHOOL_PLAN).plan)


def duty(school: School, plan: Plan, words: str) -> Clause:
    return next(c for c in clauses_of(school, plan, "requirement") if words in c.quote)


def test_rejecting_a_clause_takes_away_what_it_made(school: School, plan: Plan) -> None:
    clause = duty(school, plan, "24节")
    with school.change("审读") as change:
        reject(school, change, plan, clause)
    assert became(school, clause) == []
    assert school.records(Clause).get(clause.id).verdict == "rejected"


def test_correcting_a_clause_makes_it_anew(school: School, plan: Plan) -> None:
    clause = duty(school, plan, "24节")
    with school.change("审读") as change:
        correct(school, change, plan, clause, "count=26")
    ((register, document),) = became(school, clause)
    assert (register, document["amount"]) == ("requirement", 26000)
    assert school.records(Clause).get(clause.id).verdict == "corrected"


def test_accepting_what_was_rejected_makes_it_again(school: School, plan: Plan) -> None:
    clause = duty(school, plan, "24节")
    with school.change("审读") as change:
        reject(school, change, plan, clause)
    with school.change("审读") as change:
        accept(school, change, plan, [school.records(Clause).get(clause.id)])
    assert len(became(school, clause)) == 1


def test_what_was_held_stays_when_its_clause_is_rejected(school: School, plan: Plan) -> None:
    slot = next(c for c in clauses_of(school, plan, "weekly"))
    first = next(a for a in school.records(Activity).all() if slot.id in a.clauses)
    saved(school, first.but(state="held"))
    with school.change("审读") as change:
        reject(school, change, plan, slot)
    assert [a.id for a in school.records(Activity).all() if slot.id in a.clauses] == [first.id]


def test_undo_of_an_import_leaves_the_school_as_it_was(school: School) -> None:
    before = {register: school.records(register).count() for register in ("plan", "clause", "activity", "task", "requirement")}
    take(school, SCHOOL_PLAN)
    school.undo()
    assert {register: school.records(register).count() for register in before} == before
    assert verify(school).problems == []


# ---- a new text -----------------------------------------------------------------------------------------------------
def revised(school: School, *changes: tuple[str, str]) -> Taken:
    text = SCHOOL_PLAN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return take(school, text)


def test_a_changed_number_keeps_its_clause_and_changes_the_duty(school: School, plan: Plan) -> None:
    clause = duty(school, plan, "24节")
    taken = revised(school, ("24节", "28节"))
    assert (taken.plan, taken.revision, taken.withdrawn) == (plan.id, 2, 0)
    assert school.records(Clause).get(clause.id).facts["count"] == 28
    assert names(school, "每学期听课不少于28节") == ["张敏"]
    assert names(school, "每学期听课不少于24节") == []


def test_what_stayed_keeps_its_activities_and_their_attendance(school: School, plan: Plan) -> None:
    first = next(a for a in school.records(Activity).all() if a.when.precision == "day")
    saved(school, first.but(state="held"))
    count = school.records(Activity).count()
    revised(school, ("24节", "28节"))
    assert school.records(Activity).count() == count
    assert school.records(Activity).get(first.id).state == "held"


def test_a_dropped_sentence_ends_its_duty_and_cancels_what_is_untouched(school: School, plan: Plan) -> None:
    slots = [a for a in school.records(Activity).all() if a.when.precision == "day"]
    saved(school, slots[0].but(state="held"))
    taken = revised(
        school, ("1、每周四下午为数学教研组活动时间。\n\n", ""), ("3、每位教师每月写一篇600字以上的教学反思。\n\n", ""),
    )
    assert taken.withdrawn == 3  # the slot, the group that it names, the duty
    assert len(taken.stays) == 1
    states = [a.state for a in school.records(Activity).all() if a.when.precision == "day"]
    assert sorted(set(states)) == ["cancelled", "held"]
    assert states.count("held") == 1
    ended = [r for r in school.records(Requirement).all() if "反思" in r.title]
    assert [r.last for r in ended] == [school.today]


def test_what_was_rejected_stays_rejected(school: School, plan: Plan) -> None:
    with school.change("审读") as change:
        reject(school, change, plan, duty(school, plan, "24节"))
    revised(school, ("24节", "28节"))
    assert names(school, "每学期听课不少于28节") == []


def test_a_correction_outlives_a_new_text(school: School, plan: Plan) -> None:
    with school.change("审读") as change:
        correct(school, change, plan, duty(school, plan, "24节"), "count=26")
    revised(school, ("立足课堂,研究真问题。", "立足课堂,研究真问题,做真研究。"))
    assert names(school, "每学期听课不少于26节") == ["张敏"]


def test_another_plan_of_the_same_title_is_not_a_revision(school: School, plan: Plan) -> None:
    taken = take(school, "青山小学校本教研工作计划\n\n一、目标\n\n1、每位教师每学期上交教学案例2篇。\n")
    assert taken.plan != plan.id
    assert taken.revision == 1


# ---- before and besides ---------------------------------------------------------------------------------------------
def test_who_would_be_bound_is_shown_before_anything_is_stored(school: School) -> None:
    before = school.store.last_seq()
    foreseen = {f.requirement.title: f.names for f in foresee(school, read_plans(SCHOOL_PLAN), school.term())}
    assert foreseen["每学期听课不少于24节"] == ("张敏",)
    assert len(foreseen["每学期听课不少于18节"]) == 4
    assert school.store.last_seq() == before


def test_a_sentence_that_was_overlooked_is_added_by_hand(school: School, plan: Plan) -> None:
    facts = {"who": "教师", "what": "公开课", "count": "1", "unit": "节", "per": "学期", "bound": "min"}
    with school.change("补读") as change:
        add(school, change, plan, "requirement", "立足课堂", facts)
    assert len(names(school, "每学期公开课不少于1节")) == 5
    with pytest.raises(BadInput, match="计划里没有"), school.change("补读") as change:
        add(school, change, plan, "requirement", "计划里没有这一句", facts)


def test_a_word_that_the_school_teaches_is_counted_from_then_on(school: School) -> None:
    taken = take(school, "青山小学教研工作计划\n\n一、措施\n\n1、每位教师每学期上交乡土童谣2首。\n")
    assert [kind.command for kind in taken.proposed] == ["jiaoyan kinds add 乡土童谣 --unit 首 --of work"]
    assert [r.measure for r in school.records(Requirement).all()] == ["none"]
    kind = teach(school, "乡土童谣", unit="首", of="work")
    with school.change("增加统计项目") as change:
        (counted,) = bind_again(school, change)
    assert (counted.kinds, counted.measure, kind.id) == ((kind.id,), "count", "local.xiangtutongyao")
    with School.open(school.folder, school.actor, now) as again:
        assert again.kinds.label(kind.id) == "乡土童谣"
    with pytest.raises(BadInput, match="已是“乡土童谣”的说法"):
        teach(school, "新童谣", aliases=("乡土童谣",))
