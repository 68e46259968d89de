"""Reviewing a plan: a person's verdict on a clause, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from jiaoyan.carrying import carry_out, take_back
from jiaoyan.change import Change
from jiaoyan.errors import BadInput, Problem
from jiaoyan.model.plans import Clause, Plan

if TYPE_CHECKING:
    from jiaoyan.school import School

NUMBERS = ("count", "upto", "chars", "weekday")


def accept(school: School, change: Change, plan: Plan, clauses: Iterable[Clause]) -> None:
    """Accept clauses as they were read; what they say is carried out."""
    saved = [change.save(c.but(verdict="accepted")) for c in clauses if not c.binding]
    if saved:
        carry_out(school, change, plan, saved, school.records("term").get(plan.term))


def correct(school: School, change: Change, plan: Plan, clause: Clause, text: str) -> None:
    """Correct one field (`count=20`); what was made of the clause is made anew. Raises BadInput."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise BadInput(Problem("更正", f"“{text}”应写成 字段=值", f"字段:{'、'.join(clause.read)}"))
    facts: dict[str, Any] = {**clause.corrected, name.strip(): _value(name.strip(), value.strip())}
    take_back(school, change, clause)
    saved = change.save(clause.but(verdict="corrected", corrected=facts))
    carry_out(school, change, plan, [saved], school.records("term").get(plan.term))


def reject(school: School, change: Change, plan: Plan, clause: Clause) -> None:
    """不取: what was made of it and is untouched goes; what has attendance or an answer stays."""
    take_back(school, change, clause)
    change.save(clause.but(verdict="rejected"))


def _value(name: str, text: str) -> Any:
    if name not in NUMBERS:
        return text
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        raise BadInput(Problem(name, f"应为数字,不能是“{text}”")) from None
