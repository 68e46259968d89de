"""Activities: one event each, with its people, their attendance and its parts."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from jiaoyan.conditions import In, Not
from jiaoyan.model.attachments import Attachment
from jiaoyan.model.people import Group, Teacher
from jiaoyan.model.plans import Clause, Plan
from jiaoyan.records import Amount, Given, KindId, Long, Part, Record, Ref, RoleId, choice
from jiaoyan.registers import Counts, Register, Rights
from jiaoyan.terms import When
from jiaoyan.workflow import Step, Workflow

ACTIVITY_STATES = {
    "planned": "计划", "notified": "已通知", "held": "已开展", "recorded": "已记录", "reviewed": "已查阅",
    "cancelled": "停开",
}
HELD = ("held", "recorded", "reviewed")
ATTENDANCE = {
    "": "未考勤", "present": "出勤", "late": "迟到", "early": "早退", "personal": "事假", "sick": "病假", "duty": "公假",
    "absent": "缺勤", "guest": "列席",
}
CAME = ("present", "late", "early", "guest")


class Participant(Part):
    """One person at an activity. A guest from outside has a name and no teacher."""

    teacher: Ref[Teacher] = Field(default=Ref(""), title="教职工")
    name: str = Field(default="", title="校外人员姓名", max_length=60)
    role: Annotated[str, RoleId()] = Field(default="participant", title="角色", max_length=40)
    attendance: choice(ATTENDANCE) = Field(default="", title="考勤")  # type: ignore[valid-type]
    spoke: bool = Field(default=False, title="发言")
    note: str = Field(default="", title="说明", max_length=200)

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not self.teacher and not self.name:
            raise ValueError("请选择教职工,校外人员请填姓名")
        return self


class ActivityPart(Part):
    """环节: a part of an activity that counts by itself (评课, 问题交流, 专题学习, 下周主备)."""

    kind: Annotated[str, KindId()] = Field(title="环节")
    title: str = Field(default="", title="内容", max_length=200)
    teacher: Ref[Teacher] = Field(default=Ref(""), title="主讲或主持")
    minutes: int = Field(default=0, title="分钟", ge=0, le=1440)
    result: Annotated[str, Long()] = Field(default="", title="结果")


class Activity(Record):
    """One event: planned from a clause or entered, held, recorded. Only what was held counts."""

    title: str = Field(title="主题", min_length=1, max_length=200)
    kind: Annotated[str, KindId()] = Field(title="活动类型")
    when: When = Field(title="时间")
    place: str = Field(default="", title="地点", max_length=80)
    groups: tuple[Ref[Group], ...] = Field(default=(), title="组织单位")
    speaker: Ref[Teacher] = Field(default=Ref(""), title="主讲人")
    guest: str = Field(default="", title="校外主讲", max_length=80)
    minutes: int = Field(default=0, title="时长(分钟)", ge=0, le=1440)
    amount: Amount = Field(default=Decimal(1), title="折合数量", description="连堂听课两节填 2")
    state: choice(ACTIVITY_STATES) = Field(default="planned", title="状态")  # type: ignore[valid-type]
    participants: tuple[Participant, ...] = Field(default=(), title="参加人员")
    parts: tuple[ActivityPart, ...] = Field(default=(), title="环节")
    record: Annotated[str, Long()] = Field(default="", title="活动记录")
    files: Annotated[tuple[Attachment, ...], Given()] = Field(default=(), title="附件")
    parent: "Ref[Activity]" = Field(default=Ref(""), title="所属活动")
    plan: Annotated[Ref[Plan], Given()] = Field(default=Ref(""), title="来自计划")
    clauses: Annotated[tuple[Ref[Clause], ...], Given()] = Field(default=(), title="计划条目")
    origin: Annotated[str | None, Given(shown=False)] = Field(default=None, title="来源")
    note: Annotated[str, Long()] = Field(default="", title="备注")


WAS_HELD = In(field="state", values=HELD)
ACTIVITY = Register(
    "activity", "活动", Activity,
    columns=("when", "title", "state", "kind", "groups", "speaker", "place"),
    label=("title",), search=("title", "place", "record", "note"), sort=("when.first", "when.start", "when.lesson", "title"),
    unique=(("origin",),), indexed=("when.first", "when.last", "when.precision", "kind", "state", "plan"), day="when", due="when",
    group="活动",
    counts=(
        Counts(kind="self.kind", when=WAS_HELD, minutes="self.minutes"),
        Counts(kind="self.kind", role="host", each="self.groups", group="item", when=WAS_HELD, minutes="self.minutes"),
        Counts(kind="self.kind", role="speaker", who="self.speaker", when=WAS_HELD, amount="self.amount",
               minutes="self.minutes"),
        Counts(kind="self.kind", role="item.role", each="self.participants", who="item.teacher", when=WAS_HELD,
               only=In(field="attendance", values=CAME), amount="self.amount", minutes="self.minutes"),
        Counts(kind="item.kind", role="speaker", each="self.parts", who="item.teacher", when=WAS_HELD,
               minutes="item.minutes"),
        Counts(kind="item.kind", role="part", each="self.parts", when=WAS_HELD, minutes="item.minutes",
               only=Not(of=In(field="kind", values=("",)))),
    ),
    workflow=Workflow(
        ACTIVITY_STATES,
        (
            Step("notified", "发通知", ("planned",)),
            Step("held", "已开展", ("planned", "notified", "cancelled")),
            Step("recorded", "记录完毕", ("held", "planned", "notified")),
            Step("reviewed", "查阅", ("recorded",), right="review"),
            Step("cancelled", "停开", ("planned", "notified")),
            Step("planned", "恢复", ("cancelled", "notified", "held")),
            Step("held", "重新记录", ("recorded", "reviewed")),
        ),
        begins=("notified", "held", "recorded"), settled=(*HELD, "cancelled"),
    ),
    rights=Rights(write=frozenset({"admin", "office", "leader"}), own=frozenset({"teacher"}), owner=("speaker",)),
)
