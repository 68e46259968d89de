"""What is looked at as a whole, as a workbook: the same figures, nothing cut short, nothing personal."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from jiaoyan.board_table import table_of, usual_order
from jiaoyan.boxes import OUTBOX, box, sent_out, sent_out_as_book
from jiaoyan.cutting import keep_cut
from jiaoyan.dossier import MOST
from jiaoyan.errors import BadInput, NotFound, Stopped
from jiaoyan.model.duties import Waiver
from jiaoyan.papers.writing import Leaf
from jiaoyan.progress import Work, working
from jiaoyan.requirements import board
from jiaoyan.school import School
from jiaoyan.workbooks import board_leaves, record_leaves, write_leaves
from tests.schools import NOW, a_lesson_heard, a_requirement, saved, teacher


@pytest.fixture
def duty(school: School) -> School:
    """听课 twice a month; in September and October 张敏 has heard one lesson, 李强 is let off."""
    requirement = a_requirement(title="每月听课", amount=2, period="month", unit="节")
    saved(school, requirement, a_lesson_heard(school, date(2026, 10, 14), ["张敏"]))
    saved(school, Waiver(requirement=requirement.id, teacher=teacher(school, "李强"), reason="支教"))
    return school


def written(path: Path) -> dict[str, list[list[object]]]:
    """The sheets of a workbook without their headings."""
    book = openpyxl.load_workbook(path)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] for sheet in book.worksheets}


def test_the_board_and_its_gaps_are_written_as_they_are_shown(duty: School, tmp_path: Path) -> None:
    found = board(duty, date(2026, 11, 26))
    table = table_of(found, "teacher", duty.kinds, usual_order(found.staff)).urgent_first()
    write_leaves(tmp_path / "a.xlsx", "11月", board_leaves(table))
    sheets = written(tmp_path / "a.xlsx")
    assert list(sheets) == ["教师完成情况", "欠缺名单"]
    rows = {str(row[0]): row[1] for row in sheets["教师完成情况"][1:]}
    assert list(rows) == [row.name for row in table.rows]
    assert rows["李强"] == "免做"
    assert rows["张敏"] == "1/10节 逾期"
    gaps = {str(row[1]): row for row in sheets["欠缺名单"][1:]}
    assert "李强" not in gaps
    assert gaps["张敏"][3:6] == [1, 10, 3]


def test_what_is_not_shown_is_not_written(duty: School, tmp_path: Path) -> None:
    table = table_of(board(duty, date(2026, 11, 26)), "teacher", duty.kinds).only(word="zm")
    write_leaves(tmp_path / "a.xlsx", "", board_leaves(table))
    sheets = written(tmp_path / "a.xlsx")
    assert [row[0] for row in sheets["教师完成情况"][1:]] == ["张敏"]
    assert [row[1] for row in sheets["欠缺名单"][1:]] == ["张敏"]


def test_a_dossier_is_written_whole_and_without_what_is_personal(school: School, tmp_path: Path) -> None:
    many = MOST + 5
    saved(school, *(a_lesson_heard(school, date(2026, 9, 7) + timedelta(days=n), ["张敏"]) for n in range(many)))
    assert school.actor.has("private")
    who = teacher(school, "张敏")
    write_leaves(tmp_path / "a.xlsx", "教职工 张敏", record_leaves(school, school.register("teacher"), who))
    sheets = written(tmp_path / "a.xlsx")
    told = {str(row[0]): row[1] for row in sheets["教职工"][1:]}
    assert told["姓名"] == "张敏"
    assert "联系电话" not in told
    assert "1380000000" not in str(sheets)
    assert len(sheets[f"活动 {many}"]) == many + 1
    assert len(sheets["计入明细"]) == many + 1


def test_a_cut_is_written_with_all_its_figures(duty: School, tmp_path: Path) -> None:
    cut = keep_cut(duty, "10月", board(duty, date(2026, 10, 31)))
    write_leaves(tmp_path / "a.xlsx", "月报 10月", record_leaves(duty, duty.register("cut"), cut.id))
    figures = written(tmp_path / "a.xlsx")["全部数字"]
    assert len(figures) == len(cut.figures) + 1
    assert ["张敏", "每月听课", 1, 10] in [row[1:5] for row in figures]


def test_what_can_not_be_counted_is_said_in_the_file(school: School, tmp_path: Path) -> None:
    register, who = school.register("teacher"), teacher(school, "张敏")
    with School.open(school.folder, school.actor, lambda: NOW.replace(year=2031)) as later:
        write_leaves(tmp_path / "a.xlsx", "", record_leaves(later, register, who))
    assert "不在任何学期内" in str(written(tmp_path / "a.xlsx")["完成情况"])


def test_a_damaged_personal_value_stays_out(school: School, tmp_path: Path) -> None:
    register, who = school.register("teacher"), teacher(school, "张敏")
    table = school.store.table("teacher")
    with school.store.transaction():
        table.put({**(table.by_id(who) or {}), "id_card": "3201x-secret", "gender": "unheard-of"})
    write_leaves(tmp_path / "a.xlsx", "", record_leaves(school, register, who))
    sheets = written(tmp_path / "a.xlsx")
    assert "损坏" in sheets
    assert "secret" not in str(sheets)


def test_why_less_is_owed_is_not_put_up_for_all_to_read(duty: School) -> None:
    found = board(duty, date(2026, 11, 26))
    assert "支教" not in str(list(board_leaves(table_of(found, "teacher", duty.kinds))))


def test_an_export_that_was_stopped_writes_nothing(school: School) -> None:
    work = Work()
    assert work.stop()
    leaves = record_leaves(school, school.register("teacher"), teacher(school, "张敏"))
    with working(work), pytest.raises(Stopped):
        sent_out_as_book(school, "档案", leaves)
    with working(work), pytest.raises(Stopped):
        sent_out(school, school.register("teacher"), None)
    assert list(box(school, OUTBOX).iterdir()) == []


def test_a_record_that_is_gone_is_told(school: School) -> None:
    with pytest.raises(NotFound):
        list(record_leaves(school, school.register("teacher"), "0" * 12))


def test_sheets_of_one_name_and_with_signs_that_excel_forbids_are_all_there(tmp_path: Path) -> None:
    leaves = [Leaf("学分/明细:2026" * 4, ("a",), [("=1+1",)]), Leaf("学分/明细:2026" * 4, ("a",), [("2",)])]
    write_leaves(tmp_path / "a.xlsx", "", leaves)
    sheets = written(tmp_path / "a.xlsx")
    assert len(sheets) == 2
    assert sorted(str(rows[1][0]) for rows in sheets.values()) == ["2", "=1+1"]
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]["A3"].data_type == "s"


def test_one_leaf_may_be_a_csv_several_may_not(tmp_path: Path) -> None:
    write_leaves(tmp_path / "a.csv", "", [Leaf("表", ("姓名",), [("张敏",)])])
    assert (tmp_path / "a.csv").read_text("utf-8-sig").split() == ["姓名", "张敏"]
    for name, leaves in (("b.csv", [Leaf("表", ("a",), [])] * 2), ("c.doc", [Leaf("表", ("a",), [])])):
        with pytest.raises(BadInput, match="xlsx"):
            write_leaves(tmp_path / name, "", leaves)
        assert not (tmp_path / name).exists()
