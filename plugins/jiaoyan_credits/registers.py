"""credits.claim: credits from outside the school, declared and recognised. credits.choice: the scheme in force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from jiaoyan.api import Amount, Long, Record, Ref, Register, Rights, Step, Teacher, Workflow, choice

CLAIM_STATES = {"declared": "待审核", "recognised": "已认定", "refused": "不予认定"}
CLAIM_PARTS = {"central": "集中培训", "remote": "远程培训", "school": "校本研修"}
LEVELS = {"": "", "nation": "国培", "province": "省培", "city": "市培", "county": "县培", "school": "校级"}


class Claim(Record):
    """Credits that come from outside the school's own records: a list of the training body, a certificate."""

    teacher: Ref[Teacher] = Field(title="教职工", min_length=1)
    day: date = Field(title="结束日期")
    part: choice(CLAIM_PARTS) = Field(title="类别")  # type: ignore[valid-type]
    title: str = Field(title="研修内容", min_length=1, max_length=200)
    organiser: str = Field(default="", title="组织单位", max_length=80)
    level: choice(LEVELS) = Field(default="", title="级别")  # type: ignore[valid-type]
    hours: Amount = Field(default=Decimal(0), title="学时")
    credits: Amount = Field(title="学分")
    proof: str = Field(default="", title="证明材料", max_length=200)
    state: choice(CLAIM_STATES) = Field(default="declared", title="状态")  # type: ignore[valid-type]
    reason: Annotated[str, Long()] = Field(default="", title="审核意见")


class Choice(Record):
    """The scheme that a school counts by, from a day on. Without one no credits are counted."""

    scheme: str = Field(title="方案编号", min_length=1, max_length=40)
    first: date = Field(title="起用日期")
    note: str = Field(default="", title="备注", max_length=200)


CLAIM = Register(
    "credits.claim", "学分申报", Claim, columns=("teacher", "day", "part", "title", "level", "hours", "credits", "state"),
    label=("title",), search=("title", "organiser"), sort=("-day", "title"), indexed=("teacher", "day", "state"), day="day",
    workflow=Workflow(
        CLAIM_STATES,
        (
            Step("recognised", "认定", ("declared", "refused"), right="pass"),
            Step("refused", "不予认定", ("declared", "recognised"), needs=("reason",), right="pass"),
            Step("declared", "重新申报", ("refused",)),
        ),
        begins=("recognised",),
    ),
    rights=Rights(write=frozenset({"admin", "office"}), own=frozenset({"teacher", "leader"}), owner=("teacher",)),
)
CHOICE = Register(
    "credits.choice", "学分方案", Choice, columns=("scheme", "first", "note"), label=("scheme",), search=("scheme",),
    sort=("-first",), unique=(("first",),), rights=Rights(write=frozenset({"admin", "office"})),
)
