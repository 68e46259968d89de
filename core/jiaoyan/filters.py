"""The filter line: several words, `列:值`, comparisons on days and numbers; read into a Condition for a register."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from jiaoyan.conditions import AllOf, AnyOf, Between, Condition, Exists, Has, In, Is, Not, Text, Under, both
from jiaoyan.errors import BadInput, JiaoyanError, NotFound, Problem
from jiaoyan.pinyin import spelled
from jiaoyan.records import thousandths
from jiaoyan.registers import Register
from jiaoyan.showing import FieldFacts, field_facts, field_named, fields_of
from jiaoyan.terms import When, parse_when

if TYPE_CHECKING:
    from jiaoyan.school import School

_TERM = re.compile(r"(?P<not>-)?(?P<field>[^:<>=!]+?)(?P<sign>>=|<=|!=|[:=<>])(?P<value>.*)", re.DOTALL)
_DAY = re.compile(r"第\d{1,2}周|(\d{4}[-./年])?\d{1,2}[-./月](\d{1,2}[日号]?)?")
"""What a list shows of a day and nobody means otherwise."""
NAMED = 12
"""A word that more records bear is the name of none."""
MOST = 500
"""References that a name may match."""
HELD = {
    "小组": ("groups",), "职务": ("posts",), "任教": ("subjects", "grades", "classes"), "职称": ("ranks",), "骨干": ("honours",),
    "人员状态": ("state",),
}
"""Columns of staff that are joined from postings → the facts of a Member."""
EMPTY = ("空", "无", "")


def parse_filter(school: School, register: Register[Any], words: str | Iterable[str]) -> Condition | None:
    """The Condition of a filter line; None where it is empty. Raises BadInput, NotFound in words."""
    pieces = words.split() if isinstance(words, str) else [piece for word in words for piece in word.split()]
    conditions: list[Condition] = []
    plain: list[str] = []
    for piece in (unicodedata.normalize("NFKC", piece) for piece in pieces):
        found = _TERM.fullmatch(piece)
        if found and (facts := _field(school, register, found["field"])):
            condition = _compared(school, register, facts, found["sign"], found["value"])
            conditions.append(Not(of=condition) if found["not"] else condition)
        elif found and register.id == "teacher" and found["field"] in HELD and found["sign"] in (":", "="):
            condition = _held(school, found["field"], found["value"])
            conditions.append(Not(of=condition) if found["not"] else condition)
        elif found and found["sign"] == ":" and not found["field"].isdigit():  # 14:50 is no column
            titles = "、".join(f.title for f in fields_of(school, register.model).values())
            raise NotFound(Problem("筛选", f"没有列“{found['field']}”", f"可用:{titles}"))
        else:
            plain.append(piece.lower())
    return both(*conditions, *(_anywhere(school, register, word) for word in plain))


def _anywhere(school: School, register: Register[Any], word: str) -> Condition:
    """The word stands in the text by which a record is searched, or in a column that its list shows."""
    found: list[Condition] = [Text(words=(word,))]
    for name in register.columns:
        facts = field_facts(school, register.model, name)
        values: list[str] = []
        if facts.labels is not None:
            values = [stored for stored, label in facts.labels.items() if word in label.lower()]
        elif facts.kind_under is not None:
            values = [kind.id for kind in school.kinds if word in kind.label.lower()]
        elif facts.register and not word.isascii():  # the pinyin of people is asked for by column: 作者:zm
            named = school.records(facts.register).documents(Text(words=(word,)), size=NAMED + 1)
            values = [str(document["id"]) for document in named] if len(named) <= NAMED else []
        elif facts.type in (When, date) and _DAY.fullmatch(word):
            with suppress(JiaoyanError):
                found.append(_dated(school, facts, ":", word))
        if values:
            found.append(_among(facts, values))
    if register.id == "teacher" and not word.isascii():
        found += [held for title in HELD if (held := _held(school, title, word)).values]
    return AnyOf(of=tuple(found)) if len(found) > 1 else found[0]


def _field(school: School, register: Register[Any], text: str) -> FieldFacts | None:
    try:
        return fields_of(school, register.model)[field_named(school, register.model, text)]
    except NotFound:
        return None


def _held(school: School, title: str, value: str) -> In:
    """Of staff, what each holds today; it stands in postings, not in the record."""
    staff = school.staff()
    found = []
    for member in staff.members.values():
        held = [str(text) for fact in HELD[title] for text in _listed(member.facts[fact])]
        names = [staff.groups[id].name if id in staff.groups else id for id in held] if title == "小组" else held
        if any(value in name for name in names) if value not in EMPTY else not any(names):
            found.append(member.id)
    return In(field="id", values=tuple(found))


def _listed(fact: Any) -> list[Any]:
    return list(fact) if isinstance(fact, list) else [fact]


def _compared(school: School, register: Register[Any], facts: FieldFacts, sign: str, value: str) -> Condition:
    if sign == "!=":
        return Not(of=_compared(school, register, facts, ":", value))
    if value in EMPTY and sign in (":", "="):
        return Not(of=Exists(field=facts.name))
    if facts.type in (When, date):
        return _dated(school, facts, sign, value)
    if facts.type in (int, float, Decimal):
        return _numbered(facts, sign, value)
    if sign in ("<", ">", "<=", ">="):
        return _bounded(facts.name, sign, value)
    if facts.labels is not None:
        return _among(facts, [stored for stored, label in facts.labels.items() if value in label or value == stored])
    if facts.kind_under is not None:
        kinds = [k.id for k in school.kinds if value in (k.id, k.label)] or school.kinds.named(value)
        if not kinds:
            raise NotFound(Problem(facts.title, f"没有统计项目“{value}”", "查看:jiaoyan kinds"))
        if facts.many:
            below = dict.fromkeys(kind for named in kinds for kind in school.kinds.under(named))
            return AnyOf(of=tuple(Has(field=facts.name, value=kind) for kind in below))
        return AnyOf(of=tuple(Under(field=facts.name, value=kind) for kind in kinds))
    if facts.register:
        found = school.records(facts.register).documents(Text(words=(value.lower(),)), size=MOST)
        return _among(facts, [document["id"] for document in found])
    if facts.type is bool:
        return Is(field=facts.name, value=value in ("是", "有", "1", "true"))
    if facts.many:
        return Has(field=facts.name, value=value)
    return _texted(school, register, facts.name, value)


def _texted(school: School, register: Register[Any], field: str, value: str) -> Condition:
    """The text stands in the field, or is the pinyin of what stands there. The search text holds the pinyin of all its
    fields together: whose it is, is told by the field itself."""
    as_written = Text(field=field, words=(value,))
    if field not in register.search or not (value.isascii() and value.isalpha()):
        return as_written
    sounding = school.records(register).column(field, Text(words=(value.lower(),)))
    found = tuple(id for id, text in sounding if isinstance(text, str) and value.lower() in spelled(text))
    return AnyOf(of=(as_written, In(field="id", values=found))) if found else as_written


def _among(facts: FieldFacts, values: list[str]) -> Condition:
    if facts.many:
        return AnyOf(of=tuple(Has(field=facts.name, value=value) for value in values))
    return In(field=facts.name, values=tuple(values))


def _dated(school: School, facts: FieldFacts, sign: str, value: str) -> Condition:
    """A When meets a day where it overlaps it; 9月, 第9周, 9.1 are spans here."""
    try:
        term = school.term()
    except JiaoyanError:
        term = None
    span = parse_when(value, school.today, term)
    first, last = span.first.isoformat(), span.last.isoformat()
    begins, ends = (f"{facts.name}.first", f"{facts.name}.last") if facts.type is When else (facts.name, facts.name)
    if sign in (":", "="):
        return AllOf(of=(Between(field=begins, last=last), Between(field=ends, first=first)))
    if sign in (">", ">="):
        return Between(field=ends, first=first) if sign == ">=" else _strictly(begins, first=last)
    return Between(field=begins, last=last) if sign == "<=" else _strictly(ends, last=first)


def _strictly(field: str, **bound: Any) -> Condition:
    condition = Between(field=field, **bound)
    (edge,) = bound.values()
    return AllOf(of=(condition, Not(of=Is(field=field, value=edge))))


def _bounded(field: str, sign: str, bound: int | float | str) -> Condition:
    return Between(field=field, first=bound) if sign[0] == ">" else Between(field=field, last=bound)


def _numbered(facts: FieldFacts, sign: str, value: str) -> Condition:
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise BadInput(Problem(facts.title, f"应为数字,不能是“{value}”")) from None
    stored = thousandths(number) if facts.type is Decimal else float(number) if number % 1 else int(number)
    if sign in (":", "="):
        return Is(field=facts.name, value=stored)
    condition = _bounded(facts.name, sign, stored)
    return condition if sign.endswith("=") else AllOf(of=(condition, Not(of=Is(field=facts.name, value=stored))))
