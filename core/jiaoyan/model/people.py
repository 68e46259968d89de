"""Members of staff, what they hold and where they belong."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from jiaoyan.records import Ahead, Long, Private, Record, Ref, choice
from jiaoyan.registers import Register, Rights

CATEGORIES = {"teaching": "专任", "assistant": "教辅", "admin": "行政", "worker": "工勤", "external": "外聘"}
GENDERS = {"": "", "m": "男", "f": "女"}
GROUP_KINDS = {
    "office": "处室", "research": "教研组", "prep": "备课组", "grade": "年级组", "class": "班级",
    "team": "领导小组或工作小组", "other": "其他",
}
POSTING_KINDS = {
    "member": "所在小组", "duty": "职务", "rank": "职称", "honour": "骨干称号", "teaches": "任教", "state": "人员状态",
}
AWAY = ("产假", "借出", "病休", "调出", "退休", "停职", "离职")
"""States in which a teacher owes nothing (`免做`): long leave, lent out, gone."""
GONE = ("调出", "退休", "离职")


class Teacher(Record):
    """A member of staff. Never deleted once referred to; what changes over time stands in postings."""

    name: str = Field(title="姓名", min_length=1, max_length=60)
    category: choice(CATEGORIES) = Field(default="teaching", title="类别")  # type: ignore[valid-type]
    number: str = Field(default="", title="工号", max_length=40)
    gender: choice(GENDERS) = Field(default="", title="性别")  # type: ignore[valid-type]
    born: Annotated[str, Private()] = Field(default="", title="出生年月", pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")
    id_card: Annotated[str, Private()] = Field(default="", title="身份证号", pattern=r"^(\d{17}[\dX]|\d{15})?$")
    phone: Annotated[str, Private()] = Field(default="", title="联系电话", max_length=40)
    ethnic: str = Field(default="", title="民族")
    party: Annotated[str, Private()] = Field(default="", title="政治面貌")
    education: str = Field(default="", title="学历")
    college: str = Field(default="", title="毕业院校及专业")
    started: str = Field(default="", title="参加工作时间", pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")
    joined: str = Field(default="", title="进校时间", pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")
    order: int = Field(default=0, title="花名册次序", ge=0)
    note: Annotated[str, Long()] = Field(default="", title="备注")

    def seniority(self, day: date) -> int | None:
        """教龄: whole school years worked at 1 September before `day`; None where the start is unknown."""
        if not self.started:
            return None
        year, month = int(self.started[:4]), int(self.started[5:7] or 9)
        begun = year if month >= 9 else year - 1
        now = day.year if day.month >= 9 else day.year - 1
        return max(0, now - begun + (1 if month < 9 else 0))


class Group(Record):
    """处室, 教研组, 备课组, 年级, 班级, 领导小组: a tree of any kinds."""

    name: str = Field(title="名称", min_length=1, max_length=60)
    kind: choice(GROUP_KINDS) = Field(default="research", title="类型")  # type: ignore[valid-type]
    parent: "Ref[Group]" = Field(default=Ref(""), title="上级")
    subject: str = Field(default="", title="学科")
    grade: str = Field(default="", title="年级")
    order: int = Field(default=0, title="次序", ge=0)
    ended: bool = Field(default=False, title="已撤销")
    note: Annotated[str, Long()] = Field(default="", title="备注")


class Posting(Record):
    """What a teacher holds from a day to a day: a place in a group with a post, 职务, 职称, 骨干, 任教, 人员状态."""

    teacher: Ref[Teacher] = Field(title="教职工", min_length=1)
    what: choice(POSTING_KINDS) = Field(title="类别")  # type: ignore[valid-type]
    value: str = Field(default="", title="内容", description="职务、职称、称号、状态的名称;小组成员可填组长")
    group: Ref[Group] = Field(default=Ref(""), title="小组")
    subject: str = Field(default="", title="学科")
    grade: str = Field(default="", title="年级")
    classes: tuple[str, ...] = Field(default=(), title="班级")
    first: date | None = Field(default=None, title="起")
    last: Annotated[date | None, Ahead()] = Field(default=None, title="止")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.what == "member" and not self.group:
            raise ValueError("所在小组应选择一个小组")
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"止日 {self.last} 早于起日 {self.first}")
        return self

    def holds(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


TEACHER = Register(
    "teacher", "教职工", Teacher,
    columns=("name", "category", "gender", "number", "education", "started", "phone"),
    label=("name",), search=("name", "number", "note", "college"), sort=("order", "name"), numbered="order",
    indexed=("name", "category"), group="人员",
)
GROUP = Register(
    "group", "机构与小组", Group, columns=("name", "kind", "parent", "subject", "grade", "ended"),
    label=("name",), search=("name", "subject", "grade"), sort=("order", "name"), numbered="order", unique=(("name",),),
    indexed=("kind", "parent"), group="人员", rights=Rights(write=frozenset({"admin", "office", "leader"})),
)
POSTING = Register(
    "posting", "任职与任教", Posting,
    columns=("teacher", "what", "value", "group", "subject", "grade", "classes", "first", "last"),
    label=("what", "value"), search=("value", "subject", "grade"), indexed=("teacher", "what", "group"), group="人员",
    rights=Rights(write=frozenset({"admin", "office"})),
)
