"""Options: a few choices under each other, in dialogs and in the menu of the overview."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from jiaoyan_tui.lines import Piece, strip_of
from jiaoyan_tui.theme import look_of

MOST_SHOWN = 12


class Options(Widget, can_focus=True):
    """A few options under each other: arrows and Enter, or the digit before it."""

    DEFAULT_CSS = "Options { height: auto; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "上", show=False), Binding("down", "move(1)", "下", show=False),
        Binding("left", "move(-1)", "上", show=False), Binding("right", "move(1)", "下", show=False),
        Binding("home", "move(-1000)", "首", show=False), Binding("end", "move(1000)", "末", show=False),
    ]

    def __init__(self, labels: list[str], at: int = 0) -> None:
        super().__init__()
        self.labels, self.at = labels, at

    @property
    def mark(self) -> str:
        """The style of the option that Enter takes."""
        return "cursor"

    def action_move(self, by: int) -> None:
        self.at = max(0, min(self.at + by, len(self.labels) - 1))
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return min(len(self.labels), MOST_SHOWN)

    def render_line(self, y: int) -> Strip:
        index = y + max(0, self.at - MOST_SHOWN + 1)
        if index >= len(self.labels):
            return strip_of((), self.size.width, look_of(self.app))
        digit = str(index + 1) if index < 9 else " "
        style = self.mark if index == self.at else "text"
        pieces: list[Piece] = [(f" {digit} ", "key" if style == "text" else style), (self.labels[index], style)]
        return strip_of(pieces, self.size.width, look_of(self.app), style)
