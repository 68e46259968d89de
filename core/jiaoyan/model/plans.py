"""Plans as they are written, and the clauses that were read in them."""

from typing import Annotated, Any

from pydantic import Field

from jiaoyan.model.attachments import Attachment
from jiaoyan.model.people import Group, Teacher
from jiaoyan.records import Given, Long, Record, Ref, choice
from jiaoyan.registers import Register, Rights
from jiaoyan.terms import Term, When
from jiaoyan.workflow import Step, Workflow

LEVELS = {"district": "管理区", "school": "学校", "group": "教研组", "personal": "个人"}
NATURES = {"plan": "计划", "summary": "总结", "plan+summary": "计划兼总结"}
FIELDS = {"research": "教研", "safety": "安全", "training": "培训"}
PLAN_STATES = {"draft": "草稿", "submitted": "待审核", "passed": "审核通过", "returned": "退回修改", "archived": "已归档"}
TABLES = {
    "section": "章节", "schedule": "安排", "weekly": "每周固定活动", "requirement": "任务要求", "topic": "主题",
    "group": "机构与小组", "measure": "措施",
}
VERDICTS = {"open": "待定", "accepted": "接受", "corrected": "更正", "rejected": "不取"}


class Plan(Record):
    """A plan or summary. Its parts are clauses; what became of them points back to these. Owner: school where no
    group and no teacher is named."""

    title: str = Field(title="标题", min_length=1, max_length=200)
    type: str = Field(default="", title="计划类别", max_length=40)
    level: choice(LEVELS) = Field(default="school", title="层级")  # type: ignore[valid-type]
    nature: choice(NATURES) = Field(default="plan", title="性质")  # type: ignore[valid-type]
    field: choice(FIELDS) = Field(default="research", title="领域")  # type: ignore[valid-type]
    group: Ref[Group] = Field(default=Ref(""), title="所属小组")
    teacher: Ref[Teacher] = Field(default=Ref(""), title="所属教师")
    parent: "Ref[Plan]" = Field(default=Ref(""), title="上级计划")
    term: Ref[Term] = Field(default=Ref(""), title="学期")
    span: When | None = Field(default=None, title="起止")
    state: choice(PLAN_STATES) = Field(default="draft", title="状态")  # type: ignore[valid-type]
    text: Annotated[str, Long()] = Field(default="", title="正文")
    source: Annotated[str, Given()] = Field(default="", title="来源文件")
    file: Annotated[Attachment | None, Given()] = Field(default=None, title="原件")
    digest: Annotated[str, Given(shown=False)] = Field(default="", title="正文指纹", description="正文的 SHA-256")
    revision: Annotated[int, Given()] = Field(default=1, title="第几稿", ge=1)


class Clause(Record):
    """One thing that was read in a plan: where it stands, what was understood, how sure, and what a person said of it."""

    plan: Ref[Plan] = Field(title="计划")
    table: choice(TABLES) = Field(title="类别")  # type: ignore[valid-type]
    order: int = Field(default=0, title="次序")
    start: int = Field(default=0, title="起点", ge=0)
    end: int = Field(default=0, title="终点", ge=0)
    quote: Annotated[str, Long()] = Field(title="原文")
    read: dict[str, Any] = Field(default_factory=dict, title="读出的内容")
    corrected: dict[str, Any] = Field(default_factory=dict, title="更正后的内容")
    confidence: float = Field(default=1.0, title="把握", ge=0, le=1)
    reason: str = Field(default="", title="理由")
    verdict: choice(VERDICTS) = Field(default="open", title="审读")  # type: ignore[valid-type]
    withdrawn: bool = Field(default=False, title="新稿已删")

    @property
    def facts(self) -> dict[str, Any]:
        """What holds: as corrected, else as read."""
        return {**self.read, **self.corrected}

    @property
    def binding(self) -> bool:
        return self.verdict in ("accepted", "corrected") and not self.withdrawn


PLAN = Register(
    "plan", "计划与总结", Plan,
    columns=("title", "level", "nature", "field", "group", "teacher", "term", "state", "revision"),
    label=("title",), search=("title", "type"), sort=("level", "title"), indexed=("term", "level", "state", "digest"),
    workflow=Workflow(
        PLAN_STATES,
        (
            Step("submitted", "提交审核", ("draft", "returned")),
            Step("passed", "审核通过", ("draft", "submitted"), right="pass"),
            Step("returned", "退回修改", ("submitted", "passed"), right="pass"),
            Step("archived", "归档", ("passed",), right="pass"),
            Step("passed", "取消归档", ("archived",), right="pass"),
        ),
        begins=("submitted", "passed"),
    ),
    rights=Rights(write=frozenset({"admin", "office", "leader"}), own=frozenset({"teacher"}), owner=("teacher",)),
    group="计划",
)
CLAUSE = Register(
    "clause", "计划条目", Clause, columns=("plan", "table", "quote", "confidence", "verdict", "reason"),
    label=("quote",), search=("quote",), sort=("plan", "order"), indexed=("plan", "table", "verdict"),
    rights=Rights(write=frozenset({"admin", "office", "leader"})), group="计划",
)
