"""Typed texts as values with fields of their own."""

from __future__ import annotations

from datetime import date

import pytest

from jiaoyan.entering import made, values_of
from jiaoyan.errors import BadInput
from jiaoyan.model.activities import Participant
from jiaoyan.model.tasks import Task
from jiaoyan.school import School
from jiaoyan.showing import shown, typed
from jiaoyan.terms import Term
from tests.schools import a_lesson_heard, saved, teacher


def test_a_participant_in_words(school: School) -> None:
    values = values_of(school, Participant, {"教职工": "张敏", "考勤": "迟到"})
    person = made(Participant, values)
    assert (person.teacher, person.attendance) == (teacher(school, "张敏"), "late")


def test_a_list_item_is_read_field_by_field_though_rules_span_several(school: School) -> None:
    (holiday,) = typed(school, Term, "holidays", "国庆节 10.1 10.7")
    assert holiday == {"name": "国庆节", "first": date(2026, 10, 1), "last": date(2026, 10, 7)}


def test_a_participant_is_somebody() -> None:
    with pytest.raises(BadInput, match="请选择教职工"):
        made(Participant, {"attendance": "present"})


def test_evidence_is_named_not_numbered(school: School) -> None:
    heard = a_lesson_heard(school, date(2026, 10, 14), ("张敏",))
    saved(school, heard)
    told = [shown(school, Task, "evidence", [value]) for value in (f"activity:{heard.id}", "activity:goneaway", "见照片", "x.y:1")]
    assert told == ["活动“三年级数学课”", "活动“goneaway”", "见照片", "x.y:1"]
