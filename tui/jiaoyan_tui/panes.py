"""Pages of text: one column of lines at 80 cells, two where the window is wide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Resize

from jiaoyan_tui.cells import width, wrap
from jiaoyan_tui.lineview import LineView, TextLine, field_lines, heading, table_lines
from jiaoyan_tui.page import Page
from jiaoyan_tui.theme import Look

if TYPE_CHECKING:
    from jiaoyan.dossier import Section

WIDE = 110
"""Cells from which the second column has room beside the first."""
WIDEST_TITLE = 16


class PanesPage(Page):
    """Fills in `main_lines` and `side_lines`; `draw` shows them anew."""

    DEFAULT_CSS = """
    PanesPage .panes { height: 1fr; }
    PanesPage #side { display: none; }
    PanesPage.-wide #side { display: block; }
    PanesPage.-wide #main { margin-right: 1; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "#main"

    def main_lines(self, cells: int, look: Look) -> list[TextLine]:
        return []

    def side_lines(self, cells: int, look: Look) -> list[TextLine]:
        return []

    def compose(self) -> ComposeResult:
        self.set_class(self.app.size.width >= WIDE, "-wide")  # before anything is laid out for the first time
        yield from super().compose()

    def body(self) -> ComposeResult:
        yield Horizontal(LineView(id="main"), LineView(id="side"), classes="panes")

    @property
    def main(self) -> LineView:
        return self.query_one("#main", LineView)

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width >= WIDE, "-wide")
        self.call_after_refresh(self.draw)

    def draw(self) -> None:
        self.main.show(self._all_lines)
        self.query_one("#side", LineView).show(self.side_lines)

    def _all_lines(self, cells: int, look: Look) -> list[TextLine]:
        lines = self.main_lines(cells, look)
        return lines if self.has_class("-wide") else [*lines, *self.side_lines(cells, look)]

    def focused_view(self) -> LineView:
        return self.focused if isinstance(self.focused, LineView) else self.main


def joined(parts: Iterable[list[TextLine]]) -> list[TextLine]:
    """Parts under each other, an empty line between them."""
    lines: list[TextLine] = []
    for part in parts:
        if part:
            lines += [*([TextLine()] if lines else []), *part]
    return lines


def section_lines(section: Section, cells: int, look: Look) -> list[TextLine]:
    """A section of a dossier, laid out for so many cells."""
    lines = [heading(section.title, cells, look)]
    if section.headers:
        lines += table_lines(section.headers, section.rows, cells, section.marks, section.targets)
    else:
        titles = min(max((width(row[0]) for row in section.rows), default=0), WIDEST_TITLE)
        for number, row in enumerate(section.rows):
            target = section.targets[number] if number < len(section.targets) else None
            mark = section.marks[number] if number < len(section.marks) else ""
            lines += field_lines(row[0], row[1], cells, titles, target, mark or "text")
    if not section.rows and not section.note:
        lines.append(TextLine(((" 无", "muted"),)))
    lines += [TextLine(((f" {line}", "muted"),)) for line in wrap(section.note, max(cells - 2, 2)) if section.note]
    return lines
