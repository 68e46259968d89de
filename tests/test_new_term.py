"""A new term takes over groups, duties and weekly slots, and lies in its own days."""

from __future__ import annotations

from datetime import date

import pytest

from jiaoyan.errors import BadInput
from jiaoyan.model.activities import Activity
from jiaoyan.model.people import Group
from jiaoyan.new_term import begin_term, next_code, term_ahead
from jiaoyan.planning import take_in
from jiaoyan.reader import read_plans
from jiaoyan.requirements import board
from jiaoyan.school import School
from tests.schools import a_lesson_heard, saved
from tests.test_planning import SCHOOL_PLAN

SPRING = date(2027, 4, 14)


@pytest.fixture
def planned(school: School) -> School:
    take_in(school, read_plans(SCHOOL_PLAN), school.term())
    return school


def test_duties_go_on_and_start_from_nothing(planned: School) -> None:
    saved(planned, a_lesson_heard(planned, date(2026, 10, 14), ("李强",)))
    begin_term(planned, term_ahead(planned, "2026-2027-2"))
    autumn, spring = board(planned, date(2026, 11, 26)), board(planned, SPRING)
    assert {r.requirement.title for r in autumn.rows} == {r.requirement.title for r in spring.rows}
    assert len(autumn.rows) == len(spring.rows)
    assert {r.done for r in spring.rows if r.name == "李强"} == {0}
    assert max(r.done for r in autumn.rows if r.name == "李强") == 1


def test_weekly_slots_are_laid_into_the_new_term_s_days(planned: School) -> None:
    ahead = term_ahead(planned, "2026-2027-2")
    begin_term(planned, ahead)
    days = [a.when.first for a in planned.records(Activity).all() if ahead.term.covers(a.when.first)]
    assert days == list(ahead.term.days_of_slot(4))
    assert planned.records(Group).count() == 2


def test_looking_ahead_writes_nothing(planned: School) -> None:
    before = planned.store.last_seq()
    ahead = term_ahead(planned, "2026-2027-2")
    assert (len(ahead.slots), planned.store.last_seq()) == (1, before)


def test_a_term_that_is_there_is_refused(planned: School) -> None:
    with pytest.raises(BadInput, match="已经有了"):
        term_ahead(planned, "2026-2027-1")


def test_days_given_out_of_order_are_refused_in_words(planned: School) -> None:
    with pytest.raises(BadInput, match="学期的日期"):
        term_ahead(planned, "2026-2027-2", closes=date(2027, 1, 1))


def test_a_third_term_takes_over_what_the_second_did(planned: School) -> None:
    for code in ("2026-2027-2", "2027-2028-1"):
        begin_term(planned, term_ahead(planned, code))
    assert len(board(planned, date(2027, 10, 13)).rows) == len(board(planned, SPRING).rows)


@pytest.mark.parametrize(("code", "after"), [("2026-2027-1", "2026-2027-2"), ("2026-2027-2", "2027-2028-1")])
def test_the_term_after(code: str, after: str) -> None:
    assert next_code(code) == after
