"""Inspections that find hazards, hazards on their way to 销号, drills. Nothing where the plugin is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from jiaoyan.model.activities import Activity, Participant
from jiaoyan.records import Record, Ref
from jiaoyan.registers import Register
from jiaoyan.terms import When
from jiaoyan_tui.sample.scene import Scene

MONTHLY = (("fire_check", "全校消防设施"), ("food_check", "食堂操作间与库房"), ("building_check", "校舍与围墙"))
FIXERS = {"food": "吕桂香", "around": "田永福", "emergency": "田永福", "sport": "雷震"}
FIXER = "丁国强"
CHECKER = "石磊"
MISSED = 0.06
"""Share of class meetings that were not held in their month."""


def keep_safe(scene: Scene) -> None:
    """Inspections open hazards by the plugin's own rule; then some are put right, checked and closed."""
    inspections, hazards = scene.register("safety.inspection"), scene.register("safety.hazard")
    if inspections is not None and hazards is not None:
        with scene.school.change("示例:安全检查") as change:
            for record in _inspections(scene, inspections):
                change.save(record)
        _put_right(scene, hazards)
    with scene.school.change("示例:应急演练") as change:
        for record in _drills(scene):
            change.save(record)
    with scene.school.change("示例:安全主题班会") as change:
        for record in _class_meetings(scene):
            change.save(record)


# ---- class meetings -------------------------------------------------------------------------------------------------
def _class_meetings(scene: Scene) -> Iterator[Record]:
    """Each class once a month, led by its 班主任; a few have not been held."""
    if "safety_class" not in scene.school.kinds:
        return
    heads = {group: member.id for member in scene.staff.members.values() for group in member.facts["groups"]
             if "班主任" in member.facts["posts"]}
    classes = [group for group in scene.staff.groups.values() if group.kind == "class"]
    for number, (_, days) in enumerate(scene.months()):
        theme = scene.words["safety"]["themes"][number % len(scene.words["safety"]["themes"])]
        for group in classes:
            if scene.random.random() < MISSED:
                continue
            yield Activity(
                title=f"{group.name}主题班会:{theme}", kind="safety_class", when=When.on(scene.random.choice(days)),
                place=f"{group.name}教室", groups=(Ref(group.id),), speaker=Ref(heads.get(group.id, "")), minutes=40,
                state="recorded", record=f"学习{theme},学生讨论并写下自己的做法。",
            )


# ---- inspections ----------------------------------------------------------------------------------------------------
def _inspections(scene: Scene, register: Register[Any]) -> Iterator[Record]:
    """One by 安全办 a week, those of 总务处 by the month; a hazard in most weeks, 零隐患 in others."""
    words = scene.words["safety"]
    found = iter(words["hazards"])
    for number, day in enumerate(_weekly(scene)):
        findings = _fine(scene)
        if number % 4 != 3:
            findings += [_hazard(scene, bad) for bad in (next(found, None), next(found, None) if number % 3 == 0 else None) if bad]
        yield scene.made(
            register, kind="safety_check", day=day, area=words["areas"][number % len(words["areas"])], findings=findings,
            group=scene.group("安全办"), inspectors=[scene.teacher(CHECKER), scene.teacher("田永福")],
        )
    for month, (_, days) in enumerate(scene.months()):
        for kind, area in MONTHLY[: 3 if month % 2 == 0 else 2]:
            yield scene.made(
                register, kind=kind, day=scene.random.choice(days), area=area, findings=_fine(scene), group=scene.group("总务处"),
                inspectors=[scene.teacher("丁国强")], note="未发现隐患",
            )


def _weekly(scene: Scene) -> list[date]:
    """The last teaching day of each week gone by."""
    return list({scene.term.week_of(day): day for day in scene.past()}.values())


def _fine(scene: Scene) -> list[dict[str, Any]]:
    chosen = scene.random.sample(scene.words["safety"]["fine"], 3)
    return [{"kind": kind, "place": place, "ok": True} for kind, place in chosen]


def _hazard(scene: Scene, words: list[str]) -> dict[str, Any]:
    kind, place, text, mode = words
    owner = scene.teacher(FIXERS.get(kind, FIXER))
    return {"kind": kind, "place": place, "ok": False, "text": text, "mode": mode, "owner": owner}


# ---- hazards --------------------------------------------------------------------------------------------------------
def _put_right(scene: Scene, register: Register[Any]) -> None:
    """Old ones are closed, some wait to be checked, some are under way; of those left two are overdue."""
    hazards = scene.school.records(register).all()
    hazards.sort(key=lambda h: (h.day, h.number))
    stages = ["closed", "closed", "fixing", "closed", "fixed", "closed", "open"]
    aimed = {h.id: stages[n % len(stages)] for n, h in enumerate(hazards[:-1])} | {h.id: "open" for h in hazards[-1:]}
    with scene.school.change("示例:隐患整改") as change:
        for hazard in hazards:
            stage = aimed[hazard.id]
            if stage == "open":
                continue
            fixed_on = min(hazard.day + timedelta(days=scene.random.randint(0, 6)), scene.today)
            done: dict[str, Any] = {}
            if stage != "fixing":
                done = {"fixed_on": fixed_on, "fixer": hazard.owner, "measure": scene.random.choice(scene.words["safety"]["measures"])}
            change.save(hazard.but(state="fixing" if stage == "fixing" else "fixed", **done))
    with scene.school.change("示例:隐患销号") as change:
        for hazard in scene.school.records(register).all():
            if aimed[hazard.id] == "closed":
                checked_on = min(hazard.fixed_on + timedelta(days=1), scene.today)
                change.save(hazard.but(state="closed", checker=scene.teacher(CHECKER), checked_on=checked_on, result="合格"))


# ---- drills ---------------------------------------------------------------------------------------------------------
def _drills(scene: Scene) -> Iterator[Record]:
    """One a month so far, those that stand in a plan's month list first."""
    facet = scene.facet("safety.drill")
    if "drill" not in scene.school.kinds:
        return
    held = [a for a in scene.school.records(Activity).all() if a.kind == "drill" and a.state != "planned"]
    held.sort(key=lambda a: a.when.first)
    months = {a.when.first.replace(day=1) for a in held}
    for words, (month, days) in zip(_cycle(scene), scene.months(), strict=False):
        if month in months:
            activity = next(a for a in held if a.when.first.replace(day=1) == month)
        else:
            activity = _drill(scene, words, days[len(days) // 2])
            yield activity
        if facet is not None:
            facts = {name: words[name] for name in ("type", "people", "seconds", "route", "problems", "improvement")}
            yield scene.made(facet, id=activity.id, commander=scene.teacher("秦守正"), **facts)


def _cycle(scene: Scene) -> Iterator[dict[str, Any]]:
    while True:
        yield from scene.words["safety"]["drills"]


def _drill(scene: Scene, words: dict[str, Any], day: date) -> Activity:
    return Activity(
        title=words["title"], kind="drill", when=When.on(day), place="操场", groups=(scene.group("安全办"),),
        speaker=scene.teacher(CHECKER), minutes=20, state="recorded", record=words["problems"],
        participants=tuple(Participant(teacher=Ref(t), attendance="present") for t in scene.on_duty()),
    )
