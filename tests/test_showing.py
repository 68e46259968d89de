"""Typed texts as values with fields of their own."""

from __future__ import annotations

from datetime import date

import pytest

from jiaoyan.entering import made, values_of
from jiaoyan.errors import BadInput
from jiaoyan.model.activities import Participant
from jiaoyan.school import School
from jiaoyan.showing import typed
from jiaoyan.terms import Term
from tests.schools import teacher


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
