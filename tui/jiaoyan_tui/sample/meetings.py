"""Group meetings and school events of the past weeks: held, attended, recorded, or 停开."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from jiaoyan.model.activities import Activity, ActivityPart, Participant
from jiaoyan.records import Ref
from jiaoyan.terms import When
from jiaoyan_tui.sample.scene import Scene

ATTENDANCE = {"present": 900, "late": 28, "early": 8, "personal": 20, "sick": 18, "duty": 18, "absent": 8}
CARELESS = {"present": 780, "late": 90, "early": 30, "personal": 50, "sick": 15, "duty": 15, "absent": 60}
VISITORS = ("校长", "教学副校长", "教导主任", "教科室主任")
"""Leaders who sit in on groups' meetings, 列席."""
SOMETIMES_CANCELLED = {"音乐教研组": 0.3, "美术教研组": 0.25}
CANCELLED, UNRECORDED = 0.05, 0.08
BEGINNING = 2
"""Weeks at the beginning in which nothing is 停开."""
LOOKED_THROUGH = timedelta(weeks=3)
EVERYBODY = ("training", "lecture", "meeting", "quality_meeting", "contest", "drill", "reading", "safety_training")


def hold_meetings(scene: Scene) -> None:
    """Carry out the planned activities whose time has come, in one change; look old records through in a second one."""
    activities = scene.school.records(Activity).all()
    activities.sort(key=lambda a: (a.when.first, a.when.last, a.title, [scene.staff.groups[g].order for g in a.groups]))
    done: list[Activity] = []
    with scene.school.change("示例:教研活动与考勤") as change:
        for activity in activities:
            held = _slot(scene, activity) if activity.when.precision == "day" else _event(scene, activity)
            if held is not None:
                done.append(change.save(held))
    _look_through(scene, [a.id for a in done if a.state == "recorded" and a.when.last < scene.today - LOOKED_THROUGH])


def _look_through(scene: Scene, ids: Iterable[str]) -> None:
    """查阅 by the office: a step of its own."""
    with scene.school.change("示例:查阅活动记录") as change:
        for id in ids:
            change.save(scene.school.records(Activity).get(id).but(state="reviewed"))


# ---- weekly meetings ------------------------------------------------------------------------------------------------
def _slot(scene: Scene, activity: Activity) -> Activity | None:
    """One week's meeting of a group: past ones held or 停开, the coming one announced."""
    day = activity.when.first
    if day >= scene.today:
        return activity.but(state="notified", place=_place(scene)) if day <= scene.today + timedelta(days=7) else None
    group = next(iter(activity.groups), None)
    if group is None:
        return None
    name, chance = scene.staff.groups[group].name, scene.random.random()
    limit = SOMETIMES_CANCELLED.get(name, CANCELLED) if scene.term.week_of(day) > BEGINNING else 0
    if chance < limit:
        return activity.but(state="cancelled", note=scene.random.choice(scene.words["meeting"]["cancelled"]))
    themes = scene.words["subject"][name.removesuffix("教研组")]["meetings"]
    title = themes[(scene.term.week_of(day) - 1) % len(themes)]
    members = scene.members(group)
    speaker = members[(scene.term.week_of(day) * 3) % len(members)]
    held = activity.but(
        title=f"{name.removesuffix('教研组')}组:{title}", place=_place(scene), speaker=speaker, minutes=80,
        participants=_roll_call(scene, members, speaker), parts=_parts(scene, members, speaker, title), state="held",
    )
    return held if chance < limit + UNRECORDED else _recorded(scene, held, title)


def _parts(scene: Scene, members: list[str], speaker: str, title: str) -> tuple[ActivityPart, ...]:
    """环节: an exchange of problems, the theme, who prepares next week's."""
    words = scene.words["meeting"]
    others = [m for m in members if m != speaker] or members
    return (
        ActivityPart(kind="exchange", title=f"问题交流:{scene.random.choice(words['problems'])}", minutes=20,
                     teacher=Ref(scene.random.choice(others)), result=scene.random.choice(words["results"])),
        ActivityPart(kind="theme", title=title, teacher=Ref(speaker), minutes=45),
        ActivityPart(kind="prep", title="下周主备说课", teacher=Ref(scene.random.choice(others)), minutes=15),
    )


def _roll_call(scene: Scene, members: Iterable[str], speaker: str, visitors: bool = True) -> tuple[Participant, ...]:
    """考勤: who should be there, then a leader who sits in and now and then a guest from outside."""
    there = list(members)
    people = []
    for member in there:
        odds = CARELESS if scene.pace[member] == "behind" else ATTENDANCE
        state = "present" if member == speaker else scene.random.choices(list(odds), list(odds.values()))[0]
        came = state in ("present", "late", "early")
        note = {"personal": "已请假", "sick": "已请假", "duty": "外出学习"}.get(state, "")
        people.append(
            Participant(teacher=Ref(member), attendance=state, note=note, spoke=came and scene.random.random() < 0.35)
        )
    leaders = [leader for leader in scene.holders(*VISITORS) if leader not in there]
    if visitors and leaders and scene.random.random() < 0.35:
        people.append(Participant(teacher=Ref(scene.random.choice(leaders)), attendance="guest"))
    if visitors and scene.random.random() < 0.06:
        people.append(Participant(name="县教研室 杨老师", attendance="guest", spoke=True))
    return tuple(people)


def _recorded(scene: Scene, held: Activity, title: str) -> Activity:
    text = scene.random.choice(scene.words["meeting"]["records"])
    return held.but(state="recorded", record=text.format(speaker=scene.staff.name(held.speaker) or "主持人", title=title))


def _place(scene: Scene) -> str:
    place: str = scene.random.choice(scene.words["meeting"]["places"])
    return place


# ---- events of month and week lists ---------------------------------------------------------------------------------
def _event(scene: Scene, activity: Activity) -> Activity | None:
    """An event without a day: most of those whose time is over were held on a day that is known now."""
    if activity.when.first >= scene.today:
        return None
    running = activity.when.last >= scene.today
    if scene.random.random() < (0.6 if running else 0.12):
        return None  # still to come, or forgotten
    day = _day(scene, activity.when)
    if day is None:
        return None
    kind = scene.school.kinds
    whole = any(activity.kind in kind.under(above) for above in EVERYBODY)
    group = next(iter(activity.groups), None)
    members = scene.members(group) if group else scene.on_duty() if whole else scene.holders("教研组长", *VISITORS)
    leaders = scene.holders("教学副校长", "教科室主任", "教导主任")
    honoured = [m for m in scene.on_duty() if scene.staff.members[m].facts["honours"]]
    chosen = members if group else leaders if activity.kind in ("meeting", "quality_meeting", "training") else honoured
    speaker = activity.speaker or Ref(scene.random.choice(chosen))
    held = activity.but(
        when=When.on(day), place=activity.place or _place(scene), speaker=speaker, minutes=60, state="held",
        participants=_roll_call(scene, members, speaker, visitors=False),
        groups=activity.groups or (scene.group("教导处"),),
    )
    return held if scene.random.random() < 0.1 else _recorded(scene, held, activity.title)


def _day(scene: Scene, when: When) -> date | None:
    days = [d for d in scene.taught(max(when.first, scene.term.opens), when.last) if d < scene.today]
    return scene.random.choice(days) if days else None
