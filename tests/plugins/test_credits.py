"""Credits: a ledger derived from entries, each line explained, limits of a year kept."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from jiaoyan.host.contexts import Sheet, Showing
from jiaoyan.model.activities import Activity, Participant
from jiaoyan.school import School
from jiaoyan.terms import When
from tests.schools import a_lesson_heard, saved, teacher

DAY = date(2026, 11, 26)


def sheets(school: School, name: str = "张敏") -> list[Sheet]:
    return [s for _, s in school.host.collect("sheets", Showing(school, "teacher", teacher(school, name), DAY))]


def choose(school: School) -> None:
    saved(school, school.register("credits.choice").model(scheme="shaanxi", first=date(2026, 2, 1)))


def a_claim(school: School, **fields: Any) -> Any:
    values = {"teacher": teacher(school, "张敏"), "day": date(2026, 7, 20), "part": "central", "title": "省级骨干培训",
              "credits": Decimal(12), "state": "recognised", **fields}
    return school.register("credits.claim").model(**values)


def sums(school: School) -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for row in sheets(school)[0].rows}


def test_without_a_chosen_scheme_nothing_is_counted(full_school: School) -> None:
    (sheet,) = sheets(full_school)
    assert "还没有选定学分方案" in sheet.note


def test_a_lesson_given_and_one_heard_earn_and_say_why(full_school: School) -> None:
    choose(full_school)
    saved(
        full_school,
        a_lesson_heard(full_school, date(2026, 10, 14), ("李强",), taught_by="张敏").but(kind="open"),
        a_lesson_heard(full_school, date(2026, 10, 15), ("张敏",), lessons=2),
    )
    lines = sheets(full_school)[1].rows
    assert [(row[2], row[3]) for row in lines] == [("公开课", "1"), ("听课", "0.2")]
    assert lines[0][4] == "执教公开课:1 × 1 = 1"
    assert sums(full_school)["校本研修"] == ("1.2", "1.2", "50", "48.8")


def test_a_day_is_one_unit_however_much_filled_it(full_school: School) -> None:
    choose(full_school)
    came = (Participant(teacher=teacher(full_school, "张敏"), attendance="present"),)
    day = When.on(date(2026, 10, 14))
    saved(full_school, *(Activity(title=t, kind="research", when=day, state="held", participants=came) for t in ("上午", "下午")))
    lines = sheets(full_school)[1].rows
    assert sorted(row[3] for row in lines) == ["0", "0.25"]
    assert any("当天已计过一次" in row[4] for row in lines)


def test_the_yearly_limit_cuts_and_says_so(full_school: School) -> None:
    choose(full_school)
    days = (date(2026, 3, 2) + timedelta(days=n) for n in range(25))
    saved(full_school, *(a_lesson_heard(full_school, day, ("张敏",)) for day in days))
    assert sums(full_school)["校本研修"][0] == "2"
    assert "每年至多 2" in sheets(full_school)[1].rows[-1][4]


def test_only_recognised_claims_count(full_school: School) -> None:
    choose(full_school)
    saved(full_school, a_claim(full_school), a_claim(full_school, state="declared", title="未认定", credits=Decimal("7.5")))
    assert sums(full_school)["集中培训"] == ("12", "12", "30", "18")
    assert sums(full_school)["合计"][1] == "12"


def test_january_belongs_to_the_credit_year_before(full_school: School) -> None:
    choose(full_school)
    saved(full_school, a_claim(full_school, day=date(2026, 1, 20)), a_claim(full_school, day=date(2026, 2, 2)))
    assert sums(full_school)["集中培训"] == ("12", "12", "30", "18")  # a new cycle began on 1 February 2026
