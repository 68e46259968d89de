"""The full-screen application: one school, a stack of pages, the look that fits the terminal."""

from __future__ import annotations

import gc
import os
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.screen import Screen

from jiaoyan.errors import NotFound, Problem
from jiaoyan.terms import WEEKDAYS
from jiaoyan_tui.actions import key_in_force
from jiaoyan_tui.clipboard import sequence
from jiaoyan_tui.driver import driver_class
from jiaoyan_tui.light import remember
from jiaoyan_tui.page import Page
from jiaoyan_tui.theme import Look, look, look_for, wear

if TYPE_CHECKING:
    from jiaoyan.school import School


LOADED = 2.0
"""Seconds after which what the program loads at its start is there to stay."""


class JiaoyanApp(App[None]):
    """教研台 on one school."""

    TITLE = "教研台"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "leave_program", "退出", show=False, system=True)]
    CSS = """
    Input { height: 1; border: none; padding: 0; background: $panel; color: $foreground; }
    Input:focus { border: none; }
    """

    def __init__(
        self, first: Callable[[], Screen[str | None]], worn: Look | None = None, home: Callable[[], Page] | None = None
    ) -> None:
        self.look = worn or look_for()
        super().__init__(driver_class=driver_class(), ansi_color=self.look.native)
        self.animation_level = "none"
        self._disable_tooltips = self._disable_notifications = True  # nothing here has any: two widgets less a page
        wear(self, self.look)
        self._first, self._home = first, home
        self._begun: Page | None = None
        self.faults: list[Exception] = []
        """What went wrong inside the program, for whoever looks after it."""
        self.notices: list[Problem] = []
        """What the first page tells: key files that can't be used."""

    def get_default_screen(self) -> Screen[str | None]:
        """The first page itself: nothing is laid out and drawn below it."""
        return self._first()

    def pop_screen(self) -> AwaitComplete:
        """Leaving the first page leads home, where that is another page, else it ends the program."""
        if len(self.screen_stack) > 1:
            return super().pop_screen()
        if self._home is not None:
            self.begin(self._home())
        else:
            self.exit()
        return AwaitComplete()

    def on_mount(self) -> None:
        if self.notices:
            self.call_after_refresh(self._tell_notices)
        if not gc.isenabled():
            self.set_timer(LOADED, _collect_again)

    def _tell_notices(self) -> None:
        if isinstance(self.screen, Page):
            self.screen.problems([*self.notices, Problem("", "按键暂用程序自带的", "改好 keys.toml 后重新打开")])

    def begin(self, page: Page) -> None:
        """Puts the overview of a school in place of whatever is shown: the school was just made, or a list of it was opened."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self._begun = page
        self.push_screen(page, lambda _: self.exit())

    def pages(self) -> list[Page]:
        """The pages that are open, the one on top last. What led to the overview lies below it, out of sight."""
        there = [screen for screen in self.screen_stack if isinstance(screen, Page)]
        return there[there.index(self._begun):] if self._begun in there else there

    @property
    def school(self) -> School | None:
        pages = self.pages()
        return pages[-1].school if pages else None

    def day_line(self) -> str:
        """Today, as it stands at the right of the breadcrumbs: 11-26 周四 第13周."""
        school = self.school
        if school is None:
            return ""
        today = school.today
        week = ""
        with suppress(NotFound):
            week = f" 第{school.term(today).week_of(today)}周"
        return f"{today:%m-%d} 周{WEEKDAYS[today.weekday()]}{week}"

    def copy_to_clipboard(self, text: str) -> None:
        """Asks the terminal to copy. Raises ValueError for a text that no terminal would take."""
        data = sequence(text)
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(data)
            self._driver.flush()

    def note_fault(self, error: Exception) -> None:
        """Keeps a fault of the program itself, with its traceback, in the school's folder."""
        self.faults.append(error)
        if (school := self.school) is not None:
            with suppress(OSError), (school.folder / "faults.log").open("a", encoding="utf-8") as file:
                file.write(f"{school.stamp()}\n{''.join(traceback.format_exception(error))}\n")

    def _handle_exception(self, error: Exception) -> None:
        self.note_fault(error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Textual would print a traceback; a person gets sentences, and the traceback stands in the file."""
        self._exit_renderables.append(
            "程序内部出错,已经退出。存过的资料都在;没存的内容会作为草稿在下次打开时提供。"
            "详情在学校资料文件夹的 faults.log,请交给维护人员。"
        )
        self._close_messages_no_wait()

    # ---- leaving and undoing ----------------------------------------------------------------------------------------
    def leave(self, page: Page) -> None:
        """Ends the program; what is not saved is asked about."""
        unsaved = [text for open_page in self.pages() if (text := open_page.unsaved)]
        question = f"{unsaved[0]},退出就丢掉了。要退出吗?" if unsaved else "退出教研台?"
        page.confirm(question, self.exit, dangerous=bool(unsaved), yes="退出")

    def undo(self, page: Page) -> None:
        """Undoes the actor's last change, after saying which."""
        from jiaoyan.past import local_time, past_of_change

        head = page.school.undoable()
        if head is None:
            page.say("没有可以撤销的修改", "muted")
            return

        def go_on() -> None:
            page.school.undo(head.change)
            page.reload()
            page.say(f"已撤销:{head.label}(再按撤销会撤销更早的一次)")

        names = "、".join(dict.fromkeys(past.name for past in past_of_change(page.school, head.change)[:3]))
        told = f"{head.label}" if not names or names in head.label else f"{head.label}({names}{' 等' if head.rows > 3 else ''})"
        page.confirm(f"撤销 {local_time(head.time)[5:]} 的修改:{told}?共 {head.rows} 条记录。", go_on, yes="撤销")

    def change_light(self, page: Page) -> None:
        """Light instead of dark, or back; remembered for this person."""
        self.look = look(self.look.depth, not self.look.dark, self.look.ascii)
        wear(self, self.look)
        lasts = remember(not self.look.dark, os.environ)
        page.say(f"已换成{'深色' if self.look.dark else '浅色'}{',下次打开也是' if lasts else ''}")

    def home(self, then: Callable[[Page], object]) -> None:
        """Back to the overview, then on from there; what is not saved is asked about."""
        pages = self.pages()
        unsaved = [text for page in pages if (text := page.unsaved)]

        def go() -> None:
            if self._home is not None and self._begun is None:
                self.begin(self._home())
            else:
                while self.screen is not pages[0]:
                    self.pop_screen()
            base = self.screen
            if isinstance(base, Page):
                self.call_later(base.guarded, lambda: then(base))

        if unsaved:
            pages[-1].confirm(f"{unsaved[0]},离开就丢掉了。要离开吗?", go, dangerous=True, yes="离开")
        else:
            go()

    def action_leave_program(self) -> None:
        if isinstance(self.screen, Page):
            self.leave(self.screen)

    def action_help_quit(self) -> None:
        """Ctrl+C: many try it first."""
        if isinstance(self.screen, Page):
            self.screen.say(f"退出请按 {key_in_force('page.quit')},返回请按 {key_in_force('page.back')}", "muted")


def _collect_again() -> None:
    """The collector, which starting had switched off, works again, and passes over what the start has loaded."""
    gc.freeze()
    gc.enable()
