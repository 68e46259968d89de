"""Somebody else has saved the same record meanwhile: field by field, mine or theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult

from jiaoyan.showing import shown
from jiaoyan_tui.actions import action
from jiaoyan_tui.form_fields import TYPED, Widget
from jiaoyan_tui.form_model import Section
from jiaoyan_tui.page import Page
from jiaoyan_tui.sources import FixedSource
from jiaoyan_tui.table import VirtualTable
from jiaoyan_tui.table_rows import Column, Row

if TYPE_CHECKING:
    from jiaoyan.school import School


class ConflictPage(Page):
    """Chooses for each field that both have changed; `done` gets the fields in which mine gives way."""

    crumb = "别人也改过"

    def __init__(
        self, school: School, section: Section, clashes: Mapping[str, tuple[Any, Any]], done: Callable[[set[str]], object]
    ) -> None:
        super().__init__(school)
        self._section, self._clashes, self._done = section, clashes, done
        self._give_way: set[str] = set()
        self._table = VirtualTable()

    def body(self) -> ComposeResult:
        yield self._table

    def on_mount(self) -> None:
        self.say("您打开之后,别人也保存了这条记录。下面这些项两边不一样,请逐项选定;其余的改动已合在一起", "slow")
        self._show()

    def reload(self) -> None:
        self._show()

    def _show(self) -> None:
        columns = [Column("field", "字段", sortable=False), Column("use", "采用", 8, sortable=False),
                   Column("mine", "我填的", sortable=False), Column("theirs", "别人已改为", sortable=False)]
        rows = []
        for name, (mine, theirs) in self._clashes.items():
            other = name in self._give_way
            title, use = self._section.fields[name].title, "别人的" if other else "我的"
            marks = ("", "key", "muted" if other else "text", "text" if other else "muted")
            rows.append(Row(name, (title, use, self._text(name, mine), self._text(name, theirs)), marks))
        self._table.set_source(FixedSource(columns, rows), keep=True)

    def _text(self, name: str, entry: Any) -> str:
        field = self._section.fields[name]
        if field.widget in TYPED or field.widget is Widget.SHOWN:
            return " ".join(str(entry).split()) or "(空)"
        return shown(self.school, self._section.model, name, entry) or "(空)"

    def on_virtual_table_row_chosen(self, event: VirtualTable.RowChosen) -> None:
        self._give_way ^= {event.key}
        self._show()

    @action("conflict.mine", "用我的", "1", tip="这一项用我填的", rank=20)
    def use_mine(self) -> None:
        self._set(theirs=False)

    @action("conflict.theirs", "用别人的", "2", tip="这一项用别人已保存的", rank=21)
    def use_theirs(self) -> None:
        self._set(theirs=True)

    def _set(self, *, theirs: bool) -> None:
        if (key := self._table.cursor_key) is not None:
            self._give_way = self._give_way | {key} if theirs else self._give_way - {key}
            self._show()
            self._table.action_move_cursor(1)

    @action("conflict.save", "按此保存", "f2", "ctrl+s", tip="把选定的合在一起保存", rank=10)
    def save(self) -> None:
        self.dismiss(None)
        self._done(set(self._give_way))
