"""行事历: a stretch of days with what happens in it; holidays, 调休, exam weeks named."""

from __future__ import annotations

from datetime import date, time, timedelta

from jiaoyan.agenda import agenda, day_name, mark_of, named_days, undated_in, week_title
from jiaoyan.model.activities import Activity
from jiaoyan.school import School
from jiaoyan.terms import Holiday, MakeUp, When
from tests.schools import saved

WEDNESDAY = date(2026, 10, 14)
MONDAY = date(2026, 10, 12)


def test_days_hold_what_happens_and_the_undated_stand_apart(school: School) -> None:
    saved(
        school, Activity(title="下午", kind="research", when=When.on(WEDNESDAY, time(16, 10))),
        Activity(title="上午", kind="research", when=When.on(WEDNESDAY, time(8, 10))),
        Activity(title="三天", kind="research", when=When.span(MONDAY - timedelta(days=1), MONDAY + timedelta(days=1))),
        Activity(title="这一周", kind="research", when=school.term().week(7)),
        Activity(title="这个月", kind="research", when=When.month(2026, 10)),
        Activity(title="别的周", kind="research", when=When.on(MONDAY + timedelta(days=7))),
    )
    found = agenda(school, MONDAY, MONDAY + timedelta(days=6))
    titles = {day: [activity.title for activity in activities] for day, activities in found.days.items()}
    assert titles == {MONDAY: ["三天"], MONDAY + timedelta(days=1): ["三天"], WEDNESDAY: ["上午", "下午"]}
    assert [activity.title for activity in found.undated] == ["这一周"]
    assert [activity.title for activity in undated_in(school, 2026, 10)] == ["这个月"]
    assert found.on(date(2026, 10, 16)) == ()


def test_days_and_weeks_are_named(school: School) -> None:
    term = school.term().but(
        holidays=(Holiday(name="国庆节", first=date(2026, 10, 1), last=date(2026, 10, 7)),),
        makeups=(MakeUp(day=date(2026, 10, 10), follows=3),), exam_weeks=(20,),
    )
    assert list(named_days(term, date(2026, 10, 5), date(2026, 10, 11))) == [
        (date(2026, 10, 5), "国庆节放假至 10-07"), (date(2026, 10, 10), "调休,上周三的课"),
    ]
    assert [mark_of(term, day) for day in (date(2026, 10, 7), date(2026, 10, 10), date(2026, 10, 11), MONDAY)] == ["休", "班", "休", ""]
    assert day_name(term, date(2026, 10, 3)) == "国庆节"
    assert day_name(term, date(2026, 10, 10)) == "上周三的课"
    assert day_name(term, MONDAY) == day_name(None, MONDAY) == ""
    assert week_title(term, term.week(20).first) == ("第20周", "考试周")
    assert week_title(term, term.week(0).first)[0] == "预备周"
    assert week_title(term, term.week(22).first)[0] == "假期"
    assert week_title(None, MONDAY) == ("", "")
