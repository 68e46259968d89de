"""Rosters with the dirt of real ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiaoyan.errors import BadInput, JiaoyanError
from jiaoyan.model.people import GROUP_KINDS, POSTING_KINDS, Teacher
from jiaoyan.papers.fields import check_digit
from jiaoyan.papers.roster import Roster, RosterRow, read_roster, roster_of, words
from jiaoyan.papers.sheets import Sheet, SheetRow


def card(birth: str = "19850307", serial: str = "001") -> str:
    body = f"110101{birth}{serial}"
    return body + check_digit(body)


def roster(*rows: str, subjects: Sequence[str] = ()) -> Roster:
    """A roster of lines with columns parted by |."""
    cells = [SheetRow(n, [c.strip() for c in row.split("|")]) for n, row in enumerate(rows, 1) if row.strip("| ")]
    return roster_of([Sheet("教师", cells)], "花名册.xlsx", subjects)


def one(*rows: str) -> RosterRow:
    (found,) = roster(*rows).rows
    return found


def held(row: RosterRow, what: str) -> list[str]:
    return [f"{p.value} {p.group} {p.subject} {p.grade} {','.join(p.classes)}".strip() for p in row.postings if p.what == what]


def names(found: Roster) -> list[str]:
    return [row.teacher["name"] for row in found.rows]


# ---- finding the table ----------------------------------------------------------------------------------------------
def test_title_blanks_in_headers_repeats_and_summary_lines() -> None:
    found = roster(
        "第一小学教职工花名册|第一小学教职工花名册|第一小学教职工花名册", "填表人:张三||2026.9.1",
        "序号|姓  名|性 别", "1|张  三|男", "一、教师", "2|李四|女", "3||", "序号|姓  名|性 别", "4|欧阳 娜娜|女",
        "5|阿依古丽·买买提|女", "合计|5|", "|共 5 人|", "制表:李四|校长签字:",
    )
    assert names(found) == ["张三", "李四", "欧阳娜娜", "阿依古丽·买买提"]
    assert [row.row for row in found.rows] == [4, 6, 9, 10]
    assert [row.teacher["order"] for row in found.rows] == [1, 2, 3, 4]
    assert found.problems == []


def test_two_rows_of_headers_with_and_without_merges() -> None:
    for upper, lower in (
        ("姓名|性别|任教|任教|联系方式", "姓名|性别|学科|班级|手机"), ("姓名|性别|任教||联系方式", "||学科|班级|手机"),
        ("姓名|基本情况||教学|", "|性别|手机|学科|班级"),
    ):
        cells = "张三|男|13800001111|语文|五(1)班" if "基本情况" in upper else "张三|男|语文|五(1)班|13800001111"
        row = one(upper, lower, cells)
        assert held(row, "teaches") == ["语文 五年级 五(1)班"]
        assert row.teacher["phone"] == "13800001111"


def test_headings_between_the_lines() -> None:
    found = roster("姓名|性别|学科", "校级领导|校级领导|校级领导", "张三|男|语文", "后勤||", "李四|女|", "王五||")
    assert names(found) == ["张三", "李四", "王五"]
    assert found.rows[2].doubts[0] == "这一行只有姓名"


def test_two_tables_side_by_side() -> None:
    found = roster("序号|姓名|学科|序号|姓名|学科", "1|张三|语文|3|王五|英语", "2|李四|数学||")
    assert names(found) == ["张三", "李四", "王五"]


def test_headers_not_understood_are_named() -> None:
    found = roster("姓名|现任职称|血型|手机号码(必填)|*出生日期(yyyy-MM-dd)", "张三|一级教师|A|13800001111|1985-03-07")
    assert found.ignored == ("血型",)
    assert held(found.rows[0], "rank") == ["一级教师"]
    assert found.rows[0].teacher["born"] == "1985-03-07"


def test_no_name_column() -> None:
    with pytest.raises(BadInput, match="没有找到“姓名”一栏"):
        roster("学科|班级", "语文|五(1)")


def test_sheets_with_a_name_column_are_taken(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["说明"])
    for title, name in (("教师", "张三"), ("工人", "李四")):
        sheet = book.create_sheet(title)
        sheet.append(["姓名", "岗位"])
        sheet.append([name, "教师" if title == "教师" else "保安"])
    book.save(tmp_path / "a.xlsx")
    found = read_roster(tmp_path / "a.xlsx")
    assert [(r.sheet, r.teacher["name"], r.teacher["category"]) for r in found.rows] == [
        ("教师", "张三", "teaching"), ("工人", "李四", "worker"),
    ]


def test_a_gbk_table(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("姓名,任教\n张三,\"五(1)(2)数学, 四科学\"\n".encode("gbk"))
    (row,) = read_roster(tmp_path / "a.csv").rows
    assert held(row, "teaches") == ["数学 五年级 五(1)班,五(2)班", "科学 四年级"]


# ---- fields ---------------------------------------------------------------------------------------------------------
def test_all_fields() -> None:
    row = one(
        "姓名|性别|身份证号|工号|民族|政治面貌|学历|毕业院校|所学专业|参加工作时间|来校时间|电话|备注",
        f"张三|男|{card()}|007|汉族|中共党员|大学本科|陕西师范大学|汉语言文学|2007.9|2010年8月|13800001111|骑车",
    )
    assert row.teacher == {
        "name": "张三", "category": "teaching", "gender": "m", "id_card": card(), "born": "1985-03-07", "number": "007",
        "ethnic": "汉族", "party": "中共党员", "education": "大学本科", "college": "陕西师范大学 汉语言文学",
        "started": "2007-09", "joined": "2010-08", "phone": "13800001111", "note": "骑车", "order": 1,
    }
    assert row.doubts == ()


def test_identity_card_and_the_other_columns() -> None:
    head = "姓名|性别|身份证号|出生年月"
    assert one(head, f"张三|女|{card()}|1985.3").doubts == ("性别与身份证号不一致",)
    assert one(head, f"张三|男|{card()}|1985.4").doubts == ("出生年月 1985-04 与身份证号中的 1985-03-07 不一致",)
    for birth, read in (("19851002", "1985-10-02"), ("19850102", "1985-01-02")):  # the card tells which month 1985.1 is
        settled = one(head, f"张三||{card(birth)}|1985.1")
        assert (settled.teacher["born"], settled.doubts) == (read, ())
    assert len(one(head, f"张三||{card('19850502')}|1985.1").doubts) == 2
    cut = one(head, "张三|男|110101198503070000|31113")
    assert "id_card" not in cut.teacher
    assert cut.teacher["born"] == "1985-03-07"
    assert cut.doubts == ("身份证号末几位是 0,像是被 Excel 截断了",)


def test_january_or_october() -> None:
    head = "姓名|出生年月"
    assert one(head, "张三|1985.1").doubts == ("出生年月“1985.1”是 1 月还是 10 月分不清,只记年份",)
    found = roster(head, "张三|1985.1", "李四|1985.10")
    assert [r.teacher["born"] for r in found.rows] == ["1985-01", "1985-10"]


def test_unreadable_days_are_left_empty() -> None:
    row = one("姓名|出生年月|参加工作时间", "张三|不详的|1985.9")
    assert "born" not in row.teacher
    assert row.doubts == ("出生年月“不详的”没有看懂,留空",)


# ---- postings -------------------------------------------------------------------------------------------------------
def test_teaching_from_one_column_or_three() -> None:
    assert held(one("姓名|任教", "张三|三1班数学 班主任"), "teaches") == ["数学 三年级 三(1)班"]
    assert held(one("姓名|任教", "张三|三1班数学 班主任"), "duty") == ["班主任 三(1)班  三年级 三(1)班"]
    assert held(one("姓名|学科|年级|班级", "张三|语文、道法|五|1、2"), "teaches") == [
        "语文 五年级 五(1)班,五(2)班", "道德与法治 五年级 五(1)班,五(2)班",
    ]
    assert held(one("姓名|学科|班级", "张三|语文|501"), "teaches") == ["语文 五年级 五(1)班"]
    bare = one("姓名|学科|班级", "张三|语文|3班")
    assert held(bare, "teaches") == ["语文"]
    assert bare.doubts == ("班级“3”没有写明是哪个年级",)


@pytest.mark.parametrize(
    ("head", "classes", "duty", "doubt"),
    [
        ("是", "五(1)班", "班主任 五(1)班  五年级 五(1)班", ""), ("√", "五(1)(2)", "班主任", "不止一个"),
        ("五(2)班", "五(1)(2)", "班主任 五(2)班  五年级 五(2)班", ""), ("2班", "五(1)(2)", "班主任 五(2)班  五年级 五(2)班", ""),
        ("502", "五(1)(2)", "班主任 五(2)班  五年级 五(2)班", ""), ("是", "", "班主任", "没有写明"), ("否", "五(1)", "", ""),
        ("无", "", "", ""),
    ],
)
def test_class_teachers(head: str, classes: str, duty: str, doubt: str) -> None:
    row = one("姓名|学科|班级|班主任", f"张三|语文|{classes}|{head}")
    assert held(row, "duty") == ([duty] if duty else [])
    assert doubt in "".join(row.doubts)


def test_duties_are_tied_to_their_groups() -> None:
    head = "姓名|职务|任教|教研组"
    assert held(one(head, "张三|副校长、教研组长|五语文|语文组"), "duty") == ["副校长", "教研组长 语文组 语文"]
    assert held(one(head, "张三|教研组长|五语文|语文组"), "member") == ["组长 语文组 语文", "五年级语文备课组 语文 五年级"]
    assert held(one("姓名|职务|任教", "张三|数学教研组长/五年级数学备课组长|五数学"), "duty") == [
        "教研组长 数学教研组 数学", "备课组长 五年级数学备课组 数学 五年级",
    ]
    assert held(one("姓名|职务", "张三|五年级组长"), "duty") == ["年级组长 五年级组  五年级"]
    assert held(one("姓名|职务", "张三|教导处主任,教研组长(语文)"), "duty") == ["教导处主任 教导处", "教研组长 语文教研组 语文"]
    assert held(one("姓名|职务", "张三|工会小组长"), "duty") == ["工会小组长"]
    found = roster(head, "张三||五语文|语文组", "李四|语文教研组长|六语文|")
    assert held(found.rows[1], "duty") == ["教研组长 语文组 语文"]


def test_groups_are_proposed_in_order_with_those_above_first() -> None:
    found = roster("姓名|任教|班主任", "张三|五(1)语文|是", "李四|五(2)语文|五(2)班", "王五|1-6年级音乐|")
    assert [tuple(g) for g in found.groups()] == [
        ("语文教研组", "research", "语文", "", ""), ("音乐教研组", "research", "音乐", "", ""),
        ("五年级语文备课组", "prep", "语文", "五年级", "语文教研组"),
        ("五(1)班", "class", "", "五年级", ""), ("五(2)班", "class", "", "五年级", ""),
    ]
    assert found.summary() == "3 专任; 将建立 教研组 2 备课组 1 班主任 2 任课 8"


def test_ranks_honours_and_states() -> None:
    row = one("姓名|职称|骨干教师|人员状态", "张三|一级教师|市级骨干教师、教学能手|借调")
    assert (held(row, "rank"), held(row, "honour"), held(row, "state")) == (["一级教师"], ["市级骨干教师", "教学能手"], ["借出"])
    plain = one("姓名|职称|骨干教师|人员状态", "张三|未评聘|非骨干|在岗")
    assert plain.postings == ()
    noted = one("姓名|学科|备注", "张三|语文|休产假")
    assert held(noted, "state") == ["产假"]
    assert len(noted.doubts) == 1
    assert held(one("姓名|学科", "张 三(产假)|语文"), "state") == ["产假"]


@pytest.mark.parametrize(
    ("row", "category"),
    [
        ("专任教师|||", "teaching"), ("A4 工勤|||", "worker"), ("教学辅助人员|||", "assistant"), ("行政|校长|语文|", "admin"),
        ("||语文|", "teaching"), ("|门卫||", "worker"), ("|||宿管", "worker"), ("|图书管理员||", "assistant"),
        ("|校长||", "admin"), ("|校长|语文|", "teaching"), ("|会计||", "assistant"), ("外聘|||", "external"), ("||保安|", "worker"),
    ],
)
def test_categories(row: str, category: str) -> None:
    assert one("姓名|人员类型|职务|学科|备注", f"张三|{row}").teacher["category"] == category


def test_the_schools_own_subjects() -> None:
    known = roster("姓名|学科", "张三|五(1)心育", subjects=("心育",))
    assert held(known.rows[0], "teaches") == ["心育 五年级 五(1)班"]
    assert known.rows[0].doubts == ()
    assert one("姓名|学科", "张三|编程").doubts == ("“编程”不是已知的学科,照原样记为任教学科",)


# ---- one person, several people -------------------------------------------------------------------------------------
def test_one_teacher_on_two_lines() -> None:
    head = "姓名|学科|班级|电话"
    for phones in (("13800001111", "13800001111"), ("13800001111", ""), ("", "")):
        row = one(head, f"张三|语文|五(1)|{phones[0]}", f"张三|音乐|五(1)(2)|{phones[1]}")
        assert held(row, "teaches") == ["语文 五年级 五(1)班", "音乐 五年级 五(1)班,五(2)班"]
        assert row.teacher.get("phone", "") == phones[0]


def test_namesakes() -> None:
    assert len(roster("姓名|性别|学科", "王红|女|语文", "王红|男|数学").rows) == 2
    assert len(roster("姓名|电话|学科", "王红|13800001111|语文", "王红|13800002222|语文").rows) == 2
    assert names(roster("姓名|学科", "王红(大)|语文", "王红(小)|数学")) == ["王红(大)", "王红(小)"]
    found = roster("姓名|职称", "王红|一级教师", "王红|二级教师")
    assert len(found.rows) == 1
    assert str(found.problems[0]).startswith("花名册.xlsx 第 3 行 姓名:与第 2 行都是“王红”,分不清")
    shared = roster("姓名|工号", "张三|7", "李四|7")
    assert shared.rows[1].doubts == ("工号与第 2 行的张三相同",)


def test_rows_that_cannot_be_taken() -> None:
    found = roster("姓名|性别|学科", "|女|语文", "张3|男|数学", "李四|女|英语")
    assert [str(p) for p in found.problems] == [
        "花名册.xlsx 第 2 行 姓名:没有姓名,这一行不能导入", "花名册.xlsx 第 3 行 姓名:“张3”不像人名,这一行不能导入",
    ]
    assert names(found) == ["李四"]


def test_summary_tells_doubts_and_problems() -> None:
    found = roster("姓名|职务|学科", "张三||语文", "李四|保安|", "王五||?!", "|校长|语文")
    assert found.summary() == "2 专任, 1 工勤; 疑问 1; 不能导入 1 处; 将建立 教研组 1 任课 1"


# ---- anything at all ------------------------------------------------------------------------------------------------
HEADERS = sorted({w for ws in words()["headers"].values() for w in ws})
VALUES = st.sampled_from([
    "", "张三", "李四", "王 五", "男", "女", card(), "110101198503070000", "1985.3", "31113", "语文", "五(1)(2)数学, 四科学",
    "三1班数学 班主任", "是", "无", "五(1)班", "教研组长", "备课组长", "语文教研组长", "五年级组长", "保安", "产假", "13800001111",
    "合计", "姓名", "3班", "1-6年级", "副校长、教研组长/党员", "#N/A", "0", "综合组", "语文组",
]) | st.text(max_size=8)
TABLES = st.lists(st.lists(VALUES, max_size=7), max_size=8)


def check(found: Roster) -> None:
    for number, row in enumerate(found.rows, 1):
        Teacher.model_validate(row.teacher)
        assert row.teacher["order"] == number
        for p in row.postings:
            assert p.what in POSTING_KINDS
            assert (p.group != "") == (p.group_kind != "")
            assert p.group_kind in ("", *GROUP_KINDS)
    groups = [g.name for g in found.groups()]
    assert len(groups) == len(set(groups))
    found.summary()


@settings(deadline=None, max_examples=250)
@given(st.lists(st.sampled_from(HEADERS) | st.text(max_size=4), max_size=6), TABLES)
def test_any_table(headers: list[str], table: list[list[str]]) -> None:
    rows = [SheetRow(n, cells) for n, cells in enumerate([["姓名", *headers], *table], 1)]
    try:
        found = roster_of([Sheet("表", rows)], "a.xlsx")
    except JiaoyanError:
        return
    check(found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.lists(VALUES | st.integers() | st.floats() | st.dates() | st.none(), max_size=6), max_size=6))
def test_any_workbook(tmp_path: Path, table: list[list[Any]]) -> None:
    from jiaoyan.papers.sheets import write_xlsx

    write_xlsx(tmp_path / "a.xlsx", "花名册", ["姓名", "任教", "职务", "出生年月", "身份证号"], table)
    try:
        found = read_roster(tmp_path / "a.xlsx")
    except JiaoyanError:
        return
    check(found)


def test_a_workbook_with_merged_headers_and_names(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in (["第一小学花名册"], ["姓名", "身份证号", "任教", None, "教研组"], [None, None, "学科", "班级", None],
                 ["张三", 110101198503070013, "语文", "五(1)", "语文组"], [None, None, "道法", "五(1)(2)", None],
                 ["李四", None, "数学", "六(1)", "数学组"]):
        sheet.append(line)
    for merged in ("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3", "A4:A5", "B4:B5", "E4:E5"):
        sheet.merge_cells(merged)
    book.save(tmp_path / "a.xlsx")
    found = read_roster(tmp_path / "a.xlsx")
    assert names(found) == ["张三", "李四"]
    assert held(found.rows[0], "teaches") == ["语文 五年级 五(1)班", "道德与法治 五年级 五(1)班,五(2)班"]
    assert held(found.rows[0], "member")[0] == "语文组 语文"
    assert found.rows[0].doubts == ("身份证号末几位是 0,像是被 Excel 截断了",)


def test_reading_twice_is_the_same() -> None:
    lines = ("姓名|任教|职务", "张三|五(1)语文|教研组长", "张三|五(2)语文|", "李四|五(1)数学|保安")
    assert roster(*lines) == roster(*lines)
