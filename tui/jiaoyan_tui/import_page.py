"""Taking files in: what lies in the person's 收件箱, what would become of a file, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.widgets import TextArea

from jiaoyan.boxes import INBOX, Told, arrivals, box, foretold, put_in, suffixes, taken
from jiaoyan.registers import Register
from jiaoyan.terms import Term
from jiaoyan_tui.actions import action, key_in_force
from jiaoyan_tui.cells import wrap
from jiaoyan_tui.lineview import TextLine
from jiaoyan_tui.page import Page
from jiaoyan_tui.panes import PanesPage
from jiaoyan_tui.sources import FixedSource
from jiaoyan_tui.table import Column, Row, VirtualTable
from jiaoyan_tui.theme import SIGNS, Look

KILO = 1024


class ImportPage(Page):
    """The files that could go into a register; Enter shows what one holds before anything is stored."""

    AUTO_FOCUS: ClassVar[str | None] = "VirtualTable"
    COLUMNS = (
        Column("name", "文件", sortable=False), Column("size", "大小", align="right", sortable=False),
        Column("arrived", "放入时间", sortable=False),
    )

    def __init__(self, school: Any, register: Register[Any]) -> None:
        super().__init__(school)
        self.register = register
        self.crumb = f"导入{register.title}"

    def body(self) -> ComposeResult:
        yield VirtualTable()

    @property
    def table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    def reload(self) -> None:
        folder = box(self.school, INBOX)
        self.table.empty = (
            f"收件箱里没有 {' '.join(suffixes(self.register.id))} 文件。请用 sftp 或 WinSCP 把文件放到 {folder},"
            f"再按 {key_in_force('import.again')};或按 {key_in_force('import.path')} 打出文件的路径"
        )
        rows = [
            Row(str(a.path), (a.path.name, f"{max(a.size // KILO, 1)} KB", f"{a.arrived:%m-%d %H:%M}"))
            for a in arrivals(self.school, self.register.id)
        ]
        self.table.set_source(FixedSource(self.COLUMNS, rows), keep=True)
        self.refresh_frame()

    def on_virtual_table_row_chosen(self, event: VirtualTable.RowChosen) -> None:
        self.guarded(self.look)

    def _why_not(self) -> str:
        return "" if self.is_mounted and self.table.cursor_key else "收件箱里没有可以导入的文件"

    @action("import.look", "看看里面", "enter", tip="先看读出了什么,确认后才存", why_not=_why_not, rank=10)
    def look(self) -> None:
        if self.table.cursor_key:
            self._look_into(Path(self.table.cursor_key))

    @action("import.path", "打路径", "p", "f2", tip="导入别处的文件:打出它的路径,Tab 补全", rank=20)
    def type_path(self) -> None:
        from jiaoyan_tui.path_dialog import PathDialog

        dialog = PathDialog(Path.home(), suffixes(self.register.id))
        self.open(dialog, lambda path: self._look_into(path) if path is not None else None)

    @action("import.paste", "粘贴", "v", "f6", tip="粘贴文字(计划)或从 Excel 复制的一块(名册、表格)", rank=25)
    def paste_text(self) -> None:
        self.open(PastePage(self.school, self.register, self._look_into))

    @action("import.again", "刷新", "f5", tip="再看一遍收件箱", rank=30)
    def look_again(self) -> None:
        self.reload()

    def _look_into(self, path: Path) -> None:
        self.work(
            lambda: foretold(self.school, self.register, path),
            lambda found: self.open(ForetoldPage(self.school, self.register, path, found)), f"读 {path.name}",
        )


class PastePage(Page):
    """Text that is pasted or typed; it is kept in the inbox as a file and looked into."""

    AUTO_FOCUS: ClassVar[str | None] = "TextArea"
    typed_in: ClassVar[bool] = True
    crumb = "粘贴"

    def __init__(self, school: Any, register: Register[Any], then: Callable[[Path], object]) -> None:
        super().__init__(school)
        self._register, self._then = register, then
        self._text = TextArea(compact=True, tab_behavior="indent", highlight_cursor_line=False)
        self._text.cursor_blink = False

    def body(self) -> ComposeResult:
        yield self._text

    def on_mount(self) -> None:
        self.say("把计划的文字粘贴到这里" if self._register.id == "plan" else "把表格(第一行是表头)从 Excel 复制,粘贴到这里", "muted")

    @property
    def unsaved(self) -> str:
        return "粘贴的文字还没有读" if self._text.text.strip() else ""

    @action("paste.read", "读一读", "f2", "ctrl+s", tip="看看里面有什么,确认后才存", rank=10)
    def read_text(self) -> None:
        path = put_in(self.school, self._register.id, self._text.text)
        self.dismiss(None)
        self._then(path)


class ForetoldPage(PanesPage):
    """What a file holds; F2 stores it, and then what became of it stands here."""

    def __init__(self, school: Any, register: Register[Any], path: Path, told: list[Told]) -> None:
        super().__init__(school)
        self.register, self.path = register, path
        self._told, self._done = told, False
        self._busy = False
        self._term: Term | None = None
        self.crumb = path.name

    def reload(self) -> None:
        self.draw()

    def main_lines(self, cells: int, look: Look) -> list[TextLine]:
        keys = f"按 {key_in_force('import.take')} 导入,{key_in_force('page.back')} 不导入"
        head = f"已导入 {self.path.name}" if self._done else f"{self.path.name} 里读出的内容(还没有存)。{keys}"
        lines = [TextLine(((f" {head}", "title"),)), TextLine()]
        if self.register.id == "plan" and not self._done:
            term = self._term.code if self._term else "今天所在的学期"
            lines[1:] = [TextLine(((f" 学期:{term}。按 {key_in_force('import.term')} 换一个", "muted"),)), TextLine()]
        for text, state in self._told:
            indent = " " * (3 + len(text) - len(text.lstrip()))
            for number, piece in enumerate(wrap(text.strip(), max(cells - len(indent) - 1, 4))):
                sign = SIGNS.get(state, "") if not number else ""
                lines.append(TextLine(((f" {sign}".ljust(len(indent)), state or "text"), (piece, state or "text"))))
        return lines

    def _why_not(self) -> str:
        return "已经导入" if self._done else "正在导入" if self._busy else ""

    @action("import.take", "导入", "f2", tip="存下来;可以撤销", why_not=_why_not, rank=10)
    def take(self) -> None:
        self._busy = True
        self.work(partial(taken, self.school, self.register, self.path, self._term), self._taken, f"导入 {self.path.name}")

    def _why_no_term(self) -> str:
        return self._why_not() or ("" if self.register.id == "plan" else "只有计划分学期")

    @action("import.term", "学期", "f4", tip="导入到哪个学期", why_not=_why_no_term, rank=20)
    def choose_term(self) -> None:
        terms = self.school.records(Term).all()

        def chosen(code: str) -> None:
            self._term = next(term for term in terms if term.code == code)
            self.draw()

        self.choose("导入到哪个学期?", [(term.code, term.title) for term in terms], chosen)

    def _taken(self, told: list[Told]) -> None:
        self._told, self._done, self._busy = told, True, False
        self.draw()
        self.refresh_frame()

    def tell(self, error: Exception) -> None:
        self._busy = False
        super().tell(error)
