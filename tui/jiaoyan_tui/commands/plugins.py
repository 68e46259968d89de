"""jiaoyan plugin, pack."""

from __future__ import annotations

import click

from jiaoyan.errors import NotFound
from jiaoyan.host.host import Host, Status
from jiaoyan.host.manifest import installed
from jiaoyan.keeping import held_by
from jiaoyan.keeping import purge as purge_plugin
from jiaoyan.school import School, china_now
from jiaoyan.settings import FILE, read_settings
from jiaoyan_tui.commands.chinese import ChineseGroup
from jiaoyan_tui.commands.session import json_option, opened, say, say_json, say_table, school_folder


@click.group(cls=ChineseGroup)
def plugin() -> None:
    """功能模块:列出、启用、停用。"""


@plugin.command(name="list")
@json_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """列出已安装的功能模块和状态。"""
    folder = school_folder(context)
    enabled = read_settings(folder).plugins if (folder / FILE).is_file() else ()
    statuses = Host(installed(), enabled, china_now).statuses()
    if as_json:
        say_json([{"id": s.id, "name": s.name, "state": s.state, "cause": s.cause, "remedy": s.remedy} for s in statuses])
        return
    say_table(
        ("编号", "功能模块", "版本", "状态", "说明"),
        [(s.id, s.name, s.manifest.version if s.manifest else "", s.label, _said(s)) for s in statuses],
    )


def _said(status: Status) -> str:
    if status.cause:
        return f"{status.cause};{status.remedy}"
    return status.manifest.summary if status.manifest else ""


@plugin.command()
@click.argument("which", metavar="编号")
@click.pass_context
def show(context: click.Context, which: str) -> None:
    """看一个功能模块加了什么。"""
    with opened(context, read_only=True) as school:
        status = school.host.status(which)
    say(f"{status.name} {status.id}  {status.label}{':' + status.cause if status.cause else ''}")
    if status.manifest is None:
        return
    say(status.manifest.summary)
    for line in status.manifest.registers:
        say(f"  登记表 {line.title}  {line.id}")
    for facet in status.manifest.facets:
        say(f"  附表 {facet.title}  {facet.id}(附在 {facet.of})")
    if status.manifest.requires:
        say(f"  需要:{'、'.join(status.manifest.requires)}")


@plugin.command()
@click.argument("which", metavar="编号")
@click.pass_context
def enable(context: click.Context, which: str) -> None:
    """启用一个功能模块(连同它需要的)。"""
    with opened(context) as school:
        wanted = [*school.settings.plugins, *_needed(school, which)]
        school.set_plugins(wanted, f"启用功能模块 {school.host.status(which).name}")
        say(f"已启用:{'、'.join(school.host.status(p).name for p in school.settings.plugins)}")


def _needed(school: School, which: str) -> list[str]:
    """The plugin and all it requires, what is required first."""
    manifest = school.host.status(which).manifest
    found: list[str] = []
    for needed in manifest.requires if manifest else ():
        found += _needed(school, needed)
    return [*found, which]


@plugin.command()
@click.argument("which", metavar="编号")
@click.pass_context
def disable(context: click.Context, which: str) -> None:
    """停用一个功能模块;数据、计入明细和历史都保留。"""
    with opened(context) as school:
        status = school.host.status(which)
        if which not in school.settings.plugins:
            raise NotFound(f"{status.name}没有启用")
        school.set_plugins([p for p in school.settings.plugins if p != which], f"停用功能模块 {status.name}")
        say(f"已停用 {status.name};数据保留,重新启用即可见")


@plugin.command()
@click.argument("which", metavar="编号")
@click.option("--yes", is_flag=True, help="不再询问")
@click.pass_context
def purge(context: click.Context, which: str, yes: bool) -> None:
    """删除一个已停用模块的全部数据(先列出、先备份)。"""
    with opened(context) as school:
        held = held_by(school, which)
        if not held:
            raise NotFound(f"模块 {which} 没有数据")
        for title, number in held.items():
            say(f"{title} {number} 条")
        if not yes and not click.confirm("删除以上数据?", prompt_suffix=" "):
            raise click.Abort
        made = purge_plugin(school, which)
    say(f"已删除;备份:{made.path.name}")


@click.group(cls=ChineseGroup)
def pack() -> None:
    """规定与量表:列出各层文件和每一项的出处。"""


@pack.command(name="list")
@json_option
@click.pass_context
def list_packs(context: click.Context, as_json: bool) -> None:
    """列出正在使用的规定与量表文件。"""
    with opened(context, read_only=True) as school:
        files = school.packs.files
    layers = {"core": "程序", "plugin": "模块", "district": "区县", "school": "学校"}
    if as_json:
        say_json([{"layer": f.layer, "file": f.path.name, "title": f.head.title, "source": f.head.source} for f in files])
        return
    say_table(("层", "文件", "名称", "依据"), [(layers[f.layer], f.path.name, f.head.title, f.head.source) for f in files])


@pack.command(name="source")
@click.argument("section", metavar="段")
@click.argument("which", metavar="编号")
@click.pass_context
def source(context: click.Context, section: str, which: str) -> None:
    """某一项由哪些文件给出,如 pack source kind listen。"""
    with opened(context, read_only=True) as school:
        found = school.packs.source(section, which)
    if not found:
        raise NotFound(f"没有 [{section}] {which}")
    say(found)
