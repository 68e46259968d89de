"""成批录入: a register's records typed one below the other or pasted from Excel; saved as one change."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.timer import Timer

from jiaoyan.keeping import back_up_before
from jiaoyan.registers import Register
from jiaoyan_tui.actions import action
from jiaoyan_tui.bulk_grid import BulkGrid
from jiaoyan_tui.bulk_model import BulkColumn, BulkModel, LessonsHeard
from jiaoyan_tui.drafts import Drafts
from jiaoyan_tui.forms import KEEP_AFTER, HelpLine
from jiaoyan_tui.marking import MarkPage
from jiaoyan_tui.page import Page
from jiaoyan_tui.theme import SIGNS

if TYPE_CHECKING:
    from jiaoyan.school import School

MOST_OFFERED = 200


class BulkPage(Page):
    """Closes with the id of the last record saved, or None."""

    AUTO_FOCUS: ClassVar[str | None] = "BulkGrid"
    typed_in: ClassVar[bool] = True

    def __init__(self, school: School, register: Register[Any], *, heard: bool = False) -> None:
        super().__init__(school)
        self.register = register
        self.model = LessonsHeard(school, register) if heard else BulkModel(school, register)
        self._what = "听课" if heard else register.title
        self.crumb = f"成批录入{self._what}"
        self.grid = BulkGrid(self.model)
        self._drafts = Drafts(school.folder, f"{register.id}.bulk", "listen" if heard else "")
        self._keeping: Timer | None = None
        self._saving = self._left = False

    def body(self) -> ComposeResult:
        yield self.grid
        yield HelpLine()

    def on_mount(self) -> None:
        self._tell_cell()
        draft = self._drafts.find()
        if draft is None:
            return

        def answered(answer: str) -> None:
            if answer == "drop" or not self.model.restore(draft.texts):
                self._drafts.drop()
                return
            self.grid.go_to(len(self.model.rows) - 1, 0)
            self.grid.refresh()
            self._tell_cell()

        when = draft.saved.astimezone(self.school.now().tzinfo)
        self.choose(f"上次({when:%m-%d %H:%M})填了没有保存,要接着填吗?", [("take", "接着填"), ("drop", "不要了,重新填")], answered)

    # ---- telling ----------------------------------------------------------------------------------------------------
    def _tell_cell(self) -> None:
        """What is wrong in the cell, else how many rows stand and how to go on."""
        row = self.model.rows[self.grid.row]
        if what := row.problems.get(self.grid.column):
            self.query_one(HelpLine).tell(f"{SIGNS['error']} 第 {self.grid.row + 1} 行 {self._column.title}:{what}", "overdue")
            return
        wrong = sum(bool(row.problems) for row in self.model.rows)
        told = f"{len(self.model.filled)} 行" + (f",{wrong} 行有问题" if wrong else "") + ",还没有保存"
        hint = f";{self._column.title}:{said}" if (said := self._column.field.facts.description) else ""
        self.query_one(HelpLine).tell(f"{told}{hint};回车到下一格,从 Excel 复制的可直接粘贴")

    @property
    def _column(self) -> BulkColumn:
        return self.model.columns[self.grid.column]

    def on_bulk_grid_moved(self, event: BulkGrid.Moved) -> None:
        self._tell_cell()

    def on_bulk_grid_pasted(self, event: BulkGrid.Pasted) -> None:
        self.say(event.text, event.state)

    def on_bulk_grid_changed(self, event: BulkGrid.Changed) -> None:
        self.hush()
        self._tell_cell()
        if self._keeping is not None:
            self._keeping.stop()
        self._keeping = self.set_timer(KEEP_AFTER, self.keep_draft)

    # ---- drafts and leaving -----------------------------------------------------------------------------------------
    def keep_draft(self) -> None:
        if not self._left and self.model.filled:
            self._drafts.keep(self.model.texts(), self.school.now())

    def on_unmount(self) -> None:
        if self.grid.typed:
            self.model.fill(self.grid.row, self.grid.column, self.grid.typed)
        self.keep_draft()

    @property
    def unsaved(self) -> str:
        return f"{self.crumb}的 {len(self.model.filled)} 行还没有保存" if self.model.filled and not self._left else ""

    @action("page.back", "返回", "escape", tip="不保存就离开;填过的会先问", rank=900)
    def go_back(self) -> None:
        if self.grid.typed is not None:
            self.grid.give_up()
            return
        if not self.model.filled:
            self._leave(None)
            return
        options = [("save", "保存"), ("draft", "先离开,留作草稿"), ("drop", "不要了"), ("stay", "继续填")]
        choices: dict[str, Callable[[], object]] = {
            "save": self.save, "draft": lambda: self._leave(None, keep=True), "drop": lambda: self._leave(None), "stay": lambda: None,
        }
        self.choose(self.unsaved, options, lambda answer: choices[answer]())

    def _leave(self, id: str | None, *, keep: bool = False) -> None:
        if keep:
            self.keep_draft()
        else:
            self._drafts.drop()
        self._left = True
        if self._keeping is not None:
            self._keeping.stop()
        self.dismiss(id)

    # ---- actions ----------------------------------------------------------------------------------------------------
    @action("bulk.save", "保存", "f2", "ctrl+s", tip="检查全部行,作为一次修改保存;撤销一次就全部收回", rank=10)
    def save(self) -> None:
        self.grid.commit()
        if self._saving:
            return
        if not self.model.filled:
            self.say("还没有填", "slow")
            return
        if problems := self.model.problems:
            row, column, what = problems[0]
            self.grid.go_to(row, column)
            more = f" 等 {len(problems)} 处" if len(problems) > 1 else ""
            self.say(f"还不能保存:第 {row + 1} 行 {self.model.columns[column].title}:{what}{more}", "error")
            return
        records, count = self.model.records(), len(self.model.filled)
        self._saving = True

        def write() -> str:
            back_up_before(self.school, count)
            with self.school.change(f"成批录入{self._what} {count} 条") as change:
                for record in records:
                    change.save(record)
            return records[-1].id

        self.work(write, self._leave, f"保存 {count} 条")

    def tell(self, error: Exception) -> None:
        self._saving = False
        super().tell(error)

    @action("bulk.repeat", "照上行", "f4", tip="这一格填成上一行的内容,并到下一格", rank=20)
    def repeat(self) -> None:
        self.grid.typed = None
        if self.model.repeat(self.grid.row, self.grid.column):
            self.grid.entered()
            self.grid.action_go_on()
        else:
            self.say("上一行这一格没有内容", "muted")

    @action("bulk.pick", "选", "f5", tip="列出这一格可填的;可填多个的,空格逐个标记", rank=30)
    def pick(self) -> None:
        choosing = self.model.choosing(self._column)
        if choosing is None:
            self.say(f"{self._column.title}直接键入", "muted")
            return
        self.grid.commit()
        found = choosing.find("", MOST_OFFERED)
        now = self.model.rows[self.grid.row].texts[self.grid.column].split("、")

        def taken(labels: list[str] | None) -> None:
            if labels is not None:
                self.grid.put("、".join(labels))
                self.grid.action_go_on()

        if self._column.several:
            self.open(MarkPage(self.school, self._column.title, found, now), lambda text: taken(text.split("、") if text else None))
        else:
            self.choose(self._column.title, [(one.label, one.label) for one in found], lambda label: taken([label]))

    @action("bulk.next_row", "下一行", "f6", tip="到下一行的第一格", rank=25)
    def next_row(self) -> None:
        self.grid.commit()
        self.grid.go_to(self.grid.row + 1, 0)

    @action("bulk.next_problem", "下一处问题", "f7", tip="跳到下一个填得不对或还没有填的格", rank=40)
    def go_to_problem(self) -> None:
        self.grid.commit()
        here = (self.grid.row, self.grid.column)
        problems = self.model.problems
        if not problems:
            self.say("没有问题,可以保存了")
            return
        row, column, _ = next((one for one in problems if one[:2] > here), problems[0])
        self.grid.go_to(row, column)

    @action("bulk.remove", "删行", "f8", tip="删去光标所在的行", rank=50)
    def remove_row(self) -> None:
        self.grid.typed = None
        self.model.remove(self.grid.row)
        self.grid.entered()

    @action("page.undo", "还原这一格", "ctrl+z", "f12", tip="不要正在键入的,这一格回到原来的内容")
    def undo(self) -> None:
        self.grid.give_up()
