"""Finds the lines of headers in a sheet, and under them which column holds which field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jiaoyan.papers.sheets import Sheet, SheetRow

NAME = "name"
SERIAL = "serial"


@dataclass(frozen=True)
class Line:
    """One row under a header: the cells of each field, in the order in which its headers are preferred."""

    sheet: str
    number: int
    cells: Mapping[str, tuple[str, ...]]
    whole: tuple[str, ...]
    """The row as it stands, for what has no field."""

    def first(self, *fields: str) -> str:
        return next((c for field in fields for c in self.cells.get(field, ()) if c), "")

    def every(self, field: str) -> list[str]:
        return list(dict.fromkeys(c for c in self.cells.get(field, ()) if c))


@dataclass(frozen=True)
class _Block:
    """A header's columns from `start` on: two tables may stand side by side."""

    start: int
    end: int
    columns: Mapping[str, tuple[int, ...]]


class Headers:
    """The words by which columns are known."""

    def __init__(self, synonyms: Mapping[str, Sequence[str]], prefixes: Sequence[str]) -> None:
        self.known = {
            header_key(word): (field, place) for field, words in synonyms.items() for place, word in enumerate(words)
        }
        self.prefixes = tuple(sorted(prefixes, key=len, reverse=True))

    def field(self, header: str) -> tuple[str, int] | None:
        """(field, how far down its list of words) that a header stands for."""
        whole = header_key(header)
        for text in (whole, re.sub(r"\([^()]*\)", "", whole), whole.replace("(", "").replace(")", "")):
            if found := self.known.get(text):
                return found
            for prefix in self.prefixes:
                if text.startswith(prefix) and (found := self.known.get(text.removeprefix(prefix))):
                    return found
        return None

    def is_name(self, cell: str) -> bool:
        found = self.field(cell)
        return found is not None and found[0] == NAME

    def is_header(self, cells: Sequence[str]) -> bool:
        """The name column stands there, and another that is known, or nothing else at all."""
        if not any(self.is_name(c) for c in cells):
            return False
        fields = {found[0] for c in cells if c and (found := self.field(c))}
        return len(fields) > 1 or len({c for c in cells if c}) == 1

    def is_lower(self, cells: Sequence[str], upper: Sequence[str]) -> bool:
        """The second line of a header of two: the name column blank (or merged into it), the others known words."""
        names = [n for n, c in enumerate(upper) if self.is_name(c)]
        if not names or any(n < len(cells) and cells[n] and not self.is_name(cells[n]) for n in names):
            return False
        words = [c for n, c in enumerate(cells) if c and n not in names]
        known = [c for c in words if self.field(c)]
        return bool(known) and len(known) * 2 >= len(words) and not any(re.search(r"\d{2}", c) for c in words)


def header_key(header: str) -> str:
    return re.sub(r"[\s*★:：#]", "", unicodedata.normalize("NFKC", header))


@dataclass
class Table:
    """The lines of a sheet, and the headers that stand for no field."""

    lines: list[Line]
    ignored: list[str]


def table_of(sheet: Sheet, headers: Headers) -> Table | None:
    """The lines under the headers of a sheet; None when no header names a person's name."""
    table: Table | None = None
    blocks: list[_Block] = []
    found: list[list[Line]] = []
    rows = iter(_pairs(sheet.rows))
    for row, following in rows:
        lower: list[str] = []
        if following and following.number == row.number + 1 and headers.is_lower(following.cells, row.cells):
            lower = following.cells
        if lower or headers.is_header(row.cells):
            table = table or Table([], [])
            table.lines += [line for lines in found for line in lines]
            blocks = _blocks(row.cells, lower, headers, table.ignored)
            if lower:
                next(rows)
            found = [[] for _ in blocks]
        else:
            for block, lines in zip(blocks, found, strict=True):
                lines.append(_line(sheet.name, row, block))
    if table:
        table.lines += [line for lines in found for line in lines]
    return table


def _pairs(rows: Sequence[SheetRow]) -> Iterator[tuple[SheetRow, SheetRow | None]]:
    return zip(rows, (*rows[1:], None), strict=True)


def _blocks(upper: Sequence[str], lower: Sequence[str], headers: Headers, ignored: list[str]) -> list[_Block]:
    width = max(len(upper), len(lower))
    top = [*upper, *[""] * (width - len(upper))]
    bottom = [*lower, *[""] * (width - len(lower))]
    for n in range(1, width):  # a heading over several columns, where the merge was lost
        if not top[n] and bottom[n]:
            top[n] = top[n - 1]
    meant: list[tuple[str, int] | None] = []
    for above, below in zip(top, bottom, strict=True):
        both = headers.field(above + below) if below and below != above else None
        meant.append(both or (headers.field(below) if below else None) or headers.field(above))
        label = re.sub(r"\s+", "", below or above)
        if meant[-1] is None and label and label not in ignored:
            ignored.append(label)
    starts: list[int] = []
    for n, found in enumerate(meant):
        if found and found[0] == NAME and not (n and (meant[n - 1] or ("",))[0] == NAME):
            serial = n and (meant[n - 1] or ("",))[0] == SERIAL
            starts.append(n - 1 if serial else n)
    starts = [0, *starts[1:]]
    blocks = []
    for start, end in zip(starts, (*starts[1:], width), strict=True):
        ranked = sorted((f[1], n, f[0]) for n, f in enumerate(meant) if f and start <= n < end)
        columns: dict[str, tuple[int, ...]] = {}
        for _, n, name in ranked:
            columns[name] = (*columns.get(name, ()), n)
        blocks.append(_Block(start, end, columns))
    return blocks


def _line(sheet: str, row: SheetRow, block: _Block) -> Line:
    cells = [*row.cells, *[""] * max(0, block.end - len(row.cells))]
    return Line(
        sheet, row.number, {name: tuple(cells[n] for n in places) for name, places in block.columns.items()},
        tuple(cells[block.start : block.end]),
    )
