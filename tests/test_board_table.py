"""完成情况表 as data: gaps first, filters, cells in words."""

from __future__ import annotations

from datetime import date

from jiaoyan.board_table import table_of, told, usual_order
from jiaoyan.conditions import Is
from jiaoyan.model.duties import Waiver
from jiaoyan.requirements import board
from jiaoyan.school import School
from tests.schools import a_lesson_heard, a_requirement, group, saved, teacher

DAY = date(2026, 11, 26)


def test_gaps_first_and_the_usual_order_among_equals(school: School) -> None:
    duty = a_requirement(amount=3, unit="节")
    saved(school, duty, *(a_lesson_heard(school, date(2026, 9, n), ["李强"]) for n in (14, 15, 16)))
    found = table_of(board(school, DAY), "teacher", school.kinds, usual_order(school.staff(DAY)))
    assert [row.name for row in found.rows] == ["张敏", "李强", "赵磊", "单小红", "欧阳修远"]
    assert [row.name for row in found.urgent_first().rows] == ["张敏", "赵磊", "单小红", "欧阳修远", "李强"]
    assert found.counts["done"] == 1
    assert [row.name for row in found.only(word="sxh").rows] == ["单小红"]
    assert [row.name for row in found.only(states={"done"}).rows] == ["李强"]
    members = {member.id for member in school.staff(DAY).of_group(group(school, "语文教研组"))}
    assert [row.name for row in found.only(subjects=members).rows] == ["张敏", "李强"]


def test_a_cell_in_words(school: School) -> None:
    weekly = a_requirement(title="每周听课", amount=1, unit="节", period="week")
    waived = a_requirement(title="写论文", kinds=("paper",), amount=1, unit="篇")
    saved(school, weekly, waived, Waiver(requirement=waived.id, teacher=teacher(school, "张敏"), reason="新教师"))
    rows = table_of(board(school, DAY), "teacher", school.kinds).rows
    cells = {c.requirement.id: c for c in next(row for row in rows if row.name == "张敏").cells.values()}
    assert cells[weekly.id].state == "overdue"
    assert told(cells[weekly.id]).startswith("已完成 0节,共要 ")
    assert "欠" in told(cells[weekly.id])
    assert "应于 11-2" in told(cells[weekly.id])
    assert told(cells[waived.id]).endswith("免做:新教师")


def test_one_duty_with_several_amounts_is_one_column(school: School) -> None:
    everybody = a_requirement(title="每位教师每学期听课不少于15节", unit="节")
    new = a_requirement(title="新教师每学期听课不少于20节", unit="节", amount=20, who=Is(field="name", value="张敏"))
    essay = a_requirement(title="每学期写一篇论文", kinds=("paper",), amount=1, unit="篇")
    saved(school, everybody, new, essay, *(a_lesson_heard(school, date(2026, 9, n), ["张敏"]) for n in range(1, 16)))
    found = table_of(board(school, DAY), "teacher", school.kinds)
    assert {column.title for column in found.columns} == {"每学期听课", "每学期论文"}
    hearing = next(column for column in found.columns if column.title == "每学期听课")
    assert {r.id for r in hearing.requirements} == {everybody.id, new.id}
    zhang = next(row for row in found.rows if row.name == "张敏")
    assert zhang.cells[hearing.key].amounts == "15/20节"
    assert found.urgent_first().columns[0] == hearing


def test_scopes_are_tables_of_their_own(school: School) -> None:
    saved(school, a_requirement(), a_requirement(title="每周集体备课", scope="group", kinds=("prep",), period="week"))
    found = board(school, DAY)
    groups = table_of(found, "group", school.kinds)
    assert [column.title for column in groups.columns] == ["每周集体备课"]
    assert {row.name for row in groups.rows} == {"语文教研组", "数学教研组"}
    assert not table_of(found, "school", school.kinds).rows
