"""Lessons: 公开课 given, lessons heard by colleagues, 推门课 of the leaders, each with its 课例."""

from __future__ import annotations

from datetime import date

from jiaoyan.model.activities import Activity, Participant
from jiaoyan.records import Record, Ref
from jiaoyan.terms import When
from jiaoyan_tui.sample.scene import Scene

WEIGHT = {"ahead": 5.0, "usual": 2.0, "behind": 0.5}
OPEN_SO_FAR = {"ahead": 0.95, "usual": 0.45, "behind": 0.1}
HEARD = 84
DROPPED_IN = {"ahead": (14, 18), "usual": (5, 12), "behind": (2, 4)}
MODEL = 0.6
"""How likely a lesson of somebody with a title is a 示范课."""
LEADERS = ("校长", "教学副校长", "德育副校长", "教导主任", "教科室主任", "德育主任")
LESSONS_A_DAY = 6


def hear_lessons(scene: Scene) -> None:
    """Write the lessons of the past weeks in one change."""
    days = scene.past()
    records: list[Record] = []
    for teacher in scene.on_duty():
        if scene.random.random() < OPEN_SO_FAR[scene.pace[teacher]]:
            honoured = scene.staff.members[teacher].facts["honours"]
            kind = "model_lesson" if honoured and scene.random.random() < MODEL else "open"
            records += _lesson(scene, kind, teacher, scene.random.choice(days), _listeners(scene, teacher, 6, 12))
    for _ in range(HEARD):
        teacher = scene.random.choice(scene.on_duty())
        records += _lesson(scene, "listen", teacher, scene.random.choice(days), _listeners(scene, teacher, 2, 6))
    for leader in scene.holders(*LEADERS):
        for _ in range(scene.random.randint(*DROPPED_IN[scene.pace[leader]])):
            teacher = scene.random.choice([t for t in scene.on_duty() if t != leader])
            records += _lesson(scene, "drop_in", teacher, scene.random.choice(days), [leader])
    with scene.school.change("示例:公开课与听课") as change:
        for record in records:
            change.save(record)


def _listeners(scene: Scene, teacher: str, least: int, most: int) -> list[str]:
    """Colleagues of the group first, then others; the eager ones come oftener."""
    own = set(scene.staff.members[teacher].facts["groups"])
    there = [t for t in scene.on_duty() if t != teacher]
    weights = [
        WEIGHT[scene.pace[t]] * (4 if own & set(scene.staff.members[t].facts["groups"]) else 1) for t in there
    ]
    chosen = scene.random.choices(there, weights, k=scene.random.randint(least, most))
    return list(dict.fromkeys(chosen))


def _lesson(scene: Scene, kind: str, teacher: str, day: date, listeners: list[str]) -> list[Record]:
    subject, facts = scene.subject(teacher), scene.staff.members[teacher].facts
    words = scene.words["lesson"]
    class_name = scene.random.choice(facts["classes"] or ["五(1)班"])
    topic = scene.lesson(subject, class_name)
    group = next((g for g in facts["groups"] if scene.staff.groups[g].kind == "research"), None)
    double = kind == "listen" and scene.random.random() < 0.06
    activity = Activity(
        title=f"{class_name}{subject}《{topic.removeprefix('习作:')}》", kind=kind, speaker=Ref(teacher), place=f"{class_name}教室",
        when=When.on(day, lesson=scene.random.randint(1, LESSONS_A_DAY)), minutes=80 if double else 40, amount=2 if double else 1,
        groups=(Ref(group),) if group and kind in ("open", "model_lesson") else (),
        participants=tuple(
            Participant(teacher=Ref(t), attendance="present", spoke=scene.random.random() < 0.4) for t in listeners
        ),
        state="recorded" if scene.random.random() < 0.9 else "held", record=scene.random.choice(words["strengths"]),
    )
    facet = scene.facet("subjects.lesson")
    if facet is None:
        return [activity]
    return [activity, scene.made(
        facet, id=activity.id, subject=facts["subjects"][0] if facts["subjects"] else subject, grade=f"{class_name[0]}年级",
        class_name=class_name, topic=topic, type=scene.random.choice(words["types"]),
        strengths=scene.random.choice(words["strengths"]), advice=scene.random.choice(words["advice"]),
        grade_given=scene.random.choice(words["grades"]),
    )]
