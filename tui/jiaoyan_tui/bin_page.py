"""回收站: what was deleted, the newest first, and back with it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from jiaoyan.binned import Binned, binned, bring_back
from jiaoyan_tui.actions import action
from jiaoyan_tui.page import Page
from jiaoyan_tui.sources import FixedSource
from jiaoyan_tui.table import Column, Row, VirtualTable


class BinPage(Page):
    """Space selects several; they come back in one change, which can be undone."""

    crumb = "回收站"
    AUTO_FOCUS: ClassVar[str | None] = "VirtualTable"
    COLUMNS = (
        Column("name", "名称", sortable=False), Column("title", "登记表", sortable=False),
        Column("time", "删除时间", sortable=False), Column("actor", "账号", sortable=False),
    )

    def body(self) -> ComposeResult:
        yield VirtualTable(empty="回收站是空的")

    @property
    def table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    def reload(self) -> None:
        self.recount(lambda: binned(self.school), self._show)

    def _show(self, found: list[Binned]) -> None:
        rows = [Row(f"{b.register} {b.record}", (b.name, b.title, b.time, b.actor)) for b in found]
        self.table.set_source(FixedSource(self.COLUMNS, rows), keep=True)
        self.refresh_frame()

    def _why_not(self) -> str:
        return "" if self.is_mounted and self.table.cursor_key else "没有选中的记录"

    def on_virtual_table_row_chosen(self, event: VirtualTable.RowChosen) -> None:
        self.guarded(self.restore_chosen)

    @action("bin.restore", "恢复", "enter", "f2", tip="把选中的(没有选中时,光标所在的)记录恢复", why_not=_why_not, rank=10)
    def restore_chosen(self) -> None:
        chosen = sorted(self.table.selected) or [self.table.cursor_key or ""]
        row = self.table.row_at(self.table.cursor)
        what = f"{len(chosen)} 条记录" if len(chosen) > 1 else f"“{row.cells[0]}”" if row else ""

        wanted = [(register, id) for register, _, id in (key.partition(" ") for key in chosen)]

        def done(names: list[str]) -> None:
            self.table.selected.clear()
            self.reload()
            self.say(f"已恢复 {'、'.join(names[:3])}{f' 等 {len(names)} 条' if len(names) > 3 else ''}")

        question = f"恢复{what}?恢复以后也可以撤销。"
        self.confirm(question, lambda: self.work(lambda: bring_back(self.school, wanted), done, "恢复"), yes="恢复")

    @action("bin.history", "历史", "r", "f9", tip="这条记录改过几次、谁改的、改了什么", why_not=_why_not, rank=20)
    def show_history(self) -> None:
        from jiaoyan_tui.history import RecordHistoryPage

        if self.table.cursor_key:
            register, _, id = self.table.cursor_key.partition(" ")
            self.open(RecordHistoryPage(self.school, register, id))
