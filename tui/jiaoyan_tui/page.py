"""Page: what every full screen has. Breadcrumbs above, keys below, faults as sentences, work in threads, one step back.

A page fills in `crumb` (its name in the breadcrumbs), `body()` (its widgets), `reload()` (called when anybody has written
to the store), and marks what can be done with `@action(…)`. See `actions.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.events import Key, Resize, ScreenResume
from textual.screen import Screen
from textual.widget import Widget

from jiaoyan.errors import JiaoyanError, Problem, Stopped, TermLocked
from jiaoyan.records import Record
from jiaoyan.registers import Register
from jiaoyan_tui import working
from jiaoyan_tui.actions import Offer, action, actions_of, key_in_force
from jiaoyan_tui.clipboard import tabbed
from jiaoyan_tui.keys import fold
from jiaoyan_tui.lines import KeyLine, Notice, TitleLine, TooSmall
from jiaoyan_tui.theme import Depth

if TYPE_CHECKING:
    from jiaoyan.school import School
    from jiaoyan_tui.app import JiaoyanApp

T = TypeVar("T")
LEAST_WIDTH, LEAST_HEIGHT = 60, 16
EVERY = 1.0
"""Seconds between two looks whether somebody has written."""
AFTER = 0.3
"""Seconds of work after which it is said that it goes on."""


class Page(Screen[str | None]):
    """A full screen of the program. It closes with the id of a record, or None."""

    DEFAULT_CSS = """
    Page { layout: vertical; }
    Page.-too-small > * { display: none !important; }
    Page.-too-small > TooSmall { display: block !important; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "*"

    crumb = ""
    typed_in: ClassVar[bool] = False
    """Is text typed here? Then letters and digits are no keys."""

    def __init__(self, school: School) -> None:
        super().__init__()
        self.school = school
        self._token: tuple[int, int] | None = None
        self._doing: tuple[working.Job, str] | None = None
        """The work that the person waits for, and what it is; Esc stops it."""
        self._progress_told = False
        self._counting = self._count_again = False

    # ---- to be filled in --------------------------------------------------------------------------------------------
    def body(self) -> ComposeResult:
        """The widgets between breadcrumbs and keys; the first that takes the focus gets it."""
        yield from ()

    def reload(self) -> None:
        """Called when the page opens, and when somebody, here or elsewhere, has written."""

    def step_back(self) -> bool:
        """Esc: True where something within the page was closed, so that the page stays."""
        return False

    @property
    def unsaved(self) -> str:
        """What would be lost on leaving, in words; empty where nothing would."""
        return ""

    def aside(self) -> str:
        """What stands at the right of the breadcrumbs."""
        return self.app.day_line()

    # ---- frame ------------------------------------------------------------------------------------------------------
    def compose(self) -> ComposeResult:
        yield TitleLine()
        yield from self.body()
        yield Notice()
        yield KeyLine()
        yield TooSmall(LEAST_WIDTH, LEAST_HEIGHT)

    @property
    def app(self) -> JiaoyanApp:  # type: ignore[override]  # this program's own app
        return super().app  # type: ignore[return-value]

    def on_mount(self) -> None:
        self.set_interval(EVERY, self._look)

    def on_screen_resume(self, event: ScreenResume) -> None:
        self._look()
        self.refresh_frame()

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width < LEAST_WIDTH or event.size.height < LEAST_HEIGHT, "-too-small")

    def _look(self) -> None:
        """Reloads where the store has moved; costs nothing on the line where it has not."""
        if not self.is_current:
            return
        token = self.school.store.token()
        if token != self._token:
            self._token = token
            self.guarded(self.reload)

    def refresh_frame(self) -> None:
        """Draws breadcrumbs and keys again, after what can be done has changed."""
        for line in (*self.query(TitleLine), *self.query(KeyLine)):
            line.refresh()

    def crumbs(self) -> list[str]:
        names = [page.crumb for page in self.app.pages() if page.crumb]
        school = self.school.settings.name
        return names if names[:1] == [school] else [school, *names]  # a list may be where the program was opened

    # ---- keys -------------------------------------------------------------------------------------------------------
    def offers(self) -> list[Offer]:
        """What can be done here, the page's own first."""
        return list(actions_of(self))

    def on_key(self, event: Key) -> None:
        """The focused widget's own keys go first, then the page's actions; full-width forms count as ASCII."""
        folded = fold(event)
        focused = self.focused
        if focused is not None and folded.key == event.key and _binds(focused, event.key):
            return
        for offer in self.offers():
            if folded.key in offer.action.keys:
                event.stop()
                event.prevent_default()
                self.perform(offer)
                return
        if folded is not event and focused is not None and _binds(focused, folded.key):
            event.stop()
            self.app.simulate_key(folded.key)

    def perform(self, offer: Offer) -> None:
        """Runs an action, or says why it can't be done."""
        self.hush()
        if reason := offer.why_not:
            self.say(f"{offer.action.label}:{reason}", "slow")
            return
        self.guarded(offer.run)

    def guarded(self, function: Callable[[], object]) -> None:
        """Runs something; what goes wrong is told, never thrown. What a locked term refuses can be done again with a reason."""
        try:
            function()
        except TermLocked as error:
            self._refused(error, lambda reason: self.guarded(partial(self.as_correction, reason, function)))
        except Exception as error:
            self.tell(error)

    def _refused(self, error: TermLocked, again: Callable[[str], object]) -> None:
        from jiaoyan_tui.changing import ask_correction

        self.tell(error)
        ask_correction(self, error, again)

    def as_correction(self, reason: str, function: Callable[[], T]) -> T:
        """Does something as 更正."""
        with self.school.correcting(reason):
            return function()

    # ---- saying -----------------------------------------------------------------------------------------------------
    def say(self, text: str, state: str = "ok") -> None:
        """A sentence above the keys, until the next action; `state` is a style of the theme."""
        self.query_one(Notice).show([(text, state)])

    def tell(self, error: Exception) -> None:
        """Faults as sentences."""
        if isinstance(error, Stopped):
            self.say(str(error), "slow")
        elif isinstance(error, JiaoyanError):
            self.problems(error.problems)
        else:
            self.app.note_fault(error)
            self.say(f"程序内部出错,这一步没有完成({type(error).__name__}:{error})。请把这句话告知维护人员", "error")

    def problems(self, problems: Iterable[Problem]) -> None:
        self.query_one(Notice).show([(str(problem), "error") for problem in problems])

    def hush(self) -> None:
        self.query_one(Notice).show([])

    def copy(self, rows: Sequence[Sequence[str]], titles: Sequence[str] = ()) -> None:
        """Copies rows to the person's own clipboard, as Excel pastes them, the titles of their columns above them."""
        try:
            self.app.copy_to_clipboard(tabbed([titles, *rows] if titles else rows))
        except ValueError:
            self.say(f"{len(rows)} 行太多,终端一次复制不了。请先筛选,或导出为文件", "slow")
        else:
            self.say(f"已复制 {len(rows)} 行,可粘贴到 Excel。终端不支持复制时,请导出为文件")

    # ---- working ----------------------------------------------------------------------------------------------------
    def work(self, function: Callable[[], T], done: Callable[[T], object], doing: str = "") -> None:
        """Runs `function` in a thread, then `done(result)` here. Faults are told.

        With `doing`, the person waits for it: what is done and how far it is stands above the keys, and Esc stops it. It must
        leave nothing half done: whatever it writes, it writes in one change.
        """

        def finish(found: T) -> None:
            self._end(job)
            self.guarded(lambda: done(found))

        def failed(error: Exception) -> None:
            self._end(job)
            if isinstance(error, TermLocked):
                self._refused(error, lambda reason: self.work(partial(self.as_correction, reason, function), done, doing))
            else:
                self.tell(error)

        job = working.work(self, function, finish, failed, self._tell_progress)
        if doing:
            self._doing = job, doing
            self.set_timer(AFTER, lambda: self._tell_progress("") if self._doing == (job, doing) else None)

    def recount(self, function: Callable[[], T], done: Callable[[T], object], doing: str = "") -> None:
        """`work` for what a page shows, one at a time: asked for again while it runs, the page reloads once more after."""
        if self._counting:
            self._count_again = True
            return
        self._counting = True

        def count() -> T:
            try:
                return function()
            finally:
                self._counting = False

        def finish(found: T) -> None:
            done(found)
            if self._count_again:
                self._count_again = False
                self.reload()

        self.work(count, finish, doing)

    def _tell_progress(self, text: str) -> None:
        if self._doing is not None:
            self._progress_told = True
            self.say(f"正在{self._doing[1]}…{f' {text}' if text else ''}  按 {key_in_force('page.back')} 停下", "muted")

    def _end(self, job: working.Job) -> None:
        if self._doing is not None and self._doing[0] is job:
            self._doing = None
            if self._progress_told:
                self._progress_told = False
                self.hush()

    def stop_work(self) -> bool:
        """Stops what the person waits for; False where there is nothing."""
        if self._doing is None:
            return False
        job, doing = self._doing
        if job.stop():
            self._doing, self._progress_told = None, False
            self.tell(Stopped(f"已停下:{doing}。没有改动任何内容"))
        else:
            self.say(f"{doing}:已经在存了,请等它存完;存完可以撤销", "slow")
        return True

    # ---- going ------------------------------------------------------------------------------------------------------
    def open(self, page: Screen[Any], then: Callable[[Any], object] | None = None) -> None:
        """Shows another page or dialog on top; `then` gets what it closes with."""

        def closed(found: Any) -> None:
            if then is not None:
                self.guarded(lambda: then(found))

        self.app.push_screen(page, closed)

    def open_form(
        self, register: Register[Any], record: Record | None = None, preset: Mapping[str, Any] | None = None,
        then: Callable[[str | None], object] | None = None,
    ) -> None:
        """Edits a record, or a new one with some fields preset; `then` gets the saved record's id, or None."""
        from jiaoyan_tui.forms import RecordForm

        def closed(id: str | None) -> None:
            if id is not None:
                self.say(f"已保存{register.title}")
            if then is not None:
                then(id)

        self.open(RecordForm(self.school, register, record, dict(preset or {})), closed)

    def confirm(self, question: str, then: Callable[[], object], *, dangerous: bool = False, yes: str = "确定") -> None:
        """Asks, and goes on where the answer is yes; a dangerous step begins on 取消."""
        from jiaoyan_tui.dialogs import Confirm

        self.open(Confirm(question, yes=yes, dangerous=dangerous), lambda answer: then() if answer else None)

    def choose(self, title: str, options: Iterable[tuple[str, str]], then: Callable[[str], object]) -> None:
        """Asks for one of (value, label); digits choose too."""
        from jiaoyan_tui.dialogs import Choose

        self.open(Choose(title, list(options)), lambda value: then(value) if value is not None else None)

    def ask(self, title: str, then: Callable[[str], object], *, text: str = "", hint: str = "") -> None:
        """Asks for a line of text."""
        from jiaoyan_tui.dialogs import Ask

        self.open(Ask(title, text=text, hint=hint), lambda answer: then(answer) if answer is not None else None)

    # ---- actions of every page --------------------------------------------------------------------------------------
    @action("page.back", "返回", "escape", tip="退一步:先关掉打开的筛选,再离开这一页", rank=900)
    def go_back(self) -> None:
        if self.stop_work():
            return
        if self.step_back():
            self.refresh_frame()
        elif self.unsaved:
            self.confirm(f"{self.unsaved},离开就丢掉了。要离开吗?", lambda: self.dismiss(None), dangerous=True, yes="离开")
        else:
            self.dismiss(None)

    @action("page.help", "帮助", "f1", "question_mark", tip="这一页能做的全部事情:可筛选,按 Enter 直接做", rank=910)
    def show_help(self) -> None:
        from jiaoyan_tui.palette import Help

        self.open(Help(self), self._perform_later)

    @action("page.jump", "跳转", "f3", "ctrl+p", tip="跳到任何登记表、教师、计划、活动、操作:可打首字母", rank=905)
    def jump(self) -> None:
        from jiaoyan_tui.palette import Palette

        self.open(Palette(self), self._perform_later)

    @action("page.undo", "撤销", "u", "ctrl+z", "f12", tip="撤销自己最近一次修改,撤销前会说明是哪一次")
    def undo(self) -> None:
        self.app.undo(self)

    @action("page.quit", "退出", "f10", "ctrl+q", tip="退出程序")
    def quit_program(self) -> None:
        self.app.leave(self)

    def _why_not_light(self) -> str:
        if self.typed_in:
            return "正在填表,请先保存或离开"
        return "这个终端没有颜色,浅色和深色是一样的" if self.app.look.depth is Depth.NONE else ""

    @action("page.light", "浅色或深色", tip="终端的底色浅就用浅色,深就用深色;记住您的选择", why_not=_why_not_light)
    def change_light(self) -> None:
        self.app.change_light(self)

    def _perform_later(self, run: Callable[[], object] | None) -> None:
        if run is not None:
            self.call_later(self.guarded, run)


def _binds(widget: Widget, key: str) -> bool:
    return key in widget._bindings.key_to_bindings
