"""Widgets that a form is filled in with: one line each, by keyboard, with what may be chosen in sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Blur, Focus, Key
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from jiaoyan.pinyin import spelled
from jiaoyan_tui.cells import clean, clip, pad, width
from jiaoyan_tui.choosing import Candidate, Choosing
from jiaoyan_tui.keys import fold_character
from jiaoyan_tui.theme import look_of

CANDIDATES = 7
"""Lines of a list of candidates."""
SPLIT = "、,,;;"
"""What ends a name where several are typed."""


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
        if self._many and text and text[-1] in SPLIT:
            self._put(text[:-1])
            self.commit()
            return
        if not self._many:
            self._keys = []
        self._look_up(text)
        self.post_message(EntryChanged(self, self.entry))

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
