"""jiaoyan status: progress of requirements at a day, and the gap list."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import click

from jiaoyan.cutting import keep_cut
from jiaoyan.host.contexts import Reminding
from jiaoyan.model.people import Group, Teacher
from jiaoyan.records import plain
from jiaoyan.requirements import STATES, Board, Progress, board, urgent_first
from jiaoyan.school import School
from jiaoyan_tui.commands.chinese import ChineseCommand
from jiaoyan_tui.commands.session import day_of, json_option, opened, say, say_json, say_table


@click.command(cls=ChineseCommand)
@click.option("--teacher", metavar="教职工", help="只看一人")
@click.option("--group", metavar="小组", help="只看一个小组及其成员")
@click.option("--day", metavar="日期", help="截至哪一天,默认今天")
@click.option("--keep", metavar="名称", help="把全部数字存为月报,如 10月完成情况;以后补录不改它")
@click.option("--all", "everything", is_flag=True, help="连同未到期和已完成的")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="文件", help="把名单写成 .xlsx 或 .csv")
@json_option
@click.pass_context
def status(
    context: click.Context, teacher: str | None, group: str | None, day: str | None, keep: str | None, everything: bool,
    output: Path | None, as_json: bool,
) -> None:
    """完成情况:谁、要求什么、已完成、应完成、还差、期限;逾期、偏慢、未到期分开。"""
    with opened(context, read_only=keep is None) as school:
        found = board(school, day_of(day, school))
        rows = _chosen(school, found, teacher, group)
        if output is not None:
            from jiaoyan.workbooks import progress_leaf, write_leaves

            leaf = progress_leaf("完成情况" if everything else "欠缺名单", (row for row in rows if everything or row.behind))
            write_leaves(output, f"{found.term.title} 截至 {found.day}", [leaf])
        kept = keep_cut(school, keep, found) if keep else None
        reminders = school.host.collect("reminders", Reminding(school, found.day))
        if as_json:
            say_json({
                "day": found.day, "term": found.term.code, "rows": [_as_json(row) for row in rows],
                "kept": kept.id if kept else None, "file": str(output) if output else None,
                "manual": [r.title for r in found.manual], "idle": [r.title for r in found.idle],
                "reminders": [{"text": r.text, "register": r.register, "record": r.record, "overdue": r.overdue} for _, r in reminders],
            })
            return
        _say_board(found, rows, everything)
        if reminders and not (teacher or group):
            say("\n提醒")
            for _, reminder in reminders:
                say(f"  {'逾期 ' if reminder.overdue else ''}{reminder.text}")
        if kept is not None:
            say(f"\n已存月报“{kept.title}”。查看:jiaoyan show cut {kept.title}")
        if output is not None:
            say(f"\n已写成 {output}")


def _chosen(school: School, found: Board, teacher: str | None, group: str | None) -> list[Progress]:
    rows = list(found.rows)
    if teacher:
        who = school.records(Teacher).find(teacher).id
        rows = [r for r in rows if r.requirement.scope == "teacher" and r.subject == who]
    if group:
        which = school.records(Group).find(group).id
        members = {m.id for m in school.staff(found.day).of_group(which)}
        rows = [r for r in rows if (r.subject == which if r.requirement.scope == "group" else r.subject in members)]
    return rows


def _as_json(row: Progress) -> dict[str, Any]:
    return {
        "requirement": row.requirement.title, "requirement_id": row.requirement.id, "scope": row.requirement.scope,
        "subject": row.subject, "name": row.name, "done": plain(row.done), "due": plain(row.due), "total": plain(row.total),
        "missing": plain(row.missing), "unit": row.requirement.unit, "state": row.state, "by": row.by, "reason": row.reason,
    }


def _say_board(found: Board, rows: list[Progress], everything: bool) -> None:
    say(f"{found.term.title}  截至 {found.day}(第 {found.term.week_of(found.day)} 周)")
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row.state] += 1
    say("  ".join(f"{label} {counts[state]}" for state, label in STATES.items() if counts[state]) or "还没有可以统计的要求")
    shown = urgent_first(r for r in rows if everything or r.behind)
    if shown:
        say_table(
            ("状态", "姓名或小组", "要求", "已完成", "应完成", "还差", "期限", "说明"),
            [
                (r.label, r.name, r.requirement.title, plain(r.done), plain(r.total), plain(r.missing), str(r.by or ""), r.reason)
                for r in shown
            ],
        )
    elif rows:
        say("没有逾期或偏慢的。")
    for title, requirements in (("人工核对", found.manual), ("计划未通过,要求未生效", found.idle)):
        if requirements:
            say(f"\n{title}({len(requirements)})")
            for requirement in requirements:
                say(f"  {requirement.who_text} {requirement.title}{':' + requirement.note if requirement.note else ''}")
