"""jiaoyan history, undo, verify, backup."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from jiaoyan.school import CST, School
from jiaoyan.verifying import verify as verify_school
from jiaoyan_tui.commands.chinese import ChineseCommand
from jiaoyan_tui.commands.session import json_option, opened, say, say_json, say_table

ACTIONS = {"create": "新增", "save": "修改", "remove": "删除"}


@click.command(cls=ChineseCommand)
@click.argument("register", metavar="[登记表", required=False)
@click.argument("which", metavar="编号]", required=False)
@click.option("--size", type=click.IntRange(1), default=30, show_default=True, help="最多几条")
@json_option
@click.pass_context
def history(context: click.Context, register: str | None, which: str | None, size: int, as_json: bool) -> None:
    """最近的修改;写明登记表和编号时,看一条记录的全部修改。"""
    with opened(context, read_only=True) as school:
        if register and which:
            id = school.records(register).find(which).id if len(which) < 12 else which
            rows = school.store.history_of(school.register(register).id, id)
            if as_json:
                say_json([{"change": r.change, "time": r.time, "actor": r.actor, "label": r.label, "rev": r.rev,
                           "action": r.action, "document": r.document} for r in rows])
                return
            say_table(("修改", "时间", "账号", "做了什么", "版次", "动作"),
                      [(str(r.change), _local(r.time), r.actor, r.label, str(r.rev), ACTIONS[r.action]) for r in rows])
            return
        heads = school.store.changes(size=size, newest=True)
    if as_json:
        say_json([{"change": h.change, "time": h.time, "actor": h.actor, "label": h.label, "rows": h.rows,
                   "undoes": h.undoes} for h in heads])
        return
    say_table(("修改", "时间", "账号", "做了什么", "记录数"),
              [(str(h.change), _local(h.time), h.actor, h.label, str(h.rows)) for h in heads])


def _local(stamp: str) -> str:
    return f"{datetime.fromisoformat(stamp).astimezone(CST):%Y-%m-%d %H:%M:%S}"


@click.command(cls=ChineseCommand)
@click.argument("number", type=int, required=False, metavar="[修改编号]")
@click.pass_context
def undo(context: click.Context, number: int | None) -> None:
    """撤销一次修改(默认自己最近的一次)。撤销本身也可以再撤销。"""
    with opened(context) as school:
        made = school.undo(number)
        rows = school.store.history_of_change(made)
        say(f"{rows[0].label}({len(rows)} 条记录),修改编号 {made}")


@click.command(cls=ChineseCommand)
@json_option
@click.pass_context
def verify(context: click.Context, as_json: bool) -> None:
    """核对:数据库、历史链、现有记录与历史、明细与记录。"""
    with opened(context, read_only=True) as school:
        report = verify_school(school)
    if as_json:
        say_json({"problems": [str(p) for p in report.problems], "unchecked": report.unchecked, "records": report.records})
    else:
        say(f"记录 {report.records},明细 {report.entries},修改 {report.changes}")
        for title in report.unchecked:
            say(f"未核对(模块未启用):{title}")
        for problem in report.problems:
            say(str(problem))
        say("没有发现问题。" if not report.problems else f"发现 {len(report.problems)} 个问题。")
    if report.problems:
        context.exit(1)


@click.command(cls=ChineseCommand)
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[文件夹]")
@click.pass_context
def backup(context: click.Context, folder: Path | None) -> None:
    """备份数据库(别人正在录入时也可以),写好后核对。"""
    with opened(context) as school:
        target = _backup(school, folder)
    say(f"已备份:{target}")


def _backup(school: School, folder: Path | None) -> Path:
    place = folder or school.folder / "backups"
    place.mkdir(parents=True, exist_ok=True)
    target = place / f"{school.now().astimezone(CST):%Y%m%d-%H%M%S}.db"
    school.store.backup(target)
    return target
