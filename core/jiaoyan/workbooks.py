"""What is looked at as a whole, written as a workbook: the board with its gaps, a record with all that is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiaoyan.board_table import BoardTable
from jiaoyan.cutting import FIGURES, figure_rows
from jiaoyan.dossier import about, facts_of
from jiaoyan.errors import BadInput, NotFound, Problem
from jiaoyan.model.cuts import Cut
from jiaoyan.model.duties import SCOPES
from jiaoyan.papers.writing import Leaf, write_book, write_csv
from jiaoyan.registers import Register
from jiaoyan.requirements import Progress, urgent_first

if TYPE_CHECKING:
    from jiaoyan.school import School

GAPS = (*FIGURES, "期限")
"""Why somebody owes less (病休 …) is not told: these lists are put up for all to read."""


def board_leaves(table: BoardTable) -> Iterator[Leaf]:
    """The table as it is shown, and the list of who lacks what in it."""
    titles = tuple(column.title for column in table.columns)
    rows = [(row.name, *(_cell(row.cells.get(column.key)) for column in table.columns)) for row in table.rows]
    yield Leaf(f"{SCOPES[table.scope]}完成情况", ("姓名或小组", *titles), rows)
    yield progress_leaf("欠缺名单", (cell for row in table.rows for cell in row.cells.values() if cell.behind))


def progress_leaf(title: str, progress: Iterable[Progress]) -> Leaf:
    """A line for each duty of each person, the most urgent first; amounts are numbers, so that Excel can add them up."""
    return Leaf(title, GAPS, [
        (row.label, row.name, row.requirement.title, row.done, row.total, row.missing, row.requirement.unit, row.by)
        for row in urgent_first(progress)
    ])


def _cell(progress: Progress | None) -> str:
    if progress is None:
        return ""
    if progress.state == "waived":
        return "免做"
    return f"{progress.amounts} {progress.label}" if progress.behind else progress.amounts


def record_leaves(school: School, register: Register[Any], id: str) -> Iterator[Leaf]:
    """A record and all that is known of it, a leaf a section; nothing is cut short, personal fields stay out. Raises NotFound."""
    document = school.records(register).document(id)
    if document is None:
        raise NotFound(Problem(register.title, f"没有编号 {id} 的记录"))
    sections = (*facts_of(school, register, document, private=False), *about(school, register, document, school.today, most=None))
    for section in sections:
        note = [(section.note,)] if section.note else []
        if section.rows or note:
            yield Leaf(section.title, section.headers or ("项目", "内容"), [*section.rows, *note])
    if register.id == "cut":
        yield Leaf("全部数字", FIGURES, figure_rows(school.records(Cut).get(id)))


def write_leaves(path: Path, title: str, leaves: Iterable[Leaf]) -> None:
    """Writes .xlsx, or .csv where there is one leaf. Raises BadInput, NotFound."""
    found = list(leaves)
    if path.suffix.lower() == ".xlsx":
        write_book(path, [leaf._replace(heading=title if leaf.title in title else f"{title} {leaf.title}") for leaf in found])
    elif path.suffix.lower() == ".csv" and len(found) == 1:
        write_csv(path, found[0].headers, found[0].rows)
    else:
        ways = ".xlsx 或 .csv" if len(found) == 1 else ".xlsx"
        raise BadInput(Problem(str(path), f"只能写成 {ways}", "请改文件名的后缀"))
