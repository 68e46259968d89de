"""图表: figures of a term as bars, the core's own and those of plugins. Nothing is drawn here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from jiaoyan.agenda import week_title
from jiaoyan.conditions import AllOf, Between, In
from jiaoyan.desk import by_group
from jiaoyan.errors import JiaoyanError, Stopped
from jiaoyan.host.contexts import Bar, Chart, Charting
from jiaoyan.model.activities import HELD, Activity
from jiaoyan.progress import step
from jiaoyan.requirements import Board, board
from jiaoyan.roll_call import EXPECTED, THERE
from jiaoyan.terms import Term

if TYPE_CHECKING:
    from jiaoyan.school import School

WELL, FAIRLY = 90, 70
"""Per cent from which a rate is marked as good, and as not yet bad."""


def charts(school: School, term: Term, day: date) -> list[Chart]:
    """All charts of a term as it is on a day. What the actor may not read is left out."""
    found: list[Chart] = []
    parts = (_attendance, _groups, _plugins)
    for number, part in enumerate(parts, 1):
        step(number, len(parts))
        try:
            found += part(school, term, day)
        except Stopped:
            raise
        except JiaoyanError:
            continue
    return found


def _attendance(school: School, term: Term, day: date) -> Iterator[Chart]:
    where = AllOf(of=(
        In(field="state", values=HELD), In(field="when.precision", values=("day", "span")),
        Between(field="when.first", first=term.first.isoformat(), last=min(day, term.last).isoformat()),
    ))
    yield attendance_by_week(school.records(Activity).documents(where, ("when.first",)), term)


def _groups(school: School, term: Term, day: date) -> Iterator[Chart]:
    yield progress_by_group(board(school, day, term))


def _plugins(school: School, term: Term, day: date) -> Iterator[Chart]:
    yield from (chart for _, chart in school.host.collect("charts", Charting(school, term, day)) if isinstance(chart, Chart))


def attendance_by_week(activities: list[dict[str, Any]], term: Term) -> Chart:
    """出勤率 of each week: 实到 of all who could come (应到 without 公假), over all activities with a roll."""
    weeks: dict[int, Counter[str]] = defaultdict(Counter)
    for activity in activities:
        states = [str(person.get("attendance") or "") for person in activity.get("participants") or ()]
        if not any(states):
            continue
        figures = weeks[term.week_of(date.fromisoformat(activity["when"]["first"]))]
        figures["activities"] += 1
        figures["there"] += sum(state in THERE for state in states)
        figures["asked"] += sum(state in EXPECTED and state != "duty" for state in states)
    bars = tuple(_week_bar(number, figures, term) for number, figures in sorted(weeks.items()) if figures["asked"])
    note = "出勤率 = 实到 ÷ (应到 − 公假),只算做过考勤的活动" if bars else "还没有做过考勤的活动"
    return Chart("每周出勤率", bars, 100, "%", note)


def _week_bar(number: int, figures: Mapping[str, int], term: Term) -> Bar:
    rate = 100 * figures["there"] / figures["asked"]
    week = term.week(number)
    title = week_title(term, week.first)[0]
    told = f"{rate:.1f}% {figures['there']}/{figures['asked']} {figures['activities']}次"
    within = f"时间>={week.first} 时间<={week.last} -状态:停开"
    return Bar(title or f"{week.first:%m-%d}", rate, told, mark=marked(rate), leads_to=("list", "activity", within))


def progress_by_group(found: Board) -> Chart:
    """How many of the duties of each 教研组 and its members stand as they should by now."""
    bars = tuple(
        Bar(group.name, float(group.rate), f"{group.rate}% {group.met}/{group.owed}", mark=marked(float(group.rate)),
            leads_to=("group", group.id))
        for group in by_group(found)
    )
    return Chart("各组完成情况", bars, 100, "%", "应完成的要求中已跟上的" if bars else "还没有对教研组和教师生效的要求")


def marked(rate: float) -> str:
    return "ok" if rate >= WELL else "slow" if rate >= FAIRLY else "overdue"
