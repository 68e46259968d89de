"""Works: essays, notes, lesson designs and what else is handed in."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from jiaoyan.model.attachments import Attachment
from jiaoyan.model.people import Teacher
from jiaoyan.records import Amount, Given, KindId, Long, Record, Ref, choice
from jiaoyan.registers import Counts, Register, Rights
from jiaoyan.workflow import Step, Workflow

WORK_STATES = {"handed": "已交", "reviewed": "已审阅", "recommended": "已推荐", "honoured": "发表或获奖", "returned": "退回"}
WORK_LEVELS = {"": "", "group": "组级", "school": "校级", "area": "片区级", "county": "县区级", "city": "市级",
               "province": "省级", "nation": "国家级"}


class Work(Record):
    """A piece of work with its authors in order; the amount is in the unit of its kind."""

    kind: Annotated[str, KindId("work")] = Field(title="种类")
    title: str = Field(title="题目", min_length=1, max_length=200)
    authors: tuple[Ref[Teacher], ...] = Field(title="作者", min_length=1)
    day: date = Field(title="日期")
    amount: Amount = Field(default=Decimal(1), title="数量")
    chars: int = Field(default=0, title="字数", ge=0)
    state: choice(WORK_STATES) = Field(default="handed", title="状态")  # type: ignore[valid-type]
    grade: str = Field(default="", title="等级", max_length=20)
    level: choice(WORK_LEVELS) = Field(default="", title="级别")  # type: ignore[valid-type]
    prize: str = Field(default="", title="获奖或刊物", max_length=120)
    topic: str = Field(default="", title="主题", max_length=120)
    files: Annotated[tuple[Attachment, ...], Given()] = Field(default=(), title="附件")
    note: Annotated[str, Long()] = Field(default="", title="备注")


WORK = Register(
    "work", "材料", Work, columns=("day", "kind", "title", "authors", "amount", "chars", "state", "grade", "level"),
    label=("title",), search=("title", "topic", "note"), sort=("-day", "title"), indexed=("kind", "day", "state"),
    day="day", group="活动",
    counts=(
        Counts(kind="self.kind", role="author", each="self.authors", who="item", day="self.day", amount="self.amount",
               chars="self.chars", level="self.level", prize="self.prize", topic="self.topic"),
    ),
    workflow=Workflow(
        WORK_STATES,
        (
            Step("reviewed", "审阅", ("handed", "returned")),
            Step("returned", "退回", ("handed", "reviewed")),
            Step("recommended", "推荐", ("handed", "reviewed")),
            Step("honoured", "发表或获奖", ("handed", "reviewed", "recommended")),
            Step("handed", "重新提交", ("returned", "reviewed")),
        ),
        begins=("reviewed", "recommended", "honoured"),
    ),
    rights=Rights(write=frozenset({"admin", "office", "leader"}), own=frozenset({"teacher"}), owner=("authors",)),
)
