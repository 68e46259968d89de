"""Cuts keep the figures of their day; what differs later is explained."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from jiaoyan.access import Actor
from jiaoyan.cutting import cut_sections, keep_cut
from jiaoyan.dossier import Section
from jiaoyan.errors import Refused
from jiaoyan.model.activities import Activity
from jiaoyan.model.cuts import Cut
from jiaoyan.model.duties import Requirement, Waiver
from jiaoyan.records import Ref
from jiaoyan.requirements import board
from jiaoyan.school import School
from tests.schools import NOW, a_lesson_heard, a_requirement, saved, teacher

OCTOBER = date(2026, 10, 31)


@pytest.fixture
def cut(school: School) -> Cut:
    """October's figures: 听课 each month, 张敏 has one, 李强 two."""
    saved(
        school, a_requirement(title="每月听课", amount=2, period="month", unit="节"),
        a_lesson_heard(school, date(2026, 9, 9), ["张敏", "李强"]), a_lesson_heard(school, date(2026, 10, 14), ["李强"]),
    )
    return keep_cut(school, "10月", board(school, OCTOBER))


def later(school: School) -> School:
    """The same school, nine days on."""
    return School.open(school.folder, school.actor, lambda: NOW + timedelta(days=9))


def changes(school: School, cut: Cut) -> Section:
    return next(section for section in cut_sections(school, cut) if "以后的变化" in section.title)


def test_figures_stay_and_nothing_differs_at_first(school: School, cut: Cut) -> None:
    kept = school.records(Cut).get(cut.id)
    assert {(f.name, f.done, f.state) for f in kept.figures if f.name in ("张敏", "李强")} == {
        ("张敏", Decimal(1), "overdue"), ("李强", Decimal(2), "overdue")
    }
    assert changes(school, kept).rows == ()
    assert "没有不同" in changes(school, kept).note
    assert ("逾期", "张敏", "每月听课", "1/10节", "3") in next(
        s for s in cut_sections(school, kept) if s.title == "当时的欠缺").rows


def test_what_is_entered_later_is_told_with_its_day(school: School, cut: Cut) -> None:
    with later(school) as now:
        saved(now, a_lesson_heard(now, date(2026, 10, 20), ["张敏"]), a_lesson_heard(now, date(2026, 11, 20), ["张敏"]))
        (row,) = changes(now, cut).rows
        assert row[:4] == ("张敏", "每月听课", "1/10节", "2/10节")
        assert row[4].startswith("补录:")
        assert "10-20" in row[4]
        assert "12-05 录入" in row[4]
        assert "11-20" not in row[4]
        (target,) = changes(now, cut).targets
        assert target is not None
        assert now.records(Activity).get(target[1]).when.first == date(2026, 10, 20)
        assert now.records(Cut).get(cut.id).figures == cut.figures


def test_what_was_taken_away_changed_or_waived_is_told(school: School, cut: Cut) -> None:
    requirement = school.records(Requirement).find("每月听课")
    with later(school) as now:
        activity = next(a for a in now.records(Activity).all() if a.when.first.month == 10)
        with now.change("删除") as change:
            change.remove("activity", activity.id)
        saved(now, Waiver(requirement=Ref(requirement.id), teacher=teacher(now, "张敏"), reason="支教"))
        told = {row[0]: row[4] for row in changes(now, cut).rows}
        assert told == {"李强": "有记录被改动或删除", "张敏": "免做:支教"}
        with now.change("删除要求") as change:
            for waiver in now.records(Waiver).all():
                change.remove("waiver", waiver.id)
            change.remove("requirement", requirement.id)
        assert {row[4] for row in changes(now, cut).rows} == {"要求已不在,或人员已变动"}


def test_a_reader_keeps_nothing(school: School) -> None:
    found = board(school, OCTOBER)
    school.actor = Actor("someone", roles=frozenset({"reader"}))
    with pytest.raises(Refused):
        keep_cut(school, "10月", found)


def test_a_day_looked_back_at_is_over_and_today_is_not(school: School) -> None:
    saved(school, a_requirement(title="每月听课", amount=1, period="month"))
    past = next(row for row in board(school, OCTOBER).rows if row.name == "张敏")
    assert past.due == 2  # September and October
    school.now = lambda: NOW - timedelta(days=26)  # that very day
    today = next(row for row in board(school, OCTOBER).rows if row.name == "张敏")
    assert today.due == 1
