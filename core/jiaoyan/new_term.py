"""A new term: its days from the usual calendar and the packs; requirements and weekly slots of the old one go on in it.

Groups, 任课 and what else is dated by itself goes on without being touched.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from jiaoyan.conditions import AllOf, Between, Is
from jiaoyan.entering import changed
from jiaoyan.errors import BadInput, NotFound, Problem
from jiaoyan.model.activities import Activity
from jiaoyan.model.duties import Requirement
from jiaoyan.model.plans import Plan
from jiaoyan.records import Ref
from jiaoyan.terms import Term, When, usual_term

if TYPE_CHECKING:
    from jiaoyan.school import School

Slot = tuple[tuple[str, ...], str, int, Any, Any, str]
"""(groups, kind, weekday, start, end, title)"""


@dataclass(slots=True)
class Ahead:
    """What a new term takes over; shown before it is done."""

    term: Term
    requirements: list[Requirement] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)


def term_ahead(school: School, code: str, **days: Any) -> Ahead:
    """The new term and what it would take over from the one before. Nothing is written.

    `days` (opens, closes, first, last …) put right what the usual calendar has. Raises BadInput, also where the term is there.
    """
    if any(t.code == code for t in school.records(Term).all()):
        raise BadInput(Problem("学期", f"学期 {code} 已经有了", "要改日期:jiaoyan set term …"))
    term = changed(usual_term(code), {**school.calendar_of(code), **days}, "学期")
    old = _before(school, term)
    if old is None:
        return Ahead(term)
    slots = _slots(school, old)
    activities = [activity for slot in slots for activity in _held_again(slot, term)]
    return Ahead(term, [_again(r, term) for r in _owed(school, old)], slots, activities)


def begin_term(school: School, ahead: Ahead, *, requirements: bool = True, slots: bool = True) -> None:
    """Write the term and what is taken over, as one change."""
    with school.change(f"新学期 {ahead.term.code}") as change:
        change.save(ahead.term)
        for record in (*(ahead.requirements if requirements else ()), *(ahead.activities if slots else ())):
            change.add_once(record)


def _before(school: School, term: Term) -> Term | None:
    earlier = [t for t in school.records(Term).all() if t.first < term.first]
    return max(earlier, key=lambda t: t.first, default=None)


def _owed(school: School, old: Term) -> list[Requirement]:
    """Requirements in force in the old term: those of its plans that passed, and those that were for it alone."""
    plans = {p.id for p in school.records(Plan).all(Is(field="term", value=old.id)) if p.state in ("passed", "archived")}
    own = (r for r in school.records(Requirement).all() if r.plan in plans or (not r.plan and r.first is not None and r.last is not None))
    return [r for r in own if (r.last is None or r.last >= old.closes) and (r.first is None or r.first <= old.closes)]


def _again(requirement: Requirement, term: Term) -> Requirement:
    values = {name: getattr(requirement, name) for name in Requirement.model_fields if name not in Requirement.unset}
    own = {"plan": "", "clauses": (), "origin": f"{requirement.id}:{term.code}", "first": term.opens, "last": term.closes}
    return Requirement.model_validate({**values, **own})


def _slots(school: School, old: Term) -> list[Slot]:
    """The weekly slots of a term: what a plan's sentence put on the same weekday again and again."""
    where = AllOf(of=(Between(field="when.first", first=old.opens.isoformat(), last=old.closes.isoformat()),))
    found: dict[tuple[str, int], Counter[Slot]] = defaultdict(Counter)
    for activity in school.records(Activity).all(where):
        source, colon, _ = (activity.origin or "").rpartition(":")
        weekday = old.timetable(activity.when.first) if activity.when.precision == "day" else 0
        if colon and weekday:
            slot = (tuple(activity.groups), activity.kind, weekday, activity.when.start, activity.when.end, activity.title)
            found[source, weekday][slot] += 1
    # one slot a sentence and weekday, as most of its activities stand: some have been given a theme or moved since
    return [slots.most_common(1)[0][0] for slots in found.values() if slots.total() > 1]


def _held_again(slot: Slot, term: Term) -> list[Activity]:
    groups, kind, weekday, start, end, title = slot
    return [
        Activity(
            title=title, kind=kind, when=When.on(day, start, end), groups=tuple(Ref(group) for group in groups),
            origin=f"{term.code}:{'+'.join(groups)}:{kind}:{title}:{day}",
        )
        for day in term.days_of_slot(weekday)
    ]


def next_code(code: str) -> str:
    """The term after: 2026-2027-1 → 2026-2027-2 → 2027-2028-1."""
    year, half = int(code[:4]), code[-1]
    return f"{year}-{year + 1}-2" if half == "1" else f"{year + 1}-{year + 2}-1"


def latest_term(school: School) -> Term:
    """Raises NotFound where there is none."""
    terms = school.records(Term).all()
    if not terms:
        raise NotFound(Problem("学期", "还没有学期"))
    return max(terms, key=lambda t: t.first)


def typed_days(opens: date | None, closes: date | None) -> dict[str, date]:
    """The days that were given, for `term_ahead`."""
    return {name: day for name, day in (("opens", opens), ("closes", closes)) if day is not None}
