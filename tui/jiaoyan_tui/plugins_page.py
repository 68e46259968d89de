"""The modules of the program: which are on, which are not and why, what helps; switching them on and off."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from jiaoyan.host.host import Status
from jiaoyan_tui.actions import action
from jiaoyan_tui.cells import wrap
from jiaoyan_tui.lines import strip_of
from jiaoyan_tui.page import Page
from jiaoyan_tui.sources import FixedSource
from jiaoyan_tui.table import Column, Row, VirtualTable
from jiaoyan_tui.theme import look_of

MARKS = {"active": "ok", "off": "muted"}


class PluginFacts(Widget):
    """What there is to know of the module under the cursor."""

    DEFAULT_CSS = "PluginFacts { height: 7; }"

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []

    def show(self, status: Status) -> None:
        manifest = status.manifest
        told = [manifest.summary if manifest else "", f"原因:{status.cause}" if status.cause else ""]
        told.append(f"怎么办:{status.remedy}" if status.remedy else "")
        if status.since and status.cause:
            told.append(f"从 {status.since:%m-%d %H:%M} 起")
        if manifest:
            titles = [line.title for line in manifest.registers] + [line.title for line in manifest.facets]
            told.append(f"登记表与附表:{'、'.join(titles) or '无'}")
            told.append(f"需要:{'、'.join(manifest.requires)}" if manifest.requires else "")
        self._lines = [line for line in told if line]
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 7

    def render_line(self, y: int) -> Strip:
        look = look_of(self.app)
        if y == 0:
            return strip_of([(look.glyphs.horizontal * self.size.width, "muted")], self.size.width, look)
        lines = [line for text in self._lines for line in wrap(text, max(self.size.width - 2, 2))]
        return strip_of([(f" {lines[y - 1]}", "text")] if y <= len(lines) else (), self.size.width, look)


class PluginsPage(Page):
    """One row a module; Enter switches it on or off. Its data, history and figures stay either way."""

    crumb = "功能模块"
    AUTO_FOCUS: ClassVar[str | None] = "VirtualTable"
    COLUMNS = (
        Column("name", "功能模块", sortable=False), Column("state", "状态", sortable=False),
        Column("version", "版本", sortable=False), Column("cause", "说明", sortable=False),
    )

    def body(self) -> ComposeResult:
        yield VirtualTable(empty="没有安装功能模块")
        yield PluginFacts()

    @property
    def table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    def reload(self) -> None:
        rows = []
        for status in self.school.host.statuses():
            note = status.cause or (status.manifest.summary if status.manifest else "")
            version = status.manifest.version if status.manifest else ""
            mark = MARKS.get(status.state, "overdue")
            rows.append(Row(status.id, (status.name, status.label, version, note), ("", mark, "", "")))
        self.table.set_source(FixedSource(self.COLUMNS, rows), keep=True)
        self._show_facts()

    def _show_facts(self) -> None:
        if self.table.cursor_key:
            self.query_one(PluginFacts).show(self.school.host.status(self.table.cursor_key))

    def on_virtual_table_row_highlighted(self, event: VirtualTable.RowHighlighted) -> None:
        self._show_facts()
        self.refresh_frame()

    def on_virtual_table_row_chosen(self, event: VirtualTable.RowChosen) -> None:
        self.guarded(self.switch)

    def _why_not(self) -> str:
        if not self.is_mounted or not self.table.cursor_key:
            return "没有选中的模块"
        return "" if self.school.actor.has("settings") else "只有管理员能启用和停用"

    @action(
        "plugins.switch", "启用/停用", "enter", "e", "f6", rank=10, why_not=_why_not,
        tip="停用后它的登记表不再出现,数据、历史和计入都保留",
    )
    def switch(self) -> None:
        if reason := self._why_not():
            self.say(reason, "slow")
            return
        status = self.school.host.status(str(self.table.cursor_key))
        on = status.id in self.school.settings.plugins
        titles = "、".join(line.title for line in status.manifest.registers) if status.manifest else ""
        if on:
            question = f"停用“{status.name}”?登记表({titles})不再出现;数据、历史和计入的数字都保留,随时可以再启用。"
        else:
            question = f"启用“{status.name}”?会出现登记表:{titles or '无'}。"
        self.confirm(question, lambda: self._set(status, not on), yes="停用" if on else "启用")

    def _set(self, status: Status, on: bool) -> None:
        others = [name for name in self.school.settings.plugins if name != status.id]
        wanted = [*others, status.id] if on else others
        self.school.set_plugins(wanted, f"{'启用' if on else '停用'}功能模块:{status.name}")
        self.reload()
        self.refresh_frame()
        self.say(f"已{'启用' if on else '停用'}:{status.name}")
