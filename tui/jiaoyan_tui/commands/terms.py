"""jiaoyan term: a new term that takes over what goes on."""

from __future__ import annotations

import click

from jiaoyan.new_term import begin_term, latest_term, next_code, term_ahead, typed_days
from jiaoyan.terms import WEEKDAYS
from jiaoyan_tui.commands.chinese import ChineseGroup
from jiaoyan_tui.commands.session import day_of, json_option, opened, say, say_json, say_table


@click.group(cls=ChineseGroup)
def term() -> None:
    """学期:新学期接续上学期的要求和每周活动。"""


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
