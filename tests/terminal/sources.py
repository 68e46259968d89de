"""Tables and apps to try the terminal with: names and titles as schools have them, some of them nasty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from jiaoyan_tui.table import Column, Row, VirtualTable
from jiaoyan_tui.theme import Depth, look, wear

NAMES = ("张三", "李四光", "欧阳娜娜", "𠮷野", "Anna 王", "单雄信", "阿不都热合曼·买买提", "e\u0301tienne", "王  五")
THEMES = ("整本书阅读", "Unit 3 lesson study", "数学单元整体教学设计研讨(第二次)", "", "全角ABC与半角", "a")
STATES = ("", "overdue", "slow", "ok", "muted")


class Entries:
    """So many rows, made when asked for; remembers what it was asked."""

    def __init__(self, count: int = 1000, wide: int = 0) -> None:
        self.all_keys = [f"k{n}" for n in range(count)]
        self.wide = wide
        self.asked: list[tuple[int, int]] = []

    def columns(self) -> Sequence[Column]:
        return (
            Column("number", "编号"),
            Column("name", "教师"),
            Column("day", "日期"),
            Column("theme", "主题"),
            Column("hours", "课时", align="right"),
            Column("state", "状态", sortable=False),
            *(Column(f"more{n}", f"更多{n}", width=12) for n in range(self.wide)),
        )

    def count(self) -> int:
        return len(self.all_keys)

    def page(self, first: int, size: int) -> Sequence[Row]:
        self.asked.append((first, size))
        return [self.row(key) for key in self.all_keys[first : first + size]]

    def keys(self, first: int, size: int) -> Sequence[str]:
        return self.all_keys[first : first + size]

    def place(self, key: str) -> int | None:
        return self.all_keys.index(key) if key in self.all_keys else None

    def row(self, key: str) -> Row:
        n = int(key[1:])
        state = STATES[n * 7 % 5]
        words = {"overdue": "逾期", "slow": "偏慢", "ok": "完成"}
        cells = (
            f"{n:05d}",
            NAMES[n * 5 % len(NAMES)],
            f"2026-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
            THEMES[n * 11 % len(THEMES)],
            str(n % 40),
            words.get(state, ""),
            *(f"值{n * m % 97}" for m in range(self.wide)),
        )
        marks = ("", "", "", "", "", state, *[""] * self.wide)
        return Row(key, cells, marks if n % 9 else (state,))


class Dialog(ModalScreen[None]):
    """Covers the middle of the screen, its edges where they cut wide characters."""

    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog Static { width: 31; height: 7; border: round $primary; }
    """
    BINDINGS: ClassVar = [("escape", "dismiss", "关闭")]

    def compose(self) -> ComposeResult:
        yield Static("确认删除?\n此操作可以撤销。")


class ListApp(App[None]):
    """A filter line above a table, a pane beside it, a line below that tells of the cursor."""

    CSS = """
    Screen { layout: vertical; }
    Input, #place { height: 1; border: none; }
    """
    BINDINGS: ClassVar = [("f2", "ask", "对话框")]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, entries: Entries | None = None, depth: Depth = Depth.TRUE, dark: bool = True) -> None:
        self.look = look(depth, dark)
        super().__init__(ansi_color=self.look.native)
        wear(self, self.look)
        self.entries = entries or Entries()
        self.table = VirtualTable(self.entries)
        self.chosen: list[str] = []
        self.highlighted: list[str] = []

    def compose(self) -> ComposeResult:
        field = Input(placeholder="筛选")
        field.cursor_blink = False
        yield field
        yield self.table
        yield Static(id="place")

    def on_mount(self) -> None:
        self.table.focus()

    def action_ask(self) -> None:
        self.push_screen(Dialog())

    def on_virtual_table_row_chosen(self, message: VirtualTable.RowChosen) -> None:
        self.chosen.append(message.key)

    def on_virtual_table_row_highlighted(self, message: VirtualTable.RowHighlighted) -> None:
        self.highlighted.append(message.key)
        self.query_one("#place", Static).update(f"{self.table.cursor + 1} / {self.table.count}")
