"""When and Term: days as typed, weeks of term, holidays and 调休; nothing invents a day."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaoyan.errors import BadInput
from jiaoyan.terms import Holiday, MakeUp, Term, When, parse_day, parse_when, term_code, usual_term

TODAY = date(2026, 11, 26)
TERM = Term(
    code="2026-2027-1", first=date(2026, 9, 1), last=date(2027, 2, 14), opens=date(2026, 9, 1), closes=date(2027, 1, 20),
    holidays=(Holiday(name="国庆节", first=date(2026, 10, 1), last=date(2026, 10, 7)),),
    makeups=(MakeUp(day=date(2026, 10, 10), follows=3),), exam_weeks=(21,),
)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-09-01", date(2026, 9, 1)), ("20260901", date(2026, 9, 1)), ("9.1", date(2026, 9, 1)), ("9月1日", date(2026, 9, 1)),
        ("9月1号", date(2026, 9, 1)), ("今天", TODAY), ("明天", date(2026, 11, 27)), ("周三", date(2026, 11, 25)),
        ("星期四", TODAY), ("1.5", date(2027, 1, 5)),
    ],
)
def test_days_as_typed(typed: str, day: date) -> None:
    assert parse_day(typed, TODAY) == day


def test_a_weekday_is_the_last_in_a_record_and_the_next_in_a_plan() -> None:
    assert parse_day("周三", TODAY, past=True) == date(2026, 11, 25)
    assert parse_day("周三", TODAY, past=False) == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("typed", "precision", "first", "last"),
    [
        ("9月", "month", date(2026, 9, 1), date(2026, 9, 30)), ("1月", "month", date(2027, 1, 1), date(2027, 1, 31)),
        ("第9周", "week", date(2026, 10, 26), date(2026, 11, 1)), ("第9周周三", "day", date(2026, 10, 28), date(2026, 10, 28)),
        ("9.1-9.5", "span", date(2026, 9, 1), date(2026, 9, 5)), ("9月1日至5日", "span", date(2026, 9, 1), date(2026, 9, 5)),
        ("2026-10", "month", date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_times_keep_the_precision_of_what_was_typed(typed: str, precision: str, first: date, last: date) -> None:
    found = parse_when(typed, TODAY, TERM)
    assert (found.precision, found.first, found.last) == (precision, first, last)
    assert (found.day is None) == (precision != "day")


def test_ten_past_four_is_in_the_afternoon() -> None:
    found = parse_when("9.2 4:10-4:45", TODAY, TERM)
    assert (found.start, found.end) == (time(16, 10), time(16, 45))


@pytest.mark.parametrize("typed", ["", "何时", "13月", "2.30", "第9周8:00", "9月 8:00", "第99周", "第30周周三"])
def test_what_is_no_time_is_refused_in_words(typed: str) -> None:
    with pytest.raises(BadInput):
        parse_when(typed, TODAY, TERM)


@given(st.text(max_size=12))
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        found = parse_when(text, TODAY, TERM)
    except BadInput:
        return
    assert found.first <= found.last


def test_week_one_is_that_of_the_first_lesson() -> None:
    assert TERM.week_of(date(2026, 8, 31)) == 1
    assert TERM.week_of(date(2026, 9, 7)) == 2
    assert TERM.week_of(date(2026, 8, 30)) == 0


def test_a_weekly_slot_leaves_out_holidays_and_exam_weeks_and_follows_what_is_made_up() -> None:
    days = list(TERM.days_of_slot(3))
    assert date(2026, 10, 7) not in days
    assert date(2026, 10, 10) in days  # a Saturday with Wednesday's lessons
    assert date(2026, 10, 14) in days
    assert not [d for d in days if TERM.week_of(d) == 21]


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_every_day_lies_in_one_usual_term(day: date) -> None:
    assert usual_term(term_code(day)).covers(day)


def test_a_month_of_an_autumn_term_may_lie_in_the_next_year() -> None:
    assert TERM.month(1).first == date(2027, 1, 1)
    assert str(TERM.month(9)) == "2026年9月(日期待定)"


def test_a_day_that_is_two_days_is_refused() -> None:
    with pytest.raises(ValueError, match="应相同"):
        When(precision="day", first=date(2026, 9, 1), last=date(2026, 9, 2))
