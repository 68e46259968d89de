"""Every kind of error that pydantic knows reads in Chinese, at the field's title."""

from __future__ import annotations

import re
import string
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import core_schema

from jiaoyan.messages import MESSAGES, problems_of
from jiaoyan.model.duties import Requirement
from jiaoyan.model.people import Teacher

KINDS = get_args(core_schema.ErrorType)


class Spot(BaseModel):
    model_config = ConfigDict(extra="forbid")

    op: Literal["spot"] = "spot"
    place: str = Field(title="地点", max_length=4)


class Walk(BaseModel):
    op: Literal["walk"] = "walk"
    steps: int = Field(title="步数", gt=0)


class Outing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(title="名称", pattern="^[a-z]+$", description="只用小写字母")
    day: date | None = Field(default=None, title="日期")
    amount: Decimal = Field(default=Decimal(0), title="金额", decimal_places=2)
    kind: Literal["near", "far"] = Field(default="near", title="远近")
    spots: list[Spot] = Field(default=[], title="各站")
    parts: list[Annotated[Spot | Walk, Field(discriminator="op")]] = Field(default=[], title="环节")
    either: Spot | Walk | None = Field(default=None, title="二选一")
    prices: dict[str, int] = Field(default={}, title="票价")
    pair: tuple[int, str] = Field(default=(1, ""), title="一对")

    @field_validator("name")
    @classmethod
    def _no_x(cls, value: str) -> str:
        if "x" in value:
            raise ValueError("名称里不能有 x")
        return value


def told(**values: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Outing.model_validate({"name": "a", **values})
    return [str(p) for p in problems_of(caught.value, Outing)]


def test_pydantic_lists_kinds() -> None:
    assert len(KINDS) > 90


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_message(kind: str) -> None:
    assert re.search("[\u4e00-\u9fff]", MESSAGES[kind]) or MESSAGES[kind] == "{error}"
    for _, name, _, _ in string.Formatter().parse(MESSAGES[kind]):
        assert name is None or name.isidentifier()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": "A"}, "名称:格式不对:“A”(只用小写字母)"),
        ({"name": "ax"}, "名称:名称里不能有 x(只用小写字母)"),
        ({"name": 7}, "名称:应为文字,不能是“7”"),
        ({"day": "昨日"}, "日期:不是有效的日期:“昨日”,应写成 2026-09-01"),
        ({"amount": "多"}, "金额:应为数字,不能是“多”"),
        ({"amount": "1.234"}, "金额:小数不能超过 2 位"),
        ({"kind": "here"}, "远近:只能是 near、far,不能是“here”"),
        ({"spots": [{"place": "一"}, {"place": "一二三四五"}]}, "各站 第2项 地点:不能超过 4 个字"),
        ({"spots": [{"place": "一", "plase": 1}]}, "各站 第1项:不认识的项“plase”(是否想写“place”?)"),
        ({"spots": "x"}, "各站:应为一列值,不能是“x”"),
        ({"parts": [{"op": "walk", "steps": 0}]}, "环节 第1项 步数:应大于 0,不能是 0"),
        ({"parts": [{"op": "fly"}]}, "环节 第1项:'op' 只能是 spot、walk,不能是“fly”"),
        ({"prices": {"成人": "贵"}}, "票价 “成人”:应为整数,不能是“贵”"),
        ({"pair": [1, 2]}, "一对 第2项:应为文字,不能是“2”"),
        ({"nmae": "a"}, "不认识的项“nmae”(是否想写“name”?)"),
        ({"qqq": "a"}, "不认识的项“qqq”"),
    ],
)
def test_told_at_its_place(values: dict[str, Any], expected: str) -> None:
    assert told(**values) == [expected.replace("'op'", "op")]


def test_a_union_names_the_fields_of_the_members_tried() -> None:
    assert told(either={"op": "walk", "steps": "many"})[-1] == "二选一 步数:应为整数,不能是“many”"


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ({"op": "has", "feild": "posts", "value": "x"}, ["适用条件 field:没有填写", "适用条件:不认识的项“feild”(是否想写“field”?)"]),
        ({"op": "all", "of": [{"op": "is", "field": "a", "vlaue": 1}]}, ["适用条件 of 第1项:不认识的项“vlaue”(是否想写“value”?)"]),
        ({"op": "in", "field": "a", "values": "x"}, ["适用条件 values:应为一列值,不能是“x”"]),
    ],
)
def test_a_condition_is_told_field_by_field(who: dict[str, Any], expected: list[str]) -> None:
    with pytest.raises(ValidationError) as caught:
        Requirement.model_validate({"title": "听课", "who": who})
    assert [str(problem) for problem in problems_of(caught.value, Requirement)] == expected


def test_where_comes_first_and_records_read_well() -> None:
    with pytest.raises(ValidationError) as caught:
        Teacher.model_validate({"name": "", "category": "飞行员", "id_card": "1"})
    places = [p.where for p in problems_of(caught.value, Teacher, "花名册.xlsx 第 3 行")]
    assert places == ["花名册.xlsx 第 3 行 姓名", "花名册.xlsx 第 3 行 类别", "花名册.xlsx 第 3 行 身份证号"]
    assert "Value error" not in str(problems_of(caught.value, Teacher))


def test_a_long_value_is_shortened() -> None:
    assert len(told(name="啊" * 500)[0]) < 80
