"""Charts as figures: attendance by week, progress by group, hazards by age, the pace of credits; a failing plugin costs itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jiaoyan.access import Actor
from jiaoyan.charting import attendance_by_week, charts
from jiaoyan.errors import Stopped
from jiaoyan.filters import parse_filter
from jiaoyan.host.contexts import Chart
from jiaoyan.model.activities import Activity, Participant
from jiaoyan.progress import Work, working
from jiaoyan.school import School
from jiaoyan.terms import When
from tests.schools import NAMES, NOW, a_requirement, now, saved, teacher

DAY = NOW.date()


def a_meeting(school: School, day: date, states: str, **fields: Any) -> Activity:
    """A research activity with its roll, a letter a person: p present, l late, d duty, a absent, g guest, - not called."""
    names = {"p": "present", "l": "late", "d": "duty", "a": "absent", "g": "guest", "-": ""}
    people = tuple(Participant(teacher=teacher(school, NAMES[n]), attendance=names[state]) for n, state in enumerate(states))
    return Activity(**{"title": "教研", "kind": "research", "when": When.on(day), "state": "held", "participants": people, **fields})


def found(school: School) -> dict[str, Chart]:
    return {chart.title: chart for chart in charts(school, school.term(), DAY)}


def test_attendance_is_the_rate_of_all_who_could_come_in_a_week(school: School) -> None:
    saved(
        school, a_meeting(school, date(2026, 10, 14), "ppla"), a_meeting(school, date(2026, 10, 15), "pdg"),
        a_meeting(school, date(2026, 10, 21), "pp"), a_meeting(school, date(2026, 10, 22), "--"),
        a_meeting(school, date(2026, 10, 28), "d"), a_meeting(school, date(2026, 11, 4), "a", state="planned"),
    )
    chart = found(school)["每周出勤率"]
    assert [(bar.label, bar.told, bar.mark) for bar in chart.bars] == [
        ("第7周", "80.0% 4/5 2次", "slow"), ("第8周", "100.0% 2/2 1次", "ok"),
    ]
    assert chart.bars[0].leads_to == ("list", "activity", "时间>=2026-10-12 时间<=2026-10-18 -状态:停开")
    assert chart.full == 100


def test_without_a_roll_there_is_a_sentence(school: School) -> None:
    assert attendance_by_week([], school.term()).note == "还没有做过考勤的活动"


def test_groups_stand_with_what_is_met(school: School) -> None:
    saved(school, a_requirement(amount=2))
    chart = found(school)["各组完成情况"]
    assert {bar.label for bar in chart.bars} == {"语文教研组", "数学教研组"}
    assert all(bar.leads_to[0] == "group" and bar.told.endswith(("/2", "/3")) for bar in chart.bars)


def test_hazards_stand_by_age(full_school: School) -> None:
    model = full_school.register("safety.hazard").model
    days = (date(2026, 11, 26), date(2026, 11, 20), date(2026, 11, 19), date(2026, 3, 1))
    saved(full_school, *(model(day=day, place="机房", kind="power", text="插座松动", deadline=date(2026, 11, 25)) for day in days[1:]),
          model(day=days[0], place="机房", kind="power", text="线路老化"))
    chart = found(full_school)["未销号隐患"]
    assert [(bar.label, bar.told) for bar in chart.bars] == [
        ("3天以内", "1 处"), ("4—7天", "2 处,逾期 2 处"), ("8—30天", "0 处"), ("31—90天", "0 处"), ("90天以上", "1 处,逾期 1 处"),
    ]
    for bar in chart.bars:
        where = parse_filter(full_school, full_school.register("safety.hazard"), bar.leads_to[2])
        assert full_school.records("safety.hazard").count(where) == bar.value, bar.leads_to


def test_credits_stand_against_the_pace(full_school: School) -> None:
    assert not [title for title in found(full_school) if title.startswith("学分进度")]
    saved(full_school, full_school.register("credits.choice").model(scheme="shaanxi", first=date(2026, 2, 1)))
    claim = full_school.register("credits.claim").model
    saved(full_school, claim(teacher=teacher(full_school, "赵磊"), day=date(2026, 7, 20), part="central", title="省培", credits=12,
                             state="recognised"))
    (chart,) = [chart for title, chart in found(full_school).items() if title.startswith("学分进度")]
    maths = next(bar for bar in chart.bars if bar.label == "数学教研组")
    assert maths.value == 4
    assert maths.told.startswith("人均 4.0")
    assert maths.pace is not None
    assert 0 < maths.pace < chart.full


def test_what_may_not_be_read_is_left_out(full_school: School) -> None:
    with School.open(full_school.folder, Actor("unix:nobody"), now) as opened:
        assert "每周出勤率" not in [chart.title for chart in charts(opened, full_school.term(), DAY)]


def test_charts_can_be_stopped(full_school: School) -> None:
    work = Work(lambda text: work.stop())
    with working(work), pytest.raises(Stopped):
        charts(full_school, full_school.term(), DAY)
