"""收件箱 and 发件箱: a person's two folders, reached by sftp or WinSCP, and taking in what lies in the first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiaoyan.conditions import Condition
from jiaoyan.errors import BadInput, Problem, ReadOnly
from jiaoyan.progress import begin_to_write
from jiaoyan.registers import Register

if TYPE_CHECKING:
    from jiaoyan.papers.writing import Leaf
    from jiaoyan.school import School
    from jiaoyan.terms import Term

INBOX, OUTBOX = "收件箱", "发件箱"
PLANS = (".docx", ".txt", ".md")
TABLES = (".xlsx", ".csv", ".tsv")
NAMES = 8
UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
"""What no file name may hold, on Windows neither."""
MOST_IN_TITLE = 40
Told = tuple[str, str]
"""A sentence, and the state that it tells of (ok, slow, overdue, muted or nothing)."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file in the inbox."""

    path: Path
    size: int
    arrived: datetime


def box(school: School, name: str) -> Path:
    """The actor's own 收件箱 or 发件箱, made where it is not there yet. Raises ReadOnly."""
    person = school.actor.account.rpartition(":")[2].replace("/", "_").strip(".") or "system"
    folder = school.folder / name / person
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReadOnly(Problem(str(folder), "不能建立这个文件夹", "请检查学校资料文件夹的权限")) from error
    return folder


def arrivals(school: School, register: str) -> list[Arrival]:
    """The files in the inbox that could be taken into a register, the newest first."""
    found = []
    for path in box(school, INBOX).iterdir():
        if path.is_file() and not path.name.startswith((".", "~$")) and path.suffix.lower() in suffixes(register):
            facts = path.stat()
            found.append(Arrival(path, facts.st_size, datetime.fromtimestamp(facts.st_mtime, tz=school.now().tzinfo)))
    return sorted(found, key=lambda arrival: (-arrival.arrived.timestamp(), arrival.path.name))


def suffixes(register: str) -> tuple[str, ...]:
    return PLANS if register == "plan" else TABLES


def put_in(school: School, register: str, text: str) -> Path:
    """A text that was pasted, as a file in the inbox. Raises BadInput, ReadOnly."""
    if not text.strip():
        raise BadInput(Problem("粘贴", "没有文字"))
    folder, number = box(school, INBOX), 1
    stem, suffix = f"粘贴-{school.now():%m%d-%H%M}", ".txt" if register == "plan" else ".tsv"
    path = folder / f"{stem}{suffix}"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ReadOnly(Problem(str(path), "不能写这个文件", "请检查文件夹的权限和磁盘空间")) from error
    return path


# ---- looking --------------------------------------------------------------------------------------------------------
def foretold(school: School, register: Register[Any], path: Path) -> list[Told]:
    """What would be taken in, in words. Nothing is written. Raises NotFound, BadInput."""
    if register.id == "plan":
        return list(_plans_foretold(school, path))
    if register.id == "teacher":
        from jiaoyan.papers.roster import read_roster

        roster = read_roster(path)
        doubts = [(f"疑问 {row.sheet} 第 {row.row} 行:{doubt}", "slow") for row in roster.rows for doubt in row.doubts]
        return [(roster.summary(), ""), *((str(problem), "overdue") for problem in roster.problems), *doubts]
    from jiaoyan.papers.sheets import read_sheets

    sheets = [(f"{sheet.name}:{len(sheet.rows)} 行", "") for sheet in read_sheets(path)]
    titles = "、".join(info.title or name for name, info in register.model.model_fields.items() if name not in register.model.unset)
    return [*sheets, (f"第一行应是表头;认得的表头:{titles}", "muted")]


def _readings(school: School, path: Path) -> list[Any]:
    from jiaoyan.reader import Words, read_plans, read_source

    source = read_source(path)
    words = Words.builtin()
    for pack in school.packs.words():
        words = words.extended(pack)
    found = list(read_plans(source.text, words, source.name))
    if not any(reading.readings for reading in found):
        raise BadInput(Problem(path.name, "没有读出计划", "请确认文件里是计划或总结的文字"))
    return found


def _plans_foretold(school: School, path: Path) -> Iterator[Told]:
    from jiaoyan.model.plans import FIELDS, LEVELS, NATURES, TABLES

    for reading in _readings(school, path):
        kind = " ".join((LEVELS[reading.level], FIELDS[reading.field], NATURES[reading.nature]))
        yield f"{reading.index} {reading.title}({kind})", ""
        counts = [f"{title} {len(reading.of(table))}" for table, title in TABLES.items() if reading.of(table)]
        yield f"  读出 {'、'.join(counts) or '无'}", "muted"


# ---- taking in ------------------------------------------------------------------------------------------------------
def taken(school: School, register: Register[Any], path: Path, term: Term | None = None) -> list[Told]:
    """Takes a file in, in one change; what became of it, in words. Plans go into `term`, else into today's.

    Raises JiaoyanError where nothing could be taken.
    """
    if register.id == "plan":
        return list(_plans_taken(school, path, term or school.term()))
    if register.id == "teacher":
        from jiaoyan.enrolling import enrol
        from jiaoyan.papers.roster import read_roster

        done = enrol(school, read_roster(path), path.name)
        told: list[Told] = [
            (f"新进 {len(done.new)},变动 {len(done.changed)},未变 {done.same},任职与任教 {done.postings}", "ok"),
        ]
        for title, names in (("新建小组", done.groups), ("变动", done.changed), ("名册已无(调出、退休或漏列?)", done.absent)):
            if names:
                told.append((f"{title}:{'、'.join(names[:NAMES])}{f' 等 {len(names)}' if len(names) > NAMES else ''}", ""))
        told += [(f"疑问 {doubt}", "slow") for doubt in done.doubts]
        return told + [(f"未导入 {problem}", "overdue") for problem in done.problems]
    from jiaoyan.exchanging import import_table

    imported = import_table(school, register, path)
    told = [(f"已导入{register.title} {len(imported.added)} 条", "ok" if imported.added else "slow")]
    if imported.ignored:
        told.append((f"没有用到的列:{'、'.join(dict.fromkeys(imported.ignored))}", "muted"))
    return told + [(f"未导入 {problem}", "overdue") for problem in imported.problems]


def _plans_taken(school: School, path: Path, term: Term) -> Iterator[Told]:
    from jiaoyan.planning import take_in

    titles = {id: title for id, title, _ in school.register_titles()}
    for one in take_in(school, _readings(school, path), term, path.name, file=path):
        if one.known:
            yield f"{one.index} {one.title}:已导入过,没有改动", "muted"
            continue
        made = "、".join(f"{titles.get(register, register)} {number}" for register, number in one.made.items())
        draft = f"第 {one.revision} 稿,删去条目 {one.withdrawn},现有" if one.revision > 1 else ""
        yield f"{one.index} {one.title}:{draft}条目 {one.clauses},生成 {made or '无'}", "ok"
        if one.open:
            yield f"  要人审读 {one.open} 条", "slow"
        if one.shared:
            yield f"  与其他计划相同 {one.shared} 条:一项要求,两个来源", "muted"
        for kind in one.proposed:
            yield f"  没有统计项目“{kind.label}”,先列人工核对;要自动统计:{kind.command}", "slow"
        if one.stays:
            yield f"  已有记录、保留不动:{'、'.join(one.stays[:NAMES])}", "slow"
        if one.state == "draft":
            yield "  计划是草稿,审核通过后要求才生效", "slow"


def sent_out(
    school: School, register: Register[Any], where: Condition | None, ids: Sequence[str] | None = None
) -> tuple[Path, int]:
    """Writes what a list shows, in its order, to the outbox as .xlsx: (file, rows). Personal fields stay out. Raises
    JiaoyanError."""
    from jiaoyan.exchanging import export_table

    path = _new_in_outbox(school, register.title)
    return path, export_table(school, register, path, where, ids=ids)


def sent_out_as_book(school: School, title: str, leaves: Iterable[Leaf], note: str = "") -> Path:
    """Writes a workbook to the outbox, named by its title and today; the note stands with the title over each sheet. Raises
    JiaoyanError."""
    from jiaoyan.workbooks import write_leaves

    path, found = _new_in_outbox(school, title), list(leaves)
    begin_to_write()
    write_leaves(path, f"{title} {note}".strip(), found)
    return path


def _new_in_outbox(school: School, title: str) -> Path:
    stem = f"{UNSAFE.sub('_', title).strip('. ')[:MOST_IN_TITLE]}-{school.today:%Y%m%d}"
    folder, number = box(school, OUTBOX), 1
    path = folder / f"{stem}.xlsx"
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.xlsx"
    return path
