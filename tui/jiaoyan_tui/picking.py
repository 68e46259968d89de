"""Choosing by typing: a name, its pinyin or initials, and a small list beneath from which it is taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input, Static

from jiaoyan.showing import SPLITTERS
from jiaoyan_tui.cells import clean, clip, pad, width
from jiaoyan_tui.choosing import Candidate, Choosing
from jiaoyan_tui.fields import EntryChanged, LineInput
from jiaoyan_tui.theme import look_of

CANDIDATES = 7
"""Lines of a list of candidates."""


class Candidates(Widget):
    """The list under a field in which something is looked for."""

    DEFAULT_CSS = f"""
    Candidates {{
        overlay: screen; constrain: none inside; display: none;
        width: 44; height: auto; max-height: {CANDIDATES}; background: $panel;
    }}
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: Sequence[Candidate] = ()
        self.at = 0

    def offer(self, found: Sequence[Candidate]) -> None:
        relayout = len(found) != len(self.found)
        self.found, self.at = found, 0
        self.display = bool(found)
        self.refresh(layout=relayout)

    def move(self, by: int) -> None:
        self.at = max(0, min(self.at + by, len(self.found) - 1))
        self.refresh()

    @property
    def chosen(self) -> Candidate | None:
        return self.found[self.at] if self.found else None

    def render(self) -> Text:
        look = look_of(self.app)
        text = Text(no_wrap=True, end="")
        room = max(self.size.width, 4)
        for number, candidate in enumerate(self.found):
            line = clip(clean(candidate.label), room - 2)
            hint = clip(clean(candidate.hint), max(room - width(line) - 4, 0), "…") if candidate.hint else ""
            style = look.style("cursor" if number == self.at else "header")
            text.append(pad(f" {line}  {hint}", room), style)
            if number < len(self.found) - 1:
                text.append("\n")
        return text


class PickInput(LineInput):
    """The line in which a name is typed; moves within the candidates while they are shown."""

    def action_go_on(self, back: bool) -> None:
        box = self.parent.parent if self.parent is not None else None
        if isinstance(box, PickBox) and box.turned():
            return
        super().action_go_on(back)

    def on_key(self, event: Key) -> None:
        box = self.parent.parent if self.parent is not None else None
        if isinstance(box, PickBox) and box.took(event.key):
            event.stop()
            event.prevent_default()


class PickBox(Widget):
    """One record or kind, or several: typed by name, initials or pinyin, taken from the list beneath."""

    DEFAULT_CSS = """
    PickBox { height: 1; width: 1fr; layout: vertical; }
    PickBox > Horizontal { height: 1; }
    PickBox Static { width: auto; max-width: 70%; height: 1; }
    PickBox PickInput { width: 1fr; min-width: 10; }
    """

    def __init__(self, choosing: Choosing, entry: Any, *, many: bool) -> None:
        super().__init__()
        self._choosing, self._many = choosing, many
        self._keys: list[str] = [str(key) for key in (entry if many else [entry] if entry else [])]
        self._chips = Static(markup=False)
        self._text = "" if many else self._label()
        self._input = PickInput(self._text)
        self._list = Candidates()
        self._open = False
        self.fault = ""

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield self._chips
            yield self._input
        yield self._list

    def on_mount(self) -> None:
        self._draw()

    @property
    def entry(self) -> Any:
        return list(self._keys) if self._many else self._keys[0] if self._keys else ""

    def show(self, entry: Any) -> None:
        self._keys = [str(key) for key in (entry if self._many else [entry] if entry else [])]
        self.fault = ""
        self._close()
        self._put("" if self._many else self._label())
        self._draw()

    def focus(self, scroll_visible: bool = True) -> Self:
        self._input.focus(scroll_visible)
        return self

    def _label(self) -> str:
        return self._choosing.label(self._keys[0]) if self._keys else ""

    def _put(self, text: str) -> None:
        self._text = text
        with self._input.prevent(Input.Changed):
            self._input.value = text
            self._input.cursor_position = len(text)

    def _draw(self) -> None:
        if self._many:
            names = "、".join(self._choosing.label(key) for key in self._keys)
            room = max(self.size.width * 7 // 10, 12)
            if width(names) > room:
                names = f"{len(self._keys)} 个:…" + _tail(names, room - 10)
            more = "、" if names and self._input.has_focus else ""
            self._chips.update(Text(names + more, look_of(self.app).style("text"), no_wrap=True, end=""))
        self._chips.display = self._many and bool(self._keys)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        text = event.value
        if text == self._text:  # put there by the form, not typed
            return
        self._text = text
        if self._many and any(char in SPLITTERS for char in text):
            text = self._take_names(text)
        if not self._many:
            self._keys = []
        self._look_up(text)
        self.post_message(EntryChanged(self, self.entry))

    def _take_names(self, text: str) -> str:
        """Takes every name that a sign ends, also of a pasted list; what is left to type, or the first that means nobody."""
        *names, rest = re.split(f"[{SPLITTERS}]", text)
        unknown = ""
        for name in filter(None, map(str.strip, [*names, rest] if len(names) > 1 else names)):
            found = [c for c in self._choosing.find(name, CANDIDATES + len(self._keys)) if c.key not in self._keys]
            if found:
                self._keys.append(found[0].key)
            else:
                unknown = unknown or name
        left = unknown or (rest.strip() if len(names) == 1 else "")
        self._put(left)
        self._draw()
        return left

    def _look_up(self, text: str) -> None:
        text = text.strip()
        found = [c for c in self._choosing.find(text, CANDIDATES + len(self._keys)) if c.key not in self._keys] if text else []
        self._open = bool(found)
        self._list.offer(found[:CANDIDATES])
        self.fault = "" if found or not text else f"没有“{clip(text, 16)}”"

    def _close(self) -> None:
        self._open = False
        self._list.offer(())

    def turned(self) -> bool:
        """Enter while candidates are shown; False where the form goes on to the next field."""
        if not self._open:
            return False
        self.commit()
        return self._many

    def took(self, key: str) -> bool:
        """Keys that are for the candidates, not for the text."""
        if key in ("down", "up") and self._open:
            self._list.move(1 if key == "down" else -1)
        elif key == "space" and not self._input.value:
            self._open_all()
        elif key == "escape" and self._open:
            self._close()
        elif key == "backspace" and self._many and not self._input.value and self._keys:
            self._keys.pop()
            self._draw()
            self.post_message(EntryChanged(self, self.entry))
        else:
            return False
        return True

    def _open_all(self) -> None:
        """Shows the first candidates of all, for who does not know what to type."""
        found = [c for c in self._choosing.find("", CANDIDATES + len(self._keys)) if c.key not in self._keys]
        self._open = bool(found)
        self._list.offer(found[:CANDIDATES])

    @property
    def pending(self) -> bool:
        """Something is typed that has not been taken for anything yet."""
        return bool(self._input.value.strip()) and (self._many or not self._keys)

    def settle(self) -> None:
        """Takes what is highlighted for what is typed; what means nothing stays and is told."""
        if self.pending and not self._open:
            self._look_up(self._input.value)
        if self.pending and not self.commit():
            self.post_message(EntryChanged(self, self.entry))
        self._close()

    def commit(self) -> bool:
        """Takes the candidate under the cursor for what is typed; True where there was one."""
        chosen = self._list.chosen if self._open else None
        self._close()
        if chosen is None:
            return False
        if self._many:
            self._keys.append(chosen.key)
            self._put("")
        else:
            self._keys = [chosen.key]
            self._put(chosen.label)
        self.fault = ""
        self._draw()
        self.post_message(EntryChanged(self, self.entry))
        return True

    def on_descendant_focus(self) -> None:
        self._draw()

    def on_descendant_blur(self) -> None:
        self.settle()
        self._draw()


def _tail(text: str, room: int) -> str:
    """The end of a text, in so many cells."""
    while text and width(text) > room:
        text = text[1:]
    return text
