"""Pages beside a plan: a clause corrected field by field, and 完成率 month by month."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult

from jiaoyan.clause_words import changed_facts, facts_model
from jiaoyan.model.plans import TABLES, Clause, Plan
from jiaoyan.plan_rates import MonthRate, plan_rates, total
from jiaoyan.records import Part
from jiaoyan.terms import Term
from jiaoyan_tui.actions import action
from jiaoyan_tui.form_fields import form_fields
from jiaoyan_tui.form_model import Section
from jiaoyan_tui.form_view import OneSection
from jiaoyan_tui.forms import FormPage
from jiaoyan_tui.page import Page
from jiaoyan_tui.roll_call import InfoLines
from jiaoyan_tui.sources import FixedSource
from jiaoyan_tui.table import VirtualTable
from jiaoyan_tui.table_rows import Column, Row
from jiaoyan_tui.theme import look_of

if TYPE_CHECKING:
    from jiaoyan.school import School

BAR = 20


class CorrectPage(FormPage):
    """What was read in one sentence, to be put right; `taken` gets what was changed, in the reader's words."""

    def __init__(self, school: School, clause: Clause, term: Term, taken: Callable[[dict[str, Any]], object]) -> None:
        self._before = facts_model(clause.table, clause.facts, term)
        model = type(self._before)
        self.section = Section(school, clause.table, TABLES[clause.table], model, form_fields(school, model), self._before, {})
        self.section.past = False
        super().__init__(school, OneSection(self.section))
        self.crumb = f"更正{TABLES[clause.table]}"
        self._clause, self._term, self._taken = clause, term, taken

    def body(self) -> ComposeResult:
        yield InfoLines(2)
        yield from super().body()

    def on_mount(self) -> None:
        quote = " ".join(self._clause.quote.split())
        reason = f"理由:{self._clause.reason}" if self._clause.reason else ""
        self.query_one(InfoLines).show([("原文:", "muted"), (quote, "title")], [(reason, "muted")])

    @property
    def unsaved(self) -> str:
        return "更正还没有确定" if self.section.changed else ""

    @action("correct.take", "确定", "f2", "ctrl+s", tip="照这样更正", rank=10)
    def take(self) -> None:
        if not self.checked():
            return
        after = self.section.record()
        assert isinstance(after, Part)
        facts = changed_facts(self._clause.table, self._before, after, self._term)
        self.dismiss(None)
        if facts:
            self._taken(facts)


class RatesPage(Page):
    """A plan's tasks and activities by month."""

    crumb = "完成率"

    def __init__(self, school: School, plan: Plan) -> None:
        super().__init__(school)
        self._plan = plan
        self.table = VirtualTable(empty="这份计划还没有生成任务和活动")

    def body(self) -> ComposeResult:
        yield self.table

    def reload(self) -> None:
        months = plan_rates(self.school, self._plan, self.school.today)
        columns = [
            Column("month", "月份", sortable=False), Column("rate", "完成率", align="right", sortable=False),
            Column("bar", "", BAR, sortable=False), Column("tasks", "任务", align="right", sortable=False),
            Column("activities", "活动", align="right", sortable=False), Column("overdue", "逾期", align="right", sortable=False),
            Column("cancelled", "取消", align="right", sortable=False),
        ]
        rows = [self._row(str(n), month, month.label) for n, month in enumerate(months)]
        if len(months) > 1:
            rows.append(self._row("total", total(months), "合计"))
        self.table.set_source(FixedSource(columns, rows), keep=True)

    def _row(self, key: str, month: MonthRate, label: str) -> Row:
        glyphs = look_of(self.app).glyphs
        rate = month.rate
        bar = glyphs.bar * round(BAR * (rate or 0) / 100)
        cells = (
            label, "" if rate is None else f"{rate}%", bar, f"{month.tasks_done}/{month.tasks}",
            f"{month.activities_held}/{month.activities}", str(month.overdue or ""), str(month.cancelled or ""),
        )
        return Row(key, cells, ("overdue",) if month.overdue else ("ok",) if rate == 100 else ())
