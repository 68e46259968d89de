"""subjects.topic: what a subject studies this term, by grade. subjects.lesson: the lesson of an activity."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from jiaoyan.api import (
    Activity,
    Clause,
    Facet,
    Given,
    Group,
    Long,
    Plan,
    Record,
    Ref,
    Register,
    Rights,
    Step,
    Term,
    Under,
    Workflow,
    choice,
)

TOPIC_STATES = {"planned": "拟定", "running": "研究中", "done": "已小结", "dropped": "中止"}
LESSON_TYPES = {
    "": "", "new": "新授课", "practice": "练习课", "revision": "复习课", "comment": "讲评课", "experiment": "实验课",
    "activity": "活动课", "reading": "阅读课", "writing": "习作课",
}


class Topic(Record):
    """A research topic of a subject, for a grade or for all of them."""

    subject: str = Field(title="学科", min_length=1, max_length=20)
    grade: str = Field(default="", title="年级", max_length=20)
    title: str = Field(title="主题", min_length=1, max_length=120)
    group: Ref[Group] = Field(default=Ref(""), title="小组")
    term: Ref[Term] = Field(default=Ref(""), title="学期")
    state: choice(TOPIC_STATES) = Field(default="planned", title="状态")  # type: ignore[valid-type]
    result: Annotated[str, Long()] = Field(default="", title="小结")
    plan: Annotated[Ref[Plan], Given()] = Field(default=Ref(""), title="来自计划")
    clause: Annotated[Ref[Clause], Given()] = Field(default=Ref(""), title="计划条目")
    origin: Annotated[str | None, Given(shown=False)] = Field(default=None, title="来源")


class Lesson(Record):
    """The lesson that was taught and observed; who taught it is the activity's 主讲人, who listened its 参加人员."""

    subject: str = Field(title="学科", min_length=1, max_length=20)
    grade: str = Field(default="", title="年级", max_length=20)
    class_name: str = Field(default="", title="班级", max_length=20)
    topic: str = Field(title="课题", min_length=1, max_length=120)
    type: choice(LESSON_TYPES) = Field(default="", title="课型")  # type: ignore[valid-type]
    strengths: Annotated[str, Long()] = Field(default="", title="优点")
    advice: Annotated[str, Long()] = Field(default="", title="建议")
    grade_given: str = Field(default="", title="等级", max_length=10)


TOPIC = Register(
    "subjects.topic", "教研主题", Topic, columns=("subject", "grade", "title", "group", "term", "state"),
    label=("title",), search=("subject", "grade", "title"), sort=("subject", "grade"), unique=(("origin",),),
    indexed=("subject", "term"),
    workflow=Workflow(
        TOPIC_STATES,
        (
            Step("running", "开始研究", ("planned", "dropped")),
            Step("done", "小结", ("running",), needs=("result",)),
            Step("dropped", "中止", ("planned", "running")),
            Step("running", "重新研究", ("done",)),
        ),
        begins=("running",),
    ),
    rights=Rights(write=frozenset({"admin", "office", "leader"})),
)
LESSON = Facet(
    "subjects.lesson", "课例", "activity", Lesson, Activity,
    shown=Under(field="kind", value="listen"), columns=("subject", "grade", "class_name", "topic"),
)
