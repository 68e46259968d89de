"""Text to read and to walk in: lines made for the width of the window, some of which lead somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.events import Blur, Focus, Resize
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from jiaoyan_tui.cells import clip, pad, width, wrap
from jiaoyan_tui.lines import Piece, strip_of
from jiaoyan_tui.theme import SIGNS, Look, look_of


class TextLine(NamedTuple):
    """One line; with a target, the cursor stops on it and Enter goes there."""

    pieces: tuple[Piece, ...] = ()
    target: Any = None


Build = Callable[[int, Look], Sequence[TextLine]]
"""Makes the lines for a width."""


class LineView(Widget, can_focus=True):
    """Arrows go from one leading line to the next, or scroll where none is near."""

    DEFAULT_CSS = "LineView { width: 1fr; height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "上", show=False), Binding("down", "step(1)", "下", show=False),
        Binding("pageup", "page(-1)", "上一页", show=False), Binding("pagedown", "page(1)", "下一页", show=False),
        Binding("space", "page(1)", "下一页", show=False),
        Binding("home", "edge(-1)", "开头", show=False), Binding("end", "edge(1)", "末尾", show=False),
        Binding("enter", "choose", "打开", show=False),
    ]

    class Chosen(Message):
        """Enter was pressed on a line that leads somewhere."""

        def __init__(self, view: LineView, target: Any) -> None:
            super().__init__()
            self.view, self.target = view, target

        @property
        def control(self) -> LineView:
            return self.view

    def __init__(self, build: Build | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._build = build
        self._made_for = Size(0, 0)
        """The size for which the lines were made."""
        self.lines: Sequence[TextLine] = ()
        self.first = 0
        self.at: int | None = None
        """Index of the line under the cursor; None where no line leads anywhere."""

    # ---- what it shows ----------------------------------------------------------------------------------------------
    def show(self, build: Build) -> None:
        """Other lines; the cursor stays on its target where that is still there."""
        self._build = build
        self._make()

    def on_resize(self, event: Resize) -> None:
        if self.size != self._made_for:
            self._make()

    def _make(self) -> None:
        if self._build is not None and self.size.width:
            self._lay()
            self.refresh()

    def _lay(self) -> None:
        assert self._build is not None
        self._made_for = self.size
        target = self.target
        self.lines = self._build(self.size.width, look_of(self.app))
        leading = [n for n, line in enumerate(self.lines) if line.target is not None]
        same = [n for n in leading if self.lines[n].target == target]
        self.at = same[0] if same else min(leading, key=lambda n: abs(n - (self.at or 0)), default=None)
        self._settle()

    @property
    def target(self) -> Any:
        return self.lines[self.at].target if self.at is not None and self.at < len(self.lines) else None

    @property
    def text(self) -> list[str]:
        return ["".join(text for text, _ in line.pieces) for line in self.lines]

    # ---- moving -----------------------------------------------------------------------------------------------------
    def action_step(self, by: int) -> None:
        here = self.at if self.at is not None else self.first
        found = here + by
        while 0 <= found < len(self.lines) and self.lines[found].target is None:
            found += by
        reach = range(self.first - self.size.height // 2, self.first + self.size.height + self.size.height // 2)
        if 0 <= found < len(self.lines) and found in reach:
            self._go(found)
        else:
            self._scroll(self.first + by)

    def action_page(self, by: int) -> None:
        self._scroll(self.first + by * max(self.size.height - 1, 1))
        view = range(self.first, self.first + self.size.height)
        leading = [n for n in view if n < len(self.lines) and self.lines[n].target is not None]
        if leading:
            self.at = leading[0] if by > 0 else leading[-1]

    def action_edge(self, by: int) -> None:
        leading = [n for n, line in enumerate(self.lines) if line.target is not None]
        if leading:
            self.at = leading[0 if by < 0 else -1]
        self._scroll(0 if by < 0 else len(self.lines))

    def action_choose(self) -> None:
        if self.target is not None:
            self.post_message(self.Chosen(self, self.target))

    def go_to(self, target: Any) -> bool:
        """Puts the cursor on a target; False where it is not there."""
        found = next((n for n, line in enumerate(self.lines) if line.target == target), None)
        if found is not None:
            self._go(found)
        return found is not None

    def _go(self, index: int) -> None:
        before, first = self.at, self.first
        self.at = index
        self._settle()
        if self.first != first:
            self.refresh()
        else:
            rows = [n - self.first for n in (before, index) if n is not None]
            self.refresh(*(Region(0, row, self.size.width, 1) for row in rows if 0 <= row < self.size.height))

    def _scroll(self, first: int) -> None:
        self.first = max(0, min(first, len(self.lines) - self.size.height))
        self.refresh()

    def _settle(self) -> None:
        if self.at is not None:
            heading = self.at
            while heading and self.lines[heading - 1].target is None and self.at - heading < 2:
                heading -= 1  # what stands above the first line of a section comes into view with it
            self.first = min(self.first, heading)
            self.first = max(self.first, self.at - self.size.height + 1)
        self.first = max(0, min(self.first, len(self.lines) - self.size.height))
        if self.has_focus and self.at is not None:
            self.app.cursor_position = self.content_region.offset + Offset(0, self.at - self.first)

    def on_focus(self, event: Focus) -> None:
        self._settle()
        self.refresh()

    def on_blur(self, event: Blur) -> None:
        self.refresh()

    # ---- drawing ----------------------------------------------------------------------------------------------------
    def render_line(self, y: int) -> Strip:
        if self._build is not None and self.size != self._made_for:  # a picture is drawn before its size is told
            self._lay()
        index = self.first + y
        look = look_of(self.app)
        if index >= len(self.lines):
            return strip_of((), self.size.width, look)
        line = self.lines[index]
        if index == self.at and self.has_focus:
            return strip_of([(text, "cursor") for text, _ in line.pieces], self.size.width, look, "cursor")
        return strip_of(line.pieces, self.size.width, look)


# ---- making lines ---------------------------------------------------------------------------------------------------
def heading(title: str, cells: int, look: Look, note: str = "") -> TextLine:
    """── 本周活动 5 ─────"""
    rule = look.glyphs.horizontal
    left = f"{rule * 2} {title} "
    note = f"{note} " if note else ""
    rest = max(cells - width(left) - width(note) - 1, 0)
    return TextLine(((left, "title"), (note, "text"), (rule * rest, "muted")))


def field_lines(title: str, text: str, cells: int, titles: int = 14, target: Any = None, style: str = "text") -> list[TextLine]:
    """A title and its text, wrapped beside it."""
    room = max(cells - titles - 3, 10)
    pieces = wrap(text, room) if text else ["-"]
    kind = style if text else "muted"
    lines = [TextLine(((f" {pad(title, titles)} ", "muted"), (pieces[0], kind)), target)]
    return lines + [TextLine(((" " * (titles + 2), "text"), (piece, kind))) for piece in pieces[1:]]


def table_lines(
    headers: Sequence[str], rows: Iterable[Sequence[str]], cells: int, marks: Sequence[str] = (),
    targets: Sequence[Any] = (),
) -> list[TextLine]:
    """A table within a text: columns as wide as they need, the widest give way."""
    listed = [[cell.replace("\n", " ") for cell in row] for row in rows]
    count = max([len(headers), *(len(row) for row in listed)], default=0)
    if not count:
        return []
    filled = [[*row, *[""] * (count - len(row))] for row in [list(headers), *listed]]
    widths = [max(width(row[n]) for row in filled) for n in range(count)]
    while sum(widths) + 2 * (count - 1) > cells - 4 and max(widths) > 6:
        widths[widths.index(max(widths))] -= 1
    lines = []
    if headers:
        lines.append(TextLine((("   " + "  ".join(pad(t, w) for t, w in zip(filled[0], widths, strict=True)), "muted"),)))
    for number, row in enumerate(filled[1:]):
        mark = marks[number] if number < len(marks) else ""
        text = "  ".join(pad(clip(cell, w), w) for cell, w in zip(row, widths, strict=True))
        target = targets[number] if number < len(targets) else None
        lines.append(TextLine(((f" {SIGNS.get(mark, ' ')} ", mark or "text"), (text, mark or "text")), target))
    return lines
