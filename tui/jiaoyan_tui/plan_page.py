"""A plan under review: the text with what was found in it beside its clauses; a verdict on each; what became of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Resize

from jiaoyan.carrying import became, clauses_of
from jiaoyan.change import Change
from jiaoyan.clause_words import in_words
from jiaoyan.errors import BadInput, NotFound, Problem
from jiaoyan.model.plans import FIELDS, LEVELS, NATURES, PLAN_STATES, TABLES, VERDICTS, Clause, Plan
from jiaoyan.plan_rates import plan_rates, total
from jiaoyan.planning import MIN_CONFIDENCE
from jiaoyan.records import Ref
from jiaoyan.reviewing import accept, add, reject
from jiaoyan.terms import Term
from jiaoyan_tui import changing
from jiaoyan_tui.actions import action, key_in_force
from jiaoyan_tui.marked_text import Mark, MarkedText
from jiaoyan_tui.page import Page
from jiaoyan_tui.roll_call import InfoLines
from jiaoyan_tui.sources import FixedSource
from jiaoyan_tui.table import VirtualTable
from jiaoyan_tui.table_rows import Column, Row

if TYPE_CHECKING:
    from jiaoyan.school import School

STYLES = {"open": "slow", "accepted": "ok", "corrected": "selected", "rejected": "muted"}
WIDE = 110


def _no_clause(page: PlanPage) -> str:
    return "" if page.clause is not None else "没有条目"


def _no_open(page: PlanPage) -> str:
    return "" if page.sure else "没有把握足够的待定条目"


class PlanPage(Page):
    """Text and clauses: walking in one moves the other."""

    DEFAULT_CSS = """
    PlanPage .panes { height: 1fr; layout: vertical; }
    PlanPage .panes > MarkedText { height: 45%; }
    PlanPage.-wide .panes { layout: horizontal; }
    PlanPage.-wide .panes > MarkedText { height: 1fr; width: 50%; margin-right: 1; }
    """

    def __init__(self, school: School, plan_id: str) -> None:
        super().__init__(school)
        self.plan: Plan = school.records(Plan).get(plan_id)
        self.crumb = self.plan.title
        self.clauses: list[Clause] = []
        self._shown: list[Clause] = []
        self._only_open = False
        self._busy = False
        self._head, self._foot = InfoLines(2), InfoLines(3)
        self.text = MarkedText()
        self.table = VirtualTable(empty="没有条目")

    def body(self) -> ComposeResult:
        yield self._head
        yield Container(self.text, self.table, classes="panes")
        yield self._foot

    def on_mount(self) -> None:
        self.table.focus()

    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width >= WIDE, "-wide")

    # ---- showing ----------------------------------------------------------------------------------------------------
    @property
    def term(self) -> Term:
        """The plan's term, else today's. Raises NotFound."""
        return self.school.records(Term).get(self.plan.term) if self.plan.term else self.school.term()

    @property
    def clause(self) -> Clause | None:
        return next((c for c in self._shown if c.id == self.table.cursor_key), None)

    @property
    def sure(self) -> list[Clause]:
        """Open clauses that were read with confidence."""
        return [c for c in self.clauses if c.verdict == "open" and not c.withdrawn and c.confidence >= MIN_CONFIDENCE]

    def reload(self) -> None:
        self.plan = self.school.records(Plan).get(self.plan.id)
        self.clauses = clauses_of(self.school, self.plan)
        self._show()

    def _show(self) -> None:
        self._shown = [c for c in self.clauses if c.verdict == "open"] if self._only_open else self.clauses
        self.table.empty = "没有待定的条目了" if self._only_open else "没有读出条目"
        columns = [
            Column("table", "类别", 12, sortable=False), Column("verdict", "审读", 4, sortable=False),
            Column("sure", "把握", 4, align="right", sortable=False), Column("words", "读出的内容", sortable=False),
        ]
        rows = [Row(c.id, self._cells(c), self._marks(c)) for c in self._shown]
        self.table.set_source(FixedSource(columns, rows), keep=True)
        marks = [Mark(c.id, c.start, c.end, STYLES[c.verdict]) for c in self.clauses if c.end > c.start and not c.withdrawn]
        self.text.show(self.plan.text, marks)
        self._show_head()
        self._show_clause()
        self.refresh_frame()

    def _cells(self, clause: Clause) -> tuple[str, ...]:
        verdict = "已删" if clause.withdrawn else VERDICTS[clause.verdict]
        return TABLES[clause.table], verdict, f"{clause.confidence:.0%}", in_words(clause.table, clause.facts, self.term)

    @staticmethod
    def _marks(clause: Clause) -> tuple[str, ...]:
        if clause.withdrawn or clause.verdict == "rejected":
            return ("muted",)
        return ("slow",) if clause.verdict == "open" else ()

    def _show_head(self) -> None:
        plan = self.plan
        owner = self.school.name_of("group", plan.group) or self.school.name_of("teacher", plan.teacher) or "全校"
        counts = [(VERDICTS[v], sum(c.verdict == v for c in self.clauses)) for v in VERDICTS]
        months = plan_rates(self.school, plan, self.school.today)
        whole = total(months)
        rate = f"完成率 {whole.rate}%({whole.done}/{whole.due})" if whole.rate is not None else "还没有生成任务和活动"
        late = f" 逾期 {whole.overdue}" if whole.overdue else ""
        self._head.show(
            [(PLAN_STATES[plan.state], "ok" if plan.state in ("passed", "archived") else "slow"),
             (f"  {LEVELS[plan.level]}{NATURES[plan.nature]}  {FIELDS[plan.field]}  {owner}  {self._term_title()}"
              f"  第{plan.revision}稿", "text")],
            [(f"条目 {len(self.clauses)}:{'  '.join(f'{name} {number}' for name, number in counts)}", "text"),
             (f"    {rate}", "title"), (late, "overdue")],
        )

    def _term_title(self) -> str:
        try:
            return self.term.code
        except NotFound:
            return "没有学期"

    def _show_clause(self) -> None:
        clause = self.clause
        if clause is None:
            self._foot.show()
            return
        reason = f"理由:{clause.reason}" if clause.reason else ""
        self._foot.show(
            [("原文:", "muted"), (" ".join(clause.quote.split()), "text")],
            [("读出:", "muted"), (in_words(clause.table, clause.facts, self.term), STYLES[clause.verdict])],
            [("成为:", "muted"), (self._became(clause), "text"), (f"   {reason}", "slow")],
        )

    def _became(self, clause: Clause) -> str:
        if clause.table == "section":
            return "(章节标题,不生成记录)"
        found: dict[str, int] = {}
        for register, _ in became(self.school, clause):
            found[register] = found.get(register, 0) + 1
        if not found:
            return "(没有生成)" if clause.binding else f"({VERDICTS[clause.verdict]},没有生成)"
        return "、".join(f"{self.school.register(register).title} {number}" for register, number in found.items()) + "  Enter 打开"

    def on_virtual_table_row_highlighted(self, event: VirtualTable.RowHighlighted) -> None:
        self.text.go_to(event.key)
        self._show_clause()
        self.refresh_frame()

    def on_marked_text_reached(self, event: MarkedText.Reached) -> None:
        if not self.table.show_row(event.key) and self._only_open:
            self._only_open = False
            self._show()
            self.table.show_row(event.key)

    # ---- verdicts ---------------------------------------------------------------------------------------------------
    def _review(self, label: str, judge: Callable[[Change], object], *, step: bool = True) -> None:
        """Carries a verdict out in a thread and goes on to the next clause."""
        if self._busy:
            return
        self._busy = True
        plan = self.plan

        def write() -> None:
            with self.school.change(f"审读 {plan.title}:{label}") as change:
                judge(change)

        def done(_: None) -> None:
            self._busy = False
            if step and not self._only_open:
                self.table.action_move_cursor(1)
            self.reload()
            self.say(f"已{label}。按 {key_in_force('page.undo')} 可以撤销")

        self.work(write, done)

    def tell(self, error: Exception) -> None:
        self._busy = False
        super().tell(error)

    @action("plan.accept", "接受", "f5", "a", tip="照读出的接受;由它生成活动、任务、要求或小组", why_not=_no_clause, rank=10)
    def accept_clause(self) -> None:
        clause = self.clause
        if clause is None:
            return
        if clause.binding:
            self.say("这一条已经接受了", "muted")
            self.table.action_move_cursor(1)
            return
        self._review("接受", lambda change: accept(self.school, change, self.plan, [clause]))

    @action("plan.accept_all", "全部接受", "f9", "A", tip="接受全部把握足够的待定条目", why_not=_no_open, rank=25)
    def accept_sure(self) -> None:
        clauses = self.sure
        question = f"接受 {len(clauses)} 条把握在 {MIN_CONFIDENCE:.0%} 以上的待定条目?"

        def go_on() -> None:
            self._review(f"接受 {len(clauses)} 条", lambda change: accept(self.school, change, self.plan, clauses), step=False)

        self.confirm(question, go_on, yes="接受")

    @action("plan.correct", "更正", "f4", "c", "e", tip="改正读错的内容,照改正的生成", why_not=_no_clause, rank=15)
    def correct_clause(self) -> None:
        from jiaoyan_tui.correcting import CorrectPage

        clause = self.clause
        if clause is not None:
            self.open(CorrectPage(self.school, clause, self.term, lambda facts: self._corrected(clause, facts)))

    def _corrected(self, clause: Clause, facts: dict[str, Any]) -> None:
        from jiaoyan.reviewing import correct_facts

        self._review("更正", lambda change: correct_facts(self.school, change, self.plan, clause, facts), step=False)

    @action("plan.reject", "不取", "f8", "x", "delete", tip="这一条不算;由它生成、还没有人动过的一并撤去", why_not=_no_clause, rank=20)
    def reject_clause(self) -> None:
        clause = self.clause
        if clause is None:
            return
        if clause.verdict == "rejected":
            self.say("这一条已经不取了", "muted")
            return
        self._review("不取", lambda change: reject(self.school, change, self.plan, clause))

    @action("plan.add", "补一条", "n", "insert", tip="读漏了的:选类别,照抄原文,填内容", rank=45)
    def add_clause(self) -> None:
        tables = [(table, title) for table, title in TABLES.items() if table != "section"]
        self.choose("补哪一类?", tables, self._ask_quote)

    def _ask_quote(self, table: str) -> None:
        def quoted(quote: str) -> None:
            quote = quote.strip()
            if not quote or quote not in self.plan.text:
                raise BadInput(Problem("原文", f"计划里没有“{quote}”", "请照抄计划里的字句,标点也要一样"))
            clause = Clause(plan=Ref(self.plan.id), table=table, quote=quote)
            self.open(CorrectPage(self.school, clause, self.term, lambda facts: self._added(table, quote, facts)))

        from jiaoyan_tui.correcting import CorrectPage

        self.ask(f"{TABLES[table]}的原文", quoted, hint="照抄计划里的一句话;可从正文复制")

    def _added(self, table: str, quote: str, facts: dict[str, Any]) -> None:
        texts = {name: str(value) for name, value in facts.items()}
        self._review(f"补{TABLES[table]}", lambda change: add(self.school, change, self.plan, table, quote, texts), step=False)

    # ---- looking about ----------------------------------------------------------------------------------------------
    @action("plan.open", "看结果", "enter", tip="打开这一条生成的活动、任务、要求", why_not=_no_clause, rank=40)
    def open_result(self) -> None:
        clause = self.clause
        if clause is None:
            return
        found = [(register, d["id"], self.school.label(self.school.register(register), d)) for register, d in became(self.school, clause)]
        if not found:
            self.say("这一条没有生成什么", "muted")
        elif len(found) == 1:
            changing.open_record(self, found[0][0], found[0][1])
        else:
            options = [(str(n), label) for n, label in enumerate(self._labels(found))]
            self.choose("这一条生成了:", options, lambda n: changing.open_record(self, *found[int(n)][:2]))

    def _labels(self, found: Iterable[tuple[str, str, str]]) -> list[str]:
        labels = []
        for register, id, label in found:
            document = self.school.records(register).document(id) or {}
            when = self.school.shown(self.school.register(register), "when", document.get("when"))
            labels.append(f"{self.school.register(register).title} {when} {label}".replace("  ", " "))
        return labels

    def on_virtual_table_row_chosen(self, event: VirtualTable.RowChosen) -> None:
        self.guarded(self.open_result)

    @action("plan.only_open", "只看待定", "f7", "o", tip="只列待定的条目,或列出全部", rank=30)
    def turn_only_open(self) -> None:
        self._only_open = not self._only_open
        self._show()

    @action("plan.step", "状态", "f6", "s", tip="提交审核、审核通过、退回修改、归档", rank=35)
    def step_state(self) -> None:
        changing.step_records(self, self.school.register("plan"), [self.plan.id])

    @action("plan.rates", "完成率", "f11", "r", tip="任务和活动按月的完成情况", rank=50)
    def show_rates(self) -> None:
        from jiaoyan_tui.correcting import RatesPage

        self.open(RatesPage(self.school, self.plan))

    @action("plan.edit", "改属性", "f2", tip="改计划的标题、层级、所属、学期等", rank=60)
    def edit_plan(self) -> None:
        changing.edit_record(self, self.school.register("plan"), self.plan.id)

    @action("plan.switch", "换窗格", "tab", tip="在正文和条目之间切换")
    def switch_pane(self) -> None:
        (self.table if self.text.has_focus else self.text).focus()

    def step_back(self) -> bool:
        if not self._only_open:
            return False
        self._only_open = False
        self._show()
        return True
