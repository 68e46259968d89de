"""The names of a roll call with what each did: as many columns as it takes to have all in sight, else it scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Blur, Focus, Key, Resize
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from jiaoyan.model.activities import ATTENDANCE
from jiaoyan.pinyin import spelled
from jiaoyan.roll_call import Line
from jiaoyan_tui.actions import key_in_force
from jiaoyan_tui.cells import clean, pad
from jiaoyan_tui.keys import fold_character
from jiaoyan_tui.lines import Piece, strip_of
from jiaoyan_tui.theme import SIGNS, look_of

STATES = ("present", "late", "early", "personal", "sick", "duty", "absent", "guest")
"""By digit: 1 出勤 … 8 列席."""
MARKS = {"late": "slow", "early": "slow", "personal": "slow", "sick": "slow", "duty": "muted", "absent": "overdue", "guest": "muted"}
COLUMN = 38
"""Cells that one person takes."""


class RollView(Widget, can_focus=True):
    """A digit gives the state of the person under the cursor; letters and characters jump to a name."""

    DEFAULT_CSS = "RollView { width: 1fr; height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "上一人", show=False), Binding("down,enter", "move(1)", "下一人", show=False),
        Binding("left", "move_column(-1)", "左", show=False), Binding("right", "move_column(1)", "右", show=False),
        Binding("pageup", "move_page(-1)", "上一页", show=False), Binding("pagedown", "move_page(1)", "下一页", show=False),
        Binding("home", "move(-100000)", "首", show=False), Binding("end", "move(100000)", "末", show=False),
        Binding("space", "speak", "发言", show=False), Binding("backspace", "shorten", "退格", show=False),
    ]

    class Given(Message):
        """A state was given to a line, or 发言 when it is empty."""

        def __init__(self, index: int, state: str) -> None:
            super().__init__()
            self.index, self.state = index, state

    class Sought(Message):
        """What is typed to find a name has changed."""

        def __init__(self, text: str, found: bool) -> None:
            super().__init__()
            self.text, self.found = text, found

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Line] = ()
        self.at = 0
        self.typed = ""
        self._first = 0

    def show(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self._go(self.at)
        self.refresh()

    @property
    def line(self) -> Line | None:
        return self.lines[self.at] if self.at < len(self.lines) else None

    # ---- where things stand -----------------------------------------------------------------------------------------
    @property
    def _columns(self) -> int:
        height = max(self.size.height, 1)
        room = max(self.size.width // COLUMN, 1)
        return min(room, max(1, -(-len(self.lines) // height)))

    @property
    def _page(self) -> int:
        return max(self.size.height, 1) * self._columns

    def on_resize(self, event: Resize) -> None:
        self._go(self.at)

    def _go(self, index: int) -> None:
        self.at = max(0, min(index, len(self.lines) - 1))
        rows = max(self.size.height, 1)
        if self._columns == 1:
            self._first = max(self.at - rows + 1, min(self._first, self.at, max(len(self.lines) - rows, 0)), 0)
        else:
            self._first = self.at // self._page * self._page
        self._park()
        self.refresh()

    def go_to(self, index: int) -> None:
        self._forget()
        self._go(index)

    def _park(self) -> None:
        if self.has_focus:
            column, row = divmod(self.at - self._first, max(self.size.height, 1))
            self.app.cursor_position = self.content_region.offset + Offset(column * COLUMN, row)

    # ---- keys -------------------------------------------------------------------------------------------------------
    def action_move(self, by: int) -> None:
        self.go_to(self.at + by)

    def action_move_column(self, by: int) -> None:
        if self._columns > 1:
            self.go_to(self.at + by * max(self.size.height, 1))

    def action_move_page(self, by: int) -> None:
        self.go_to(self.at + by * self._page)

    def action_speak(self) -> None:
        self._give("")

    def action_shorten(self) -> None:
        self._seek(self.typed[:-1])

    def _give(self, state: str) -> None:
        self._forget()
        if self.line is not None:
            self.post_message(self.Given(self.at, state))

    def on_key(self, event: Key) -> None:
        char = fold_character(event.character or "")
        if not event.is_printable or not char.strip():
            return
        if char.isdigit():
            event.stop()
            if 1 <= int(char) <= len(STATES):
                self._give(STATES[int(char) - 1])
            elif char == "9":
                self._give("")
        elif char.isalpha():
            event.stop()
            self._seek(self.typed + char.lower())

    def _seek(self, text: str) -> None:
        """Goes to the name that the typed letters begin; the next one of that name where it stands on one already."""
        self.typed = text
        found = self._matches(text) if text else []
        if not found and len(text) > 1 and self._matches(text[-1]):
            self.typed = text = text[-1]
            found = self._matches(text)
        if found and self.at not in found:
            self._go(found[0])
        self.post_message(self.Sought(self.typed, bool(found)))

    def _matches(self, text: str) -> list[int]:
        return [n for n, line in enumerate(self.lines) if any(form.startswith(text) for form in spelled(line.name).split())]

    def seek_next(self) -> None:
        """The next name that the typed letters begin."""
        found = self._matches(self.typed) if self.typed else []
        if found:
            self._go(next((n for n in found if n > self.at), found[0]))

    def forget(self) -> bool:
        """Lets what was typed go; False where nothing was."""
        there = bool(self.typed)
        self._forget()
        return there

    def _forget(self) -> None:
        if self.typed:
            self.typed = ""
            self.post_message(self.Sought("", True))

    def on_focus(self, event: Focus) -> None:
        self._park()
        self.refresh()

    def on_blur(self, event: Blur) -> None:
        self.refresh()

    # ---- drawing ----------------------------------------------------------------------------------------------------
    def render_line(self, y: int) -> Strip:
        look = look_of(self.app)
        if not self.lines:
            return strip_of([(f" 没有人。按 {key_in_force('roll.add')} 加人", "muted")] if y == 0 else (), self.size.width, look)
        pieces: list[Piece] = []
        columns = self._columns
        for column in range(columns):
            index = self._first + column * max(self.size.height, 1) + y
            room = COLUMN if columns > 1 else self.size.width
            pieces += self._cell(index, room) if index < len(self.lines) else [(" " * room, "text")]
        return strip_of(pieces, self.size.width, look)

    def _cell(self, index: int, room: int) -> list[Piece]:
        line = self.lines[index]
        mark = MARKS.get(line.attendance, "text")
        here = index == self.at
        style = ("cursor" if self.has_focus else "cursor-away") if here else mark
        name = clean(line.name) + ("" if line.teacher else "(校外)")
        words = (pad(name, 15), pad(ATTENDANCE[line.attendance], 4), "发言" if line.spoke else "    ", clean(line.note))
        return [(pad(f"{index + 1:>3} {SIGNS.get(mark, ' ')}{' '.join(words)}", room), style)]
