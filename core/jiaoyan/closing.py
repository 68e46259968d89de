"""学期收尾: what a term still lacks, by group; then it is locked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiaoyan.access import require
from jiaoyan.conditions import AllOf, Between, In, Is
from jiaoyan.model.activities import Activity
from jiaoyan.model.people import Group
from jiaoyan.model.plans import Clause, Plan
from jiaoyan.model.tasks import Task
from jiaoyan.requirements import board
from jiaoyan.terms import Term

if TYPE_CHECKING:
    from jiaoyan.school import School


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing: what, whose (a group's id, empty for the school), which record."""

    what: str
    group: str
    name: str
    register: str
    record: str


def lacking(school: School, term: Term) -> list[Lack]:
    """All that a term still lacks. Nothing of it hinders the locking: a person judges."""
    found = [*_activities(school, term), *_tasks(school, term), *_plans(school, term), *_summaries(school, term), *_duties(school, term)]
    order = {group.id: n for n, group in enumerate(school.records(Group).all(), 1)}
    return sorted(found, key=lambda lack: (order.get(lack.group, 0), lack.what))


def counted(lacks: list[Lack]) -> dict[tuple[str, str], int]:
    """(group, what) → how many, in order."""
    return dict(Counter((lack.group, lack.what) for lack in lacks))


def lock(school: School, term: Term) -> None:
    """After this the term's records change only as 更正 with a reason. Raises Refused."""
    require(school.actor, "pass", "封存学期")
    with school.change(f"封存 {term.title}") as change:
        change.save(term.but(locked=True))


def unlock(school: School, term: Term) -> None:
    """Raises Refused."""
    require(school.actor, "settings", "解除封存")
    with school.change(f"解除封存 {term.title}") as change:
        change.save(term.but(locked=False))


def _inside(term: Term, *conditions: Any) -> AllOf:
    return AllOf(of=(Between(field="when.last", first=term.first.isoformat(), last=term.last.isoformat()), *conditions))


def _activities(school: School, term: Term) -> Iterator[Lack]:
    for activity in school.records(Activity).all(_inside(term, In(field="state", values=("planned", "notified", "held")))):
        what = "活动无记录" if activity.state == "held" else "活动未开展"
        for group in activity.groups or ("",):
            yield Lack(what, group, f"{activity.when} {activity.title}", "activity", activity.id)


def _tasks(school: School, term: Term) -> Iterator[Lack]:
    for task in school.records(Task).all(_inside(term, In(field="state", values=("open", "doing")))):
        yield Lack("任务未落实", task.group, task.title, "task", task.id)


def _plans(school: School, term: Term) -> Iterator[Lack]:
    for plan in school.records(Plan).all(Is(field="term", value=term.id)):
        if plan.state in ("draft", "submitted", "returned"):
            yield Lack("计划未审核", plan.group, plan.title, "plan", plan.id)
        undecided = AllOf(of=(Is(field="plan", value=plan.id), Is(field="verdict", value="open")))
        if plan.nature != "summary":
            for clause in school.records(Clause).all(undecided):
                yield Lack("条目待定", plan.group, clause.quote, "plan", plan.id)


def _summaries(school: School, term: Term) -> Iterator[Lack]:
    """教研组 that handed in no 总结 for the term."""
    plans = school.records(Plan).all(Is(field="term", value=term.id))
    handed = {plan.group for plan in plans if "summary" in plan.nature}
    for group in school.records(Group).all(Is(field="kind", value="research")):
        if group.id not in handed and not group.ended:
            yield Lack("缺总结", group.id, group.name, "group", group.id)


def _duties(school: School, term: Term) -> Iterator[Lack]:
    """Requirements not fulfilled at the end of the term; a teacher's stand under the first 教研组 that he is in."""
    staff = school.staff(term.closes)
    research = {g.id for g in staff.groups.values() if g.kind == "research"}
    for row in board(school, term.last, term).rows:
        if row.missing <= 0 or row.state in ("waived", "done"):
            continue
        group = row.subject if row.requirement.scope == "group" else ""
        if row.requirement.scope == "teacher" and row.subject in staff.members:
            group = next((g for g in staff.members[row.subject].facts["groups"] if g in research), "")
        yield Lack("要求未完成", group, f"{row.name} {row.requirement.title} {row.amounts}", "requirement", row.requirement.id)
