"""The list of any register: rows as the store gives them, a filter line, and everything that is done to records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import Resize
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from jiaoyan.access import may_write
from jiaoyan.conditions import Condition, both
from jiaoyan.dossier import facts_of
from jiaoyan.errors import JiaoyanError
from jiaoyan.filters import parse_filter
from jiaoyan.model.settings import View
from jiaoyan.ordering import ordered
from jiaoyan.registers import Register
from jiaoyan.staff import Staff
from jiaoyan.terms import Term
from jiaoyan_tui import changing
from jiaoyan_tui.actions import Offer, action, key_in_force
from jiaoyan_tui.lines import Piece, strip_of
from jiaoyan_tui.lineview import LineView
from jiaoyan_tui.page import Page
from jiaoyan_tui.panes import joined, section_lines
from jiaoyan_tui.sources import RegisterSource
from jiaoyan_tui.table import VirtualTable
from jiaoyan_tui.theme import look_of

PAUSE = 0.15
"""Seconds of no typing after which the filter is applied."""
REST = 0.25
"""Seconds after which the record under the cursor is shown beside the list."""
WIDE = 140
MOST_COPIED = 2000
"""Rows that are made into text for the clipboard at once; terminals take hardly more."""


class ListLine(Widget):
    """How many there are, how many the filter leaves, the order."""

    DEFAULT_CSS = "ListLine { height: 1; width: 1fr; }"

    def __init__(self, page: ListPage) -> None:
        super().__init__()
        self._page = page

    def render_line(self, y: int) -> Strip:
        return strip_of(self._page.told(), self.size.width, look_of(self.app))


class FilterField(Input):
    """The filter line. It takes the row of the count only while it is typed in."""

    DEFAULT_CSS = "FilterField { width: 1fr; height: 1; }"


class ListPage(Page):
    """Any register. `fixed` is a condition that stays (the activities of a plan), `filter_text` one that can be cleared."""

    DEFAULT_CSS = """
    ListPage #filter { display: none; }
    ListPage.-filtering #filter { display: block; }
    ListPage Horizontal { height: 1fr; }
    ListPage #preview { display: none; width: 44%; margin-left: 2; }
    ListPage.-wide #preview { display: block; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "VirtualTable"

    def __init__(
        self, school: Any, register: str | Register[Any], *, fixed: Condition | None = None, filter_text: str = "", crumb: str = ""
    ) -> None:
        super().__init__(school)
        self.register: Register[Any] = school.register(register) if isinstance(register, str) else register
        self.crumb = crumb or self.register.title
        self.filter_text = filter_text
        self._fixed = fixed
        self._order: tuple[str, bool] | None = None
        """(column, descending) as chosen; None is the usual order."""
        self._asked = 0
        """How often rows have been asked for: an order that was made for an earlier question is not shown."""
        self._then: Callable[[], object] | None = None
        """What waits for the rows to be there; one who asks again meanwhile does not lose it."""
        self._total = 0
        self._opened = False
        self._staff: Staff | None = None
        self._pending: Timer | None = None
        self._preview: Timer | None = None
        self._source = RegisterSource(school, self.register, fixed)

    def body(self) -> ComposeResult:
        field = FilterField(
            self.filter_text, id="filter", placeholder="词 词 列:值 列>值;可打拼音首字母,如 zs 状态:已开展 时间:第9周",
        )
        field.cursor_blink = False
        yield ListLine(self)
        yield field
        yield Horizontal(VirtualTable(id="table"), LineView(id="preview"))

    @property
    def table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    # ---- rows -------------------------------------------------------------------------------------------------------
    def reload(self) -> None:
        self._reload()

    def _reload(self, then: Callable[[], object] | None = None) -> None:
        first = not self._opened
        self._opened = True
        self._staff = self.school.staff() if self.register.id == "teacher" else None
        self._total = self._source_of(self._fixed).count()
        self._apply(then)
        if first and not self.filter_text and (now := self._source.first_from(self.school.today)):
            self.table.show_row(now)

    def _source_of(self, where: Condition | None, ids: Sequence[str] | None = None) -> RegisterSource:
        titles = 0 if self.size.width >= WIDE else self.size.width // 3
        return RegisterSource(self.school, self.register, where, ids, titles, self._staff)

    def _apply(self, then: Callable[[], object] | None = None) -> None:
        """Shows what filter and order now ask for; a filter that can't be read is told and leaves the rows. An order by a
        column is made in a thread: until it is there, the rows stay as they are."""
        try:
            where = both(self._fixed, parse_filter(self.school, self.register, self.filter_text))
        except JiaoyanError as error:
            self.say(";".join(problem.what for problem in error.problems), "slow")
            return
        self._asked += 1
        self._then = then or self._then
        if self._order is None:
            self._show(where, None)
            return
        column, descending, asked = self._source.field_of(self._order[0]), self._order[1], self._asked

        def show(ids: Sequence[str]) -> None:
            if asked == self._asked:
                self._show(where, ids)

        self.work(lambda: ordered(self.school, self.register, column, descending=descending, where=where), show, "排序")

    def _show(self, where: Condition | None, ids: Sequence[str] | None) -> None:
        self._source = self._source_of(where, ids)
        self.table.empty = self._nothing()
        self.table.set_source(self._source, keep=True)
        self.table.mark_sort(*(self._order or (None, False)))
        self.refresh_frame()
        self.query_one(ListLine).refresh()
        then, self._then = self._then, None
        if then is not None:
            then()

    def _nothing(self) -> str:
        if self.filter_text.strip():
            return f"没有符合筛选的记录。按 {key_in_force('page.back')} 清除筛选"
        if reason := self._why_not_new():
            return f"还没有记录。{reason}"
        return f"还没有记录。按 {key_in_force('list.new')} 新增,按 {key_in_force('list.import')} 从文件导入"

    def told(self) -> list[Piece]:
        """The line above the rows."""
        pieces: list[Piece] = [(f" {self.register.title} ", "title"), (f"{self._total} 条", "text")]
        if self.filter_text.strip():
            pieces += [("  筛选 ", "muted"), (self.filter_text.strip(), "selected"), (f" 余 {self.table.count} 条", "text")]
        if self._order is not None:
            title = next((c.title for c in self._source.columns() if c.key == self._order[0]), "")
            pieces += [("  按", "muted"), (f"{title}{'从大到小' if self._order[1] else '从小到大'}", "text")]
        if chosen := len(self.table.selected):
            pieces += [("  选中 ", "muted"), (f"{chosen} 条", "selected")]
        return pieces

    def chosen(self) -> list[str]:
        """The selected records, else the one under the cursor."""
        if self.table.selected:
            return sorted(self.table.selected)
        return [self.table.cursor_key] if self.table.cursor_key else []

    def no_record(self) -> str:
        return "" if self.is_mounted and self.table.cursor_key else "没有选中的记录"

    # ---- filter -----------------------------------------------------------------------------------------------------
    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value == self.filter_text:
            return
        self.filter_text = event.value
        if self._pending is not None:
            self._pending.stop()
        self._pending = self.set_timer(PAUSE, self._typed)

    def _typed(self) -> None:
        self.hush()
        self._apply()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._leave_filter()
        self._typed()

    def _leave_filter(self) -> None:
        if self._pending is not None:
            self._pending.stop()
        self.remove_class("-filtering")
        self.table.focus()

    def step_back(self) -> bool:
        if self.has_class("-filtering") or self.filter_text:
            self.set_filter("")
            return True
        if self.table.selected:
            self.table.selected.clear()
            self.table.refresh_rows()
            self.query_one(ListLine).refresh()
            return True
        return False

    def set_filter(self, text: str) -> None:
        """Another filter; the cursor stays on its record."""
        self.filter_text = text
        self.query_one("#filter", Input).value = text
        self._leave_filter()
        self._apply()

    # ---- messages ---------------------------------------------------------------------------------------------------
    def on_virtual_table_row_chosen(self, event: VirtualTable.RowChosen) -> None:
        self.guarded(self.open_chosen)

    def on_virtual_table_row_highlighted(self, event: VirtualTable.RowHighlighted) -> None:
        self.refresh_frame()
        self._show_preview_soon()

    # ---- preview ----------------------------------------------------------------------------------------------------
    def on_resize(self, event: Resize) -> None:
        self.set_class(event.size.width >= WIDE, "-wide")
        self._show_preview_soon()

    def _show_preview_soon(self) -> None:
        """When the cursor has come to rest, so that a held key costs nothing."""
        if self._preview is not None:
            self._preview.stop()
        if self.has_class("-wide"):
            self._preview = self.set_timer(REST, lambda: self.guarded(self._show_preview))

    def _show_preview(self) -> None:
        document = self.school.records(self.register).document(self.table.cursor_key or "")
        sections = list(facts_of(self.school, self.register, document)) if document is not None else []
        self.query_one("#preview", LineView).show(
            lambda cells, look: joined(section_lines(section, cells, look) for section in sections)
        )

    def on_line_view_chosen(self, event: LineView.Chosen) -> None:
        self.guarded(lambda: changing.open_record(self, *event.target))

    def on_virtual_table_selection_changed(self, event: VirtualTable.SelectionChanged) -> None:
        self.query_one(ListLine).refresh()

    def on_virtual_table_sort_asked(self, event: VirtualTable.SortAsked) -> None:
        self.sort_by(event.key)

    # ---- actions ----------------------------------------------------------------------------------------------------
    @action("list.open", "打开", "enter", tip="打开这条记录,看它的全部内容", why_not=no_record, rank=10)
    def open_chosen(self) -> None:
        if self.table.cursor_key:
            changing.open_record(self, self.register.id, self.table.cursor_key)

    def _why_not_new(self) -> str:
        if self.register.id == "clause":
            return "计划条目由计划读出,不在这里新增"
        if self.register.id == "cut":
            return "月报在完成情况表里存:把那一天的数字留下来"
        return "" if may_write(self.school.actor, self.register) else "您没有在这张登记表里新增的权限"

    @action("list.new", "新增", "n", "f2", "insert", tip="新增一条记录", why_not=_why_not_new, rank=20)
    def add_record(self) -> None:
        if self.register.id == "term" and self._total:
            from jiaoyan_tui.term_page import NewTermPage

            self.open(NewTermPage(self.school), self.show_saved)
            return
        self.open_form(self.register, then=self.show_saved)

    @action("list.bulk", "成批录入", "b", tip="一行一条接着录,或粘贴从 Excel 复制的一块;一次保存,一次撤销", why_not=_why_not_new, rank=47)
    def add_many(self) -> None:
        from jiaoyan_tui.bulk_page import BulkPage

        self.open(BulkPage(self.school, self.register), self.show_saved)

    @action("list.heard", "录听课", "t", tip="一行一节课:授课人、课题、听课人都在一行,班级和学科由任课带出", why_not=_why_not_new, rank=37)
    def add_lessons_heard(self) -> None:
        from jiaoyan_tui.bulk_page import BulkPage

        self.open(BulkPage(self.school, self.register, heard=True), self.show_saved)

    def show_saved(self, id: str | None) -> None:
        if id is not None:
            self._reload(partial(self._go_to, id))

    def _go_to(self, id: str) -> None:
        if not self.table.show_row(id) and self.filter_text:
            self.say("已保存;它不符合现在的筛选,所以没有列出", "slow")

    @action("list.edit", "编辑", "e", "f4", tip="修改这条记录", why_not=no_record, rank=30)
    def edit_chosen(self) -> None:
        if self.table.cursor_key:
            record = self.school.records(self.register).get(self.table.cursor_key)
            self.open_form(self.register, record, then=self.show_saved)

    @action("list.filter", "筛选", "slash", "f7", tip="几个词、列:值、比较,也可打拼音首字母;Esc 清除", rank=15)
    def filter_rows(self) -> None:
        self.add_class("-filtering")
        self.query_one("#filter", Input).focus()

    @action("list.step", "状态", "s", "f6", tip="改为下一个状态;先按空格选中多条,可以一起改", why_not=no_record, rank=40)
    def step_state(self) -> None:
        changing.step_records(self, self.register, self.chosen())

    @action("list.delete", "删除", "d", "delete", "f8", tip="删除;可以撤销", why_not=no_record, dangerous=True, rank=50)
    def delete_chosen(self) -> None:
        changing.delete_records(self, self.register, self.chosen(), self.table.selected.clear)

    @action("list.sort", "排序", "o", "f5", tip="选一列排序;再选一次反过来,第三次恢复平常的次序", rank=60)
    def choose_order(self) -> None:
        columns = [(c.key, c.title) for c in self._source.columns() if c.sortable]
        self.choose("按哪一列排序", [("", "平常的次序"), *columns], self.sort_by)

    def sort_by(self, column: str) -> None:
        if not column or self._order == (column, True):
            self._order = None
        else:
            self._order = (column, self._order == (column, False))
        at_top = self.table.cursor == 0  # nobody has gone to a record yet: the first of the new order is what is wanted
        self._apply(partial(self.table.action_move_to_end, False) if at_top else None)

    @action("list.range", "选到这里", "m", tip="从最近选中的一条选到光标所在的一条;也可按住 Shift 用 ↑↓", why_not=no_record, rank=58)
    def select_to_here(self) -> None:
        self.table.action_select_to_here()

    @action("list.all", "全选", "asterisk", "ctrl+a", tip="选中现在列出的全部;再按一次全部放开", why_not=no_record, rank=59)
    def select_all(self) -> None:
        self.table.action_select_all()

    @action("list.closing", "学期收尾", "c", tip="这个学期还缺什么,按组列出;封存学期", why_not=no_record, rank=12)
    def close_term(self) -> None:
        from jiaoyan_tui.closing_page import ClosingPage

        if self.table.cursor_key:
            self.open(ClosingPage(self.school, self.school.records(Term).get(self.table.cursor_key)))

    @action("list.views", "常用筛选", "v", tip="选一个存好的筛选;把现在的筛选和排序存下来;删除不用的", rank=62)
    def choose_view(self) -> None:
        from jiaoyan_tui.views import Shown, choose_view

        column, descending = self._order or ("", False)
        choose_view(self, self.register, Shown(self.filter_text.strip(), f"{'-' * descending}{column}"), self._use)

    def _use(self, view: View) -> None:
        column = view.sort.removeprefix("-")
        known = {c.key for c in self._source.columns() if c.sortable}
        self._order = (column, view.sort.startswith("-")) if column in known else None
        self.set_filter(view.words)
        if column and column not in known:
            self.say(f"常用筛选“{view.name}”按“{column}”排序,现在没有这一列", "slow")

    @action("list.week", "周次", "w", tip="只看某一周,如 9;空白看全部", rank=45)
    def choose_week(self) -> None:
        term = self.school.term()
        now = term.week_of(self.school.today)

        def answered(text: str) -> None:
            title = self.register.model.model_fields[self.register.day].title
            number = text.strip().removeprefix("第").removesuffix("周")
            self.set_filter(f"{title}:第{number}周" if number else "")

        self.ask("看第几周", answered, text=str(now), hint=f"现在是第 {now} 周,全学期 {term.weeks} 周;空白看全部")

    @action("list.roll", "考勤", "k", tip="给这次活动考勤", why_not=no_record, rank=35)
    def call_roll(self) -> None:
        if self.table.cursor_key:
            changing.call_roll(self, self.table.cursor_key)

    @action("list.import", "导入", "i", "f11", tip="从收件箱的文件导入:计划、花名册、表格", rank=65)
    def take_files_in(self) -> None:
        from jiaoyan_tui.import_page import ImportPage

        self.open(ImportPage(self.school, self.register))

    @action("list.export", "导出", "x", tip="把现在列出的(筛选后的)写成 .xlsx,放到发件箱;不含个人信息")
    def send_out(self) -> None:
        from jiaoyan.boxes import sent_out

        def done(found: tuple[Path, int]) -> None:
            self.say(f"已导出 {found[1]} 条:{found[0]}")

        source = self._source
        self.work(lambda: sent_out(self.school, self.register, source.where, source.ids), done, "导出")

    @action("list.copy", "复制", "y", tip="把选中的(没有选中时,光标所在的)记录复制到自己电脑的剪贴板,可粘贴到 Excel", why_not=no_record)
    def copy_rows(self) -> None:
        chosen = set(self.chosen())
        if len(chosen) > MOST_COPIED:
            self.say(f"一次最多复制 {MOST_COPIED} 行。请先筛选,或导出为文件", "slow")
            return
        ids = [id for id in self._source.keys(0, self._source.count()) if id in chosen]
        titles = tuple(column.title for column in self._source.columns())
        shown = RegisterSource(self.school, self.register, None, ids, 0, self._staff).page(0, len(ids))
        self.copy([row.cells for row in shown], titles if len(ids) > 1 else ())

    @action("list.history", "历史", "r", "f9", tip="这条记录改过几次、谁改的、改了什么", why_not=no_record, rank=70)
    def show_history(self) -> None:
        from jiaoyan_tui.history import RecordHistoryPage

        if self.table.cursor_key:
            self.open(RecordHistoryPage(self.school, self.register.id, self.table.cursor_key))

    @action("page.undo", "撤销", "u", "ctrl+z", "f12", tip="撤销自己最近一次修改,撤销前会说明是哪一次", rank=80)
    def undo(self) -> None:
        super().undo()

    def offers(self) -> list[Offer]:
        """What this register can never do is not offered at all."""
        never = {"list.week"} if not self._source.weekly else set()
        never |= {"list.step"} if self.register.workflow is None else set()
        never |= {"list.closing"} if self.register.id != "term" else set()
        never |= {"list.roll", "list.heard"} if self.register.id != "activity" else set()
        return [offer for offer in super().offers() if offer.action.id not in never]
