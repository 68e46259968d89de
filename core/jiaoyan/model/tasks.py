"""Tasks: jobs of a month list, measures and demands, each with who sees to it and what became of it."""

from typing import Annotated

from pydantic import Field

from jiaoyan.model.attachments import Attachment
from jiaoyan.model.people import Group, Teacher
from jiaoyan.model.plans import Clause, Plan
from jiaoyan.records import Ahead, Given, Linked, Long, Record, Ref, choice
from jiaoyan.registers import Register, Rights
from jiaoyan.terms import When
from jiaoyan.workflow import Step, Workflow

TASK_STATES = {"open": "未开展", "doing": "进行中", "done": "已落实", "partly": "部分落实", "cancelled": "取消"}


class Task(Record):
    """A job. Without a `when` it holds for the whole term."""

    title: str = Field(title="任务", min_length=1, max_length=300)
    when: Annotated[When | None, Ahead()] = Field(default=None, title="时间")
    group: Ref[Group] = Field(default=Ref(""), title="责任部门")
    teacher: Ref[Teacher] = Field(default=Ref(""), title="责任人")
    state: choice(TASK_STATES) = Field(default="open", title="状态")  # type: ignore[valid-type]
    answer: Annotated[str, Long()] = Field(default="", title="落实情况")
    reason: str = Field(default="", title="取消原因", max_length=200)
    evidence: tuple[Annotated[str, Linked()], ...] = Field(default=(), title="佐证", description="登记表:编号,如 activity:3f8k…")
    plan: Annotated[Ref[Plan], Given()] = Field(default=Ref(""), title="来自计划")
    clauses: Annotated[tuple[Ref[Clause], ...], Given()] = Field(default=(), title="计划条目")
    origin: Annotated[str | None, Given(shown=False)] = Field(default=None, title="来源")
    files: Annotated[tuple[Attachment, ...], Given()] = Field(default=(), title="附件")
    note: Annotated[str, Long()] = Field(default="", title="备注")


TASK = Register(
    "task", "任务", Task, columns=("when", "title", "group", "teacher", "state", "answer"),
    label=("title",), search=("title", "answer", "note"), sort=("when.last", "title"), unique=(("origin",),),
    indexed=("when.last", "state", "plan"), day="when", due="when", group="活动",
    workflow=Workflow(
        TASK_STATES,
        (
            Step("doing", "开始", ("open", "partly", "done")),
            Step("done", "已落实", ("open", "doing", "partly"), needs=("answer",)),
            Step("partly", "部分落实", ("open", "doing", "done"), needs=("answer",)),
            Step("cancelled", "取消", ("open", "doing", "partly"), needs=("reason",)),
            Step("open", "恢复", ("cancelled", "doing", "done", "partly")),
        ),
        begins=("doing", "done", "partly"), settled=("done", "partly", "cancelled"),
    ),
    rights=Rights(write=frozenset({"admin", "office", "leader"}), own=frozenset({"teacher"}), owner=("teacher",)),
)
