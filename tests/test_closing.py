"""学期收尾: what is lacking by group; a locked term changes only with a reason."""

from __future__ import annotations

from datetime import date

import pytest

from jiaoyan.access import Actor
from jiaoyan.closing import counted, lacking, lock, unlock
from jiaoyan.errors import ReadOnly, Refused
from jiaoyan.model.activities import Activity
from jiaoyan.model.tasks import Task
from jiaoyan.model.works import Work
from jiaoyan.school import School
from jiaoyan.terms import When
from tests.schools import a_lesson_heard, a_reflection, a_requirement, group, now, saved

DAY = date(2026, 10, 14)


def test_what_is_lacking_is_told_by_group(school: School) -> None:
    maths = group(school, "数学教研组")
    saved(
        school, Activity(title="教研", kind="research", when=When.on(DAY), groups=(maths,), state="held"),
        Activity(title="讲座", kind="lecture", when=When.month(2026, 10)), Task(title="查校舍", when=When.month(2026, 9)), a_requirement(),
    )
    found = counted(lacking(school, school.term()))
    assert found["", "活动未开展"] == 1
    assert found["", "任务未落实"] == 1
    assert found[maths, "活动无记录"] == 1
    assert found[maths, "缺总结"] == 1
    assert found[maths, "要求未完成"] == 3


def test_a_locked_term_refuses_changes_without_a_reason(school: School) -> None:
    work = a_reflection(school, DAY, "张敏")
    saved(school, work)
    lock(school, school.term())
    with pytest.raises(ReadOnly, match="学期已封存"):
        saved(school, a_lesson_heard(school, DAY, ("张敏",)))
    with pytest.raises(ReadOnly):
        saved(school, school.records(Work).get(work.id).but(chars=900))
    with pytest.raises(ReadOnly), school.change("删除") as change:
        change.remove("work", work.id)
    saved(school, a_reflection(school, date(2027, 3, 1), "张敏"))  # the next term is open


def test_a_correction_says_why_in_history(school: School) -> None:
    work = a_reflection(school, DAY, "张敏")
    saved(school, work)
    lock(school, school.term())
    with school.correcting("漏登字数"):
        saved(school, school.records(Work).get(work.id).but(chars=900), label="修改材料")
    assert school.store.changes(size=1, newest=True)[0].label == "更正:漏登字数(修改材料)"
    with pytest.raises(ReadOnly):
        saved(school, school.records(Work).get(work.id).but(chars=1000))


def test_a_record_is_not_moved_out_of_a_locked_term_unseen(school: School) -> None:
    work = a_reflection(school, DAY, "张敏")
    saved(school, work)
    lock(school, school.term())
    with pytest.raises(ReadOnly):
        saved(school, school.records(Work).get(work.id).but(day=date(2027, 3, 1)))


def test_who_locks_corrects_and_unlocks(school: School) -> None:
    leader = Actor("unix:zhaolei", roles=frozenset({"leader"}))
    with School.open(school.folder, leader, now) as other, pytest.raises(Refused):
        lock(other, other.term())
    lock(school, school.term())
    with School.open(school.folder, leader, now) as other, other.correcting("补登"), pytest.raises(Refused):
        saved(other, a_reflection(other, DAY, "张敏"))
    unlock(school, school.term())
    saved(school, a_reflection(school, DAY, "张敏"))
