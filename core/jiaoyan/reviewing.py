"""Reviewing a plan: a person's verdict on a clause, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from jiaoyan.binding import Binder
from jiaoyan.carrying import carry_out, clauses_of, take_back
from jiaoyan.change import Change
from jiaoyan.conditions import Is
from jiaoyan.entering import made
from jiaoyan.errors import BadInput, Problem
from jiaoyan.model.duties import Requirement
from jiaoyan.model.people import Group
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
    correct_facts(school, change, plan, clause, {name.strip(): _value(name.strip(), value.strip())})


def correct_facts(school: School, change: Change, plan: Plan, clause: Clause, facts: Mapping[str, Any]) -> Clause:
    """Correct several fields at once; what was made of the clause is made anew."""
    take_back(school, change, clause)
    saved = change.save(clause.but(verdict="corrected", corrected={**clause.corrected, **facts}))
    carry_out(school, change, plan, [saved], school.records("term").get(plan.term))
    return saved


def reject(school: School, change: Change, plan: Plan, clause: Clause) -> None:
    """不取: what was made of it and is untouched goes; what has attendance or an answer stays."""
    take_back(school, change, clause)
    change.save(clause.but(verdict="rejected"))


def add(school: School, change: Change, plan: Plan, table: str, quote: str, facts: Mapping[str, str]) -> Clause:
    """A clause that the reader overlooked, from a sentence of the plan. Raises BadInput where the sentence is not there."""
    start = plan.text.find(quote)
    if start < 0 or not quote.strip():
        raise BadInput(Problem("原文", f"计划里没有“{quote}”", "请照抄计划里的字句"))
    order = max((c.order for c in clauses_of(school, plan)), default=0) + 1
    clause = made(
        Clause,
        {
            "plan": plan.id, "table": table, "order": order, "start": start, "end": start + len(quote), "quote": quote,
            "read": {name: _value(name, text) for name, text in facts.items()}, "reason": "人工补读", "verdict": "accepted",
        },
        "条目",
    )
    saved = change.save(clause)
    carry_out(school, change, plan, [saved], school.records("term").get(plan.term))
    return saved


def bind_again(school: School, change: Change) -> list[Requirement]:
    """Requirements 人工核对 that can be counted now that kinds or roles have been added; those that became so."""
    found = []
    for requirement in school.records(Requirement).all(Is(field="measure", value="none")):
        if not requirement.clauses:
            continue
        clause = school.records(Clause).get(requirement.clauses[0])
        plan = school.records(Plan).get(requirement.plan)
        binder = Binder(school, plan, school.records(Group).all())
        siblings = [c.facts for c in clauses_of(school, plan, "requirement") if c.binding]
        again = binder.bind(clause.facts, siblings, clause.id)
        if again.measure != "none":
            keys = ("scope", "who", "kinds", "roles", "measure", "period", "note")
            found.append(change.save(requirement.but(**{key: getattr(again, key) for key in keys})))
    return found


def _value(name: str, text: str) -> Any:
    if name not in NUMBERS:
        return text
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        raise BadInput(Problem(name, f"应为数字,不能是“{text}”")) from None
