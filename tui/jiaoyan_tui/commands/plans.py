"""jiaoyan plan: read, import, list clauses, review them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from jiaoyan.carrying import Taken, became, clauses_of
from jiaoyan.clause_words import in_words
from jiaoyan.errors import BadInput, NotFound, Problem
from jiaoyan.model.plans import FIELDS, LEVELS, NATURES, TABLES, VERDICTS, Clause, Plan
from jiaoyan.planning import MIN_CONFIDENCE, Foreseen, foresee, take_in
from jiaoyan.reader import PlanReading, Words, read_plans, read_source
from jiaoyan.reviewing import accept, add, correct, reject
from jiaoyan.settings import FILE
from jiaoyan.terms import Term, term_code, usual_term
from jiaoyan_tui.commands.chinese import ChineseGroup
from jiaoyan_tui.commands.session import assigned, json_option, opened, say, say_json, say_table, school_folder, today

SHOWN = ("schedule", "weekly", "requirement", "topic", "group", "measure")
"""Tables of a reading, in the order in which they are shown."""


@click.group(cls=ChineseGroup)
def plan() -> None:
    """读计划、导入计划、审读条目。"""


def _chosen(readings: list[PlanReading], only: int | None, path: Path) -> list[PlanReading]:
    if not any(reading.readings for reading in readings):
        raise BadInput(Problem(str(path), "没有读出计划", "请确认文件里是计划或总结的文字"))
    if only is None:
        return readings
    found = [reading for reading in readings if reading.index == only]
    if not found:
        raise BadInput(Problem("--only", f"文件里没有第 {only} 份计划", f"共 {len(readings)} 份"))
    return found


@plan.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="文件")
@click.option("--only", type=int, metavar="N", help="只读第 N 份")
@json_option
@click.pass_context
def read(context: click.Context, file: Path, only: int | None, as_json: bool) -> None:
    """看程序从计划里读出了什么。不保存。"""
    source = read_source(file)
    readings = _chosen(read_plans(source.text, _words(context), source.name), only, file)
    if as_json:
        say_json({"plans": [reading.as_gold() for reading in readings]})
        return
    term = _any_term(context)
    for reading in readings:
        _say_reading(reading, term)


def _any_term(context: click.Context) -> Term:
    """The term by which months and weeks are told: the school's, or the usual one of today."""
    if (school_folder(context) / FILE).is_file():
        with opened(context, read_only=True) as school, suppress(NotFound):
            return school.term()
    return usual_term(term_code(today()))


def _words(context: click.Context) -> Words:
    """The reader's words; with those of the school's packs where there is a school."""
    words = Words.builtin()
    if (school_folder(context) / FILE).is_file():
        with opened(context, read_only=True) as school:
            for pack in school.packs.words():
                words = words.extended(pack)
    return words


def _say_reading(reading: PlanReading, term: Term) -> None:
    say(f"〔{reading.index}〕{reading.title}  层级:{LEVELS[reading.level]}  性质:{NATURES[reading.nature]}  领域:{FIELDS[reading.field]}")
    say(f"  章节:{'、'.join(reading.sections) or '无'}")
    for table in SHOWN:
        rows = [r for r in reading.readings if r.table == table]
        if not rows:
            continue
        say(f"  {TABLES[table]}({len(rows)})")
        for row in rows:
            sure = "" if row.confidence >= MIN_CONFIDENCE else f"  [把握 {row.confidence:.0%}{':' + row.reason if row.reason else ''}]"
            say(f"    {in_words(table, row.fields, term)}{sure}")
            say(f"      “{' '.join(row.quote.split())}”")
    say()


@plan.command("import")
@click.argument("files", type=click.Path(path_type=Path), metavar="文件…", nargs=-1, required=True)
@click.option("--term", metavar="学期", help="如 2026-2027-1;默认为今天所在学期")
@click.option("--only", type=int, metavar="N", help="只导入第 N 份")
@click.option("--revises", metavar="计划", help="是哪一份计划的新稿(编号或标题)")
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=MIN_CONFIDENCE, show_default=True, help="把握达到多少就直接接受")
@click.option("--preview", is_flag=True, help="只看会有哪些要求、适用于谁,不保存")
@json_option
@click.pass_context
def import_(
    context: click.Context, files: tuple[Path, ...], term: str | None, only: int | None, revises: str | None,
    min_confidence: float, preview: bool, as_json: bool,
) -> None:
    """导入计划:存下全文和条目,生成活动、任务、要求和小组。可一次给几个文件。"""
    sources = [(file, read_source(file)) for file in files]
    taken: list[Taken] = []
    foreseen: list[Foreseen] = []
    with opened(context, read_only=preview) as school:
        chosen_term = school.term(term)
        words = Words.builtin()
        for pack in school.packs.words():
            words = words.extended(pack)
        read = [(file, _chosen(read_plans(source.text, words, source.name), only, file)) for file, source in sources]
        if revises and sum(len(readings) for _, readings in read) > 1:
            raise BadInput(Problem("--revises", "不止一份计划", "请只给一个文件,并用 --only 指明是哪一份"))
        old = school.records(Plan).find(revises).id if revises else ""
        for file, readings in read:
            if preview:
                foreseen += foresee(school, readings, chosen_term, min_confidence)
            else:
                taken += take_in(school, readings, chosen_term, file.name, min_confidence, old, file)
        titles = {id: title for id, title, _ in school.register_titles()}
    if preview:
        _say_foreseen(foreseen, as_json)
        return
    if as_json:
        say_json([_as_json(one) for one in taken])
        return
    for one in taken:
        say(_sentence(one, titles))
        for kind in one.proposed:
            say(f"  没有统计项目“{kind.label}”,先列人工核对;要自动统计:{kind.command}")
    if all(one.known for one in taken):
        say("全部导入过,没有改动。")


def _say_foreseen(foreseen: list[Foreseen], as_json: bool) -> None:
    if as_json:
        say_json([{"title": f.requirement.title, "who": f.requirement.who_text, "names": f.names, "note": f.requirement.note}
                  for f in foreseen])
        return
    say_table(
        ("对象", "要求", "适用", "说明"),
        [(f.requirement.who_text, f.requirement.title, f"{len(f.names)}:{'、'.join(f.names)}" if f.names else "0", f.requirement.note)
         for f in foreseen],
    )


def _as_json(one: Taken) -> dict[str, Any]:
    return {
        "index": one.index, "title": one.title, "plan": one.plan, "state": one.state, "known": one.known,
        "clauses": one.clauses, "open": one.open, "shared": one.shared, "made": one.made,
        "revision": one.revision, "withdrawn": one.withdrawn,
        "stays": one.stays, "proposed_kinds": [asdict(kind) for kind in one.proposed],
    }


def _sentence(one: Taken, titles: dict[str, str]) -> str:
    head = f"〔{one.index}〕{one.title}  {one.plan}"
    if one.known:
        return f"{head}:已导入过,没有改动"
    made = "、".join(f"{titles.get(register, register)} {number}" for register, number in one.made.items())
    draft = f"第 {one.revision} 稿,删去条目 {one.withdrawn},现有" if one.revision > 1 else ""
    said = f"{head}:{draft}条目 {one.clauses},生成 {made or '无'}"
    if one.open:
        said += f";待定 {one.open}(jiaoyan plan review {one.plan})"
    if one.shared:
        said += f";与其他计划相同 {one.shared}"
    if one.stays:
        said += f";已有记录、保留不动:{'、'.join(one.stays[:5])}"
    if one.state == "draft":
        said += ";计划是草稿,审核通过后要求才生效"
    return said


@plan.command()
@click.argument("which", metavar="计划")
@click.option("--all", "everything", is_flag=True, help="全部条目(默认只列待定)")
@click.option("--accept", "accepted", multiple=True, metavar="条目", help="接受(可重复;all 为全部待定)")
@click.option("--min-confidence", type=click.FloatRange(0, 1), help="把握达到多少的待定条目一并接受")
@click.option("--reject", "rejected", multiple=True, metavar="条目", help="不取(可重复)")
@click.option("--correct", "corrected", nargs=2, multiple=True, metavar="条目 字段=值", help="更正,如 --correct 3f8k count=20")
@json_option
@click.pass_context
def review(
    context: click.Context, which: str, everything: bool, accepted: tuple[str, ...], min_confidence: float | None,
    rejected: tuple[str, ...], corrected: tuple[tuple[str, str], ...], as_json: bool,
) -> None:
    """审读计划条目:先列没有把握的,接受、更正或不取。"""
    with opened(context) as school:
        found = school.records(Plan).find(which)
        if accepted or rejected or corrected or min_confidence is not None:
            clauses = clauses_of(school, found)
            with school.change(f"审读 {found.title}") as change:
                for id in rejected:
                    reject(school, change, found, _clause(clauses, id))
                for id, change_text in corrected:
                    correct(school, change, found, _clause(clauses, id), change_text)
                chosen = [_clause(clauses, id) for id in accepted if id != "all"]
                least = 0.0 if "all" in accepted else min_confidence
                if least is not None:
                    chosen += [c for c in clauses if c.verdict == "open" and c.confidence >= least]
                accept(school, change, found, chosen)
        clauses = clauses_of(school, found)
        shown = clauses if everything else [c for c in clauses if c.verdict == "open"]
        shown.sort(key=lambda c: (c.confidence, c.order))
        term = school.records(Term).get(found.term) if found.term else school.term()
        if as_json:
            say_json([{**c.document(), "became": [(r, d["id"]) for r, d in became(school, c)]} for c in shown])
            return
    if not shown:
        say("没有待定的条目。")
        return
    say_table(
        ("编号", "类别", "审读", "把握", "读出", "原文", "理由"),
        [
            (c.id[:6], TABLES[c.table], VERDICTS[c.verdict], f"{c.confidence:.0%}",
             in_words(c.table, c.facts, term), c.quote, c.reason)
            for c in shown
        ],
    )


def _clause(clauses: list[Clause], id: str) -> Clause:
    found = [c for c in clauses if c.id.startswith(id)]
    if len(found) != 1 or len(id) < 4:
        raise BadInput(Problem("条目", f"“{id}”{'不止一条' if found else '不在这份计划里'}", "请用列表里的编号(至少前 4 位)"))
    return found[0]


@plan.command(name="add")
@click.argument("which", metavar="计划")
@click.argument("table", type=click.Choice(list(TABLES)), metavar="类别")
@click.argument("quote", metavar="原文")
@click.argument("assignments", nargs=-1, metavar="字段=值 …")
@click.pass_context
def add_clause(context: click.Context, which: str, table: str, quote: str, assignments: tuple[str, ...]) -> None:
    """补读一条,如 plan add 计划 requirement 每学期听课15节 who=教师 what=听课 count=15 unit=节 per=学期。"""
    with opened(context) as school:
        found = school.records(Plan).find(which)
        with school.change(f"补读 {found.title}") as change:
            clause = add(school, change, found, table, quote, assigned(assignments))
    say(clause.id)
