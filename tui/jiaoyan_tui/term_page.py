"""A new term: its days, and what it takes over from the last one, looked at before it is begun."""

from __future__ import annotations

from typing import Any

from jiaoyan.listing import PageNames
from jiaoyan.new_term import Ahead, begin_term, latest_term, next_code, term_ahead
from jiaoyan.terms import WEEKDAYS, parse_day
from jiaoyan_tui.actions import action
from jiaoyan_tui.lineview import TextLine, field_lines, heading, table_lines
from jiaoyan_tui.panes import PanesPage, joined
from jiaoyan_tui.theme import Look


class NewTermPage(PanesPage):
    """Digits switch what is taken over on and off; F2 begins the term."""

    crumb = "新学期"

    def __init__(self, school: Any) -> None:
        super().__init__(school)
        self._code = next_code(latest_term(school).code)
        self._days: dict[str, Any] = {}
        self._ahead: Ahead | None = None
        self._requirements = self._slots = True

    def reload(self) -> None:
        self._ahead = term_ahead(self.school, self._code, **self._days)
        self.draw()

    # ---- lines ------------------------------------------------------------------------------------------------------
    def main_lines(self, cells: int, look: Look) -> list[TextLine]:
        ahead = self._ahead
        if ahead is None:
            return []
        term = ahead.term
        holidays = "、".join(f"{h.name} {h.first:%m-%d}—{h.last:%m-%d}" for h in term.holidays) or "规定里还没有,请以后在学期里补"
        facts = [("学期", term.title), ("开学上课", str(term.opens)), ("结束上课", f"{term.closes},共 {term.weeks} 周"), ("假期", holidays)]
        lines = [heading(term.title, cells, look)]
        for title, text in facts:
            lines += field_lines(title, text, cells, 8)
        kept = "机构、小组、任职与任教照旧,不用接续"
        lines.append(TextLine(((f" {kept}", "muted"),)))
        return joined([lines, self._slot_lines(ahead, cells, look), self._requirement_lines(ahead, cells, look)])

    def _slot_lines(self, ahead: Ahead, cells: int, look: Look) -> list[TextLine]:
        names = PageNames(self.school)
        names.read("group", {group for slot in ahead.slots for group in slot[0]})
        rows = [
            (title, "、".join(names("group", group) for group in groups), f"周{WEEKDAYS[day - 1]}")
            for groups, _, day, _, _, title in ahead.slots
        ]
        taken = f"接续 {len(ahead.slots)} 项,共 {len(ahead.activities)} 次" if self._slots else "不接续"
        return [heading("每周活动(按 1 改)", cells, look, taken), *table_lines(("活动", "小组", "星期"), rows, cells)]

    def _requirement_lines(self, ahead: Ahead, cells: int, look: Look) -> list[TextLine]:
        taken = f"接续 {len(ahead.requirements)} 项" if self._requirements else "不接续"
        rows = [(r.who_text, r.title) for r in ahead.requirements]
        return [heading("任务要求(按 2 改)", cells, look, taken), *table_lines(("适用", "要求"), rows, cells)]

    # ---- actions ----------------------------------------------------------------------------------------------------
    @action("term.begin", "建立新学期", "f2", tip="存下学期和接续的内容,一次修改,可以撤销", rank=10)
    def begin(self) -> None:
        if self._ahead is None:
            return
        begin_term(self.school, self._ahead, requirements=self._requirements, slots=self._slots)
        self.dismiss(self._ahead.term.id)

    @action("term.slots", "每周活动", "1", tip="每周活动接续或不接续", rank=20)
    def switch_slots(self) -> None:
        self._slots = not self._slots
        self.draw()

    @action("term.requirements", "任务要求", "2", tip="任务要求接续或不接续", rank=30)
    def switch_requirements(self) -> None:
        self._requirements = not self._requirements
        self.draw()

    @action("term.opens", "开学日", "3", tip="改开学上课的日子", rank=40)
    def change_opens(self) -> None:
        self._ask_day("opens", "开学上课的日子")

    @action("term.closes", "结束日", "4", tip="改结束上课的日子", rank=50)
    def change_closes(self) -> None:
        self._ask_day("closes", "结束上课的日子")

    def _ask_day(self, name: str, title: str) -> None:
        if self._ahead is None:
            return
        day = getattr(self._ahead.term, name)

        def answered(text: str) -> None:
            before = self._days
            self._days = {**before, name: parse_day(text, day)}
            try:
                self.reload()
            except Exception:
                self._days = before
                raise

        self.ask(title, answered, text=str(day), hint="可写 2.24、2027-02-24")
