"""jiaoyan init, demo, open."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from jiaoyan.entering import made
from jiaoyan.errors import BadInput, Problem
from jiaoyan.host.manifest import installed
from jiaoyan.school import School
from jiaoyan.settings import FILE, STAGES, Settings
from jiaoyan.showing import split_list
from jiaoyan.terms import parse_day
from jiaoyan_tui.commands.chinese import ChineseCommand
from jiaoyan_tui.commands.session import json_option, say, say_json, school_folder, today

OFFICES: tuple[str, ...] = Settings.model_fields["offices"].default
STARTS_WITH = ("subjects",)
"""Modules of a new school; the others are asked for by office (`plugin enable`)."""


@click.command(cls=ChineseCommand)
@click.option("--name", required=True, metavar="学校名", help="学校名称")
@click.option("--stage", type=click.Choice(STAGES), default="小学", show_default=True, help="学段")
@click.option("--classes", type=click.IntRange(0, 40), default=4, show_default=True, help="每个年级的班数")
@click.option("--offices", default="、".join(OFFICES), show_default=True, metavar="名称、…", help="处室")
@click.option("--opens", metavar="日期", help="本学期开学上课的日子")
@click.option("--closes", metavar="日期", help="本学期结束上课的日子")
@click.option("--plugins", default=",".join(STARTS_WITH), show_default=True, metavar="编号,…", help="启用的功能模块")
@json_option
@click.pass_context
def init(
    context: click.Context, name: str, stage: str, classes: int, offices: str, opens: str | None, closes: str | None,
    plugins: str, as_json: bool,
) -> None:
    """新建学校:school.toml、数据库、files/、packs/。"""
    folder = school_folder(context)
    chosen = tuple(split_list(plugins))
    found = installed()
    if unknown := [p for p in chosen if p not in found]:
        raise BadInput(Problem("--plugins", f"没有功能模块 {'、'.join(unknown)}", f"已安装:{'、'.join(found) or '无'}"))
    settings = made(
        Settings, {"name": name, "stage": stage, "classes": classes, "offices": tuple(split_list(offices)), "plugins": chosen}
    )
    days = {key: parse_day(text, today()) for key, text in (("opens", opens), ("closes", closes)) if text}
    with School.create(folder, settings, days=days) as school:
        term = school.term().code
    if as_json:
        say_json({"folder": str(folder), "name": name, "term": term, "plugins": list(chosen)})
        return
    say(f"已建立“{name}”:{folder}")
    say(f"学期 {term}。接着可以:jiaoyan import teacher 花名册.xlsx;jiaoyan plan import 计划.docx;jiaoyan")


@click.command(cls=ChineseCommand)
@click.option("--no-ui", is_flag=True, help="只建立,不打开界面")
@click.option("--dir", "folder", type=click.Path(path_type=Path, file_okay=False), metavar="文件夹", help="建在哪个文件夹")
@click.pass_context
def demo(context: click.Context, no_ui: bool, folder: Path | None) -> None:
    """建一所内容丰富的示例学校(全部功能模块),然后打开它。"""
    from jiaoyan_tui.sample import make_sample

    target = folder or school_folder(context).with_name("demo")
    if (target / FILE).is_file():
        if not (target / ".sample").is_file():
            raise BadInput(Problem(str(target), "这里已有一所学校,不是示例", "请用 --dir 指定另一个文件夹"))
        if folder is None:
            shutil.rmtree(target)
    if not (target / FILE).is_file():
        make_sample(target, progress=lambda text: click.echo(f"\r{text}\x1b[K", nl=False, err=True))
        click.echo("\r\x1b[K", nl=False, err=True)
    say(f"示例学校:{target}")
    if not no_ui:
        from jiaoyan_tui.start import run

        run(target)


@click.command(cls=ChineseCommand, name="open")
@click.argument("register", metavar="登记表")
@click.argument("words", nargs=-1, metavar="[筛选…]")
@click.pass_context
def open_(context: click.Context, register: str, words: tuple[str, ...]) -> None:
    """打开全屏界面,停在一个登记表。如:jiaoyan open 活动 状态:计划 时间:本周"""
    from jiaoyan_tui.start import run

    run(school_folder(context), (register, *words))
