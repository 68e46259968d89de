"""What teachers hand in: reflections by the month, notes, cases, books read, 小课题, designs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from jiaoyan.model.works import Work
from jiaoyan.records import Ref
from jiaoyan_tui.sample.scene import Scene

WRITER = "施佳宁"
"""Whose personal plan asks for more."""
TOO_SHORT = 0.08
NOTES = {"ahead": (3, 5), "usual": (1, 3), "behind": (0, 1)}


def hand_in(scene: Scene) -> None:
    """Write all works in one change, the older ones looked through and graded."""
    with scene.school.change("示例:反思、案例、读书笔记") as change:
        for teacher in scene.on_duty():
            for work in (*_monthly(scene, teacher), *_of_term(scene, teacher)):
                change.save(work)
        for work in _projects(scene):
            change.save(work)


def _work(scene: Scene, kind: str, title: str, day: date, *authors: str, chars: int = 0) -> Work:
    old = (scene.today - day).days > 14
    state = "handed" if not old or scene.random.random() < 0.25 else "recommended" if scene.random.random() < 0.06 else "reviewed"
    grade = scene.random.choice(scene.words["lesson"]["grades"]) if state != "handed" else ""
    return Work(kind=kind, title=title, authors=tuple(Ref(a) for a in authors), day=day, chars=chars, state=state, grade=grade)


def _monthly(scene: Scene, teacher: str) -> Iterator[Work]:
    """A reflection a month, some too short; a piece of reading notes for the month in the 语文组."""
    words, writer = scene.words["work"], scene.staff.name(teacher) == WRITER
    chinese = scene.subject(teacher) == "语文"
    for _, days in scene.months():
        for _ in range(2 if writer else 1):
            if writer or scene.does(teacher):
                short = not writer and scene.random.random() < TOO_SHORT
                chars = scene.random.randint(260, 480) if short else scene.random.randint(820 if writer else 510, 1250)
                yield _work(scene, "reflection", scene.random.choice(words["reflections"]), scene.random.choice(days), teacher,
                            chars=chars)
        if chinese and scene.does(teacher):
            yield _work(scene, "notes", scene.random.choice(words["notes"]), scene.random.choice(days), teacher,
                        chars=scene.random.randint(610, 900))


def _of_term(scene: Scene, teacher: str) -> Iterator[Work]:
    """Notes, cases, books and designs, whenever they come."""
    words, days, pace = scene.words["work"], scene.past(), scene.pace[teacher]
    for _ in range(scene.random.randint(*NOTES[pace])):
        yield _work(scene, "notes", scene.random.choice(words["notes"]), scene.random.choice(days), teacher,
                    chars=scene.random.randint(700, 1900))
    likely = {"ahead": 0.9, "usual": 0.35, "behind": 0.05}[pace]
    for kind, titles in (("case", words["cases"]), ("book", words["books"]), ("design", words["designs"])):
        if scene.random.random() < likely:
            title = scene.random.choice(titles)
            yield _work(scene, kind, f"《{title}》" if kind == "book" else title, scene.random.choice(days), teacher,
                        chars=0 if kind == "book" else scene.random.randint(1200, 2600))
    if pace == "ahead" and scene.random.random() < 0.6:
        paper = _work(scene, "paper", f"浅谈{scene.random.choice(words['projects'])}", scene.random.choice(days), teacher,
                      chars=scene.random.randint(2500, 4200))
        yield paper.but(state="honoured", level=scene.random.choice(["county", "city"]), prize="论文评比二等奖")


def _projects(scene: Scene) -> Iterator[Work]:
    """小课题 with several people in each."""
    free = [t for t in scene.on_duty() if scene.does(t)]
    scene.random.shuffle(free)
    for title in scene.words["work"]["projects"]:
        team, free = free[:5], free[5:]
        if team:
            yield _work(scene, "project_share", f"小课题:{title}", scene.random.choice(scene.past()), *team)
