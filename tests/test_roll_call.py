"""The arithmetic of 考勤, and who stands on the roll."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jiaoyan.errors import Refused
from jiaoyan.model.activities import Activity, Participant
from jiaoyan.model.people import Group, Posting, Teacher
from jiaoyan.records import Ref
from jiaoyan.roll_call import Line, called, roll_of, totals
from jiaoyan.staff import Staff
from jiaoyan.terms import When

DAY = date(2026, 9, 9)
NAMES = ("单芳", "曾强", "张三", "李四", "王五")


def a_group_of_five(state: str = "") -> tuple[Staff, Group, list[Teacher]]:
    """王五 is in `state`; 张三 leads."""
    group = Group(name="语文教研组")
    teachers = [Teacher(name=name, order=number) for number, name in enumerate(NAMES, 1)]
    postings = [Posting(teacher=Ref(t.id), what="member", group=Ref(group.id)) for t in teachers]
    if state:
        postings.append(Posting(teacher=Ref(teachers[4].id), what="state", value=state))
    return Staff(teachers, postings, [group], DAY), group, teachers


def an_activity(group: Group, **values: object) -> Activity:
    return Activity.model_validate(
        {"title": "单元备课", "kind": "prep", "when": When.on(DAY), "groups": (Ref(group.id),), **values}
    )


def test_everybody_is_preset_present_in_the_order_of_the_roster() -> None:
    staff, group, _ = a_group_of_five()
    roll = roll_of(an_activity(group), staff)
    assert [line.name for line in roll.lines] == list(NAMES)
    assert {line.attendance for line in roll.lines} == {"present"}
    assert not roll.saved


def test_long_leave_stands_apart_and_a_trip_is_preset() -> None:
    staff, group, _ = a_group_of_five("产假")
    roll = roll_of(an_activity(group), staff)
    assert [(a.name, a.reason) for a in roll.apart] == [("王五", "产假")]
    assert len(roll.lines) == 4
    staff, group, _ = a_group_of_five("出差")
    assert roll_of(an_activity(group), staff).lines[-1].attendance == "duty"


def test_who_is_gone_is_not_even_apart() -> None:
    staff, group, _ = a_group_of_five("退休")
    roll = roll_of(an_activity(group), staff)
    assert not roll.apart
    assert len(roll.lines) == 4


def test_what_was_saved_is_shown_again_and_newcomers_stand_apart() -> None:
    staff, group, teachers = a_group_of_five()
    saved = (
        Participant(teacher=Ref(teachers[2].id), attendance="sick"), Participant(name="王教研员", attendance="guest", spoke=True),
    )
    roll = roll_of(an_activity(group, participants=saved, state="held"), staff)
    assert [(line.name, line.attendance) for line in roll.lines] == [("张三", "sick"), ("王教研员", "guest")]
    assert {a.reason for a in roll.apart} == {"未列入"}
    assert roll.saved


def test_planned_participants_join_the_members() -> None:
    staff, group, _ = a_group_of_five()
    roll = roll_of(an_activity(group, participants=(Participant(name="李园长"),)), staff)
    assert [line.name for line in roll.lines] == [*NAMES, "李园长"]


def test_without_a_group_the_school_is_meant_unless_people_are_named() -> None:
    staff, group, teachers = a_group_of_five("产假")
    assert len(roll_of(an_activity(group, groups=()), staff).lines) == 4
    heard = an_activity(group, groups=(), participants=(Participant(teacher=Ref(teachers[0].id), attendance="present"),))
    assert [line.name for line in roll_of(heard, staff).lines] == ["单芳"]
    assert not roll_of(heard, staff).apart
    assert not roll_of(an_activity(group, groups=(), speaker=Ref(teachers[0].id)), staff).lines


def test_totals_add_up_and_the_formula_is_told() -> None:
    states = ["present"] * 6 + ["late", "early", "personal", "sick", "duty", "absent", "guest", "guest"]
    found = totals(Line(str(n), "", state) for n, state in enumerate(states))
    assert found.expected == found.there + found.leave + found.duty + found.absent == 12
    assert (found.there, found.late, found.early, found.guests) == (8, 1, 1, 2)
    assert found.rate == Decimal("72.7")
    assert found.formula == "出勤率 = 实到 8 ÷ (应到 12 − 公假 1) = 72.7%"
    assert totals([]).rate is None


def test_saving_makes_a_planned_activity_held() -> None:
    _, group, teachers = a_group_of_five()
    lines = [Line(teachers[0].id, "单芳", "absent", spoke=True), Line("", "王教研员", "guest", spoke=True)]
    held = called(an_activity(group), lines)
    assert held.state == "held"
    assert [(p.name, p.attendance, p.spoke) for p in held.participants] == [("", "absent", False), ("王教研员", "guest", True)]
    assert called(an_activity(group, state="reviewed"), lines).state == "reviewed"
    with pytest.raises(Refused):
        called(an_activity(group, state="cancelled"), lines)
