"""The order of a list by any of its columns, as a Chinese reader expects it: names and titles by pinyin, choices as they are offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson

from jiaoyan.conditions import Condition
from jiaoyan.errors import JiaoyanError
from jiaoyan.listing import HELD, PageNames, held
from jiaoyan.pinyin import sort_form
from jiaoyan.progress import step
from jiaoyan.registers import Register
from jiaoyan.showing import FieldFacts, field_facts, shown_as
from jiaoyan.terms import When

if TYPE_CHECKING:
    from jiaoyan.school import School

Key = tuple[int, Any]
"""(0, a figure) before (1, a text)."""
NOTHING: Key = (2, "")
"""Empty cells come last, whichever way the others go."""
RAW = (When, date, Decimal, int, float, bool)
EVERY = 2000
"""Rows between two looks whether the work was stopped."""


def ordered(
    school: School, register: Register[Any], column: str, *, descending: bool = False, where: Condition | None = None
) -> list[str]:
    """The ids of the records that `where` holds for, by a field (or, of teachers, by what they hold: 小组, 职务 …).

    Equal ones stay in the usual order. A field that the actor may not see orders nothing. Raises Stopped.
    """
    records = school.records(register)
    if column in HELD and register.id == "teacher":
        staff = school.staff()
        place = HELD.index(column)
        rows = records.column("id", where)
        key_of: Callable[[Any], Key] = lambda id: _text(held(staff, id)[place])  # noqa: E731
    else:
        facts = field_facts(school, register.model, column)
        rows = records.column(f"{column}.first" if facts.type is When else column, where)
        key_of = _keys_of(school, facts, {value for _, value in rows})
    keys: dict[Any, Key] = {}
    found: list[tuple[Key, str]] = []
    for number, (id, value) in enumerate(rows):
        if not number % EVERY:
            step(number, len(rows), "条")
        if value not in keys:
            keys[value] = key_of(value)
        found.append((keys[value], id))
    found.sort(key=lambda row: row[0], reverse=descending)  # stable, and so is a reversed sort
    parts = {empty: [id for _, id in group] for empty, group in groupby(found, key=lambda row: row[0] == NOTHING)}
    return [*parts.get(False, []), *parts.get(True, [])]


def _keys_of(school: School, facts: FieldFacts, values: set[Any]) -> Callable[[Any], Key]:
    """A stored value (a list as JSON text) → what it is sorted by; a damaged one by what stands there."""
    names = PageNames(school)
    if facts.register and not facts.many:
        names.read(facts.register, [str(value) for value in values if value])
    labels = list(facts.labels) if facts.labels is not None else []

    def key_of(value: Any) -> Key:
        if value in (None, "", "[]"):
            return NOTHING
        if value in labels:
            return 0, labels.index(value)
        if facts.type in RAW and not facts.many:
            return _figure(value)
        try:
            return _text(shown_as(school, facts, orjson.loads(value) if facts.many or facts.part else value, names))
        except (ValueError, TypeError, JiaoyanError):
            return _text(str(value))

    return key_of


def _figure(value: Any) -> Key:
    return (0, value) if isinstance(value, (int, float)) else (1, str(value))


def _text(text: str) -> Key:
    return (1, sort_form(text)) if text else NOTHING
