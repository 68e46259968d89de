"""A grid with a cursor on a cell: a frozen first column, titles of two lines, and columns that scroll sideways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Blur, Focus, Resize
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from jiaoyan_tui.cells import clean, pad, width, wrap
from jiaoyan_tui.lines import Piece, strip_of
from jiaoyan_tui.table_rows import with_sign
from jiaoyan_tui.theme import look_of

NAME = 18
"""Cells of the first column, at most."""
COLUMN = 13
"""Cells of a column: a title in two lines of six characters."""
HEAD = 2


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row: its key, its name, and (text, state) for each column."""

    key: str
    name: str
    cells: Sequence[tuple[str, str]]


class Grid(Widget, can_focus=True):
    """Arrows walk from cell to cell; Enter chooses one."""

    DEFAULT_CSS = "Grid { width: 1fr; height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1, 0)", "上", show=False), Binding("down", "move(1, 0)", "下", show=False),
        Binding("left", "move(0, -1)", "左", show=False), Binding("right", "move(0, 1)", "右", show=False),
        Binding("pageup", "page(-1)", "上一页", show=False), Binding("pagedown", "page(1)", "下一页", show=False),
        Binding("home", "move(-100000, 0)", "首行", show=False), Binding("end", "move(100000, 0)", "末行", show=False),
        Binding("enter", "choose", "打开", show=False),
    ]

    class Moved(Message):
        """The cursor is on another cell."""

    class Chosen(Message):
        """Enter on a cell."""

    def __init__(self, empty: str = "没有内容") -> None:
        super().__init__()
        self.empty = empty
        self.titles: Sequence[str] = ()
        self.rows: Sequence[GridRow] = ()
        self.at_row, self.at_column = 0, 0
        self._first = self._left = 0

    def show(self, titles: Sequence[str], rows: Sequence[GridRow]) -> None:
        """Other rows; the cursor stays on its row's key and its column's title where they are still there."""
        key, title = self.key, self.titles[self.at_column] if self.titles else ""
        self.titles, self.rows = titles, rows
        self.at_column = titles.index(title) if title in titles else self.at_column
        place = next((n for n, row in enumerate(rows) if row.key == key), None) if key else None
        self.at_row = self.at_row if place is None else place
        self._settle()
        self.refresh()

    @property
    def key(self) -> str:
        return self.rows[self.at_row].key if self.at_row < len(self.rows) else ""

    # ---- where things stand -----------------------------------------------------------------------------------------
    @property
    def height_in_rows(self) -> int:
        return max(self.size.height - HEAD, 1)

    @property
    def _name_cells(self) -> int:
        longest = max((width(row.name) for row in self.rows), default=4)
        return min(max(longest, 6), NAME if self.size.width < 100 else 2 * NAME) + 2

    @property
    def _fitting(self) -> int:
        return max((self.size.width - self._name_cells) // COLUMN, 1)

    def _settle(self) -> None:
        self.at_row = max(0, min(self.at_row, len(self.rows) - 1))
        self.at_column = max(0, min(self.at_column, len(self.titles) - 1))
        rows = self.height_in_rows
        self._first = max(self.at_row - rows + 1, min(self._first, self.at_row, max(len(self.rows) - rows, 0)), 0)
        most = max(len(self.titles) - self._fitting, 0)
        self._left = max(self.at_column - self._fitting + 1, min(self._left, self.at_column, most), 0)
        self._park()
        self.post_message(self.Moved())

    def _park(self) -> None:
        if self.has_focus:
            x = self._name_cells + (self.at_column - self._left) * COLUMN
            self.app.cursor_position = self.content_region.offset + Offset(x, self.at_row - self._first + HEAD)

    def on_resize(self, event: Resize) -> None:
        self._settle()
        self.refresh()

    def on_focus(self, event: Focus) -> None:
        self._park()
        self.refresh()

    def on_blur(self, event: Blur) -> None:
        self.refresh()

    # ---- moving -----------------------------------------------------------------------------------------------------
    def action_move(self, rows: int, columns: int) -> None:
        before, edges = self.at_row, (self._first, self._left)
        self.at_row += rows
        self.at_column += columns
        self._settle()
        if edges != (self._first, self._left) or columns:
            self.refresh()
        else:
            lines = {before - self._first + HEAD, self.at_row - self._first + HEAD}
            self.refresh(*(Region(0, line, self.size.width, 1) for line in lines))

    def action_page(self, by: int) -> None:
        self._first += by * self.height_in_rows
        self.action_move(by * self.height_in_rows, 0)
        self.refresh()

    def go_to_next(self, states: Sequence[str]) -> bool:
        """To the next cell in one of these states, row by row, from the top again at the end; False where there is none."""
        width, height = len(self.titles), len(self.rows)
        here = self.at_row * width + self.at_column
        for step in range(1, width * height + 1):
            row, column = divmod((here + step) % (width * height), width)
            if self.rows[row].cells[column][1] in states:
                self.action_move(row - self.at_row, column - self.at_column)
                return True
        return False

    def action_choose(self) -> None:
        if self.key and self.titles:
            self.post_message(self.Chosen())

    # ---- drawing ----------------------------------------------------------------------------------------------------
    def render_line(self, y: int) -> Strip:
        look = look_of(self.app)
        if not self.rows or not self.titles:
            lines = ["", *wrap(self.empty, max(self.size.width - 4, 2))]
            return strip_of([(f"  {lines[y]}", "muted")] if y < len(lines) else (), self.size.width, look)
        shown = range(self._left, min(self._left + self._fitting, len(self.titles)))
        if y < HEAD:
            return strip_of(self._head(y, shown), self.size.width, look, "header")
        index = self._first + y - HEAD
        if index >= len(self.rows):
            return strip_of((), self.size.width, look)
        return strip_of(self._row(index, shown), self.size.width, look)

    def _head(self, y: int, shown: range) -> list[Piece]:
        look = look_of(self.app)
        name = pad("" if y == 0 else f" {len(self.rows)} 行", self._name_cells)
        pieces: list[Piece] = [(name, "header")]
        for index in shown:
            title = wrap(clean(self.titles[index]), COLUMN - 1)
            text = title[y] if y < len(title) else ""
            if y == HEAD - 1 and len(title) > HEAD:
                text = pad(text, COLUMN - 3, mark="") + look.glyphs.ellipsis
            pieces.append((pad(text, COLUMN), "cursor-away" if index == self.at_column else "header"))
        more = len(self.titles) - shown.stop
        if y == 0 and (more or self._left):
            arrows = f"{look.glyphs.more_left}{self._left}" if self._left else ""
            arrows += f" {more}{look.glyphs.more_right}" if more else ""
            pieces[0] = (pad(f" {arrows.strip()}", self._name_cells), "key")
        return pieces

    def _row(self, index: int, shown: range) -> list[Piece]:
        row, here = self.rows[index], index == self.at_row
        pieces: list[Piece] = [(pad(f" {clean(row.name)}", self._name_cells), "title" if here else "text")]
        for column in shown:
            text, state = row.cells[column]
            at = here and column == self.at_column
            style = ("cursor" if self.has_focus else "cursor-away") if at else state or "text"
            pieces.append((pad(with_sign(clean(text), state), COLUMN - 1), style))
            pieces.append((" ", "text"))
        return pieces
