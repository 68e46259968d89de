"""What no plan dates: 备课组 preparing lessons together, the office's monthly checks, topics under study."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from jiaoyan.model.activities import Activity, Participant
from jiaoyan.model.people import Group
from jiaoyan.model.plans import Plan
from jiaoyan.records import Ref
from jiaoyan.terms import When
from jiaoyan_tui.sample.scene import Scene

SLACK = {"四年级数学备课组": 0.5, "六年级语文备课组": 0.7}
"""备课组 that meet less often than they should."""
KEPT = 0.96
MONTHLY = "英语教研组"
"""The small group that prepares a unit together once a month."""
CHECKED = ("教案", "作业批改", "听课记录", "备课组记录")


def prepare_lessons(scene: Scene) -> None:
    """集体备课 every other week and the checks of each month, in one change."""
    with scene.school.change("示例:集体备课与常规检查") as change:
        for activity in (*_rounds(scene), *_units(scene), *_checks(scene)):
            change.save(activity)


def _rounds(scene: Scene) -> Iterator[Activity]:
    weeks = [w for w in scene.term.teaching_weeks() if scene.term.week(w).first < scene.today]
    groups = sorted((g for g in scene.groups.values() if g.kind == "prep"), key=lambda g: g.order)
    for place, group in enumerate(groups):
        for number, week in enumerate(weeks[place % 2 :: 2]):
            days = [d for d in scene.taught(scene.term.week(week).first, scene.term.week(week).last) if d < scene.today]
            if days and scene.random.random() < SLACK.get(group.name, KEPT):
                yield _round(scene, group, days[place % len(days)], number)


def _round(scene: Scene, group: Group, day: date, number: int) -> Activity:
    """One meeting of a 备课组: who prepares takes turns."""
    members = scene.members(group.id)
    speaker = members[number % len(members)]
    grade = group.grade or next(iter(scene.staff.members[speaker].facts["grades"]), "")
    lesson = scene.lesson(scene.subject(speaker), grade)
    problem = scene.random.choice(scene.words["meeting"]["problems"])
    return Activity(
        title=f"{group.name.removesuffix('备课组')}集体备课:{lesson.removeprefix('习作:')}", kind="prep", when=When.on(day), minutes=60,
        groups=(Ref(group.id),), speaker=Ref(speaker), place=scene.random.choice(scene.words["meeting"]["places"]),
        participants=tuple(
            Participant(teacher=Ref(m), attendance="present" if m == speaker or scene.random.random() < 0.96 else "personal")
            for m in members
        ),
        state="recorded", record=f"{scene.staff.name(speaker)}主备,说明教材与学情。针对“{problem}”议定两处修改,形成共案,各班再作个案调整。",
    )


def _units(scene: Scene) -> Iterator[Activity]:
    for number, (_, days) in enumerate(scene.months()):
        yield _round(scene, scene.groups[MONTHLY], days[-1], number)


def _checks(scene: Scene) -> Iterator[Activity]:
    """The office checks 常规 each month; the month under way has not had its check."""
    for number, (month, days) in enumerate(scene.months()):
        if (month.year, month.month) == (scene.today.year, scene.today.month):
            continue
        what = CHECKED[number % len(CHECKED)]
        inspectors = scene.holders("教导主任", "教学副校长", "教科室主任")
        yield Activity(
            title=f"教学常规检查:{what}", kind="check", when=When.on(days[-1]), groups=(scene.group("教导处"),), place="教导处",
            speaker=Ref(inspectors[0]), participants=tuple(Participant(teacher=Ref(t), attendance="present") for t in inspectors),
            minutes=120, state="recorded", record=f"抽查{what}三十份,优二十一份,良七份,需补两份,已当面反馈。",
        )


def study_topics(scene: Scene) -> None:
    """Most topics of the plan are under study; the summary of the last term is filed."""
    register = scene.register("subjects.topic")
    with scene.school.change("示例:主题研究与归档") as change:
        for number, topic in enumerate(scene.school.records(register).all() if register is not None else ()):
            if number % 6 != 5:
                change.save(topic.but(state="running"))
        for plan in scene.school.records(Plan).all():
            if plan.nature != "plan":
                change.save(plan.but(state="archived"))
