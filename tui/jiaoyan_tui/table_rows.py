"""What a table shows: columns, rows, the source they come from; and how columns share the width of the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from jiaoyan_tui.cells import clean, width
from jiaoyan_tui.theme import SIGNS

GUTTER = 2  # before the first column: * for a selected row, then the sign of the row's state
GAP = 2  # between columns
WIDEST = 32  # a measured column takes no more, unless there is room
NARROWEST = 10  # a measured column gives way no further


@dataclass(frozen=True, slots=True)
class Column:
    """A column; width 0 means as wide as its cells need."""

    key: str
    title: str
    width: int = 0
    align: Literal["left", "right"] = "left"
    sortable: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A row to show. One mark is the state of the row; as many marks as cells are the states of the cells. A state is
    the name of a style in the theme ("overdue", "slow", "ok", "muted", "")."""

    key: str
    cells: tuple[str, ...]
    marks: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        return self.marks[0] if len(self.marks) == 1 else ""

    def cell_state(self, index: int) -> str:
        return self.marks[index] if len(self.marks) > 1 and index < len(self.marks) else ""


class Source(Protocol):
    """What a table shows: sorting, filtering and counting are the source's work."""

    def columns(self) -> Sequence[Column]: ...

    def count(self) -> int: ...

    def page(self, first: int, size: int) -> Sequence[Row]:
        """The rows from index `first` on, at most `size`."""

    def keys(self, first: int, size: int) -> Sequence[str]:
        """Their keys alone."""

    def place(self, key: str) -> int | None:
        """The index of a row's key as sorted and filtered now; None where it is not among the rows."""


class NoRows:
    """The source of a table that has not been given one."""

    def columns(self) -> Sequence[Column]:
        return ()

    def count(self) -> int:
        return 0

    def page(self, first: int, size: int) -> Sequence[Row]:
        return ()

    def keys(self, first: int, size: int) -> Sequence[str]:
        return ()

    def place(self, key: str) -> int | None:
        return None


def with_sign(text: str, state: str) -> str:
    """A cell's text after the sign of its state: colour is never alone."""
    sign = SIGNS.get(state, "")
    return f"{sign}{text}" if sign and text else text or sign


def needs(columns: Sequence[Column], rows: Iterable[Row]) -> list[int]:
    """The cells that each column would like, by some rows and its title with the mark of a sort."""
    found = [width(clean(column.title)) + (2 if column.sortable else 0) for column in columns]
    for row in rows:
        for index, text in enumerate(row.cells[: len(found)]):
            found[index] = max(found[index], width(with_sign(clean(text), row.cell_state(index))))
    return [column.width or need for column, need in zip(columns, found, strict=True)]


def fit(columns: Sequence[Column], wanted: Sequence[int], room: int) -> list[int]:
    """The columns' widths in a table so wide. Long ones share what is left; where there is too little, the widest give
    way if that brings all into view; else they keep what they need, and one has to scroll. The first column, which
    always stays, takes half the table at most."""
    if len(wanted) != len(columns) or not columns:
        return []
    widths = [need if column.width else min(need, WIDEST) for column, need in zip(columns, wanted, strict=True)]
    widths[0] = max(min(widths[0], (room - GUTTER) // 2), 2)
    left = room - GUTTER - sum(widths) - GAP * (len(widths) - 1)
    if left < 0:
        return _narrowed(columns, widths, -left)
    for index, need in enumerate(wanted):
        more = min(max(need - widths[index], 0), left)
        widths[index] += more
        left -= more
    return widths


def _narrowed(columns: Sequence[Column], widths: list[int], by: int) -> list[int]:
    narrowed = list(widths)
    flexible = [index for index, column in enumerate(columns) if index and not column.width]
    for _ in range(by):
        widest = max(flexible, key=narrowed.__getitem__, default=0)
        if not widest or narrowed[widest] <= NARROWEST:
            return widths
        narrowed[widest] -= 1
    return narrowed


def most_left(widths: Sequence[int], room: int) -> int:
    """How many columns after the first must be scrolled off for the last one to be seen whole."""
    if len(widths) < 2:
        return 0
    room -= GUTTER + widths[0]
    left = len(widths) - 1
    while left and (room := room - GAP - widths[left]) >= 0:
        left -= 1
    return min(left, len(widths) - 2)
