"""行事历: the activities of a stretch of days, day by day, those without a day apart; and what a day is by the calendar."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from jiaoyan.conditions import AllOf, Between, In
from jiaoyan.model.activities import Activity
from jiaoyan.terms import WEEKDAYS, Term, When

if TYPE_CHECKING:
    from jiaoyan.school import School

DATED = In(field="when.precision", values=("day", "span"))
MONTHLY = In(field="when.precision", values=("month",))
WEEKLY = In(field="when.precision", values=("week",))
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What happens from `first` to `last`."""

    first: date
    last: date
    days: Mapping[date, tuple[Activity, ...]]
    """Only days on which something happens; what lasts several days stands on each."""
    undated: tuple[Activity, ...]
    """Known to lie in a week of this stretch, not on which day (日期待定)."""

    def on(self, day: date) -> tuple[Activity, ...]:
        return self.days.get(day, ())


def agenda(school: School, first: date, last: date) -> Agenda:
    """Reads nothing but what lies in the stretch. Raises Refused where activities may not be read."""
    days: dict[date, list[Activity]] = defaultdict(list)
    for activity in _ordered(school.records(Activity).all(overlapping(first, last, DATED))):
        day = max(activity.when.first, first)
        while day <= min(activity.when.last, last):
            days[day].append(activity)
            day += DAY
    undated = _ordered(school.records(Activity).all(overlapping(first, last, WEEKLY)))
    return Agenda(first, last, {day: tuple(found) for day, found in sorted(days.items())}, tuple(undated))


def undated_in(school: School, year: int, month: int) -> tuple[Activity, ...]:
    """The activities of which only that month is known (日期待定)."""
    span = When.month(year, month)
    return tuple(_ordered(school.records(Activity).all(overlapping(span.first, span.last, MONTHLY))))


def overlapping(first: date, last: date, *more: In) -> AllOf:
    return AllOf(of=(
        Between(field="when.last", first=first.isoformat()), Between(field="when.first", last=last.isoformat()), *more,
    ))


def _ordered(activities: Iterable[Activity]) -> list[Activity]:
    return sorted(activities, key=lambda a: (a.when.first, str(a.when.start or ""), a.when.lesson or 0, a.title))


# ---- the days themselves --------------------------------------------------------------------------------------------
def term_of(terms: Iterable[Term], day: date) -> Term | None:
    return next((term for term in terms if term.covers(day)), None)


def mark_of(term: Term | None, day: date) -> str:
    """休 on a holiday and at the weekend, 班 on a 调休 that is taught; empty on other days."""
    if term is not None:
        if any(makeup.day == day for makeup in term.makeups):
            return "班"
        if term.is_holiday(day):
            return "休"
    return "休" if day.weekday() >= 5 else ""


def named_days(term: Term | None, first: date, last: date) -> Iterator[tuple[date, str]]:
    """(day, what it is) of holidays, 调休 and the first and last teaching day; a holiday once, on its first day here."""
    if term is None:
        return
    found = [(max(h.first, first), f"{h.name}放假至 {min(h.last, last):%m-%d}" if h.last > max(h.first, first) else f"{h.name}放假")
             for h in term.holidays if h.first <= last and h.last >= first]
    found += [(m.day, f"调休,上周{WEEKDAYS[m.follows - 1]}的课") for m in term.makeups if first <= m.day <= last]
    found += [(day, told) for day, told in ((term.opens, "开学上课"), (term.closes, "结束上课")) if first <= day <= last]
    yield from sorted(found)


def day_name(term: Term | None, day: date) -> str:
    """国庆节, 上周三的课, 开学上课; empty on a day like others."""
    if term is None:
        return ""
    if name := next((h.name for h in term.holidays if h.first <= day <= h.last), ""):
        return name
    return next((told.removeprefix("调休,") for there, told in named_days(term, day, day) if there == day), "")


def week_title(term: Term | None, monday: date) -> tuple[str, str]:
    """(第9周, 考试周): what a week is called, and what is said of it besides."""
    if term is None:
        return "", ""
    number = term.week_of(monday)
    if number == 0:
        return "预备周", ""
    if number < 1 or number > term.weeks:
        return "假期", ""
    return f"第{number}周", "考试周" if number in term.exam_weeks else ""
