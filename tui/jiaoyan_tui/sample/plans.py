"""The plans of the sample school, read by the reader and taken in as a clerk would."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from jiaoyan.carrying import Taken
from jiaoyan.planning import take_in
from jiaoyan.reader import Words, read_plans
from jiaoyan.terms import Term
from jiaoyan_tui.sample.calendar import half_name, month_name, year_name
from jiaoyan_tui.sample.scene import Scene, package_text

PLANS = {
    "school": "学校教研计划.txt", "chinese": "语文组计划.txt", "maths": "数学组计划.txt", "english": "英语组计划.txt",
    "pe": "体育组计划.txt", "safety": "安全工作计划.txt", "personal": "个人发展计划.txt",
}
SUMMARY = "上学期教研总结.txt"


def take_plans(scene: Scene, before: Term) -> list[Taken]:
    """Import every plan of the term, and the summary of the term before."""
    words = Words.builtin()
    for pack in scene.school.packs.words():
        words = words.extended(pack)
    values = _values(scene.term, before)
    taken: list[Taken] = []
    for stem, name in PLANS.items():
        text = package_text("plans", f"{stem}.txt").format_map(values)
        taken += take_in(scene.school, read_plans(text, words, name), scene.term, name)
    text = package_text("plans", "summary.txt").format_map(values)
    return taken + take_in(scene.school, read_plans(text, words, SUMMARY), before, SUMMARY)


def _values(term: Term, before: Term) -> Mapping[str, str]:
    """What stands in the texts for the terms and their months."""
    months = [_month(term.opens, n) for n in range(5)]
    return {
        "year": year_name(term), "half": half_name(term), "last_year": year_name(before), "last_half": half_name(before),
        **{f"m{n}": month_name(month) for n, month in enumerate(months, 1)},
    }


def _month(day: date, later: int) -> int:
    return (day.month - 1 + later) % 12 + 1
