"""Tables written for Excel: .xlsx and .csv, whole or not at all, in which text is never a formula."""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from jiaoyan.errors import BadInput, NotFound, Problem

if TYPE_CHECKING:
    from openpyxl import Workbook

FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")  # what Excel takes for the start of a formula, full width too
MOST_DIGITS = 11  # a longer number is shown in exponent, and rounded from the 16th digit on
MOST_IN_NAME = 28  # Excel takes 31; openpyxl numbers names that stand twice
UNSAFE_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f']")


class Leaf(NamedTuple):
    """One sheet of a workbook: its name, what its columns are called, its rows, what stands over them."""

    title: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Any]]
    heading: str = ""


def write_xlsx(path: Path, title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A workbook of one sheet, with its title over it. Raises NotFound, BadInput."""
    write_book(path, [Leaf(title, headers, rows, title)])


def write_book(path: Path, leaves: Iterable[Leaf]) -> None:
    """A workbook: on each sheet the heading, headers that stay in sight and repeat on paper, rows. Text is never a formula.

    Raises NotFound when there is no such folder, BadInput when it can't be written.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for leaf in leaves:
        _add_sheet(book, leaf)
    with replacing(path) as file:
        book.save(file)


def _add_sheet(book: Workbook, leaf: Leaf) -> None:
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet = book.create_sheet(UNSAFE_NAME.sub(" ", leaf.title).strip()[:MOST_IN_NAME] or "Sheet1")
    headers, title = leaf.headers, leaf.heading
    line = Side(style="thin", color="999999")
    border = Border(left=line, right=line, top=line, bottom=line)
    styles = {
        bold: (Font(bold=bold), Alignment(wrap_text=True, vertical="center", horizontal="center" if bold else None))
        for bold in (False, True)
    }
    widths = [0] * len(headers)
    head = 2 if title else 1

    def put(row: int, column: int, value: Any, bold: bool = False) -> None:
        cell = sheet.cell(row, column)
        value = _for_excel(value)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # openpyxl makes a formula of = and an error of #N/A
            cell.number_format = "@"
        elif isinstance(value, date) and not isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd"
        cell.border = border
        cell.font, cell.alignment = styles[bold]
        if column > len(widths):
            widths.extend([0] * (column - len(widths)))
        widths[column - 1] = max(widths[column - 1], *map(_width, str(value or "").split("\n")))

    for column, header in enumerate(headers, 1):
        put(head, column, header, bold=True)
    for number, values in enumerate(leaf.rows, head + 1):
        for column, value in enumerate(values, 1):
            put(number, column, value)
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = min(max(width + 2, 6), 60)
    if title:
        top = sheet.cell(1, 1)
        top.value, top.data_type, top.font = _for_excel(title), "s", Font(bold=True, size=16)
        top.alignment = Alignment(horizontal="center", vertical="center")
        if len(widths) > 1:
            sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(widths))
    sheet.freeze_panes = f"A{head + 1}"
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape" if sum(widths) > 90 else "portrait"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def write_csv(path: Path, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table in UTF-8 with the mark by which Excel knows it. Text is never a formula, an id never an exponent.

    Raises NotFound when there is no such folder, BadInput when it can't be written.
    """
    with replacing(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        writer = csv.writer(text)
        writer.writerow([_for_csv(header) for header in headers])
        writer.writerows([_for_csv(value) for value in row] for row in rows)
        text.flush()
        text.detach()


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `path` when it is whole; a failure leaves the old one. Raises NotFound, BadInput."""
    path = Path(path)
    draft = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.tmp")
    try:
        with draft.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except FileNotFoundError:
        raise NotFound(Problem(str(path), "没有这个文件夹")) from None
    except OSError as error:
        raise BadInput(Problem(str(path), f"写不了这个文件:{error.strerror or error}",
                               "请看文件是否正在别处打开,磁盘是否已满")) from None
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _for_excel(value: Any) -> Any:
    if value is None or (isinstance(value, str) and not value):
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float | Decimal):
        number = Decimal(value)
        return value if number.is_finite() and abs(number) < 10**MOST_DIGITS else format(number, "f")
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date | time):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(map(str, value))
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", str(value))[:32767]


def _for_csv(value: Any) -> str:
    plain = _for_excel(value)
    if isinstance(plain, int | float | Decimal):
        return format(plain, "f") if isinstance(plain, Decimal) else str(plain)
    text = "" if plain is None else str(plain)
    if text.startswith(FORMULA):
        return "'" + text
    return text + "\t" if re.fullmatch(r"0\d+|\d{12,}", text) else text  # a tab keeps Excel from rounding an id


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)
