"""jiaoyan history, undo, verify, repair, backup, restore, export-all, import-all, doctor."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from jiaoyan.access import require
from jiaoyan.binned import binned, bring_back
from jiaoyan.examining import examine
from jiaoyan.keeping import back_up, backups, found_school, move_house
from jiaoyan.keeping import repair as repair_school
from jiaoyan.keeping import restore as restore_backup
from jiaoyan.past import past_of
from jiaoyan.school import CST, School
from jiaoyan.store.backups import Backups
from jiaoyan.store.exchange import export_all
from jiaoyan.verifying import verify as verify_school
from jiaoyan_tui.commands.chinese import ChineseCommand
from jiaoyan_tui.commands.session import json_option, opened, say, say_json, say_table, school_folder

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
                say_json([asdict(past) for past in past_of(school, school.register(register).id, id)])
                return
            say(f"{school.register(register).title} {school.name_of(school.register(register).id, id)}")
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


@click.command(cls=ChineseCommand, name="bin")
@click.argument("register", metavar="[登记表", required=False)
@click.argument("which", metavar="编号…]", nargs=-1)
@json_option
@click.pass_context
def bin_(context: click.Context, register: str | None, which: tuple[str, ...], as_json: bool) -> None:
    """回收站:列出删除了的记录;写明登记表和编号时恢复它们。"""
    if register and not which:
        raise click.UsageError("请写明要恢复的编号")
    with opened(context, read_only=not which) as school:
        if register:
            owner = school.register(register).id
            known = [b.record for b in binned(school) if b.register == owner]
            wanted = [next((id for id in known if id.startswith(text)), text) for text in which]
            say(f"已恢复 {'、'.join(bring_back(school, [(owner, id) for id in wanted]))}")
            return
        found = binned(school)
    if as_json:
        say_json([asdict(one) for one in found])
        return
    say_table(("编号", "登记表", "名称", "删除时间", "账号"), [(b.record, b.title, b.name, b.time, b.actor) for b in found])


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
@click.option("--list", "listing", is_flag=True, help="列出已有的备份")
@click.pass_context
def backup(context: click.Context, folder: Path | None, listing: bool) -> None:
    """备份(别人正在录入时也可以),写好后核对;旧的按规则留存。"""
    with opened(context, read_only=listing) as school:
        if listing:
            found = (Backups(folder) if folder else backups(school.folder)).listed()
            say_table(("备份", "时间", "缘由"), [(b.path.name, f"{b.time.astimezone(CST):%Y-%m-%d %H:%M:%S}", b.reason) for b in found])
            return
        made = back_up(school, folder=folder)
    say(f"已备份:{made.path}")


@click.command(cls=ChineseCommand)
@click.argument("which", metavar="备份")
@click.option("--yes", is_flag=True, help="不再询问")
@click.pass_context
def restore(context: click.Context, which: str, yes: bool) -> None:
    """恢复一个备份(文件,或备份名的开头);现有数据先备份。"""
    with opened(context) as school:
        if not yes and not click.confirm(f"用备份 {which} 代替现有数据?现有数据会先备份。", prompt_suffix=" "):
            raise click.Abort
        chosen, kept = restore_backup(school, which)
    say(f"已恢复 {chosen.path.name}" + (f";原来的数据在 {kept.path.name}" if kept else ""))


@click.command(cls=ChineseCommand, name="export-all")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False), metavar="文件.json")
@click.pass_context
def export_everything(context: click.Context, target: Path) -> None:
    """全部数据(连同历史)写成一个 JSON 文件,TinyDB 可以直接打开。含个人信息,需要权限。"""
    with opened(context, read_only=True) as school:
        require(school.actor, "private", "全部导出")
        export_all(school.store, target)
    say(f"已导出:{target}")


@click.command(cls=ChineseCommand)
@click.argument("target", type=click.Path(path_type=Path, file_okay=False), metavar="新文件夹")
@click.pass_context
def move(context: click.Context, target: Path) -> None:
    """搬家:整所学校(数据、历史、附件、规定、设置)原样搬到一个新文件夹,核对后才算数。原来的不动。"""
    with opened(context, read_only=True) as school:
        move_house(school, target)
        actor = school.actor
    with School.open(target, actor, read_only=True) as moved:
        problems = verify_school(moved).problems
    for problem in problems:
        say(str(problem))
    say(f"已搬到 {target}。以后用 --school {target} 打开" if not problems else f"搬过去的学校有 {len(problems)} 个问题")
    if problems:
        context.exit(1)


@click.command(cls=ChineseCommand, name="import-all")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False), metavar="文件.json")
@click.option("--name", required=True, metavar="学校名", help="学校名称")
@click.pass_context
def import_everything(context: click.Context, source: Path, name: str) -> None:
    """由 export-all 的文件建立一所学校,什么都不少(换机器时用)。"""
    folder = school_folder(context)
    found_school(folder, source, name)
    say(f"已建立“{name}”:{folder}")


@click.command(cls=ChineseCommand)
@click.pass_context
def repair(context: click.Context) -> None:
    """重新推算计入明细、检索文字和次序。"""
    with opened(context) as school:
        mended = repair_school(school)
    say(f"已核对记录 {mended.records},改正计入明细 {mended.entries}")
    for title in mended.kept:
        say(f"未核对(模块未启用):{title}")


@click.command(cls=ChineseCommand)
@json_option
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """体检:文件夹、数据库、模块、规定、学期、备份,各有什么要处理。"""
    with opened(context, read_only=True) as school:
        found = examine(school)
    if as_json:
        say_json([{"where": p.where, "what": p.what, "remedy": p.remedy} for p in found])
    else:
        for problem in found:
            say(str(problem))
        say("没有要处理的。" if not found else f"要处理 {len(found)} 项。")
    if found:
        context.exit(1)
