"""Asks for a file by its path: what lies there is listed while one types; Tab completes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.events import Key
from textual.widgets import Input

from jiaoyan.pinyin import spelled
from jiaoyan_tui.dialogs import Dialog, Paragraphs
from jiaoyan_tui.fields import LineInput
from jiaoyan_tui.keys import fold
from jiaoyan_tui.options import MOST_SHOWN, Options


class PathDialog(Dialog[Path]):
    """Closes with the path of a file, or None."""

    DEFAULT_CSS = "PathDialog > Vertical { width: 76; }"

    def __init__(self, start: Path, suffixes: Sequence[str]) -> None:
        super().__init__()
        self._start, self._suffixes = start, tuple(suffixes)
        self._found: list[Path] = []

    def compose(self) -> ComposeResult:
        options = Options([])
        options.can_focus = False
        yield self.frame(
            Paragraphs("文件的路径", "title"), LineInput(f"{self._start}/"), options,
            Paragraphs(f"Tab 补全,↑/↓ 选,Enter 打开文件夹或选定文件;可用:{' '.join(self._suffixes)}", "muted"),
        )

    def on_mount(self) -> None:
        self._list()

    @property
    def _input(self) -> LineInput:
        return self.query_one(LineInput)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._list()

    def _list(self) -> None:
        self._found = candidates(self._input.value, self._suffixes)[:MOST_SHOWN]
        options = self.query_one(Options)
        options.labels = [f"{path.name}/" if path.is_dir() else path.name for path in self._found]
        options.at = 0
        options.refresh(layout=True)

    @property
    def _chosen(self) -> Path | None:
        return self._found[self.query_one(Options).at] if self._found else None

    def _complete(self, path: Path) -> None:
        self._input.value = f"{path}/" if path.is_dir() else str(path)
        self._input.cursor_position = len(self._input.value)

    def on_key(self, event: Key) -> None:
        key = fold(event).key
        if key in ("up", "down"):
            event.stop()
            event.prevent_default()
            self.query_one(Options).action_move(-1 if key == "up" else 1)
        elif key == "tab":
            event.stop()
            event.prevent_default()
            if self._chosen is not None:
                self._complete(self._chosen)

    def accept(self) -> None:
        typed = Path(self._input.value.strip()).expanduser()
        chosen = None if typed.is_file() else self._chosen
        if chosen is not None and chosen.is_dir():
            self._complete(chosen)
        else:
            self.dismiss(chosen or typed)


def candidates(text: str, suffixes: Iterable[str]) -> list[Path]:
    """Folders and fitting files that a half-typed path may mean, by name or pinyin; folders last."""
    typed = Path(text.strip() or "/").expanduser()
    folder, word = (typed, "") if text.endswith("/") or not text else (typed.parent, typed.name.lower())
    try:
        entries = sorted(folder.iterdir(), key=lambda path: (path.is_dir(), path.name))
    except OSError:
        return []
    fitting = (path for path in entries if not path.name.startswith((".", "~$")))
    known = tuple(suffixes)
    return [
        path for path in fitting
        if (path.is_dir() or path.suffix.lower() in known) and (not word or word in path.name.lower() or word in spelled(path.name))
    ]
