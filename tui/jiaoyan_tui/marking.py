"""Marking several of a list: Space marks, initials find, Enter takes all that are marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.events import Key

from jiaoyan.pinyin import spelled
from jiaoyan_tui.actions import action
from jiaoyan_tui.choosing import Candidate
from jiaoyan_tui.page import Page
from jiaoyan_tui.sources import FixedSource
from jiaoyan_tui.table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from jiaoyan.school import School


class MarkPage(Page):
    """Closes with the names that are marked, 、 between them; None where it was left."""

    AUTO_FOCUS: ClassVar[str | None] = "VirtualTable"
    typed_in: ClassVar[bool] = True
    COLUMNS = (Column("name", "名称", sortable=False), Column("hint", "说明", sortable=False))

    def __init__(self, school: School, title: str, found: Sequence[Candidate], marked: Sequence[str]) -> None:
        super().__init__(school)
        self.crumb = f"标记{title}"
        self.candidates = list(found)
        self._marked = {one.key for one in found if one.label in marked}
        self._sought = ""
        self._table = VirtualTable(empty="没有可选的")

    def body(self) -> ComposeResult:
        yield self._table

    def on_mount(self) -> None:
        rows = [Row(one.key, (one.label, one.hint)) for one in self.candidates]
        self._table.set_source(FixedSource(self.COLUMNS, rows))
        self._table.selected |= self._marked
        self._table.refresh_rows()
        self.say("空格标记,打首字母找人,回车采用", "muted")

    def on_key(self, event: Key) -> None:
        """Letters and characters seek a name; a seek begins anew where nothing goes on from it."""
        char = event.character or ""
        if not event.is_printable or char == " ":
            super().on_key(event)
            return
        event.stop()
        event.prevent_default()
        for sought in (self._sought + char.lower(), char.lower()):
            found = next((one for one in self.candidates if any(form.startswith(sought) for form in spelled(one.label).split())), None)
            if found is not None:
                self._sought = sought
                self._table.show_row(found.key)
                self.say(f"找:{sought}", "muted")
                return

    def on_virtual_table_selection_changed(self, event: VirtualTable.SelectionChanged) -> None:
        self._sought = ""
        self.say(f"标记 {len(self._table.selected)} 个,回车采用", "muted")

    def on_virtual_table_row_chosen(self, event: VirtualTable.RowChosen) -> None:
        self.take()

    @action("mark.take", "采用", "enter", "f2", tip="采用标记的;一个也没有标记的,采用光标所在的", rank=10)
    def take(self) -> None:
        chosen = self._table.selected or {self._table.cursor_key or ""}
        names = [one.label for one in self.candidates if one.key in chosen]
        self.dismiss("、".join(names) or None)
