"""Finding by typing: the jump palette to any place, list, action and record, and the help that filters and runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input

from jiaoyan.conditions import Text
from jiaoyan.errors import JiaoyanError
from jiaoyan.pinyin import spelled
from jiaoyan_tui import changing, working
from jiaoyan_tui.actions import Offer, key_label
from jiaoyan_tui.cells import pad
from jiaoyan_tui.keys import fold
from jiaoyan_tui.lineview import LineView, TextLine
from jiaoyan_tui.places import PLACES
from jiaoyan_tui.theme import Look, look_of

if TYPE_CHECKING:
    from jiaoyan_tui.page import Page

Run = Callable[[], object]
PAUSE = 0.12
FOUND_IN = ("teacher", "plan", "group", "activity", "task", "work")
"""Registers whose records the palette finds by name."""
MOST_EACH = 6


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the palette: what it is, its name, and what happens on Enter. `why_not` says why nothing can."""

    kind: str
    name: str
    note: str
    run: Run
    why_not: str = ""


def fits(words: list[str], *texts: str) -> bool:
    """Do all words stand in the texts, as they are, in pinyin, or by initials?"""
    known = " ".join(spelled(text) for text in texts if text)
    return all(word in known for word in words)


class Finder(ModalScreen[Run | None]):
    """A line to type in over what is found; closes with what is to be done."""

    DEFAULT_CSS = """
    Finder { align: center top; background: $background 0%; }
    Finder > Vertical { width: 76; max-width: 100%; height: 18; max-height: 90%; margin-top: 1; padding: 0 1;
        background: $background; border: solid $secondary; }
    Finder > Vertical.-ascii { border: ascii $secondary; }
    Finder Input { height: 1; border: none; padding: 0; background: $panel; color: $foreground; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "Input"
    HINT = ""
    NOTHING = "没有找到"

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self._found: list[Found] = []
        self._pending: Timer | None = None
        self._asked: str | None = None
        self._shown: str | None = None
        self._choosing = False
        """Enter was pressed before what was typed had been looked for."""

    def compose(self) -> ComposeResult:
        field = Input(placeholder=self.HINT)
        field.cursor_blink = False
        plain = look_of(self.app).glyphs.border == "ascii"
        yield Vertical(field, LineView(), classes="-ascii" if plain else "")

    def on_mount(self) -> None:
        self._search()

    def find(self, words: list[str]) -> list[Found]:
        """What fits; called in a thread."""
        raise NotImplementedError

    # ---- typing -----------------------------------------------------------------------------------------------------
    def on_input_changed(self, event: Input.Changed) -> None:
        if self._pending is not None:
            self._pending.stop()
        self._pending = self.set_timer(PAUSE, self._search)

    def _search(self) -> None:
        typed = self.query_one(Input).value
        self._asked = typed
        words = typed.lower().split()
        working.work(self, lambda: self.find(words), partial(self._take, typed), self._failed)

    def _take(self, typed: str, found: list[Found]) -> None:
        if typed == self._asked and self.is_mounted:
            self._found, self._shown = found, typed
            view = self.query_one(LineView)
            view.at = 0
            view.first = 0
            view.show(self._lines)
            view.action_edge(-1)
            if self._choosing:
                self._choose()

    def _failed(self, error: Exception) -> None:
        self.dismiss(lambda: self.page.tell(error))

    def _lines(self, cells: int, look: Look) -> list[TextLine]:
        if not self._found:
            return [TextLine(((f" {self.NOTHING}", "muted"),))]
        return [self._line(found, number, cells) for number, found in enumerate(self._found)]

    def _line(self, found: Found, number: int, cells: int) -> TextLine:
        style = "muted" if found.why_not else "text"
        room = max(cells - 13 - 2, 10)
        name = pad(found.name, min(room, 30)) if found.note or found.why_not else found.name
        return TextLine((
            (f" {pad(found.kind, 11)} ", "muted"), (name, style), (f"  {found.why_not or found.note}", "muted"),
        ), number)

    # ---- keys -------------------------------------------------------------------------------------------------------
    def on_key(self, event: Key) -> None:
        view = self.query_one(LineView)
        key = fold(event).key
        moves: dict[str, Run] = {
            "up": partial(view.action_step, -1), "down": partial(view.action_step, 1),
            "pageup": partial(view.action_page, -1), "pagedown": partial(view.action_page, 1),
        }
        if key == "escape":
            event.stop()
            self.dismiss(None)
        elif key == "enter":
            event.stop()
            self._choose()
        elif key in moves:
            event.stop()
            event.prevent_default()
            moves[key]()

    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        self._choose()

    def _choose(self) -> None:
        if self._shown != self.query_one(Input).value:
            self._choosing = True
            if self._asked != self.query_one(Input).value:
                self._search()
            return
        self._choosing = False
        target = self.query_one(LineView).target
        if isinstance(target, int) and target < len(self._found):
            found = self._found[target]
            reason = f"{found.name}:{found.why_not}"
            self.dismiss(partial(self.page.say, reason, "slow") if found.why_not else found.run)


class Help(Finder):
    """All that can be done on the page: filter it, and Enter does it."""

    HINT = "帮助:打几个字或首字母筛选,上下选,Enter 直接做,Esc 关闭"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._offers = [(offer, offer.why_not) for offer in page.offers()]

    def find(self, words: list[str]) -> list[Found]:
        return [_offered(offer, why) for offer, why in self._offers if fits(words, offer.action.label, offer.action.tip)]


def _offered(offer: Offer, why_not: str) -> Found:
    keys = " ".join(key_label(key) for key in offer.action.keys[:2])
    return Found(keys, offer.action.label, offer.action.tip, partial(offer.owner.perform, offer), why_not)


class Palette(Finder):
    """Any place, register, action, teacher, plan, group, activity, task or work."""

    HINT = "跳转:名称、拼音或首字母,如 zs、jhk;上下选,Enter 去,Esc 关闭"

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._offers = [(offer, offer.why_not) for offer in page.offers() if offer.action.id != "page.jump"]

    def find(self, words: list[str]) -> list[Found]:
        found = [*self._places(words), *self._registers(words)]
        if words:
            found += self._records(words)
        found += [_offered(offer, why) for offer, why in self._offers if fits(words, offer.action.label)]
        return found

    def _places(self, words: list[str]) -> Iterable[Found]:
        app = self.page.app
        home = Found("去", "工作台", "", partial(app.home, lambda _: None))
        places = [Found("去", place.title, place.tip, partial(app.home, place.go)) for place in PLACES]
        return [found for found in (home, *places) if fits(words, found.name)]

    def _registers(self, words: list[str]) -> Iterable[Found]:
        app, known = self.page.app, {place.title for place in PLACES}
        for id, title, group in self.page.school.register_titles():
            if title not in known and fits(words, title):
                yield Found("登记表", title, group, partial(app.home, partial(_list_later, id)))

    def _records(self, words: list[str]) -> Iterable[Found]:
        school = self.page.school
        for id in FOUND_IN:
            try:
                register = school.register(id)
                documents = school.records(register).documents(Text(words=tuple(words)), size=MOST_EACH)
            except JiaoyanError:
                continue
            for document in documents:
                run = partial(changing.open_record, self.page, id, document["id"])
                yield Found(register.title, school.label(register, document), "", run)


def _list_later(register: str, page: Page) -> None:
    changing.open_list(page, register)
