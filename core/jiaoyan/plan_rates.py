"""完成率 of a plan: its tasks and activities month by month, as far as they were done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from jiaoyan.conditions import Is
from jiaoyan.model.activities import HELD, Activity
from jiaoyan.model.plans import Plan
from jiaoyan.model.tasks import Task
from jiaoyan.terms import When

if TYPE_CHECKING:
    from jiaoyan.school import School


@dataclass(frozen=True, slots=True)
class MonthRate:
    """A month's jobs and events; `month` is None for what has no time. Cancelled ones are counted apart."""

    month: tuple[int, int] | None
    tasks: int
    tasks_done: int
    activities: int
    activities_held: int
    cancelled: int
    overdue: int
    """Not done though their last day is over."""

    @property
    def label(self) -> str:
        return f"{self.month[0]}年{self.month[1]}月" if self.month else "全学期"

    @property
    def due(self) -> int:
        return self.tasks + self.activities

    @property
    def done(self) -> int:
        return self.tasks_done + self.activities_held

    @property
    def rate(self) -> int | None:
        """Whole per cent; None where nothing was planned."""
        return round(100 * self.done / self.due) if self.due else None


def plan_rates(school: School, plan: Plan, day: date) -> list[MonthRate]:
    """Month by month in their order, what has no time last."""
    where = Is(field="plan", value=plan.id)
    return rates(school.records(Task).all(where), school.records(Activity).all(where), day)


def rates(tasks: Iterable[Task], activities: Iterable[Activity], day: date) -> list[MonthRate]:
    counts: dict[tuple[int, int] | None, list[int]] = defaultdict(lambda: [0] * 6)
    for task in tasks:
        _count(counts[_month(task.when)], 0, task.state == "done", task.state == "cancelled", task.when, day)
    for activity in activities:
        _count(counts[_month(activity.when)], 2, activity.state in HELD, activity.state == "cancelled", activity.when, day)
    ordered = sorted(counts.items(), key=lambda one: (one[0] is None, one[0] or (0, 0)))
    return [MonthRate(month, *figures) for month, figures in ordered]


def total(months: Iterable[MonthRate]) -> MonthRate:
    """All months together."""
    listed = list(months)
    return MonthRate(
        None, sum(m.tasks for m in listed), sum(m.tasks_done for m in listed), sum(m.activities for m in listed),
        sum(m.activities_held for m in listed), sum(m.cancelled for m in listed), sum(m.overdue for m in listed),
    )


def _month(when: When | None) -> tuple[int, int] | None:
    return (when.last.year, when.last.month) if when else None


def _count(figures: list[int], at: int, done: bool, cancelled: bool, when: When | None, day: date) -> None:
    if cancelled:
        figures[4] += 1
        return
    figures[at] += 1
    figures[at + 1] += done
    figures[5] += not done and when is not None and when.last < day
