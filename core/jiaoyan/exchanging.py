"""Tables in and out: any register from a sheet with its fields' titles as headers, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiaoyan.access import private_fields, require
from jiaoyan.conditions import Condition
from jiaoyan.entering import made, values_of
from jiaoyan.errors import BadInput, JiaoyanError, Problem
from jiaoyan.keeping import back_up_before
from jiaoyan.listing import PageNames
from jiaoyan.papers.sheets import SheetRow, read_sheets, write_csv, write_xlsx
from jiaoyan.progress import begin_to_write, step
from jiaoyan.registers import Register
from jiaoyan.showing import fields_of, shown

if TYPE_CHECKING:
    from jiaoyan.school import School

PAGE = 1000
HEADER_ROWS = 10
"""How far down the header may stand below title lines."""


@dataclass(slots=True)
class Imported:
    """What became of a table: ids that were added, rows that could not be taken."""

    added: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def import_table(school: School, register: Register[Any], path: Path) -> Imported:
    """Add a record a row, all in one change; a bad row is named and left out. Raises BadInput where no header fits."""
    done = Imported()
    sheets = read_sheets(path)
    back_up_before(school, sum(len(sheet.rows) for sheet in sheets))
    with school.change(f"导入{register.title} {path.name}") as change:
        for sheet in sheets:
            header = _header(school, register, sheet.rows)
            if header is None:
                continue
            row_of_header, fields, ignored = header
            done.ignored += ignored
            for number, row in enumerate(sheet.rows, 1):
                step(number, len(sheet.rows), "行")
                if row.number <= row_of_header or not any(cell.strip() for cell in row.cells):
                    continue
                place = f"{sheet.name} 第 {row.number} 行"
                try:
                    texts = {name: row.cells[n] for n, name in fields.items() if n < len(row.cells) and row.cells[n].strip()}
                    record = made(register.model, values_of(school, register.model, texts, where=place), place)
                except JiaoyanError as error:
                    done.problems += error.problems
                    continue
                change.save(record)
                done.added.append(record.id)
    if not done.added and not done.problems:
        titles = "、".join(info.title or name for name, info in register.model.model_fields.items())
        raise BadInput(Problem(str(path), f"没有找到{register.title}的表头或数据", f"表头可用:{titles}"))
    return done


def _header(
    school: School, register: Register[Any], rows: list[SheetRow]
) -> tuple[int, dict[int, str], list[str]] | None:
    """(row number, {column: field}, headers not understood) of the first row that names the required fields."""
    required = {n for n, info in register.model.model_fields.items() if info.is_required()}
    known = {fact.title: name for name, fact in fields_of(school, register.model).items()}
    for row in rows[:HEADER_ROWS]:
        titles = {n: "".join(cell.split()) for n, cell in enumerate(row.cells)}
        fields = {n: known[title] for n, title in titles.items() if title in known}
        ignored = [title for title in titles.values() if title and title not in known]
        if fields and required <= set(fields.values()):
            return row.number, fields, ignored
    return None


def export_table(
    school: School, register: Register[Any], path: Path, where: Condition | None = None, *, ids: Sequence[str] | None = None,
    private: bool = False,
) -> int:
    """Write a register as .xlsx or .csv, as it is shown; personal fields only when asked for and allowed. The number of rows.

    `ids` says which records and in which order, instead of `where` and the usual one.
    """
    if private:
        require(school.actor, "private", register.title)
    hidden = () if private else private_fields(register)
    names = [n for n in register.model.model_fields if n not in register.model.unset and n not in hidden]
    titles = [register.model.model_fields[n].title or n for n in names]
    rows = list(_rows(school, register, names, where, ids))
    begin_to_write()
    if path.suffix.lower() == ".csv":
        write_csv(path, titles, rows)
    elif path.suffix.lower() == ".xlsx":
        write_xlsx(path, register.title, titles, rows)
    else:
        raise BadInput(Problem(str(path), "只能导出 .xlsx 或 .csv", "请改文件名的后缀"))
    return len(rows)


def _rows(
    school: School, register: Register[Any], names: list[str], where: Condition | None, ids: Sequence[str] | None
) -> Iterator[list[str]]:
    referred = PageNames(school)
    records, first = school.records(register), 0
    count = records.count(where) if ids is None else len(ids)
    while page := records.documents(where, first=first, size=PAGE) if ids is None else records.those(ids[first:first + PAGE]):
        step(first, count, "条")
        referred.learn(register, page)
        for document in page:
            yield [shown(school, register.model, name, document.get(name), referred) for name in names]
        first += PAGE
