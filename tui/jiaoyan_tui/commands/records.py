"""jiaoyan list, show, add, set, remove, schema, kinds: any register."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from jiaoyan.conditions import Is
from jiaoyan.dossier import Section, about, facts_of
from jiaoyan.entering import changed, made, values_of
from jiaoyan.errors import BadInput, NotFound, Problem
from jiaoyan.filters import parse_filter
from jiaoyan.listing import HELD
from jiaoyan.model import View
from jiaoyan.ordering import ordered
from jiaoyan.registers import Register
from jiaoyan.reviewing import bind_again
from jiaoyan.school import School
from jiaoyan.showing import field_named
from jiaoyan.teaching import teach
from jiaoyan_tui.commands.chinese import ChineseCommand, ChineseGroup
from jiaoyan_tui.commands.session import assigned, json_option, opened, say, say_json, say_table


def _register(school: School, which: str) -> Register[Any]:
    return school.register(which)


@click.command(cls=ChineseCommand, name="list")
@click.argument("register", metavar="登记表", required=False)
@click.argument("words", nargs=-1, metavar="[筛选…]")
@click.option("--view", metavar="名称", help="用一个常用筛选(登记表 view)")
@click.option("--sort", metavar="列", help="排序的列,前面加 - 为倒序")
@click.option("--first", type=click.IntRange(0), default=0, help="从第几条起")
@click.option("--size", type=click.IntRange(1), help="最多几条")
@json_option
@click.pass_context
def list_(
    context: click.Context, register: str | None, words: tuple[str, ...], view: str | None, sort: str | None, first: int,
    size: int | None, as_json: bool,
) -> None:
    """列出一个登记表;不写登记表时列出有哪些。筛选如:张三 状态:计划 时间>=9.1"""
    with opened(context, read_only=True) as school:
        if register is None:
            titles = school.register_titles()
            if as_json:
                say_json([{"id": id, "title": title, "group": group} for id, title, group in titles])
            else:
                say_table(("编号", "登记表", "分类"), titles)
            return
        found = _register(school, register)
        records = school.records(found)
        if view is not None:
            saved = view_named(school, found.id, view)
            words, sort = (*saved.words.split(), *words), sort or saved.sort
        where = parse_filter(school, found, words)
        if sort:
            column = sort.removeprefix("-")
            column = column if column in HELD else field_named(school, found.model, column)
            ids = ordered(school, found, column, descending=sort.startswith("-"), where=where)
            documents = records.those(ids[first:][:size])
        else:
            documents = records.documents(where, (), first, size)
        if as_json:
            say_json(documents)
            return
        titles_of = [found.model.model_fields[name].title or name for name in found.columns]
        rows = [
            [d["id"][:8], *(school.shown(found, name, d.get(name)) for name in found.columns)] for d in documents
        ]
        say_table(["编号", *titles_of], rows)
        total = records.count(where)
        say(f"共 {total} 条" if len(rows) == total else f"{len(rows)} 条,共 {total} 条")


def view_named(school: School, register: str, name: str) -> View:
    """Raises NotFound naming the views that there are."""
    found = school.records(View).all(Is(field="register_id", value=register))
    for view in found:
        if view.name == name:
            return view
    known = "、".join(view.name for view in found) or "无"
    raise NotFound(Problem("常用筛选", f"没有“{name}”", f"已有:{known};新建:jiaoyan add view 名称=… 登记表={register} 筛选=…"))


@click.command(cls=ChineseCommand)
@click.argument("register", metavar="登记表")
@click.argument("which", metavar="编号或名称")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="文件", help="全部写成 .xlsx;不含个人信息")
@json_option
@click.pass_context
def show(context: click.Context, register: str, which: str, output: Path | None, as_json: bool) -> None:
    """看一条记录:它的内容、各模块的附表,以及与它有关的一切。"""
    with opened(context, read_only=True) as school:
        found = _register(school, register)
        record = school.records(found).find(which)
        document = school.records(found).document(record.id) or {}
        if output is not None:
            from jiaoyan.workbooks import record_leaves, write_leaves

            write_leaves(output, f"{found.title} {school.label(found, document)}", record_leaves(school, found, record.id))
            if as_json:
                say_json({"file": str(output)})
            else:
                say(f"已写成 {output}")
            return
        if as_json:
            facets = {f.id: school.store.table(f.id).by_id(record.id) for f in school.facets_of(found.id)}
            say_json({**document, **{id: held for id, held in facets.items() if held is not None}})
            return
        say(f"{found.title} {record.id} 第 {record.rev} 版")
        for section in (*facts_of(school, found, document), *about(school, found, document, school.today)):
            _say_section(section)


def _say_section(section: Section) -> None:
    say(f"\n〔{section.title}〕")
    if not section.rows and not section.note:
        say("  无")
    elif section.headers and section.rows:
        say_table(section.headers, section.rows)
    elif not section.headers:
        for title, text in section.rows:
            say(f"  {title}:{text}" if title else f"  {text}")
    if section.note:
        say(f"  {section.note}")


def _read_json() -> dict[str, Any]:
    try:
        document = json.loads(sys.stdin.read())
    except json.JSONDecodeError as error:
        raise BadInput(Problem(f"标准输入第 {error.lineno} 行", "不是 JSON")) from None
    if not isinstance(document, dict):
        raise BadInput(Problem("标准输入", "应是一个 JSON 对象"))
    return document


@click.command(cls=ChineseCommand)
@click.argument("register", metavar="登记表")
@click.argument("assignments", nargs=-1, metavar="字段=值 …")
@click.option("--json", "document", metavar="-", help="从标准输入读一条 JSON 记录(--json -)")
@click.pass_context
def add(context: click.Context, register: str, assignments: tuple[str, ...], document: str | None) -> None:
    """新增一条记录,输出编号。字段可写英文名或中文标题。"""
    with opened(context) as school:
        found = _register(school, register)
        values = _read_json() if document else values_of(school, found.model, assigned(assignments))
        record = made(found.model, values, found.title)
        with school.change(f"新增{found.title}") as change:
            change.save(record)
        say(record.id)


@click.command(cls=ChineseCommand, name="set")
@click.argument("register", metavar="登记表")
@click.argument("which", metavar="编号或名称")
@click.argument("assignments", nargs=-1, metavar="字段=值 …", required=True)
@click.pass_context
def set_(context: click.Context, register: str, which: str, assignments: tuple[str, ...]) -> None:
    """修改一条记录。"""
    with opened(context) as school:
        found = _register(school, register)
        record = school.records(found).find(which)
        values = values_of(school, found.model, assigned(assignments))
        with school.change(f"修改{found.title}") as change:
            change.save(changed(record, values, found.title))
        say(f"已修改{found.title} {record.id}" if change.number else "没有改动")


@click.command(cls=ChineseCommand)
@click.argument("register", metavar="登记表")
@click.argument("which", metavar="编号或名称")
@click.option("--yes", is_flag=True, help="不再询问")
@click.pass_context
def remove(context: click.Context, register: str, which: str, yes: bool) -> None:
    """删除一条记录(可用 undo 找回)。"""
    with opened(context) as school:
        found = _register(school, register)
        record = school.records(found).find(which)
        label = school.label(found, record.document())
        if not yes and not click.confirm(f"删除{found.title}“{label}”?", prompt_suffix=" "):
            raise click.Abort
        with school.change(f"删除{found.title}") as change:
            change.remove(found.id, record.id, record.rev)
        say(f"已删除{found.title}“{label}”,撤销:jiaoyan undo {change.number}")


@click.command(cls=ChineseCommand)
@click.argument("register", metavar="登记表")
@click.pass_context
def schema(context: click.Context, register: str) -> None:
    """登记表记录的 JSON Schema。"""
    with opened(context, read_only=True) as school:
        say_json(_register(school, register).model.model_json_schema())


@click.group(cls=ChineseGroup, invoke_without_command=True)
@json_option
@click.pass_context
def kinds(context: click.Context, as_json: bool) -> None:
    """统计项目一览,连同单位、别名和出处;kinds add 增加一个。"""
    if context.invoked_subcommand is not None:
        return
    with opened(context, read_only=True) as school:
        found = list(school.kinds)
        labels = {kind.id: kind.label for kind in found}
    if as_json:
        say_json([{"id": k.id, "label": k.label, "unit": k.unit, "parent": k.parent, "aliases": k.aliases} for k in found])
        return
    say_table(
        ("编号", "项目", "单位", "上级", "别名", "出处"),
        [(k.id, k.label, k.unit, labels.get(k.parent, ""), "、".join(k.aliases), k.source) for k in found],
    )


@kinds.command(name="add")
@click.argument("label", metavar="名称")
@click.option("--unit", default="次", show_default=True, help="单位")
@click.option("--alias", "aliases", multiple=True, metavar="词", help="计划里的别的说法(可重复)")
@click.option("--under", metavar="项目", help="归在哪个项目之下")
@click.option("--of", type=click.Choice(["activity", "part", "work"]), default="activity", show_default=True, metavar="activity|part|work",
              help="在哪里录入:活动、环节、材料")
@click.pass_context
def add_kind(context: click.Context, label: str, unit: str, aliases: tuple[str, ...], under: str | None, of: str) -> None:
    """增加一个本校的统计项目;原来人工核对、现在数得出的要求随即改为自动统计。"""
    with opened(context) as school:
        made_kind = teach(school, label, unit=unit, aliases=aliases, under=under or "", of=of)
        with school.change(f"增加统计项目 {label}") as change:
            counted = bind_again(school, change)
    say(f"已增加 {made_kind.id} {label}")
    for requirement in counted:
        say(f"改为自动统计:{requirement.who_text} {requirement.title}")
