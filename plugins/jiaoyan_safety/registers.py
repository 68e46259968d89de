"""safety.hazard, safety.inspection, safety.drill. Columns and states: forms-and-rules, 隐患排查整改台账 and 演练记录."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from jiaoyan.api import (
    WAS_HELD,
    Activity,
    Ahead,
    Counts,
    Facet,
    Given,
    Group,
    KindId,
    Long,
    Part,
    Record,
    Ref,
    Register,
    Rights,
    Step,
    Teacher,
    Under,
    Workflow,
    choice,
)

HAZARD_STATES = {"open": "未整改", "fixing": "整改中", "fixed": "已整改待验收", "closed": "已销号"}
CLASSES = {
    "building": "校舍建筑", "fire": "消防设施", "power": "电气设备", "sport": "体育器材", "food": "食堂食品", "around": "周边环境",
    "mind": "心理健康", "emergency": "应急处置",
}
LEVELS = {"common": "一般", "major": "重大"}
MODES = {"now": "立即整改", "term": "限期整改"}
DAYS = {"now": 0, "term": 7}
"""Days from 排查 until a hazard must be put right, where no other day is set."""
DRILLS = {
    "fire_drill": "消防演练", "quake_drill": "地震演练", "stampede_drill": "防踩踏演练", "riot_drill": "防暴演练",
    "bus_drill": "校车演练", "other_drill": "其他演练",
}


class Hazard(Record):
    """A hazard from the day it was found to 销号. Who checks it again is not who put it right."""

    number: str = Field(default="", title="编号", max_length=30)
    day: date = Field(title="排查日期")
    place: str = Field(title="部位", min_length=1, max_length=80)
    kind: choice(CLASSES) = Field(title="隐患类型")  # type: ignore[valid-type]
    text: Annotated[str, Long()] = Field(title="隐患描述", min_length=1)
    level: choice(LEVELS) = Field(default="common", title="等级")  # type: ignore[valid-type]
    finder: Ref[Teacher] = Field(default=Ref(""), title="排查人")
    mode: choice(MODES) = Field(default="term", title="整改方式")  # type: ignore[valid-type]
    deadline: Annotated[date | None, Ahead()] = Field(
        default=None, title="整改期限", description="空白:立即整改为当天,限期整改为 7 天后", validate_default=True
    )
    measure: Annotated[str, Long()] = Field(default="", title="整改措施")
    owner: Ref[Teacher] = Field(default=Ref(""), title="责任人")
    state: choice(HAZARD_STATES) = Field(default="open", title="状态")  # type: ignore[valid-type]
    fixed_on: date | None = Field(default=None, title="完成日期")
    fixer: Ref[Teacher] = Field(default=Ref(""), title="整改人")
    checker: Ref[Teacher] = Field(default=Ref(""), title="验收人")
    checked_on: date | None = Field(default=None, title="验收日期")
    result: str = Field(default="", title="验收结果", max_length=200)
    inspection: Annotated[Ref[Inspection], Given()] = Field(default=Ref(""), title="来自检查")
    origin: Annotated[str | None, Given(shown=False)] = Field(default=None, title="来源")

    @field_validator("deadline")
    @classmethod
    def _of_its_mode(cls, value: date | None, info: ValidationInfo) -> date | None:
        """Every new hazard has a day by which it is put right: else nobody would ever call it overdue."""
        if value is not None or info.data.get("rev") or not {"day", "mode"} <= info.data.keys():
            return value
        found: date = info.data["day"]
        return found + timedelta(days=DAYS[info.data["mode"]])


class Finding(Part):
    """One thing looked at: in order, or a hazard."""

    kind: choice(CLASSES) = Field(title="类型")  # type: ignore[valid-type]
    place: str = Field(title="部位", min_length=1, max_length=80)
    ok: bool = Field(default=True, title="合格")
    text: str = Field(default="", title="问题", max_length=300)
    mode: choice(MODES) = Field(default="term", title="整改方式")  # type: ignore[valid-type]
    owner: Ref[Teacher] = Field(default=Ref(""), title="责任人")


class Inspection(Record):
    """A safety inspection. Findings that are not in order open hazards; none at all (零隐患) is a record too."""

    kind: Annotated[str, KindId("safety_check")] = Field(default="safety_check", title="检查类型")
    day: date = Field(title="检查日期")
    area: str = Field(title="检查范围", min_length=1, max_length=120)
    group: Ref[Group] = Field(default=Ref(""), title="检查部门")
    inspectors: tuple[Ref[Teacher], ...] = Field(default=(), title="检查人")
    findings: tuple[Finding, ...] = Field(default=(), title="检查项")
    note: Annotated[str, Long()] = Field(default="", title="备注")


class Drill(Record):
    """What a drill adds to its activity."""

    type: choice(DRILLS) = Field(title="演练类型")  # type: ignore[valid-type]
    commander: Ref[Teacher] = Field(default=Ref(""), title="总指挥")
    people: int = Field(default=0, title="参加人数", ge=0)
    seconds: int = Field(default=0, title="用时(秒)", ge=0, le=36000)
    route: str = Field(default="", title="疏散路线", max_length=200)
    problems: Annotated[str, Long()] = Field(default="", title="存在问题")
    improvement: Annotated[str, Long()] = Field(default="", title="改进措施")


Hazard.model_rebuild()
OFFICE = Rights(write=frozenset({"admin", "office", "leader"}), own=frozenset({"teacher"}), owner=("finder", "owner"))
HAZARD = Register(
    "safety.hazard", "隐患台账", Hazard,
    columns=("day", "place", "state", "deadline", "kind", "text", "owner", "level", "number"),
    label=("place", "text"), search=("number", "place", "text", "measure"), sort=("-day", "number"), unique=(("origin",),),
    indexed=("state", "deadline", "kind"), day="day", due="deadline", rights=OFFICE,
    workflow=Workflow(
        HAZARD_STATES,
        (
            Step("fixing", "开始整改", ("open",)),
            Step("fixed", "报验收", ("open", "fixing"), needs=("fixed_on", "measure")),
            Step("closed", "销号", ("fixed",), needs=("checker", "checked_on"), right="review"),
            Step("fixing", "验收不合格", ("fixed",), right="review"),
            Step("open", "退回", ("fixing",)),
        ),
        begins=("fixing", "fixed"), settled=("fixed", "closed"),
    ),
)
INSPECTION = Register(
    "safety.inspection", "安全检查", Inspection, columns=("day", "kind", "area", "group", "inspectors", "findings"),
    label=("area",), search=("area", "note"), sort=("-day", "area"), indexed=("day", "kind"), day="day",
    counts=(
        Counts(kind="self.kind", day="self.day"),
        Counts(kind="self.kind", role="host", group="self.group", day="self.day"),
        Counts(kind="self.kind", role="inspector", each="self.inspectors", who="item", day="self.day"),
    ),
    rights=Rights(write=frozenset({"admin", "office", "leader"})),
)
DRILL = Facet(
    "safety.drill", "应急演练", "activity", Drill, Activity, shown=Under(field="kind", value="drill"),
    columns=("type", "people", "seconds"),
    counts=(Counts(kind="self.type", day="base.when", when=WAS_HELD),),
)
