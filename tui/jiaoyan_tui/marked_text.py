"""A text with marked spans: what was read in it, by verdict, and the one that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Blur, Focus, Resize
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from jiaoyan_tui.cells import clean, graphemes
from jiaoyan_tui.lines import Piece, strip_of
from jiaoyan_tui.theme import look_of


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the text, with the name of a style; `key` is told when the cursor comes to it."""

    key: str
    start: int
    end: int
    style: str


class MarkedText(Widget, can_focus=True):
    """Arrows go from mark to mark; PgUp and PgDn leaf through the text."""

    DEFAULT_CSS = "MarkedText { width: 1fr; height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,right", "step(1)", "下一处", show=False), Binding("up,left", "step(-1)", "上一处", show=False),
        Binding("pagedown", "leaf(1)", "下一页", show=False), Binding("pageup", "leaf(-1)", "上一页", show=False),
        Binding("home", "edge(0)", "开头", show=False), Binding("end", "edge(1)", "末尾", show=False),
    ]

    class Reached(Message):
        """The cursor came to a mark."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.marks: Sequence[Mark] = ()
        self.key = ""
        self.first = 0
        self._lines: list[tuple[int, int]] = []
        self._styles: list[str] = []

    def show(self, text: str, marks: Sequence[Mark]) -> None:
        other = text != self.text
        self.text, self.marks = text, marks
        if other or not self._lines:
            self._lines = broken(text, max(self.size.width - 2, 2))
        self._paint()
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        self._lines = broken(self.text, max(self.size.width - 2, 2))
        self.go_to(self.key)
        self.refresh()

    def _paint(self) -> None:
        """One style a character; where spans lie over each other, the shorter is on top."""
        self._styles = ["text"] * len(self.text)
        for mark in sorted(self.marks, key=lambda m: m.start - m.end):
            start, end = max(mark.start, 0), min(mark.end, len(self.text))
            self._styles[start:end] = [mark.style] * (end - start)

    @property
    def _here(self) -> Mark | None:
        return next((mark for mark in self.marks if mark.key == self.key), None)

    def go_to(self, key: str) -> None:
        """Brings a mark into view; nobody is told."""
        self.key = key
        mark, height = self._here, max(self.size.height, 1)
        if mark is not None:
            line = next((n for n, (start, end) in enumerate(self._lines) if start <= mark.start < max(end, start + 1)), None)
            if line is not None and not self.first <= line < self.first + height - 1:
                self.first = line - height // 3
        self._settle()

    def _settle(self) -> None:
        self.first = max(0, min(self.first, len(self._lines) - max(self.size.height, 1)))
        self.refresh()

    def action_step(self, by: int) -> None:
        ordered = sorted(self.marks, key=lambda mark: (mark.start, mark.end))
        if not ordered:
            self.first += by
            self._settle()
            return
        keys = [mark.key for mark in ordered]
        at = keys.index(self.key) + by if self.key in keys else 0
        if 0 <= at < len(keys):
            self.go_to(keys[at])
            self.post_message(self.Reached(self.key))

    def action_leaf(self, by: int) -> None:
        self.first += by * max(self.size.height - 1, 1)
        self._settle()

    def action_edge(self, last: int) -> None:
        self.first = last * len(self._lines)
        self._settle()

    def on_focus(self, event: Focus) -> None:
        self.app.cursor_position = self.content_region.offset
        self.refresh()

    def on_blur(self, event: Blur) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        look = look_of(self.app)
        index = self.first + y
        if index >= len(self._lines):
            return strip_of((), self.size.width, look)
        start, end = self._lines[index]
        here = self._here
        pieces: list[Piece] = [(" ", "text")]
        at = start
        while at < end:
            style, stop = self._style(at, here), at + 1
            while stop < end and self._style(stop, here) == style:
                stop += 1
            pieces.append((clean(self.text[at:stop]), style))
            at = stop
        return strip_of(pieces, self.size.width, look)

    def _style(self, at: int, here: Mark | None) -> str:
        if here is not None and here.start <= at < here.end:
            return "cursor" if self.has_focus else "cursor-away"
        return self._styles[at] if at < len(self._styles) else "text"


def broken(text: str, cells: int) -> list[tuple[int, int]]:
    """(start, end) of each line of a text in so many cells; every character keeps its place."""
    lines: list[tuple[int, int]] = []
    at = 0
    for paragraph in text.split("\n"):
        start, used = at, 0
        for grapheme, size in graphemes(paragraph):
            if used + size > cells:
                lines.append((start, at))
                start, used = at, 0
            used += size
            at += len(grapheme)
        lines.append((start, at))
        at += 1
    return lines
