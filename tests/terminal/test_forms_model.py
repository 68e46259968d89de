"""Forms without a screen: fields out of models, texts out of values, values out of texts."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from jiaoyan.access import Actor
from jiaoyan.errors import BadInput
from jiaoyan.model.activities import Activity
from jiaoyan.model.people import Teacher
from jiaoyan.school import School
from jiaoyan.terms import When
from jiaoyan_tui.form_fields import Widget, when_text
from jiaoyan_tui.form_model import FormModel, part_section, roles_in


def a_form(school: School, register: str = "activity", **preset: object) -> FormModel:
    return FormModel(school, school.register(register), preset=preset)


def test_each_type_has_its_widget(a_school: School) -> None:
    fields = a_form(a_school).base.fields
    assert {name: field.widget for name, field in fields.items()} == {
        "title": Widget.TEXT, "kind": Widget.ONE, "when": Widget.WHEN, "place": Widget.TEXT, "groups": Widget.SEVERAL,
        "speaker": Widget.ONE, "guest": Widget.TEXT, "minutes": Widget.NUMBER, "amount": Widget.NUMBER,
        "state": Widget.CHOICE, "participants": Widget.PARTS, "parts": Widget.PARTS, "record": Widget.LONG,
        "files": Widget.SHOWN, "parent": Widget.ONE, "plan": Widget.SHOWN, "clauses": Widget.SHOWN, "origin": Widget.SHOWN,
        "note": Widget.LONG,
    }
    assert "drill" in [kind.id for kind in fields["kind"].kinds]
    assert "paper" not in [kind.id for kind in fields["kind"].kinds]
    assert {kind.id for kind in a_form(a_school, "work").base.fields["kind"].kinds} >= {"paper", "reflection"}


def test_every_register_can_be_asked_for(a_school: School) -> None:
    for id, _, _ in a_school.register_titles():
        form = a_form(a_school, id)
        assert form.base.fields
        form.problems()
        assert not form.dirty


def test_what_was_stored_comes_back_untouched(a_school: School) -> None:
    for id, _, _ in a_school.register_titles():
        for record in a_school.records(id).all():
            form = FormModel(a_school, a_school.register(id), record)
            assert not form.problems(), (id, form.problems())
            assert form.records() == [record]


def test_an_activity_is_typed(a_school: School) -> None:
    form = a_form(a_school)
    assert form.problems()["activity", "title"] == "必填"
    for name, text in (("title", " 大单元备课 "), ("kind", "prep"), ("when", "第9周周三 16:10-16:45"), ("minutes", "40"), ("amount", "１")):
        form.put("activity", name, text)
    (record,) = form.records()
    assert isinstance(record, Activity)
    assert record.title == "大单元备课"
    assert record.when == When.on(date(2026, 10, 28), time(16, 10), time(16, 45))
    assert record.amount == Decimal(1)
    assert form.base.note("when") == "2026-10-28 周三 16:10—16:45 第9周"
    assert form.texts() == {"activity": {
        "title": " 大单元备课 ", "kind": "prep", "when": "第9周周三 16:10-16:45", "minutes": "40", "amount": "１",
    }}


def test_faults_are_told_at_the_field(a_school: School) -> None:
    form = a_form(a_school, "teacher")
    for name, text in (("name", "甲" * 61), ("order", "很多"), ("born", "83年")):
        form.put("teacher", name, text)
    problems = form.problems()
    assert "60" in problems["teacher", "name"]
    assert problems["teacher", "order"] == "应为整数,不能是“很多”"
    assert problems["teacher", "born"]
    with pytest.raises(BadInput, match="花名册次序"):
        form.records()
    form = a_form(a_school)
    form.put("activity", "when", "后年")
    assert "看不懂时间" in form.problems()["activity", "when"]


def test_wednesday_is_the_next_one_in_a_plan_and_the_last_one_in_a_record(a_school: School) -> None:
    form = a_form(a_school)
    form.put("activity", "when", "周二")
    assert form.base.note("when").startswith("2026-09-22")
    form.put("activity", "state", "held")
    assert form.base.note("when").startswith("2026-09-15")
    hazard = a_form(a_school, "safety.hazard")
    hazard.put("safety.hazard", "day", "周二")
    hazard.put("safety.hazard", "deadline", "周二")
    assert hazard.base.note("day").startswith("2026-09-15")
    assert hazard.base.note("deadline").startswith("2026-09-22")


def test_states_are_those_that_the_workflow_allows(a_school: School) -> None:
    assert list(a_form(a_school).base.fields["state"].choices) == ["planned", "notified", "held", "recorded"]
    planned = a_school.records(Activity).all()[0]
    form = FormModel(a_school, a_school.register("activity"), planned)
    assert list(form.base.fields["state"].choices) == ["planned", "notified", "held", "recorded", "cancelled"]


def test_personal_fields_need_the_right(a_school: School) -> None:
    assert "phone" in a_form(a_school, "teacher").base.fields
    a_school.actor = Actor("unix:zhangsan", roles=frozenset({"leader"}))
    form = a_form(a_school, "teacher")
    assert "phone" not in form.base.fields
    teacher = a_school.records(Teacher).all()[0]
    assert FormModel(a_school, a_school.register("teacher"), teacher).records() == [teacher]


def test_a_facet_is_a_section_of_the_same_form(a_school: School) -> None:
    form = a_form(a_school, title="一分钟疏散", kind="prep", when=When.on(date(2026, 9, 16)))
    assert [section.key for section in form.shown()] == ["activity"]
    form.put("activity", "kind", "drill")
    assert [section.key for section in form.shown()] == ["activity", "safety.drill"]
    assert len(form.records()) == 1
    form.put("safety.drill", "seconds", "95")
    assert form.problems() == {("safety.drill", "type"): "必填"}
    form.put("safety.drill", "type", "fire_drill")
    activity, drill = form.records()
    assert activity.id == drill.id
    with a_school.change("录入演练") as change:
        change.save(activity)
        change.save(drill)
    again = FormModel(a_school, a_school.register("activity"), a_school.records("activity").get(activity.id))
    assert again.section("safety.drill").entries["seconds"] == "95"
    assert not again.dirty


def test_times_are_shown_as_they_are_typed(a_school: School) -> None:
    term = a_school.term()
    for text in ("2026-09-09 16:10-16:45", "2026-09-09 16:10", "2026-09-09 第3节", "2026-09", "第9周", "2026-09-01—2026-09-05"):
        form = a_form(a_school)
        form.put("activity", "when", text)
        assert not form.problems().get(("activity", "when"))
        value = form.base._check()[2]["when"]
        assert when_text(value, term) == text


def test_one_item_of_a_list_has_a_form_of_its_own(a_school: School) -> None:
    field = a_form(a_school).base.fields["participants"]
    section = part_section(a_school, "参加人员", field, None, roles_in(a_school, {"kind": "drop_in"}))
    assert section.fields["role"].choices == {"participant": "听课人", "speaker": "授课人"}
    section.put("name", "王教研员")
    section.put("attendance", "guest")
    item = section.record().model_dump(mode="json")
    assert (item["name"], item["attendance"], item["role"]) == ("王教研员", "guest", "participant")
    form = a_form(a_school, title="听课", kind="drop_in", when=When.on(date(2026, 9, 16)))
    form.put("activity", "participants", [item])
    (record,) = form.records()
    assert isinstance(record, Activity)
    assert record.participants[0].name == "王教研员"


def test_a_draft_is_taken_back(a_school: School) -> None:
    form = a_form(a_school)
    form.put("activity", "title", "没有打完的")
    form.put("activity", "kind", "drill")
    form.put("safety.drill", "people", "1200")
    later = a_form(a_school)
    assert later.restore({**form.texts(), "gone.plugin": {"x": 1}}) == 3
    assert later.texts() == form.texts()
    assert later.dirty


def test_lists_of_kinds_roles_and_choices_are_chosen_not_typed(a_school: School) -> None:
    requirement, account = a_form(a_school, "requirement").base.fields, a_form(a_school, "account").base.fields
    assert {requirement["kinds"].widget, requirement["roles"].widget, account["roles"].widget} == {Widget.SEVERAL}
    assert account["roles"].choices["office"] == "教导处"
    assert "speaker" in requirement["roles"].choices
    assert {kind.id for kind in requirement["kinds"].kinds} >= {"listen", "paper"}
