"""Asks for somebody: a colleague or a group by name or initials, else a guest from outside by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.events import Key
from textual.widgets import Input

from jiaoyan_tui.choosing import Candidate, OfRegister
from jiaoyan_tui.dialogs import Dialog, Paragraphs
from jiaoyan_tui.fields import LineInput
from jiaoyan_tui.keys import fold
from jiaoyan_tui.options import Options

if TYPE_CHECKING:
    from jiaoyan.school import School

Person = tuple[str, str]
"""(register, id), or ("", name) for a guest."""


class PersonDialog(Dialog[Person]):
    """Closes with whom to add, or None."""

    def __init__(self, school: School) -> None:
        super().__init__()
        self._teachers, self._groups = OfRegister(school, "teacher"), OfRegister(school, "group")
        self._found: list[Person] = []

    def compose(self) -> ComposeResult:
        options = Options([])
        options.can_focus = False
        hint = "姓名、首字母或小组名;都不是的按校外人员加入"
        yield self.frame(Paragraphs("加谁?", "title"), LineInput(), options, Paragraphs(hint, "muted"))

    def on_input_changed(self, event: Input.Changed) -> None:
        text = event.value.strip()
        teachers = self._teachers.find(text, 6) if text else []
        groups = self._groups.find(text, 3) if text else []
        self._found = [("teacher", c.key) for c in teachers] + [("group", c.key) for c in groups]
        labels = [_label(c) for c in teachers] + [f"{c.label}(全组)" for c in groups]
        if text and not text.isascii():
            self._found.append(("", text))
            labels.append(f"校外人员:{text}")
        options = self.query_one(Options)
        options.labels, options.at = labels, 0
        options.refresh(layout=True)

    def on_key(self, event: Key) -> None:
        key = fold(event).key
        if key in ("up", "down"):
            event.stop()
            event.prevent_default()
            self.query_one(Options).action_move(-1 if key == "up" else 1)

    def accept(self) -> None:
        if self._found:
            self.dismiss(self._found[self.query_one(Options).at])


def _label(candidate: Candidate) -> str:
    return f"{candidate.label}  {candidate.hint}" if candidate.hint else candidate.label
