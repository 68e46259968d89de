"""The desk: what a person should see first on a day. Activities of the week, what is overdue, what waits, each group's state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from jiaoyan.conditions import AllOf, AnyOf, Between, Condition, In, Is, Not
from jiaoyan.errors import JiaoyanError
from jiaoyan.listing import term_or_none
from jiaoyan.model.activities import Activity
from jiaoyan.model.duties import Requirement
from jiaoyan.model.plans import Plan
from jiaoyan.model.tasks import Task
from jiaoyan.requirements import Board, Progress, board
from jiaoyan.terms import Term

if TYPE_CHECKING:
    from jiaoyan.host.contexts import Reminder
    from jiaoyan.school import School

MOST = 20
"""Activities of a week that are read: more than any screen shows at once."""
REMINDERS = "reminders"
"""The hook that plugins fill in to remind."""
UNSURE = Is(field="verdict", value="open")


class GroupProgress(NamedTuple):
    """How far a group and its members are with what is owed by now: `met` of `owed` duties stand as they should."""

    id: str
    name: str
    met: int
    owed: int

    @property
    def rate(self) -> Decimal:
        return Decimal(100 * self.met / self.owed).quantize(Decimal(1)) if self.owed else Decimal(100)


class Desk(NamedTuple):
    """One look at the school on a day."""

    day: date
    term: Term | None
    week: tuple[Activity, ...] = ()
    """Activities of this week, by time; those whose day is not known come last. Of very many, those to come and the latest."""
    in_week: int = 0
    """How many activities this week has."""
    undated: int = 0
    """Planned activities of this month whose day is still to be found."""
    late_activities: int = 0
    """Activities whose day is past and that are still only planned."""
    late_tasks: tuple[Task, ...] = ()
    waiting: tuple[Plan, ...] = ()
    """Plans that wait for approval."""
    unsure: int = 0
    """Clauses on which a person has not yet decided."""
    reminders: tuple[Reminder, ...] = ()
    counts: Mapping[str, int] = MappingProxyType({})
    """How many duties stand in each state of progress."""
    gaps: tuple[Progress, ...] = ()
    groups: tuple[GroupProgress, ...] = ()
    counted: bool = True
    """Whether reminders and progress are in it: they take their time in a school with many duties."""


def desk(school: School, day: date | None = None) -> Desk:
    """What stands on the desk that day. Registers that the actor may not read are left out."""
    found = desk_at_hand(school, day)
    return found if found.counted else counted(school, found)


def desk_at_hand(school: School, day: date | None = None) -> Desk:
    """What is read in a moment, at any size: all of it where no duty is there to be counted and no plugin to be asked."""
    day = day or school.today
    term = term_or_none(school, day)
    facts: dict[str, Any] = {}
    for part in (_activities, _tasks, _plans):
        try:
            facts |= part(school, day)
        except JiaoyanError:
            continue
    owes = term is not None and school.records(Requirement).count() > 0
    return Desk(day, term, **facts, counted=not owes and not school.host.asks(REMINDERS))


def counted(school: School, found: Desk) -> Desk:
    """The same desk with what plugins remind of and how far everybody is."""
    found = found._replace(reminders=tuple(_reminders(school, found.day)), counted=True)
    if found.term is None:
        return found
    progress = board(school, found.day, found.term)
    return found._replace(
        counts=Counter(row.state for row in progress.rows), gaps=tuple(progress.gaps(pending=False)),
        groups=tuple(by_group(progress)),
    )


def _activities(school: School, day: date) -> dict[str, Any]:
    records = school.records(Activity)
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    begun = AllOf(of=(  # few last longer than a day: the engine finds them by what they are, the others by their day
        In(field="when.precision", values=("week", "span")), Between(field="when.last", first=monday.isoformat()),
        Between(field="when.first", last=(monday - timedelta(days=1)).isoformat()),
    ))
    beginning = AllOf(of=(
        Between(field="when.first", first=monday.isoformat(), last=sunday.isoformat()),
        Not(of=Is(field="when.precision", value="month")),
    ))
    week = AnyOf(of=(beginning, begun))
    coming = records.all(AllOf(of=(week, Between(field="when.last", first=day.isoformat()))), ("when.first", "when.start"), MOST)
    before = AllOf(of=(week, Between(field="when.last", last=(day - timedelta(days=1)).isoformat())))
    past = records.all(before, ("-when.first", "-when.start"), MOST - len(coming))
    planned = In(field="state", values=("planned", "notified"))
    month: Condition = Between(field="when.first", first=day.replace(day=1).isoformat(), last=day.isoformat())
    undated = records.count(AllOf(of=(planned, Is(field="when.precision", value="month"), month)))
    late = records.count(AllOf(of=(planned, Between(field="when.last", last=(day - timedelta(days=1)).isoformat()))))
    ordered = sorted(past + coming, key=lambda a: (a.when.day is None, a.when.first, str(a.when.start or ""), a.title))
    in_week = len(ordered) if len(ordered) < MOST else records.count(week)
    return {"week": tuple(ordered), "in_week": in_week, "undated": undated, "late_activities": late}


def _tasks(school: School, day: date) -> dict[str, Any]:
    late = AllOf(of=(
        In(field="state", values=("open", "doing")), Between(field="when.last", last=(day - timedelta(days=1)).isoformat()),
    ))
    return {"late_tasks": tuple(school.records(Task).all(late, ("when.last",)))}


def _plans(school: School, day: date) -> dict[str, Any]:
    waiting = school.records(Plan).all(Is(field="state", value="submitted"))
    return {"waiting": tuple(waiting), "unsure": school.records("clause").count(UNSURE)}


def _reminders(school: School, day: date) -> list[Reminder]:
    from jiaoyan.host.contexts import Reminder, Reminding  # where a plugin reminds of something

    found = [item for _, item in school.host.collect(REMINDERS, Reminding(school, day)) if isinstance(item, Reminder)]
    return sorted(found, key=lambda reminder: (not reminder.overdue, reminder.due or date.max))


def by_group(found: Board) -> list[GroupProgress]:
    """Progress by 教研组: its own duties and those of its members; what is overdue, over or slow is not met."""
    met: Counter[str] = Counter()
    owed: Counter[str] = Counter()
    research = {group.id: group for group in found.staff.groups.values() if group.kind == "research" and not group.ended}
    for row in found.rows:
        if row.state in ("waived", "manual"):
            continue
        if row.requirement.scope == "group":
            where = {row.subject} & research.keys()
        else:
            member = found.staff.members.get(row.subject)
            where = set(member.facts["groups"]) & research.keys() if member else set()
        for group in where:
            owed[group] += 1
            met[group] += not row.behind
    return [GroupProgress(id, group.name, met[id], owed[id]) for id, group in research.items() if owed[id]]
