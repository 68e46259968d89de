"""jiaoyan import, export: tables in and out."""

from __future__ import annotations

from pathlib import Path

import click

from jiaoyan.enrolling import Enrolled, enrol
from jiaoyan.exchanging import Imported, export_table, import_table
from jiaoyan.filters import parse_filter
from jiaoyan.papers.roster import read_roster
from jiaoyan_tui.commands.chinese import ChineseCommand
from jiaoyan_tui.commands.session import json_option, opened, say, say_json

NAMES = 8
"""So many names are printed before the rest is counted."""


@click.command(cls=ChineseCommand, name="import")
@click.argument("register", metavar="登记表")
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@json_option
@click.pass_context
def import_(context: click.Context, register: str, file: Path, as_json: bool) -> None:
    """从 .xlsx 或 .csv 导入。teacher(教职工)按花名册的各种表头读,其余按字段标题读。"""
    with opened(context) as school:
        found = school.register(register)
        if found.id == "teacher":
            roster = read_roster(file)
            enrolled = enrol(school, roster, file.name)
            if as_json:
                say_json(_enrolled_json(enrolled))
            else:
                say(roster.summary())
                _say_enrolled(enrolled)
            failed = bool(enrolled.problems) and not (enrolled.new or enrolled.changed or enrolled.same)
        else:
            imported = import_table(school, found, file)
            if as_json:
                say_json({"added": imported.added, "problems": [str(p) for p in imported.problems]})
            else:
                _say_imported(imported, found.title)
            failed = bool(imported.problems) and not imported.added
    if failed:
        context.exit(1)


def _enrolled_json(done: Enrolled) -> dict[str, object]:
    return {
        "new": done.new, "changed": done.changed, "same": done.same, "absent": done.absent, "groups": done.groups,
        "postings": done.postings, "problems": [str(p) for p in done.problems], "doubts": [str(d) for d in done.doubts],
    }


def _say_enrolled(done: Enrolled) -> None:
    say(f"新进 {len(done.new)},变动 {len(done.changed)},未变 {done.same},任职与任教 {done.postings}")
    for title, names in (("新建小组", done.groups), ("变动", done.changed), ("名册已无(调出、退休或漏列?)", done.absent)):
        if names:
            more = f" 等 {len(names)}" if len(names) > NAMES else ""
            say(f"{title}:{'、'.join(names[:NAMES])}{more}")
    for doubt in done.doubts:
        say(f"疑问 {doubt}")
    for problem in done.problems:
        say(f"未导入 {problem}")


def _say_imported(done: Imported, title: str) -> None:
    say(f"已导入{title} {len(done.added)} 条")
    if done.ignored:
        say(f"没有用到的列:{'、'.join(dict.fromkeys(done.ignored))}")
    for problem in done.problems:
        say(f"未导入 {problem}")


@click.command(cls=ChineseCommand)
@click.argument("register", metavar="登记表")
@click.argument("words", nargs=-1, metavar="[筛选…]")
@click.option("-o", "output", type=click.Path(path_type=Path), required=True, metavar="文件", help=".xlsx 或 .csv")
@click.option("--private", is_flag=True, help="连同身份证号、电话等个人信息(需要权限)")
@click.pass_context
def export(context: click.Context, register: str, words: tuple[str, ...], output: Path, private: bool) -> None:
    """导出一个登记表;不含个人信息,除非要求。"""
    with opened(context, read_only=True) as school:
        found = school.register(register)
        number = export_table(school, found, output, parse_filter(school, found, words), private=private)
    say(f"已导出{found.title} {number} 条:{output}")
