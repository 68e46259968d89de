"""Lists behind the board: the entries that a figure was counted from, and the requirements that nothing counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult

from jiaoyan.board_table import told
from jiaoyan.records import plain
from jiaoyan.requirements import Board, Progress, entries_behind
from jiaoyan.terms import Term
from jiaoyan_tui import changing
from jiaoyan_tui.actions import action
from jiaoyan_tui.page import Page
from jiaoyan_tui.roll_call import InfoLines
from jiaoyan_tui.sources import FixedSource
from jiaoyan_tui.table import VirtualTable
from jiaoyan_tui.table_rows import Column, Row

if TYPE_CHECKING:
    from jiaoyan.school import School


class EntriesPage(Page):
    """Enter opens the record that an entry comes from."""

    crumb = "明细"

    def __init__(self, school: School, progress: Progress, day: date, term: Term) -> None:
        super().__init__(school)
        self._progress, self._day, self._term = progress, day, term
        self._sources: list[tuple[str, str]] = []
        self.table = VirtualTable(empty="还没有计入的记录")

    def body(self) -> ComposeResult:
        yield InfoLines(2)
        yield self.table

    def reload(self) -> None:
        self.work(lambda: entries_behind(self.school, self._progress, self._day, self._term), self._show)

    def _show(self, entries: list[dict[str, Any]]) -> None:
        progress = self._progress
        self.query_one(InfoLines).show(
            [(f"{progress.name}:{progress.requirement.title}", "title")], [(f"{progress.label}  {told(progress)}", "text")]
        )
        columns = [
            Column("day", "日期", 10, sortable=False), Column("kind", "统计项目", sortable=False),
            Column("role", "角色", sortable=False), Column("amount", "数量", align="right", sortable=False),
            Column("record", "记录", sortable=False), Column("register", "来自", sortable=False),
        ]
        titles = {id: title for id, title, _ in self.school.register_titles()}
        self._sources = [(str(entry["register"]), str(entry["record"])) for entry in entries]
        self.table.set_source(
            FixedSource(columns, [Row(str(n), self._cells(entry, titles)) for n, entry in enumerate(entries)]), keep=True
        )

    def _cells(self, entry: Mapping[str, Any], titles: Mapping[str, str]) -> tuple[str, ...]:
        kind = self.school.kinds.get(str(entry["kind"]))
        role = self.school.kinds.role(str(entry["kind"]), str(entry["role"]))
        amount = plain(Decimal(int(entry["amount"])) / 1000) + (kind.unit if kind else "")
        if entry["chars"]:
            amount += f" {entry['chars']}字"
        if entry["minutes"]:
            amount += f" {entry['minutes']}分"
        register = str(entry["register"])
        name = self.school.name_of(register, str(entry["record"])) if register in titles else str(entry["record"])
        return (str(entry["day"]), self.school.kinds.label(str(entry["kind"])), role, amount, name, titles.get(register, "已停用的模块"))

    def on_virtual_table_row_chosen(self, event: VirtualTable.RowChosen) -> None:
        self.guarded(self.open_source)

    @action("entries.open", "打开记录", "enter", tip="打开计入的这条记录", rank=10)
    def open_source(self) -> None:
        if (key := self.table.cursor_key) is not None:
            changing.open_record(self, *self._sources[int(key)])


class UnboundPage(Page):
    """Requirements for a person to check, and those not in force."""

    crumb = "人工核对与未生效"

    def __init__(self, school: School, board: Board) -> None:
        super().__init__(school)
        self._board = board
        self.table = VirtualTable(empty="没有要人工核对的要求,也没有未生效的要求")

    def body(self) -> ComposeResult:
        yield self.table

    def reload(self) -> None:
        columns = [
            Column("title", "要求", sortable=False), Column("why", "情形", sortable=False), Column("who", "适用", sortable=False),
            Column("plan", "来自计划", sortable=False),
        ]
        listed = [(r, "人工核对") for r in self._board.manual] + [(r, "计划未审核通过") for r in self._board.idle]
        rows = [
            Row(r.id, (r.title, why, r.who_text, self.school.name_of("plan", r.plan)), ("muted",) if why != "人工核对" else ())
            for r, why in listed
        ]
        self.table.set_source(FixedSource(columns, rows), keep=True)

    def on_virtual_table_row_chosen(self, event: VirtualTable.RowChosen) -> None:
        changing.open_record(self, "requirement", event.key)
