"""Bulk entry without a screen: rows of typed texts, each row a record's form, what is wrong in which cell, the records made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jiaoyan.conditions import Is
from jiaoyan.model.activities import HELD
from jiaoyan.records import Record
from jiaoyan.registers import Register
from jiaoyan.showing import split_list
from jiaoyan_tui.choosing import Candidate, Choosing, OfChoices, OfKinds, OfRegister, closeness
from jiaoyan_tui.form_fields import Field, Widget
from jiaoyan_tui.form_model import NONE, FormModel, Section

if TYPE_CHECKING:
    from jiaoyan.school import School

MOST_ROWS = 1000
FLAGS = {"1": "是", "": "否"}
TAUGHT = {"学科": "subject", "年级": "grade"}
"""Columns that a teacher's 任教 fills, by title."""


@dataclass(frozen=True, slots=True)
class BulkColumn:
    """A column: which field of which section of the form, and what it is called here."""

    section: str
    field: Field
    title: str

    @property
    def required(self) -> bool:
        return self.field.facts.required

    @property
    def several(self) -> bool:
        return self.field.widget in (Widget.SEVERAL, Widget.PARTS)


@dataclass(slots=True)
class BulkRow:
    """What is typed in a row, and what was found wrong with it, by column."""

    texts: list[str]
    problems: dict[int, str] = field(default_factory=dict)
    form: FormModel | None = None

    @property
    def blank(self) -> bool:
        return not any(self.texts)


class BulkModel:
    """The grid of a register. The last row is always a blank one."""

    def __init__(self, school: School, register: Register[Any], preset: Mapping[str, Any] | None = None) -> None:
        self.school, self.register = school, register
        self.preset = dict(preset or {})
        self._choosing: dict[tuple[str, str], Choosing | None] = {}
        self.columns = self._columns(FormModel(school, register, None, self.preset))
        self.rows = [self._blank()]

    def _columns(self, form: FormModel) -> list[BulkColumn]:
        """The columns of the register first, then whatever else can be typed on a line."""
        fields = form.base.fields
        first = [name for name in self.register.columns if name in fields]
        needed = [name for name, one in fields.items() if one.facts.required and name not in first]
        rest = [name for name in fields if name not in first and name not in needed]
        return [
            BulkColumn(form.base.key, fields[name], fields[name].title)
            for name in [*first, *needed, *rest] if name not in self.preset and typable(fields[name])
        ]

    def _blank(self) -> BulkRow:
        return BulkRow([""] * len(self.columns))

    @property
    def filled(self) -> list[BulkRow]:
        return [row for row in self.rows if not row.blank]

    @property
    def problems(self) -> list[tuple[int, int, str]]:
        """(row, column, what), in the order of the grid."""
        return [(n, c, what) for n, row in enumerate(self.rows) for c, what in sorted(row.problems.items())]

    # ---- typing -----------------------------------------------------------------------------------------------------
    def put(self, row: int, column: int, text: str) -> None:
        """Takes what was typed into a cell, and checks its row at once."""
        self.fill(row, column, text)
        self.check(row)

    def fill(self, row: int, column: int, text: str) -> None:
        """Takes a text without checking its row."""
        while row >= len(self.rows):
            self.rows.append(self._blank())
        self.rows[row].texts[column] = " ".join(text.split())
        if not self.rows[-1].blank and len(self.rows) < MOST_ROWS:
            self.rows.append(self._blank())

    def repeat(self, row: int, column: int) -> bool:
        """The cell above once more; False where nothing stands there."""
        above = self.rows[row - 1].texts[column] if row else ""
        if above:
            self.put(row, column, above)
        return bool(above)

    def paste(self, row: int, column: int, text: str) -> tuple[int, int]:
        """Fills rows and columns from a cell with a block as Excel copies it: (rows taken, cells that had no place)."""
        lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
        left = 0
        for down, line in enumerate(lines):
            for right, cell in enumerate(line.split("\t")):
                if row + down >= MOST_ROWS or column + right >= len(self.columns):
                    left += bool(cell.strip())
                else:
                    self.fill(row + down, column + right, cell.strip().strip('"'))
        taken = min(len(lines), MOST_ROWS - row)
        for number in range(row, min(row + taken, len(self.rows))):
            self.check(number)
        return taken, left

    def remove(self, row: int) -> None:
        del self.rows[row]
        if not self.rows or not self.rows[-1].blank:
            self.rows.append(self._blank())

    # ---- checking ---------------------------------------------------------------------------------------------------
    def check(self, number: int) -> None:
        """Reads a row as a form: names become what they mean, and what is wrong stands at its cell."""
        row = self.rows[number]
        row.problems, row.form = {}, None
        if row.blank:
            return
        form = FormModel(self.school, self.register, None, self.preset)
        row.form = form
        self.prepare(row)
        for at, column in enumerate(self.columns):
            if not (text := row.texts[at]):
                continue
            try:
                entry, row.texts[at] = self._read(column, text, form)
            except LookupError as error:
                row.problems[at] = str(error)
                continue
            form.put(column.section, column.field.name, entry)
        self.complete(row, form)
        for (section, name), what in form.problems().items():
            row.problems.setdefault(self._place(section, name), what)

    def prepare(self, row: BulkRow) -> None:
        """What follows from a row before it is read."""

    def complete(self, row: BulkRow, form: FormModel) -> None:
        """What follows from a row once it is read."""

    def _place(self, section: str, name: str) -> int:
        """The column that a problem stands at: the first where it is about the whole row."""
        places = (n for n, column in enumerate(self.columns) if (column.section, column.field.name) == (section, name))
        return next(places, 0) if name != NONE else 0

    def choosing(self, column: BulkColumn) -> Choosing | None:
        """Where the values of a column are found; None where they are typed freely."""
        key = column.section, column.field.name
        if key not in self._choosing:
            self._choosing[key] = self._choosing_of(column.field)
        return self._choosing[key]

    def _choosing_of(self, field: Field) -> Choosing | None:
        if field.widget is Widget.PARTS:
            return OfRegister(self.school, "teacher")
        if field.widget is Widget.FLAG:
            return OfChoices(FLAGS)
        if field.choices:
            return OfChoices(field.choices)
        if field.facts.kind_under is not None:
            return OfKinds(self.school, field.kinds)
        return OfRegister(self.school, field.facts.register) if field.facts.register else None

    def _read(self, column: BulkColumn, text: str, form: FormModel) -> tuple[Any, str]:
        """(entry of the form, the text as it stands from now on). Raises LookupError in words."""
        choosing = self.choosing(column)
        if choosing is None:
            return text, text
        if not column.several:
            found = one_of(choosing, text)
            return bool(found.key) if column.field.widget is Widget.FLAG else found.key, found.label
        chosen = [one_of(choosing, word) for word in names_in(choosing, text)]
        chosen = list({one.key: one for one in chosen}.values())
        shown = "、".join(one.label for one in chosen)
        if column.field.widget is Widget.SEVERAL:
            return [one.key for one in chosen], shown
        came = "present" if form.base.entries.get("state") in HELD else ""
        return [{"teacher": one.key, "attendance": came} for one in chosen], shown

    # ---- saving and keeping -----------------------------------------------------------------------------------------
    def records(self) -> list[Record]:
        """All records to save, row by row. Raises BadInput where a row is not sound."""
        return [record for row in self.filled if row.form is not None for record in row.form.records()]

    def texts(self) -> dict[str, dict[str, Any]]:
        """What is typed, for a draft."""
        names = [f"{column.section}.{column.field.name}" for column in self.columns]
        return {"bulk": {"columns": names, "rows": [row.texts for row in self.filled]}}

    def restore(self, texts: Mapping[str, Mapping[str, Any]]) -> bool:
        """Takes a draft back; columns that are no longer there are left out. False where nothing stands in it."""
        kept = texts.get("bulk", {})
        names, rows = kept.get("columns", ()), kept.get("rows", ())
        places = {f"{column.section}.{column.field.name}": n for n, column in enumerate(self.columns)}
        for number, row in enumerate(rows):
            for name, text in zip(names, row, strict=False):
                if name in places and text:
                    self.fill(number, places[name], str(text))
        for number in range(len(self.rows)):
            self.check(number)
        return bool(self.filled)


class LessonsHeard(BulkModel):
    """听课, a lesson a row: class and subject come from the 任教 of who taught, and all who listened stand in one cell."""

    def __init__(self, school: School, register: Register[Any]) -> None:
        super().__init__(school, register, {"kind": "listen", "state": "held"})

    def _columns(self, form: FormModel) -> list[BulkColumn]:
        titles = {"when": "时间", "speaker": "授课人", "title": "课题", "amount": "节数", "participants": "听课人"}
        head = {name: BulkColumn(form.base.key, form.base.fields[name], title) for name, title in titles.items()}
        more = [
            BulkColumn(section.key, one, one.title)
            for section in form.shown()[1:] for one in section.fields.values()
            if typable(one) and one.title != "课题" and one.widget is not Widget.LONG
        ]
        return [head["when"], head["speaker"], head["title"], head["participants"], *more, head["amount"]]

    def prepare(self, row: BulkRow) -> None:
        """Subject, grade and class of who taught, where they are certain and nothing else is typed."""
        at = next(n for n, column in enumerate(self.columns) if column.title == "授课人")
        try:
            teacher = one_of(OfRegister(self.school, "teacher"), row.texts[at]).key if row.texts[at] else ""
        except LookupError:
            return
        held = self.school.store.table("posting").page(Is(field="teacher", value=teacher)) if teacher else []
        taught = [posting for posting in held if posting.get("what") == "teaches"]
        for n, column in enumerate(self.columns):
            if column.section == self.register.id or row.texts[n]:
                continue
            if column.title in TAUGHT:
                certain = {str(posting.get(TAUGHT[column.title]) or "") for posting in taught}
            elif column.title == "班级":
                certain = {str(name) for posting in taught for name in posting.get("classes") or ("",)}
            else:
                continue
            if len(certain) == 1:
                row.texts[n] = certain.pop()

    def complete(self, row: BulkRow, form: FormModel) -> None:
        """The 课题 stands once in the row, wherever a section asks for it. What a plugin's section needs is asked only
        where something is typed for it."""
        columns = [n for n, column in enumerate(self.columns) if column.section != form.base.key and row.texts[n]]
        if not columns:
            return
        for section in form.shown()[1:]:
            name = topic_of(section)
            if name:
                form.put(section.key, name, form.base.entries["title"])


def topic_of(section: Section) -> str:
    return next((name for name, one in section.fields.items() if one.title == "课题"), "")


def typable(field: Field) -> bool:
    """Whether a field can be filled in on one line."""
    if field.widget is Widget.PARTS:
        return field.facts.part is not None and "attendance" in field.facts.part.model_fields
    return field.widget is not Widget.SHOWN


def one_of(choosing: Choosing, text: str) -> Candidate:
    """The one that a text means: the very name, or the only one that it fits. Raises LookupError in words."""
    found = choosing.find(text, 5)
    exact = [one for one in found if one.label == text] or [one for one in found if not closeness(one.label, text.lower())]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    if not found:
        raise LookupError(f"没有“{text}”")
    raise LookupError(f"“{text}”可能是 {'、'.join(f'{one.label}({one.hint})' if one.hint else one.label for one in exact or found)}")


def names_in(choosing: Choosing, text: str) -> Sequence[str]:
    """The names of a list; blanks part them too, but not within a name that has one."""
    words: list[str] = []
    for piece in split_list(text):
        whole = any(one.label == piece for one in choosing.find(piece, 5))
        words += [piece] if whole else piece.split()
    return words
