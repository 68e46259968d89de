"""Widgets that a form is filled in with: one line each, by keyboard, with what may be chosen in sight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol, runtime_checkable

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Blur, Focus, Key
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from jiaoyan.pinyin import spelled
from jiaoyan_tui.cells import clean, clip, width
from jiaoyan_tui.keys import fold_character
from jiaoyan_tui.theme import look_of


class EntryChanged(Message):
    """A person has typed or chosen something; `entry` is what stands there now."""

    def __init__(self, box: Widget, entry: Any) -> None:
        super().__init__()
        self.box, self.entry = box, entry


class ListAsked(Message):
    """Enter on a field that holds a list: its own small form is wanted."""

    def __init__(self, box: Widget) -> None:
        super().__init__()
        self.box = box


class NextAsked(Message):
    """Enter on a field: go on to the next one."""

    def __init__(self, back: bool = False) -> None:
        super().__init__()
        self.back = back


@runtime_checkable
class Box(Protocol):
    """What all fields have."""

    fault: str
    """What is wrong with what is typed, where it could not become an entry."""

    def show(self, entry: Any) -> None:
        """Puts an entry into the field; nobody is told."""


class LineInput(Input):
    """A line of text: compact, with a cursor that stands still; Enter and the arrows go on and back."""

    DEFAULT_CSS = """
    LineInput, LineInput:focus { width: 1fr; background: $surface; background-tint: $foreground 0%; }
    LineInput:focus { text-style: underline; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "go_on(False)", show=False),
        Binding("up", "go_on(True)", show=False),
    ]

    def __init__(self, value: str = "", *, replaced: bool = False) -> None:
        """`replaced`: the first key puts another text in the place of what stands there."""
        super().__init__(value, select_on_focus=replaced, compact=True)
        self.cursor_blink = False

    def action_go_on(self, back: bool) -> None:
        self.post_message(NextAsked(back))


class TextBox(LineInput):
    """Text, a number, a day: whatever is typed on one line."""

    def __init__(self, entry: str, *, replaced: bool = False) -> None:
        super().__init__(entry, replaced=replaced)
        self.fault = ""

    def show(self, entry: Any) -> None:
        with self.prevent(Input.Changed):
            self.value = str(entry or "")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(EntryChanged(self, event.value))


class LongBox(TextArea):
    """Text of several lines; Enter breaks the line, Tab goes on."""

    DEFAULT_CSS = """
    LongBox, LongBox:focus { width: 1fr; height: 3; background: $panel; scrollbar-size-vertical: 1; }
    LongBox.-tall { height: 8; }
    """

    def __init__(self, entry: str) -> None:
        super().__init__(entry, compact=True, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False)
        self.cursor_blink = False
        self.fault = ""

    def show(self, entry: Any) -> None:
        with self.prevent(TextArea.Changed):
            self.text = str(entry or "")

    def on_focus(self, event: Focus) -> None:
        self.add_class("-tall")

    def on_blur(self, event: Blur) -> None:
        self.remove_class("-tall")

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(EntryChanged(self, self.text))


class ChoiceBox(Widget, can_focus=True):
    """One of a few: ←/→, a digit, or the beginning of its name or pinyin."""

    DEFAULT_CSS = "ChoiceBox { height: 1; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "move(1)", show=False),
        Binding("left", "move(-1)", show=False),
        Binding("enter,down", "go_on(False)", show=False),
        Binding("up", "go_on(True)", show=False),
    ]

    def __init__(self, labels: Mapping[Any, str], entry: Any) -> None:
        super().__init__()
        self._labels = dict(labels)
        self._entry = entry
        self._typed = ""
        self.fault = ""

    @property
    def entry(self) -> Any:
        return self._entry

    def show(self, entry: Any) -> None:
        self._entry = entry
        self.refresh()

    def _choose(self, entry: Any) -> None:
        if entry != self._entry:
            self._entry = entry
            self.refresh()
            self.post_message(EntryChanged(self, entry))

    def action_move(self, by: int) -> None:
        keys = list(self._labels)
        at = keys.index(self._entry) if self._entry in keys else -1 if by > 0 else 0
        self._choose(keys[(at + by) % len(keys)])

    def action_go_on(self, back: bool) -> None:
        self.post_message(NextAsked(back))

    def on_key(self, event: Key) -> None:
        char = fold_character(event.character or "")
        if not event.is_printable or not char or char == " ":
            return
        event.stop()
        event.prevent_default()
        keys = list(self._labels)
        if char.isdigit():
            if 1 <= int(char) <= len(keys):
                self._choose(keys[int(char) - 1])
            return
        for typed in (self._typed + char.lower(), char.lower()):
            meant = [key for key, label in self._labels.items() if any(form.startswith(typed) for form in spelled(label).split())]
            if meant:
                self._typed = typed
                again = len(typed) == 1 and self._entry in meant
                self._choose(meant[(meant.index(self._entry) + 1) % len(meant)] if again else meant[0])
                return

    def on_focus(self, event: Focus) -> None:
        self._typed = ""
        self.app.cursor_position = self.content_region.offset
        self.refresh()

    def on_blur(self, event: Blur) -> None:
        self.refresh()

    def render(self) -> Text:
        look = look_of(self.app)
        chosen = look.style("cursor" if self.has_focus else "text")
        label = clean(self._labels.get(self._entry, "")) or ("(空)" if self.has_focus else "")
        room = self.size.width
        if not self.has_focus:
            return Text(clip(label, room), chosen, no_wrap=True, end="")
        labels = [clean(name) or "空" for name in self._labels.values()]
        text = Text(no_wrap=True, end="")
        if sum(width(name) + 2 for name in labels) <= room:
            for key, name in zip(self._labels, labels, strict=True):
                text.append(f" {name} ", chosen if key == self._entry else look.style("muted"))
            return text
        keys = list(self._labels)
        place = f"{keys.index(self._entry) + 1 if self._entry in keys else 0}/{len(keys)}"
        text.append(clip(f"< {label} >", max(room - 7, 4)), chosen)
        text.append(f" {place}", look.style("muted"))
        return text


class FlagBox(ChoiceBox):
    """否 or 是."""

    def __init__(self, entry: bool) -> None:
        super().__init__({False: "否", True: "是"}, bool(entry))


class PartsBox(Widget, can_focus=True):
    """A list of things with fields of their own; Enter opens it."""

    DEFAULT_CSS = "PartsBox { height: 1; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space,right", "open", show=False),
        Binding("down", "go_on(False)", show=False),
        Binding("up", "go_on(True)", show=False),
    ]

    def __init__(self, summary: str) -> None:
        super().__init__()
        self._summary = summary
        self.fault = ""

    def show(self, entry: Any) -> None:
        """Takes the summary in words."""
        self._summary = str(entry)
        self.refresh()

    def action_open(self) -> None:
        self.post_message(ListAsked(self))

    def action_go_on(self, back: bool) -> None:
        self.post_message(NextAsked(back))

    def on_focus(self, event: Focus) -> None:
        self.app.cursor_position = self.content_region.offset
        self.refresh()

    def on_blur(self, event: Blur) -> None:
        self.refresh()

    def render(self) -> Text:
        style = look_of(self.app).style("cursor" if self.has_focus else "text")
        text = f"{self._summary or '没有'}" + ("  回车打开" if self.has_focus else "")
        return Text(clip(clean(text), self.size.width), style, no_wrap=True, end="")


class ShownBox(Static):
    """What the program fills in."""

    DEFAULT_CSS = "ShownBox { height: 1; width: 1fr; }"

    def __init__(self, text: str) -> None:
        super().__init__(markup=False)
        self._shown = text
        self.fault = ""

    def on_mount(self) -> None:
        self.show(self._shown)

    def show(self, entry: Any) -> None:
        self.update(Text(clean(str(entry)), look_of(self.app).style("muted"), no_wrap=True, end=""), layout=False)
