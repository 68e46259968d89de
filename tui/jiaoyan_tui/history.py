"""History: all changes of the school, and the past of one record, field by field."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult

from jiaoyan.past import Past, local_time, past_of, past_of_change
from jiaoyan_tui import changing
from jiaoyan_tui.actions import action
from jiaoyan_tui.lineview import LineView, TextLine, field_lines, heading
from jiaoyan_tui.page import Page
from jiaoyan_tui.panes import PanesPage, joined
from jiaoyan_tui.sources import FixedSource
from jiaoyan_tui.table import Column, Row, VirtualTable
from jiaoyan_tui.theme import Look

NEWEST = 500


class HistoryPage(Page):
    """The newest changes; Enter shows what one has changed."""

    crumb = "历史"
    AUTO_FOCUS: ClassVar[str | None] = "VirtualTable"
    COLUMNS = (
        Column("change", "编号", align="right", sortable=False), Column("time", "时间", sortable=False),
        Column("label", "做了什么", sortable=False), Column("rows", "记录数", align="right", sortable=False),
        Column("actor", "账号", sortable=False),
    )

    def body(self) -> ComposeResult:
        yield VirtualTable(empty="还没有修改")

    @property
    def table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    def reload(self) -> None:
        heads = self.school.store.changes(size=NEWEST, newest=True)
        undone = {head.undoes for head in heads}
        rows = []
        for head in heads:
            gone = head.change in undone
            label = head.label + ("(已撤销)" if gone else "")
            cells = (str(head.change), local_time(head.time), label, str(head.rows), head.actor)
            rows.append(Row(cells[0], cells, ("muted",) if gone else ()))
        self.table.set_source(FixedSource(self.COLUMNS, rows), keep=True)

    def _why_not(self) -> str:
        return "" if self.is_mounted and self.table.cursor_key else "没有选中的修改"

    def on_virtual_table_row_chosen(self, event: VirtualTable.RowChosen) -> None:
        self.guarded(self.open_change)

    @action("history.open", "看改了什么", "enter", tip="逐条逐项看这次修改", why_not=_why_not, rank=10)
    def open_change(self) -> None:
        if self.table.cursor_key:
            self.open(ChangePage(self.school, int(self.table.cursor_key)))

    @action("history.undo", "撤销这次", "x", "f8", tip="撤销光标所在的一次修改;之后又被改过的记录会说明", why_not=_why_not, rank=20)
    def undo_chosen(self) -> None:
        if not self.table.cursor_key:
            return
        number = int(self.table.cursor_key)
        row = self.table.row_at(self.table.cursor)

        def go_on() -> None:
            self.school.undo(number)
            self.reload()
            self.say("已撤销")

        self.confirm(f"撤销第 {number} 号修改:{row.cells[2] if row else ''}?", go_on, yes="撤销")


class PastPage(PanesPage):
    """Some of the past as text."""

    def past(self) -> list[Past]:
        raise NotImplementedError

    def __init__(self, school: Any) -> None:
        super().__init__(school)
        self._past: list[Past] = []

    def reload(self) -> None:
        self._past = self.past()
        self.draw()

    def main_lines(self, cells: int, look: Look) -> list[TextLine]:
        return joined(self._lines(past, cells, look) for past in self._past) or [TextLine(((" 没有修改", "muted"),))]

    def _lines(self, past: Past, cells: int, look: Look) -> list[TextLine]:
        title = f"第 {past.change} 号 {past.time} {past.actor}"
        lines = [
            heading(title, cells, look),
            TextLine(((f" {past.action}{past.title}:{past.name}", "text"), (f"  {past.label}", "muted")), (past.register, past.record)),
        ]
        for difference in past.differences:
            arrow = f"{difference.before or '空'} -> {difference.after or '空'}" if past.action == "修改" else difference.after
            if past.action != "删除":
                lines += field_lines(difference.title, arrow, cells)
        return lines

    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        self.guarded(lambda: changing.open_record(self, *event.target))


class ChangePage(PastPage):
    """What one change did."""

    def __init__(self, school: Any, number: int) -> None:
        super().__init__(school)
        self._number = number
        self.crumb = f"第 {number} 号修改"

    def past(self) -> list[Past]:
        return past_of_change(self.school, self._number)


class RecordHistoryPage(PastPage):
    """All that was done to one record."""

    def __init__(self, school: Any, register: str, id: str) -> None:
        super().__init__(school)
        self._of = register, id
        self.crumb = "历史"

    def past(self) -> list[Past]:
        return past_of(self.school, *self._of)
