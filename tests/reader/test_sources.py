"""Files in: encodings, Word with generated numbers and tables, and what is refused in Chinese."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaoyan.errors import BadInput, NotFound
from jiaoyan.reader import decode, read_plans, read_source

TEXT = "一、工作要求\n每位教师每学期听课不少于15节。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert decode(TEXT.encode(encoding), "计划.txt") == TEXT


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    with suppress(BadInput):
        assert isinstance(decode(data, "计划.txt"), str)


@pytest.mark.parametrize("data", [b"\xd0\xcf\x11\xe0abc", b"PK\x03\x04abc", b"%PDF-1.4", b"ab\0cd", b"\xff\xfe\x00"])
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        decode(data, "计划.txt")


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="没有这个文件"):
        read_source(tmp_path / "没有.txt")
    with pytest.raises(BadInput, match="文件夹"):
        read_source(tmp_path)
    empty = tmp_path / "空.txt"
    empty.write_bytes(b"")
    with pytest.raises(BadInput, match="空的"):
        read_source(empty)
    blank = tmp_path / "白.txt"
    blank.write_text("  \n", encoding="utf-8")
    with pytest.raises(BadInput, match="没有文字"):
        read_source(blank)
    old = tmp_path / "计划.doc"
    old.write_bytes(b"abc")
    with pytest.raises(BadInput, match="不认识的文件类型"):
        read_source(old)
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04" + b"x" * 50)
    with pytest.raises(BadInput, match="Word"):
        read_source(broken)
    large = tmp_path / "大.txt"
    with large.open("wb") as file:
        file.truncate(21 * 1024 * 1024)
    with pytest.raises(BadInput, match="太大"):
        read_source(large)


def test_text_file(tmp_path: Path) -> None:
    path = tmp_path / "计划.txt"
    path.write_bytes(TEXT.encode("gbk"))
    source = read_source(path)
    assert source.text == TEXT
    assert source.name == "计划.txt"
    assert len(source.digest) == 64


def test_word_file(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("语文组教研活动安排", level=0)
    document.add_paragraph("一、活动要求")
    document.add_paragraph("每人每学期上一节公开课", style="List Number")
    document.add_paragraph("每月写反思一篇", style="List Number")
    document.add_paragraph("二、教研活动安排表")
    table = document.add_table(rows=1, cols=4)
    for cell, title in zip(table.rows[0].cells, ("周次", "活动内容", "主讲人", "地点"), strict=True):
        cell.text = title
    for row in (("第1周", "制定计划", "李老师", "会议室"), ("第3周", "同课异构", "王老师", "录播室")):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    path = tmp_path / "安排.docx"
    document.save(str(path))
    source = read_source(path)
    plan = read_plans(source.text, name=source.name)[0]
    assert plan.sections == ["活动要求", "教研活动安排表"]
    assert "1.每人" in source.text.replace(" ", "")
    rows = [reading.fields for reading in plan.of("schedule")]
    assert [(r["when"], r["item"], r["speaker"], r["place"]) for r in rows] == [
        ("W01", "制定计划", "李老师", "会议室"), ("W03", "同课异构", "王老师", "录播室"),
    ]
    assert [reading.fields["count"] for reading in plan.of("requirement")] == [1, 1]
