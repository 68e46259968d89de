"""Requirements: what is owed by whom, and the waivers from them."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from jiaoyan.conditions import Condition
from jiaoyan.model.people import Group, Teacher
from jiaoyan.model.plans import Clause, Plan
from jiaoyan.records import Ahead, Amount, Given, KindId, Long, Record, Ref, RoleId, choice
from jiaoyan.registers import Register, Rights

SCOPES = {"teacher": "教师", "group": "小组", "school": "学校"}
MEASURES = {"count": "次数", "amount": "数量", "minutes": "分钟", "chars": "字数", "none": "人工核对"}
BOUNDS = {"min": "不少于", "max": "不超过", "exact": "正好"}
PERIODS = {
    "day": "每天", "week": "每周", "fortnight": "每两周", "month": "每月", "half": "半学期", "term": "每学期",
    "year": "每年", "school_year": "每学年", "cycle": "五年周期", "event": "每次",
}


class Requirement(Record):
    """Who × which kinds × how much × in which period. `who` selects among staff or groups as `scope` says; without it
    all of them owe it. It binds while its plan is 审核通过, or where it has none."""

    title: str = Field(title="要求", min_length=1, max_length=200)
    scope: choice(SCOPES) = Field(default="teacher", title="对象")  # type: ignore[valid-type]
    who_text: str = Field(default="", title="适用", max_length=120)
    who: Condition | None = Field(default=None, title="适用条件")
    kinds: tuple[Annotated[str, KindId()], ...] = Field(default=(), title="统计项目")
    roles: tuple[Annotated[str, RoleId()], ...] = Field(default=(), title="角色", description="只计这些角色;空白不限")
    measure: choice(MEASURES) = Field(default="count", title="计量")  # type: ignore[valid-type]
    amount: Amount = Field(default=Decimal(1), title="数量")
    upto: Amount | None = Field(default=None, title="至多")
    unit: str = Field(default="", title="单位", max_length=20)
    bound: choice(BOUNDS) = Field(default="min", title="界限")  # type: ignore[valid-type]
    period: choice(PERIODS) = Field(default="term", title="周期")  # type: ignore[valid-type]
    least_chars: int = Field(default=0, title="每篇至少字数", ge=0)
    least_minutes: int = Field(default=0, title="每次至少分钟", ge=0)
    first: date | None = Field(default=None, title="起")
    last: Annotated[date | None, Ahead()] = Field(default=None, title="止")
    set: str = Field(default="", title="所属组合", max_length=40)
    plan: Annotated[Ref[Plan], Given()] = Field(default=Ref(""), title="来自计划")
    clauses: Annotated[tuple[Ref[Clause], ...], Given()] = Field(default=(), title="计划条目")
    origin: Annotated[str | None, Given(shown=False)] = Field(default=None, title="来源")
    note: Annotated[str, Long()] = Field(default="", title="备注")


class Waiver(Record):
    """免做: one requirement, one teacher or group, from a day to a day; another amount, or none."""

    requirement: Ref[Requirement] = Field(title="要求", min_length=1)
    teacher: Ref[Teacher] = Field(default=Ref(""), title="教职工")
    group: Ref[Group] = Field(default=Ref(""), title="小组")
    amount: Amount | None = Field(default=None, title="改为", description="空白为全免")
    first: date | None = Field(default=None, title="起")
    last: Annotated[date | None, Ahead()] = Field(default=None, title="止")
    reason: str = Field(title="原因", min_length=1, max_length=200)


REQUIREMENT = Register(
    "requirement", "任务要求", Requirement,
    columns=("title", "who_text", "bound", "amount", "unit", "period", "measure", "set", "plan"),
    label=("title",), search=("title", "who_text", "set", "note"), sort=("scope", "set", "title"), unique=(("origin",),),
    indexed=("plan", "scope"), group="计划", rights=Rights(write=frozenset({"admin", "office", "leader"})),
)
WAIVER = Register(
    "waiver", "免做", Waiver, columns=("requirement", "teacher", "group", "amount", "first", "last", "reason"),
    label=("reason",), search=("reason",), indexed=("requirement", "teacher"), group="计划",
    rights=Rights(write=frozenset({"admin", "office"})),
)
