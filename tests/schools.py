"""Schools for tests, in the words of the field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from jiaoyan.host.manifest import Found, installed
from jiaoyan.model.activities import Activity, Participant
from jiaoyan.model.duties import Requirement
from jiaoyan.model.people import Group, Posting, Teacher
from jiaoyan.model.works import Work
from jiaoyan.records import Record, Ref
from jiaoyan.school import CST, School
from jiaoyan.settings import Settings
from jiaoyan.terms import When

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=CST)
NAMES = ("张敏", "李强", "王芳", "赵磊", "单小红", "欧阳修远")


def now() -> datetime:
    return NOW


def an_empty_school(folder: Path, plugins: Iterable[str] = (), found: Mapping[str, Found] | None = None) -> School:
    """A school just made, in the autumn of 2026."""
    settings = Settings(name="青山小学", plugins=tuple(plugins), offices=(), classes=0)
    return School.create(folder, settings, account="unix:jiaowu", now=now, found=installed() if found is None else found)


def a_school(folder: Path, plugins: Iterable[str] = ()) -> School:
    """Six teachers in two 教研组; 张敏 is new, 赵磊 leads the 数学教研组, 王芳 is on 产假."""
    school = an_empty_school(folder, plugins)
    with school.change("开学") as change:
        chinese = change.save(Group(name="语文教研组", kind="research", subject="语文"))
        maths = change.save(Group(name="数学教研组", kind="research", subject="数学"))
        for order, name in enumerate(NAMES, 1):
            started = "2025-09" if name == "张敏" else "2005-07"
            teacher = change.save(Teacher(name=name, order=order, started=started, phone=f"1380000000{order}"))
            group = chinese if order <= 3 else maths
            post = "教研组长" if name == "赵磊" else ""
            change.save(Posting(teacher=Ref(teacher.id), what="member", group=Ref(group.id), value=post))
            change.save(Posting(teacher=Ref(teacher.id), what="teaches", subject=group.subject, grade="三年级"))
            if name == "王芳":
                change.save(Posting(teacher=Ref(teacher.id), what="state", value="产假", first=date(2026, 9, 1)))
    return school


def teacher(school: School, name: str) -> Ref[Teacher]:
    return Ref(school.records(Teacher).find(name).id)


def group(school: School, name: str) -> Ref[Group]:
    return Ref(school.records(Group).find(name).id)


def saved(school: School, *records: Record, label: str = "录入") -> None:
    with school.change(label) as change:
        for record in records:
            change.save(record)


def a_lesson_heard(school: School, day: date, by: Iterable[str], taught_by: str = "赵磊", lessons: int = 1) -> Activity:
    """听课: one lesson, heard by several."""
    return Activity(
        title="三年级数学课", kind="listen", when=When.on(day), speaker=teacher(school, taught_by), state="held", amount=lessons,
        participants=tuple(Participant(teacher=teacher(school, name), attendance="present") for name in by),
    )


def a_reflection(school: School, day: date, by: str, chars: int = 600) -> Work:
    return Work(kind="reflection", title="一节课的反思", authors=(teacher(school, by),), day=day, chars=chars)


def a_requirement(**fields: object) -> Requirement:
    values = {"title": "每学期听课不少于 15 节", "kinds": ("listen",), "measure": "amount", "amount": 15}
    return Requirement.model_validate({**values, **fields})
