"""A table of any length: it asks its source for the rows in view, and keeps its cursor on a record, not on a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Blur, Click, Focus, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from jiaoyan_tui.cells import clean, clip, pad, width, wrap
from jiaoyan_tui.table_rows import GAP, GUTTER, Column, NoRows, Row, Source, fit, most_left, needs, with_sign
from jiaoyan_tui.theme import SIGNS, look_of

__all__ = ["Column", "Row", "Source", "VirtualTable"]

READ_AHEAD = 8  # rows read beyond the view on either side
_STRIPS = 512


class VirtualTable(Widget, can_focus=True):
    """Rows of a source with a cursor, a frozen first column, and rows that can be selected."""

    DEFAULT_CSS = """
    VirtualTable { width: 1fr; height: 1fr; background: $background; color: $foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move_cursor(-1)", "上一行", show=False),
        Binding("down", "move_cursor(1)", "下一行", show=False),
        Binding("pageup", "move_page(-1)", "上一页", show=False),
        Binding("pagedown", "move_page(1)", "下一页", show=False),
        Binding("home", "move_to_end(False)", "首行", show=False),
        Binding("end", "move_to_end(True)", "末行", show=False),
        Binding("left", "scroll_columns(-1)", "向左", show=False),
        Binding("right", "scroll_columns(1)", "向右", show=False),
        Binding("space", "toggle_selected", "选中", show=False),
        Binding("shift+up", "extend_selection(-1)", "选中上一行", show=False),
        Binding("shift+down", "extend_selection(1)", "选中下一行", show=False),
        Binding("enter", "choose_row", "打开", show=False),
    ]

    class RowMessage(Message):
        """About one row of a table."""

        def __init__(self, table: VirtualTable, key: str) -> None:
            super().__init__()
            self.set_sender(table)  # else whoever draws the table is taken for it, and is not told
            self.table = table
            self.key = key

        @property
        def control(self) -> VirtualTable:
            return self.table

    class RowChosen(RowMessage):
        """Enter was pressed on a row, or it was clicked again."""

    class RowHighlighted(RowMessage):
        """The cursor came to another record."""

    class SortAsked(RowMessage):
        """The title of a sortable column was clicked; `key` is the column's."""

    class SelectionChanged(Message):
        """Rows were selected or let go."""

        def __init__(self, table: VirtualTable) -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> VirtualTable:
            return self.table

    def __init__(
        self,
        source: Source | None = None,
        *,
        empty: str = "没有记录",
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.empty = empty
        self.selected: set[str] = set()
        self.cursor = 0  # index of the row under the cursor
        self.first = 0  # index of the first row in view
        self._source: Source = source or NoRows()
        self._columns: Sequence[Column] = ()
        self._count = 0
        self._window: Sequence[Row] = ()
        self._window_first = 0
        self._needs: list[int] = []  # cells that each column would like
        self._widths: list[int] = []
        self._settled = Size(0, 0)
        """The size for which the rows in view were read and the columns fitted."""
        self._left = 0  # columns scrolled off after the first
        self._sort: tuple[str, bool] | None = None
        self._cursor_key: str | None = None
        self._anchor: str | None = None  # the record that was selected last: a range begins there
        self._strips: dict[tuple[Row, bool, bool], Strip] = {}
        self._look_name = ""

    # What it shows

    @property
    def source(self) -> Source:
        return self._source

    @property
    def count(self) -> int:
        """How many rows the source had when it was last asked."""
        return self._count

    @property
    def cursor_key(self) -> str | None:
        """The key of the record under the cursor."""
        return self._cursor_key

    @property
    def height_in_rows(self) -> int:
        """Rows in view, below the header."""
        return max(self.size.height - 1, 0)

    def set_source(self, source: Source, *, keep: bool = False) -> None:
        """Shows another source from its first row; with `keep`, the cursor stays on its record where that is there, and
        the columns where they were scrolled to."""
        self._source = source
        self._needs = []
        if not keep:
            self.cursor = self.first = self._left = 0
            self._cursor_key = None
            self.selected.clear()
        self.refresh_rows()

    def refresh_rows(self) -> None:
        """Reads again after the data changed: the cursor stays on its record, and that on its line of the screen."""
        if not self.is_attached:
            return
        line = self.cursor - self.first
        columns = self._source.columns()
        if columns != self._columns:
            self._columns, self._needs = columns, []
        self._count = self._source.count()
        place = self._source.place(self._cursor_key) if self._cursor_key is not None else None
        self.cursor = self.cursor if place is None else place
        self.first = self.cursor - line
        self._window = ()
        self._settle()
        self._all_new()

    def mark_sort(self, key: str | None, descending: bool = False) -> None:
        """Marks the column that the source is sorted by."""
        self._sort = None if key is None else (key, descending)
        self._refresh_line(0)

    def show_row(self, key: str) -> bool:
        """Puts the cursor on a record; False where it is not among the rows."""
        place = self._source.place(key)
        if place is None:
            return False
        self._go(place)
        return True

    def row_at(self, index: int) -> Row | None:
        """A row in view or near it."""
        at = index - self._window_first
        return self._window[at] if 0 <= at < len(self._window) else None

    # Keys

    def action_move_cursor(self, by: int) -> None:
        self._go(self.cursor + by)

    def action_move_page(self, pages: int) -> None:
        by = pages * max(self.height_in_rows, 1)
        self._go(self.cursor + by, self.first + by)

    def action_move_to_end(self, last: bool) -> None:
        self._go(self._count - 1 if last else 0)

    def action_scroll_columns(self, by: int) -> None:
        left = max(0, min(self._left + by, self._most_left()))
        if left != self._left:
            self._left = left
            self._all_new()

    def action_toggle_selected(self) -> None:
        if self._cursor_key is not None:
            self.selected ^= {self._cursor_key}
            self._anchor = self._cursor_key
            self._refresh_line(self.cursor - self.first + 1)
            self.post_message(self.SelectionChanged(self))

    def action_extend_selection(self, by: int) -> None:
        """Selects on from where the range began; going back lets rows go again."""
        here = self._cursor_key
        begun = self._source.place(self._anchor) if self._anchor in self.selected and self._anchor is not None else None
        if here is None:
            return
        if begun is None or here not in self.selected:
            self._anchor, begun = here, self.cursor
            self.selected.add(here)
        before = self.cursor
        self._go(before + by)
        if self.cursor != before and self._cursor_key is not None:
            if abs(self.cursor - begun) < abs(before - begun):
                self.selected.discard(here)
            self.selected.add(self._cursor_key)
        self._select_anew()

    def action_select_to_here(self) -> None:
        """Selects all rows from the one that was selected last to the cursor."""
        if self._cursor_key is None:
            return
        begun = self._source.place(self._anchor) if self._anchor is not None else None
        first, last = sorted((self.cursor if begun is None else begun, self.cursor))
        self.selected.update(self._source.keys(first, last - first + 1))
        self._anchor = self._cursor_key
        self._select_anew()

    def action_select_all(self) -> None:
        """All rows; none, where all were."""
        every = set(self._source.keys(0, self._count))
        self.selected = set() if every <= self.selected else self.selected | every
        self._select_anew()

    def _select_anew(self) -> None:
        self._strips.clear()
        self.refresh()
        self.post_message(self.SelectionChanged(self))

    def action_choose_row(self) -> None:
        if self._cursor_key is not None:
            self.post_message(self.RowChosen(self, self._cursor_key))

    # Events

    def on_mount(self) -> None:
        self.refresh_rows()

    def on_resize(self, event: Resize) -> None:
        if self.size != self._settled:
            self._settle()
            self._all_new()

    def on_focus(self, event: Focus) -> None:
        self._strips.clear()
        self._refresh_line(self.cursor - self.first + 1)
        self._park()

    def on_blur(self, event: Blur) -> None:
        self._strips.clear()
        self._refresh_line(self.cursor - self.first + 1)

    def on_click(self, event: Click) -> None:
        place = event.get_content_offset(self)
        if place is None:
            return
        if place.y == 0:
            column = self._column_at(place.x)
            if column is not None and column.sortable:
                self.post_message(self.SortAsked(self, column.key))
            return
        index = self.first + place.y - 1
        if index == self.cursor:
            self.action_choose_row()
        elif index < self._count:
            self._go(index)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        self._go(self.cursor + 3)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        self._go(self.cursor - 3)

    # Moving

    def _go(self, cursor: int, first: int | None = None) -> None:
        old_cursor, old_first = self.cursor, self.first
        self.cursor = cursor
        if first is not None:
            self.first = first
        self._settle()
        if self.first != old_first:
            self.refresh()
        elif self.cursor != old_cursor:
            self._refresh_line(old_cursor - self.first + 1, self.cursor - self.first + 1)

    def _settle(self) -> None:
        """Brings cursor and view within the rows, reads what is in view, and tells of another record."""
        rows = self.height_in_rows
        self.cursor = max(0, min(self.cursor, self._count - 1))
        self.first = max(self.cursor - max(rows, 1) + 1, min(self.first, self.cursor, max(self._count - rows, 0)))
        self.first = max(self.first, 0)
        self._read(self.first, rows or self.app.size.height)  # before the first picture, what can be in view at most
        if rows:
            self._settled = self.size
            if len(self._needs) != len(self._columns):
                self._needs = needs(self._columns, self._window)
            self._fit_columns()
            self._park()
        row = self.row_at(self.cursor)
        key = row.key if row is not None else None
        if key != self._cursor_key:
            self._cursor_key = key
            if key is not None:
                self.post_message(self.RowHighlighted(self, key))

    def _read(self, first: int, rows: int) -> None:
        last = min(first + rows, self._count)
        if self._window and self._window_first <= first and last <= self._window_first + len(self._window):
            return
        start, end = max(first - READ_AHEAD, 0), last + READ_AHEAD if last > first else 0
        known = {self._window_first + at: row for at, row in enumerate(self._window)}
        missing = [index for index in range(start, end) if index not in known]
        if missing:
            found = self._source.page(missing[0], missing[-1] - missing[0] + 1)
            known.update(enumerate(found, missing[0]))
        self._window_first = start
        self._window = [known[index] for index in takewhile(known.__contains__, range(start, end))]

    def _park(self) -> None:
        """The terminal's cursor waits on the row: screen readers and input methods look there."""
        if self.has_focus:
            self.app.cursor_position = self.content_region.offset + Offset(0, self.cursor - self.first + 1)

    # Columns

    def _fit_columns(self) -> None:
        widths = fit(self._columns, self._needs, self.size.width)
        if widths != self._widths:
            self._widths = widths
            self._left = min(self._left, self._most_left())
            self._strips.clear()

    def _shown(self) -> list[int]:
        """Indexes of the columns in view: the first one, and those not scrolled off."""
        return [0, *range(1 + self._left, len(self._widths))] if self._widths else []

    def _most_left(self) -> int:
        return most_left(self._widths, self.size.width)

    def _column_at(self, x: int) -> Column | None:
        at = GUTTER
        for index in self._shown():
            at += self._widths[index] + GAP
            if x < at:
                return self._columns[index]
        return None

    # Drawing

    def render_line(self, y: int) -> Strip:
        if self.size != self._settled:
            self._settle()  # the first picture, or resized again before the event of the first time came
        look = look_of(self.app)
        if look.name != self._look_name:
            self._strips.clear()
            self._look_name = look.name
        if y == 0:
            return self._header()
        if not self._count:
            return self._empty_line(y - 1)
        index = self.first + y - 1
        row = self.row_at(index)
        if row is None or index >= self._count:
            return Strip.blank(self.size.width, look.style("text"))
        at_cursor, chosen = index == self.cursor, row.key in self.selected
        drawn = (row, at_cursor, chosen)
        strip = self._strips.get(drawn)
        if strip is None:
            if len(self._strips) >= _STRIPS:
                self._strips.clear()
            strip = self._strips[drawn] = self._row(row, at_cursor, chosen)
        return strip

    def _header(self) -> Strip:
        look = look_of(self.app)
        style = look.style("header")
        pieces = [" " * GUTTER]
        for nth, index in enumerate(self._shown()):
            column, room = self._columns[index], self._widths[index]
            title = clean(column.title)
            if self._sort is not None and self._sort[0] == column.key:
                mark = look.glyphs.descending if self._sort[1] else look.glyphs.ascending
                title = pad(title, min(width(title), max(room - 2, 0)), mark=look.glyphs.ellipsis) + " " + mark
            pieces += [" " * GAP if nth else "", pad(title, room, column.align, look.glyphs.ellipsis)]
        text = "".join(pieces)
        if self._left < self._most_left() and self.size.width > GUTTER:
            text = pad(text, self.size.width - 2, mark="") + " " + look.glyphs.more_right
        if self._left:
            text = look.glyphs.more_left + text[1:]
        return self._strip([(text, style)], style)

    def _row(self, row: Row, at_cursor: bool, chosen: bool) -> Strip:
        look = look_of(self.app)
        base = look.style(row.state or "text")
        whole: Style | None = None
        if at_cursor:
            whole = look.style("cursor" if self.has_focus else "cursor-away")
        elif chosen:
            whole = look.style("selected")
        pieces: list[tuple[str, Style]] = [
            ((SIGNS["selected"] if chosen else " ") + pad(_sign(row), GUTTER - 1), whole or base)
        ]
        for nth, index in enumerate(self._shown()):
            column = self._columns[index]
            state = row.cell_state(index)
            text = with_sign(clean(row.cells[index]) if index < len(row.cells) else "", state)
            if nth:
                pieces.append((" " * GAP, whole or base))
            style = whole or (look.style(state) if state else base)
            pieces.append((pad(text, self._widths[index], column.align, look.glyphs.ellipsis), style))
        return self._strip(pieces, whole or base)

    def _empty_line(self, line: int) -> Strip:
        style = look_of(self.app).style("muted")
        lines = ["", *wrap(self.empty, max(self.size.width - 2 * GUTTER, 2))]
        text = " " * GUTTER + lines[line] if line < len(lines) else ""
        return self._strip([(text, style)], style)

    def _strip(self, pieces: Iterable[tuple[str, Style]], rest: Style) -> Strip:
        """One segment a run of equal style, as wide as the table."""
        segments: list[Segment] = []
        room = self.size.width
        for text, style in [*pieces, (" " * room, rest)]:
            fitting = clip(text, room, "")
            room -= width(fitting)
            if segments and segments[-1].style == style:
                segments[-1] = Segment(segments[-1].text + fitting, style)
            elif fitting:
                segments.append(Segment(fitting, style))
        return Strip(segments, self.size.width)

    def _refresh_line(self, *lines: int) -> None:
        self.refresh(*(Region(0, line, self.size.width, 1) for line in lines if 0 <= line < self.size.height))

    def _all_new(self) -> None:
        self._strips.clear()
        self.refresh()


def _sign(row: Row) -> str:
    """What a row is marked with at its beginning: its own state, else that of a cell, which may be out of view."""
    return next((SIGNS[mark] for mark in row.marks if mark in SIGNS), "")
