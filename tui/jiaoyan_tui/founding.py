"""The first screen where there is no school yet: make one from a form, or open the sample."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Key
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from jiaoyan.errors import JiaoyanError, Problem
from jiaoyan.founding import CLASSES, CLOSES, MODULES, NAME, OFFICES, OPENS, STAGE, found_school, module_names, proposed
from jiaoyan.school import School, china_now
from jiaoyan.settings import FILE, STAGES
from jiaoyan_tui import working
from jiaoyan_tui.cells import pad
from jiaoyan_tui.dialogs import Paragraphs
from jiaoyan_tui.keys import fold
from jiaoyan_tui.lines import Notice, strip_of
from jiaoyan_tui.options import Options
from jiaoyan_tui.theme import look_of

LABEL = 18
Opened = Callable[[School], object]


class FirstScreen(Screen[str | None]):
    """Sentences over the keys, work in threads: what a page has, before there is a school."""

    DEFAULT_CSS = """
    FirstScreen { layout: vertical; }
    FirstScreen Vertical { height: 1fr; padding: 1 3; }
    FirstScreen .keys { height: 1; }
    """

    def say(self, text: str, style: str = "muted") -> None:
        self.query_one(Notice).show([(text, style)] if text else [])

    def fail(self, error: Exception) -> None:
        faults = error.problems if isinstance(error, JiaoyanError) else [Problem("", f"程序内部出错({error})", "请告知维护人员")]
        self.query_one(Notice).show([(str(problem), "error") for problem in faults])


class WelcomeScreen(FirstScreen):
    """What to do with an empty place."""

    AUTO_FOCUS: ClassVar[str | None] = "Options"

    def __init__(self, folder: Path, opened: Opened) -> None:
        super().__init__()
        self.folder, self.opened = folder, opened
        self._busy = False

    def compose(self) -> ComposeResult:
        yield Vertical(
            Paragraphs("教研台", "title"),
            Paragraphs(f"这里还没有学校资料:{self.folder}\n", "muted"),
            Options(["新建学校", "打开示例学校(六十来位教职工,半个学期的资料,随便试)", "退出"]),
        )
        yield Notice()
        yield Paragraphs(" ↑↓ 选  Enter 确定  也可直接按数字", "muted")

    def on_key(self, event: Key) -> None:
        key = fold(event).key
        if key in ("1", "2", "3"):
            event.stop()
            self._go(int(key))
        elif key == "enter":
            event.stop()
            self._go(self.query_one(Options).at + 1)
        elif key in ("escape", "f10"):
            event.stop()
            self.dismiss(None)

    def _go(self, choice: int) -> None:
        if self._busy:
            return
        if choice == 1:
            self.app.push_screen(FoundingForm(self.folder, self.opened))
        elif choice == 2:
            self._busy = True
            working.work(self, self._sample, self.opened, self._not_made)
        else:
            self.dismiss(None)

    def _sample(self) -> School:
        from jiaoyan_tui.sample import make_sample

        def progress(text: str) -> None:
            self.call_later(partial(self.say, f"正在准备示例学校:{text}"))

        target = self.folder.with_name("demo")
        if not (target / FILE).is_file():
            make_sample(target, progress=progress)
        return School.open(target)

    def _not_made(self, error: Exception) -> None:
        self._busy = False
        self.fail(error)


class FormLine(Horizontal):
    """A title and what is typed."""

    DEFAULT_CSS = "FormLine { height: 1; } FormLine Input { width: 1fr; }"

    def __init__(self, title: str, text: str) -> None:
        field = Input(text)
        field.cursor_blink = False
        super().__init__(FieldTitle(title), field)
        self.title, self.field = title, field


class FieldTitle(Widget):
    DEFAULT_CSS = f"FieldTitle {{ width: {LABEL}; height: 1; }}"

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def render_line(self, y: int) -> Strip:
        return strip_of([(pad(self._title, LABEL - 2), "muted")], self.size.width, look_of(self.app))


class FoundingForm(FirstScreen):
    """One form; F2 makes the school. Nothing is made as long as a field is wrong."""

    AUTO_FOCUS: ClassVar[str | None] = "Input"

    def __init__(self, folder: Path, opened: Opened) -> None:
        super().__init__()
        self.folder, self.opened = folder, opened
        self._busy = False
        modules = "、".join(module_names().values()) or "无"
        self._hints = {
            NAME: "学校的全称", STAGE: f"可填:{'、'.join(STAGES)}", CLASSES: "如 4;以后可以增减",
            OFFICES: "用顿号分开", OPENS: "可写 9.1、2026-09-01;第一周从这一天所在的周算起", CLOSES: "可写 1.20",
            MODULES: f"用顿号分开;可用:{modules}。以后可以启用或停用",
        }

    def compose(self) -> ComposeResult:
        lines = [FormLine(title, text) for title, text in proposed(china_now().date()).items()]
        yield Vertical(Paragraphs("新建学校", "title"), Paragraphs(f"资料放在:{self.folder}\n", "muted"), *lines)
        yield Notice()
        yield Paragraphs(" Enter 或 ↓ 下一项  ↑ 上一项  F2 建立  Esc 返回", "muted")

    def on_descendant_focus(self) -> None:
        line = self.focused.parent if self.focused is not None else None
        if isinstance(line, FormLine):
            self.say(f"{line.title}:{self._hints[line.title]}")

    def on_key(self, event: Key) -> None:
        key = fold(event).key
        if key == "escape":
            self.dismiss(None)
        elif key in ("f2", "ctrl+s"):
            self._found()
        elif key in ("enter", "down"):
            lines = list(self.query(FormLine))
            if key == "enter" and lines[-1].field.has_focus:
                self._found()
            else:
                self.focus_next(Input)
        elif key == "up":
            self.focus_previous(Input)
        else:
            return
        event.stop()
        event.prevent_default()

    def _found(self) -> None:
        if self._busy:
            return
        self._busy = True
        texts = {line.title: line.field.value for line in self.query(FormLine)}
        self.say("正在建立学校…")
        working.work(self, lambda: found_school(self.folder, texts), self.opened, self._not_made)

    def _not_made(self, error: Exception) -> None:
        self._busy = False
        self.fail(error)
        if isinstance(error, JiaoyanError):
            wrong = {problem.where for problem in error.problems}
            line = next((line for line in self.query(FormLine) if line.title in wrong), None)
            if line is not None and not line.field.has_focus:
                line.field.focus()
                self.call_after_refresh(self.fail, error)
