"""Tables in and out: as a person sees them, in whatever a school's PC has written."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiaoyan.errors import BadInput, JiaoyanError, NotFound
from jiaoyan.papers.sheets import Sheet, read_sheets, sheet_of_text, write_csv, write_xlsx

ID = "110101198503070013"
ROWS = [["姓名", "学科"], ["张三", "语文"], ["李四", "数学, 品德"]]


def cells(sheet: Sheet) -> list[list[str]]:
    return [row.cells for row in sheet.rows]


def test_missing_empty_and_folders(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="没有这个文件"):
        read_sheets(tmp_path / "a.xlsx")
    with pytest.raises(BadInput, match="文件夹"):
        read_sheets(tmp_path)
    (tmp_path / "a.xlsx").write_bytes(b"")
    with pytest.raises(BadInput, match="空的"):
        read_sheets(tmp_path / "a.xlsx")
    (tmp_path / "b.csv").write_text(",,\n,,\n", encoding="utf-8")
    with pytest.raises(BadInput, match="没有内容"):
        read_sheets(tmp_path / "b.csv")
    openpyxl.Workbook().save(tmp_path / "c.xlsx")
    with pytest.raises(BadInput, match="没有内容"):
        read_sheets(tmp_path / "c.xlsx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "\uff0c"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_text_tables(tmp_path: Path, encoding: str, delimiter: str, newline: str) -> None:
    text = newline.join(delimiter.join(f'"{c}"' if delimiter in c else c for c in row) for row in ROWS)
    path = tmp_path / "花名册.csv"
    path.write_bytes(text.encode(encoding))
    (sheet,) = read_sheets(path)
    assert cells(sheet) == ROWS
    assert [r.number for r in sheet.rows] == [1, 2, 3]
    assert sheet.name == "花名册"


def test_tsv_keeps_commas(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("a,b\tc\n1,2,3\t4\n", encoding="utf-8")
    assert cells(read_sheets(path)[0]) == [["a,b", "c"], ["1,2,3", "4"]]


def test_a_quote_never_closed_swallows_no_rows() -> None:
    assert cells(sheet_of_text('姓名\t备注\n张三\t"骨干\n李四\tx')) == [["姓名", "备注"], ["张三", '"骨干'], ["李四", "x"]]


def test_row_numbers_are_those_of_excel(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('一,"两\n行"\n\n二,x\n', encoding="utf-8")
    assert [(r.number, r.cells) for r in read_sheets(path)[0].rows] == [(1, ["一", "两\n行"]), (3, ["二", "x"])]


def test_ids_wrapped_against_excel(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'="007",\'{ID},{ID}\t\n', encoding="utf-8")
    assert cells(read_sheets(path)[0]) == [["007", ID, ID]]


def test_pasted_text() -> None:
    assert cells(sheet_of_text("姓名\t学科\r\n张三\t语文\n")) == [["姓名", "学科"], ["张三", "语文"]]
    assert cells(sheet_of_text("姓名  学科\n张 三    语文\n")) == [["姓名", "学科"], ["张 三", "语文"]]
    assert cells(sheet_of_text("姓名 学科\n张三 语文\n")) == [["姓名", "学科"], ["张三", "语文"]]
    with pytest.raises(BadInput):
        sheet_of_text(" \n ")


def book(tmp_path: Path, fill: Callable[[Any], None], name: str = "a.xlsx") -> Path:
    made = openpyxl.Workbook()
    fill(made.active)
    path = tmp_path / name
    made.save(path)
    return path


def test_cells_as_a_person_sees_them(tmp_path: Path) -> None:
    shown: list[tuple[Any, str, str]] = [
        (12.0, "General", "12"), (1985.3, "General", "1985.3"), (1985.1, "0.00", "1985.10"), (0.1 + 0.2, "General", "0.3"),
        (110101198503070000, "General", "110101198503070000"), (1.1e17, "General", "110000000000000000"),
        (7, "000", "007"), (0.85, "0%", "85%"), (True, "General", "TRUE"), (date(1985, 3, 7), "yyyy/m/d", "1985-03-07"),
        (date(1985, 3, 1), 'yyyy"年"m"月"', "1985-03"), (date(1985, 3, 1), "yyyy.mm", "1985-03"),
        (datetime(2026, 9, 1, 16, 10), "yyyy-mm-dd hh:mm", "2026-09-01 16:10"), (time(8, 5), "hh:mm", "08:05"),  # noqa: DTZ001
        ("  张\xa0三 \u200b", "General", "张 三"), ("a_x000D_\nb", "General", "a\nb"), (-3, "General", "-3"),
        (1e-7, "General", "0.0000001"),
    ]

    def fill(sheet: Any) -> None:
        for row, (value, pattern, _) in enumerate(shown, 1):
            sheet.cell(row, 2).value = value
            sheet.cell(row, 2).number_format = pattern

    (sheet,) = read_sheets(book(tmp_path, fill))
    assert [r.cells[1] for r in sheet.rows] == [seen for _, _, seen in shown]


def test_chinese_date_formats_known_by_number_alone(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = 31107
        sheet["A1"].number_format = "0.00"

    path = book(tmp_path, fill)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b'numFmtId="2"', b'numFmtId="57"')
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    assert cells(read_sheets(path)[0]) == [["1985-03"]]


def test_merged_cells_and_several_sheets(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    first = made.worksheets[0]
    first.title = "一 & 二"
    first["A1"] = "第一小学"
    first.merge_cells("A1:C1")
    first["A3"], first["B3"], first["B4"], first["C4"] = "姓名", "任教", "年级", "班级"
    first.merge_cells("A3:A4")
    first.merge_cells("B3:C3")
    first.append(["张三", "五", "1"])
    made.create_sheet("空")
    made.create_sheet("隐").append(["x"])
    made["隐"].sheet_state = "hidden"
    made.save(tmp_path / "a.xlsx")
    one, two = read_sheets(tmp_path / "a.xlsx")
    assert [(r.number, r.cells) for r in one.rows] == [
        (1, ["第一小学"] * 3), (3, ["姓名", "任教", "任教"]), (4, ["姓名", "年级", "班级"]), (5, ["张三", "五", "1"]),
    ]
    assert (one.name, two.name, two.rows) == ("一 & 二", "空", [])


def test_wrong_dimension_and_huge_merges(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["B2"] = "a", "b"

    path = book(tmp_path, fill)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    part = "xl/worksheets/sheet1.xml"
    merges = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    parts[part] = parts[part].replace(b'ref="A1:B2"', b'ref="A1"').replace(b"</sheetData>", merges)
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    assert cells(read_sheets(path)[0]) == [["a", "a"], ["a", "a"]]


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "旧版 .xls"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "旧版 Office"),
        (b"%PDF-1.7 ...", "PDF"), (b"\x89PNG\r\n\x1a\n", "图片"), (b"Rar!\x1a\x07", "压缩包"),
        (zipped(word__document_xml=b"<w/>"), "Word"), (zipped(a_txt=b"x"), "压缩包"),
        (b"PK\x03\x04 broken", "损坏"), (zipped(xl__workbook_xml=b"<workbook/>"), "损坏"),
        (zipped(xl__workbook_xml=b"x", xl__big_xml=b"0" * 101 * 1024 * 1024), "太大"),
        (zipped(xl__workbook_xml=b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'), "声明"),
        (b"\x00\x01\x02\x03" * 50, "编码"), (b"\x81", "编码"), (b"\x01\x02\x03\x04\x05", "编码"),
        (b"<html><table><tr><td>1</td></tr></table>", "网页"),
        (b"x" * (20 * 1024 * 1024 + 1), "20 MB"), (b'a,b\n"' + b"x" * 200_000, "引号没有成对"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",  # archives hold the time: two workers would name them differently
)
def test_files_that_are_no_tables(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=told):
        read_sheets(path)


def test_truncated_workbooks_never_raise_anything_else(tmp_path: Path) -> None:
    whole = book(tmp_path, lambda sheet: sheet.append(["姓名", 1, date(2026, 9, 1)])).read_bytes()
    path = tmp_path / "b.xlsx"
    for cut in range(0, len(whole), 97):
        for damaged in (whole[:cut], whole[:cut] + b"\xff\x00" + whole[cut + 2 :]):
            path.write_bytes(damaged)
            try:
                read_sheets(path)
            except JiaoyanError as error:
                assert error.problems  # noqa: PT017  # either outcome is right, another exception is not


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(content=st.binary(max_size=200) | st.text(max_size=80).map(lambda t: t.encode("utf-8", "surrogatepass")))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    try:
        read_sheets(path)
    except JiaoyanError:
        return


# ---- writing --------------------------------------------------------------------------------------------------------
VALUES: list[Any] = [
    "张三", ID, "007", 5, Decimal("2.5"), date(2026, 9, 1), None, True, ("甲", "乙"), "=1+1", "+86", "-x", "@a",
]
SEEN = ["张三", ID, "007", "5", "2.5", "2026-09-01", "", "是", "甲、乙", "=1+1", "+86", "-x", "@a"]


def test_xlsx_there_and_back(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    write_xlsx(path, "任务/表", [f"列{n}" for n in range(len(VALUES))], [VALUES])
    (sheet,) = read_sheets(path)
    assert [r.cells for r in sheet.rows][2] == SEEN
    assert sheet.rows[0].cells[0] == "任务/表"
    ws = openpyxl.load_workbook(path).worksheets[0]
    assert [ws.cell(3, c).data_type for c in (2, 10, 11)] == ["s", "s", "s"]
    assert ws.freeze_panes == "A3"
    write_xlsx(path, "", ["a"], [])
    assert cells(read_sheets(path)[0]) == [["a"]]


def test_csv_there_and_back(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    write_csv(path, [f"列{n}" for n in range(len(VALUES))], [VALUES])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert cells(read_sheets(path)[0])[1] == SEEN
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in path.read_text("utf-8-sig").split(","))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(value=st.text(max_size=20) | st.integers() | st.floats() | st.decimals() | st.dates())
def test_any_value_is_written_and_is_no_formula(tmp_path: Path, value: Any) -> None:
    write_xlsx(tmp_path / "a.xlsx", "表", ["列"], [[value]])
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]["A3"].data_type != "f"
    write_csv(tmp_path / "a.csv", ["列"], [[value]])


def test_writing_is_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, ["a"], [["1"]])
    before = path.read_bytes()

    def failing() -> Any:
        yield ["2"]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_csv(path, ["a"], failing())
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.csv"]  # noqa: PTH208
    with pytest.raises(NotFound, match="没有这个文件夹"):
        write_xlsx(tmp_path / "no" / "a.xlsx", "x", ["a"], [])
    with pytest.raises(BadInput, match="写不了"):
        write_csv(tmp_path, ["a"], [])
