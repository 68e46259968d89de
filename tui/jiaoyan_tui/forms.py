"""RecordForm: a record is entered or changed; its plugins' parts stand in the same form and are saved in the same change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from jiaoyan.errors import BadInput, Conflict, JiaoyanError, Problem
from jiaoyan.records import Record
from jiaoyan.registers import Register
from jiaoyan_tui.actions import action
from jiaoyan_tui.drafts import Draft, Drafts
from jiaoyan_tui.fields import ListAsked
from jiaoyan_tui.form_model import FormModel, Section
from jiaoyan_tui.form_view import Form, FormRow, FormView
from jiaoyan_tui.lines import strip_of
from jiaoyan_tui.page import Page
from jiaoyan_tui.theme import SIGNS, look_of

if TYPE_CHECKING:
    from jiaoyan.school import School

KEEP_AFTER = 1.5
"""Seconds without a key after which what was typed is kept as a draft."""


class HelpLine(Widget):
    """One line about the field that is being filled in: how, or what is wrong."""

    DEFAULT_CSS = "HelpLine { height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.told = ("", "muted")

    def tell(self, text: str, style: str = "muted") -> None:
        if (text, style) != self.told:
            self.told = (text, style)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        text, style = self.told
        return strip_of([(f" {text}", style)], self.size.width, look_of(self.app))


class FormPage(Page):
    """A page that is filled in."""

    AUTO_FOCUS: ClassVar[str | None] = ""
    typed_in: ClassVar[bool] = True

    def __init__(self, school: School, form: Form) -> None:
        super().__init__(school)
        self.form = form
        self.view = FormView(school, form)

    def body(self) -> ComposeResult:
        yield self.view
        yield HelpLine()

    def on_form_view_told(self, event: FormView.Told) -> None:
        text = f"{SIGNS['error']} {event.text}" if event.problem else event.text
        self.query_one(HelpLine).tell(text, "overdue" if event.problem else "muted")

    def on_list_asked(self, event: ListAsked) -> None:
        from jiaoyan_tui.part_forms import PartsPage

        row = self.view.row_of(event.box)
        if row is not None:
            document = self.form.sections[0].document()
            self.open(PartsPage(self.school, row.section, row.field, document, lambda items: self.view.set_entry(row, items)))

    def checked(self) -> bool:
        """Shows every problem; False where there is one, with the cursor on it."""
        self.view.settle()
        self.view.strict = True
        self.view.renew()
        faults = self.view.faults()
        wrong = [
            f"{section.fields[name].title if name else section.title}:{what}"
            for section in self.form.shown() for name, what in section.problems().items()
        ]
        if not faults and not wrong:
            return True
        told = faults + wrong
        self.view.focus_problem()
        more = f" 等 {len(told)} 处" if len(told) > 1 else ""
        self.say(f"还不能保存:{told[0]}{more}", "error")
        return False

    @action("form.revert", "还原这一项", "ctrl+z", "f12", tip="这一项改回打开时的内容")
    def undo(self) -> None:
        row = self.view.row
        if row is not None and row.typed:
            self.view.set_entry(row, row.section.initial[row.field.name])

    @action("form.next_problem", "下一处问题", "f7", tip="跳到下一个填得不对或还没有填的字段", rank=40)
    def go_to_problem(self) -> None:
        self.view.strict = True
        self.view.renew()
        if not self.view.focus_problem():
            self.say("没有问题,可以保存了")


class RecordForm(FormPage):
    """Closes with the id of the saved record, or None."""

    def __init__(
        self, school: School, register: Register[Any], record: Record | None = None, preset: Mapping[str, Any] | None = None
    ) -> None:
        self.model = FormModel(school, register, record, preset)
        super().__init__(school, self.model)
        self.register, self.record = register, record
        name = school.label(register, record.document()) if record is not None else ""
        self.crumb = f"修改 {name}" if name else f"新增{register.title}"
        self._label = f"{'修改' if record is not None else '新增'}{register.title}"
        self._drafts = Drafts(school.folder, register.id, record.id if record is not None else "")
        self._keeping: Timer | None = None
        self._saving = self._left = False

    def on_mount(self) -> None:
        if self.model.faults:
            self.problems(self.model.faults)
        if (draft := self._drafts.find()) is not None:
            self._offer(draft)

    # ---- drafts -----------------------------------------------------------------------------------------------------
    def _offer(self, draft: Draft) -> None:
        when = draft.saved.astimezone(self.school.now().tzinfo)
        question = f"上次({when:%m-%d %H:%M})填了没有保存,要接着填吗?"

        def answered(answer: str) -> None:
            if answer == "drop":
                self._drafts.drop()
                return
            self.model.restore(draft.texts)
            self.view.show_all()
            moved = self.record is not None and draft.rev != self.record.rev
            self.say("草稿之后这条记录又改过,请核对" if moved else "已恢复上次填的内容", "slow" if moved else "ok")

        self.choose(question, [("take", "接着填"), ("drop", "不要了,重新填")], answered)

    def on_form_view_edited(self, event: FormView.Edited) -> None:
        if self._keeping is not None:
            self._keeping.stop()
        self._keeping = self.set_timer(KEEP_AFTER, self.keep_draft)

    def keep_draft(self) -> None:
        """Keeps what is typed, for the next opening of this form. Called on hang-up too."""
        if not self._left and self.model.dirty:
            self._drafts.keep(self.model.texts(), self.school.now(), self.record.rev if self.record is not None else 0)

    def on_unmount(self) -> None:
        self.keep_draft()

    # ---- leaving ----------------------------------------------------------------------------------------------------
    @property
    def unsaved(self) -> str:
        return f"{self.crumb}还没有保存" if self.model.dirty and not self._left else ""

    @action("page.back", "返回", "escape", tip="不保存就离开;填过的会先问", rank=900)
    def go_back(self) -> None:
        if not self.model.dirty:
            self._leave(None)
            return
        options = [("save", "保存"), ("draft", "先离开,留作草稿"), ("drop", "不要了"), ("stay", "继续填")]
        choices: dict[str, Callable[[], object]] = {
            "save": self.save, "draft": lambda: self._leave(None, keep=True), "drop": lambda: self._leave(None), "stay": lambda: None,
        }
        self.choose(f"{self.crumb}还没有保存", options, lambda answer: choices[answer]())

    def _leave(self, id: str | None, *, keep: bool = False) -> None:
        if keep:
            self.keep_draft()
        elif self.model.dirty or id is not None:
            self._drafts.drop()
        self._left = True
        if self._keeping is not None:
            self._keeping.stop()
        self.dismiss(id)

    # ---- saving -----------------------------------------------------------------------------------------------------
    @action("form.save", "保存", "f2", "ctrl+s", tip="检查并保存", rank=10)
    def save(self) -> None:
        if self._saving or not self.checked():
            return
        if self.record is not None and not self.model.dirty:
            self._leave(self.record.id)
            return
        records = self.model.records()
        filled = self.model.filled()
        self._saving = True

        def write() -> str:
            with self.school.change(self._label) as change:
                for record in records:
                    change.save(record)
            return records[0].id

        def done(id: str) -> None:
            self._drafts.remember(filled)
            self._leave(id)

        self.work(write, done)

    def tell(self, error: Exception) -> None:
        """A fault of saving: at its field where it names one; a conflict field by field."""
        self._saving = False
        if isinstance(error, Conflict) and error.mine and error.theirs:
            self._conflict(error.mine, error.theirs)
            return
        super().tell(error)
        if isinstance(error, BadInput | JiaoyanError):
            self._go_to(error.problems)

    def _go_to(self, problems: list[Problem]) -> None:
        for row in self.view.in_sight:
            if any(row.field.title in problem.where.split() or row.field.title in problem.what for problem in problems):
                row.box.focus()
                return

    def _conflict(self, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
        from jiaoyan_tui.conflict_page import ConflictPage

        section = self.model.section_of(mine)
        record = section.model.model_validate(dict(theirs), context={"stored": True}, extra="allow")
        clashes = section.clashes(record)

        def merged(give_way: set[str]) -> None:
            section.rebase(record, give_way)
            self.view.show_all()
            self.save()

        if clashes:
            self.open(ConflictPage(self.school, section, clashes, merged))
        else:
            merged(set())

    # ---- repeating --------------------------------------------------------------------------------------------------
    @action("form.repeat", "照上次", "f4", tip="这一项填成上次保存时的内容,并到下一项", rank=20)
    def repeat(self) -> None:
        row = self.view.row
        if row is None:
            return
        entry = self._drafts.last().get(row.section.key, {}).get(row.field.name)
        if not entry or not isinstance(entry, type(row.section.entries[row.field.name])):
            self.say(f"上次没有填{row.field.title}", "muted")
            return
        self.view.set_entry(row, entry)
        self._next(row)

    def _next(self, row: FormRow) -> None:
        rows = self.view.in_sight
        at = rows.index(row) + 1
        if at < len(rows):
            rows[at].box.focus()


__all__ = ["FormPage", "HelpLine", "RecordForm", "Section"]
