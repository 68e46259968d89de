"""The grid of bulk entry: a cursor on a cell, typed into where it stands; columns as wide as what is in them."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Blur, Focus, Key, Paste, Resize
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from jiaoyan_tui.bulk_model import BulkModel
from jiaoyan_tui.cells import clean, clip, pad, width
from jiaoyan_tui.lines import Piece, strip_of
from jiaoyan_tui.theme import look_of

NUMBER = 5
"""Cells of the row's number and sign."""
LEAST, MOST = 8, 26


class BulkGrid(Widget, can_focus=True):
    """Arrows walk, typing replaces, Enter goes on to the next cell that is wanted."""

    DEFAULT_CSS = "BulkGrid { width: 1fr; height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1, 0)", show=False), Binding("down", "move(1, 0)", show=False),
        Binding("left,shift+tab", "move(0, -1)", show=False), Binding("right,tab", "move(0, 1)", show=False),
        Binding("pageup", "page(-1)", show=False), Binding("pagedown", "page(1)", show=False),
        Binding("home", "to_edge(False)", show=False), Binding("end", "to_edge(True)", show=False),
        Binding("enter", "go_on", show=False), Binding("delete", "clear", show=False),
        Binding("backspace", "rub_out", show=False),
    ]

    class Moved(Message):
        """The cursor is on another cell, or what is typed there has changed."""

    class Changed(Message):
        """Something was entered."""

    class Pasted(Message):
        """A block was pasted: what became of it, in words."""

        def __init__(self, text: str, state: str) -> None:
            super().__init__()
            self.text, self.state = text, state

    def __init__(self, model: BulkModel) -> None:
        super().__init__()
        self.model = model
        self.row = self.column = 0
        self.typed: str | None = None
        """What is being typed into the cell; None while nothing is."""
        self._first = self._left = 0
        self._widths: list[int] = []

    # ---- typing -----------------------------------------------------------------------------------------------------
    def on_key(self, event: Key) -> None:
        if event.is_printable and event.character:
            event.stop()
            event.prevent_default()
            self._type((self.typed or "") + event.character)

    def _type(self, text: str) -> None:
        self.typed = text
        self._draw_row(self.row)
        self._park()

    def on_paste(self, event: Paste) -> None:
        event.stop()
        text = event.text
        if "\t" not in text and "\n" not in text.strip("\r\n").replace("\r", "\n"):
            self._type((self.typed or "") + text.strip("\r\n"))
            return
        self.typed = None
        rows, left = self.model.paste(self.row, self.column, text)
        self.entered()
        told = f"已粘贴 {rows} 行" + (f";有 {left} 格放不下" if left else "")
        self.post_message(self.Pasted(told, "slow" if left or self.model.problems else "ok"))

    def commit(self) -> None:
        """Enters what is typed."""
        if self.typed is not None:
            text, self.typed = self.typed, None
            self.model.put(self.row, self.column, text)
            self.entered()

    def entered(self) -> None:
        """Draws the grid anew and tells that something stands there now."""
        self._settle()
        self.refresh()
        self.post_message(self.Changed())

    def action_rub_out(self) -> None:
        text = self.model.rows[self.row].texts[self.column] if self.typed is None else self.typed
        self._type(text[:-1])

    def action_clear(self) -> None:
        self._type("")
        self.commit()

    def put(self, text: str) -> None:
        """Enters a text that was chosen."""
        self.typed = text
        self.commit()

    def give_up(self) -> None:
        """Drops what is being typed."""
        self.typed = None
        self._draw_row(self.row)
        self._park()

    # ---- moving -----------------------------------------------------------------------------------------------------
    def action_move(self, rows: int, columns: int) -> None:
        self.commit()
        self.go_to(self.row + rows, self.column + columns)

    def action_page(self, by: int) -> None:
        self.action_move(by * self._height, 0)

    def action_to_edge(self, last: bool) -> None:
        self.commit()
        self.go_to(self.row, len(self.model.columns) - 1 if last else 0)

    def action_go_on(self) -> None:
        """To the next column; past the last one that is used, to the beginning of the next row."""
        self.commit()
        if self.column >= self._last_used:
            self.go_to(self.row + 1, 0)
        else:
            self.go_to(self.row, self.column + 1)

    @property
    def _last_used(self) -> int:
        """The last column that the row above fills, or that this row needs; in the first row, the last of all."""
        above = self.model.rows[self.row - 1] if self.row else None
        if above is None or above.blank:
            return len(self.model.columns) - 1
        wanted = [n for n, text in enumerate(above.texts) if text]
        wanted += [n for n, column in enumerate(self.model.columns) if column.required]
        return max(wanted)

    def go_to(self, row: int, column: int) -> None:
        before, edges = self.row, (self._first, self._left)
        self.row, self.column = row, column
        self._settle()
        if edges != (self._first, self._left):
            self.refresh()
        else:
            self._draw_row(before)
            self._draw_row(self.row)
            self.refresh(Region(0, 0, self.size.width, 1))
        self.post_message(self.Moved())

    @property
    def _height(self) -> int:
        return max(self.size.height - 1, 1)

    def _settle(self) -> None:
        model = self.model
        self.row = max(0, min(self.row, len(model.rows) - 1))
        self.column = max(0, min(self.column, len(model.columns) - 1))
        self._first = max(self.row - self._height + 1, min(self._first, self.row), 0)
        self._widths = [
            min(max(width(_titled(c.title, required=c.required)) + 1, LEAST, *(width(row.texts[n]) + 2 for row in model.rows[:200])), MOST)
            for n, c in enumerate(model.columns)
        ]
        self._left = min(self._left, self.column)
        while self._left < self.column and self._end_of(self.column) > self.size.width:
            self._left += 1
        self._park()

    def _end_of(self, column: int) -> int:
        return NUMBER + sum(self._widths[self._left : column + 1])

    def _park(self) -> None:
        """The terminal's cursor goes behind the text, where the input method opens."""
        if self.has_focus and self._widths:
            typed = width(clean(self.typed or ""))
            x = self._end_of(self.column) - self._widths[self.column] + min(typed, self._widths[self.column] - 2)
            self.app.cursor_position = self.content_region.offset + Offset(x, self.row - self._first + 1)

    def on_resize(self, event: Resize) -> None:
        self._settle()
        self.refresh()

    def on_focus(self, event: Focus) -> None:
        self._park()
        self.refresh()

    def on_blur(self, event: Blur) -> None:
        self.refresh()

    def _draw_row(self, row: int) -> None:
        self.refresh(Region(0, row - self._first + 1, self.size.width, 1))

    # ---- drawing ----------------------------------------------------------------------------------------------------
    def render_line(self, y: int) -> Strip:
        look = look_of(self.app)
        if y == 0:
            more = look.glyphs.more_left if self._left else ""
            head: list[Piece] = [(pad(f" {more}", NUMBER), "header")]
            for n in range(self._left, len(self._widths)):
                column = self.model.columns[n]
                title = _titled(column.title, required=column.required)
                head.append((pad(title, self._widths[n]), "cursor-away" if n == self.column else "header"))
            return strip_of(head, self.size.width, look, "header")
        index = self._first + y - 1
        if index >= len(self.model.rows):
            return strip_of((), self.size.width, look)
        row = self.model.rows[index]
        sign = "!" if row.problems else " "
        pieces: list[Piece] = [(pad(f"{sign}{index + 1}", NUMBER), "overdue" if row.problems else "muted")]
        for n in range(self._left, len(self._widths)):
            here = index == self.row and n == self.column
            text = self.typed if here and self.typed is not None else row.texts[n]
            wrong = n in row.problems
            shown = clean(text) or ("!" if wrong and not here else "")
            room = self._widths[n] - 1
            shown = _tail(shown, room - 1) if here and self.typed is not None else clip(shown, room)
            style = "cursor" if here and self.has_focus else "overdue" if wrong else "text"
            pieces += [(pad(shown, room), style), (" ", "text")]
        return strip_of(pieces, self.size.width, look)


def _titled(title: str, *, required: bool) -> str:
    return f"{title}*" if required else title


def _tail(text: str, room: int) -> str:
    """The end of a text, in so many cells."""
    while width(text) > room:
        text = text[1:]
    return text
