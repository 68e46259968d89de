"""Requirements held against entries at a day: done, due, who is behind and by how much."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jiaoyan.conditions import Between, Condition, In, Is, both
from jiaoyan.model.duties import Requirement, Waiver
from jiaoyan.model.plans import Plan
from jiaoyan.progress import step
from jiaoyan.records import plain
from jiaoyan.staff import Staff
from jiaoyan.terms import Term, school_year

if TYPE_CHECKING:
    from jiaoyan.school import School

STATES = {
    "overdue": "逾期", "slow": "偏慢", "pending": "未到期", "done": "完成", "over": "超出", "waived": "免做", "manual": "人工核对",
}
BEHIND = ("overdue", "over", "slow", "pending")
"""States of a gap, the most urgent first."""
_URGENCY = (*BEHIND, "done", "waived", "manual")
MARKS = {"overdue": "overdue", "over": "overdue", "slow": "slow", "done": "ok"}
"""States that are shown by a mark."""
ZERO = Decimal(0)
THOUSAND = Decimal(1000)
CYCLE_YEARS = 5


class Span(NamedTuple):
    """A stretch of days in which an amount is owed; due on its last."""

    first: date
    last: date


class Progress(NamedTuple):
    """One requirement of one teacher, group or the school at a day. Amounts in the requirement's unit (minutes, 字 …).

    `due` is what is owed by that day, `total` by the end of the term; `missing` what is lacking of `due` where it is
    behind, else of `total`; `by` the day it was or will be due.
    """

    requirement: Requirement
    subject: str
    """Id of the teacher or group; empty for the school."""
    name: str
    done: Decimal
    due: Decimal
    total: Decimal
    missing: Decimal
    state: str
    by: date | None
    reason: str = ""
    also: tuple[Requirement, ...] = ()
    """Weaker requirements of the same thing, from other plans: shown once, with the strictest."""

    @property
    def label(self) -> str:
        return STATES[self.state]

    @property
    def behind(self) -> bool:
        return self.state in ("overdue", "slow", "over")

    @property
    def amounts(self) -> str:
        """3/15节 as it stands in a cell."""
        return f"{plain(self.done)}/{plain(self.total)}{self.requirement.unit}"


class Board(NamedTuple):
    """All progress of a term at a day, by requirement, subjects in their usual order."""

    day: date
    term: Term
    staff: Staff
    """As it was on that day, for whoever sorts the rows by group."""
    rows: tuple[Progress, ...]
    manual: tuple[Requirement, ...] = ()
    """Listed for a person to check: nothing to count them by."""
    idle: tuple[Requirement, ...] = ()
    """Not in force: their plan has not passed."""

    def gaps(self, *, pending: bool = True) -> list[Progress]:
        """Who lacks something, the most urgent first."""
        there = [r for r in self.rows if r.missing > 0 and r.state in BEHIND and (pending or r.behind)]
        return sorted(there, key=lambda r: (BEHIND.index(r.state), r.by or date.max))


def urgent_first(rows: Iterable[Progress]) -> list[Progress]:
    """By state, the most urgent first, then by what is owed."""
    return sorted(rows, key=lambda row: (_URGENCY.index(row.state), row.requirement.title))


def board(school: School, day: date | None = None, term: Term | None = None) -> Board:
    """Progress of every requirement of a term at a day. Counting happens in the store.

    Today is not over yet: what is due today is not late. A day that is looked back at is over.
    """
    day = day or school.today
    term = term or school.term(day)
    staff = school.staff(min(max(day, term.first), term.last))
    waivers = _Waivers(school.records(Waiver).all(), day)
    states = {p.id: (p.state, p.term, p.nature) for p in school.records(Plan).all()}
    over = day < school.today
    rows: list[Progress] = []
    manual, idle = [], []
    in_force = list(_in_force(school, term))
    for number, requirement in enumerate(in_force, 1):
        step(number, len(in_force), "项要求")
        state, plan_term, _ = states.get(requirement.plan, ("passed", "", ""))
        if plan_term and plan_term != term.id and requirement.period in ("term", "half", "week", "month", "fortnight"):
            continue
        if state not in ("passed", "archived"):
            idle.append(requirement)
        elif requirement.measure == "none" or not requirement.kinds:
            manual.append(requirement)
        else:
            rows += _progress(school, requirement, staff, term, day, over, waivers)
    return Board(day, term, staff, tuple(_strictest(rows)), tuple(manual), tuple(idle))


def _strictest(rows: list[Progress]) -> Iterator[Progress]:
    """One row a subject and duty: the school's 15 and the group's 18 are 18, with both sources."""
    same: dict[tuple[object, ...], list[Progress]] = {}
    for row in rows:
        r = row.requirement
        key = (r.scope, row.subject, r.kinds, r.roles, r.measure, r.period, r.bound, r.least_chars, r.least_minutes)
        same.setdefault(key, []).append(row)
    for alike in same.values():
        owed = [row for row in alike if row.state != "waived"] or alike
        choose = min if alike[0].requirement.bound == "max" else max
        strictest = choose(owed, key=lambda row: (row.total, row.requirement.title))
        others = tuple(row.requirement for row in alike if row is not strictest)
        yield strictest._replace(also=others) if others else strictest


def _in_force(school: School, term: Term) -> Iterator[Requirement]:
    for requirement in school.records(Requirement).all():
        if (requirement.first or term.first) <= term.last and (requirement.last or term.last) >= term.first:
            yield requirement


def entries_behind(school: School, progress: Progress, day: date, term: Term) -> list[dict[str, Any]]:
    """The entries that a figure was counted from, the oldest first."""
    requirement = progress.requirement
    first, last = _reach(requirement, term, day)
    test = school.kinds.counted(requirement.kinds, requirement.roles)
    where = _where(school, requirement, first, last)
    subject_field = {"teacher": "teacher", "group": "group"}.get(requirement.scope)
    subject = Is(field=subject_field, value=progress.subject) if subject_field else None
    found = school.store.entries.page(both(where, subject), sort=("day",))
    return [e for e in found if test(e["kind"], e["role"]) and _large_enough(requirement, e)]


# ---- who owes -------------------------------------------------------------------------------------------------------
def subjects(school: School, requirement: Requirement, staff: Staff) -> list[tuple[str, str]]:
    """(id, name) of everybody who owes a requirement, those away left out."""
    if requirement.scope == "teacher":
        return [(m.id, m.teacher.name) for m in staff.chosen(requirement.who)]
    if requirement.scope == "group":
        groups = [g for g in staff.groups.values() if not g.ended]
        if requirement.who is None:
            chosen = [g for g in groups if g.kind == "research"]
        else:
            chosen = [g for g in groups if requirement.who(g.document())]
        return [(g.id, g.name) for g in chosen]
    return [("", school.settings.name)]


class _Waivers:
    def __init__(self, waivers: Iterable[Waiver], day: date) -> None:
        self._found: dict[tuple[str, str], Waiver] = {}
        for waiver in waivers:
            if (waiver.first is None or waiver.first <= day) and (waiver.last is None or day <= waiver.last):
                self._found[waiver.requirement, waiver.teacher or waiver.group] = waiver

    def of(self, requirement: Requirement, subject: str) -> Waiver | None:
        return self._found.get((requirement.id, subject)) or self._found.get((requirement.id, ""))


# ---- when it is due -------------------------------------------------------------------------------------------------
def spans(requirement: Requirement, term: Term) -> list[Span]:
    """The stretches in which the amount is owed: each teaching week, each month of the term, the term …

    With both `first` and `last` a term's duty is owed between them; with `last` alone it has ended, and only what was due by
    then is owed.
    """
    first, last = requirement.first or date.min, requirement.last or date.max
    if requirement.period in ("term", "event") and requirement.first and requirement.last:
        return [Span(first, last)]
    return [span for span in _spans_of(requirement.period, term) if first <= span.last and span.last <= last]


@lru_cache(maxsize=64)
def _spans_of(period: str, term: Term) -> tuple[Span, ...]:
    make = _SPANS.get(period)
    return tuple(make(term)) if make else (Span(term.opens, term.closes),)


def _weeks(term: Term) -> list[Span]:
    return [Span(term.week(n).first, min(term.week(n).last, term.closes)) for n in term.teaching_weeks()]


def _fortnights(term: Term) -> list[Span]:
    weeks = _weeks(term)
    return [Span(pair[0].first, pair[-1].last) for pair in (weeks[i:i + 2] for i in range(0, len(weeks), 2))]


def _months(term: Term) -> list[Span]:
    """Months with at least half of their weeks taught: 1月 of an autumn term that closes on the 20th counts."""
    found, month = [], date(term.opens.year, term.opens.month, 1)
    while month <= term.closes:
        following = (month + timedelta(days=32)).replace(day=1)
        first, last = max(month, term.opens), min(following - timedelta(days=1), term.closes)
        if (last - first).days + 1 >= 14:
            found.append(Span(first, last))
        month = following
    return found


def _halves(term: Term) -> list[Span]:
    middle = term.week((term.weeks + 1) // 2).last
    return [Span(term.opens, middle), Span(middle + timedelta(days=1), term.closes)]


def _days(term: Term) -> list[Span]:
    days = (term.opens + timedelta(days=n) for n in range((term.closes - term.opens).days + 1))
    return [Span(day, day) for day in days if term.timetable(day)]


def _school_year(term: Term) -> list[Span]:
    year = school_year(term.opens)
    return [Span(date(year, 9, 1), date(year + 1, 8, 31))]


def _year(term: Term) -> list[Span]:
    return [Span(date(term.opens.year, 1, 1), date(term.opens.year, 12, 31))]


def _cycle(term: Term) -> list[Span]:
    first = term.opens.year - (term.opens.year - 1) % CYCLE_YEARS
    return [Span(date(first, 1, 1), date(first + CYCLE_YEARS - 1, 12, 31))]


_SPANS: Mapping[str, Callable[[Term], list[Span]]] = {
    "day": _days, "week": _weeks, "fortnight": _fortnights, "month": _months, "half": _halves, "year": _year,
    "school_year": _school_year, "cycle": _cycle,
}


def _reach(requirement: Requirement, term: Term, day: date) -> tuple[date, date]:
    """From which day to which entries count: a term's from its first day on, holidays before teaching included."""
    owed = spans(requirement, term)
    first = min((span.first for span in owed), default=term.first)
    if requirement.period not in ("year", "school_year", "cycle"):
        first = min(first, term.first)
    return max(first, requirement.first or date.min), min(day, requirement.last or date.max)


# ---- counting -------------------------------------------------------------------------------------------------------
def _where(school: School, requirement: Requirement, first: date, last: date) -> Condition:
    kinds = {below for kind in requirement.kinds for below in school.kinds.under(kind)}
    kinds |= {k.id for k in school.kinds if any(instead in kinds for instead in k.counts_as.values())}
    where = both(
        In(field="kind", values=tuple(sorted(kinds))),
        Between(field="day", first=first.isoformat(), last=last.isoformat()),
        Between(field="chars", first=requirement.least_chars) if requirement.least_chars else None,
        Between(field="minutes", first=requirement.least_minutes) if requirement.least_minutes else None,
    )
    assert where is not None
    return where


def _large_enough(requirement: Requirement, entry: Mapping[str, Any]) -> bool:
    return int(entry["chars"]) >= requirement.least_chars and int(entry["minutes"]) >= requirement.least_minutes


def tallies(school: School, requirement: Requirement, term: Term, day: date) -> dict[str, Decimal]:
    """What each subject has done by a day, in the requirement's measure."""
    first, last = _reach(requirement, term, day)
    test = school.kinds.counted(requirement.kinds, requirement.roles)
    field_name = "group" if requirement.scope == "group" else "teacher"
    found = school.store.entries.tally(
        _where(school, requirement, first, last), (field_name, "group", "kind", "role"), ("amount", "minutes", "chars")
    )
    done: dict[str, Decimal] = defaultdict(Decimal)
    for (subject, group, kind, role), (count, amount, minutes, chars) in found.items():
        if (requirement.scope == "school" and (subject or group)) or not test(kind, role):
            continue
        figure = {"count": Decimal(count), "amount": amount / THOUSAND, "minutes": Decimal(minutes), "chars": Decimal(chars)}
        done[subject] += figure[requirement.measure]
    return done


def _progress(
    school: School, requirement: Requirement, staff: Staff, term: Term, day: date, over: bool, waivers: _Waivers
) -> Iterator[Progress]:
    done = tallies(school, requirement, term, day)
    owed = spans(requirement, term)
    if not owed:
        return
    for subject, name in subjects(school, requirement, staff):
        waiver = waivers.of(requirement, subject)
        each = requirement.amount if waiver is None else waiver.amount or ZERO
        if waiver is not None and not each:
            yield Progress(requirement, subject, name, done[subject], ZERO, ZERO, ZERO, "waived", None, waiver.reason)
            continue
        yield _judged(requirement, subject, name, done[subject], each, owed, day, over, waiver.reason if waiver else "")


def _judged(
    requirement: Requirement, subject: str, name: str, done: Decimal, each: Decimal, owed: list[Span], day: date, over: bool,
    reason: str,
) -> Progress:
    """What was done against what is owed. A repeating duty is judged by its sum: what was late may be made up."""
    total = each * len(owed)
    now = day + timedelta(days=over)
    passed = [span for span in owed if span.last < now]
    due = each * len(passed)
    upcoming = next((span.last for span in owed if span.last >= now), None)
    last_due = passed[-1].last if passed else None

    def at(missing: Decimal, state: str, by: date | None) -> Progress:
        return Progress(requirement, subject, name, done, due, total, missing, state, by, reason)

    if requirement.bound == "max":
        limit = each * max(1, len([span for span in owed if span.first <= day]))
        return at(done - limit, "over", day) if done > limit else at(ZERO, "done", upcoming)
    if done >= total:
        return at(ZERO, "done", owed[-1].last if owed else None)
    if done < due:
        return at(due - done, "overdue", last_due)
    if len(owed) == 1 and _behind_pace(owed[0], done, each, day):
        return at(total - done, "slow", upcoming)
    return at(total - done, "pending", upcoming)


def _behind_pace(span: Span, done: Decimal, amount: Decimal, day: date) -> bool:
    """Behind a whole piece on the way to a term's target."""
    length = (span.last - span.first).days + 1
    gone = min(max((day - span.first).days, 0), length)
    return amount > 1 and done + 1 <= amount * gone / length
