"""Cells on teaching, as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiaoyan.papers.roster import words
from jiaoyan.papers.teaching import Reading, TeachingReader

READER = TeachingReader((), words()["subjects"])


def told(reading: Reading) -> list[str]:
    return [f"{t.subject} {t.grade} {','.join(t.classes)}".strip() for t in reading.taught]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("五(1)(2)数学, 四科学", ["数学 五年级 五(1)班,五(2)班", "科学 四年级"]),
        ("三1班数学 班主任", ["数学 三年级 三(1)班"]),
        ("五年级语文", ["语文 五年级"]),
        ("五\uff081\uff09班语文、道法", ["语文 五年级 五(1)班", "道德与法治 五年级 五(1)班"]),
        ("语文五(1)班,数学五(2)班", ["语文 五年级 五(1)班", "数学 五年级 五(2)班"]),
        ("语文(五1)", ["语文 五年级 五(1)班"]),
        ("一至三年级美术", ["美术 一年级", "美术 二年级", "美术 三年级"]),
        ("三四年级体育", ["体育与健康 三年级", "体育与健康 四年级"]),
        ("501班数学", ["数学 五年级 五(1)班"]),
        ("5.1班英语", ["英语 五年级 五(1)班"]),
        ("七年级1、2班数学", ["数学 七年级 七(1)班,七(2)班"]),
        ("五1、五2语文", ["语文 五年级 五(1)班,五(2)班"]),
        ("初一(3)(4)物理", ["物理 初一 初一(3)班,初一(4)班"]),
        ("五年级1-4班科学", ["科学 五年级 五(1)班,五(2)班,五(3)班,五(4)班"]),
        ("五年级一班语文", ["语文 五年级 五(1)班"]),
        ("3(2)班语文", ["语文 三年级 三(2)班"]),
        ("体育与健康 五、六年级", ["体育与健康 五年级", "体育与健康 六年级"]),
    ],
)
def test_subject_grade_and_class(cell: str, expected: list[str]) -> None:
    reading = READER.read(cell)
    assert told(reading) == expected
    assert not reading.rest


def test_what_stands_alone_is_left_to_the_other_columns() -> None:
    assert READER.read("语文、数学").subjects == ["语文", "数学"]
    assert [(p.grade, p.classes) for p in READER.read("六(1)班").places] == [("六年级", ["六(1)班"])]
    assert READER.read("门卫").rest == ["门卫"]


def test_class_teacher() -> None:
    assert READER.read("三(1)班班主任、语文").head_of == ["三(1)班"]
    assert READER.read("三(1)(2)语文兼班主任").head_of == [""]


def test_the_schools_own_subjects() -> None:
    own = TeachingReader(("体育", "心育"), words()["subjects"])
    assert own.read("五体育").taught[0].subject == "体育"
    assert own.read("五(1)心育").taught[0].subject == "心育"


@given(st.text(alphabet="一二三五六年级班语文数学12(),、-至. 初高主任\uff08组", max_size=30))
def test_no_cell_breaks_it(cell: str) -> None:
    READER.read(cell)
