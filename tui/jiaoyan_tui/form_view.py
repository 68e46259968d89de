"""The fields of a form on the screen: a line each, with what was understood or what is wrong beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.events import DescendantFocus
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from jiaoyan.showing import fields_of, shown
from jiaoyan_tui.cells import clean, clip, pad
from jiaoyan_tui.choosing import Choosing, OfChoices, OfKinds, OfRegister
from jiaoyan_tui.fields import (
    Box,
    ChoiceBox,
    EntryChanged,
    FlagBox,
    LongBox,
    NextAsked,
    PartsBox,
    ShownBox,
    TextBox,
)
from jiaoyan_tui.form_fields import Field
from jiaoyan_tui.form_fields import Widget as Kind
from jiaoyan_tui.form_model import NONE, Section
from jiaoyan_tui.picking import PickBox
from jiaoyan_tui.theme import SIGNS, look_of

if TYPE_CHECKING:
    from jiaoyan.school import School

LABEL = 15
"""Cells of a title, the mark of a required field among them."""


class Form(Protocol):
    """What is filled in: a record with its facets, or one item of a list."""

    @property
    def sections(self) -> Sequence[Section]: ...

    def shown(self) -> Sequence[Section]: ...

    def put(self, section: str, name: str, entry: Any) -> None: ...


class OneSection:
    """The form of one item of a list."""

    def __init__(self, section: Section) -> None:
        self.sections = [section]

    def shown(self) -> Sequence[Section]:
        return self.sections

    def put(self, section: str, name: str, entry: Any) -> None:
        self.sections[0].put(name, entry)


class FormRow(Horizontal):
    """One field: its title, its widget, and a word about it."""

    DEFAULT_CSS = f"""
    FormRow {{ height: auto; }}
    FormRow > .title {{ width: {LABEL}; height: 1; }}
    FormRow > .note {{ width: 39%; min-width: 18; height: 1; padding-left: 1; }}
    """

    def __init__(self, school: School, section: Section, field: Field) -> None:
        super().__init__()
        self.section, self.field = section, field
        self.touched = False
        self._school = school
        self.box = self._make()
        self._title = Static(classes="title", markup=False)
        self._note = Static(classes="note", markup=False)
        self._told = ("", "")

    def compose(self) -> ComposeResult:
        yield self._title
        yield self.box
        yield self._note

    def on_mount(self) -> None:
        mark = "*" if self.field.facts.required else " "
        look = look_of(self.app)
        text = pad(clip(self.field.title, LABEL - 2) + mark, LABEL)
        self._title.update(Text(text, look.style("text" if self.typed else "muted"), no_wrap=True, end=""), layout=False)

    @property
    def typed(self) -> bool:
        return self.field.widget is not Kind.SHOWN

    def _make(self) -> Widget:
        field, entry = self.field, self.section.entries[self.field.name]
        match field.widget:
            case Kind.LONG:
                return LongBox(entry)
            case Kind.FLAG:
                return FlagBox(entry)
            case Kind.CHOICE:
                return ChoiceBox(field.choices, entry)
            case Kind.ONE | Kind.SEVERAL:
                return PickBox(self._choosing(), entry, many=field.widget is Kind.SEVERAL)
            case Kind.PARTS:
                return PartsBox(self.summary())
            case Kind.SHOWN:
                return ShownBox(shown(self._school, self.section.model, field.name, entry))
            case _:
                return TextBox(entry, replaced=field.widget is Kind.NUMBER)

    def _choosing(self) -> Choosing:
        if self.field.choices:
            return OfChoices(self.field.choices)
        if self.field.facts.kind_under is not None:
            return OfKinds(self._school, self.field.kinds)
        return OfRegister(self._school, self.field.facts.register)

    def summary(self) -> str:
        """A list in words: how many, and the first of them."""
        items = self.section.entries[self.field.name]
        if not items:
            return ""
        names = "、".join(item_text(self._school, self.field, item) for item in items[:20])
        return f"{len(items)} 项:{names}"

    def show_entry(self) -> None:
        """Puts what the form holds into the widget."""
        if isinstance(self.box, Box):
            self.box.show(self.summary() if self.field.widget is Kind.PARTS else self.section.entries[self.field.name])

    @property
    def fault(self) -> str:
        return self.box.fault if isinstance(self.box, Box) else ""

    def problem(self, problems: dict[str, str], *, strict: bool) -> str:
        """What is wrong here: at once when something was typed, all of it once saving was tried."""
        if self.fault:
            return self.fault
        return problems.get(self.field.name, "") if strict or self.touched else ""

    def tell(self, problem: str, *, focused: bool) -> None:
        """Shows the problem, else what was understood, else (while it is filled in) what belongs here."""
        if problem:
            told = ("overdue", f"{SIGNS['error']} {problem}")
        elif note := self.section.note(self.field.name):
            told = ("muted", f"= {note}")
        else:
            told = ("muted", self.field.facts.description if focused else "")
        if told != self._told:
            self._told = told
            style = look_of(self.app).style(told[0])
            self._note.update(Text(clean(told[1]), style, no_wrap=True, overflow="ellipsis", end=""), layout=False)


class FormView(VerticalScroll, can_focus=False):
    """All fields of a form, section by section."""

    DEFAULT_CSS = """
    FormView { height: 1fr; padding: 0 1; scrollbar-size-vertical: 1; }
    FormView > .section { height: 1; margin-top: 1; }
    """

    class Edited(Message):
        """Something in the form is different now."""

    class Told(Message):
        """A line about the field that is being filled in."""

        def __init__(self, text: str, problem: bool) -> None:
            super().__init__()
            self.text, self.problem = text, problem

    def __init__(self, school: School, form: Form) -> None:
        super().__init__()
        self._school, self.form = school, form
        self._rows = [
            FormRow(school, section, field)
            for section in form.sections
            for field in section.fields.values()
            if field.widget is not Kind.SHOWN or _worth_showing(field, section.entries[field.name])
        ]
        self._heads = {section.key: Static(classes="section", markup=False) for section in form.sections[1:]}
        self.strict = False

    def compose(self) -> ComposeResult:
        last = self.form.sections[0].key
        for row in self._rows:
            if row.section.key != last:
                last = row.section.key
                yield self._heads[last]
            yield row

    def on_mount(self) -> None:
        for section in self.form.sections[1:]:
            line = f"── {section.title} "
            look = look_of(self.app)
            line = line.replace("─", look.glyphs.horizontal)
            self._heads[section.key].update(Text(line, look.style("title"), no_wrap=True, end=""), layout=False)
        self._arrange()
        self.renew()
        self.focus_first()

    # ---- going about ------------------------------------------------------------------------------------------------
    @property
    def in_sight(self) -> list[FormRow]:
        """Rows that can be filled in now."""
        return [row for row in self._rows if row.typed and row.display]

    @property
    def row(self) -> FormRow | None:
        """The row that is being filled in."""
        focused = self.screen.focused if self.is_attached else None
        return next((r for r in self._rows if focused is not None and r in focused.ancestors), None)

    def focus_first(self) -> None:
        """The first empty required field, else the first field."""
        rows = self.in_sight
        empty = [row for row in rows if row.field.facts.required and row.section.entries[row.field.name] in ("", [], None)]
        for row in (empty or rows)[:1]:
            row.box.focus()

    def focus_problem(self) -> bool:
        """Goes to the first field with a problem; False where there is none."""
        for row, problem in self._problems():
            if problem and row.typed:
                row.box.focus()
                return True
        return False

    def focus_field(self, name: str) -> None:
        for row in self.in_sight:
            if row.field.name == name:
                row.box.focus()
                return

    def on_next_asked(self, event: NextAsked) -> None:
        event.stop()
        rows = self.in_sight
        here = self.row
        at = rows.index(here) + (-1 if event.back else 1) if here in rows else 0
        if 0 <= at < len(rows):
            rows[at].box.focus()

    # ---- filling in -------------------------------------------------------------------------------------------------
    def on_entry_changed(self, event: EntryChanged) -> None:
        event.stop()
        row = next((r for r in self._rows if r.box is event.box), None)
        if row is None:
            return
        row.touched = True
        self.form.put(row.section.key, row.field.name, event.entry)
        if row.field.widget in (Kind.CHOICE, Kind.ONE, Kind.SEVERAL, Kind.FLAG):
            self._arrange()
        self.renew()
        self.post_message(self.Edited())

    def settle(self) -> None:
        """Takes what is half typed where the cursor stands."""
        here = self.row
        if here is not None and isinstance(here.box, PickBox) and here.box.pending:
            here.box.settle()
            self.form.put(here.section.key, here.field.name, here.box.entry)
            here.touched = True
            self._arrange()

    def set_entry(self, row: FormRow, entry: Any) -> None:
        """Puts an entry in as if it had been typed."""
        row.touched = True
        self.form.put(row.section.key, row.field.name, entry)
        row.show_entry()
        self._arrange()
        self.renew()
        self.post_message(self.Edited())

    def show_all(self) -> None:
        """After the form was filled from elsewhere: a draft, a merge."""
        for row in self._rows:
            row.show_entry()
        self._arrange()
        self.renew()

    def row_of(self, box: Widget) -> FormRow | None:
        return next((r for r in self._rows if r.box is box), None)

    def _arrange(self) -> None:
        """Shows the sections that are offered for the record as it stands."""
        there = {section.key for section in self.form.shown()}
        for row in self._rows:
            row.display = row.section.key in there
        for key, head in self._heads.items():
            head.display = key in there

    # ---- telling ----------------------------------------------------------------------------------------------------
    def _problems(self) -> Iterator[tuple[FormRow, str]]:
        found = {section.key: section.problems() for section in self.form.shown()}
        for row in self._rows:
            if row.display:
                yield row, row.problem(found[row.section.key], strict=self.strict)

    def renew(self) -> None:
        """Tells at every field what is to be told now."""
        here = self.row
        for row, problem in self._problems():
            row.tell(problem, focused=row is here)
        self._tell_line(here)

    def _tell_line(self, here: FormRow | None) -> None:
        whole = [what for section in self.form.shown() if (what := section.problems().get(NONE))]
        if whole:
            self.post_message(self.Told("；".join(whole), True))
            return
        if here is None:
            self.post_message(self.Told("", False))
            return
        problem = here.problem(here.section.problems(), strict=self.strict)
        self.post_message(self.Told(problem or _hint(here.field), bool(problem)))

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        self.renew()

    def faults(self) -> list[str]:
        """What was typed and means nothing: it must not be lost by saving."""
        return [f"{row.field.title}:{row.fault}" for row in self.in_sight if row.fault]


def _worth_showing(field: Field, entry: Any) -> bool:
    """What the program filled in, where a person can make something of it: no fingerprints, no keys of its own."""
    return entry not in ("", None, [], ()) and not field.facts.hidden


def item_text(school: School, field: Field, item: Mapping[str, Any]) -> str:
    """One item of a list in a word or two: who or what, and its first choice."""
    model = field.facts.part
    assert model is not None
    names, choices = [], []
    for name, facts in fields_of(school, model).items():
        text = shown(school, model, name, item.get(name))
        if text and facts.labels is not None and item.get(name):
            choices.append(text)
        elif text and (facts.register or facts.kind_under is not None or name in ("name", "title", "place")):
            names.append(text)
    return " ".join([*names[:1], *choices[:1]]) or "(未填)"


def _hint(field: Field) -> str:
    """How a field is filled in."""
    hints = {
        Kind.ONE: "输入名称、拼音或首字母;空格列出全部", Kind.SEVERAL: "可选多个:输入首字母选一个,再输入下一个;退格去掉最后一个",
        Kind.CHOICE: "←/→ 或数字选择,也可键入首字母", Kind.FLAG: "空格或 ←/→ 改变", Kind.PARTS: "回车打开清单",
        Kind.WHEN: "如 9.16、周三、明天、第9周周三、9月、9.1-9.5;后面可加 16:10-16:45 或 第3节",
        Kind.DAY: "如 9.16、周三、明天、2026-09-16", Kind.WORDS: "多个之间用顿号", Kind.LONG: "回车换行,Tab 到下一项",
    }
    hint = hints.get(field.widget, "")
    said = field.facts.description
    return f"{said};{hint}" if said and hint else said or hint
