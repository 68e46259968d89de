"""Making the sample school: a term half gone, with everything that happens in one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from jiaoyan.host.manifest import installed
from jiaoyan.school import School, china_now
from jiaoyan.settings import Settings
from jiaoyan_tui.sample.calendar import half_gone, term_before
from jiaoyan_tui.sample.credits import claim_credits
from jiaoyan_tui.sample.duties import answer_tasks, waive
from jiaoyan_tui.sample.lessons import hear_lessons
from jiaoyan_tui.sample.meetings import hold_meetings
from jiaoyan_tui.sample.people import enlist
from jiaoyan_tui.sample.plans import take_plans
from jiaoyan_tui.sample.preparing import prepare_lessons, study_topics
from jiaoyan_tui.sample.safety import keep_safe
from jiaoyan_tui.sample.scene import Scene
from jiaoyan_tui.sample.works import hand_in

NAME = "望溪小学(示例)"
CLASSES = 4
MARKER = ".sample"
"""The file that tells that a school's folder is a sample and may be replaced."""


def _quiet(_: str) -> None:
    """Tells nobody."""


def make_sample(target: Path, now: Callable[[], datetime] = china_now, progress: Callable[[str], None] = _quiet) -> None:
    """Make the sample school in a new or empty folder; nothing stays of one half made. Raises BadInput."""
    begun = now()  # one moment for the whole making: a sample made over midnight is no other sample
    plugins = tuple(id for id, found in installed().items() if found.manifest is not None)
    progress("建立示例学校…")
    school = School.create(target, Settings(name=NAME, classes=CLASSES, plugins=plugins), now=lambda: begun)
    try:
        with school:
            (target / MARKER).write_text("这是示例学校,可以随时重建:jiaoyan demo\n", encoding="utf-8")
            _fill(school, progress)
    except BaseException:
        for path in target.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _fill(school: School, progress: Callable[[str], None]) -> None:
    term = half_gone(school, school.term())
    before = term_before(school, term)
    with school.change("示例:学期与校历") as change:
        change.save(term)
        change.save(before)
    scene = Scene(school, school.term())
    progress("登记教职工、小组和任课…")
    enlist(scene)
    progress("读入计划…")
    take_plans(scene, before)
    progress("开展教研活动、考勤…")
    hold_meetings(scene)
    prepare_lessons(scene)
    study_topics(scene)
    progress("听课、评课…")
    hear_lessons(scene)
    progress("上交反思、案例和笔记…")
    hand_in(scene)
    progress("安全检查与演练…")
    keep_safe(scene)
    progress("落实任务、免做…")
    answer_tasks(scene)
    waive(scene)
    progress("学分方案与申报…")
    claim_credits(scene)
