"""A change: all or nothing, rights, versions, references, workflow, undo, entries."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from jiaoyan.access import Actor
from jiaoyan.errors import BadInput, Conflict, NotFound, ReadOnly, Refused
from jiaoyan.model.activities import Activity, Participant
from jiaoyan.model.people import Group, Posting, Teacher
from jiaoyan.model.tasks import Task
from jiaoyan.records import Ref
from jiaoyan.school import School
from jiaoyan.terms import When
from jiaoyan.verifying import verify
from tests.schools import a_lesson_heard, a_reflection, now, saved, teacher


def again(school: School, actor: Actor | None = None) -> School:
    """A second session on the same school."""
    return School.open(school.folder, actor or school.actor, now)


def test_a_record_comes_back_as_it_was_saved(school: School) -> None:
    task = Task(title="校舍检查整改", when=When.month(2026, 12), state="open")
    saved(school, task)
    found = school.records(Task).get(task.id)
    assert found == task.but(rev=1)


def test_nothing_is_written_where_one_record_fails(school: School) -> None:
    before = school.records(Task).count()
    with pytest.raises(Refused, match="所指的记录不存在"):
        saved(school, Task(title="好的一条"), Task(title="坏的一条", teacher=Ref("0123456789ab")))
    assert school.records(Task).count() == before


def test_an_exception_in_the_block_writes_nothing(school: School) -> None:

    def interrupted() -> None:
        with school.change("中断") as change:
            change.save(Task(title="不该留下"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert school.records(Task).count() == 0


def test_saving_what_is_there_already_writes_no_history(school: School) -> None:
    someone = school.records(Teacher).find("张敏")
    with school.change("没有改动") as change:
        change.save(someone)
    assert change.number == 0


def test_edits_of_different_fields_merge(school: School) -> None:
    mine = school.records(Teacher).find("张敏")
    with again(school) as other:
        saved(other, other.records(Teacher).find("张敏").but(education="大学本科"))
    saved(school, mine.but(number="1001"))
    found = school.records(Teacher).find("张敏")
    assert (found.number, found.education, found.rev) == ("1001", "大学本科", 3)


def test_edits_of_one_field_are_refused_with_all_three_versions(school: School) -> None:
    mine = school.records(Teacher).find("张敏")
    with again(school) as other:
        saved(other, other.records(Teacher).find("张敏").but(education="大学本科"))
    with pytest.raises(Conflict, match="学历") as caught:
        saved(school, mine.but(education="硕士研究生"))
    versions = [caught.value.base, caught.value.mine, caught.value.theirs]
    assert [v["education"] for v in versions if v] == ["", "硕士研究生", "大学本科"]
    assert school.records(Teacher).find("张敏").education == "大学本科"


def test_what_a_change_was_made_from_must_still_stand(school: School) -> None:
    read = school.records(Teacher).find("张敏")
    with again(school) as other:
        saved(other, other.records(Teacher).find("张敏").but(education="大学本科"))

    def write(rev: int) -> None:
        with school.change("照着写") as change:
            change.depends_on("teacher", read.id, rev)
            change.save(Task(title="给张敏的任务"))

    with pytest.raises(Conflict):
        write(read.rev)
    assert school.records(Task).count() == 0
    write(read.rev + 1)
    assert school.records(Task).count() == 1


def test_a_record_removed_by_another_is_not_brought_back_by_saving(school: School) -> None:
    task = Task(title="将被删除")
    saved(school, task)
    mine = school.records(Task).get(task.id)
    with again(school) as other, other.change("删除") as change:
        change.remove("task", task.id)
    with pytest.raises(Conflict, match="已被别人删除"):
        saved(school, mine.but(title="改名"))


def test_who_may_only_read_can_not_write(school: School) -> None:
    with again(school, Actor("unix:someone", roles=frozenset({"reader"}))) as other, pytest.raises(Refused, match="没有修改"):
        saved(other, Task(title="不许"))


def test_a_teacher_writes_own_works_and_nobody_else_s(school: School) -> None:
    zhang = Actor("unix:zhangmin", teacher=teacher(school, "张敏"), roles=frozenset({"teacher"}))
    with again(school, zhang) as own:
        saved(own, a_reflection(own, date(2026, 11, 2), "张敏"))
        with pytest.raises(Refused):
            saved(own, a_reflection(own, date(2026, 11, 2), "李强"))


def test_personal_fields_are_hidden_from_who_has_no_right(school: School) -> None:
    with again(school, Actor("unix:zhaolei", roles=frozenset({"leader"}))) as other:
        assert other.records(Teacher).find("李强").phone == ""
    with again(school, Actor("unix:office2", roles=frozenset({"office"}))) as office:
        assert office.records(Teacher).find("李强").phone == "13800000002"


def test_a_referred_record_can_not_be_removed(school: School) -> None:
    with pytest.raises(Refused, match="任职与任教"), school.change("删除") as change:
        change.remove("teacher", teacher(school, "张敏"))


def test_a_record_and_what_refers_to_it_go_together(school: School) -> None:
    zhang = teacher(school, "张敏")
    with school.change("删除") as change:
        for posting in school.records(Posting).all():
            if posting.teacher == zhang:
                change.remove("posting", posting.id)
        change.remove("teacher", zhang)
    with pytest.raises(NotFound):
        school.records(Teacher).find("张敏")


def test_a_unique_name_is_refused_in_words(school: School) -> None:
    with pytest.raises(BadInput, match="已有“语文教研组”"):
        saved(school, Group(name="语文教研组"))
    with pytest.raises(BadInput, match="已有“新组”"):
        saved(school, Group(name="新组"), Group(name="新组"))


def test_states_follow_the_workflow(school: School) -> None:
    task = Task(title="一件事")
    saved(school, task)
    with pytest.raises(BadInput, match="落实情况"):
        saved(school, school.records(Task).get(task.id).but(state="done"))
    saved(school, school.records(Task).get(task.id).but(state="done", answer="已办"))
    with pytest.raises(Refused, match="不能从“已落实”改为“取消”"):
        saved(school, school.records(Task).get(task.id).but(state="cancelled", reason="x"))


# ---- entries --------------------------------------------------------------------------------------------------------
def test_a_lesson_heard_by_three_counts_for_each_and_not_for_who_taught(school: School) -> None:
    lesson = a_lesson_heard(school, date(2026, 10, 14), ("张敏", "李强", "单小红"), lessons=2)
    saved(school, lesson)
    entries = school.store.entries.of("activity", lesson.id)
    heard = [e for e in entries if school.kinds.counted(("listen",))(e["kind"], e["role"]) and e["teacher"]]
    assert {e["teacher"]: e["amount"] for e in heard} == {teacher(school, n): 2000 for n in ("张敏", "李强", "单小红")}


def test_what_was_not_held_counts_nothing(school: School) -> None:
    planned = a_lesson_heard(school, date(2026, 10, 14), ("张敏",)).but(state="planned")
    saved(school, planned)
    assert school.store.entries.of("activity", planned.id) == []


def test_who_was_absent_is_not_counted(school: School) -> None:
    people = (
        Participant(teacher=teacher(school, "张敏"), attendance="present"),
        Participant(teacher=teacher(school, "李强"), attendance="sick"),
    )
    meeting = Activity(title="集体备课", kind="prep", when=When.on(date(2026, 10, 14)), state="held", participants=people)
    saved(school, meeting)
    assert {e["teacher"] for e in school.store.entries.of("activity", meeting.id)} == {"", teacher(school, "张敏")}


def test_entries_go_with_their_record(school: School) -> None:
    work = a_reflection(school, date(2026, 11, 2), "张敏")
    saved(school, work)
    assert len(school.store.entries.of("work", work.id)) == 1
    with school.change("删除") as change:
        change.remove("work", work.id)
    assert school.store.entries.of("work", work.id) == []


# ---- undo -----------------------------------------------------------------------------------------------------------
def test_undo_takes_back_a_whole_change_and_can_be_undone(school: School) -> None:
    lesson = a_lesson_heard(school, date(2026, 10, 14), ("张敏",))
    with school.change("一批") as change:
        change.save(lesson)
        change.save(Task(title="一件事"))
    school.undo()
    assert (school.records(Activity).count(), school.records(Task).count()) == (0, 0)
    assert school.store.entries.of("activity", lesson.id) == []
    school.undo(school.store.changes(size=1, newest=True)[0].change)
    assert (school.records(Activity).count(), school.records(Task).count()) == (1, 1)
    assert verify(school).problems == []


def test_undo_twice_takes_back_the_change_before(school: School) -> None:
    saved(school, Task(title="第一件"))
    saved(school, Task(title="第二件"))
    school.undo()
    school.undo()
    assert school.records(Task).count() == 0


def test_undo_of_a_record_that_moved_since_is_a_named_conflict(school: School) -> None:
    task = Task(title="一件事")
    saved(school, task)
    first = school.store.changes(size=1, newest=True)[0].change
    saved(school, school.records(Task).get(task.id).but(title="改过"))
    with pytest.raises(Conflict, match="之后又被改过"):
        school.undo(first)


def test_a_version_number_is_never_used_twice(school: School) -> None:
    task = Task(title="一件事")
    saved(school, task)
    school.undo()
    school.undo(school.store.changes(size=1, newest=True)[0].change)
    revs = [row.rev for row in school.store.history_of("task", task.id)]
    assert revs == [1, 2, 3]


def test_a_clock_that_is_set_back_disorders_nothing(school: School) -> None:
    saved(school, Task(title="第一件"), label="第一")
    school.now = lambda: now() - timedelta(days=400)
    saved(school, Task(title="第二件"), label="第二")
    assert [head.label for head in school.store.changes(size=2, newest=True)] == ["第二", "第一"]
    school.undo()
    assert [t.title for t in school.records(Task).all()] == ["第一件"]
    assert verify(school).problems == []


# ---- sessions -------------------------------------------------------------------------------------------------------
def test_an_open_session_sees_what_another_wrote_at_its_next_poll(school: School) -> None:
    with again(school) as other:
        seen, known = school.store.token(), school.store.changes(size=1, newest=True)[0].change
        assert school.store.token() == seen
        task = Task(title="别处录入")
        saved(other, task, label="别处")
        assert school.store.token() != seen
        assert [(head.label, head.rows) for head in school.store.changes(since=known)] == [("别处", 1)]
        assert school.records(Task).get(task.id).title == "别处录入"
        seen = school.store.token()
        school.records(Task).all()
        assert school.store.token() == seen


def test_a_session_opened_before_the_plugins_changed_does_not_write(school: School, tmp_path: Path) -> None:
    with again(school) as other:
        other.set_plugins(["subjects"], "启用")
    with pytest.raises(ReadOnly, match="请重新打开"):
        saved(school, Task(title="过时的会话"))


def test_a_damaged_number_hinders_nobody(school: School) -> None:
    table = school.store.table("teacher")
    damaged = school.records(Teacher).find("张敏")
    with school.store.transaction():
        table.put({**damaged.document(), "order": "三"})
    with school.change("新进") as change:
        assert change.save(Teacher(name="安然")).order == 7


def test_who_is_entered_by_hand_comes_after_those_who_are_there(school: School) -> None:
    last = school.records(Teacher).all()[-1]
    with school.change("新进") as change:
        first, second = change.save(Teacher(name="安然")), change.save(Teacher(name="白雪"))
        set_by_hand = change.save(Teacher(name="指定", order=last.order + 10))
        after = change.save(Teacher(name="蔡文"))
    assert (first.order, second.order) == (last.order + 1, last.order + 2)
    assert [t.name for t in school.records(Teacher).all()][-4:] == ["安然", "白雪", "指定", "蔡文"]
    assert after.order == set_by_hand.order + 1
    with school.change("改名") as change:
        change.save(school.records(Teacher).get(first.id).but(name="安宁"))
    assert school.records(Teacher).get(first.id).order == first.order
