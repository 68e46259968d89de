"""The bin: what was deleted is listed, and comes back whole."""

from __future__ import annotations

from datetime import date

import pytest

from jiaoyan.access import Actor
from jiaoyan.binned import binned, bring_back
from jiaoyan.errors import BadInput, Conflict, NotFound, Refused
from jiaoyan.model.activities import Activity
from jiaoyan.model.tasks import Task
from jiaoyan.model.works import Work
from jiaoyan.school import School
from tests.schools import a_lesson_heard, a_reflection, saved


def removed(school: School, register: str, *ids: str) -> None:
    with school.change("删除") as change:
        for id in ids:
            change.remove(register, id)


def test_what_was_deleted_is_listed_newest_first_and_comes_back(school: School) -> None:
    first, second = Task(title="查校舍"), Task(title="查消防")
    saved(school, first, second)
    removed(school, "task", first.id)
    removed(school, "task", second.id)
    assert [(b.name, b.title) for b in binned(school)] == [("查消防", "任务"), ("查校舍", "任务")]
    assert bring_back(school, [("task", first.id)]) == ["查校舍"]
    assert school.records(Task).get(first.id).title == "查校舍"
    assert [b.name for b in binned(school)] == ["查消防"]
    school.undo()
    assert {b.name for b in binned(school)} == {"查消防", "查校舍"}


def test_facets_and_what_counts_come_back_too(full_school: School) -> None:
    heard = a_lesson_heard(full_school, date(2026, 10, 14), ["张敏"])
    saved(full_school, heard)
    lesson = full_school.facet("subjects.lesson").model(id=heard.id, subject="数学", topic="角")
    saved(full_school, lesson)
    counted = full_school.store.entries.of("activity", heard.id)
    removed(full_school, "activity", heard.id)
    assert full_school.store.table("subjects.lesson").by_id(heard.id) is None
    assert [b.register for b in binned(full_school)] == ["activity"]
    bring_back(full_school, [("activity", heard.id)])
    assert full_school.records(Activity).get(heard.id).state == "held"
    assert (full_school.store.table("subjects.lesson").by_id(heard.id) or {})["topic"] == "角"
    assert len(full_school.store.entries.of("activity", heard.id)) == len(counted) > 0


def test_an_undone_deletion_is_not_in_the_bin(school: School) -> None:
    task = Task(title="查校舍")
    saved(school, task)
    removed(school, "task", task.id)
    school.undo()
    assert binned(school) == []
    with pytest.raises(BadInput, match="没有删除"):
        bring_back(school, [("task", task.id)])
    with pytest.raises(NotFound, match="回收站里没有"):
        bring_back(school, [("task", "nosuchrecord")])


def test_what_it_needs_must_be_there(school: School) -> None:
    """A work whose author was deleted meanwhile does not come back alone."""
    saved(school, work := a_reflection(school, date(2026, 10, 14), "欧阳修远"))
    (author,) = school.records(Work).get(work.id).authors
    removed(school, "work", work.id)
    with school.change("删除") as change:
        for posting in school.records("posting").all():
            if posting.teacher == author:
                change.remove("posting", posting.id)
        change.remove("teacher", author)
    with pytest.raises((BadInput, NotFound, Conflict, Refused)):
        bring_back(school, [("work", work.id)])
    assert school.records(Work).count() == 0
    bring_back(school, [("teacher", author), ("work", work.id)])
    assert school.records(Work).count() == 1


def test_what_one_may_not_read_or_write_stays(school: School) -> None:
    task = Task(title="查校舍")
    saved(school, task)
    removed(school, "task", task.id)
    school.actor = Actor("someone", roles=frozenset({"reader"}))
    with pytest.raises(Refused):
        bring_back(school, [("task", task.id)])
