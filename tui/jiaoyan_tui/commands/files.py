"""jiaoyan attach, files: photos and essays that belong to a record."""

from __future__ import annotations

from pathlib import Path

import click

from jiaoyan.attaching import attach as attach_files
from jiaoyan.attaching import attachment_named, attachments, copy_out
from jiaoyan_tui.commands.chinese import ChineseCommand
from jiaoyan_tui.commands.session import json_option, opened, say, say_json, say_table


@click.command(cls=ChineseCommand)
@click.argument("register", metavar="登记表")
@click.argument("which", metavar="编号或名称")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="文件…")
@click.pass_context
def attach(context: click.Context, register: str, which: str, paths: tuple[Path, ...]) -> None:
    """给一条记录附上文件(照片、材料);同样的内容只存一份。"""
    with opened(context) as school:
        record = school.records(register).find(which)
        with school.change(f"附文件 {'、'.join(path.name for path in paths[:3])}") as change:
            attach_files(school, change, record, paths)
    say(f"已附 {len(paths)} 个文件" if change.number else "这些文件已经附过")


@click.command(cls=ChineseCommand)
@click.argument("register", metavar="登记表")
@click.argument("which", metavar="编号或名称")
@click.option("--get", "names", multiple=True, metavar="文件名", help="取出(可重复;all 为全部)")
@click.option("-o", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), metavar="文件夹", help="取到哪里")
@json_option
@click.pass_context
def files(context: click.Context, register: str, which: str, names: tuple[str, ...], folder: Path, as_json: bool) -> None:
    """列出一条记录的附件,或取出来。"""
    with opened(context, read_only=True) as school:
        owner = school.register(register)
        found = attachments(school, owner, school.records(owner).find(which))
        chosen = found if "all" in names else [attachment_named(found, name) for name in names]
        copied = [copy_out(school, attachment, folder) for attachment in chosen]
    if as_json:
        say_json([attachment.model_dump() for attachment in found])
    elif names:
        for path in copied:
            say(f"已取出 {path}")
    else:
        say_table(("文件名", "字节", "内容指纹"), [(a.name, str(a.size), a.hash[:12]) for a in found])
