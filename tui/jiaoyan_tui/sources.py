"""Sources of tables: the records of a register as the store sorts, filters and counts them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from jiaoyan.conditions import Between, Condition, both
from jiaoyan.listing import HELD, Listed, PageNames, held, listed, term_or_none, week_in_short
from jiaoyan.registers import Register
from jiaoyan.showing import FieldFacts, field_facts
from jiaoyan.staff import Staff
from jiaoyan.terms import When
from jiaoyan_tui.table_rows import Column, Row

if TYPE_CHECKING:
    from jiaoyan.school import School

WEEK = "周次"
NUMBERS = (int, float)
LONG_TITLE = 100
"""Characters from which a name is a title rather than a name."""


class RegisterSource:
    """The rows of a register that a condition holds for, in an order. Text is made for the rows in view only."""

    def __init__(
        self, school: School, register: Register[Any], where: Condition | None = None, ids: Sequence[str] | None = None,
        title_width: int = 0, staff: Staff | None = None,
    ) -> None:
        self.register, self.where, self.ids = register, where, ids
        self._school, self._records = school, school.records(register)
        self._facts = {name: field_facts(school, register.model, name) for name in register.columns}
        self._term = term_or_none(school)
        self._names = PageNames(school)
        self._staff = staff if register.id == "teacher" else None
        self.weekly = bool(register.day) and field_facts(school, register.model, register.day).type is When
        """Whether its records lie in weeks of term: then these have a column of their own."""
        self._columns = [
            Column(name, fact.title, width=title_width if self._is_title(name, fact) else 0, align=_align(fact))
            for name, fact in self._facts.items()
        ]
        if self.weekly:
            self._columns.insert(_day_column(self._columns, register.day), Column(WEEK, WEEK, width=5))
        if self._staff is not None:
            self._columns[1:1] = [Column(title, title) for title in HELD]

    def _is_title(self, name: str, facts: FieldFacts) -> bool:
        """A text that names the record and may be long: it keeps its room, other columns scroll."""
        info = self.register.model.model_fields[name]
        longest = max((getattr(mark, "max_length", None) or 0 for mark in info.metadata), default=0)
        return name in self.register.named() and facts.type is str and not facts.labels and longest >= LONG_TITLE

    def columns(self) -> Sequence[Column]:
        return self._columns

    def count(self) -> int:
        return self._records.count(self.where) if self.ids is None else len(self.ids)

    def page(self, first: int, size: int) -> Sequence[Row]:
        documents = self._documents(first, size)
        rows = listed(self._school, self.register, documents, tuple(self._facts), self._names, self._term)
        return [self._row(document, row) for document, row in zip(documents, rows, strict=True)]

    def _documents(self, first: int, size: int) -> list[dict[str, Any]]:
        if self.ids is None:
            return self._records.documents(self.where, (), first, size)
        wanted = self.ids[first:first + size]
        there = {str(document["id"]): document for document in self._records.those(wanted)}
        return [there.get(id, {"id": id}) for id in wanted]  # deleted a moment ago: its line stays until the order is made anew

    def keys(self, first: int, size: int) -> Sequence[str]:
        if self.ids is not None:
            return self.ids[first:first + size]
        return [id for id, _ in self._records.column("id", self.where)[first:first + size]]

    def _row(self, document: dict[str, Any], listed: Listed) -> Row:
        cells = list(listed.cells)
        if self.weekly:
            cells.insert(_day_column(self._columns, self.register.day), self._week(document))
        if self._staff is not None:
            cells[1:1] = held(self._staff, listed.id)
        if listed.damaged:
            return Row(listed.id, tuple(cells), ("error",))
        flow = self.register.workflow
        if listed.late and flow is not None:
            return Row(listed.id, tuple(cells), tuple("overdue" if c.key == flow.field else "" for c in self._columns))
        return Row(listed.id, tuple(cells))

    def _week(self, document: dict[str, Any]) -> str:
        try:
            return week_in_short(When.model_validate(document.get(self.register.day)), self._term)
        except ValueError:
            return ""

    def place(self, key: str) -> int | None:
        if self.ids is None:
            return self._records.place(key, self.where)
        return self.ids.index(key) if key in self.ids else None

    def first_from(self, day: date) -> str | None:
        """In a list by weeks, the first record of the week of a day; None where there is nothing before it."""
        if not self.weekly or self.ids is not None or self.register.sort[:1] != (f"{self.register.day}.first",):
            return None
        monday = day - timedelta(days=day.weekday())
        before = Between(field=f"{self.register.day}.first", last=(monday - timedelta(days=1)).isoformat())
        number = self._records.count(both(self.where, before))
        found = self._records.documents(self.where, (), number, 1) if number else []
        return str(found[0]["id"]) if found else None

    def field_of(self, column: str) -> str:
        """What a column is sorted by."""
        return self.register.day if column == WEEK else column


def _align(facts: FieldFacts) -> Any:
    return "right" if facts.type in NUMBERS and facts.labels is None else "left"


def _day_column(columns: Sequence[Column], day: str) -> int:
    """The weeks stand where the day does, before it; never first, where the column is frozen."""
    return next((n for n, column in enumerate(columns) if column.key in (day, WEEK)), 0)


class FixedSource:
    """A few rows that are all there."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        self._columns, self.rows = columns, rows

    def columns(self) -> Sequence[Column]:
        return self._columns

    def count(self) -> int:
        return len(self.rows)

    def page(self, first: int, size: int) -> Sequence[Row]:
        return self.rows[first : first + size]

    def keys(self, first: int, size: int) -> Sequence[str]:
        return [row.key for row in self.page(first, size)]

    def place(self, key: str) -> int | None:
        return next((n for n, row in enumerate(self.rows) if row.key == key), None)
