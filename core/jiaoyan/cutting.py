"""Keeping the figures of a day as they were reported, and explaining what differs when they are counted again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jiaoyan.dossier import Section, Target
from jiaoyan.model.cuts import Cut, CutFigure
from jiaoyan.past import local_time
from jiaoyan.records import plain
from jiaoyan.requirements import BEHIND, MARKS, STATES, Board, Progress, board, entries_behind

if TYPE_CHECKING:
    from jiaoyan.school import School


def keep_cut(school: School, title: str, found: Board, note: str = "") -> Cut:
    """Keeps what a board says. Raises Refused."""
    cut = Cut(
        title=title, day=found.day, kept=school.stamp(), note=note, figures=tuple(_figure(row) for row in found.rows),
    )
    with school.change(f"存月报 {title}") as change:
        return change.save(cut)


def usual_title(day: date) -> str:
    return f"{day.month}月完成情况"


def _figure(row: Progress) -> CutFigure:
    requirement = row.requirement
    return CutFigure(
        requirement=requirement.id, subject=row.subject, scope=requirement.scope, name=row.name, title=requirement.title,
        unit=requirement.unit, done=row.done, total=row.total, missing=row.missing, state=row.state,
    )


FIGURES = ("状态", "姓名或小组", "要求", "已完成", "应完成", "还差", "单位")


def figure_rows(cut: Cut) -> list[tuple[Any, ...]]:
    """Every figure of a cut, as FIGURES names them; amounts are numbers."""
    return [(STATES[f.state], f.name, f.title, f.done, f.total, f.missing, f.unit) for f in cut.figures]


def cut_sections(school: School, cut: Cut) -> Iterator[Section]:
    """A cut as it is looked at: how many stood how, who lacked what, and what has become of it since."""
    counts = Counter(figure.state for figure in cut.figures)
    yield Section("当时的合计", (), tuple((STATES[state], f"{counts[state]} 项") for state in STATES if counts[state]))
    yield _later(school, cut)
    gaps = sorted((f for f in cut.figures if f.state in BEHIND and f.missing > 0 and f.state != "pending"),
                  key=lambda f: BEHIND.index(f.state))
    yield Section(
        "当时的欠缺", ("状态", "姓名或小组", "要求", "完成", "差"),
        tuple((STATES[f.state], f.name, f.title, _amounts(f.done, f.total, f.unit), plain(f.missing)) for f in gaps),
        tuple(MARKS.get(f.state, "") for f in gaps),
    )


def _later(school: School, cut: Cut) -> Section:
    """What differs now, and the records that were entered or changed after the cut."""
    term = school.term(cut.day)
    now = {(row.requirement.id, row.subject): row for row in board(school, cut.day, term).rows}
    rows: list[tuple[str, ...]] = []
    targets: list[Target | None] = []
    for figure in cut.figures:
        row = now.get((figure.requirement, figure.subject))
        before = _amounts(figure.done, figure.total, figure.unit)
        if row is None:
            rows.append((figure.name, figure.title, before, "—", "要求已不在,或人员已变动"))
            targets.append(None)
        elif (row.done, row.total, row.state) != (figure.done, figure.total, figure.state):
            why, target = _why(school, cut, figure, row)
            rows.append((figure.name, figure.title, before, _amounts(row.done, row.total, figure.unit), why))
            targets.append(target)
    note = f"按现在的记录重新统计到 {cut.day}{'' if rows else ',没有不同'}"
    return Section(
        f"{local_time(cut.kept)[:10]} 以后的变化", ("姓名或小组", "要求", "当时", "现在", "原因") if rows else (), tuple(rows),
        targets=tuple(targets), note=note,
    )


def _why(school: School, cut: Cut, figure: CutFigure, row: Progress) -> tuple[str, Target | None]:
    """In words, and the first record that is the cause."""
    if row.reason and row.total != figure.total:
        return f"{'免做' if row.state == 'waived' else '改量'}:{row.reason}", None
    if row.total != figure.total:
        return "要求改过", None
    entries = entries_behind(school, row, cut.day, school.term(cut.day))
    written = {str(e["record"]): school.store.history_of(str(e["register"]), str(e["record"])) for e in entries}
    late = [e for e in entries if written[str(e["record"])][0].time > cut.kept]
    late = late or [e for e in entries if written[str(e["record"])][-1].time > cut.kept]  # nothing new: what was edited since
    named = [
        f"{school.name_of(str(e['register']), str(e['record']))}({str(e['day'])[5:]},"
        f"{local_time(written[str(e['record'])][-1].time)[5:10]} 录入)" for e in late
    ]
    target = (str(late[0]["register"]), str(late[0]["record"])) if late else None
    if row.done > figure.done:
        return f"补录:{'、'.join(dict.fromkeys(named)) or '原因不明'}", target
    if row.done < figure.done:
        return "有记录被改动或删除", target
    return "要求或时间改过", None


def _amounts(done: Decimal, total: Decimal, unit: str) -> str:
    return f"{plain(done)}/{plain(total)}{unit}"
