"""jiaoyan term: a new term that takes over what goes on; the old one closed and locked."""

from __future__ import annotations

from dataclasses import asdict

import click

from jiaoyan.closing import counted, lacking, lock, unlock
from jiaoyan.new_term import begin_term, latest_term, next_code, term_ahead, typed_days
from jiaoyan.terms import WEEKDAYS
from jiaoyan_tui.commands.chinese import ChineseGroup
from jiaoyan_tui.commands.session import day_of, json_option, opened, say, say_json, say_table


@click.group(cls=ChineseGroup)
def term() -> None:
    """学期:新学期接续要求和每周活动;学期收尾、封存。"""


@term.command()
@click.argument("code", required=False, metavar="[学期]")
@click.option("--opens", metavar="日期", help="开学上课的日子")
@click.option("--closes", metavar="日期", help="结束上课的日子")
@click.option("--preview", is_flag=True, help="只看会接续什么,不保存")
@json_option
@click.pass_context
def new(context: click.Context, code: str | None, opens: str | None, closes: str | None, preview: bool, as_json: bool) -> None:
    """建立新学期(默认为最近学期的下一学期);小组、任课照旧,要求和每周活动接续。"""
    with opened(context, read_only=preview) as school:
        wanted = code or next_code(latest_term(school).code)
        ahead = term_ahead(school, wanted, **typed_days(day_of(opens, school), day_of(closes, school)))
        if not preview:
            begin_term(school, ahead)
        groups = {group.id: group.name for group in school.records("group").all()}
    if as_json:
        say_json({"term": ahead.term.code, "opens": ahead.term.opens, "closes": ahead.term.closes, "saved": not preview,
                  "requirements": [r.title for r in ahead.requirements], "activities": len(ahead.activities)})
        return
    say(f"{ahead.term.title}:{ahead.term.opens} 上课,{ahead.term.closes} 结束,共 {ahead.term.weeks} 周")
    say(f"{'将接续' if preview else '已接续'}要求 {len(ahead.requirements)},每周活动 {len(ahead.slots)}(共 {len(ahead.activities)} 次)")
    if ahead.slots:
        rows = [(title, "、".join(groups.get(g, "") for g in held_by), WEEKDAYS[day - 1]) for held_by, _, day, _, _, title in ahead.slots]
        say_table(("每周活动", "小组", "星期"), rows)


@term.command(name="close")
@click.argument("code", required=False, metavar="[学期]")
@click.option("--lock", "locking", is_flag=True, help="封存:以后只能以更正的名义改")
@click.option("--unlock", "unlocking", is_flag=True, help="解除封存(管理员)")
@json_option
@click.pass_context
def close(context: click.Context, code: str | None, locking: bool, unlocking: bool, as_json: bool) -> None:
    """学期收尾:还缺什么,按小组;可随即封存。"""
    with opened(context, read_only=not (locking or unlocking)) as school:
        chosen = school.term(code)
        lacks = lacking(school, chosen)
        if locking:
            lock(school, chosen)
        elif unlocking:
            unlock(school, chosen)
        groups = {group.id: group.name for group in school.records("group").all()}
    if as_json:
        say_json([{**asdict(lack), "group": groups.get(lack.group, "")} for lack in lacks])
        return
    if lacks:
        say_table(("小组", "缺什么", "数量"), [(groups.get(g, "学校"), what, str(n)) for (g, what), n in counted(lacks).items()])
    else:
        say("什么都不缺。")
    if locking or unlocking:
        say(f"{chosen.title}{'已封存' if locking else '已解除封存'}")
