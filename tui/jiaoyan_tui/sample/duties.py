"""Tasks answered, partly answered or left; and who need not do what others must."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from jiaoyan.model.activities import Activity
from jiaoyan.model.duties import Requirement, Waiver
from jiaoyan.model.tasks import Task
from jiaoyan.records import Ref
from jiaoyan_tui.sample.scene import Scene


def answer_tasks(scene: Scene) -> None:
    """Most tasks whose time is over were seen to; of the month's some are under way."""
    tasks = scene.school.records(Task).all()
    tasks.sort(key=lambda t: (str(t.when.last) if t.when else "", t.title))
    words = scene.words["task"]
    held = [a.id for a in _held(scene)]
    cancelled = False
    with scene.school.change("示例:任务落实情况") as change:
        for task in tasks:
            if task.when is None or task.when.first >= scene.today:
                continue
            chance, over = scene.random.random(), task.when.last < scene.today
            if over and not cancelled and task is not tasks[0]:
                cancelled = True
                change.save(task.but(state="cancelled", reason=words["cancelled"]))
            elif chance < (0.7 if over else 0.25):
                evidence = (f"activity:{scene.random.choice(held)}",) if held and scene.random.random() < 0.3 else ()
                change.save(task.but(state="done", answer=scene.random.choice(words["answers"]), evidence=evidence))
            elif chance < (0.82 if over else 0.4):
                change.save(task.but(state="partly", answer=scene.random.choice(words["partly"])))
            elif not over and chance < 0.75:
                change.save(task.but(state="doing"))


def _held(scene: Scene) -> list[Activity]:
    found = [a for a in scene.school.records(Activity).all() if a.state == "reviewed"]
    return sorted(found, key=lambda a: (a.when.first, a.title))


@dataclass(frozen=True, slots=True)
class Exemption:
    """A teacher or group, the kind of duty, and why it is not owed in full."""

    who: str
    kind: str
    reason: str
    amount: int | None = None


EXEMPTIONS = (
    Exemption("秦守正", "listen", "抽调县督导组两个月,经校务会同意减为20节", 20),
    Exemption("翟玉兰", "open", "明年退休,按惯例免上公开课"),
    Exemption("翟玉兰", "case", "明年退休,免写案例"),
    Exemption("葛红梅", "reflection", "腰椎手术后康复,医嘱减少伏案,经本人申请教导处同意"),
    Exemption("程墨", "project_share", "新入职第一年,先过课堂关"),
    Exemption("叶知秋", "project_share", "新入职第一年,先过课堂关"),
    Exemption("顾春芳", "listen", "外聘代课,只承担本班教学"),
    Exemption("美术教研组", "research", "全组两人,与音乐组合并开展,由教科室批准"),
)


def waive(scene: Scene) -> None:
    """Write the waivers, one for every requirement of that kind that the person or group owes."""
    requirements = scene.school.records(Requirement).all()
    with scene.school.change("示例:免做") as change:
        for exemption in EXEMPTIONS:
            for waiver in _waivers(scene, exemption, requirements):
                change.save(waiver)


def _waivers(scene: Scene, exemption: Exemption, requirements: list[Requirement]) -> Iterator[Waiver]:
    group = scene.groups.get(exemption.who)
    facts = None if group else scene.staff.members[scene.teacher(exemption.who)].facts
    for requirement in requirements:
        scope = "group" if group else "teacher"
        if exemption.kind not in requirement.kinds or requirement.scope != scope:
            continue
        if facts is not None and not (requirement.who(facts) if requirement.who else facts["category"] == "teaching"):
            continue
        yield Waiver(
            requirement=Ref(requirement.id), teacher=Ref("" if group else scene.teacher(exemption.who)),
            group=Ref(group.id if group else ""), first=scene.term.opens, last=scene.term.closes, reason=exemption.reason,
            amount=Decimal(exemption.amount) if exemption.amount else None,
        )
