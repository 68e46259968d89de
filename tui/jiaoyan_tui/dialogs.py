"""Small dialogs: a question, a choice among a few, a line of text."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from jiaoyan_tui.cells import width, wrap
from jiaoyan_tui.keys import fold
from jiaoyan_tui.lines import strip_of
from jiaoyan_tui.options import Options
from jiaoyan_tui.theme import look_of

A = TypeVar("A")


class Paragraphs(Widget):
    """Wrapped text in a dialog."""

    DEFAULT_CSS = "Paragraphs { height: auto; }"

    def __init__(self, text: str, style: str = "text") -> None:
        super().__init__()
        self._text, self._style = text, style

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(wrap(self._text, max(width, 2)))

    def render_line(self, y: int) -> Strip:
        lines = wrap(self._text, max(self.size.width, 2))
        return strip_of([(lines[y], self._style)] if y < len(lines) else (), self.size.width, look_of(self.app))


class Dialog(ModalScreen[A], Generic[A]):
    """Stands over the page; Esc closes it with nothing done."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 0%; }
    Dialog > Vertical { width: 56; max-width: 95%; height: auto; max-height: 90%; padding: 0 1; background: $background;
        border: solid $secondary; }
    Dialog > Vertical.-ascii { border: ascii $secondary; }
    Dialog Input { height: 1; border: none; padding: 0; background: $panel; color: $foreground; }
    """

    def frame(self, *widgets: Widget) -> Vertical:
        look = look_of(self.app)
        return Vertical(*widgets, classes="-ascii" if look.glyphs.border == "ascii" else "")

    def on_key(self, event: Key) -> None:
        key = fold(event).key
        if key == "escape":
            event.stop()
            self.close()
        elif key == "enter":
            event.stop()
            self.accept()

    def close(self) -> None:
        self.dismiss(None)

    def accept(self) -> None:
        raise NotImplementedError


class Choose(Dialog[Any]):
    """One of (value, label); closes with the value, or None."""

    def __init__(self, title: str, options: list[tuple[Any, str]], at: int = 0) -> None:
        super().__init__()
        self._title, self.options, self._at = title, options, at

    def compose(self) -> ComposeResult:
        widest = max((width(label) for _, label in self.options), default=0)
        frame = self.frame(Paragraphs(self._title, "title"), Options([label for _, label in self.options], self._at))
        frame.styles.width = max(40, min(widest + 9, 76))
        yield frame

    def on_key(self, event: Key) -> None:  # Textual asks the base class too
        key = fold(event).key
        if len(key) == 1 and key.isdigit() and 0 < int(key) <= len(self.options):
            event.stop()
            self.dismiss(self.options[int(key) - 1][0])

    def accept(self) -> None:
        if self.options:
            self.dismiss(self.options[self.query_one(Options).at][0])


class Confirm(Choose):
    """Yes or no; a dangerous step begins on no."""

    def __init__(self, question: str, *, yes: str = "确定", no: str = "取消", dangerous: bool = False) -> None:
        super().__init__(question, [(True, yes), (False, no)], at=int(dangerous))


class Ask(Dialog[str]):
    """One line of text; closes with it, or None."""

    def __init__(self, title: str, *, text: str = "", hint: str = "") -> None:
        super().__init__()
        self._title, self._text, self._hint = title, text, hint

    def compose(self) -> ComposeResult:
        field = Input(self._text)
        field.cursor_blink = False
        parts: list[Widget] = [Paragraphs(self._title, "title"), field]
        if self._hint:
            parts.append(Paragraphs(self._hint, "muted"))
        parts.append(Paragraphs("Enter 确定  Esc 取消", "muted"))
        yield self.frame(*parts)

    def accept(self) -> None:
        self.dismiss(self.query_one(Input).value)
