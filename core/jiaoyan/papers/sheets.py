"""Tables read as a person sees them on the screen (.xlsx, .csv, .tsv, pasted text), and the way out."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections import Counter, deque
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Literal

from jiaoyan.errors import BadInput, NotFound, Problem
from jiaoyan.papers.writing import replacing, write_csv, write_xlsx

__all__ = ["Sheet", "SheetRow", "read_sheets", "replacing", "sheet_of_text", "write_csv", "write_xlsx"]

LARGEST = 20 * 1024 * 1024  # bytes of a file
UNPACKED = 100 * 1024 * 1024  # bytes of a workbook once unzipped: far above any table of a school
MOST_ROWS = 100_000
MOST_CELLS = 2_000_000
LAST_ROW = 1_048_576  # of an Excel sheet


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row that holds something; `number` is the one that the person sees at its left in Excel."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file, without its blank rows."""

    name: str
    rows: list[SheetRow]


def read_sheets(path: Path) -> list[Sheet]:
    """The visible tables of a file, told by what it holds and not by its suffix. Raises NotFound, BadInput."""
    path = Path(path)
    raw = _bytes_of(path)
    refusal = next(((what, remedy) for mark, what, remedy in FOREIGN if raw.startswith(mark)), None)
    if raw.startswith(OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in raw
        refusal = (
            ("这个表格设了打开密码", "请在 Excel 或 WPS 里取消密码后再导入") if locked
            else ("这是旧版 .xls 表格" if "Workbook".encode("utf-16-le") in raw else "这是旧版 Office 文件",
                  "请用 Excel 或 WPS 打开,另存为 .xlsx 后再导入")
        )
    if refusal:
        raise BadInput(Problem(path.name, *refusal))
    if raw.startswith(b"PK\x03\x04"):
        return _workbook(path)
    rows = _text_rows(_decode(raw, path), path.name, "\t" if path.suffix.lower() == ".tsv" else "")
    return _filled([Sheet(path.stem, rows)], path)


def sheet_of_text(text: str, name: str = "粘贴的内容") -> Sheet:
    """The table in pasted text: columns parted by tabs, commas or, without any of those, by blanks. Raises BadInput."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if not any(mark in text for mark in DELIMITERS):
        text = "\n".join("\t".join(re.split(r"[ \u3000\xa0]{2,}|\u3000", line.strip())) for line in text.split("\n"))
        if "\t" not in text:
            text = re.sub(r"[ \xa0]+", "\t", text)
    return _filled([Sheet(name, _text_rows(text, name))], Path(name))[0]


# ---- what a file is -------------------------------------------------------------------------------------------------
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FOREIGN = (
    (b"%PDF", "这是 PDF 文件,不是表格", "请导出为 .xlsx"),
    (b"\x89PNG", "这是图片,不是表格", "请导入 .xlsx 或 .csv"),
    (b"\xff\xd8\xff", "这是照片,不是表格", "请导入 .xlsx 或 .csv"),
    (b"Rar!", "这是压缩包,不是表格", "请先解压"),
    (b"7z\xbc\xaf", "这是压缩包,不是表格", "请先解压"),
)


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise BadInput(Problem(path.name, "这是文件夹,不是表格"))
        if size > LARGEST:
            raise BadInput(Problem(path.name, f"文件有 {size // 1024 // 1024} MB,超过 {LARGEST // 1024 // 1024} MB",
                                   "请删去图片和用不到的工作表"))
        raw = path.read_bytes()
    except FileNotFoundError:
        raise NotFound(Problem(str(path), "没有这个文件")) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BadInput(Problem(path.name, f"读不了这个文件:{reason}")) from None
    if not raw.strip():
        raise BadInput(Problem(path.name, "文件是空的"))
    return raw


def _decode(raw: bytes, path: Path) -> str:
    """Excel writes UTF-8 with a mark, GBK, or UTF-16 (“Unicode 文本”)."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in raw:
        encodings = []
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        controls = sum(c < " " and c not in "\t\r\n\f\v" for c in text[:4096])
        if controls * 50 > len(text[:4096]):
            break
        if re.match(r"\s*<(?:!doctype|\?xml|html|table|meta)", text[:200], re.IGNORECASE):
            raise BadInput(Problem(path.name, "这是网页格式的表格", "请用 Excel 或 WPS 打开,另存为 .xlsx 后再导入"))
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise BadInput(Problem(path.name, "这不是表格,或文字编码认不出来", "请另存为 .xlsx,或 UTF-8 编码的 .csv"))


def _filled(sheets: list[Sheet], path: Path) -> list[Sheet]:
    if not any(sheet.rows for sheet in sheets):
        raise BadInput(Problem(path.name, "表格里没有内容"))
    return sheets


# ---- text -----------------------------------------------------------------------------------------------------------
DELIMITERS = ("\t", ",", ";", "\uff0c", "\uff1b", "|")


def _sniff(text: str) -> str:
    """The delimiter by which most lines fall into the same number of columns."""
    lines = text.split("\n", 60)[:60]
    best, found = 0, ","
    for delimiter in DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
        except csv.Error:
            continue
        if widths and (score := max(width * times for width, times in widths.items())) > best:
            best, found = score, delimiter
    return found


def _text_rows(text: str, name: str, delimiter: str = "") -> list[SheetRow]:
    delimiter = delimiter or _sniff(text)
    rows: list[SheetRow] = []
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, quoting=_quoting(text, delimiter))
    try:
        for number, cells in enumerate(reader, 1):
            _keep(rows, number, [_text_cell(cell) for cell in cells], name)
    except csv.Error:
        raise BadInput(Problem(f"{name} 第 {reader.line_num} 行", "引号没有成对,或一格的内容太长")) from None
    return rows


def _quoting(text: str, delimiter: str) -> Literal[0, 3]:
    """A quote that is never closed is a character of its cell, and must not swallow the rows that follow."""
    try:
        deque(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True), maxlen=0)
    except csv.Error as error:
        return csv.QUOTE_NONE if "end of data" in str(error) else csv.QUOTE_MINIMAL
    return csv.QUOTE_MINIMAL


def _text_cell(cell: str) -> str:
    """Takes away what keeps Excel from reading an id as a number or a word as a formula: ="001", '001, 001<tab>."""
    cell = cell.strip()
    if wrapped := re.fullmatch(r'="(.*)"', cell, re.DOTALL):
        cell = wrapped[1]
    if re.match(r"'[=+\-@\d\uff1d\uff0b\uff0d\uff20]", cell):
        cell = cell[1:]
    return _tidy(cell)


def _tidy(text: str) -> str:
    """Blanks of every kind around a cell, and characters that no screen shows."""
    text = text.replace("_x000D_", "").replace("\xa0", " ").replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b-\u200f\u202a-\u202e]", "", text).strip()


def _keep(rows: list[SheetRow], number: int, cells: list[str], place: str) -> None:
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        return
    if len(rows) >= MOST_ROWS:
        raise BadInput(Problem(place, f"超过 {MOST_ROWS} 行", "请只留要导入的内容"))
    rows.append(SheetRow(number, cells))


# ---- workbooks ------------------------------------------------------------------------------------------------------
def _workbook(path: Path) -> list[Sheet]:
    _check_package(path)
    import openpyxl  # costs a tenth of a second: only for those who import a workbook

    try:
        with warnings.catch_warnings(), path.open("rb") as file:
            warnings.simplefilter("ignore")  # what openpyxl does not keep is of no concern here
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            try:
                shown = [s for s in book.worksheets if s.sheet_state == "visible"] or book.worksheets
                merges = _merges(file)
                cells = [0]
                sheets = [_sheet(s, merges.get(s.title, []), book.epoch, path, cells) for s in shown]
            finally:
                book.close()
    except BadInput:
        raise
    except Exception as error:  # a damaged workbook makes openpyxl raise anything
        what = "内存不够" if isinstance(error, MemoryError) else "文件已损坏,读不出表格"
        raise BadInput(Problem(path.name, what, "请用 Excel 或 WPS 打开,另存为新的 .xlsx 后再导入")) from error
    return _filled(sheets, path)


def _check_package(path: Path) -> None:
    """That a zip is a workbook, unpacks to no more than a table may hold, and declares no entities."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            if "word/document.xml" in names:
                raise BadInput(Problem(path.name, "这是 Word 文档,不是表格", "请把表格复制到 Excel,另存为 .xlsx"))
            if "content.xml" in names and "mimetype" in names:
                raise BadInput(Problem(path.name, "这是 .ods 表格", "请另存为 .xlsx 后再导入"))
            if "xl/workbook.bin" in names:
                raise BadInput(Problem(path.name, "这是 .xlsb 表格", "请另存为 .xlsx 后再导入"))
            if not any(name.endswith("workbook.xml") for name in names):
                raise BadInput(Problem(path.name, "这是压缩包,不是表格", "请先解压"))
            if any(part.flag_bits & 1 for part in parts):
                raise BadInput(Problem(path.name, "这个表格加了密", "请取消密码后再导入"))
            needed = [p for p in parts if not p.filename.startswith(("xl/media/", "xl/drawings/"))]
            if sum(part.file_size for part in needed) > UNPACKED or len(parts) > 10_000:
                raise BadInput(Problem(path.name, "展开后太大,不像正常的表格", "请只留要导入的内容,另存为新的 .xlsx"))
            for part in needed:
                if part.filename.endswith((".xml", ".rels")):
                    with package.open(part) as content:
                        if b"<!DOCTYPE" in content.read(1024):
                            raise BadInput(Problem(path.name, "文件里有不该有的声明,不予读取"))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        raise BadInput(Problem(path.name, "文件已损坏,打不开", "请重新复制或另存一份")) from None


Box = tuple[int, int, int, int]


def _merges(file: IO[bytes]) -> dict[str, list[Box]]:
    """Merged ranges by sheet title (openpyxl's read-only mode leaves them out), as first column, row, last column, row."""
    import posixpath
    from xml.etree.ElementTree import fromstring

    from openpyxl.utils.cell import range_boundaries

    found: dict[str, list[Box]] = {}
    with zipfile.ZipFile(file) as package:
        home = next(name for name in package.namelist() if name.endswith("workbook.xml"))
        folder, base = posixpath.split(home)
        rels = fromstring(package.read(f"{folder}/_rels/{base}.rels".lstrip("/")))
        targets = {rel.get("Id"): rel.get("Target", "") for rel in rels}
        for sheet in fromstring(package.read(home)).iterfind("{*}sheets/{*}sheet"):
            ident = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            target = targets.get(ident, "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if part not in package.namelist():
                continue
            content = package.read(part)
            tail = content[max(content.rfind(b"sheetData>"), content.rfind(b"sheetData/>"), 0):]
            refs = re.findall(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"', tail)
            found[sheet.get("name", "")] = [
                (int(left or 1), int(top or 1), int(right or 1), int(bottom or 1))
                for left, top, right, bottom in (range_boundaries(ref.decode()) for ref in refs)
            ]
    return found


def _sheet(sheet: Any, merges: list[Box], epoch: datetime, path: Path, count: list[int]) -> Sheet:
    place = f"{path.name} 工作表“{sheet.title}”"
    sheet.reset_dimensions()  # some programs write A1 as the size of every sheet
    grid: dict[int, list[str]] = {}
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > LAST_ROW:
            break
        cells = [_seen(cell, epoch) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        count[0] += len(cells)
        if count[0] > MOST_CELLS:
            raise BadInput(Problem(place, "内容太多", "请只留要导入的内容"))
        if cells:
            grid[number] = cells
    _fill_merges(grid, merges, count)
    rows: list[SheetRow] = []
    for number in sorted(grid):
        _keep(rows, number, grid[number], place)
    return Sheet(sheet.title, rows)


def _fill_merges(grid: dict[int, list[str]], merges: list[Box], count: list[int]) -> None:
    """A merged cell's text stands in each cell that it covers, as far as the table reaches."""
    width, height = max(map(len, grid.values()), default=0), max(grid, default=0)
    for left, top, right, bottom in merges:
        first = grid.get(top, [])
        text = first[left - 1] if len(first) >= left else ""
        across, down = range(left - 1, min(right, width)), range(top, min(bottom, height) + 1)
        count[0] += len(across) * len(down)
        if not text or not across or count[0] > MOST_CELLS:
            continue
        for number in down:
            cells = grid.setdefault(number, [])
            cells += [""] * (across.stop - len(cells))
            cells[across.start : across.stop] = [text] * len(across)


# ---- one cell -------------------------------------------------------------------------------------------------------
CHINESE_DATES = {
    27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日", 36: "yyyy年m月", 50: "yyyy年m月",
    51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日", 57: "yyyy年m月", 58: "m月d日",
}
"""Formats that Chinese Excel knows by number alone; openpyxl takes their cells for plain numbers."""


def _seen(cell: Any, epoch: datetime) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return _tidy(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    pattern = _format(cell)
    if isinstance(value, int | float) and cell.style_array.numFmtId in CHINESE_DATES and 0 < value < 2_958_466:
        from openpyxl.utils.datetime import from_excel

        value = from_excel(value, epoch)
    if isinstance(value, datetime | date):
        return _day(value, pattern)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return _number(value, pattern)


def _format(cell: Any) -> str:
    """The cell's number format without quoted words, colours and conditions."""
    pattern = CHINESE_DATES.get(cell.style_array.numFmtId) or str(cell.number_format or "General")
    return re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", pattern.split(";")[0]).strip().lower()


def _day(value: date, pattern: str) -> str:
    """ISO, no finer than what the cell shows: a format of year and month hides a day that nobody meant."""
    if isinstance(value, datetime) and (value.hour or value.minute or value.second):
        return f"{value:%Y-%m-%d %H:%M}"
    iso = value.isoformat()[:10]
    if "y" in pattern and "d" not in pattern:
        return iso[:7] if "m" in pattern else iso[:4]
    return iso


def _number(value: Any, pattern: str) -> str:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return ""
    number = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(str(value))
    if "%" in pattern:
        return f"{_plain(number * 100)}%"
    if re.fullmatch(r"0+", pattern) and number == number.to_integral_value():
        return f"{int(number):0{len(pattern)}}"
    if places := re.fullmatch(r"[#,]*0\.(0+)", pattern):
        return f"{number:.{len(places[1])}f}"
    return _plain(number)


def _plain(number: Decimal) -> str:
    return format(number.to_integral_value() if number == number.to_integral_value() else number.normalize(), "f")


