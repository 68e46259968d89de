"""All registers there are to open: the core's and those of the modules that are on, under their headings."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from jiaoyan.errors import JiaoyanError
from jiaoyan_tui import changing
from jiaoyan_tui.actions import action
from jiaoyan_tui.page import Page
from jiaoyan_tui.sources import FixedSource
from jiaoyan_tui.table import Column, Row, VirtualTable


class RegistersPage(Page):
    """One row a register, with how many records it holds."""

    crumb = "登记表"
    AUTO_FOCUS: ClassVar[str | None] = "VirtualTable"
    COLUMNS = (
        Column("title", "登记表", sortable=False), Column("group", "类", sortable=False),
        Column("count", "记录", align="right", sortable=False), Column("note", "说明", sortable=False),
    )

    def body(self) -> ComposeResult:
        yield VirtualTable(empty="没有登记表")

    @property
    def table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    def reload(self) -> None:
        rows = []
        for id, title, group in self.school.register_titles():
            try:
                count, note = str(self.school.records(id).count()), ""
            except JiaoyanError as error:
                count, note = "", ";".join(str(problem) for problem in error.problems)
            rows.append(Row(id, (title, group, count, note), ("slow",) if note else ()))
        self.table.set_source(FixedSource(self.COLUMNS, rows), keep=True)

    def on_virtual_table_row_chosen(self, event: VirtualTable.RowChosen) -> None:
        self.guarded(self.open_register)

    @action("registers.open", "打开", "enter", tip="打开这张登记表", rank=10)
    def open_register(self) -> None:
        if self.table.cursor_key:
            changing.open_list(self, self.table.cursor_key)
