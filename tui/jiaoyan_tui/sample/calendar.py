"""The terms of the sample: one half gone on the day of making, and the one before it."""

from __future__ import annotations

from datetime import date, timedelta

from jiaoyan.school import School
from jiaoyan.terms import Holiday, MakeUp, Term, usual_term

WEEKS_GONE = 10
WEEKS = 20
MONTHS = "一二三四五六七八九十"


def half_gone(school: School, term: Term) -> Term:
    """The school's term moved so that it opened ten weeks before this week, with the holidays that fall into it."""
    today = school.today
    opens = today - timedelta(days=today.weekday(), weeks=WEEKS_GONE)
    closes = opens + timedelta(weeks=WEEKS, days=-3)
    first, last = min(term.first, opens), max(term.last, closes)
    holidays, makeups = _calendar(school, first, last)
    middle = WEEKS // 2 + 2
    return term.but(
        first=first, last=last, opens=opens, closes=closes, holidays=holidays, makeups=makeups,
        exam_weeks=(middle, WEEKS),
    )


def term_before(school: School, term: Term) -> Term:
    """The term before, up to the day before this one begins."""
    year, half = int(term.code[:4]), term.code[-1]
    before = usual_term(f"{year}-{year + 1}-1" if half == "2" else f"{year - 1}-{year}-2")
    last = term.first - timedelta(days=1)
    first = min(before.first, last - timedelta(weeks=WEEKS))
    opens = min(max(before.opens, first), last)
    closes = min(before.closes, last)
    holidays, makeups = _calendar(school, first, last)
    return before.but(first=first, last=last, opens=opens, closes=closes, holidays=holidays, makeups=makeups)


def _calendar(school: School, first: date, last: date) -> tuple[tuple[Holiday, ...], tuple[MakeUp, ...]]:
    """Holidays and 调休 of a stretch of days, from the dated packs."""
    holidays: dict[date, Holiday] = {}
    makeups: dict[date, MakeUp] = {}
    for year in range(first.year - 1, last.year + 1):
        for half in "12":
            found = school.calendar_of(f"{year}-{year + 1}-{half}")
            for holiday in map(Holiday.model_validate, found["holidays"]):
                if first <= holiday.first and holiday.last <= last:
                    holidays[holiday.first] = holiday
            for makeup in map(MakeUp.model_validate, found["makeups"]):
                if first <= makeup.day <= last:
                    makeups[makeup.day] = makeup
    return tuple(holidays[day] for day in sorted(holidays)), tuple(makeups[day] for day in sorted(makeups))


def month_name(month: int) -> str:
    """9 → 九月."""
    return f"{MONTHS[month - 1] if month <= 10 else f'十{MONTHS[month - 11]}'}月"


def half_name(term: Term) -> str:
    return "第一学期" if term.code.endswith("1") else "第二学期"


def year_name(term: Term) -> str:
    return f"{term.code[:4]}—{term.code[5:9]}"
