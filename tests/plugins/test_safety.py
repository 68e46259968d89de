"""Safety: an inspection opens hazards, who mends does not check, what is overdue is told, a drill is a facet."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jiaoyan.errors import BadInput, Refused, Vetoed
from jiaoyan.host.contexts import Reminding
from jiaoyan.model.activities import Activity
from jiaoyan.school import School
from jiaoyan.terms import When
from jiaoyan.verifying import verify
from tests.schools import saved, teacher


def an_inspection(school: School, **fields: Any) -> Any:
    return school.register("safety.inspection").model(
        day=date(2026, 11, 2), area="教学楼", inspectors=(teacher(school, "李强"),), **fields
    )


def hazards(school: School) -> list[Any]:
    return school.records("safety.hazard").all()


BAD = {"kind": "fire", "place": "二楼东侧", "ok": False, "text": "灭火器压力不足"}
GOOD = {"kind": "power", "place": "机房", "ok": True}


def test_an_inspection_opens_a_hazard_for_each_finding_not_in_order(full_school: School) -> None:
    saved(full_school, an_inspection(full_school, findings=(GOOD, BAD)))
    (hazard,) = hazards(full_school)
    assert (hazard.place, hazard.state, hazard.deadline) == ("二楼东侧", "open", date(2026, 11, 9))
    assert hazard.finder == teacher(full_school, "李强")


@pytest.mark.parametrize(
    ("given", "deadline"),
    [
        ({}, date(2026, 11, 9)), ({"mode": "now"}, date(2026, 11, 2)), ({"mode": "立即整改"}, date(2026, 11, 2)),
        ({"deadline": date(2026, 12, 1)}, date(2026, 12, 1)), ({"deadline": None}, date(2026, 11, 9)),
    ],
)
def test_a_hazard_that_is_entered_by_hand_has_a_deadline(full_school: School, given: dict[str, Any], deadline: date) -> None:
    model = full_school.register("safety.hazard").model
    saved(full_school, model(day=date(2026, 11, 2), place="操场", kind="sport", text="篮球架松动", **given))
    (hazard,) = hazards(full_school)
    assert hazard.deadline == deadline


def test_a_hazard_stored_without_deadline_is_read_as_it_is(full_school: School) -> None:
    model = full_school.register("safety.hazard").model
    document = model(day=date(2026, 11, 2), place="操场", kind="sport", text="篮球架松动").document()
    assert model.of_document({**document, "rev": 1, "deadline": None}).deadline is None
    assert model.of_document({**document, "rev": 1, "deadline": None}).but(place="跑道").deadline is None


def test_saving_the_inspection_again_opens_nothing_twice(full_school: School) -> None:
    inspection = an_inspection(full_school, findings=(BAD,))
    saved(full_school, inspection)
    again = full_school.records("safety.inspection").get(inspection.id)
    saved(full_school, again.but(note="已通知"))
    assert len(hazards(full_school)) == 1


def test_undo_takes_the_hazards_with_the_inspection(full_school: School) -> None:
    saved(full_school, an_inspection(full_school, findings=(BAD,)))
    full_school.undo()
    assert hazards(full_school) == []


def test_a_hazard_goes_through_its_states_and_is_not_checked_by_who_mended_it(full_school: School) -> None:
    saved(full_school, an_inspection(full_school, findings=(BAD,)))

    def step(**fields: Any) -> None:
        saved(full_school, hazards(full_school)[0].but(**fields))

    with pytest.raises(Refused):
        step(state="closed")
    with pytest.raises(BadInput, match="完成日期"):
        step(state="fixed")
    step(state="fixing")
    mender, other = teacher(full_school, "赵磊"), teacher(full_school, "李强")
    step(state="fixed", fixed_on=date(2026, 11, 5), measure="更换灭火器", fixer=mender)
    with pytest.raises(Vetoed, match="验收人不能是整改人"):
        step(state="closed", checker=mender, checked_on=date(2026, 11, 6))
    with pytest.raises(Vetoed, match="早于完成日期"):
        step(state="closed", checker=other, checked_on=date(2026, 11, 4))
    step(state="closed", checker=other, checked_on=date(2026, 11, 6))
    assert hazards(full_school)[0].state == "closed"


def test_reminders_tell_what_is_overdue_and_what_is_due_soon(full_school: School) -> None:
    saved(full_school, an_inspection(full_school, findings=(BAD, {**BAD, "mode": "now"})))
    told = [r for _, r in full_school.host.collect("reminders", Reminding(full_school, date(2026, 11, 7)))]
    assert [(r.overdue, r.due) for r in told] == [(True, date(2026, 11, 2)), (False, date(2026, 11, 9))]


def test_a_drill_is_a_facet_of_its_activity_and_counts_with_it(full_school: School) -> None:
    drill = Activity(title="消防疏散演练", kind="drill", when=When.on(date(2026, 11, 9)), state="held")
    facet = full_school.facet("safety.drill").model(id=drill.id, type="fire_drill", people=860, seconds=112)
    saved(full_school, drill, facet)
    assert {e["kind"] for e in full_school.store.entries.page()} == {"drill", "fire_drill"}
    saved(full_school, full_school.records(Activity).get(drill.id).but(state="planned"))
    assert full_school.store.entries.page() == []
    with full_school.change("删除") as change:
        change.remove("activity", drill.id)
    assert full_school.store.table("safety.drill").by_id(drill.id) is None


def test_switching_off_hides_the_registers_and_keeps_data_entries_and_history(full_school: School) -> None:
    inspection = an_inspection(full_school, findings=(BAD,))
    saved(full_school, inspection)
    entries = full_school.store.entries.count(None)
    full_school.set_plugins(["subjects"], "停用")
    assert not [id for id, _, _ in full_school.register_titles() if id.startswith("safety.")]
    assert full_school.store.table("safety.hazard").count() == 1
    assert full_school.store.entries.count(None) == entries
    assert full_school.store.history_of("safety.inspection", inspection.id)
    assert full_school.kinds.label("safety_check") == "安全检查"  # the catalogue remembers
    report = verify(full_school)
    assert report.problems == []
    assert "隐患台账" in report.unchecked
    full_school.set_plugins(["subjects", "safety"], "启用")
    assert len(hazards(full_school)) == 1
