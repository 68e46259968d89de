"""完成情况表: who has done how much of which requirement at a day; behind each cell its entries, beside it 免做."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult

from jiaoyan.board_table import BoardColumn, BoardTable, table_of, told, usual_order
from jiaoyan.conditions import AllOf, Is
from jiaoyan.cutting import keep_cut, usual_title
from jiaoyan.model.duties import SCOPES, Requirement, Waiver
from jiaoyan.records import Ref
from jiaoyan.requirements import Board, Progress, board
from jiaoyan.staff import Staff
from jiaoyan.terms import WEEKDAYS, parse_day
from jiaoyan_tui.actions import action, key_in_force
from jiaoyan_tui.choosing import OfRegister
from jiaoyan_tui.grid import Grid, GridRow
from jiaoyan_tui.page import Page
from jiaoyan_tui.roll_call import InfoLines

if TYPE_CHECKING:
    from jiaoyan.school import School

MARKS = {"overdue": "overdue", "over": "overdue", "slow": "slow", "done": "ok", "waived": "muted", "pending": "text"}
"""State of a cell → style; each has a sign of its own besides: ! 逾期, ~ 偏慢, + 完成, - 免做."""
FILTERS: tuple[tuple[str, tuple[str, ...] | None], ...] = (
    ("全部", None), ("落后的", ("overdue", "over", "slow")), ("逾期", ("overdue", "over")), ("偏慢", ("slow",)),
    ("未到期", ("pending",)), ("完成", ("done",)), ("免做", ("waived",)),
)


def _no_cell(page: BoardPage) -> str:
    return "" if page.progress is not None else "光标处没有这项要求"


class BoardPage(Page):
    """Teachers, groups or the school × requirements."""

    crumb = "完成情况"

    def __init__(self, school: School) -> None:
        super().__init__(school)
        self.scope = "teacher"
        self.day: date | None = None
        """None: today."""
        self._board: Board | None = None
        self._staff: Staff | None = None
        self._table = BoardTable("teacher", (), ())
        self._urgent_first = True
        self._filter = 0
        self._word = self._group = ""
        self.grid = Grid("正在统计…")
        self._head, self._foot = InfoLines(2), InfoLines(2)

    def body(self) -> ComposeResult:
        yield self._head
        yield self.grid
        yield self._foot

    # ---- counting ---------------------------------------------------------------------------------------------------
    def reload(self) -> None:
        day = self.day
        waits = self._board is None or self._board.day != (day or self.school.today)
        self.recount(lambda: board(self.school, day), self._counted, "统计完成情况" if waits else "")

    def _counted(self, found: Board) -> None:
        self._board, self._staff = found, found.staff
        self._arrange()

    def tell(self, error: Exception) -> None:
        self.grid.empty = "没有统计出来"
        super().tell(error)

    # ---- showing ----------------------------------------------------------------------------------------------------
    def _arrange(self) -> None:
        if self._board is None or self._staff is None:
            return
        table = table_of(self._board, self.scope, self.school.kinds, usual_order(self._staff))
        subjects = self._subjects(self._staff)
        self._table = table.only(subjects=subjects, word=self._word, states=FILTERS[self._filter][1])
        if self._urgent_first:
            self._table = self._table.urgent_first()
        self.grid.empty = self._nothing(table)
        rows = [
            GridRow(row.subject or "school", row.name, [_cell(row.cells.get(column.key)) for column in self._table.columns])
            for row in self._table.rows
        ]
        self.grid.show([column.title for column in self._table.columns], rows)
        self._show_head()
        self._show_cell()
        self.refresh_frame()

    def _subjects(self, staff: Staff) -> set[str] | None:
        if not self._group:
            return None
        below = set(staff.below(self._group))
        return below | {member.id for member in staff.of_group(self._group, with_away=True)}

    def _nothing(self, whole: BoardTable) -> str:
        if whole.rows:
            return f"没有符合筛选的。按 {key_in_force('page.back')} 清除筛选"
        return f"没有对{SCOPES[self.scope]}的要求。审核通过的计划里的要求会列在这里;1 教师 2 小组 3 学校"

    def _show_head(self) -> None:
        if self._board is None:
            return
        day, counts = self._board.day, self._table.counts
        narrowed = [FILTERS[self._filter][0]] if self._filter else []
        narrowed += [self.school.name_of("group", self._group)] if self._group else []
        narrowed += [f"“{self._word}”"] if self._word else []
        idle = f"  未生效 {len(self._board.idle)}" if self._board.idle else ""
        manual = f"  人工核对 {len(self._board.manual)}" if self._board.manual else ""
        self._head.show(
            [(f"{SCOPES[self.scope]}  到 {day} 周{WEEKDAYS[day.weekday()]}  {self._board.term.title}", "title"),
             (f"  只看:{'、'.join(narrowed)}" if narrowed else "", "selected"),
             ("" if self._urgent_first else "  按名册次序", "muted")],
            [(f"! 逾期 {counts['overdue'] + counts['over']}", "overdue"), (f"  ~ 偏慢 {counts['slow']}", "slow"),
             (f"  未到期 {counts['pending']}", "text"), (f"  + 完成 {counts['done']}", "ok"),
             (f"  - 免做 {counts['waived']}", "muted"), (f"{manual}{idle}", "muted")],
        )

    def _show_cell(self) -> None:
        requirement, progress = self.requirement, self.progress
        if requirement is None:
            self._foot.show()
            return
        who = f"({requirement.who_text})" if requirement.who_text else ""
        head = [(f"{requirement.title}{who}", "title")]
        if progress is None:
            self._foot.show(head, [("不适用", "muted")])
        else:
            state = MARKS.get(progress.state, "text")
            self._foot.show(head, [(f"{progress.name}:{progress.label}", state), (f"  {told(progress)}", "text")])

    def on_grid_moved(self, event: Grid.Moved) -> None:
        self._show_cell()
        self.refresh_frame()

    @property
    def column(self) -> BoardColumn | None:
        at = self.grid.at_column
        return self._table.columns[at] if at < len(self._table.columns) and self._table.rows else None

    @property
    def requirement(self) -> Requirement | None:
        """The requirement under the cursor: of the cell, else the first of its column."""
        if (progress := self.progress) is not None:
            return progress.requirement
        return self.column.requirements[0] if self.column else None

    @property
    def progress(self) -> Progress | None:
        """The cell under the cursor."""
        at, column = self.grid.at_row, self.column
        if column is None or at >= len(self._table.rows):
            return None
        return self._table.rows[at].cells.get(column.key)

    # ---- what is looked at ------------------------------------------------------------------------------------------
    @action("board.teachers", "教师", "1", tip="教师的完成情况", rank=31)
    def show_teachers(self) -> None:
        self._show_scope("teacher")

    @action("board.groups", "小组", "2", tip="小组的完成情况", rank=32)
    def show_groups(self) -> None:
        self._show_scope("group")

    @action("board.school", "学校", "3", tip="学校的完成情况", rank=33)
    def show_school(self) -> None:
        self._show_scope("school")

    def _show_scope(self, scope: str) -> None:
        self.scope = scope
        self._arrange()

    @action("board.unbound", "核对", "4", tip="要人工核对的要求,和计划还没有审核通过、因此没有生效的要求", rank=60)
    def show_unbound(self) -> None:
        from jiaoyan_tui.board_lists import UnboundPage

        if self._board is not None:
            self.open(UnboundPage(self.school, self._board))

    @action("board.state", "只看", "f6", tip="只看某种状态:落后、逾期、偏慢、未到期、完成、免做", rank=40)
    def choose_state(self) -> None:
        def chosen(value: str) -> None:
            self._filter = int(value)
            self._arrange()

        self.choose("只看哪些?", [(str(n), label) for n, (label, _) in enumerate(FILTERS)], chosen)

    @action("board.filter", "筛选", "slash", "f7", tip="打小组名或人名(可打首字母);空白看全部", rank=25)
    def filter_rows(self) -> None:
        text = self._word or (self.school.name_of("group", self._group) if self._group else "")
        self.ask("只看哪个小组或哪个人?", self._filtered, text=text, hint="小组名、姓名或首字母;空白看全部")

    def _filtered(self, text: str) -> None:
        groups = OfRegister(self.school, "group").find(text, 1) if text.strip() else []
        named = [g for g in groups if text.strip() in g.label] if not text.strip().isascii() else groups
        people = self._staff is not None and any(text.strip() in m.teacher.name for m in self._staff.members.values())
        self._group = named[0].key if named and not people else ""
        self._word = "" if self._group else text.strip()
        self._arrange()
        if text.strip().isascii() and self._group and not self._table.rows:
            self._group, self._word = "", text.strip()  # initials of a person, not of a group
            self._arrange()

    @action("board.day", "日期", "f4", tip="看到某一天为止的完成情况;空白为今天", rank=35)
    def choose_day(self) -> None:
        def chosen(text: str) -> None:
            self.day = parse_day(text, self.school.today) if text.strip() else None
            self.reload()

        self.ask("看到哪一天为止?", chosen, text=str(self.day or ""), hint="如 9.30、第9周周五;空白为今天")

    @action("board.order", "次序", "f5", "o", tip="最落后的在前,或按花名册次序", rank=50)
    def turn_order(self) -> None:
        self._urgent_first = not self._urgent_first
        self._arrange()

    def step_back(self) -> bool:
        if not (self._filter or self._word or self._group):
            return False
        self._filter, self._word, self._group = 0, "", ""
        self._arrange()
        return True

    # ---- what is done -----------------------------------------------------------------------------------------------
    @action("board.entries", "明细", "enter", tip="这个数字是哪些记录算出来的", why_not=_no_cell, rank=10)
    def show_entries(self) -> None:
        from jiaoyan_tui.board_lists import EntriesPage

        if self.progress is not None and self._board is not None:
            self.open(EntriesPage(self.school, self.progress, self._board.day, self._board.term))

    def on_grid_chosen(self, event: Grid.Chosen) -> None:
        if self.progress is None:
            self.say(_no_cell(self), "muted")
        else:
            self.guarded(self.show_entries)

    @action("board.next_gap", "下一处欠缺", "tab", tip="到下一个逾期或偏慢的格子", rank=15)
    def go_to_gap(self) -> None:
        if not self.grid.go_to_next(("overdue", "slow")):
            self.say("没有逾期和偏慢的", "ok")

    @action("board.waive", "免做", "w", "f9", tip="这个人(小组)的这项要求免做或改量,写明原因", why_not=_no_cell, rank=20)
    def waive(self) -> None:
        progress = self.progress
        if progress is None:
            return
        register = self.school.register("waiver")
        field = "teacher" if progress.requirement.scope == "teacher" else "group"
        preset: dict[str, Any] = {"requirement": Ref(progress.requirement.id)}
        if progress.subject:
            preset[field] = Ref(progress.subject)
        where = [Is(field="requirement", value=progress.requirement.id), Is(field=field, value=progress.subject)]
        known = self.school.records(Waiver).all(AllOf(of=tuple(where)))
        self.open_form(register, known[0] if known else None, preset, lambda id: self.say("已记下免做") if id else None)

    @action("board.keep", "存月报", "n", "f2", tip="把这一天的数字存为月报(公示):以后补录不改它,并说明差别", rank=55)
    def keep_figures(self) -> None:
        found = self._board
        if found is None:
            return

        def named(title: str) -> None:
            cut = keep_cut(self.school, title.strip() or usual_title(found.day), found)
            self.say(f"已存月报“{cut.title}”,截至 {cut.day},{len(cut.figures)} 项")

        self.ask("月报的名称", named, text=usual_title(found.day), hint=f"截至 {found.day} 的 {len(found.rows)} 项数字")

    @action("board.cuts", "月报", "m", tip="存过的月报:当时的数字,和以后补录、改动造成的差别", rank=56)
    def show_cuts(self) -> None:
        from jiaoyan_tui.changing import open_list

        open_list(self, "cut")

    @action("board.export", "导出", "x", tip="把现在列出的表和其中的欠缺名单写成 .xlsx,放到发件箱", rank=58)
    def send_out(self) -> None:
        from jiaoyan.boxes import sent_out_as_book
        from jiaoyan.workbooks import board_leaves

        table, day = self._table, self._board.day if self._board is not None else self.school.today
        self.work(
            lambda: sent_out_as_book(self.school, f"{SCOPES[table.scope]}完成情况", board_leaves(table), f"截至 {day}"),
            lambda path: self.say(f"已导出:{path}"), "导出",
        )

    @action("board.copy", "复制", "y", tip="把现在列出的整张表复制到自己电脑的剪贴板,可粘贴到 Excel")
    def copy_table(self) -> None:
        columns = self._table.columns
        rows = [(row.name, *(_cell(row.cells.get(column.key))[0] for column in columns)) for row in self._table.rows]
        self.copy(rows, ("姓名或小组", *(column.title for column in columns)))

    @action("board.requirement", "要求", "f8", tip="打开这一列的要求:原文、适用、来自哪份计划", rank=70)
    def open_requirement(self) -> None:
        from jiaoyan_tui.changing import open_record

        if self.requirement is not None:
            open_record(self, "requirement", self.requirement.id)

    @action("board.subject", "看人", "f11", "p", tip="打开这一行的人或小组", why_not=_no_cell, rank=80)
    def open_subject(self) -> None:
        from jiaoyan_tui.changing import open_record

        progress = self.progress
        if progress is not None and progress.subject:
            open_record(self, progress.requirement.scope, progress.subject)


def _cell(progress: Progress | None) -> tuple[str, str]:
    if progress is None:
        return "", ""
    if progress.state == "waived":
        return "-免做", "muted"
    return progress.amounts, "" if progress.state == "pending" else MARKS.get(progress.state, "")
