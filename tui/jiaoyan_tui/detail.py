"""A record's page: all its fields, and everything else that is known of it; of a teacher, 一人一档."""

from __future__ import annotations

from typing import Any

from jiaoyan.dossier import Section, about, facts_of, state_of
from jiaoyan.errors import NotFound, Problem
from jiaoyan.registers import Register
from jiaoyan_tui import changing
from jiaoyan_tui.actions import Offer, action, key_in_force
from jiaoyan_tui.cells import clip
from jiaoyan_tui.lineview import LineView, TextLine
from jiaoyan_tui.panes import PanesPage, joined, section_lines
from jiaoyan_tui.theme import Look


class DetailPage(PanesPage):
    """Everything about one record. Enter on a name goes to the record that it means."""

    def __init__(self, school: Any, register: Register[Any], id: str) -> None:
        super().__init__(school)
        self.register, self.id_shown = register, id
        self._document: dict[str, Any] | None = None
        self._facts: list[Section] = []
        self._about: list[Section] | None = None
        self._asked = 0

    @property
    def crumb(self) -> str:  # type: ignore[override]  # it follows the record's name
        name = self.school.label(self.register, self._document) if self._document else ""
        return clip(name or self.register.title, 30)

    def reload(self) -> None:
        document = self.school.records(self.register).document(self.id_shown)
        self._document = document
        if document is None:
            self._facts, self._about = [], []
            self.draw()
            raise NotFound(Problem(self.register.title, "这条记录已被删除", f"按 {key_in_force('page.back')} 返回;误删可以撤销"))
        self._facts = list(facts_of(self.school, self.register, document))
        self._asked += 1
        asked = self._asked
        self.work(
            lambda: list(about(self.school, self.register, document, self.school.today)),
            lambda found: self._take(found) if asked == self._asked else None,
        )
        self.draw()
        self.refresh_frame()

    def _take(self, found: list[Section]) -> None:
        self._about = found
        self.draw()

    # ---- lines ------------------------------------------------------------------------------------------------------
    def main_lines(self, cells: int, look: Look) -> list[TextLine]:
        return joined(section_lines(section, cells, look) for section in self._facts)

    def side_lines(self, cells: int, look: Look) -> list[TextLine]:
        if self._about is None:
            return [TextLine(((" 正在查找有关的记录", "muted"),))]
        lines = joined(section_lines(section, cells, look) for section in self._about)
        return lines if self.has_class("-wide") or not lines else [TextLine(), *lines]

    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        self.guarded(lambda: changing.open_record(self, *event.target))

    # ---- actions ----------------------------------------------------------------------------------------------------
    def gone(self) -> str:
        return "" if self._document is not None else "这条记录已被删除"

    def offers(self) -> list[Offer]:
        never = {"record.step"} if self.register.workflow is None else set()
        never |= {"record.roll"} if self.register.id != "activity" else set()
        return [offer for offer in super().offers() if offer.action.id not in never]

    def _why_not_open(self) -> str:
        return "" if self.focused_view().target is not None else "这里没有可以打开的记录"

    @action("record.open", "打开所指", "enter", tip="打开光标所在的人、小组、活动等", why_not=_why_not_open, rank=10)
    def open_target(self) -> None:
        self.focused_view().action_choose()

    @action("record.edit", "编辑", "e", "f4", tip="修改这条记录", why_not=gone, rank=20)
    def edit(self) -> None:
        changing.edit_record(self, self.register, self.id_shown)

    @action("record.roll", "考勤", "k", "f5", tip="给这次活动考勤", why_not=gone, rank=15)
    def call_roll(self) -> None:
        changing.call_roll(self, self.id_shown)

    def _why_no_step(self) -> str:
        return self.gone() or changing.why_no_step(self.register, state_of(self.register, self._document or {}))

    @action("record.step", "状态", "s", "f6", tip="改为下一个状态", why_not=_why_no_step, rank=30)
    def step_state(self) -> None:
        changing.step_records(self, self.register, [self.id_shown])

    @action("record.delete", "删除", "d", "delete", "f8", tip="删除;可以撤销", why_not=gone, dangerous=True, rank=40)
    def delete(self) -> None:
        changing.delete_records(self, self.register, [self.id_shown])

    @action("record.export", "导出", "x", tip="把这里的全部内容写成 .xlsx,放到发件箱,如一人一档、月报;不含个人信息", why_not=gone, rank=55)
    def send_out(self) -> None:
        from jiaoyan.boxes import sent_out_as_book
        from jiaoyan.workbooks import record_leaves

        title = f"{self.register.title} {self.school.label(self.register, self._document or {})}"
        self.work(
            lambda: sent_out_as_book(self.school, title, record_leaves(self.school, self.register, self.id_shown)),
            lambda path: self.say(f"已导出:{path}"), "导出",
        )

    @action("record.history", "历史", "r", "f9", tip="这条记录改过几次、谁改的、改了什么", rank=50)
    def show_history(self) -> None:
        from jiaoyan_tui.history import RecordHistoryPage

        self.open(RecordHistoryPage(self.school, self.register.id, self.id_shown))
