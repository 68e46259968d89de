"""Lists inside a record (参加人员, 环节, 检查项, 假期): a table of them, and a small form for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult

from jiaoyan.showing import shown
from jiaoyan_tui.actions import action, key_in_force
from jiaoyan_tui.form_fields import Field
from jiaoyan_tui.form_model import Section, part_section, roles_in
from jiaoyan_tui.form_view import OneSection
from jiaoyan_tui.forms import FormPage
from jiaoyan_tui.page import Page
from jiaoyan_tui.sources import FixedSource
from jiaoyan_tui.table import VirtualTable
from jiaoyan_tui.table_rows import Column, Row

if TYPE_CHECKING:
    from jiaoyan.school import School

Items = list[dict[str, Any]]


def _nothing(page: PartsPage) -> str:
    return "" if page.items else "清单是空的"


class PartsPage(Page):
    """The items of one list field; every change goes to `changed` at once, and is saved with the record."""

    def __init__(
        self, school: School, section: Section, field: Field, document: Mapping[str, Any], changed: Callable[[Items], object]
    ) -> None:
        super().__init__(school)
        self.crumb = field.title
        self.items: Items = list(section.entries[field.name])
        self._field, self._changed = field, changed
        self._roles = roles_in(school, document)
        self._fields = part_section(school, field.title, field, None, self._roles).fields
        self._table = VirtualTable(empty=f"还没有。按 {key_in_force('parts.new')} 新增;{key_in_force('page.back')} 回到表单")

    def body(self) -> ComposeResult:
        yield self._table

    def reload(self) -> None:
        self._show()

    def _show(self) -> None:
        model = self._field.facts.part
        assert model is not None
        columns = [Column(field.name, field.title, sortable=False) for field in self._fields.values()]
        rows = [
            Row(str(number), tuple(self._cell(model, field, item.get(field.name)) for field in self._fields.values()))
            for number, item in enumerate(self.items)
        ]
        self._table.set_source(FixedSource(columns, rows), keep=True)

    def _cell(self, model: type[Any], field: Field, value: Any) -> str:
        if field.facts.role:
            return field.choices.get(str(value), str(value))
        return " ".join(shown(self.school, model, field.name, value).split())

    @property
    def _at(self) -> int:
        return int(self._table.cursor_key or 0)

    def _put(self, items: Items, at: int | None = None) -> None:
        self.items = items
        self._changed(list(items))
        self._show()
        if at is not None:
            self._table.show_row(str(at))
        self.refresh_frame()

    def on_virtual_table_row_chosen(self, event: VirtualTable.RowChosen) -> None:
        at = int(event.key)

        def changed(item: dict[str, Any]) -> None:
            self._put([*self.items[:at], item, *self.items[at + 1:]], at)

        self.open(PartForm(self.school, self._field, self.items[at], self._roles, changed))

    @action("parts.new", "新增", "f2", "n", "insert", tip="加一项", rank=10)
    def add(self) -> None:
        def added(item: dict[str, Any]) -> None:
            self._put([*self.items, item], len(self.items))

        self.open(PartForm(self.school, self._field, None, self._roles, added))

    @action("parts.remove", "删除", "f8", "delete", "d", tip="去掉光标所在的一项", why_not=_nothing, rank=20)
    def remove_item(self) -> None:
        at = self._at
        self._put([*self.items[:at], *self.items[at + 1:]], max(0, min(at, len(self.items) - 2)))

    @action("parts.up", "上移", "f6", tip="与上一项对调", why_not=_nothing, rank=30)
    def move_up(self) -> None:
        self._swap(self._at - 1, self._at, self._at - 1)

    @action("parts.down", "下移", "f7", tip="与下一项对调", why_not=_nothing, rank=31)
    def move_down(self) -> None:
        self._swap(self._at, self._at + 1, self._at + 1)

    def _swap(self, left: int, right: int, at: int) -> None:
        if left >= 0 and right < len(self.items):
            items = list(self.items)
            items[left], items[right] = items[right], items[left]
            self._put(items, at)

    @action("page.back", "完成", "escape", tip="回到表单;随表单一起保存", rank=900)
    def go_back(self) -> None:
        self.dismiss(None)


class PartForm(FormPage):
    """One item of a list."""

    def __init__(
        self, school: School, field: Field, item: Mapping[str, Any] | None, roles: Mapping[str, str],
        taken: Callable[[dict[str, Any]], object],
    ) -> None:
        self.section = part_section(school, field.title, field, item, roles)
        super().__init__(school, OneSection(self.section))
        self.crumb = "新增一项" if item is None else "修改一项"
        self._again = item is None
        self._field, self._roles, self._taken = field, roles, taken

    @property
    def unsaved(self) -> str:
        return "这一项还没有确定" if self.section.changed else ""

    def _take(self) -> bool:
        if not self.checked():
            return False
        self._taken(self.section.record().model_dump(mode="json"))
        return True

    @action("part.take", "确定", "f2", "ctrl+s", tip="放进清单", rank=10)
    def take(self) -> None:
        if self._take():
            self.dismiss(None)

    @action("part.again", "确定并再加", "f5", tip="放进清单,接着填下一项", rank=20)
    def take_and_add(self) -> None:
        if self._take():
            self.app.switch_screen(PartForm(self.school, self._field, None, self._roles, self._taken))
